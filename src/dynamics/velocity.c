#include "mgmd/dynamics/velocity.h"
#include "mgmd/base/rng.h"
#include "mgmd/base/units.h"

#include <math.h>

void mg_velocity_measure(mg_sim *sim) {
  mg_reduction sums;
  mg_reduction_start(&sums);
  for (int32_t i = 0; i < sim->atoms.n; i++) {
    const double mass = mg_sim_mass(sim, sim->atoms.species[i]);
    for (int a = 0; a < 3; a++)
      mg_xsum_add(&sums.sum[a], mass * sim->atoms.v[i][a] * sim->atoms.v[i][a]);
  }
  mg_reduce(sim->comm, &sums);
  for (int a = 0; a < 3; a++) sim->kinetic[a] = mg_xsum_value(&sums.sum[a]);
}

void mg_velocity_remove_drift(mg_sim *sim) {
  mg_reduction sums;
  mg_reduction_start(&sums);
  mg_atoms *atoms = &sim->atoms;
  for (int32_t i = 0; i < atoms->n; i++) {
    const double mass = sim->species.mass[atoms->species[i]];
    mg_xsum_add(&sums.sum[3], mass);
    for (int a = 0; a < 3; a++) mg_xsum_add(&sums.sum[a], mass * atoms->v[i][a]);
  }
  mg_reduce(sim->comm, &sums);
  const double total = mg_xsum_value(&sums.sum[3]);
  if (!(total > 0)) return;
  for (int a = 0; a < 3; a++) {
    const double drift = mg_xsum_value(&sums.sum[a]) / total;
    for (int32_t i = 0; i < atoms->n; i++) atoms->v[i][a] -= drift;
  }
}

mg_status mg_velocity_draw(mg_sim *sim, double temperature) {
  mg_atoms *atoms = &sim->atoms;
  for (int32_t i = 0; i < atoms->n; i++) {
    mg_rng rng;
    mg_rng_start(&rng, sim->seed, MG_RNG_VELOCITY, atoms->id[i], sim->step);
    const double width = sqrt(MG_BOLTZMANN * temperature / mg_sim_mass(sim, atoms->species[i]));
    for (int a = 0; a < 3; a++) atoms->v[i][a] = width * mg_rng_normal(&rng);
  }
  mg_velocity_remove_drift(sim);
  mg_velocity_measure(sim);
  const double now = mg_sim_temperature(sim);
  const double factor = now > 0 ? sqrt(temperature / now) : 0;
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) atoms->v[i][a] *= factor;
  mg_velocity_measure(sim);
  return MG_OK;
}
