#include "mgmd/dynamics/sim.h"
#include "mgmd/base/units.h"

#include <math.h>
#include <string.h>

mg_status mg_sim_init(mg_sim *sim, const mg_comm *comm, mg_potential *potential,
                      const char *kernel_name) {
  memset(sim, 0, sizeof *sim);
  sim->comm = comm;
  sim->potential = potential;
  sim->species = *mg_potential_species(potential);
  sim->wanted_skin = NAN;
  mg_sample_init(&sim->sample);
  mg_timer_start(&sim->timer);
  return mg_force_init(&sim->force, comm, potential, kernel_name);
}

void mg_sim_clear(mg_sim *sim) {
  mg_force_clear(&sim->force);
  mg_domain_clear(&sim->domain);
  mg_atoms_clear(&sim->atoms);
  mg_potential_destroy(&sim->potential);
  memset(sim, 0, sizeof *sim);
}

double mg_sim_skin(double temperature) {
  /* A list lasts until the fastest atom has gone half a skin. In a cold glass atoms only rattle,
   * with an amplitude of some 0.1 A: 20 steps of 2 fs; in a melt the fastest of 30000 atoms crosses
   * 0.3 A in 7 steps. A build costs as much as a step or two, an Angstrom of skin half a step: the
   * minimum is flat, and these figures lie on its far side, where lists are exchanged less often
   * (docs/performance.md). */
  const double melt = 0.6, cold = 0.35;
  if (isnan(temperature) || temperature >= 1500) return melt;
  return cold + (melt - cold) * sqrt(fmax(temperature - 50, 0) / 1450);
}

static mg_status choose_domain(mg_sim *sim) {
  int dims[3];
  const bool wanted = sim->wanted_grid[0] > 0;
  MG_TRY(mg_domain_shape(sim->comm->size, sim->box.length, sim->force.cutoff,
                         wanted ? sim->wanted_grid : NULL, dims));
  if (sim->domain.cut[0] && memcmp(dims, sim->domain.dims, sizeof dims) == 0) return MG_OK;
  mg_domain_clear(&sim->domain);
  return mg_domain_init(&sim->domain, sim->comm, dims);
}

mg_status mg_sim_frame(mg_sim *sim, double temperature) {
  mg_atoms *atoms = &sim->atoms;
  int64_t max_id = 0;
  for (int32_t i = 0; i < atoms->n; i++)
    if (atoms->id[i] > max_id) max_id = atoms->id[i];
  atoms->n_global = mg_count_all(sim->comm, atoms->n);
  atoms->max_id = mg_max_all(sim->comm, max_id);
  MG_TRY_ALL(sim->comm, choose_domain(sim));
  const double skin =
      isnan(sim->wanted_skin) ? mg_sim_skin(temperature) : sim->wanted_skin;
  MG_TRY(mg_force_frame(&sim->force, sim->comm, &sim->box, atoms, skin));
  return mg_sim_rebuild(sim);
}

mg_status mg_sim_rebuild(mg_sim *sim) {
  mg_timer_enter(&sim->timer, MG_PHASE_LIST);
  const mg_status status =
      mg_force_build(&sim->force, sim->comm, &sim->domain, &sim->box, &sim->atoms);
  mg_timer_enter(&sim->timer, MG_PHASE_OTHER);
  sim->fresh = true;
  sim->next = MG_UNDECIDED;
  sim->most_u = 0;
  return status;
}

/* The present positions travel through the build as forces do, which come anew afterwards. */
mg_status mg_sim_restore(mg_sim *sim) {
  mg_atoms *atoms = &sim->atoms;
  const mg_box now = sim->box, then = sim->force.box_build;
  const mg_decision next = sim->next;
  const double most_u = sim->most_u;
  MG_TRY_ALL(sim->comm, choose_domain(sim));
  mg_force_reframe(&sim->force);
  for (int32_t i = 0; i < atoms->n; i++) {
    memcpy(atoms->f[i], atoms->x[i], sizeof atoms->f[i]);
    memcpy(atoms->x[i], atoms->x_build[i], sizeof atoms->x[i]);
  }
  sim->box = then;
  MG_TRY(mg_sim_rebuild(sim));
  for (int32_t i = 0; i < atoms->n; i++) memcpy(atoms->x[i], atoms->f[i], sizeof atoms->x[i]);
  sim->box = now;
  sim->fresh = false;
  mg_sim_forces(sim);
  sim->next = next;
  sim->most_u = most_u;
  return MG_OK;
}

void mg_sim_forces(mg_sim *sim) {
  mg_force_compute(&sim->force, sim->comm, &sim->box, &sim->atoms, &sim->timer, sim->fresh);
  sim->fresh = false;
  sim->atom_steps += sim->atoms.n_global;
  mg_timer_enter(&sim->timer, MG_PHASE_OTHER);
}

double mg_sim_mass(const mg_sim *sim, int s) { return sim->species.mass[s] * MG_MASS_UNIT; }

mg_status mg_sim_evaluate(mg_sim *sim) {
  mg_sim_forces(sim);
  mg_reduction sum;
  mg_reduction_start(&sum);
  const mg_atoms *atoms = &sim->atoms;
  for (int32_t i = 0; i < atoms->n; i++) {
    const double mass = mg_sim_mass(sim, atoms->species[i]);
    for (int a = 0; a < 3; a++) mg_xsum_add(&sum.sum[a], mass * atoms->v[i][a] * atoms->v[i][a]);
  }
  for (int a = 0; a < 3; a++) sum.sum[3 + a] = sim->force.virial[a];
  mg_reduce(sim->comm, &sum);
  bool finite = true;
  for (int a = 0; a < 3; a++) {
    sim->kinetic[a] = mg_xsum_value(&sum.sum[a]);
    sim->virial[a] = mg_xsum_value(&sum.sum[3 + a]);
    finite = finite && isfinite(sim->kinetic[a]) && isfinite(sim->virial[a]);
  }
  return finite ? MG_OK : mg_sim_find_fault(sim);
}

double mg_sim_freedom(const mg_sim *sim) {
  const double n = 3.0 * (double)sim->atoms.n_global - 3;
  return n < 1 ? 1 : n;
}

double mg_sim_temperature(const mg_sim *sim) {
  return (sim->kinetic[0] + sim->kinetic[1] + sim->kinetic[2]) /
         (mg_sim_freedom(sim) * MG_BOLTZMANN);
}

double mg_sim_time(const mg_sim *sim) {
  /* 2 fs is no binary fraction, but 500 steps per ps are: 700 steps are 1.4 ps, not 1.4000...1 */
  const double per_ps = rint(1 / sim->dt);
  if (fabs(per_ps * sim->dt - 1) < 1e-12) return (double)sim->step / per_ps;
  return (double)sim->step * sim->dt;
}

double mg_sim_axial_force(const mg_sim *sim, int axis) {
  return -(sim->kinetic[axis] + sim->virial[axis]) / sim->box.length[axis];
}
