#!/usr/bin/env bash
# run_tests.sh KIND:PROGRAM...    runs tests, prints a line for each and the counts at the end
#
# Kinds: static (a check script), unit and physics (one process), fuzz (one process, given its
# folder of tests/fuzz/corpus), mpi (on each count of $RANKS), cli (a script that calls $MGMD, with
# $RUN_MPI for mpirun). Each runs in an empty folder of its own, under a time limit of $TEST_TIMEOUT
# seconds, as many at a time as there are cores; of those that use mpirun five, or one for every
# four cores: they wait more than they compute. Scripts begin with the last, which take longest.
# RUN_UNDER: a command put before unit and MPI tests (valgrind).
#
# Counted are the cases a program reports, by Check's summary line or by lines "ok ..." and
# "not ok ..."; a program that reports none is one case. A program that fails beyond its own count
# (a crash, the time limit, memory left) adds one failed case. Exit code 77: skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=${here%/tests/tools}
limit=${TEST_TIMEOUT:-240}
cores=$(nproc 2>/dev/null || echo 1)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mgmd-tests.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

export OMPI_MCA_pml="${OMPI_MCA_pml:-ob1}" # as run_mpi.sh, for programs without mpirun
export RUN_MPI=$here/run_mpi.sh MGMD_SOURCE_DIR=$root
export CK_DEFAULT_TIMEOUT=$limit # of one case; Check's own 4 s are few on a busy machine
# MPI libraries keep memory to the end (mg_mem_live counts ours); impossible requests are tested.
export ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1:${ASAN_OPTIONS:-}"
export UBSAN_OPTIONS="print_stacktrace=1:${UBSAN_OPTIONS:-}"

absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }

# counts STATUS LOG: "passed failed skipped" of one program
counts() {
  awk -v status="$1" '
    /^[0-9]+%: Checks: / { gsub(/,/, ""); failed += $5 + $7; passed += $3 - $5 - $7; seen = 1 }
    /^ok .*# SKIP/ { skipped++; seen = 1; next }
    /^ok / { passed++; seen = 1 }
    /^not ok / { failed++; seen = 1 }
    END {
      if (status == 77 && !failed) { skipped++; seen = 1; status = 0 }
      if (status == 0 && !seen) passed = 1
      if (status != 0 && !failed) failed = 1
      print passed + 0, failed + 0, skipped + 0
    }' "$2"
}

# run_one NUMBER NAME COMMAND...: runs it, prints its line, leaves its counts
run_one() {
  local number=$1 name=$2 status passed failed skipped word start=$SECONDS
  shift 2
  local log=$scratch/$number.log
  mkdir "$scratch/$number"
  (cd "$scratch/$number" && exec timeout -k 5 "$limit" "$@") >"$log" 2>&1 </dev/null
  status=$?
  rm -rf "${scratch:?}/$number"
  read -r passed failed skipped < <(counts $status "$log")
  echo "$passed $failed $skipped" >"$scratch/$number.counts"
  word=ok
  [ "$skipped" -gt 0 ] && [ "$passed" = 0 ] && word=skip
  [ "$failed" -gt 0 ] && word=FAIL
  {
    printf '%-4s %-44s %4d passed %6d s\n' "$word" "$name" "$passed" $((SECONDS - start))
    case $status in
    124 | 137) echo "     stopped after $limit s (do the ranks wait for each other?)" ;;
    esac
    [ $word = ok ] || tail -n 60 "$log" | sed 's/^/     | /'
  } >"$scratch/$number.report"
  cat "$scratch/$number.report"
}

# pool SIZE: waits until fewer than SIZE tests run
pool() { while [ "$(jobs -rp | wc -l)" -ge "$1" ]; do wait -n; done; }

single=() several=() scripts=()
for item in "$@"; do
  program=$(absolute "${item#*:}")
  name=${program#"$root"/}
  name=${name#"${BUILD:-build}"/}
  name=${name#"$(absolute "${BUILD:-build}")"/}
  case $item in
  static:* | physics:*) single+=("$name|$program") ;;
  fuzz:*) single+=("$name|$program $root/tests/fuzz/corpus/${program##*/fuzz_}") ;;
  unit:*) single+=("$name|${RUN_UNDER:-} $program") ;;
  mpi:*)
    for n in ${RANKS:-1 2 3 4}; do
      several+=("$name, $n ranks|$RUN_MPI $n ${RUN_UNDER:-} $program")
    done
    ;;
  cli:*) scripts=("$name|bash $program" ${scripts[@]+"${scripts[@]}"}) ;;
  *) echo "run_tests: '$item'; valid: KIND:PROGRAM" >&2 && exit 2 ;;
  esac
done

cd "$root" || exit 1
number=0
start() { # start POOL_SIZE "NAME|COMMAND": commands are words without blanks inside
  number=$((number + 1))
  pool "$1"
  # shellcheck disable=SC2086
  run_one "$number" "${2%%|*}" ${2#*|} &
}
for test in ${single[@]+"${single[@]}"}; do start "$cores" "$test"; done
wait
few=$((cores / 4 > 5 ? cores / 4 : 5))
for test in ${scripts[@]+"${scripts[@]}"} ${several[@]+"${several[@]}"}; do
  start $few "$test"
done
wait

cat /dev/null "$scratch"/*.counts 2>/dev/null | awk '
  { passed += $1; failed += $2; skipped += $3 }
  END {
    printf "%d passed, %d failed", passed, failed
    if (skipped) printf ", %d skipped", skipped
    print ""
    exit failed > 0
  }'
