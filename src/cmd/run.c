/* `mgmd INPUT.yaml`: load and check, then hand over to the pipeline. */

#include "mgmd/stage/run.h"
#include "mgmd/cmd/input.h"

static const mg_option options[] = {
    {.name = "set",
     .argument = "KEY=VALUE",
     .doc = "override a key of the input, as strictly checked",
     .repeats = true},
    {.name = "out", .argument = "DIR", .doc = "output directory, instead of output.directory"},
    {.name = "overwrite", .doc = "replace the run that the output directory holds"},
    {.name = "check", .doc = "only check the input, as `mgmd check` does"},
    {.name = "quiet", .doc = "print nothing but warnings and an error"},
    {.name = "verbose", .doc = "print more; of a wrong input, every mistake"},
    {.name = "resume",
     .argument = "auto|FILE",
     .doc = "a run starts afresh, over an earlier one by --overwrite",
     .later = true},
    {.name = "walltime",
     .argument = "TIME",
     .doc = "leave it out and ask the batch system for enough time",
     .later = true},
    {0}};
static const char *const examples[] = {
    "mgmd inputs/quickstart.yaml", "mpirun -n 2 mgmd inputs/quickstart.yaml --out out/second",
    "mgmd inputs/quickstart.yaml --set compress.rate=\"8e9 1/s\" --check", NULL};

static mg_status run(const mg_comm *comm, const mg_call *call) {
  if (mg_call_has(call, "check")) return mg_input_check(comm, call);
  mg_pipeline *pipeline = NULL;
  MG_TRY(mg_input_load(comm, call, false, &pipeline));
  const mg_run_options options_given = {.overwrite = mg_call_has(call, "overwrite")};
  const mg_status status = mg_pipeline_run(comm, pipeline, &options_given);
  mg_pipeline_destroy(&pipeline);
  return status;
}

const mg_command mg_command_run = {.name = "",
                                   .summary = "do the stages of an input",
                                   .words = "INPUT.yaml",
                                   .min_words = 1,
                                   .max_words = 1,
                                   .options = options,
                                   .examples = examples,
                                   .run = run};
