/* Everything of a snapshot that is not a row per atom: the H5MD frame, the box, observables and
 * parameters [H5MD 1.1, nongnu.org/h5md; de Buyl, Colberg, Hoefling, Comput. Phys. Commun. 185,
 * 1546 (2014)]. H5MD has no origin of the box and calls an open axis "none"; both are kept beside
 * its edges, so that nothing of the cell is lost.
 */
#include "snapshot_impl.h"

#include "mgmd/base/version.h"

#include <stdio.h>
#include <string.h>

#define SAMPLE(member) offsetof(mg_sample, member)

const mg_sample_field mg_sample_fields[] = {
    {"atomic_volume", "Angstrom^3", "volume per atom of the bulk", SAMPLE(atomic_volume), 1},
    {"notch_depth", "Angstrom", "depth of the notch in each free face", SAMPLE(notch_depth), 1},
    {"notch_height", "Angstrom", "height of the notch along the load axis", SAMPLE(notch_height),
     1},
    {"length0", "Angstrom", "load-axis edge at the start of the deformation", SAMPLE(length0), 1},
    {"width0", "Angstrom", "gross width along the free axis then", SAMPLE(width0), 1},
    {"thickness0", "Angstrom", "thin-axis edge then", SAMPLE(thickness0), 1},
    {"face_gap0", "Angstrom", "distance of the mean positions of its tagged face atoms then",
     SAMPLE(face_gap0), 1},
    {"strain_rate", "1/ps", "signed engineering strain rate of the last deformation",
     SAMPLE(strain_rate), 1},
    {"temperature", "K", "thermostat's target at the end of the last deformation",
     SAMPLE(temperature), 1},
    {"pressure", "GPa", "at which the axes x y z were held in it; NaN: not relaxed",
     SAMPLE(pressure), 3},
};
const int mg_n_sample_fields = sizeof mg_sample_fields / sizeof mg_sample_fields[0];

static mg_status link_timeline(mg_h5 *file, const char *group, const char *name) {
  char from[MG_H5_NAME], to[MG_H5_NAME + 16];
  snprintf(from, sizeof from, MG_SNAPSHOT_TIMELINE "/%s", name);
  snprintf(to, sizeof to, "%s/%s", group, name);
  return mg_h5_link(file, from, to);
}

mg_status mg_snapshot_element(mg_h5 *file, const char *group, const mg_h5_spec *spec) {
  char value[MG_H5_NAME + 16];
  MG_TRY(mg_h5_group(file, group));
  MG_TRY(link_timeline(file, group, "step"));
  MG_TRY(link_timeline(file, group, "time"));
  snprintf(value, sizeof value, "%s/value", group);
  return mg_h5_dataset(file, value, spec);
}

mg_status mg_snapshot_describe_h5md(mg_h5 *file, const mg_snapshot *snapshot) {
  const int32_t version[2] = {1, 1}, units[2] = {1, 0};
  MG_TRY(mg_h5_group(file, "/h5md/author"));
  MG_TRY(mg_h5_group(file, "/h5md/creator"));
  MG_TRY(mg_h5_group(file, "/h5md/modules/units"));
  MG_TRY(mg_h5_set_ints(file, "/h5md", "version", 2, version));
  MG_TRY(mg_h5_set_fixed(file, "/h5md/author", "name",
                         snapshot->author ? snapshot->author : "unknown"));
  MG_TRY(mg_h5_set_fixed(file, "/h5md/creator", "name", "mgmd"));
  MG_TRY(mg_h5_set_fixed(file, "/h5md/creator", "version", mg_version()));
  MG_TRY(mg_h5_set_ints(file, "/h5md/modules/units", "version", 2, units));
  return mg_h5_set_fixed(file, "/h5md/modules/units", "system", "SI");
}

