/** What the AVX-512 files of this folder share: eight pairs at a time.
 *
 *  Neighbours are loaded as rows x y z w of 32 bytes and transposed in registers: two thirds faster
 *  than hardware gathers on the machines measured. Lane order is the list's, fixed; sums over lanes
 *  go through one fixed tree. Every fused operation is written out.
 */
#ifndef MGMD_SRC_FORCE_KERNEL_AVX512_H
#define MGMD_SRC_FORCE_KERNEL_AVX512_H

#include "mgmd/force/kernel.h"
#include "pieces.h"

/** Lists by vectors; empty where AVX-512 is not compiled in. */
extern const mg_list_method mg_list_avx512;

/** Energies and stresses eight pairs at a time; the plain ones where AVX-512 is not compiled in. */
void mg_observe_avx512(const mg_kernel_task *task, double *energy, double (*stress)[6]);

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__) && defined(__AVX512BW__)
#define MG_HAVE_AVX512

#include <immintrin.h>

#define MG_INLINE static inline __attribute__((always_inline))

/** Eight pairs: offsets from the central atom and sums of the fourth components. Lanes hold the
 *  entries 0 1 4 5 2 3 6 7. */
typedef struct mg_lanes {
  __m512d dx, dy, dz, w;
} mg_lanes;

MG_INLINE __m512d mg_two_rows(const double (*q)[4], const int32_t *entry, int k) {
  const __m512d low = _mm512_castpd256_pd512(_mm256_load_pd(q[(uint32_t)entry[k]]));
  return _mm512_insertf64x4(low, _mm256_load_pd(q[(uint32_t)entry[k + 4]]), 1);
}

MG_INLINE mg_lanes mg_load_lanes(const double (*q)[4], const int32_t *entry, const double *center) {
  const __m512d a = mg_two_rows(q, entry, 0), b = mg_two_rows(q, entry, 1);
  const __m512d c = mg_two_rows(q, entry, 2), d = mg_two_rows(q, entry, 3);
  const __m512d xz_ab = _mm512_unpacklo_pd(a, b), yw_ab = _mm512_unpackhi_pd(a, b);
  const __m512d xz_cd = _mm512_unpacklo_pd(c, d), yw_cd = _mm512_unpackhi_pd(c, d);
  const __m512d x = _mm512_shuffle_f64x2(xz_ab, xz_cd, 0x88);
  const __m512d y = _mm512_shuffle_f64x2(yw_ab, yw_cd, 0x88);
  const __m512d z = _mm512_shuffle_f64x2(xz_ab, xz_cd, 0xdd);
  const __m512d w = _mm512_shuffle_f64x2(yw_ab, yw_cd, 0xdd);
  return (mg_lanes){.dx = _mm512_sub_pd(x, _mm512_set1_pd(center[0])),
                    .dy = _mm512_sub_pd(y, _mm512_set1_pd(center[1])),
                    .dz = _mm512_sub_pd(z, _mm512_set1_pd(center[2])),
                    .w = _mm512_add_pd(w, _mm512_set1_pd(center[3]))};
}

MG_INLINE __m512d mg_square(const mg_lanes *j) {
  return _mm512_fmadd_pd(j->dz, j->dz, _mm512_fmadd_pd(j->dy, j->dy, _mm512_mul_pd(j->dx, j->dx)));
}

/** The piece of each lane's distance. */
MG_INLINE __m512i mg_piece_of(const mg_pair_pieces *pair, __m512d r) {
  const __m512d bin =
      _mm512_fmadd_pd(r, _mm512_set1_pd(pair->bins_per_angstrom), _mm512_set1_pd(pair->bin_origin));
  return _mm512_permutex2var_epi16(_mm512_load_si512(pair->bin), _mm512_castpd_si512(bin),
                                   _mm512_load_si512(pair->bin + MG_BINS / 2));
}

/** Each lane's element of a table of eight. */
MG_INLINE __m512d mg_pick(__m512i piece, const double *table) {
  return _mm512_permutexvar_pd(piece, _mm512_load_pd(table));
}

/** Each lane's element of @p low and, if @p many, @p high behind it. */
MG_INLINE __m512d mg_pick2(__m512i piece, const double *low, const double *high, bool many) {
  if (!many) return mg_pick(piece, low);
  return _mm512_permutex2var_pd(_mm512_load_pd(low), piece, _mm512_load_pd(high));
}

