/** Lines, words and numbers of a text in memory, which may hold anything. Nothing is copied and
 *  nothing is believed: a word is used only within its bounds, a number only if all of it is one.
 */
#ifndef MGMD_SRC_IO_SCAN_H
#define MGMD_SRC_IO_SCAN_H

#include "mgmd/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct mg_scan mg_scan;
struct mg_scan {
  const char *name, *text;
  size_t length, at;
  int64_t line; /**< of the line last read, from 1 */
  /** NULL: the text is all there is. Else called when a line is not complete: lets text, length and
   *  at go on to later parts of a file. @return false when nothing more comes */
  bool (*more)(mg_scan *scan);
  void *source;  /**< of `more` */
  size_t beyond; /**< bytes that it has still to bring */
};

typedef struct mg_word {
  const char *at;
  size_t length;
} mg_word;

/** The next line, without its end ("\n" or "\r\n"). @return false at the end of the text */
bool mg_scan_line(mg_scan *scan, mg_word *line);

/** Up to @p most whole lines at once, as many as are in memory, at least one.
 *  @param[out] block  the lines with their ends
 *  @return how many; 0 at the end of the text */
int64_t mg_scan_block(mg_scan *scan, int64_t most, mg_word *block);

/** Cut a line into words at blanks; '#' and what follows is left out when @p comments.
 *  @return how many there are, of which the first @p most are in @p words */
int mg_scan_words(mg_word line, bool comments, int most, mg_word *words);

/** What stands behind the first '#', without blanks around it; empty when there is none. */
mg_word mg_scan_comment(mg_word line);

bool mg_scan_is(mg_word word, const char *text);

/** A printable copy of a word for messages, cut when long. */
enum { MG_SCAN_QUOTE = 40 };
const char *mg_scan_quote(mg_word word, char quote[MG_SCAN_QUOTE]);

/** A decimal number; false unless all of the word is one and it is finite. */
bool mg_scan_real(mg_word word, double *value);
/** A decimal whole number; false likewise, or out of range. */
bool mg_scan_int(mg_word word, int64_t *value);

/** MG_ERR_INPUT with "NAME:LINE: ...". */
mg_status mg_scan_fail(const mg_scan *scan, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
