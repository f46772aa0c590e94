#!/usr/bin/env bash
# Installs the Debian packages that the build needs and this machine lacks, and says which. Needs git, the .NET SDK and
# node; everything else comes from Debian, NuGet and npm.
# usage: scripts/setup.sh [--image]; with --image only what the enclave's image is built with, nothing for tests or QEMU.
set -euo pipefail

packages=(
  clang-19      # compiles the prover, links the executables
  lld-19        # links them
  llvm-19       # archives
  libsimde-dev  # WebAssembly SIMD as C, for the translated prover
  zlib1g-dev    # Native AOT
  libssl-dev    # OpenSSL as a static library, for init and enclave
  cmake         # builds the part of .NET that calls it, with make

  # native/kernel
  linux-source-6.12
  gcc make binutils patch xz-utils bc bison flex
  libelf-dev    # objtool
)

# Whose code is in the image: brought to the newest version that Debian's lists here have, since that is how its security fixes get in.
linked=(libssl-dev libc6-dev libgcc-12-dev libsimde-dev linux-source-6.12)

tests_and_qemu=(
  cpio          # unpacks what src/Eif writes
  groff-base mandoc   # read docs/man/enclave.1, and say what is wrong with it
  zsh fish      # complete with completions/, as bash does
  qemu-user     # a CPU that lacks what the prover needs
  libgmp-dev    # what native arithmetic is compared with
  valgrind      # counts the instructions that a proof takes
  libclang-rt-19-dev   # sanitizers and libFuzzer, for fuzz/

  # native/qemu: the compiler's above, and
  dpkg-dev      # unpacks Debian's source
  ninja-build pkg-config python3 python3-venv
  libglib2.0-dev libpixman-1-dev libfdt-dev
  libcbor-dev libgnutls28-dev   # the NSM
)

case "$*" in
  "") packages+=("${tests_and_qemu[@]}") ;;
  --image) ;;
  *) echo "setup: error: $*: there is no option but --image" >&2; exit 2 ;;
esac

for tool in git node npm dotnet; do
  command -v "$tool" >/dev/null || { echo "setup: error: $tool is missing; it is one of the four things that a machine must bring" >&2; exit 1; }
done

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done

sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
install() { DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

if [ ${#missing[@]} -gt 0 ]; then
  echo "setup: installing Debian packages: ${missing[*]}"
  "${sudo[@]}" apt-get update -qq
  install "${missing[@]}"
fi

outdated=()
while read -r package installed newest; do
  if dpkg --compare-versions "$newest" gt "$installed"; then outdated+=("$package"); fi
done < <(apt-cache policy "${linked[@]}" | sed -nE 's/^(\S+):$/\1/p; s/^ +(Installed|Candidate): //p' | paste -d ' ' - - - | grep -v '(none)' || true)
if [ ${#outdated[@]} -gt 0 ]; then
  echo "setup: upgrading Debian packages that are linked into the image: ${outdated[*]}"
  install "${outdated[@]}"
fi