/** Polynomial of @p degree (a constant) with each lane's coefficients.
 *  @param[in] low, high  of the first pieces and of the others, which count if @p many */
MG_INLINE __m512d mg_horner(__m512i piece, const double (*low)[MG_FEW],
                            const double (*high)[MG_FEW], bool many, int degree, __m512d t) {
  __m512d value = mg_pick2(piece, low[degree], high[degree], many);
#pragma GCC unroll 16
  for (int m = degree - 1; m >= 0; m--)
    value = _mm512_fmadd_pd(value, t, mg_pick2(piece, low[m], high[m], many));
  return value;
}

/** The same with coefficients common to all lanes. */
MG_INLINE __m512d mg_horner1(const double *coef, int degree, __m512d t) {
  __m512d value = _mm512_set1_pd(coef[degree]);
#pragma GCC unroll 16
  for (int m = degree - 1; m >= 0; m--) value = _mm512_fmadd_pd(value, t, _mm512_set1_pd(coef[m]));
  return value;
}

/** Eight densities on their way through F: the row of the tables and the argument there. */
typedef struct mg_embed_at {
  __m512i row;
  __m512d rho, inside, t; /**< inside: rho, no larger than the tables' end */
} mg_embed_at;

MG_INLINE mg_embed_at mg_embed_find(const mg_piece_tables *tables, __m512i species, __m512d rho) {
  mg_embed_at at = {.rho = rho};
  at.inside = _mm512_min_pd(mg_pick(species, tables->rho_max), rho); /* NaN stays */
  at.row = _mm512_mullo_epi64(species, _mm512_set1_epi64(MG_EMBED_PIECES + 1));
  for (int k = 0; k < MG_EMBED_PIECES; k++) {
    const __mmask8 above =
        _mm512_cmp_pd_mask(at.inside, mg_pick(species, tables->embed_knot[k]), _CMP_GE_OQ);
    at.row = _mm512_mask_add_epi64(at.row, above, at.row, _mm512_set1_epi64(1));
  }
  at.t = _mm512_sub_pd(at.inside, _mm512_i64gather_pd(at.row, tables->embed_origin, 8));
  return at;
}

/** Polynomial of @p degree (a constant) from rows of a table. */
MG_INLINE __m512d mg_embed_horner(const mg_embed_at *at, const double (*coef)[MG_EMBED_ROWS],
                                  int degree) {
  __m512d value = _mm512_i64gather_pd(at->row, coef[degree], 8);
#pragma GCC unroll 16
  for (int m = degree - 1; m >= 0; m--)
    value = _mm512_fmadd_pd(value, at->t, _mm512_i64gather_pd(at->row, coef[m], 8));
  return value;
}

/** F'; zero without density. */
MG_INLINE __m512d mg_embed_slope(const mg_piece_tables *tables, const mg_embed_at *at) {
  const __m512d root = _mm512_div_pd(_mm512_set1_pd(-0.5), _mm512_sqrt_pd(at->inside));
  const __mmask8 dense = _mm512_cmp_pd_mask(at->rho, _mm512_setzero_pd(), _CMP_NLE_UQ);
  return _mm512_maskz_add_pd(dense, mg_embed_horner(at, tables->embed_slope, MG_EMBED_DEGREE - 1),
                             root);
}

/** Lane sums of eight vectors: lane k of the result is the sum of v[k], always added in the order
 *  ((0+1)+(2+3))+((4+5)+(6+7)). */
MG_INLINE __m512d mg_sum8(const __m512d v[8]) {
  __m512d half[4];
  for (int k = 0; k < 4; k++)
    half[k] = _mm512_add_pd(_mm512_unpacklo_pd(v[2 * k], v[2 * k + 1]),
                            _mm512_unpackhi_pd(v[2 * k], v[2 * k + 1]));
  __m512d quarter[2];
  for (int k = 0; k < 2; k++)
    quarter[k] = _mm512_add_pd(_mm512_shuffle_f64x2(half[2 * k], half[2 * k + 1], 0x88),
                               _mm512_shuffle_f64x2(half[2 * k], half[2 * k + 1], 0xdd));
  return _mm512_add_pd(_mm512_shuffle_f64x2(quarter[0], quarter[1], 0x88),
                       _mm512_shuffle_f64x2(quarter[0], quarter[1], 0xdd));
}

#endif
#endif
