/** The one global cell grid.
 *
 *  It is a function of the cell and the range only, never of the decomposition: neighbour lists
 *  are enumerated in its order, so they are the same on any number of ranks. Cells are about half a
 *  range wide; a box thinner than that has one cell and a longer reach, and the same cell is then
 *  met again through other images.
 */
#ifndef MGMD_STATE_GRID_H
#define MGMD_STATE_GRID_H

#include "mgmd/state/box.h"

typedef struct mg_grid {
  int n[3];         /**< cells along each axis */
  int reach[3];     /**< cells to look at on either side to see everything within the range */
  double lo[3];     /**< lower bound; on an open axis atoms outside are clamped to the end cells */
  double length[3]; /**< extent covered */
  double range;     /**< distance the reach is complete for [A] */
  bool periodic[3];
} mg_grid;

/** Lay the grid. On open axes it covers [open_lo, open_hi]. Pure function.
 *  @param[in] range  > 0 [A] */
void mg_grid_make(mg_grid *grid, const mg_box *box, const double open_lo[3],
                  const double open_hi[3], double range);

/** Cell index along axis @p a of coordinate @p x, clamped into [0, n). */
int mg_grid_index(const mg_grid *grid, int a, double x);

bool mg_grid_same_cells(const mg_grid *a, const mg_grid *b);

#endif
