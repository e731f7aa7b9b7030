/** Charts: curves between two axes with ticks, labels with units, and a legend. */
#ifndef MGMD_PLOT_CHART_H
#define MGMD_PLOT_CHART_H

#include "mgmd/plot/canvas.h"

/** One axis. */
typedef struct mg_axis {
  const char *name, *unit; /**< "time" and "ps"; unit "" without */
  double least, most;      /**< NaN: chosen from the curves */
  bool log;
  bool from_zero; /**< zero belongs to the range */
  bool tight;     /**< the chosen range ends with the data instead of a little beyond */
  bool bare;      /**< ticks without numbers and name: the chart below tells them */
} mg_axis;

/** One curve; all borrowed. Where x or y is NaN the line is interrupted. */
typedef struct mg_curve {
  int64_t n;
  const double *x, *y;
  const char *label; /**< in the legend; NULL: not there */
  mg_rgb color;
  double pen; /**< width of the line [pt] */
  bool dashed;
} mg_curve;

/** A vertical line where a stretch begins; its name stands above the frame if it fits there. */
typedef struct mg_chart_mark {
  double x, end;
  const char *text; /**< may be NULL */
} mg_chart_mark;

typedef struct mg_chart {
  mg_axis x, y;
  int n_curves;
  const mg_curve *curve;
  int n_marks;
  const mg_chart_mark *mark;
  double y_name;   /**< distance of the y axis' name from the frame [pt]; 0: next to the numbers */
  bool name_marks; /**< tell the marks' names */
  bool zero_lines; /**< thin lines at x = 0 and y = 0 */
} mg_chart;

/** Draw into @p frame, the rectangle between the axes; what belongs to the x axis needs
 *  MG_CHART_BOTTOM below it, names of marks MG_CHART_TOP above. The legend stands where no curve
 *  is; the y axis is made longer for it where it has to be and may. */
#define MG_CHART_BOTTOM 28.0
#define MG_CHART_TOP 10.0
mg_status mg_chart_draw(mg_canvas *canvas, const mg_chart *chart, mg_rectangle frame);

/** A page with charts one above the other; charts that share the x axis stand closer, and only the
 *  lowest tells its numbers.
 *  @param[in] width   of the page [pt]. @param[in] aspect  height of a frame over its width */
mg_status mg_chart_page(const char *path, double width, double dpi, double aspect,
                        const char *title, int n, mg_chart *charts, bool shared_x);

#endif
