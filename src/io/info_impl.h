/** Inside of mg_info. */
#ifndef MGMD_SRC_IO_INFO_IMPL_H
#define MGMD_SRC_IO_INFO_IMPL_H

#include "mgmd/base/error.h"

#include <stdio.h>

/** The part of mg_info_file for checkpoints. Not collective. */
mg_status mg_info_checkpoint(const char *path, FILE *out);

#endif
