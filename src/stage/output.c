/* Rows of thermo.csv and snapshots, from the running simulation. */
#include "drive.h"
#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/base/units.h"
#include "mgmd/dynamics/means.h"
#include "mgmd/io/file.h"
#include "mgmd/analysis/strain_columns.h"
#include "mgmd/io/fields.h"
#include "mgmd/io/frame_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN_STAGE = 2, COLUMNS = 23 };

const mg_table_column mg_thermo_columns[] = {
    {"step", "steps"},        {"time", "ps"},           {"stage", "word"},
    {"strain", "1"},          {"stress_gross", "GPa"},  {"stress_net", "GPa"},
    {"stress_true", "GPa"},   {"temperature", "K"},     {"potential_energy", "eV"},
    {"kinetic_energy", "eV"}, {"conserved", "eV"},      {"work", "eV"},
    {"heat", "eV"},           {"pressure_xx", "GPa"},   {"pressure_yy", "GPa"},
    {"pressure_zz", "GPa"},   {"pressure_xy", "GPa"},   {"pressure_xz", "GPa"},
    {"pressure_yz", "GPa"},   {"lx", "Angstrom"},       {"ly", "Angstrom"},
    {"lz", "Angstrom"},       {"atoms", "atoms"},       {NULL, NULL}};


mg_status mg_output_thermo(mg_run *run, mg_motion *motion) {
  mg_thermo now;
  MG_TRY(mg_thermo_measure(&run->sim, motion, &now));
  const mg_phase outer = mg_timer_enter(&run->sim.timer, MG_PHASE_OUTPUT);
  const mg_sim *sim = &run->sim;
  const double gross = mg_section_stress(run);
  const double net = gross * run->width / (run->width - 2 * sim->sample.notch_depth);
  /* the width now: by the faces' atoms, or by the cell where there are no faces */
  const int free = sim->axes.free;
  double width = run->width;
  if (!isnan(sim->sample.face_gap0))
    width *= mg_section_face_gap(run) / sim->sample.face_gap0;
  else if (sim->box.periodic[free])
    width = sim->box.length[free];
  const double true_stress =
      gross * run->width * run->thickness / (width * sim->box.length[sim->axes.thin]);
  const char *text[COLUMNS] = {NULL};
  text[COLUMN_STAGE] = run->stage->source->label;
  const double number[COLUMNS] = {
      (double)now.step, now.time, 0, mg_section_strain(run), gross, net, true_stress,
      now.temperature, now.potential_energy, now.kinetic_energy, now.conserved, now.work, now.heat,
      now.pressure[0], now.pressure[1], now.pressure[2], now.pressure[3], now.pressure[4],
      now.pressure[5], now.length[0], now.length[1], now.length[2], (double)sim->atoms.n_global};
  run->last = now;
  const mg_status status = mg_table_append(run->thermo, text, number);
  mg_timer_enter(&run->sim.timer, outer);
  return status;
}

/* Copies of what a snapshot holds of this rank's atoms. */
typedef struct picture {
  double (*x)[3], (*unwrapped)[3], *mass, *energy, (*stress)[6];
  int32_t (*image)[3];
} picture;

static void picture_clear(picture *p) {
  mg_free(p->x);
  mg_free(p->unwrapped);
  mg_free(p->mass);
  mg_free(p->energy);
  mg_free(p->stress);
  mg_free(p->image);
}

static mg_status picture_take(picture *p, mg_run *run) {
  mg_sim *sim = &run->sim;
  const mg_atoms *atoms = &sim->atoms;
  MG_TRY(MG_NEW(p->x, atoms->n));
  MG_TRY(MG_NEW(p->unwrapped, atoms->n));
  MG_TRY(MG_NEW(p->mass, atoms->n));
  MG_TRY(MG_NEW(p->energy, atoms->n));
  MG_TRY(MG_NEW(p->stress, atoms->n));
  MG_TRY(MG_NEW(p->image, atoms->n));
  for (int32_t i = 0; i < atoms->n; i++) {
    int image[3];
    for (int a = 0; a < 3; a++) {
      p->x[i][a] = atoms->x[i][a];
      image[a] = atoms->image[i][a];
    }
    mg_box_wrap(&sim->box, p->x[i], image);
    for (int a = 0; a < 3; a++) {
      p->image[i][a] = image[a];
      p->unwrapped[i][a] = p->x[i][a] + image[a] * sim->box.length[a];
    }
    p->mass[i] = sim->species.mass[atoms->species[i]];
  }
  return mg_thermo_per_atom(sim, p->energy, p->stress);
}

