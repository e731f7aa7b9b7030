/* The canvas over cairo; compiled when it is installed. */
#include "mgmd/plot/canvas.h"

#include "png.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/io/commit.h"
#include "mgmd/io/file.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Comes with cairo on Debian, has the mathematical signs, and is what matplotlib's pictures use. */
static const char font[] = "DejaVu Sans";

enum { PATH = 4096 };

/* Of a page: 180 mm x 230 mm at 1400 dpi. */
static const double MOST_PIXELS = 1.3e8;

struct mg_canvas {
  cairo_surface_t *surface;
  cairo_t *cairo;
  bool is_png;
  double dpi, scale; /* scale: device units per point */
  char path[PATH], temporary[PATH];
};

mg_status mg_canvas_available(void) { return MG_OK; }

const char *mg_canvas_library(void) { return cairo_version_string(); }

static cairo_surface_t *create(mg_canvas *c, double width, double height) {
  if (mg_path_has_suffix(c->path, ".pdf")) {
    cairo_surface_t *page = cairo_pdf_surface_create(c->temporary, width, height);
#if CAIRO_VERSION >= CAIRO_VERSION_ENCODE(1, 16, 0)
    /* no date: the same picture is the same file */
    cairo_pdf_surface_set_metadata(page, CAIRO_PDF_METADATA_CREATE_DATE, "");
#endif
    return page;
  }
  if (mg_path_has_suffix(c->path, ".svg"))
    return cairo_svg_surface_create(c->temporary, width, height);
  c->is_png = true;
  c->scale = c->dpi / 72;
  return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * c->scale - 1e-6),
                                    (int)ceil(height * c->scale - 1e-6));
}

mg_status mg_canvas_open(const char *path, double width, double height, double dpi,
                         mg_canvas **canvas) {
  *canvas = NULL;
  MG_REQUIRE(fmax(width, height) * dpi / 72 < 32000 &&
                 width * height * dpi * dpi / (72 * 72) < MOST_PIXELS,
             MG_ERR_INPUT,
             "%s: a picture of %.0f x %.0f mm at %.0f dpi is too large; choose a smaller --dpi",
             path, width / 72 * 25.4, height / 72 * 25.4, dpi);
  mg_canvas *c;
  MG_TRY(MG_NEW(c, 1));
  *canvas = c;
  mg_str_copy(c->path, sizeof c->path, path);
  c->dpi = dpi;
  c->scale = 1;
  mg_status status = mg_commit_name(path, c->temporary, sizeof c->temporary);
  if (status == MG_OK) {
    c->surface = create(c, width, height);
    const cairo_status_t made = cairo_surface_status(c->surface);
    if (made != CAIRO_STATUS_SUCCESS)
      status = mg_fail(MG_ERR_IO, "%s: cannot be written: %s", path, cairo_status_to_string(made));
  }
  if (status != MG_OK) {
    mg_canvas_abandon(canvas);
    return status;
  }
  cairo_surface_set_fallback_resolution(c->surface, dpi, dpi);
  c->cairo = cairo_create(c->surface);
  cairo_scale(c->cairo, c->scale, c->scale);
  cairo_set_source_rgb(c->cairo, 1, 1, 1);
  cairo_paint(c->cairo);
  cairo_set_line_join(c->cairo, CAIRO_LINE_JOIN_ROUND);
  mg_canvas_color(c, MG_BLACK);
  mg_canvas_pen(c, 0.6, false);
  return MG_OK;
}

mg_status mg_canvas_ruler(mg_canvas **canvas) {
  MG_TRY(MG_NEW(*canvas, 1));
  mg_canvas *c = *canvas;
  c->is_png = true;
  c->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1);
  c->cairo = cairo_create(c->surface);
  return MG_OK;
}

static void release(mg_canvas **canvas) {
  mg_canvas *c = *canvas;
  if (c->cairo) cairo_destroy(c->cairo);
  if (c->surface) cairo_surface_destroy(c->surface);
  MG_DELETE(*canvas);
}

