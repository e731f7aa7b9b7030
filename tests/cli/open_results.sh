#!/usr/bin/env bash
# Guards docs/open_results.md and what it promises: its commands and snippets run as they stand, and
# other programs' readers (VTK, ASE, MDAnalysis, our own for OVITO) see the numbers that h5py sees.
# What needs a package that is not installed is skipped.
. "$(dirname "$0")/../tools/cli_check.sh"
page=$MGMD_SOURCE_DIR/docs/open_results.md

# an interpreter that has all of these modules, or nothing
interpreter() {
  local candidate module
  for candidate in "${PYTHON:-python3}" /usr/bin/python3; do
    for module in "$@"; do
      "$candidate" -c "import $module" 2>/dev/null || continue 2
    done
    echo "$candidate"
    return
  done
}

# with NAME MODULES FILE: one case: runs FILE, or skips it
with() {
  local name=$1 modules=$2 file=$3 python
  # shellcheck disable=SC2086
  python=$(interpreter $modules)
  if [ -z "$python" ]; then
    echo "ok $name # SKIP python3 lacks one of: $modules"
    return
  fi
  expect "$name" run_quietly "$python" "$file"
}
run_quietly() { "$@" >../out 2>../err </dev/null; }
export MGMD MGMD_SOURCE_DIR

cat >run.yaml <<'Y'
title: a small sample
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 3
axes: {load: z, free: y, thin: x}
output: {directory: out/quickstart, thermo: 0.002 ps}
stages:
  - create:   {composition: {Cu: 64, Zr: 36}, atoms: 300, box: [1.2 nm, 2.4 nm, 2.4 nm]}
  - minimize: {max_steps: 20}
  - open:     {}
  - compress: {rate: 1e12 1/s, strain: 3 %, temperature: 50 K, pressure: {x: 0 GPa}, snapshots: 1 %}
Y
mkdir place && cd place || exit 1
expect "the run ends well" run_quietly "$RUN_MPI" 2 "$MGMD" ../run.yaml

# the page's commands, then its snippets
awk '/^```sh/ { on = 1; next } /^```/ { on = 0 } on' "$page" |
  sed "s|^mgmd |\"\$MGMD\" |" >commands.sh
expect "the page's commands" run_quietly bash -e commands.sh
awk '/^```python/ { on = 1; n++; next } /^```/ { on = 0 } on { print > ("snippet" n ".py") }' \
  "$page"
for file in snippet*.py; do
  with "$file: $(grep -m 1 -E '^(import|from) ' "$file")" "$(sed -n '1s/# test: //p' "$file")" \
    "$file"
done

cat >truth.py <<'P'
import glob
import h5py

names = sorted(glob.glob("out/quickstart/quickstart-*.h5"))


def values(name, field):
    with h5py.File(name) as f:
        return f["particles/all"][field]["value"][0]


def edges(name):
    with h5py.File(name) as f:
        return f["particles/all/box/edges/value"][0].diagonal()
P
cat >vtk_reads.py <<'P'
import os
import numpy as np
from vtkmodules.vtkIOXdmf2 import vtkXdmfReader
from vtkmodules.util.numpy_support import vtk_to_numpy
from truth import names, values

os.rename("out/quickstart", "out/elsewhere")  # paths are relative
try:
    reader = vtkXdmfReader()
    reader.SetFileName("out/elsewhere/quickstart.xdmf")
    reader.UpdateInformation()
    times = reader.GetOutputInformation(0).Get(reader.GetExecutive().TIME_STEPS())
    assert len(times) == len(names) and all(np.diff(times) > 0), times
    for time, name in zip(times, names):
        reader.UpdateTimeStep(time)
        grid = reader.GetOutputDataObject(0)
        while not hasattr(grid, "GetPoints"):
            grid = grid.GetBlock(0)
        name = name.replace("quickstart/", "elsewhere/", 1)
        x = vtk_to_numpy(grid.GetPoints().GetData())
        assert (x == values(name, "position")).all()
        for field in ("velocity", "von_mises_strain", "species", "strain_valid"):
            found = vtk_to_numpy(grid.GetPointData().GetArray(field))
            assert (found == values(name, field)).all(), field
        yz = vtk_to_numpy(grid.GetPointData().GetArray("stress_yz"))
        assert (yz == values(name, "stress")[:, 5]).all()
finally:
    os.rename("out/elsewhere", "out/quickstart")
P
with "VTK reads fields, times and relative paths of the XDMF file" \
  "vtkmodules.vtkIOXdmf2 h5py numpy" vtk_reads.py

cat >xdmf_says.py <<'P'
import xml.etree.ElementTree as tree
import h5py
import numpy as np
from truth import names, edges, values

