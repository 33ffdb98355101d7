#!/usr/bin/env bash
# The whole demo from a wheel, in an empty environment and an empty folder.
# Usage: benchmarks/wheel_demo.sh [arguments of the demo]; the environment takes some minutes.
set -euo pipefail

root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
python="${TEACHLOOP_PYTHON:-python3}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

# From a clone: what is not committed is not shipped.
git clone --quiet "$root" "$scratch/tree"
"$python" -m venv "$scratch/environment"
pip="$scratch/environment/bin/pip"
"$pip" wheel --quiet --no-deps --wheel-dir "$scratch/wheel" "$scratch/tree"
"$pip" install --quiet --constraint "$scratch/tree/constraints.txt" "$scratch"/wheel/*.whl
rm -rf "$scratch/tree"

mkdir "$scratch/empty"
cd "$scratch/empty"
arguments=("$@")
[ "$#" -gt 0 ] || arguments=(--episodes 20 --rollouts 50 --seed 11 --json)
begin=$(date +%s)
"$scratch/environment/bin/teachloop" demo "${arguments[@]}"
echo "demo from the wheel: $(($(date +%s) - begin)) s" >&2
