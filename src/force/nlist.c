/* Neighbour lists from the cell table.
 *
 * The stencil is walked row by row (z, y), along x over cells whose atoms lie next to each other in
 * memory: some 25 runs of 20 candidates. Choosing is a function of its own, which a kernel may
 * replace by a vectorised one. The plain one appends without branching: every candidate is written
 * and the count moves on only when it belongs there.
 */
#include "mgmd/force/nlist.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

void mg_list_radii_make(mg_list_radii *radii, const mg_potential *potential, double skin) {
  memset(radii, 0, sizeof *radii);
  const int n = mg_potential_species(potential)->n;
  const double most = mg_potential_cutoff(potential);
  double psi_most = 0;
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++)
      psi_most = fmax(psi_most, mg_potential_psi_cutoff(potential, a, b));
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++) {
      const bool reaches = mg_potential_phi_cutoff(potential, a, b) > psi_most;
      /* one near radius for all pairs: far pairs then lie in the outermost pieces of phi; one far
       * radius, so that a vector of candidates needs two comparisons */
      radii->near2[a][b] = (psi_most + skin) * (psi_most + skin);
      radii->far2[a][b] = reaches ? (most + skin) * (most + skin) : 0;
    }
}

/* Everything one build needs and drops. */
typedef struct work {
  const mg_cells *cells;
  int reach[3];
  mg_scan_view view;
  mg_list_scan scan;
  double *xyz;       /* coordinates by component */
  uint32_t *tag;     /* indices with species */
  int32_t *row_end;  /* per cell: where, along x, atoms cease to follow each other in memory */
  mg_scan_run *run;
  int run_capacity;
  int32_t *section[MG_SECTIONS]; /* neighbours of one atom */
  int32_t section_capacity;
} work;

static int64_t cell_index(const mg_cells *c, int x, int y, int z) {
  return ((int64_t)(z - c->lo[2]) * c->m[1] + (y - c->lo[1])) * c->m[0] + (x - c->lo[0]);
}

static const int32_t *cell_start(const mg_cells *c, int64_t cell) {
  return c->start + cell * (c->n_species + 1);
}

void mg_list_scan_plain(const mg_scan_view *view, int32_t i, const mg_scan_run *run, int n_runs,
                        int32_t *const *section, int32_t *n) {
  const double xi = view->x[i], yi = view->y[i], zi = view->z[i];
  const uint32_t a = view->tag[i] >> MG_TAG_SHIFT;
  const double *near2 = view->radii->near2[a], *far2 = view->radii->far2[a];
  for (int k = 0; k < 2 * view->n_species; k++) n[k] = 0;
  for (int r = 0; r < n_runs; r++)
    for (int32_t j = run[r].begin; j < run[r].end; j++) {
      const double dx = view->x[j] - xi, dy = view->y[j] - yi, dz = view->z[j] - zi;
      const double r2 = dx * dx + dy * dy + dz * dz;
      const uint32_t b = view->tag[j] >> MG_TAG_SHIFT;
      const bool near = r2 < near2[b];
      const uint32_t k = near ? b : (uint32_t)view->n_species + b;
      section[k][n[k]] = j;
      n[k] += (near || r2 < far2[b]) && j != i;
    }
}

static int clamp(int v, int lo, int hi) { return v < lo ? lo : v > hi ? hi : v; }

static mg_status reserve_runs(work *w, int n) {
  if (n <= w->run_capacity) return MG_OK;
  MG_DELETE(w->run);
  MG_TRY(MG_NEW(w->run, n));
  w->run_capacity = n;
  return MG_OK;
}

static mg_status reserve_sections(work *w, int32_t n) {
  if (n <= w->section_capacity) return MG_OK;
  for (int k = 0; k < 2 * w->cells->n_species; k++) {
    MG_DELETE(w->section[k]);
    MG_TRY(MG_NEW(w->section[k], n));
  }
  MG_DELETE(w->view.near);
  MG_DELETE(w->view.far);
  MG_TRY(MG_NEW(w->view.near, n));
  MG_TRY(MG_NEW(w->view.far, n));
  w->section_capacity = n;
  return MG_OK;
}

