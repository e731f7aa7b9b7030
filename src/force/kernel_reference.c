/* The plain kernel: what the tuned ones are held against, and the slow path of all of them.
 *
 *   rho_i = sum_j psi_ab(r);   F_i = sum_j g d/r,  d = r_j - r_i,
 *   g = F'_i psi'_ab + F'_j psi'_ba + phi'_ab;      W_aa = -1/2 sum_j g d_a^2/r
 */
#include "plain.h"
#include "mgmd/potential/fit.h"

#include <math.h>
#include <stddef.h>

static bool always(void) { return true; }

static bool any_potential(const mg_potential *potential) { return potential != NULL; }

static mg_status prepare(const mg_potential *potential, void **tables) {
  (void)potential;
  *tables = NULL;
  return MG_OK;
}

/* A kernel with polynomials does all pairs of an atom by its own functions, these or those of its
 * vectors, so that forces stay slopes of one energy. */
static bool by_fit(const mg_kernel_task *task) {
  return task->tables && mg_potential_fit(task->potential);
}

static void phi_at(const mg_kernel_task *task, int a, int b, double r, double *phi, double *dphi) {
  if (by_fit(task))
    mg_fit_phi_value(task->potential, a, b, r, phi, dphi);
  else
    mg_potential_phi(task->potential, a, b, r, phi, dphi);
}

static void psi_at(const mg_kernel_task *task, int a, int b, double r, double *psi, double *dpsi) {
  if (by_fit(task))
    mg_fit_psi_value(task->potential, a, b, r, psi, dpsi);
  else
    mg_potential_psi(task->potential, a, b, r, psi, dpsi);
}

double mg_plain_density(const mg_kernel_task *task, int32_t i) {
  const mg_nlist *list = task->list;
  const int a = task->species[i];
  const int32_t *entry = list->entry + list->first[i];
  const uint16_t *end = list->end + (int64_t)i * 2 * list->n_species;
  const double *qi = task->q[i];
  double sum = 0;
  for (int b = 0, k = 0; b < list->n_species; b++) {
    const double cutoff = mg_potential_psi_cutoff(task->potential, a, b);
    for (; k < end[b]; k++) {
      const double *qj = task->q[entry[k]];
      const double dx = qj[0] - qi[0], dy = qj[1] - qi[1], dz = qj[2] - qi[2];
      const double r2 = dx * dx + dy * dy + dz * dz;
      if (!(r2 < cutoff * cutoff)) continue;
      double psi;
      psi_at(task, a, b, sqrt(r2), &psi, NULL);
      sum += psi;
    }
  }
  return sum;
}

static void density(const mg_kernel_task *task, int32_t begin, int32_t end, double *rho,
                    double *most_rho) {
  for (int32_t i = begin; i < end; i++) {
    const int a = task->species[i];
    const double sum = mg_plain_density(task, i);
    if (rho) rho[i] = sum;
    const double share = sum / mg_potential_rho_max(task->potential, a);
    if (!(share <= *most_rho)) *most_rho = share;
    mg_potential_embed(task->potential, a, sum, NULL, &task->q[i][3]);
  }
}

/* dE/dr of one pair, divided by r. */
static double pair_slope(const mg_kernel_task *task, int a, int b, double r, double dF_i,
                         double dF_j, bool near) {
  double slope;
  phi_at(task, a, b, r, NULL, &slope);
  if (near) {
    double at_i, at_j;
    psi_at(task, a, b, r, NULL, &at_i);
    psi_at(task, b, a, r, NULL, &at_j);
    slope += dF_i * at_i + dF_j * at_j;
  }
  return slope / r;
}

void mg_plain_force(const mg_kernel_task *task, int32_t i, double f[3], double w[3]) {
  const mg_nlist *list = task->list;
  const int n_sections = 2 * list->n_species, a = task->species[i];
  const double cutoff = mg_potential_cutoff(task->potential);
  const int32_t *entry = list->entry + list->first[i];
  const uint16_t *end = list->end + (int64_t)i * n_sections;
  const double *qi = task->q[i];
  for (int c = 0; c < 3; c++) f[c] = w[c] = 0;
  for (int section = 0, k = 0; section < n_sections; section++) {
    const bool near = section < list->n_species;
    const int b = section % list->n_species;
    for (; k < end[section]; k++) {
      const double *qj = task->q[entry[k]];
      const double d[3] = {qj[0] - qi[0], qj[1] - qi[1], qj[2] - qi[2]};
      const double r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
      if (!(r2 < cutoff * cutoff)) continue;
      const double g = pair_slope(task, a, b, sqrt(r2), qi[3], qj[3], near);
      for (int c = 0; c < 3; c++) {
        f[c] += g * d[c];
        w[c] -= 0.5 * g * d[c] * d[c];
      }
    }
  }
}

static void force(const mg_kernel_task *task, int32_t begin, int32_t end, double (*f)[3],
                  mg_xsum virial[3]) {
  for (int32_t i = begin; i < end; i++) {
    double w[3];
    mg_plain_force(task, i, f[i], w);
    for (int c = 0; c < 3; c++) mg_xsum_add(&virial[c], w[c]);
  }
}

void mg_plain_observe(const mg_kernel_task *task, int32_t i, double *energy, double stress[6]) {
  const mg_nlist *list = task->list;
  const int n_sections = 2 * list->n_species;
  const double cutoff = mg_potential_cutoff(task->potential);
  const int a = task->species[i];
  const int32_t *entry = list->entry + list->first[i];
  const uint16_t *end = list->end + (int64_t)i * n_sections;
  const double *qi = task->q[i];
  double rho = 0, pair = 0, s[6] = {0, 0, 0, 0, 0, 0};
  for (int section = 0, k = 0; section < n_sections; section++) {
    const bool near = section < list->n_species;
    const int b = section % list->n_species;
    for (; k < end[section]; k++) {
      const double *qj = task->q[entry[k]];
      const double d[3] = {qj[0] - qi[0], qj[1] - qi[1], qj[2] - qi[2]};
      const double r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
      if (!(r2 < cutoff * cutoff)) continue;
      const double r = sqrt(r2);
      double phi, psi = 0;
      phi_at(task, a, b, r, &phi, NULL);
      if (near) psi_at(task, a, b, r, &psi, NULL);
      rho += psi;
      pair += phi;
      const double g = pair_slope(task, a, b, r, qi[3], qj[3], near);
      for (int c = 0; c < 3; c++) s[c] += 0.5 * g * d[c] * d[c];
      s[3] += 0.5 * g * d[0] * d[1];
      s[4] += 0.5 * g * d[0] * d[2];
      s[5] += 0.5 * g * d[1] * d[2];
    }
  }
  if (energy) {
    double F;
    mg_potential_embed(task->potential, a, rho, &F, NULL);
    *energy = F + 0.5 * pair;
  }
  for (int c = 0; stress && c < 6; c++) stress[c] = s[c];
}

void mg_observe_plain(const mg_kernel_task *task, double *energy, double (*stress)[6]) {
  for (int32_t i = 0; i < task->n_local; i++)
    mg_plain_observe(task, i, energy ? energy + i : NULL, stress ? stress[i] : NULL);
}

const mg_kernel mg_kernel_reference = {
    .name = "reference",
    .summary = "plain C, scalar, exact functions, any potential",
    .level = 0,
    .available = always,
    .supports = any_potential,
    .prepare = prepare,
    .density = density,
    .force = force,
    .observe = mg_observe_plain,
    .list = &mg_list_plain,
};
