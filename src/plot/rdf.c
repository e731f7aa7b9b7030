/* Pair distribution functions by linked cells. Of large samples a regular share of the atoms are
 * centres: with a hundred thousand of them the curve is smooth, and every atom still counts as a
 * neighbour.
 *
 *   g_ab(r) = n_ab(r) / (N_a rho_b 4 pi r^2 dr)
 *
 * n_ab: pairs found from N_a centres of species a to all atoms of b. Beside an open face the shell
 * of an atom reaches into the vacuum; such atoms are no centres. */
#include "mgmd/plot/chart.h"
#include "mgmd/plot/pictures.h"

#include "mgmd/base/mem.h"

#include <math.h>
#include <stdio.h>

enum { MOST_CENTRES = 100000, MOST_CELLS = 1 << 24, KINDS = MG_MAX_SPECIES };
static const double BIN = 0.05; /* A */

typedef struct cells {
  const mg_shot *shot;
  int64_t n;
  double *x[3], lo[3], length[3]; /* extent of the atoms on open axes */
  int32_t *species;
  double reach;
  int dims[3];
  int64_t *first;  /* [cells + 1] into atom */
  int32_t *atom;   /* by cell */
  int bins;
  int64_t *pairs;  /* [KINDS][KINDS][bins] */
  int64_t centres[KINDS], members[KINDS];
} cells;

static void cells_clear(cells *c) {
  for (int a = 0; a < 3; a++) mg_free(c->x[a]);
  mg_free(c->species);
  mg_free(c->first);
  mg_free(c->atom);
  mg_free(c->pairs);
}

static int cell_along(const cells *c, int a, double x) {
  const int k = (int)floor((x - c->lo[a]) / c->length[a] * c->dims[a]);
  return k < 0 ? 0 : k >= c->dims[a] ? c->dims[a] - 1 : k;
}

static mg_status read_atoms(cells *c) {
  const mg_box *box = &c->shot->header.box;
  for (int a = 0; a < 3; a++) {
    MG_TRY(MG_NEW(c->x[a], c->n));
    MG_TRY(mg_shot_coordinate(c->shot, a, c->x[a]));
    c->lo[a] = box->lo[a];
    c->length[a] = box->length[a];
    if (!box->periodic[a]) {
      double lo = INFINITY, hi = -INFINITY;
      for (int64_t i = 0; i < c->n; i++) {
        lo = fmin(lo, c->x[a][i]);
        hi = fmax(hi, c->x[a][i]);
      }
      c->lo[a] = lo;
      c->length[a] = fmax(hi - lo, 1e-3);
    }
    MG_REQUIRE(!box->periodic[a] || c->length[a] >= c->reach, MG_ERR_INPUT,
               "plot: --reach: %g nm is more than the cell's edge along %c, %g nm", c->reach / 10,
               "xyz"[a], c->length[a] / 10);
  }
  MG_TRY(MG_NEW(c->species, c->n));
  return mg_shot_species(c->shot, c->species);
}

/* Counting sort of the atoms by cell. */
static mg_status sort_atoms(cells *c) {
  int64_t n_cells = 1;
  for (int a = 0; a < 3; a++) {
    c->dims[a] = (int)fmax(1, fmin(1024, floor(c->length[a] / c->reach)));
    n_cells *= c->dims[a];
  }
  MG_REQUIRE(n_cells <= MOST_CELLS, MG_ERR_INPUT, "plot: --reach: too short for this sample");
  int64_t *cell;
  MG_TRY(MG_NEW(c->first, n_cells + 2));
  MG_TRY(MG_NEW(c->atom, c->n));
  MG_TRY(MG_NEW(cell, c->n));
  for (int64_t i = 0; i < c->n; i++) {
    cell[i] = 0;
    for (int a = 0; a < 3; a++) cell[i] = cell[i] * c->dims[a] + cell_along(c, a, c->x[a][i]);
    c->first[cell[i] + 2]++;
  }
  for (int64_t k = 2; k <= n_cells + 1; k++) c->first[k] += c->first[k - 1];
  for (int64_t i = 0; i < c->n; i++) c->atom[c->first[cell[i] + 1]++] = (int32_t)i;
  mg_free(cell);
  return MG_OK;
}

/* Pairs from atom i, shifted by whole cells, to the atoms of one cell. */
static void count_cell(cells *c, int64_t i, const double shift[3], int64_t cell) {
  int64_t *pairs = c->pairs + (int64_t)c->species[i] * KINDS * c->bins;
  const double x = c->x[0][i] - shift[0], y = c->x[1][i] - shift[1], z = c->x[2][i] - shift[2];
  const double reach2 = c->reach * c->reach;
  const bool home = shift[0] == 0 && shift[1] == 0 && shift[2] == 0;
  for (int64_t k = c->first[cell]; k < c->first[cell + 1]; k++) {
    const int32_t j = c->atom[k];
    const double dx = c->x[0][j] - x, dy = c->x[1][j] - y, dz = c->x[2][j] - z;
    const double r2 = dx * dx + dy * dy + dz * dz;
    if (r2 >= reach2 || (home && j == i)) continue;
    const int bin = (int)(sqrt(r2) / BIN);
    if (bin < c->bins) pairs[(int64_t)c->species[j] * c->bins + bin]++;
  }
}

