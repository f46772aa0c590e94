#!/usr/bin/env bash
# The enclave's image from what is built, and what describes it, in out/image. KERNEL names another kernel; further arguments go to
# `enclave image build`.
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/reference-string.sh
mkdir -p out/image
kernel="${KERNEL:-}"
components=(--components "out/$variant/init.components.json")
if [ -z "$kernel" ]; then
  kernel=out/kernel/bzImage
  node native/scripts/components.mjs kernel out/kernel --output out/kernel/components.json
  components+=(--components out/kernel/components.json)
fi
out/bin/enclave image build --kernel "$kernel" --init "out/$variant/init" --crs "$crs" -o out/image/init.eif \
  --pcrs out/image/pcrs.json --manifest out/image/manifest.json --sbom out/image/sbom.json "${components[@]}" "$@"
