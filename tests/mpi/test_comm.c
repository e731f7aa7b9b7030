/* comm/comm.h: a failure on any rank becomes the same failure on all; sums over ranks have the same
 * bits however the numbers are dealt out; records arrive complete and in order. Truth: the same
 * numbers handled by one process. */
#include "mgmd/base/rng.h"
#include "mpi_check.h"

#include <math.h>
#include <string.h>

enum { N = 2000 };

static const mg_comm *const comm = &mpi_world;

/* Agree while the ranks in @p failing (a bit each) fail; the outcome must be that of the lowest. */
static void check_agreement(unsigned failing) {
  const bool mine = failing >> comm->rank & 1;
  mg_error_clear();
  mg_status status = MG_OK;
  if (mine) status = mg_fail(comm->rank % 2 ? MG_ERR_IO : MG_ERR_RUN, "rank %d", comm->rank);
  status = mg_agree(comm, status);

  int lowest = 0;
  while (lowest < comm->size && !(failing >> lowest & 1)) lowest++;
  const bool none = lowest == comm->size;
  char text[32] = "";
  if (!none) snprintf(text, sizeof text, "rank %d", lowest);
  const mg_status expected = none ? MG_OK : lowest % 2 ? MG_ERR_IO : MG_ERR_RUN;
  ck_assert_all(comm, status == expected && mg_error_code() == expected);
  ck_assert_all(comm, strcmp(mg_error_text(), text) == 0);
}

START_TEST(lowest_failure_wins) {
  for (unsigned failing = 0; failing < 1u << comm->size; failing++) check_agreement(failing);
  mg_error_clear();
}
END_TEST

static mg_status collective_failing_on(int rank) {
  MG_TRY_ALL(comm, comm->rank == rank ? mg_fail(MG_ERR_IO, "on %d", rank) : MG_OK);
  mg_barrier(comm); /* would hang if some had returned */
  return MG_OK;
}

START_TEST(all_return_together) {
  for (int rank = 0; rank <= comm->size; rank++) {
    ck_assert_status_all(comm, collective_failing_on(rank), rank < comm->size ? MG_ERR_IO : MG_OK);
    mg_error_clear();
  }
}
END_TEST

START_TEST(broadcast_from_each) {
  for (int root = 0; root < comm->size; root++) {
    unsigned char data[1001];
    memset(data, comm->rank + 1, sizeof data);
    mg_broadcast(comm, data, sizeof data - 1, root);
    ck_assert_all(comm, data[0] == root + 1 && data[999] == root + 1);
    ck_assert_all(comm, data[1000] == comm->rank + 1);
    mg_broadcast(comm, data, 0, root);
  }
}
END_TEST

/* Numbers over 20 decades, the same on every rank. */
static void make_numbers(double *x) {
  mg_rng rng;
  mg_rng_start(&rng, 5, MG_RNG_JITTER, 0, 0);
  for (int i = 0; i < N; i++)
    x[i] = (mg_rng_uniform(&rng) - 0.5) * pow(10, 20 * mg_rng_uniform(&rng) - 9);
}

/* The owner of number i in dealing @p deal: blocks, round robin, all on one, at random. */
static int owner(int i, int deal) {
  switch (deal) {
  case 0: return i * comm->size / N;
  case 1: return i % comm->size;
  case 2: return comm->size - 1;
  default: break;
  }
  mg_rng rng;
  mg_rng_start(&rng, 6, MG_RNG_JITTER, i, deal);
  return (int)mg_rng_below(&rng, (uint64_t)comm->size);
}

START_TEST(sums_do_not_depend_on_the_deal) {
  double x[N];
  make_numbers(x);
  mg_xsum truth = {0};
  double largest = -INFINITY;
  for (int i = 0; i < N; i++) {
    mg_xsum_add(&truth, x[i]);
    largest = fmax(largest, x[i]);
  }
  for (int deal = 0; deal < 6; deal++) {
    mg_reduction all;
    mg_reduction_start(&all);
    for (int i = 0; i < N; i++) {
      if (owner(i, deal) != comm->rank) continue;
      mg_xsum_add(&all.sum[0], x[i]);
      mg_xsum_add(&all.sum[MG_REDUCE_SUMS - 1], -x[i]);
      all.max[MG_REDUCE_MAXIMA - 1] = fmax(all.max[MG_REDUCE_MAXIMA - 1], x[i]);
      all.count[MG_REDUCE_COUNTS - 1]++;
    }
    mg_reduce(comm, &all);
    ck_assert_all(comm, all.sum[0].total == truth.total);
    ck_assert_all(comm, mg_xsum_value(&all.sum[MG_REDUCE_SUMS - 1]) == -mg_xsum_value(&truth));
    ck_assert_all(comm, all.max[MG_REDUCE_MAXIMA - 1] == largest);
    ck_assert_all(comm, all.count[MG_REDUCE_COUNTS - 1] == N);
    ck_assert_all(comm, all.sum[1].total == 0 && all.max[0] == -INFINITY && all.count[0] == 0);
  }
}
END_TEST

START_TEST(faults_on_one_rank_are_seen_by_all) {
  for (int rank = 0; rank < comm->size; rank++) {
    const double mine = comm->rank == rank ? NAN : 1;
    mg_reduction all;
    mg_reduction_start(&all);
    mg_xsum_add(&all.sum[2], mine);
    all.max[3] = mine;
    mg_reduce(comm, &all);
    ck_assert_all(comm, all.sum[2].poison == 1 && isnan(mg_xsum_value(&all.sum[2])));
    ck_assert_all(comm, isnan(all.max[3]));
    ck_assert_all(comm, isnan(mg_max_all_real(comm, mine)));
    ck_assert_all(comm, mg_any(comm, comm->rank == rank));
  }
  ck_assert_all(comm, !mg_any(comm, false));
}
END_TEST

