#!/usr/bin/env bash
# A run that is stopped after every single step, in every stage, and gone on with on changing
# numbers of ranks is to the bit the run that never stopped: thermo.csv byte for byte, every
# snapshot, the series and the results. And what --resume accepts, refuses and leaves alone.
. "$(dirname "$0")/../tools/cli_check.sh"

cat >glass.yaml <<'Y'
title: a small glass
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 11
axes: {load: z, free: y, thin: x}
output: {directory: glass, thermo: 0.1 ps}
stages:
  - create:    {composition: {Cu: 64, Zr: 36}, atoms: 400, box: [1.2 nm, 2.4 nm, 2.4 nm]}
  - minimize:  {max_steps: 200}
  - run:       {ensemble: npt, temperature: 50 K, duration: 0.6 ps, pressure: 0 GPa}
  - write:     {file: glass.h5}
Y
cat >steps.yaml <<'Y'
title: a few steps of everything
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 11
axes: {load: z, free: y, thin: x}
output: {directory: whole, thermo: 4 fs, positions: time_averaged, average: 6 fs}
stages:
  - read:      {file: glass/glass.h5}
  - minimize:  {max_steps: 3, pressure: 0 GPa}
  - quench:    {melt: 900 K, hold: 4 fs, to: 50 K, rate: 1.0625e17 K/s, pressure: 0 GPa}
  - notch:     {shape: u, depth: 0.4 nm, height: 0.5 nm}
  - run:       {ensemble: nvt, temperature: 50 K, steps: 3, snapshots: 4 fs}
  - compress:
      {rate: 1e12 1/s, strain: 1.2 %, temperature: 50 K, pressure: {x: 0 GPa}, snapshots: 0.4 %}
  - unload:    {to: -0.2 GPa, window: 4 fs, hold: 6 fs}
Y
ramp='{to: -1.1 GPa, mode: stress_ramp, modulus: 300 GPa, tau_P: 200 fs, window: 4 fs, hold: 4 fs}'
sed "s/unload: .*/unload: $ramp/" steps.yaml >ramp.yaml

done_well() { [ "$rc" = 0 ] && empty err; }
results() { sed '/^performance/,$d' "$1/summary.yaml"; }

# chain DIRECTORY INPUT RANKS...: a leg for each step, on these numbers of ranks in turn
chain() {
  local dir=$1 input=$2 k=0
  shift 2
  local ranks=("$@")
  legs=0
  while mgmd "${ranks[$((k++ % ${#ranks[@]}))]}" "$input" --out "$dir" --resume auto \
    --walltime '1 s'; [ "$rc" = 85 ] && empty err; do
    legs=$((legs + 1))
    # the second step of compress: what later cases go on from
    if [ ! -e kept ] && holds out 'in stage 6/7'; then cp -r "$dir" kept; fi
    if [ ! -e loaded ] && holds out '^6/7 compress'; then cp -r "$dir" loaded; fi
  done
}

# take KEPT DIRECTORY: a copy of a run that was kept; its files keep the name that it was begun with
take() {
  rm -rf "$2"
  cp -r "$1" "$2"
}
name_of() { basename "$(ls "$1"/*.xdmf)" .xdmf; }

same_run() { # ONE OTHER: equal in every row, snapshot and result
  cmp -s "$1/thermo.csv" "$2/thermo.csv" || return 1
  [ "$(results "$1")" = "$(results "$2")" ] || return 1
  local file n=0 a b
  a=$(name_of "$1") && b=$(name_of "$2")
  cmp -s <(sed "s/$a-/N-/" "$1/$a.xdmf") <(sed "s/$b-/N-/" "$2/$b.xdmf") || return 1
  for file in "$1/$a"-*.h5; do
    mgmd 0 diff "$file" "$2/$b-${file##*-}"
    [ "$rc" = 0 ] || return 1
    n=$((n + 1))
  done
  [ "$n" -ge 5 ] && [ "$(ls "$2"/*-*.h5 | wc -l)" = "$n" ] && ! ls "$2" | grep -q tmp
}

