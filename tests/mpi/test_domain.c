/* Claims: every cell has one owner; every rank of a 2-D grid gets its share of the atoms also where
 * notches take some away, to what the thickness of cell planes allows. Truth: counting. The rank
 * grids are larger than the number of ranks that run this: placing cuts needs their atoms only.
 */
#include "mgmd/base/mem.h"
#include "mgmd/base/rng.h"
#include "mgmd/comm/domain.h"
#include "mpi_check.h"

#include <math.h>
#include <string.h>

static const mg_comm *const comm = &mpi_world;

enum { ATOMS = 200000 };
static const double EDGE[3] = {25, 555, 2220}; /* [A] the sample of the paper */

/* Slots with round roots at half height, 123 A deep, 62 A high. */
static bool carved(const double x[3]) {
  const double depth = fmin(x[1], EDGE[1] - x[1]), height = fabs(x[2] - EDGE[2] / 2), root = 31;
  if (height >= root) return false;
  return depth < 123 - root || hypot(depth - (123 - root), height) < root;
}

/* This rank's share of random atoms. @return how many */
static int64_t sample(double (*x)[3]) {
  int64_t n = 0;
  for (int64_t k = comm->rank; k < ATOMS; k += comm->size) {
    mg_rng rng;
    mg_rng_start(&rng, 3, MG_RNG_JITTER, k, 0);
    for (int a = 0; a < 3; a++) x[n][a] = EDGE[a] * mg_rng_uniform(&rng);
    n += !carved(x[n]);
  }
  return n;
}

static void make_grid(mg_grid *grid) {
  mg_box box = {.length = {EDGE[0], EDGE[1], EDGE[2]}, .periodic = {true, false, true}};
  const double lo[3] = {-10, -10, -10}, hi[3] = {EDGE[0] + 10, EDGE[1] + 10, EDGE[2] + 10};
  mg_grid_make(grid, &box, lo, hi, 7.95);
}

/* The owner as the domain tells it, axis by axis. */
static int owner_of(const mg_domain *domain, const mg_grid *grid, const double x[3]) {
  int coord[3] = {0};
  for (int a = 2; a >= 0; a--)
    coord[a] = mg_domain_slab(domain, a, coord, mg_grid_index(grid, a, x[a]));
  return mg_domain_rank(domain, coord);
}

/* Largest share over the mean share. */
static double imbalance(const int dims[3], double (*x)[3], int64_t n) {
  mg_domain domain;
  mg_grid grid;
  int64_t *count, total = 0, most = 0;
  make_grid(&grid);
  const int ranks = dims[0] * dims[1] * dims[2];
  ck_assert_status_all(comm, mg_domain_init(&domain, comm, dims), MG_OK);
  ck_assert_status_all(comm, mg_domain_balance(&domain, comm, &grid, n, (const double(*)[3])x),
                       MG_OK);
  ck_assert_status_all(comm, MG_NEW(count, ranks), MG_OK);
  for (int64_t i = 0; i < n; i++) count[owner_of(&domain, &grid, x[i])]++;
  ck_assert_status_all(comm, mg_count_vector(comm, count, ranks), MG_OK);
  for (int r = 0; r < ranks; r++) {
    total += count[r];
    most = count[r] > most ? count[r] : most;
  }
  ck_assert_int_eq(total, mg_count_all(comm, n));
  mg_free(count);
  mg_domain_clear(&domain);
  return (double)most * ranks / (double)total;
}

START_TEST(shares_are_even_at_notches) {
  double(*x)[3];
  ck_assert_status_all(comm, MG_NEW(x, ATOMS), MG_OK);
  const int64_t n = sample(x);
  /* planes of 4 A in slabs of 70 A: half a plane more or less along either axis is 6 % */
  ck_assert_double_lt(imbalance((int[3]){1, 8, 32}, x, n), 1.14);
  ck_assert_double_lt(imbalance((int[3]){1, 4, 4}, x, n), 1.03);
  ck_assert_double_lt(imbalance((int[3]){2, 2, 2}, x, n), 1.2);
  mg_free(x);
}
END_TEST

START_TEST(every_cell_has_one_owner) {
  double(*x)[3];
  mg_domain domain;
  mg_grid grid;
  make_grid(&grid);
  ck_assert_status_all(comm, MG_NEW(x, ATOMS), MG_OK);
  const int64_t n = sample(x);
  const int dims[3] = {2, 5, 7};
  ck_assert_status_all(comm, mg_domain_init(&domain, comm, dims), MG_OK);
  ck_assert_status_all(comm, mg_domain_balance(&domain, comm, &grid, n, (const double(*)[3])x),
                       MG_OK);
  int64_t cells = 0;
  int c[3];
  for (c[2] = 0; c[2] < dims[2]; c[2]++)
    for (c[1] = 0; c[1] < dims[1]; c[1]++)
      for (c[0] = 0; c[0] < dims[0]; c[0]++) {
        int64_t mine = 1;
        for (int a = 0; a < 3; a++) {
          const int *cut = mg_domain_cuts(&domain, a, c) + c[a];
          ck_assert_int_le(cut[0], cut[1]);
          for (int v = cut[0]; v < cut[1]; v++)
            ck_assert_int_eq(mg_domain_slab(&domain, a, c, v), c[a]);
          mine *= cut[1] - cut[0];
        }
        cells += mine;
      }
  ck_assert_int_eq(cells, (int64_t)grid.n[0] * grid.n[1] * grid.n[2]);
  mg_domain_clear(&domain);
  mg_free(x);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, shares_are_even_at_notches);
  tcase_add_test(tests, every_cell_has_one_owner);
}

MPI_CHECK_MAIN("domain", fill)
