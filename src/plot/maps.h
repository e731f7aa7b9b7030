/** What the panel and the film share. Private to plot. */
#ifndef MGMD_SRC_PLOT_MAPS_H
#define MGMD_SRC_PLOT_MAPS_H

#include "marks.h"

#include "mgmd/plot/canvas.h"
#include "mgmd/plot/pictures.h"

/** The atoms of a snapshot in the plane of the picture; owned. */
typedef struct mg_plane {
  int64_t n;
  double *across, *up, *depth; /**< [n] across from the middle, up from the lower end [Angstrom] */
  double half_width, height, thickness; /**< extent of the sample [Angstrom] */
  double radius;               /**< of atoms, from their volume [Angstrom] */
  double cell;                 /**< of a grid with about ten atoms per cell [Angstrom] */
} mg_plane;

mg_status mg_plane_read(const mg_shot *shot, mg_plane *plane);
void mg_plane_clear(mg_plane *plane);

/** A page of maps, before anything is drawn. */
typedef struct mg_sheet {
  const mg_look *look;
  int n_rows, n_columns;
  const mg_shot *const *shots; /**< [n_rows] */
  bool film;                   /**< a page for each of them, all laid out alike, instead of a row */
  mg_quantity *quantity;       /**< [n_columns] */
  double *least, *most;        /**< [n_columns] ends of the colour bars */
  bool *below, *above;         /**< [n_columns] values lie beyond an end */
  mg_window window;            /**< common to all maps */
  double radius, cell;         /**< [Angstrom] */
  bool atoms;                  /**< atoms, not the grid */
} mg_sheet;

/** Look quantities up and lay windows and ranges over all the snapshots. Owned parts are released
 *  by mg_sheet_clear, also after a failure. */
mg_status mg_sheet_prepare(mg_sheet *sheet, const mg_look *look, int n_shots,
                           const mg_shot *const *shots, const mg_words *quantities);
void mg_sheet_clear(mg_sheet *sheet);

/** Where things stand on a page of maps [pt]. From above: the title, then for each snapshot its
 *  name and a row of maps, then a colour bar under each column. The key (axes and length) stands
 *  beside the first name, or above it where there is no room. */
typedef struct mg_page {
  double width, height;
  double left, right;    /**< the band in which names stand; columns are centred in it */
  double first, pitch;   /**< left end of the first column, from column to column */
  double column;         /**< its width */
  double map_width, map_height;
  double top;            /**< of the first name */
  double heading;        /**< height of a name */
  double bar;            /**< height of the colour bars */
  double bar_text;       /**< size of their labels */
  bool key_beside;
} mg_page;

#define MG_PAGE_MARGIN 6.0

/** @return MG_ERR_INPUT when the page is too small for them */
mg_status mg_page_lay_out(const mg_sheet *sheet, mg_page *page);

mg_rectangle mg_page_map(const mg_page *page, int row, int column);

mg_map_key mg_page_key(const mg_sheet *sheet, const mg_page *page);

/** The title of the page, the name of a row; fitted.  @return false when it does not fit */
bool mg_page_title(mg_canvas *canvas, const mg_sheet *sheet, double width, mg_label *label);
bool mg_page_name(mg_canvas *canvas, const mg_sheet *sheet, int row, double width,
                  mg_label *label);

/** The colour bar of a column, but for where it stands. @p map is filled with its colours. */
mg_color_bar mg_page_bar(const mg_sheet *sheet, const mg_page *page, int column, mg_colormap *map);

/** Values of one column in one row as colours. */
mg_status mg_sheet_raster(const mg_sheet *sheet, int column, const mg_plane *plane,
                          const double *value, mg_image *image);

#endif
