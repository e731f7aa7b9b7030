/* The kernel for AVX-512: exact functions, eight pairs at a time, in double.
 *
 * The list holds one species per section, so that a vector has one pair of species; each lane then
 * picks the coefficients of its piece by a permutation of a register (a gather costs ten times as
 * much). The distances of the next vector are begun before the polynomials of the present one:
 * roots and divisions then cost nothing, and what counts is the number of multiply-adds and
 * permutations, one of which is done per cycle.
 * Atoms with a neighbour closer than the polynomials hold are noted by the density pass and done
 * apart, by the plain functions.
 *
 * An atom's result depends on its own list only: never on neighbouring atoms, lanes of other atoms
 * or alignment. Blocks of eight atoms share nothing but instructions.
 *
 * Not taken: fits in r^2 (no root, but as many operations; 1e-5 off); a half list (scattering eats
 * the gain); reciprocal square root estimates (their bits depend on the vendor).
 */
#include "mgmd/force/kernel.h"
#include "kernel_avx512_atoms.h"
#include "plain.h"

#include <math.h>
#include <stddef.h>

#ifdef MG_HAVE_AVX512

static bool available(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("fma");
}

/* Lists are streamed from memory; some four atoms ahead is early enough. */
enum { LIST_AHEAD = 512 };

/* --- density --- */

typedef struct distance {
  __m512d s, r; /* r^2, r */
} distance;

MG_INLINE distance distance_of(const mg_kernel_task *task, const int32_t *entry, int32_t i) {
  const mg_lanes j = mg_load_lanes((const double(*)[4])task->q, entry, task->q[i]);
  const __m512d s = mg_square(&j);
  return (distance){s, _mm512_sqrt_pd(s)};
}

/* Where the near entries of an atom lie, and what comes after them. */
typedef struct near_range {
  const int32_t *end, *next; /* next: the following atom's first */
  int32_t i, i_next;
} near_range;

typedef struct density_sums {
  __m512d rho, least; /* least: of r^2 minus what is too close */
} density_sums;

/* Adds psi of one section. The distances of the next vector are begun before those of this one are
 * used, so that roots and loads overlap with polynomials. */
MG_INLINE distance add_psi(const mg_kernel_task *task, const mg_pair_pieces *pair,
                           const int32_t *entry, const int32_t *end, const near_range *range,
                           mg_pair_kind kind, distance now, density_sums *sums) {
  const __m512d cut2 = _mm512_set1_pd(pair->psi2), mid1 = _mm512_set1_pd(pair->psi1_mid);
  __m512d rho = sums->rho, least = _mm512_set1_pd(INFINITY);
  while (entry < end) {
    entry += MG_LANES;
    __builtin_prefetch(entry + LIST_AHEAD);
    const bool more = entry < range->end;
    const distance next =
        distance_of(task, more ? entry : range->next, more ? range->i : range->i_next);
    __m512d psi;
    if (kind == MG_PAIR_SINGLE) {
      psi = mg_horner1(pair->psi1, MG_DEGREE, _mm512_sub_pd(now.r, mid1));
    } else {
      const bool many = kind >= MG_PAIR_MANY;
      const __m512i piece = mg_piece_of(pair, now.r);
      const __m512d mid = mg_pick2(piece, pair->mid, pair->mid + MG_FEW, many);
      psi =
          mg_horner(piece, pair->psi[0], pair->psi[1], many,
                    kind <= MG_PAIR_MANY ? MG_SHORT_DEGREE : MG_DEGREE, _mm512_sub_pd(now.r, mid));
    }
    least = _mm512_min_pd(least, now.s);
    rho = _mm512_mask_add_pd(rho, _mm512_cmp_pd_mask(now.s, cut2, _CMP_LT_OQ), rho, psi);
    now = next;
  }
  sums->rho = rho;
  sums->least = _mm512_min_pd(sums->least, _mm512_sub_pd(least, _mm512_set1_pd(pair->near2)));
  return now;
}

/* The same for kinds that are rarer; apart, to keep the others' loops short. */
static __attribute__((noinline)) void add_rare_psi(const mg_kernel_task *task,
                                                   const mg_pair_pieces *pair, const int32_t *entry,
                                                   const int32_t *end, const near_range *range,
                                                   distance *now, density_sums *sums) {
  if (pair->kind == MG_PAIR_MANY)
    *now = add_psi(task, pair, entry, end, range, MG_PAIR_MANY, *now, sums);
  else
    *now = add_psi(task, pair, entry, end, range, MG_PAIR_LONG, *now, sums);
}

