/* A trajectory in one H5MD file for MDAnalysis [its reader of version 2: H5MD.py]: it wants the
 * group's name `trajectory` where no topology is given, edges as matrices, units as texts of
 * variable length and of its own list, which has no eV: forces are in kJ/(mol Angstrom). It knows
 * neither images nor species; they are there for others. The same atoms in each frame.
 */
#include "writer_impl.h"

#include "mgmd/base/units.h"
#include "mgmd/io/h5.h"
#include "mgmd/io/commit.h"
#include "snapshot_impl.h"

#include <string.h>

#define GROUP "/particles/trajectory"

/* One eV in kJ/mol: e N_A / 1000, both exact in SI. */
static const double KJ_PER_MOL = 96.485332123310018;

static bool wanted(const mg_column *column) {
  static const char *const names[] = {"position", "image", "species", "velocity", "force"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strcmp(column->name, names[k]) == 0) return true;
  return false;
}

static int find(const mg_sorted *sorted, const char *name) {
  for (int k = 0; k < sorted->n_columns; k++)
    if (strcmp(sorted->column[k]->name, name) == 0) return k;
  return -1;
}

static mg_status link_timeline(mg_h5 *file, const char *group) {
  char path[MG_H5_NAME + 8];
  snprintf(path, sizeof path, "%s/step", group);
  MG_TRY(mg_h5_link(file, GROUP "/box/edges/step", path));
  snprintf(path, sizeof path, "%s/time", group);
  return mg_h5_link(file, GROUP "/box/edges/time", path);
}

static mg_status make_element(mg_h5 *file, const mg_h5_series *s, const char *name, mg_ctype ctype,
                              const char *unit) {
  const mg_h5_spec spec = {ctype, 3, {s->n, s->n_atoms, 3}, NULL, unit, NULL};
  char group[MG_H5_NAME], path[MG_H5_NAME];
  snprintf(group, sizeof group, GROUP "/%s", name);
  snprintf(path, sizeof path, GROUP "/%s/value", name);
  MG_TRY(mg_h5_group(file, group));
  MG_TRY(link_timeline(file, group));
  return mg_h5_dataset(file, path, &spec);
}

static mg_status make_box(mg_h5 *file, const mg_h5_series *s, const mg_box *box) {
  static const int32_t dimension = 3;
  const char *boundary[3];
  const mg_h5_spec step = {MG_INT64, 1, {s->n}, NULL, NULL, NULL};
  const mg_h5_spec time = {MG_FLOAT64, 1, {s->n}, NULL, "ps", NULL};
  const mg_h5_spec edges = {MG_FLOAT64, 3, {s->n, 3, 3}, NULL, "Angstrom", NULL};
  const mg_h5_spec origin = {MG_FLOAT64, 2, {s->n, 3}, NULL, "Angstrom", NULL};
  for (int a = 0; a < 3; a++) boundary[a] = box->periodic[a] ? "periodic" : "none";
  MG_TRY(mg_h5_group(file, GROUP "/box/edges"));
  MG_TRY(mg_h5_set_ints(file, GROUP "/box", "dimension", 0, &dimension));
  MG_TRY(mg_h5_set_fixed_list(file, GROUP "/box", "boundary", 3, boundary));
  MG_TRY(mg_h5_dataset(file, GROUP "/box/edges/step", &step));
  MG_TRY(mg_h5_dataset(file, GROUP "/box/edges/time", &time));
  MG_TRY(mg_h5_dataset(file, GROUP "/box/edges/value", &edges));
  MG_TRY(mg_h5_group(file, GROUP "/box/origin"));
  MG_TRY(link_timeline(file, GROUP "/box/origin"));
  return mg_h5_dataset(file, GROUP "/box/origin/value", &origin);
}

/* Local, on rank 0. */
static mg_status make_elements(mg_h5 *file, const mg_h5_series *s, const mg_snapshot *snapshot) {
  const mg_h5_spec id = {MG_INT64, 2, {1, s->n_atoms}, NULL, NULL, NULL};
  const mg_h5_spec species = {MG_INT32, 2, {1, s->n_atoms}, snapshot->species, NULL, NULL};
  MG_TRY(mg_snapshot_describe_h5md(file, snapshot));
  MG_TRY(make_box(file, s, &snapshot->box));
  MG_TRY(make_element(file, s, "position", MG_FLOAT64, "Angstrom"));
  MG_TRY(make_element(file, s, "image", MG_INT32, NULL));
  if (s->has_velocity) MG_TRY(make_element(file, s, "velocity", MG_FLOAT64, "Angstrom ps-1"));
  if (s->has_force) MG_TRY(make_element(file, s, "force", MG_FLOAT64, "kJ mol-1 Angstrom-1"));
  MG_TRY(mg_h5_dataset(file, GROUP "/id", &id));
  MG_TRY(mg_h5_dataset(file, GROUP "/species", &species));
  return mg_h5_reserve(file);
}

static mg_status make_file(const mg_h5_series *s, const mg_snapshot *snapshot) {
  mg_h5 *file;
  MG_TRY(mg_h5_create(s->temporary, &file));
  const mg_status status = make_elements(file, s, snapshot);
  if (status == MG_OK) return mg_h5_close(&file);
  mg_h5_abandon(&file);
  return status;
}

