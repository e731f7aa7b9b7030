/* Per-atom energies and stresses by AVX2, apart from the forces. Coefficients are gathered: this
 * pass runs only for output. */
#include "kernel_avx2.h"
#include "plain.h"

#ifdef MG_HAVE_AVX2

typedef struct sums {
  __m256d rho, phi, xx, yy, zz, xy, xz, yz;
} sums;

/* The place of a piece's coefficients in a table of `rows` coefficients. */
MG_INLINE __m128i place(__m128i piece, int rows) {
  const __m128i half = _mm_srli_epi32(piece, 3);
  return _mm_add_epi32(_mm_and_si128(piece, _mm_set1_epi32(MG_FEW - 1)),
                       _mm_mullo_epi32(half, _mm_set1_epi32(rows * MG_FEW)));
}

MG_INLINE __m256d horner(__m128i at, const double (*coef)[MG_FEW], int degree, __m256d t) {
  __m256d value = _mm256_i32gather_pd(coef[degree], at, 8);
  for (int m = degree - 1; m >= 0; m--)
    value = _mm256_fmadd_pd(value, t, _mm256_i32gather_pd(coef[m], at, 8));
  return value;
}

MG_INLINE __m256d value_of(const mg_piece_values c, __m128i piece, __m256d t) {
  return horner(place(piece, MG_DEGREE + 1), c[0], MG_DEGREE, t);
}

MG_INLINE __m256d derivative_of(const mg_piece_slopes c, __m128i piece, __m256d t) {
  return horner(place(piece, MG_DEGREE), c[0], MG_DEGREE - 1, t);
}

/* The pieces of four distances and r - mid. */
MG_INLINE __m128i piece_of(const mg_pair_pieces *pair, __m256d r, __m256d *t) {
  int k[MG_QUAD];
  mg_pieces_of(pair, r, k);
  const __m128i piece = _mm_setr_epi32(k[0], k[1], k[2], k[3]);
  *t = _mm256_sub_pd(r, _mm256_i32gather_pd(pair->mid, piece, 8));
  return piece;
}

static void add(sums *sum, __m256d phi, __m256d psi, __m256d g, const mg_quad *j) {
  const __m256d gx = _mm256_mul_pd(g, j->dx), gy = _mm256_mul_pd(g, j->dy),
                gz = _mm256_mul_pd(g, j->dz);
  sum->phi = _mm256_add_pd(sum->phi, phi);
  sum->rho = _mm256_add_pd(sum->rho, psi);
  sum->xx = _mm256_fmadd_pd(gx, j->dx, sum->xx);
  sum->yy = _mm256_fmadd_pd(gy, j->dy, sum->yy);
  sum->zz = _mm256_fmadd_pd(gz, j->dz, sum->zz);
  sum->xy = _mm256_fmadd_pd(gx, j->dy, sum->xy);
  sum->xz = _mm256_fmadd_pd(gx, j->dz, sum->xz);
  sum->yz = _mm256_fmadd_pd(gy, j->dz, sum->yz);
}

static void add_near(sums *sum, const mg_pair_pieces *pair, const mg_quad *j, double dF) {
  const __m256d r = _mm256_sqrt_pd(j->s);
  __m256d t;
  const __m128i piece = piece_of(pair, r, &t);
  const __m256d in_phi = mg_below(j->s, pair->phi2), in_psi = mg_below(j->s, pair->psi2);
  const __m256d phi = value_of(pair->phi, piece, t), psi = value_of(pair->psi, piece, t);
  const __m256d dpsi = _mm256_and_pd(in_psi, derivative_of(pair->dpsi, piece, t));
  __m256d slope = _mm256_fmadd_pd(dpsi, j->w, derivative_of(pair->dphi, piece, t));
  if (pair->kind == MG_PAIR_SKEW)
    slope = _mm256_fmadd_pd(_mm256_and_pd(in_psi, derivative_of(pair->skew, piece, t)),
                            _mm256_set1_pd(dF), slope);
  add(sum, _mm256_and_pd(in_phi, phi), _mm256_and_pd(in_psi, psi),
      _mm256_and_pd(in_phi, _mm256_div_pd(slope, r)), j);
}

static void add_far(sums *sum, const mg_pair_pieces *pair, const mg_quad *j) {
  const __m256d r = _mm256_sqrt_pd(j->s), in = mg_below(j->s, pair->phi2);
  __m256d t = _mm256_sub_pd(r, _mm256_set1_pd(pair->far_mid)), phi, slope;
  if (pair->far_many) {
    const __m128i piece = piece_of(pair, r, &t);
    phi = value_of(pair->phi, piece, t);
    slope = derivative_of(pair->dphi, piece, t);
  } else {
    phi = mg_horner1(pair->far, MG_DEGREE, t);
    slope = mg_horner1(pair->dfar, MG_DEGREE - 1, t);
  }
  add(sum, _mm256_and_pd(in, phi), _mm256_setzero_pd(), _mm256_and_pd(in, _mm256_div_pd(slope, r)),
      j);
}

/* rho, sum of phi, sums of g d_a d_b */
static void sums_of(const mg_kernel_task *task, const mg_piece_tables *tables, int32_t i,
                    double v[8]) {
  const mg_nlist *list = task->list;
  const int32_t *entry = list->entry + list->first[i];
  const uint16_t *end = list->end + (int64_t)i * 2 * list->n_species;
  const __m256d zero = _mm256_setzero_pd();
  sums sum = {zero, zero, zero, zero, zero, zero, zero, zero};
  for (int section = 0, k = 0; section < 2 * list->n_species; section++) {
    const bool near = section < list->n_species;
    const mg_pair_pieces *pair = &tables->pair[task->species[i]][section % list->n_species];
    for (; k < end[section]; k += MG_QUAD) {
      const mg_quad j = mg_load_quad((const double(*)[4])task->q, entry + k, task->q[i]);
      if (near)
        add_near(&sum, pair, &j, task->q[i][3]);
      else
        add_far(&sum, pair, &j);
    }
  }
  _mm256_storeu_pd(v, mg_sum4(sum.rho, sum.phi, sum.xx, sum.yy));
  _mm256_storeu_pd(v + 4, mg_sum4(sum.zz, sum.xy, sum.xz, sum.yz));
}

void mg_observe_avx2(const mg_kernel_task *task, double *energy, double (*stress)[6]) {
  for (int32_t i = 0; i < task->n_local; i++) {
    if (task->close[i]) {
      mg_plain_observe(task, i, energy ? energy + i : NULL, stress ? stress[i] : NULL);
      continue;
    }
    double v[8], F;
    sums_of(task, task->tables, i, v);
    mg_potential_embed(task->potential, task->species[i], v[0], &F, NULL);
    if (energy) energy[i] = F + 0.5 * v[1];
    for (int c = 0; stress && c < 6; c++) stress[i][c] = 0.5 * v[2 + c];
  }
}

#else

void mg_observe_avx2(const mg_kernel_task *task, double *energy, double (*stress)[6]) {
  mg_observe_plain(task, energy, stress);
}

#endif
