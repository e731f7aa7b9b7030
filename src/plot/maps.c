/* Drawing a page of maps, and a film of them. One scale for all maps, told by one bar. */
#include "maps.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Whole and even numbers of pixels. */
static void make_even(mg_page *page, double dpi) {
  page->width = ceil(page->width * dpi / 144 - 1e-6) * 144 / dpi;
  page->height = ceil(page->height * dpi / 144 - 1e-6) * 144 / dpi;
}

static void draw_name(mg_canvas *canvas, const mg_sheet *sheet, const mg_page *page, int row) {
  static const double line = 8; /* from the upper end of a text's place to its middle */
  const double y = mg_page_map(page, row, 0).y - page->heading + line;
  mg_label name;
  mg_page_name(canvas, sheet, row, page->width - 2 * MG_PAGE_MARGIN, &name);
  mg_canvas_color(canvas, MG_BLACK);
  /* above a map, whatever room other names need */
  const double lower = page->heading - 2 * line - (name.n - 1) * mg_label_pitch(&name);
  mg_label_draw(canvas, page->left, y + lower, &name);
  if (row > 0) return;
  const mg_map_key key = mg_page_key(sheet, page);
  mg_draw_map_key(canvas, &key, page->right, page->key_beside ? y + lower : page->top - line);
}

static mg_status draw_map(mg_canvas *canvas, const mg_sheet *sheet, const mg_page *page, int row,
                          int column, const mg_plane *plane, double *value) {
  const mg_rectangle area = mg_page_map(page, row, column);
  mg_image image;
  MG_TRY(mg_quantity_read(sheet->shots[row], &sheet->quantity[column], value));
  MG_TRY(mg_image_create(mg_canvas_pixels(canvas, area.width),
                         mg_canvas_pixels(canvas, area.height), &image));
  const mg_status status = mg_sheet_raster(sheet, column, plane, value, &image);
  if (status == MG_OK) mg_canvas_image(canvas, area, &image);
  mg_image_clear(&image);
  return status;
}

static mg_status draw_row(mg_canvas *canvas, const mg_sheet *sheet, const mg_page *page, int row) {
  mg_plane plane;
  double *value = NULL;
  MG_TRY(mg_plane_read(sheet->shots[row], &plane));
  mg_status status = MG_NEW(value, plane.n);
  for (int c = 0; c < sheet->n_columns && status == MG_OK; c++)
    status = draw_map(canvas, sheet, page, row, c, &plane, value);
  mg_free(value);
  mg_plane_clear(&plane);
  draw_name(canvas, sheet, page, row);
  return status;
}

static mg_status draw_bars(mg_canvas *canvas, const mg_sheet *sheet, const mg_page *page) {
  for (int c = 0; c < sheet->n_columns; c++) {
    mg_colormap map;
    mg_color_bar bar = mg_page_bar(sheet, page, c, &map);
    bar.y = page->height - MG_PAGE_MARGIN / 2 - page->bar;
    MG_TRY(mg_draw_color_bar(canvas, &bar));
  }
  return MG_OK;
}

static void draw_title(mg_canvas *canvas, const mg_sheet *sheet, const mg_page *page) {
  mg_label title;
  mg_page_title(canvas, sheet, page->width - 2 * MG_PAGE_MARGIN, &title);
  mg_label_draw(canvas, page->width / 2, MG_PAGE_MARGIN + 5, &title);
}

static mg_status draw_page(const mg_sheet *sheet, const mg_page *page, const char *path) {
  mg_canvas *canvas;
  MG_TRY(mg_canvas_open(path, page->width, page->height, sheet->look->dpi, &canvas));
  draw_title(canvas, sheet, page);
  mg_status status = MG_OK;
  for (int r = 0; r < sheet->n_rows && status == MG_OK; r++)
    status = draw_row(canvas, sheet, page, r);
  if (status == MG_OK) status = draw_bars(canvas, sheet, page);
  if (status == MG_OK) return mg_canvas_close(&canvas);
  mg_canvas_abandon(&canvas);
  return status;
}

mg_status mg_plot_maps(const mg_look *look, int n_shots, const mg_shot *const *shots,
                       const mg_words *quantities, const char *path) {
  mg_sheet sheet;
  mg_page page;
  mg_status status = mg_canvas_available();
  if (status != MG_OK) return status;
  status = mg_sheet_prepare(&sheet, look, n_shots, shots, quantities);
  if (status == MG_OK) status = mg_page_lay_out(&sheet, &page);
  if (status == MG_OK) status = draw_page(&sheet, &page, path);
  mg_sheet_clear(&sheet);
  return status;
}

static mg_status draw_frames(mg_sheet *sheet, const mg_page *page, const char *folder) {
  const mg_shot *const *all = sheet->shots;
  const int n = sheet->n_rows;
  mg_status status = MG_OK;
  sheet->n_rows = 1;
  for (int k = 0; k < n && status == MG_OK; k++) {
    char path[MG_PATH + 32];
    snprintf(path, sizeof path, "%s/%06d.png", folder, k);
    sheet->shots = &all[k];
    status = draw_page(sheet, page, path);
  }
  sheet->shots = all;
  sheet->n_rows = n;
  return status;
}

mg_status mg_plot_film(const mg_look *look, int n_shots, const mg_shot *const *shots,
                       const mg_words *quantities, const char *folder) {
  mg_sheet sheet;
  mg_page page;
  MG_TRY(mg_canvas_available());
  mg_status status = mg_sheet_prepare(&sheet, look, n_shots, shots, quantities);
  sheet.film = true;
  if (status == MG_OK) status = mg_page_lay_out(&sheet, &page);
  if (status == MG_OK && mkdir(folder, 0777) != 0 && errno != EEXIST)
    status = mg_fail(MG_ERR_IO, "%s: cannot be made: %s", folder, strerror(errno));
  if (status == MG_OK) {
    make_even(&page, look->dpi);
    status = draw_frames(&sheet, &page, folder);
  }
  mg_sheet_clear(&sheet);
  return status;
}
