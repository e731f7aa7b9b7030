/* Per-atom energies and stresses by AVX-512: the arithmetic of the forces, in one pass of its own
 * that writes nothing a trajectory depends on. */
#include "kernel_avx512.h"
#include "plain.h"

#ifdef MG_HAVE_AVX512

typedef struct sums {
  __m512d rho, phi, xx, yy, zz, xy, xz, yz;
} sums;

MG_INLINE void add_stress(sums *sum, __m512d g, const mg_lanes *j) {
  const __m512d gx = _mm512_mul_pd(g, j->dx), gy = _mm512_mul_pd(g, j->dy),
                gz = _mm512_mul_pd(g, j->dz);
  sum->xx = _mm512_fmadd_pd(gx, j->dx, sum->xx);
  sum->yy = _mm512_fmadd_pd(gy, j->dy, sum->yy);
  sum->zz = _mm512_fmadd_pd(gz, j->dz, sum->zz);
  sum->xy = _mm512_fmadd_pd(gx, j->dy, sum->xy);
  sum->xz = _mm512_fmadd_pd(gx, j->dz, sum->xz);
  sum->yz = _mm512_fmadd_pd(gy, j->dz, sum->yz);
}

MG_INLINE __m512d value_of(const mg_piece_values c, __m512i piece, bool many, __m512d t) {
  return mg_horner(piece, c[0], c[1], many, MG_DEGREE, t);
}

MG_INLINE __m512d derivative_of(const mg_piece_slopes c, __m512i piece, bool many, __m512d t) {
  return mg_horner(piece, c[0], c[1], many, MG_DEGREE - 1, t);
}

MG_INLINE void add_near(const mg_kernel_task *task, const mg_pair_pieces *pair,
                        const double *center, const int32_t *entry, const int32_t *end, bool many,
                        sums *sum) {
  const __m512d phi2 = _mm512_set1_pd(pair->phi2), psi2 = _mm512_set1_pd(pair->psi2);
  const __m512d dF = _mm512_set1_pd(center[3]);
  sums total = *sum;
  for (; entry < end; entry += MG_LANES) {
    const mg_lanes j = mg_load_lanes((const double(*)[4])task->q, entry, center);
    const __m512d s = mg_square(&j);
    const __m512d r = _mm512_sqrt_pd(s);
    const __m512i piece = mg_piece_of(pair, r);
    const __m512d t = _mm512_sub_pd(r, mg_pick2(piece, pair->mid, pair->mid + MG_FEW, many));
    const __mmask8 in_phi = _mm512_cmp_pd_mask(s, phi2, _CMP_LT_OQ);
    const __mmask8 in_psi = _mm512_cmp_pd_mask(s, psi2, _CMP_LT_OQ);
    const __m512d phi = value_of(pair->phi, piece, many, t),
                  psi = value_of(pair->psi, piece, many, t);
    total.phi = _mm512_mask_add_pd(total.phi, in_phi, total.phi, phi);
    total.rho = _mm512_mask_add_pd(total.rho, in_psi, total.rho, psi);
    __m512d slope = derivative_of(pair->dphi, piece, many, t);
    slope = _mm512_mask3_fmadd_pd(derivative_of(pair->dpsi, piece, many, t), j.w, slope, in_psi);
    if (pair->kind == MG_PAIR_SKEW)
      slope = _mm512_mask3_fmadd_pd(derivative_of(pair->skew, piece, many, t), dF, slope, in_psi);
    add_stress(&total, _mm512_maskz_div_pd(in_phi, slope, r), &j);
  }
  *sum = total;
}

static void add_far(const mg_kernel_task *task, const mg_pair_pieces *pair, const double *center,
                    const int32_t *entry, const int32_t *end, sums *sum) {
  const __m512d mid = _mm512_set1_pd(pair->far_mid), phi2 = _mm512_set1_pd(pair->phi2);
  sums total = *sum;
  for (; entry < end; entry += MG_LANES) {
    const mg_lanes j = mg_load_lanes((const double(*)[4])task->q, entry, center);
    const __m512d s = mg_square(&j);
    const __m512d r = _mm512_sqrt_pd(s), t = _mm512_sub_pd(r, mid);
    const __mmask8 in = _mm512_cmp_pd_mask(s, phi2, _CMP_LT_OQ);
    __m512d phi = mg_horner1(pair->far, MG_DEGREE, t);
    __m512d slope = mg_horner1(pair->dfar, MG_DEGREE - 1, t);
    if (pair->far_many) {
      const __m512i piece = mg_piece_of(pair, r);
      const __m512d u = _mm512_sub_pd(r, mg_pick2(piece, pair->mid, pair->mid + MG_FEW, true));
      phi = value_of(pair->phi, piece, true, u);
      slope = derivative_of(pair->dphi, piece, true, u);
    }
    total.phi = _mm512_mask_add_pd(total.phi, in, total.phi, phi);
    add_stress(&total, _mm512_maskz_div_pd(in, slope, r), &j);
  }
  *sum = total;
}

