/* Neighbour lists from the cell table.
 *
 * The stencil of a cell is some 25 runs of 20 atoms that lie next to each other in memory. They are
 * gathered once for all atoms of the cell, relative to one of them and in single precision, so that
 * a vector holds sixteen. Coordinates are whole numbers of a unit before (2^30 of them span the
 * global grid), which makes differences of near atoms exact in a box of any size. What all this may
 * do to a distance R between atoms within X of the origin,
 *
 *    |error| <= 2 units + 2^-24 (3.5 X + 5.5 R),
 *
 * is added to the radii: the lists are as complete as in double. Unit and X depend on global cells
 * alone, so that lists are the same on any number of ranks. Atoms beyond an open end of the grid
 * are put on its edge, which brings no two atoms further apart.
 *
 * Gathering and choosing are functions of their own, which a kernel may replace by vectorised ones.
 * The plain ones append without branching: every candidate is written and the count moves on only
 * when it belongs there.
 */
#include "mgmd/force/nlist.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

void mg_list_radii_make(mg_list_radii *radii, const mg_potential *potential, double skin) {
  memset(radii, 0, sizeof *radii);
  const int n = mg_potential_species(potential)->n;
  const double most = mg_potential_cutoff(potential);
  const double near = mg_potential_near(potential);
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++) {
      const bool reaches = mg_potential_phi_cutoff(potential, a, b) > near;
      /* one near radius for all pairs: far pairs then lie in the outermost pieces of phi; one far
       * radius, so that a vector of candidates needs two comparisons */
      radii->near2[a][b] = (near + skin) * (near + skin);
      radii->far2[a][b] = reaches ? (most + skin) * (most + skin) : 0;
    }
}

/* --- the plain method --- */

static void gather(const mg_list_source *source, int32_t origin, const mg_list_run *run, int n_runs,
                   mg_list_candidates *c) {
  const int32_t x = source->x[origin], y = source->y[origin], z = source->z[origin];
  int32_t n = 0;
  for (int r = 0; r < n_runs; r++)
    for (int32_t j = run[r].begin; j < run[r].end; j++, n++) {
      c->x[n] = (float)(source->x[j] - x);
      c->y[n] = (float)(source->y[j] - y);
      c->z[n] = (float)(source->z[j] - z);
      c->tag[n] = source->tag[j];
    }
  c->n = n;
  for (int32_t k = n; k < n + MG_LIST_PAD; k++) c->x[k] = c->y[k] = c->z[k] = INFINITY;
}

/* Of n tagged atoms those of species b, without `self`, padded. @return how many */
static int32_t deal(const uint32_t *from, int32_t n, uint32_t self, int b, int32_t dummy,
                    int32_t *entry) {
  int32_t count = 0;
  for (int32_t k = 0; k < n; k++) {
    entry[count] = (int32_t)(from[k] & ((1u << MG_TAG_SHIFT) - 1));
    count += from[k] >> MG_TAG_SHIFT == (uint32_t)b && from[k] != self;
  }
  for (int32_t k = 0; k < MG_LANES; k++) entry[count + k] = dummy;
  return count;
}

static int32_t padded(int32_t n) { return (n + MG_LANES - 1) / MG_LANES * MG_LANES; }

static int32_t choose(const mg_list_candidates *c, const mg_list_center *center, int n_species,
                      int32_t dummy, int32_t *entry, int32_t *end) {
  int32_t n_near = 0, n_far = 0, total = 0, at = 0;
  for (int32_t j = 0; j < c->n; j++) {
    const float dx = c->x[j] - center->x, dy = c->y[j] - center->y, dz = c->z[j] - center->z;
    const float r2 = dx * dx + dy * dy + dz * dz;
    c->near[n_near] = c->far[n_far] = c->tag[j];
    n_near += r2 < center->near2;
    n_far += r2 < center->far2 && !(r2 < center->near2);
  }
  for (int k = 0; k < 2 * n_species; k++) {
    const bool near = k < n_species;
    const int b = near ? k : k - n_species;
    int32_t n = 0;
    if (near || center->reaches[b])
      n = deal(near ? c->near : c->far, near ? n_near : n_far, center->tag, b, dummy, entry + at);
    total += n;
    at += padded(n);
    if (k == n_species - 1 && at == 0) at = MG_LANES; /* dummies stand there */
    end[k] = at;
  }
  return total;
}

