# Targets and what they leave: docs/architecture.md. Each says what it does before it does it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

DOTNET_FLAGS := -nodeReuse:false -v quiet --nologo
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

# Without the ceremony's points (scripts/reference-string.sh) the enclave proves with the insecure development SRS.
CEREMONY := $(wildcard $(or $(CRS_FOLDER),$(or $(INIT_VECTORS),../shared/vectors)/crs)/bn254_g1.dat)
DEVELOPMENT := $(if $(CEREMONY),,binaries-dev-srs test-inputs)

.PHONY: all setup native kernel qemu binaries binaries-dev-srs init-process image demo prove test test-binaries test-inputs interop bench bench-prove bench-enclave bench-vsock bench-attestation bench-sealing clean

all: demo

setup:
	@scripts/setup.sh

native: setup
	@node native/prover/build.mjs

kernel: setup
	@node native/kernel/build.mjs

# Exit code 3: there is neither a QEMU with the machine nor its source here.
qemu: setup
	@node native/qemu/build.mjs

# The static executables: the enclave's and the parent's command.
binaries: native
	@echo "binaries: out/bin/init, out/bin/enclave (static, Native AOT)"
	@dotnet publish src/Init -o out/bin $(DOTNET_FLAGS)
	@dotnet publish src/Parent -o out/bin $(DOTNET_FLAGS)

# Their insecure siblings, for tests.
binaries-dev-srs: native
	@echo "binaries: out/test/bin-dev-srs/init, out/test/bin-dev-srs/enclave (INSECURE development SRS, for tests)"
	@dotnet publish src/Init -p:ProverVariant=dev-srs -o out/test/bin-dev-srs $(DOTNET_FLAGS)
	@dotnet publish src/Parent -p:ProverVariant=dev-srs -o out/test/bin-dev-srs $(DOTNET_FLAGS)

# The enclave as an ordinary process, never shipped: tests, and the demo where there is no QEMU with the machine.
init-process: native
	@echo "init-process: out/test/bin/init-process, out/test/bin-dev-srs/init-process (INSECURE development SRS)"
	@dotnet publish tests/InitProcess -o out/test/bin $(DOTNET_FLAGS)
	@dotnet publish tests/InitProcess -p:ProverVariant=dev-srs -o out/test/bin-dev-srs $(DOTNET_FLAGS)

# Programs that only tests run.
test-binaries: init-process
	@echo "test-binaries: out/test/bin/hygiene-probe"
	@dotnet publish tests/HygieneProbe -o out/test/bin $(DOTNET_FLAGS)

test-inputs: native
	@scripts/test-inputs.sh

# KERNEL: another kernel. IMAGE_FLAGS: see out/bin/enclave image build --help.
image: kernel binaries $(DEVELOPMENT)
	@echo "image: out/image/init.eif and what describes it"
	@scripts/image.sh $(IMAGE_FLAGS)

# Without QEMU's machine (exit code 3 of `make qemu`) the same as a process with a software NSM.
demo: image
	@node native/qemu/build.mjs || { [ $$? -eq 3 ] && $(MAKE) --no-print-directory init-process; }
	@scripts/demo.sh

prove: binaries $(DEVELOPMENT)
	@scripts/prove.sh

# Other people's implementations, which ours are compared with: npm packages, as their lock files say.
interop: setup
	@echo "interop: node_modules of tests/Sealing.Tests/interop, tests/Eif.Tests/cyclonedx, examples/typescript"
	@npm ci --ignore-scripts --silent --prefix tests/Sealing.Tests/interop
	@npm ci --ignore-scripts --silent --prefix tests/Eif.Tests/cyclonedx
	@npm ci --ignore-scripts --silent --prefix examples/typescript

