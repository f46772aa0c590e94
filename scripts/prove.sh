#!/usr/bin/env bash
# The main job as far as it exists: proves `tiny` in-process, in the static executable, and has the native bb from npm
# verify the proof. With the ceremony's points where they are at hand (CRS_FOLDER, or the shared vectors), else with the
# insecure development SRS, which the output then says.
set -euo pipefail
cd "$(dirname "$0")/.."

vectors="${INIT_VECTORS:-../shared/vectors}"
crs="${CRS_FOLDER:-$vectors/crs}"
circuit=tests/circuits/tiny
enclave=out/bin/enclave
bb="$(node native/prover/build.mjs --print-bb)"
if [ ! -f "$crs/bn254_g1.dat" ]; then
  echo "prove: no ceremony points at $crs: using the INSECURE development SRS"
  crs=out/test/dev-srs
  enclave=out/test/bin-dev-srs/enclave
  bb=out/test/bb-dev-srs
fi

"$enclave" local prove --bytecode "$circuit/prog.json" --witness "$circuit/witness.gz" --output out/prove --crs "$crs"
CRS_PATH="$crs" "$bb" verify -p out/prove/proof -i out/prove/public_inputs -k out/prove/vk
echo "prove: native bb accepts the proof"
