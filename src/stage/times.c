#include "times.h"
#include "mgmd/base/mem.h"

#include <math.h>

mg_status mg_times_init(mg_run *run) { return MG_NEW(run->times, run->pipeline->n_stages); }

void mg_times_stage(mg_run *run, double seconds) {
  mg_stage_time *now = &run->times[run->stage_number - 1];
  now->begun = true;
  now->seconds = seconds;
  now->atoms = run->sim.atoms.n_global;
}

void mg_times_loop_begin(mg_run *run, mg_stage_time *mark) {
  mg_sim *sim = &run->sim;
  mg_timer_enter(&sim->timer, sim->timer.now);
  mark->steps = sim->step;
  mark->builds = sim->force.n_builds;
  mark->loop = sim->timer.since;
  for (int p = 0; p < MG_PHASE_COUNT; p++) mark->phase[p] = sim->timer.total[p];
}

void mg_times_loop_end(mg_run *run, const mg_stage_time *mark) {
  mg_sim *sim = &run->sim;
  mg_stage_time *now = &run->times[run->stage_number - 1];
  mg_timer_enter(&sim->timer, sim->timer.now);
  now->steps += sim->step - mark->steps;
  now->builds += sim->force.n_builds - mark->builds;
  now->skin = sim->force.skin;
  now->loop += sim->timer.since - mark->loop;
  for (int p = 0; p < MG_PHASE_COUNT; p++) now->phase[p] += sim->timer.total[p] - mark->phase[p];
}

static double mean_over_ranks(const mg_comm *comm, double value, double *all) {
  mg_gather_real(comm, value, all);
  if (comm->rank != 0) return NAN;
  double sum = 0;
  for (int r = 0; r < comm->size; r++) sum += all[r];
  return sum / comm->size;
}

void mg_times_append(const mg_run *run, mg_text *t, double *all) {
  mg_text_append(t, "stages:  # s; loop and what follows: the time steps alone, mean over ranks\n");
  for (int k = 0; k < run->pipeline->n_stages; k++) {
    const mg_stage_time *s = &run->times[k];
    if (!s->begun) continue;
    mg_text_append(t, "  - {stage: '%s', atoms: %lld, seconds: %.3f, steps: %lld",
                   run->pipeline->stages[k].source->label, (long long)s->atoms, s->seconds,
                   (long long)s->steps);
    if (s->steps > 0) {
      const double loop = mean_over_ranks(run->comm, s->loop, all);
      mg_text_append(t, ",\n     loop: %.4f, ns_per_atom_step: %.2f, list_builds: %lld, skin: %.3g",
                     loop, loop * run->comm->size / (double)(s->steps * s->atoms) * 1e9,
                     (long long)s->builds, s->skin);
      for (int p = 0; p < MG_PHASE_COUNT; p++)
        mg_text_append(t, p ? ", %s: %.4f" : ",\n     phases: {%s: %.4f", mg_phase_names[p],
                       mean_over_ranks(run->comm, s->phase[p], all));
      mg_text_append(t, "}");
    }
    mg_text_append(t, "}\n");
  }
}
