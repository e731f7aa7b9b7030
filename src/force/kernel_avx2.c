/* The kernel for AVX2 and FMA: exact functions, four pairs at a time, in double.
 *
 * The AVX-512 kernel's way, with coefficients loaded row by row; see there. Half its speed or less,
 * and eight times that of the plain one.
 */
#include "kernel_avx2.h"
#include "plain.h"

#include <math.h>

#ifdef MG_HAVE_AVX2

static bool available(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool supports(const mg_potential *potential) { return mg_pieces_fit(potential); }

/* --- density --- */

/* value t^4 + c[0] + c[1] t + c[2] t^2 + c[3] t^3, the c from place m of each lane's row. */
MG_INLINE __m256d horner4(__m256d value, const double *const row[MG_QUAD], int m, __m256d t) {
  __m256d c[4];
  mg_transpose(row[0] + m, row[1] + m, row[2] + m, row[3] + m, c);
  value = _mm256_fmadd_pd(value, t, c[3]);
  value = _mm256_fmadd_pd(value, t, c[2]);
  value = _mm256_fmadd_pd(value, t, c[1]);
  return _mm256_fmadd_pd(value, t, c[0]);
}

static __m256d psi_of(const mg_pair_pieces *pair, __m256d r) {
  if (pair->kind == MG_PAIR_SINGLE)
    return mg_horner1(pair->psi1, MG_DEGREE, _mm256_sub_pd(r, _mm256_set1_pd(pair->psi1_mid)));
  int piece[MG_QUAD];
  mg_pieces_of(pair, r, piece);
  const double *row[MG_QUAD];
  for (int k = 0; k < MG_QUAD; k++) row[k] = pair->psi_row[piece[k]];
  __m256d c[8];
  mg_transpose(row[0] + 4, row[1] + 4, row[2] + 4, row[3] + 4, c + 4);
  const __m256d t = _mm256_sub_pd(r, c[MG_SHORT_DEGREE + 1]);
  __m256d psi = c[MG_SHORT_DEGREE];
  if (pair->kind >= MG_PAIR_LONG)
    psi = _mm256_fmadd_pd(horner4(_mm256_setzero_pd(), row, 8, t), t, psi);
  return horner4(psi, row, 0, t);
}

/* rho of atom i. @return whether a pair is too close for the polynomials */
static bool density_of(const mg_kernel_task *task, const mg_piece_tables *tables, int32_t i,
                       double *rho) {
  const mg_nlist *list = task->list;
  const int32_t *entry = list->entry + list->first[i];
  const uint16_t *end = list->end + (int64_t)i * 2 * list->n_species;
  const double *center = task->q[i];
  __m256d total = _mm256_setzero_pd(), least = total;
  for (int b = 0, k = 0; b < list->n_species; b++) {
    const mg_pair_pieces *pair = &tables->pair[task->species[i]][b];
    for (; k < end[b]; k += MG_QUAD) {
      const mg_quad j = mg_load_quad((const double(*)[4])task->q, entry + k, center);
      const __m256d r = _mm256_sqrt_pd(j.s);
      const __m256d psi = psi_of(pair, r);
      total = _mm256_add_pd(total, _mm256_and_pd(mg_below(j.s, pair->psi2), psi));
      least = _mm256_min_pd(least, _mm256_sub_pd(j.s, _mm256_set1_pd(pair->near2)));
    }
  }
  *rho = _mm256_cvtsd_f64(mg_sum4(total, total, total, total));
  return _mm256_movemask_pd(least) != 0;
}

static void density(const mg_kernel_task *task, int32_t begin, int32_t end, double *rho,
                    double *most_rho) {
  const mg_piece_tables *tables = task->tables;
  for (int32_t i = begin; i < end; i++) {
    double sum;
    task->close[i] = density_of(task, tables, i, &sum);
    if (task->close[i]) sum = mg_plain_density(task, i);
    if (rho) rho[i] = sum;
    const int a = task->species[i];
    const double share = sum / tables->rho_max[a];
    if (!(share <= *most_rho)) *most_rho = share;
    mg_potential_embed(task->potential, a, sum, NULL, &task->q[i][3]);
  }
}

/* --- forces --- */

typedef struct sums {
  __m256d fx, fy, fz, wx, wy, wz;
} sums;

MG_INLINE void add_quad(sums *sum, __m256d g, const mg_quad *j) {
  const __m256d gx = _mm256_mul_pd(g, j->dx), gy = _mm256_mul_pd(g, j->dy),
                gz = _mm256_mul_pd(g, j->dz);
  sum->fx = _mm256_add_pd(sum->fx, gx);
  sum->fy = _mm256_add_pd(sum->fy, gy);
  sum->fz = _mm256_add_pd(sum->fz, gz);
  sum->wx = _mm256_fmadd_pd(gx, j->dx, sum->wx);
  sum->wy = _mm256_fmadd_pd(gy, j->dy, sum->wy);
  sum->wz = _mm256_fmadd_pd(gz, j->dz, sum->wz);
}

/* Rows of coefficients of slopes, and r - mid. */
typedef struct rows {
  const double *row[MG_QUAD];
  __m256d t;
} rows;

MG_INLINE rows rows_of(const mg_pair_pieces *pair, __m256d r) {
  enum { MID = MG_DEGREE + MG_SHORT_DEGREE };
  int piece[MG_QUAD];
  mg_pieces_of(pair, r, piece);
  rows at = {{pair->slope_row[piece[0]], pair->slope_row[piece[1]], pair->slope_row[piece[2]],
              pair->slope_row[piece[3]]},
             r};
  const __m256d mid =
      _mm256_setr_pd(at.row[0][MID], at.row[1][MID], at.row[2][MID], at.row[3][MID]);
  at.t = _mm256_sub_pd(r, mid);
  return at;
}

MG_INLINE __m256d phi_slope(const rows *at) {
  return horner4(horner4(_mm256_setzero_pd(), at->row, 4, at->t), at->row, 0, at->t);
}

/* dE/dr of pairs of an atom with F' = dF. */
MG_INLINE __m256d near_slope(const mg_pair_pieces *pair, int kind, const mg_quad *j, __m256d r,
                             double dF) {
  const rows at = rows_of(pair, r);
  const __m256d slope = phi_slope(&at), in = mg_below(j->s, pair->psi2);
  __m256d psi = _mm256_setzero_pd();
  if (kind == MG_PAIR_SINGLE) {
    const __m256d t1 = _mm256_sub_pd(r, _mm256_set1_pd(pair->psi1_mid));
    psi = mg_horner1(pair->dpsi1, MG_DEGREE - 1, t1);
  } else {
    if (kind >= MG_PAIR_LONG) psi = horner4(psi, at.row, 16, at.t);
    psi = horner4(psi, at.row, MG_DEGREE, at.t);
    if (kind == MG_PAIR_SHORT) return _mm256_fmadd_pd(psi, j->w, slope);
  }
  const __m256d sum = _mm256_fmadd_pd(_mm256_and_pd(in, psi), j->w, slope);
  if (kind != MG_PAIR_SKEW) return sum;
  const __m256d skew = horner4(horner4(_mm256_setzero_pd(), at.row, 24, at.t), at.row, 20, at.t);
  return _mm256_fmadd_pd(_mm256_and_pd(in, skew), _mm256_set1_pd(dF), sum);
}

MG_INLINE __m256d far_slope(const mg_pair_pieces *pair, bool many, __m256d r) {
  if (!many)
    return mg_horner1(pair->dfar, MG_DEGREE - 1, _mm256_sub_pd(r, _mm256_set1_pd(pair->far_mid)));
  const rows at = rows_of(pair, r);
  return phi_slope(&at);
}

enum { FAR = MG_PAIR_SKEW + 1, FAR_MANY }; /* after mg_pair_kind */

MG_INLINE void add_section(const mg_kernel_task *task, const mg_pair_pieces *pair, int32_t i,
                           const int32_t *entry, const int32_t *end, int kind, sums *sum) {
  sums total = *sum;
  for (; entry < end; entry += MG_QUAD) {
    const mg_quad j = mg_load_quad((const double(*)[4])task->q, entry, task->q[i]);
    const __m256d r = _mm256_sqrt_pd(j.s);
    const __m256d slope = kind >= FAR ? far_slope(pair, kind == FAR_MANY, r)
                                      : near_slope(pair, kind, &j, r, task->q[i][3]);
    const __m256d g = _mm256_div_pd(slope, r);
    add_quad(&total, _mm256_and_pd(mg_below(j.s, pair->phi2), g), &j);
  }
  *sum = total;
}

/* The same for kinds that are rarer; apart, to keep the others' loops short. */
static __attribute__((noinline)) void add_rare(const mg_kernel_task *task,
                                               const mg_pair_pieces *pair, int32_t i,
                                               const int32_t *entry, const int32_t *end, int kind,
                                               sums *sum) {
  if (kind == FAR_MANY)
    add_section(task, pair, i, entry, end, FAR_MANY, sum);
  else if (kind == MG_PAIR_MANY)
    add_section(task, pair, i, entry, end, MG_PAIR_MANY, sum);
  else if (kind == MG_PAIR_LONG)
    add_section(task, pair, i, entry, end, MG_PAIR_LONG, sum);
  else
    add_section(task, pair, i, entry, end, MG_PAIR_SKEW, sum);
}

/* Copies cross the call, so that the sums themselves may stay in registers. */
MG_INLINE void rare_section(const mg_kernel_task *task, const mg_pair_pieces *pair, int32_t i,
                            const int32_t *entry, const int32_t *end, int kind, sums *sum) {
  sums copy = *sum;
  add_rare(task, pair, i, entry, end, kind, &copy);
  *sum = copy;
}

static void force_of(const mg_kernel_task *task, const mg_piece_tables *tables, int32_t i,
                     double f[3], double w[3]) {
  const mg_nlist *list = task->list;
  const int n_species = list->n_species;
  const int32_t *entry = list->entry + list->first[i];
  const uint16_t *end = list->end + (int64_t)i * 2 * n_species;
  const mg_pair_pieces *pair = tables->pair[task->species[i]];
  const __m256d zero = _mm256_setzero_pd();
  sums sum = {zero, zero, zero, zero, zero, zero};
  int k = 0;
  for (int b = 0; b < n_species; k = end[b++])
    if (pair[b].kind == MG_PAIR_SHORT)
      add_section(task, &pair[b], i, entry + k, entry + end[b], MG_PAIR_SHORT, &sum);
    else if (pair[b].kind == MG_PAIR_SINGLE)
      add_section(task, &pair[b], i, entry + k, entry + end[b], MG_PAIR_SINGLE, &sum);
    else
      rare_section(task, &pair[b], i, entry + k, entry + end[b], (int)pair[b].kind, &sum);
  end += n_species;
  for (int b = 0; b < n_species; k = end[b++])
    if (!pair[b].far_many)
      add_section(task, &pair[b], i, entry + k, entry + end[b], FAR, &sum);
    else
      rare_section(task, &pair[b], i, entry + k, entry + end[b], FAR_MANY, &sum);
  double v[8];
  _mm256_storeu_pd(v, mg_sum4(sum.fx, sum.fy, sum.fz, zero));
  _mm256_storeu_pd(v + 4, mg_sum4(sum.wx, sum.wy, sum.wz, zero));
  for (int c = 0; c < 3; c++) f[c] = v[c], w[c] = -0.5 * v[4 + c];
}

static void force(const mg_kernel_task *task, int32_t begin, int32_t end, double (*f)[3],
                  mg_xsum virial[3]) {
  for (int32_t i = begin; i < end; i++) {
    double w[3];
    if (task->close[i])
      mg_plain_force(task, i, f[i], w);
    else
      force_of(task, task->tables, i, f[i], w);
    for (int c = 0; c < 3; c++) mg_xsum_add(&virial[c], w[c]);
  }
}

const mg_kernel mg_kernel_avx2 = {
    .name = "avx2",
    .summary = "AVX2 and FMA, four pairs at a time, polynomials, double",
    .level = 1,
    .available = available,
    .supports = supports,
    .prepare = mg_pieces_make,
    .density = density,
    .force = force,
    .observe = mg_observe_avx2,
    .list = &mg_list_avx2,
};

#else

static bool never(void) { return false; }
static bool none(const mg_potential *potential) { return potential == NULL; }

const mg_kernel mg_kernel_avx2 = {
    .name = "avx2", .summary = "not compiled in", .available = never, .supports = none};

#endif