const mg_list_method mg_list_plain = {gather, choose};

/* --- building --- */

/* Everything one build needs and drops. */
typedef struct work {
  const mg_cells *cells;
  const mg_list_radii *radii;
  const mg_list_method *method;
  const mg_grid *grid;
  double unit; /* [A] */
  int32_t dummy;
  mg_list_source source;
  int32_t *xyz;
  uint32_t *tag;
  int32_t *row_end; /* per cell: where, along x, atoms cease to follow each other in memory */
  mg_list_run *run;
  int run_capacity;
  mg_list_candidates candidates;
  int32_t candidate_capacity;
  int64_t short_of; /* 0, or the room that the list needs and has not */
} work;

static int64_t cell_index(const mg_cells *c, int x, int y, int z) {
  return ((int64_t)(z - c->lo[2]) * c->m[1] + (y - c->lo[1])) * c->m[0] + (x - c->lo[0]);
}

static const int32_t *cell_start(const mg_cells *c, int64_t cell) {
  return c->start + cell * (c->n_species + 1);
}

static int clamp(int v, int lo, int hi) { return v < lo ? lo : v > hi ? hi : v; }

static mg_status reserve_runs(work *w, int n) {
  if (n <= w->run_capacity) return MG_OK;
  MG_DELETE(w->run);
  MG_TRY(MG_NEW(w->run, n));
  w->run_capacity = n;
  return MG_OK;
}

static void drop_candidates(mg_list_candidates *c) {
  MG_DELETE(c->x);
  MG_DELETE(c->y);
  MG_DELETE(c->z);
  MG_DELETE(c->tag);
  MG_DELETE(c->near);
  MG_DELETE(c->far);
}

static mg_status reserve_candidates(work *w, int32_t n) {
  if (n <= w->candidate_capacity) return MG_OK;
  mg_list_candidates *c = &w->candidates;
  drop_candidates(c);
  const int64_t room = (int64_t)n + n / 4 + 2 * MG_LIST_PAD;
  MG_TRY(MG_NEW(c->x, room));
  MG_TRY(MG_NEW(c->y, room));
  MG_TRY(MG_NEW(c->z, room));
  MG_TRY(MG_NEW(c->tag, room));
  MG_TRY(MG_NEW(c->near, room));
  MG_TRY(MG_NEW(c->far, room));
  w->candidate_capacity = (int32_t)(room - 2 * MG_LIST_PAD);
  return MG_OK;
}

/* All cells within reach of own cell `at`, as runs of atoms contiguous in memory. The table ends
 * where an open axis ends, so clamping to it is all the boundary handling there is. */
