/* Potential tables (potential/potential.h), read as eam/fs and as eam/alloy. An accepted table
 * gives finite values at every distance and density that a simulation meets. */
#include "fuzz.h"

#include "mgmd/potential/potential.h"

#include <math.h>

static void require_pair(const mg_potential *potential, int a, int b) {
  static const double at[] = {1e-3, 0.1, 0.5, 1, 2.5, 4, 6.5, 50};
  const double phi_end = mg_potential_phi_cutoff(potential, a, b);
  const double psi_end = mg_potential_psi_cutoff(potential, a, b);
  fuzz_require(phi_end >= 0 && psi_end >= 0, "cutoffs are not negative");
  fuzz_require(fmax(phi_end, psi_end) <= mg_potential_cutoff(potential), "the largest is told");
  for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) {
    double value, slope;
    mg_potential_phi(potential, a, b, at[k], &value, &slope);
    fuzz_require(isfinite(value) && isfinite(slope), "phi is finite");
    mg_potential_psi(potential, a, b, at[k], &value, &slope);
    fuzz_require(isfinite(value) && isfinite(slope), "psi is finite");
  }
}

static void require_potential(const mg_potential *potential) {
  const mg_species *species = mg_potential_species(potential);
  const double cutoff = mg_potential_cutoff(potential);
  fuzz_require(cutoff > 0 && isfinite(cutoff), "the cutoff is positive");
  fuzz_require(species->n >= 1 && species->n <= MG_MAX_SPECIES, "species fit");
  for (int a = 0; a < species->n; a++) {
    const double top = mg_potential_rho_max(potential, a);
    for (int k = -1; k <= 4; k++) {
      double value, slope;
      mg_potential_embed(potential, a, top * k / 3, &value, &slope);
      fuzz_require(isfinite(value) && isfinite(slope), "F is finite");
    }
    for (int b = 0; b < species->n; b++) require_pair(potential, a, b);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  for (int kind = 0; kind < 2; kind++) {
    mg_potential *potential;
    const mg_status status =
        mg_potential_parse_setfl("f", (const char *)data, size, kind == 0, &potential);
    if (status == MG_OK)
      require_potential(potential);
    else
      fuzz_require_refusal(status, "f:");
    fuzz_require(status == MG_OK || !potential, "a refused table leaves nothing");
    mg_potential_destroy(&potential);
    mg_error_clear();
  }
  return fuzz_finish();
}