/* Copies cross the call, so that the sums themselves may stay in registers. */
MG_INLINE distance rare_psi(const mg_kernel_task *task, const mg_pair_pieces *pair,
                            const int32_t *entry, const int32_t *end, const near_range *range,
                            distance now, density_sums *sums) {
  const near_range where = *range;
  density_sums copy = *sums;
  add_rare_psi(task, pair, entry, end, &where, &now, &copy);
  *sums = copy;
  return now;
}

/* Lane sums of atom i's density; *now holds the distances of its first vector, and on return
 * those of the next atom's. @return whether a pair is too close for the polynomials */
static inline bool density_of(const mg_kernel_task *task, const mg_piece_tables *tables, int32_t i,
                              distance *now, __m512d *rho) {
  const mg_nlist *list = task->list;
  const int32_t *entry = list->entry + list->first[i];
  const uint16_t *end = list->end + (int64_t)i * 2 * list->n_species;
  const mg_pair_pieces *pair = tables->pair[task->species[i]];
  const near_range range = {.end = entry + end[list->n_species - 1],
                            .next = list->entry + list->first[i + 1],
                            .i = i,
                            .i_next = i + 1};
  density_sums sums = {_mm512_setzero_pd(), _mm512_setzero_pd()};
  distance d = *now;
  for (int b = 0, k = 0; b < list->n_species; k = end[b++]) {
    const int32_t *from = entry + k, *to = entry + end[b];
    if (pair[b].kind == MG_PAIR_SINGLE)
      d = add_psi(task, &pair[b], from, to, &range, MG_PAIR_SINGLE, d, &sums);
    else if (pair[b].kind == MG_PAIR_SHORT)
      d = add_psi(task, &pair[b], from, to, &range, MG_PAIR_SHORT, d, &sums);
    else
      d = rare_psi(task, &pair[b], from, to, &range, d, &sums);
  }
  *now = d;
  *rho = sums.rho;
  return _mm512_cmp_pd_mask(sums.least, _mm512_setzero_pd(), _CMP_LT_OQ) != 0;
}

static void density(const mg_kernel_task *task, int32_t begin, int32_t end, double *rho,
                    double *most_rho) {
  const mg_piece_tables *tables = task->tables;
  if (begin == end) return;
  distance now = distance_of(task, task->list->entry + task->list->first[begin], begin);
  for (int32_t first = begin; first < end; first += MG_LANES) {
    const int n = end - first < MG_LANES ? end - first : MG_LANES;
    __m512d sum[MG_LANES];
    double plain[MG_LANES];
    __mmask8 close = 0;
    for (int k = 0; k < MG_LANES; k++) sum[k] = _mm512_setzero_pd();
    for (int k = 0; k < n; k++) {
      const bool is_close = density_of(task, tables, first + k, &now, &sum[k]);
      task->close[first + k] = is_close;
      if (!is_close) continue;
      close |= (__mmask8)(1u << k);
      plain[k] = mg_plain_density(task, first + k);
    }
    __m512d total = mg_sum8(sum);
    if (close) total = _mm512_mask_loadu_pd(total, close, plain);
    mg_embed_block(task, tables, first, n, total, rho, most_rho);
  }
}

/* --- forces --- */

typedef struct sums {
  __m512d fx, fy, fz, wx, wy, wz;
} sums;

/* Adds g d and g d^2. */
MG_INLINE void add_pair(sums *sum, __m512d g, const mg_lanes *j) {
  const __m512d gx = _mm512_mul_pd(g, j->dx), gy = _mm512_mul_pd(g, j->dy),
                gz = _mm512_mul_pd(g, j->dz);
  sum->fx = _mm512_add_pd(sum->fx, gx);
  sum->fy = _mm512_add_pd(sum->fy, gy);
  sum->fz = _mm512_add_pd(sum->fz, gz);
  sum->wx = _mm512_fmadd_pd(gx, j->dx, sum->wx);
  sum->wy = _mm512_fmadd_pd(gy, j->dy, sum->wy);
  sum->wz = _mm512_fmadd_pd(gz, j->dz, sum->wz);
}

typedef struct geometry {
  mg_lanes j;
  __m512d s, r, inverse; /* r^2, r, 1/r */
} geometry;

MG_INLINE geometry geometry_of(const mg_kernel_task *task, const int32_t *entry, int32_t i) {
  geometry g;
  g.j = mg_load_lanes((const double(*)[4])task->q, entry, task->q[i]);
  g.s = mg_square(&g.j);
  g.r = _mm512_sqrt_pd(g.s);
  g.inverse = _mm512_div_pd(_mm512_set1_pd(1), g.r);
  return g;
}