START_TEST(single_numbers) {
  const int64_t big = (int64_t)1 << 40, size = comm->size, rank = comm->rank;
  ck_assert_all(comm, mg_count_all(comm, big + rank) == size * big + size * (size - 1) / 2);
  ck_assert_all(comm, mg_max_all(comm, -big + rank) == -big + size - 1);
  ck_assert_all(comm, mg_max_all_real(comm, -1.5 - (double)rank) == -1.5);
  ck_assert_all(comm, mg_count_before(comm, 10 + rank) == 10 * rank + rank * (rank - 1) / 2);

  int64_t values[3] = {1, rank, -big};
  ck_assert_status_all(comm, mg_count_vector(comm, values, 3), MG_OK);
  ck_assert_all(comm, values[0] == size && values[1] == size * (size - 1) / 2);
  ck_assert_all(comm, values[2] == -size * big);

  double all[64] = {0};
  mg_gather_real(comm, 0.5 + (double)rank, all);
  bool right = true;
  for (int r = 0; r < comm->size && comm->rank == 0; r++) right = right && all[r] == 0.5 + r;
  ck_assert_all(comm, right);
}
END_TEST

typedef struct parcel {
  int32_t from, to, number;
  char weight[21]; /* an odd size */
} parcel;

/* Where parcel @p number of @p rank goes: by random number, all to the last rank, all to itself. */
static int32_t destination_of(int rank, int number, int pattern) {
  if (pattern == 1) return comm->size - 1;
  if (pattern == 2) return rank;
  mg_rng rng;
  mg_rng_start(&rng, 8, MG_RNG_JITTER, rank, number);
  return (int32_t)mg_rng_below(&rng, (uint64_t)comm->size);
}

/* Ranks send different numbers of parcels, rank 1 none. */
static int parcels_of(int rank) { return rank == 1 ? 0 : 100 + 37 * rank; }

static int next_parcel_to(int me, int from, int number, int pattern) {
  while (number < parcels_of(from) && destination_of(from, number, pattern) != me) number++;
  return number;
}

/* Do the parcels received stand in order of source rank, then of their order there? */
static bool complete_and_ordered(const parcel *got, int64_t n_got, int pattern) {
  int64_t k = 0;
  for (int from = 0; from < comm->size; from++) {
    int number = next_parcel_to(comm->rank, from, 0, pattern);
    for (; number < parcels_of(from); k++) {
      if (k >= n_got || got[k].from != from || got[k].to != comm->rank) return false;
      if (got[k].number != number || got[k].weight[20] != (char)number) return false;
      number = next_parcel_to(comm->rank, from, number + 1, pattern);
    }
  }
  return k == n_got;
}

START_TEST(parcels_arrive_in_order) {
  for (int pattern = 0; pattern < 3; pattern++) {
    static parcel sent[1000];
    static int32_t destination[1000];
    const int n = parcels_of(comm->rank);
    for (int k = 0; k < n; k++) {
      destination[k] = destination_of(comm->rank, k, pattern);
      sent[k] = (parcel){.from = comm->rank, .to = destination[k], .number = k};
      memset(sent[k].weight, k, sizeof sent[k].weight);
    }
    void *got = NULL;
    int64_t n_got = -1;
    ck_assert_status_all(
        comm, mg_exchange(comm, n, destination, sizeof(parcel), sent, &got, &n_got), MG_OK);
    ck_assert_all(comm, complete_and_ordered(got, n_got, pattern));
    mg_free(got);
  }
}
END_TEST

START_TEST(nothing_to_exchange) {
  void *got = NULL;
  int64_t n_got = -1;
  ck_assert_status_all(comm, mg_exchange(comm, 0, NULL, 8, NULL, &got, &n_got), MG_OK);
  ck_assert_all(comm, n_got == 0);
  mg_free(got);
}
END_TEST

START_TEST(exchange_fails_on_all) {
  for (int rank = 0; rank < comm->size; rank++) {
    const int32_t destination[1] = {0};
    void *got = NULL;
    int64_t n_got = -1;
    /* a record larger than any memory, on one rank only */
    ck_assert_status_all(
        comm, mg_exchange(comm, comm->rank == rank, destination, SIZE_MAX / 4, "", &got, &n_got),
        MG_ERR_MEMORY);
    ck_assert_all(comm, got == NULL && n_got == 0 && mg_error_code() == MG_ERR_MEMORY);
    mg_error_clear();
  }
}
END_TEST

START_TEST(parts_of_the_ranks) {
  MPI_Comm half;
  MPI_Comm_split(MPI_COMM_WORLD, comm->rank % 2, 0, &half);
  mg_comm part;
  ck_assert_status_all(comm, mg_comm_from(&part, half), MG_OK);
  MPI_Comm_free(&half); /* the part has its own */
  ck_assert_all(comm, mg_count_all(&part, 1) == (comm->size + 1 - comm->rank % 2) / 2);
  ck_assert_all(comm, mg_max_all(&part, comm->rank) % 2 == comm->rank % 2);
  mg_comm_close(&part);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, lowest_failure_wins);
  tcase_add_test(tests, all_return_together);
  tcase_add_test(tests, broadcast_from_each);
  tcase_add_test(tests, sums_do_not_depend_on_the_deal);
  tcase_add_test(tests, faults_on_one_rank_are_seen_by_all);
  tcase_add_test(tests, single_numbers);
  tcase_add_test(tests, parcels_arrive_in_order);
  tcase_add_test(tests, nothing_to_exchange);
  tcase_add_test(tests, exchange_fails_on_all);
  tcase_add_test(tests, parts_of_the_ranks);
}

MPI_CHECK_MAIN("comm", fill)
