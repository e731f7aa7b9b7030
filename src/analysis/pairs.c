#include "pairs.h"

#include "mgmd/base/fmath.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;
static const double FINE = 0.005; /* widest bin for the structure factor [A] */
static const double WITHIN = 1.8; /* of the first peak's place: there the second shell has come */

typedef struct counting {
  const mg_cloud *cloud;
  mg_pairs *pairs;
  double per_length; /* fine bins */
} counting;

static void count_one(void *context, int64_t row, int32_t i, int32_t n, const int32_t *neighbour) {
  const counting *c = context;
  mg_pairs *p = c->pairs;
  const double *x = c->cloud->x[0], *y = c->cloud->x[1], *z = c->cloud->x[2];
  const int32_t *species = c->cloud->species;
  const int64_t bins = (int64_t)p->n_bins * p->split;
  int64_t *count = p->count + species[i] * p->n_species * bins;
  (void)row;
  p->n_of[species[i]]++;
  for (int32_t k = 0; k < n; k++) {
    const int32_t j = neighbour[k];
    const double dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
    const int64_t at = (int64_t)(sqrt(dx * dx + dy * dy + dz * dz) * c->per_length);
    if (at < bins) count[species[j] * bins + at]++;
  }
}

mg_status mg_pairs_count(const mg_comm *comm, const mg_cloud *cloud, int n_species, double range,
                         double bin, double volume, mg_pairs *pairs) {
  *pairs = (mg_pairs){.n_species = n_species, .range = range, .volume = volume};
  pairs->n_bins = (int)fmax(1, rint(range / bin));
  pairs->bin = range / pairs->n_bins;
  pairs->split = (int)ceil(pairs->bin / FINE);
  const int64_t n = (int64_t)n_species * n_species * pairs->n_bins * pairs->split;
  counting c = {cloud, pairs, pairs->split / pairs->bin};
  mg_status status = MG_NEW(pairs->count, n);
  if (status == MG_OK) status = mg_reference_sweep(cloud->atoms, cloud->x, count_one, &c);
  status = mg_agree(comm, status);
  if (status == MG_OK) status = mg_count_vector(comm, pairs->count, n);
  if (status == MG_OK) status = mg_count_vector(comm, pairs->n_of, MG_MAX_SPECIES);
  for (int s = 0; s < n_species; s++) pairs->n += pairs->n_of[s];
  if (status != MG_OK) mg_pairs_clear(pairs);
  return status;
}

void mg_pairs_clear(mg_pairs *pairs) {
  mg_free(pairs->count);
  memset(pairs, 0, sizeof *pairs);
}

static double shell(double from, double to) {
  return 4 * PI / 3 * (to * to * to - from * from * from);
}

/* Pairs in fine bin @p k, per product of numbers of atoms. */
static double density(const mg_pairs *p, int a, int b, int64_t k) {
  const int64_t bins = (int64_t)p->n_bins * p->split;
  int64_t count = 0;
  for (int s = 0; s < p->n_species; s++)
    for (int t = 0; t < p->n_species; t++)
      if (a < 0 || (s == a && t == b)) count += p->count[(s * p->n_species + t) * bins + k];
  const double na = (double)(a < 0 ? p->n : p->n_of[a]), nb = (double)(a < 0 ? p->n : p->n_of[b]);
  return na * nb > 0 ? (double)count / (na * nb) : 0;
}

void mg_pairs_distribution(const mg_pairs *p, int a, int b, double *g) {
  for (int k = 0; k < p->n_bins; k++) {
    double sum = 0;
    for (int f = 0; f < p->split; f++) sum += density(p, a, b, (int64_t)k * p->split + f);
    g[k] = p->volume * sum / shell(k * p->bin, (k + 1) * p->bin);
  }
}

static double sinc(double x) { return x < 1e-6 ? 1 - x * x / 6 : sin(x) / x; }

void mg_pairs_structure(const mg_pairs *p, int a, int b, double dq, int n, double *s) {
  const double width = p->bin / p->split, rho = (double)p->n / p->volume;
  for (int m = 0; m < n; m++) s[m] = 1;
  for (int64_t k = 0; k < (int64_t)p->n_bins * p->split; k++) {
    const double r = ((double)k + 0.5) * width;
    const double uniform = shell((double)k * width, (double)(k + 1) * width);
    const double weight =
        rho * (p->volume * density(p, a, b, k) - uniform) * sinc(PI * r / p->range);
    for (int m = 0; m < n; m++) s[m] += weight * sinc((m + 1) * dq * r);
  }
}

/* Gaussian weights, cut at three times their width. */
static double smooth(const mg_pairs *p, int a, int b, int k) {
  const double width = 0.1;
  const int reach = (int)(3 * width / p->bin);
  double sum = 0, weights = 0;
  for (int j = k - reach; j <= k + reach; j++) {
    if (j < 0 || j >= p->n_bins) continue;
    const double u = (j - k) * p->bin / width, w = mg_exp(-u * u / 2);
    double pairs = 0;
    for (int f = 0; f < p->split; f++) pairs += density(p, a, b, (int64_t)j * p->split + f);
    sum += w * pairs / shell(j * p->bin, (j + 1) * p->bin);
    weights += w;
  }
  return p->volume * sum / weights;
}

double mg_pairs_minimum(const mg_pairs *p, int a, int b) {
  int peak = 0, first = 0, last = 0;
  double top = 0;
  /* the first rise above 1 leads to the peak; crystals may have higher ones behind */
  for (int k = 0; k < p->n_bins; k++) {
    const double g = smooth(p, a, b, k);
    if (top > 1 && g < top / 2) break;
    if (g > top) {
      top = g;
      peak = k;
    }
  }
  if (top == 0) return 0;
  double least = INFINITY;
  bool rises = false;
  const int end = (int)fmin(p->n_bins, WITHIN * (peak + 0.5));
  for (int k = peak + 1; k < end && !rises; k++) {
    const double g = smooth(p, a, b, k);
    if (g < least) {
      least = g;
      first = last = k;
    } else if (g == least && last == k - 1) {
      last = k;
    } else {
      rises = g > least + 0.1 * top;
    }
  }
  return rises || least == 0 || last < end - 1 ? (0.5 * (first + last) + 0.5) * p->bin : NAN;
}
