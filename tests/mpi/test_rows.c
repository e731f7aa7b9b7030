/* io/rows.h: rows come out in the order of their ids over all ranks, each with its own data,
 * however the ids are spread; an id that occurs twice is found. Truth: a formula that gives the
 * row of an id, and the data that belong to it.
 */
#include "mgmd/io/rows.h"
#include "mpi_check.h"

static const mg_comm *const comm = &mpi_world;

/* Row k of all has this id: one after the other, or with gaps of @p step and a head start. */
typedef struct series {
  int64_t n, first, step;
} series;

static const series all[] = {{1, 1, 1},         {2047, 1, 1},          {2049, 5, 1},
                             {40000, 1, 1},     {5000, 7, 1000003},    {3000, 1, (int64_t)1 << 50},
                             {2, 1, (int64_t)1 << 60}, {900, ((int64_t)1 << 40) + 1, 2049}};

/* Row k goes to a rank and a place by chance, the same on all ranks. */
static int64_t deal(const series *s, int64_t **id, double (**data)[2]) {
  int64_t n = 0;
  *id = mg_calloc((size_t)s->n, sizeof **id);
  *data = mg_calloc((size_t)s->n, sizeof **data);
  ck_assert(*id && *data);
  for (int64_t k = 0; k < s->n; k++) {
    const int64_t row = (k * 7919 + 13) % s->n; /* 7919 divides none of the n: a permutation */
    if ((row * 31 + row / 7) % comm->size != comm->rank) continue;
    (*id)[n] = s->first + row * s->step;
    (*data)[n][0] = (double)row + 0.25;
    (*data)[n++][1] = -(double)row;
  }
  return n;
}

static void check_series(const series *s, int64_t per_writer) {
  int64_t *id;
  double(*data)[2];
  void *moved;
  mg_rows rows;
  const int64_t n = deal(s, &id, &data);
  ck_assert_status_all(comm, mg_rows_plan(comm, n, id, per_writer, &rows), MG_OK);
  ck_assert_status_all(comm, mg_rows_move(comm, &rows, sizeof *data, data, &moved), MG_OK);
  const double(*sorted)[2] = moved;
  bool good = rows.total == s->n && rows.offset == mg_count_before(comm, rows.n);
  for (int64_t k = 0; k < rows.n; k++) {
    const int64_t row = rows.offset + k;
    good = good && rows.id[k] == s->first + row * s->step && sorted[k][0] == (double)row + 0.25 &&
           sorted[k][1] == -(double)row;
  }
  ck_assert_all(comm, good);
  mg_free(moved);
  mg_rows_clear(&rows);
  mg_free(id);
  mg_free(data);
}

START_TEST(rows_in_order_of_ids) {
  check_series(&all[_i], MG_ROWS_PER_WRITER);
  check_series(&all[_i], 100);
}
END_TEST

START_TEST(an_id_twice) {
  const int64_t id[3] = {1 + comm->rank, 5000000000 + comm->rank, 77777777777};
  mg_rows rows;
  ck_assert_status_all(comm, mg_rows_plan(comm, 2, id, 1, &rows), MG_OK);
  mg_rows_clear(&rows);
  const int64_t again[2] = {5000000000 + comm->rank, 5000000000};
  ck_assert_status_all(comm, mg_rows_plan(comm, 2, again, 1, &rows), MG_ERR_INTERNAL);
  mg_error_clear();
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_loop_test(tests, rows_in_order_of_ids, 0, (int)(sizeof all / sizeof all[0]));
  tcase_add_test(tests, an_id_twice);
}

MPI_CHECK_MAIN("rows", fill)
