/* What stands on a sheet of maps: the window that all snapshots fit in, and the range of each
 * quantity over all of them. */
#include "maps.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/base/units.h"
#include "mgmd/plot/ticks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Share of the values left out at each end of a range that is chosen, and how many are looked at
 * for it. */
static const double OUTER = 0.005;
enum { SAMPLES = 200000, ATOMS_PER_CELL = 10 };

/* Radius of atoms over the edge of the cube that holds one: neighbours just overlap. */
static const double RADIUS = 0.57;

mg_status mg_plane_read(const mg_shot *shot, mg_plane *plane) {
  const mg_frame_header *header = &shot->header;
  const mg_axes *axes = &header->axes;
  const int64_t n = header->n_atoms;
  *plane = (mg_plane){.n = n};
  mg_status status = MG_NEW(plane->across, n);
  if (status == MG_OK) status = MG_NEW(plane->up, n);
  if (status == MG_OK) status = MG_NEW(plane->depth, n);
  if (status == MG_OK) status = mg_shot_coordinate(shot, axes->free, plane->across);
  if (status == MG_OK) status = mg_shot_coordinate(shot, axes->load, plane->up);
  if (status == MG_OK) status = mg_shot_coordinate(shot, axes->thin, plane->depth);
  if (status != MG_OK) {
    mg_plane_clear(plane);
    return status;
  }
  double lo[3], hi[3];
  double *x[3] = {plane->across, plane->up, plane->depth};
  const int axis[3] = {axes->free, axes->load, axes->thin};
  for (int a = 0; a < 3; a++) {
    lo[a] = header->box.lo[axis[a]];
    hi[a] = lo[a] + header->box.length[axis[a]];
    if (header->box.periodic[axis[a]]) continue;
    lo[a] = INFINITY;
    hi[a] = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
      lo[a] = fmin(lo[a], x[a][i]);
      hi[a] = fmax(hi[a], x[a][i]);
    }
  }
  for (int64_t i = 0; i < n; i++) {
    plane->across[i] -= 0.5 * (lo[0] + hi[0]);
    plane->up[i] -= lo[1];
  }
  plane->half_width = 0.5 * (hi[0] - lo[0]);
  plane->height = hi[1] - lo[1];
  plane->thickness = fmax(hi[2] - lo[2], 1);
  const double thickness = plane->thickness;
  double volume = header->sample.atomic_volume;
  if (!(volume > 0)) volume = 2 * plane->half_width * plane->height * thickness / (double)n;
  if (!(volume > 0)) volume = 15;
  plane->radius = RADIUS * cbrt(volume);
  plane->cell = sqrt(ATOMS_PER_CELL * volume / thickness);
  return MG_OK;
}

void mg_plane_clear(mg_plane *plane) {
  MG_DELETE(plane->across);
  MG_DELETE(plane->up);
  MG_DELETE(plane->depth);
}

/* Values to choose a range from. */
typedef struct pool {
  double value[SAMPLES];
  int n;
} pool;

