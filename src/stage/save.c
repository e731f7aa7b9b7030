/* Writing a checkpoint of a run. The trajectory does not notice: velocities get the factor that is
 * pending a little earlier, by the same product. */
#include "save.h"

#include "mgmd/base/log.h"
#include "mgmd/stage/pipeline.h"

#include <math.h>
#include <stdio.h>

static mg_status write_file(mg_run *run, const char *path) {
  const mg_sim *sim = &run->sim;
  const bool ended = run->stage_number > run->pipeline->n_stages;
  const mg_stage_type *type = ended ? NULL : run->pipeline->stages[run->stage_number - 1].type;
  char hash[32];
  snprintf(hash, sizeof hash, "%016llx", (unsigned long long)mg_potential_hash(sim->potential));
  const mg_checkpoint_group groups[] = {
      {"state", mg_run_records, run},
      {"stage", type && run->part ? type->progress : NULL, run->progress}};
  const mg_checkpoint_text texts[] = {
      {"input", run->resolved},
      {"provenance", run->provenance},
      {"name", run->dir.name},
      {"kernel", sim->force.kernel->name},
      {"potential_hash", hash},
      {"stage", ended ? "" : run->pipeline->stages[run->stage_number - 1].source->label}};
  const mg_reference *reference = run->reference;
  const mg_checkpoint checkpoint = {
      .n_groups = sizeof groups / sizeof groups[0],
      .groups = groups,
      .n_texts = sizeof texts / sizeof texts[0],
      .texts = texts,
      .atoms = &sim->atoms,
      .has_reference = reference != NULL,
      .n_reference = reference ? mg_reference_count(reference) : 0,
      .reference_id = reference ? mg_reference_ids(reference) : NULL,
      .reference = reference ? mg_reference_positions(reference) : NULL};
  return mg_checkpoint_write(run->comm, path, &checkpoint);
}

static mg_status save(mg_run *run, mg_motion *motion) {
  const mg_atoms *atoms = &run->sim.atoms;
  char path[MG_PATH];
  if (motion) mg_motion_settle(motion, &run->sim);
  if (run->reference) run->reference_box = *mg_reference_box(run->reference);
  run->force_checksum =
      run->part ? mg_checkpoint_hash(run->comm, atoms->n, atoms->id, MG_FLOAT64, 3, atoms->f) : 0;
  MG_TRY(mg_table_sync(run->thermo, &run->thermo_mark));
  MG_TRY(mg_rundir_make_checkpoints(&run->dir, run->comm));
  mg_rundir_checkpoint(&run->dir, run->next_checkpoint, path);
  mg_status status = write_file(run, path);
  if (status == MG_ERR_IO && run->checkpoint >= 0) {
    /* where there is no room for three, the older of the two makes room */
    if (run->comm->rank == 0) mg_rundir_prune(&run->dir, run->checkpoint, run->checkpoint);
    mg_error_clear();
    status = write_file(run, path);
  }
  MG_TRY(status);
  if (run->comm->rank == 0) mg_rundir_prune(&run->dir, run->next_checkpoint, run->checkpoint);
  run->checkpoint = run->next_checkpoint++;
  return MG_OK;
}

mg_status mg_run_save(mg_run *run, mg_motion *motion) {
  mg_guard *guard = &run->guard;
  const mg_phase outer = mg_timer_enter(&run->sim.timer, MG_PHASE_OUTPUT);
  const double began = mg_clock();
  const bool first = run->checkpoint < 0;
  MG_TRY(save(run, motion));
  guard->saved = mg_clock();
  const double took = guard->saved - began;
  guard->asked = NAN; /* this was no step */
  guard->longest = first ? took : fmax(took, guard->longest);
  mg_log_detail("checkpoint %d at step %lld, %.2f s", run->checkpoint, (long long)run->sim.step,
                took);
  mg_timer_enter(&run->sim.timer, outer);
  return MG_OK;
}
