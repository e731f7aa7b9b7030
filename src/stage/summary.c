#include "summary.h"
#include "drive.h"
#include "times.h"
#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/text.h"
#include "mgmd/base/version.h"
#include "mgmd/potential/fit.h"

#include <math.h>
#include <string.h>

/* How far the kernel's functions are from the table; nothing where they are exact. */
static void append_fit(mg_text *t, const mg_sim *sim) {
  const mg_fit *fit = mg_potential_fit(sim->potential);
  if (!fit || !sim->force.tables) return;
  mg_text_append(t, "fit_force_error: %.3g\n", fit->error.force);
  mg_text_append(t, "fit_force_error_with_noise: %.3g\n", fit->error.pointwise);
  mg_text_append(t, "fit_largest_force_error: %.3g\n", fit->error.largest);
  mg_text_append(t, "fit_energy_error: %.3g\n", fit->error.energy);
}

mg_status mg_summary_provenance(const mg_run *run, char **text) {
  mg_text t = {0};
  const mg_sim *sim = &run->sim;
  mg_text_append(&t, "mgmd: %s\n", mg_version());
  mg_text_append(&t, "revision: %s\n", mg_git_revision());
  mg_text_append(&t, "compiler: '%s'\n", mg_compiler());
  mg_text_append(&t, "kernel: %s\n", sim->force.kernel->name);
  mg_text_append(&t, "potential: %s\n", mg_potential_name(sim->potential));
  mg_text_append(&t, "potential_hash: '%016llx'\n",
                 (unsigned long long)mg_potential_hash(sim->potential));
  append_fit(&t, sim);
  return mg_text_take(&t, text);
}

static void append_comment(mg_text *t, const char *yaml) {
  for (const char *line = yaml; *line;) {
    const size_t n = strcspn(line, "\n");
    mg_text_append(t, "# %.*s\n", (int)n, line);
    line += n + (line[n] == '\n');
  }
}

mg_status mg_summary_write_run(mg_run *run) {
  mg_text t = {0};
  char *text = NULL;
  mg_text_append(&t, "# This run's input with all defaults and overrides: valid input.\n");
  append_comment(&t, run->provenance);
  mg_text_append(&t, "# ranks: %d\n\n%s", run->comm->size, run->resolved);
  mg_status status = mg_agree(run->comm, mg_text_take(&t, &text));
  if (status == MG_OK) status = mg_rundir_write_text(&run->dir, run->comm, "run.yaml", text);
  mg_free(text);
  return status;
}

static void append_real(mg_text *t, const char *name, double value, const char *comment) {
  if (isnan(value))
    mg_text_append(t, "  %s: null  # %s\n", name, comment);
  else
    mg_text_append(t, "  %s: %.6g  # %s\n", name, value, comment);
}

static void append_results(mg_text *t, const mg_run *run) {
  const mg_results *r = &run->results;
  mg_text_append(t, "results:  # strain = L/L0 - 1, stress > 0 in tension\n");
  append_real(t, "youngs_modulus", r->youngs_modulus, "GPa, gross section, up to 1 % of strain");
  append_real(t, "peak_stress", r->peak_stress, "GPa, gross section, mean over 0.1 % of strain");
  append_real(t, "peak_strain", r->peak_strain, "where it was");
  append_real(t, "final_strain", r->final_strain, "at the end of loading");
  append_real(t, "residual_strain", r->residual_strain, "after unloading, mean of the hold");
  mg_text_append(t, "final:\n");
  mg_text_append(t, "  step: %lld\n  time: %.10g  # ps\n  atoms: %lld\n", (long long)run->sim.step,
                 mg_sim_time(&run->sim), (long long)run->sim.atoms.n_global);
  append_real(t, "temperature", run->last.temperature, "K");
  append_real(t, "potential_energy", run->last.potential_energy, "eV");
  append_real(t, "conserved", run->last.conserved, "eV");
}

/* Least, mean and largest of a number over the ranks. Collective. */
static void spread(const mg_comm *comm, double value, double *all, double out[3]) {
  mg_gather_real(comm, value, all);
  if (comm->rank != 0) return;
  out[0] = out[2] = all[0];
  out[1] = 0;
  for (int r = 0; r < comm->size; r++) {
    out[0] = fmin(out[0], all[r]);
    out[1] += all[r] / comm->size;
    out[2] = fmax(out[2], all[r]);
  }
}

