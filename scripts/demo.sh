#!/usr/bin/env bash
# The main job: boots the image that `make image` built in QEMU's nitro-enclave machine, has it attest and prove `tiny` as a program on the
# parent would, and has the native bb from npm verify the proof. With INIT_SIMULATOR=process, or where there is no QEMU with
# that machine, the enclave runs as an ordinary process on a Unix socket, with a software NSM.
set -euo pipefail
cd "$(dirname "$0")/.."

out=out/demo
circuit=tests/circuits/tiny
. scripts/reference-string.sh
enclave="out/bin/enclave"
rm -rf "$out" && mkdir -p "$out"

started=()
finish() { for pid in "${started[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done; }
trap finish EXIT

if [ "${INIT_SIMULATOR:-qemu}" = qemu ] && [ -x out/qemu/bin/qemu-system-x86_64 ]; then
  image=out/image/init.eif
  trust=(--simulator) # QEMU's NSM signs nothing
  echo "demo: booting $image in QEMU's nitro-enclave machine"
  address="simulator:$out/vsock"
  "$enclave" run "$image" --memory 1024 --socket "$out/vsock" < /dev/null > "$out/run.log" 2>&1 &
  started+=($!)
else
  echo "demo: no QEMU with the nitro-enclave machine: the enclave as a process, with a software NSM"
  address="unix:$out/socket"
  trust=(--root "$out/root.pem")
  "$enclave" nsm "$out/nsm" --nsm-root "$out/root.pem" --pcrs out/image/pcrs.json > "$out/nsm.log" 2>&1 &
  started+=($!)
  until [ -S "$out/nsm" ]; do sleep 0.1; done
  "out/test/${variant#test/}/init-process" --listen "$out/socket" --nsm "$out/nsm" --crs "$crs" init.heartbeat=off > "$out/run.log" 2>&1 &
  started+=($!)
fi
running=${started[-1]}

for _ in $(seq 240); do
  if "$enclave" health --address "$address" > "$out/health.txt" 2> /dev/null; then break; fi
  kill -0 "$running" 2>/dev/null || { cat "$out/run.log"; echo "demo: error: the enclave ended before it was ready" >&2; exit 1; }
  sleep 0.25
done
cat "$out/run.log"

echo "demo: attestation, with the PCRs that the build predicted"
"$enclave" attest --address "$address" "${trust[@]}" --pcrs out/image/pcrs.json --output "$out/attestation.bin" | tee "$out/attest.txt"

echo "demo: a proof, sealed to the attested key"
"$enclave" prove --address "$address" "${trust[@]}" --pcrs out/image/pcrs.json --bytecode "$circuit/prog.json" --witness "$circuit/witness.gz" --output "$out/proof"
CRS_PATH="$crs" "$bb" verify -p "$out/proof/proof" -i "$out/proof/public_inputs" -k "$out/proof/vk"
echo "demo: native bb accepts the proof"

"$enclave" health --address "$address"
"$enclave" shutdown --address "$address"
wait "$running" || { echo "demo: error: the enclave did not end cleanly" >&2; exit 1; }
echo "demo: the enclave has ended; all of it is in $out"
