#include "mgmd/io/table.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/param.h"
#include "mgmd/base/str.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct mg_table {
  const mg_comm *comm;
  const mg_table_column *columns;
  FILE *file; /* rank 0 */
  char path[MG_PATH];
};

static mg_status failed(const mg_table *table) {
  return mg_fail(MG_ERR_IO, "%s: cannot write: %s", table->path, strerror(errno));
}

static mg_status write_header(mg_table *table) {
  table->file = fopen(table->path, "w");
  if (!table->file) return failed(table);
  for (int pass = 0; pass < 2; pass++) {
    for (int k = 0; table->columns[k].name; k++)
      fprintf(table->file, "%s%s", k ? "," : pass ? "#" : "",
              pass ? table->columns[k].unit : table->columns[k].name);
    fputc('\n', table->file);
  }
  return fflush(table->file) == 0 ? MG_OK : failed(table);
}

mg_status mg_table_create(mg_table **table, const mg_comm *comm, const char *path,
                          const mg_table_column *columns) {
  *table = NULL;
  mg_table *made = NULL;
  mg_status status = mg_agree(comm, MG_NEW(made, 1));
  if (status == MG_OK) {
    made->comm = comm;
    made->columns = columns;
    mg_str_copy(made->path, sizeof made->path, path);
    status = mg_agree(comm, comm->rank == 0 ? write_header(made) : MG_OK);
  }
  if (status == MG_OK) {
    *table = made;
    return MG_OK;
  }
  if (made && made->file) fclose(made->file);
  mg_free(made);
  return status;
}

/* 15 digits where they suffice, 17 where they do not. */
static void write_number(FILE *file, double x) {
  char text[40];
  if (isnan(x)) {
    fputs("nan", file);
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, x);
    if (strtod(text, NULL) == x) break;
  }
  fputs(text, file);
}

static mg_status write_row(mg_table *table, const char *const *text, const double *number) {
  for (int k = 0; table->columns[k].name; k++) {
    if (k) fputc(',', table->file);
    if (text && text[k])
      fputs(text[k], table->file);
    else
      write_number(table->file, number[k]);
  }
  fputc('\n', table->file);
  return fflush(table->file) == 0 && !ferror(table->file) ? MG_OK : failed(table);
}

mg_status mg_table_append(mg_table *table, const char *const *text, const double *number) {
  return mg_agree(table->comm, table->file ? write_row(table, text, number) : MG_OK);
}

static mg_status close_file(mg_table *table) {
  if (!table->file) return MG_OK;
  const bool written = fflush(table->file) == 0 && fsync(fileno(table->file)) == 0;
  const bool closed = fclose(table->file) == 0;
  return written && closed ? MG_OK : failed(table);
}

mg_status mg_table_close(mg_table **table) {
  if (!*table) return MG_OK;
  const mg_status status = mg_agree((*table)->comm, close_file(*table));
  MG_DELETE(*table);
  return status;
}
