#!/usr/bin/env bash
# bench/compare.sh end to end on a crystal, with a stand-in for LAMMPS whose log is known: what is
# run in which order, what is read from both programs' files, medians and ratios of the table.
# shellcheck source=tests/tools/cli_check.sh
. "$(dirname "$0")/../tools/cli_check.sh"
export BUILD=$place/build MGMD
bench=$MGMD_SOURCE_DIR/bench
mkdir -p build/bench/block

compare() {
  SIZES=4000 RANKS=1 STEPS=10 WARM=2 TRIAL=10 "$bench/compare.sh" "$@" >out 2>err </dev/null
  rc=$?
}

# field PROGRAM WORKLOAD N: column N of the table's row
field() { awk -F'|' -v p="$1" -v w="$2" -v n="$3" '
  { gsub(/ /, "") } $5 == p && $2 == w && NF > 15 { print $n }' out; }

# the samples, made here of a cold crystal so that nothing has to be quenched
cat >crystal.yaml <<'END'
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 7
axes: {load: z, free: y, thin: x}
output: {directory: crystal}
stages:
  - create:
      composition: {Cu: 1, Zr: 1}
      lattice: b2
      lattice_constant: 3.22 A
      cells: [20, 10, 10]
  - write: {file: sample.h5}
  - write: {file: sample.data}
END
mgmd 0 crystal.yaml
expect 'the crystal' [ "$rc" = 0 ]
touch build/bench/block/glass.h5 && echo made >build/bench/block/glass.h5
for workload in bulk load; do
  for end in h5 data; do cp crystal/sample.$end build/bench/$workload-4000.$end; done
done

export WORKLOADS=bulk
LMP=$place/nothing PAIRS=2 compare
expect 'without LAMMPS' [ "$rc" = 0 ]
expect 'without LAMMPS: it is said' holds out 'there is no program .*nothing'
expect 'without LAMMPS: two runs of mgmd' [ "$(field mgmd bulk 8)" = 2 ]
# shellcheck disable=SC2016
expect 'without LAMMPS: the time is that of the last stage' awk -F'\t' '
  $4 == "mgmd" && $6 == 10 && $5 > 0 { n++ } END { exit n != 2 }' build/bench/timings.tsv

# what LAMMPS would say: 120 steps in all, the last 10 in 0.4 s, then 0.8, then 2 s; trial runs
# (warm 20) by skin, the least with 0.5
cat >lmp <<'END'
#!/usr/bin/env bash
here=$(dirname "$0")
while [ $# -gt 0 ]; do
  case $1 in
  -log) log=$2 ;;
  -var) declare "$2=$3" && shift ;;
  -h) echo "Large-scale stand-in" && exit ;;
  esac
  shift 2
done
case $warm:$skin in 20:0.3) t=3 ;; 20:0.5) t=1 ;; 20:1.0) t=2 ;; *)
  n=$(cat "$here/count" 2>/dev/null || echo 0)
  echo $((n + 1)) >"$here/count"
  t=$(echo 0.4 0.8 2 | cut -d ' ' -f $((n % 3 + 1))) ;;
esac
energy=$(awk -F, '/^[0-9]/ { printf "%.6f", $9 + shift; exit }' shift="${ENERGY_SHIFT:-0}" \
  "$BUILD/bench/bulk/thermo.csv" 2>/dev/null)
echo "$workload $skin $warm $steps" >>"$here/calls"
cat >"$log" <<LOG
   Step Temp PotEng Press
       0 50 ${energy:-0} 1000
       $warm 50 ${energy:-0} 1000
Loop time of 99 on 1 procs for $warm steps with 4000 atoms
Pair    | 9            | 9          | 9          |   0.0 | 9
Neighbor list builds = 77
   Step Temp PotEng Press
       $warm 40 -2 20000
       12 30 -3 30000
Loop time of $t on 1 procs for $steps steps with 4000 atoms

Section |  min time  |  avg time  |  max time  |%varavg| %total
Pair    | 0.1        | 0.2        | 0.3        |   0.0 | 80.00
Neigh   | 0          | 0.1        | 0          |   0.0 |  0.0
Comm    | 0          | 0.04       | 0          |   0.0 |  0.0
Output  | 0          | 0.02       | 0          |   0.0 |  0.0
Modify  | 0          | 0.03       | 0          |   0.0 |  0.0
Other   |            | 0.01       |            |       |  0.0

Neighbor list builds = 3
Dangerous builds = 0
LOG
END
chmod +x lmp
export LMP=$place/lmp
PAIRS=3 compare
expect 'with LAMMPS' [ "$rc" = 0 ]
expect 'LAMMPS: every skin is tried, the best is timed' cmp -s calls - <<'END'
bulk 0.3 20 10
bulk 0.5 20 10
bulk 1.0 20 10
bulk 0.5 2 10
bulk 0.5 2 10
bulk 0.5 2 10
END
expect 'the programs take turns' [ "$(cut -f 4 build/bench/timings.tsv | paste -sd ' ' -)" = \
  'mgmd LAMMPS mgmd LAMMPS mgmd LAMMPS' ]
expect 'LAMMPS: median and least of the second run' [ "$(field LAMMPS bulk 6)" = 20000/10000 ]
expect 'LAMMPS: list builds, skin' [ "$(field LAMMPS bulk 9):$(field LAMMPS bulk 10)" = 30.0:0.5 ]
shares=$(field LAMMPS bulk 11):$(field LAMMPS bulk 13):$(field LAMMPS bulk 15)
expect 'LAMMPS: shares' [ "$shares" = 18.8:3.8:2.8 ]
# shellcheck disable=SC2016
expect 'the ratio is that of the medians and of the minima' awk -F'\t' '
  $4 == "mgmd" { t[++n] = $5 + 0 }
  END {
    for (i = 1; i <= 3; i++) for (j = 1; j < 3; j++)
      if (t[j] > t[j + 1]) { s = t[j]; t[j] = t[j + 1]; t[j + 1] = s }
    exit sprintf("%.2f/%.2f", 0.8 / t[2], 0.4 / t[1]) != ratio
  }' ratio="$(field mgmd bulk 7)" build/bench/timings.tsv
KEEP=1 PAIRS=1 compare measure
expect 'KEEP=1 adds a pair' [ "$(wc -l <build/bench/timings.tsv):$(wc -l <calls)" = 8:7 ]
ENERGY_SHIFT=1 PAIRS=1 compare
expect 'other energies at the start: it is said and fails' [ "$rc" = 1 ]
expect 'other energies at the start: where' holds out 'bulk, 4000 atoms: the energies .* differ'

unset LMP
LMP=$place/nothing WORKLOADS=load PAIRS=1 compare
expect 'the loading step' [ "$rc:$(field mgmd load 8)" = 0:1 ]
SIZES=4001 "$bench/compare.sh" prepare >out 2>err </dev/null
rc=$?
expect 'a size that is no multiple of the block is refused' [ "$rc" = 1 ]
expect 'a size that is no multiple of the block is refused: why' holds err '4001 atoms'
finish
