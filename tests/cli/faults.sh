#!/usr/bin/env bash
# The program itself with a fault on order (tests/fault/inject.h): exit code 1, one message, nobody
# waits for anybody, no memory left; and exit code 0 once there is no such call. That every single
# fault is told is for tests/fault/test_faults.c, which needs no new processes.
. "$(dirname "$0")/../tools/cli_check.sh"
MGMD=$(dirname "$MGMD")/tests/fault/mgmd
[ -x "$MGMD" ] || { echo "there is no program $MGMD" && exit 1; }

cat >small.yaml <<'Y'
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 7
axes: {load: z, free: y, thin: x}
output: {directory: out.d, thermo: 0.02 ps}
stages:
  - create: {composition: {Cu: 64, Zr: 36}, atoms: 300, box: [1.2 nm, 1.8 nm, 2.4 nm]}
  - run:    {ensemble: nve, steps: 1}
  - write:  {file: a.h5}
  - write:  {file: a.xyz}
Y

# a rank that mpirun ends early leaves no report
nothing_left() { ! cat /dev/null report.[0-9]* 2>/dev/null | grep -v ' left 0$'; }
fails_once() {
  [ "$rc" = 1 ] && one_line err && holds err '^mgmd: error: ' && [ -e report.fired ] && nothing_left
}
succeeds() { [ "$rc" = 0 ] && empty err && [ ! -e report.fired ] && nothing_left; }

export MGMD_FAULT MGMD_FAULT_REPORT=report
try() { # RANKS FAULT EXPECTATION
  rm -rf out.d report.*
  MGMD_FAULT=$2
  mgmd "$1" small.yaml
  expect "$2 of $1" "$3"
}

try 0 alloc:1@0 fails_once   # before MPI has started
try 0 write:20@0 fails_once
try 0 alloc:100000@0 succeeds
try 1 alloc:300@0 fails_once
try 2 alloc:3@1 fails_once   # starting MPI
try 2 alloc:300@1 fails_once
try 2 agree:20@0 fails_once
try 3 alloc:1@2 fails_once
try 3 write:1@0 fails_once
try 3 write:400@0 fails_once # within a file
try 3 agree:1@1 fails_once
try 3 agree:60@2 fails_once
try 3 agree:100000@0 succeeds
finish
