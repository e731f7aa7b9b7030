/** Marks that pictures share: colour bars, scale bars, the axes of a map. Private to plot. */
#ifndef MGMD_SRC_PLOT_MARKS_H
#define MGMD_SRC_PLOT_MARKS_H

#include "mgmd/plot/canvas.h"
#include "mgmd/plot/raster.h"

/** Sizes of texts [pt], in all pictures. */
#define MG_TEXT_TICK 7.0
#define MG_TEXT_LABEL 8.0

/** Height of a colour bar with its numbers and its label [pt]. */
#define MG_BAR_HEIGHT 31.0

/** A horizontal colour bar. */
typedef struct mg_color_bar {
  double x, y, width; /**< its upper left corner [pt] */
  mg_scale scale;
  bool below, above; /**< values lie beyond an end, which a tip tells */
  const char *name, *unit;
} mg_color_bar;

mg_status mg_draw_color_bar(mg_canvas *canvas, const mg_color_bar *bar);

/** A bar of a round length that ends at @p right, with its length to its left, centred on @p y;
 *  @return its left end.
 *  @param[in] per_length  points per Angstrom. @param[in] most  longest [pt] */
double mg_draw_scale_bar(mg_canvas *canvas, double right, double y, double per_length, double most);

/** Two arrows from (x, y): right and up, with their names. */
void mg_draw_directions(mg_canvas *canvas, double x, double y, const char *across, const char *up);

#endif
