#include "mgmd/dynamics/thermo.h"
#include "mgmd/base/mem.h"
#include "mgmd/base/units.h"

#include <math.h>
#include <string.h>

mg_status mg_thermo_per_atom(mg_sim *sim, double *energy, double (*stress)[6]) {
  static const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
  mg_force_observe(&sim->force, energy, stress);
  const mg_atoms *atoms = &sim->atoms;
  for (int32_t i = 0; i < atoms->n && stress; i++) {
    const double mass = mg_sim_mass(sim, atoms->species[i]);
    for (int c = 0; c < 6; c++)
      stress[i][c] -= mass * atoms->v[i][first[c]] * atoms->v[i][second[c]];
  }
  return MG_OK;
}

static void add_atoms(const mg_atoms *atoms, const double *energy, const double (*stress)[6],
                      mg_reduction *sums) {
  for (int32_t i = 0; i < atoms->n; i++) {
    mg_xsum_add(&sums->sum[0], energy[i]);
    for (int c = 0; c < 6; c++) mg_xsum_add(&sums->sum[1 + c], stress[i][c]);
  }
}

mg_status mg_thermo_measure(mg_sim *sim, mg_motion *motion, mg_thermo *thermo) {
  const mg_phase outer = mg_timer_enter(&sim->timer, MG_PHASE_OUTPUT);
  double *energy = NULL;
  double(*stress)[6] = NULL;
  if (motion) mg_motion_settle(motion, sim);
  mg_status status = MG_NEW(energy, sim->atoms.n);
  if (status == MG_OK) status = MG_NEW(stress, sim->atoms.n);
  if (status == MG_OK) status = mg_thermo_per_atom(sim, energy, stress);
  status = mg_agree(sim->comm, status);
  if (status == MG_OK) {
    mg_reduction sums;
    mg_reduction_start(&sums);
    add_atoms(&sim->atoms, energy, (const double(*)[6])stress, &sums);
    mg_reduce(sim->comm, &sums);
    memset(thermo, 0, sizeof *thermo);
    thermo->step = sim->step;
    thermo->time = mg_sim_time(sim);
    thermo->temperature = mg_sim_temperature(sim);
    thermo->potential_energy = mg_xsum_value(&sums.sum[0]);
    thermo->kinetic_energy = 0.5 * (sim->kinetic[0] + sim->kinetic[1] + sim->kinetic[2]);
    thermo->work = sim->work;
    thermo->heat = sim->heat;
    thermo->conserved = thermo->potential_energy + thermo->kinetic_energy + sim->heat - sim->work +
                        (motion ? mg_motion_cell_energy(motion) : 0);
    const double volume = mg_box_volume(&sim->box);
    for (int c = 0; c < 6; c++)
      thermo->pressure[c] = -mg_xsum_value(&sums.sum[1 + c]) / volume * MG_GPA;
    for (int a = 0; a < 3; a++) {
      thermo->force[a] = mg_sim_axial_force(sim, a);
      thermo->length[a] = sim->box.length[a];
    }
  }
  mg_free(energy);
  mg_free(stress);
  mg_timer_enter(&sim->timer, outer);
  return status;
}
