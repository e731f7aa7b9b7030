/** The strain fields as columns of a snapshot, named and described as everywhere. */
#ifndef MGMD_ANALYSIS_STRAIN_COLUMNS_H
#define MGMD_ANALYSIS_STRAIN_COLUMNS_H

#include "mgmd/analysis/strain.h"
#include "mgmd/io/snapshot.h"

enum { MG_STRAIN_COLUMNS = 9 };

/** Fill the columns, the last of which is reference_position; their rows are the atoms of
 *  mg_reference_ids. Borrows from both.  @return how many: MG_STRAIN_COLUMNS */
int mg_strain_columns(const mg_reference *reference, const mg_strain *strain,
                      mg_column columns[MG_STRAIN_COLUMNS]);

#endif
