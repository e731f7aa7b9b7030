/* The held atoms ordered by cell, and the list of cell copies around the own block.
 *
 * Only cells with atoms are listed, so vacuum costs nothing. Copies are sorted by a linear key of
 * their place; a sweep over the own cells in grid order meets its neighbour rows in key order too,
 * so one cursor per row offset finds them without a search (strain_sums.c).
 */
#include "reference.h"
#include "mgmd/base/mem.h"

#include <stdlib.h>
#include <string.h>

typedef struct sort_row {
  int32_t halo, at[3];
  int64_t id, delivered;
} sort_row;

static int by_place(const void *a, const void *b) {
  const sort_row *p = a, *q = b;
  if (p->halo != q->halo) return p->halo - q->halo;
  for (int k = 0; k < 3; k++)
    if (p->at[k] != q->at[k]) return p->at[k] < q->at[k] ? -1 : 1;
  return (p->id > q->id) - (p->id < q->id);
}

static int by_key(const void *a, const void *b) {
  const int64_t p = ((const mg_reference_image *)a)->key, q = ((const mg_reference_image *)b)->key;
  return (p > q) - (p < q);
}

int64_t mg_reference_key(const mg_reference *ref, int64_t x, int64_t y, int64_t z) {
  const int *lo = ref->block_lo, *hi = ref->block_hi, *reach = ref->grid.reach;
  const int64_t ny = hi[1] - lo[1] + 2 * (int64_t)reach[1];
  const int64_t nz = hi[2] - lo[2] + 2 * (int64_t)reach[2];
  return ((x - lo[0] + reach[0]) * ny + (y - lo[1] + reach[1])) * nz + (z - lo[2] + reach[2]);
}

static sort_row place(const mg_reference *ref, const mg_reference_row *row, int64_t delivered) {
  sort_row out = {.id = row->id, .delivered = delivered};
  for (int a = 0; a < 3; a++) {
    const double x = row->x[a];
    out.at[a] =
        mg_grid_index(&ref->grid, a, x - mg_reference_wraps(&ref->box, a, x) * ref->box.length[a]);
    if (out.at[a] < ref->block_lo[a] || out.at[a] >= ref->block_hi[a]) out.halo = 1;
  }
  return out;
}

static mg_status keep_rows(mg_reference *ref, int64_t n, const mg_reference_row *row,
                           const sort_row *order) {
  ref->n_held = n;
  MG_TRY(MG_NEW(ref->id, n));
  MG_TRY(MG_NEW(ref->x, n));
  MG_TRY(MG_NEW(ref->held_of, n));
  for (int64_t k = 0; k < n; k++) {
    const int64_t from = order[k].delivered;
    ref->id[k] = row[from].id;
    memcpy(ref->x[k], row[from].x, sizeof ref->x[k]);
    ref->held_of[from] = (int32_t)k;
    ref->n_owned += !order[k].halo;
  }
  return MG_OK;
}

static mg_status list_cells(mg_reference *ref, const sort_row *order) {
  const int64_t n = ref->n_held;
  for (int64_t k = 0; k < n; k++)
    ref->n_cells += k == 0 || memcmp(order[k].at, order[k - 1].at, sizeof order[k].at) != 0;
  MG_REQUIRE(ref->n_cells < INT32_MAX, MG_ERR_RUN, "strain reference: too many cells on one rank");
  MG_TRY(MG_NEW(ref->cell, ref->n_cells));
  mg_reference_cell *next = ref->cell;
  for (int64_t k = 0; k < n; k++) {
    if (k == 0 || memcmp(order[k].at, order[k - 1].at, sizeof order[k].at) != 0) {
      memcpy(next->at, order[k].at, sizeof next->at);
      next->first = k;
      next++;
      ref->n_own_cells += !order[k].halo;
    }
    next[-1].n++;
  }
  return MG_OK;
}

/* First and last copy number of a cell plane within the widened block. */
static void copies_along(const mg_reference *ref, int a, int32_t plane, int32_t *from,
                         int32_t *to) {
  *from = *to = 0;
  if (!ref->grid.periodic[a]) return;
  const int64_t n = ref->grid.n[a], reach = ref->grid.reach[a];
  const int64_t first = ref->block_lo[a] - reach, last = ref->block_hi[a] + reach - 1;
  /* smallest s with plane + s n >= first, largest with plane + s n <= last; shifted to be >= 0 */
  const int64_t far = (reach / n + 2) * n;
  *from = (int32_t)((first - plane + far + n - 1) / n - far / n);
  *to = (int32_t)((last - plane + far) / n - far / n);
}

static void add_images(mg_reference *ref, int32_t cell, bool counting) {
  int32_t from[3], to[3], s[3];
  const mg_reference_cell *c = &ref->cell[cell];
  const int *n = ref->grid.n;
  for (int a = 0; a < 3; a++) copies_along(ref, a, c->at[a], &from[a], &to[a]);
  for (s[0] = from[0]; s[0] <= to[0]; s[0]++)
    for (s[1] = from[1]; s[1] <= to[1]; s[1]++)
      for (s[2] = from[2]; s[2] <= to[2]; s[2]++, ref->n_images++) {
        if (counting) continue;
        mg_reference_image *image = &ref->image[ref->n_images];
        image->key =
            mg_reference_key(ref, c->at[0] + (int64_t)s[0] * n[0], c->at[1] + (int64_t)s[1] * n[1],
                             c->at[2] + (int64_t)s[2] * n[2]);
        image->cell = cell;
        memcpy(image->shift, s, sizeof s);
      }
}

static mg_status list_images(mg_reference *ref) {
  for (int64_t c = 0; c < ref->n_cells; c++) add_images(ref, (int32_t)c, true);
  MG_TRY(MG_NEW(ref->image, ref->n_images));
  ref->n_images = 0;
  for (int64_t c = 0; c < ref->n_cells; c++) add_images(ref, (int32_t)c, false);
  qsort(ref->image, (size_t)ref->n_images, sizeof *ref->image, by_key);
  for (int64_t k = 0; k < ref->n_images; k++) {
    ref->image[k].first = ref->n_copies;
    ref->n_copies += ref->cell[ref->image[k].cell].n;
  }
  MG_REQUIRE(ref->n_copies < INT32_MAX, MG_ERR_RUN,
             "strain reference: %lld atoms and images on one rank; use more ranks",
             (long long)ref->n_copies);
  return MG_OK;
}

mg_status mg_reference_hold(mg_reference *ref, int64_t n, const mg_reference_row *row) {
  MG_REQUIRE(n < INT32_MAX, MG_ERR_RUN, "strain reference: %lld atoms on one rank; use more ranks",
             (long long)n);
  sort_row *order;
  MG_TRY(MG_NEW(order, n));
  for (int64_t k = 0; k < n; k++) order[k] = place(ref, &row[k], k);
  qsort(order, (size_t)n, sizeof *order, by_place);
  mg_status status = keep_rows(ref, n, row, order);
  if (status == MG_OK) status = list_cells(ref, order);
  mg_free(order);
  if (status == MG_OK) status = list_images(ref);
  return status;
}
