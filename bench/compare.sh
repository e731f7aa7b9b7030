#!/usr/bin/env bash
# compare.sh [prepare | measure | table]
#
# mgmd and, where there is one, LAMMPS on the same samples, in turn: A B A B. Without an argument
# all three: make the samples (once), measure, print the table. From the environment:
#
#   WORKLOADS  bulk  glass at 300 K, constant energy
#              load  glass at 50 K: one axis strained, one barostatted, one open
#              melt  2000 K under a barostat
#   SIZES      atoms, multiples of 4000 (32000 128000)
#   RANKS      1 2, as far as there are cores
#   PAIRS      timed runs of each program (5)
#   STEPS      time steps that are timed (500), after WARM (100) that are not
#   SKINS      of LAMMPS, each tried over TRIAL steps (100), the best is timed (0.3 0.5 1.0 A)
#   LMP        the LAMMPS binary (lmp), LMP_FLAGS its flags (-sf opt)
#   QUICK=1    32000 atoms, one pair, 100 steps: a few minutes instead of hours
#   KEEP=1     measure: add to the timings there are, do not try skins again
#
# A build of LAMMPS for this machine, in double precision:
#   make bench LMP=/path/to/lmp LMP_FLAGS="-sf intel -pk intel 0 mode double"
#
# Timed are the time steps alone, list builds included: of mgmd the `loop` of the last stage in
# summary.yaml, of LAMMPS the "Loop time" of the second run. Everything is in build/bench;
# timings.tsv has one line per run.
# shellcheck source=bench/common.sh
. "$(dirname "$0")/common.sh"
if [ -n "${QUICK:-}" ] && [ "$QUICK" != 0 ]; then
  : "${SIZES:=32000}" "${PAIRS:=1}" "${STEPS:=100}" "${WARM:=50}" "${TRIAL:=40}"
fi
: "${WORKLOADS:=bulk load melt}" "${SIZES:=32000 128000}" "${RANKS:=1 2}" "${PAIRS:=5}"
: "${STEPS:=500}" "${WARM:=100}" "${TRIAL:=100}" "${SKINS:=0.3 0.5 1.0}"
: "${LMP:=lmp}" "${LMP_FLAGS=-sf opt}"
timings=$place/timings.tsv skins=$place/skins.tsv
potential=potentials/CuZr_mendelev2007.eam.fs
lammps_log=$place/log.lammps

has_lammps() { command -v "$LMP" >/dev/null; }
sample() { echo "$place/$1-$2"; }

prepare() {
  local workload size folder from
  block
  for size in $SIZES; do
    for workload in $WORKLOADS; do
      folder=$(sample "$workload" "$size")
      [ -s "$folder.data" ] && continue
      echo "making $folder"
      case $workload in melt) from=melt ;; *) from=glass ;; esac
      simulate "$hands" "${workload}_start" --set "replicate.times=$(copies "$size")" \
        --set "read.file=$(realpath "$place")/block/$from.h5"
      mv "$place/${workload}_start/start.h5" "$folder.h5"
      mv "$place/${workload}_start/start.data" "$folder.data"
    done
  done
}

# One line of timings.tsv: what it is, seconds, steps, builds, skin, seconds per phase in mgmd's
# order, then energy [eV], pressure [GPa], temperature [K] at the start, after warm-up, at the end.
row() {
  local IFS=$'\t'
  echo "$*" >>"$timings"
}

