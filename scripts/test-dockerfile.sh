#!/usr/bin/env bash
# Builds Dockerfile.nitro as far as a machine without a Docker registry can, and compares what it gives with what `make binaries`
# gives: with buildah, on a base image that debootstrap makes of Debian's packages and this machine's node and .NET SDK, with
# points from a folder. Then boots the EIF. Long (minutes when the caches are warm), needs root; not part of `make test`.
# usage: scripts/test-dockerfile.sh [--install] [--cold]
#   --install  installs buildah and debootstrap where they are missing
#   --cold     without this machine's ~/.cache/init: compiles the prover and the kernel in the container, half an hour or more
# The base image and its layers are kept in ~/.cache/init-dockerfile-test, several GB; delete it as you like.
set -euo pipefail
cd "$(dirname "$0")/.."

release=bookworm
packages=(buildah debootstrap)
base=localhost/init-test/base:$release
image=localhost/init-test/init
vectors="${INIT_VECTORS:-../shared/vectors}"
crs="$(realpath "${CRS_FOLDER:-$vectors/crs}")"
cache="${INIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/init}"
work="${XDG_CACHE_HOME:-$HOME/.cache}/init-dockerfile-test"
out="$PWD/out/test/dockerfile"
enclave=out/bin/enclave
install='' cold=''

for option; do
  case "$option" in
    --install) install=yes ;;
    --cold) cold=yes ;;
    *) echo "test-dockerfile: error: $option: there are --install and --cold" >&2; exit 2 ;;
  esac
done

say() { echo "test-dockerfile: $*"; }
die() { echo "test-dockerfile: error: $*" >&2; exit 1; }

passed=0
check() { # check FACT COMMAND ..
  local fact="$1"; shift
  "$@" || die "not so: $fact"
  say "ok: $fact"
  passed=$((passed + 1))
}

[ "$(id -u)" -eq 0 ] || die "needs root: debootstrap and buildah's chroot isolation"
for package in "${packages[@]}"; do
  command -v "$package" >/dev/null && continue
  [ -n "$install" ] || die "$package is missing; --install installs it"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
done
[ -f "$crs/bn254_g1.dat" ] || die "no points in $crs; CRS_FOLDER names a folder that has some"
for file in out/bin/init "$enclave" out/kernel/bzImage; do [ -e "$file" ] || die "no $file: make kernel binaries"; done

mkdir -p "$work/tmp" "$work/overlay/"{lower,upper,work,merged}
rm -rf "$out" && mkdir -p "$out"
running=()
finish() {
  for pid in "${running[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  container rm --all > /dev/null 2>&1 || true # a build that failed leaves its own
}

# overlay where it can be mounted; vfs copies the whole file system for each layer.
driver=vfs
if mount -t overlay overlay -o "lowerdir=$work/overlay/lower,upperdir=$work/overlay/upper,workdir=$work/overlay/work" "$work/overlay/merged" 2>/dev/null; then
  umount "$work/overlay/merged"
  driver=overlay
fi
container() { TMPDIR="$work/tmp" STORAGE_DRIVER=$driver buildah --root "$work/store" --runroot "$work/run" "$@"; }
trap finish EXIT

# What a base image of Docker's would bring, and this machine's own way to its registries: sources, proxies, certificates.
make_base() {
  local root="$work/base" mirror
  mirror="$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Identifier: Packages' | sed -n "s/^$release //p" | head -1)"
  say "base image: $release by debootstrap, with this machine's node and .NET SDK"
  rm -rf "$root"
  debootstrap --variant=minbase --include=ca-certificates "$release" "$root" "$mirror" > "$out/debootstrap.log" || { tail -5 "$out/debootstrap.log"; die "debootstrap"; }
  rm -f "$root/etc/apt/sources.list"
  cp -a /etc/apt/sources.list.d /etc/apt/apt.conf.d "$root/etc/apt/"
  [ ! -f /etc/apt/sources.list ] || cp /etc/apt/sources.list "$root/etc/apt/"
  mkdir -p "$root/opt/dotnet" "$root/opt/node/bin" "$root/opt/node/lib"
  cp -a "$(dirname "$(readlink -f "$(command -v dotnet)")")/." "$root/opt/dotnet/"
  cp "$(readlink -f "$(command -v node)")" "$root/opt/node/bin/node"
  cp -a "$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")")" "$root/opt/node/lib/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/opt/node/bin/npm"
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/machine.pem"

  local made configuration=(--env "PATH=/opt/node/bin:/opt/dotnet:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
  made="$(container from scratch)"
  container add -q "$made" "$root" / >/dev/null
  for name in SSL_CERT_FILE NODE_EXTRA_CA_CERTS; do configuration+=(--env "$name=/etc/ssl/machine.pem"); done
  for name in http_proxy https_proxy no_proxy NUGET_CERT_REVOCATION_MODE; do
    [ -z "${!name:-}" ] || configuration+=(--env "$name=${!name}")
  done
  container config "${configuration[@]}" "$made"
  container commit -q --rm "$made" "$base" >/dev/null
  rm -rf "$root"
}
container inspect --type image "$base" >/dev/null 2>&1 || make_base

