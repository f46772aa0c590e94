#!/usr/bin/env bash
# Proves `tiny` in-process, in the static executable, and has the native bb from npm verify the proof.
set -euo pipefail
cd "$(dirname "$0")/.."

circuit=tests/circuits/tiny
. scripts/reference-string.sh

"out/$variant/enclave" local prove --bytecode "$circuit/prog.json" --witness "$circuit/witness.gz" --output out/prove --crs "$crs"
CRS_PATH="$crs" "$bb" verify -p out/prove/proof -i out/prove/public_inputs -k out/prove/vk
echo "prove: native bb accepts the proof"