time_mgmd() { # WORKLOAD SIZE RANKS
  local timed out=$place/$1 times state
  if [ "$1" = load ]; then
    timed="compress.strain=$(awk -v n="$STEPS" 'BEGIN { printf "%.10g", n * 0.002 * 4e-5 }')"
    set -- "$@" --set "run.steps=$WARM"
  else
    timed="run[2].steps=$STEPS"
    set -- "$@" --set "run[1].steps=$WARM"
  fi
  simulate "$3" "$1" --set "read.file=$(realpath "$(sample "$1" "$2")").h5" --set "$timed" "${@:4}"
  times=$(stage_times "$out/summary.yaml" | awk '
    { value[$1] = $2 }
    END {
      n = split("loop steps list_builds skin pair list halo reduce integrate output other", key)
      for (k = 1; k <= n; k++) printf "%s%s", value[key[k]], k < n ? "\t" : "\n"
    }')
  state=$(awk -F, '
    /^step,/ { for (k = 1; k <= NF; k++) at[$k] = k }
    /^[0-9]/ && ++rows != 2 {
      p = ($at["pressure_xx"] + $at["pressure_yy"] + $at["pressure_zz"]) / 3
      printf "%s%s\t%.6g\t%s", (rows > 1 ? "\t" : ""), $at["potential_energy"], p,
        $at["temperature"]
    }' "$out/thermo.csv")
  row "$1" "$2" "$3" mgmd "$times" "$state"
}

run_lammps() { # WORKLOAD SIZE RANKS SKIN WARM STEPS
  # shellcheck disable=SC2086
  quietly "$3" "$LMP" $LMP_FLAGS -in bench/lammps.in -log "$lammps_log" -screen none \
    -var workload "$1" -var data "$(sample "$1" "$2").data" -var potential "$potential" \
    -var skin "$4" -var warm "$5" -var steps "$6"
}

# Of the log's last run: the words that follow in the order of row().
lammps_times() { # SKIN
  awk -v skin="$1" '
    /^Loop time of/ { loop = $4; steps = $9 }
    /^Neighbor list builds/ { builds = $5 }
    /^(Pair|Neigh|Comm|Modify|Output|Other) +\|/ {
      split($0, part, "|")
      phase[$1] = part[3] + 0 # the mean over ranks
    }
    /^ *Step / { inside = 1; next }
    /^Loop time/ { inside = 0 }
    inside && $1 ~ /^[0-9]+$/ && ++rows != 2 {
      state = state sprintf("\t%s\t%.6g\t%s", $3, $4 / 1e4, $2)
    }
    END {
      printf "%s\t%s\t%s\t%s\t%s\t%s\t%s\t-\t%s\t%s\t%s%s\n", loop, steps, builds, skin,
        phase["Pair"], phase["Neigh"], phase["Comm"], phase["Modify"], phase["Output"],
        phase["Other"], state
    }' "$lammps_log"
}

# The skin with which LAMMPS is fastest here, tried once.
best_skin() { # WORKLOAD SIZE RANKS
  local skin
  if ! grep -q "^$1 $2 $3 " "$skins" 2>/dev/null; then
    for skin in $SKINS; do
      run_lammps "$1" "$2" "$3" "$skin" 20 "$TRIAL"
      echo "$1 $2 $3 $skin $(lammps_times "$skin" | cut -f 1)" >>"$skins"
    done
  fi
  awk -v key="$1 $2 $3" '
    $1 " " $2 " " $3 == key && (best == "" || $5 < least) { best = $4; least = $5 }
    END { print best }' "$skins"
}

measure_one() { # WORKLOAD SIZE RANKS
  local skin pair
  has_lammps && skin=$(best_skin "$@")
  for pair in $(seq "$PAIRS"); do
    echo "$1, $2 atoms, $3 rank(s): pair $pair of $PAIRS${skin:+, LAMMPS with a skin of $skin A}"
    time_mgmd "$@"
    if has_lammps; then
      run_lammps "$@" "$skin" "$WARM" "$STEPS"
      row "$1" "$2" "$3" LAMMPS "$(lammps_times "$skin")"
    fi
  done
}

measure() {
  local size ranks workload
  [ -n "${KEEP:-}" ] || rm -f "$timings" "$skins"
  warn_if_busy
  has_lammps || echo "there is no program '$LMP' (LMP names another): mgmd alone is measured"
  for size in $SIZES; do
    for ranks in $RANKS; do
      if [ "$ranks" -gt "$cores" ]; then
        echo "$ranks ranks: left out, there are $cores cores"
        continue
      fi
      for workload in $WORKLOADS; do measure_one "$workload" "$size" "$ranks"; done
    done
  done
}

table() {
  local wrong=0
  [ -s "$timings" ] || die "there is nothing in $timings; measure first"
  echo
  sort -s -t $'\t' -k 2,2n -k 3,3n -k 1,1 "$timings" |
    awk -f bench/median.awk -f bench/table.awk || wrong=1
  echo
  if has_lammps; then
    echo "LAMMPS: $("$LMP" -h | sed -n '/^Large-scale/p'), $LMP $LMP_FLAGS"
  else
    echo "LAMMPS: there is no program '$LMP'; LMP names another"
  fi
  cat "$place"/{bulk,load,melt}/summary.yaml 2>/dev/null |
    sed -n 's/^# \(mgmd\|revision\|compiler\|kernel\): /\1: /p' | awk '!seen[$0]++' |
    paste -sd, - | sed 's/,/, /g'
  return "$wrong"
}

case ${1:-all} in
prepare) prepare ;;
measure)
  prepare
  measure
  ;;
table) table ;;
all)
  prepare
  measure
  table
  ;;
*) die "unknown word '$1'; write prepare, measure, table or nothing" ;;
esac
