/** A page to draw on, in points (1/72 inch) from the upper left corner; PNG, PDF or SVG.
 *
 *  Over cairo where the program was built with it; without, opening a canvas fails and says which
 *  package is missing. One rank alone draws; nothing is collective. Drawing calls cannot fail: what
 *  goes wrong is told by mg_canvas_close.
 */
#ifndef MGMD_PLOT_CANVAS_H
#define MGMD_PLOT_CANVAS_H

#include "mgmd/base/error.h"
#include "mgmd/plot/color.h"
#include "mgmd/plot/raster.h"

#include <stdbool.h>

typedef struct mg_canvas mg_canvas;

typedef struct mg_point {
  double x, y;
} mg_point;

typedef struct mg_rectangle {
  double x, y, width, height;
} mg_rectangle;

/** MG_OK when pictures can be drawn; else MG_ERR_INPUT with what to install. */
mg_status mg_canvas_available(void);

/** The version of cairo, "1.16.0", or "none" where it is missing. */
const char *mg_canvas_library(void);

/** Start a page; the end of the name, .png, .pdf or .svg, chooses the format.
 *  @param[in] width, height  [pt]; PNG: rounded to whole pixels
 *  @param[in] dpi            pixels per inch of PNG, and of images inside PDF and SVG */
mg_status mg_canvas_open(const char *path, double width, double height, double dpi,
                         mg_canvas **canvas);

/** A canvas for mg_canvas_text_width alone, which no file comes from; mg_canvas_abandon it. */
mg_status mg_canvas_ruler(mg_canvas **canvas);

/** Write the file: complete or not at all. @p canvas is NULL afterwards in any case.
 *  @return MG_ERR_IO when it cannot be written */
mg_status mg_canvas_close(mg_canvas **canvas);

/** Drop the page; no file appears. NULL is allowed. */
void mg_canvas_abandon(mg_canvas **canvas);

double mg_canvas_dpi(const mg_canvas *canvas);

/** Pixels of an image that fills @p points: 1 to 1 on a PNG. At least 1. */
int mg_canvas_pixels(const mg_canvas *canvas, double points);

void mg_canvas_color(mg_canvas *canvas, mg_rgb color);

/** Width [pt] and dashes of lines drawn from now on. */
void mg_canvas_pen(mg_canvas *canvas, double width, bool dashed);

/** A line through the points; a NaN interrupts it. */
void mg_canvas_lines(mg_canvas *canvas, int64_t n, const mg_point *point);
void mg_canvas_line(mg_canvas *canvas, double x0, double y0, double x1, double y1);
void mg_canvas_frame(mg_canvas *canvas, mg_rectangle area);
void mg_canvas_fill(mg_canvas *canvas, mg_rectangle area);
void mg_canvas_triangle(mg_canvas *canvas, mg_point a, mg_point b, mg_point c);

/** Draw only inside @p area until mg_canvas_unclip. */
void mg_canvas_clip(mg_canvas *canvas, mg_rectangle area);
void mg_canvas_unclip(mg_canvas *canvas);

/** Stretch @p image over @p area, pixels sharp. On a PNG the area is moved onto whole pixels. */
void mg_canvas_image(mg_canvas *canvas, mg_rectangle area, const mg_image *image);

/** How a text stands: its anchor, size and turn. */
typedef struct mg_text_style {
  double size;   /**< [pt] */
  double across; /**< 0: begins at the point, 0.5: centred, 1: ends there */
  double up;     /**< 0: baseline at the point, 0.5: digits centred on it, 1: hangs below it */
  bool bold;
  bool upward;   /**< turned to read from below */
} mg_text_style;

/** UTF-8. */
void mg_canvas_text(mg_canvas *canvas, double x, double y, const mg_text_style *style,
                    const char *text);

/** Its length [pt]. */
double mg_canvas_text_width(mg_canvas *canvas, const mg_text_style *style, const char *text);

#endif
