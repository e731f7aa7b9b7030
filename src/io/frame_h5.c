/* Reading mgmd snapshots. Rank 0 opens the file alone and looks at everything but the atoms; only
 * a file that passes is opened by all ranks, each of which then reads its block of rows.
 */
#include "frame_h5.h"

#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

typedef struct header {
  mg_frame_header known;
  int n_labels;
  int32_t label[MG_MAX_SPECIES]; /* the enum's value of each species */
  int n_fields;
  mg_frame_field field[MG_H5_FIELDS];
} header;

#define POSITION MG_SNAPSHOT_ATOMS "/position/value"
#define VELOCITY MG_SNAPSHOT_ATOMS "/velocity/value"
#define IMAGE MG_SNAPSHOT_ATOMS "/image/value"
#define SPECIES MG_SNAPSHOT_ATOMS "/species/value"
#define ID MG_SNAPSHOT_ATOMS "/id/value"
#define REFERENCE MG_SNAPSHOT_ATOMS "/reference_position/value"

static mg_status check_rows(mg_h5 *file, const char *path, int components, int64_t n) {
  mg_h5_shape shape;
  MG_TRY(mg_h5_get_shape(file, path, &shape));
  const bool good =
      shape.dims[0] == 1 && shape.dims[1] == n &&
      (shape.rank == 2 ? components == 1 : shape.rank == 3 && shape.dims[2] == components);
  MG_REQUIRE(good, MG_ERR_INPUT, "%s: %s: its shape is not [1][%lld]%s", mg_h5_path(file), path,
             (long long)n, components == 3 ? "[3]" : "");
  return MG_OK;
}

static mg_status read_boundary(mg_h5 *file, const char *object, bool periodic[3]) {
  for (int a = 0; a < 3; a++) {
    char text[16];
    const bool there = mg_h5_get_attribute(file, object, "boundary", a, text, sizeof text);
    periodic[a] = strcmp(text, "periodic") == 0;
    MG_REQUIRE(there && (periodic[a] || strcmp(text, "none") == 0), MG_ERR_INPUT,
               "%s: %s: attribute boundary: is not three of 'periodic' and 'none'",
               mg_h5_path(file), object);
  }
  return MG_OK;
}

static mg_status read_cell(mg_h5 *file, const char *object, const char *edges_path,
                           const char *origin_path, mg_box *box) {
  double edges[9];
  MG_TRY(mg_h5_get(file, edges_path, MG_FLOAT64, 9, edges));
  MG_TRY(mg_h5_get(file, origin_path, MG_FLOAT64, 3, box->lo));
  MG_TRY(read_boundary(file, object, box->periodic));
  for (int k = 0; k < 9; k++)
    MG_REQUIRE(k % 4 == 0 ? edges[k] > 0 && edges[k] < 1e12 : edges[k] == 0, MG_ERR_INPUT,
               "%s: %s: is not an orthogonal cell with positive edges", mg_h5_path(file),
               edges_path);
  for (int a = 0; a < 3; a++) {
    MG_REQUIRE(fabs(box->lo[a]) < 1e12, MG_ERR_INPUT, "%s: %s: is not a finite point",
               mg_h5_path(file), origin_path);
    box->length[a] = edges[4 * a];
  }
  return MG_OK;
}

static mg_status read_species(mg_h5 *file, header *h) {
  mg_species *species = &h->known.species;
  mg_h5_shape shape;
  MG_TRY(mg_h5_get_labels(file, SPECIES, MG_MAX_SPECIES, &species->n, species->symbol, h->label));
  h->n_labels = species->n;
  if (!mg_h5_has(file, "/parameters/species_mass")) return MG_OK;
  MG_TRY(mg_h5_get_shape(file, "/parameters/species_mass", &shape));
  return shape.count == species->n
             ? mg_h5_get(file, "/parameters/species_mass", MG_FLOAT64, species->n, species->mass)
             : MG_OK;
}

static mg_status read_sample(mg_h5 *file, mg_sample *sample) {
  mg_sample_init(sample);
  for (int k = 0; k < mg_n_sample_fields; k++) {
    const mg_sample_field *field = &mg_sample_fields[k];
    char path[MG_H5_NAME] = "/parameters/sample/";
    strncat(path, field->name, sizeof path - strlen(path) - 1);
    if (mg_h5_has(file, path))
      MG_TRY(mg_h5_get(file, path, MG_FLOAT64, field->count, (char *)sample + field->offset));
  }
  return MG_OK;
}

