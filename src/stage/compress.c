/* Constant engineering strain rate along the load axis, L = L0 (1 +- rate t). The state at the
 * start is the strain reference; the start and the end are always snapshots. Axes named in
 * `pressure` relax by the barostat, the others keep their length or are open. */
#include "drive.h"
#include "loading.h"
#include "rows.h"

#include "mgmd/dynamics/velocity.h"
#include "mgmd/stage/stage.h"

#include <math.h>
#include <stddef.h>

typedef enum direction { COMPRESSION, TENSION } direction;

typedef struct compress_config {
  double rate, strain;
  int direction;
  mg_ramp temperature;
  mg_axis_ramp pressure;
  double snapshots;
  bool velocity_coupling;
  double tau_T, tau_P;
  int64_t chain;
} compress_config;

static const char *const directions[] = {"compression", "tension", NULL};

/* Shortening by more than this share is not a deformed sample but a mistake. */
#define MOST_SHORTENING 0.9

static const mg_param params[] = {
    {.name = "rate",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_RATE,
     .offset = offsetof(compress_config, rate),
     .required = true,
     .min = 0,
     .max = 1,
     .above_min = true,
     .doc = "magnitude of the engineering strain rate, such as 4e7 1/s"},
    {.name = "strain",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_FRACTION,
     .offset = offsetof(compress_config, strain),
     .required = true,
     .min = 0,
     .max = 10,
     .above_min = true,
     .doc = "magnitude of the engineering strain at the end, such as 8 %"},
    {.name = "direction",
     .kind = MG_P_CHOICE,
     .offset = offsetof(compress_config, direction),
     .fallback = "compression",
     .choices = directions,
     .doc = "compression shortens the sample, tension lengthens it"},
    {.name = "temperature",
     .kind = MG_P_RAMP,
     .dimension = MG_DIM_TEMPERATURE,
     .offset = offsetof(compress_config, temperature),
     .min = 0,
     .max = 1e5,
     .above_min = true,
     .doc = "of the thermostat, constant or {from: .., to: ..}; none when left out"},
    {.name = "pressure",
     .kind = MG_P_AXIS_RAMP,
     .offset = offsetof(compress_config, pressure),
     MG_PRESSURE_RANGE,
     .doc = "of axes that a barostat relaxes, such as {x: 0 GPa}; the others stay fixed or open"},
    {.name = "snapshots",
     .kind = MG_P_REAL,
     .dimension = MG_DIM_FRACTION,
     .offset = offsetof(compress_config, snapshots),
     .min = 0,
     .max = 10,
     .above_min = true,
     .doc = "strain between snapshots; only the start and the end when left out"},
    {.name = "velocity_coupling",
     .kind = MG_P_BOOL,
     .offset = offsetof(compress_config, velocity_coupling),
     .fallback = "on",
     .doc = "the changing length also scales velocities along it; off is what LAMMPS does"},
    MG_ROWS_RELAXATION(compress_config),
    {.name = NULL},
};

static void check_snapshots(const compress_config *config, mg_check *check) {
  mg_plan *plan = &check->plan;
  plan->n_snapshots += 2;
  if (isnan(config->snapshots)) return;
  const double interval = config->snapshots / config->rate;
  if (interval < plan->timestep * (1 - 1e-9))
    mg_check_fail(check, "snapshots",
                  "%g %% is less than the strain of one time step; write at "
                  "least %.3g %%",
                  config->snapshots * 100, config->rate * plan->timestep * 100);
  else
    plan->n_snapshots += (int)fmin(ceil(config->strain / config->snapshots - 1e-9) - 1, 1e6);
}

/* What the sample is after loading. */
static void load_plan(const compress_config *config, mg_plan *plan) {
  const double sign = config->direction == TENSION ? 1 : -1;
  const mg_axes *axes = &plan->axes;
  plan->sample.length0 = plan->box.length[axes->load];
  plan->sample.width0 = plan->box.length[axes->free];
  plan->sample.thickness0 = plan->box.length[axes->thin];
  plan->sample.strain_rate = sign * config->rate;
  plan->sample.temperature = config->temperature.to;
  plan->box.length[axes->load] *= 1 + sign * config->strain;
  plan->pressure = config->pressure;
  plan->loaded = plan->has_reference = true;
  if (isnan(config->temperature.to)) return;
  plan->has_velocity = true;
  plan->temperature = config->temperature.to;
}

