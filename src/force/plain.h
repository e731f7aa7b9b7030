/** The plain evaluation of single atoms, for what vector kernels leave aside; private to this
 *  folder. Any potential, any distance. */
#ifndef MGMD_SRC_FORCE_PLAIN_H
#define MGMD_SRC_FORCE_PLAIN_H

#include "mgmd/force/kernel.h"

/** rho of atom @p i. */
double mg_plain_density(const mg_kernel_task *task, int32_t i);

/** Force on atom @p i and its diagonal virial -1/2 sum_j g d_a^2/r. Needs F' of the neighbours. */
void mg_plain_force(const mg_kernel_task *task, int32_t i, double f[3], double w[3]);

/** Energy and stress of atom @p i, as mg_kernel's observe; either may be NULL. */
void mg_plain_observe(const mg_kernel_task *task, int32_t i, double *energy, double stress[6]);

/** The same for all own atoms. */
void mg_observe_plain(const mg_kernel_task *task, double *energy, double (*stress)[6]);

#endif
