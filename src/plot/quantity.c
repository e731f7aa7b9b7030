/* Per-atom quantities: how they are called, in which unit they are shown, where they are stored. */
#include "mgmd/plot/source.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/io/h5.h"
#include "mgmd/plot/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ATOMS "/particles/all/"

enum { BLOCK = 65536, NORM = -1, MOST_FIELDS = 64 };

/* Shown otherwise than stored. Names of components follow in the title. */
typedef struct known {
  const char *dataset, *title, *unit;
  double factor;
  mg_colormap_kind kind;
  bool is_strain, zero_is_none;
} known;

static const double DEGREES = 57.295779513082320877;

static const known table[] = {
    {"von_mises_strain", "von Mises strain", "%", 100, MG_COLORS_SEQUENTIAL, true, false},
    {"volumetric_strain", "volumetric strain", "%", 100, MG_COLORS_DIVERGING, true, false},
    {"volume_change", "volume change", "%", 100, MG_COLORS_DIVERGING, true, false},
    {"rotation_angle", "rotation angle", "\u00b0", DEGREES, MG_COLORS_DIVERGING, true, false},
    {"strain_12", "shear strain \u03b5\u2081\u2082", "%", 100, MG_COLORS_DIVERGING, true, false},
    {"strain", "strain", "%", 100, MG_COLORS_DIVERGING, true, false},
    {"d2min", "D\u00b2min", "\u00c5\u00b2", 1, MG_COLORS_SEQUENTIAL, true, false},
    {"stress", "stress", "eV", 1, MG_COLORS_DIVERGING, false, false},
    {"velocity", "velocity", "\u00c5/ps", 1, MG_COLORS_DIVERGING, false, false},
    {"force", "force", "eV/\u00c5", 1, MG_COLORS_DIVERGING, false, false},
    {"potential_energy", "potential energy", "eV", 1, MG_COLORS_SEQUENTIAL, false, false},
    {"voronoi_volume", "Voronoi volume", "\u00c5\u00b3", 1, MG_COLORS_SEQUENTIAL, false, true},
    {"atomic_stress", "atomic stress", "GPa", 1, MG_COLORS_DIVERGING, false, true},
};

static int component_of(const char *word, int components) {
  static const char *const vector[] = {"x", "y", "z"};
  static const char *const tensor[] = {"xx", "yy", "zz", "xy", "xz", "yz"};
  const char *const *names = components == 6 ? tensor : vector;
  for (int k = 0; k < components; k++)
    if (components != 3 && components != 6) {
      char number[16];
      snprintf(number, sizeof number, "%d", k + 1);
      if (strcmp(word, number) == 0) return k;
    } else if (strcmp(word, names[k]) == 0) {
      return k;
    }
  return components == 3 && strcmp(word, "norm") == 0 ? NORM : -2;
}

/* All numeric per-atom datasets, for the message and the nearest name. */
static mg_status no_such_field(mg_h5 *file, const char *path, const char *name) {
  char *paths, known_names[600] = "";
  const char *names[MOST_FIELDS];
  int64_t n;
  int kept = 0;
  MG_TRY(mg_h5_list(file, &paths, &n));
  char *next = paths;
  for (int64_t k = 0; k < n && kept < MOST_FIELDS; k++) {
    char *here = next;
    next += strlen(next) + 1;
    char *value = strstr(here, "/value");
    if (strncmp(here, ATOMS, strlen(ATOMS)) != 0 || !value || strstr(here, "/box/")) continue;
    *value = '\0';
    names[kept++] = here + strlen(ATOMS);
  }
  const char *nearest = mg_str_nearest(name, names, kept);
  for (int k = 0; k < kept; k++)
    mg_str_append(known_names, sizeof known_names, "%s%s", k ? ", " : "", names[k]);
  mg_status status = MG_ERR_INPUT;
  bool strain = false;
  for (size_t k = 0; k < sizeof table / sizeof table[0]; k++)
    strain = strain || (table[k].is_strain && strcmp(name, table[k].dataset) == 0);
  if (strain)
    mg_fail(status, "%s: holds no %s; strains are there from the start of the first compress on, "
            "unless output.fields leaves them out", path, name);
  else if (nearest)
    mg_fail(status, "%s: holds no field '%s'; did you mean '%s'?", path, name, nearest);
  else
    mg_fail(status, "%s: holds no field '%s'; it holds %s", path, name, known_names);
  mg_free(paths);
  return status;
}

