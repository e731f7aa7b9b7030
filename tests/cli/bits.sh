#!/usr/bin/env bash
# The promise that users buy: the whole protocol, from random atoms to the unloaded notched sample,
# gives the same bits on any number of ranks and rank grid, and output changes nothing. Compared are
# every dataset of every snapshot (mgmd diff) and thermo.csv, byte for byte, against one rank.
. "$(dirname "$0")/../tools/cli_check.sh"

cat >mini.yaml <<'Y'
title: the protocol in miniature
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 11
axes: {load: z, free: y, thin: x}
output: {directory: one, thermo: 0.02 ps}
stages:
  - create:    {composition: {Cu: 64, Zr: 36}, atoms: 400, box: [1.2 nm, 2.4 nm, 2.4 nm]}
  - minimize:  {max_steps: 40}
  - quench:    {melt: 2000 K, hold: 0.04 ps, to: 50 K, rate: 1e16 K/s, pressure: 0 GPa}
  - replicate: {times: [1, 1, 2]}
  - notch:     {shape: u, depth: 0.4 nm, height: 0.5 nm}
  - run:       {ensemble: npt, temperature: 50 K, duration: 0.1 ps, pressure: {x: 0 GPa, z: 0 GPa}}
  - compress:
      {rate: 2e11 1/s, strain: 8 %, temperature: 50 K, pressure: {x: 0 GPa}, snapshots: 2 %}
  - unload:    {to: 0 GPa, hold: 0.1 ps}
Y

last() { ls "$1"/*.h5 | tail -n 1; } # DIRECTORY: its last snapshot

same_run() { # DIRECTORY: equal to `one` in every snapshot and row
  cmp -s one/thermo.csv "$1/thermo.csv" || return 1
  local file n=0
  for file in one/one-*.h5; do
    mgmd 0 diff "$file" "$1/$1-${file##*-}"
    [ "$rc" = 0 ] || return 1
    n=$((n + 1))
  done
  [ "$n" -ge 6 ] && [ "$(ls "$1"/*.h5 | wc -l)" = "$n" ]
}

done_well() { [ "$rc" = 0 ] && empty err; }

mgmd 1 mini.yaml
expect "one rank runs the protocol" done_well
for ranks in 2 3 4 6 8; do
  mgmd $ranks mini.yaml --out r$ranks
  expect "$ranks ranks run it" done_well
  expect "$ranks ranks give the bits of one" same_run r$ranks
done
mgmd 4 mini.yaml --out g4 --set 'parallel.grid=[1, 4, 1]'
expect "another grid of 4 ranks gives the bits of one" same_run g4
mgmd 6 mini.yaml --out g6 --set 'parallel.grid=[3, 1, 2]'
expect "another grid of 6 ranks gives the bits of one" same_run g6

# a table, as polynomials fitted to it
table="potential=$MGMD_SOURCE_DIR/potentials/CuZr_mendelev2007.eam.fs"
same_table() { mgmd 0 diff "$(last t1)" "$(last "$1")" && [ "$rc" = 0 ]; }
mgmd 1 mini.yaml --out t1 --set "$table"
expect "one rank runs a table" done_well
mgmd 3 mini.yaml --out t3 --set "$table"
expect "with a table 3 ranks give the bits of one" same_table t3

# rarer and more frequent output: the last snapshot, after everything, is the same
same_end() { mgmd 0 diff "$(last one)" "$(last "$1")" && [ "$rc" = 0 ]; }
mgmd 2 mini.yaml --out often --set 'output.thermo=2 fs' --set 'compress.snapshots=0.5 %'
expect "output at every step changes nothing" same_end often
mgmd 1 mini.yaml --out rare --set 'output.thermo=1 ns' --set 'compress.snapshots=50 %'
expect "hardly any output changes nothing" same_end rare
differs() { mgmd 0 diff "$(last one)" "$(last "$1")"; [ "$rc" = 1 ]; }
mgmd 2 mini.yaml --out seeded --set seed=12
expect "another seed gives another sample" differs seeded
finish