static mg_status collect_runs(work *w, const int at[3], int *n_runs) {
  const mg_cells *c = w->cells;
  int lo[3], hi[3];
  for (int a = 0; a < 3; a++) {
    lo[a] = clamp(at[a] - w->grid->reach[a], c->lo[a], c->lo[a] + c->m[a]);
    hi[a] = clamp(at[a] + w->grid->reach[a] + 1, c->lo[a], c->lo[a] + c->m[a]);
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
  return reserve_candidates(w, n_candidates);
}

/* Room for what atom i and a vector of dummies may need, w->short_of otherwise. The list is most of
 * the memory: growing it in place would take nearly twice as much for a moment. So the first atoms
 * tell how long it will be, and building begins anew with that. */
static mg_status reserve_entries(mg_nlist *list, work *w, int32_t i) {
  enum { SOME = 500 };
  const int64_t used = list->first[i];
  const int64_t need =
      used + w->candidates.n + (2 * list->n_species + 1) * MG_LIST_PAD + MG_LANES;
  if (need <= list->capacity) return MG_OK;
  if (i < SOME) {
    int32_t *grown = mg_realloc(list->entry, (size_t)(2 * need), sizeof *grown);
    if (!grown) return MG_ERR_MEMORY;
    list->entry = grown;
    list->capacity = 2 * need;
  } else {
    w->short_of = need + (int64_t)(1.03 * (double)used / i * (list->n - i));
  }
  return MG_OK;
}

static mg_status build_atom(mg_nlist *list, work *w, const mg_list_center *center, int32_t i) {
  const int n_sections = 2 * list->n_species;
  const int64_t at = list->first[i];
  MG_TRY(reserve_entries(list, w, i));
  if (w->short_of) return MG_OK;
  int32_t end[MG_SECTIONS];
  list->n_pairs +=
      w->method->choose(&w->candidates, center, list->n_species, w->dummy, list->entry + at, end);
  const int32_t total = end[n_sections - 1];
  MG_REQUIRE(total <= UINT16_MAX, MG_ERR_RUN,
             "an atom has %d neighbours within the cutoff; the configuration is collapsed", total);
  for (int k = 0; k < n_sections; k++) list->end[(int64_t)i * n_sections + k] = (uint16_t)end[k];
  list->first[i + 1] = at + total;
  return MG_OK;
}

/* How far the atoms [first, last) lie from the first one along any axis. */
static double extent_of(const mg_list_source *s, int32_t first, int32_t last) {
  int32_t most = 0;
  for (int32_t i = first + 1; i < last; i++) {
    const int32_t d[3] = {s->x[i] - s->x[first], s->y[i] - s->y[first], s->z[i] - s->z[first]};
    for (int a = 0; a < 3; a++) {
      const int32_t size = d[a] < 0 ? -d[a] : d[a];
      most = size > most ? size : most;
    }
  }
  return most;
}

/* A squared radius in units that no rounding makes too small. */
static float widened(double radius2, double extent, double unit) {
  if (!(radius2 > 0)) return 0;
  const double radius = sqrt(radius2) / unit;
  const double wide = radius + 2 + 0x1p-21 * (extent + radius);
  return (float)(wide * wide * (1 + 0x1p-22));
}

static mg_status build_cell(mg_nlist *list, work *w, const int at[3]) {
  const int32_t *start = cell_start(w->cells, cell_index(w->cells, at[0], at[1], at[2]));
  const int32_t first = start[0], last = start[w->cells->n_species];
  if (first == last) return MG_OK;
  int n_runs;
  MG_TRY(collect_runs(w, at, &n_runs));
  const mg_list_source *s = &w->source;
  w->method->gather(s, first, w->run, n_runs, &w->candidates);
  const double extent = extent_of(s, first, last);
  mg_list_center center = {0};
  for (int32_t i = first, species = -1; i < last; i++) {
    center.x = (float)(s->x[i] - s->x[first]);
    center.y = (float)(s->y[i] - s->y[first]);
    center.z = (float)(s->z[i] - s->z[first]);
    center.tag = s->tag[i];
    const int32_t a = (int32_t)(s->tag[i] >> MG_TAG_SHIFT);
    if (a != species) {
      double far2 = 0;
      for (int b = 0; b < list->n_species; b++) {
        center.reaches[b] = w->radii->far2[a][b] > 0;
        far2 = fmax(far2, w->radii->far2[a][b]);
      }
      center.near2 = widened(w->radii->near2[a][a], extent, w->unit);
      center.far2 = widened(far2, extent, w->unit);
      species = a;
    }
    MG_TRY(build_atom(list, w, &center, i));
    if (w->short_of) break;
  }
  return MG_OK;
}

static mg_status reserve(mg_nlist *list, int32_t n_local) {
  MG_DELETE(list->first);
  MG_DELETE(list->end);
  MG_TRY(MG_NEW(list->first, (int64_t)n_local + 1));
  return MG_NEW(list->end, (int64_t)n_local * 2 * list->n_species);
}

static const double UNITS = 0x1p30; /* across the grid and its ghosts */

static int32_t to_units(double x, double lo, double per_angstrom) {
  const double at = (x - lo) * per_angstrom;
  return at > 0 ? at < UNITS ? (int32_t)at : (int32_t)UNITS : 0;
}

static mg_status prepare(work *w, int32_t n_all, const double (*q)[4], const int32_t *species) {
  const mg_grid *grid = w->grid;
  double lo[3], span = 0;
  for (int a = 0; a < 3; a++) { /* ghosts lie within reach of the grid's ends */
    const double beyond = grid->length[a] / grid->n[a] * (grid->reach[a] + 1);
    lo[a] = grid->lo[a] - beyond;
    span = fmax(span, grid->length[a] + 2 * beyond);
  }
  w->unit = span / UNITS;
  const int64_t stride = (int64_t)n_all + MG_LIST_PAD;
  MG_TRY(MG_NEW(w->xyz, 3 * stride));
  MG_TRY(MG_NEW(w->tag, stride));
  int32_t *x = w->xyz, *y = x + stride, *z = y + stride;
  const double per_angstrom = UNITS / span;
  for (int32_t j = 0; j < n_all; j++) {
    x[j] = to_units(q[j][0], lo[0], per_angstrom);
    y[j] = to_units(q[j][1], lo[1], per_angstrom);
    z[j] = to_units(q[j][2], lo[2], per_angstrom);
    w->tag[j] = (uint32_t)j + ((uint32_t)species[j] << MG_TAG_SHIFT);
  }
  w->source = (mg_list_source){x, y, z, w->tag};
  const mg_cells *c = w->cells;
  const int64_t rows = (int64_t)c->m[1] * c->m[2];
  MG_TRY(MG_NEW(w->row_end, rows * c->m[0]));
  for (int64_t row = 0; row < rows; row++)
    for (int k = c->m[0] - 1; k >= 0; k--) {
      const int64_t cell = row * c->m[0] + k;
      const bool follows =
          k + 1 < c->m[0] && cell_start(c, cell)[c->n_species] == cell_start(c, cell + 1)[0];
      w->row_end[cell] = follows ? w->row_end[cell + 1] : k + 1;
    }
  return MG_OK;
}

static mg_status build_cells(mg_nlist *list, work *w) {
  const mg_cells *c = w->cells;
  list->n_pairs = 0;
  w->short_of = 0;
  int at[3];
  for (at[2] = c->own_lo[2]; at[2] < c->own_hi[2]; at[2]++)
    for (at[1] = c->own_lo[1]; at[1] < c->own_hi[1]; at[1]++)
      for (at[0] = c->own_lo[0]; at[0] < c->own_hi[0] && !w->short_of; at[0]++)
        MG_TRY(build_cell(list, w, at));
  return MG_OK;
}

static mg_status build(mg_nlist *list, work *w, const double (*q)[4], const int32_t *species) {
  MG_TRY(reserve(list, list->n));
  MG_TRY(prepare(w, w->dummy, q, species));
  MG_TRY(build_cells(list, w));
  while (w->short_of) {
    MG_DELETE(list->entry);
    list->capacity = 0;
    MG_TRY(MG_NEW(list->entry, w->short_of));
    list->capacity = w->short_of;
    MG_TRY(build_cells(list, w));
  }
  if (list->n == 0) MG_TRY(reserve_entries(list, w, 0));
  for (int k = 0; k < MG_LANES; k++) list->entry[list->first[list->n] + k] = w->dummy;
  return MG_OK;
}

mg_status mg_nlist_build(mg_nlist *list, const mg_cells *cells, const mg_grid *grid,
                         const mg_list_radii *radii, int32_t n_local, int32_t n_all,
                         const double (*q)[4], const int32_t *species,
                         const mg_list_method *method) {
  list->n = n_local;
  list->n_species = cells->n_species;
  work w = {.cells = cells, .radii = radii, .method = method, .grid = grid, .dummy = n_all};
  const mg_status status = build(list, &w, q, species);
  drop_candidates(&w.candidates);
  mg_free(w.run);
  mg_free(w.row_end);
  mg_free(w.xyz);
  mg_free(w.tag);
  return status;
}

void mg_nlist_clear(mg_nlist *list) {
  mg_free(list->first);
  mg_free(list->end);
  mg_free(list->entry);
  memset(list, 0, sizeof *list);
}
