# shellcheck shell=bash
# Sourced by bench/*.sh: where things are, and how a program is run.
set -eu
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${MGMD:-${BUILD:-build}/mgmd}
place=${BUILD:-build}/bench
cores=$(nproc 2>/dev/null || echo 1)
hands=$((cores < 4 ? cores : 4)) # ranks that make samples
mkdir -p "$place"

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

[ -x "$program" ] || die "there is no program $program; run make"

# Other work on the machine spoils every timing.
warn_if_busy() {
  awk '$1 > 0.7 { print "the machine is busy (load " $1 "): do not trust the timings" }' \
    /proc/loadavg 2>/dev/null || true
}

# quietly RANKS PROGRAM ARGUMENT...: what it says is shown only if it fails
quietly() {
  if ! tests/tools/run_mpi.sh "$@" >"$place/log" 2>&1 </dev/null; then
    tail -n 20 "$place/log" >&2
    die "failed: $*"
  fi
}

# simulate RANKS INPUT ARGUMENT...: one mgmd run, into $place/INPUT's name
simulate() {
  local ranks=$1 input=$2
  shift 2
  quietly "$ranks" "$program" "bench/$input.yaml" --out "$place/$input" --overwrite --quiet "$@"
}

# The glass and the melt that all samples are copied from, made once.
block() {
  [ -s "$place/block/glass.h5" ] && return
  echo "making the block of 4000 atoms in $place/block"
  simulate "$hands" block
}

# copies ATOMS: copies of the block along x, y, z, the fewest along x and the most along z
copies() {
  case $1 in '' | 0 | *[!0-9]*) die "'$1' is no number of atoms" ;; esac
  [ $(($1 % 4000)) = 0 ] || die "$1 atoms: not a multiple of 4000"
  awk -v n=$(($1 / 4000)) 'BEGIN {
    t[1] = t[2] = t[3] = 1
    count = 0
    for (p = 2; n > 1; p++) for (; n % p == 0; n /= p) prime[++count] = p
    for (; count; count--) {
      least = 3
      for (a = 2; a; a--) if (t[a] < t[least]) least = a
      t[least] *= prime[count]
    }
    printf "[%d, %d, %d]", t[1], t[2], t[3]
  }'
}

# stage_times SUMMARY.yaml: the last stage that has time steps, as lines "key value"
stage_times() {
  awk '
    /^stages:/ { inside = 1; next }
    /^[a-z]/ { inside = 0 }
    inside && /^  - / { entry = "" }
    inside { entry = entry $0; if (entry ~ /loop:/) kept = entry }
    END {
      gsub(/phases:|[-{}]/, "", kept)
      n = split(kept, item, ",")
      for (k = 1; k <= n; k++) {
        sub(/^ */, "", item[k])
        sub(/: */, " ", item[k])
        print item[k]
      }
    }' "$1"
}