/* Roles are optional, but all three or none and all different. */
static void read_axes(mg_h5 *file, mg_frame_header *known) {
  static const char *const role[3] = {"load", "free", "thin"};
  int axis[3];
  known->has_axes = true;
  for (int k = 0; k < 3; k++) {
    char text[4];
    const bool there = mg_h5_get_attribute(file, "/parameters/axes", role[k], 0, text, sizeof text);
    axis[k] = there && text[0] >= 'x' && text[0] <= 'z' ? text[0] - 'x' : -1;
    known->has_axes = known->has_axes && axis[k] >= 0;
  }
  known->has_axes =
      known->has_axes && axis[0] != axis[1] && axis[1] != axis[2] && axis[2] != axis[0];
  if (known->has_axes) known->axes = (mg_axes){axis[0], axis[1], axis[2]};
}

static mg_status read_fields(mg_h5 *file, mg_frame_header *known) {
  const int64_t n = known->n_atoms;
  MG_TRY(check_rows(file, POSITION, 3, n));
  MG_TRY(check_rows(file, ID, 1, n));
  MG_TRY(check_rows(file, SPECIES, 1, n));
  known->has_velocity = mg_h5_has(file, VELOCITY);
  known->has_image = mg_h5_has(file, IMAGE);
  known->has_reference =
      mg_h5_has(file, REFERENCE) && mg_h5_has(file, MG_SNAPSHOT_REFERENCE "/edges");
  if (known->has_velocity) MG_TRY(check_rows(file, VELOCITY, 3, n));
  if (known->has_image) MG_TRY(check_rows(file, IMAGE, 3, n));
  if (!known->has_reference) return MG_OK;
  MG_TRY(check_rows(file, REFERENCE, 3, n));
  return read_cell(file, MG_SNAPSHOT_REFERENCE, MG_SNAPSHOT_REFERENCE "/edges",
                   MG_SNAPSHOT_REFERENCE "/origin", &known->reference_box);
}

static mg_status read_header(mg_h5 *file, header *h) {
  mg_frame_header *known = &h->known;
  mg_h5_shape shape;
  MG_REQUIRE(mg_h5_has(file, POSITION), MG_ERR_INPUT,
             "%s: is no mgmd snapshot: it has no dataset " POSITION, mg_h5_path(file));
  MG_TRY(mg_h5_get_shape(file, POSITION, &shape));
  known->n_atoms = shape.rank == 3 ? shape.dims[1] : 0;
  MG_REQUIRE(known->n_atoms > 0, MG_ERR_INPUT, "%s: " POSITION ": its shape is not [1][N][3]",
             mg_h5_path(file));
  MG_TRY(read_cell(file, MG_SNAPSHOT_BOX, MG_SNAPSHOT_BOX "/edges/value",
                   MG_SNAPSHOT_BOX "/origin/value", &known->box));
  MG_TRY(read_species(file, h));
  MG_TRY(read_fields(file, known));
  MG_TRY(read_sample(file, &known->sample));
  read_axes(file, known);
  MG_TRY(mg_h5_get(file, MG_SNAPSHOT_TIMELINE "/step", MG_INT64, 1, &known->step));
  MG_TRY(mg_h5_get(file, MG_SNAPSHOT_TIMELINE "/time", MG_FLOAT64, 1, &known->time));
  MG_REQUIRE(isfinite(known->time), MG_ERR_INPUT, "%s: its time is not finite", mg_h5_path(file));
  return MG_OK;
}

static mg_status peek(const char *path, const mg_read_options *options, header *h,
                      mg_frame_story *story) {
  mg_h5 *file;
  memset(h, 0, sizeof *h);
  MG_TRY(mg_h5_open(NULL, path, &file));
  mg_status status = read_header(file, h);
  if (status == MG_OK)
    status = mg_h5_find_fields(file, options, h->known.n_atoms, &h->n_fields, h->field);
  if (status == MG_OK && options->fields) status = mg_h5_read_story(file, story);
  mg_h5_abandon(&file);
  return status;
}

mg_status mg_frame_peek_h5(const char *path, mg_frame_header *known) {
  static const mg_read_options plain;
  header h;
  const mg_status status = peek(path, &plain, &h, NULL);
  *known = h.known;
  return status;
}

mg_status mg_h5_name_fields(const char *path, const mg_read_options *options, mg_text *names) {
  const mg_read_options plain = {.fields = true, .only = options->only};
  header h;
  mg_frame frame;
  mg_frame_init(&frame);
  MG_TRY(peek(path, &plain, &h, &frame.story));
  mg_frame_clear(&frame);
  for (int k = 0; k < h.n_fields; k++) mg_names_add(names, h.field[k].name);
  return names->status;
}

static void take_header(const header *h, mg_frame *frame) {
  const mg_frame_header *known = &h->known;
  frame->box = known->box;
  frame->species = known->species;
  frame->has_velocity = known->has_velocity;
  frame->has_image = known->has_image;
  frame->step = known->step;
  frame->time = known->time;
  frame->sample = known->sample;
  frame->has_axes = known->has_axes;
  frame->axes = known->axes;
  frame->has_reference = known->has_reference;
  frame->reference_box = known->reference_box;
  frame->atoms.n_global = known->n_atoms;
}

