#!/bin/bash
# One job of a farm: part K of PARTS of a run of EVENTS events. What is there already is left alone,
# as a file appears when it is whole.
#
#     part.sh K
#
# MODEL, EVENTS, PARTS, SEED, FORM and OUTPUT are read from the environment.
set -euo pipefail
part=${1:?"which part? part.sh K"}
MODEL=${MODEL:-fatgan_electrons}  # a name, or the folder of a preset
EVENTS=${EVENTS:-1000000000}
PARTS=${PARTS:-200}
SEED=${SEED:-1}
FORM=${FORM:-root}  # or parquet, h5, npz, csv
OUTPUT=${OUTPUT:-.}
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-${OMP_NUM_THREADS:-1}}

file=$OUTPUT/part-$part.$FORM
if [ -e "$file" ]; then
    echo "$file is there already"
    exit 0
fi
mkdir -p "$OUTPUT"
ganzoo sample "$MODEL" -n "$EVENTS" --seed "$SEED" --part "$part/$PARTS" -o "$file"