static void cell_matrix(const mg_box *box, double edges[9]) {
  memset(edges, 0, 9 * sizeof *edges);
  for (int a = 0; a < 3; a++) edges[4 * a] = box->length[a];
}

static mg_status write_boundary(mg_h5 *file, const char *group, const mg_box *box) {
  const char *boundary[3];
  for (int a = 0; a < 3; a++) boundary[a] = box->periodic[a] ? "periodic" : "none";
  return mg_h5_set_fixed_list(file, group, "boundary", 3, boundary);
}

static mg_status write_box(mg_h5 *file, const mg_snapshot *snapshot) {
  static const int32_t dimension = 3;
  const mg_h5_spec step = {MG_INT64, 1, {1}, NULL, NULL, "time step"};
  const mg_h5_spec time = {MG_FLOAT64, 1, {1}, NULL, "ps", "simulated time"};
  const mg_h5_spec edges = {MG_FLOAT64, 3,          {1, 3, 3},
                            NULL,       "Angstrom", "rows are the cell vectors"};
  const mg_h5_spec origin = {MG_FLOAT64, 2, {1, 3}, NULL, "Angstrom", "lower corner of the cell"};
  double matrix[9];
  cell_matrix(&snapshot->box, matrix);
  MG_TRY(mg_h5_group(file, MG_SNAPSHOT_TIMELINE));
  MG_TRY(mg_h5_set_ints(file, MG_SNAPSHOT_BOX, "dimension", 0, &dimension));
  MG_TRY(write_boundary(file, MG_SNAPSHOT_BOX, &snapshot->box));
  MG_TRY(mg_h5_put(file, MG_SNAPSHOT_TIMELINE "/step", &step, &snapshot->step));
  MG_TRY(mg_h5_put(file, MG_SNAPSHOT_TIMELINE "/time", &time, &snapshot->time));
  MG_TRY(mg_h5_put(file, MG_SNAPSHOT_BOX "/edges/value", &edges, matrix));
  MG_TRY(mg_h5_group(file, MG_SNAPSHOT_BOX "/origin"));
  MG_TRY(link_timeline(file, MG_SNAPSHOT_BOX "/origin", "step"));
  MG_TRY(link_timeline(file, MG_SNAPSHOT_BOX "/origin", "time"));
  return mg_h5_put(file, MG_SNAPSHOT_BOX "/origin/value", &origin, snapshot->box.lo);
}

static mg_status write_observables(mg_h5 *file, const mg_snapshot *snapshot) {
  MG_TRY(mg_h5_group(file, "/observables"));
  for (int k = 0; k < snapshot->n_observables; k++) {
    const mg_observable *o = &snapshot->observables[k];
    const mg_h5_spec spec = {
        MG_FLOAT64, o->components > 1 ? 2 : 1, {1, o->components}, NULL, o->unit, o->description};
    char group[MG_H5_NAME], value[MG_H5_NAME + 16];
    snprintf(group, sizeof group, "/observables/%s", o->name);
    snprintf(value, sizeof value, "/observables/%s/value", o->name);
    MG_TRY(mg_h5_group(file, group));
    MG_TRY(link_timeline(file, group, "step"));
    MG_TRY(link_timeline(file, group, "time"));
    MG_TRY(mg_h5_put(file, value, &spec, o->value));
  }
  return MG_OK;
}

static mg_status write_sample(mg_h5 *file, const mg_sample *sample) {
  MG_TRY(mg_h5_group(file, "/parameters/sample"));
  for (int k = 0; k < mg_n_sample_fields; k++) {
    const mg_sample_field *field = &mg_sample_fields[k];
    const mg_h5_spec spec = {MG_FLOAT64, field->count > 1, {field->count},
                             NULL,       field->unit,      field->description};
    char path[MG_H5_NAME];
    snprintf(path, sizeof path, "/parameters/sample/%s", field->name);
    MG_TRY(mg_h5_put(file, path, &spec, (const char *)sample + field->offset));
  }
  return MG_OK;
}

