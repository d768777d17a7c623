#!/usr/bin/env bash
# A short run of one libFuzzer program from its corpus, in a scratch folder, so that what it finds
# interesting does not land among the sources. The seed is fixed; what breaks it is kept there.
# usage: short.sh PROGRAM CORPUS SCRATCH
set -euo pipefail

program=$1 corpus=$2 scratch=$3

rm -rf -- "$scratch"
mkdir -p -- "$scratch/corpus"
if [ -d "$corpus" ]; then
    cp -R -- "$corpus/." "$scratch/corpus/"
fi
exec "$program" -runs=20000 -max_total_time=10 -seed=1 -verbosity=0 -print_final_stats=1 \
    -artifact_prefix="$scratch/" "$scratch/corpus"
