#!/usr/bin/env bash
# The enclave's image from what is built, and what describes it, in out/image. KERNEL names another kernel; further arguments go to
# `enclave image build`.
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/reference-string.sh
mkdir -p out/image
out/bin/enclave image build --kernel "${KERNEL:-out/kernel/bzImage}" --init "out/$variant/init" --crs "$crs" \
  -o out/image/init.eif --pcrs out/image/pcrs.json "$@"
