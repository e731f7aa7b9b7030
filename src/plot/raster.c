/* Atoms are drawn into a finer image with a depth per pixel and then averaged down: neither sorting
 * nor a drawing library, so two million of them take about a second. */
#include "mgmd/plot/raster.h"

#include "mgmd/base/mem.h"

#include <float.h>
#include <math.h>

enum { FINER = 3 };                 /* pixels per pixel, each way */
static const double RIM = 0.45;     /* of the height of a sphere, below which it is darker */
static const double RIM_SHADE = 0.82;

mg_status mg_image_create(int width, int height, mg_image *image) {
  *image = (mg_image){.width = width, .height = height};
  MG_TRY(MG_NEW(image->pixel, (int64_t)width * height));
  for (int64_t k = 0; k < (int64_t)width * height; k++) image->pixel[k] = MG_WHITE;
  return MG_OK;
}

void mg_image_clear(mg_image *image) { MG_DELETE(image->pixel); }

mg_rgb mg_scale_color(const mg_scale *scale, double value) {
  if (isnan(value)) return MG_GREY;
  const double within = fmax(scale->least, fmin(scale->most, value));
  if (scale->map->kind != MG_COLORS_DIVERGING)
    return mg_colormap_at(scale->map, (within - scale->least) / (scale->most - scale->least));
  return mg_colormap_at(scale->map,
                        0.5 + 0.5 * within / fmax(fabs(scale->least), fabs(scale->most)));
}

static mg_rgb shade(mg_rgb color, double by) {
  const double r = by * (color >> 16 & 255), g = by * (color >> 8 & 255), b = by * (color & 255);
  return (mg_rgb)r << 16 | (mg_rgb)g << 8 | (mg_rgb)b;
}

/* A sphere at (x, y), pixels of the finer image, of radius r and centre depth z, also in pixels. */
static void put_sphere(const mg_image *fine, float *depth, double x, double y, double z, double r,
                       mg_rgb color) {
  const mg_rgb rim = shade(color, RIM_SHADE);
  const int y0 = (int)fmax(0, ceil(y - r - 0.5)),
            y1 = (int)fmin(fine->height - 1, floor(y + r - 0.5));
  for (int row = y0; row <= y1; row++) {
    const double dy = row + 0.5 - y, half2 = r * r - dy * dy;
    if (half2 < 0) continue;
    const double half = sqrt(half2);
    const int x0 = (int)fmax(0, ceil(x - half - 0.5)),
              x1 = (int)fmin(fine->width - 1, floor(x + half - 0.5));
    for (int column = x0; column <= x1; column++) {
      const double dx = column + 0.5 - x, height = sqrt(fmax(0, half2 - dx * dx));
      const int64_t k = (int64_t)row * fine->width + column;
      if ((float)(z + height) <= depth[k]) continue;
      depth[k] = (float)(z + height);
      fine->pixel[k] = height < RIM * r ? rim : color;
    }
  }
}

static void average_down(const mg_image *fine, mg_image *image) {
  for (int row = 0; row < image->height; row++)
    for (int column = 0; column < image->width; column++) {
      unsigned sum[3] = {0, 0, 0};
      for (int k = 0; k < FINER * FINER; k++) {
        const int64_t at = (int64_t)(row * FINER + k / FINER) * fine->width + column * FINER;
        const mg_rgb color = fine->pixel[at + k % FINER];
        for (int c = 0; c < 3; c++) sum[c] += color >> (16 - 8 * c) & 255;
      }
      for (int c = 0; c < 3; c++) sum[c] = (sum[c] + FINER * FINER / 2) / (FINER * FINER);
      image->pixel[(int64_t)row * image->width + column] = sum[0] << 16 | sum[1] << 8 | sum[2];
    }
}

mg_status mg_raster_atoms(mg_image *image, const mg_window *window, const mg_dots *dots,
                          const mg_scale *scale, double radius) {
  mg_image fine;
  float *depth;
  MG_TRY(mg_image_create(FINER * image->width, FINER * image->height, &fine));
  mg_status status = MG_NEW(depth, (int64_t)fine.width * fine.height);
  if (status == MG_OK) {
    const double fx = fine.width / (window->right - window->left),
                 fy = fine.height / (window->top - window->bottom);
    const double r = fmax(radius * fx, 0.71); /* never less than about one fine pixel */
    for (int64_t k = 0; k < (int64_t)fine.width * fine.height; k++) depth[k] = -FLT_MAX;
    for (int64_t i = 0; i < dots->n; i++)
      put_sphere(&fine, depth, (dots->across[i] - window->left) * fx,
                 (window->top - dots->up[i]) * fy, dots->depth[i] * fx, r,
                 mg_scale_color(scale, dots->value[i]));
    average_down(&fine, image);
  }
  mg_free(depth);
  mg_image_clear(&fine);
  return status;
}

mg_status mg_raster_average(const mg_window *window, const mg_dots *dots, double cell,
                            mg_mean_grid *grid) {
  *grid = (mg_mean_grid){.cell = cell};
  grid->columns = (int)ceil((window->right - window->left) / cell - 1e-9);
  grid->rows = (int)ceil((window->top - window->bottom) / cell - 1e-9);
  /* what cells stick out stands over on both sides alike */
  grid->left = 0.5 * (window->left + window->right - grid->columns * cell);
  grid->bottom = 0.5 * (window->bottom + window->top - grid->rows * cell);
  const int64_t cells = (int64_t)grid->columns * grid->rows;
  int64_t *with_value;
  MG_TRY(MG_NEW(with_value, cells));
  mg_status status = MG_NEW(grid->mean, cells);
  if (status == MG_OK) status = MG_NEW(grid->count, cells);
  for (int64_t i = 0; i < dots->n && status == MG_OK; i++) {
    const double column = floor((dots->across[i] - grid->left) / cell),
                 row = floor((dots->up[i] - grid->bottom) / cell);
    if (!(column >= 0 && column < grid->columns && row >= 0 && row < grid->rows)) continue;
    const int64_t k = (int64_t)row * grid->columns + (int64_t)column;
    grid->count[k]++;
    if (isnan(dots->value[i])) continue;
    grid->mean[k] += dots->value[i];
    with_value[k]++;
  }
  for (int64_t k = 0; k < cells && status == MG_OK; k++)
    grid->mean[k] = with_value[k] ? grid->mean[k] / (double)with_value[k] : NAN;
  mg_free(with_value);
  if (status != MG_OK) mg_mean_grid_clear(grid);
  return status;
}

void mg_mean_grid_clear(mg_mean_grid *grid) {
  MG_DELETE(grid->mean);
  MG_DELETE(grid->count);
}

void mg_raster_grid(mg_image *image, const mg_window *window, const mg_mean_grid *grid,
                    const mg_scale *scale) {
  const double sx = (window->right - window->left) / image->width,
               sy = (window->top - window->bottom) / image->height;
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      const double across = window->left + (x + 0.5) * sx, up = window->top - (y + 0.5) * sy;
      const int column = (int)((across - grid->left) / grid->cell),
                row = (int)((up - grid->bottom) / grid->cell);
      mg_rgb *pixel = &image->pixel[(int64_t)y * image->width + x];
      *pixel = MG_WHITE;
      if (column < 0 || column >= grid->columns || row < 0 || row >= grid->rows) continue;
      const int64_t k = (int64_t)row * grid->columns + column;
      if (grid->count[k]) *pixel = mg_scale_color(scale, grid->mean[k]);
    }
}
