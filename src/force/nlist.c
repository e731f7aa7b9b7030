/* Neighbour lists from the cell table.
 *
 * The stencil is walked row by row (z, y), along x over cells whose atoms lie next to each other in
 * memory. Appending is branchless: every candidate is written and the count moves on only when it
 * belongs there. Reused rows of a section buffer keep the lists of one atom together.
 */
#include "mgmd/force/nlist.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

void mg_list_radii_make(mg_list_radii *radii, const mg_potential *potential, double skin) {
  memset(radii, 0, sizeof *radii);
  const int n = mg_potential_species(potential)->n;
  double psi_most = 0;
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++)
      psi_most = fmax(psi_most, mg_potential_psi_cutoff(potential, a, b));
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++) {
      const double phi = mg_potential_phi_cutoff(potential, a, b);
      /* one near radius for all pairs: far pairs then lie in the outermost pieces of phi */
      radii->near2[a][b] = (psi_most + skin) * (psi_most + skin);
      radii->far2[a][b] = phi > psi_most ? (phi + skin) * (phi + skin) : 0;
    }
}

/* Room for the candidates of one atom, by section. */
typedef struct scratch {
  int32_t *section[MG_SECTIONS];
  int32_t n[MG_SECTIONS];
  int32_t capacity; /* of each section */
} scratch;

static mg_status scratch_reserve(scratch *s, int n_sections, int32_t capacity) {
  if (capacity <= s->capacity) return MG_OK;
  for (int k = 0; k < n_sections; k++) {
    MG_DELETE(s->section[k]);
    MG_TRY(MG_NEW(s->section[k], capacity));
  }
  s->capacity = capacity;
  return MG_OK;
}

typedef struct view {
  const mg_cells *cells;
  const mg_list_radii *radii;
  const double (*q)[4];
  const int32_t *species;
  int reach[3];
} view;

static const int32_t *cell_start(const mg_cells *c, int x, int y, int z) {
  const int64_t cell =
      ((int64_t)(z - c->lo[2]) * c->m[1] + (y - c->lo[1])) * c->m[0] + (x - c->lo[0]);
  return c->start + cell * (c->n_species + 1);
}

static void scan(const view *w, scratch *s, int32_t i, int32_t begin, int32_t end) {
  const int n_species = w->cells->n_species;
  const double xi = w->q[i][0], yi = w->q[i][1], zi = w->q[i][2];
  const double *near2 = w->radii->near2[w->species[i]], *far2 = w->radii->far2[w->species[i]];
  for (int32_t j = begin; j < end; j++) {
    const double dx = w->q[j][0] - xi, dy = w->q[j][1] - yi, dz = w->q[j][2] - zi;
    const double r2 = dx * dx + dy * dy + dz * dz;
    const int b = w->species[j];
    const bool near = r2 < near2[b];
    const int k = near ? b : n_species + b;
    s->section[k][s->n[k]] = j;
    s->n[k] += (near || r2 < far2[b]) && j != i;
  }
}

static int clamp(int v, int lo, int hi) { return v < lo ? lo : v > hi ? hi : v; }

/* All cells within reach of own cell `at`, as runs of atoms contiguous in memory. The table ends
 * where an open axis ends, so clamping to it is all the boundary handling there is. */
static mg_status collect_runs(const view *w, const int at[3], int32_t (**runs)[2], int *n_runs,
                              int *capacity, int32_t *n_candidates) {
  const mg_cells *c = w->cells;
  int lo[3], hi[3];
  for (int a = 0; a < 3; a++) {
    lo[a] = clamp(at[a] - w->reach[a], c->lo[a], c->lo[a] + c->m[a]);
    hi[a] = clamp(at[a] + w->reach[a] + 1, c->lo[a], c->lo[a] + c->m[a]);
  }
  *n_runs = 0;
  *n_candidates = 0;
  const int most = (hi[0] - lo[0]) * (hi[1] - lo[1]) * (hi[2] - lo[2]);
  if (most > *capacity) {
    mg_free(*runs);
    MG_TRY(MG_NEW(*runs, most));
    *capacity = most;
  }
  for (int z = lo[2]; z < hi[2]; z++)
    for (int y = lo[1]; y < hi[1]; y++)
      for (int x = lo[0]; x < hi[0]; x++) {
        const int32_t *start = cell_start(c, x, y, z);
        const int32_t begin = start[0], end = start[c->n_species];
        if (begin == end) continue;
        *n_candidates += end - begin;
        if (x > lo[0] && *n_runs && (*runs)[*n_runs - 1][1] == begin)
          (*runs)[*n_runs - 1][1] = end;
        else
          (*runs)[(*n_runs)++][0] = begin, (*runs)[*n_runs - 1][1] = end;
      }
  return MG_OK;
}

