/** What `mgmd INPUT.yaml` and `mgmd check INPUT.yaml` share. */
#ifndef MGMD_CMD_INPUT_H
#define MGMD_CMD_INPUT_H

#include "mgmd/cmd/args.h"
#include "mgmd/stage/pipeline.h"

/** Load and check the input named by the call with its --set and --out.
 *
 *  With --verbose all mistakes are printed here and the record is left empty. Collective.
 *  @param[out] pipeline  release with mg_pipeline_destroy; NULL on failure
 *  @return agreed status */
mg_status mg_input_load(const mg_comm *comm, const mg_call *call, mg_check_mode mode,
                        mg_pipeline **pipeline);

/** `mgmd check` and `--check`: load, check, tell what the run would be. Writes no file.
 *  Collective; agreed status. */
mg_status mg_input_check(const mg_comm *comm, const mg_call *call);

#endif
