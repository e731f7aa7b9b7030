/* A tabulated potential: splines, its wall at small r, and its cutoffs.
 *
 * A setfl file holds r phi, with something at r = 0 that need not mean anything, and often a long
 * run of one filler value after it (1e12 up to 0.5 A in the tables of Mendelev's group). A spline
 * rings next to such a step. The rule: the leading run of equal values of r phi (at least the one
 * at r = 0) is filler; the table counts from two points behind the run on, where the stencil of
 * the slope no longer touches it, and from there on further to the first point at which phi falls
 * (but not beyond 1 A). Below that point r phi goes on along its tangent,
 *
 *    r phi = A + B r ,   phi = A/r + B ,   phi' = -A/r^2 ,
 *
 * smooth to the first derivative, monotonically repulsive, diverging as two bare charges do. If phi
 * falls nowhere up to 1 A the potential has no wall to continue: A = 0, phi stays constant.
 *
 * Each function has its own cutoff: where its spline has become exactly zero.
 */
#include "impl.h"

#include "mgmd/base/mem.h"

#include <math.h>

static const double WALL_LIMIT = 1.0; /* [A] */

static int filler_run(const mg_spline *rphi) {
  int run = 1;
  while (run < rphi->n && rphi->coef[run][0] == rphi->coef[0][0]) run++;
  return run;
}

static void phi_at(const mg_spline *rphi, double r, double *phi, double *dphi) {
  double z, dz;
  mg_spline_value(rphi, r, &z, &dz);
  *phi = z / r;
  *dphi = (dz - *phi) / r;
}

static mg_status find_wall(const mg_potential *potential, int a, int b, struct mg_wall *wall) {
  const mg_spline *rphi = &potential->table->rphi[mg_pair_index(a, b)];
  const int first = filler_run(rphi) + 2;
  if (mg_spline_end(rphi) == 0) return MG_OK; /* zero everywhere */
  MG_REQUIRE(first < rphi->n, MG_ERR_INPUT,
             "%s: r*phi of %s-%s is one and the same filler value up to its end", potential->name,
             potential->species.symbol[a], potential->species.symbol[b]);
  double phi, dphi;
  int k = first;
  do {
    phi_at(rphi, k * rphi->step, &phi, &dphi);
  } while (dphi >= 0 && ++k < rphi->n && k * rphi->step <= WALL_LIMIT);
  const bool falls = dphi < 0;
  if (!falls) phi_at(rphi, first * rphi->step, &phi, &dphi);
  wall->end = (falls ? k : first) * rphi->step;
  wall->A = falls ? -dphi * wall->end * wall->end : 0;
  wall->B = falls ? phi + dphi * wall->end : phi;
  return MG_OK;
}

mg_status mg_table_finish(mg_potential *potential, double cutoff) {
  mg_table *table = potential->table;
  const int n = potential->species.n;
  for (int a = 0; a < n; a++) {
    potential->rho_max[a] = (table->F[a].n - 1) * table->F[a].step;
    for (int b = 0; b < n; b++) {
      const int pair = mg_pair_index(a, b);
      if (b <= a) MG_TRY(find_wall(potential, b, a, &table->wall[pair]));
      const double psi_end = fmax(mg_spline_end(&table->psi[table->psi_of[a][b]]),
                                  mg_spline_end(&table->psi[table->psi_of[b][a]]));
      potential->phi_cutoff[a][b] = fmin(cutoff, mg_spline_end(&table->rphi[pair]));
      potential->psi_cutoff[a][b] = fmin(cutoff, psi_end);
      potential->cutoff =
          fmax(potential->cutoff, fmax(potential->phi_cutoff[a][b], potential->psi_cutoff[a][b]));
    }
  }
  MG_REQUIRE(potential->cutoff > 0, MG_ERR_INPUT,
             "%s: all density and pair functions are zero everywhere", potential->name);
  return MG_OK;
}

void mg_table_destroy(mg_table **table) {
  if (!*table) return;
  for (int k = 0; k < MG_MAX_SPECIES; k++) mg_spline_clear(&(*table)->F[k]);
  for (int k = 0; k < MG_MAX_SPECIES * MG_MAX_SPECIES; k++) mg_spline_clear(&(*table)->psi[k]);
  for (int k = 0; k < mg_pair_count(MG_MAX_SPECIES); k++) mg_spline_clear(&(*table)->rphi[k]);
  MG_DELETE(*table);
}

void mg_table_phi(const mg_table *table, int a, int b, double r, double *phi, double *dphi) {
  const int pair = mg_pair_index(a, b);
  const struct mg_wall *wall = &table->wall[pair];
  if (r < wall->end) {
    *phi = wall->A / r + wall->B;
    *dphi = -wall->A / (r * r);
  } else {
    phi_at(&table->rphi[pair], r, phi, dphi);
  }
}

void mg_table_psi(const mg_table *table, int a, int b, double r, double *psi, double *dpsi) {
  mg_spline_value(&table->psi[table->psi_of[a][b]], r, psi, dpsi);
}

void mg_table_embed(const mg_table *table, int a, double rho, double *F, double *dF) {
  const mg_spline *spline = &table->F[a];
  const double top = (spline->n - 1) * spline->step;
  if (rho < 0 || rho >= top) {
    const int k = rho < 0 ? 0 : spline->n - 1;
    *dF = spline->coef[k][1] * spline->inverse;
    *F = spline->coef[k][0] + *dF * (rho - (rho < 0 ? 0 : top));
  } else {
    mg_spline_value(spline, rho, F, dF);
  }
}
