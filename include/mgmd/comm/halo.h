/** Ghosts: copies of the atoms in the cells around a rank's own, and the table of all its cells.
 *
 *  A rank sees a box of virtual cells, its own ones and `reach` more on every side. A virtual cell
 *  is a real cell of some rank (perhaps itself) in some periodic image; which one follows from the
 *  cuts alone, so every rank plans its sends and receives without asking. Ghosts carry their
 *  owner's wrapped coordinates; the shift image * length is added once, by the receiver, by the
 *  same expression for remote and for own images, so a ghost has the same bits on any number of
 *  ranks.
 *
 *  Packed arrays: q[0, n_local) own atoms, q[n_local, n_local + n_ghost) ghosts, each x y z w.
 */
#ifndef MGMD_COMM_HALO_H
#define MGMD_COMM_HALO_H

#include "mgmd/comm/domain.h"

/** Atoms by virtual cell. In cell c, species s is packed[start[c (S+1) + s], start[.. + s + 1]);
 *  within a species by increasing id. Cells count x fastest from `lo`. */
typedef struct mg_cells {
  int lo[3];  /**< first virtual cell; own cells begin at own_lo */
  int m[3];   /**< virtual cells along each axis; 0 when the rank owns none */
  int own_lo[3], own_hi[3];
  int n_species;
  int32_t *start; /**< [m0 m1 m2][n_species + 1] */
} mg_cells;

typedef struct mg_halo_block {
  int32_t first, n; /**< ghosts, contiguous */
  int image[3];     /**< shift in box lengths */
} mg_halo_block;

typedef struct mg_halo_peer {
  int rank;
  int32_t send_first, n_send;       /**< in send_index */
  int32_t receive_first, n_receive; /**< ghost numbers, from 0 */
  int first_block, n_blocks;
} mg_halo_peer;

typedef struct mg_halo {
  int32_t n_local, n_ghost;
  int n_peers;
  mg_halo_peer *peer;
  mg_halo_block *block;
  int32_t *send_index; /**< own atoms to send, peer by peer */
  double *send_buffer, *receive_buffer;
  struct mg_halo_requests *requests;
  int64_t messages, bytes; /**< sent by this rank since creation */
} mg_halo;

/** Sort the rank's atoms by (cell, species, id). Positions wrapped, all atoms own.
 *  Not collective. */
mg_status mg_cells_sort(const mg_domain *domain, const mg_grid *grid, int n_species,
                        mg_atoms *atoms);

/** Plan the halo for sorted atoms, and fill the cell table. Replaces an earlier plan.
 *  Collective. @return agreed status */
mg_status mg_halo_build(mg_halo *halo, mg_cells *cells, const mg_comm *comm,
                        const mg_domain *domain, const mg_grid *grid, int n_species,
                        const mg_atoms *atoms);

void mg_halo_clear(mg_halo *halo);
void mg_cells_clear(mg_cells *cells);

/** Refresh the ghosts' x y z from their owners, shifted by their image of the present box.
 *  start posts the messages and fills the ghosts that are the rank's own atoms; finish waits and
 *  unpacks. In between the rest of q may be read: all that interior atoms need.
 *  Collective. */
void mg_halo_start_positions(mg_halo *halo, const mg_comm *comm, const mg_box *box,
                             double (*q)[4]);
void mg_halo_finish_positions(mg_halo *halo, const mg_comm *comm, const mg_box *box,
                              double (*q)[4]);

/** Refresh the ghosts' fourth component (F' in the force passes). Collective. */
void mg_halo_start_scalar(mg_halo *halo, const mg_comm *comm, double (*q)[4]);
void mg_halo_finish_scalar(mg_halo *halo, const mg_comm *comm, double (*q)[4]);

/** Let messages under way advance: MPI moves large ones only while it is called. Not collective. */
void mg_halo_progress(mg_halo *halo);

/** The first packed atom of virtual cell (x, y, z) among own cells, x up to own_hi: where the row
 *  ends. */
int32_t mg_cells_first(const mg_cells *cells, int x, int y, int z);

/** Own cells whose neighbours are own atoms and own images, [lo, hi) along each axis; none when
 *  lo >= hi along any. */
void mg_cells_interior(const mg_cells *cells, const mg_domain *domain, const mg_grid *grid,
                       int lo[3], int hi[3]);

#endif
