/* A reference configuration, spread once and for all by the cells of its own grid.
 *
 * Each rank owns a block of cells of one global grid (a function of the reference cell and the
 * cutoff only) and holds the real atoms of every cell its block can see. Periodic copies are not
 * held: they are listed cell by cell, several of the same cell where the box is thinner than the
 * cutoff, and filled in at each snapshot. Everything is ordered by (cell, id), never by rank, which
 * makes the strain sums the same on any number of ranks.
 *
 * Not taken: the halo of the moving atoms (reference neighbours outrun it in a shear band) and a
 * stored neighbour list (1 KB per atom).
 */
#include "reference.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

static const char axis_name[3] = {'x', 'y', 'z'};
static const double MOST_WRAPS = 1e9;
static const double MOST_EDGES = 50; /* a million images of each atom */

double mg_reference_wraps(const mg_box *box, int a, double x) {
  return box->periodic[a] ? floor((x - box->lo[a]) / box->length[a]) : 0;
}

static mg_status check_input(int64_t n, const int64_t *id, const double (*x)[3], const mg_box *box,
                             double cutoff) {
  MG_REQUIRE(cutoff > 0 && isfinite(cutoff), MG_ERR_INPUT,
             "strain cutoff %g A; it must be above zero", cutoff);
  for (int a = 0; a < 3; a++) {
    const double edge = box->length[a];
    MG_REQUIRE(edge > 0 && isfinite(edge), MG_ERR_RUN,
               "strain reference: edge %c of the box is %g A", axis_name[a], edge);
    MG_REQUIRE(!box->periodic[a] || cutoff <= MOST_EDGES * edge, MG_ERR_INPUT,
               "strain cutoff %g A; it may be at most %g times the periodic edge of %g A", cutoff,
               MOST_EDGES, edge);
  }
  for (int64_t i = 0; i < n; i++)
    for (int a = 0; a < 3; a++)
      MG_REQUIRE(isfinite(x[i][a]) && fabs(mg_reference_wraps(box, a, x[i][a])) < MOST_WRAPS,
                 MG_ERR_RUN, "strain reference: atom %lld has position %c = %g A", (long long)id[i],
                 axis_name[a], x[i][a]);
  return MG_OK;
}

/* On open axes the grid covers the atoms, whatever the box says there, and at least a cutoff. */
static void make_grid(mg_reference *ref, const mg_comm *comm, int64_t n, const double (*x)[3]) {
  mg_reduction extent;
  mg_reduction_start(&extent);
  for (int64_t i = 0; i < n; i++)
    for (int a = 0; a < 3; a++) {
      extent.max[a] = fmax(extent.max[a], x[i][a]);
      extent.max[3 + a] = fmax(extent.max[3 + a], -x[i][a]);
    }
  mg_reduce(comm, &extent);
  double lo[3] = {0}, hi[3] = {0};
  for (int a = 0; a < 3 && isfinite(extent.max[a]); a++) {
    lo[a] = -extent.max[3 + a];
    hi[a] = fmax(extent.max[a], lo[a] + ref->cutoff);
  }
  mg_grid_make(&ref->grid, &ref->box, lo, hi, ref->cutoff);
}

static mg_status wrap_all(const mg_box *box, int64_t n, const double (*x)[3],
                          double (**wrapped)[3]) {
  MG_TRY(MG_NEW(*wrapped, n));
  for (int64_t i = 0; i < n; i++)
    for (int a = 0; a < 3; a++)
      (*wrapped)[i][a] = x[i][a] - mg_reference_wraps(box, a, x[i][a]) * box->length[a];
  return MG_OK;
}

static mg_status make_domain(mg_reference *ref, const mg_comm *comm, int64_t n,
                             const double (*x)[3]) {
  int dims[3];
  double (*wrapped)[3] = NULL;
  mg_status local = mg_domain_shape(comm->size, ref->grid.length, ref->cutoff, NULL, dims);
  if (local == MG_OK) local = mg_domain_init(&ref->domain, comm, dims);
  if (local == MG_OK) local = wrap_all(&ref->box, n, x, &wrapped);
  mg_status status = mg_agree(comm, local);
  if (status == MG_OK)
    status = mg_domain_balance(&ref->domain, comm, &ref->grid, n, (const double(*)[3])wrapped);
  mg_free(wrapped);
  for (int a = 0; a < 3 && status == MG_OK; a++) {
    const int *cut = mg_domain_cuts(&ref->domain, a, ref->domain.coord) + ref->domain.coord[a];
    ref->block_lo[a] = cut[0];
    ref->block_hi[a] = cut[1];
  }
  return status;
}

/* The directory sends (id, X) to the holders, in the order it will use for every snapshot. */
static mg_status pack_sends(const mg_reference *ref, const mg_reference_row *listed,
                            mg_reference_row **send) {
  MG_TRY(MG_NEW(*send, ref->n_sends));
  for (int64_t k = 0; k < ref->n_sends; k++) (*send)[k] = listed[ref->send_slot[k]];
  return MG_OK;
}

static mg_status spread(mg_reference *ref, const mg_comm *comm, int64_t n, const int64_t *id,
                        const double (*x)[3]) {
  mg_reference_row *listed = NULL, *send = NULL;
  void *held = NULL;
  int64_t n_listed = 0, n_held = 0;
  mg_status status = mg_reference_to_directory(comm, n, id, x, &listed, &n_listed);
  if (status == MG_OK) {
    mg_status local = mg_reference_list(ref, n_listed, listed);
    if (local == MG_OK) local = pack_sends(ref, listed, &send);
    status = mg_agree(comm, local);
  }
  mg_free(listed);
  if (status == MG_OK)
    status = mg_exchange(comm, ref->n_sends, ref->send_rank, sizeof *send, send, &held, &n_held);
  mg_free(send);
  if (status == MG_OK) status = mg_agree(comm, mg_reference_hold(ref, n_held, held));
  mg_free(held);
  return status;
}

mg_status mg_reference_create(const mg_comm *comm, int64_t n, const int64_t *id,
                              const double (*x)[3], const mg_box *box, double cutoff,
                              mg_reference **reference) {
  mg_reference *ref = NULL;
  *reference = NULL;
  mg_status local = check_input(n, id, x, box, cutoff);
  if (local == MG_OK) local = MG_NEW(ref, 1);
  mg_status status = mg_agree(comm, local);
  if (status == MG_OK) {
    ref->box = *box;
    ref->cutoff = cutoff;
    make_grid(ref, comm, n, x);
    status = make_domain(ref, comm, n, x);
  }
  if (status == MG_OK) status = spread(ref, comm, n, id, x);
  if (status != MG_OK) mg_reference_destroy(&ref);
  *reference = ref;
  return status;
}

void mg_reference_destroy(mg_reference **reference) {
  mg_reference *ref = *reference;
  if (!ref) return;
  mg_domain_clear(&ref->domain);
  mg_free(ref->listed_id);
  mg_free(ref->send_slot);
  mg_free(ref->send_rank);
  mg_free(ref->id);
  mg_free(ref->x);
  mg_free(ref->held_of);
  mg_free(ref->cell);
  mg_free(ref->image);
  mg_free(ref);
  *reference = NULL;
}

const mg_box *mg_reference_box(const mg_reference *reference) { return &reference->box; }

double mg_reference_cutoff(const mg_reference *reference) { return reference->cutoff; }

int64_t mg_reference_count(const mg_reference *reference) { return reference->n_owned; }

const int64_t *mg_reference_ids(const mg_reference *reference) { return reference->id; }

const double (*mg_reference_positions(const mg_reference *reference))[3] {
  return (const double(*)[3])reference->x;
}