static void append_performance(mg_text *t, mg_run *run, double elapsed, double *all) {
  mg_sim *sim = &run->sim;
  mg_timer_enter(&sim->timer, MG_PHASE_OTHER);
  const double per_step =
      sim->atom_steps ? elapsed * run->comm->size / (double)sim->atom_steps * 1e9 : NAN;
  const int64_t bytes = mg_max_all(run->comm, mg_mem_peak());
  const int64_t messages = mg_count_all(run->comm, sim->force.halo.messages);
  const int64_t sent = mg_count_all(run->comm, sim->force.halo.bytes);
  mg_text_append(t, "performance:\n");
  mg_text_append(t, "  ranks: %d\n  rank_grid: [%d, %d, %d]\n", run->comm->size,
                 sim->domain.dims[0], sim->domain.dims[1], sim->domain.dims[2]);
  mg_text_append(t, "  kernel: %s\n", sim->force.kernel->name);
  double share[3] = {0, 0, 0};
  spread(run->comm, sim->atoms.n, all, share);
  mg_text_append(t, "  atoms_per_rank: [%.0f, %.0f, %.0f]  # min, mean, max at the end\n", share[0],
                 share[1], share[2]);
  append_real(t, "wall_time", elapsed, "s");
  append_real(t, "ns_per_atom_step", per_step, "per core, whole run");
  mg_text_append(t, "  list_builds: %lld\n", (long long)sim->force.n_builds);
  append_real(t, "memory_per_rank", (double)bytes / 1e6, "MB, most");
  mg_text_append(t, "  halo: {messages: %lld, bytes: %lld}\n", (long long)messages,
                 (long long)sent);
  mg_text_append(t, "  phases:  # s per rank: [min, mean, max]\n");
  for (int p = 0; p < MG_PHASE_COUNT; p++) {
    double s[3] = {0, 0, 0};
    spread(run->comm, sim->timer.total[p], all, s);
    mg_text_append(t, "    %s: [%.3f, %.3f, %.3f]\n", mg_phase_names[p], s[0], s[1], s[2]);
  }
}

static void tell(const mg_run *run, double elapsed) {
  const mg_results *r = &run->results;
  const mg_sim *sim = &run->sim;
  mg_log("%-18s %lld in %.1f s on %d rank%s, %.0f ns per atom, step and core (%s)", "atom-steps",
         (long long)sim->atom_steps, elapsed, run->comm->size, run->comm->size > 1 ? "s" : "",
         elapsed * run->comm->size / fmax((double)sim->atom_steps, 1) * 1e9,
         sim->force.kernel->name);
  if (!isnan(r->youngs_modulus)) mg_log("%-18s %.1f GPa", "Young's modulus", r->youngs_modulus);
  if (!isnan(r->peak_stress))
    mg_log("%-18s %.2f GPa at a strain of %.2f %%", "peak stress", r->peak_stress,
           100 * r->peak_strain);
  if (!isnan(r->residual_strain))
    mg_log("%-18s %.2f %% of %.2f %% applied", "residual strain", 100 * r->residual_strain,
           100 * r->final_strain);
  mg_log("%-18s %s: thermo.csv, summary.yaml, run.yaml%s", "results in", run->dir.path,
         run->n_snapshots ? ", snapshots:" : "");
  if (run->n_snapshots == 0) return;
  char first[MG_SNAPSHOT_NAME], last[MG_SNAPSHOT_NAME];
  mg_output_name(run, 0, first);
  mg_output_name(run, run->n_snapshots - 1, last);
  mg_log("%-18s %s to %s, and %s.xdmf for ParaView", "", first, last, run->dir.name);
}

mg_status mg_summary_write(mg_run *run) {
  const double elapsed = mg_clock() - run->started;
  double *all = NULL;
  mg_text t = {0};
  char *text = NULL;
  mg_status status = mg_agree(run->comm, MG_NEW(all, run->comm->size));
  if (status == MG_OK) {
    append_comment(&t, run->provenance);
    mg_text_append(&t, "status: done\n");
    append_results(&t, run);
    append_performance(&t, run, elapsed, all);
    mg_times_append(run, &t, all);
    status = mg_agree(run->comm, mg_text_take(&t, &text));
  }
  mg_free(all);
  if (status == MG_OK) status = mg_rundir_write_text(&run->dir, run->comm, "summary.yaml", text);
  if (status == MG_OK) tell(run, elapsed);
  mg_free(text);
  return status;
}
