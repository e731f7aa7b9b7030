#!/usr/bin/env bash
# Runs inputs/quickstart.yaml on up to four cores and draws it; the program tells the results, this
# what is in the files. Called by `make quickstart` once the program is built.
set -eu
cd "$(dirname "$0")/.."
cores=$(nproc 2>/dev/null || echo 1)
ranks=$((cores < 4 ? cores : 4))
program=${BUILD:-build}/mgmd
out=out/quickstart

echo "mpirun -n $ranks $program inputs/quickstart.yaml --overwrite"
tests/tools/run_mpi.sh "$ranks" "$program" inputs/quickstart.yaml --overwrite

echo
echo "$program plot $out"
pictures=yes
"$program" plot "$out" --quiet || pictures=''

echo
echo "$out/thermo.csv         stress, strain, temperature, energies over time"
echo "$out/quickstart-*.h5    snapshots with the strain fields; ParaView: quickstart.xdmf"
echo "$out/summary.yaml       the results above and more; run.yaml: the input with all defaults"
[ -z "$pictures" ] || cat <<END
$out/panel.png          strain and rotation of every atom, loaded and unloaded
$out/stress-strain.png  stress against strain, loading and unloading
END