mgmd 1 glass.yaml
expect "a glass to begin with" done_well
mgmd 1 steps.yaml
expect "the run without a stop" done_well
mgmd 1 ramp.yaml --out slow
expect "another one, unloaded by a ramp" done_well

chain cut steps.yaml 1 3 2
expect "stopped after each step, on 1 to 3 ranks" done_well
expect "that were many stops" [ "$legs" -ge 24 ]
expect "the same bits" same_run whole cut
take loaded ramped
chain ramped ramp.yaml 1
expect "the other one, from the loaded sample on, on one rank" done_well
expect "again the same bits" same_run slow ramped

# --- what is left alone, begun afresh, gone back to ---
listing() { find whole -type f -exec cksum {} + | sort; }
before=$(listing)
mgmd 2 steps.yaml --resume auto
unchanged() {
  done_well && one_line out && holds out 'done already' && [ "$before" = "$(listing)" ]
}
expect "a run that is done is left as it is" unchanged
mgmd 1 steps.yaml
expect "without --resume it is refused" holds err 'holds a run already.*--resume auto'

again() { take kept part; } # the run that was stopped in compress
again
newest() { ls "$1"/checkpoint/*.h5 | tail -n 1; }
older() { ls "$1"/checkpoint/*.h5 | head -n 1; }
expect "two checkpoints are there" [ "$(ls part/checkpoint | wc -l)" = 2 ]
went_on() { [ "$rc" = 0 ] && same_run whole part; }

printf 'junk' | dd of="$(newest part)" bs=1 seek=40000 conv=notrunc 2>dd.log
mgmd 2 steps.yaml --out part --resume auto
expect "a damaged one is told" holds err 'warning: .*checksum differs; going back'
expect "and the one before serves" went_on

again
truncate -s 30000 "$(newest part)"
printf 'no HDF5' >"$(older part)"
mgmd 2 steps.yaml --out part --resume auto
expect "two damaged ones are refused" [ "$rc" = 2 ]
expect "with the reason" holds err 'error: .*no checkpoint of this run can be read'

again
rm -r part/checkpoint && mkdir part/more && echo kept >part/more/notes
for file in part/cut*; do mv "$file" "part/part${file#part/cut}"; done
mgmd 1 steps.yaml --out part --resume auto
expect "a dead run without checkpoints is replaced" went_on
expect "but nothing that is not a run's" [ -e part/more/notes ]

again
cp "$(older part)" elsewhere.h5
mgmd 3 steps.yaml --out part --resume elsewhere.h5 --walltime '1 s'
mgmd 1 steps.yaml --out part --resume auto
expect "a checkpoint by its name, and on from there" went_on
mgmd 1 steps.yaml --out other --resume elsewhere.h5
expect "only where its run is" holds err 'other/thermo.csv: is missing'
mgmd 1 glass.yaml --out another --set seed=12
before=$(cksum another/*)
mgmd 1 steps.yaml --out another --resume elsewhere.h5
expect "not in another run's directory" holds err 'another/thermo.csv: .*the run.s own directory'
expect "where nothing is cut" [ "$before" = "$(cksum another/*)" ]
mgmd 1 steps.yaml --out part --resume glass/glass.h5
expect "a file of another kind is refused" holds err 'glass.h5: is no checkpoint'
again
truncate -s 200 part/thermo.csv
mgmd 1 steps.yaml --out part --resume auto
expect "a thermo.csv that was shortened is refused" holds err 'thermo.csv: has 200 bytes, and had'
again
sed -i 's/,900/,901/;3s/1/2/' part/thermo.csv
mgmd 1 steps.yaml --out part --resume auto
expect "so is one that was edited" holds err 'thermo.csv: its first .* bytes are not'
again
echo junk >"$(ls part/*-000000.h5)"
mgmd 1 steps.yaml --out part --resume auto
expect "a damaged snapshot of before is told" holds err 'warning: .*1 of . snapshots are missing'
expect "and no reason to stop" [ "$rc" = 0 ]
again
rm "$(newest part)"
mkfifo "part/checkpoint/checkpoint-000099.h5"
mgmd 1 steps.yaml --out part --resume auto
expect "a pipe for a checkpoint is passed over" holds err 'not a regular file; going back'
expect "to the same bits" went_on

# --- what a new run reads ---
{ head -n 7 steps.yaml && echo '  - read: {file: part/part-000001.h5}'; } >self.yaml
take whole part
mv part/whole-000001.h5 part/part-000001.h5
before=$(cksum part/*)
mgmd 1 self.yaml --out part --overwrite
expect "a run is not overwritten with its own files" holds err 'part-000001.h5 is a file of the run'
expect "which stay" [ "$before" = "$(cksum part/*)" ]
take whole part
mgmd 1 steps.yaml --out part --resume auto --set seed=12
expect "a run that is done was done with this input" holds err 'seed: is 12 and was 11'
{ cat steps.yaml && echo '  - run: {ensemble: nve, steps: 2}'; } >more.yaml
mv part/checkpoint checkpoints
before=$(cksum part/*)
mgmd 1 more.yaml --out part --resume auto
expect "without checkpoints it is not begun anew" holds err 'is done and has no checkpoint'
expect "but left as it is" [ "$before" = "$(cksum part/*)" ]
mv checkpoints part/checkpoint
mgmd 1 more.yaml --out part --resume auto --set 'parallel.grid=[1, 2, 1]'
expect "a rank grid of another job is refused" [ "$rc" = 2 ]
mgmd 1 more.yaml --out part --resume auto
expect "or goes on with the stages that were added" [ "$rc" = 0 ]
expect "and only these" holds out 'going on .* after stage 7/8|before stage 8/8'
again
mv glass/glass.h5 glass/moved.h5
mgmd 1 steps.yaml --out part --resume auto
expect "what was read is not needed again" went_on
again
mgmd 1 steps.yaml --out part --resume auto --set read.file=glass/moved.h5
expect "but no other file may be named" holds err 'read.file: is .* and was'
mv glass/moved.h5 glass/glass.h5

# --- another input ---
again
not_with() { # NAME PATTERN ARGUMENT...
  local name=$1 pattern=$2
  shift 2
  mgmd 1 steps.yaml --out part --resume auto "$@"
  expect "not with $name" eval '[ "$rc" = 2 ] && one_line err && holds err "$pattern"'
}
not_with 'another seed' 'seed: is 12 and was 11' --set seed=12
not_with 'another rate' 'compress.rate: is 9e11 1/s and was 1e12 1/s' --set 'compress.rate=9e11 1/s'
not_with 'another stage that is done' 'run.steps: is 4 and was 3' --set run.steps=4
not_with 'another pressure' 'compress.pressure: is not what it was.*part/run.yaml' \
  --set 'compress.pressure={x: 1 GPa}'
not_with 'another skin' 'skin: ' --set 'skin=0.5 A'
not_with 'another kernel' 'kernel: ' --set kernel=reference
mgmd 2 steps.yaml --out part --resume auto --set 'compress.rate=1 1/ps' \
  --set 'parallel.grid=[1, 2, 1]' --set 'output.checkpoint=1 h' --set title=renamed
expect "but with the same in other words" went_on
again
mgmd 1 steps.yaml --out part --resume auto --set 'unload.hold=8 fs'
expect "and another stage that has not begun" done_well
last_step() { tail -n 1 "$1/thermo.csv" | cut -d, -f1; }
expect "which is then done" [ "$(last_step part)" = $(($(last_step whole) + 1)) ]
mgmd 0 info "$(newest part)"
expect "info tells what a checkpoint holds" holds out 'mgmd checkpoint, whole'
finish
