#include "marks.h"

#include "mgmd/plot/ticks.h"

#include <math.h>
#include <stdio.h>

static const mg_text_style tick_style = {.size = MG_TEXT_TICK, .across = 0.5, .up = 1};
static const mg_text_style label_style = {.size = MG_TEXT_LABEL, .across = 0.5, .up = 1};

static mg_status draw_colors(mg_canvas *canvas, mg_rectangle area, const mg_colormap *map) {
  mg_image image;
  MG_TRY(mg_image_create(mg_canvas_pixels(canvas, area.width),
                         mg_canvas_pixels(canvas, area.height), &image));
  for (int y = 0; y < image.height; y++)
    for (int x = 0; x < image.width; x++)
      image.pixel[y * image.width + x] =
          mg_colormap_at(map, image.width > 1 ? (double)x / (image.width - 1) : 0.5);
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

mg_status mg_draw_color_bar(mg_canvas *canvas, const mg_color_bar *b) {
  static const double height = 6, tip = 5;
  const mg_rectangle bar = {b->x + tip, b->y, b->width - 2 * tip, height};
  const mg_rgb *color = b->scale.map->color;
  const double range = b->scale.most - b->scale.least, bottom = b->y + height;
  char text[160];
  mg_ticks ticks;
  MG_TRY(draw_colors(canvas, bar, b->scale.map));
  if (b->below) draw_tip(canvas, bar.x, b->x, b->y, height, color[0]);
  if (b->above)
    draw_tip(canvas, bar.x + bar.width, b->x + b->width, b->y, height, color[MG_COLORS - 1]);
  mg_ticks_linear(b->scale.least, b->scale.most, b->width < 60 ? 3 : 5, &ticks);
  mg_canvas_color(canvas, MG_BLACK);
  mg_canvas_pen(canvas, 0.5, false);
  for (int k = 0; k < ticks.n; k++) {
    const double at = bar.x + bar.width * (ticks.value[k] - b->scale.least) / range;
    mg_canvas_line(canvas, at, bottom, at, bottom + 2);
    mg_canvas_text(canvas, at, bottom + 4, &tick_style, ticks.label[k]);
  }
  mg_ticks_label(b->name, b->unit, &ticks, text, sizeof text);
  mg_canvas_text(canvas, b->x + b->width / 2, bottom + 14, &label_style, text);
  return MG_OK;
}

double mg_draw_scale_bar(mg_canvas *canvas, double right, double y, double per_length,
                         double most) {
  static const mg_text_style style = {.size = MG_TEXT_TICK, .across = 1, .up = 0.5};
  const double nm = mg_ticks_below(most / per_length / 10), length = nm * 10 * per_length;
  char text[32];
  snprintf(text, sizeof text, "%g nm", nm);
  mg_canvas_color(canvas, MG_BLACK);
  mg_canvas_fill(canvas, (mg_rectangle){right - length, y - 1, length, 2});
  mg_canvas_text(canvas, right - length - 4, y, &style, text);
  return right - length - 4 - mg_canvas_text_width(canvas, &style, text);
}

void mg_draw_directions(mg_canvas *canvas, double x, double y, const char *across, const char *up) {
  static const double length = 9, head = 3;
  const mg_text_style right = {.size = MG_TEXT_TICK, .up = 0.5},
                      above = {.size = MG_TEXT_TICK, .across = 1, .up = 0.5};
  mg_canvas_color(canvas, MG_BLACK);
  mg_canvas_pen(canvas, 0.7, false);
  mg_canvas_line(canvas, x, y, x + length - head, y);
  mg_canvas_line(canvas, x, y, x, y - length + head);
  mg_canvas_triangle(canvas, (mg_point){x + length, y}, (mg_point){x + length - head, y - head / 2},
                     (mg_point){x + length - head, y + head / 2});
  mg_canvas_triangle(canvas, (mg_point){x, y - length}, (mg_point){x - head / 2, y - length + head},
                     (mg_point){x + head / 2, y - length + head});
  mg_canvas_text(canvas, x + length + 2, y, &right, across);
  mg_canvas_text(canvas, x - 3, y - length + 2, &above, up);
}
