#!/usr/bin/env bash
# size.sh [time | snapshot | table]
#
# Time per atom and step, and memory per atom, against the number of atoms, on one rank. Without an
# argument all three: timed runs, memory at a snapshot, the table. From the environment:
#
#   SIZES   atoms, multiples of 4000 (4000 32000 256000 2048000; QUICK=1: 4000 32000)
#   ROUNDS  timed runs of each size, all sizes in turn (3; QUICK=1: 1)
#   WORK    atoms times steps of a timed run (2e7), but never below 50 steps
#   KEEP=1  add to the results there are, which are in build/bench/size.tsv
#
# Memory is what the program counts itself (memory_per_rank in summary.yaml, its peak) and the
# peak of the resident set, libraries included, as Linux tells it (VmHWM).
# shellcheck source=bench/common.sh
. "$(dirname "$0")/common.sh"
if [ -n "${QUICK:-}" ] && [ "$QUICK" != 0 ]; then
  : "${SIZES:=4000 32000}" "${ROUNDS:=1}"
fi
: "${SIZES:=4000 32000 256000 2048000}" "${ROUNDS:=3}" "${WORK:=2e7}"
results=$place/size.tsv

# watched INPUT ARGUMENT...: one mgmd run without mpirun; sets rss [MB] and counted [MB]
watched() {
  local input=$1 pid line
  shift
  "$program" "bench/$input.yaml" --out "$place/$input" --overwrite --quiet "$@" \
    >"$place/log" 2>&1 </dev/null &
  pid=$!
  rss=
  while line=$(grep VmHWM "/proc/$pid/status" 2>/dev/null); do
    rss=$line
    sleep 0.05
  done
  wait "$pid" || { tail -n 20 "$place/log" >&2 && die "failed: $program bench/$input.yaml"; }
  rss=$(echo "$rss" | awk '{ printf "%.1f", $2 * 1024 / 1e6 }')
  counted=$(awk '$1 == "memory_per_rank:" { print $2 }' "$place/$input/summary.yaml")
}

sample() { # SIZE: options that make a run be about so many atoms
  options=(--set "read.file=$(realpath "$place")/block/glass.h5"
    --set "replicate.times=$(copies "$1")")
}

measure_time() {
  local size round steps
  warn_if_busy
  for round in $(seq "$ROUNDS"); do
    for size in $SIZES; do
      steps=$(awk -v w="$WORK" -v n="$size" 'BEGIN { s = int(w / n); print (s > 50 ? s : 50) }')
      echo "$size atoms, $steps steps: round $round of $ROUNDS"
      sample "$size"
      watched size "${options[@]}" --set "run[2].steps=$steps"
      stage_times "$place/size/summary.yaml" | awk -v n="$size" -v rss="$rss" -v mb="$counted" '
        { value[$1] = $2 }
        END {
          printf "time\t%d\t%s\t%s\t%s\t%s\n", n, value["ns_per_atom_step"],
            100 * value["list_builds"] / value["steps"], mb, rss
        }' >>"$results"
    done
  done
}

measure_snapshot() {
  local size
  for size in $SIZES; do
    echo "$size atoms: a snapshot"
    sample "$size"
    watched size_snapshot "${options[@]}"
    printf 'snapshot\t%d\t-\t-\t%s\t%s\n' "$size" "$counted" "$rss" >>"$results"
    rm -f "$place"/size_snapshot/*.h5
  done
}

table() {
  [ -s "$results" ] || die "there is nothing in $results; measure first"
  echo
  sort -s -t $'\t' -k 2,2n "$results" | awk -f bench/median.awk -f bench/size.awk
}

block
case ${1:-all} in
time | snapshot | all) [ -n "${KEEP:-}" ] || rm -f "$results" ;;
esac
case ${1:-all} in
time) measure_time ;;
snapshot) measure_snapshot ;;
table) table ;;
all)
  measure_time
  measure_snapshot
  table
  ;;
*) die "unknown word '$1'; write time, snapshot, table or nothing" ;;
esac
