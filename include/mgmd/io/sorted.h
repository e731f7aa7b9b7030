/** The columns of a snapshot in the order of ids over the ranks, whichever sets they came in: rows
 *  of all columns then belong together. */
#ifndef MGMD_IO_SORTED_H
#define MGMD_IO_SORTED_H

#include "mgmd/io/rows.h"
#include "mgmd/io/snapshot.h"

enum { MG_TABLE_COLUMNS = 96 };

/** A snapshot's columns with this rank's rows in the order of ids; ranks follow each other. */
typedef struct mg_sorted {
  int64_t n, offset, total;
  const int64_t *id; /**< [n] */
  int n_columns;
  const mg_column *column[MG_TABLE_COLUMNS];
  void *data[MG_TABLE_COLUMNS];           /**< [n][components] */
  int position, image, species, velocity; /**< indices; -1: not there */
  int n_sets;
  mg_rows *rows; /**< [n_sets] */
} mg_sorted;

/** Collective; agreed. @p wanted chooses columns besides position and species; NULL: all. */
mg_status mg_sorted_make(const mg_comm *comm, const mg_snapshot *snapshot,
                         bool (*wanted)(const mg_column *column), mg_sorted *sorted);
void mg_sorted_clear(mg_sorted *sorted);

#endif
