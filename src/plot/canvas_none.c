/* Built in place of canvas_cairo.c where cairo is missing: a canvas never opens. */
#include "mgmd/plot/canvas.h"

mg_status mg_canvas_available(void) {
  return mg_fail(MG_ERR_INPUT,
                 "plot: this mgmd was built without cairo; install it (Debian, Ubuntu: "
                 "libcairo2-dev; Spack: cairo) and run make again");
}

const char *mg_canvas_library(void) { return "none"; }

mg_status mg_canvas_open(const char *path, double width, double height, double dpi,
                         mg_canvas **canvas) {
  (void)path, (void)width, (void)height, (void)dpi;
  *canvas = (void *)0;
  return mg_canvas_available();
}

mg_status mg_canvas_ruler(mg_canvas **canvas) {
  *canvas = (void *)0;
  return mg_canvas_available();
}

mg_status mg_canvas_close(mg_canvas **canvas) {
  (void)canvas;
  return mg_canvas_available();
}

void mg_canvas_abandon(mg_canvas **canvas) { (void)canvas; }

double mg_canvas_dpi(const mg_canvas *canvas) {
  (void)canvas;
  return 0;
}

int mg_canvas_pixels(const mg_canvas *canvas, double points) {
  (void)canvas, (void)points;
  return 1;
}

void mg_canvas_color(mg_canvas *canvas, mg_rgb color) { (void)canvas, (void)color; }

void mg_canvas_pen(mg_canvas *canvas, double width, bool dashed) {
  (void)canvas, (void)width, (void)dashed;
}

void mg_canvas_lines(mg_canvas *canvas, int64_t n, const mg_point *point) {
  (void)canvas, (void)n, (void)point;
}

void mg_canvas_line(mg_canvas *canvas, double x0, double y0, double x1, double y1) {
  (void)canvas, (void)x0, (void)y0, (void)x1, (void)y1;
}

void mg_canvas_frame(mg_canvas *canvas, mg_rectangle area) { (void)canvas, (void)area; }

void mg_canvas_fill(mg_canvas *canvas, mg_rectangle area) { (void)canvas, (void)area; }

void mg_canvas_triangle(mg_canvas *canvas, mg_point a, mg_point b, mg_point c) {
  (void)canvas, (void)a, (void)b, (void)c;
}

void mg_canvas_clip(mg_canvas *canvas, mg_rectangle area) { (void)canvas, (void)area; }

void mg_canvas_unclip(mg_canvas *canvas) { (void)canvas; }

void mg_canvas_image(mg_canvas *canvas, mg_rectangle area, const mg_image *image) {
  (void)canvas, (void)area, (void)image;
}

void mg_canvas_text(mg_canvas *canvas, double x, double y, const mg_text_style *style,
                    const char *text) {
  (void)canvas, (void)x, (void)y, (void)style, (void)text;
}

double mg_canvas_text_width(mg_canvas *canvas, const mg_text_style *style, const char *text) {
  (void)canvas, (void)style, (void)text;
  return 0;
}
