/** run.yaml and summary.yaml. Private to stage. */
#ifndef MGMD_SRC_STAGE_SUMMARY_H
#define MGMD_SRC_STAGE_SUMMARY_H

#include "mgmd/stage/run.h"

/** What made the results: versions, kernel, potential, skin policy; the same for any number of
 *  ranks. YAML, released with mg_free. Not collective. */
mg_status mg_summary_provenance(const mg_run *run, char **text);

/** Write run.yaml (resolved input; versions and rank layout as comments). Collective. */
mg_status mg_summary_write_run(mg_run *run);

/** Write summary.yaml at the end and tell the user in a few lines. Collective. */
mg_status mg_summary_write(mg_run *run);

#endif
