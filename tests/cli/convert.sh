#!/usr/bin/env bash
# Guards `mgmd convert` and `mgmd strain`: what a format can hold comes back bit for bit, on any
# number of ranks; strains of converted configurations are those that the run wrote itself; wrong
# usage is refused and leaves nothing behind.
. "$(dirname "$0")/../tools/cli_check.sh"

cat >run.yaml <<'Y'
title: a small sample
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 3
axes: {load: z, free: y, thin: x}
output: {directory: run, thermo: 0.02 ps}
stages:
  - create:   {composition: {Cu: 64, Zr: 36}, atoms: 300, box: [1.2 nm, 2.4 nm, 2.4 nm]}
  - minimize: {max_steps: 20}
  - open:     {}
  - compress: {rate: 1e12 1/s, strain: 3 %, temperature: 50 K, pressure: {x: 0 GPa}, snapshots: 1 %}
Y
mgmd 2 run.yaml
expect "the run ends well" [ "$rc" = 0 ]
first=run/run-000000.h5 last=run/run-000003.h5

# hashes of the values of all fields and, but for an open axis, of the cell
values() { "$MGMD" info --hash "$1" | grep -E "/particles/all/($2)" | sort -k 2; }
differs() { ! same "$1" "$2" 'd2min/value'; }
# strain_12 of the last snapshot to 1e-12, by what `diff` tells
nearly() {
  "$MGMD" diff "$1" "$last" | grep 'strain_12/value' >differences
  [ ! -s differences ] || awk '{ exit !($NF < 1e-12) }' differences
}
same() { [ -s "$1" ] && [ -s "$2" ] && [ "$(values "$1" "$3")" = "$(values "$2" "$3")" ]; }

mgmd 0 convert $last a.h5
expect "HDF5 to HDF5" "$MGMD" diff --quiet $last a.h5
for format in dump xyz; do
  mgmd 0 convert $last a.$format
  mgmd 3 convert $last b.$format
  expect "$format has the same bytes on 3 ranks" cmp a.$format b.$format
  mgmd 0 convert a.$format $format.h5
  expect "$format holds every field" same $last $format.h5 '.*/value'
  mgmd 0 convert run traj.$format --quiet
  expect "$format: a run becomes a trajectory" [ "$rc" = 0 ]
  mgmd 3 convert traj.$format back.h5
  expect "$format: and the run again" same run/run-000002.h5 back-000002.h5 '.*/value'
  mgmd 0 convert traj.$format one.h5 --frame -1 --overwrite
  expect "$format: one of the frames" same $last one.h5 'position/value'
done 2>/dev/null
mgmd 0 convert a.xyz c.data
mgmd 0 convert c.data c.h5
expect "LAMMPS data holds velocities" same $last c.h5 'velocity/value'
# an open sample, its atoms on both sides beyond the cell, closed by the format and opened again:
# all are where they were
awk '/^[-0-9.e]+ [-0-9.e]+$/ && ++n == 2 { $0 = "5 20" } { print }' a.dump >wide.dump
mgmd 0 convert wide.dump wide.data
mgmd 0 convert wide.dump wide2.dump
cat >again.yaml <<'Y'
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 3
axes: {load: z, free: y, thin: x}
output: {directory: again, thermo: 0.02 ps}
stages:
  - read: {file: wide.data}
  - open: {}
  - run:  {ensemble: nve, steps: 0}
Y
mgmd 2 again.yaml
energy() { tail -n 1 "$1/thermo.csv" | cut -d , -f 9 | cut -c -15; }
expect "LAMMPS data of an open sample has its energy" [ "$(energy again)" = "$(energy run)" ]
bounds_are_behind() { # of a dump or data file: 1 A and more between atoms and bounds of y
  awk 'FNR == 1 { y = /data/ ? 4 : 7 }
    /yhi$/ || (y == 7 && /^[-0-9.e]+ [-0-9.e]+$/ && ++n == 2) { lo = $1; hi = $2 }
    NF >= 8 && $1 + 0 > 0 { if ($y < lo + 1 || $y > hi - 1) near = 1; atoms++ }
    END { exit near || atoms < 300 || !(lo < hi) }' "$1"
}
expect "no atom is near a bound of it" bounds_are_behind wide.data
expect "nor of a dump" bounds_are_behind wide2.dump
awk '/yhi$/ { hi = $2 } NF == 8 && !n++ { $4 = hi } { print }' wide.data >bound.data
mgmd 0 convert bound.data bound.xyz
expect "an atom on the upper bound stays there" \
  [ "$(awk 'NR == 3 { print ($3 > 20) }' bound.xyz)" = 1 ]
