/* Back to a target stress along the load axis, then holding there.
 *
 * strain_reverse runs the strain backwards until the axial force, averaged over a short window,
 * crosses the target; stress_ramp puts a barostat on the load axis and lets the stress fall
 * linearly. If the force already has the target sign, holding starts at once. Temperature, relaxed
 * axes and rate are those of the compress before, unless given here. */
#include "drive.h"
#include "loading.h"
#include "rows.h"

#include "mgmd/base/log.h"
#include "mgmd/base/units.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

typedef enum mode { STRAIN_REVERSE, STRESS_RAMP } mode;

typedef struct unload_config {
  double to;
  int mode;
  double hold, rate, modulus, window;
  mg_ramp temperature;
  mg_axis_ramp pressure;
  double tau_T, tau_P;
  int64_t chain;
} unload_config;

static const char *const modes[] = {"strain_reverse", "stress_ramp", NULL};

/* The elastic part of a strain, for the estimate of the cost. */
#define ELASTIC_STRAIN 0.04

static const mg_param params[] = {
    {.name = "to",
     .kind = MG_P_REAL,
     .offset = offsetof(unload_config, to),
     .fallback = "0 GPa",
     MG_PRESSURE_RANGE,
     .doc = "stress along the load axis to return to, positive in tension"},
    {.name = "mode",
     .kind = MG_P_CHOICE,
     .offset = offsetof(unload_config, mode),
     .fallback = "strain_reverse",
     .choices = modes,
     .doc = "run the strain backwards, or let the stress fall by a barostat on the load axis"},
    {.name = "hold",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TIME,
     .offset = offsetof(unload_config, hold),
     .fallback = "0 ps",
     .min = 0,
     .max = 1e12,
     .doc = "time at the target stress afterwards, rounded to whole time steps"},
    {.name = "rate",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_RATE,
     .offset = offsetof(unload_config, rate),
     .min = 0,
     .max = 1,
     .above_min = true,
     .doc = "magnitude of the strain rate backwards; that of the compress when left out"},
    {.name = "modulus",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_PRESSURE,
     .offset = offsetof(unload_config, modulus),
     .fallback = "80 GPa",
     .min = 0,
     .max = 1e4,
     .above_min = true,
     .doc = "stress_ramp: the stress falls at this times the rate"},
    {.name = "window",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_TIME,
     .offset = offsetof(unload_config, window),
     .min = 0,
     .max = 1e12,
     .above_min = true,
     .doc = "time over which the force is averaged; 1 ps or 0.05 % of strain when left out"},
    {.name = "temperature",
     .kind = MG_P_RAMP,
     .dimension = MG_DIM_TEMPERATURE,
     .offset = offsetof(unload_config, temperature),
     .min = 0,
     .max = 1e5,
     .above_min = true,
     .doc = "of the thermostat; that of the compress when left out"},
    {.name = "pressure",
     .kind = MG_P_AXIS_RAMP,
     .offset = offsetof(unload_config, pressure),
     MG_PRESSURE_RANGE,
     .doc = "of relaxed axes; those of the compress, each by itself, when left out"},
    MG_ROWS_RELAXATION(unload_config),
    {.name = NULL},
};

static void check_unload(const void *data, mg_check *check) {
  const unload_config *config = data;
  mg_plan *plan = &check->plan;
  if (!mg_check_needs_atoms(check)) return;
  if (!plan->loaded) {
    mg_check_fail(check, NULL,
                  "nothing is loaded; a 'compress', or a file written after one, "
                  "stands before");
    return;
  }
  mg_check_pressure(check, "pressure", &config->pressure, plan->axes.load);
  mg_check_interval(check, "hold", config->hold, true);
  if (!isnan(config->window)) mg_check_interval(check, "window", config->window, false);
  mg_check_relaxation(check, config->tau_T, config->tau_P);
  if (config->temperature.from != config->temperature.to && !isnan(config->temperature.from))
    mg_check_fail(check, "temperature", "a ramp, but how long unloading takes is not known before; "
                  "write one value");
  for (int a = 0; config->pressure.given && a < 3; a++)
    if (config->pressure.on[a] && config->pressure.value[a].from != config->pressure.value[a].to) {
      mg_check_fail(check, "pressure", "a ramp, but how long unloading takes is not known before; "
                    "write one value");
      break;
    }
  const bool barostat = config->hold > 0 || config->mode == STRESS_RAMP || config->pressure.given;
  const bool has_temperature =
      !isnan(config->temperature.from) || !plan->box_known || isfinite(plan->sample.temperature);
  if (barostat && !has_temperature)
    mg_check_fail(check, "temperature", "missing; the compress had none, and a barostat needs one");
  const double rate = isnan(config->rate) ? fabs(plan->sample.strain_rate) : config->rate;
  double steps = config->hold / plan->timestep;
  if (isfinite(rate) && rate > 0) steps += ELASTIC_STRAIN / rate / plan->timestep;
  mg_check_add_steps(check, round(steps));
  plan->n_snapshots++;
  plan->loaded = false;
  if (!isnan(config->temperature.to)) plan->temperature = config->temperature.to;
}

