#include "halo_plan.h"
#include "mgmd/base/mem.h"

#include <stdlib.h>

void mg_virtual_range(const mg_domain *domain, const mg_grid *grid, int a, const int coord[3],
                      int *lo, int *hi) {
  const int *cut = mg_domain_cuts(domain, a, coord) + coord[a];
  *lo = cut[0], *hi = cut[1];
  if (cut[0] == cut[1]) return;
  *lo -= grid->reach[a];
  *hi += grid->reach[a];
  if (grid->periodic[a]) return;
  if (*lo < 0) *lo = 0;
  if (*hi > grid->n[a]) *hi = grid->n[a];
}

static int floor_divide(int a, int n) { return a >= 0 ? a / n : -((n - 1 - a) / n); }

/* What the rank at `receiver` sees along axis a of ranks whose coordinates along later axes are
 * those of `owner`, in increasing order; only what owner[a] owns with `only`. */
static mg_status segments_of(mg_segments_axis *out, const mg_domain *domain, const mg_grid *grid,
                             int a, const int receiver[3], const int owner[3], bool only) {
  int lo, hi;
  mg_virtual_range(domain, grid, a, receiver, &lo, &hi);
  out->n = 0;
  MG_TRY(MG_NEW(out->segment, hi - lo)); /* at most one per plane */
  const int *cut = mg_domain_cuts(domain, a, owner);
  for (int v = lo; v < hi;) {
    mg_segment s = {.lo = v, .image = floor_divide(v, grid->n[a])};
    const int base = s.image * grid->n[a];
    s.owner = mg_domain_slab(domain, a, owner, v - base);
    s.hi = base + cut[s.owner + 1];
    if (s.hi > hi) s.hi = hi;
    v = s.hi;
    if (!only || s.owner == owner[a]) out->segment[out->n++] = s;
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

/* The box of one segment per axis, unless it is the receiver's own (image 0 of itself).
 * @param[in] other  the rank on the other side */
static mg_status append_box(mg_pieces *pieces, const int receiver[3], int other,
                            const mg_segment *const s[3]) {
  mg_piece piece = {.rank = other};
  bool home = true;
  for (int a = 0; a < 3; a++) {
    piece.lo[a] = s[a]->lo;
    piece.hi[a] = s[a]->hi;
    piece.image[a] = s[a]->image;
    home = home && s[a]->image == 0 && s[a]->owner == receiver[a];
  }
  return home ? MG_OK : append(pieces, &piece);
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

/* Everything seen from here along axes a, a - 1, .. 0, given the segments of later axes. */
static mg_status receive_boxes(mg_pieces *pieces, const mg_domain *domain, const mg_grid *grid,
                               int a, int owner[3], const mg_segment *s[3]) {
  if (a < 0) return append_box(pieces, domain->coord, mg_domain_rank(domain, owner), s);
  mg_segments_axis axis;
  mg_status status = segments_of(&axis, domain, grid, a, domain->coord, owner, false);
  for (int k = 0; k < axis.n && status == MG_OK; k++) {
    s[a] = &axis.segment[k];
    owner[a] = s[a]->owner;
    status = receive_boxes(pieces, domain, grid, a - 1, owner, s);
  }
  mg_free(axis.segment);
  return status;
}

/* What the ranks whose coordinates after axis a are those of `receiver` see of this one, given the
 * segments of those axes: the receiver's boxes, in its order. */
static mg_status send_boxes(mg_pieces *pieces, const mg_domain *domain, const mg_grid *grid,
                            int a, int receiver[3], const mg_segments_axis seen[3]) {
  if (a < 0) {
    mg_status status = MG_OK;
    const int rank = mg_domain_rank(domain, receiver);
    for (int z = 0; z < seen[2].n; z++)
      for (int y = 0; y < seen[1].n; y++)
        for (int x = 0; x < seen[0].n && status == MG_OK; x++) {
          const mg_segment *const s[3] = {&seen[0].segment[x], &seen[1].segment[y],
                                          &seen[2].segment[z]};
          status = append_box(pieces, receiver, rank, s);
        }
    return status;
  }
  mg_segments_axis here[3] = {seen[0], seen[1], seen[2]};
  mg_status status = MG_OK;
  for (int c = 0; c < domain->dims[a] && status == MG_OK; c++) {
    receiver[a] = c;
    status = segments_of(&here[a], domain, grid, a, receiver, domain->coord, true);
    if (status == MG_OK && here[a].n)
      status = send_boxes(pieces, domain, grid, a - 1, receiver, here);
    mg_free(here[a].segment);
  }
  return status;
}

static int size_of(const mg_domain *domain) {
  return domain->dims[0] * domain->dims[1] * domain->dims[2];
}

mg_status mg_pieces_receive(mg_pieces *pieces, const mg_domain *domain, const mg_grid *grid) {
  int owner[3] = {0};
  const mg_segment *s[3];
  MG_TRY(receive_boxes(pieces, domain, grid, 2, owner, s));
  return group(pieces, size_of(domain));
}

mg_status mg_pieces_send(mg_pieces *pieces, const mg_domain *domain, const mg_grid *grid) {
  int receiver[3] = {0};
  const mg_segments_axis nothing[3] = {{0}};
  MG_TRY(send_boxes(pieces, domain, grid, 2, receiver, nothing));
  return group(pieces, size_of(domain));
}
