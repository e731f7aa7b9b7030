#include "mgmd/force/kernel.h"
#include "mgmd/base/str.h"
#include "mgmd/potential/fit.h"

#include <string.h>

const mg_kernel *const mg_kernels[] = {&mg_kernel_avx512, &mg_kernel_avx2, &mg_kernel_reference,
                                       NULL};

static const mg_kernel *by_name(const char *name) {
  for (int k = 0; mg_kernels[k]; k++)
    if (strcmp(mg_kernels[k]->name, name) == 0) return mg_kernels[k];
  return NULL;
}

const mg_kernel *mg_kernel_choose(const char *name, const mg_potential *potential, int most_level) {
  if (strcmp(name, "auto") != 0) {
    const mg_kernel *kernel = by_name(name);
    if (!kernel) {
      mg_fail(MG_ERR_INPUT, "kernel: '%s' is none; valid: auto, avx512, avx2, reference", name);
      return NULL;
    }
    if (!kernel->available()) {
      mg_fail(MG_ERR_INPUT, "kernel: this processor cannot run '%s'; use auto", name);
      return NULL;
    }
    if (!kernel->supports(potential)) {
      const mg_fit *fit = mg_potential_fit(potential);
      mg_fail(MG_ERR_INPUT, "kernel: '%s' cannot evaluate %s%s%s; use auto or reference", name,
              mg_potential_name(potential), fit ? ": " : "", fit ? fit->reason : "");
      return NULL;
    }
    return kernel;
  }
  for (int k = 0; mg_kernels[k]; k++) {
    const mg_kernel *kernel = mg_kernels[k];
    if (kernel->level <= most_level && kernel->available() && kernel->supports(potential))
      return kernel;
  }
  mg_fail(MG_ERR_INTERNAL, "no kernel for the potential %s", mg_potential_name(potential));
  return NULL;
}
