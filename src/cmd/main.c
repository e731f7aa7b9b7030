/* Parse, start MPI, run one command, report once. Everything else is in the commands. */

#include "mgmd/base/log.h"
#include "mgmd/base/stop.h"
#include "mgmd/cmd/args.h"
#include "mgmd/comm/mpi.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Help must answer at once, also where MPI cannot start (a login node); but under a launcher every
 * process has to join, or they would all print and one that ends early would take the rest down. */
static bool launched(void) {
  static const char *const signs[] = {
      "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID", "PALS_RANKID",
      "MV2_COMM_WORLD_SIZE",  NULL};
  for (int k = 0; signs[k]; k++)
    if (getenv(signs[k])) return true;
  return false;
}

static mg_log_level log_level(const mg_call *call) {
  mg_log_level level = MG_LOG_NORMAL;
  for (int k = 0; k < call->n_given; k++) {
    if (strcmp(call->given[k].option->name, "quiet") == 0) level = MG_LOG_QUIET;
    if (strcmp(call->given[k].option->name, "verbose") == 0) level = MG_LOG_VERBOSE;
  }
  return level;
}

int main(int argc, char **argv) {
  mg_call call;
  signal(SIGXFSZ, SIG_IGN); /* a file-size limit is told as a failed write */
  mg_comm comm = {.rank = 0, .size = 1};
  mg_status status = mg_call_parse(argc, argv, &call);
  /* before MPI, which takes a while to start: a signal meanwhile must not end the run */
  if (status == MG_OK && call.command == &mg_command_run) mg_stop_listen();
  const bool parallel = status != MG_OK || !call.command->alone || launched();
  if (parallel) {
    const mg_status opened = mg_comm_open(&comm, &argc, &argv);
    status = opened == MG_OK ? mg_agree(&comm, status) : opened;
  }
  mg_log_open(log_level(&call), comm.rank == 0);
  if (status == MG_OK) status = call.command->run(&comm, &call);
  if (status != MG_OK && *mg_error_text()) mg_log_error(mg_error_text());
  mg_call_clear(&call);
  if (comm.mpi) mg_barrier(&comm); /* a launcher kills the others as soon as one rank fails */
  mg_comm_close(&comm);
  return mg_exit_code(status);
}
