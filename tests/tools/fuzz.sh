#!/usr/bin/env bash
# fuzz.sh SECONDS PROGRAM...: fuzzes with each program in turn, for SECONDS of CPU time each.
#
# A program fuzz_READER starts from tests/fuzz/corpus/READER and keeps what it finds beside itself:
# new inputs in corpus-READER/, those that broke a promise in found-READER/. One process, at low
# priority, in rounds until it got its time. Ends with 1 if anything was found.
set -u
seconds=$1
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
export ASAN_OPTIONS="allocator_may_return_null=1:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"
TIMEFORMAT='%U %S'
bad=0
for program in "$@"; do
  reader=${program##*/fuzz_}
  here=$(dirname "$program")
  log=$here/$reader.log
  seeds=$root/tests/fuzz/corpus/$reader
  options=()
  [ -f "$root/tests/fuzz/$reader.dict" ] && options+=("-dict=$root/tests/fuzz/$reader.dict")
  mkdir -p "$here/corpus-$reader" "$here/found-$reader"
  used=0 runs=0 status=0
  while [ $status = 0 ] && [ "$used" -lt "$seconds" ]; do
    { time nice -n 19 "$program" -max_total_time=$((seconds - used + 1)) -max_len=6000 -timeout=10 \
      -rss_limit_mb=2048 -artifact_prefix="$here/found-$reader/" -print_final_stats=1 \
      ${options[@]+"${options[@]}"} "$here/corpus-$reader" "$seeds" >"$log" 2>&1; } 2>"$log.time"
    status=$?
    used=$(awk -v before="$used" '{ printf "%d", before + $1 + $2 }' "$log.time")
    runs=$((runs + $(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | grep . || echo 0)))
  done
  reached=$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -n 1)
  printf '%-10s %12s runs %6s s of CPU  %s\n' "$reader" "$runs" "$used" "$reached"
  if [ $status != 0 ]; then
    bad=1
    grep -hE '^broken promise|^SUMMARY|runtime error' "$log" | head -n 5
    ls "$here/found-$reader"
  fi
done
exit $bad
