/* Choosing neighbours by AVX2, eight candidates at a time, in two stages, as kernel_avx512_list.c
 * does; lanes are packed by a table of permutations. The plain arithmetic, rounding by rounding, so
 * that lists are the plain ones. */
#include "kernel_avx2.h"

#ifdef MG_HAVE_AVX2

#include <math.h>

/* For each mask the numbers of its set bits, a byte each, lowest first. */
#define BIT(m, k) ((m) >> (k)&1u)
#define BELOW(m, k)                                                                                \
  ((k > 0 ? BIT(m, 0) : 0u) + (k > 1 ? BIT(m, 1) : 0u) + (k > 2 ? BIT(m, 2) : 0u) +                \
   (k > 3 ? BIT(m, 3) : 0u) + (k > 4 ? BIT(m, 4) : 0u) + (k > 5 ? BIT(m, 5) : 0u) +                \
   (k > 6 ? BIT(m, 6) : 0u))
#define PLACE(m, k) (BIT(m, k) ? (uint64_t)(k) << 8 * BELOW(m, k) : 0)
#define ROW(m)                                                                                     \
  (PLACE(m, 0) | PLACE(m, 1) | PLACE(m, 2) | PLACE(m, 3) | PLACE(m, 4) | PLACE(m, 5) |             \
   PLACE(m, 6) | PLACE(m, 7))
#define ROWS_4(m) ROW(m), ROW((m) + 1u), ROW((m) + 2u), ROW((m) + 3u)
#define ROWS_16(m) ROWS_4(m), ROWS_4((m) + 4u), ROWS_4((m) + 8u), ROWS_4((m) + 12u)
#define ROWS_64(m) ROWS_16(m), ROWS_16((m) + 16u), ROWS_16((m) + 32u), ROWS_16((m) + 48u)
static const uint64_t packing[256] = {ROWS_64(0u), ROWS_64(64u), ROWS_64(128u), ROWS_64(192u)};

/* Appends the lanes of `which`; a whole vector is written, the rest overwritten later. */
MG_INLINE uint32_t *push(uint32_t *to, unsigned which, __m256i lanes) {
  const __m256i order =
      _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)&packing[which & 255]));
  _mm256_storeu_si256((__m256i *)to, _mm256_permutevar8x32_epi32(lanes, order));
  return to + _mm_popcnt_u32(which & 255);
}

MG_INLINE void to_float(float *to, const int32_t *from, __m256i origin) {
  const __m256i d = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)from), origin);
  _mm256_storeu_ps(to, _mm256_cvtepi32_ps(d));
}

/* Whole vectors are written; what follows a run is overwritten by the next one. */
static void gather(const mg_list_source *source, int32_t origin, const mg_list_run *run, int n_runs,
                   mg_list_candidates *c) {
  const __m256i x = _mm256_set1_epi32(source->x[origin]), y = _mm256_set1_epi32(source->y[origin]),
                z = _mm256_set1_epi32(source->z[origin]);
  int32_t n = 0;
  for (int r = 0; r < n_runs; r++) {
    for (int32_t j = run[r].begin, k = n; j < run[r].end; j += MG_LANES, k += MG_LANES) {
      to_float(c->x + k, source->x + j, x);
      to_float(c->y + k, source->y + j, y);
      to_float(c->z + k, source->z + j, z);
      _mm256_storeu_si256((__m256i *)(c->tag + k),
                          _mm256_loadu_si256((const __m256i *)(source->tag + j)));
    }
    n += run[r].end - run[r].begin;
  }
  c->n = n;
  for (int32_t k = n; k < n + MG_LIST_PAD; k++) c->x[k] = c->y[k] = c->z[k] = INFINITY;
}

typedef struct found {
  int32_t near, far;
} found;

static found sift(const mg_list_candidates *c, const mg_list_center *center) {
  const __m256 x = _mm256_set1_ps(center->x), y = _mm256_set1_ps(center->y),
               z = _mm256_set1_ps(center->z);
  const __m256 near2 = _mm256_set1_ps(center->near2), far2 = _mm256_set1_ps(center->far2);
  uint32_t *near = c->near, *far = c->far;
  for (int32_t j = 0; j < c->n; j += MG_LANES) {
    const __m256 dx = _mm256_sub_ps(_mm256_loadu_ps(c->x + j), x),
                 dy = _mm256_sub_ps(_mm256_loadu_ps(c->y + j), y),
                 dz = _mm256_sub_ps(_mm256_loadu_ps(c->z + j), z);
    const __m256 s = _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(dx, dx), _mm256_mul_ps(dy, dy)),
                                   _mm256_mul_ps(dz, dz));
    const unsigned is_near = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(s, near2, _CMP_LT_OQ));
    const unsigned is_far = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(s, far2, _CMP_LT_OQ));
    const __m256i lanes = _mm256_loadu_si256((const __m256i *)(c->tag + j));
    near = push(near, is_near, lanes);
    far = push(far, is_far & ~is_near, lanes);
  }
  return (found){(int32_t)(near - c->near), (int32_t)(far - c->far)};
}

/* Of n tagged atoms those of species b, without `self`, padded. @return how many */
MG_INLINE int32_t deal(const uint32_t *from, int32_t n, uint32_t self, int b, __m256i dummies,
                       int32_t *entry) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i index_bits = _mm256_set1_epi32((1 << MG_TAG_SHIFT) - 1);
  const __m256i own = _mm256_set1_epi32((int32_t)self), wanted = _mm256_set1_epi32(b);
  uint32_t *to = (uint32_t *)entry;
  for (int32_t k = 0; k < n; k += MG_LANES) {
    const __m256i tag = _mm256_loadu_si256((const __m256i *)(from + k));
    __m256i which = _mm256_cmpeq_epi32(_mm256_srli_epi32(tag, MG_TAG_SHIFT), wanted);
    which = _mm256_and_si256(which, _mm256_cmpgt_epi32(_mm256_set1_epi32(n - k), lane));
    which = _mm256_andnot_si256(_mm256_cmpeq_epi32(tag, own), which);
    to = push(to, (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(which)),
              _mm256_and_si256(tag, index_bits));
  }
  _mm256_storeu_si256((__m256i *)to, dummies);
  return (int32_t)(to - (uint32_t *)entry);
}

static int32_t choose(const mg_list_candidates *c, const mg_list_center *center, int n_species,
                      int32_t dummy, int32_t *entry, int32_t *end) {
  const found n = sift(c, center);
  const __m256i dummies = _mm256_set1_epi32(dummy);
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

const mg_list_method mg_list_avx2 = {gather, choose};

#else

const mg_list_method mg_list_avx2;

#endif
