/** Small text helpers. Nothing here communicates or allocates. */
#ifndef MGMD_BASE_STR_H
#define MGMD_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

/** Copy with truncation; always terminated. @return false when truncated */
bool mg_str_copy(char *to, size_t size, const char *from);

/** Append formatted text at the end of @p to, truncating. */
void mg_str_append(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Restricted Damerau-Levenshtein distance of two words, both at most 63 characters. */
int mg_str_distance(const char *a, const char *b);

/** The nearest of @p n words to @p word if it is near enough to be a likely typo, else NULL. */
const char *mg_str_nearest(const char *word, const char *const *words, int n);

#endif
