#!/usr/bin/env bash
# Guards what other programs rely on in a snapshot: the names, shapes, types and units of the file
# format, and the structure that H5MD 1.1 asks for (nongnu.org/h5md), read by h5py and not by mgmd.
. "$(dirname "$0")/../tools/cli_check.sh"

python=
for candidate in "${PYTHON:-python3}" /usr/bin/python3; do
  "$candidate" -c 'import h5py, numpy' 2>/dev/null && python=$candidate && break
done
if [ -z "$python" ]; then
  echo "ok snapshots read by h5py # SKIP python3 has no h5py (Debian: python3-h5py)"
  exit 77
fi

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
  - compress: {rate: 1e12 1/s, strain: 2 %, temperature: 50 K, pressure: {x: 0 GPa}}
  - write:    {file: single.h5}
  - write:    {file: final.data}
  - write:    {file: final.xyz}
Y
mgmd 2 run.yaml
expect "the run ends well" [ "$rc" = 0 ]
last=$(ls run/run-*.h5 | tail -n 1)

cat >check.py <<'P'
import sys
import h5py
import numpy as np

f = h5py.File(sys.argv[1], "r")
atoms = f["particles/all"]
n = atoms["id/value"].shape[1]


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def attribute(path, name):
    return text(f[path].attrs[name])


def fixed(path, name):
    return h5py.check_string_dtype(f[path].attrs.get_id(name).dtype).length is not None


def check_h5md():
    assert list(f["h5md"].attrs["version"]) == [1, 1]
    assert attribute("h5md/creator", "name") == "mgmd" and attribute("h5md/creator", "version")
    assert fixed("h5md/creator", "name") and fixed("h5md/creator", "version")
    assert fixed("h5md/author", "name")
    assert list(f["h5md/modules/units"].attrs["version"]) == [1, 0]
    assert attribute("h5md/modules/units", "system") == "SI"
    box = f["particles/all/box"]
    assert box.attrs["dimension"] == 3 and box.attrs["dimension"].shape == ()
    assert [text(b) for b in box.attrs["boundary"]] == ["periodic", "none", "periodic"]
    assert fixed("particles/all/box", "boundary")


def check_elements():
    step, time = atoms["position/step"], atoms["position/time"]
    assert step.shape == (1,) and step.dtype.kind == "i" and time.shape == (1,)
    assert attribute("particles/all/position/time", "unit") == "ps"
    elements = [atoms[k] for k in atoms if k != "box"] + [atoms["box/edges"], atoms["box/origin"]]
    elements += list(f["observables"].values())
    for e in elements:
        assert set(e) == {"step", "time", "value"}, e.name
        assert e["step"] == step and e["time"] == time, e.name + ": not the same object"
        assert e["value"].shape[0] == 1
        assert isinstance(e["value"].attrs["unit"], str) and e["value"].attrs["description"]


def check_fields():
    unit = {"position": "Angstrom", "image": "", "id": "", "species": "", "mass": "u",
            "velocity": "Angstrom/ps", "force": "eV/Angstrom", "potential_energy": "eV",
            "stress": "eV", "von_mises_strain": "", "volumetric_strain": "", "volume_change": "",
            "rotation_angle": "radian", "strain": "", "strain_12": "", "d2min": "Angstrom^2",
            "strain_valid": ""}
    components = {"position": 3, "image": 3, "velocity": 3, "force": 3, "stress": 6, "strain": 6}
    kind = {"image": "i4", "id": "i8", "species": "i4", "strain_valid": "i"}
    for name, expected in unit.items():
        value = atoms[name + "/value"]
        shape = (1, n, components[name]) if name in components else (1, n)
        assert value.shape == shape, name
        assert value.dtype.str[1:].startswith(kind.get(name, "f8")), name
        assert attribute(value.name, "unit") == expected, (name, attribute(value.name, "unit"))
        assert value.chunks is None and np.isfinite(value[()]).all(), name
    assert h5py.check_enum_dtype(atoms["species/value"].dtype) == {"Cu": 1, "Zr": 2}
    assert (np.diff(atoms["id/value"][0]) > 0).all()
    mass = atoms["mass/value"][0]
    assert np.allclose(mass, np.where(atoms["species/value"][0] == 1, 63.546, 91.224), atol=0.01)


def check_cell():
    edges, origin = atoms["box/edges/value"], atoms["box/origin/value"]
    assert edges.shape == (1, 3, 3) and origin.shape == (1, 3)
    assert (edges[0] == np.diag(np.diag(edges[0]))).all()
    x, image = atoms["position/value"][0], atoms["image/value"][0]
    lo, hi = origin[0], origin[0] + np.diag(edges[0])
    assert ((x >= lo) & (x < hi))[:, [0, 2]].all() and (image[:, 1] == 0).all()


def check_parameters():
    assert "compress" in text(f["parameters/input"][()])
    assert text(f["parameters/provenance"][()])
    assert attribute("parameters", "title") == "a small sample"
    assert [attribute("parameters/axes", k) for k in ("load", "free", "thin")] == ["z", "y", "x"]


check_h5md()
check_elements()
check_fields()
check_cell()
check_parameters()
P
expect "the last snapshot is as the format says" "$python" check.py "$last"

cat >first.py <<'P'
# the snapshot that is the reference itself holds exact zeros
import sys
import h5py

atoms = h5py.File(sys.argv[1], "r")["particles/all"]
for name in ("von_mises_strain", "volumetric_strain", "volume_change", "rotation_angle", "strain",
             "strain_12", "d2min"):
    assert (atoms[name + "/value"][()] == 0).all(), name
P
expect "the reference holds exact zeros" "$python" first.py run/run-000000.h5

# what is written reads back: the same place of every atom, in every format
cat >same.py <<'P'
import sys
import h5py
import numpy as np

a = h5py.File(sys.argv[1], "r")["particles/all"]
x, v = a["position/value"][0], a["velocity/value"][0]
lines = open(sys.argv[2]).read().split("\n")
if sys.argv[2].endswith(".xyz"):
    rows = [line.split() for line in lines[2:] if line]
    assert [r[0] for r in rows] == ["Cu" if s == 1 else "Zr" for s in a["species/value"][0]]
    place = np.array([[float(w) for w in r[1:4]] for r in rows])
    speed = np.array([[float(w) for w in r[8:11]] for r in rows])
else:
    at, to = lines.index("Atoms # atomic") + 2, lines.index("Velocities")
    rows = [line.split() for line in lines[at:to] if line]
    place = np.array([[float(w) for w in r[2:5]] for r in rows])
    speed = np.array([[float(w) for w in line.split()[1:]] for line in lines[to + 2:] if line])
assert (place == x).all() and (speed == v).all()
P
expect "LAMMPS data has the same numbers" "$python" same.py run/single.h5 run/final.data
expect "extended XYZ has the same numbers" "$python" same.py run/single.h5 run/final.xyz

for file in "$last" run/final.data run/final.xyz; do
  mgmd 0 info "$file"
  expect "info reads ${file#*.}" holds out '300'
done
mgmd 0 info --hash "$last"
expect "the hash covers every field" [ "$(grep -c '/particles/all/.*/value' out)" -ge 19 ]
mgmd 0 diff "$last" run/run-000000.h5
expect "diff tells two snapshots apart" [ "$rc" = 1 ]

finish
