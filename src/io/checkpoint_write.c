/* Writing. All checksums are known before the file is made, because the hash of an atom does not
 * ask in which row it will stand: rank 0 makes the file with everything but the rows at once.
 */
#include "checkpoint_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/io/rows.h"

#include <stdio.h>
#include <string.h>

/* A checkpoint on its way. */
typedef struct writing {
  const mg_comm *comm;
  const mg_checkpoint *checkpoint;
  mg_rows atoms, reference;
  int n_fields;
  struct {
    const mg_rows *rows;
    const mg_field *field;
    const void *data;
    int64_t checksum;
  } field[32];
  uint64_t rest; /* rank 0: checksum of everything that is not of the atoms */
} writing;

static const mg_field reference_field = {MG_CHECKPOINT_REFERENCE, MG_FLOAT64, 3, "Angstrom",
                                         "unwrapped position in the strain reference",
                                         MG_FIELD_SAVE, 0};

static const void *data_of(const mg_atoms *atoms, const mg_field *field) {
  const void *data;
  memcpy(&data, (const char *)atoms + field->offset, sizeof data);
  return data;
}

static void add_field(writing *w, const mg_rows *rows, const mg_field *field, const int64_t *id,
                      const void *data) {
  if (w->n_fields == (int)(sizeof w->field / sizeof w->field[0])) mg_die("too many fields to save");
  w->field[w->n_fields].rows = rows;
  w->field[w->n_fields].field = field;
  w->field[w->n_fields].data = data;
  w->field[w->n_fields++].checksum = mg_checkpoint_hash(w->comm, rows->n_given, id, field->ctype,
                                                        field->components, data);
}

/* Collective. */
static mg_status plan(writing *w) {
  const mg_checkpoint *c = w->checkpoint;
  MG_TRY(mg_rows_plan(w->comm, c->atoms->n, c->atoms->id, MG_ROWS_PER_WRITER, &w->atoms));
  if (c->has_reference)
    MG_TRY(mg_rows_plan(w->comm, c->n_reference, c->reference_id, MG_ROWS_PER_WRITER,
                        &w->reference));
  for (int k = 0; k < mg_n_atom_fields; k++) {
    const mg_field *field = &mg_atom_fields[k];
    if (field->flags & MG_FIELD_SAVE && mg_atoms_has(c->atoms, field))
      add_field(w, &w->atoms, field, c->atoms->id, data_of(c->atoms, field));
  }
  if (c->has_reference)
    add_field(w, &w->reference, &reference_field, c->reference_id, c->reference);
  return MG_OK;
}

static mg_status put_text(writing *w, mg_h5 *file, const char *path, const char *text) {
  w->rest += mg_checkpoint_hash_text(path, text);
  return mg_h5_put_text(file, path, text);
}

/* An empty vector is a dataset of no values. */
static mg_status put_record(writing *w, mg_h5 *file, const char *group, const mg_record *row,
                            const void *base) {
  const int64_t n = mg_record_count(row, base);
  char path[MG_H5_NAME];
  int64_t *words;
  mg_checkpoint_path(path, group, row->name);
  MG_TRY(MG_NEW(words, n));
  mg_record_get(row, base, words);
  w->rest += mg_checkpoint_hash_words(path, n, words);
  const mg_h5_spec spec = {.ctype = mg_record_is_real(row) ? MG_FLOAT64 : MG_INT64,
                           .rank = 1,
                           .dims = {n},
                           .unit = row->unit};
  const mg_status status = mg_h5_put(file, path, &spec, words);
  mg_free(words);
  return status;
}

static mg_status put_checksum(mg_h5 *file, const char *name, int64_t checksum) {
  char path[MG_H5_NAME];
  const mg_h5_spec spec = {.ctype = MG_INT64};
  mg_checkpoint_path(path, "checksum", name);
  return mg_h5_put(file, path, &spec, &checksum);
}

static mg_status make_fields(writing *w, mg_h5 *file) {
  MG_TRY(mg_h5_group(file, "/atoms"));
  MG_TRY(mg_h5_group(file, "/checksum"));
  for (int k = 0; k < w->n_fields; k++) {
    const mg_field *field = w->field[k].field;
    char path[MG_H5_NAME];
    const mg_h5_spec spec = {.ctype = field->ctype,
                             .rank = field->components > 1 ? 3 : 2,
                             .dims = {1, w->atoms.total, field->components},
                             .unit = field->unit,
                             .description = field->description};
    mg_checkpoint_path(path, "atoms", field->name);
    MG_TRY(mg_h5_dataset(file, path, &spec));
    MG_TRY(put_checksum(file, field->name, w->field[k].checksum));
  }
  return MG_OK;
}

