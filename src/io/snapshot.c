/* The writer: plan the way of the rows of every set; rank 0 makes the file with everything but the
 * rows and reserves its space; then column by column the rows are moved to their writers, which
 * write them all at once. What is on disk is a function of the atoms alone, whoever owned them.
 */
#include "mgmd/io/snapshot.h"

#include "mgmd/base/mem.h"
#include "mgmd/io/rows.h"
#include "snapshot_impl.h"

#include <stdio.h>
#include <string.h>

static bool is_real(const mg_column *column) {
  return column->ctype == MG_FLOAT64 || column->ctype == MG_FLOAT32;
}

static bool is_named(const mg_column *column, const char *name) {
  return strcmp(column->name, name) == 0;
}

static mg_ctype stored_type(const mg_snapshot *snapshot, const mg_column *column) {
  if (!is_real(column)) return column->ctype;
  return snapshot->float32 ? MG_FLOAT32 : MG_FLOAT64;
}

/* Local: is this a snapshot that can be written? */
static mg_status check(const mg_snapshot *snapshot) {
  bool has_reference = false;
  for (int s = 0; s < snapshot->n_sets; s++)
    for (int c = 0; c < snapshot->sets[s].n_columns; c++) {
      const mg_column *column = &snapshot->sets[s].columns[c];
      MG_REQUIRE(strlen(column->name) < MG_H5_NAME - 32 && !strchr(column->name, '/'),
                 MG_ERR_INTERNAL, "'%.40s' cannot name a field of a snapshot", column->name);
      if (is_named(column, "reference_position")) has_reference = true;
      MG_REQUIRE(!is_named(column, "species") ||
                     (column->ctype == MG_INT32 && column->components == 1),
                 MG_ERR_INTERNAL, "the species of a snapshot are not of type int32");
    }
  MG_REQUIRE(!snapshot->has_reference || has_reference, MG_ERR_INTERNAL,
             "a snapshot with a reference box lacks the column reference_position");
  return MG_OK;
}

/* Local: the sets must speak of the same atoms. */
static mg_status check_same(const mg_rows *first, const mg_rows *other, int s) {
  for (int64_t k = 0; k < first->n || k < other->n; k++)
    MG_REQUIRE(k < first->n && k < other->n && first->id[k] == other->id[k], MG_ERR_INTERNAL,
               "set %d of a snapshot lacks atom %lld, or has one more", s,
               (long long)(k < first->n ? first->id[k] : other->id[k]));
  return MG_OK;
}

mg_status mg_snapshot_plan(const mg_comm *comm, const mg_snapshot *snapshot, int64_t per_writer,
                           mg_rows *rows) {
  for (int s = 0; s < snapshot->n_sets; s++)
    MG_TRY(mg_rows_plan(comm, snapshot->sets[s].n, snapshot->sets[s].id, per_writer, &rows[s]));
  for (int s = 1; s < snapshot->n_sets; s++)
    MG_TRY(mg_agree(comm, check_same(&rows[0], &rows[s], s)));
  MG_REQUIRE(snapshot->n_sets > 0 && rows[0].total > 0, MG_ERR_RUN,
             "a snapshot without atoms cannot be written");
  return MG_OK;
}

static mg_status create_column(mg_h5 *file, const mg_snapshot *snapshot, const mg_column *column,
                               int64_t total) {
  char group[MG_H5_NAME];
  snprintf(group, sizeof group, MG_SNAPSHOT_ATOMS "/%s", column->name);
  const mg_h5_spec spec = {.ctype = stored_type(snapshot, column),
                           .rank = column->components > 1 ? 3 : 2,
                           .dims = {1, total, column->components},
                           .labels = is_named(column, "species") ? snapshot->species : NULL,
                           .unit = column->unit,
                           .description = column->description};
  return mg_snapshot_element(file, group, &spec);
}

static mg_status create_columns(mg_h5 *file, const mg_snapshot *snapshot, int64_t total) {
  const mg_column id = {"id", "", "atom number, kept for life", MG_INT64, 1, NULL};
  MG_TRY(create_column(file, snapshot, &id, total));
  for (int s = 0; s < snapshot->n_sets; s++)
    for (int c = 0; c < snapshot->sets[s].n_columns; c++) {
      const mg_column *column = &snapshot->sets[s].columns[c];
      if (!is_named(column, "id")) MG_TRY(create_column(file, snapshot, column, total));
    }
  return MG_OK;
}

