/** Structure atom by atom: coordination, centrosymmetry, Voronoi cells. Private to analysis. */
#ifndef MGMD_SRC_ANALYSIS_LOCAL_H
#define MGMD_SRC_ANALYSIS_LOCAL_H

#include "cloud.h"
#include "mgmd/analysis/structure.h"

/** Arrays of the own atoms of a cloud; NULL: not wanted. */
typedef struct mg_local {
  double cutoff[MG_MAX_SPECIES][MG_MAX_SPECIES]; /**< of the coordination [A] */
  int neighbours;                                /**< of the centrosymmetry */
  int32_t *coordination;
  double *centrosymmetry; /**< [A^2]; 0 with fewer neighbours in the cloud's range */
  double *volume;         /**< [A^3] */
  int32_t (*faces)[4];
} mg_local;

enum { MG_MOST_NEIGHBOURS = 32 };

/** Fill what is wanted. Local.  @return MG_ERR_MEMORY */
mg_status mg_local_find(const mg_cloud *cloud, mg_local *local);

#endif
