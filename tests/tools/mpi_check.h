/** Check under MPI: tests run in one process per rank (CK_NOFORK), rank 0 reports, the verdict is
 *  agreed.
 *
 *  A failed ck_assert leaves the test by longjmp. On one rank alone that strands the others in
 *  their next collective call until the outer timeout ends them. Conditions that may differ
 *  between ranks therefore go through ck_assert_all(), which agrees first. Plain ck_assert is for
 *  values that are equal on all ranks by contract.
 *
 *      START_TEST(sums_agree) { ck_assert_all(&mpi_world, total == 10); } END_TEST
 *      static void fill(TCase *tests) { tcase_add_test(tests, sums_agree); }
 *      MPI_CHECK_MAIN("reduce", fill)
 */
#ifndef MGMD_TESTS_MPI_CHECK_H
#define MGMD_TESTS_MPI_CHECK_H

#include "mgmd/base/mem.h"
#include "mgmd/comm/mpi.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

/** All ranks; open while tests run. */
static mg_comm mpi_world;

/** Failures so far that all ranks know of, and rank 0 reports. */
static int mpi_check_agreed;

/** The lowest rank on which @p holds is false, or the number of ranks when there is none. It uses
 *  MPI itself, not the verbs under test. Collective. */
static inline int mpi_check_first_failure(const mg_comm *comm, bool holds) {
  const int mine = holds ? comm->size : comm->rank;
  int first = 0;
  MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, mg_comm_mpi(comm));
  if (first < comm->size) mpi_check_agreed++;
  return first;
}

/** Assert that @p condition holds on every rank of @p comm. Collective. */
#define ck_assert_all(comm, condition)                                                             \
  do {                                                                                             \
    const int first_ = mpi_check_first_failure((comm), (condition));                               \
    if (first_ < (comm)->size) ck_abort_msg("'%s' fails on rank %d", #condition, first_);          \
  } while (0)

/** Assert that a collective call gave @p expected on every rank. Collective. */
#define ck_assert_status_all(comm, call, expected)                                                 \
  do {                                                                                             \
    const mg_status status_ = (call);                                                              \
    const int first_ = mpi_check_first_failure((comm), status_ == (expected));                     \
    if (first_ < (comm)->size)                                                                     \
      ck_abort_msg("'%s' is not %s on rank %d; here %d: %s", #call, #expected, first_,             \
                   (int)status_, mg_error_text());                                                 \
  } while (0)

/** Tell at once what this rank has found and rank 0 perhaps has not: it may wait for us in vain. */
static inline void mpi_check_tell(SRunner *runner, int failed) {
  if (mpi_world.rank == 0 || failed <= mpi_check_agreed) return;
  TestResult **results = srunner_failures(runner);
  for (int k = 0; k < failed; k++)
    fprintf(stderr, "rank %d: %s:%d: %s\n", mpi_world.rank, tr_lfile(results[k]),
            tr_lno(results[k]), tr_msg(results[k]));
  free(results);
}

/** Run one suite; the exit code of the program, equal on all ranks. Blocks that a test leaves
 *  allocated count as a failure. */
static inline int mpi_check_main(int argc, char **argv, const char *name, void (*fill)(TCase *)) {
  MPI_Init(&argc, &argv);
  if (mg_comm_from(&mpi_world, MPI_COMM_WORLD) != MG_OK) MPI_Abort(MPI_COMM_WORLD, 3);
  Suite *suite = suite_create(name);
  TCase *tests = tcase_create(name);
  tcase_set_timeout(tests, 0);
  fill(tests);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_NOFORK);
  srunner_run_all(runner, mpi_world.rank == 0 ? CK_NORMAL : CK_SILENT);

  const int failed = srunner_ntests_failed(runner);
  mpi_check_tell(runner, failed);
  srunner_free(runner);
  const int rank = mpi_world.rank;
  mg_comm_close(&mpi_world);
  const long long left = (long long)mg_mem_live();
  if (left != 0 && failed == 0) fprintf(stderr, "rank %d: %lld blocks not freed\n", rank, left);
  int verdict = failed != 0 || left != 0;
  MPI_Allreduce(MPI_IN_PLACE, &verdict, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return verdict;
}

#define MPI_CHECK_MAIN(name, fill)                                                                 \
  int main(int argc, char **argv) { return mpi_check_main(argc, argv, (name), (fill)); }

#endif