/* Lanes: rho, sum of phi, sums of g d_a d_b. */
static __m512d sums_of(const mg_kernel_task *task, const mg_piece_tables *tables, int32_t i) {
  const mg_nlist *list = task->list;
  const int n_species = list->n_species;
  const int32_t *entry = list->entry + list->first[i];
  const uint16_t *end = list->end + (int64_t)i * 2 * n_species;
  const mg_pair_pieces *pair = tables->pair[task->species[i]];
  const double *center = task->q[i];
  const __m512d zero = _mm512_setzero_pd();
  sums sum = {zero, zero, zero, zero, zero, zero, zero, zero};
  int k = 0;
  for (int b = 0; b < n_species; k = end[b++])
    if (pair[b].kind >= MG_PAIR_MANY)
      add_near(task, &pair[b], center, entry + k, entry + end[b], true, &sum);
    else
      add_near(task, &pair[b], center, entry + k, entry + end[b], false, &sum);
  for (int b = 0; b < n_species; k = end[n_species + b++])
    add_far(task, &pair[b], center, entry + k, entry + end[n_species + b], &sum);
  const __m512d v[8] = {sum.rho, sum.phi, sum.xx, sum.yy, sum.zz, sum.xy, sum.xz, sum.yz};
  return mg_sum8(v);
}

/* F(rho), linear above the tables' end. */
static __m512d embed_value(const mg_piece_tables *tables, __m512i species, __m512d rho) {
  const mg_embed_at at = mg_embed_find(tables, species, rho);
  const __m512d inside = _mm512_sub_pd(mg_embed_horner(&at, tables->embed_value, MG_EMBED_DEGREE),
                                       _mm512_sqrt_pd(at.inside));
  const __m512d over = _mm512_sub_pd(rho, at.inside);
  return _mm512_fmadd_pd(mg_embed_slope(tables, &at), over, inside);
}

void mg_observe_avx512(const mg_kernel_task *task, double *energy, double (*stress)[6]) {
  const mg_piece_tables *tables = task->tables;
  for (int32_t first = 0; first < task->n_local; first += MG_LANES) {
    const int n = task->n_local - first < MG_LANES ? task->n_local - first : MG_LANES;
    const __mmask8 present = (__mmask8)((1u << n) - 1);
    double rho[MG_LANES] = {0}, pairs[MG_LANES] = {0};
    for (int k = 0; k < n; k++) {
      double v[MG_LANES];
      _mm512_storeu_pd(v, sums_of(task, tables, first + k));
      rho[k] = v[0], pairs[k] = v[1];
      for (int c = 0; stress && c < 6; c++) stress[first + k][c] = 0.5 * v[2 + c];
    }
    const __m512i species =
        _mm512_cvtepi32_epi64(_mm256_maskz_loadu_epi32(present, task->species + first));
    __m512d F;
    if (tables->has_embed) {
      F = embed_value(tables, species, _mm512_loadu_pd(rho));
    } else {
      double value[MG_LANES] = {0};
      for (int k = 0; k < n; k++)
        mg_potential_embed(task->potential, task->species[first + k], rho[k], &value[k], NULL);
      F = _mm512_loadu_pd(value);
    }
    const __m512d e = _mm512_fmadd_pd(_mm512_set1_pd(0.5), _mm512_loadu_pd(pairs), F);
    if (energy) _mm512_mask_storeu_pd(energy + first, present, e);
    for (int k = 0; k < n; k++)
      if (task->close[first + k])
        mg_plain_observe(task, first + k, energy ? energy + first + k : NULL,
                         stress ? stress[first + k] : NULL);
  }
}

#else

void mg_observe_avx512(const mg_kernel_task *task, double *energy, double (*stress)[6]) {
  mg_observe_plain(task, energy, stress);
}

#endif
