/* Time evolution: nve, nvt by a Nose-Hoover chain, npt with one barostat for each axis or one for
 * all. `steps: 0` evaluates energies, forces and stresses and moves nothing. */
#include "drive.h"
#include "rows.h"

#include "mgmd/dynamics/velocity.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

typedef enum ensemble { NVE, NVT, NPT } ensemble;
typedef enum velocity_choice { AUTO, DRAW } velocity_choice;

typedef struct run_config {
  int ensemble;
  mg_ramp temperature;
  mg_axis_ramp pressure;
  double duration;
  int64_t steps;
  double snapshots;
  int velocities;
  double tau_T, tau_P;
  int64_t chain;
} run_config;

static const char *const ensembles[] = {"nve", "nvt", "npt", NULL};
static const char *const velocities[] = {"auto", "draw", NULL};

static const mg_param params[] = {
    {.name = "ensemble",
     .kind = MG_P_CHOICE,
     .offset = offsetof(run_config, ensemble),
     .required = true,
     .choices = ensembles,
     .doc = "nve, nvt (Nose-Hoover chain) or npt (with a barostat)"},
    {.name = "temperature",
     .kind = MG_P_RAMP,
     .dimension = MG_DIM_TEMPERATURE,
     .offset = offsetof(run_config, temperature),
     .min = 0,
     .max = 1e5,
     .above_min = true,
     .doc = "of the thermostat, constant or {from: .., to: ..}; nvt and npt need it"},
    {.name = "pressure",
     .kind = MG_P_AXIS_RAMP,
     .offset = offsetof(run_config, pressure),
     MG_PRESSURE_RANGE,
     .doc = "of the barostat: one value couples the periodic axes, {x: .., z: ..} acts per axis"},
    {.name = "duration",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TIME,
     .offset = offsetof(run_config, duration),
     .min = 0,
     .max = 1e12,
     .doc = "simulated time, rounded to whole time steps; this or steps"},
    {.name = "steps",
     .kind = MG_P_INT,
     .offset = offsetof(run_config, steps),
     .min = 0,
     .max = 1e15,
     .doc = "number of time steps; this or duration; 0 only evaluates"},
    {.name = "snapshots",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TIME,
     .offset = offsetof(run_config, snapshots),
     .min = 0,
     .max = 1e12,
     .above_min = true,
     .doc = "time between snapshots, rounded to whole time steps; none when left out"},
    {.name = "velocities",
     .kind = MG_P_CHOICE,
     .offset = offsetof(run_config, velocities),
     .fallback = "auto",
     .choices = velocities,
     .doc = "auto draws them at the temperature when the atoms have none, draw always does"},
    MG_ROWS_RELAXATION(run_config),
    {.name = NULL},
};

static void check_ensemble(const run_config *config, mg_check *check) {
  const bool has_temperature = !isnan(config->temperature.from);
  const bool has_pressure = config->pressure.given;
  if (config->ensemble == NVE && has_temperature)
    mg_check_fail(check, "temperature", "nve has no thermostat; leave it out, or take nvt");
  if (config->ensemble != NVE && !has_temperature)
    mg_check_fail(check, "temperature", "missing; %s needs the temperature of its thermostat",
                  ensembles[config->ensemble]);
  if (config->ensemble != NPT && has_pressure)
    mg_check_fail(check, "pressure", "%s has no barostat; leave it out, or take npt",
                  ensembles[config->ensemble]);
  if (config->ensemble == NPT && !has_pressure)
    mg_check_fail(check, "pressure", "missing; npt needs the pressure of its barostat");
  if (config->velocities == DRAW && !has_temperature)
    mg_check_fail(check, "velocities",
                  "nothing says at which temperature to draw; take nvt or "
                  "npt, or draw them in 'create'");
  if (config->ensemble == NPT) mg_check_pressure(check, "pressure", &config->pressure, -1);
}

/* The number of steps, NaN when it is not known. */
static double count_steps(const run_config *config, mg_check *check) {
  const bool has_duration = !isnan(config->duration), has_steps = config->steps >= 0;
  if (has_duration == has_steps) {
    mg_check_fail(check, has_steps ? "steps" : NULL,
                  has_steps ? "given beside duration; write one of the two"
                            : "neither duration nor steps; write one of the two");
    return NAN;
  }
  if (has_steps) return (double)config->steps;
  if (!mg_check_interval(check, "duration", config->duration, true)) return NAN;
  return round(config->duration / check->plan.timestep);
}

static void check_run(const void *data, mg_check *check) {
  const run_config *config = data;
  mg_plan *plan = &check->plan;
  if (!mg_check_needs_atoms(check)) return;
  check_ensemble(config, check);
  mg_check_relaxation(check, config->tau_T, config->tau_P);
  const double steps = count_steps(config, check);
  if (isfinite(steps)) mg_check_add_steps(check, steps);
  if (!isnan(config->snapshots) &&
      mg_check_interval(check, "snapshots", config->snapshots, false) && isfinite(steps))
    plan->n_snapshots += (int)fmin(ceil(steps * plan->timestep / config->snapshots - 1e-9), 1e6);
  if (config->ensemble != NVE) {
    plan->has_velocity = true;
    plan->temperature = config->temperature.to;
  }
}

static mg_status begin(const run_config *config, mg_run *run, int64_t n_steps) {
  mg_sim *sim = &run->sim;
  mg_motion *motion = &run->motion;
  const double hottest = fmax(config->temperature.from, config->temperature.to);
  MG_TRY(mg_stage_begin(run, config->ensemble == NVE ? run->last.temperature : hottest,
                        config->temperature.from));
  if (config->velocities == DRAW) MG_TRY(mg_velocity_draw(sim, config->temperature.from));
  mg_motion_init(motion);
  motion->thermostat = config->ensemble != NVE;
  if (motion->thermostat) motion->temperature = config->temperature;
  motion->tau_T = config->tau_T;
  motion->tau_P = config->tau_P;
  motion->chain_length = (int)config->chain;
  if (config->ensemble == NPT) mg_motion_set_pressure(motion, run, &config->pressure);
  motion->start_step = sim->step;
  motion->n_steps = n_steps;
  if (n_steps) mg_motion_begin(motion, sim);
  return MG_OK;
}

static mg_status run(const void *data, mg_run *run) {
  enum { BEGIN, MOVE };
  const run_config *config = data;
  mg_sim *sim = &run->sim;
  const int64_t n_steps =
      config->steps >= 0 ? config->steps : mg_stage_steps(config->duration, sim->dt);
  mg_drive_plan plan = {.hook = NULL};
  if (!isnan(config->snapshots)) plan.snapshot_every = mg_stage_steps(config->snapshots, sim->dt);
  if (run->part == BEGIN) {
    MG_TRY(begin(config, run, n_steps));
    run->part = MOVE;
  }
  if (n_steps == 0) return mg_output_thermo(run, NULL);
  MG_TRY(mg_drive(run, &run->motion, &plan, false));
  if (plan.snapshot_every) MG_TRY(mg_output_snapshot(run, &run->motion, NULL, NULL));
  mg_motion_end(&run->motion, sim);
  return MG_OK;
}

const mg_stage_type mg_stage_run = {
    .name = "run",
    .summary = "let time pass: nve, nvt or npt, with ramps of temperature and pressure",
    .params = params,
    .config_size = sizeof(run_config),
    .check = check_run,
    .run = run};