static void pool_add(pool *p, int64_t n, const double *value, int share) {
  const int64_t stride = n / share + 1;
  for (int64_t i = 0; i < n && p->n < SAMPLES; i += stride)
    if (isfinite(value[i])) p->value[p->n++] = value[i];
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Round ends that hold all but the outermost of the sorted values. */
static void choose_range(pool *p, mg_quantity *q, double *least, double *most) {
  *least = 0;
  *most = 1;
  if (p->n == 0) return;
  double low = p->value[(int)(OUTER * (p->n - 1))],
         high = p->value[(int)ceil((1 - OUTER) * (p->n - 1))];
  const bool constant = !(low < high);
  if (q->kind == MG_COLORS_DIVERGING) {
    const double end = fmax(fabs(low), fabs(high));
    *most = end > 0 ? mg_ticks_above(end) : 1;
    *least = -*most;
  } else if (low >= 0 && (constant || low < 0.3 * high)) {
    *most = high > 0 ? mg_ticks_above(high) : 1;
  } else if (!constant) {
    const double step = mg_ticks_below((high - low) / 10);
    *least = step * floor(low / step);
    *most = step * ceil(high / step);
  } else {
    *least = low - fmax(1, 0.01 * fabs(low));
    *most = fmin(0, low + fmax(1, 0.01 * fabs(low)));
  }
}

static bool given_range(const mg_look *look, const mg_quantity *q, double *least, double *most) {
  for (int k = 0; k < look->n_ranges; k++) {
    if (strcmp(look->range[k].name, q->name) != 0) continue;
    *least = look->range[k].least;
    *most = look->range[k].most;
    return true;
  }
  return false;
}

/* The length that a cell and the sample share. */
static double shared(double from, double cell, double lo, double hi) {
  return fmax(0, fmin(from + cell, hi) - fmax(from, lo));
}

/* Means over the thickness; of volume times stress, the sum over the cell's volume, as far as the
 * cell is not beyond the sample. */
static mg_status fill_grid(const mg_sheet *sheet, const mg_quantity *q, const mg_plane *plane,
                           const double *value, mg_mean_grid *grid) {
  const mg_dots dots = {plane->n, plane->across, plane->up, plane->depth, value};
  MG_TRY(mg_raster_average(&sheet->window, &dots, sheet->cell, grid));
  if (!q->is_virial) return MG_OK;
  const double cell = grid->cell;
  for (int row = 0; row < grid->rows; row++)
    for (int column = 0; column < grid->columns; column++) {
      const int64_t k = (int64_t)row * grid->columns + column;
      const double width = shared(grid->left + column * cell, cell, -plane->half_width,
                                  plane->half_width),
                   height = shared(grid->bottom + row * cell, cell, 0, plane->height);
      grid->mean[k] *= (double)grid->count[k] * MG_GPA / fmax(width * height, 0.05 * cell * cell) /
                       plane->thickness;
    }
  return MG_OK;
}

/* On a grid volume times stress is shown as a stress. */
static void show_stress(mg_quantity *q) {
  snprintf(q->title, sizeof q->title, "stress %s", strchr(q->name, '.') + 1);
  mg_str_copy(q->unit, sizeof q->unit, "GPa");
}

static mg_status pool_shot(const mg_sheet *sheet, const mg_quantity *q, const mg_shot *shot,
                           pool *p) {
  double *value;
  const int share = SAMPLES / sheet->n_rows > 1000 ? SAMPLES / sheet->n_rows : 1000;
  const int64_t n = shot->header.n_atoms;
  MG_TRY(MG_NEW(value, n));
  mg_status status = mg_quantity_read(shot, q, value);
  if (status == MG_OK && !sheet->atoms) {
    mg_plane plane;
    mg_mean_grid grid;
    status = mg_plane_read(shot, &plane);
    if (status == MG_OK) {
      status = fill_grid(sheet, q, &plane, value, &grid);
      if (status == MG_OK) {
        pool_add(p, (int64_t)grid.columns * grid.rows, grid.mean, share);
        mg_mean_grid_clear(&grid);
      }
      mg_plane_clear(&plane);
    }
  } else if (status == MG_OK) {
    pool_add(p, n, value, share);
  }
  mg_free(value);
  return status;
}

static mg_status find_ranges(mg_sheet *sheet) {
  pool *p;
  MG_TRY(MG_NEW(p, 1));
  mg_status status = MG_OK;
  for (int c = 0; c < sheet->n_columns && status == MG_OK; c++) {
    mg_quantity *q = &sheet->quantity[c];
    p->n = 0;
    for (int r = 0; r < sheet->n_rows && status == MG_OK; r++)
      status = pool_shot(sheet, q, sheet->shots[r], p);
    qsort(p->value, (size_t)p->n, sizeof p->value[0], by_value);
    if (!given_range(sheet->look, q, &sheet->least[c], &sheet->most[c]))
      choose_range(p, q, &sheet->least[c], &sheet->most[c]);
    sheet->below[c] = p->n > 0 && p->value[0] < sheet->least[c];
    sheet->above[c] = p->n > 0 && p->value[p->n - 1] > sheet->most[c];
    const bool around_zero = sheet->least[c] < 0 && sheet->most[c] > 0;
    if (!around_zero) q->kind = MG_COLORS_SEQUENTIAL;
  }
  mg_free(p);
  return status;
}

static mg_status find_window(mg_sheet *sheet) {
  double half_width = 0, height = 0;
  sheet->radius = sheet->cell = 0;
  for (int r = 0; r < sheet->n_rows; r++) {
    mg_plane plane;
    MG_TRY(mg_plane_read(sheet->shots[r], &plane));
    half_width = fmax(half_width, plane.half_width);
    height = fmax(height, plane.height);
    sheet->radius = fmax(sheet->radius, plane.radius);
    sheet->cell = fmax(sheet->cell, plane.cell);
    mg_plane_clear(&plane);
  }
  if (sheet->look->radius > 0) sheet->radius = sheet->look->radius;
  if (sheet->look->cell > 0) sheet->cell = sheet->look->cell;
  /* atoms as long as they cover a few pixels of a map that fills its column */
  const mg_look *look = sheet->look;
  const double pixels = look->width / sheet->n_columns * look->dpi / 72;
  const bool seen = 2 * sheet->radius * pixels / (2 * half_width) >= 4;
  sheet->atoms = look->style == MG_MAP_ATOMS || (look->style == MG_MAP_AUTO && seen);
  for (int c = 0; c < sheet->n_columns && !sheet->atoms; c++)
    if (sheet->quantity[c].is_virial) show_stress(&sheet->quantity[c]);
  const double room = sheet->atoms ? sheet->radius : 0;
  sheet->window = (mg_window){-half_width - room, half_width + room, -room, height + room};
  return MG_OK;
}

static mg_status look_up(mg_sheet *sheet, const mg_words *quantities) {
  for (int r = 0; r < sheet->n_rows; r++)
    for (int c = 0; c < quantities->n; c++)
      MG_TRY(mg_quantity_find(sheet->shots[r], quantities->word[c], &sheet->quantity[c]));
  for (int k = 0; k < sheet->look->n_ranges; k++) {
    bool used = false;
    for (int c = 0; c < quantities->n; c++)
      used = used || strcmp(sheet->look->range[k].name, quantities->word[c]) == 0;
    MG_REQUIRE(used, MG_ERR_INPUT, "plot: --range: '%s' is not among the fields that are drawn",
               sheet->look->range[k].name);
  }
  return MG_OK;
}

mg_status mg_sheet_prepare(mg_sheet *sheet, const mg_look *look, int n_shots,
                           const mg_shot *const *shots, const mg_words *quantities) {
  *sheet = (mg_sheet){.look = look, .n_rows = n_shots, .n_columns = quantities->n, .shots = shots};
  MG_TRY(MG_NEW(sheet->quantity, quantities->n));
  MG_TRY(MG_NEW(sheet->least, quantities->n));
  MG_TRY(MG_NEW(sheet->most, quantities->n));
  MG_TRY(MG_NEW(sheet->below, quantities->n));
  MG_TRY(MG_NEW(sheet->above, quantities->n));
  MG_TRY(look_up(sheet, quantities));
  MG_TRY(find_window(sheet));
  return find_ranges(sheet);
}

void mg_sheet_clear(mg_sheet *sheet) {
  MG_DELETE(sheet->quantity);
  MG_DELETE(sheet->least);
  MG_DELETE(sheet->most);
  MG_DELETE(sheet->below);
  MG_DELETE(sheet->above);
}

mg_status mg_sheet_raster(const mg_sheet *sheet, int column, const mg_plane *plane,
                          const double *value, mg_image *image) {
  const mg_quantity *q = &sheet->quantity[column];
  mg_colormap map;
  mg_colormap_fill(q->kind, &map);
  const mg_dots dots = {plane->n, plane->across, plane->up, plane->depth, value};
  const mg_scale scale = {sheet->least[column], sheet->most[column], &map};
  if (sheet->atoms) return mg_raster_atoms(image, &sheet->window, &dots, &scale, sheet->radius);
  mg_mean_grid grid;
  MG_TRY(fill_grid(sheet, q, plane, value, &grid));
  mg_raster_grid(image, &sheet->window, &grid, &scale);
  mg_mean_grid_clear(&grid);
  return MG_OK;
}