/* What does not depend on time: ids and species of the first frame. */
static mg_status write_fixed(mg_h5 *file, const mg_sorted *sorted) {
  int32_t *species = sorted->data[sorted->species];
  MG_TRY(mg_h5_write_rows(file, GROUP "/id", MG_INT64, sorted->offset, sorted->n, sorted->id));
  for (int64_t k = 0; k < sorted->n; k++) species[k]++;
  return mg_h5_write_rows(file, GROUP "/species", MG_INT32, sorted->offset, sorted->n, species);
}

static mg_status write_scalars(mg_h5 *file, const mg_comm *comm, int64_t t,
                               const mg_snapshot *snapshot) {
  const int64_t one = comm->rank == 0, three = 3 * one;
  double edges[9] = {0};
  for (int a = 0; a < 3; a++) edges[4 * a] = snapshot->box.length[a];
  MG_TRY(mg_h5_write_frame(file, GROUP "/box/edges/step", MG_INT64, t, 0, one, &snapshot->step));
  MG_TRY(mg_h5_write_frame(file, GROUP "/box/edges/time", MG_FLOAT64, t, 0, one, &snapshot->time));
  MG_TRY(mg_h5_write_frame(file, GROUP "/box/edges/value", MG_FLOAT64, t, 0, three, edges));
  return mg_h5_write_frame(file, GROUP "/box/origin/value", MG_FLOAT64, t, 0, three,
                           snapshot->box.lo);
}

static mg_status write_frame(mg_h5 *file, const mg_comm *comm, mg_h5_series *s,
                             const mg_snapshot *snapshot, mg_sorted *sorted) {
  const int velocity = sorted->velocity, force = find(sorted, "force"), image = sorted->image;
  MG_TRY(write_scalars(file, comm, s->done, snapshot));
  MG_TRY(mg_h5_write_frame(file, GROUP "/position/value", MG_FLOAT64, s->done, sorted->offset,
                           sorted->n, sorted->data[sorted->position]));
  if (image >= 0)
    MG_TRY(mg_h5_write_frame(file, GROUP "/image/value", MG_INT32, s->done, sorted->offset,
                             sorted->n, sorted->data[image]));
  if (s->has_velocity)
    MG_TRY(mg_h5_write_frame(file, GROUP "/velocity/value", MG_FLOAT64, s->done, sorted->offset,
                             sorted->n, sorted->data[velocity]));
  if (s->has_force) {
    double *f = sorted->data[force];
    for (int64_t k = 0; k < 3 * sorted->n; k++) f[k] *= KJ_PER_MOL;
    MG_TRY(mg_h5_write_frame(file, GROUP "/force/value", MG_FLOAT64, s->done, sorted->offset,
                             sorted->n, f));
  }
  return s->done == 0 ? write_fixed(file, sorted) : MG_OK;
}

/* Local: do the frames belong together? */
static mg_status check(const mg_h5_series *s, const mg_snapshot *snapshot,
                       const mg_sorted *sorted) {
  const bool first = s->done == 0;
  MG_REQUIRE(first || sorted->total == s->n_atoms, MG_ERR_INPUT,
             "%s: configuration %lld has %lld atoms, the first one %lld; a trajectory for "
             "MDAnalysis has the same in all",
             s->path, (long long)s->done, (long long)sorted->total, (long long)s->n_atoms);
  MG_REQUIRE(first || snapshot->step > s->last_step, MG_ERR_INPUT,
             "%s: step %lld follows step %lld; H5MD wants rising ones", s->path,
             (long long)snapshot->step, (long long)s->last_step);
  MG_REQUIRE(first || ((!s->has_velocity || sorted->velocity >= 0) &&
                       (!s->has_force || find(sorted, "force") >= 0)),
             MG_ERR_INPUT, "%s: configuration %lld lacks the velocities or forces of the first one",
             s->path, (long long)s->done);
  return MG_OK;
}

static mg_status put(mg_h5_series *s, const mg_comm *comm, const mg_snapshot *snapshot,
                     mg_sorted *sorted) {
  MG_TRY(mg_agree(comm, check(s, snapshot, sorted)));
  if (s->done == 0) {
    s->n_atoms = sorted->total;
    s->has_velocity = sorted->velocity >= 0;
    s->has_force = find(sorted, "force") >= 0;
    MG_TRY(mg_agree(comm, comm->rank == 0 ? make_file(s, snapshot) : MG_OK));
  }
  mg_h5 *file;
  MG_TRY(mg_h5_open_rows(comm, s->temporary, &file));
  mg_status status = write_frame(file, comm, s, snapshot, sorted);
  if (status == MG_OK)
    status = mg_h5_close(&file);
  else
    mg_h5_abandon(&file);
  s->done++;
  s->last_step = snapshot->step;
  return status;
}

mg_status mg_h5_series_put(mg_h5_series *series, const mg_comm *comm, const mg_snapshot *snapshot) {
  mg_sorted sorted;
  MG_TRY(mg_sorted_make(comm, snapshot, wanted, &sorted));
  const mg_status status = put(series, comm, snapshot, &sorted);
  mg_sorted_clear(&sorted);
  return status;
}
