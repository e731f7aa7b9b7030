/* What a snapshot holds beyond a configuration: its other per-atom fields, and the story of where
 * it comes from. Looked at by rank 0; the rows are then read by all.
 */
#include "frame_h5.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <stdio.h>
#include <string.h>

/* Read by name elsewhere, or rebuilt from what is. Reference positions without a cell to them, such
 * as a dump brings along, are a field like others. */
static bool is_base(mg_h5 *file, const char *name) {
  static const char *const base[] = {"id", "species", "position", "image", "velocity", "mass"};
  for (size_t k = 0; k < sizeof base / sizeof base[0]; k++)
    if (strcmp(name, base[k]) == 0) return true;
  return strcmp(name, "reference_position") == 0 &&
         mg_h5_has(file, MG_SNAPSHOT_REFERENCE "/edges");
}

/* NAME of "BEFORE/NAME/value"; false when the path is another. */
static bool name_between(const char *path, const char *before, char *name, size_t size) {
  static const char after[] = "/value";
  const size_t length = strlen(path), most = strlen(before), least = sizeof after - 1;
  if (length <= most + least + 1 || strncmp(path, before, most) != 0 || path[most] != '/')
    return false;
  if (strcmp(path + length - least, after) != 0) return false;
  const size_t n = length - most - 1 - least;
  if (n >= size || memchr(path + most + 1, '/', n)) return false;
  memcpy(name, path + most + 1, n);
  name[n] = '\0';
  return true;
}

static void take_texts(mg_h5 *file, const char *path, char *unit, size_t unit_size,
                       char *description, size_t description_size) {
  mg_h5_get_attribute(file, path, "unit", 0, unit, unit_size);
  mg_h5_get_attribute(file, path, "description", 0, description, description_size);
}

mg_status mg_h5_find_fields(mg_h5 *file, const mg_read_options *options, int64_t n_atoms,
                            int *n_fields, mg_frame_field *fields) {
  char *paths;
  int64_t n;
  *n_fields = 0;
  if (!options->fields) return MG_OK;
  MG_TRY(mg_h5_list(file, &paths, &n));
  mg_status status = MG_OK;
  const char *path = paths;
  for (int64_t k = 0; k < n && status == MG_OK; k++, path += strlen(path) + 1) {
    mg_frame_field field = {.components = 1};
    mg_h5_shape shape;
    if (!name_between(path, MG_SNAPSHOT_ATOMS, field.name, sizeof field.name)) continue;
    if (is_base(file, field.name) || !mg_read_wants(options, field.name)) continue;
    status = mg_h5_get_shape(file, path, &shape);
    const bool rows = shape.rank == 2 || shape.rank == 3;
    if (status != MG_OK || !rows || shape.dims[0] != 1 || shape.dims[1] != n_atoms) continue;
    if (shape.type == MG_H5_TEXT || shape.type == MG_H5_OTHER || shape.size > 8) continue;
    if (shape.rank == 3) field.components = (int)(shape.dims[2] < 4096 ? shape.dims[2] : 0);
    if (field.components < 1) continue;
    field.ctype = shape.type == MG_H5_FLOAT ? MG_FLOAT64 : shape.size <= 4 ? MG_INT32 : MG_INT64;
    take_texts(file, path, field.unit, sizeof field.unit, field.description,
               sizeof field.description);
    if (*n_fields == MG_H5_FIELDS)
      status = mg_fail(MG_ERR_INPUT, "%s: has more than %d fields; choose some with --fields",
                       mg_h5_path(file), MG_H5_FIELDS);
    else
      fields[(*n_fields)++] = field;
  }
  mg_free(paths);
  return status;
}

mg_status mg_h5_read_fields(mg_h5 *file, int n_fields, const mg_frame_field *fields, int64_t offset,
                            mg_frame *frame) {
  const int64_t n = frame->atoms.n;
  for (int k = 0; k < n_fields; k++) {
    mg_frame_field *to = &frame->fields[k];
    char path[MG_H5_NAME];
    snprintf(path, sizeof path, MG_SNAPSHOT_ATOMS "/%s/value", fields[k].name);
    MG_TRY(mg_h5_read_rows(file, path, to->ctype, to->components, offset, n, to->data));
  }
  return MG_OK;
}

