/** Messages for people. Rank 0 speaks, the others are silent unless verbosity asks otherwise.
 *  Errors are not logged here: they travel as status codes and are printed once by cmd.  */
#ifndef MGMD_BASE_LOG_H
#define MGMD_BASE_LOG_H

#include <stdbool.h>

typedef enum mg_log_level { MG_LOG_QUIET, MG_LOG_NORMAL, MG_LOG_VERBOSE } mg_log_level;

/** Choose what is printed; @p speaks is true on rank 0 only. */
void mg_log_open(mg_log_level level, bool speaks);

mg_log_level mg_log_get_level(void);

/** One line to stdout at MG_LOG_NORMAL and above. No newline in @p format. */
void mg_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** One line to stdout at MG_LOG_VERBOSE. */
void mg_log_detail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** One line "mgmd: warning: ..." to stderr, at every level. */
void mg_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** One line "mgmd: error: ..." to stderr, at every level; control characters are shown as '?'.
 *  For cmd alone, once per run. */
void mg_log_error(const char *text);

/** True when stdout is a terminal and this rank speaks at MG_LOG_NORMAL or above. */
bool mg_log_is_terminal(void);

/** Columns of that terminal; 80 when it does not say. */
int mg_log_width(void);

/** Colours for a terminal; the errors' and the warnings' are for stderr. */
typedef enum mg_paint { MG_PAINT_NONE, MG_PAINT_HEAD, MG_PAINT_WARNING, MG_PAINT_ERROR } mg_paint;

/** The escape sequence, or "" where there is no terminal, TERM is dumb or NO_COLOR is set
 *  [no-color.org]. */
const char *mg_log_paint(mg_paint paint);

/** Overwrite the terminal's current line (progress); nothing when not a terminal. */
void mg_log_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
