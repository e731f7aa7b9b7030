/* The reduction of a step tells that something is wrong; only then is it looked for. Every rank
 * compares its atoms with the reduced number, and the lowest rank that has the atom names it.
 */
#include "faults.h"

#include "mgmd/base/mem.h"

#include <math.h>
#include <stdio.h>

/* Rounding between two ways to the same number. */
static const double SAME = 1 - 1e-9;

static mg_status tell(const mg_sim *sim, int32_t i, const char *what) {
  const mg_atoms *atoms = &sim->atoms;
  return mg_fail(MG_ERR_RUN, "step %lld: atom %lld at (%.4g, %.4g, %.4g) A %s",
                 (long long)sim->step, (long long)atoms->id[i], atoms->x[i][0], atoms->x[i][1],
                 atoms->x[i][2], what);
}

/* When no rank recognises its atom there is still a fault. */
static mg_status agree_on(mg_sim *sim, mg_status local, const char *what) {
  MG_TRY(mg_agree(sim->comm, local));
  return mg_agree(sim->comm,
                  mg_fail(MG_ERR_RUN, "step %lld: an atom %s", (long long)sim->step, what));
}

static double displacement(const mg_sim *sim, int32_t i) {
  double u2 = 0;
  for (int a = 0; a < 3; a++) {
    const double lo = sim->box.lo[a];
    const double lambda =
        sim->box.periodic[a] ? sim->box.length[a] / sim->force.box_build.length[a] : 1;
    const double u = sim->atoms.x[i][a] - lo - lambda * (sim->atoms.x_build[i][a] - lo);
    u2 += u * u;
  }
  return sqrt(u2);
}

mg_status mg_fault_outrun(mg_sim *sim, double most_u) {
  char what[160];
  snprintf(what, sizeof what,
           "moved %.3g A in one step, out of its neighbour list; try a smaller timestep",
           most_u - sim->most_u);
  mg_status local = MG_OK;
  for (int32_t i = 0; i < sim->atoms.n && local == MG_OK; i++)
    if (displacement(sim, i) >= most_u * SAME) local = tell(sim, i, what);
  return agree_on(sim, local, what);
}

static mg_status find_dense(mg_sim *sim, double share, const char *what) {
  double *rho;
  MG_TRY(MG_NEW(rho, sim->atoms.n));
  mg_force_density(&sim->force, rho);
  mg_status local = MG_OK;
  for (int32_t i = 0; i < sim->atoms.n && local == MG_OK; i++)
    if (rho[i] / mg_potential_rho_max(sim->potential, sim->atoms.species[i]) >= share * SAME)
      local = tell(sim, i, what);
  mg_free(rho);
  return local;
}

mg_status mg_fault_density(mg_sim *sim, double share) {
  char what[160];
  snprintf(what, sizeof what,
           "has a density %.3g times the end of the potential's range; try a smaller timestep, or "
           "'minimize' before",
           share);
  return agree_on(sim, find_dense(sim, share, what), what);
}

mg_status mg_fault_count(mg_sim *sim, int64_t n) {
  return mg_agree(sim->comm, mg_fail(MG_ERR_RUN, "step %lld: %lld of %lld atoms are left",
                                     (long long)sim->step, (long long)n,
                                     (long long)sim->atoms.n_global));
}

static mg_status fault_here(const mg_sim *sim) {
  const mg_atoms *atoms = &sim->atoms;
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) {
      const bool wild = !(fabs(atoms->f[i][a]) < 1e6) || !(fabs(atoms->v[i][a]) < 1e6) ||
                        !(fabs(atoms->x[i][a]) < 1e9);
      MG_REQUIRE(!wild, MG_ERR_RUN,
                 "step %lld: atom %lld at (%.4g, %.4g, %.4g) A has force (%.4g, %.4g, %.4g) eV/A "
                 "and velocity (%.4g, %.4g, %.4g) A/ps; %s",
                 (long long)sim->step, (long long)atoms->id[i], atoms->x[i][0], atoms->x[i][1],
                 atoms->x[i][2], atoms->f[i][0], atoms->f[i][1], atoms->f[i][2], atoms->v[i][0],
                 atoms->v[i][1], atoms->v[i][2],
                 sim->step > 0 ? "try a smaller timestep"
                               : "atoms lie on top of each other: try minimize first");
    }
  return MG_OK;
}

mg_status mg_sim_find_fault(mg_sim *sim) {
  MG_TRY(mg_agree(sim->comm, fault_here(sim)));
  return mg_agree(sim->comm,
                  mg_fail(MG_ERR_RUN, "step %lld: energies or forces are too large to be physical",
                          (long long)sim->step));
}
