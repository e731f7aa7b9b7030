/** From atoms to pixels: discs in front of each other, or means over the thickness on a grid. Pure
 *  functions; no drawing library is needed. */
#ifndef MGMD_PLOT_RASTER_H
#define MGMD_PLOT_RASTER_H

#include "mgmd/base/error.h"
#include "mgmd/plot/color.h"

#include <stdint.h>

typedef struct mg_image {
  int width, height;
  mg_rgb *pixel; /**< [height][width], row 0 on top; owned */
} mg_image;

/** White pixels. Release with mg_image_clear. */
mg_status mg_image_create(int width, int height, mg_image *image);
void mg_image_clear(mg_image *image);

/** The part of the sample's plane that is seen [Angstrom]. */
typedef struct mg_window {
  double left, right, bottom, top;
} mg_window;

/** Atoms in the plane of a picture. All borrowed, [n]. */
typedef struct mg_dots {
  int64_t n;
  const double *across, *up; /**< [Angstrom] */
  const double *depth;       /**< toward the viewer [Angstrom] */
  const double *value;       /**< NaN: not defined, drawn grey */
} mg_dots;

/** How values become colours: from @p least to @p most, beyond them as at the nearer end. A
 *  diverging map stays centred at zero: its ends are at the larger of |least| and |most|. */
typedef struct mg_scale {
  double least, most;
  const mg_colormap *map;
} mg_scale;

/** Grey for NaN. */
mg_rgb mg_scale_color(const mg_scale *scale, double value);

/** Spheres of @p radius [Angstrom], nearer ones in front, with a darker rim; edges are smoothed.
 *  @p image is filled whole. */
mg_status mg_raster_atoms(mg_image *image, const mg_window *window, const mg_dots *dots,
                          const mg_scale *scale, double radius);

/** Means over the thickness on square cells. NaN where no atom with a value is. */
typedef struct mg_mean_grid {
  double left, bottom, cell; /**< [Angstrom] */
  int columns, rows;
  double *mean;   /**< [rows][columns], row 0 at the bottom; owned */
  int64_t *count; /**< atoms per cell, also those without a value; owned */
} mg_mean_grid;

mg_status mg_raster_average(const mg_window *window, const mg_dots *dots, double cell,
                            mg_mean_grid *grid);
void mg_mean_grid_clear(mg_mean_grid *grid);

/** Cells as colours; cells without atoms stay white, those without a value are grey. */
void mg_raster_grid(mg_image *image, const mg_window *window, const mg_mean_grid *grid,
                    const mg_scale *scale);

#endif
