/* Fields and maps of the present configuration, written as a snapshot. */
#include "drive.h"
#include "rows.h"

#include "mgmd/io/config.h"
#include "mgmd/stage/stage.h"

#include <stddef.h>

typedef struct analyze_config {
  mg_names fields;
} analyze_config;

static const mg_param params[] = {
    {.name = "fields",
     .kind = MG_P_NAMES,
     .offset = offsetof(analyze_config, fields),
     .choices = mg_output_fields,
     .doc = "per-atom fields to write; those of output when left out"},
    {.name = NULL},
};

static void check_analyze(const void *data, mg_check *check) {
  (void)data;
  if (!mg_check_needs_atoms(check)) return;
  check->plan.n_snapshots++;
}

static mg_status run(const void *data, mg_run *run) {
  const analyze_config *config = data;
  MG_TRY(mg_stage_begin(run, run->last.temperature, NAN));
  return mg_output_snapshot(run, NULL, NULL, &config->fields);
}

const mg_stage_type mg_stage_analyze = {.name = "analyze",
                                        .summary = "compute and write fields and maps now",
                                        .params = params,
                                        .config_size = sizeof(analyze_config),
                                        .check = check_analyze,
                                        .run = run};