static void check_compress(const void *data, mg_check *check) {
  const compress_config *config = data;
  mg_plan *plan = &check->plan;
  if (!mg_check_needs_atoms(check)) return;
  const int load = plan->axes.load;
  if (!plan->box.periodic[load])
    mg_check_fail(check, NULL,
                  "the load axis %s is open; a strain can be prescribed on a periodic "
                  "axis only",
                  mg_axis_name(load));
  else
    mg_check_pressure(check, "pressure", &config->pressure, load);
  if (config->pressure.given && isnan(config->temperature.from))
    mg_check_fail(check, "pressure", "a barostat without a thermostat; add a temperature");
  if (config->direction == COMPRESSION && config->strain > MOST_SHORTENING)
    mg_check_fail(check, "strain", "shortens the sample by %g %%; write at most %g %%",
                  config->strain * 100, MOST_SHORTENING * 100);
  mg_check_relaxation(check, config->tau_T, config->tau_P);
  const double duration = config->strain / config->rate;
  if (duration < plan->timestep)
    mg_check_fail(check, "strain", "is reached in %g ps, less than one time step; lower the rate",
                  duration);
  else
    mg_check_add_steps(check, round(duration / plan->timestep));
  check_snapshots(config, check);
  load_plan(config, plan);
  if (plan->box_known) mg_check_box(check, "strain");
}

static void set_up(const compress_config *config, mg_run *run, mg_motion *motion) {
  mg_sim *sim = &run->sim;
  mg_motion_init(motion);
  motion->thermostat = !isnan(config->temperature.from);
  if (motion->thermostat) motion->temperature = config->temperature;
  motion->tau_T = config->tau_T;
  motion->tau_P = config->tau_P;
  motion->chain_length = (int)config->chain;
  motion->mode[sim->axes.load] = MG_AXIS_DEFORM;
  motion->strain_rate = sim->sample.strain_rate;
  motion->length0 = sim->sample.length0;
  motion->velocity_coupling = config->velocity_coupling;
  mg_motion_set_pressure(motion, run, &config->pressure);
  motion->start_step = sim->step;
  motion->n_steps = mg_stage_steps(config->strain / config->rate, sim->dt);
}

/* What unload, and a later run that reads a snapshot, must know. */
static void remember(const compress_config *config, mg_sim *sim) {
  const double sign = config->direction == TENSION ? 1 : -1;
  sim->sample.strain_rate = sign * config->rate;
  sim->sample.temperature = config->temperature.to;
  for (int a = 0; a < 3; a++)
    sim->sample.pressure[a] =
        config->pressure.given && config->pressure.on[a] ? config->pressure.value[a].to : NAN;
}

/* The reference, its snapshot and the motion from it. */
static mg_status begin(const compress_config *config, mg_run *run) {
  mg_sim *sim = &run->sim;
  const double hottest = fmax(config->temperature.from, config->temperature.to);
  MG_TRY(mg_stage_begin(run, isnan(hottest) ? run->last.temperature : hottest,
                        config->temperature.from));
  mg_velocity_remove_drift(sim);
  mg_velocity_measure(sim);
  remember(config, sim);
  MG_TRY(mg_loading_set_reference(run));
  set_up(config, run, &run->motion);
  MG_TRY(mg_loading_begin(run->progress, run, &run->motion));
  mg_motion_begin(&run->motion, sim);
  return mg_output_snapshot(run, &run->motion, NULL, NULL);
}

static mg_status run(const void *data, mg_run *run) {
  enum { BEGIN, LOAD };
  const compress_config *config = data;
  mg_loading *loading = run->progress;
  mg_drive_plan plan = {.hook = mg_loading_step, .context = loading};
  if (!isnan(config->snapshots))
    plan.snapshot_every = mg_stage_steps(config->snapshots / config->rate, run->sim.dt);
  if (run->part == BEGIN) {
    MG_TRY(begin(config, run));
    run->part = LOAD;
  }
  MG_TRY(mg_drive(run, &run->motion, &plan, false));
  MG_TRY(mg_output_snapshot(run, &run->motion, NULL, NULL));
  mg_loading_end(loading, run);
  mg_motion_end(&run->motion, &run->sim);
  return MG_OK;
}

const mg_stage_type mg_stage_compress = {
    .name = "compress",
    .summary = "load along the load axis at a constant engineering strain rate",
    .params = params,
    .config_size = sizeof(compress_config),
    .check = check_compress,
    .run = run,
    .progress_size = sizeof(mg_loading),
    .progress = mg_loading_records};
