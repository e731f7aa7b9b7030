#include "mgmd/state/grid.h"

#include <math.h>

/* Cells per range: halves test 530 candidates per atom, whole ones 920 (of 143 within the range);
 * thirds save little more and cost more loops. */
enum { CELLS_PER_RANGE = 2 };
static const int MOST_CELLS = 1 << 20;

void mg_grid_make(mg_grid *grid, const mg_box *box, const double open_lo[3],
                  const double open_hi[3], double range) {
  grid->range = range;
  for (int a = 0; a < 3; a++) {
    grid->periodic[a] = box->periodic[a];
    grid->lo[a] = box->periodic[a] ? box->lo[a] : open_lo[a];
    grid->length[a] = box->periodic[a] ? box->length[a] : open_hi[a] - open_lo[a];
    if (!(grid->length[a] > 0)) grid->length[a] = range;
    /* the factor keeps rounding from making a cell a hair narrower than range / reach */
    const double n = floor(grid->length[a] / (range * (1 + 1e-9)) * CELLS_PER_RANGE);
    grid->n[a] = n < 1 ? 1 : n > MOST_CELLS ? MOST_CELLS : (int)n;
    const double edge = grid->length[a] / grid->n[a];
    grid->reach[a] = (int)ceil(range * (1 + 1e-10) / edge);
  }
}

int mg_grid_index(const mg_grid *grid, int a, double x) {
  const double at = (x - grid->lo[a]) * (grid->n[a] / grid->length[a]);
  if (!(at > 0)) return 0;
  return at >= grid->n[a] ? grid->n[a] - 1 : (int)at;
}

bool mg_grid_same_cells(const mg_grid *a, const mg_grid *b) {
  for (int k = 0; k < 3; k++)
    if (a->n[k] != b->n[k] || a->reach[k] != b->reach[k] || a->periodic[k] != b->periodic[k])
      return false;
  return true;
}