static cairo_status_t put(void *png, const unsigned char *data, unsigned length) {
  return mg_png_put(png, data, length) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_status_t write_png(const mg_canvas *c) {
  mg_commit_discard(c->temporary); /* a link there must not lead elsewhere */
  mg_png png = {.file = fopen(c->temporary, "wb"), .dpi = c->dpi};
  if (!png.file) return CAIRO_STATUS_WRITE_ERROR;
  cairo_status_t good = cairo_surface_write_to_png_stream(c->surface, put, &png);
  if (fclose(png.file) != 0 && good == CAIRO_STATUS_SUCCESS) good = CAIRO_STATUS_WRITE_ERROR;
  return good;
}

mg_status mg_canvas_close(mg_canvas **canvas) {
  mg_canvas *c = *canvas;
  cairo_status_t good = cairo_status(c->cairo);
  if (good == CAIRO_STATUS_SUCCESS && c->is_png) good = write_png(c);
  cairo_surface_finish(c->surface);
  if (good == CAIRO_STATUS_SUCCESS) good = cairo_surface_status(c->surface);
  mg_status status;
  if (good == CAIRO_STATUS_SUCCESS) {
    status = mg_commit(c->temporary, c->path);
  } else {
    status =
        mg_fail(MG_ERR_IO, "%s: cannot be written: %s", c->path, cairo_status_to_string(good));
    mg_commit_discard(c->temporary);
  }
  release(canvas);
  return status;
}

void mg_canvas_abandon(mg_canvas **canvas) {
  mg_canvas *c = *canvas;
  if (!c) return;
  if (c->surface) cairo_surface_finish(c->surface);
  if (c->temporary[0] && !c->is_png) mg_commit_discard(c->temporary);
  release(canvas);
}

double mg_canvas_dpi(const mg_canvas *c) { return c->dpi; }

int mg_canvas_pixels(const mg_canvas *c, double points) {
  return (int)fmax(1, round(points * c->dpi / 72));
}

void mg_canvas_color(mg_canvas *c, mg_rgb color) {
  cairo_set_source_rgb(c->cairo, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0,
                       (color & 255) / 255.0);
}

void mg_canvas_pen(mg_canvas *c, double width, bool dashed) {
  const double dash[2] = {3.2 * fmax(width, 0.8), 2 * fmax(width, 0.8)};
  cairo_set_line_width(c->cairo, width);
  cairo_set_dash(c->cairo, dash, dashed ? 2 : 0, 0);
}

/* Points nearer than this to the last one drawn change nothing that can be seen [pt]. */
static const double NEAR = 0.05;

void mg_canvas_lines(mg_canvas *c, int64_t n, const mg_point *point) {
  bool open = false;
  mg_point last = {NAN, NAN};
  for (int64_t k = 0; k < n; k++) {
    const bool here = isfinite(point[k].x) && isfinite(point[k].y);
    if (here && !open) cairo_move_to(c->cairo, point[k].x, point[k].y);
    if (here && open) {
      const bool ends = k + 1 == n;
      if (!ends && fabs(point[k].x - last.x) + fabs(point[k].y - last.y) < NEAR) continue;
      cairo_line_to(c->cairo, point[k].x, point[k].y);
    }
    open = here;
    last = point[k];
  }
  cairo_stroke(c->cairo);
}

void mg_canvas_line(mg_canvas *c, double x0, double y0, double x1, double y1) {
  cairo_move_to(c->cairo, x0, y0);
  cairo_line_to(c->cairo, x1, y1);
  cairo_stroke(c->cairo);
}

void mg_canvas_frame(mg_canvas *c, mg_rectangle a) {
  cairo_rectangle(c->cairo, a.x, a.y, a.width, a.height);
  cairo_stroke(c->cairo);
}

void mg_canvas_fill(mg_canvas *c, mg_rectangle a) {
  cairo_rectangle(c->cairo, a.x, a.y, a.width, a.height);
  cairo_fill(c->cairo);
}

void mg_canvas_triangle(mg_canvas *c, mg_point p, mg_point q, mg_point r) {
  cairo_move_to(c->cairo, p.x, p.y);
  cairo_line_to(c->cairo, q.x, q.y);
  cairo_line_to(c->cairo, r.x, r.y);
  cairo_close_path(c->cairo);
  cairo_fill(c->cairo);
}

void mg_canvas_clip(mg_canvas *c, mg_rectangle a) {
  cairo_save(c->cairo);
  cairo_rectangle(c->cairo, a.x, a.y, a.width, a.height);
  cairo_clip(c->cairo);
}

void mg_canvas_unclip(mg_canvas *c) { cairo_restore(c->cairo); }

void mg_canvas_image(mg_canvas *c, mg_rectangle a, const mg_image *image) {
  cairo_surface_t *source =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, image->width, image->height);
  if (cairo_surface_status(source) == CAIRO_STATUS_SUCCESS) {
    unsigned char *data = cairo_image_surface_get_data(source);
    const int stride = cairo_image_surface_get_stride(source);
    for (int row = 0; row < image->height; row++)
      memcpy(data + (int64_t)row * stride, image->pixel + (int64_t)row * image->width,
             (size_t)image->width * sizeof *image->pixel);
    cairo_surface_mark_dirty(source);
  }
  cairo_save(c->cairo);
  if (c->is_png) {
    a.x = round(a.x * c->scale) / c->scale;
    a.y = round(a.y * c->scale) / c->scale;
    a.width = image->width / c->scale;
    a.height = image->height / c->scale;
  }
  cairo_translate(c->cairo, a.x, a.y);
  cairo_scale(c->cairo, a.width / image->width, a.height / image->height);
  cairo_set_source_surface(c->cairo, source, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(c->cairo), CAIRO_FILTER_NEAREST);
  cairo_paint(c->cairo);
  cairo_restore(c->cairo);
  cairo_surface_destroy(source);
}

static void choose_font(mg_canvas *c, const mg_text_style *style) {
  cairo_select_font_face(c->cairo, font, CAIRO_FONT_SLANT_NORMAL,
                         style->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(c->cairo, style->size);
}

double mg_canvas_text_width(mg_canvas *c, const mg_text_style *style, const char *text) {
  cairo_text_extents_t extent;
  choose_font(c, style);
  cairo_text_extents(c->cairo, text, &extent);
  return extent.x_advance;
}

void mg_canvas_text(mg_canvas *c, double x, double y, const mg_text_style *style,
                    const char *text) {
  static const double digit = 0.73; /* height of a digit in this font, of its size */
  cairo_save(c->cairo);
  cairo_translate(c->cairo, x, y);
  if (style->upward) cairo_rotate(c->cairo, -1.57079632679489661923);
  cairo_move_to(c->cairo, -style->across * mg_canvas_text_width(c, style, text),
                style->up * digit * style->size);
  cairo_show_text(c->cairo, text);
  cairo_restore(c->cairo);
}