/* Those that the strains are made of, unwrapped, with the cell of mg_means_box. */
static const double (*strain_positions(const mg_run *run, const picture *p))[3] {
  const mg_atoms *atoms = &run->sim.atoms;
  return (const double(*)[3])(atoms->averaged ? atoms->mean : p->unwrapped);
}

static mg_status find_strain(mg_run *run, const picture *p, mg_strain *strain) {
  const mg_sim *sim = &run->sim;
  MG_TRY(mg_means_need(&run->sim));
  const mg_box box = mg_means_box(sim);
  return mg_strain_compute(run->reference, run->comm, sim->atoms.n, sim->atoms.id,
                           strain_positions(run, p), &box, &sim->axes, MG_AFFINE_NONE, strain);
}

static bool wanted(const mg_names *fields, const char *name) {
  for (int k = 0; k < fields->n; k++)
    if (strcmp(fields->name[k], name) == 0) return true;
  return fields->n == 0;
}

/* Keep the wanted columns, in order. */
static int narrow(mg_column *columns, int n, const mg_names *fields) {
  int kept = 0;
  for (int k = 0; k < n; k++)
    if (wanted(fields, columns[k].name) || strcmp(columns[k].name, "position") == 0 ||
        strcmp(columns[k].name, "species") == 0 || strcmp(columns[k].name, "image") == 0)
      columns[kept++] = columns[k];
  return kept;
}

static int atom_columns(const mg_run *run, const picture *p, mg_column columns[16]) {
  const mg_atoms *atoms = &run->sim.atoms;
  enum { ALWAYS = 8 };
  const mg_column all[ALWAYS + 1] = {mg_field_column("position", p->x),
                           mg_field_column("image", p->image),
                           mg_field_column("species", atoms->species),
                           mg_field_column("mass", p->mass),
                           mg_field_column("velocity", atoms->v),
                           mg_field_column("force", atoms->f),
                           mg_field_column("potential_energy", p->energy),
                                     mg_field_column("stress", p->stress),
                                     mg_field_column("mean_position", atoms->mean)};
  memcpy(columns, all, sizeof all);
  return atoms->averaged ? ALWAYS + 1 : ALWAYS;
}

static void describe(const mg_run *run, mg_snapshot *snapshot, const mg_thermo *thermo,
                     mg_observable observables[16]) {
  const mg_sim *sim = &run->sim;
  const double n = (double)sim->atoms.n_global;
  const mg_observable all[] = {
      {"temperature", "K", "temperature, 3N - 3 degrees of freedom", 1, {thermo->temperature}},
      {"potential_energy", "eV", "potential energy per atom", 1, {thermo->potential_energy / n}},
      {"kinetic_energy", "eV", "kinetic energy per atom", 1, {thermo->kinetic_energy / n}},
      {"strain", "", "L/L0 - 1 along the load axis", 1, {mg_section_strain(run)}},
      {"stress_gross", "GPa", "axial force over the gross section, tension > 0", 1,
       {mg_section_stress(run)}},
      {"pressure", "GPa", "of the cell; xx yy zz xy xz yz", 6,
       {thermo->pressure[0], thermo->pressure[1], thermo->pressure[2], thermo->pressure[3],
        thermo->pressure[4], thermo->pressure[5]}},
      {"averaging", "ps", "time over which mean_position and mean_edges are averaged", 1,
       {sim->averaging}},
      {"mean_edges", "Angstrom", "edges of the cell, averaged like mean_position", 3,
       {sim->mean_length[0], sim->mean_length[1], sim->mean_length[2]}},
  };
  const int n_all = sizeof all / sizeof all[0], n_means = 2;
  memcpy(observables, all, sizeof all);
  *snapshot = (mg_snapshot){.step = sim->step,
                            .time = mg_sim_time(sim),
                            .box = sim->box,
                            .axes = sim->axes,
                            .sample = sim->sample,
                            .species = &sim->species,
                            .title = run->pipeline->config->title,
                            .stage = run->stage->source->label,
                            .resolved_input = run->resolved,
                            .provenance = run->provenance,
                            .float32 = run->pipeline->config->precision == MG_PRECISION_FLOAT32,
                            .n_observables = sim->atoms.averaged ? n_all : n_all - n_means,
                            .observables = observables};
}

