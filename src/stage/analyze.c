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
     .doc = "what to find out besides"},
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

static void check_analyze(const void *data, mg_check *check) {
  const analyze_config *config = data;
  unsigned tasks;
  if (!mg_check_needs_atoms(check)) return;
  if (config->compute.n > 0 && mg_structure_choose(&config->compute, &tasks) != MG_OK) {
    mg_check_fail(check, "compute", "%s", mg_error_text());
    mg_error_clear(); /* it has become a diagnostic */
  }
  if (config->neighbours % 2 != 0)
    mg_check_fail(check, "neighbours", "%lld is odd; neighbours are taken in pairs",
                  (long long)config->neighbours);
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
