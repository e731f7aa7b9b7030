/* Moving a stage: rows, snapshots, progress around mg_advance. Nothing here changes a bit of the
 * trajectory; clocks only decide what is shown. */
#include "drive.h"
#include "progress.h"
#include "save.h"
#include "times.h"
#include "mgmd/base/units.h"
#include "mgmd/dynamics/means.h"
#include "mgmd/dynamics/velocity.h"

#include <math.h>

mg_status mg_stage_begin(mg_run *run, double temperature, double draw) {
  mg_sim *sim = &run->sim;
  MG_TRY(mg_sim_frame(sim, temperature));
  MG_TRY(mg_sim_evaluate(sim));
  if (isnan(sim->sample.length0)) mg_section_measure(run);
  const bool at_rest = sim->kinetic[0] + sim->kinetic[1] + sim->kinetic[2] == 0;
  if (at_rest && !isnan(draw)) MG_TRY(mg_velocity_draw(sim, draw));
  return MG_OK;
}

void mg_motion_set_pressure(mg_motion *motion, const mg_run *run, const mg_axis_ramp *pressure) {
  const mg_sim *sim = &run->sim;
  bool open = false;
  motion->coupled = pressure->given && pressure->coupled;
  for (int a = 0; a < 3; a++) {
    open = open || !sim->box.periodic[a];
    if (!pressure->given || !pressure->on[a] || !sim->box.periodic[a]) continue;
    if (motion->mode[a] == MG_AXIS_DEFORM) continue;
    motion->mode[a] = MG_AXIS_BAROSTAT;
    motion->pressure[a].from = pressure->value[a].from / MG_GPA;
    motion->pressure[a].to = pressure->value[a].to / MG_GPA;
  }
  /* beside an open face the volume means nothing: the material's cross-sections */
  motion->use_area = open;
  const double length = sim->box.length[sim->axes.load];
  motion->area[sim->axes.load] = run->width * run->thickness;
  motion->area[sim->axes.thin] = run->width * length;
  motion->area[sim->axes.free] = run->thickness * length;
}

typedef struct driver {
  mg_run *run;
  const mg_drive_plan *plan;
} driver;

static bool observe(void *context, mg_sim *sim, mg_motion *motion, mg_status *status) {
  driver *d = context;
  mg_run *run = d->run;
  *status = mg_means_add(sim);
  if (*status != MG_OK) return true;
  bool stop = d->plan->hook && d->plan->hook(d->plan->context, run, motion);
  const bool last = (stop && !d->plan->goes_on) ||
                    sim->step == motion->start_step + motion->n_steps;
  if (!last && sim->step % run->thermo_every == 0) *status = mg_output_thermo(run, motion);
  const int64_t every = d->plan->snapshot_every;
  if (*status == MG_OK && every && !last && (sim->step - motion->start_step) % every == 0)
    *status = mg_output_snapshot(run, motion, NULL, NULL);
  mg_progress_motion(run, motion, d->plan->open_end);
  /* where a motion ends the next one, or the end of the stage, will do */
  const bool ended = stop || sim->step == motion->start_step + motion->n_steps;
  if (*status == MG_OK && !ended) *status = mg_guard_step(run, motion);
  return stop || *status != MG_OK;
}

mg_status mg_drive(mg_run *run, mg_motion *motion, const mg_drive_plan *plan, bool continued) {
  static const mg_drive_plan plain;
  driver d = {.run = run, .plan = plan ? plan : &plain};
  mg_progress_begin(run, continued);
  run->guard.asked = NAN;
  mg_guard_ask(run);
  if (!continued && run->sim.step == motion->start_step) MG_TRY(mg_output_thermo(run, motion));
  mg_stage_time mark;
  mg_times_loop_begin(run, &mark);
  MG_TRY(mg_advance(&run->sim, motion, observe, &d));
  const bool ended = run->sim.step == motion->start_step + motion->n_steps;
  if (ended || !d.plan->goes_on) MG_TRY(mg_output_thermo(run, motion));
  mg_times_loop_end(run, &mark);
  return MG_OK;
}
