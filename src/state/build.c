/* Lattices and random insertion.
 *
 * Insertion draws a uniform point and keeps it when no earlier atom is within min_distance; a cell
 * grid of that width makes a trial cheap. At the liquid's density (0.058 atoms per A^3) it succeeds
 * for 2.0 A and jams for 2.2 A. It is serial by nature and done alike on every rank: a million
 * atoms take a few seconds, and the result cannot depend on the number of ranks.
 */
#include "mgmd/state/build.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/rng.h"

#include <math.h>
#include <string.h>

void mg_build_counts(const mg_composition *composition, int64_t n,
                     int64_t counts[MG_MAX_SPECIES]) {
  double rest[MG_MAX_SPECIES];
  int64_t given = 0;
  memset(counts, 0, MG_MAX_SPECIES * sizeof *counts);
  for (int k = 0; k < composition->n; k++) {
    const double share = composition->fraction[k] * (double)n;
    counts[k] = (int64_t)floor(share);
    rest[k] = share - (double)counts[k];
    given += counts[k];
  }
  for (; given < n; given++) {
    int most = 0;
    for (int k = 1; k < composition->n; k++)
      if (rest[k] > rest[most]) most = k;
    counts[most]++;
    rest[most] = -1;
  }
}

/* Species of all n atoms in exact numbers, shuffled (Fisher-Yates). */
static mg_status deal_species(const mg_build_spec *spec, int64_t n, int8_t **species) {
  int64_t counts[MG_MAX_SPECIES];
  mg_build_counts(&spec->composition, n, counts);
  MG_TRY(MG_NEW(*species, n));
  int64_t i = 0;
  for (int k = 0; k < spec->composition.n; k++)
    for (int64_t m = 0; m < counts[k]; m++) (*species)[i++] = (int8_t)spec->species[k];
  mg_rng rng;
  mg_rng_start(&rng, spec->seed, MG_RNG_SPECIES, 0, 0);
  for (int64_t m = n - 1; m > 0; m--) {
    if ((n - 1 - m) % 4096 == 0) mg_rng_start(&rng, spec->seed, MG_RNG_SPECIES, m, 1);
    const int64_t other = (int64_t)mg_rng_below(&rng, (uint64_t)m + 1);
    const int8_t swap = (*species)[m];
    (*species)[m] = (*species)[other];
    (*species)[other] = swap;
  }
  return MG_OK;
}

static mg_status keep(mg_atoms *atoms, int64_t k, const double x[3], int species) {
  if (atoms->n == atoms->capacity)
    MG_TRY(mg_atoms_reserve(atoms, 2 * (int64_t)atoms->capacity + 1024));
  const int32_t i = atoms->n++;
  atoms->id[i] = k + 1;
  atoms->species[i] = species;
  for (int a = 0; a < 3; a++) {
    atoms->x[i][a] = x[a];
    atoms->image[i][a] = 0;
    atoms->v[i][a] = 0;
    atoms->f[i][a] = 0;
  }
  return MG_OK;
}

typedef struct basis {
  int n;
  double at[4][3]; /* in units of the cell's edges */
  double edge[3];
} basis;

static basis basis_of(const mg_build_spec *spec) {
  static const double fcc[4][3] = {{0, 0, 0}, {.5, .5, 0}, {.5, 0, .5}, {0, .5, .5}};
  static const double bcc[4][3] = {{0, 0, 0}, {.5, .5, .5}};
  static const double hcp[4][3] = {
      {0, 0, 0}, {.5, .5, 0}, {.5, 5. / 6, .5}, {0, 1. / 3, .5}};
  basis b = {.n = 4, .edge = {spec->a, spec->a, spec->a}};
  memcpy(b.at, fcc, sizeof fcc);
  if (spec->lattice == MG_LATTICE_BCC || spec->lattice == MG_LATTICE_B2) {
    b.n = 2;
    memcpy(b.at, bcc, sizeof bcc);
  } else if (spec->lattice == MG_LATTICE_HCP) {
    memcpy(b.at, hcp, sizeof hcp);
    b.edge[1] = spec->a * sqrt(3);
    b.edge[2] = spec->c;
  }
  return b;
}

static void set_box(mg_box *box, const double length[3]) {
  for (int a = 0; a < 3; a++) {
    box->lo[a] = 0;
    box->length[a] = length[a];
    box->periodic[a] = true;
  }
}

mg_status mg_build_lattice(const mg_build_spec *spec, int share, int n_shares, mg_box *box,
                           mg_atoms *atoms) {
  const basis b = basis_of(spec);
  const int64_t n = b.n * spec->cells[0] * spec->cells[1] * spec->cells[2];
  double length[3];
  for (int a = 0; a < 3; a++) length[a] = b.edge[a] * (double)spec->cells[a];
  set_box(box, length);
  int8_t *species = NULL;
  MG_TRY(deal_species(spec, n, &species));
  mg_status status = MG_OK;
  for (int64_t k = share; k < n && status == MG_OK; k += n_shares) {
    const int64_t cell = k / b.n, site = k % b.n;
    const int64_t index[3] = {cell % spec->cells[0], cell / spec->cells[0] % spec->cells[1],
                              cell / spec->cells[0] / spec->cells[1]};
    double x[3];
    for (int a = 0; a < 3; a++) x[a] = ((double)index[a] + b.at[site][a]) * b.edge[a];
    const int kind = spec->lattice == MG_LATTICE_B2 ? spec->species[site] : species[k];
    status = keep(atoms, k, x, kind);
  }
  mg_free(species);
  return status;
}

