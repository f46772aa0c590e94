# Targets and what they leave: docs/architecture.md. Each says what it does before it does it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

DOTNET_FLAGS := -nodeReuse:false -v quiet --nologo
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: all setup native kernel qemu build binaries prove test test-binaries test-inputs bench bench-prove clean

all: prove

setup:
	@scripts/setup.sh

native: setup
	@node native/prover/build.mjs

kernel: setup
	@node native/kernel/build.mjs

# Exit code 3: there is neither a QEMU with the machine nor its source here.
qemu: setup
	@node native/qemu/build.mjs

# The static executables: the parent's command, and its insecure sibling for tests.
binaries: native
	@echo "binaries: out/bin/init, the enclave's PID 1 (static, Native AOT)"
	@dotnet publish src/Init -o out/bin $(DOTNET_FLAGS)
	@echo "binaries: out/bin/enclave (static, Native AOT)"
	@dotnet publish src/Parent -o out/bin $(DOTNET_FLAGS)
	@echo "binaries: out/test/bin-dev-srs/enclave (INSECURE development SRS, for tests)"
	@dotnet publish src/Parent -p:ProverVariant=dev-srs -o out/test/bin-dev-srs $(DOTNET_FLAGS)

# Programs that only tests run.
test-binaries: native
	@echo "test-binaries: out/test/bin/init-process, PID 1 as an ordinary process"
	@dotnet publish tests/InitProcess -o out/test/bin $(DOTNET_FLAGS)
	@echo "test-binaries: out/test/bin/hygiene-probe"
	@dotnet publish tests/HygieneProbe -o out/test/bin $(DOTNET_FLAGS)

test-inputs: native
	@scripts/test-inputs.sh

prove: binaries test-inputs
	@scripts/prove.sh

test: binaries test-binaries test-inputs
	@scripts/test.mjs

bench: bench-prove

# BENCH_FLAGS: see out/bench/Init.Prover.Bench --help.
bench-prove: test-inputs
	@echo "bench-prove: out/bench/Init.Prover.Bench (INSECURE development SRS), then at most ten minutes of measuring"
	@dotnet publish bench/Prover.Bench -o out/bench $(DOTNET_FLAGS)
	@out/bench/Init.Prover.Bench $(BENCH_FLAGS)

clean:
	rm -rf out
	find src tests bench -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
