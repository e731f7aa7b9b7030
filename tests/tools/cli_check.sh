# shellcheck shell=bash
# Sourced by tests/cli/*.sh: runs the program in a folder of its own and counts what holds.
#
#   mgmd RANKS ARGUMENT...         runs it (RANKS 0: without mpirun); leaves $rc, ./out and ./err
#   expect NAME COMMAND...         one case: the command succeeds
#   refused NAME RANKS PATTERN ARGUMENT...
#                                  one case: exit 2, one line on stderr that holds the extended
#                                  regular expression, nothing on stdout, no file made
#   finish                         prints "N passed, N failed", ends with 1 if any failed
: "${MGMD_SOURCE_DIR:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${MGMD:=$MGMD_SOURCE_DIR/build/mgmd}"
: "${RUN_MPI:=$MGMD_SOURCE_DIR/tests/tools/run_mpi.sh}"
export LC_ALL=C
passed=0 failed=0
place=$(mktemp -d "${TMPDIR:-/tmp}/mgmd-cli.XXXXXX") || exit 1
trap 'rm -rf "$place"' EXIT
cd "$place" || exit 1
[ -x "$MGMD" ] || { echo "there is no program $MGMD" && exit 1; }

mgmd() {
  local ranks=$1
  shift
  if [ "$ranks" = 0 ]; then
    timeout 60 "$MGMD" "$@" >out 2>err </dev/null
  else
    timeout 60 "$RUN_MPI" "$ranks" "$MGMD" "$@" >out 2>err </dev/null
  fi
  rc=$?
}

expect() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok $name"
  else
    failed=$((failed + 1))
    echo "not ok $name ($*; exit ${rc-})"
    for file in out err; do [ -f $file ] && head -n 5 $file | sed "s/^/     $file: /"; done
  fi
}

one_line() { [ "$(wc -l <"$1")" -eq 1 ]; }
empty() { [ ! -s "$1" ]; }
holds() { grep -qE -- "$2" "$1"; }
listing() { find . ! -name out ! -name err | sort; }

is_refusal() {
  [ "$rc" = 2 ] && one_line err && holds err "^mgmd: error: .*($1)" && empty out &&
    [ "$before" = "$(listing)" ]
}

refused() {
  local name=$1 ranks=$2 pattern=$3 before
  shift 3
  before=$(listing)
  mgmd "$ranks" "$@"
  expect "$name" is_refusal "$pattern"
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
  exit
}
