/* The rank grid, its cuts and migration.
 *
 * Cuts are planes of the global cell grid, so ownership is decided by integers and every rank can
 * work out every other rank's share without asking. They are nested, z - y - x: planes through the
 * whole box would leave the ranks at a notch with a quarter more than their share, or with nothing
 * (docs/performance.md). Recursive bisection would do the same with neighbours harder to find.
 */
#include "mgmd/comm/domain.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

mg_status mg_domain_shape(int size, const double length[3], double range, const int wanted[3],
                          int dims[3]) {
  if (wanted) {
    MG_REQUIRE((int64_t)wanted[0] * wanted[1] * wanted[2] == size, MG_ERR_INPUT,
               "parallel.grid: %d x %d x %d is not the number of ranks, %d", wanted[0], wanted[1],
               wanted[2], size);
    memcpy(dims, wanted, 3 * sizeof *dims);
    return MG_OK;
  }
  double least = INFINITY;
  for (int x = 1; x <= size; x++) {
    if (size % x) continue;
    for (int y = 1; y <= size / x; y++) {
      if (size / x % y) continue;
      const int trial[3] = {x, y, size / x / y};
      double inner = 1, outer = 1;
      for (int a = 0; a < 3; a++) {
        const double edge = length[a] / trial[a];
        inner *= edge;
        outer *= edge + 2 * range;
      }
      if (outer - inner < least * (1 - 1e-12)) {
        least = outer - inner;
        memcpy(dims, trial, sizeof trial);
      }
    }
  }
  return MG_OK;
}

/* Sets of cuts along axis a: one for each slab of the axes outside it. */
static int n_groups(const mg_domain *domain, int a) {
  return (a < 2 ? domain->dims[2] : 1) * (a < 1 ? domain->dims[1] : 1);
}

static int group_of(const mg_domain *domain, int a, const int coord[3]) {
  if (a == 2) return 0;
  return a == 1 ? coord[2] : coord[2] * domain->dims[1] + coord[1];
}

const int *mg_domain_cuts(const mg_domain *domain, int a, const int coord[3]) {
  return domain->cut[a] + (int64_t)group_of(domain, a, coord) * (domain->dims[a] + 1);
}

mg_status mg_domain_init(mg_domain *domain, const mg_comm *comm, const int dims[3]) {
  memset(domain, 0, sizeof *domain);
  memcpy(domain->dims, dims, sizeof domain->dims);
  domain->coord[0] = comm->rank % dims[0];
  domain->coord[1] = comm->rank / dims[0] % dims[1];
  domain->coord[2] = comm->rank / dims[0] / dims[1];
  for (int a = 0; a < 3; a++)
    MG_TRY(MG_NEW(domain->cut[a], (int64_t)n_groups(domain, a) * (dims[a] + 1)));
  return MG_OK;
}

void mg_domain_clear(mg_domain *domain) {
  for (int a = 0; a < 3; a++) mg_free(domain->cut[a]);
  memset(domain, 0, sizeof *domain);
}

/* cut[k] is the first plane with at least k/dims of the atoms before it */
static void place_cuts(int *cut, int dims, const int64_t *count, int n_planes) {
  int64_t total = 0, before = 0;
  for (int p = 0; p < n_planes; p++) total += count[p];
  int plane = 0;
  for (int k = 0; k <= dims; k++) {
    const double goal = (double)total * k / dims;
    while (plane < n_planes && (double)before + 0.5 * (double)count[plane] < goal)
      before += count[plane++];
    cut[k] = plane;
  }
  cut[0] = 0;
  cut[dims] = n_planes;
  /* an empty or nearly empty box: equal shares of planes rather than all in one slab */
  if (total < n_planes)
    for (int k = 0; k <= dims; k++) cut[k] = (int)((int64_t)n_planes * k / dims);
}

/* Atoms in each plane of axis a, for each group; the cuts of later axes are placed. */
static mg_status count_planes(const mg_domain *domain, const mg_grid *grid, int a, int64_t n,
                              const double (*x)[3], int64_t **count) {
  MG_TRY(MG_NEW(*count, (int64_t)n_groups(domain, a) * grid->n[a]));
  for (int64_t i = 0; i < n; i++) {
    int coord[3] = {0};
    for (int b = 2; b > a; b--)
      coord[b] = mg_domain_slab(domain, b, coord, mg_grid_index(grid, b, x[i][b]));
    const int64_t group = group_of(domain, a, coord);
    (*count)[group * grid->n[a] + mg_grid_index(grid, a, x[i][a])]++;
  }
  return MG_OK;
}