root = tree.parse("out/quickstart/quickstart.xdmf").getroot()
grids = root.findall(".//Grid[@GridType='Uniform']")
assert len(grids) == len(names)
for grid, name in zip(grids, names):
    info = {i.get("Name"): i.get("Value") for i in grid.findall("Information")}
    assert (np.array(info["box_edges"].split(), float) == edges(name)).all()
    with h5py.File(name) as f:
        time = float(grid.find("Time").get("Value"))
        assert time == f["particles/all/position/time"][0]
        for item in grid.findall(".//DataItem[@Format='HDF']"):
            file, path = item.text.split(":")
            assert "/" not in file and file == name.split("/")[-1], file
            data = f[path]
            assert tuple(map(int, item.get("Dimensions").split())) == data.shape, path
            assert item.get("NumberType") == ("Float" if data.dtype.kind == "f" else "Int"), path
            assert int(item.get("Precision")) == data.dtype.itemsize, path
        for attribute in grid.findall("Attribute"):
            # components of tensors: start, stride and count of a slab
            slab = attribute.find("DataItem[@ItemType='HyperSlab']")
            if slab is None:
                continue
            plan, item = slab.findall("DataItem")
            start, stride, count = np.array(plan.text.split(), int).reshape(3, 3)
            data = f[item.text.split(":")[1]][()]
            box = tuple(slice(s, s + c * d, d) for s, d, c in zip(start, stride, count))
            stem, _, part = attribute.get("Name").rpartition("_")
            k = ["xx", "yy", "zz", "xy", "xz", "yz"].index(part)
            assert (data[box].ravel() == values(name, stem)[:, k]).all(), attribute.get("Name")
P
with "the XDMF file tells the cell and names its neighbours" "h5py numpy" xdmf_says.py

cat >ase_reads.py <<'P'
import numpy as np
from ase.io import read
from truth import names, values, edges

frames = read("out/quickstart.xyz", index=":")
assert len(frames) == len(names)
for frame, name in zip(frames, names):
    assert (frame.positions == values(name, "position")).all()
    assert (frame.cell.lengths() == edges(name)).all() and list(frame.pbc) == [True, False, True]
    assert (frame.numbers == np.where(values(name, "species") == 1, 29, 40)).all()
    assert (frame.get_forces() == values(name, "force")).all()
    for ours, theirs in {"velocity": "velo", "id": "id", "image": "image", "stress": "stress",
                         "von_mises_strain": "von_mises_strain"}.items():
        assert (frame.arrays[theirs] == values(name, ours)).all(), ours
P
with "ASE reads extended XYZ" "ase h5py numpy" ase_reads.py

cat >mdanalysis_reads.py <<'P'
import warnings
import numpy as np
from truth import names, values, edges

warnings.simplefilter("ignore")
import MDAnalysis

u = MDAnalysis.Universe.empty(len(values(names[0], "id")), trajectory=True)
u.load_new("out/traj.h5", format="H5MD")
assert len(u.trajectory) == len(names) and len(u.atoms) == len(values(names[0], "id"))
for frame, name in zip(u.trajectory, names):
    close = lambda a, b: np.allclose(a, b, rtol=1e-6, atol=1e-5)
    assert close(frame.positions, values(name, "position"))
    assert close(frame.velocities, values(name, "velocity"))
    assert close(frame.forces, values(name, "force") * 96.48533212)
    assert close(frame.dimensions[:3], edges(name)) and (frame.dimensions[3:] == 90).all()
P
with "MDAnalysis reads the trajectory made for it" "MDAnalysis h5py numpy" mdanalysis_reads.py

cat >ovito_reads.py <<'P'
import os
import sys
import numpy as np
from truth import names, values, edges

sys.path.insert(0, os.path.join(os.environ["MGMD_SOURCE_DIR"], "packaging/ovito"))
import mgmd_reader


class Types:
    def __init__(self, data):
        self.data, self.names = data, {}

    def add_type_id(self, number, owner, name):
        self.names[number] = name


class Collection(dict):  # of OVITO what the reader uses
    attributes = {}

    def create_cell(self, matrix, pbc):
        self.cell, self.pbc = matrix, pbc

    def create_particles(self, count):
        self.count = count
        return self

    def create_property(self, name, data, components=None):
        assert len(data) == self.count
        self[name] = Types(data)
        return self[name]


assert not mgmd_reader.is_snapshot("commands.sh")
for name in names:
    assert mgmd_reader.MgmdReader.detect(name)
    frames, data = [], Collection()
    reader = mgmd_reader.MgmdReader()
    reader.scan(name, lambda *a: frames.append(a))
    reader.parse(data, name)
    assert len(frames) == 1 and data.pbc == [True, False, True]
    assert (np.diag(data.cell[:, :3]) == edges(name)).all()
    assert (data["Position"].data == values(name, "position")).all()
    assert (data["von_mises_strain"].data == values(name, "von_mises_strain")).all()
    assert data["Particle Type"].names == {1: "Cu", 2: "Zr"}
    assert data.attributes["Timestep"] >= 0 and "strain" in data.attributes
P
with "the reader for OVITO, by a stand-in for it" "h5py numpy" ovito_reads.py

finish
