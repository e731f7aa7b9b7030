/** A CSV table that grows by rows: header, a `#` row of units, then numbers with all their digits,
 *  so that two equal runs give equal files. Rank 0 writes. */
#ifndef MGMD_IO_TABLE_H
#define MGMD_IO_TABLE_H

#include "mgmd/comm/comm.h"

typedef struct mg_table_column {
  const char *name, *unit;
} mg_table_column;

typedef struct mg_table mg_table;

/** Start a new table at @p path. Collective; agreed status.
 *  @param[in] columns  ends with a NULL name; borrowed for the life of the table */
mg_status mg_table_create(mg_table **table, const mg_comm *comm, const char *path,
                          const mg_table_column *columns);

/** What a table was at some time, by which it is known again. */
typedef struct mg_table_mark {
  int64_t length, hash; /**< bytes, and a checksum of them */
} mg_table_mark;

/** Go on with the table at @p path as it was at @p mark: the rows after it are passed over, and
 *  cut off by mg_table_cut. Changes nothing. Collective; agreed status.
 *  @return MG_ERR_INPUT when its first bytes are not those that were marked */
mg_status mg_table_resume(mg_table **table, const mg_comm *comm, const char *path,
                          const mg_table_column *columns, const mg_table_mark *mark);

/** Cut off what stands behind the rows so far. Collective; agreed status. */
mg_status mg_table_cut(mg_table *table);

/** Bring all rows to the disk. Collective; agreed status. @param[out] mark  of the rows so far */
mg_status mg_table_sync(mg_table *table, mg_table_mark *mark);

/** Append a row and hand it to the system.
 *
 *  Collective; agreed status (a full disk is found here).
 *  @param[in] text    [columns] cells that are words; NULL entries take the number
 *  @param[in] number  [columns] written as shortest text that gives the same double */
mg_status mg_table_append(mg_table *table, const char *const *text, const double *number);

/** Flush to disk and close. NULL is allowed; nulls the pointer. Collective; agreed status. */
mg_status mg_table_close(mg_table **table);

/** A table in memory, as thermo.csv is written. Owned; release with mg_table_clear. */
typedef struct mg_table_data {
  int n_columns;
  int64_t n_rows;
  const char **name, **unit; /**< [n_columns] */
  double **number;           /**< [n_columns][n_rows]; NaN where a cell is no number */
  const char ***word;        /**< [n_columns][n_rows]; NULL for a column of numbers alone */
  char *text;                /**< what the words point into */
} mg_table_data;

/** Read a table; a last row without its line end (a run that goes on) is left out. Not collective.
 *  @return MG_ERR_INPUT with "PATH:LINE: reason" for anything else than such a table */
mg_status mg_table_read(const char *path, mg_table_data *data);
void mg_table_clear(mg_table_data *data);

/** The column of this name, or -1. */
int mg_table_find(const mg_table_data *data, const char *name);

#endif
