#ifndef MGMD_SRC_IO_DIFF_TEXT_H
#define MGMD_SRC_IO_DIFF_TEXT_H

#include "mgmd/base/error.h"

#include <stdbool.h>
#include <stdio.h>

/** mg_diff_files for two texts: tables by column, others by line. */
mg_status mg_diff_texts(const char *a, const char *b, FILE *out, bool *equal);

#endif