/* Collective: this rank's rows of everything. */
static mg_status read_rows(mg_h5 *file, mg_frame *frame, int64_t offset) {
  mg_atoms *atoms = &frame->atoms;
  const int64_t n = atoms->n;
  MG_TRY(mg_h5_read_rows(file, ID, MG_INT64, 1, offset, n, atoms->id));
  MG_TRY(mg_h5_read_rows(file, SPECIES, MG_INT32, 1, offset, n, atoms->species));
  MG_TRY(mg_h5_read_rows(file, POSITION, MG_FLOAT64, 3, offset, n, atoms->x));
  if (frame->has_velocity)
    MG_TRY(mg_h5_read_rows(file, VELOCITY, MG_FLOAT64, 3, offset, n, atoms->v));
  if (frame->has_image) MG_TRY(mg_h5_read_rows(file, IMAGE, MG_INT32, 3, offset, n, atoms->image));
  if (frame->has_reference)
    MG_TRY(mg_h5_read_rows(file, REFERENCE, MG_FLOAT64, 3, offset, n, frame->reference));
  return MG_OK;
}

static bool finite3(const double x[3]) {
  return isfinite(x[0]) && isfinite(x[1]) && isfinite(x[2]);
}

/* Local: atom by atom. @p last is the id of the row before this rank's first, 0 for none. */
static mg_status check_atoms(const char *path, const header *h, int64_t last, mg_frame *frame) {
  mg_atoms *atoms = &frame->atoms;
  for (int32_t i = 0; i < atoms->n; i++) {
    const long long id = (long long)atoms->id[i];
    MG_REQUIRE(atoms->id[i] > last && id < INT64_MAX / 4, MG_ERR_INPUT,
               "%s: " ID ": %lld follows %lld; valid: rising numbers from 1", path, id,
               (long long)last);
    last = atoms->id[i];
    int index = 0;
    while (index < h->n_labels && h->label[index] != atoms->species[i]) index++;
    MG_REQUIRE(index < h->n_labels, MG_ERR_INPUT, "%s: " SPECIES ": atom %lld has %d, no species",
               path, id, atoms->species[i]);
    atoms->species[i] = index;
    const bool good = finite3(atoms->x[i]) && finite3(atoms->v[i]) &&
                      (!frame->has_reference || finite3(frame->reference[i]));
    MG_REQUIRE(good, MG_ERR_INPUT, "%s: atom %lld: position or velocity is not finite", path, id);
    bool near = true;
    for (int a = 0; a < 3; a++) near = near && atoms->image[i][a] / 1000000 == 0;
    near = near && mg_frame_wrap(&frame->box, atoms->x[i], atoms->image[i]);
    MG_REQUIRE(near, MG_ERR_INPUT, "%s: atom %lld is more than a million cells away from the cell",
               path, id);
  }
  return MG_OK;
}

static mg_status make_room(const header *h, mg_frame *frame, int64_t n) {
  MG_TRY(mg_atoms_reserve(&frame->atoms, n > 0 ? n : 1));
  frame->atoms.n = (int32_t)n;
  MG_TRY(mg_frame_make_fields(frame, h->n_fields, h->field));
  if (!frame->has_reference) return MG_OK;
  frame->reference = mg_calloc((size_t)(n > 0 ? n : 1), sizeof *frame->reference);
  return frame->reference ? MG_OK : MG_ERR_MEMORY;
}

mg_status mg_frame_read_h5(const mg_comm *comm, const char *path, const mg_read_options *options,
                           mg_frame *frame) {
  header h = {0};
  mg_status status = comm->rank == 0 ? peek(path, options, &h, &frame->story) : MG_OK;
  MG_TRY(mg_agree(comm, status));
  mg_broadcast(comm, &h, sizeof h, 0);
  take_header(&h, frame);
  const int64_t n = h.known.n_atoms,
                first = n / comm->size * comm->rank + n % comm->size * comm->rank / comm->size;
  const int64_t next =
      n / comm->size * (comm->rank + 1) + n % comm->size * (comm->rank + 1) / comm->size;
  MG_TRY(mg_agree(comm, make_room(&h, frame, next - first)));
  mg_h5 *file;
  int64_t last = 0;
  MG_TRY(mg_h5_open(comm, path, &file));
  status = read_rows(file, frame, first);
  if (status == MG_OK) status = mg_h5_read_fields(file, h.n_fields, h.field, first, frame);
  if (status == MG_OK)
    status = mg_h5_read_rows(file, ID, MG_INT64, 1, first - (first > 0), first > 0, &last);
  mg_h5_abandon(&file);
  MG_TRY(status);
  MG_TRY(mg_agree(comm, check_atoms(path, &h, last, frame)));
  frame->atoms.max_id =
      mg_max_all(comm, frame->atoms.n > 0 ? frame->atoms.id[frame->atoms.n - 1] : 0);
  return MG_OK;
}
