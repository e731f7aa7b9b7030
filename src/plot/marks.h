/** Marks that pictures share: colour bars, scale bars, the axes of a map. Private to plot. */
#ifndef MGMD_SRC_PLOT_MARKS_H
#define MGMD_SRC_PLOT_MARKS_H

#include "label.h"

#include "mgmd/plot/canvas.h"
#include "mgmd/plot/raster.h"
#include "mgmd/plot/ticks.h"

/** A horizontal colour bar. */
typedef struct mg_color_bar {
  double x, y, width; /**< its upper left corner [pt] */
  mg_scale scale;
  bool below, above; /**< values lie beyond an end, which a tip tells */
  const char *name, *detail, *unit; /**< detail: appended to the name where it fits on the line */
  double room;      /**< that the label may take, around the middle of the bar [pt] */
  double text_size; /**< of the label, at most */
} mg_color_bar;

/** What is written at a colour bar: at least two numbers that do not touch, and the label. */
typedef struct mg_bar_text {
  mg_ticks ticks;
  mg_text_style number;
  mg_label label;
} mg_bar_text;

/** @return false when it does not fit */
bool mg_color_bar_text(mg_canvas *canvas, const mg_color_bar *bar, mg_bar_text *text);

/** Height of a colour bar with its numbers and @p lines of a label [pt]. */
double mg_color_bar_height(int lines);

mg_status mg_draw_color_bar(mg_canvas *canvas, const mg_color_bar *bar);

/** Two arrows, right and up, with their names, and left of @p right a bar of a round length with
 *  its length; all on a line around @p y.
 *  @param[in] per_length  points per Angstrom. @param[in] most  longest bar [pt] */
typedef struct mg_map_key {
  const char *across, *up;
  double per_length, most;
} mg_map_key;

void mg_draw_map_key(mg_canvas *canvas, const mg_map_key *key, double right, double y);

/** Its length on the page [pt]. */
double mg_map_key_width(mg_canvas *canvas, const mg_map_key *key);

#endif
