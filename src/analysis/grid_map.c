/* Fields on a grid in the plane of load and free axis, averaged through the thickness, and the
 * stress of each cell: the sum of the atoms' stress (volume times stress, each bond shared by its
 * two atoms) over the cell's volume. Every atom is in one cell, so the cells' sums add up to the
 * virial of the whole sample exactly; a bond across a border gives half to either side, where
 * Irving and Kirkwood would split it by its length within, which moves stress by less than half a
 * bond, a seventh of a cell of 1 nm.
 */
#include "structure_impl.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/units.h"

#include <math.h>
#include <string.h>

typedef struct plane {
  int axis[2]; /* free, load */
  int n[2];
  double lo[2], step[2], depth;
} plane;

static const int64_t MOST_CELLS = (int64_t)1 << 24;

/* Whole cells on a periodic axis, as far as the atoms reach on an open one. */
static mg_status lay(const mg_comm *comm, const mg_snapshot *s, const mg_sorted *sorted,
                     double cell, plane *p) {
  const bool roles = s->axes.load != s->axes.free;
  const double(*x)[3] = (const double(*)[3])sorted->data[sorted->position];
  mg_reduction extent;
  mg_reduction_start(&extent);
  p->axis[0] = roles ? s->axes.free : 1;
  p->axis[1] = roles ? s->axes.load : 2;
  p->depth = s->box.length[3 - p->axis[0] - p->axis[1]];
  for (int64_t k = 0; k < sorted->n; k++)
    for (int a = 0; a < 2; a++) {
      extent.max[a] = fmax(extent.max[a], x[k][p->axis[a]]);
      extent.max[2 + a] = fmax(extent.max[2 + a], -x[k][p->axis[a]]);
    }
  mg_reduce(comm, &extent);
  double cells = 1;
  for (int a = 0; a < 2; a++) {
    const bool periodic = s->box.periodic[p->axis[a]];
    const double length = periodic ? s->box.length[p->axis[a]] : extent.max[a] + extent.max[2 + a];
    const double n = fmax(1, periodic ? rint(length / cell) : ceil(length / cell));
    cells *= n;
    MG_REQUIRE(cells <= (double)MOST_CELLS, MG_ERR_INPUT,
               "a grid of %g A has %.3g cells; valid: up to %lld", cell, cells,
               (long long)MOST_CELLS);
    p->n[a] = (int)n;
    p->lo[a] = periodic ? s->box.lo[p->axis[a]] : -extent.max[2 + a];
    p->step[a] = periodic ? length / n : cell;
  }
  return MG_OK;
}

static int64_t cell_of(const plane *p, const double x[3]) {
  int64_t at[2];
  for (int a = 0; a < 2; a++) {
    const double u = (x[p->axis[a]] - p->lo[a]) / p->step[a];
    at[a] = !(u > 0) ? 0 : u >= p->n[a] ? p->n[a] - 1 : (int64_t)u;
  }
  return at[1] * p->n[0] + at[0];
}

/* The column of a name; of two, an earlier analysis and this one, the last. -1: none */
static int find_last(const mg_sorted *sorted, const char *name) {
  int k = sorted->n_columns - 1;
  while (k >= 0 && strcmp(sorted->column[k]->name, name) != 0) k--;
  return k;
}

static bool is_averaged(const mg_sorted *sorted, int k) {
  const mg_column *column = sorted->column[k];
  return column->ctype == MG_FLOAT64 && strcmp(column->name, "position") != 0 &&
         strcmp(column->name, "reference_position") != 0 && find_last(sorted, column->name) == k;
}

/* Where the Voronoi cell is not closed, its volume and what is made of it are no values. */
static const double *closed_volume(const mg_sorted *sorted, const mg_column *column) {
  if (strcmp(column->name, "voronoi_volume") != 0 && strcmp(column->name, "atomic_stress") != 0)
    return NULL;
  const int k = find_last(sorted, "voronoi_volume");
  const bool good = k >= 0 && sorted->column[k]->ctype == MG_FLOAT64 &&
                    sorted->column[k]->components == 1;
  return good ? sorted->data[k] : NULL;
}

/* Sums of one column over the atoms of each cell, the same on all ranks. */
static mg_status add_up(const mg_comm *comm, const plane *p, const mg_sorted *sorted, int column,
                        mg_xsum **sums) {
  const int k = sorted->column[column]->components;
  const double *value = sorted->data[column];
  const double(*x)[3] = (const double(*)[3])sorted->data[sorted->position];
  const int64_t n = (int64_t)p->n[0] * p->n[1] * k;
  MG_TRY_ALL(comm, MG_NEW(*sums, n));
  for (int64_t i = 0; i < sorted->n; i++)
    for (int c = 0; c < k; c++) mg_xsum_add(&(*sums)[cell_of(p, x[i]) * k + c], value[i * k + c]);
  return mg_sum_vector(comm, *sums, n);
}