/* An unloading under way. */
typedef struct unloading {
  mg_average force;  /* of the axial force over the window [eV/A] */
  double target;     /* [eV/A] */
  double start_sign; /* -1 after compression, 1 after tension */
  double applied;    /* strain at the start */
  double rate;       /* magnitude of the strain rate [1/ps] */
  bool reached;
  bool moved;        /* there was something to undo */
  mg_rest rest;      /* mean strain of the hold */
} unloading;

static const mg_record progress[] = {
    MG_AVERAGE_RECORDS("force", unloading, force, "eV/Angstrom"),
    MG_RECORD("target", REAL, 1, unloading, target, "eV/Angstrom"),
    MG_RECORD("start_sign", REAL, 1, unloading, start_sign, NULL),
    MG_RECORD("applied_strain", REAL, 1, unloading, applied, NULL),
    MG_RECORD("rate", REAL, 1, unloading, rate, "1/ps"),
    MG_RECORD("reached", BOOL, 1, unloading, reached, NULL),
    MG_RECORD("moved", BOOL, 1, unloading, moved, NULL),
    MG_REST_RECORDS(unloading, rest),
    {.name = NULL}};

static bool past_target(const unloading *u, double force) {
  return (force - u->target) * u->start_sign <= 0;
}

/* Ends the way back when the mean force has crossed the target, or when 1.5 times the applied
 * strain was not enough. */
static bool watch(void *context, mg_run *run, mg_motion *motion) {
  unloading *u = context;
  (void)motion;
  mg_average_add(&u->force, mg_sim_axial_force(&run->sim, run->sim.axes.load));
  u->reached = mg_average_full(&u->force) && past_target(u, mg_average_value(&u->force));
  return u->reached || fabs(mg_section_strain(run) - u->applied) > 1.5 * fabs(u->applied);
}

static mg_axis_ramp relaxed_axes(const unload_config *config, const mg_run *run) {
  if (config->pressure.given) return config->pressure;
  mg_axis_ramp pressure = {.given = true};
  for (int a = 0; a < 3; a++) {
    const double target = run->sim.sample.pressure[a];
    pressure.on[a] = !isnan(target);
    if (pressure.on[a]) pressure.value[a] = (mg_ramp){target, target};
  }
  return pressure;
}

static void set_up(const unload_config *config, mg_run *run) {
  mg_motion *motion = &run->motion;
  mg_sim *sim = &run->sim;
  const double before = sim->sample.temperature;
  mg_motion_init(motion);
  motion->temperature = config->temperature;
  if (isnan(config->temperature.from)) motion->temperature = (mg_ramp){before, before};
  motion->thermostat = !isnan(motion->temperature.from);
  motion->tau_T = config->tau_T;
  motion->tau_P = config->tau_P;
  motion->chain_length = (int)config->chain;
  motion->start_step = sim->step;
}

/* Targets are stresses of the reference's section, so forces, also where the axis is closed. */
static void relax(mg_run *run, const mg_axis_ramp *pressure) {
  mg_motion_set_pressure(&run->motion, run, pressure);
  run->motion.use_area = true;
}

static mg_status begin_average(const unload_config *config, unloading *u, mg_run *run) {
  double window = config->window;
  if (isnan(window)) window = fmin(1, 0.0005 / u->rate);
  int64_t length = mg_stage_steps(window, run->sim.dt);
  if (length > run->motion.n_steps) length = run->motion.n_steps;
  return mg_agree(run->comm, mg_average_begin(&u->force, length));
}

/* Run the strain backwards, at most 1.5 times what was applied. */
static void begin_reverse(const unload_config *config, const unloading *u, mg_run *run) {
  mg_motion *motion = &run->motion;
  mg_sim *sim = &run->sim;
  const mg_axis_ramp pressure = relaxed_axes(config, run);
  motion->mode[sim->axes.load] = MG_AXIS_DEFORM;
  relax(run, &pressure);
  motion->length0 = sim->sample.length0;
  motion->strain0 = u->applied;
  motion->strain_rate = u->applied < 0 ? u->rate : -u->rate;
  motion->n_steps = mg_stage_steps(1.5 * fabs(u->applied) / u->rate, sim->dt);
}

/* A barostat on the load axis; `from` and `to` are pressures, so minus the stress [GPa]. */
static mg_axis_ramp load_barostat(const unload_config *config, const mg_run *run, double from,
                                  double to) {
  mg_axis_ramp pressure = relaxed_axes(config, run);
  const int load = run->sim.axes.load;
  pressure.given = pressure.on[load] = true;
  pressure.coupled = false;
  pressure.value[load] = (mg_ramp){from, to};
  return pressure;
}

