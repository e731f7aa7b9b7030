/* Reading. Rank 0 looks at everything but the atoms alone; only a file that passes is opened by
 * all. Sizes are those of the datasets, which h5_read.c holds against what is stored before memory
 * is taken.
 */
#include "checkpoint_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct mg_checkpoint_file {
  const mg_comm *comm; /* NULL: this rank alone */
  mg_h5 *h5;
  int64_t n; /* atoms */
};

/* Values of a group or text that no honest checkpoint exceeds. */
static const int64_t MOST_VALUES = (int64_t)1 << 28;

static mg_status refuse(const char *path, const char *why) {
  return mg_fail(MG_ERR_INPUT, "%s: %s", path, why);
}

/* Contribution of a dataset; 0 for those of the atoms and the checksums. */
static mg_status hash_one(mg_h5 *h5, const char *path, uint64_t *hash) {
  mg_h5_shape shape;
  *hash = 0;
  if (strncmp(path, "/atoms/", 7) == 0 || strncmp(path, "/checksum/", 10) == 0) return MG_OK;
  MG_TRY(mg_h5_get_shape(h5, path, &shape));
  if (shape.type == MG_H5_TEXT) {
    char *text;
    MG_TRY(mg_h5_get_text(h5, path, &text));
    *hash = mg_checkpoint_hash_text(path, text);
    mg_free(text);
    return MG_OK;
  }
  if (shape.rank != 1 || shape.count > MOST_VALUES || shape.stored < shape.count * 8)
    return refuse(path, "is no list of values");
  int64_t *words;
  MG_TRY(MG_NEW(words, shape.count));
  const mg_ctype ctype = shape.type == MG_H5_FLOAT ? MG_FLOAT64 : MG_INT64;
  const mg_status status =
      shape.count ? mg_h5_get(h5, path, ctype, shape.count, words) : MG_OK;
  if (status == MG_OK) *hash = mg_checkpoint_hash_words(path, shape.count, words);
  mg_free(words);
  return status;
}

static mg_status check_rest(mg_h5 *h5) {
  char *paths;
  int64_t n, kept;
  uint64_t sum = 0;
  MG_TRY(mg_h5_get(h5, "/checksum/rest", MG_INT64, 1, &kept));
  MG_TRY(mg_h5_list(h5, &paths, &n));
  mg_status status = MG_OK;
  const char *path = paths;
  for (int64_t k = 0; k < n && status == MG_OK; k++, path += strlen(path) + 1) {
    uint64_t hash;
    status = hash_one(h5, path, &hash);
    sum += hash;
  }
  mg_free(paths);
  MG_TRY(status);
  MG_REQUIRE(sum == (uint64_t)kept, MG_ERR_INPUT,
             "%s: its values are not those that were written: the checksum differs",
             mg_h5_path(h5));
  return MG_OK;
}

static mg_status check_text(mg_h5 *h5, const char *path, const char *expected, const char *why) {
  char *text;
  MG_TRY(mg_h5_get_text(h5, path, &text));
  const bool good = strcmp(text, expected) == 0;
  mg_free(text);
  return good ? MG_OK : refuse(mg_h5_path(h5), why);
}

static mg_status check_header(mg_h5 *h5, int64_t *n) {
  mg_h5_shape shape;
  const char *path = mg_h5_path(h5);
  if (!mg_h5_has(h5, "/format") || !mg_h5_has(h5, "/checksum/rest"))
    return refuse(path, "is no checkpoint of mgmd");
  MG_TRY(check_text(h5, "/format", MG_CHECKPOINT_FORMAT,
                    "is no checkpoint that this version of mgmd reads"));
  MG_TRY(check_text(h5, "/end", MG_CHECKPOINT_END, "its end is missing"));
  MG_TRY(check_rest(h5));
  MG_TRY(mg_h5_get_shape(h5, "/atoms/id", &shape));
  if (shape.rank != 2 || shape.dims[0] != 1 || shape.stored < shape.count * shape.size)
    return refuse(path, "its atoms have no numbers");
  *n = shape.dims[1];
  return MG_OK;
}

/* Local. */
static mg_status look(const char *path, int64_t *n) {
  mg_h5 *h5;
  MG_TRY(mg_h5_open(NULL, path, &h5));
  const mg_status status = check_header(h5, n);
  mg_h5_abandon(&h5);
  return status;
}

