/* Choosing neighbours by AVX-512, eight candidates at a time, in two stages.
 *
 * Candidates of a run lie next to each other, whatever their species, so that loads are plain. The
 * first stage compresses those within the near and the far radius into two lists; the second, over
 * a third as many, deals them out by species. Squares are rounded one by one, without fused
 * operations, so that the sections are the plain ones, entry by entry.
 */
#include "kernel_avx512.h"

#ifdef MG_HAVE_AVX512

/* Appends the lanes of `which`; a whole vector is written, the rest overwritten later. */
MG_INLINE uint32_t *push(uint32_t *to, __mmask8 which, __m256i lanes) {
  _mm256_storeu_si256((__m256i *)to, _mm256_maskz_compress_epi32(which, lanes));
  to += _mm_popcnt_u32(which);
  __asm__("" : "+r"(to)); /* keeps gcc from packing several pointers into one vector */
  return to;
}

typedef struct found {
  int32_t near, far;
} found;

static found choose(const mg_scan_view *view, int32_t i, const mg_scan_run *run, int n_runs,
                    double near_radius2, double far_radius2) {
  const double *px = view->x, *py = view->y, *pz = view->z;
  const uint32_t *tag = view->tag;
  const __m512d x = _mm512_set1_pd(px[i]), y = _mm512_set1_pd(py[i]), z = _mm512_set1_pd(pz[i]);
  const __m512d near2 = _mm512_set1_pd(near_radius2), far2 = _mm512_set1_pd(far_radius2);
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  uint32_t *near = view->near, *far = view->far;
  for (int r = 0; r < n_runs; r++) {
    const int32_t end = run[r].end;
    for (int32_t j = run[r].begin; j < end; j += MG_LANES) {
      const __m512d dx = _mm512_sub_pd(_mm512_loadu_pd(px + j), x),
                    dy = _mm512_sub_pd(_mm512_loadu_pd(py + j), y),
                    dz = _mm512_sub_pd(_mm512_loadu_pd(pz + j), z);
      const __m512d s = _mm512_add_pd(_mm512_add_pd(_mm512_mul_pd(dx, dx), _mm512_mul_pd(dy, dy)),
                                      _mm512_mul_pd(dz, dz));
      const __mmask8 within = _mm256_cmplt_epi32_mask(lane, _mm256_set1_epi32(end - j));
      const __mmask8 is_near = _mm512_mask_cmp_pd_mask(within, s, near2, _CMP_LT_OQ);
      const __mmask8 is_far = _mm512_mask_cmp_pd_mask(within, s, far2, _CMP_LT_OQ);
      const __m256i lanes = _mm256_loadu_si256((const __m256i *)(tag + j));
      near = push(near, is_near, lanes);
      far = push(far, is_far & (__mmask8)~is_near, lanes);
    }
  }
  return (found){(int32_t)(near - view->near), (int32_t)(far - view->far)};
}

/* Of n tagged atoms, those of species b, without atom i. @return how many */
MG_INLINE int32_t deal(const uint32_t *from, int32_t n, int32_t i, int b, int32_t *section) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i self = _mm256_set1_epi32(i + (int32_t)((uint32_t)b << MG_TAG_SHIFT));
  const __m256i index_bits = _mm256_set1_epi32((1 << MG_TAG_SHIFT) - 1);
  uint32_t *to = (uint32_t *)section;
  for (int32_t k = 0; k < n; k += MG_LANES) {
    const __m256i tag = _mm256_loadu_si256((const __m256i *)(from + k));
    const __m256i species = _mm256_srli_epi32(tag, MG_TAG_SHIFT);
    __mmask8 which = _mm256_cmplt_epi32_mask(lane, _mm256_set1_epi32(n - k));
    which = _mm256_mask_cmpeq_epi32_mask(which, species, _mm256_set1_epi32(b));
    which = _mm256_mask_cmpneq_epi32_mask(which, tag, self);
    to = push(to, which, _mm256_and_si256(tag, index_bits));
  }
  return (int32_t)(to - (uint32_t *)section);
}

void mg_list_scan_avx512(const mg_scan_view *view, int32_t i, const mg_scan_run *run, int n_runs,
                         int32_t *const *section, int32_t *n) {
  const int n_species = view->n_species, a = (int)(view->tag[i] >> MG_TAG_SHIFT);
  const double *far2 = view->radii->far2[a];
  double most = 0;
  for (int b = 0; b < n_species; b++) most = far2[b] > most ? far2[b] : most;
  const found chosen = choose(view, i, run, n_runs, view->radii->near2[a][a], most);
  for (int b = 0; b < n_species; b++) {
    n[b] = deal(view->near, chosen.near, i, b, section[b]);
    n[n_species + b] =
        far2[b] > 0 ? deal(view->far, chosen.far, i, b, section[n_species + b]) : 0;
  }
}

#else

void mg_list_scan_avx512(const mg_scan_view *view, int32_t i, const mg_scan_run *run, int n_runs,
                         int32_t *const *section, int32_t *n) {
  mg_list_scan_plain(view, i, run, n_runs, section, n);
}

#endif