static void count_centre(cells *c, int64_t i) {
  int at[3];
  for (int a = 0; a < 3; a++) at[a] = cell_along(c, a, c->x[a][i]);
  for (int k = 0; k < 27; k++) {
    const int step[3] = {k / 9 - 1, k / 3 % 3 - 1, k % 3 - 1};
    double shift[3];
    int64_t cell = 0;
    bool there = true;
    for (int a = 0; a < 3; a++) {
      int to = at[a] + step[a];
      shift[a] = to < 0 ? -c->length[a] : to >= c->dims[a] ? c->length[a] : 0;
      if (shift[a] != 0) {
        there = there && c->shot->header.box.periodic[a];
        to = to < 0 ? c->dims[a] - 1 : 0;
      }
      cell = cell * c->dims[a] + to;
    }
    if (there) count_cell(c, i, shift, cell);
  }
}

static bool is_inside(const cells *c, int64_t i) {
  for (int a = 0; a < 3; a++) {
    if (c->shot->header.box.periodic[a]) continue;
    const double from_face = fmin(c->x[a][i] - c->lo[a], c->lo[a] + c->length[a] - c->x[a][i]);
    if (from_face < c->reach) return false;
  }
  return true;
}

static mg_status count_pairs(cells *c) {
  int64_t inside = 0, n = 0;
  for (int64_t i = 0; i < c->n; i++) {
    c->members[c->species[i]]++;
    inside += is_inside(c, i);
  }
  MG_REQUIRE(inside > 0, MG_ERR_INPUT,
             "plot: --reach: no atom of %s is further than %g nm from the free faces",
             c->shot->path, c->reach / 10);
  const int64_t stride = inside / MOST_CENTRES + 1;
  for (int64_t i = 0; i < c->n; i++) {
    if (!is_inside(c, i) || n++ % stride) continue;
    c->centres[c->species[i]]++;
    count_centre(c, i);
  }
  return MG_OK;
}

static mg_status volume_per_atom(const mg_shot *shot, double *volume) {
  const mg_frame_header *header = &shot->header;
  const mg_box *box = &header->box;
  const bool closed = box->periodic[0] && box->periodic[1] && box->periodic[2];
  *volume = closed ? mg_box_volume(box) / (double)header->n_atoms : header->sample.atomic_volume;
  MG_REQUIRE(*volume > 0, MG_ERR_INPUT,
             "%s: has open faces and does not tell its volume per atom, which g(r) is relative to",
             shot->path);
  return MG_OK;
}

/* g of the pairs a-b and b-a together; a < 0: all pairs. */
static void fill_curve(const cells *c, double volume, int a, int b, double *r, double *g) {
  for (int k = 0; k < c->bins; k++) {
    double found = 0, expected = 0;
    const double inner = BIN * k, outer = BIN * (k + 1);
    const double shell = 4.18879020478639098 * (pow(outer, 3) - pow(inner, 3));
    for (int i = 0; i < KINDS; i++)
      for (int j = 0; j < KINDS; j++) {
        if (a >= 0 && !((i == a && j == b) || (i == b && j == a))) continue;
        found += (double)c->pairs[((int64_t)i * KINDS + j) * c->bins + k];
        expected += (double)c->centres[i] * (double)c->members[j] / ((double)c->n * volume) * shell;
      }
    r[k] = 0.5 * (inner + outer);
    g[k] = expected > 0 ? found / expected : NAN;
  }
}

static mg_status draw(const cells *c, const mg_look *look, const char *path) {
  enum { MOST = 1 + KINDS * (KINDS + 1) / 2 };
  const mg_species *species = &c->shot->header.species;
  mg_curve curve[MOST];
  char label[MOST][16];
  double volume, *data;
  int n = 0;
  MG_TRY(volume_per_atom(c->shot, &volume));
  MG_TRY(MG_NEW(data, 2 * MOST * c->bins));
  for (int a = -1; a < species->n; a++)
    for (int b = a < 0 ? -1 : a; b < (a < 0 ? 0 : species->n); b++) {
      double *r = data + 2 * n * c->bins, *g = r + c->bins;
      if (a >= 0 && (species->n < 2 || !c->members[a] || !c->members[b])) continue;
      fill_curve(c, volume, a, b, r, g);
      snprintf(label[n], sizeof label[n], "%s%s%s", a < 0 ? "all" : species->symbol[a],
               a < 0 ? "" : "\u2013", a < 0 ? "" : species->symbol[b]);
      curve[n] = (mg_curve){.n = c->bins,
                            .x = r,
                            .y = g,
                            .label = label[n],
                            .color = a < 0 ? MG_BLACK : mg_palette(n - 1),
                            .pen = a < 0 ? 1.3 : 0.9};
      n++;
    }
  mg_chart chart = {
      .x = {.name = "distance r", .unit = "\u00c5", .least = 0, .most = c->bins * BIN},
      .y = {.name = "g(r)", .unit = "", .least = NAN, .most = NAN, .from_zero = true},
      .n_curves = n,
      .curve = curve};
  const mg_status status =
      mg_chart_page(path, look->width, look->dpi, 0.75, look->title, 1, &chart, false);
  mg_free(data);
  return status;
}

mg_status mg_plot_rdf(const mg_look *look, const mg_shot *shot, double most, const char *path) {
  cells c = {.shot = shot, .n = shot->header.n_atoms, .reach = most};
  MG_TRY(mg_canvas_available());
  c.bins = (int)floor(most / BIN + 1e-9);
  mg_status status = MG_NEW(c.pairs, (int64_t)KINDS * KINDS * c.bins);
  if (status == MG_OK) status = read_atoms(&c);
  if (status == MG_OK) status = sort_atoms(&c);
  if (status == MG_OK) status = count_pairs(&c);
  if (status == MG_OK) status = draw(&c, look, path);
  cells_clear(&c);
  return status;
}