static mg_status write_reference(mg_h5 *file, const mg_box *box) {
  const mg_h5_spec edges = {MG_FLOAT64, 2, {3, 3}, NULL, "Angstrom", "rows are the cell vectors"};
  const mg_h5_spec origin = {MG_FLOAT64, 1, {3}, NULL, "Angstrom", "lower corner of the cell"};
  double matrix[9];
  cell_matrix(box, matrix);
  MG_TRY(mg_h5_group(file, MG_SNAPSHOT_REFERENCE));
  MG_TRY(write_boundary(file, MG_SNAPSHOT_REFERENCE, box));
  MG_TRY(mg_h5_put(file, MG_SNAPSHOT_REFERENCE "/edges", &edges, matrix));
  return mg_h5_put(file, MG_SNAPSHOT_REFERENCE "/origin", &origin, box->lo);
}

/* Fixed-length texts, as everything that is read back: HDF5 1.10 trusts the lengths of others and
 * crashes when a damaged file has them wrong. */
static mg_status write_axes(mg_h5 *file, const mg_axes *axes) {
  static const char *const name[3] = {"x", "y", "z"};
  if (axes->load == axes->free) return MG_OK;
  MG_TRY(mg_h5_group(file, "/parameters/axes"));
  MG_TRY(mg_h5_set_fixed(file, "/parameters/axes", "load", name[axes->load]));
  MG_TRY(mg_h5_set_fixed(file, "/parameters/axes", "free", name[axes->free]));
  return mg_h5_set_fixed(file, "/parameters/axes", "thin", name[axes->thin]);
}

static mg_status write_parameters(mg_h5 *file, const mg_snapshot *snapshot) {
  const mg_h5_spec mass = {MG_FLOAT64, 1,   {snapshot->species->n},
                           NULL,       "u", "mass per species, in the order of their values"};
  const char *input = snapshot->resolved_input, *provenance = snapshot->provenance;
  MG_TRY(mg_h5_group(file, "/parameters"));
  MG_TRY(mg_h5_set_text(file, "/parameters", "title", snapshot->title ? snapshot->title : ""));
  MG_TRY(mg_h5_set_text(file, "/parameters", "stage", snapshot->stage ? snapshot->stage : ""));
  MG_TRY(write_axes(file, &snapshot->axes));
  MG_TRY(mg_h5_put_text(file, "/parameters/input", input ? input : ""));
  MG_TRY(mg_h5_put_text(file, "/parameters/provenance", provenance ? provenance : ""));
  MG_TRY(mg_h5_put(file, "/parameters/species_mass", &mass, snapshot->species->mass));
  MG_TRY(write_sample(file, &snapshot->sample));
  return snapshot->has_reference ? write_reference(file, &snapshot->reference_box) : MG_OK;
}

static mg_status write_arrays(mg_h5 *file, const mg_snapshot *snapshot) {
  for (int k = 0; k < snapshot->n_arrays; k++) {
    const mg_array *a = &snapshot->arrays[k];
    const mg_h5_spec spec = {a->ctype, a->rank, {a->dims[0], a->dims[1], a->dims[2]},
                             NULL,     a->unit, a->description};
    char group[MG_H5_NAME];
    snprintf(group, sizeof group, "%.*s", (int)(strrchr(a->path, '/') - a->path), a->path);
    MG_TRY(mg_h5_group(file, group));
    MG_TRY(mg_h5_put(file, a->path, &spec, a->data));
  }
  return MG_OK;
}

mg_status mg_snapshot_describe(mg_h5 *file, const mg_snapshot *snapshot) {
  MG_TRY(mg_snapshot_describe_h5md(file, snapshot));
  MG_TRY(write_box(file, snapshot));
  MG_TRY(write_observables(file, snapshot));
  MG_TRY(write_arrays(file, snapshot));
  return write_parameters(file, snapshot);
}
