/* The sequential map goes through eleven colours of viridis [S. van der Walt, N. Smith, 2015; CC0],
 * which people know from elsewhere; the diverging one is made here from two hues. Rainbow maps are
 * left out on purpose: they draw edges where the data have none. */
#include "mgmd/plot/color.h"

#include <math.h>

enum { PATH = 2049 }; /* points along a path before it is walked at constant speed */

static double to_linear(unsigned byte) {
  const double c = byte / 255.0;
  return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static unsigned to_byte(double linear) {
  const double c = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
  return c <= 0 ? 0 : c >= 1 ? 255 : (unsigned)(255 * c + 0.5);
}

void mg_oklab(mg_rgb color, double lab[3]) {
  const double r = to_linear(color >> 16 & 255), g = to_linear(color >> 8 & 255),
               b = to_linear(color & 255);
  const double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  lab[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
  lab[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
  lab[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

mg_rgb mg_oklab_rgb(const double lab[3]) {
  const double l = pow(lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2], 3);
  const double m = pow(lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2], 3);
  const double s = pow(lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2], 3);
  const unsigned r = to_byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const unsigned g = to_byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const unsigned b = to_byte(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
  return r << 16 | g << 8 | b;
}

/* u in [0, 1] along the anchors of viridis. */
static void sequential(double u, double lab[3]) {
  static const mg_rgb anchor[] = {0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c,
                                  0x22a884, 0x44bf70, 0x7ad151, 0xbddf26, 0xfde725};
  enum { LAST = sizeof anchor / sizeof anchor[0] - 1 };
  const int k = u < 1 ? (int)(u * LAST) : LAST - 1;
  const double part = u * LAST - k;
  double from[3], to[3];
  mg_oklab(anchor[k], from);
  mg_oklab(anchor[k + 1], to);
  for (int a = 0; a < 3; a++) lab[a] = from[a] + part * (to[a] - from[a]);
}

/* u = 0.5 is the light centre; chroma rises steeply at first, so that signs are seen early. */
static void diverging(double u, double lab[3]) {
  static const double light = 0.93, dark = 0.38, chroma = 0.135;
  const double turn = 3.14159265358979323846 / 180;
  const double t = fabs(2 * u - 1), hue = (u < 0.5 ? 256 : 29) * turn;
  const double c = chroma * t * (2 - t);
  lab[0] = light - (light - dark) * t;
  lab[1] = c * cos(hue);
  lab[2] = c * sin(hue);
}

void mg_colormap_fill(mg_colormap_kind kind, mg_colormap *map) {
  void (*path)(double, double[3]) = kind == MG_COLORS_DIVERGING ? diverging : sequential;
  double length[PATH], before[3], lab[3];
  map->kind = kind;
  path(0, before);
  for (int k = 0; k < PATH; k++) {
    path(k / (PATH - 1.0), lab);
    double step = 0;
    for (int a = 0; a < 3; a++) {
      step += (lab[a] - before[a]) * (lab[a] - before[a]);
      before[a] = lab[a];
    }
    length[k] = (k ? length[k - 1] : 0) + sqrt(step);
  }
  int k = 0;
  for (int color = 0; color < MG_COLORS; color++) {
    const double target = length[PATH - 1] * color / (MG_COLORS - 1);
    while (k < PATH - 2 && length[k + 1] < target) k++;
    path((k + (target - length[k]) / (length[k + 1] - length[k])) / (PATH - 1), lab);
    map->color[color] = mg_oklab_rgb(lab);
  }
}

mg_rgb mg_colormap_at(const mg_colormap *map, double t) {
  if (isnan(t)) return MG_GREY;
  const double place = t * (MG_COLORS - 1) + 0.5;
  return map->color[place <= 0 ? 0 : place >= MG_COLORS - 1 ? MG_COLORS - 1 : (int)place];
}

/* M. Okabe, K. Ito, "Color Universal Design", 2008, without the yellow, too light for lines. */
mg_rgb mg_palette(int k) {
  static const mg_rgb color[MG_PALETTE] = {0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7,
                                           0x56b4e9, 0xe69f00, 0x000000};
  return color[k % MG_PALETTE];
}
