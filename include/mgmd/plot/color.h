/** Colours and colour maps. Pure functions.
 *
 *  A map is a path in OKLab, a space in which equal distances look equally different
 *  [B. Ottosson, "A perceptual color space for image processing", 2020], walked at constant speed:
 *  equal steps of the value are equal steps for the eye, and lightness alone tells the order.
 */
#ifndef MGMD_PLOT_COLOR_H
#define MGMD_PLOT_COLOR_H

#include <stdint.h>

typedef uint32_t mg_rgb; /**< 0xRRGGBB, sRGB */

enum { MG_COLORS = 257 }; /* odd, so that a diverging map has a colour for zero */

typedef enum mg_colormap_kind {
  MG_COLORS_SEQUENTIAL, /**< dark violet to yellow, lightness rising */
  MG_COLORS_DIVERGING   /**< blue, light grey at the centre, red; the arms equally dark */
} mg_colormap_kind;

typedef struct mg_colormap {
  mg_colormap_kind kind;
  mg_rgb color[MG_COLORS];
} mg_colormap;

void mg_colormap_fill(mg_colormap_kind kind, mg_colormap *map);

/** The colour of @p t in [0, 1]; beyond, that of the nearer end; grey for NaN. */
mg_rgb mg_colormap_at(const mg_colormap *map, double t);

/** OKLab: lightness in [0, 1], green to red, blue to yellow. */
void mg_oklab(mg_rgb color, double lab[3]);

/** The nearest sRGB colour; what is out of gamut is clipped per channel. */
mg_rgb mg_oklab_rgb(const double lab[3]);

/** Colour @p k of lines and marks that the colour-blind tell apart; they repeat after
 *  MG_PALETTE. */
enum { MG_PALETTE = 7 };
mg_rgb mg_palette(int k);

#define MG_BLACK 0x000000u
#define MG_WHITE 0xffffffu
#define MG_GREY 0x8c8c8cu /**< where a value is not defined */

#endif
