/** Per-atom rows on their way to a file: sorted by id over the ranks.
 *
 *  The ids are cut into equal ranges, each with a writer: the rank that gets its atoms and sorts
 *  them. The writers' rows, one rank after the other, are then all rows in the order of ids,
 *  whoever gave them. There are no more writers than make large blocks; other ranks get nothing.
 *  The way is planned once; then each column is moved by itself, so that memory for one column is
 *  enough.
 */
#ifndef MGMD_IO_ROWS_H
#define MGMD_IO_ROWS_H

#include "mgmd/comm/comm.h"

#include <stdint.h>

typedef struct mg_rows {
  int64_t n_given;       /**< rows this rank gives */
  int32_t *destination;  /**< [n_given] */
  int64_t n;             /**< rows this rank gets, 0 unless it is a writer */
  int64_t offset, total; /**< rows on lower ranks, on all */
  int64_t *id;           /**< [n] ascending */
  int64_t *order;        /**< [n] sorted row k arrives as number order[k] */
} mg_rows;

/** Rows that are worth a writer of their own: 0.4 MB of three doubles. */
enum { MG_ROWS_PER_WRITER = 16384 };

/** Has rank 0 got all rows of a plan with MG_ROWS_PER_WRITER? Equal on all ranks. */
bool mg_rows_alone(const mg_rows *rows);

/** Plan the way of rows with these ids. Collective.
 *  @param[in]  n     rows of this rank, in any order; id[n] are the atoms they belong to
 *  @param[in]  per_writer  MG_ROWS_PER_WRITER; less makes more writers
 *  @param[out] rows  release with mg_rows_clear
 *  @return agreed; MG_ERR_INTERNAL when an id occurs twice or is below 1 */
mg_status mg_rows_plan(const mg_comm *comm, int64_t n, const int64_t *id, int64_t per_writer,
                       mg_rows *rows);

/** Move one column. Collective.
 *  @param[in]  size  bytes of one row
 *  @param[in]  data  [n_given] rows
 *  @param[out] sorted [n] rows in the order of rows->id; release with mg_free, NULL on failure */
mg_status mg_rows_move(const mg_comm *comm, const mg_rows *rows, size_t size, const void *data,
                       void **sorted);

void mg_rows_clear(mg_rows *rows);

#endif
