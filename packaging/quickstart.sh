#!/usr/bin/env bash
# Runs inputs/quickstart.yaml on up to four cores and says where the results are. Called by
# `make quickstart` once the program is built.
set -eu
cd "$(dirname "$0")/.."
cores=$(nproc 2>/dev/null || echo 1)
ranks=$((cores < 4 ? cores : 4))
program=${BUILD:-build}/mgmd
out=out/quickstart

echo "mpirun -n $ranks $program inputs/quickstart.yaml --overwrite"
tests/tools/run_mpi.sh "$ranks" "$program" inputs/quickstart.yaml --overwrite

echo
echo "results in $out:"
echo "  thermo.csv                stress, strain, temperature, energies over time"
echo "  quickstart-*.h5           $(find "$out" -name '*.h5' -path "$out/quickstart-*" | wc -l)" \
  "snapshots with strain fields; open quickstart.xdmf in ParaView"
echo "  run.yaml, summary.yaml    the input with all defaults; what came out:"
grep -E '^ *(youngs_modulus|peak_stress|peak_strain|residual_strain|ns_per_atom_step):' \
  "$out/summary.yaml"
