/* Agreement, broadcast, the one reduction and the sparse all-to-all.
 *
 * Floating-point numbers are never added by MPI: sums travel as the integers of mg_xsum, combined
 * by an operation of our own, so that the order in which ranks are combined cannot matter.
 */
#include "mgmd/comm/mpi.h"
#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mg_comm_private {
  MPI_Comm comm;
  MPI_Datatype reduction_type;
  MPI_Op reduction_op;
  bool owns_mpi;
};

MPI_Comm mg_comm_mpi(const mg_comm *comm) { return comm->mpi->comm; }

/* A failing MPI call leaves nothing to agree with: the last resort. */
static void must(int code, const char *what) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = "";
  int length;
  MPI_Error_string(code, text, &length);
  mg_die("%s failed: %s", what, text);
}

static void die(int exit_code) { MPI_Abort(MPI_COMM_WORLD, exit_code); }

/* MPI may hand over buffers with less alignment than __int128 wants: work on copies. */
static void combine(void *in, void *inout, int *count, MPI_Datatype *type) {
  (void)type;
  for (int k = 0; k < *count; k++) {
    mg_reduction a, b;
    memcpy(&a, (char *)in + (size_t)k * sizeof a, sizeof a);
    memcpy(&b, (char *)inout + (size_t)k * sizeof b, sizeof b);
    for (int s = 0; s < MG_REDUCE_SUMS; s++) mg_xsum_merge(&b.sum[s], &a.sum[s]);
    for (int m = 0; m < MG_REDUCE_MAXIMA; m++)
      if (a.max[m] > b.max[m] || isnan(a.max[m])) b.max[m] = a.max[m];
    for (int c = 0; c < MG_REDUCE_COUNTS; c++) b.count[c] += a.count[c];
    memcpy((char *)inout + (size_t)k * sizeof b, &b, sizeof b);
  }
}

mg_status mg_comm_from(mg_comm *comm, MPI_Comm parent) {
  memset(comm, 0, sizeof *comm);
  MPI_Comm_rank(parent, &comm->rank);
  MPI_Comm_size(parent, &comm->size);
  /* an agreement before there is mg_agree */
  int failed = MG_NEW(comm->mpi, 1) != MG_OK;
  must(MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, parent), "agreement");
  if (failed) {
    MG_DELETE(comm->mpi);
    return mg_fail(MG_ERR_MEMORY, "out of memory on another rank");
  }
  must(MPI_Comm_dup(parent, &comm->mpi->comm), "MPI_Comm_dup");
  MPI_Comm_set_errhandler(comm->mpi->comm, MPI_ERRORS_RETURN);
  must(MPI_Type_contiguous((int)sizeof(mg_reduction), MPI_BYTE, &comm->mpi->reduction_type),
       "MPI_Type_contiguous");
  must(MPI_Type_commit(&comm->mpi->reduction_type), "MPI_Type_commit");
  must(MPI_Op_create(combine, 1, &comm->mpi->reduction_op), "MPI_Op_create");
  return MG_OK;
}

mg_status mg_comm_open(mg_comm *comm, int *argc, char ***argv) {
  MG_REQUIRE(MPI_Init(argc, argv) == MPI_SUCCESS, MG_ERR_INTERNAL, "MPI could not be started");
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  mg_die_handler(die);
  const mg_status status = mg_comm_from(comm, MPI_COMM_WORLD);
  if (status == MG_OK)
    comm->mpi->owns_mpi = true;
  else
    MPI_Finalize();
  return status;
}

void mg_comm_close(mg_comm *comm) {
  if (!comm->mpi) return;
  const bool owns_mpi = comm->mpi->owns_mpi;
  MPI_Op_free(&comm->mpi->reduction_op);
  MPI_Type_free(&comm->mpi->reduction_type);
  MPI_Comm_free(&comm->mpi->comm);
  MG_DELETE(comm->mpi);
  if (owns_mpi) {
    mg_die_handler(NULL);
    MPI_Finalize();
  }
}

mg_status mg_agree(const mg_comm *comm, mg_status local) {
  const int none = INT_MAX;
  int first = local == MG_OK ? none : comm->rank;
  must(MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm->mpi->comm), "agreement");
  if (first == none) return MG_OK;
  struct {
    int code;
    char text[MG_ERROR_TEXT];
  } record;
  memset(&record, 0, sizeof record);
  record.code = (int)local;
  snprintf(record.text, sizeof record.text, "%s", mg_error_text());
  mg_broadcast(comm, &record, sizeof record, first);
  mg_error_set((mg_status)record.code, record.text);
  return (mg_status)record.code;
}