static mg_status find_component(const char *path, const char *word, mg_quantity *q) {
  const char *valid = q->components == 6   ? "xx, yy, zz, xy, xz, yz"
                      : q->components == 3 ? "x, y, z, norm"
                                           : "1, 2, ...";
  MG_REQUIRE(q->components == 1 ? !word : word != NULL, MG_ERR_INPUT,
             word ? "%s: %s has no components" : "%s: %s has components; add one of .%s", path,
             q->name, valid);
  q->component = 0;
  if (!word) return MG_OK;
  q->component = component_of(word, q->components);
  MG_REQUIRE(q->component != -2, MG_ERR_INPUT, "%s: %s: no such component; valid: %s", path,
             q->name, valid);
  return MG_OK;
}

static void describe(mg_quantity *q, const char *dataset, const char *word, const char *unit) {
  q->factor = 1;
  q->kind = word ? MG_COLORS_DIVERGING : MG_COLORS_SEQUENTIAL;
  mg_str_copy(q->title, sizeof q->title, dataset);
  for (char *c = q->title; *c; c++)
    if (*c == '_') *c = ' ';
  mg_ticks_unit(unit, q->unit, sizeof q->unit);
  for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
    if (strcmp(dataset, table[k].dataset) != 0) continue;
    mg_str_copy(q->title, sizeof q->title, table[k].title);
    mg_str_copy(q->unit, sizeof q->unit, table[k].unit);
    q->factor = table[k].factor;
    q->kind = table[k].kind;
    q->is_strain = table[k].is_strain;
    q->zero_is_none = table[k].zero_is_none;
  }
  if (q->component == NORM) q->kind = MG_COLORS_SEQUENTIAL;
  if (word) mg_str_append(q->title, sizeof q->title, " %s", word);
  if (strcmp(dataset, "volumetric_strain") == 0)
    mg_str_copy(q->detail, sizeof q->detail, " tr E/3");
  q->is_virial = strcmp(dataset, "stress") == 0;
  if (q->is_virial) mg_str_append(q->title, sizeof q->title, " \u00d7 volume");
}

static mg_status look_up(mg_h5 *file, const char *path, mg_quantity *q) {
  char dataset[64], unit[32];
  mg_h5_shape shape;
  mg_str_copy(dataset, sizeof dataset, q->name);
  char *word = strchr(dataset, '.');
  if (word) *word++ = '\0';
  snprintf(q->dataset, sizeof q->dataset, ATOMS "%s/value", dataset);
  if (strchr(dataset, '/') || !mg_h5_has(file, q->dataset))
    return no_such_field(file, path, dataset);
  MG_TRY(mg_h5_get_shape(file, q->dataset, &shape));
  const bool numbers =
      shape.type == MG_H5_FLOAT || shape.type == MG_H5_INTEGER || shape.type == MG_H5_ENUM;
  MG_REQUIRE(numbers && (shape.rank == 2 || shape.rank == 3) && shape.dims[0] == 1, MG_ERR_INPUT,
             "%s: %s does not hold numbers per atom", path, q->name);
  q->components = shape.rank == 3 ? (int)shape.dims[2] : 1;
  MG_TRY(find_component(path, word, q));
  mg_h5_get_attribute(file, q->dataset, "unit", 0, unit, sizeof unit);
  describe(q, dataset, word, unit);
  return MG_OK;
}

mg_status mg_quantity_find(const mg_shot *shot, const char *name, mg_quantity *quantity) {
  mg_h5 *file;
  *quantity = (mg_quantity){0};
  MG_REQUIRE(mg_str_copy(quantity->name, sizeof quantity->name, name) && *name, MG_ERR_INPUT,
             "'%.64s' is no field of snapshots", name);
  MG_TRY(mg_h5_open(NULL, shot->path, &file));
  const mg_status status = look_up(file, shot->path, quantity);
  mg_h5_abandon(&file);
  return status;
}

mg_status mg_shot_holds(const mg_shot *shot, int n, const char *const *names, bool *holds) {
  mg_quantity q;
  mg_status status = MG_OK;
  for (int k = 0; k < n && status == MG_OK; k++) status = mg_quantity_find(shot, names[k], &q);
  *holds = status == MG_OK;
  if (status != MG_ERR_INPUT) return status;
  mg_error_clear();
  return MG_OK;
}