/* Let the stress fall linearly. */
static void begin_ramp(const unload_config *config, const unloading *u, mg_run *run) {
  const double stress = mg_section_stress(run);
  const mg_axis_ramp pressure = load_barostat(config, run, -stress, -config->to);
  relax(run, &pressure);
  const double duration = fabs(stress - config->to) / (config->modulus * u->rate);
  run->motion.n_steps = mg_stage_steps(duration, run->sim.dt) + 1;
}

/* Wait at the target for the mean force to arrive: the cell lags behind by about the barostat's
 * time. */
static void begin_wait(mg_run *run) {
  enum { PATIENCE = 20 }; /* of tau_P */
  mg_motion *motion = &run->motion;
  for (int a = 0; a < 3; a++) motion->pressure[a].from = motion->pressure[a].to;
  motion->start_step = run->sim.step;
  motion->n_steps = mg_stage_steps(PATIENCE * motion->tau_P, run->sim.dt);
}

static mg_status begin_hold(const unload_config *config, unloading *u, mg_run *run) {
  mg_sim *sim = &run->sim;
  if (u->moved) mg_motion_end(&run->motion, sim);
  MG_REQUIRE(u->reached || !u->moved, MG_ERR_RUN,
             "unload: the stress did not come back to %g GPa within 1.5 times the applied strain "
             "of %.3g %%; it is %.3g GPa",
             config->to, 100 * u->applied, mg_section_stress(run));
  run->results.residual_strain = mg_section_strain(run);
  const double temperature = run->motion.temperature.to;
  set_up(config, run);
  if (run->motion.thermostat) run->motion.temperature = (mg_ramp){temperature, temperature};
  const mg_axis_ramp pressure = load_barostat(config, run, -config->to, -config->to);
  relax(run, &pressure);
  run->motion.n_steps = mg_stage_steps(config->hold, sim->dt);
  u->rest = (mg_rest){.from = sim->step + run->motion.n_steps / 2};
  if (run->motion.n_steps) mg_motion_begin(&run->motion, sim);
  return MG_OK;
}

static mg_status hold(unloading *u, mg_run *run) {
  if (run->motion.n_steps == 0) return u->moved ? MG_OK : mg_output_thermo(run, NULL);
  const mg_drive_plan plan = {.hook = mg_rest_step, .context = &u->rest};
  MG_TRY(mg_drive(run, &run->motion, &plan, u->moved));
  mg_motion_end(&run->motion, &run->sim);
  run->results.residual_strain = u->rest.sum / (double)u->rest.n;
  return MG_OK;
}

static mg_status begin(const unload_config *config, unloading *u, mg_run *run) {
  mg_sim *sim = &run->sim;
  set_up(config, run);
  const mg_ramp *temperature = &run->motion.temperature;
  const double hottest = fmax(temperature->from, temperature->to);
  MG_TRY(mg_stage_begin(run, hottest, temperature->from));
  u->target = config->to / MG_GPA * run->width * run->thickness;
  /* loaded means pushed (or pulled) beyond the target; otherwise there is nothing to undo */
  const double force = mg_sim_axial_force(sim, sim->axes.load);
  u->applied = mg_section_strain(run);
  u->start_sign = u->applied < 0 ? -1 : 1;
  u->rate = isnan(config->rate) ? fabs(sim->sample.strain_rate) : config->rate;
  u->moved = u->applied != 0 && !past_target(u, force);
  if (!u->moved) {
    mg_log_detail("unload: the stress has the target's sign already; holding starts at once");
    return MG_OK;
  }
  if (config->mode == STRAIN_REVERSE)
    begin_reverse(config, u, run);
  else
    begin_ramp(config, u, run);
  MG_TRY(begin_average(config, u, run));
  mg_motion_begin(&run->motion, sim);
  return MG_OK;
}

static mg_status run(const void *data, mg_run *run) {
  enum { BEGIN, BACK, WAIT, HOLD };
  const unload_config *config = data;
  unloading *u = run->progress;
  const bool ramp = config->mode == STRESS_RAMP;
  const mg_drive_plan plan = {.hook = watch, .context = u, .open_end = !ramp, .goes_on = ramp};
  if (run->part == BEGIN) {
    MG_TRY(begin(config, u, run));
    run->part = BACK;
  }
  if (run->part == BACK) {
    if (u->moved) MG_TRY(mg_drive(run, &run->motion, &plan, false));
    if (ramp && u->moved && !u->reached) begin_wait(run);
    run->part = WAIT;
  }
  if (run->part == WAIT) {
    if (ramp && u->moved && !u->reached) MG_TRY(mg_drive(run, &run->motion, &plan, true));
    MG_TRY(begin_hold(config, u, run));
    run->part = HOLD;
  }
  MG_TRY(hold(u, run));
  return mg_output_snapshot(run, NULL, NULL, NULL);
}

const mg_stage_type mg_stage_unload = {.name = "unload",
                                       .summary =
                                           "return to zero stress along the load axis, then hold",
                                       .params = params,
                                       .config_size = sizeof(unload_config),
                                       .check = check_unload,
                                       .run = run,
                                       .progress_size = sizeof(unloading),
                                       .progress = progress};
