/* `mgmd info FILE`: one rank looks, one rank prints. */

#include "mgmd/io/info.h"

#include "mgmd/cmd/series.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const mg_option options[] = {
    MG_OPTION_SPECIES,
    {.name = "frame",
     .argument = "NUMBER",
     .doc = "of several configurations the one to tell about: 0 is the first, -1 the last; default "
            "0"},
    {.name = "hash", .doc = "print hashes of the contents of an HDF5 file instead"},
    {0}};
static const char *const notes[] = {
    "FILE is an mgmd snapshot, a LAMMPS data or dump file or extended XYZ. Equal hashes mean equal "
    "numbers bit for bit, whatever machine and number of ranks wrote them.",
    NULL};
static const char *const examples[] = {"mgmd info out/quickstart/quickstart-000000.h5",
                                       "mgmd info out/quickstart/quickstart-000000.h5 --hash",
                                       NULL};

static mg_status print_local(const mg_call *call, const mg_names *species) {
  int64_t frame = 0;
  MG_TRY(mg_call_integer(call, "frame", INT32_MIN, INT32_MAX, &frame));
  MG_TRY(mg_info_file(call->word[0], species, frame, mg_call_has(call, "hash"), stdout));
  MG_REQUIRE(fflush(stdout) == 0 && !ferror(stdout), MG_ERR_IO, "stdout could not be written: %s",
             strerror(errno));
  return MG_OK;
}

static mg_status run(const mg_comm *comm, const mg_call *call) {
  mg_names species = {0};
  MG_TRY(mg_option_species(call, &species));
  return mg_agree(comm, comm->rank == 0 ? print_local(call, &species) : MG_OK);
}

const mg_command mg_command_info = {.name = "info",
                                    .summary = "tell what is in a configuration file",
                                    .words = "FILE",
                                    .min_words = 1,
                                    .max_words = 1,
                                    .options = options,
                                    .notes = notes,
                                    .examples = examples,
                                    .run = run};