/* All columns of this rank's atoms and, with a reference, their strains. */
static void list_sets(mg_run *run, const picture *p, const mg_strain *strain, mg_column atoms[16],
                      mg_column strains[MG_STRAIN_COLUMNS], mg_column_set sets[3],
                      mg_snapshot *snapshot) {
  sets[0] = (mg_column_set){run->sim.atoms.n, run->sim.atoms.id, atom_columns(run, p, atoms),
                            atoms};
  snapshot->n_sets = 1;
  snapshot->sets = sets;
  if (!strain) return;
  sets[1] = (mg_column_set){strain->n, mg_reference_ids(run->reference),
                            mg_strain_columns(run->reference, strain, strains), strains};
  snapshot->n_sets = 2;
  snapshot->has_reference = true;
  snapshot->reference_box = *mg_reference_box(run->reference);
}

/* Keep the wanted columns, and add what an analysis found. */
static void narrow_sets(mg_column atoms[16], mg_column strains[MG_STRAIN_COLUMNS],
                        const mg_names *fields, const mg_structure *found, mg_column_set sets[3],
                        mg_snapshot *snapshot) {
  sets[0].n_columns = narrow(atoms, sets[0].n_columns, fields);
  if (snapshot->n_sets == 2) {
    sets[1].n_columns = narrow(strains, sets[1].n_columns, fields);
    snapshot->n_sets = sets[1].n_columns ? 2 : 1;
    snapshot->has_reference = wanted(fields, "reference_position");
  }
  if (found->set.n_columns) sets[snapshot->n_sets++] = found->set;
  snapshot->n_arrays = found->n_arrays;
  snapshot->arrays = found->arrays;
}

/* What an analysis cannot do with the configuration is here no mistake of the input, which has been
 * checked, but a run that failed. */
static mg_status analyse(const mg_run *run, const mg_snapshot *snapshot,
                         const mg_structure_options *options, mg_structure *found) {
  char text[MG_ERROR_TEXT];
  const mg_status status = mg_structure_find(run->comm, snapshot, options, found);
  if (status != MG_ERR_INPUT) return status;
  mg_str_copy(text, sizeof text, mg_error_text());
  mg_error_set(MG_ERR_RUN, text);
  return MG_ERR_RUN;
}

static mg_status write_sets(mg_run *run, const char *path, const mg_output_choice *choice,
                            const picture *p, const mg_strain *strain, const mg_thermo *thermo) {
  mg_column atoms[16], strains[MG_STRAIN_COLUMNS];
  mg_column_set sets[3];
  mg_observable observables[16 + MG_STRUCTURE_SCALARS];
  mg_snapshot snapshot;
  mg_structure found = {0};
  describe(run, &snapshot, thermo, observables);
  list_sets(run, p, strain, atoms, strains, sets, &snapshot);
  if (choice->analysis)
    MG_TRY(analyse(run, &snapshot, choice->analysis, &found));
  memcpy(observables + snapshot.n_observables, found.scalars, sizeof found.scalars);
  snapshot.n_observables += found.n_scalars;
  narrow_sets(atoms, strains, choice->fields, &found, sets, &snapshot);
  const mg_status status = mg_snapshot_write(run->comm, path, &snapshot);
  mg_structure_clear(&found);
  return status;
}

void mg_output_name(const mg_run *run, int number, char name[MG_SNAPSHOT_NAME]) {
  snprintf(name, MG_SNAPSHOT_NAME, "%s-%06d.h5", run->dir.name, number);
}

/* The series file names the new snapshot too. */
static mg_status extend_series(mg_run *run, const char *snapshot) {
  char name[MG_SNAPSHOT_NAME], path[MG_PATH];
  if (run->comm->rank != 0) return MG_OK;
  snprintf(name, sizeof name, "%s.xdmf", run->dir.name);
  mg_rundir_join(&run->dir, name, path, sizeof path);
  MG_TRY(mg_xdmf_add(&run->series, snapshot));
  return mg_xdmf_write(&run->series, path);
}

