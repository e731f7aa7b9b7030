#include "mgmd/io/fields.h"

#include <string.h>

const mg_field_info mg_field_infos[] = {
    {"position", "Angstrom", "position, wrapped into the cell on periodic axes", MG_FLOAT64, 3},
    {"image", "", "periodic images crossed: unwrapped = position + image * edges", MG_INT32, 3},
    {"species", "", "chemical species", MG_INT32, 1},
    {"mass", "u", "mass", MG_FLOAT64, 1},
    {"velocity", "Angstrom/ps", "velocity relative to the homogeneous flow of the cell", MG_FLOAT64,
     3},
    {"force", "eV/Angstrom", "force", MG_FLOAT64, 3},
    {"potential_energy", "eV", "embedding energy plus half of the pair energies", MG_FLOAT64, 1},
    {"stress", "eV", "volume times stress, tension > 0, kinetic part included; xx yy zz xy xz yz",
     MG_FLOAT64, 6},
    {"von_mises_strain", "",
     "von Mises shear strain sqrt(dev E : dev E / 2) of the Green-Lagrange strain on 1 nm",
     MG_FLOAT64, 1},
    {"volumetric_strain", "", "tr E / 3", MG_FLOAT64, 1},
    {"volume_change", "", "det F - 1", MG_FLOAT64, 1},
    {"rotation_angle", "radian",
     "signed rotation about the thin axis, counter-clockwise seen with the free axis to the right "
     "and the load axis up",
     MG_FLOAT64, 1},
    {"strain", "", "Green-Lagrange strain E; xx yy zz xy xz yz", MG_FLOAT64, 6},
    {"strain_12", "", "shear component of E between the load and the free axis", MG_FLOAT64, 1},
    {"d2min", "Angstrom^2", "sum over the reference neighbours of |d - F d0|^2", MG_FLOAT64, 1},
    {"strain_valid", "", "1 where the strain is defined, else 0 and all strains are 0", MG_INT32,
     1},
    {"mean_position", "Angstrom",
     "unwrapped position averaged over time, of which the strains are made", MG_FLOAT64, 3},
    {"reference_position", "Angstrom", "unwrapped position in the strain reference", MG_FLOAT64, 3},
    {"coordination", "", "neighbours within the first minimum of the partial g(r), or a cutoff",
     MG_INT32, 1},
    {"centrosymmetry", "Angstrom^2",
     "sum over the pairs of opposite nearest neighbours of |r + r'|^2; 0 on a centre of symmetry",
     MG_FLOAT64, 1},
    {"voronoi_volume", "Angstrom^3", "volume of the Voronoi cell; 0 where it is not closed",
     MG_FLOAT64, 1},
    {"voronoi_index", "", "faces of the Voronoi cell with 3, 4, 5 and 6 edges", MG_INT32, 4},
    {"atomic_stress", "GPa", "stress over the volume of the Voronoi cell; xx yy zz xy xz yz",
     MG_FLOAT64, 6},
    {NULL, NULL, NULL, MG_INT32, 0}};

const mg_field_info *mg_field_find(const char *name) {
  for (const mg_field_info *info = mg_field_infos; info->name; info++)
    if (strcmp(info->name, name) == 0) return info;
  return NULL;
}

mg_column mg_field_column(const char *name, const void *data) {
  const mg_field_info *info = mg_field_find(name);
  if (!info) mg_die("there is no per-atom field %s", name);
  return (mg_column){info->name,  info->unit,       info->description,
                     info->ctype, info->components, data};
}