enum { FAR = MG_PAIR_SKEW + 1, FAR_MANY }; /* after mg_pair_kind */

/* dE/dr of eight far pairs. */
MG_INLINE __m512d far_slope(const mg_pair_pieces *pair, bool many, __m512d r) {
  if (!many)
    return mg_horner1(pair->dfar, MG_DEGREE - 1, _mm512_sub_pd(r, _mm512_set1_pd(pair->far_mid)));
  const __m512i piece = mg_piece_of(pair, r);
  const __m512d mid = mg_pick2(piece, pair->mid, pair->mid + MG_FEW, true);
  return mg_horner(piece, pair->dphi[0], pair->dphi[1], true, MG_DEGREE - 1, _mm512_sub_pd(r, mid));
}

/* dE/dr of eight near pairs of an atom with F' = dF. */
MG_INLINE __m512d near_slope(const mg_pair_pieces *pair, int kind, const geometry *g, double dF) {
  const bool many = kind >= MG_PAIR_MANY;
  const int degree = kind <= MG_PAIR_MANY ? MG_SHORT_DEGREE - 1 : MG_DEGREE - 1;
  const __m512i piece = mg_piece_of(pair, g->r);
  const __m512d t = _mm512_sub_pd(g->r, mg_pick2(piece, pair->mid, pair->mid + MG_FEW, many));
  __m512d slope = mg_horner(piece, pair->dphi[0], pair->dphi[1], many, MG_DEGREE - 1, t);
  if (kind == MG_PAIR_SHORT)
    return _mm512_fmadd_pd(mg_horner(piece, pair->dpsi[0], NULL, false, degree, t), g->j.w, slope);
  const __mmask8 in = _mm512_cmp_pd_mask(g->s, _mm512_set1_pd(pair->psi2), _CMP_LT_OQ);
  if (kind == MG_PAIR_SINGLE) {
    const __m512d t1 = _mm512_sub_pd(g->r, _mm512_set1_pd(pair->psi1_mid));
    return _mm512_mask3_fmadd_pd(mg_horner1(pair->dpsi1, MG_DEGREE - 1, t1), g->j.w, slope, in);
  }
  const __m512d psi = mg_horner(piece, pair->dpsi[0], pair->dpsi[1], true, degree, t);
  slope = _mm512_mask3_fmadd_pd(psi, g->j.w, slope, in);
  if (kind != MG_PAIR_SKEW) return slope;
  const __m512d skew = mg_horner(piece, pair->skew[0], pair->skew[1], true, degree, t);
  return _mm512_mask3_fmadd_pd(skew, _mm512_set1_pd(dF), slope, in);
}

MG_INLINE __m512d slope_of(const mg_pair_pieces *pair, int kind, const geometry *g, double dF) {
  return kind >= FAR ? far_slope(pair, kind == FAR_MANY, g->r) : near_slope(pair, kind, g, dF);
}

/* Adds the forces of one section of atom i. The next vector's geometry, perhaps the next atom's,
 * is begun before this one's is used, so that roots, divisions and loads overlap with
 * polynomials. */
MG_INLINE geometry add_section(const mg_kernel_task *task, const mg_pair_pieces *pair,
                               const int32_t *entry, const int32_t *end, const int32_t *last,
                               int32_t i, int kind, geometry now, sums *sum) {
  const __m512d cut2 = _mm512_set1_pd(pair->phi2);
  sums total = *sum;
  while (entry < end) {
    entry += MG_LANES;
    __builtin_prefetch(entry + LIST_AHEAD);
    const geometry next = geometry_of(task, entry, entry < last ? i : i + 1);
    const __m512d slope = slope_of(pair, kind, &now, task->q[i][3]);
    const __mmask8 in = _mm512_cmp_pd_mask(now.s, cut2, _CMP_LT_OQ);
    add_pair(&total, _mm512_maskz_mul_pd(in, slope, now.inverse), &now.j);
    now = next;
  }
  *sum = total;
  return now;
}

/* The same for kinds that are rarer; apart, to keep the others' loops short. */
static __attribute__((noinline)) void add_rare(const mg_kernel_task *task,
                                               const mg_pair_pieces *pair, const int32_t *entry,
                                               const int32_t *end, const int32_t *last, int32_t i,
                                               int kind, geometry *now, sums *sum) {
  if (kind == FAR_MANY)
    *now = add_section(task, pair, entry, end, last, i, FAR_MANY, *now, sum);
  else if (kind == MG_PAIR_MANY)
    *now = add_section(task, pair, entry, end, last, i, MG_PAIR_MANY, *now, sum);
  else if (kind == MG_PAIR_LONG)
    *now = add_section(task, pair, entry, end, last, i, MG_PAIR_LONG, *now, sum);
  else
    *now = add_section(task, pair, entry, end, last, i, MG_PAIR_SKEW, *now, sum);
}