/* Cells of the insertion grid hold at most a few atoms: linked lists. */
typedef struct insertion {
  int64_t m[3];
  int64_t *head; /* [cells] last atom + 1 */
  int64_t *next; /* [atoms] */
  double (*x)[3];
} insertion;

static bool is_free(const insertion *g, const mg_build_spec *spec, const double x[3],
                    const int64_t at[3]) {
  const double least2 = spec->min_distance * spec->min_distance;
  int64_t reach[3][2];
  for (int a = 0; a < 3; a++) {
    /* one cell on either side; a thin box visits each cell once, by minimum image */
    reach[a][0] = g->m[a] < 3 ? 0 : at[a] - 1;
    reach[a][1] = g->m[a] < 3 ? g->m[a] - 1 : at[a] + 1;
  }
  for (int64_t cz = reach[2][0]; cz <= reach[2][1]; cz++)
    for (int64_t cy = reach[1][0]; cy <= reach[1][1]; cy++)
      for (int64_t cx = reach[0][0]; cx <= reach[0][1]; cx++) {
        const int64_t cell = ((cz + g->m[2]) % g->m[2] * g->m[1] + (cy + g->m[1]) % g->m[1]) *
                                 g->m[0] + (cx + g->m[0]) % g->m[0];
        for (int64_t j = g->head[cell]; j; j = g->next[j - 1]) {
          double r2 = 0;
          for (int a = 0; a < 3; a++) {
            double d = fabs(x[a] - g->x[j - 1][a]);
            if (d > 0.5 * spec->box[a]) d = spec->box[a] - d;
            r2 += d * d;
          }
          if (r2 < least2) return false;
        }
      }
  return true;
}

static mg_status insert(insertion *g, const mg_build_spec *spec, int64_t k) {
  enum { TRIALS = 200000 };
  mg_rng rng;
  mg_rng_start(&rng, spec->seed, MG_RNG_POSITION, k, 0);
  for (int trial = 0; trial < TRIALS; trial++) {
    /* the stream of one (id, step) is 65536 blocks long: use a new one in time */
    if (trial && trial % 8192 == 0)
      mg_rng_start(&rng, spec->seed, MG_RNG_POSITION, k, trial / 8192);
    double x[3];
    int64_t at[3];
    for (int a = 0; a < 3; a++) {
      x[a] = mg_rng_uniform(&rng) * spec->box[a];
      at[a] = (int64_t)(x[a] / spec->box[a] * (double)g->m[a]);
      if (at[a] >= g->m[a]) at[a] = g->m[a] - 1;
    }
    if (!is_free(g, spec, x, at)) continue;
    const int64_t cell = (at[2] * g->m[1] + at[1]) * g->m[0] + at[0];
    memcpy(g->x[k], x, sizeof x);
    g->next[k] = g->head[cell];
    g->head[cell] = k + 1;
    return MG_OK;
  }
  return mg_fail(MG_ERR_RUN,
                 "create: no room for atom %lld of %lld at min_distance %g A; a larger box or a "
                 "smaller min_distance is needed",
                 (long long)k + 1, (long long)spec->n_atoms, spec->min_distance);
}

static mg_status insert_all(insertion *g, const mg_build_spec *spec) {
  int64_t n_cells = 1;
  /* not many more cells than atoms, however small the distance */
  const double volume = spec->box[0] * spec->box[1] * spec->box[2];
  const double edge = fmax(spec->min_distance, cbrt(volume / (4.0 * (double)spec->n_atoms)));
  for (int a = 0; a < 3; a++) {
    g->m[a] = (int64_t)(spec->box[a] / edge);
    if (g->m[a] < 1) g->m[a] = 1;
    n_cells *= g->m[a];
  }
  MG_TRY(MG_NEW(g->head, n_cells));
  MG_TRY(MG_NEW(g->next, spec->n_atoms));
  MG_TRY(MG_NEW(g->x, spec->n_atoms));
  for (int64_t k = 0; k < spec->n_atoms; k++) MG_TRY(insert(g, spec, k));
  return MG_OK;
}

mg_status mg_build_random(const mg_build_spec *spec, int share, int n_shares, mg_box *box,
                          mg_atoms *atoms) {
  set_box(box, spec->box);
  insertion g = {.head = NULL};
  int8_t *species = NULL;
  mg_status status = insert_all(&g, spec);
  if (status == MG_OK) status = deal_species(spec, spec->n_atoms, &species);
  for (int64_t k = share; k < spec->n_atoms && status == MG_OK; k += n_shares)
    status = keep(atoms, k, g.x[k], species[k]);
  mg_free(species);
  mg_free(g.head);
  mg_free(g.next);
  mg_free(g.x);
  return status;
}
