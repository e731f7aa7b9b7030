#include "halo_plan.h"
#include "mgmd/base/mem.h"

#include <stdlib.h>

void mg_virtual_range(const mg_domain *domain, const mg_grid *grid, int a, int c, int *lo,
                      int *hi) {
  const int *cut = domain->cut[a] + c;
  *lo = cut[0], *hi = cut[1];
  if (cut[0] == cut[1]) return;
  *lo -= grid->reach[a];
  *hi += grid->reach[a];
  if (grid->periodic[a]) return;
  if (*lo < 0) *lo = 0;
  if (*hi > grid->n[a]) *hi = grid->n[a];
}

static int floor_divide(int a, int n) { return a >= 0 ? a / n : -((n - 1 - a) / n); }

/* All segments of slab c along axis a, in increasing order. */
static mg_status segments_of(mg_segments_axis *out, const mg_domain *domain, const mg_grid *grid,
                             int a, int c) {
  int lo, hi;
  mg_virtual_range(domain, grid, a, c, &lo, &hi);
  MG_TRY(MG_NEW(out->segment, hi - lo)); /* at most one per plane */
  out->n = 0;
  for (int v = lo; v < hi;) {
    mg_segment *s = &out->segment[out->n++];
    s->image = floor_divide(v, grid->n[a]);
    const int base = s->image * grid->n[a];
    s->owner = mg_domain_slab(domain, a, v - base);
    s->lo = v;
    s->hi = base + domain->cut[a][s->owner + 1];
    if (s->hi > hi) s->hi = hi;
    v = s->hi;
  }
  return MG_OK;
}

static mg_status append(mg_pieces *pieces, const mg_piece *piece) {
  if (pieces->n == pieces->capacity) {
    const int capacity = 2 * pieces->capacity + 32;
    mg_piece *grown = mg_realloc(pieces->piece, (size_t)capacity, sizeof *grown);
    if (!grown) return MG_ERR_MEMORY;
    pieces->piece = grown;
    pieces->capacity = capacity;
  }
  pieces->piece[pieces->n++] = *piece;
  return MG_OK;
}

/* The product of one segment per axis; a rank's own cells (image 0 of itself) are no piece. */
static mg_status append_product(mg_pieces *pieces, const mg_domain *domain, int rank,
                                bool rank_is_owner, const mg_segment *const s[3]) {
  mg_piece piece;
  bool home = true;
  int owner[3];
  for (int a = 0; a < 3; a++) {
    piece.lo[a] = s[a]->lo;
    piece.hi[a] = s[a]->hi;
    piece.image[a] = s[a]->image;
    owner[a] = s[a]->owner;
    home = home && s[a]->image == 0;
  }
  const int owner_rank = mg_domain_rank(domain, owner);
  if (home && owner_rank == rank) return MG_OK;
  piece.rank = rank_is_owner ? owner_rank : rank;
  return append(pieces, &piece);
}

/* Products of the segments of receiver `coord`, restricted to owner slabs `owner` unless < 0. */
static mg_status append_all(mg_pieces *pieces, const mg_domain *domain,
                            const mg_segments_axis axis[3], const int coord[3],
                            const int *only_owner) {
  const int rank = mg_domain_rank(domain, coord);
  for (int z = 0; z < axis[2].n; z++)
    for (int y = 0; y < axis[1].n; y++)
      for (int x = 0; x < axis[0].n; x++) {
        const mg_segment *const s[3] = {&axis[0].segment[x], &axis[1].segment[y],
                                        &axis[2].segment[z]};
        if (only_owner && (s[0]->owner != only_owner[0] || s[1]->owner != only_owner[1] ||
                           s[2]->owner != only_owner[2]))
          continue;
        MG_TRY(append_product(pieces, domain, rank, only_owner == NULL, s));
      }
  return MG_OK;
}

/* Stable grouping by rank: insertion order is kept within a rank. */
static mg_status group(mg_pieces *pieces, int size) {
  mg_piece *sorted = NULL;
  int *next = NULL;
  mg_status status = MG_NEW(sorted, pieces->n);
  if (status == MG_OK) status = MG_NEW(next, size + 1);
  if (status == MG_OK) {
    for (int k = 0; k < pieces->n; k++) next[pieces->piece[k].rank + 1]++;
    for (int r = 0; r < size; r++) next[r + 1] += next[r];
    for (int k = 0; k < pieces->n; k++)
      sorted[next[pieces->piece[k].rank]++] = pieces->piece[k];
    mg_free(pieces->piece);
    pieces->piece = sorted;
    pieces->capacity = pieces->n;
  } else {
    mg_free(sorted);
  }
  mg_free(next);
  return status;
}

static int size_of(const mg_domain *domain) {
  return domain->dims[0] * domain->dims[1] * domain->dims[2];
}

mg_status mg_pieces_receive(mg_pieces *pieces, const mg_domain *domain, const mg_grid *grid) {
  mg_segments_axis axis[3] = {{0}};
  mg_status status = MG_OK;
  for (int a = 0; a < 3 && status == MG_OK; a++)
    status = segments_of(&axis[a], domain, grid, a, domain->coord[a]);
  if (status == MG_OK) status = append_all(pieces, domain, axis, domain->coord, NULL);
  for (int a = 0; a < 3; a++) mg_free(axis[a].segment);
  return status == MG_OK ? group(pieces, size_of(domain)) : status;
}

static bool has_owner(const mg_segments_axis *axis, int owner) {
  for (int k = 0; k < axis->n; k++)
    if (axis->segment[k].owner == owner) return true;
  return false;
}

static mg_status send_products(mg_pieces *pieces, const mg_domain *domain,
                               mg_segments_axis *const by_slab[3]) {
  int c[3];
  for (c[2] = 0; c[2] < domain->dims[2]; c[2]++) {
    if (!has_owner(&by_slab[2][c[2]], domain->coord[2])) continue;
    for (c[1] = 0; c[1] < domain->dims[1]; c[1]++) {
      if (!has_owner(&by_slab[1][c[1]], domain->coord[1])) continue;
      for (c[0] = 0; c[0] < domain->dims[0]; c[0]++) {
        const mg_segments_axis axis[3] = {by_slab[0][c[0]], by_slab[1][c[1]], by_slab[2][c[2]]};
        MG_TRY(append_all(pieces, domain, axis, c, domain->coord));
      }
    }
  }
  return MG_OK;
}

mg_status mg_pieces_send(mg_pieces *pieces, const mg_domain *domain, const mg_grid *grid) {
  mg_segments_axis *by_slab[3] = {NULL, NULL, NULL};
  mg_status status = MG_OK;
  for (int a = 0; a < 3 && status == MG_OK; a++) {
    status = MG_NEW(by_slab[a], domain->dims[a]);
    for (int c = 0; c < domain->dims[a] && status == MG_OK; c++)
      status = segments_of(&by_slab[a][c], domain, grid, a, c);
  }
  if (status == MG_OK) status = send_products(pieces, domain, by_slab);
  for (int a = 0; a < 3; a++) {
    for (int c = 0; by_slab[a] && c < domain->dims[a]; c++) mg_free(by_slab[a][c].segment);
    mg_free(by_slab[a]);
  }
  return status == MG_OK ? group(pieces, size_of(domain)) : status;
}
