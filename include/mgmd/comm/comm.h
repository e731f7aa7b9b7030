/** The ranks that run together, and agreement between them.
 *
 *  Only comm, io and cmd see <mpi.h>; everyone else holds a `const mg_comm *` and these verbs, each
 *  of which carries a contract, not a one-to-one MPI wrapper.
 */
#ifndef MGMD_COMM_COMM_H
#define MGMD_COMM_COMM_H

#include "mgmd/base/error.h"
#include "mgmd/base/xsum.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The communicator is kept private to comm/mpi.h. rank and size are for everyone to read. */
typedef struct mg_comm {
  int rank, size;
  struct mg_comm_private *mpi;
} mg_comm;

/** Make the agreed status: the lowest failing rank's code and text on every rank.
 *
 *  Law: between a local failure and the next mg_agree there is no communication and no early
 *  return.  Collective.
 *  @param[in] local  this rank's status, its record set when it failed
 *  @return the same status on every rank; the record is then equal too  */
mg_status mg_agree(const mg_comm *comm, mg_status local);

/** MG_TRY for a local call inside a collective function: agrees, then returns on failure. */
#define MG_TRY_ALL(comm, call) MG_TRY(mg_agree((comm), (call)))

/** Copy @p bytes bytes from @p root to all. Collective. */
void mg_broadcast(const mg_comm *comm, void *data, size_t bytes, int root);

void mg_barrier(const mg_comm *comm);

/** Everything one step needs from the other ranks, in one message: exact sums, maxima, counts.
 *  Unused entries stay zero (maxima: -infinity by mg_reduction_start). */
enum { MG_REDUCE_SUMS = 16, MG_REDUCE_MAXIMA = 12, MG_REDUCE_COUNTS = 6 };
typedef struct mg_reduction {
  mg_xsum sum[MG_REDUCE_SUMS];
  double max[MG_REDUCE_MAXIMA];    /**< a NaN on any rank gives NaN */
  int64_t count[MG_REDUCE_COUNTS]; /**< added */
} mg_reduction;

void mg_reduction_start(mg_reduction *reduction);

/** Combine over all ranks, in place; associative, so the same bits for any rank count.
 *  Collective. */
void mg_reduce(const mg_comm *comm, mg_reduction *reduction);

/** Conveniences for single numbers. Collective. */
int64_t mg_count_all(const mg_comm *comm, int64_t local);    /**< sum */
int64_t mg_max_all(const mg_comm *comm, int64_t local);      /**< maximum */
double mg_max_all_real(const mg_comm *comm, double local);   /**< maximum; NaN wins */
int64_t mg_count_before(const mg_comm *comm, int64_t local); /**< sum over lower ranks */
bool mg_any(const mg_comm *comm, bool local);                /**< logical or */

/** Element-wise sum of n integers, in place. Collective. */
mg_status mg_count_vector(const mg_comm *comm, int64_t *values, int64_t n);

/** Element-wise sum of n exact sums, in place; the same bits for any number of ranks. Collective;
 *  agreed. */
mg_status mg_sum_vector(const mg_comm *comm, mg_xsum *sums, int64_t n);

/** Gather one double from each rank to rank 0 (timing reports), @p all is [size] there.
 *  Collective. */
void mg_gather_real(const mg_comm *comm, double value, double *all);

/** Sparse all-to-all: send each fixed-size record to its destination rank.
 *
 *  Received records are ordered by source rank, then by their order there.  Collective.
 *  @param[in]  n            records to send
 *  @param[in]  destination  [n] ranks
 *  @param[in]  record_size  bytes of one record, equal on all ranks
 *  @param[in]  records      [n] records
 *  @param[out] received     [n_received] records; owned by the caller, release with mg_free
 *  @return agreed status  */
mg_status mg_exchange(const mg_comm *comm, int64_t n, const int32_t *destination,
                      size_t record_size, const void *records, void **received,
                      int64_t *n_received);

#endif
