#!/usr/bin/env bash
# What people see while a run goes on: one line that renews itself and fits, with colours, on a
# terminal; plain lines in a log; nothing with --quiet. A pseudo-terminal is made by script(1).
. "$(dirname "$0")/../tools/cli_check.sh"

cat >run.yaml <<'Y'
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 3
axes: {load: z, free: y, thin: x}
output: {directory: run, thermo: 0.1 ps}
stages:
  - create:   {composition: {Cu: 64, Zr: 36}, atoms: 1200, box: [1.6 nm, 3.2 nm, 3.8 nm]}
  - minimize: {max_steps: 800, tolerance: 1e-9 eV/A}
  - run:      {ensemble: nvt, temperature: 50 K, duration: 0.4 ps}
  - compress: {rate: 2e10 1/s, strain: 6 %, temperature: 50 K}
Y
escape=$(printf '\033')

mgmd 2 run.yaml
expect 'the run ends well' [ "$rc" = 0 ]
return=$(printf '\r')
expect 'no escape sequence, no renewed line in a log' [ -z "$(grep -e "$escape" -e "$return" out)" ]
expect 'a line for each stage' [ "$(grep -cE '^[1-4]/4 [a-z]+ .* atoms ' out)" = 4 ]
mgmd 2 run.yaml --overwrite --quiet
expect '--quiet prints nothing' [ "$rc:$(cat out err | wc -c)" = 0:0 ]

if ! script -qec true /dev/null </dev/null >/dev/null 2>&1; then
  echo "ok on a terminal # SKIP there is no script(1) (Debian: bsdutils)"
  finish
fi
# on_terminal COLUMNS COMMAND...: what it shows there, each state of a line on its own, to ./seen
on_terminal() {
  local columns=$1
  shift
  script -qec "stty cols $columns; $*" typescript </dev/null >/dev/null 2>&1
  rc=$?
  tr '\r' '\n' <typescript | grep -vE '^Script (started|done)' >seen
  sed "s/$escape\[[0-9;]*[A-Za-z]//g" seen >plain
}
longest() { awk '{ if (length($0) > n) n = length($0) } END { print n + 0 }'; }

on_terminal 200 "$MGMD" run.yaml --overwrite
expect 'on a terminal: ends well' [ "$rc" = 0 ]
expect 'on a terminal: colours' grep -q "${escape}\[1m" seen
expect 'minimize tells how far it is' holds plain \
  '^2/4 minimize  step [0-9]+ of at most 800  force [0-9.e+-]+ eV/A'
state='step [0-9]+  strain -[0-9.]+ %  stress [-+][0-9.]+ GPa  T [0-9]+ K'
speed='[0-9.]+ [kM] atom-steps/s  [0-9.]+ ns/day  [0-9:]+ left'
expect 'compress tells how far it is' holds plain \
  "^4/4 compress  \\[[#.]{12}\\]  +[0-9]+ %  $state  $speed"
on_terminal 70 "$MGMD" run.yaml --overwrite
expect 'the line fits a narrow terminal' [ "$(grep -E '^4/4 .*left' plain | longest)" -le 69 ]
expect 'what matters most is kept' holds plain '^4/4 compress  +[0-9]+ %  .*strain .*left'
on_terminal 120 NO_COLOR=1 "$MGMD" run.yaml --overwrite
expect 'NO_COLOR: no colours' [ -z "$(grep "${escape}\[[0-9;]*m" seen)" ]
expect 'NO_COLOR: the line is renewed all the same' holds plain '^4/4 compress .*left'
on_terminal 120 TERM=dumb "$MGMD" run.yaml --overwrite
expect 'a dumb terminal: plain lines' [ -z "$(grep "$escape" seen)" ]
on_terminal 120 "$MGMD" run.yaml --overwrite --quiet
expect 'on a terminal, --quiet prints nothing' [ "$rc" = 0 -a -z "$(tr -d ' \n' <plain)" ]
on_terminal 120 "$MGMD" none.yaml
expect 'an error is one line, its word in colour' [ "$(grep -c 'error:' plain)" = 1 ]
expect 'the word error is in colour' grep -q "${escape}\[[0-9;]*merror:" seen
finish
