/** What the AVX-512 kernels do once per atom: F', the store of its force, the exact sum of its
 *  virial. */
#ifndef MGMD_SRC_FORCE_KERNEL_AVX512_ATOMS_H
#define MGMD_SRC_FORCE_KERNEL_AVX512_ATOMS_H

#include "kernel_avx512.h"

#ifdef MG_HAVE_AVX512

/** F' of atoms i..i+n-1, n <= 8, from their densities. */
MG_INLINE void mg_embed_block(const mg_kernel_task *task, const mg_piece_tables *tables, int32_t i,
                              int n, __m512d rho, double *out, double *most_rho) {
  const __mmask8 present = (__mmask8)((1u << n) - 1);
  const __m512i species =
      _mm512_cvtepi32_epi64(_mm256_maskz_loadu_epi32(present, task->species + i));
  double slope[MG_LANES], share[MG_LANES];
  if (tables->has_embed) {
    const mg_embed_at at = mg_embed_find(tables, species, rho);
    _mm512_storeu_pd(slope, mg_embed_slope(tables, &at));
  } else {
    double at[MG_LANES];
    _mm512_storeu_pd(at, rho);
    for (int k = 0; k < n; k++)
      mg_potential_embed(task->potential, task->species[i + k], at[k], NULL, &slope[k]);
  }
  _mm512_storeu_pd(share, _mm512_div_pd(rho, mg_pick(species, tables->rho_max)));
  for (int k = 0; k < n; k++) {
    task->q[i + k][3] = slope[k];
    if (!(share[k] <= *most_rho)) *most_rho = share[k];
  }
  if (out) _mm512_mask_storeu_pd(out + i, present, rho);
}

/** Exact sums of eight numbers at a time: the integers of mg_xsum_add. */
typedef struct mg_sum8_exact {
  __m512i high, low;
  int32_t n;
} mg_sum8_exact;

/* |x| < 2^20 and 2^20 atoms keep the 64-bit sums from overflowing */
enum { MG_SUM8_MOST = 1 << 20 };

MG_INLINE mg_sum8_exact mg_sum8_zero(void) {
  return (mg_sum8_exact){_mm512_setzero_si512(), _mm512_setzero_si512(), 0};
}

MG_INLINE __m512d mg_round_even(__m512d x) {
  return _mm512_roundscale_pd(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

static inline void mg_sum8_flush(mg_sum8_exact *sum, mg_xsum virial[3]) {
  int64_t high[MG_LANES], low[MG_LANES];
  _mm512_storeu_si512(high, sum->high);
  _mm512_storeu_si512(low, sum->low);
  for (int c = 0; c < 3; c++)
    virial[c].total += (mg_int128)high[3 + c] * ((int64_t)1 << 32) + low[3 + c];
  *sum = mg_sum8_zero();
}

/** Add lanes 3-5, an atom's virial. */
MG_INLINE void mg_sum8_add(mg_sum8_exact *sum, __m512d x, mg_xsum virial[3]) {
  const __m512d range = _mm512_set1_pd(0x1p20);
  if ((_mm512_cmp_pd_mask(_mm512_abs_pd(x), range, _CMP_LT_OQ) & 0x38) != 0x38) {
    double w[MG_LANES];
    _mm512_storeu_pd(w, x);
    for (int c = 0; c < 3; c++) mg_xsum_add(&virial[c], w[3 + c]);
    return;
  }
  const __m512d h = mg_round_even(_mm512_mul_pd(x, range));
  const __m512d rest = _mm512_sub_pd(x, _mm512_mul_pd(h, _mm512_set1_pd(0x1p-20)));
  const __m512d l = mg_round_even(_mm512_mul_pd(rest, _mm512_set1_pd(0x1p52)));
  sum->high = _mm512_add_epi64(sum->high, _mm512_cvtpd_epi64(h));
  sum->low = _mm512_add_epi64(sum->low, _mm512_cvtpd_epi64(l));
  if (++sum->n == MG_SUM8_MOST) mg_sum8_flush(sum, virial);
}

/** Lanes 0-2 to f[i]. */
MG_INLINE void mg_store_force(double (*f)[3], int32_t i, int32_t end, __m512d result) {
  if (i + 1 < end) { /* spills into the next atom's row, which is written after this one */
    _mm256_storeu_pd(f[i], _mm512_castpd512_pd256(result));
  } else {
    _mm512_mask_storeu_pd(f[i], 7, result);
  }
}

#endif
#endif
