/** The mistakes found in an input, in the order in which a person meets them.
 *
 *  Everything that checks an input adds to one list and goes on; the first in file order becomes
 *  the error, the others are for --verbose. Overrides of the command line come before the file.
 *  The list has a fixed size and is kept sorted; when it is full the last one falls off, so adding
 *  cannot fail.
 */
#ifndef MGMD_IO_DIAGNOSTICS_H
#define MGMD_IO_DIAGNOSTICS_H

#include "mgmd/base/error.h"

#include <stddef.h>
#include <stdint.h>

/** A place in the input. */
typedef struct mg_place {
  int origin;       /**< 0: the file; k > 0: the k-th override of the command line */
  int line, column; /**< from 1 */
} mg_place;

enum { MG_DIAGNOSTICS = 64, MG_KEY_PATH = 160, MG_DIAGNOSTIC_TEXT = 480 };

typedef struct mg_diagnostic {
  mg_place place;
  char path[MG_KEY_PATH];        /**< "compress.rate", "run[2].duration", "output.directory" */
  char text[MG_DIAGNOSTIC_TEXT]; /**< what was found; what would be valid */
} mg_diagnostic;

typedef struct mg_diagnostics {
  const char *file;             /**< as the user named it; borrowed */
  const char *const *overrides; /**< how to show origin k: overrides[k-1]; borrowed */
  mg_status status;             /**< MG_ERR_MEMORY: mistakes may be missing, and values */
  int64_t total;                /**< all that were added */
  int n;                        /**< those kept, sorted */
  mg_diagnostic entry[MG_DIAGNOSTICS];
} mg_diagnostics;

/** An empty list. @p overrides may be NULL when there are none. */
void mg_diagnostics_init(mg_diagnostics *diagnostics, const char *file,
                         const char *const *overrides);

/** Insert a mistake. Control characters in the text are shown as '?': one mistake is one line. */
void mg_diagnostics_add(mg_diagnostics *diagnostics, mg_place place, const char *path,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/** The place as text: "FILE:LINE:COLUMN" or "--set KEY=VALUE". */
void mg_diagnostics_place(const mg_diagnostics *diagnostics, mg_place place, char *text,
                          size_t size);

/** Mistake @p k as one line without a newline: "FILE:LINE:COLUMN: KEY PATH: text", or
 *  "--set KEY=VALUE: KEY PATH: text". */
void mg_diagnostics_line(const mg_diagnostics *diagnostics, int k, char *line, size_t size);

/** MG_OK when the list is empty; else records the first mistake and returns MG_ERR_INPUT, or
 *  MG_ERR_MEMORY where the list is not to be relied on. */
mg_status mg_diagnostics_status(const mg_diagnostics *diagnostics);

#endif