static mg_status restore_series(mg_run *run) {
  char name[MG_SNAPSHOT_NAME], path[MG_PATH];
  int n_missing = 0;
  for (int k = 0; k < run->n_snapshots; k++) {
    mg_output_name(run, k, name);
    mg_rundir_join(&run->dir, name, path, sizeof path);
    if (mg_file_exists(path) && mg_xdmf_add(&run->series, path) == MG_OK) continue;
    if (mg_error_code() == MG_ERR_MEMORY) return MG_ERR_MEMORY;
    mg_error_clear();
    n_missing++;
  }
  if (n_missing)
    mg_warn("%s: %d of %d snapshots are missing or damaged; the series goes on without them",
            run->dir.path, n_missing, run->n_snapshots);
  if (run->series.n == 0) return MG_OK;
  snprintf(name, sizeof name, "%s.xdmf", run->dir.name);
  mg_rundir_join(&run->dir, name, path, sizeof path);
  return mg_xdmf_write(&run->series, path);
}

mg_status mg_output_restore_series(mg_run *run) {
  return mg_agree(run->comm, run->comm->rank == 0 ? restore_series(run) : MG_OK);
}

static mg_status take_and_write(mg_run *run, mg_motion *motion, const char *path,
                                const mg_output_choice *choice) {
  mg_thermo thermo;
  MG_TRY(mg_thermo_measure(&run->sim, motion, &thermo));
  picture p = {0};
  mg_strain strain = {0};
  mg_status status = mg_agree(run->comm, picture_take(&p, run));
  if (status == MG_OK && run->reference) status = find_strain(run, &p, &strain);
  if (status == MG_OK)
    status = write_sets(run, path, choice, &p, run->reference ? &strain : NULL, &thermo);
  mg_strain_clear(&strain);
  picture_clear(&p);
  return status;
}

mg_status mg_output_set_reference(mg_run *run) {
  picture p = {0};
  mg_reference_destroy(&run->reference);
  mg_status status = mg_agree(run->comm, picture_take(&p, run));
  if (status == MG_OK) status = mg_means_need(&run->sim);
  const mg_box box = mg_means_box(&run->sim);
  if (status == MG_OK)
    status = mg_reference_create(run->comm, run->sim.atoms.n, run->sim.atoms.id,
                                 strain_positions(run, &p), &box, MG_STRAIN_CUTOFF,
                                 &run->reference);
  picture_clear(&p);
  return status;
}

mg_status mg_output_snapshot(mg_run *run, mg_motion *motion, const char *file,
                             const mg_names *fields) {
  const mg_output_choice choice = {.fields = fields};
  return mg_output_chosen(run, motion, file, &choice);
}

mg_status mg_output_chosen(mg_run *run, mg_motion *motion, const char *file,
                           const mg_output_choice *wish) {
  const mg_phase outer = mg_timer_enter(&run->sim.timer, MG_PHASE_OUTPUT);
  char name[MG_SNAPSHOT_NAME], path[MG_PATH];
  mg_output_choice choice = *wish;
  mg_output_name(run, run->n_snapshots, name);
  mg_rundir_join(&run->dir, file ? file : name, path, sizeof path);
  if (!choice.fields || choice.fields->n == 0) choice.fields = &run->pipeline->config->fields;
  mg_status status = take_and_write(run, motion, path, &choice);
  if (status == MG_OK && !file) {
    run->n_snapshots++;
    status = mg_agree(run->comm, extend_series(run, path));
  }
  mg_timer_enter(&run->sim.timer, outer);
  return status;
}

mg_status mg_output_frame(mg_run *run, const char *file) {
  char path[MG_PATH];
  const mg_sim *sim = &run->sim;
  mg_rundir_join(&run->dir, file, path, sizeof path);
  const mg_frame frame = {.box = sim->box,
                          .species = sim->species,
                          .atoms = sim->atoms,
                          .has_velocity = true,
                          .has_image = true,
                          .step = sim->step,
                          .time = mg_sim_time(sim),
                          .sample = sim->sample};
  return mg_frame_write(run->comm, path, &frame);
}
