/** What all fuzz targets share.
 *
 *  A target is one file fuzz_READER.c with one function LLVMFuzzerTestOneInput, which hands the
 *  bytes to a reader and verifies what the reader promises of any bytes. `make fuzz` links it with
 *  libFuzzer; `make check` links it with replay.c, which needs no clang, and replays the corpus.
 *  Beyond the sanitizers' reports, a broken promise ends the process by fuzz_require().
 */
#ifndef MGMD_TESTS_FUZZ_H
#define MGMD_TESTS_FUZZ_H

#include "mgmd/base/error.h"
#include "mgmd/base/mem.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_require(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "broken promise: %s (the error record: '%s')\n", what, mg_error_text());
  abort();
}

/** A refusal is a mistake of the input, told in one printable line that begins with @p name. */
static inline void fuzz_require_refusal(mg_status status, const char *name) {
  const char *text = mg_error_text();
  fuzz_require(status == MG_ERR_INPUT, "what cannot be read is a mistake of the input");
  fuzz_require(mg_error_code() == MG_ERR_INPUT, "a refusal fills the error record");
  fuzz_require(!name || strncmp(text, name, strlen(name)) == 0, "a refusal names the file");
  fuzz_require(!strchr(text, '\n') && text[0], "a refusal is one line");
}

/** Blocks of memory that a target keeps from one input to the next. */
static int64_t fuzz_kept;

/** After each input: no memory is left, and the record is empty for the next. */
static inline int fuzz_finish(void) {
  mg_error_clear();
  fuzz_require(mg_mem_live() == fuzz_kept, "no block of memory is left");
  return 0;
}

#endif
