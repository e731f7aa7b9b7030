/** A text that grows. */
#ifndef MGMD_BASE_TEXT_H
#define MGMD_BASE_TEXT_H

#include "mgmd/base/error.h"

#include <stddef.h>

/** Zero-initialise; release with mg_text_clear. After a failed allocation @p status says so and
 *  further appends do nothing, so that it need be looked at only once, at the end. */
typedef struct mg_text {
  char *data; /**< NUL-terminated; NULL while nothing was appended */
  size_t length, capacity;
  mg_status status;
} mg_text;

void mg_text_append(mg_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Append @p n bytes as they are. */
void mg_text_append_bytes(mg_text *text, const char *bytes, size_t n);

/** Hand the data over ("" when empty); the text is empty afterwards.
 *  @param[out] data release with mg_free; NULL on failure */
mg_status mg_text_take(mg_text *text, char **data);

void mg_text_clear(mg_text *text);

#endif
