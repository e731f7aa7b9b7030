/** The atoms of a configuration with all neighbours within a range, for structural analyses: the
 *  strain's static decomposition, filled with species. Private to analysis. */
#ifndef MGMD_SRC_ANALYSIS_CLOUD_H
#define MGMD_SRC_ANALYSIS_CLOUD_H

#include "mgmd/io/sorted.h"
#include "reference.h"

typedef struct mg_cloud {
  mg_reference *atoms; /**< rows: own atoms in (cell, id) order */
  double *x[3];        /**< [n_copies] own atoms, others and images */
  int32_t *species;    /**< [n_copies] */
} mg_cloud;

/** Collective; agreed.  @param[out] cloud  release with mg_cloud_clear; zeroed on failure */
mg_status mg_cloud_make(const mg_comm *comm, const mg_sorted *sorted, const mg_box *box,
                        double range, mg_cloud *cloud);
void mg_cloud_clear(mg_cloud *cloud);

#endif
