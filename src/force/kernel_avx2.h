/** What the AVX2 files of this folder share: four pairs at a time.
 *
 *  The arithmetic is that of the AVX-512 kernel. There is no permutation of eight coefficients, so
 *  rows of coefficients are loaded for each pair and transposed, as positions are.
 */
#ifndef MGMD_SRC_FORCE_KERNEL_AVX2_H
#define MGMD_SRC_FORCE_KERNEL_AVX2_H

#include "mgmd/force/kernel.h"
#include "pieces.h"

/** Lists by vectors; empty where AVX2 is not compiled in. */
extern const mg_list_method mg_list_avx2;

/** Energies and stresses four pairs at a time; where AVX2 is not compiled in, the plain ones. */
void mg_observe_avx2(const mg_kernel_task *task, double *energy, double (*stress)[6]);

#if defined(__AVX2__) && defined(__FMA__)
#define MG_HAVE_AVX2

#include <immintrin.h>

#define MG_INLINE static inline __attribute__((always_inline))

enum { MG_QUAD = 4 };

/** Four pairs: offsets from the central atom, sums of the fourth components, r^2. */
typedef struct mg_quad {
  __m256d dx, dy, dz, w, s;
} mg_quad;

/** Rows of four numbers become columns. */
MG_INLINE void mg_transpose(const double *a, const double *b, const double *c, const double *d,
                            __m256d column[4]) {
  const __m256d ra = _mm256_load_pd(a), rb = _mm256_load_pd(b), rc = _mm256_load_pd(c),
                rd = _mm256_load_pd(d);
  const __m256d ab_even = _mm256_unpacklo_pd(ra, rb), ab_odd = _mm256_unpackhi_pd(ra, rb);
  const __m256d cd_even = _mm256_unpacklo_pd(rc, rd), cd_odd = _mm256_unpackhi_pd(rc, rd);
  column[0] = _mm256_permute2f128_pd(ab_even, cd_even, 0x20);
  column[1] = _mm256_permute2f128_pd(ab_odd, cd_odd, 0x20);
  column[2] = _mm256_permute2f128_pd(ab_even, cd_even, 0x31);
  column[3] = _mm256_permute2f128_pd(ab_odd, cd_odd, 0x31);
}

MG_INLINE mg_quad mg_load_quad(const double (*q)[4], const int32_t *entry, const double *center) {
  __m256d c[4];
  mg_transpose(q[(uint32_t)entry[0]], q[(uint32_t)entry[1]], q[(uint32_t)entry[2]],
               q[(uint32_t)entry[3]], c);
  mg_quad j = {.dx = _mm256_sub_pd(c[0], _mm256_set1_pd(center[0])),
               .dy = _mm256_sub_pd(c[1], _mm256_set1_pd(center[1])),
               .dz = _mm256_sub_pd(c[2], _mm256_set1_pd(center[2])),
               .w = _mm256_add_pd(c[3], _mm256_set1_pd(center[3]))};
  j.s = _mm256_fmadd_pd(j.dz, j.dz, _mm256_fmadd_pd(j.dy, j.dy, _mm256_mul_pd(j.dx, j.dx)));
  return j;
}

/** The piece of each lane's distance. */
MG_INLINE void mg_pieces_of(const mg_pair_pieces *pair, __m256d r, int piece[MG_QUAD]) {
  const __m256d bin =
      _mm256_fmadd_pd(r, _mm256_set1_pd(pair->bins_per_angstrom), _mm256_set1_pd(pair->bin_origin));
  _Alignas(32) int64_t bits[MG_QUAD];
  _mm256_store_si256((__m256i *)bits, _mm256_castpd_si256(bin));
  for (int k = 0; k < MG_QUAD; k++) piece[k] = pair->bin[bits[k] & (MG_BINS - 1)];
}

/** c[0] + c[1] t + .. + c[degree] t^degree, the coefficients common to all lanes. */
MG_INLINE __m256d mg_horner1(const double *c, int degree, __m256d t) {
  __m256d value = _mm256_set1_pd(c[degree]);
#pragma GCC unroll 16
  for (int m = degree - 1; m >= 0; m--) value = _mm256_fmadd_pd(value, t, _mm256_set1_pd(c[m]));
  return value;
}

/** Lane sums of four vectors, each added as (0+1)+(2+3). */
MG_INLINE __m256d mg_sum4(__m256d a, __m256d b, __m256d c, __m256d d) {
  const __m256d ab = _mm256_hadd_pd(a, b), cd = _mm256_hadd_pd(c, d);
  return _mm256_add_pd(_mm256_permute2f128_pd(ab, cd, 0x20), _mm256_permute2f128_pd(ab, cd, 0x31));
}

MG_INLINE __m256d mg_below(__m256d s, double cut2) {
  return _mm256_cmp_pd(s, _mm256_set1_pd(cut2), _CMP_LT_OQ);
}

#endif
#endif
