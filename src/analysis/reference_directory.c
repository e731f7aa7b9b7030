/* The directory: which rank finds an atom by its id, and whom it tells where the atom is.
 *
 * The current holder of an atom knows its id but not who owns it in the reference; the directory
 * rank of an id (id modulo ranks) does. It delivers in ascending id order, so receivers know from
 * their place alone which atom each position belongs to, and only positions travel.
 */
#include "reference.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static mg_status pack_rows(const mg_comm *comm, int64_t n, const int64_t *id, const double (*x)[3],
                           mg_reference_row **row, int32_t **destination) {
  MG_TRY(MG_NEW(*row, n));
  MG_TRY(MG_NEW(*destination, n));
  for (int64_t i = 0; i < n; i++) {
    (*row)[i].id = id[i];
    memcpy((*row)[i].x, x[i], sizeof x[i]);
    (*destination)[i] = (int32_t)((uint64_t)id[i] % (uint64_t)comm->size);
  }
  return MG_OK;
}

mg_status mg_reference_to_directory(const mg_comm *comm, int64_t n, const int64_t *id,
                                    const double (*x)[3], mg_reference_row **row, int64_t *n_rows) {
  mg_reference_row *send = NULL;
  int32_t *destination = NULL;
  void *received = NULL;
  mg_status status = mg_agree(comm, pack_rows(comm, n, id, x, &send, &destination));
  if (status == MG_OK)
    status = mg_exchange(comm, n, destination, sizeof *send, send, &received, n_rows);
  mg_free(send);
  mg_free(destination);
  *row = received;
  return status;
}

static int by_id(const void *a, const void *b) {
  const int64_t p = ((const mg_reference_row *)a)->id, q = ((const mg_reference_row *)b)->id;
  return (p > q) - (p < q);
}

/* Whether the rank at c, its block widened by the reach, sees the cell plane of axis a or one of
 * its copies. Coordinates of earlier axes do not matter. */
static bool rank_sees(const mg_reference *ref, int a, const int c[3], int plane) {
  const int *cut = mg_domain_cuts(&ref->domain, a, c) + c[a];
  const int64_t n = ref->grid.n[a], reach = ref->grid.reach[a];
  if (cut[0] == cut[1]) return false;
  const int64_t from_start = plane - cut[0] + reach, width = cut[1] - cut[0] + 2 * reach;
  if (!ref->grid.periodic[a]) return from_start >= 0 && from_start < width;
  return ((from_start % n) + n) % n < width;
}

/* Append the ranks that hold a cell's atoms to send_*; only count them while these are NULL. */
static void add_holders(mg_reference *ref, const int plane[3], int64_t slot) {
  int c[3];
  const int *dims = ref->domain.dims;
  for (c[2] = 0; c[2] < dims[2]; c[2]++) {
    if (!rank_sees(ref, 2, c, plane[2])) continue;
    for (c[1] = 0; c[1] < dims[1]; c[1]++) {
      if (!rank_sees(ref, 1, c, plane[1])) continue;
      for (c[0] = 0; c[0] < dims[0]; c[0]++) {
        if (!rank_sees(ref, 0, c, plane[0])) continue;
        if (ref->send_slot) {
          ref->send_slot[ref->n_sends] = (int32_t)slot;
          ref->send_rank[ref->n_sends] = mg_domain_rank(&ref->domain, c);
        }
        ref->n_sends++;
      }
    }
  }
}

static void add_all_holders(mg_reference *ref, const mg_reference_row *row) {
  ref->n_sends = 0;
  for (int64_t k = 0; k < ref->n_listed; k++) {
    int plane[3];
    for (int a = 0; a < 3; a++) {
      const double x = row[k].x[a];
      plane[a] = mg_grid_index(&ref->grid, a,
                               x - mg_reference_wraps(&ref->box, a, x) * ref->box.length[a]);
    }
    add_holders(ref, plane, k);
  }
}

