/* Rows of thermo.csv and snapshots, from the running simulation. */
#include "drive.h"
#include "mgmd/base/log.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/units.h"
#include "mgmd/io/file.h"
#include "mgmd/io/snapshot.h"
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
  const mg_column all[] = {
      {"position", "Angstrom", "position, wrapped into the cell on periodic axes", MG_FLOAT64, 3,
       p->x},
      {"image", "", "periodic images crossed: unwrapped = position + image * edges", MG_INT32, 3,
       p->image},
      {"species", "", "chemical species", MG_INT32, 1, atoms->species},
      {"mass", "u", "mass", MG_FLOAT64, 1, p->mass},
      {"velocity", "Angstrom/ps", "velocity relative to the homogeneous flow of the cell",
       MG_FLOAT64, 3, atoms->v},
      {"force", "eV/Angstrom", "force", MG_FLOAT64, 3, atoms->f},
      {"potential_energy", "eV", "embedding energy plus half of the pair energies", MG_FLOAT64, 1,
       p->energy},
      {"stress", "eV", "volume times stress, tension > 0, kinetic part included; "
       "xx yy zz xy xz yz", MG_FLOAT64, 6, p->stress},
  };
  memcpy(columns, all, sizeof all);
  return sizeof all / sizeof all[0];
}

static int strain_columns(const mg_run *run, const mg_strain *s, mg_column columns[16]) {
  const mg_column all[] = {
      {"von_mises_strain", "", "von Mises shear strain sqrt(dev E : dev E / 2) of the "
       "Green-Lagrange strain on 1 nm", MG_FLOAT64, 1, s->von_mises},
      {"volumetric_strain", "", "tr E / 3", MG_FLOAT64, 1, s->volumetric},
      {"volume_change", "", "det F - 1", MG_FLOAT64, 1, s->volume_change},
      {"rotation_angle", "radian", "signed rotation about the thin axis, counter-clockwise seen "
       "with the free axis to the right and the load axis up", MG_FLOAT64, 1, s->rotation},
      {"strain", "", "Green-Lagrange strain E; xx yy zz xy xz yz", MG_FLOAT64, 6, s->strain},
      {"strain_12", "", "shear component of E between the load and the free axis", MG_FLOAT64, 1,
       s->strain_12},
      {"d2min", "Angstrom^2", "sum over the reference neighbours of |d - F d0|^2", MG_FLOAT64, 1,
       s->d2min},
      {"strain_valid", "", "1 where the strain is defined, else 0 and all strains are 0", MG_INT32,
       1, s->valid},
      {"reference_position", "Angstrom", "unwrapped position in the strain reference", MG_FLOAT64,
       3, mg_reference_positions(run->reference)},
  };
  memcpy(columns, all, sizeof all);
  return sizeof all / sizeof all[0];
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
  };
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
                            .n_observables = sizeof all / sizeof all[0],
                            .observables = observables};
}

static mg_status write_sets(mg_run *run, const char *path, const mg_names *fields,
                            const picture *p, const mg_strain *strain, const mg_thermo *thermo) {
  mg_column atoms[16], strains[16];
  mg_column_set sets[2] = {
      {.n = run->sim.atoms.n,
       .id = run->sim.atoms.id,
       .n_columns = narrow(atoms, atom_columns(run, p, atoms), fields),
       .columns = atoms}};
  mg_observable observables[16];
  mg_snapshot snapshot;
  describe(run, &snapshot, thermo, observables);
  snapshot.n_sets = 1;
  snapshot.sets = sets;
  if (strain) {
    const bool keep_reference = fields->n == 0 || wanted(fields, "reference_position");
    sets[1].n = strain->n;
    sets[1].id = mg_reference_ids(run->reference);
    sets[1].n_columns = narrow(strains, strain_columns(run, strain, strains), fields);
    sets[1].columns = strains;
    snapshot.n_sets = sets[1].n_columns ? 2 : 1;
    snapshot.has_reference = keep_reference;
    snapshot.reference_box = *mg_reference_box(run->reference);
  }
  return mg_snapshot_write(run->comm, path, &snapshot);
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
    if (mg_file_exists(path))
      MG_TRY(mg_xdmf_add(&run->series, path));
    else
      n_missing++;
  }
  if (n_missing)
    mg_warn("%s: %d of %d snapshots are no longer there; the series goes on without them",
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
                                const mg_names *fields) {
  mg_thermo thermo;
  MG_TRY(mg_thermo_measure(&run->sim, motion, &thermo));
  picture p = {0};
  mg_strain strain = {0};
  mg_status status = mg_agree(run->comm, picture_take(&p, run));
  if (status == MG_OK && run->reference)
    status = mg_strain_compute(run->reference, run->comm, run->sim.atoms.n, run->sim.atoms.id,
                               (const double(*)[3])p.unwrapped, &run->sim.box, &run->sim.axes,
                               MG_AFFINE_NONE, &strain);
  if (status == MG_OK)
    status = write_sets(run, path, fields, &p, run->reference ? &strain : NULL, &thermo);
  mg_strain_clear(&strain);
  picture_clear(&p);
  return status;
}

mg_status mg_output_set_reference(mg_run *run) {
  picture p = {0};
  mg_reference_destroy(&run->reference);
  mg_status status = mg_agree(run->comm, picture_take(&p, run));
  if (status == MG_OK)
    status = mg_reference_create(run->comm, run->sim.atoms.n, run->sim.atoms.id,
                                 (const double(*)[3])p.unwrapped, &run->sim.box, MG_STRAIN_CUTOFF,
                                 &run->reference);
  picture_clear(&p);
  return status;
}

mg_status mg_output_snapshot(mg_run *run, mg_motion *motion, const char *file,
                             const mg_names *fields) {
  const mg_phase outer = mg_timer_enter(&run->sim.timer, MG_PHASE_OUTPUT);
  char name[MG_SNAPSHOT_NAME], path[MG_PATH];
  mg_output_name(run, run->n_snapshots, name);
  mg_rundir_join(&run->dir, file ? file : name, path, sizeof path);
  if (!fields || fields->n == 0) fields = &run->pipeline->config->fields;
  mg_status status = take_and_write(run, motion, path, fields);
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