mgmd 0 convert $last few.dump --fields d2min,stress
expect "fields are chosen" holds few.dump 'vx vy vz d2min stress\[1\].*stress\[6\]$'

strains='((von_mises|volumetric)_strain|volume_change|rotation_angle|strain|strain_12|d2min)/value'
ranks=3
for way in "$first $last" "traj.dump traj.dump --axes z,y,x --frame -1" "$first a.xyz" \
  "a.data traj.dump --open y --frame 3 --ref-frame 0 --species Cu,Zr"; do
  [ -f a.data ] || "$MGMD" convert $first a.data --quiet
  # shellcheck disable=SC2086
  mgmd $ranks strain $way --fields none --out s.h5 --overwrite
  expect "strain $way is that of the run" same $last s.h5 "$strains"
  ranks=0
done
mgmd 0 strain $first run --out all.h5 --quiet
expect "strain of a whole run" same $last all-000003.h5 "$strains"
sed 's/ ix iy iz/ p q r/' a.dump >noimage.dump
mgmd 0 strain $first noimage.dump --out near.h5
expect "without images the nearest one is taken" same $last near.h5 "$strains"
sed 's/^300$/299/; /^3 /d' a.dump >fewer.dump
for affine in none to_reference to_current; do
  mgmd 0 strain $first $last --affine $affine --out $affine.h5 --quiet
done
expect "affine: the cell's strain is taken out" differs none.h5 to_reference.h5
expect "affine: in current lengths" differs to_current.h5 to_reference.h5

mkdir empty
# the mean of equal configurations is that configuration; of different ones it lies between
cat a.dump a.dump a.dump >still.dump
mgmd 2 strain $first still.dump --positions time_averaged --out mean.h5 --axes z,y,x
expect "positions are averaged over time" nearly mean.h5
mgmd 0 strain $first run --positions time_averaged --out path.h5
expect "along a path, too" [ "$(sed 's/.* strain \([0-9.e-]*\) in the mean.*/\1/;q' out | awk \
  '{ print ($1 > 0.004 && $1 < 0.014) }')" = 1 ]

# no name that is written to may be in use, and nothing that is read is ever written over
cp -r run other
mgmd 0 convert other series.h5
expect "a directory of another name holds one series" "$MGMD" diff --quiet $last series-000003.h5
refused "its own snapshots" 0 'is read' convert run run/run.h5 --fields none
refused "even if asked for" 2 'is read' convert run run/run.h5 --fields none --overwrite
refused "the current one of a strain" 0 'is read' strain $first $last --out $last --overwrite
refused "the reference of a strain" 0 'is read' strain $first $last --out $first --overwrite
refused "what is analysed" 0 'is read' analyze $last --compute grid --out $last --overwrite
refused "a series that is there" 0 'series-000000.h5 exists' convert run series.h5
refused "also for strains" 3 'series-000000.h5 exists' strain $first run --out series.h5
refused "also for an analysis" 0 'series-000000.h5 exists' analyze run --out series.h5
rm series-00000[0-2].h5
refused "its end" 0 'series-000003.h5 exists' convert $first $last series.h5
rm series-000003.h5
refused "its frame" 0 'series.xdmf exists' convert $first $last series.h5
touch table.csv
refused "a table" 0 'table.csv exists' analyze $last --compute grid --out table.h5
mgmd 0 convert run series.h5 --overwrite
mgmd 2 convert $first $last series.h5 --overwrite
expect "a shorter series leaves nothing of the longer one" \
  [ "$(echo series-*)" = "series-000000.h5 series-000001.h5" ]
