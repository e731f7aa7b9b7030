/* A fit evaluated one pair at a time: what kernels do with atoms that others have come too
 * close to. Polynomials where they hold; below, the table, moved by as much as it differs from
 * them there. */
#include "fit_impl.h"

#include <math.h>

const mg_fit_pair *mg_fit_pair_of(const mg_fit *fit, int a, int b) {
  return &fit->pair[mg_pair_index(a, b)];
}

const mg_segments *mg_fit_psi(const mg_fit *fit, int a, int b) {
  return &mg_fit_pair_of(fit, a, b)->psi[a > b];
}

static mg_fit_join difference(const mg_segments *segments, double r, double end, double value,
                              double slope) {
  mg_fit_join join;
  if (r >= end) return (mg_fit_join){0, 0};
  mg_segments_value(segments, r, &join.value, &join.slope);
  join.value -= value;
  join.slope -= slope;
  return join;
}

void mg_fit_join_table(const mg_fit_view *view, mg_fit_pair *pair) {
  const double r = pair->start;
  double f, df;
  mg_potential_phi(view->potential, view->a, view->b, r, &f, &df);
  pair->join[0] = difference(&pair->phi, r, pair->end, f, df);
  mg_potential_psi(view->potential, view->a, view->b, r, &f, &df);
  pair->join[1] = difference(&pair->psi[0], r, pair->psi_end, f, df);
  mg_potential_psi(view->potential, view->b, view->a, r, &f, &df);
  pair->join[2] = difference(&pair->psi[1], r, pair->psi_end, f, df);
}

static void joined(const mg_fit_join *join, double t, double *f, double *df) {
  *f += join->value + join->slope * t;
  *df += join->slope;
}

void mg_fit_phi_value(const mg_potential *potential, int a, int b, double r, double *phi,
                      double *dphi) {
  const mg_fit_pair *pair = mg_fit_pair_of(potential->fit, a, b);
  double f = 0, df = 0;
  if (!(r >= pair->start)) {
    mg_potential_phi(potential, a, b, r, &f, &df);
    joined(&pair->join[0], r - pair->start, &f, &df);
  } else if (r < pair->end) {
    mg_segments_value(&pair->phi, r, &f, &df);
  }
  if (phi) *phi = f;
  if (dphi) *dphi = df;
}

void mg_fit_psi_value(const mg_potential *potential, int a, int b, double r, double *psi,
                      double *dpsi) {
  const mg_fit_pair *pair = mg_fit_pair_of(potential->fit, a, b);
  double f = 0, df = 0;
  if (!(r >= pair->start)) {
    mg_potential_psi(potential, a, b, r, &f, &df);
    joined(&pair->join[1 + (a > b)], r - pair->start, &f, &df);
  } else if (r < pair->psi_end) {
    mg_segments_value(mg_fit_psi(potential->fit, a, b), r, &f, &df);
  }
  if (psi) *psi = f;
  if (dpsi) *dpsi = df;
}
