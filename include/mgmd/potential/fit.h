/** A tabulated potential as a few polynomials, for kernels that look nothing up in memory.
 *
 *  Per pair of species the slopes of phi and psi become continuous piecewise polynomials between
 *  knots on a grid; the values are their exact integrals from the cutoff inward. So the force is
 *  the exact derivative of the energy, and both are continuous. How far the polynomials are from
 *  the table's splines is measured, as a glass or a melt of these atoms would feel it.
 */
#ifndef MGMD_POTENTIAL_FIT_H
#define MGMD_POTENTIAL_FIT_H

#include "mgmd/potential/potential.h"

enum {
  MG_FIT_BINS = 63,    /**< most bins of the grid that knots lie on */
  MG_FIT_CURVES = 3,   /**< phi', psi'_ab, psi'_ba */
  MG_SHORT_DEGREE = 4, /**< of psi in short form */
  MG_FEW_SEGMENTS = 8  /**< what is cheapest in a kernel */
};

/** How psi is written. */
typedef enum mg_fit_form {
  MG_FIT_SINGLE, /**< one polynomial; phi has fewer than MG_FEW_SEGMENTS */
  MG_FIT_SHORT,  /**< degree up to MG_SHORT_DEGREE, between the knots of phi */
  MG_FIT_LONG    /**< degree up to MG_DEGREE, between the knots of phi */
} mg_fit_form;

/** How far a fit is from its table. */
typedef struct mg_fit_error {
  double force; /**< rms error of an atom's force component over the rms component at 300 K,
                         errors of slopes averaged over 0.01 A, as far as atoms move in a step */
  double
      pointwise;  /**< the same without averaging: with the noise that rounded values give slopes */
  double energy;  /**< largest error of a pair's energy, times its Boltzmann factor [eV] */
  double largest; /**< largest error of a pair's force over that force plus the rms component */
  double at;      /**< where the largest is [A] */
} mg_fit_error;

/** Closer than the polynomials hold, table + value + slope (r - start) continues one of them
 *  without a step in either. */
typedef struct mg_fit_join {
  double value, slope;
} mg_fit_join;

/** Species a <= b. The last knot lies at or beyond the cutoff, at which the segments end. */
typedef struct mg_fit_pair {
  mg_fit_form form;
  bool symmetric;        /**< psi_ab = psi_ba */
  int bins_per_angstrom; /**< all knots are whole multiples of 1/bins_per_angstrom */
  double end, psi_end;   /**< from here on all, psi is zero [A] */
  double start;          /**< from here on the polynomials hold; phi.knot[0] [A] */
  mg_segments phi;
  mg_segments psi[2];  /**< psi_ab (at a made by b), psi_ba */
  mg_fit_join join[3]; /**< of phi, psi_ab, psi_ba */
  mg_fit_error error;
} mg_fit_pair;

typedef struct mg_fit {
  bool good;          /**< within both limits */
  char reason[160];   /**< what is wrong, when it is not good */
  double near;        /**< every psi has ended here [A]; see mg_potential_near */
  mg_fit_error error; /**< the largest of all pairs */
  mg_fit_pair pair[MG_MAX_SPECIES * (MG_MAX_SPECIES + 1) / 2];
} mg_fit;

/** The limits of mg_fit_error.force and .energy. */
#define MG_FIT_FORCE_LIMIT 3e-5
#define MG_FIT_ENERGY_LIMIT 1e-6

/** The fit of a table, or NULL for an analytic form. Owned by the potential. */
const mg_fit *mg_potential_fit(const mg_potential *potential);

/** Of the fit of species a and b in either order; psi_ab is at a made by b. */
const mg_fit_pair *mg_fit_pair_of(const mg_fit *fit, int a, int b);
const mg_segments *mg_fit_psi(const mg_fit *fit, int a, int b);

/** The functions as kernels with polynomials have them, at any distance; otherwise as
 *  mg_potential_phi and mg_potential_psi. The potential must have a fit. */
void mg_fit_phi_value(const mg_potential *potential, int a, int b, double r, double *phi,
                      double *dphi);
void mg_fit_psi_value(const mg_potential *potential, int a, int b, double r, double *psi,
                      double *dpsi);

/* --- the parts, for tests --- */

/** Slopes at points within bins of a grid: bin k covers (first + k)/bins_per_angstrom up to the
 *  next such number. Arrays [n_bins * per_bin], ascending, owned by whoever filled them. */
typedef struct mg_fit_samples {
  int first, n_bins, bins_per_angstrom, per_bin;
  int n_curves;
  double *r, *weight, *slope[MG_FIT_CURVES];
  double factor[MG_FIT_CURVES]; /**< of a slope, for comparing errors of different curves */
} mg_fit_samples;

/** Left end of bin @p k [A]. */
static inline double mg_fit_edge(const mg_fit_samples *samples, int k) {
  return (double)(samples->first + k) / samples->bins_per_angstrom;
}

/** Least sums of weighted squared residuals of polynomials of degree 7 (high) and 3 (low) over the
 *  bins i up to, not including, j, by curve. */
typedef struct mg_fit_costs {
  double high[MG_FIT_CURVES][MG_FIT_BINS][MG_FIT_BINS + 1];
  double low[MG_FIT_CURVES][MG_FIT_BINS][MG_FIT_BINS + 1];
} mg_fit_costs;

void mg_fit_measure_costs(const mg_fit_samples *samples, mg_fit_costs *costs);

/** The best knots. @param[in] phi_only  of curve 0 alone  @param[in] low  low degree of the others
 *  @param[in] forced  bin at whose left end a knot must lie, or 0
 *  @param[in] n  number of segments
 *  @param[out] knot  [n + 1] bins, from 0 to n_bins
 *  @return the sum of squared residuals, INFINITY when n is too small or too large */
double mg_fit_partition(const mg_fit_samples *samples, const mg_fit_costs *costs, bool phi_only,
                        bool low, int forced, int n, int knot[MG_SEGMENTS + 1]);

/** The continuous piecewise polynomial that is closest to the samples of @p curve below @p end.
 *  @param[in] knot  [n + 1] bins; knot n lies at or behind end, knot n-1 before it
 *  @param[in] to_zero  it is zero at end
 *  @return MG_OK; MG_ERR_RUN when there are too few samples or they are not finite (no message) */
mg_status mg_fit_slope(const mg_fit_samples *samples, int curve, int degree, const int *knot, int n,
                       double end, bool to_zero, mg_segments *slope);

/** The integral of @p slope that is @p value_at_end at @p end. */
void mg_fit_integrate(const mg_segments *slope, double end, double value_at_end,
                      mg_segments *value);

/** Value and slope of segments at r: of the first one below knot[0], of the last one beyond. */
static inline void mg_segments_value(const mg_segments *segments, double r, double *value,
                                     double *slope) {
  int k = 0;
  while (k < segments->n - 1 && r >= segments->knot[k + 1]) k++;
  const double t = r - (segments->knot[k] + segments->knot[k + 1]) / 2;
  const double *c = segments->coef[k];
  double f = c[segments->degree], df = 0;
  for (int m = segments->degree - 1; m >= 0; m--) {
    df = df * t + f;
    f = f * t + c[m];
  }
  *value = f;
  *slope = df;
}

#endif