static mg_status put_array(const plane *p, mg_structure *result, const char *name, const char *unit,
                           int components, double **values) {
  const int64_t dims[3] = {p->n[1], p->n[0], components};
  *values =
      mg_structure_array(result, "grid", name, unit, MG_FLOAT64, components > 1 ? 3 : 2, dims);
  return *values ? MG_OK : MG_ERR_MEMORY;
}

static mg_status put_means(const plane *p, const mg_column *column, const mg_xsum *sums,
                           const int64_t *count, mg_structure *result) {
  const int k = column->components;
  double *mean;
  MG_TRY(put_array(p, result, column->name, column->unit, k, &mean));
  for (int64_t c = 0; c < (int64_t)p->n[0] * p->n[1]; c++)
    for (int j = 0; j < k; j++)
      mean[c * k + j] = mg_xsum_value(&sums[c * k + j]) / (double)count[c];
  return MG_OK;
}

/* The stress of the cells instead of its mean over atoms, and the sums it comes from. */
static mg_status put_stress(const plane *p, const mg_xsum *sums, mg_structure *result) {
  double *virial, *stress;
  MG_TRY(put_array(p, result, "virial", "eV", 6, &virial));
  MG_TRY(put_array(p, result, "stress", "GPa", 6, &stress));
  const double volume = p->step[0] * p->step[1] * p->depth;
  for (int64_t k = 0; k < (int64_t)p->n[0] * p->n[1] * 6; k++) {
    virial[k] = mg_xsum_value(&sums[k]);
    stress[k] = virial[k] / volume * MG_GPA;
  }
  return MG_OK;
}

/* Atoms of each cell that have a value of this column. */
static mg_status count_values(const mg_comm *comm, const plane *p, const mg_sorted *sorted,
                              const double *volume, int64_t **count) {
  const int64_t n = (int64_t)p->n[0] * p->n[1];
  const double(*x)[3] = (const double(*)[3])sorted->data[sorted->position];
  MG_TRY_ALL(comm, MG_NEW(*count, n));
  for (int64_t i = 0; i < sorted->n; i++)
    if (volume[i] > 0) (*count)[cell_of(p, x[i])]++;
  return mg_count_vector(comm, *count, n);
}

static mg_status put_column(const mg_comm *comm, const plane *p, const mg_sorted *sorted,
                            int column, const int64_t *count, mg_structure *result) {
  mg_xsum *sums = NULL;
  int64_t *closed = NULL;
  const mg_column *what = sorted->column[column];
  const double *volume = closed_volume(sorted, what);
  mg_status status = add_up(comm, p, sorted, column, &sums);
  if (status == MG_OK && volume) status = count_values(comm, p, sorted, volume, &closed);
  if (closed) count = closed;
  if (status == MG_OK) {
    const bool stress = strcmp(what->name, "stress") == 0 && what->components == 6;
    status = mg_agree(comm, stress ? put_stress(p, sums, result)
                                   : put_means(p, what, sums, count, result));
  }
  mg_free(sums);
  mg_free(closed);
  return status;
}

static mg_status put_edges(const plane *p, mg_structure *result) {
  static const char *const names[2] = {"edges_free", "edges_load"};
  for (int a = 0; a < 2; a++) {
    const int64_t dims[3] = {p->n[a] + 1};
    double *edge = mg_structure_array(result, "grid", names[a], "Angstrom", MG_FLOAT64, 1, dims);
    if (!edge) return MG_ERR_MEMORY;
    for (int k = 0; k <= p->n[a]; k++) edge[k] = p->lo[a] + k * p->step[a];
  }
  return MG_OK;
}

mg_status mg_structure_grid(const mg_comm *comm, const mg_snapshot *snapshot,
                            const mg_sorted *sorted, double cell, mg_structure *result) {
  plane p;
  int64_t *count = NULL;
  MG_TRY(lay(comm, snapshot, sorted, cell, &p));
  const int64_t dims[3] = {p.n[1], p.n[0]}, n = dims[0] * dims[1];
  const double(*x)[3] = (const double(*)[3])sorted->data[sorted->position];
  mg_status status = put_edges(&p, result);
  if (status == MG_OK) {
    count = mg_structure_array(result, "grid", "count", "", MG_INT64, 2, dims);
    if (!count) status = MG_ERR_MEMORY;
  }
  MG_TRY(mg_agree(comm, status));
  for (int64_t k = 0; k < sorted->n; k++) count[cell_of(&p, x[k])]++;
  MG_TRY(mg_count_vector(comm, count, n));
  for (int k = 0; k < sorted->n_columns; k++)
    if (is_averaged(sorted, k)) MG_TRY(put_column(comm, &p, sorted, k, count, result));
  return MG_OK;
}
