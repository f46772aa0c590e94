#!/usr/bin/env bash
# Publishes bench/Prover.Bench into out/bench and runs it; it writes bench/results/prover.json and its section of
# bench/RESULTS.md. Arguments are passed on (--help). The last line is the worst CPU ratio to native bb.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet publish bench/Prover.Bench -c Release -o out/bench -nodeReuse:false -v quiet --nologo
exec out/bench/Init.Prover.Bench --budget 540 "$@"
