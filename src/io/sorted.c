#include "mgmd/io/sorted.h"

#include "mgmd/base/mem.h"
#include "snapshot_impl.h"

#include <string.h>

/* Rows to be worked on are worth a rank of their own sooner than blocks of a file are. */
enum { ROWS_PER_RANK = 1024 };

static void note_column(mg_sorted *sorted, int k) {
  const char *name = sorted->column[k]->name;
  if (strcmp(name, "position") == 0) sorted->position = k;
  if (strcmp(name, "image") == 0) sorted->image = k;
  if (strcmp(name, "species") == 0) sorted->species = k;
  if (strcmp(name, "velocity") == 0) sorted->velocity = k;
}

static mg_status move_columns(const mg_comm *comm, const mg_snapshot *snapshot,
                              bool (*wanted)(const mg_column *column), mg_sorted *sorted) {
  for (int s = 0; s < snapshot->n_sets; s++)
    for (int c = 0; c < snapshot->sets[s].n_columns; c++) {
      const mg_column *column = &snapshot->sets[s].columns[c];
      if (strcmp(column->name, "id") == 0 || (wanted && !wanted(column))) continue;
      const int k = sorted->n_columns;
      MG_REQUIRE(k < MG_TABLE_COLUMNS, MG_ERR_INPUT,
                 "more than %d fields for one file; choose some with --fields", MG_TABLE_COLUMNS);
      const size_t size = mg_ctype_size(column->ctype) * (size_t)column->components;
      MG_TRY(mg_rows_move(comm, &sorted->rows[s], size, column->data, &sorted->data[k]));
      sorted->column[k] = column;
      sorted->n_columns++;
      note_column(sorted, k);
    }
  MG_REQUIRE(sorted->position >= 0 && sorted->species >= 0, MG_ERR_INTERNAL,
             "a snapshot lacks the columns position or species");
  return MG_OK;
}

mg_status mg_sorted_make(const mg_comm *comm, const mg_snapshot *snapshot,
                         bool (*wanted)(const mg_column *column), mg_sorted *sorted) {
  memset(sorted, 0, sizeof *sorted);
  sorted->position = sorted->image = sorted->species = sorted->velocity = -1;
  sorted->n_sets = snapshot->n_sets;
  mg_status status = mg_agree(comm, MG_NEW(sorted->rows, snapshot->n_sets));
  if (status == MG_OK) status = mg_snapshot_plan(comm, snapshot, ROWS_PER_RANK, sorted->rows);
  if (status == MG_OK) {
    sorted->n = sorted->rows[0].n;
    sorted->offset = sorted->rows[0].offset;
    sorted->total = sorted->rows[0].total;
    sorted->id = sorted->rows[0].id;
    status = move_columns(comm, snapshot, wanted, sorted);
  }
  if (status != MG_OK) mg_sorted_clear(sorted);
  return status;
}

void mg_sorted_clear(mg_sorted *sorted) {
  for (int k = 0; k < MG_TABLE_COLUMNS; k++) mg_free(sorted->data[k]);
  for (int s = 0; sorted->rows && s < sorted->n_sets; s++) mg_rows_clear(&sorted->rows[s]);
  mg_free(sorted->rows);
  memset(sorted, 0, sizeof *sorted);
}
