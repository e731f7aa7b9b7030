#!/usr/bin/env bash
# Rank counts that divide nothing and outnumber the cells: 5, 7 and 64 ranks of a box 1.2 nm thin,
# where most ranks own no atom and sub-boxes are far thinner than the cutoff, with one axis open.
# Same bits as on one rank.
. "$(dirname "$0")/../tools/cli_check.sh"

cat >tiny.yaml <<'Y'
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 3
axes: {load: z, free: y, thin: x}
output: {directory: one, thermo: 0.01 ps}
stages:
  - create:   {composition: {Cu: 64, Zr: 36}, atoms: 400, box: [1.2 nm, 2.4 nm, 2.4 nm]}
  - minimize: {max_steps: 5}
  - open:     {}
  - run:      {ensemble: npt, temperature: 300 K, steps: 10, pressure: {x: 0 GPa, z: 0 GPa}}
  - compress: {rate: 1e12 1/s, strain: 2 %, temperature: 300 K, pressure: {x: 0 GPa}}
Y

well() { [ "$rc" = 0 ] && empty err; }
same() { cmp -s one/thermo.csv "$1/thermo.csv" && mgmd 0 diff one/one-000001.h5 "$1/$1-000001.h5" &&
  [ "$rc" = 0 ]; }

mgmd 0 tiny.yaml
expect "one process" well
for ranks in 5 7 64; do
  mgmd $ranks tiny.yaml --out r$ranks
  expect "$ranks ranks" well
  expect "$ranks ranks give the bits of one" same r$ranks
done
finish
