#!/usr/bin/env bash
# Makes what tests and benchmarks of large circuits need, in out/test: an INSECURE SRS with a known tau (and, for Chonk,
# Grumpkin's SRS, which has no secret and is the real one), and a copy of native bb that trusts it. The SRS is cached, since
# it depends on nothing but its own program.
set -euo pipefail
cd "$(dirname "$0")/.."

cache="${INIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/init}/dev-srs"
mkdir -p out/test
dotnet build tests/DevSrs -c Release -nodeReuse:false -v quiet --nologo
dotnet tests/DevSrs/bin/Release/net10.0/Init.DevSrs.dll "$cache" --if-missing
[ -L out/test/dev-srs ] || rm -rf out/test/dev-srs # a folder, where an older checkout left one
ln -sfn "$cache" out/test/dev-srs
cp -f "$(node native/prover/build.mjs --print-bb-dev-srs)" out/test/bb-dev-srs
