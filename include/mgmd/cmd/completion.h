/** Shell completion from the tables of commands, options, stages and keys. */
#ifndef MGMD_CMD_COMPLETION_H
#define MGMD_CMD_COMPLETION_H

#include "mgmd/base/text.h"

/** Append a completion script for bash. */
void mg_completion_bash(mg_text *text);

#endif
