/* Tables as polynomials: the choice of form and knots for each pair of species, and what the result
 * is worth.
 *
 * A pair is fitted from where its effective energy has risen WALL above its minimum: closer pairs
 * are rare in a melt, and kernels do them by the table itself. Knots lie on a grid of 0.1 A where
 * the range allows: where Mendelev's functions have theirs, and as fine as 63 bins permit.
 * The cheapest form whose residuals are those of the best one, or negligible, is taken; within it
 * the fewest segments of which the same is true. A table with noise thus keeps the segments that
 * the noise lets one see.
 *
 * The errors, from the table's splines at several points per interval:
 *
 *    force^2 = integral crowd(r)/3 g (e_phi^2 + (F' e_ab)^2 + (F' e_ba)^2) dr / (kB 300 K K) ,
 *
 * e: errors of slopes; g: Boltzmann factor of S_ab at 2300 K, at most 1; F': the largest near the
 * density of a crystal. Errors of neighbours are taken as independent.
 *
 * Not taken: least squares in the values (slopes are then ten times worse); continuity of more than
 * the slopes (what the published functions have at their knots, but others do not).
 */
#include "fit_impl.h"

#include "mgmd/base/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double WALLS[] = {3, 2, 1.3, 0.8}; /* [eV] */
enum { N_WALLS = sizeof WALLS / sizeof *WALLS };
static const double START_LEAST = 0.5; /* [A] */
static const double WALL_WEIGHT =
    0.01; /* beside the Boltzmann factor, so that no segment is free */
static const double GOOD = 1e-12, EXACT = 1e-13;       /* squared relative force errors */
static const double NO_ENERGY = 1e-8, NO_FORCE = 1e-6; /* taken for zero at a cutoff [eV, eV/A] */
static const double SMOOTH = 0.01;                     /* [A] */
static const double LIKE_BEST[2] = {2.5, 1.1};         /* ratios of squared errors */
static const double DOUBTFUL = 1e-5; /* force error from which on the second ratio is tried */

enum { COARSE = 12, FINE_LEAST = 16, FINE_MOST = 512, PER_INTERVAL = 3 };

typedef void function(const mg_potential *, int, int, double, double *, double *);

/* One pair on its way. */
typedef struct work {
  mg_fit_view view;
  mg_fit_samples coarse, fine;
  mg_fit_costs costs;
  mg_fit_pair *pair;
} work;

static double start_of(const mg_fit_view *view, double wall, double end) {
  double least = INFINITY, r = end;
  for (; r > START_LEAST; r -= 0.01) {
    const double S = mg_fit_effective(view, r);
    least = fmin(least, S);
    if (S > least + wall) break;
  }
  return r;
}

static double table_step(const work *w) {
  return w->view.potential->table->rphi[mg_pair_index(w->view.a, w->view.b)].step;
}

/* Number of the first grid line at or behind r. */
static int line_after(const mg_fit_samples *s, double r) {
  return (int)ceil(r * s->bins_per_angstrom - 1e-6);
}

/* A cutoff of the table, or the grid line just before it when nothing is left there but what a
 * spline's stencil adds behind the last knot. */
static double end_of(const work *w, bool phi, double cutoff) {
  const mg_fit_view *v = &w->view;
  const double m = w->coarse.bins_per_angstrom, line = floor(cutoff * m) / m;
  if (cutoff - line > 3 * table_step(w)) return cutoff;
  function *const at = phi ? mg_potential_phi : mg_potential_psi;
  const double factor = phi ? 1 : fmax(v->site[0]->weight, v->site[1]->weight);
  for (int swap = 0; swap < 2; swap++) {
    double f, df;
    at(v->potential, swap ? v->b : v->a, swap ? v->a : v->b, line, &f, &df);
    if (!(factor * fabs(f) <= NO_ENERGY && factor * fabs(df) <= NO_FORCE)) return cutoff;
  }
  return line;
}

