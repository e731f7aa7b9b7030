#!/usr/bin/env bash
# Guards the stage `analyze` and `mgmd analyze`: both find the same, on any number of ranks; the
# trajectory is none the worse; results stand where docs/format.md says; wrong requests are refused.
. "$(dirname "$0")/../tools/cli_check.sh"

voronoi=', voronoi'
"$MGMD" analyze none.h5 --compute voronoi 2>&1 | grep -q 'voro++-dev' && voronoi=
write_input() { # NAME ANALYSIS
  cat <<Y
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 3
axes: {load: z, free: y, thin: x}
output: {directory: $1, thermo: 0.002 ps}
stages:
  - create:   {composition: {Cu: 64, Zr: 36}, atoms: 300, box: [1.2 nm, 2.4 nm, 2.4 nm]}
  - minimize: {max_steps: 20}
  - open:     {}
  - compress: {rate: 1e12 1/s, strain: 2 %, temperature: 50 K}
$2
  - run:      {ensemble: nvt, temperature: 50 K, steps: 4}
  - analyze:  {}
Y
}
all="  - analyze:  {compute: [radial_distribution, structure_factor, coordination, centrosymmetry,
      grid, localisation$voronoi], grid: 6 A}"
write_input with "$all" >with.yaml
write_input plain '  - analyze:  {}' >plain.yaml
mgmd 2 with.yaml
expect "a run with an analysis" [ "$rc" = 0 ]
mgmd 0 plain.yaml
expect "the trajectory has the same bits" cmp with/thermo.csv plain/thermo.csv
expect "so has the snapshot after it" "$MGMD" diff --quiet with/with-000003.h5 plain/plain-000003.h5

values() { "$MGMD" info --hash "$1" | grep -E "  /($2)" | sort -k 2; }
same() { [ -n "$(values "$1" "$3")" ] && [ "$(values "$1" "$3")" = "$(values "$2" "$3")" ]; }
found='analysis/|particles/all/(coord|centro|voronoi|atomic_stress)|observables/(loc|mean|ico)'
mgmd 3 analyze plain/plain-000002.h5 --out of.h5 --overwrite --grid '6 A' --quiet
expect "and as in the run" same with/with-000002.h5 of.h5 "$found"
for name in analysis/radial_distribution/Cu_Zr analysis/structure_factor/total \
  analysis/coordination/cutoff analysis/grid/von_mises_strain analysis/grid/stress \
  particles/all/centrosymmetry/value observables/localisation/value; do
  expect "$name is there" same of.h5 with/with-000002.h5 "$name"
done

expect "what was found is on the grid" same of.h5 with/with-000002.h5 \
  analysis/grid/centrosymmetry
mgmd 2 analyze of.h5 --out twice.h5 --grid '6 A' --quiet
expect "a second analysis takes the place of the first" same of.h5 twice.h5 "$found"
mgmd 0 convert of.h5 copy.h5
expect "converting keeps what was found" "$MGMD" diff --quiet of.h5 copy.h5
mgmd 0 analyze plain --compute localisation --out series.h5
expect "a whole run gives a table" [ "$(wc -l <series.csv)" = 6 ]
expect "strain and localisation stand in it" holds series.csv '^[0-9]+,.*-0\.02.*,[0-9.e-]+$'
mgmd 0 convert plain plain.dump --quiet
mgmd 2 analyze plain.dump --compute coordination --out dump.h5 --quiet --frame -1
mgmd 0 analyze plain/plain-000003.h5 --compute coordination --out last.h5 --quiet
expect "of a dump the same coordination" same dump.h5 last.h5 'particles/all/coordination/value'

# how g(r) is shown has no say in where a shell ends
mgmd 0 analyze plain/plain-000003.h5 --range 3A --bin 1.5A --out coarse.h5 \
  --compute radial_distribution,coordination --quiet
expect "coarse bins of g(r), the same coordination" same coarse.h5 last.h5 \
  '(analysis/coordination/cutoff|particles/all/coordination/value)'
for bad in 'range=1 A' 'range=21 nm' 'bin=3 A' 'cutoff=0.1 A' 'grid=0.5 A'; do
  refused "--${bad%=*} beyond the limits of the stage" 0 "--${bad%=*}: .* must be [0-9]" \
    analyze plain "--$bad" --out x.h5
done
refused "an option for what is not computed" 0 'for --compute centrosymmetry' analyze plain \
  --compute grid --neighbours 8 --out x.h5
mgmd 0 convert plain.dump bare.dump --fields none --quiet
refused "localisation without strain" 2 'no configuration has von_mises_strain' analyze bare.dump \
  --compute localisation,grid --out x.h5
write_input x '  - analyze:  {range: 1.2 nm}' >range.yaml
refused "a key for what is not computed" 0 'analyze\[1\].range: .*compute: \[radial_dist' range.yaml
write_input x '' | sed 's/compress:.*/analyze: {compute: [localisation]}/' >early.yaml
awk 'BEGIN { srand(3); print 200; print "Lattice=\"50 0 0 0 50 0 0 0 50\""
  for (k = 0; k < 200; k++) print "Cu", 50 * rand(), 1, 1 }' >line.xyz
refused "a g(r) without a minimum" 2 'Cu and Cu has no minimum.*give a cutoff' analyze line.xyz \
  --compute coordination --out x.h5
refused "localisation before the first strain" 0 'compute: localisation: .*compress' early.yaml
refused "an unknown analysis" 0 "no analysis" analyze plain --compute rdf --out x.h5
refused "an odd number of neighbours" 0 'odd' analyze plain --neighbours 11 --out x.h5
refused "another format" 0 'end in .h5' analyze plain --out x.xyz
refused "an existing file" 0 'exists' analyze plain --out last.h5
refused "a missing file" 3 'no such file' analyze none.h5 --out x.h5
write_input x '  - analyze:  {compute: [grid], neighbours: 7}' >odd.yaml
refused "an odd number in the input" 0 'odd.yaml:11:.*analyze\[1\].neighbours.*odd' odd.yaml
if [ -z "$voronoi" ]; then
  refused "no Voro++" 0 'voro\+\+-dev' analyze plain --compute voronoi --out x.h5
else
  expect "volumes of cells are on the grid" same of.h5 with/with-000002.h5 \
    analysis/grid/voronoi_volume
  "$MGMD" info of.h5 | awk '/^  voronoi_volume/ { print ($3 == 0) }' >surface
  expect "where some are open" holds surface 1
  expect "Voronoi cells" same of.h5 with/with-000002.h5 'particles/all/voronoi_index/value'
fi

finish
