/* Neighbours are ordered by distance, equal ones as they come, which is in (cell, id) order. */
#include "local.h"

#include "mgmd/base/mem.h"
#include "voronoi.h"

#include <stdlib.h>
#include <string.h>

typedef struct neighbour {
  double square, d[3];
  int32_t order;
} neighbour;

typedef struct finding {
  const mg_cloud *cloud;
  mg_local *local;
  neighbour *near; /* [room] */
  double (*d)[3];
  int32_t room;
  mg_status status;
} finding;

static int by_distance(const void *a, const void *b) {
  const neighbour *p = a, *q = b;
  if (p->square != q->square) return p->square < q->square ? -1 : 1;
  return p->order - q->order;
}

static mg_status make_room(finding *f, int32_t n) {
  if (n <= f->room) return MG_OK;
  mg_free(f->near);
  MG_DELETE(f->d);
  f->room = n + n / 2;
  MG_TRY(MG_NEW(f->near, f->room));
  return MG_NEW(f->d, f->room);
}

static void gather(finding *f, int32_t i, int32_t n, const int32_t *list) {
  for (int32_t k = 0; k < n; k++) {
    neighbour *to = &f->near[k];
    to->square = 0;
    to->order = k;
    for (int a = 0; a < 3; a++) {
      to->d[a] = f->cloud->x[a][list[k]] - f->cloud->x[a][i];
      to->square += to->d[a] * to->d[a];
    }
  }
}

static int32_t coordination(const finding *f, int32_t i, int32_t n, const int32_t *list) {
  int32_t count = 0;
  for (int32_t k = 0; k < n; k++) {
    const double cutoff = f->local->cutoff[f->cloud->species[i]][f->cloud->species[list[k]]];
    count += f->near[k].square <= cutoff * cutoff;
  }
  return count;
}

/* The N/2 least of |r + r'|^2 over all pairs of the N nearest [Kelchner, Plimpton, Hamilton, Phys.
 * Rev. B 58, 11085 (1998), in the form of LAMMPS and OVITO]. */
static double centrosymmetry(const neighbour *near, int n) {
  double least[MG_MOST_NEIGHBOURS / 2];
  const int wanted = n / 2;
  int kept = 0;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++) {
      double square = 0;
      for (int a = 0; a < 3; a++) {
        const double s = near[i].d[a] + near[j].d[a];
        square += s * s;
      }
      if (kept == wanted && square >= least[kept - 1]) continue;
      int at = kept < wanted ? kept++ : kept - 1;
      for (; at > 0 && least[at - 1] > square; at--) least[at] = least[at - 1];
      least[at] = square;
    }
  double sum = 0;
  for (int k = 0; k < kept; k++) sum += least[k];
  return sum;
}

static void find_one(void *context, int64_t row, int32_t i, int32_t n, const int32_t *list) {
  finding *f = context;
  mg_local *local = f->local;
  if (f->status == MG_OK) f->status = make_room(f, n);
  if (f->status != MG_OK) return;
  gather(f, i, n, list);
  if (local->coordination) local->coordination[row] = coordination(f, i, n, list);
  if (!local->centrosymmetry && !local->volume) return;
  qsort(f->near, (size_t)n, sizeof *f->near, by_distance);
  if (local->centrosymmetry && n >= local->neighbours)
    local->centrosymmetry[row] = centrosymmetry(f->near, local->neighbours);
  if (!local->volume) return;
  for (int32_t k = 0; k < n; k++) memcpy(f->d[k], f->near[k].d, sizeof f->d[k]);
  int faces[4];
  if (!mg_voronoi_cell(n, (const double(*)[3])f->d, mg_reference_cutoff(f->cloud->atoms),
                       &local->volume[row], faces))
    f->status = mg_fail(MG_ERR_MEMORY, "a Voronoi cell could not be made");
  for (int k = 0; k < 4; k++) local->faces[row][k] = faces[k];
}

mg_status mg_local_find(const mg_cloud *cloud, mg_local *local) {
  finding f = {.cloud = cloud, .local = local};
  mg_status status = mg_reference_sweep(cloud->atoms, cloud->x, find_one, &f);
  mg_free(f.near);
  mg_free(f.d);
  return status == MG_OK ? f.status : status;
}
