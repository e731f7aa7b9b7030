/* Going on from a checkpoint: find it, compare inputs, put its state into an empty simulation, cut
 * back what was written after it. */
#include "drive.h"
#include "save.h"

#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/io/file.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { MOST_INPUT = 1 << 21 }; /* bytes of a resolved input */

/* Open a checkpoint and read its atoms: only now it is known to be whole. */
static mg_status open_checkpoint(mg_run *run, const char *path, mg_resume *resume) {
  const int n_species = mg_potential_species(run->pipeline->potential)->n;
  MG_TRY(mg_checkpoint_open(run->comm, path, &resume->file));
  const mg_status status =
      mg_checkpoint_get_atoms(resume->file, n_species, &resume->atoms, &resume->reference);
  if (status != MG_OK) mg_checkpoint_close(&resume->file);
  return status;
}

/* The newest that is not damaged. */
static mg_status open_newest(mg_run *run, mg_resume *resume) {
  enum { MOST = 8 };
  int number[MOST];
  char path[MG_PATH], reason[MG_ERROR_TEXT];
  const int n = mg_rundir_checkpoints(&run->dir, run->comm, MOST, number);
  for (int k = 0; k < n; k++) {
    mg_rundir_checkpoint(&run->dir, number[k], path);
    const mg_status status = open_checkpoint(run, path, resume);
    run->checkpoint = number[k];
    if (status != MG_ERR_INPUT) return status;
    mg_str_copy(reason, sizeof reason, mg_error_text());
    if (k + 1 == n) break; /* the last one's reason stays the error */
    mg_warn("%s; going back to the checkpoint before", reason);
    mg_error_clear();
  }
  if (n == 0) return MG_OK;
  mg_error_clear();
  return mg_fail(MG_ERR_INPUT, "%.700s; no checkpoint of this run can be read; --overwrite begins "
                 "anew", reason);
}

static mg_status check_hash(mg_run *run, mg_resume *resume) {
  char now[32], *text;
  snprintf(now, sizeof now, "%016llx",
           (unsigned long long)mg_potential_hash(run->pipeline->potential));
  MG_TRY(mg_checkpoint_get_text(resume->file, "potential_hash", &text));
  const bool same = strcmp(text, now) == 0;
  mg_free(text);
  MG_REQUIRE(same, MG_ERR_INPUT,
             "%s: potential: '%.200s' is not the one that the run was begun with",
             run->pipeline->config->path, run->pipeline->config->potential);
  return MG_OK;
}

/* The kernel of the beginning goes on: another one has other last bits. */
static mg_status check_kernel(mg_run *run, mg_resume *resume) {
  const mg_config *config = run->pipeline->config;
  const char *wanted = mg_kernel_choices[config->kernel];
  char *text;
  MG_TRY(mg_checkpoint_get_text(resume->file, "kernel", &text));
  mg_str_copy(resume->kernel, sizeof resume->kernel, text);
  mg_free(text);
  MG_REQUIRE(config->kernel == MG_KERNEL_AUTO || strcmp(wanted, resume->kernel) == 0, MG_ERR_INPUT,
             "%s: kernel: is %s and was %s when the run was begun; leave it out", config->path,
             wanted, resume->kernel);
  return MG_OK;
}

static mg_status check_input(mg_run *run, mg_resume *resume) {
  static const mg_record where[] = {
      MG_RECORD_IN("stage", INT, 1, mg_run, stage_number, NULL, 1, 1e6),
      MG_RECORD_IN("part", INT, 1, mg_run, part, NULL, 0, 16),
      MG_RECORD("averaging", REAL, 1, mg_run, sim.averaging, NULL),
      {.name = NULL}};
  char *before;
  MG_TRY(check_hash(run, resume));
  MG_TRY(check_kernel(run, resume));
  MG_TRY(mg_checkpoint_get(resume->file, "state", where, run));
  const double averaging = mg_pipeline_averaging(run->pipeline);
  MG_REQUIRE(run->sim.averaging == averaging, MG_ERR_INPUT,
             "%s: positions are averaged over %g ps and were over %g ps (0: not averaged) when the "
             "run was begun; keep output.positions, output.average and what analyze asks for",
             run->pipeline->config->path, averaging, run->sim.averaging);
  MG_TRY(mg_checkpoint_get_text(resume->file, "input", &before));
  int n_more;
  const mg_status status = mg_resume_compare(
      run, before, run->part ? run->stage_number : run->stage_number - 1, &n_more);
  mg_free(before);
  return mg_agree(run->comm, status);
}

/* Is there nothing to do? What has ended was done with this input, or there are stages more. */
static mg_status look_whether_done(mg_run *run, bool *ended, bool *done) {
  char path[MG_PATH], *before;
  size_t length;
  int n_more;
  *ended = mg_rundir_is_done(&run->dir, run->comm);
  if (!*ended) return MG_OK;
  mg_rundir_join(&run->dir, "run.yaml", path, sizeof path);
  MG_TRY(mg_file_read_all(run->comm, path, MOST_INPUT, &before, &length));
  const mg_status status = mg_agree(run->comm, mg_resume_compare(run, before, -1, &n_more));
  mg_free(before);
  *done = n_more <= 0;
  return status;
}

