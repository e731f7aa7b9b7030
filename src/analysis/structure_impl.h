/** How results are gathered. Private to analysis. */
#ifndef MGMD_SRC_ANALYSIS_STRUCTURE_IMPL_H
#define MGMD_SRC_ANALYSIS_STRUCTURE_IMPL_H

#include "mgmd/analysis/structure.h"
#include "mgmd/io/sorted.h"

enum { MG_STRUCTURE_BLOCKS = 256, MG_STRUCTURE_PATH = 112 };

struct mg_structure_memory {
  int n_blocks;
  void *block[MG_STRUCTURE_BLOCKS];
  char path[MG_STRUCTURE_ARRAYS][MG_STRUCTURE_PATH];
};

/** @p n zeroed items that live as long as the result; NULL with the record set. */
void *mg_structure_block(mg_structure *result, int64_t n, size_t size);

/** One more array with zeroed data of a result, "/analysis/GROUP/NAME".
 *  @return its data; NULL with the record set */
void *mg_structure_array(mg_structure *result, const char *group, const char *name,
                         const char *unit, mg_ctype ctype, int rank, const int64_t dims[3]);

/** Averages through the thickness. Collective; agreed. */
mg_status mg_structure_grid(const mg_comm *comm, const mg_snapshot *snapshot,
                            const mg_sorted *sorted, double cell, mg_structure *result);

#endif