static mg_status append(mg_nlist *list, const scratch *s, int32_t i, int32_t dummy) {
  const int n_sections = 2 * list->n_species;
  int64_t at = list->first[i], total = 0;
  for (int k = 0; k < n_sections; k++) total += (s->n[k] + MG_LANES - 1) / MG_LANES * MG_LANES;
  MG_REQUIRE(total <= UINT16_MAX, MG_ERR_RUN,
             "an atom has %lld neighbours within the cutoff; the configuration is collapsed",
             (long long)total);
  if (at + total > list->capacity) {
    const int64_t capacity = (at + total) + (at + total) / 4 + 1024;
    int32_t *grown = mg_realloc(list->entry, (size_t)capacity, sizeof *grown);
    if (!grown) return MG_ERR_MEMORY;
    list->entry = grown;
    list->capacity = capacity;
  }
  uint16_t *end = list->end + (int64_t)i * n_sections;
  for (int k = 0; k < n_sections; k++) {
    memcpy(list->entry + at, s->section[k], (size_t)s->n[k] * sizeof *list->entry);
    list->n_pairs += s->n[k];
    const int64_t filled = at + s->n[k];
    at += (s->n[k] + MG_LANES - 1) / MG_LANES * MG_LANES;
    for (int64_t pad = filled; pad < at; pad++) list->entry[pad] = dummy;
    end[k] = (uint16_t)(at - list->first[i]);
  }
  list->first[i + 1] = at;
  return MG_OK;
}

static mg_status build_cell(mg_nlist *list, const view *w, scratch *s, const int at[3],
                            int32_t (**runs)[2], int *capacity, int32_t dummy) {
  int n_runs;
  int32_t n_candidates;
  MG_TRY(collect_runs(w, at, runs, &n_runs, capacity, &n_candidates));
  MG_TRY(scratch_reserve(s, 2 * list->n_species, n_candidates + 1));
  const int32_t *start = cell_start(w->cells, at[0], at[1], at[2]);
  for (int32_t i = start[0]; i < start[w->cells->n_species]; i++) {
    memset(s->n, 0, sizeof s->n);
    for (int r = 0; r < n_runs; r++) scan(w, s, i, (*runs)[r][0], (*runs)[r][1]);
    MG_TRY(append(list, s, i, dummy));
  }
  return MG_OK;
}

static mg_status reserve(mg_nlist *list, int32_t n_local) {
  MG_DELETE(list->first);
  MG_DELETE(list->end);
  MG_TRY(MG_NEW(list->first, (int64_t)n_local + 1));
  return MG_NEW(list->end, (int64_t)n_local * 2 * list->n_species);
}

mg_status mg_nlist_build(mg_nlist *list, const mg_cells *cells, const int reach[3],
                         const mg_list_radii *radii, int32_t n_local, int32_t n_all,
                         const double (*q)[4], const int32_t *species) {
  list->n = n_local;
  list->n_species = cells->n_species;
  list->n_pairs = 0;
  MG_TRY(reserve(list, n_local));
  const view w = {.cells = cells,
                  .radii = radii,
                  .q = q,
                  .species = species,
                  .reach = {reach[0], reach[1], reach[2]}};
  scratch s = {0};
  int32_t(*runs)[2] = NULL;
  int capacity = 0;
  mg_status status = MG_OK;
  int at[3];
  for (at[2] = cells->own_lo[2]; at[2] < cells->own_hi[2] && status == MG_OK; at[2]++)
    for (at[1] = cells->own_lo[1]; at[1] < cells->own_hi[1] && status == MG_OK; at[1]++)
      for (at[0] = cells->own_lo[0]; at[0] < cells->own_hi[0] && status == MG_OK; at[0]++)
        status = build_cell(list, &w, &s, at, &runs, &capacity, n_all);
  for (int k = 0; k < MG_SECTIONS; k++) mg_free(s.section[k]);
  mg_free(runs);
  return status;
}

void mg_nlist_clear(mg_nlist *list) {
  mg_free(list->first);
  mg_free(list->end);
  mg_free(list->entry);
  memset(list, 0, sizeof *list);
}