/* Files keep their names when a directory got another one. */
static mg_status take_name(mg_run *run, mg_resume *resume) {
  char *name;
  MG_TRY(mg_checkpoint_get_text(resume->file, "name", &name));
  const bool good = *name && name[0] != '.' && !strchr(name, '/') &&
                    mg_str_copy(run->dir.name, sizeof run->dir.name, name);
  mg_free(name);
  MG_REQUIRE(good, MG_ERR_INPUT, "the checkpoint's name of the run is none of a directory");
  return MG_OK;
}

mg_status mg_resume_find(mg_run *run, const char *wanted, mg_resume *resume) {
  const bool newest = strcmp(wanted, "auto") == 0;
  int last;
  if (!newest) MG_TRY(mg_agree(run->comm, mg_file_look(wanted)));
  MG_TRY(mg_rundir_open(&run->dir, run->comm, run->pipeline->config->directory, MG_RUNDIR_KEEP));
  bool ended = false;
  if (newest) MG_TRY(look_whether_done(run, &ended, &resume->done));
  if (resume->done) return MG_OK;
  if (mg_rundir_checkpoints(&run->dir, run->comm, 1, &last) == 1) run->next_checkpoint = last + 1;
  MG_TRY(newest ? open_newest(run, resume) : open_checkpoint(run, wanted, resume));
  MG_REQUIRE(resume->file || !ended, MG_ERR_INPUT,
             "%s: is done and has no checkpoint from which the stages that were added could go on; "
             "choose another directory with --out",
             run->dir.path);
  if (!resume->file) return MG_OK; /* a new run */
  MG_TRY(take_name(run, resume));
  return check_input(run, resume);
}

static mg_status restore_reference(mg_run *run, mg_resume *resume) {
  if (!resume->reference) return MG_OK;
  return mg_reference_create(run->comm, resume->atoms.n, resume->atoms.id,
                             (const double(*)[3])resume->reference, &run->reference_box,
                             MG_STRAIN_CUTOFF, &run->reference);
}

/* In the middle of a stage the list is built as it stood; forces are found anew, and tell whether
 * this program on this machine computes the same bits. */
static mg_status restore_motion(mg_run *run, mg_resume *resume) {
  const mg_stage_type *type = run->pipeline->stages[run->stage_number - 1].type;
  const mg_atoms *atoms = &run->sim.atoms;
  if (type->progress_size) {
    run->progress = mg_calloc(1, type->progress_size);
    MG_TRY(mg_agree(run->comm, run->progress ? MG_OK : MG_ERR_MEMORY));
  }
  MG_TRY(mg_checkpoint_get(resume->file, "stage", type->progress, run->progress));
  MG_TRY(mg_sim_restore(&run->sim));
  if (mg_checkpoint_hash(run->comm, atoms->n, atoms->id, MG_FLOAT64, 3, atoms->f) !=
      run->force_checksum)
    mg_warn("this program computes the checkpoint's forces with other last bits than the one that "
            "wrote it: the run goes on, but not to the bit as without the interruption");
  return MG_OK;
}

/* Everything that can be refused comes before anything is cut. */
static mg_status find_table(mg_run *run) {
  char path[MG_PATH];
  mg_rundir_join(&run->dir, "thermo.csv", path, sizeof path);
  return mg_table_resume(&run->thermo, run->comm, path, mg_thermo_columns, &run->thermo_mark);
}

static mg_status cut_back(mg_run *run) {
  MG_TRY(mg_table_cut(run->thermo));
  MG_TRY(mg_rundir_cut(&run->dir, run->comm, run->n_snapshots));
  return mg_output_restore_series(run);
}

/* A cell and a list that a stage in progress relies on. */
static mg_status check_boxes(const mg_run *run, const mg_resume *resume) {
  for (int a = 0; a < 3; a++)
    MG_REQUIRE((!run->part || run->sim.force.box_build.length[a] > 0.1) &&
                   (!resume->reference || run->reference_box.length[a] > 0.1),
               MG_ERR_INPUT, "the checkpoint has a cell without volume");
  return MG_OK;
}

mg_status mg_resume_apply(mg_run *run, mg_resume *resume, bool chosen) {
  mg_sim *sim = &run->sim;
  MG_TRY(mg_checkpoint_get(resume->file, "state", mg_run_records, run));
  MG_TRY(check_boxes(run, resume));
  MG_TRY(restore_reference(run, resume));
  sim->atoms = resume->atoms; /* the arrays change hands */
  resume->atoms = (mg_atoms){0};
  MG_TRY(find_table(run));
  if (run->part) MG_TRY(restore_motion(run, resume));
  if (chosen) MG_TRY(mg_run_save(run, run->part ? &run->motion : NULL));
  MG_TRY(cut_back(run));
  const int n = run->pipeline->n_stages;
  mg_log("going on at step %lld, %.2f ps, %s stage %d/%d", (long long)sim->step, mg_sim_time(sim),
         run->part ? "in" : run->stage_number > n ? "after" : "before",
         run->stage_number > n ? n : run->stage_number, n);
  return MG_OK;
}

void mg_resume_clear(mg_resume *resume) {
  mg_checkpoint_close(&resume->file);
  mg_atoms_clear(&resume->atoms);
  mg_free(resume->reference);
  memset(resume, 0, sizeof *resume);
}
