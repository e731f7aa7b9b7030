/** What differs between two files. One rank alone; nothing is collective. */
#ifndef MGMD_IO_DIFF_H
#define MGMD_IO_DIFF_H

#include "mgmd/base/error.h"

#include <stdbool.h>
#include <stdio.h>

/** Compare two files and print a line per difference.
 *
 *  HDF5: every dataset of numbers, bit for bit; for each that differs the number of differing
 *  entries and the largest absolute difference. Units and boundary conditions count as well. Texts
 *  (the input and the provenance, which name machine and ranks) are reported but do not count.
 *  Tables (thermo.csv): the same per column. Other texts: the first line that differs.
 *
 *  @param[in]  out    where the lines go; NULL: nowhere
 *  @param[out] equal  nothing that counts differs
 *  @return MG_ERR_INPUT when a file cannot be read; a difference is no failure */
mg_status mg_diff_files(const char *a, const char *b, FILE *out, bool *equal);

#endif
