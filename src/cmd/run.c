/* `mgmd INPUT.yaml`: load and check, then hand over to the pipeline. */

#include "mgmd/stage/run.h"
#include "mgmd/base/timer.h"
#include "mgmd/base/units.h"
#include "mgmd/cmd/input.h"

#include <math.h>

static const mg_option options[] = {
    {.name = "set",
     .argument = "KEY=VALUE",
     .doc = "override a key of the input, as strictly checked",
     .repeats = true},
    {.name = "out", .argument = "DIR", .doc = "output directory, instead of output.directory"},
    {.name = "overwrite", .doc = "replace the run that the output directory holds"},
    {.name = "resume",
     .argument = "auto|FILE",
     .doc = "go on from the newest checkpoint, or from this one; auto starts afresh without any"},
    {.name = "walltime",
     .argument = "TIME",
     .doc = "save, stop and exit with 85 before this time is over, such as 23h50m"},
    {.name = "check", .doc = "only check the input, as `mgmd check` does"},
    {.name = "quiet", .doc = "print nothing but warnings and an error"},
    {.name = "verbose", .doc = "print more; of a wrong input, every mistake"},
    {0}};
static const char *const examples[] = {
    "mgmd inputs/quickstart.yaml", "mpirun -n 2 mgmd inputs/quickstart.yaml --out out/second",
    "mpirun -n 64 mgmd inputs/notched_compress.yaml --resume auto --walltime 23h50m",
    "mgmd inputs/quickstart.yaml --set compress.rate=\"8e9 1/s\" --check", NULL};

static mg_status read_options(const mg_call *call, mg_run_options *given) {
  const char *walltime = mg_call_value(call, "walltime", NULL);
  *given = (mg_run_options){.overwrite = mg_call_has(call, "overwrite"),
                            .resume = mg_call_value(call, "resume", NULL),
                            .walltime = INFINITY,
                            .started = mg_clock()};
  MG_REQUIRE(!given->overwrite || !given->resume, MG_ERR_INPUT,
             "--resume and --overwrite exclude each other; write one of them");
  if (!walltime) return MG_OK;
  if (mg_units_parse(walltime, MG_DIM_WALL_TIME, &given->walltime) == MG_OK &&
      given->walltime > 0)
    return MG_OK;
  mg_error_clear();
  return mg_fail(MG_ERR_INPUT, "--walltime: '%.40s' is no wall-clock time above 0; write 23h50m, "
                 "90 min or 3600 s", walltime);
}

static mg_status run(const mg_comm *comm, const mg_call *call) {
  mg_run_options options_given;
  MG_TRY(mg_agree(comm, read_options(call, &options_given)));
  if (mg_call_has(call, "check")) return mg_input_check(comm, call);
  mg_pipeline *pipeline = NULL;
  const mg_check_mode mode = options_given.resume ? MG_CHECK_RESUME : MG_CHECK_RUN;
  MG_TRY(mg_input_load(comm, call, mode, &pipeline));
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
