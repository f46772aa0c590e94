#!/usr/bin/env bash
# Builds the enclave's image in two clones of this checkout, in folders of different names, and compares them byte for byte.
# usage: scripts/reproduce.sh [--from-scratch]
# Clones hold what is committed. The prover's libraries and the kernel come from the cache where it has them; with --from-scratch each
# clone has a cache of its own, which takes twice as long as a first build.
set -euo pipefail
cd "$(dirname "$0")/.."

from_scratch=
case "$*" in
  "") ;;
  --from-scratch) from_scratch=1 ;;
  *) echo "usage: scripts/reproduce.sh [--from-scratch]" >&2; exit 2 ;;
esac
[ -z "$(git status --porcelain)" ] || echo "reproduce: warning: what is not committed is not in the clones"

# The same points in both.
export CRS_FOLDER="${CRS_FOLDER:-${INIT_VECTORS:-../shared/vectors}/crs}"
CRS_FOLDER="$(realpath -m "$CRS_FOLDER")"
commit="$(git rev-parse HEAD)"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
clones=("$folder/one" "$folder/elsewhere/in-a-deeper-folder")
for clone in "${clones[@]}"; do
  echo "reproduce: $commit in $clone"
  git clone --quiet --no-hardlinks --no-checkout . "$clone"
  git -C "$clone" checkout --quiet --detach "$commit"
  if [ -n "$from_scratch" ]; then export INIT_CACHE="$clone/cache"; fi
  make --no-print-directory -C "$clone" image > "$clone.log" 2>&1 || { cat "$clone.log"; echo "reproduce: error: the build failed" >&2; exit 1; }
done

different=0
for file in out/kernel/bzImage out/bin/init out/bin/enclave out/bin/init.components.json out/image/{init.eif,pcrs.json,manifest.json,sbom.json}; do
  if cmp -s "${clones[0]}/$file" "${clones[1]}/$file"; then
    echo "same      $(sha256sum < "${clones[0]}/$file" | cut -d' ' -f1)  $file"
  else
    echo "DIFFERENT $file"
    different=1
  fi
done
if [ $different -ne 0 ]; then
  "${clones[0]}/out/bin/enclave" image diff "${clones[0]}/out/image/init.eif" "${clones[1]}/out/image/init.eif" || true
  echo "reproduce: error: the two builds differ" >&2
  exit 1
fi
cat "${clones[0]}/out/image/pcrs.json"