mg_status mg_checkpoint_open(const mg_comm *comm, const char *path, mg_checkpoint_file **file) {
  mg_checkpoint_file *made = NULL;
  *file = NULL;
  mg_status status = MG_NEW(made, 1);
  if (status == MG_OK && (!comm || comm->rank == 0)) status = look(path, &made->n);
  if (comm) status = mg_agree(comm, status);
  if (status == MG_OK) {
    made->comm = comm;
    if (comm) mg_broadcast(comm, &made->n, sizeof made->n, 0);
    status = mg_h5_open(comm, path, &made->h5);
  }
  if (status != MG_OK) mg_checkpoint_close(&made);
  *file = made;
  return status;
}

void mg_checkpoint_close(mg_checkpoint_file **file) {
  if (!*file) return;
  mg_h5_abandon(&(*file)->h5);
  MG_DELETE(*file);
}

int64_t mg_checkpoint_atoms(const mg_checkpoint_file *file) { return file->n; }

static mg_status agree(const mg_checkpoint_file *file, mg_status local) {
  return file->comm ? mg_agree(file->comm, local) : local;
}

static mg_status set_record(const mg_checkpoint_file *file, const mg_record *row, void *base,
                            int64_t n, const void *words) {
  char text[MG_ERROR_TEXT];
  const mg_status status = mg_record_set(row, base, n, words);
  if (status != MG_ERR_INPUT) return status;
  snprintf(text, sizeof text, "%.500s: %.400s", mg_h5_path(file->h5), mg_error_text());
  mg_error_set(status, text);
  return status;
}

static mg_status get_record(mg_checkpoint_file *file, const char *path, const mg_record *row,
                            void *base) {
  mg_h5_shape shape;
  int64_t *words = NULL;
  MG_TRY(mg_h5_get_shape(file->h5, path, &shape));
  mg_status status = shape.count <= MOST_VALUES ? MG_NEW(words, shape.count)
                                                : refuse(path, "too many values");
  status = agree(file, status);
  const mg_ctype ctype = mg_record_is_real(row) ? MG_FLOAT64 : MG_INT64;
  if (status == MG_OK && shape.count)
    status = mg_h5_get(file->h5, path, ctype, shape.count, words);
  if (status == MG_OK) status = agree(file, set_record(file, row, base, shape.count, words));
  mg_free(words);
  return status;
}

mg_status mg_checkpoint_get(mg_checkpoint_file *file, const char *group, const mg_record *table,
                            void *base) {
  for (const mg_record *row = table; row && row->name; row++) {
    char path[MG_H5_NAME];
    mg_checkpoint_path(path, group, row->name);
    MG_TRY(get_record(file, path, row, base));
  }
  return MG_OK;
}

mg_status mg_checkpoint_get_text(mg_checkpoint_file *file, const char *name, char **text) {
  char path[MG_H5_NAME];
  mg_checkpoint_path(path, "text", name);
  return mg_h5_get_text(file->h5, path, text);
}

/* Read a column and hold it against its checksum. Collective. */
static mg_status get_column(mg_checkpoint_file *file, const char *name, mg_ctype ctype,
                            int components, int64_t first, int64_t n, const int64_t *id,
                            void *data) {
  char path[MG_H5_NAME];
  int64_t kept;
  mg_checkpoint_path(path, "checksum", name);
  MG_TRY(mg_h5_get(file->h5, path, MG_INT64, 1, &kept));
  mg_checkpoint_path(path, "atoms", name);
  MG_TRY(mg_h5_read_rows(file->h5, path, ctype, components, first, n, data));
  MG_REQUIRE(mg_checkpoint_hash(file->comm, n, id, ctype, components, data) == kept, MG_ERR_INPUT,
             "%s: %s: the values are not those that were written: the checksum differs",
             mg_h5_path(file->h5), path);
  return MG_OK;
}

static void *field_data(const mg_atoms *atoms, const mg_field *field) {
  void *data;
  memcpy(&data, (const char *)atoms + field->offset, sizeof data);
  return data;
}

static const double FAR = 1e9; /* A, A/ps: beyond any sample */