/* Copies cross the call, so that the sums themselves may stay in registers. */
MG_INLINE geometry rare_section(const mg_kernel_task *task, const mg_pair_pieces *pair,
                                const int32_t *entry, const int32_t *end, const int32_t *last,
                                int32_t i, int kind, geometry now, sums *sum) {
  sums copy = *sum;
  add_rare(task, pair, entry, end, last, i, kind, &now, &copy);
  *sum = copy;
  return now;
}

/* Lanes 0-2: the force on atom i; lanes 3-5: its virial. *now: as in density_of. */
static inline __m512d force_of(const mg_kernel_task *task, const mg_piece_tables *tables, int32_t i,
                               geometry *now) {
  const mg_nlist *list = task->list;
  const int n_species = list->n_species;
  const int32_t *entry = list->entry + list->first[i];
  const int32_t *last = list->entry + list->first[i + 1];
  const uint16_t *end = list->end + (int64_t)i * 2 * n_species;
  const mg_pair_pieces *pair = tables->pair[task->species[i]];
  const __m512d zero = _mm512_setzero_pd();
  sums sum = {zero, zero, zero, zero, zero, zero};
  geometry g = *now;
  int k = 0;
  for (int b = 0; b < n_species; k = end[b++]) {
    const int32_t *from = entry + k, *to = entry + end[b];
    if (pair[b].kind == MG_PAIR_SINGLE)
      g = add_section(task, &pair[b], from, to, last, i, MG_PAIR_SINGLE, g, &sum);
    else if (pair[b].kind == MG_PAIR_SHORT)
      g = add_section(task, &pair[b], from, to, last, i, MG_PAIR_SHORT, g, &sum);
    else
      g = rare_section(task, &pair[b], from, to, last, i, (int)pair[b].kind, g, &sum);
  }
  end += n_species;
  for (int b = 0; b < n_species; k = end[b++]) {
    const int32_t *from = entry + k, *to = entry + end[b];
    if (!pair[b].far_many)
      g = add_section(task, &pair[b], from, to, last, i, FAR, g, &sum);
    else
      g = rare_section(task, &pair[b], from, to, last, i, FAR_MANY, g, &sum);
  }
  *now = g;
  const __m512d v[8] = {sum.fx, sum.fy, sum.fz, sum.wx, sum.wy, sum.wz, zero, zero};
  const __m512d scale = _mm512_setr_pd(1, 1, 1, -0.5, -0.5, -0.5, 0, 0);
  return _mm512_mul_pd(mg_sum8(v), scale);
}

static void force(const mg_kernel_task *task, int32_t begin, int32_t end, double (*f)[3],
                  mg_xsum virial[3]) {
  const mg_piece_tables *tables = task->tables;
  mg_sum8_exact sum = mg_sum8_zero();
  if (begin == end) return;
  geometry now = geometry_of(task, task->list->entry + task->list->first[begin], begin);
  for (int32_t i = begin; i < end; i++) {
    __m512d result;
    if (task->close[i]) {
      double plain[MG_LANES] = {0};
      mg_plain_force(task, i, plain, plain + 3);
      result = _mm512_loadu_pd(plain);
      now = geometry_of(task, task->list->entry + task->list->first[i + 1], i + 1);
    } else {
      result = force_of(task, tables, i, &now);
    }
    mg_store_force(f, i, end, result);
    mg_sum8_add(&sum, result, virial);
  }
  mg_sum8_flush(&sum, virial);
}

static bool supports(const mg_potential *potential) { return mg_pieces_fit(potential); }

const mg_kernel mg_kernel_avx512 = {
    .name = "avx512",
    .summary = "AVX-512, eight pairs at a time, polynomials, double",
    .level = 2,
    .available = available,
    .supports = supports,
    .prepare = mg_pieces_make,
    .density = density,
    .force = force,
    .observe = mg_observe_avx512,
    .list = &mg_list_avx512,
};

#else

static bool never(void) { return false; }
static bool none(const mg_potential *potential) { return potential == NULL; }

const mg_kernel mg_kernel_avx512 = {
    .name = "avx512", .summary = "not compiled in", .available = never, .supports = none};

#endif
