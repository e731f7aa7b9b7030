/** Samples for the strain tests: built alike on every rank, given out in shares, checked by id. */
#ifndef MGMD_TESTS_STRAIN_SAMPLE_H
#define MGMD_TESTS_STRAIN_SAMPLE_H

#include "mgmd/analysis/strain.h"
#include "mgmd/base/rng.h"
#include "mpi_check.h"

#include <math.h>
#include <string.h>

enum { SAMPLE_MOST = 2000 };

/** All atoms of a configuration; atom k has id first_id + k. */
typedef struct sample {
  int n;
  int64_t first_id;
  mg_box box;
  double x[SAMPLE_MOST][3];
} sample;

static const mg_axes sample_axes = {.load = 2, .free = 1, .thin = 0};

/** Uniform in (-1, 1); a function of its arguments. */
static inline double sample_noise(int salt, int atom, int a) {
  mg_rng rng;
  mg_rng_start(&rng, (uint64_t)salt, MG_RNG_JITTER, atom * 3 + a, 0);
  return 2 * mg_rng_uniform(&rng) - 1;
}

static inline mg_box sample_box(double x, double y, double z, const char *boundary) {
  mg_box box = {.lo = {-3, 1, 0.5}, .length = {x, y, z}};
  for (int a = 0; a < 3; a++) box.periodic[a] = boundary[a] == 'p';
  return box;
}

/** Random positions at the density of the glass, 0.0615 atoms per cubic Angstrom. */
static inline void sample_random(sample *s, mg_box box) {
  s->n = (int)(0.0615 * mg_box_volume(&box));
  ck_assert_int_lt(s->n, SAMPLE_MOST);
  s->first_id = 17;
  s->box = box;
  for (int i = 0; i < s->n; i++)
    for (int a = 0; a < 3; a++)
      s->x[i][a] = box.lo[a] + box.length[a] * 0.5 * (1 + sample_noise(1, i, a));
}

/** @p times cells of @p n_basis atoms; the box fits them. */
static inline void sample_crystal(sample *s, const double edge[3], const int times[3], int n_basis,
                                  const double (*basis)[3], const char *boundary) {
  s->n = 0;
  s->first_id = 1;
  s->box = sample_box(edge[0] * times[0], edge[1] * times[1], edge[2] * times[2], boundary);
  for (int cell = 0; cell < times[0] * times[1] * times[2]; cell++) {
    const int at[3] = {cell % times[0], cell / times[0] % times[1], cell / times[0] / times[1]};
    for (int b = 0; b < n_basis; b++, s->n++) {
      ck_assert_int_lt(s->n, SAMPLE_MOST);
      for (int a = 0; a < 3; a++)
        s->x[s->n][a] = s->box.lo[a] + (at[a] + basis[b][a] + 0.05) * edge[a];
    }
  }
}

static inline void sample_fcc(sample *s, int x, int y, int z, const char *boundary) {
  static const double basis[4][3] = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}};
  sample_crystal(s, (double[3]){3.639, 3.639, 3.639}, (int[3]){x, y, z}, 4, basis, boundary);
}

/** hcp Zr in its orthorhombic cell. */
static inline void sample_hcp(sample *s, int x, int y, int z, const char *boundary) {
  static const double basis[4][3] = {{0, 0, 0}, {.5, .5, 0}, {.5, 5. / 6, .5}, {0, 1. / 3, .5}};
  sample_crystal(s, (double[3]){3.2203, 3.2203 * sqrt(3), 5.21521}, (int[3]){x, y, z}, 4, basis,
                 boundary);
}

/** x = F X about the origin; periodic edges follow the diagonal of F. */
static inline void sample_deform(sample *to, const sample *from, const double F[9]) {
  *to = *from;
  for (int i = 0; i < from->n; i++)
    for (int a = 0; a < 3; a++) {
      const double *X = from->x[i];
      to->x[i][a] = F[3 * a] * X[0] + F[3 * a + 1] * X[1] + F[3 * a + 2] * X[2];
    }
  for (int a = 0; a < 3; a++)
    if (to->box.periodic[a]) to->box.length[a] *= F[4 * a];
}

/** The rows a rank gives, in an order that has nothing to do with the cells. */
typedef struct share {
  int64_t n;
  int64_t id[SAMPLE_MOST];
  double x[SAMPLE_MOST][3];
} share;

static inline void sample_share(const sample *s, const mg_comm *comm, int salt, share *out) {
  out->n = 0;
  for (int k = 0; k < s->n; k++) {
    const int i = (int)(((int64_t)k * 7919 + salt) % s->n);
    if ((i * 31 + salt) % 37 % comm->size != comm->rank && comm->size > 1) continue;
    out->id[out->n] = s->first_id + i;
    memcpy(out->x[out->n++], s->x[i], sizeof s->x[i]);
  }
}

/** Strain of @p now against @p then; the reference is left in @p reference. Collective. */
static inline void sample_strain(const mg_comm *comm, const sample *then, const sample *now,
                                 double cutoff, mg_affine affine, mg_reference **reference,
                                 mg_strain *strain) {
  static share rows;
  sample_share(then, comm, 5, &rows);
  ck_assert_status_all(comm,
                       mg_reference_create(comm, rows.n, rows.id, (const double(*)[3])rows.x,
                                           &then->box, cutoff, reference),
                       MG_OK);
  sample_share(now, comm, 11, &rows);
  ck_assert_status_all(comm,
                       mg_strain_compute(*reference, comm, rows.n, rows.id,
                                         (const double(*)[3])rows.x, &now->box, &sample_axes,
                                         affine, strain),
                       MG_OK);
}

/** Largest departure of a rank's rows from one closed form for all atoms; invalid atoms count as
 *  infinite. @p strain6 in the order xx yy zz xy xz yz. */
static inline double sample_departure(const mg_strain *s, const double strain6[6],
                                      double volume_change, double rotation) {
  double most = 0;
  const double vol = (strain6[0] + strain6[1] + strain6[2]) / 3;
  double square = 0;
  for (int k = 0; k < 3; k++) {
    square += (strain6[k] - vol) * (strain6[k] - vol) / 2;
    square += strain6[3 + k] * strain6[3 + k];
  }
  for (int64_t i = 0; i < s->n; i++) {
    if (!s->valid[i]) return INFINITY;
    for (int k = 0; k < 6; k++) most = fmax(most, fabs(s->strain[i][k] - strain6[k]));
    most = fmax(most, fabs(s->von_mises[i] - sqrt(square)));
    most = fmax(most, fabs(s->volumetric[i] - vol));
    most = fmax(most, fabs(s->volume_change[i] - volume_change));
    most = fmax(most, fabs(s->rotation[i] - rotation));
    most = fmax(most, fabs(s->strain_12[i] - strain6[5])); /* axes y and z */
  }
  return most;
}

#endif
