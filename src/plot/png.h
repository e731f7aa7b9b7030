/** A PNG on its way into a file, which is told how large it is on paper. Private to plot. */
#ifndef MGMD_SRC_PLOT_PNG_H
#define MGMD_SRC_PLOT_PNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct mg_png {
  FILE *file; /**< borrowed */
  double dpi;
  int64_t taken; /**< bytes of the PNG so far */
} mg_png;

/** Write the next bytes of a PNG that does not tell its resolution; after the header goes a chunk
 *  that does.  @return false when the file did not take them */
bool mg_png_put(mg_png *png, const void *data, size_t length);

#endif