mg_status mg_reference_list(mg_reference *ref, int64_t n, mg_reference_row *row) {
  MG_REQUIRE(n < INT32_MAX, MG_ERR_RUN, "strain reference: %lld atoms on one rank; use more ranks",
             (long long)n);
  qsort(row, (size_t)n, sizeof *row, by_id);
  for (int64_t k = 1; k < n; k++)
    MG_REQUIRE(row[k].id != row[k - 1].id, MG_ERR_RUN, "strain reference: id %lld occurs twice",
               (long long)row[k].id);
  ref->n_listed = n;
  MG_TRY(MG_NEW(ref->listed_id, n));
  for (int64_t k = 0; k < n; k++) ref->listed_id[k] = row[k].id;
  add_all_holders(ref, row);
  MG_TRY(MG_NEW(ref->send_slot, ref->n_sends));
  MG_TRY(MG_NEW(ref->send_rank, ref->n_sends));
  add_all_holders(ref, row);
  return MG_OK;
}

/* Index of an id among the listed ones, or -1. */
static int64_t find(const mg_reference *ref, int64_t id) {
  int64_t low = 0, high = ref->n_listed;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (ref->listed_id[middle] < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < ref->n_listed && ref->listed_id[low] == id ? low : -1;
}

/* Put rows that reached the directory into its order; each listed id must be there once. */
static mg_status match(const mg_reference *ref, int64_t n, const mg_reference_row *row,
                       double (*listed)[3], bool *seen) {
  static const char axis_name[3] = {'x', 'y', 'z'};
  for (int64_t i = 0; i < n; i++) {
    const int64_t k = find(ref, row[i].id);
    MG_REQUIRE(k >= 0, MG_ERR_RUN, "atom %lld is not in the strain reference",
               (long long)row[i].id);
    MG_REQUIRE(!seen[k], MG_ERR_RUN, "id %lld occurs twice", (long long)row[i].id);
    for (int a = 0; a < 3; a++)
      MG_REQUIRE(isfinite(row[i].x[a]), MG_ERR_RUN, "atom %lld has position %c = %g A",
                 (long long)row[i].id, axis_name[a], row[i].x[a]);
    seen[k] = true;
    memcpy(listed[k], row[i].x, sizeof listed[k]);
  }
  for (int64_t k = 0; k < ref->n_listed; k++)
    MG_REQUIRE(seen[k], MG_ERR_RUN, "atom %lld of the strain reference is missing",
               (long long)ref->listed_id[k]);
  return MG_OK;
}

static mg_status pack_positions(const mg_reference *ref, int64_t n, const mg_reference_row *row,
                                double (**send)[3]) {
  double (*listed)[3] = NULL;
  bool *seen = NULL;
  mg_status status = MG_NEW(listed, ref->n_listed);
  if (status == MG_OK) status = MG_NEW(seen, ref->n_listed);
  if (status == MG_OK) status = match(ref, n, row, listed, seen);
  if (status == MG_OK) status = MG_NEW(*send, ref->n_sends);
  for (int64_t k = 0; k < ref->n_sends && status == MG_OK; k++)
    memcpy((*send)[k], listed[ref->send_slot[k]], sizeof **send);
  mg_free(seen);
  mg_free(listed);
  return status;
}

static mg_status sort_in(const mg_reference *ref, int64_t n, const double (*received)[3],
                         double (**held)[3]) {
  MG_REQUIRE(n == ref->n_held, MG_ERR_INTERNAL, "strain: %lld positions for %lld atoms",
             (long long)n, (long long)ref->n_held);
  MG_TRY(MG_NEW(*held, n));
  for (int64_t k = 0; k < n; k++) memcpy((*held)[ref->held_of[k]], received[k], sizeof **held);
  return MG_OK;
}

mg_status mg_reference_deliver(const mg_reference *ref, const mg_comm *comm, int64_t n,
                               const int64_t *id, const double (*x)[3], double (**held)[3]) {
  mg_reference_row *row = NULL;
  double (*send)[3] = NULL;
  void *received = NULL;
  int64_t n_rows = 0, n_received = 0;
  *held = NULL;
  mg_status status = mg_reference_to_directory(comm, n, id, x, &row, &n_rows);
  if (status == MG_OK) status = mg_agree(comm, pack_positions(ref, n_rows, row, &send));
  mg_free(row);
  if (status == MG_OK)
    status =
        mg_exchange(comm, ref->n_sends, ref->send_rank, sizeof *send, send, &received, &n_received);
  mg_free(send);
  if (status == MG_OK) status = mg_agree(comm, sort_in(ref, n_received, received, held));
  mg_free(received);
  if (status != MG_OK) MG_DELETE(*held);
  return status;
}