void mg_broadcast(const mg_comm *comm, void *data, size_t bytes, int root) {
  const size_t most = 1 << 30;
  for (size_t done = 0; done < bytes; done += most) {
    const size_t part = bytes - done < most ? bytes - done : most;
    must(MPI_Bcast((char *)data + done, (int)part, MPI_BYTE, root, comm->mpi->comm), "broadcast");
  }
}

void mg_barrier(const mg_comm *comm) { must(MPI_Barrier(comm->mpi->comm), "barrier"); }

void mg_reduction_start(mg_reduction *reduction) {
  memset(reduction, 0, sizeof *reduction);
  for (int m = 0; m < MG_REDUCE_MAXIMA; m++) reduction->max[m] = -INFINITY;
}

void mg_reduce(const mg_comm *comm, mg_reduction *reduction) {
  if (comm->size == 1) return;
  must(MPI_Allreduce(MPI_IN_PLACE, reduction, 1, comm->mpi->reduction_type, comm->mpi->reduction_op,
                     comm->mpi->comm),
       "reduction");
}

int64_t mg_count_all(const mg_comm *comm, int64_t local) {
  must(MPI_Allreduce(MPI_IN_PLACE, &local, 1, MPI_INT64_T, MPI_SUM, comm->mpi->comm), "count");
  return local;
}

int64_t mg_max_all(const mg_comm *comm, int64_t local) {
  must(MPI_Allreduce(MPI_IN_PLACE, &local, 1, MPI_INT64_T, MPI_MAX, comm->mpi->comm), "maximum");
  return local;
}

double mg_max_all_real(const mg_comm *comm, double local) {
  mg_reduction reduction;
  mg_reduction_start(&reduction);
  reduction.max[0] = local;
  mg_reduce(comm, &reduction);
  return reduction.max[0];
}

int64_t mg_count_before(const mg_comm *comm, int64_t local) {
  int64_t before = 0;
  must(MPI_Exscan(&local, &before, 1, MPI_INT64_T, MPI_SUM, comm->mpi->comm), "prefix count");
  return comm->rank == 0 ? 0 : before;
}

bool mg_any(const mg_comm *comm, bool local) { return mg_max_all(comm, local) > 0; }

mg_status mg_count_vector(const mg_comm *comm, int64_t *values, int64_t n) {
  MG_REQUIRE(n <= INT_MAX, MG_ERR_RUN, "%lld counters are too many for one message", (long long)n);
  must(MPI_Allreduce(MPI_IN_PLACE, values, (int)n, MPI_INT64_T, MPI_SUM, comm->mpi->comm),
       "vector count");
  return MG_OK;
}

/* 128 bits go as four limbs of 32, the highest with the sign: 2^31 ranks cannot overflow. */
mg_status mg_sum_vector(const mg_comm *comm, mg_xsum *sums, int64_t n) {
  enum { LIMBS = 4, EACH = LIMBS + 1 };
  int64_t *limb;
  if (comm->size == 1) return MG_OK;
  mg_status status = mg_agree(comm, MG_NEW(limb, EACH * n));
  for (int64_t k = 0; status == MG_OK && k < n; k++) {
    mg_int128 rest = sums[k].total;
    for (int l = 0; l < LIMBS - 1; l++, rest >>= 32)
      limb[EACH * k + l] = (int64_t)(rest & UINT32_MAX);
    limb[EACH * k + LIMBS - 1] = (int64_t)rest;
    limb[EACH * k + LIMBS] = sums[k].poison;
  }
  if (status == MG_OK) status = mg_count_vector(comm, limb, EACH * n);
  for (int64_t k = 0; status == MG_OK && k < n; k++) {
    mg_int128 total = limb[EACH * k + LIMBS - 1];
    for (int l = LIMBS - 2; l >= 0; l--) total = total * ((mg_int128)1 << 32) + limb[EACH * k + l];
    sums[k] = (mg_xsum){total, limb[EACH * k + LIMBS]};
  }
  mg_free(limb);
  return status;
}

void mg_gather_real(const mg_comm *comm, double value, double *all) {
  must(MPI_Gather(&value, 1, MPI_DOUBLE, all, 1, MPI_DOUBLE, 0, comm->mpi->comm), "gather");
}
