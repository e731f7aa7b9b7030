/* Per-atom energies and stresses by AVX2, apart from the forces. Coefficients are gathered: this
 * pass runs only for output. */
#include "kernel_avx2.h"
#include "plain.h"

#ifdef MG_HAVE_AVX2

typedef struct sums {
  __m256d rho, phi, xx, yy, zz, xy, xz, yz;
} sums;

MG_INLINE __m256d horner(__m128i piece, const double (*coef)[MG_PIECES], int degree, __m256d t) {
  __m256d value = _mm256_i32gather_pd(coef[degree], piece, 8);
  for (int m = degree - 1; m >= 0; m--)
    value = _mm256_fmadd_pd(value, t, _mm256_i32gather_pd(coef[m], piece, 8));
  return value;
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

static void add_near(sums *sum, const mg_pair_pieces *pair, const mg_quad *j) {
  const __m256d r = _mm256_sqrt_pd(j->s);
  int k[MG_QUAD];
  mg_pieces_of(pair, r, k);
  const __m128i piece = _mm_setr_epi32(k[0], k[1], k[2], k[3]);
  const __m256d t = _mm256_sub_pd(r, _mm256_i32gather_pd(pair->mid, piece, 8));
  const __m256d in_phi = mg_below(j->s, pair->phi2), in_psi = mg_below(j->s, pair->psi2);
  const __m256d phi = horner(piece, pair->phi, MG_DEGREE, t);
  const __m256d psi = horner(piece, pair->psi, MG_DEGREE, t);
  const __m256d slope = _mm256_fmadd_pd(horner(piece, pair->dpsi, MG_DEGREE - 1, t), j->w,
                                        horner(piece, pair->dphi, MG_DEGREE - 1, t));
  add(sum, _mm256_and_pd(in_phi, phi), _mm256_and_pd(in_psi, psi),
      _mm256_and_pd(in_phi, _mm256_div_pd(slope, r)), j);
}

static void add_far(sums *sum, const mg_pair_pieces *pair, const mg_quad *j) {
  const __m256d r = _mm256_sqrt_pd(j->s), t = _mm256_sub_pd(r, _mm256_set1_pd(pair->far_mid));
  const __m256d in = mg_below(j->s, pair->phi2);
  const __m256d slope = mg_horner1(pair->dfar, MG_DEGREE - 1, t);
  add(sum, _mm256_and_pd(in, mg_horner1(pair->far, MG_DEGREE, t)), _mm256_setzero_pd(),
      _mm256_and_pd(in, _mm256_div_pd(slope, r)), j);
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
        add_near(&sum, pair, &j);
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
