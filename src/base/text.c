#include "mgmd/base/text.h"

#include "mgmd/base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool make_room(mg_text *text, size_t n) {
  if (text->status != MG_OK) return false;
  const size_t needed = text->length + n + 1;
  if (needed <= text->capacity) return true;
  const size_t capacity = needed > 2 * text->capacity ? needed : 2 * text->capacity;
  char *data = mg_realloc(text->data, capacity, 1);
  if (!data) {
    text->status = MG_ERR_MEMORY;
    return false;
  }
  text->data = data;
  text->capacity = capacity;
  return true;
}

void mg_text_append_bytes(mg_text *text, const char *bytes, size_t n) {
  if (!make_room(text, n)) return;
  memcpy(text->data + text->length, bytes, n);
  text->length += n;
  text->data[text->length] = '\0';
}

void mg_text_append(mg_text *text, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  const int n = vsnprintf(NULL, 0, format, args);
  if (n >= 0 && make_room(text, (size_t)n)) {
    vsnprintf(text->data + text->length, (size_t)n + 1, format, again);
    text->length += (size_t)n;
  }
  va_end(again);
  va_end(args);
}

mg_status mg_text_take(mg_text *text, char **data) {
  *data = NULL;
  mg_text_append_bytes(text, "", 0);
  const mg_status status = text->status;
  if (status == MG_OK) {
    *data = text->data;
    text->data = NULL;
  }
  mg_text_clear(text);
  return status;
}

void mg_text_clear(mg_text *text) {
  mg_free(text->data);
  memset(text, 0, sizeof *text);
}