# buildah keeps a cache mount in a folder of its name. What is already compiled here is put there, unless that is the test.
mounts="$work/tmp/buildah-cache"
if [ -n "$cold" ]; then
  rm -rf "$mounts/init-native"
elif [ -d "$cache" ]; then
  mkdir -p "$mounts/init-native"
  cp -au "$cache/prover" "$cache/kernel" "$mounts/init-native/"
fi

build() { # build LOG ARGUMENT ..
  local log="$out/$1"; shift
  container bud --layers --isolation chroot --network host --build-arg "BUILD_BASE=$base" --build-arg CRS=folder \
    --build-context "crs-files=$crs" -f Dockerfile.nitro "$@" . > "$log" 2>&1
}
build_or_die() {
  say "$2"
  build "$1" "${@:3}" || { tail -30 "$out/$1"; die "$2"; }
}

if [ $(($(stat -c %s "$crs/bn254_g1.dat") % (131072 * 64))) -ne 0 ]; then
  build refused.log --target crs-folder && die "points that no pin covers were taken"
  check "points that no pin covers are refused unless they are allowed" grep -q "have no pin" "$out/refused.log"
fi
started=$SECONDS
build_or_die image.log "building the image" --build-arg CRS_UNPINNED=allowed -t "$image"
build_or_die eif.log "building --target eif" --build-arg CRS_UNPINNED=allowed --target eif --output "type=local,dest=$out/eif"
say "both built in $((SECONDS - started)) s"

container inspect --type image "$image" > "$out/image.json"
check "the image starts /init and nothing else" node -e '
  const { Entrypoint, Cmd, Env, ExposedPorts, User } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).OCIv1.config;
  const variables = (Env ?? []).filter((variable) => !variable.startsWith("PATH="));
  process.exit(JSON.stringify(Entrypoint) === "[\"/init\"]" && !Cmd && variables.length === 0 && !ExposedPorts && !User ? 0 : 1);' "$out/image.json"

instance="$(container from "$image")"
root="$(container mount "$instance")"
(cd "$root" && find . -mindepth 1 -printf '%P %y %m %T@\n' | LC_ALL=C sort) > "$out/files.txt"
cat > "$out/files.expected.txt" <<'END'
crs d 755 0.0000000000
crs/bn254_g1.dat f 444 0.0000000000
crs/bn254_g2.dat f 444 0.0000000000
init f 755 0.0000000000
END
check "the image has /init and the points, read-only, of 1970, and no other file" diff "$out/files.expected.txt" "$out/files.txt"
check "/init is out/bin/init, byte for byte" cmp "$root/init" out/bin/init
check "the points are the folder's" cmp "$root/crs/bn254_g1.dat" "$crs/bn254_g1.dat"
check "the G2 point is the folder's" cmp "$root/crs/bn254_g2.dat" "$crs/bn254_g2.dat"
container umount "$instance" >/dev/null
container rm "$instance" >/dev/null

check "--target eif gives the EIF, what describes it and the toolchain" \
  diff <(ls "$out/eif") <(printf '%s\n' init.eif manifest.json pcrs.json sbom.json toolchain.txt)
check "the toolchain is this machine's" diff "$out/eif/toolchain.txt" <(scripts/toolchain.sh)
node native/scripts/components.mjs kernel out/kernel --output out/kernel/components.json
"$enclave" image build --kernel out/kernel/bzImage --init out/bin/init --crs "$crs" -o "$out/here.eif" --pcrs "$out/here.json" \
  --manifest "$out/here-manifest.json" --sbom "$out/here-sbom.json" \
  --components out/bin/init.components.json --components out/kernel/components.json >/dev/null
check "the EIF is the one that enclave image build makes here, byte for byte" cmp "$out/eif/init.eif" "$out/here.eif"
check "so are its PCRs" cmp "$out/eif/pcrs.json" "$out/here.json"
check "so is its manifest" cmp "$out/eif/manifest.json" "$out/here-manifest.json"
check "so is its bill of materials" cmp "$out/eif/sbom.json" "$out/here-sbom.json"

if [ -x out/qemu/bin/qemu-system-x86_64 ]; then
  say "booting the EIF"
  "$enclave" run "$out/eif/init.eif" --memory 1024 --socket "$out/vsock" < /dev/null > "$out/run.log" 2>&1 &
  running+=($!)
  for _ in $(seq 240); do
    "$enclave" health --address "simulator:$out/vsock" > "$out/health.txt" 2>/dev/null && break
    kill -0 "${running[0]}" 2>/dev/null || { cat "$out/run.log"; die "the enclave ended before it was ready"; }
    sleep 0.5
  done
  "$enclave" attest --address "simulator:$out/vsock" --output "$out/attestation.bin" > "$out/attest.txt"
  attested="$(sed -n 's/^PCR0 *//p' "$out/attest.txt")"
  check "it boots, and attests the PCR0 of its pcrs.json" grep -q "\"${attested:-none}\"" "$out/eif/pcrs.json"
  "$enclave" shutdown --address "simulator:$out/vsock"
  check "it ends when it is told to" wait "${running[0]}"
  running=()
else
  say "skipped: no QEMU with the nitro-enclave machine (make qemu): the EIF was not booted"
fi
say "the ceremony's server, Docker and nitro-cli were not tried: docs/docker.md"
echo "$passed passed, 0 failed"
