#!/usr/bin/env bash
# Installs the .NET SDK that Dockerfile.nitro builds with, checked against its pinned digest. A machine that has it is left as it is.
# The SDK decides the compilers (Roslyn, and ILCompiler from NuGet by the lock files), so another one may give other bytes.
# usage: scripts/install-sdk.sh [--url URL]; the digest is the same wherever it comes from.
set -euo pipefail

version=10.0.401
sha512=51c8b999af9e8dd9998c9edc5944e19a90788862068acd38694e098889054ce8c23d4f0c5cccfa16bf187d044562359e5ee69a9f8ad0bbe913ba90311fbce25b # Microsoft's, of this file
url="https://builds.dotnet.microsoft.com/dotnet/Sdk/$version/dotnet-sdk-$version-linux-x64.tar.gz"
folder="${DOTNET_ROOT:-/usr/share/dotnet}"

case "${1:-}" in
  "") ;;
  --url) url="$2" ;;
  *) echo "install-sdk: error: $1: there is no option but --url" >&2; exit 2 ;;
esac

if [ "$(dotnet --version 2>/dev/null || true)" = "$version" ]; then
  echo "install-sdk: .NET SDK $version is here"
  exit 0
fi

archive="$(mktemp)"
trap 'rm -f "$archive"' EXIT
echo "install-sdk: fetching .NET SDK $version"
curl --fail --silent --show-error --location --retry 3 --output "$archive" "$url"
echo "$sha512  $archive" | sha512sum --check --quiet - || { echo "install-sdk: error: $url: not the file that is pinned" >&2; exit 1; }
mkdir -p "$folder"
tar -xzf "$archive" -C "$folder"
ln -sf "$folder/dotnet" /usr/local/bin/dotnet
echo "install-sdk: .NET SDK $(dotnet --version) is in $folder"
