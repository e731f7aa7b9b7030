#include "mgmd/dynamics/means.h"

#include <math.h>

/* @param[in] w  weight of the present configuration */
static void mix(mg_sim *sim, double w) {
  mg_atoms *atoms = &sim->atoms;
  double length[3]; /* a copy: no store to an atom could change it */
  for (int a = 0; a < 3; a++) {
    length[a] = sim->box.length[a];
    sim->mean_length[a] += w * (length[a] - sim->mean_length[a]);
  }
  for (int32_t i = 0; i < atoms->n; i++)
    for (int a = 0; a < 3; a++) {
      const double now = atoms->x[i][a] + atoms->image[i][a] * length[a];
      atoms->mean[i][a] += w * (now - atoms->mean[i][a]);
    }
}

mg_status mg_means_add(mg_sim *sim) {
  if (!(sim->averaging > 0)) return MG_OK;
  if (!sim->atoms.averaged) {
    MG_TRY(mg_agree(sim->comm, mg_atoms_average(&sim->atoms, true)));
    sim->n_averaged = 0;
    for (int a = 0; a < 3; a++) sim->mean_length[a] = 0;
  }
  sim->n_averaged++;
  mix(sim, fmax(1.0 / (double)sim->n_averaged, fmin(1, sim->dt / sim->averaging)));
  return MG_OK;
}

mg_status mg_means_need(mg_sim *sim) { return sim->atoms.averaged ? MG_OK : mg_means_add(sim); }

void mg_means_drop(mg_sim *sim) {
  mg_atoms_average(&sim->atoms, false); /* gives memory back: nothing can fail */
  sim->n_averaged = 0;
}

mg_box mg_means_box(const mg_sim *sim) {
  mg_box box = sim->box;
  for (int a = 0; a < 3 && sim->atoms.averaged; a++) box.length[a] = sim->mean_length[a];
  return box;
}
