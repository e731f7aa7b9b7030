/* A page of maps. From above: the title, then for each snapshot its name and a row of maps, then a
 * colour bar under each column. One scale for all maps, told by one bar. */
#include "maps.h"
#include "marks.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Distances on the page [pt]. */
static const double MARGIN = 6, HEADING = 16, ROW_GAP = 8, COLUMN_GAP = 10, BAR_GAP = 9;
/* Tallest page: what fits on A4 with a caption. Narrowest column: a label has to fit below. */
static const double TALLEST = 660, NARROWEST = 84;

typedef struct layout {
  double width, height; /* of the page */
  double pitch;         /* from column to column */
  double map_width, map_height, top;
} layout;

static layout lay_out(const mg_sheet *sheet) {
  layout l;
  const mg_window *w = &sheet->window;
  const double aspect = (w->top - w->bottom) / (w->right - w->left);
  const int rows = sheet->n_rows, columns = sheet->n_columns;
  l.top = MARGIN + (sheet->look->title ? HEADING : 0);
  const double fixed = l.top + rows * HEADING + (rows - 1) * ROW_GAP + BAR_GAP + MG_BAR_HEIGHT;
  l.pitch = (sheet->look->width - 2 * MARGIN + COLUMN_GAP) / columns;
  l.map_width = fmin(l.pitch - COLUMN_GAP, (TALLEST - fixed) / rows / aspect);
  /* a slim sample needs no wide page */
  l.pitch = fmin(l.pitch, fmax(l.map_width, NARROWEST) + COLUMN_GAP);
  l.map_height = l.map_width * aspect;
  l.width = 2 * MARGIN + columns * l.pitch - COLUMN_GAP;
  l.height = fixed + rows * l.map_height;
  return l;
}

/* Whole and even numbers of pixels. */
static void make_even(layout *l, double dpi) {
  l->width = ceil(l->width * dpi / 144) * 144 / dpi;
  l->height = ceil(l->height * dpi / 144) * 144 / dpi;
}

static void draw_heading(mg_canvas *canvas, const mg_sheet *sheet, const layout *l, int row,
                         double y) {
  static const mg_text_style style = {.size = MG_TEXT_LABEL, .up = 0.5, .bold = true};
  static const char *const name[3] = {"x", "y", "z"};
  char text[160];
  mg_shot_title(sheet->shots[row], true, text, sizeof text);
  mg_canvas_color(canvas, MG_BLACK);
  mg_canvas_text(canvas, MARGIN, y, &style, text);
  if (row > 0) return;
  const mg_axes *axes = &sheet->shots[row]->header.axes;
  const mg_window *w = &sheet->window;
  const double per_length = l->map_width / (w->right - w->left);
  const double left = mg_draw_scale_bar(canvas, l->width - MARGIN, y, per_length,
                                        fmin(0.5 * l->map_width, 60));
  if (left - 30 > MARGIN + mg_canvas_text_width(canvas, &style, text) + 10)
    mg_draw_directions(canvas, left - 28, y + 4, name[axes->free], name[axes->load]);
}

static mg_rectangle map_area(const layout *l, int row, int column) {
  const double column_width = l->pitch - COLUMN_GAP;
  return (mg_rectangle){MARGIN + column * l->pitch + 0.5 * (column_width - l->map_width),
                        l->top + HEADING + row * (l->map_height + HEADING + ROW_GAP), l->map_width,
                        l->map_height};
}

static mg_status draw_map(mg_canvas *canvas, const mg_sheet *sheet, const layout *l, int row,
                          int column, const mg_plane *plane, double *value) {
  const mg_rectangle area = map_area(l, row, column);
  mg_image image;
  MG_TRY(mg_quantity_read(sheet->shots[row], &sheet->quantity[column], value));
  MG_TRY(mg_image_create(mg_canvas_pixels(canvas, area.width),
                         mg_canvas_pixels(canvas, area.height), &image));
  const mg_status status = mg_sheet_raster(sheet, column, plane, value, &image);
  if (status == MG_OK) mg_canvas_image(canvas, area, &image);
  mg_image_clear(&image);
  return status;
}

static mg_status draw_row(mg_canvas *canvas, const mg_sheet *sheet, const layout *l, int row) {
  mg_plane plane;
  double *value = NULL;
  MG_TRY(mg_plane_read(sheet->shots[row], &plane));
  mg_status status = MG_NEW(value, plane.n);
  for (int c = 0; c < sheet->n_columns && status == MG_OK; c++)
    status = draw_map(canvas, sheet, l, row, c, &plane, value);
  mg_free(value);
  mg_plane_clear(&plane);
  const mg_rectangle area = map_area(l, row, 0);
  draw_heading(canvas, sheet, l, row, area.y - 0.5 * HEADING);
  return status;
}

