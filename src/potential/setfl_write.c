/* Writing a potential as an eam/fs setfl table, for other programs and as a readable record.
 *
 * Steps are rho_max/(n_rho - 1) and cutoff/(n_r - 1): the last value lies at the end, where pair
 * functions are exactly zero. (The published Cu-Zr table divides by n and ends one step short.)
 * Numbers are the shortest decimals that read back as the same double. r phi at r = 0 is its limit,
 * finite, instead of the filler many tables have.
 */
#include "impl.h"

#include "mgmd/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  PER_LINE = 5,
  VALUE_CHARS = 26, /* a double, a separator, and one to spare */
  HEADER_CHARS = 4096,
  POINTS_LEAST = 5,
  POINTS_MOST = 1000000
};

typedef struct writer {
  const mg_potential *potential;
  int n_rho, n_r;
  double d_rho, d_r;
  char *at; /* room for everything was counted beforehand */
} writer;

static void put_real(writer *out, double value) {
  char text[VALUE_CHARS];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  const size_t n = strlen(text);
  memcpy(out->at, text, n);
  out->at += n;
}

/* Value k of a block of n, with what separates it from the next. */
static void put_value(writer *out, int k, int n, double value) {
  put_real(out, value);
  *out->at++ = (k + 1) % PER_LINE == 0 || k + 1 == n ? '\n' : ' ';
}

/* A step that reads 0.00076 and not 0.00075999999999999999. */
static double step(double end, int n) {
  char text[VALUE_CHARS];
  snprintf(text, sizeof text, "%.15g", end / (n - 1));
  return strtod(text, NULL);
}

/* Distance of point k; the last one is the cutoff itself, where rounding must not step inside. */
static double distance(const writer *out, int k) {
  return k == out->n_r - 1 ? out->potential->cutoff : k * out->d_r;
}

static void put_header(writer *out) {
  const mg_potential *potential = out->potential;
  out->at += sprintf(out->at, "UNITS: metal (eV, Angstrom); format: eam/fs (setfl)\n");
  if (potential->exact) {
    out->at += sprintf(out->at, "%s\ntabulated from the analytic form by mgmd\n",
                       potential->exact->form->source);
  } else {
    out->at += sprintf(out->at, "%.900s\ntabulated again by mgmd\n", potential->name);
  }
  out->at += sprintf(out->at, "%d", potential->species.n);
  for (int a = 0; a < potential->species.n; a++)
    out->at += sprintf(out->at, " %s", potential->species.symbol[a]);
  out->at += sprintf(out->at, "\n%d ", out->n_rho);
  put_real(out, out->d_rho);
  out->at += sprintf(out->at, " %d ", out->n_r);
  put_real(out, out->d_r);
  *out->at++ = ' ';
  put_real(out, potential->cutoff);
  *out->at++ = '\n';
}

static void put_element(writer *out, int b) {
  const mg_element *element = &out->potential->element[b];
  out->at += sprintf(out->at, "%d ", element->number);
  put_real(out, out->potential->species.mass[b]);
  *out->at++ = ' ';
  put_real(out, element->lattice_constant);
  out->at += sprintf(out->at, " %s\n", element->lattice);
  for (int k = 0; k < out->n_rho; k++) {
    double value;
    mg_potential_embed(out->potential, b, k * out->d_rho, &value, NULL);
    put_value(out, k, out->n_rho, value);
  }
}

static void put_psi(writer *out, int a, int b) {
  for (int k = 0; k < out->n_r; k++) {
    double value;
    mg_potential_psi(out->potential, a, b, distance(out, k), &value, NULL);
    put_value(out, k, out->n_r, value);
  }
}

static void put_rphi(writer *out, int a, int b) {
  const mg_potential *potential = out->potential;
  put_value(out, 0, out->n_r,
            potential->exact ? mg_exact_rphi_zero(potential->exact, a, b)
                             : potential->table->wall[mg_pair_index(a, b)].A);
  for (int k = 1; k < out->n_r; k++) {
    const double r = distance(out, k);
    double phi;
    mg_potential_phi(potential, a, b, r, &phi, NULL);
    put_value(out, k, out->n_r, r * phi);
  }
}

mg_status mg_potential_write_setfl(const mg_potential *potential, int n_rho, double rho_max,
                                   int n_r, char **text) {
  *text = NULL;
  MG_REQUIRE(n_rho >= POINTS_LEAST && n_r >= POINTS_LEAST && n_rho <= POINTS_MOST &&
                 n_r <= POINTS_MOST,
             MG_ERR_INPUT, "a table of %d densities and %d distances; expected %d to %d of each",
             n_rho, n_r, POINTS_LEAST, POINTS_MOST);
  MG_REQUIRE(rho_max > 0 && rho_max <= 1e9, MG_ERR_INPUT,
             "a largest density of %g; expected more than 0 and at most 1e9", rho_max);
  const int n = potential->species.n;
  const size_t blocks = (size_t)(n * n + n * (n + 1) / 2);
  const size_t values = (size_t)n * (size_t)n_rho + blocks * (size_t)n_r;
  MG_TRY(MG_NEW(*text, HEADER_CHARS + VALUE_CHARS * values));
  writer out = {potential, n_rho, n_r, step(rho_max, n_rho), step(potential->cutoff, n_r), *text};
  put_header(&out);
  for (int b = 0; b < n; b++) {
    put_element(&out, b);
    for (int a = 0; a < n; a++) put_psi(&out, a, b);
  }
  for (int a = 0; a < n; a++)
    for (int b = 0; b <= a; b++) put_rphi(&out, a, b);
  *out.at = '\0';
  return MG_OK;
}