# After a change of a command: a test fails when these are stale.
.PHONY: manual
manual: binaries
	@echo "manual: docs/man/enclave.1, completions/enclave.bash, completions/_enclave, completions/enclave.fish"
	@out/bin/enclave man > docs/man/enclave.1
	@out/bin/enclave completion bash > completions/enclave.bash
	@out/bin/enclave completion zsh > completions/_enclave
	@out/bin/enclave completion fish > completions/enclave.fish

# The generated pages of the reviewer's pack; a test fails when these are stale.
.PHONY: review
review: image
	@echo "review: docs/review, from out/image and the source"
	@scripts/review.mjs

test: image binaries-dev-srs test-binaries test-inputs interop
	@node native/qemu/build.mjs || [ $$? -eq 3 ]
	@scripts/test.mjs

# The forms and what they take: docs/reliability.md.
.PHONY: campaign campaign-short campaign-nightly
campaign campaign-short campaign-nightly: image binaries-dev-srs test-binaries test-inputs
	@node native/qemu/build.mjs || [ $$? -eq 3 ]
	@scripts/campaign.mjs $(if $(filter campaign,$@),long,$(@:campaign-%=%))

bench: bench-prove bench-enclave bench-vsock bench-attestation bench-sealing

# BENCH_FLAGS: see out/bench/Init.Prover.Bench --help. CPU: best, or what we may use of it: avx512, adx, bmi2.
bench-prove: test-inputs
	@echo "bench-prove: out/bench/Init.Prover.Bench (INSECURE development SRS), then at most ten minutes of measuring"
	@dotnet publish bench/Prover.Bench -o out/bench $(DOTNET_FLAGS)
	@out/bench/Init.Prover.Bench --cpu $(or $(CPU),best) $(BENCH_FLAGS)

# Needs QEMU with the machine: there is nothing to measure without.
bench-enclave: kernel qemu binaries
	@echo "bench-enclave: out/bench-enclave/Init.Enclave.Bench, then about ten minutes of booting and measuring"
	@dotnet build bench/Enclave.Bench -c Release -o out/bench-enclave $(DOTNET_FLAGS)
	@out/bench-enclave/Init.Enclave.Bench $(BENCH_FLAGS)

# The back end in C comes as source from INIT_RIG, or from the rig beside the checkout. BENCH_FLAGS: see --help.
bench-vsock: kernel qemu binaries
	@echo "bench-vsock: out/bench-vsock/Init.Vsock.Bench, then about three minutes of measuring"
	@dotnet build bench/Vsock.Bench -c Release -o out/bench-vsock $(DOTNET_FLAGS)
	@out/bench-vsock/Init.Vsock.Bench $(BENCH_FLAGS)

bench-attestation:
	@echo "bench-attestation: bench/Attestation.Bench, then some seconds of measuring"
	@dotnet run --project bench/Attestation.Bench -c Release -- .

bench-sealing: init-process test-inputs
	@echo "bench-sealing: bench/Sealing.Bench, then a minute of measuring"
	@dotnet run --project bench/Sealing.Bench -c Release -- .

# FUZZ_TARGET: one target, or several with commas. FUZZ_SECONDS: for each. fuzz/README.md.
.PHONY: fuzz
fuzz: native
	@echo "fuzz: out/fuzz, then $(or $(FUZZ_SECONDS),60) seconds for each target; adds to fuzz/RESULTS.md"
	@node fuzz/fuzz.mjs

# GUARDS: a part of the names of some; without it, all, a quarter of an hour. scripts/guards/table.mjs has them.
.PHONY: guards
guards: image binaries-dev-srs test-binaries test-inputs interop
	@scripts/guards.mjs $(GUARDS)

# Long, needs root and buildah: scripts/test-dockerfile.sh says more.
.PHONY: test-dockerfile
test-dockerfile: kernel binaries
	@node native/qemu/build.mjs || [ $$? -eq 3 ]
	@scripts/test-dockerfile.sh $(DOCKERFILE_FLAGS)

clean:
	rm -rf out
	find src tests bench fuzz -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