mg_status mg_domain_balance(mg_domain *domain, const mg_comm *comm, const mg_grid *grid,
                            int64_t n, const double (*x)[3]) {
  for (int a = 2; a >= 0; a--) {
    int64_t *count = NULL;
    const int groups = n_groups(domain, a);
    mg_status status = mg_agree(comm, count_planes(domain, grid, a, n, x, &count));
    if (status == MG_OK) status = mg_count_vector(comm, count, (int64_t)groups * grid->n[a]);
    for (int64_t g = 0; g < groups && status == MG_OK; g++)
      place_cuts(domain->cut[a] + g * (domain->dims[a] + 1), domain->dims[a],
                 count + g * grid->n[a], grid->n[a]);
    mg_free(count);
    MG_TRY(status);
  }
  return MG_OK;
}

int mg_domain_slab(const mg_domain *domain, int a, const int coord[3], int cell) {
  const int *cut = mg_domain_cuts(domain, a, coord);
  int low = 0, high = domain->dims[a] - 1; /* cut[low] <= cell < cut[high + 1] */
  while (low < high) {
    const int middle = (low + high + 1) / 2;
    if (cut[middle] <= cell)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

int mg_domain_rank(const mg_domain *domain, const int coord[3]) {
  return (coord[2] * domain->dims[1] + coord[1]) * domain->dims[0] + coord[0];
}

static int owner_of(const mg_domain *domain, const mg_grid *grid, const double x[3]) {
  int coord[3] = {0};
  for (int a = 2; a >= 0; a--)
    coord[a] = mg_domain_slab(domain, a, coord, mg_grid_index(grid, a, x[a]));
  return mg_domain_rank(domain, coord);
}

typedef struct leavers {
  int32_t n_stay, n_leave;
  int32_t *order;       /* [atoms.n] those that stay */
  int32_t *destination; /* [atoms.n] of those that leave */
  char *records;
} leavers;

static mg_status find_leavers(leavers *out, const mg_domain *domain, const mg_comm *comm,
                              const mg_grid *grid, const mg_atoms *atoms) {
  const size_t size = mg_atoms_record_size(atoms, MG_FIELD_MIGRATE);
  MG_TRY(MG_NEW(out->order, atoms->n));
  MG_TRY(MG_NEW(out->destination, atoms->n));
  for (int32_t i = 0; i < atoms->n; i++) {
    const int owner = owner_of(domain, grid, atoms->x[i]);
    if (owner == comm->rank)
      out->order[out->n_stay++] = i;
    else
      out->destination[out->n_leave++] = owner;
  }
  out->records = mg_calloc((size_t)out->n_leave, size);
  if (!out->records) return MG_ERR_MEMORY;
  for (int32_t i = 0, stay = 0, leave = 0; i < atoms->n; i++) {
    if (stay < out->n_stay && out->order[stay] == i)
      stay++;
    else
      mg_atoms_pack(atoms, i, MG_FIELD_MIGRATE, out->records + (size_t)leave++ * size);
  }
  return MG_OK;
}

static mg_status take_in(mg_atoms *atoms, const leavers *gone, const char *records, int64_t n) {
  const size_t size = mg_atoms_record_size(atoms, MG_FIELD_MIGRATE);
  if (gone->n_leave) MG_TRY(mg_atoms_select(atoms, gone->order, gone->n_stay));
  if (atoms->n + n > atoms->capacity)
    MG_TRY(mg_atoms_reserve(atoms, (atoms->n + n) + (atoms->n + n) / 8 + 64));
  for (int64_t k = 0; k < n; k++)
    mg_atoms_unpack(atoms, atoms->n++, MG_FIELD_MIGRATE, records + (size_t)k * size);
  return MG_OK;
}

mg_status mg_domain_migrate(const mg_domain *domain, const mg_comm *comm, const mg_grid *grid,
                            mg_atoms *atoms) {
  if (comm->size == 1) return MG_OK;
  leavers gone = {0};
  void *records = NULL;
  int64_t n = 0;
  mg_status status = mg_agree(comm, find_leavers(&gone, domain, comm, grid, atoms));
  if (status == MG_OK)
    status = mg_exchange(comm, gone.n_leave, gone.destination,
                         mg_atoms_record_size(atoms, MG_FIELD_MIGRATE), gone.records, &records, &n);
  if (status == MG_OK) status = mg_agree(comm, take_in(atoms, &gone, records, n));
  mg_free(gone.order);
  mg_free(gone.destination);
  mg_free(gone.records);
  mg_free(records);
  return status;
}