/* Local: species index -> the enum's value. */
static mg_status convert_species(const mg_snapshot *snapshot, const mg_rows *rows,
                                 int32_t *species) {
  for (int64_t k = 0; k < rows->n; k++) {
    MG_REQUIRE(species[k] >= 0 && species[k] < snapshot->species->n, MG_ERR_INTERNAL,
               "atom %lld has species %d of %d", (long long)rows->id[k], species[k],
               snapshot->species->n);
    species[k]++;
  }
  return MG_OK;
}

/* Local: to the precision of the file. */
static mg_status convert_reals(int64_t n, mg_ctype from, mg_ctype to, void **data) {
  if (from == to) return MG_OK;
  char *converted = mg_calloc((size_t)n, mg_ctype_size(to));
  if (!converted) return MG_ERR_MEMORY;
  for (int64_t k = 0; k < n; k++)
    if (to == MG_FLOAT32)
      ((float *)converted)[k] = (float)((const double *)*data)[k];
    else
      ((double *)converted)[k] = (double)((const float *)*data)[k];
  mg_free(*data);
  *data = converted;
  return MG_OK;
}

static mg_status write_column(const mg_comm *comm, mg_h5 *file, const mg_snapshot *snapshot,
                              const mg_rows *rows, const mg_column *column) {
  const mg_ctype stored = stored_type(snapshot, column);
  const size_t size = mg_ctype_size(column->ctype) * (size_t)column->components;
  char path[MG_H5_NAME];
  snprintf(path, sizeof path, MG_SNAPSHOT_ATOMS "/%s/value", column->name);
  void *data;
  MG_TRY(mg_rows_move(comm, rows, size, column->data, &data));
  mg_status status = MG_OK;
  if (is_named(column, "species"))
    status = convert_species(snapshot, rows, data);
  else if (is_real(column))
    status = convert_reals(rows->n * column->components, column->ctype, stored, &data);
  status = mg_agree(comm, status);
  if (status == MG_OK) status = mg_h5_write_rows(file, path, stored, rows->offset, rows->n, data);
  mg_free(data);
  return status;
}

static mg_status write_columns(const mg_comm *comm, mg_h5 *file, const mg_snapshot *snapshot,
                               const mg_rows *rows) {
  MG_TRY(mg_h5_write_rows(file, MG_SNAPSHOT_ATOMS "/id/value", MG_INT64, rows->offset, rows->n,
                          rows->id));
  for (int s = 0; s < snapshot->n_sets; s++)
    for (int c = 0; c < snapshot->sets[s].n_columns; c++) {
      const mg_column *column = &snapshot->sets[s].columns[c];
      if (!is_named(column, "id")) MG_TRY(write_column(comm, file, snapshot, &rows[s], column));
    }
  return MG_OK;
}

typedef struct writing {
  const mg_comm *comm;
  const mg_snapshot *snapshot;
  const mg_rows *rows;
} writing;

static mg_status make(void *context, mg_h5 *file) {
  const writing *w = context;
  MG_TRY(mg_snapshot_describe(file, w->snapshot));
  return create_columns(file, w->snapshot, w->rows[0].total);
}

static mg_status fill(void *context, mg_h5 *file) {
  const writing *w = context;
  return write_columns(w->comm, file, w->snapshot, w->rows);
}

mg_status mg_snapshot_write(const mg_comm *comm, const char *path, const mg_snapshot *snapshot) {
  mg_rows *rows = NULL;
  mg_status status = check(snapshot);
  if (status == MG_OK) status = MG_NEW(rows, snapshot->n_sets);
  status = mg_agree(comm, status);
  if (status == MG_OK) status = mg_snapshot_plan(comm, snapshot, MG_ROWS_PER_WRITER, rows);
  writing w = {comm, snapshot, rows};
  const mg_h5_work work = {.make = make, .fill = fill};
  if (status == MG_OK) status = mg_h5_write_file(comm, path, &work, &w);
  for (int s = 0; rows && s < snapshot->n_sets; s++) mg_rows_clear(&rows[s]);
  mg_free(rows);
  return status;
}
