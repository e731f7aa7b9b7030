/* The layout of a page of maps. Texts have to fit: names and labels are broken into lines and made
 * smaller; what does not fit even so is refused. How high texts become depends on how wide columns
 * are, and these on the height that texts leave to the maps: a few rounds settle it. */
#include "maps.h"

#include "mgmd/base/str.h"

#include <math.h>
#include <string.h>

/* Distances on the page [pt]. */
static const double HEADING = 16, ROW_GAP = 8, COLUMN_GAP = 10, BAR_GAP = 9, KEY_GAP = 14;
/* A page is at least as high as what fits on A4 with a caption. A column leaves room for a label
 * below, where the page does. Maps smaller than the last are no pictures. */
static const double TALLEST = 660, TALL = 1.3, NARROWEST = 84, SMALLEST = 20;
enum { ROUNDS = 4 };

bool mg_page_title(mg_canvas *canvas, const mg_sheet *sheet, double width, mg_label *label) {
  static const mg_text_style style = {
      .size = MG_TEXT_TITLE, .across = 0.5, .up = 0.5, .bold = true};
  const char *title = sheet->look->title;
  return mg_label_fit(canvas, &style, width, MG_LABEL_LINES, title ? title : "", label);
}

bool mg_page_name(mg_canvas *canvas, const mg_sheet *sheet, int row, double width,
                  mg_label *label) {
  static const mg_text_style style = {.size = MG_TEXT_LABEL, .up = 0.5, .bold = true};
  char text[160];
  mg_shot_title(sheet->shots[row], true, text, sizeof text);
  return mg_label_fit(canvas, &style, width, MG_LABEL_LINES, text, label);
}

mg_map_key mg_page_key(const mg_sheet *sheet, const mg_page *page) {
  static const char *const name[3] = {"x", "y", "z"};
  const mg_axes *axes = &sheet->shots[0]->header.axes;
  const mg_window *w = &sheet->window;
  return (mg_map_key){.across = name[axes->free],
                      .up = name[axes->load],
                      .per_length = page->map_width / (w->right - w->left),
                      .most = fmin(0.5 * page->map_width, 60)};
}

mg_color_bar mg_page_bar(const mg_sheet *sheet, const mg_page *page, int column,
                         mg_colormap *map) {
  const mg_quantity *q = &sheet->quantity[column];
  mg_colormap_fill(q->kind, map);
  return (mg_color_bar){.x = page->first + column * page->pitch,
                        .width = page->column,
                        .scale = {sheet->least[column], sheet->most[column], map},
                        .below = sheet->below[column],
                        .above = sheet->above[column],
                        .name = q->title,
                        .detail = q->detail,
                        .unit = q->unit,
                        .room = page->column + COLUMN_GAP - 4,
                        .text_size = page->bar_text};
}

mg_rectangle mg_page_map(const mg_page *page, int row, int column) {
  return (mg_rectangle){page->first + column * page->pitch + 0.5 * (page->column - page->map_width),
                        page->top + page->heading +
                            row * (page->map_height + page->heading + ROW_GAP),
                        page->map_width, page->map_height};
}

static double text_height(const mg_label *label) {
  return HEADING + (label->n > 1 ? (label->n - 1) * mg_label_pitch(label) : 0);
}

/* Columns and maps, from the heights of all texts. */
static void place_maps(const mg_sheet *sheet, mg_page *page) {
  const mg_look *look = sheet->look;
  const mg_window *w = &sheet->window;
  const double aspect = (w->top - w->bottom) / (w->right - w->left);
  const double tallest = fmax(TALLEST, TALL * look->width);
  const int rows = sheet->film ? 1 : sheet->n_rows, columns = sheet->n_columns;
  const double room = (look->width - 2 * MG_PAGE_MARGIN + COLUMN_GAP) / columns - COLUMN_GAP;
  const double fixed = page->top + rows * page->heading + (rows - 1) * ROW_GAP + BAR_GAP +
                       page->bar + MG_PAGE_MARGIN / 2;
  page->map_width = fmin(room, (tallest - fixed) / rows / aspect);
  page->map_height = page->map_width * aspect;
  page->column = fmin(room, fmax(page->map_width, NARROWEST));
  page->pitch = page->column + COLUMN_GAP;
  page->height = fixed + rows * page->map_height;
}

