/* Melt and cool: Maxwell velocities at `melt` when the atoms have none, `hold` there, then a linear
 * ramp down to `to` at `rate`, all at one pressure.
 *
 * A liquid has no shear resistance: with a barostat for each axis a thin axis would drift and
 * collapse. So the axes keep their proportions while the temperature is above `couple_until`, and
 * relax one by one below it. */
#include "drive.h"
#include "rows.h"

#include "mgmd/base/units.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

typedef struct quench_config {
  double melt, hold, to, rate, pressure, couple_until;
  double tau_T, tau_P;
  int64_t chain;
} quench_config;

static const mg_param params[] = {
    {.name = "melt",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TEMPERATURE,
     .offset = offsetof(quench_config, melt),
     .required = true,
     .min = 0,
     .max = 1e5,
     .above_min = true,
     .doc = "temperature of the melt"},
    {.name = "hold",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TIME,
     .offset = offsetof(quench_config, hold),
     .fallback = "0 ps",
     .min = 0,
     .max = 1e12,
     .doc = "time in the melt before cooling, rounded to whole time steps"},
    {.name = "to",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TEMPERATURE,
     .offset = offsetof(quench_config, to),
     .required = true,
     .min = 0,
     .max = 1e5,
     .above_min = true,
     .doc = "temperature at the end"},
    {.name = "rate",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_COOLING_RATE,
     .offset = offsetof(quench_config, rate),
     .required = true,
     .min = 0,
     .max = 1e6,
     .above_min = true,
     .doc = "of cooling, such as 1e12 K/s"},
    {.name = "pressure",
     .kind = MG_P_REAL,
     .offset = offsetof(quench_config, pressure),
     .fallback = "0 GPa",
     MG_PRESSURE_RANGE,
     .doc = "of the barostat on all three axes"},
    {.name = "couple_until",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TEMPERATURE,
     .offset = offsetof(quench_config, couple_until),
     .fallback = "600 K",
     .min = 0,
     .max = 1e5,
     .doc = "above it the axes keep their proportions, below it each relaxes by itself"},
    MG_ROWS_RELAXATION(quench_config),
    {.name = NULL},
};

static void check_quench(const void *data, mg_check *check) {
  const quench_config *config = data;
  mg_plan *plan = &check->plan;
  if (!mg_check_needs_atoms(check)) return;
  if (plan->sample.notch_depth > 0)
    mg_check_fail(check, NULL,
                  "the sample is notched, and melting would close the notches; "
                  "quench before 'notch'");
  else
    mg_check_all_periodic(check);
  mg_check_interval(check, "hold", config->hold, true);
  mg_check_relaxation(check, config->tau_T, config->tau_P);
  if (config->to >= config->melt)
    mg_check_fail(check, "to", "%g K is not below the melt at %g K; a quench cools", config->to,
                  config->melt);
  const double cooling = (config->melt - config->to) / config->rate;
  if (cooling > 0 && cooling < plan->timestep)
    mg_check_fail(check, "rate", "cools in %g ps, less than one time step; write at most %.3g K/s",
                  cooling, (config->melt - config->to) / plan->timestep * 1e12);
  if (cooling > 0)
    mg_check_add_steps(check,
                       round(config->hold / plan->timestep) + round(cooling / plan->timestep));
  plan->has_velocity = true;
  plan->temperature = config->to;
}

/* Ends the coupled part of the ramp. */
static bool is_solid(void *context, mg_run *run, mg_motion *motion) {
  const quench_config *config = context;
  return motion->coupled && motion->start_step + motion->n_steps > run->sim.step &&
         mg_motion_temperature(motion, run->sim.step) < config->couple_until;
}

static void set_up(const quench_config *config, mg_run *run, mg_motion *motion) {
  mg_motion_init(motion);
  motion->thermostat = true;
  motion->temperature = (mg_ramp){config->melt, config->melt};
  motion->most_temperature = config->melt;
  motion->tau_T = config->tau_T;
  motion->tau_P = config->tau_P;
  motion->chain_length = (int)config->chain;
  const mg_ramp target = {config->pressure, config->pressure};
  const mg_axis_ramp pressure = {.given = true,
                                 .coupled = config->melt > config->couple_until,
                                 .on = {true, true, true},
                                 .value = {target, target, target}};
  mg_motion_set_pressure(motion, run, &pressure);
  motion->start_step = run->sim.step;
  motion->n_steps = mg_stage_steps(config->hold, run->sim.dt);
}

static mg_status run(const void *data, mg_run *run) {
  enum { BEGIN, MELT, COOL, SOLID };
  quench_config config = *(const quench_config *)data;
  mg_sim *sim = &run->sim;
  mg_motion *motion = &run->motion;
  const int64_t ramp = mg_stage_steps((config.melt - config.to) / config.rate, sim->dt);
  const bool held = mg_stage_steps(config.hold, sim->dt) > 0;
  if (run->part == BEGIN) {
    MG_TRY(mg_stage_begin(run, config.melt, config.melt));
    set_up(&config, run, motion);
    run->stage_end = sim->step + motion->n_steps + ramp;
    mg_motion_begin(motion, sim);
    run->part = MELT;
  }
  if (run->part == MELT) {
    if (held) MG_TRY(mg_drive(run, motion, NULL, false));
    motion->temperature.to = config.to;
    motion->start_step = sim->step;
    motion->n_steps = ramp;
    run->part = COOL;
  }
  if (run->part == COOL) {
    const mg_drive_plan plan = {.hook = is_solid, .context = &config, .goes_on = true};
    MG_TRY(mg_drive(run, motion, &plan, held));
    if (sim->step < motion->start_step + motion->n_steps) {
      mg_motion_uncouple(motion);
      /* colder atoms are content with a thinner skin */
      mg_motion_settle(motion, sim);
      MG_TRY(mg_sim_frame(sim, config.couple_until));
    }
    run->part = SOLID;
  }
  if (sim->step < motion->start_step + motion->n_steps) MG_TRY(mg_drive(run, motion, NULL, true));
  mg_motion_end(motion, sim);
  sim->sample.atomic_volume = mg_box_volume(&sim->box) / (double)sim->atoms.n_global;
  return MG_OK;
}

const mg_stage_type mg_stage_quench = {.name = "quench",
                                       .summary =
                                           "melt and cool to a glass at a given rate and pressure",
                                       .params = params,
                                       .config_size = sizeof(quench_config),
                                       .check = check_quench,
                                       .run = run};