/* The finest of the grids that fit; at least one bin. */
static void lay_grid(work *w, double start) {
  static const int per_angstrom[] = {20, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
  enum { GRIDS = sizeof per_angstrom / sizeof *per_angstrom };
  mg_fit_samples *s = &w->coarse;
  for (int k = 0; k < GRIDS; k++) {
    s->bins_per_angstrom = per_angstrom[k];
    s->first = line_after(s, start);
    s->n_bins = line_after(s, end_of(w, true, w->pair->end)) - s->first;
    if (s->n_bins <= MG_FIT_BINS) break;
  }
  if (s->n_bins < 1) s->n_bins = 1;
  w->pair->end = end_of(w, true, w->pair->end);
  w->pair->psi_end = end_of(w, false, w->pair->psi_end);
}

static void drop_samples(mg_fit_samples *s) {
  MG_DELETE(s->r);
  MG_DELETE(s->weight);
  for (int c = 0; c < MG_FIT_CURVES; c++) MG_DELETE(s->slope[c]);
}

static mg_status reserve_samples(mg_fit_samples *s) {
  const int n = s->n_bins * s->per_bin;
  MG_TRY(MG_NEW(s->r, n));
  MG_TRY(MG_NEW(s->weight, n));
  for (int c = 0; c < MG_FIT_CURVES; c++) MG_TRY(MG_NEW(s->slope[c], n));
  return MG_OK;
}

/* Points in the middle of equal parts of each bin, the last one cut at the end. Weights make sums
 * of squares the squared relative force error. */
static mg_status take_samples(const work *w, int per_bin, mg_fit_samples *s) {
  const mg_fit_view *v = &w->view;
  *s = (mg_fit_samples){.first = w->coarse.first,
                        .n_bins = w->coarse.n_bins,
                        .bins_per_angstrom = w->coarse.bins_per_angstrom,
                        .per_bin = per_bin};
  MG_TRY(reserve_samples(s));
  const double force = mg_fit_room_force(v);
  for (int bin = 0, k = 0; bin < s->n_bins; bin++) {
    const double lo = mg_fit_edge(s, bin), hi = fmin(mg_fit_edge(s, bin + 1), w->pair->end);
    for (int p = 0; p < per_bin; p++, k++) {
      const double r = lo + (hi - lo) * (p + 0.5) / per_bin;
      s->r[k] = r;
      s->weight[k] = mg_fit_crowd(v, r) / 3 * (mg_fit_boltzmann(v, r) + WALL_WEIGHT) *
                     ((hi - lo) / per_bin) / (force * force);
      mg_potential_phi(v->potential, v->a, v->b, r, NULL, &s->slope[0][k]);
      mg_potential_psi(v->potential, v->a, v->b, r, NULL, &s->slope[1][k]);
      mg_potential_psi(v->potential, v->b, v->a, r, NULL, &s->slope[2][k]);
    }
  }
  const size_t bytes = (size_t)(s->n_bins * per_bin) * sizeof(double);
  const bool symmetric = memcmp(s->slope[1], s->slope[2], bytes) == 0;
  s->n_curves = symmetric ? 2 : 3;
  s->factor[0] = 1;
  s->factor[1] = v->site[0]->weight;
  s->factor[2] = v->site[1]->weight;
  if (symmetric) s->factor[1] = hypot(s->factor[1], s->factor[2]);
  return MG_OK;
}

/* --- form and knots --- */

/* The bin at whose left end psi has ended. */
static int psi_bins(const work *w) {
  return line_after(&w->coarse, w->pair->psi_end) - w->coarse.first;
}

typedef struct choice {
  mg_fit_form form;
  int n, most; /* segments, and how many there may be */
  double like_best, error;
  int knot[MG_SEGMENTS + 1];
} choice;

/* Squared error of the best partition into n, as unseen samples would show it. */
static double error_of(const work *w, choice *c, int n) {
  const mg_fit_samples *s = &w->coarse;
  const bool single = c->form == MG_FIT_SINGLE, low = c->form == MG_FIT_SHORT;
  const int others = single ? 0 : s->n_curves - 1;
  double cost = mg_fit_partition(s, &w->costs, single, low, single ? 0 : psi_bins(w), n, c->knot);
  if (single && psi_bins(w) > 0) cost += w->costs.high[1][0][psi_bins(w)];
  const double known = (double)(s->n_bins * s->per_bin) * s->n_curves;
  const double unknown = (double)n * (MG_DEGREE + others * (low ? MG_SHORT_DEGREE : MG_DEGREE));
  return known > unknown ? cost * known / (known - unknown) : INFINITY;
}

static bool possible(const work *w, mg_fit_form form) {
  if (w->pair->form == MG_FIT_LONG) return form == MG_FIT_LONG;
  return true;
}

/* The fewest segments that are like the best number of this form. */
static void choose_n(const work *w, choice *c) {
  double error[MG_SEGMENTS + 1];
  c->error = INFINITY;
  for (int n = 1; n <= c->most && n <= w->coarse.n_bins; n++) {
    error[n] = error_of(w, c, n);
    c->error = fmin(c->error, error[n]);
  }
  for (c->n = 1; c->n < c->most && c->n < w->coarse.n_bins; c->n++)
    if (error[c->n] <= fmax(c->like_best * c->error, EXACT)) break;
  c->error = error_of(w, c, c->n);
}

/* The cheapest form that is good, or like the best one. */
static choice choose(const work *w, double like_best) {
  choice forms[] = {{.form = MG_FIT_SINGLE, .most = MG_FEW_SEGMENTS - 1},
                    {.form = MG_FIT_SHORT, .most = MG_FEW_SEGMENTS},
                    {.form = MG_FIT_SHORT, .most = MG_SEGMENTS},
                    {.form = MG_FIT_LONG, .most = MG_SEGMENTS}};
  enum { FORMS = sizeof forms / sizeof *forms };
  double best = INFINITY;
  for (int k = 0; k < FORMS; k++) {
    forms[k].error = INFINITY;
    forms[k].like_best = like_best;
    if (possible(w, forms[k].form)) choose_n(w, &forms[k]);
    best = fmin(best, forms[k].error);
  }
  for (int k = 0; k < FORMS - 1; k++)
    if (forms[k].error <= fmax(like_best * best, GOOD)) return forms[k];
  return forms[FORMS - 1];
}

/* --- the polynomials --- */

/* Segments of one curve. Values and slopes of the table just before the end are kept where they are
 * more than nothing: then the table jumps there, and so does its fit. */
static mg_status fit_curve(const work *w, int curve, const choice *c, double end,
                           mg_segments *value) {
  const mg_fit_view *v = &w->view;
  const mg_fit_samples *s = &w->fine;
  if (end <= mg_fit_edge(s, 0)) {
    *value = (mg_segments){.n = 1, .knot = {mg_fit_edge(s, 0), mg_fit_edge(s, 1)}};
    return MG_OK;
  }
  const bool single = curve > 0 && c->form == MG_FIT_SINGLE;
  const int degree = curve > 0 && c->form == MG_FIT_SHORT ? MG_SHORT_DEGREE - 1 : MG_DEGREE - 1;
  const int whole[2] = {0, psi_bins(w)};
  int n = single ? 1 : c->n;
  const int *knot = single ? whole : c->knot;
  while (n > 1 && mg_fit_edge(s, knot[n - 1]) >= end) n--;
  double f, df;
  function *const at = curve == 0 ? mg_potential_phi : mg_potential_psi;
  const bool swap = curve == 2;
  at(v->potential, swap ? v->b : v->a, swap ? v->a : v->b, nextafter(end, 0), &f, &df);
  const double factor = s->factor[curve];
  const bool zero = factor * fabs(f) <= NO_ENERGY && factor * fabs(df) <= NO_FORCE;
  mg_segments slope;
  const mg_status status = mg_fit_slope(s, curve, degree, knot, n, end, zero, &slope);
  if (status == MG_OK) mg_fit_integrate(&slope, end, zero ? 0 : f, value);
  return status;
}

/* Errors of the fit at r, times the factors: of slopes, or of values. */
static void errors_at(const work *w, double r, bool slopes, double e[MG_FIT_CURVES]) {
  const mg_fit_view *v = &w->view;
  double table[3], fit[3] = {0}, dtable[3], dfit[3] = {0};
  mg_potential_phi(v->potential, v->a, v->b, r, &table[0], &dtable[0]);
  mg_potential_psi(v->potential, v->a, v->b, r, &table[1], &dtable[1]);
  mg_potential_psi(v->potential, v->b, v->a, r, &table[2], &dtable[2]);
  if (r < w->pair->end) mg_segments_value(&w->pair->phi, r, &fit[0], &dfit[0]);
  for (int c = 1; c < w->fine.n_curves && r < w->pair->psi_end; c++)
    mg_segments_value(&w->pair->psi[c - 1], r, &fit[c], &dfit[c]);
  for (int c = 0; c < w->fine.n_curves; c++)
    e[c] = w->fine.factor[c] * (slopes ? dfit[c] - dtable[c] : fit[c] - table[c]);
}

static double size_of(const work *w, const double e[MG_FIT_CURVES], bool squared) {
  double sum = 0;
  for (int c = 0; c < w->fine.n_curves; c++) sum += squared ? e[c] * e[c] : fabs(e[c]);
  return sum;
}

static void measure(const work *w) {
  const mg_fit_samples *s = &w->fine;
  mg_fit_error *error = &w->pair->error;
  const double force = mg_fit_room_force(&w->view);
  double square = 0, smooth_square = 0;
  for (int k = 0; k < s->n_bins * s->per_bin; k++) {
    const double r = s->r[k], g = mg_fit_boltzmann(&w->view, r);
    double e[MG_FIT_CURVES], energy[MG_FIT_CURVES], next[MG_FIT_CURVES], size = force;
    errors_at(w, r, true, e);
    errors_at(w, r, false, energy);
    errors_at(w, r + SMOOTH, false, next);
    for (int c = 0; c < s->n_curves; c++) {
      next[c] = (next[c] - energy[c]) / SMOOTH;
      size += s->factor[c] * fabs(s->slope[c][k]);
    }
    const double weight = s->weight[k] * g / (g + WALL_WEIGHT);
    square += weight * size_of(w, e, true);
    smooth_square += weight * size_of(w, next, true);
    const double share = size_of(w, e, false) / size, off = g * size_of(w, energy, false);
    if (!(off <= error->energy)) error->energy = off;
    if (!(share <= error->largest)) error->largest = share, error->at = r;
  }
  error->force = sqrt(smooth_square);
  error->pointwise = sqrt(square);
}

static bool is_good(const mg_fit_error *error) {
  return error->force <= MG_FIT_FORCE_LIMIT && error->energy <= MG_FIT_ENERGY_LIMIT;
}

/* The form and the polynomials from the samples taken. */
static void make_pair(work *w, double like_best) {
  mg_fit_pair *pair = w->pair;
  pair->form = pair->symmetric ? MG_FIT_SINGLE : MG_FIT_LONG;
  pair->error = (mg_fit_error){.force = INFINITY, .pointwise = INFINITY, .energy = INFINITY};
  const choice c = choose(w, like_best);
  pair->form = c.form;
  if (!isfinite(c.error) || fit_curve(w, 0, &c, pair->end, &pair->phi) != MG_OK) return;
  for (int k = 1; k < w->fine.n_curves; k++)
    if (fit_curve(w, k, &c, pair->psi_end, &pair->psi[k - 1]) != MG_OK) return;
  if (pair->symmetric) pair->psi[1] = pair->psi[0];
  pair->start = pair->phi.knot[0];
  mg_fit_join_table(&w->view, pair);
  pair->error = (mg_fit_error){0};
  measure(w);
}

/* A fit from a given start; with more segments when there is some doubt. */
static mg_status try_fit(work *w) {
  const double wanted = PER_INTERVAL / (table_step(w) * w->coarse.bins_per_angstrom);
  MG_TRY(take_samples(w, COARSE, &w->coarse));
  MG_TRY(take_samples(w, (int)fmin(fmax(wanted, FINE_LEAST), FINE_MOST), &w->fine));
  mg_fit_pair *pair = w->pair;
  pair->bins_per_angstrom = w->coarse.bins_per_angstrom;
  pair->symmetric = w->fine.n_curves == 2;
  mg_fit_measure_costs(&w->coarse, &w->costs);
  make_pair(w, LIKE_BEST[0]);
  if (pair->error.force <= DOUBTFUL && is_good(&pair->error)) return MG_OK;
  const mg_fit_pair first = *pair;
  make_pair(w, LIKE_BEST[1]);
  if (!(pair->error.force < first.error.force)) *pair = first;
  return MG_OK;
}

/* Begins where pairs are as rare as WALLS has it; further out when that is no good. */
static mg_status fit_pair(work *w) {
  const mg_fit_view *v = &w->view;
  mg_fit_pair *pair = w->pair, first;
  for (int k = 0; k < N_WALLS; k++) {
    pair->psi_end = mg_potential_psi_cutoff(v->potential, v->a, v->b);
    pair->end = fmax(pair->psi_end, mg_potential_phi_cutoff(v->potential, v->a, v->b));
    lay_grid(w, start_of(v, WALLS[k], pair->end));
    const mg_status status = try_fit(w);
    drop_samples(&w->coarse);
    drop_samples(&w->fine);
    if (status != MG_OK || is_good(&pair->error)) return status;
    if (k == 0) first = *pair;
  }
  *pair = first;
  return MG_OK;
}

/* --- the whole --- */

static void judge(mg_fit *fit, const mg_species *species, int a, int b) {
  const mg_fit_error *e = &fit->pair[mg_pair_index(a, b)].error;
  const bool good = is_good(e);
  if (!good && fit->good)
    snprintf(fit->reason, sizeof fit->reason,
             "its %s-%s as polynomials is off by %.2g of the force and %.2g eV "
             "(most at %.2f A); at most %.0e and %.0e are allowed",
             species->symbol[a], species->symbol[b], e->force, e->energy, e->at, MG_FIT_FORCE_LIMIT,
             MG_FIT_ENERGY_LIMIT);
  fit->good = fit->good && good;
  if (!(e->force <= fit->error.force)) fit->error.force = e->force;
  if (!(e->pointwise <= fit->error.pointwise)) fit->error.pointwise = e->pointwise;
  if (!(e->energy <= fit->error.energy)) fit->error.energy = e->energy;
  if (!(e->largest <= fit->error.largest)) fit->error.largest = e->largest, fit->error.at = e->at;
}

/* Where every psi has ended, or a little further if all phi then have but one segment left. */
static double near_of(const mg_potential *potential, const mg_fit *fit) {
  const int n = potential->species.n;
  const double little = 0.15; /* [A] */
  double most = 0, last = 0;
  for (int a = 0; a < n; a++)
    for (int b = 0; b <= a; b++) most = fmax(most, potential->psi_cutoff[a][b]);
  const double psi_most = most;
  for (int a = 0; a < n; a++)
    for (int b = 0; b <= a; b++)
      if (potential->phi_cutoff[a][b] <= psi_most + little)
        most = fmax(most, potential->phi_cutoff[a][b]);
  for (int a = 0; a < n; a++)
    for (int b = 0; b <= a; b++) {
      const mg_segments *phi = &fit->pair[mg_pair_index(a, b)].phi;
      if (potential->phi_cutoff[a][b] > most) last = fmax(last, phi->knot[phi->n - 1]);
    }
  return last > most && last <= most + little ? last : most;
}

mg_status mg_fit_make(const mg_potential *potential, mg_fit **fit) {
  mg_fit_site sites[MG_MAX_SPECIES] = {{0}};
  work *w;
  MG_TRY(MG_NEW(*fit, 1));
  mg_fit_sites(potential, sites);
  (*fit)->good = true;
  mg_status status = MG_NEW(w, 1);
  for (int b = 0; b < potential->species.n; b++)
    for (int a = 0; a <= b && status == MG_OK; a++) {
      memset(w, 0, sizeof *w);
      w->view = (mg_fit_view){potential, a, b, {&sites[a], &sites[b]}};
      w->pair = &(*fit)->pair[mg_pair_index(a, b)];
      status = fit_pair(w);
      judge(*fit, &potential->species, a, b);
    }
  if (status == MG_OK) (*fit)->near = near_of(potential, *fit);
  mg_free(w);
  if (status != MG_OK) MG_DELETE(*fit);
  return status;
}
