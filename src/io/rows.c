#include "mgmd/io/rows.h"

#include "mgmd/base/mem.h"

#include <string.h>

typedef struct numbered {
  int64_t id, at;
} numbered;

/* One pass of a radix sort, by the digit that starts at bit @p shift of id - least. */
enum { DIGIT = 11 };

static void pass(const numbered *from, numbered *to, int64_t n, int64_t least, int shift) {
  const int64_t mask = (1 << DIGIT) - 1;
  int64_t next[1 << DIGIT] = {0}, sum = 0;
  for (int64_t k = 0; k < n; k++) next[(from[k].id - least) >> shift & mask]++;
  for (int64_t d = 0; d <= mask; d++) {
    const int64_t count = next[d];
    next[d] = sum;
    sum += count;
  }
  for (int64_t k = 0; k < n; k++) to[next[(from[k].id - least) >> shift & mask]++] = from[k];
}

/* Sort by id, with as many passes as the range of ids needs: two for four million.
 * @param[in,out] rows  2 n of them, the first n in use
 * @return those of the two halves that are sorted */
static const numbered *sort_by_id(numbered *rows, int64_t n) {
  int64_t least = n ? rows[0].id : 0, most = least;
  for (int64_t k = 0; k < n; k++) {
    if (rows[k].id < least) least = rows[k].id;
    if (rows[k].id > most) most = rows[k].id;
  }
  numbered *from = rows, *to = rows + n;
  for (int shift = 0; shift < 63 && (most - least) >> shift > 0; shift += DIGIT) {
    pass(from, to, n, least, shift);
    numbered *const other = from;
    from = to;
    to = other;
  }
  return from;
}

/* Local: where each row goes. Ranges are equal in ids, hence nearly so in atoms; writers are spread
 * over the ranks, hence over the nodes. */
static mg_status choose(mg_rows *rows, int64_t n, const int64_t *id, int64_t max, int64_t writers,
                        int64_t size) {
  const int64_t width = (max - 1) / writers + 1;
  rows->n_given = n;
  MG_TRY(MG_NEW(rows->destination, n));
  for (int64_t k = 0; k < n; k++) {
    MG_REQUIRE(id[k] >= 1, MG_ERR_INTERNAL, "an atom has the id %lld; ids count from 1",
               (long long)id[k]);
    rows->destination[k] = (int32_t)((id[k] - 1) / width * size / writers);
  }
  return MG_OK;
}

/* Local: sort what came. */
static mg_status sort(mg_rows *rows, const int64_t *received) {
  MG_TRY(MG_NEW(rows->id, rows->n));
  MG_TRY(MG_NEW(rows->order, rows->n));
  numbered *both;
  MG_TRY(MG_NEW(both, 2 * rows->n));
  for (int64_t k = 0; k < rows->n; k++) both[k] = (numbered){received[k], k};
  const numbered *sorted = sort_by_id(both, rows->n);
  mg_status status = MG_OK;
  for (int64_t k = 0; k < rows->n; k++) {
    rows->id[k] = sorted[k].id;
    rows->order[k] = sorted[k].at;
    if (k > 0 && sorted[k].id == sorted[k - 1].id)
      status = mg_fail(MG_ERR_INTERNAL, "the atom id %lld occurs twice", (long long)sorted[k].id);
  }
  mg_free(both);
  return status;
}

bool mg_rows_alone(const mg_rows *rows) { return rows->total < 2 * MG_ROWS_PER_WRITER; }

mg_status mg_rows_plan(const mg_comm *comm, int64_t n, const int64_t *id, int64_t per_writer,
                       mg_rows *rows) {
  memset(rows, 0, sizeof *rows);
  rows->total = mg_count_all(comm, n);
  int64_t writers = rows->total / per_writer;
  if (writers < 1) writers = 1;
  if (writers > comm->size) writers = comm->size;
  int64_t max = 1;
  for (int64_t k = 0; k < n; k++)
    if (id[k] > max) max = id[k];
  max = mg_max_all(comm, max);
  mg_status status = mg_agree(comm, choose(rows, n, id, max, writers, comm->size));
  void *received = NULL;
  if (status == MG_OK)
    status = mg_exchange(comm, n, rows->destination, sizeof *id, id, &received, &rows->n);
  if (status == MG_OK) status = mg_agree(comm, sort(rows, received));
  mg_free(received);
  if (status == MG_OK)
    rows->offset = mg_count_before(comm, rows->n);
  else
    mg_rows_clear(rows);
  return status;
}

mg_status mg_rows_move(const mg_comm *comm, const mg_rows *rows, size_t size, const void *data,
                       void **sorted) {
  void *received = NULL;
  int64_t n = 0;
  *sorted = NULL;
  MG_TRY(mg_exchange(comm, rows->n_given, rows->destination, size, data, &received, &n));
  mg_status status = MG_OK;
  *sorted = mg_calloc((size_t)n, size);
  if (*sorted) {
    for (int64_t k = 0; k < n; k++)
      memcpy((char *)*sorted + (size_t)k * size,
             (const char *)received + (size_t)rows->order[k] * size, size);
  } else {
    status = MG_ERR_MEMORY;
  }
  mg_free(received);
  status = mg_agree(comm, status);
  if (status != MG_OK) MG_DELETE(*sorted);
  return status;
}

void mg_rows_clear(mg_rows *rows) {
  mg_free(rows->destination);
  mg_free(rows->id);
  mg_free(rows->order);
  memset(rows, 0, sizeof *rows);
}
