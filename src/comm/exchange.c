/* Sparse all-to-all of fixed-size records: counts by one MPI_Alltoall, then point-to-point between
 * the pairs that have something to say. Used where atoms change owner, when rows go to the writers
 * of a file and for the strain's reference decomposition, never within a time step.
 */
#include "mgmd/base/mem.h"
#include "mgmd/comm/mpi.h"

#include <limits.h>
#include <string.h>

enum { TAG = 71 };

typedef struct plan {
  int size;
  int32_t *n_send, *n_receive; /* [size] records */
  int64_t *at_send, *at_receive; /* [size + 1] first record of each rank */
  MPI_Request *request; /* [2 size] */
  char *sorted;         /* records grouped by destination */
} plan;

static void plan_clear(plan *p) {
  mg_free(p->n_send);
  mg_free(p->n_receive);
  mg_free(p->at_send);
  mg_free(p->at_receive);
  mg_free(p->request);
  mg_free(p->sorted);
}

static mg_status plan_sends(plan *p, int size, int64_t n, const int32_t *destination,
                            size_t record_size, const char *records) {
  p->size = size;
  const size_t ranks = (size_t)size;
  MG_TRY(MG_NEW(p->n_send, ranks));
  MG_TRY(MG_NEW(p->n_receive, ranks));
  MG_TRY(MG_NEW(p->at_send, ranks + 1));
  MG_TRY(MG_NEW(p->at_receive, ranks + 1));
  MG_TRY(MG_NEW(p->request, 2 * ranks));
  MG_TRY(MG_NEW(p->sorted, (size_t)n * record_size));
  MG_REQUIRE(n < INT32_MAX, MG_ERR_RUN, "%lld records on one rank are too many to exchange",
             (long long)n);
  for (int64_t k = 0; k < n; k++) p->n_send[destination[k]]++;
  for (size_t r = 0; r < ranks; r++) {
    p->at_send[r + 1] = p->at_send[r] + p->n_send[r];
    MG_REQUIRE((size_t)p->n_send[r] * record_size <= INT_MAX, MG_ERR_RUN,
               "more than 2 GB from one rank to another; use more ranks");
  }
  int64_t *next = p->at_receive; /* borrowed as a cursor until the receives are known */
  memcpy(next, p->at_send, ranks * sizeof *next);
  for (int64_t k = 0; k < n; k++)
    memcpy(p->sorted + (size_t)next[destination[k]]++ * record_size,
           records + (size_t)k * record_size, record_size);
  memset(next, 0, ranks * sizeof *next);
  return MG_OK;
}

static mg_status plan_receives(plan *p, size_t record_size, char **received) {
  for (int r = 0; r < p->size; r++) p->at_receive[r + 1] = p->at_receive[r] + p->n_receive[r];
  *received = mg_calloc((size_t)p->at_receive[p->size], record_size);
  return *received ? MG_OK : MG_ERR_MEMORY;
}

static void transfer(plan *p, const mg_comm *comm, size_t record_size, char *received) {
  int n_requests = 0;
  const MPI_Comm mpi = mg_comm_mpi(comm);
  memcpy(received + (size_t)p->at_receive[comm->rank] * record_size,
         p->sorted + (size_t)p->at_send[comm->rank] * record_size,
         (size_t)p->n_send[comm->rank] * record_size);
  for (int r = 0; r < p->size; r++) {
    if (r == comm->rank || !p->n_receive[r]) continue;
    MPI_Irecv(received + (size_t)p->at_receive[r] * record_size,
              (int)((size_t)p->n_receive[r] * record_size), MPI_BYTE, r, TAG, mpi,
              &p->request[n_requests++]);
  }
  for (int r = 0; r < p->size; r++) {
    if (r == comm->rank || !p->n_send[r]) continue;
    MPI_Isend(p->sorted + (size_t)p->at_send[r] * record_size,
              (int)((size_t)p->n_send[r] * record_size), MPI_BYTE, r, TAG, mpi,
              &p->request[n_requests++]);
  }
  if (MPI_Waitall(n_requests, p->request, MPI_STATUSES_IGNORE) != MPI_SUCCESS)
    mg_die("exchange of records failed");
}

mg_status mg_exchange(const mg_comm *comm, int64_t n, const int32_t *destination,
                      size_t record_size, const void *records, void **received,
                      int64_t *n_received) {
  plan p = {0};
  char *data = NULL;
  mg_status status =
      mg_agree(comm, plan_sends(&p, comm->size, n, destination, record_size, records));
  if (status == MG_OK) {
    if (MPI_Alltoall(p.n_send, 1, MPI_INT32_T, p.n_receive, 1, MPI_INT32_T, mg_comm_mpi(comm)))
      mg_die("exchange of counts failed");
    status = mg_agree(comm, plan_receives(&p, record_size, &data));
  }
  if (status == MG_OK) {
    transfer(&p, comm, record_size, data);
    *n_received = p.at_receive[p.size];
  } else {
    MG_DELETE(data);
    *n_received = 0;
  }
  *received = data;
  plan_clear(&p);
  return status;
}