cp series-000000.h5 other/more-000000.h5
refused "a directory with two series" 0 'the series more and run' convert other e.h5
refused "a folder that is not there" 0 "no folder 'none'" convert $last none/e.h5

refused "a closed against an open one" 2 "axis y is open.*--open y" strain c.data $last --out e.h5
sed 's/ # [A-Z][a-z]$//' c.data >nameless.data
refused "elements without names" 0 '--species Cu,Zr' convert nameless.data e.h5
mgmd 0 convert nameless.data shared.h5 --species Cu,Cu
expect "types may share an element" [ "$rc" = 0 ]
refused "no element" 0 "'Xx' is no element" convert nameless.data e.h5 --species Cu,Xx
sed '/^Masses/,/^2 91/d' nameless.data >massless.data
mgmd 0 convert massless.data weights.h5 --species Cu,Zr
expect "masses are those of the elements" same $last weights.h5 'mass/value'
mgmd 0 convert weights.h5 weights.data
expect "LAMMPS data to LAMMPS data" cmp weights.data c.data
expect "the step goes through LAMMPS data" holds c.data "step $(head -n 2 a.dump | tail -n 1),"
mgmd 0 convert traj.dump timeless.h5
expect "without times the series has steps" [ "$(grep -c 'Time Value="0"' timeless.xdmf)" = 1 ]

refused "no format in the name" 3 'known format' convert $last a.txt
refused "two options in one" 0 'did you mean' convert $last a.xyz --field none
mgmd 2 info traj.dump
expect "info counts configurations" holds out '^configurations +4,.* 0, from 0$'
mgmd 0 info traj.xyz --frame -1
expect "and tells about one of them" holds out '^configurations +4,.* 3, from 0$'
expect "which has its step" holds out "^step +$("$MGMD" info $last | awk '/^step/ { print $2 }') "
refused "a frame that info does not find" 0 'valid: 0 to 3' info traj.dump --frame 4
head -n 500 traj.dump >cut.dump
refused "a trajectory that is cut off" 0 'cut.dump:500: ' info cut.dump
refused "an unknown field" 0 "no field 'd2mim'; did you mean 'd2min'" \
  convert run e.h5 --fields d2mim
refused "an unknown field of a dump" 2 "did you mean 'stress'" convert a.dump e.h5 --fields sterss
refused "strains before there are any" 0 "no field 'd2min'; there is none" convert c.data e.h5 \
  --fields d2min
refused "an unknown field to take along" 0 "did you mean 'force'" strain $first $last \
  --fields forces --out e.h5
mgmd 0 convert traj.dump late.dump --fields d2min,velocity
expect "a field of the later ones" [ "$rc" = 0 ]
mgmd 0 strain $first $last --fields stress,d2min --out e1.h5
expect "a field of the result" [ "$rc" = 0 ]
mgmd 0 convert dump.h5 again.dump
mgmd 0 convert again.dump again.h5
expect "reference positions go from dump to HDF5 and back" same $last again.h5 \
  'reference_position/value'
refused "a missing file" 0 'no such file' convert nothing.h5 d.xyz
refused "an existing file" 0 'exists' convert $last a.xyz
refused "several in LAMMPS data" 0 'choose one' convert run all.data
refused "a frame that is not there" 0 'no configuration 7' convert run e.data --frame 7
refused "an unknown reader" 0 'mdanalysis' convert run e.h5 --for ovito
refused "a directory without a run" 3 'no snapshots' strain $first empty --out e.h5
refused "other atoms" 0 'same atoms|the same' strain $first fewer.dump --out e.h5 --axes z,y,x
refused "an unknown mapping" 0 'to_reference' strain $first $last --affine all --out e.h5
refused "a cutoff without unit" 0 'has no unit' strain $first $last --cutoff 10 --out e.h5
refused "axes twice" 0 'three axes' strain $first $last --axes z,z,x --out e.h5

finish