/* Rank 0. */
static mg_status make(void *context, mg_h5 *file) {
  writing *w = context;
  const mg_checkpoint *c = w->checkpoint;
  char path[MG_H5_NAME];
  w->rest = 0;
  MG_TRY(put_text(w, file, "/format", MG_CHECKPOINT_FORMAT));
  MG_TRY(mg_h5_group(file, "/text"));
  for (int k = 0; k < c->n_texts; k++) {
    mg_checkpoint_path(path, "text", c->texts[k].name);
    MG_TRY(put_text(w, file, path, c->texts[k].text));
  }
  for (int g = 0; g < c->n_groups; g++) {
    snprintf(path, sizeof path, "/%s", c->groups[g].name);
    MG_TRY(mg_h5_group(file, path));
    for (const mg_record *row = c->groups[g].table; row && row->name; row++)
      MG_TRY(put_record(w, file, c->groups[g].name, row, c->groups[g].base));
  }
  MG_TRY(make_fields(w, file));
  MG_TRY(put_text(w, file, "/end", MG_CHECKPOINT_END));
  return put_checksum(file, "rest", (int64_t)w->rest);
}

static mg_status fill(void *context, mg_h5 *file) {
  writing *w = context;
  for (int k = 0; k < w->n_fields; k++) {
    const mg_field *field = w->field[k].field;
    const mg_rows *rows = w->field[k].rows;
    char path[MG_H5_NAME];
    void *data;
    mg_checkpoint_path(path, "atoms", field->name);
    MG_TRY(mg_rows_move(w->comm, rows, mg_ctype_size(field->ctype) * (size_t)field->components,
                        w->field[k].data, &data));
    const mg_status status =
        mg_h5_fill_rows(w->comm, file, path, field->ctype, rows->offset, rows->n, data);
    mg_free(data);
    MG_TRY(status);
  }
  return MG_OK;
}

/* @param[in] comm  NULL: this rank alone */
static mg_status look(const mg_comm *comm, const char *temporary) {
  mg_checkpoint_file *file;
  mg_atoms atoms = {0};
  double(*reference)[3] = NULL;
  mg_status status = mg_checkpoint_open(comm, temporary, &file);
  if (status == MG_OK) status = mg_checkpoint_get_atoms(file, MG_MAX_SPECIES, &atoms, &reference);
  mg_checkpoint_close(&file);
  mg_atoms_clear(&atoms);
  mg_free(reference);
  return status;
}

/* Whoever wrote it reads it. */
static mg_status verify(void *context, const char *temporary) {
  const writing *w = context;
  mg_status status = MG_OK;
  if (!mg_rows_alone(&w->atoms))
    status = look(w->comm, temporary);
  else
    status = mg_agree(w->comm, w->comm->rank == 0 ? look(NULL, temporary) : MG_OK);
  if (status != MG_ERR_INPUT) return status;
  char text[MG_ERROR_TEXT];
  snprintf(text, sizeof text, "what was written cannot be read back: %.900s", mg_error_text());
  mg_error_set(MG_ERR_IO, text);
  return MG_ERR_IO;
}

mg_status mg_checkpoint_write(const mg_comm *comm, const char *path,
                              const mg_checkpoint *checkpoint) {
  mg_h5_work work = {.make = make, .fill = fill, .verify = verify};
  writing w = {.comm = comm, .checkpoint = checkpoint};
  mg_status status = plan(&w);
  if (status == MG_OK) {
    work.alone = mg_rows_alone(&w.atoms);
    status = mg_h5_write_file(comm, path, &work, &w);
  }
  mg_rows_clear(&w.atoms);
  mg_rows_clear(&w.reference);
  return status;
}

double mg_checkpoint_bytes(const mg_atoms *atoms, bool has_reference) {
  const size_t atom = mg_atoms_record_size(atoms, MG_FIELD_SAVE) + (has_reference ? 24 : 0);
  return 1e5 + (double)atoms->n_global * (double)atom;
}
