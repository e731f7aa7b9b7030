/* Downhill by FIRE, in a fixed box or with box edges that relax to a target pressure. Velocities
 * are zero afterwards. Reaching max_steps is no failure: a random start needs only to lose its
 * overlaps. */
#include "drive.h"
#include "progress.h"
#include "rows.h"
#include "save.h"

#include "mgmd/base/log.h"
#include "mgmd/base/units.h"
#include "mgmd/dynamics/minimize.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

typedef struct minimize_config {
  double tolerance;
  int64_t max_steps;
  double max_step;
  mg_axis_ramp pressure;
  double pressure_tolerance;
} minimize_config;

static const mg_param params[] = {
    {.name = "tolerance",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_FORCE,
     .offset = offsetof(minimize_config, tolerance),
     .fallback = "1e-4 eV/A",
     .min = 0,
     .max = INFINITY,
     .above_min = true,
     .doc = "largest force on any atom at the end"},
    {.name = "max_steps",
     .kind = MG_P_INT,
     .offset = offsetof(minimize_config, max_steps),
     .fallback = "2000",
     .min = 0,
     .max = 1e12,
     .doc = "most steps; going on then is no failure"},
    {.name = "max_step",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_LENGTH,
     .offset = offsetof(minimize_config, max_step),
     .fallback = "0.1 A",
     .min = 0,
     .max = 1,
     .above_min = true,
     .doc = "longest move of an atom in one step"},
    {.name = "pressure",
     .kind = MG_P_AXIS_RAMP,
     .offset = offsetof(minimize_config, pressure),
     MG_PRESSURE_RANGE,
     .doc = "relax box edges to this pressure, coupled or per axis; a fixed box when left out"},
    {.name = "pressure_tolerance",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_PRESSURE,
     .offset = offsetof(minimize_config, pressure_tolerance),
     .fallback = "1 MPa",
     .min = 0,
     .max = INFINITY,
     .above_min = true,
     .doc = "largest deviation from the pressure of a relaxed edge at the end"},
    {.name = NULL},
};

static void check_minimize(const void *data, mg_check *check) {
  const minimize_config *config = data;
  if (!mg_check_needs_atoms(check)) return;
  mg_check_pressure(check, "pressure", &config->pressure, -1);
  for (int a = 0; config->pressure.given && a < 3; a++) {
    if (!config->pressure.on[a] || config->pressure.value[a].from == config->pressure.value[a].to)
      continue;
    mg_check_fail(check, "pressure", "a minimisation has no time to ramp over; write one value");
    break;
  }
  mg_check_add_steps(check, (double)config->max_steps);
  check->plan.has_velocity = false;
  check->plan.temperature = 0;
}

static const mg_record progress[] = {
    MG_RECORD("timestep", REAL, 1, mg_minimize_state, dt, "ps"),
    MG_RECORD("mixing", REAL, 1, mg_minimize_state, alpha, NULL),
    MG_RECORD("downhill", INT64, 1, mg_minimize_state, downhill, NULL),
    MG_RECORD("cell_rates", REAL, 3, mg_minimize_state, cell_v, NULL),
    MG_RECORD("moved", REAL, 1, mg_minimize_state, since_build, "Angstrom"),
    MG_RECORD("steps", INT64, 1, mg_minimize_state, steps, NULL),
    {.name = NULL}};

static mg_minimize_spec set_up(const minimize_config *config, const mg_run *run) {
  mg_motion box; /* only for the rules on which axes relax */
  mg_motion_init(&box);
  mg_motion_set_pressure(&box, run, &config->pressure);
  mg_minimize_spec spec = {.force_tolerance = config->tolerance,
                           .pressure_tolerance = config->pressure_tolerance / MG_GPA,
                           .most_move = config->max_step,
                           .most_steps = config->max_steps,
                           .coupled = box.coupled,
                           .use_area = box.use_area};
  for (int a = 0; a < 3; a++) {
    spec.relax[a] = box.mode[a] == MG_AXIS_BAROSTAT;
    spec.pressure[a] = box.pressure[a].from;
    spec.area[a] = box.area[a];
  }
  return spec;
}

static bool observe(void *context, mg_sim *sim, mg_status *status) {
  mg_run *run = context;
  const minimize_config *config = run->stage->config;
  const mg_minimize_state *state = run->progress;
  (void)sim;
  mg_progress_minimize(run, state->steps, config->max_steps, state->most_force, config->tolerance);
  *status = mg_guard_step(run, NULL);
  return false;
}

static mg_status run(const void *data, mg_run *run) {
  enum { BEGIN, DESCEND };
  const minimize_config *config = data;
  mg_minimize_state *state = run->progress;
  mg_minimize_result result;
  if (run->part == BEGIN) {
    MG_TRY(mg_stage_begin(run, NAN, NAN));
    MG_TRY(mg_output_thermo(run, NULL));
    MG_TRY(mg_minimize_begin(&run->sim, state));
    run->part = DESCEND;
  }
  const mg_minimize_spec spec = set_up(config, run);
  mg_progress_begin(run, false);
  run->guard.asked = NAN;
  mg_guard_ask(run);
  MG_TRY(mg_minimize_advance(&run->sim, &spec, state, observe, run, &result));
  mg_minimize_end(&run->sim);
  if (!result.converged)
    mg_log_detail("minimize: %lld steps were not enough, largest force %.3g eV/A",
                  (long long)result.steps, result.most_force);
  else
    mg_log_detail("minimize: %lld steps, largest force %.3g eV/A", (long long)result.steps,
                  result.most_force);
  return mg_output_thermo(run, NULL);
}

const mg_stage_type mg_stage_minimize = {
    .name = "minimize",
    .summary = "move downhill in energy (FIRE), with a fixed box or relaxing box axes",
    .params = params,
    .config_size = sizeof(minimize_config),
    .check = check_minimize,
    .run = run,
    .rearranges = true,
    .progress_size = sizeof(mg_minimize_state),
    .progress = progress};
