#!/usr/bin/env bash
# kill_resume.sh [KILLS]    a run that is killed KILLS times (200) at random, and always goes on
#
# A small protocol (create, minimize, quench, run, notch, compress, unload) is started again and
# again with --resume auto, each time on another number of ranks from 1 to 4, and hit at a random
# moment: kill -9 of mpirun and all ranks, kill -9 of one rank, SIGUSR1 or SIGTERM to mpirun. When
# it comes to its end, thermo.csv and the hash of every snapshot are compared with those of the run
# that was never hit, and the next one begins, until all hits were dealt. Six seconds per hit.
# SEED=n repeats the dice; the moments still depend on the machine.
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${MGMD:=$here/../../build/mgmd}"
MGMD=$(cd "$(dirname "$MGMD")" && pwd)/$(basename "$MGMD")
kills=${1:-200}
RANDOM=${SEED:-1}
place=$(mktemp -d "${TMPDIR:-/tmp}/mgmd-kill.XXXXXX") || exit 1
trap 'rm -rf "$place"' EXIT
cp "$MGMD" "$place/mgmd" && MGMD=$place/mgmd || exit 1 # a build may go on meanwhile
cd "$place" || exit 1

cat >run.yaml <<'Y'
title: to be killed
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 5
axes: {load: z, free: y, thin: x}
output: {directory: whole, thermo: 0.02 ps, checkpoint: 0.1 s}
stages:
  - create:    {composition: {Cu: 64, Zr: 36}, atoms: 500, box: [1.2 nm, 2.7 nm, 2.7 nm]}
  - minimize:  {max_steps: 200}
  - quench:    {melt: 1500 K, hold: 0.4 ps, to: 50 K, rate: 2e14 K/s, pressure: 0 GPa}
  - notch:     {shape: u, depth: 0.4 nm, height: 0.5 nm}
  - run:       {ensemble: npt, temperature: 50 K, duration: 2 ps, pressure: {x: 0 GPa, z: 0 GPa}}
  - compress:
      {rate: 1e10 1/s, strain: 8 %, temperature: 50 K, pressure: {x: 0 GPa}, snapshots: 1 %}
  - unload:    {to: 0 GPa, hold: 2 ps}
Y

ranks_of() { ps -o pid= --ppid "$1" | tr -d ' '; }
hash_of() { # DIRECTORY: of everything that is promised to be equal
  local file
  for file in "$1/$1"-*.h5; do "$MGMD" info --hash "$file" | tail -n 1; done | cksum
  cksum <"$1/thermo.csv"
  sed '/^performance/,$d' "$1/summary.yaml" | cksum
}
fail() {
  echo "kill_resume: $1"
  head -n 5 out err
  exit 1
}

"$here/run_mpi.sh" 2 "$MGMD" run.yaml --quiet || exit 1
expected=$(hash_of whole)
dealt=0 runs=0 declare_kinds="job rank usr1 term"
declare -A count=([job]=0 [rank]=0 [usr1]=0 [term]=0)

# hit KIND JOB
hit() {
  local ranks
  ranks=$(ranks_of "$2")
  case $1 in
  job) kill -9 "$2" $ranks 2>/dev/null ;;
  rank) kill -9 "$(echo "$ranks" | shuf -n 1)" 2>/dev/null ;;
  usr1) kill -USR1 "$2" 2>/dev/null ;;
  term) kill -TERM "$2" 2>/dev/null ;;
  esac
}

# leg RANKS KIND DELAY: one start and one hit; leaves $rc
leg() {
  "$here/run_mpi.sh" "$1" "$MGMD" run.yaml --out hit --resume auto >out 2>err </dev/null &
  local k job=$! # run_mpi.sh has become mpirun
  sleep "$3"
  if kill -0 $job 2>/dev/null && [ -n "$(ranks_of $job)" ]; then
    hit "$2" $job
    dealt=$((dealt + 1))
    count[$2]=$((count[$2] + 1))
  fi
  # Open MPI's launcher can stay in PMIx_server_finalize after its ranks were killed and are gone
  for ((k = 0; k < 1800; k++)); do
    kill -0 $job 2>/dev/null || break
    sleep 0.1
  done
  kill -9 $job 2>/dev/null
  wait $job 2>/dev/null
  rc=$?
}

set +m
started=$SECONDS
while [ $dealt -lt "$kills" ]; do
  rm -rf hit
  rc=1
  while [ $rc != 0 ]; do
    kinds=($declare_kinds)
    delay=$((RANDOM % 3)).$((RANDOM % 10))$((RANDOM % 10))
    leg $((RANDOM % 4 + 1)) "${kinds[RANDOM % 4]}" "$delay"
    case $rc in
    2 | 3) fail "a run ended with exit code $rc" ;;
    esac
  done
  runs=$((runs + 1))
  [ "$(hash_of hit)" = "$expected" ] || fail "run $runs is not the one that was never hit"
  echo "run $runs is the one that was never hit; $dealt hits so far"
done
echo "$dealt hits (-9 of the job ${count[job]}, -9 of a rank ${count[rank]}," \
  "SIGUSR1 ${count[usr1]}, SIGTERM ${count[term]}) in $runs runs, $((SECONDS - started)) s:" \
  "all equal in every bit"
