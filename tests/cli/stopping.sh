#!/usr/bin/env bash
# What stops a run, and what may happen to it: signals, the stop file, wall times, kill -9 of the
# job or of one rank, a disk that fills up, a directory that is gone, atoms that explode. On purpose
# it ends with 85 and a checkpoint; otherwise with one message and the last checkpoint intact; and
# always it goes on to the bits of the run that nothing happened to.
. "$(dirname "$0")/../tools/cli_check.sh"

cat >slow.yaml <<'Y'
title: long enough to be hit
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 5
axes: {load: z, free: y, thin: x}
output: {directory: whole, thermo: 0.02 ps, checkpoint: 0.05 s}
stages:
  - create:    {composition: {Cu: 64, Zr: 36}, atoms: 500, box: [1.2 nm, 2.7 nm, 2.7 nm]}
  - minimize:  {max_steps: 60}
  - run:
      {ensemble: npt, temperature: {from: 1500 K, to: 300 K}, duration: 2 ps, pressure: 0 GPa}
  - notch:     {shape: u, depth: 0.4 nm, height: 0.5 nm}
  - compress:
      {rate: 1e11 1/s, strain: 8 %, temperature: 300 K, pressure: {x: 0 GPa}, snapshots: 4 %}
Y
results() { sed '/^performance/,$d' "$1/summary.yaml"; }
same_run() {
  [ "$rc" = 0 ] && cmp -s "whole/thermo.csv" "$1/thermo.csv" &&
    [ "$(results whole)" = "$(results "$1")" ] || return 1
  local file
  for file in whole/whole-*.h5; do
    mgmd 0 diff "$file" "$1/$1-${file##*-}"
    [ "$rc" = 0 ] || return 1
  done
}
stopped() { [ "$rc" = 85 ] && empty err && holds out "stopped at step .*$1.*--resume auto"; }
checkpoints_are_whole() {
  local file
  for file in "$1"/checkpoint/*.h5; do
    mgmd 0 info "$file" && [ "$rc" = 0 ] || return 1
  done
}

# begin RANKS DIRECTORY ARGUMENT...: starts it and waits for its third checkpoint; leaves $job
begin() {
  local ranks=$1 dir=$2
  shift 2
  rm -rf "$dir"
  timeout 60 "$RUN_MPI" "$ranks" "$MGMD" slow.yaml --out "$dir" "$@" >out 2>err </dev/null &
  timer=$!
  for _ in $(seq 600); do
    [ -e "$dir/checkpoint/checkpoint-000003.h5" ] && break
    sleep 0.02
  done
  job=$(ps -o pid= --ppid $timer | tr -d ' ')
}
ended() {
  wait $timer 2>/dev/null
  rc=$?
}
ranks_of() { ps -o pid= --ppid "$1" | tr -d ' '; }

mgmd 1 slow.yaml
expect "the run that nothing happens to" [ "$rc" = 0 ]

# a run that holds its directory for as long as the second one waits; looked at in the end
timeout 200 "$MGMD" slow.yaml --out locked >first 2>&1 </dev/null &
until [ -e locked/checkpoint/checkpoint-000003.h5 ]; do sleep 0.02; done
holder=$(ps -o pid= --ppid $! | tr -d ' ')
kill -STOP "$holder"
timeout 200 "$MGMD" slow.yaml --out locked --resume auto >second 2>second.err </dev/null &
waiting=$!

begin 2 usr1
kill -USR1 "$job"
ended
expect "SIGUSR1 to mpirun stops all ranks" stopped SIGUSR1
mgmd 3 slow.yaml --out usr1 --resume auto
expect "and the run goes on to the same end" same_run usr1

rm -rf term
timeout 60 "$MGMD" slow.yaml --out term >out 2>err </dev/null &
timer=$!
until [ -e term/checkpoint/checkpoint-000003.h5 ]; do sleep 0.02; done
kill -TERM "$(ps -o pid= --ppid $timer | tr -d ' ')"
ended
expect "SIGTERM stops a single process" stopped SIGTERM

# the file is looked for once a second: let that pass while the run stands still
begin 2 file
touch file/stop
kill -STOP $(ranks_of "$job") && sleep 1.2 && kill -CONT $(ranks_of "$job")
ended
expect "the stop file stops it" stopped "the file 'stop'"
expect "and is gone then" [ ! -e file/stop ]
touch file/stop
mgmd 1 slow.yaml --out file --resume auto
expect "one from before the start is removed" holds out 'file/stop: removed; it was there before'
expect "and the run goes on to the same end" same_run file
mkdir -p stuck/stop/x
mgmd 1 slow.yaml --out stuck
expect "one that cannot be removed is told" holds err 'warning: stuck/stop: cannot be removed'

# a signal while the program starts, from its first moments on
for wait in 0.05 0.1 0.2; do
  timeout 60 "$MGMD" slow.yaml --out early --overwrite >out 2>err </dev/null &
  timer=$!
  sleep $wait
  kill -USR1 "$(ps -o pid= --ppid $timer | tr -d ' ')"
  wait $timer
  rc=$?
  expect "SIGUSR1 after $wait s" stopped SIGUSR1
done

mgmd 2 slow.yaml --out clock --walltime 1.2s
expect "a wall time stops it" stopped 'wall time'
SLURM_JOB_END_TIME=$(($(date +%s) + 1)) mgmd 1 slow.yaml --out clock --resume auto
expect "and the end of a SLURM job" stopped 'SLURM'
SLURM_JOB_END_TIME=never mgmd 1 slow.yaml --out clock --resume auto
expect "one that is no time is not heeded" holds err "warning: SLURM_JOB_END_TIME is 'never'"
expect "and the run comes to the same end" same_run clock

begin 3 killed
kill -9 $(ranks_of "$job") "$job"
ended
expect "kill -9 of a job leaves whole checkpoints" checkpoints_are_whole killed
mgmd 2 slow.yaml --out killed --resume auto
expect "from which it goes on" same_run killed
begin 3 one
kill -9 "$(ranks_of "$job" | tail -n 1)"
ended
expect "kill -9 of one rank ends the others" eval '[ "$rc" != 0 ] && [ "$rc" != 124 ]'
mgmd 4 slow.yaml --out one --resume auto
expect "and the run goes on" same_run one

begin 2 gone
mv gone away
ended
expect "a directory that vanishes is one message" eval '[ "$rc" = 1 ] && one_line err'
begin 2 bare
rm bare/thermo.csv
ended
expect "and so is a table that vanishes" \
  eval '[ "$rc" = 1 ] && one_line err && holds err "thermo.csv: is gone"'

wild='run.duration=1 ps'
mgmd 2 slow.yaml --out wild --set "$wild" --set 'timestep=20 fs' --set 'run.tau_T=0.2 ps' \
  --set 'run.temperature=60000 K' --set 'compress.rate=1e10 1/s' --set 'output.thermo=1 ps'
exploded() {
  [ "$rc" = 1 ] && one_line err && holds err 'step [0-9]+: atom [0-9]+ at \(.*\) A ' &&
    holds err 'the last good state is wild/checkpoint/checkpoint-0'
}
expect "an explosion is told with atom, place and last good state" exploded

wait $waiting
rc=$?
expect "a second run in the same directory is refused" \
  eval '[ "$rc" = 2 ] && one_line second.err && holds second.err "another run is using"'
kill -9 "$holder"
mgmd 2 slow.yaml --out locked --resume auto
expect "the lock of a dead one does not block" same_run locked

mkdir disk
if mount -t tmpfs -o size=20m tmpfs disk 2>/dev/null; then
  trap 'cd / && umount "$place/disk"; rm -rf "$place"' EXIT
  begin 2 disk/full
  head -c 30000000 /dev/zero >disk/filler 2>/dev/null
  ended
  full() {
    [ "$rc" = 1 ] && one_line err && holds err 'no space left.*last good state is disk/full/c'
  }
  expect "a disk that fills up is one message" full
  expect "the checkpoints on it are whole" checkpoints_are_whole disk/full
  rm disk/filler
  mgmd 1 slow.yaml --out disk/full --resume auto
  ln -s disk/full full
  expect "with room the run goes on" same_run full
else
  echo "ok a disk that fills up # SKIP no right to mount a small file system"
fi
finish