/* Local: what the checksums cannot know. */
static mg_status check_atoms(const mg_checkpoint_file *file, const mg_atoms *atoms,
                             int n_species) {
  for (int32_t i = 0; i < atoms->n; i++)
    MG_REQUIRE(atoms->id[i] > (i ? atoms->id[i - 1] : 0) && atoms->id[i] < INT64_MAX / 4 &&
                   atoms->species[i] >= 0 && atoms->species[i] < n_species,
               MG_ERR_INPUT, "%s: atom %lld of species %d is none of this potential's",
               mg_h5_path(file->h5), (long long)atoms->id[i], atoms->species[i] + 1);
  for (int k = 0; k < mg_n_atom_fields; k++) {
    const mg_field *field = &mg_atom_fields[k];
    const bool saved = (field->flags & MG_FIELD_SAVE) && mg_atoms_has(atoms, field);
    if (!saved || field->ctype != MG_FLOAT64) continue;
    const double *value = field_data(atoms, field);
    for (int64_t i = 0; i < (int64_t)atoms->n * field->components; i++)
      MG_REQUIRE(fabs(value[i]) < FAR, MG_ERR_INPUT, "%s: atom %lld has a %s of %g",
                 mg_h5_path(file->h5), (long long)atoms->id[i / field->components], field->name,
                 value[i]);
  }
  return MG_OK;
}

/* Local. */
static mg_status make_room(mg_atoms *atoms, int64_t n, bool averaged, bool has_reference,
                           double (**reference)[3]) {
  MG_TRY(mg_atoms_reserve(atoms, n > 0 ? n : 1));
  MG_TRY(mg_atoms_average(atoms, averaged));
  atoms->n = (int32_t)n;
  return has_reference ? MG_NEW(*reference, n) : MG_OK;
}

static mg_status get_all(mg_checkpoint_file *file, int n_species, mg_atoms *atoms,
                         double (**reference)[3]) {
  const mg_comm *comm = file->comm;
  const int64_t n = file->n, size = comm ? comm->size : 1, rank = comm ? comm->rank : 0;
  const int64_t first = n / size * rank + n % size * rank / size;
  const int64_t next = n / size * (rank + 1) + n % size * (rank + 1) / size;
  const bool has_reference = mg_h5_has(file->h5, "/atoms/" MG_CHECKPOINT_REFERENCE);
  const bool averaged = mg_h5_has(file->h5, "/atoms/" MG_CHECKPOINT_MEAN);
  /* the ids come first in the table: the checksums of the others need them */
  MG_TRY(agree(file, make_room(atoms, next - first, averaged, has_reference, reference)));
  for (int k = 0; k < mg_n_atom_fields; k++) {
    const mg_field *field = &mg_atom_fields[k];
    if (field->flags & MG_FIELD_SAVE && mg_atoms_has(atoms, field))
      MG_TRY(get_column(file, field->name, field->ctype, field->components, first, atoms->n,
                        atoms->id, field_data(atoms, field)));
  }
  if (has_reference)
    MG_TRY(get_column(file, MG_CHECKPOINT_REFERENCE, MG_FLOAT64, 3, first, atoms->n, atoms->id,
                      *reference));
  MG_TRY(agree(file, check_atoms(file, atoms, n_species)));
  const int64_t last = atoms->n ? atoms->id[atoms->n - 1] : 0;
  atoms->n_global = n;
  atoms->max_id = comm ? mg_max_all(comm, last) : last;
  return MG_OK;
}

mg_status mg_checkpoint_get_atoms(mg_checkpoint_file *file, int n_species, mg_atoms *atoms,
                                  double (**reference)[3]) {
  memset(atoms, 0, sizeof *atoms);
  *reference = NULL;
  const mg_status status = get_all(file, n_species, atoms, reference);
  if (status == MG_OK) return MG_OK;
  mg_atoms_clear(atoms);
  MG_DELETE(*reference);
  return status;
}

bool mg_checkpoint_is(const char *path) {
  mg_h5 *h5;
  char *text = NULL;
  if (mg_h5_open(NULL, path, &h5) != MG_OK) {
    mg_error_clear();
    return false;
  }
  const bool good = mg_h5_has(h5, "/format") && mg_h5_get_text(h5, "/format", &text) == MG_OK &&
                    strncmp(text, MG_CHECKPOINT_KIND, strlen(MG_CHECKPOINT_KIND)) == 0;
  mg_error_clear();
  mg_free(text);
  mg_h5_abandon(&h5);
  return good;
}
