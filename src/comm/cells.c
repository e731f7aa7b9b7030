/* Sorting a rank's atoms into the order that everything else relies on: (cell, species, id). */
#include "mgmd/base/mem.h"
#include "mgmd/comm/halo.h"

#include <string.h>

static int32_t local_cell(const mg_domain *domain, const mg_grid *grid, const double x[3]) {
  int32_t cell = 0;
  for (int a = 2; a >= 0; a--) {
    const int *cut = mg_domain_cuts(domain, a, domain->coord) + domain->coord[a];
    cell = cell * (cut[1] - cut[0]) + (mg_grid_index(grid, a, x[a]) - cut[0]);
  }
  return cell;
}

typedef struct workspace {
  int32_t *bucket; /* [n] of each atom */
  int32_t *start;  /* [n_buckets + 1] */
  int32_t *order;  /* [n] */
} workspace;

static mg_status sort(workspace *w, const mg_domain *domain, const mg_grid *grid, int n_species,
                      mg_atoms *atoms) {
  int64_t n_buckets = n_species;
  for (int a = 0; a < 3; a++) {
    const int *cut = mg_domain_cuts(domain, a, domain->coord) + domain->coord[a];
    n_buckets *= cut[1] - cut[0];
  }
  MG_TRY(MG_NEW(w->bucket, atoms->n));
  MG_TRY(MG_NEW(w->order, atoms->n));
  MG_TRY(MG_NEW(w->start, n_buckets + 1));
  for (int32_t i = 0; i < atoms->n; i++) {
    w->bucket[i] = local_cell(domain, grid, atoms->x[i]) * n_species + atoms->species[i];
    w->start[w->bucket[i] + 1]++;
  }
  for (int64_t b = 0; b < n_buckets; b++) w->start[b + 1] += w->start[b];
  /* counting sort that keeps each bucket sorted by id: buckets hold a few atoms */
  int32_t *filled = w->order; /* order[start..] grows bucket by bucket */
  int32_t *n_in = NULL;
  MG_TRY(MG_NEW(n_in, n_buckets));
  for (int32_t i = 0; i < atoms->n; i++) {
    const int32_t b = w->bucket[i];
    int32_t k = w->start[b] + n_in[b]++;
    for (; k > w->start[b] && atoms->id[filled[k - 1]] > atoms->id[i]; k--)
      filled[k] = filled[k - 1];
    filled[k] = i;
  }
  mg_free(n_in);
  return MG_OK;
}

static bool is_identity(const int32_t *order, int32_t n) {
  for (int32_t i = 0; i < n; i++)
    if (order[i] != i) return false;
  return true;
}

mg_status mg_cells_sort(const mg_domain *domain, const mg_grid *grid, int n_species,
                        mg_atoms *atoms) {
  workspace w = {0};
  mg_status status = sort(&w, domain, grid, n_species, atoms);
  if (status == MG_OK && !is_identity(w.order, atoms->n))
    status = mg_atoms_select(atoms, w.order, atoms->n);
  mg_free(w.bucket);
  mg_free(w.start);
  mg_free(w.order);
  return status;
}

void mg_cells_clear(mg_cells *cells) {
  mg_free(cells->start);
  memset(cells, 0, sizeof *cells);
}