/* Labels of all bars have one size.  @return false when they do not fit */
static bool fit_bars(mg_canvas *ruler, const mg_sheet *sheet, mg_page *page) {
  bool fits = true;
  for (int round = 0; round < 2; round++)
    for (int c = 0; c < sheet->n_columns; c++) {
      mg_colormap map;
      mg_bar_text text;
      const mg_color_bar bar = mg_page_bar(sheet, page, c, &map);
      fits = mg_color_bar_text(ruler, &bar, &text) && fits;
      page->bar_text = fmin(page->bar_text, text.label.style.size);
      page->bar = fmax(page->bar, mg_color_bar_height(text.label.n));
    }
  return fits;
}

/* Title, key and names; and the band that they need.  @return false when they do not fit */
static bool fit_names(mg_canvas *ruler, const mg_sheet *sheet, mg_page *page) {
  const double inner = sheet->look->width - 2 * MG_PAGE_MARGIN;
  const mg_map_key key = mg_page_key(sheet, page);
  const double key_width = mg_map_key_width(ruler, &key);
  mg_label label;
  bool fits = key_width <= inner;
  double beside = 0;
  for (int r = 0; r < (sheet->film ? sheet->n_rows : 1); r++) {
    mg_page_name(ruler, sheet, r, INFINITY, &label);
    beside = fmax(beside, label.width + KEY_GAP + key_width);
  }
  page->key_beside = beside <= inner;
  double widest = page->key_beside ? beside : key_width;
  page->heading = HEADING;
  for (int r = 0; r < sheet->n_rows; r++) {
    fits = mg_page_name(ruler, sheet, r, inner, &label) && fits;
    widest = fmax(widest, label.width);
    page->heading = fmax(page->heading, text_height(&label));
  }
  if (sheet->look->title) {
    mg_page_title(ruler, sheet, inner, &label);
    widest = fmax(widest, label.width);
  }
  const double band = fmax(widest, sheet->n_columns * page->pitch - COLUMN_GAP);
  page->width = sheet->look->exact ? sheet->look->width : band + 2 * MG_PAGE_MARGIN;
  page->left = 0.5 * (page->width - band);
  page->right = page->left + band;
  page->first = 0.5 * (page->width - sheet->n_columns * page->pitch + COLUMN_GAP);
  page->top = MG_PAGE_MARGIN + (page->key_beside ? 0 : HEADING);
  if (!sheet->look->title) return fits;
  fits = mg_page_title(ruler, sheet, page->width - 2 * MG_PAGE_MARGIN, &label) && fits;
  page->top += text_height(&label);
  return fits;
}

mg_status mg_page_lay_out(const mg_sheet *sheet, mg_page *page) {
  mg_canvas *ruler;
  MG_TRY(mg_canvas_ruler(&ruler));
  *page = (mg_page){.top = MG_PAGE_MARGIN,
                    .heading = HEADING,
                    .bar = mg_color_bar_height(1),
                    .bar_text = MG_TEXT_LABEL};
  bool fits = true;
  mg_label title;
  const bool titled = mg_page_title(ruler, sheet, sheet->look->width - 2 * MG_PAGE_MARGIN, &title);
  for (int round = 0; round < ROUNDS && fits; round++) {
    place_maps(sheet, page);
    fits = fmin(page->map_width, page->map_height) >= SMALLEST;
    if (!fits) break;
    const bool names = fit_names(ruler, sheet, page), bars = fit_bars(ruler, sheet, page);
    fits = round + 1 < ROUNDS || (names && bars);
  }
  mg_canvas_abandon(&ruler);
  MG_REQUIRE(titled, MG_ERR_INPUT, "plot: --title: is too long for a page %.0f mm wide",
             sheet->look->width / 72 * 25.4);
  MG_REQUIRE(fits, MG_ERR_INPUT,
             "plot: maps of %d field%s of %d snapshot%s, with their texts, do not fit on a page "
             "%.0f mm wide; choose another --width or fewer of them",
             sheet->n_columns, sheet->n_columns > 1 ? "s" : "", sheet->n_rows,
             sheet->n_rows > 1 ? "s" : "", sheet->look->width / 72 * 25.4);
  return MG_OK;
}
