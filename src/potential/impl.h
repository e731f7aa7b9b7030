/** What the files of this folder share: a potential's inside, in its two variants.
 *
 *  Exact: the constants of an analytic form, and its pair functions re-expanded as polynomials
 *  about the midpoints between knots. Table: cubic splines through the values of a setfl file.
 */
#ifndef MGMD_SRC_POTENTIAL_IMPL_H
#define MGMD_SRC_POTENTIAL_IMPL_H

#include "mgmd/potential/fit.h"

enum {
  MG_POWER_FIRST = 4, /**< lowest and highest power of (end - r) in an analytic form */
  MG_POWER_LAST = 8,
  MG_POWERS = MG_POWER_LAST - MG_POWER_FIRST + 1,
  MG_FORM_SPECIES = 2,
  MG_FORM_PAIRS = MG_FORM_SPECIES * (MG_FORM_SPECIES + 1) / 2
};

/** sum_n c[n-4] (end - r)^n for r < end, n = 4..8; zero beyond. */
typedef struct mg_powers {
  double end;
  double c[MG_POWERS];
} mg_powers;

/** phi in three ranges and psi in one:
 *    r < 1:           phi = strength/r sum_m A_m exp(-rate_m r)   (A_m: the universal ZBL numbers)
 *    1 <= r < splice: phi = exp(e_0 + e_1 r + e_2 r^2 + e_3 r^3)
 *    r >= splice:     phi = sum of phi[];      at any r:  psi = sum of psi[]   */
typedef struct mg_pair_form {
  double strength; /**< Z_a Z_b e^2 [eV A] */
  double rate[4];  /**< [1/A] */
  double splice;   /**< [A] */
  double e[4];
  int n_phi, n_psi;
  mg_powers phi[3], psi[4];
} mg_pair_form;

/** F = -sqrt(rho) + sum_k c_k (rho - knot_k)^4 for rho > knot_k. Knots ascend. */
typedef struct mg_embed_form {
  int n;
  double knot[8], c[8];
} mg_embed_form;

/** What a setfl file tells about an element besides its mass. */
typedef struct mg_element {
  int number;
  double lattice_constant; /**< [A] */
  char lattice[12];
} mg_element;

typedef struct mg_form {
  const char *name;
  const char *source; /**< the paper */
  mg_species species;
  mg_element element[MG_FORM_SPECIES];
  double start;   /**< the segments of every function begin here [A], phi's no lower than splice */
  double rho_max; /**< F is linear above */
  mg_embed_form embed[MG_FORM_SPECIES];
  mg_pair_form pair[MG_FORM_PAIRS]; /**< of species a <= b at b (b+1)/2 + a; psi_ab = psi_ba */
} mg_form;

extern const mg_form mg_form_cuzr_mendelev2007;

/** The pair functions of a form as polynomials. */
typedef struct mg_exact_pair {
  mg_segments phi, psi, dphi, dpsi;
} mg_exact_pair;

typedef struct mg_exact {
  const mg_form *form;
  mg_embed_pieces embed[MG_FORM_SPECIES];
  mg_exact_pair pair[MG_FORM_PAIRS];
} mg_exact;

/** Values at k * step, k = 0..n-1, joined by cubics: on interval k, with p = x/step - k,
 *  value = c0 + c1 p + c2 p^2 + c3 p^3. */
typedef struct mg_spline {
  int n;
  double step, inverse;
  double (*coef)[4]; /**< [n], owned; the last row holds the last value and slope */
} mg_spline;

typedef struct mg_table {
  int n_psi;
  mg_spline F[MG_MAX_SPECIES];
  mg_spline psi[MG_MAX_SPECIES * MG_MAX_SPECIES];
  int psi_of[MG_MAX_SPECIES][MG_MAX_SPECIES]; /**< [a][b]: index into psi, at a made by b */
  mg_spline rphi[MG_MAX_SPECIES * (MG_MAX_SPECIES + 1) / 2]; /**< r phi; pairs as in mg_form */
  struct mg_wall {
    double end, A, B; /**< below end: r phi = A + B r */
  } wall[MG_MAX_SPECIES * (MG_MAX_SPECIES + 1) / 2];
} mg_table;

struct mg_potential {
  char name[MG_PATH];
  mg_species species;
  mg_element element[MG_MAX_SPECIES];
  double cutoff;
  double phi_cutoff[MG_MAX_SPECIES][MG_MAX_SPECIES];
  double psi_cutoff[MG_MAX_SPECIES][MG_MAX_SPECIES]; /**< symmetric: the larger of both orders */
  double rho_max[MG_MAX_SPECIES];
  uint64_t hash;
  mg_exact *exact; /**< owned; NULL for a table */
  mg_table *table; /**< owned; NULL for an analytic form */
  mg_fit *fit;     /**< owned; of the table, once it is loaded for use */
};

/** Index of a pair of species, in either order. */
static inline int mg_pair_index(int a, int b) {
  return a <= b ? b * (b + 1) / 2 + a : a * (a + 1) / 2 + b;
}

/** Number of pairs of @p n species, a pair in either order counted once. */
static inline int mg_pair_count(int n) { return n * (n + 1) / 2; }

/** Add bytes to an FNV-1a hash; a hash starts as MG_HASH_START. */
#define MG_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t mg_hash_bytes(uint64_t hash, const void *bytes, size_t n);

/** Fill @p potential (zeroed) from the constants of @p form, which it borrows. */
mg_status mg_exact_create(const mg_form *form, mg_potential *potential);

/** Evaluate the analytic variant; arguments as in potential.h, none of the outputs NULL. */
void mg_exact_phi(const mg_exact *exact, int a, int b, double r, double *phi, double *dphi);
void mg_exact_psi(const mg_exact *exact, int a, int b, double r, double *psi, double *dpsi);
void mg_exact_embed_value(const mg_exact *exact, int a, double rho, double *F, double *dF);

/** The limit of r phi at r = 0. */
double mg_exact_rphi_zero(const mg_exact *exact, int a, int b);

/** Spline through @p n >= 5 values; its memory is released by mg_spline_clear(). */
mg_status mg_spline_build(mg_spline *spline, int n, double step, const double *values);
void mg_spline_clear(mg_spline *spline);

/** The distance from which the spline and all its derivatives are exactly zero; INFINITY when it
 *  is not zero at its end. */
double mg_spline_end(const mg_spline *spline);

/** Value and slope at x >= 0; constant beyond the last point. */
static inline void mg_spline_value(const mg_spline *spline, double x, double *f, double *df) {
  const double scaled = x * spline->inverse;
  if (!(scaled < spline->n - 1)) {
    *f = spline->coef[spline->n - 1][0];
    *df = 0;
    return;
  }
  const int k = (int)scaled;
  const double p = scaled - k, *c = spline->coef[k];
  *f = ((c[3] * p + c[2]) * p + c[1]) * p + c[0];
  *df = ((3 * c[3] * p + 2 * c[2]) * p + c[1]) * spline->inverse;
}

/** From the splines: where each r phi can be trusted, and the cutoffs, none above @p cutoff.
 *  @return MG_OK or MG_ERR_INPUT (a table without any interaction) */
mg_status mg_table_finish(mg_potential *potential, double cutoff);
void mg_table_destroy(mg_table **table);

/** Evaluate the table variant; r below the cutoff; none of the outputs NULL. */
void mg_table_phi(const mg_table *table, int a, int b, double r, double *phi, double *dphi);
void mg_table_psi(const mg_table *table, int a, int b, double r, double *psi, double *dpsi);
void mg_table_embed(const mg_table *table, int a, double rho, double *F, double *dF);

#endif
