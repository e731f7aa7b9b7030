/** The files that `convert`, `strain` and `analyze` are about to write: looked at before anything
 *  is computed, so that nothing is lost by a name that was chosen twice. */
#ifndef MGMD_CMD_OUTPUTS_H
#define MGMD_CMD_OUTPUTS_H

#include "mgmd/cmd/series.h"

typedef struct mg_outputs {
  const char *path; /**< OUT */
  int64_t n;        /**< configurations that will be written; of HDF5 several are a series */
  bool mdanalysis;
  const char *table; /**< one more file, or NULL */
} mg_outputs;

/** Refuse, with one line, a name without a format, a folder that is not there, a file that is read
 *  by one of the @p n_inputs series, and without --overwrite any file that exists: of a series
 *  OUT-NNNNNN.h5 with any number, and OUT.xdmf.
 *  Collective; agreed.  @return MG_ERR_INPUT */
mg_status mg_outputs_check(const mg_comm *comm, const mg_call *call, const mg_outputs *outputs,
                           int n_inputs, const mg_series *const *inputs);

#endif
