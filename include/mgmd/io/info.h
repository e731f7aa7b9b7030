/** What is in a file. One rank alone; nothing is collective. */
#ifndef MGMD_IO_INFO_H
#define MGMD_IO_INFO_H

#include "mgmd/base/error.h"
#include "mgmd/base/param.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/** Print what a configuration file holds: atoms, cell, step and time; of an mgmd snapshot also the
 *  sample, every field with its unit, least and greatest value, the observables and where it comes
 *  from.
 *  Of a checkpoint: where the run stands, and whether all of it is as it was written.
 *  @param[in] species  names of a LAMMPS data file's types; may be NULL
 *  @param[in] frame    which of several configurations, from 0 or from -1 backwards
 *  @param[in] hash     of an HDF5 file, print a line "HASH  PATH" per dataset of numbers and one
 *                      "HASH  all" instead (mg_info_hash)  */
mg_status mg_info_file(const char *path, const mg_names *species, int64_t frame, bool hash,
                       FILE *out);

/** 64-bit FNV-1a hash of the contents of an HDF5 file: names, shapes and values of all datasets of
 *  numbers in lexical order. Equal for equal results, whatever program or machine wrote the file;
 *  texts do not count.
 *  @param[in] path     of the file
 *  @param[in] dataset  of this one alone; NULL: all */
mg_status mg_info_hash(const char *path, const char *dataset, uint64_t *hash);

#endif
