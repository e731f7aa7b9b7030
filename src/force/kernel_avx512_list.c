/* Choosing neighbours by AVX-512, sixteen candidates at a time, in two stages: the first compresses
 * those within the near and the far radius into two lists; the second, over a third as many, deals
 * them out by species. The plain arithmetic, rounding by rounding, so lists are the plain ones.
 */
#include "kernel_avx512.h"

#ifdef MG_HAVE_AVX512

#include <math.h>

MG_INLINE void to_float(float *to, const int32_t *from, __m512i origin) {
  _mm512_storeu_ps(to, _mm512_cvtepi32_ps(_mm512_sub_epi32(_mm512_loadu_si512(from), origin)));
}

/* Whole vectors are written; what follows a run is overwritten by the next one. */
static void gather(const mg_list_source *source, int32_t origin, const mg_list_run *run, int n_runs,
                   mg_list_candidates *c) {
  const __m512i x = _mm512_set1_epi32(source->x[origin]), y = _mm512_set1_epi32(source->y[origin]),
                z = _mm512_set1_epi32(source->z[origin]);
  int32_t n = 0;
  for (int r = 0; r < n_runs; r++) {
    for (int32_t j = run[r].begin, k = n; j < run[r].end; j += MG_LIST_PAD, k += MG_LIST_PAD) {
      to_float(c->x + k, source->x + j, x);
      to_float(c->y + k, source->y + j, y);
      to_float(c->z + k, source->z + j, z);
      _mm512_storeu_si512(c->tag + k, _mm512_loadu_si512(source->tag + j));
    }
    n += run[r].end - run[r].begin;
  }
  c->n = n;
  const __m512 outside = _mm512_set1_ps(INFINITY);
  _mm512_storeu_ps(c->x + n, outside);
  _mm512_storeu_ps(c->y + n, outside);
  _mm512_storeu_ps(c->z + n, outside);
}

/* Appends the lanes of `which`; a whole vector is written, the rest overwritten later. */
MG_INLINE uint32_t *push(uint32_t *to, __mmask16 which, __m512i lanes) {
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(which, lanes));
  to += _mm_popcnt_u32(which);
  __asm__("" : "+r"(to)); /* keeps gcc from packing several pointers into one vector */
  return to;
}

typedef struct found {
  int32_t near, far;
} found;

static found sift(const mg_list_candidates *c, const mg_list_center *center) {
  const __m512 x = _mm512_set1_ps(center->x), y = _mm512_set1_ps(center->y),
               z = _mm512_set1_ps(center->z);
  const __m512 near2 = _mm512_set1_ps(center->near2), far2 = _mm512_set1_ps(center->far2);
  const float *px = c->x, *py = c->y, *pz = c->z;
  const uint32_t *tag = c->tag;
  uint32_t *near = c->near, *far = c->far;
  for (int32_t j = 0; j < c->n; j += MG_LIST_PAD) {
    const __m512 dx = _mm512_sub_ps(_mm512_loadu_ps(px + j), x),
                 dy = _mm512_sub_ps(_mm512_loadu_ps(py + j), y),
                 dz = _mm512_sub_ps(_mm512_loadu_ps(pz + j), z);
    const __m512 s = _mm512_add_ps(_mm512_add_ps(_mm512_mul_ps(dx, dx), _mm512_mul_ps(dy, dy)),
                                   _mm512_mul_ps(dz, dz));
    const __mmask16 is_near = _mm512_cmp_ps_mask(s, near2, _CMP_LT_OQ);
    const __mmask16 is_far = _mm512_cmp_ps_mask(s, far2, _CMP_LT_OQ);
    const __m512i lanes = _mm512_loadu_si512(tag + j);
    near = push(near, is_near, lanes);
    far = push(far, is_far & (__mmask16)~is_near, lanes);
  }
  return (found){(int32_t)(near - c->near), (int32_t)(far - c->far)};
}

/* Of n tagged atoms those of species b, without `self`, padded. @return how many */
MG_INLINE int32_t deal(const uint32_t *from, int32_t n, uint32_t self, int b, __m512i dummies,
                       int32_t *entry) {
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512i index_bits = _mm512_set1_epi32((1 << MG_TAG_SHIFT) - 1);
  uint32_t *to = (uint32_t *)entry;
  for (int32_t k = 0; k < n; k += MG_LIST_PAD) {
    const __m512i tag = _mm512_loadu_si512(from + k);
    const __m512i species = _mm512_srli_epi32(tag, MG_TAG_SHIFT);
    __mmask16 which = _mm512_cmplt_epi32_mask(lane, _mm512_set1_epi32(n - k));
    which = _mm512_mask_cmpeq_epi32_mask(which, species, _mm512_set1_epi32(b));
    which = _mm512_mask_cmpneq_epi32_mask(which, tag, _mm512_set1_epi32((int32_t)self));
    to = push(to, which, _mm512_and_si512(tag, index_bits));
  }
  _mm512_storeu_si512(to, dummies);
  return (int32_t)(to - (uint32_t *)entry);
}

static int32_t choose(const mg_list_candidates *c, const mg_list_center *center, int n_species,
                      int32_t dummy, int32_t *entry, int32_t *end) {
  const found n = sift(c, center);
  const __m512i dummies = _mm512_set1_epi32(dummy);
  int32_t total = 0, at = 0;
  for (int b = 0; b < n_species; b++) {
    const int32_t count = deal(c->near, n.near, center->tag, b, dummies, entry + at);
    total += count;
    at += (count + MG_LANES - 1) / MG_LANES * MG_LANES;
    end[b] = at;
  }
  if (at == 0) at = end[n_species - 1] = MG_LANES; /* dummies stand there */
  for (int b = 0; b < n_species; b++) {
    int32_t count = 0;
    if (center->reaches[b]) count = deal(c->far, n.far, center->tag, b, dummies, entry + at);
    total += count;
    at += (count + MG_LANES - 1) / MG_LANES * MG_LANES;
    end[n_species + b] = at;
  }
  return total;
}

const mg_list_method mg_list_avx512 = {gather, choose};

#else

const mg_list_method mg_list_avx512;

#endif
