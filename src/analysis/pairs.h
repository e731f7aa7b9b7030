/** Radial distribution and structure factor. Private to analysis.
 *
 *    g_ab(r) = V n_ab(r) / (N_a N_b shell),   n_ab: ordered pairs i in a, j in b with r_ij in a bin
 *    S_ab(q) = 1 + 4 pi rho int_0^R r^2 (g_ab - 1) sin(qr)/(qr) W(r) dr,  W = sin(pi r/R)/(pi r/R)
 *
 *  Faber-Ziman partials; without indices all atoms count alike. W is Lorch's window against the
 *  ripples of the cut at R. Pairs are counted in whole numbers: the same on any number of ranks.
 */
#ifndef MGMD_SRC_ANALYSIS_PAIRS_H
#define MGMD_SRC_ANALYSIS_PAIRS_H

#include "cloud.h"

typedef struct mg_pairs {
  int n_species, n_bins; /**< bins from 0 to range */
  int split;             /**< fine bins in each, for the structure factor */
  double range, bin, volume;
  int64_t n, n_of[MG_MAX_SPECIES];
  int64_t *count; /**< [n_species][n_species][n_bins split] ordered pairs */
} mg_pairs;

/** Count. Collective; agreed.  @param[in] volume  that the atoms fill [A^3]
 *  @param[out] pairs  release with mg_pairs_clear */
mg_status mg_pairs_count(const mg_comm *comm, const mg_cloud *cloud, int n_species, double range,
                         double bin, double volume, mg_pairs *pairs);
void mg_pairs_clear(mg_pairs *pairs);

/** g of species a and b, of all atoms with a = -1. Pure.  @param[out] g  [n_bins] */
void mg_pairs_distribution(const mg_pairs *pairs, int a, int b, double *g);

/** S at @p n wave numbers dq, 2 dq, ... [1/A]. Pure.  @param[out] s  [n] */
void mg_pairs_structure(const mg_pairs *pairs, int a, int b, double dq, int n, double *s);

/** Where the first coordination shell of a and b ends: behind the first peak of g, smoothed over
 *  0.1 A, the least value before it rises by a tenth of the peak, up to 1.8 times as far out; of a
 *  flat stretch its middle. 0 without pairs; NaN when g falls all the way. */
double mg_pairs_minimum(const mg_pairs *pairs, int a, int b);

#endif
