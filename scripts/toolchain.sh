#!/usr/bin/env bash
# Prints what decides the bytes of an image besides the sources: compilers, linkers and the libraries that are linked in, each
# with its version. Where two images differ, this is compared first.
set -euo pipefail

packages=(clang-19 lld-19 llvm-19 gcc-12 binutils libc6-dev libgcc-12-dev libstdc++-12-dev libssl-dev zlib1g-dev libsimde-dev cmake linux-source-6.12)

. /etc/os-release
echo "$PRETTY_NAME"
echo "dotnet-sdk $(dotnet --version)"
echo "node $(node --version)"
for package in "${packages[@]}"; do
  echo "$package $(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || echo absent)"
done
