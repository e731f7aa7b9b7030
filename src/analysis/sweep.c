/* The pass over the neighbours.
 *
 * The rows of cells around a cell are contiguous stretches of the copies. The loop tests the
 * candidates and keeps the indices of neighbours (no branch: a wrong guess costs more than a test),
 * in (cell, id) order, which is the same for any decomposition.
 */
#include "reference.h"
#include "mgmd/base/mem.h"

/* Rows of images, one per offset (x, y): [from, to) with x and y fixed, z within the reach. */
typedef struct rows {
  int n;
  int64_t *offset;    /* [n] key of the row's middle minus key of the cell */
  int64_t *from, *to; /* [n] images; both only ever move forward */
  int64_t *at, *end;  /* [n] the copies in them */
  int32_t *neighbour; /* copies within the cutoff of the atom at work */
  int64_t capacity;
} rows;

static void rows_clear(rows *r) {
  mg_free(r->offset);
  mg_free(r->from);
  mg_free(r->to);
  mg_free(r->at);
  mg_free(r->end);
  mg_free(r->neighbour);
}

static mg_status rows_init(rows *r, const mg_reference *ref) {
  const int *reach = ref->grid.reach;
  const int n = (2 * reach[0] + 1) * (2 * reach[1] + 1);
  MG_TRY(MG_NEW(r->offset, n));
  MG_TRY(MG_NEW(r->from, n));
  MG_TRY(MG_NEW(r->to, n));
  MG_TRY(MG_NEW(r->at, n));
  MG_TRY(MG_NEW(r->end, n));
  const int64_t middle = mg_reference_key(ref, 0, 0, 0);
  for (int x = -reach[0]; x <= reach[0]; x++)
    for (int y = -reach[1]; y <= reach[1]; y++)
      r->offset[r->n++] = mg_reference_key(ref, x, y, 0) - middle;
  return MG_OK;
}

/* Move the cursors to the rows around a cell; room for all candidates. */
static mg_status rows_advance(rows *r, const mg_reference *ref, int64_t key) {
  const mg_reference_image *image = ref->image;
  const int64_t reach = ref->grid.reach[2];
  int64_t candidates = 0;
  for (int k = 0; k < r->n; k++) {
    const int64_t low = key + r->offset[k] - reach, high = key + r->offset[k] + reach;
    while (r->from[k] < ref->n_images && image[r->from[k]].key < low) r->from[k]++;
    while (r->to[k] < ref->n_images && image[r->to[k]].key <= high) r->to[k]++;
    r->at[k] = r->from[k] < ref->n_images ? image[r->from[k]].first : ref->n_copies;
    r->end[k] = r->to[k] < ref->n_images ? image[r->to[k]].first : ref->n_copies;
    candidates += r->end[k] - r->at[k];
  }
  if (candidates < r->capacity) return MG_OK;
  MG_DELETE(r->neighbour);
  r->capacity = candidates + candidates / 2 + 64; /* one is written past the last neighbour */
  return MG_NEW(r->neighbour, r->capacity);
}

static int32_t find_neighbours(const rows *r, double *const copies[3], int32_t i, double cutoff) {
  const double *restrict x = copies[0], *restrict y = copies[1], *restrict z = copies[2];
  const double xi = x[i], yi = y[i], zi = z[i], limit = cutoff * cutoff;
  int32_t *restrict list = r->neighbour;
  int32_t n = 0;
  for (int k = 0; k < r->n; k++) {
    const int32_t end = (int32_t)r->end[k];
    for (int32_t j = (int32_t)r->at[k]; j < end; j++) {
      const double dx = x[j] - xi, dy = y[j] - yi, dz = z[j] - zi;
      list[n] = j;
      n += (dx * dx + dy * dy + dz * dz <= limit) & (j != i);
    }
  }
  return n;
}

mg_status mg_reference_sweep(const mg_reference *ref, double *const copies[3], mg_visit *visit,
                             void *context) {
  rows r = {0};
  mg_status status = rows_init(&r, ref);
  int64_t own = 0; /* the image that is the cell itself */
  for (int64_t c = 0; c < ref->n_own_cells && status == MG_OK; c++) {
    const mg_reference_cell *cell = &ref->cell[c];
    const int64_t key = mg_reference_key(ref, cell->at[0], cell->at[1], cell->at[2]);
    status = rows_advance(&r, ref, key);
    while (ref->image[own].key < key) own++;
    for (int32_t k = 0; k < cell->n && status == MG_OK; k++) {
      const int32_t i = (int32_t)ref->image[own].first + k;
      const int32_t n = find_neighbours(&r, copies, i, ref->cutoff);
      visit(context, cell->first + k, i, n, r.neighbour);
    }
  }
  rows_clear(&r);
  return status;
}