mg_status mg_frame_make_fields(mg_frame *frame, int n_fields, const mg_frame_field *fields) {
  MG_TRY(MG_NEW(frame->fields, n_fields));
  for (int k = 0; k < n_fields; k++) {
    frame->fields[k] = fields[k];
    const size_t row = mg_ctype_size(fields[k].ctype) * (size_t)fields[k].components;
    frame->fields[k].data = mg_calloc((size_t)frame->atoms.n, row);
    frame->n_fields = k + 1;
    if (!frame->fields[k].data) return MG_ERR_MEMORY;
  }
  return MG_OK;
}

static mg_status take_attribute(mg_h5 *file, const char *name, char **text) {
  char value[MG_PATH];
  mg_h5_get_attribute(file, "/parameters", name, 0, value, sizeof value);
  MG_TRY(MG_NEW(*text, strlen(value) + 1));
  memcpy(*text, value, strlen(value));
  return MG_OK;
}

static mg_status take_observables(mg_h5 *file, mg_frame_story *story, int64_t n,
                                  const char *paths) {
  MG_TRY(MG_NEW(story->observables, n));
  for (int64_t k = 0; k < n; k++, paths += strlen(paths) + 1) {
    mg_frame_observable *o = &story->observables[story->n_observables];
    mg_h5_shape shape;
    if (!name_between(paths, "/observables", o->name, sizeof o->name)) continue;
    MG_TRY(mg_h5_get_shape(file, paths, &shape));
    if (shape.type != MG_H5_FLOAT || shape.count < 1 || shape.count > 6) continue;
    o->components = (int)shape.count;
    MG_TRY(mg_h5_get(file, paths, MG_FLOAT64, shape.count, o->value));
    take_texts(file, paths, o->unit, sizeof o->unit, o->description, sizeof o->description);
    story->n_observables++;
  }
  return MG_OK;
}

/* One array; what is no array of numbers is passed over. */
static mg_status take_array(mg_h5 *file, const char *path, mg_frame_story *story) {
  mg_frame_array *a = &story->arrays[story->n_arrays];
  mg_h5_shape shape;
  MG_TRY(mg_h5_get_shape(file, path, &shape));
  const bool numbers = shape.type == MG_H5_FLOAT || shape.type == MG_H5_INTEGER;
  if (!numbers || shape.rank < 1 || shape.rank > 3 || shape.size > 8 || shape.count < 1)
    return MG_OK;
  if (!mg_str_copy(a->path, sizeof a->path, path) || shape.stored < shape.count) return MG_OK;
  a->ctype = shape.type == MG_H5_FLOAT ? MG_FLOAT64 : MG_INT64;
  a->rank = shape.rank;
  for (int k = 0; k < shape.rank; k++) a->dims[k] = shape.dims[k];
  mg_h5_get_attribute(file, path, "unit", 0, a->unit, sizeof a->unit);
  a->data = mg_calloc((size_t)shape.count, mg_ctype_size(a->ctype));
  if (!a->data) return MG_ERR_MEMORY;
  story->n_arrays++;
  return mg_h5_get(file, path, a->ctype, shape.count, a->data);
}

static mg_status take_arrays(mg_h5 *file, mg_frame_story *story, int64_t n, const char *paths) {
  MG_TRY(MG_NEW(story->arrays, n));
  for (int64_t k = 0; k < n; k++, paths += strlen(paths) + 1)
    if (strncmp(paths, "/analysis/", 10) == 0) MG_TRY(take_array(file, paths, story));
  return MG_OK;
}

mg_status mg_h5_read_story(mg_h5 *file, mg_frame_story *story) {
  char *paths;
  int64_t n;
  MG_TRY(take_attribute(file, "title", &story->title));
  MG_TRY(take_attribute(file, "stage", &story->stage));
  if (mg_h5_has(file, "/parameters/input"))
    MG_TRY(mg_h5_get_text(file, "/parameters/input", &story->input));
  if (mg_h5_has(file, "/parameters/provenance"))
    MG_TRY(mg_h5_get_text(file, "/parameters/provenance", &story->provenance));
  MG_TRY(mg_h5_list(file, &paths, &n));
  mg_status status = take_observables(file, story, n, paths);
  if (status == MG_OK) status = take_arrays(file, story, n, paths);
  mg_free(paths);
  return status;
}
