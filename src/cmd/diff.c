/* `mgmd diff A B`: the test of the promise that equal inputs give equal bits. */

#include "mgmd/io/diff.h"

#include "mgmd/base/log.h"
#include "mgmd/cmd/args.h"

#include <errno.h>
#include <string.h>

static const mg_option options[] = {
    {.name = "quiet", .doc = "print nothing; only the exit code tells"}, {0}};
static const char *const notes[] = {
    "A and B are HDF5 files or tables such as thermo.csv. Numbers are compared bit for bit, with "
    "units and boundary conditions; what names the machine and the ranks does not count. Exit code "
    "0: equal, 1: different, 2: not comparable.",
    NULL};
static const char *const examples[] = {
    "mgmd diff out/one/one-000000.h5 out/two/two-000000.h5",
    "mgmd diff out/one/thermo.csv out/two/thermo.csv && echo same bits", NULL};

static mg_status compare_local(const mg_call *call, bool *equal) {
  FILE *lines = mg_log_get_level() == MG_LOG_QUIET ? NULL : stdout;
  MG_TRY(mg_diff_files(call->word[0], call->word[1], lines, equal));
  MG_REQUIRE(fflush(stdout) == 0 && !ferror(stdout), MG_ERR_INPUT,
             "stdout could not be written: %s", strerror(errno));
  return MG_OK;
}

static mg_status run(const mg_comm *comm, const mg_call *call) {
  bool equal = true;
  MG_TRY(mg_agree(comm, comm->rank == 0 ? compare_local(call, &equal) : MG_OK));
  return mg_any(comm, !equal) ? MG_ERR_RUN : MG_OK; /* the lines have told it */
}

const mg_command mg_command_diff = {.name = "diff",
                                    .summary = "tell what differs between two files",
                                    .words = "A B",
                                    .min_words = 2,
                                    .max_words = 2,
                                    .options = options,
                                    .notes = notes,
                                    .examples = examples,
                                    .run = run};
