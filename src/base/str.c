#include "mgmd/base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool mg_str_copy(char *to, size_t size, const char *from) {
  return (size_t)snprintf(to, size, "%s", from) < size;
}

void mg_str_append(char *to, size_t size, const char *format, ...) {
  const size_t used = strlen(to);
  if (used + 1 >= size) return;
  va_list args;
  va_start(args, format);
  vsnprintf(to + used, size - used, format, args);
  va_end(args);
}

static int smallest(int a, int b, int c) {
  const int m = a < b ? a : b;
  return m < c ? m : c;
}

int mg_str_distance(const char *a, const char *b) {
  enum { MOST = 63 };
  const size_t na = strnlen(a, MOST), nb = strnlen(b, MOST);
  int row[3][MOST + 1]; /* rows i-2, i-1 and i of the edit matrix, cyclically */
  for (size_t j = 0; j <= nb; j++) row[0][j] = (int)j;
  for (size_t i = 1; i <= na; i++) {
    int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
    now[0] = (int)i;
    for (size_t j = 1; j <= nb; j++) {
      now[j] = smallest(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped && before[j - 2] + 1 < now[j]) now[j] = before[j - 2] + 1;
    }
  }
  return row[na % 3][nb];
}

const char *mg_str_nearest(const char *word, const char *const *words, int n) {
  const char *best = NULL;
  int least = (int)strlen(word) / 3 + 2; /* one slip in short words, more in long ones */
  for (int k = 0; k < n; k++) {
    const int distance = mg_str_distance(word, words[k]);
    if (distance < least) least = distance, best = words[k];
  }
  return best;
}
