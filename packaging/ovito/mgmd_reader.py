"""OVITO file reader for mgmd snapshots (H5MD), for OVITO Pro and the Python module `ovito`.

One snapshot per file; a series is opened by a pattern:

    from ovito.io import import_file
    from mgmd_reader import MgmdReader

    pipeline = import_file("out/quickstart/quickstart-*.h5", input_format=MgmdReader)
    data = pipeline.compute()
    print(data.particles["von_mises_strain"].max())

In OVITO Pro put this file into the folder of user-defined file readers [OVITO manual, "User-defined
file readers"]. It needs h5py, which OVITO installs by `ovitos -m pip install h5py`.

The interface asks for three methods: `detect` tells whether a file is ours, `scan` lists its frames,
`parse` fills a data collection. What is in a file is found out by `load`, which knows nothing of OVITO,
so that it can be used and tested without.
"""
import h5py
import numpy as np

try:
    from ovito.io import FileReaderInterface
except ImportError:  # `load` and `is_snapshot` work without OVITO

    class FileReaderInterface:
        """Stands in for OVITO's class."""


# Our names, and what OVITO calls the same thing.
STANDARD = {
    "position": "Position",
    "image": "Periodic Image",
    "id": "Particle Identifier",
    "species": "Particle Type",
    "mass": "Mass",
    "velocity": "Velocity",
    "force": "Force",
    "potential_energy": "Potential Energy",
}
TENSOR = ["XX", "YY", "ZZ", "XY", "XZ", "YZ"]


def is_snapshot(filename):
    """Is this an HDF5 file that mgmd wrote?"""
    try:
        with h5py.File(filename, "r") as f:
            name = f["h5md/creator"].attrs["name"]
            name = name.decode() if isinstance(name, bytes) else name
            return name == "mgmd" and "particles/all/position/value" in f
    except (OSError, KeyError):
        return False


def load(filename):
    """The contents of a snapshot: a dictionary with `cell` (3 x 4: the cell vectors as columns, then the
    origin), `pbc`, `types` (names by number), `fields` (N or N x k arrays by our names) and
    `attributes` (observables, step and time)."""
    with h5py.File(filename, "r") as f:
        atoms = f["particles/all"]
        fields = {}
        for name in atoms:
            if name != "box":
                fields[name] = atoms[name]["value"][0]
        boundary = [b.decode() if isinstance(b, bytes) else b for b in atoms["box"].attrs["boundary"]]
        cell = np.zeros((3, 4))
        cell[:, :3] = atoms["box/edges/value"][0].T
        cell[:, 3] = atoms["box/origin/value"][0]
        types = {v: k for k, v in h5py.check_enum_dtype(atoms["species/value"].dtype).items()}
        attributes = {name: f["observables"][name]["value"][0] for name in f["observables"]}
        attributes["Timestep"] = int(atoms["position/step"][0])
        attributes["Time"] = float(atoms["position/time"][0])
    return {
        "cell": cell,
        "pbc": [b == "periodic" for b in boundary],
        "types": types,
        "fields": fields,
        "attributes": attributes,
    }


class MgmdReader(FileReaderInterface):
    """mgmd snapshots for OVITO."""

    @staticmethod
    def detect(filename):
        return is_snapshot(filename)

    def scan(self, filename, register_frame):
        register_frame()  # one configuration in each file

    def parse(self, data, filename, **kwargs):
        found = load(filename)
        data.create_cell(found["cell"], pbc=found["pbc"])
        fields = found["fields"]
        particles = data.create_particles(count=len(fields["id"]))
        for name, values in fields.items():
            if name == "species":
                types = particles.create_property("Particle Type", data=values.astype(np.int32))
                for number, symbol in found["types"].items():
                    types.add_type_id(number, particles, name=symbol)
            elif name in STANDARD:
                particles.create_property(STANDARD[name], data=values)
            else:
                components = TENSOR if values.ndim == 2 and values.shape[1] == 6 else None
                particles.create_property(name, data=values, components=components or
                                          (values.shape[1] if values.ndim == 2 else 1))
        for name, value in found["attributes"].items():
            if np.ndim(value) == 0:
                data.attributes[name] = value
