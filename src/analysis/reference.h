/** Inside of mg_reference, for the files of the strain module only.
 *
 *  Three roles of a rank: directory of a share of the ids, owner of the atoms of a block of cells,
 *  holder of all atoms that block can see. Positions travel giver -> directory -> holders.
 */
#ifndef MGMD_SRC_ANALYSIS_REFERENCE_H
#define MGMD_SRC_ANALYSIS_REFERENCE_H

#include "mgmd/analysis/strain.h"
#include "mgmd/comm/domain.h"

/** One atom's position on its way. */
typedef struct mg_reference_row {
  int64_t id;
  double x[3];
} mg_reference_row;

/** A cell with atoms: they are held[first .. first + n), ordered by id. */
typedef struct mg_reference_cell {
  int32_t at[3]; /**< in the global grid */
  int32_t n;
  int64_t first;
} mg_reference_cell;

/** One periodic copy (or the original) of a held cell, seen from this rank's block. */
typedef struct mg_reference_image {
  int64_t key;      /**< place in the block's surroundings, see mg_reference_key */
  int64_t first;    /**< of its atoms among all copies */
  int32_t cell;     /**< index of the held cell */
  int32_t shift[3]; /**< in box edges */
} mg_reference_image;

struct mg_reference {
  mg_box box;
  double cutoff;
  mg_grid grid;
  mg_domain domain;
  int block_lo[3], block_hi[3]; /**< own cells */

  int64_t n_listed;   /**< directory: ids of this rank's share, ascending */
  int64_t *listed_id; /**< [n_listed] */
  int64_t n_sends;    /**< deliveries of the directory */
  int32_t *send_slot; /**< [n_sends] index into listed_id, ascending */
  int32_t *send_rank; /**< [n_sends] holder */

  int64_t n_held, n_owned; /**< own atoms come first */
  int64_t *id;             /**< [n_held] */
  double (*x)[3];          /**< [n_held] unwrapped */
  int32_t *held_of;        /**< [n_held] where the k-th delivered position belongs */

  int64_t n_cells, n_own_cells;
  mg_reference_cell *cell; /**< [n_cells] own ones first, each part in grid order */
  int64_t n_images, n_copies;
  mg_reference_image *image; /**< [n_images] by key; n_copies atoms in all */
};

/** Where a cell stands in the block widened by the reach, rows along z. A monotone function of the
 *  grid order; neighbours in the same row differ by one, equal offsets give equal differences. */
int64_t mg_reference_key(const mg_reference *reference, int64_t x, int64_t y, int64_t z);

/** How many edges to take off to bring @p x into the reference cell (0 on an open axis). */
double mg_reference_wraps(const mg_box *box, int a, double x);

/** Send rows to the directory ranks of their ids. Collective; agreed. */
mg_status mg_reference_to_directory(const mg_comm *comm, int64_t n, const int64_t *id,
                                    const double (*x)[3], mg_reference_row **row, int64_t *n_rows);

/** Build the directory from its rows, which get sorted; needs grid and domain. Local. */
mg_status mg_reference_list(mg_reference *reference, int64_t n, mg_reference_row *row);

/** Bring the current positions to the holders. Collective; agreed.
 *  @param[out] held  [n_held] positions; release with mg_free */
mg_status mg_reference_deliver(const mg_reference *reference, const mg_comm *comm, int64_t n,
                               const int64_t *id, const double (*x)[3], double (**held)[3]);

/** Order the held rows by cell, list cells and images. Local.
 *  @param[in] row  [n] in the order of delivery */
mg_status mg_reference_hold(mg_reference *reference, int64_t n, const mg_reference_row *row);

/** Called for every own atom in order: @p row of the reference, copy @p i, its @p n neighbours
 *  within the cutoff (all images, self excluded) as copies in (cell, id) order. */
typedef void mg_visit(void *context, int64_t row, int32_t i, int32_t n, const int32_t *neighbour);

/** Visit all own atoms. Local; scratch is allocated.
 *  @param[in] copies  [3][n_copies] positions in the frame of the reference cell */
mg_status mg_reference_sweep(const mg_reference *reference, double *const copies[3],
                             mg_visit *visit, void *context);

#endif
