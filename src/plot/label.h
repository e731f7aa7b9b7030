/** Texts that have to fit: broken at blanks, then made smaller. Private to plot. */
#ifndef MGMD_SRC_PLOT_LABEL_H
#define MGMD_SRC_PLOT_LABEL_H

#include "mgmd/plot/canvas.h"

/** Sizes of texts [pt], in all pictures: of numbers, of names, of titles, and the smallest that is
 *  still read. */
#define MG_TEXT_TICK 7.0
#define MG_TEXT_LABEL 8.0
#define MG_TEXT_TITLE 9.0
#define MG_TEXT_LEAST 5.5

enum { MG_LABEL_LINES = 4, MG_LABEL_TEXT = 320 };

/** A text in lines. */
typedef struct mg_label {
  mg_text_style style;
  int n;
  char line[MG_LABEL_LINES][MG_LABEL_TEXT];
  double width; /**< of the longest line [pt] */
} mg_label;

/** Break @p text into at most @p lines no longer than @p width [pt]; where that is not enough, the
 *  size falls from @p style's down to MG_TEXT_LEAST.
 *  @return false when even that does not fit; @p label is then what comes closest */
bool mg_label_fit(mg_canvas *canvas, const mg_text_style *style, double width, int lines,
                  const char *text, mg_label *label);

/** From a line to the next [pt]. */
double mg_label_pitch(const mg_label *label);

/** The first line at (x, y), the others below. */
void mg_label_draw(mg_canvas *canvas, double x, double y, const mg_label *label);

#endif