static mg_status draw_bars(mg_canvas *canvas, const mg_sheet *sheet, const layout *l) {
  for (int c = 0; c < sheet->n_columns; c++) {
    const mg_quantity *q = &sheet->quantity[c];
    const double room = l->pitch - COLUMN_GAP, width = fmin(room, fmax(l->map_width, NARROWEST));
    mg_colormap map;
    mg_colormap_fill(q->kind, &map);
    const mg_color_bar bar = {.x = MARGIN + c * l->pitch + 0.5 * (room - width),
                              .y = l->height - MARGIN / 2 - MG_BAR_HEIGHT,
                              .width = width,
                              .scale = {sheet->least[c], sheet->most[c], &map},
                              .below = sheet->below[c],
                              .above = sheet->above[c],
                              .name = q->title,
                              .unit = q->unit};
    MG_TRY(mg_draw_color_bar(canvas, &bar));
  }
  return MG_OK;
}

mg_status mg_sheet_draw(const mg_sheet *sheet, bool even, const char *path) {
  static const mg_text_style style = {.size = 9, .across = 0.5, .up = 0.5, .bold = true};
  mg_canvas *canvas;
  layout l = lay_out(sheet);
  if (even) make_even(&l, sheet->look->dpi);
  MG_TRY(mg_canvas_open(path, l.width, l.height, sheet->look->dpi, &canvas));
  if (sheet->look->title)
    mg_canvas_text(canvas, l.width / 2, MARGIN + HEADING / 3, &style, sheet->look->title);
  mg_status status = MG_OK;
  for (int r = 0; r < sheet->n_rows && status == MG_OK; r++)
    status = draw_row(canvas, sheet, &l, r);
  if (status == MG_OK) status = draw_bars(canvas, sheet, &l);
  if (status == MG_OK) return mg_canvas_close(&canvas);
  mg_canvas_abandon(&canvas);
  return status;
}

mg_status mg_plot_maps(const mg_look *look, int n_shots, const mg_shot *const *shots,
                       const mg_words *quantities, const char *path) {
  mg_sheet sheet;
  mg_status status = mg_canvas_available();
  if (status != MG_OK) return status;
  status = mg_sheet_prepare(&sheet, look, n_shots, shots, quantities);
  if (status == MG_OK) status = mg_sheet_draw(&sheet, false, path);
  mg_sheet_clear(&sheet);
  return status;
}

static bool has_all(const mg_shot *shot, const mg_words *quantities) {
  mg_quantity q;
  for (int c = 0; c < quantities->n; c++)
    if (mg_quantity_find(shot, quantities->word[c], &q) != MG_OK) return false;
  return true;
}

static mg_status draw_frames(mg_sheet *sheet, const char *folder) {
  const mg_shot *const *all = sheet->shots;
  const int n = sheet->n_rows;
  mg_status status = MG_OK;
  sheet->n_rows = 1;
  for (int k = 0; k < n && status == MG_OK; k++) {
    char path[MG_PATH + 32];
    snprintf(path, sizeof path, "%s/%06d.png", folder, k);
    sheet->shots = &all[k];
    status = mg_sheet_draw(sheet, true, path);
  }
  sheet->shots = all;
  sheet->n_rows = n;
  return status;
}

mg_status mg_plot_film(const mg_look *look, const mg_run_files *run, const mg_words *quantities,
                       const char *folder, int *n_frames) {
  const mg_shot **shots;
  mg_sheet sheet;
  *n_frames = 0;
  MG_TRY(mg_canvas_available());
  MG_REQUIRE(run->n_shots > 0, MG_ERR_INPUT, "%s: holds no snapshots to make a film of", run->path);
  MG_TRY(MG_NEW(shots, run->n_shots));
  for (int k = 0; k < run->n_shots; k++)
    if (has_all(&run->shot[k], quantities)) shots[(*n_frames)++] = &run->shot[k];
  mg_status status = MG_OK;
  if (*n_frames > 0) {
    mg_error_clear(); /* snapshots without the fields are passed over */
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
      status = mg_fail(MG_ERR_IO, "%s: cannot be made: %s", folder, strerror(errno));
    if (status == MG_OK) {
      status = mg_sheet_prepare(&sheet, look, *n_frames, shots, quantities);
      if (status == MG_OK) status = draw_frames(&sheet, folder);
      mg_sheet_clear(&sheet);
    }
  } else {
    status = mg_error_code();
  }
  mg_free(shots);
  return status;
}
