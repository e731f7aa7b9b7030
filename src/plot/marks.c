#include "marks.h"

#include <stdio.h>

static const double BAR = 6, TIP = 5; /* height of a bar, length of a tip */
static const double APART = 4;           /* numbers at a bar, at least; they stick out as far */

static mg_status draw_colors(mg_canvas *canvas, mg_rectangle area, const mg_scale *scale) {
  mg_image image;
  MG_TRY(mg_image_create(mg_canvas_pixels(canvas, area.width),
                         mg_canvas_pixels(canvas, area.height), &image));
  const double range = scale->most - scale->least;
  for (int y = 0; y < image.height; y++)
    for (int x = 0; x < image.width; x++) {
      const double part = image.width > 1 ? (double)x / (image.width - 1) : 0.5;
      image.pixel[y * image.width + x] = mg_scale_color(scale, scale->least + part * range);
    }
  mg_canvas_image(canvas, area, &image);
  mg_image_clear(&image);
  return MG_OK;
}

/* Values lie beyond an end: a triangle in the end's colour, which reaches into the bar so that no
 * seam is seen. */
static void draw_tip(mg_canvas *canvas, double x, double tip, double y, double height,
                     mg_rgb color) {
  const double seam = tip < x ? 0.8 : -0.8;
  mg_canvas_color(canvas, color);
  mg_canvas_fill(canvas, (mg_rectangle){seam > 0 ? x : x + seam, y, 0.8, height});
  mg_canvas_triangle(canvas, (mg_point){x, y}, (mg_point){tip, y + height / 2},
                     (mg_point){x, y + height});
}

static double bar_place(const mg_color_bar *b, double value) {
  return b->x + TIP +
         (b->width - 2 * TIP) * (value - b->scale.least) / (b->scale.most - b->scale.least);
}

static bool numbers_fit(mg_canvas *canvas, const mg_color_bar *b, const mg_bar_text *text) {
  double end = b->x - 2 * APART;
  for (int k = 0; k < text->ticks.n; k++) {
    const double at = bar_place(b, text->ticks.value[k]),
                 half = 0.5 * mg_canvas_text_width(canvas, &text->number, text->ticks.label[k]);
    if (at - half < end + APART) return false;
    end = at + half;
  }
  return end < b->x + b->width + APART;
}

bool mg_color_bar_text(mg_canvas *canvas, const mg_color_bar *b, mg_bar_text *text) {
  const mg_text_style style = {.size = b->text_size, .across = 0.5, .up = 1};
  char label[200], full[240];
  bool fits = false;
  text->number = (mg_text_style){.size = MG_TEXT_TICK, .across = 0.5, .up = 1};
  for (; !fits && text->number.size >= MG_TEXT_LEAST; text->number.size -= fits ? 0 : 0.5)
    for (int wanted = b->width < 60 ? 3 : 5; wanted >= 2 && !fits; wanted--) {
      mg_ticks_linear(b->scale.least, b->scale.most, wanted, &text->ticks);
      fits = numbers_fit(canvas, b, text);
    }
  snprintf(label, sizeof label, "%s%s", b->name, b->detail);
  mg_ticks_label(label, b->unit, &text->ticks, full, sizeof full);
  if (mg_label_fit(canvas, &style, b->room, 1, full, &text->label) &&
      text->label.style.size == style.size)
    return fits;
  mg_ticks_label(b->name, b->unit, &text->ticks, label, sizeof label);
  return mg_label_fit(canvas, &style, b->room, 3, label, &text->label) && fits;
}

double mg_color_bar_height(int lines) { return 21 + lines * 1.3 * MG_TEXT_LABEL; }

mg_status mg_draw_color_bar(mg_canvas *canvas, const mg_color_bar *b) {
  const mg_rectangle bar = {b->x + TIP, b->y, b->width - 2 * TIP, BAR};
  const double bottom = b->y + BAR;
  mg_bar_text text;
  mg_color_bar_text(canvas, b, &text);
  MG_TRY(draw_colors(canvas, bar, &b->scale));
  if (b->below)
    draw_tip(canvas, bar.x, b->x, b->y, BAR, mg_scale_color(&b->scale, b->scale.least));
  if (b->above)
    draw_tip(canvas, bar.x + bar.width, b->x + b->width, b->y, BAR,
             mg_scale_color(&b->scale, b->scale.most));
  mg_canvas_color(canvas, MG_BLACK);
  mg_canvas_pen(canvas, 0.5, false);
  for (int k = 0; k < text.ticks.n; k++) {
    const double at = bar_place(b, text.ticks.value[k]);
    mg_canvas_line(canvas, at, bottom, at, bottom + 2);
    mg_canvas_text(canvas, at, bottom + 4, &text.number, text.ticks.label[k]);
  }
  mg_label_draw(canvas, b->x + b->width / 2, bottom + 14, &text.label);
  return MG_OK;
}

/* --- the key of a map --- */

static const double ARROW = 9, HEAD = 3, FROM_BAR = 28; /* from the arrows' foot to the number */

/* The round length of the bar; @return how long it is on the page. */
static double bar_length(const mg_map_key *key, char *text, size_t size) {
  const double nm = mg_ticks_below(key->most / key->per_length / 10);
  snprintf(text, size, "%g nm", nm);
  return nm * 10 * key->per_length;
}

double mg_map_key_width(mg_canvas *canvas, const mg_map_key *key) {
  static const mg_text_style style = {.size = MG_TEXT_TICK};
  char text[32];
  const double length = bar_length(key, text, sizeof text);
  return length + 4 + mg_canvas_text_width(canvas, &style, text) + FROM_BAR + 3 +
         mg_canvas_text_width(canvas, &style, key->up);
}

static void draw_directions(mg_canvas *canvas, double x, double y, const mg_map_key *key) {
  static const mg_text_style right = {.size = MG_TEXT_TICK, .up = 0.5},
                             above = {.size = MG_TEXT_TICK, .across = 1, .up = 0.5};
  mg_canvas_pen(canvas, 0.7, false);
  mg_canvas_line(canvas, x, y, x + ARROW - HEAD, y);
  mg_canvas_line(canvas, x, y, x, y - ARROW + HEAD);
  mg_canvas_triangle(canvas, (mg_point){x + ARROW, y}, (mg_point){x + ARROW - HEAD, y - HEAD / 2},
                     (mg_point){x + ARROW - HEAD, y + HEAD / 2});
  mg_canvas_triangle(canvas, (mg_point){x, y - ARROW}, (mg_point){x - HEAD / 2, y - ARROW + HEAD},
                     (mg_point){x + HEAD / 2, y - ARROW + HEAD});
  mg_canvas_text(canvas, x + ARROW + 2, y, &right, key->across);
  mg_canvas_text(canvas, x - 3, y - ARROW + 2, &above, key->up);
}

void mg_draw_map_key(mg_canvas *canvas, const mg_map_key *key, double right, double y) {
  static const mg_text_style style = {.size = MG_TEXT_TICK, .across = 1, .up = 0.5};
  char text[32];
  const double length = bar_length(key, text, sizeof text);
  mg_canvas_color(canvas, MG_BLACK);
  mg_canvas_fill(canvas, (mg_rectangle){right - length, y - 1, length, 2});
  mg_canvas_text(canvas, right - length - 4, y, &style, text);
  const double left = right - length - 4 - mg_canvas_text_width(canvas, &style, text);
  draw_directions(canvas, left - FROM_BAR, y + 4, key);
}