/* One component of [1][N][k], block by block, so that memory for one is enough. */
static mg_status read_component(mg_h5 *file, const char *path, int component, int64_t n,
                                double *value) {
  mg_h5_shape shape;
  MG_TRY(mg_h5_get_shape(file, path, &shape));
  const int components = shape.rank == 3 ? (int)shape.dims[2] : 1;
  const bool real = shape.type == MG_H5_FLOAT;
  MG_REQUIRE(shape.rank >= 2 && shape.dims[1] == n && component < components, MG_ERR_INPUT,
             "%s: %s: its shape does not fit %lld atoms", mg_h5_path(file), path, (long long)n);
  double *block;
  int64_t *whole;
  MG_TRY(MG_NEW(block, BLOCK * components));
  whole = (void *)block; /* of the same size: one buffer serves both */
  mg_status status = MG_OK;
  /* a single atom is one row of components, as is any number of them */
  const int64_t rows = n == 1 ? shape.n_rows : n, per_atom = rows / n;
  for (int64_t done = 0; done < n && status == MG_OK; done += BLOCK) {
    const int64_t now = n - done < BLOCK ? n - done : BLOCK;
    status = mg_h5_get_part(file, path, real ? MG_FLOAT64 : MG_INT64, done * per_atom,
                            now * per_atom, block);
    for (int64_t k = 0; k < now && status == MG_OK; k++) {
      const int64_t at = k * components;
      if (component == NORM)
        value[done + k] = sqrt(block[at] * block[at] + block[at + 1] * block[at + 1] +
                               block[at + 2] * block[at + 2]);
      else
        value[done + k] = real ? block[at + component] : (double)whole[at + component];
    }
  }
  mg_free(block);
  return status;
}

mg_status mg_quantity_read(const mg_shot *shot, const mg_quantity *q, double *value) {
  static const char valid_path[] = ATOMS "strain_valid/value";
  const int64_t n = shot->header.n_atoms;
  double *valid = NULL;
  mg_h5 *file;
  MG_TRY(mg_h5_open(NULL, shot->path, &file));
  mg_status status = read_component(file, q->dataset, q->component, n, value);
  for (int64_t k = 0; k < n && status == MG_OK; k++)
    value[k] = q->zero_is_none && value[k] == 0 ? NAN : value[k] * q->factor;
  if (status == MG_OK && q->is_strain && mg_h5_has(file, valid_path)) {
    status = MG_NEW(valid, n);
    if (status == MG_OK) status = read_component(file, valid_path, 0, n, valid);
    for (int64_t k = 0; k < n && status == MG_OK; k++)
      if (valid[k] == 0) value[k] = NAN;
  }
  mg_free(valid);
  mg_h5_abandon(&file);
  return status;
}

mg_status mg_shot_coordinate(const mg_shot *shot, int axis, double *x) {
  mg_h5 *file;
  MG_TRY(mg_h5_open(NULL, shot->path, &file));
  const mg_status status =
      read_component(file, ATOMS "position/value", axis, shot->header.n_atoms, x);
  mg_h5_abandon(&file);
  return status;
}

mg_status mg_shot_species(const mg_shot *shot, int32_t *species) {
  static const char path[] = ATOMS "species/value";
  char name[MG_MAX_SPECIES][MG_SYMBOL];
  int32_t label[MG_MAX_SPECIES];
  int n_labels = 0;
  const int64_t n = shot->header.n_atoms;
  double *value = NULL;
  mg_h5 *file;
  MG_TRY(mg_h5_open(NULL, shot->path, &file));
  mg_status status = mg_h5_get_labels(file, path, MG_MAX_SPECIES, &n_labels, name, label);
  if (status == MG_OK) status = MG_NEW(value, n);
  if (status == MG_OK) status = read_component(file, path, 0, n, value);
  for (int64_t k = 0; k < n && status == MG_OK; k++) {
    species[k] = -1;
    for (int s = 0; s < n_labels; s++)
      if ((int32_t)value[k] == label[s]) species[k] = s;
    if (species[k] < 0)
      status = mg_fail(MG_ERR_INPUT, "%s: %s: atom %lld has no species", shot->path, path,
                       (long long)k);
  }
  mg_free(value);
  mg_h5_abandon(&file);
  return status;
}
