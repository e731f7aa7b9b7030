/* Fields, structure and maps of the present configuration, written as a snapshot. Nothing moves. */
#include "drive.h"
#include "rows.h"

#include "mgmd/io/config.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

typedef struct analyze_config {
  mg_names fields, compute;
  double range, bin, cutoff, grid;
  int64_t neighbours;
  int positions;
} analyze_config;

static const mg_param params[] = {
    {.name = "fields",
     .kind = MG_P_NAMES,
     .offset = offsetof(analyze_config, fields),
     .choices = mg_output_fields,
     .doc = "per-atom fields to write; those of output when left out"},
    {.name = "compute",
     .kind = MG_P_NAMES,
     .offset = offsetof(analyze_config, compute),
     .choices = mg_structure_words,
     .doc = "what to find out besides; nothing when left out, while the command analyze then does "
            "all"},
    {.name = "range",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(analyze_config, range),
     .fallback = "1 nm",
     .min = 2,
     .max = 200,
     .doc = "how far radial_distribution looks"},
    {.name = "bin",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(analyze_config, bin),
     .fallback = "0.02 A",
     .min = 0.001,
     .max = 2,
     .doc = "width of its bins"},
    {.name = "cutoff",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(analyze_config, cutoff),
     .min = 0.5,
     .max = 50,
     .doc =
         "neighbours of the coordination; left out: up to the first minimum of each partial g(r)"},
    {.name = "neighbours",
     .kind = MG_P_INT,
     .offset = offsetof(analyze_config, neighbours),
     .fallback = "12",
     .min = 2,
     .max = 32,
     .doc = "nearest neighbours of centrosymmetry, an even number: 12 for fcc, 8 for bcc"},
    {.name = "grid",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(analyze_config, grid),
     .fallback = "1 nm",
     .min = 1,
     .max = 1e6,
     .doc = "edge of the cells of grid"},
    {.name = "positions",
     .kind = MG_P_CHOICE,
     .offset = offsetof(analyze_config, positions),
     .fallback = "instantaneous",
     .choices = mg_positions_words,
     .doc = "time_averaged makes all strains of the run of mean positions, as output.positions "
            "does"},
    {.name = NULL},
};

/* What is asked for, and whether the keys that are written have a say in it. */
static void check_tasks(const analyze_config *config, mg_check *check) {
  const mg_plan *plan = &check->plan;
  unsigned tasks = 0;
  if (config->compute.n > 0 && mg_structure_choose(&config->compute, &tasks) != MG_OK) {
    mg_check_fail(check, "compute", "%s", mg_error_text());
    mg_error_clear(); /* it has become a diagnostic */
    return;
  }
  for (const mg_structure_use *use = mg_structure_uses; use->key; use++)
    if (mg_check_given(check, use->key) && !(tasks & use->tasks))
      mg_check_fail(check, use->key, "has no effect here; it is for compute: [%s]", use->word);
  if (tasks & MG_TASK_LOCALISATION && !plan->has_reference && !plan->loaded)
    mg_check_fail(check, "compute", "localisation: there are no strains yet; they begin with the "
                  "first 'compress'");
}

static void check_analyze(const void *data, mg_check *check) {
  const analyze_config *config = data;
  if (!mg_check_needs_atoms(check)) return;
  if (config->neighbours % 2 != 0)
    mg_check_fail(check, "neighbours", "%lld is odd; neighbours are taken in pairs",
                  (long long)config->neighbours);
  if (config->bin >= config->range)
    mg_check_fail(check, mg_check_given(check, "bin") ? "bin" : "range",
                  "the bins are not narrower than the range");
  check_tasks(config, check);
  check->plan.n_snapshots++;
  if (config->positions == MG_POSITIONS_AVERAGED) check->plan.averaged = true;
}

static mg_status run(const void *data, mg_run *run) {
  const analyze_config *config = data;
  mg_structure_options analysis;
  mg_structure_defaults(&analysis);
  if (config->compute.n > 0) MG_TRY(mg_structure_choose(&config->compute, &analysis.tasks));
  analysis.range = config->range;
  analysis.bin = config->bin;
  analysis.cutoff = config->cutoff;
  analysis.neighbours = config->neighbours;
  analysis.cell = config->grid;
  const mg_output_choice choice = {.fields = &config->fields,
                                   .analysis = analysis.tasks ? &analysis : NULL};
  MG_TRY(mg_stage_begin(run, run->last.temperature, NAN));
  return mg_output_chosen(run, NULL, NULL, &choice);
}

const mg_stage_type mg_stage_analyze = {.name = "analyze",
                                        .summary = "compute and write fields and maps now",
                                        .params = params,
                                        .config_size = sizeof(analyze_config),
                                        .check = check_analyze,
                                        .run = run};