/* All cells within reach of own cell `at`, as runs of atoms contiguous in memory. The table ends
 * where an open axis ends, so clamping to it is all the boundary handling there is. */
static mg_status collect_runs(work *w, const int at[3], int *n_runs) {
  const mg_cells *c = w->cells;
  int lo[3], hi[3];
  for (int a = 0; a < 3; a++) {
    lo[a] = clamp(at[a] - w->reach[a], c->lo[a], c->lo[a] + c->m[a]);
    hi[a] = clamp(at[a] + w->reach[a] + 1, c->lo[a], c->lo[a] + c->m[a]);
  }
  MG_TRY(reserve_runs(w, (hi[0] - lo[0]) * (hi[1] - lo[1]) * (hi[2] - lo[2])));
  int n = 0;
  int32_t n_candidates = 0;
  for (int z = lo[2]; z < hi[2]; z++)
    for (int y = lo[1]; y < hi[1]; y++) {
      const int64_t row = cell_index(c, c->lo[0], y, z);
      for (int x = lo[0] - c->lo[0], end; x < hi[0] - c->lo[0]; x = end) {
        end = w->row_end[row + x] < hi[0] - c->lo[0] ? w->row_end[row + x] : hi[0] - c->lo[0];
        w->run[n].begin = cell_start(c, row + x)[0];
        w->run[n].end = cell_start(c, row + end - 1)[c->n_species];
        n_candidates += w->run[n].end - w->run[n].begin;
        n += w->run[n].end > w->run[n].begin;
      }
    }
  *n_runs = n;
  return reserve_sections(w, n_candidates + 2 * MG_LANES);
}

/* Room for one vector more than `entries`. */
static mg_status reserve_entries(mg_nlist *list, int64_t entries) {
  if (entries + MG_LANES <= list->capacity) return MG_OK;
  const int64_t capacity = entries + entries / 4 + 1024;
  int32_t *grown = mg_realloc(list->entry, (size_t)capacity, sizeof *grown);
  if (!grown) return MG_ERR_MEMORY;
  list->entry = grown;
  list->capacity = capacity;
  return MG_OK;
}

/* A vector of dummies behind the last one, for kernels that look ahead. */
static mg_status close_list(mg_nlist *list, int32_t dummy) {
  const int64_t at = list->first[list->n];
  MG_TRY(reserve_entries(list, at));
  for (int pad = 0; pad < MG_LANES; pad++) list->entry[at + pad] = dummy;
  return MG_OK;
}

static mg_status append(mg_nlist *list, const work *w, const int32_t *n, int32_t i,
                        int32_t dummy) {
  const int n_sections = 2 * list->n_species;
  int64_t room[MG_SECTIONS], total = 0, near = 0;
  for (int k = 0; k < n_sections; k++) {
    room[k] = (n[k] + MG_LANES - 1) / MG_LANES * MG_LANES;
    total += room[k];
    near += k < list->n_species ? n[k] : 0;
    list->n_pairs += n[k];
  }
  if (near == 0) room[0] = MG_LANES, total += MG_LANES;
  MG_REQUIRE(total <= UINT16_MAX, MG_ERR_RUN,
             "an atom has %lld neighbours within the cutoff; the configuration is collapsed",
             (long long)total);
  int64_t at = list->first[i];
  MG_TRY(reserve_entries(list, at + total));
  uint16_t *end = list->end + (int64_t)i * n_sections;
  for (int k = 0; k < n_sections; k++) {
    int32_t *from = w->section[k];
    for (int pad = 0; pad < MG_LANES; pad++) from[n[k] + pad] = dummy;
    for (int64_t group = 0; group < room[k]; group += MG_LANES)
      memcpy(list->entry + at + group, from + group, MG_LANES * sizeof *from);
    at += room[k];
    end[k] = (uint16_t)(at - list->first[i]);
  }
  list->first[i + 1] = at;
  return MG_OK;
}

