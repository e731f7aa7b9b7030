#!/usr/bin/env bash
# Guards strains of time-averaged positions: the mean is what its formula says, followed step by
# step in the files; it is the same on any number of ranks and through a stop; it takes most of
# the noise of heat out of the strain; the trajectory does not notice. (tests/cli/resume.sh stops
# such a run after each of its steps.)
. "$(dirname "$0")/../tools/cli_check.sh"

# a crystal, so that heat is all there is
awk 'BEGIN { a = 3.64; print "fcc\n"; print 720, "atoms\n2 atom types\n"
  print 0, 5 * a, "xlo xhi\n" 0, 6 * a, "ylo yhi\n" 0, 6 * a, "zlo zhi\n\nAtoms # atomic\n"
  for (i = 0; i < 10; i++) for (j = 0; j < 12; j++) for (k = 0; k < 12; k++)
    if ((i + j + k) % 2 == 0) print ++n, 1, i * a / 2, j * a / 2, k * a / 2 }' >crystal.data
input() { # DIRECTORY KEYS STAGES
  cat <<Y
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 5
axes: {load: z, free: y, thin: x}
output: {directory: $1, thermo: 0.02 ps$2}
stages:
  - read:     {file: crystal.data, species: [Cu, Zr]}
  - run:      {ensemble: nvt, temperature: 300 K, duration: 1 ps}
  - compress: {rate: 1e10 1/s, strain: 0.06 %, temperature: 300 K, snapshots: 0.002 %}
$3
Y
}
wait='  - run:      {ensemble: nvt, temperature: 300 K, duration: 1 ps}'
means=', positions: time_averaged, average: 0.5 ps'
input means "$means" "$wait
  - analyze:  {}" >means.yaml
input plain '' "$wait
  - analyze:  {}" >plain.yaml
input asked ', average: 0.5 ps' "$wait
  - analyze:  {positions: time_averaged}" >asked.yaml
mgmd 1 means.yaml
expect "a run with averages" [ "$rc" = 0 ]
mgmd 3 plain.yaml
expect "the trajectory does not notice them" cmp means/thermo.csv plain/thermo.csv
mgmd 3 asked.yaml
expect "a stage that asks for them speaks for the run" \
  "$MGMD" diff --quiet means/means-000000.h5 asked/asked-000000.h5
last=$(ls means/means-0*.h5 | tail -n 1)
expect "the same bits on 3 ranks" "$MGMD" diff --quiet "$last" "asked/asked-${last##*-}"

input part "$means" '' >part.yaml
input part "$means" "$wait
  - analyze:  {}" >longer.yaml
mgmd 2 part.yaml
kept=$(ls part/checkpoint/*.h5 | tail -n 1)
sed 's/average: 0.5 ps/average: 0.1 ps/' longer.yaml >other.yaml
refused "another time of averaging after a resume" 2 'keep output.positions' \
  other.yaml --resume "$kept"
mgmd 3 longer.yaml --resume "$kept"
expect "gone on with after a stop: the same bits" \
  "$MGMD" diff --quiet "$last" "part/part-${last##*-}"

python=$(for p in python3 /usr/bin/python3; do
  "$p" -c 'import h5py, numpy' 2>/dev/null && echo "$p" && break
done)
if [ -z "$python" ]; then
  skip "the mean by its formula; less noise" "h5py is not installed"
else
  cat >mean.py <<'P'
import glob, h5py, numpy as np
mean, worst, steps = None, 0.0, 0
for name in sorted(glob.glob("means/means-0*.h5")):
    with h5py.File(name) as file:
        atoms = file["particles/all"]
        edges = np.diagonal(atoms["box/edges/value"][0])
        now = atoms["position/value"][0] + atoms["image/value"][0] * edges
        kept, step = atoms["mean_position/value"][0], atoms["position/step"][0]
        kept_edges = file["observables/mean_edges/value"][0]
    if mean is not None and step == last + 1:
        worst = max(worst, np.abs(mean + 0.004 * (now - mean) - kept).max(),
                    np.abs(mean_edges + 0.004 * (edges - mean_edges) - kept_edges).max())
        steps += 1
    mean, mean_edges, last = kept, kept_edges, step
assert steps >= 29 and worst < 1e-12, (steps, worst)
def noise(run):
    with h5py.File(sorted(glob.glob(run + "/" + run + "-0*.h5"))[-1]) as file:
        return file["particles/all/von_mises_strain/value"][0].mean()
print(noise("means"), noise("plain"))
assert noise("means") < 0.5 * noise("plain")
P
  expect "the mean by its formula; less noise" "$python" mean.py
fi