static mg_status build_cell(mg_nlist *list, work *w, const int at[3], int32_t dummy) {
  const int32_t *start = cell_start(w->cells, cell_index(w->cells, at[0], at[1], at[2]));
  const int32_t end = start[w->cells->n_species];
  if (start[0] == end) return MG_OK;
  int n_runs;
  MG_TRY(collect_runs(w, at, &n_runs));
  for (int32_t i = start[0]; i < end; i++) {
    int32_t n[MG_SECTIONS];
    w->scan(&w->view, i, w->run, n_runs, w->section, n);
    MG_TRY(append(list, w, n, i, dummy));
  }
  return MG_OK;
}

static mg_status reserve(mg_nlist *list, int32_t n_local) {
  MG_DELETE(list->first);
  MG_DELETE(list->end);
  MG_TRY(MG_NEW(list->first, (int64_t)n_local + 1));
  return MG_NEW(list->end, (int64_t)n_local * 2 * list->n_species);
}

static mg_status prepare(work *w, int32_t n_all, const double (*q)[4], const int32_t *species) {
  const int64_t stride = (int64_t)n_all + MG_LANES;
  MG_TRY(MG_NEW(w->xyz, 3 * stride));
  double *x = w->xyz, *y = x + stride, *z = y + stride;
  for (int32_t j = 0; j < n_all; j++) x[j] = q[j][0], y[j] = q[j][1], z[j] = q[j][2];
  w->view.x = x, w->view.y = y, w->view.z = z;
  MG_TRY(MG_NEW(w->tag, stride));
  for (int32_t j = 0; j < n_all; j++)
    w->tag[j] = (uint32_t)j + ((uint32_t)species[j] << MG_TAG_SHIFT);
  w->view.tag = w->tag;
  const mg_cells *c = w->cells;
  const int64_t rows = (int64_t)c->m[1] * c->m[2];
  MG_TRY(MG_NEW(w->row_end, rows * c->m[0]));
  for (int64_t row = 0; row < rows; row++)
    for (int x_cell = c->m[0] - 1; x_cell >= 0; x_cell--) {
      const int64_t cell = row * c->m[0] + x_cell;
      const bool follows = x_cell + 1 < c->m[0] &&
                           cell_start(c, cell)[c->n_species] == cell_start(c, cell + 1)[0];
      w->row_end[cell] = follows ? w->row_end[cell + 1] : x_cell + 1;
    }
  return MG_OK;
}

static mg_status build(mg_nlist *list, work *w, int32_t n_all, const double (*q)[4],
                       const int32_t *species) {
  const mg_cells *c = w->cells;
  MG_TRY(reserve(list, list->n));
  MG_TRY(prepare(w, n_all, q, species));
  int at[3];
  for (at[2] = c->own_lo[2]; at[2] < c->own_hi[2]; at[2]++)
    for (at[1] = c->own_lo[1]; at[1] < c->own_hi[1]; at[1]++)
      for (at[0] = c->own_lo[0]; at[0] < c->own_hi[0]; at[0]++)
        MG_TRY(build_cell(list, w, at, n_all));
  return close_list(list, n_all);
}

mg_status mg_nlist_build(mg_nlist *list, const mg_cells *cells, const int reach[3],
                         const mg_list_radii *radii, int32_t n_local, int32_t n_all,
                         const double (*q)[4], const int32_t *species, mg_list_scan scan) {
  list->n = n_local;
  list->n_species = cells->n_species;
  list->n_pairs = 0;
  work w = {.cells = cells,
            .reach = {reach[0], reach[1], reach[2]},
            .view = {.radii = radii, .n_species = cells->n_species},
            .scan = scan ? scan : mg_list_scan_plain};
  const mg_status status = build(list, &w, n_all, q, species);
  for (int k = 0; k < MG_SECTIONS; k++) mg_free(w.section[k]);
  mg_free(w.run);
  mg_free(w.row_end);
  mg_free(w.xyz);
  mg_free(w.tag);
  mg_free(w.view.near);
  mg_free(w.view.far);
  return status;
}

void mg_nlist_clear(mg_nlist *list) {
  mg_free(list->first);
  mg_free(list->end);
  mg_free(list->entry);
  memset(list, 0, sizeof *list);
}
