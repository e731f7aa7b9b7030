/* Pictures before they are drawn. Colour maps keep what they promise: even steps in OKLab (whose
 * reference values are those of Ottosson's article), lightness that tells the order, a neutral
 * centre. Ticks are round, distinct and within their range. Atoms and means land on the right
 * pixels, with the nearer atom in front. */
#include "unit_check.h"

#include "mgmd/plot/color.h"
#include "mgmd/plot/raster.h"
#include "mgmd/plot/ticks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

START_TEST(oklab_is_that_of_the_article) {
  static const struct {
    mg_rgb color;
    double lab[3];
  } known[] = {{0xffffff, {1, 0, 0}},
               {0x000000, {0, 0, 0}},
               {0xff0000, {0.62796, 0.22486, 0.12585}},
               {0x00ff00, {0.86644, -0.23389, 0.17950}},
               {0x0000ff, {0.45201, -0.03246, -0.31153}}};
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
    double lab[3];
    mg_oklab(known[k].color, lab);
    for (int a = 0; a < 3; a++) ck_assert_double_lt(fabs(lab[a] - known[k].lab[a]), 2e-4);
    ck_assert_uint_eq(mg_oklab_rgb(lab), known[k].color);
  }
}
END_TEST

static double distance(mg_rgb a, mg_rgb b) {
  double x[3], y[3], sum = 0;
  mg_oklab(a, x);
  mg_oklab(b, y);
  for (int k = 0; k < 3; k++) sum += (x[k] - y[k]) * (x[k] - y[k]);
  return sqrt(sum);
}

static double lightness(mg_rgb color) {
  double lab[3];
  mg_oklab(color, lab);
  return lab[0];
}

/* Steps of a sixteenth of an arm, over which rounding to bytes does not matter. */
START_TEST(maps_are_even) {
  for (int kind = 0; kind < 2; kind++) {
    mg_colormap map;
    double least = INFINITY, most = 0;
    mg_colormap_fill((mg_colormap_kind)kind, &map);
    for (int k = 0; k + 8 < MG_COLORS; k += 8) {
      const double step = distance(map.color[k], map.color[k + 8]);
      least = fmin(least, step);
      most = fmax(most, step);
    }
    ck_assert_double_lt(most / least, 1.2); /* a chord across a bend is a little shorter */
    ck_assert_double_gt(least, 0.02); /* about what the eye just sees */
  }
}
END_TEST

START_TEST(lightness_tells_the_order) {
  mg_colormap map;
  mg_colormap_fill(MG_COLORS_SEQUENTIAL, &map);
  for (int k = 0; k + 4 < MG_COLORS; k++)
    ck_assert_double_gt(lightness(map.color[k + 4]), lightness(map.color[k]));
  ck_assert_double_lt(lightness(map.color[0]), 0.35);
  ck_assert_double_gt(lightness(map.color[MG_COLORS - 1]), 0.9);
}
END_TEST

START_TEST(the_diverging_map_is_balanced) {
  mg_colormap map;
  const int middle = MG_COLORS / 2;
  mg_colormap_fill(MG_COLORS_DIVERGING, &map);
  const mg_rgb zero = mg_colormap_at(&map, 0.5);
  ck_assert_uint_eq(zero, map.color[middle]);
  double lab[3];
  mg_oklab(zero, lab);
  ck_assert_double_lt(hypot(lab[1], lab[2]), 0.004); /* grey */
  for (int k = 0; k < middle; k++) {
    const double low = lightness(map.color[k]), high = lightness(map.color[MG_COLORS - 1 - k]);
    ck_assert_double_lt(fabs(low - high), 0.012);
    if (k >= 2) ck_assert_double_gt(low, lightness(map.color[k - 2]));
    ck_assert_double_lt(low, lab[0]);
  }
  mg_oklab(map.color[0], lab);
  ck_assert_double_lt(lab[2], -0.1); /* blue below */
  mg_oklab(map.color[MG_COLORS - 1], lab);
  ck_assert_double_gt(lab[1], 0.1); /* red above */
}
END_TEST

START_TEST(ends_of_a_map) {
  mg_colormap map;
  mg_colormap_fill(MG_COLORS_SEQUENTIAL, &map);
  ck_assert_uint_eq(mg_colormap_at(&map, -3), map.color[0]);
  ck_assert_uint_eq(mg_colormap_at(&map, 0), map.color[0]);
  ck_assert_uint_eq(mg_colormap_at(&map, 1), map.color[MG_COLORS - 1]);
  ck_assert_uint_eq(mg_colormap_at(&map, INFINITY), map.color[MG_COLORS - 1]);
  ck_assert_uint_eq(mg_colormap_at(&map, NAN), MG_GREY);
  for (int a = 0; a < MG_PALETTE; a++)
    for (int b = 0; b < a; b++) ck_assert_double_gt(distance(mg_palette(a), mg_palette(b)), 0.1);
}
END_TEST

/* The number a label says, its true minus sign replaced. */
static double said(const char *label) {
  static const char minus[] = "\u2212";
  const size_t n = sizeof minus - 1;
  return strncmp(label, minus, n) == 0 ? -strtod(label + n, NULL) : strtod(label, NULL);
}

START_TEST(ticks_are_round_and_within) {
  unsigned state = 1;
  for (int trial = 0; trial < 5000; trial++) {
    double random[3];
    for (int k = 0; k < 3; k++)
      random[k] = (double)((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24);
    const double length = pow(10, 16 * random[0] - 8), least = length * (4 * random[1] - 2);
    const int wanted = 2 + (int)(10 * random[2]);
    mg_ticks ticks;
    mg_ticks_linear(least, least + length, wanted, &ticks);
    ck_assert_int_ge(ticks.n, 2);
    ck_assert_int_le(ticks.n, wanted);
    for (int k = 0; k < ticks.n; k++) {
      ck_assert(ticks.value[k] >= least - 1e-8 * length);
      ck_assert(ticks.value[k] <= least + length * (1 + 1e-8));
      const double value = said(ticks.label[k]) * pow(10, ticks.exponent);
      ck_assert_double_lt(fabs(value - ticks.value[k]), 1e-6 * length);
      if (k > 0) ck_assert_str_ne(ticks.label[k], ticks.label[k - 1]);
      ck_assert_uint_lt(strlen(ticks.label[k]), 12);
    }
    if (ticks.n < 3) continue;
    const double step = ticks.value[1] - ticks.value[0],
                 digit = step / pow(10, floor(log10(step) + 1e-6));
    ck_assert(fabs(digit - 1) < 1e-6 || fabs(digit - 2) < 1e-6 || fabs(digit - 5) < 1e-6 ||
              (ticks.n == 3 && fabs(digit - 4) < 1e-6));
  }
}
END_TEST

START_TEST(ticks_read_as_written) {
  static const struct {
    double least, most;
    int wanted, exponent;
    const char *labels;
  } cases[] = {{0, 20, 5, 0, "0 5 10 15 20"},
               {-6, 6, 5, 0, "\u22125 0 5"},
               {-0.15, 0.15, 5, 0, "\u22120.1 0.0 0.1"},
               {-8, 8, 2, 0, "\u22125 5"},
               {-4, 4, 3, 0, "\u22124 0 4"},
               {45, 55, 3, 0, "45 50 55"},
               {46, 54, 3, 0, "46 50 54"},
               {0, 1, 6, 0, "0.0 0.2 0.4 0.6 0.8 1.0"},
               {0, 250000, 6, 3, "0 50 100 150 200 250"},
               {2e-7, 8e-7, 4, -9, "200 400 600 800"},
               {-7520, -7500, 5, 0, "\u22127520 \u22127515 \u22127510 \u22127505 \u22127500"}};
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
    mg_ticks ticks;
    char text[256] = "";
    mg_ticks_linear(cases[c].least, cases[c].most, cases[c].wanted, &ticks);
    for (int k = 0; k < ticks.n; k++) {
      if (k) strcat(text, " ");
      strcat(text, ticks.label[k]);
    }
    ck_assert_str_eq(text, cases[c].labels);
    ck_assert_int_eq(ticks.exponent, cases[c].exponent);
  }
  mg_ticks log;
  mg_ticks_log(0.01, 1000, 4, &log);
  ck_assert_int_eq(log.n, 3);
  ck_assert_str_eq(log.label[0], "10\u207b\u00b2");
  ck_assert(log.value[2] == 100);
}
END_TEST

START_TEST(numbers_and_names) {
  char text[64];
  mg_ticks_number(-0.04, 1, text, sizeof text);
  ck_assert_str_eq(text, "0.0"); /* no negative zero */
  mg_ticks_number(-2.56, 1, text, sizeof text);
  ck_assert_str_eq(text, "\u22122.6");
  mg_ticks_power(-12, text, sizeof text);
  ck_assert_str_eq(text, "10\u207b\u00b9\u00b2");
  mg_ticks_unit("eV/Angstrom^3", text, sizeof text);
  ck_assert_str_eq(text, "eV/\u00c5\u00b3");
  const mg_ticks plain = {.exponent = 0}, large = {.exponent = 3};
  mg_ticks_label("energy", "eV", &large, text, sizeof text);
  ck_assert_str_eq(text, "energy (10\u00b3 eV)");
  mg_ticks_label("g(r)", "", &plain, text, sizeof text);
  ck_assert_str_eq(text, "g(r)");
  ck_assert(mg_ticks_above(0.021) == 0.025 || fabs(mg_ticks_above(0.021) - 0.025) < 1e-12);
  ck_assert(fabs(mg_ticks_above(2) - 2) < 1e-9 && fabs(mg_ticks_above(8.2) - 10) < 1e-9);
  ck_assert(fabs(mg_ticks_below(0.49) - 0.2) < 1e-12 && fabs(mg_ticks_below(5) - 5) < 1e-9);
}
END_TEST

static mg_rgb pixel(const mg_image *image, int x, int y) {
  return image->pixel[y * image->width + x];
}

/* A window of 10 x 20 A on 100 x 200 pixels: one atom alone, a pair one behind the other, one
 * without a value. Values 0 and 1 have the ends of the map as their colours. */
START_TEST(atoms_land_on_their_pixels) {
  static const double across[] = {-3, 2, 2, -3}, up[] = {4, 10, 10, 15}, depth[] = {0, 1, 5, 0};
  const double value[] = {0, 0, 1, NAN};
  const mg_window window = {-5, 5, 0, 20};
  const mg_dots dots = {4, across, up, depth, value};
  mg_colormap map;
  mg_image image;
  mg_colormap_fill(MG_COLORS_SEQUENTIAL, &map);
  const mg_scale scale = {0, 1, &map};
  ck_assert_int_eq(mg_image_create(100, 200, &image), MG_OK);
  ck_assert_int_eq(mg_raster_atoms(&image, &window, &dots, &scale, 1.5), MG_OK);
  ck_assert_uint_eq(pixel(&image, 20, 160), map.color[0]);
  ck_assert_uint_eq(pixel(&image, 70, 100), map.color[MG_COLORS - 1]);
  ck_assert_uint_eq(pixel(&image, 20, 50), MG_GREY);
  ck_assert_uint_eq(pixel(&image, 50, 160), MG_WHITE);
  ck_assert_uint_eq(pixel(&image, 20, 160 + 16), MG_WHITE);      /* just outside the disc */
  ck_assert(pixel(&image, 20, 160 + 13) != MG_WHITE);            /* just inside */
  ck_assert(pixel(&image, 20, 160 + 14) != map.color[0]);        /* the rim */
  mg_image_clear(&image);
}
END_TEST

START_TEST(means_land_in_their_cells) {
  static const double across[] = {0.5, 0.6, 2.5, 3.5, 9}, up[] = {0.5, 0.5, 1.5, 0.5, 1},
                      depth[5] = {0};
  const double value[] = {2, 4, -1, NAN, 7}; /* the last atom is not in the window */
  const mg_window window = {0, 4, 0, 2};
  const mg_dots dots = {5, across, up, depth, value};
  mg_mean_grid grid;
  mg_colormap map;
  mg_image image;
  ck_assert_int_eq(mg_raster_average(&window, &dots, 1, &grid), MG_OK);
  ck_assert_int_eq(grid.columns, 4);
  ck_assert_int_eq(grid.rows, 2);
  ck_assert(grid.mean[0] == 3 && grid.count[0] == 2);
  ck_assert(grid.mean[4 + 2] == -1 && grid.count[4 + 2] == 1);
  ck_assert(isnan(grid.mean[3]) && grid.count[3] == 1);
  ck_assert(isnan(grid.mean[1]) && grid.count[1] == 0);
  mg_colormap_fill(MG_COLORS_DIVERGING, &map);
  const mg_scale scale = {-3, 3, &map};
  ck_assert_int_eq(mg_image_create(40, 20, &image), MG_OK);
  mg_raster_grid(&image, &window, &grid, &scale);
  ck_assert_uint_eq(pixel(&image, 0, 19), map.color[MG_COLORS - 1]);
  ck_assert_uint_eq(pixel(&image, 9, 10), map.color[MG_COLORS - 1]);
  ck_assert_uint_eq(pixel(&image, 25, 5), mg_colormap_at(&map, 1.0 / 3));
  ck_assert_uint_eq(pixel(&image, 35, 15), MG_GREY);
  ck_assert_uint_eq(pixel(&image, 15, 15), MG_WHITE);
  mg_image_clear(&image);
  mg_mean_grid_clear(&grid);
}
END_TEST

START_TEST(zero_stays_the_centre) {
  mg_colormap map;
  mg_colormap_fill(MG_COLORS_DIVERGING, &map);
  const mg_scale scale = {-1, 5, &map};
  ck_assert_uint_eq(mg_scale_color(&scale, 0), map.color[MG_COLORS / 2]);
  ck_assert_uint_eq(mg_scale_color(&scale, 9), map.color[MG_COLORS - 1]);
  ck_assert_uint_eq(mg_scale_color(&scale, -3), mg_colormap_at(&map, 0.4));
}
END_TEST

START_TEST(odd_cells_stick_out_alike) {
  static const double zero[1] = {0};
  const mg_window window = {-2.5, 2.5, 0, 3};
  const mg_dots dots = {1, zero, zero, zero, zero};
  mg_mean_grid grid;
  ck_assert_int_eq(mg_raster_average(&window, &dots, 2, &grid), MG_OK);
  ck_assert(grid.columns == 3 && grid.left == -3 && grid.rows == 2 && grid.bottom == -0.5);
  mg_mean_grid_clear(&grid);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, oklab_is_that_of_the_article);
  tcase_add_test(tests, maps_are_even);
  tcase_add_test(tests, lightness_tells_the_order);
  tcase_add_test(tests, the_diverging_map_is_balanced);
  tcase_add_test(tests, ends_of_a_map);
  tcase_add_test(tests, ticks_are_round_and_within);
  tcase_add_test(tests, ticks_read_as_written);
  tcase_add_test(tests, numbers_and_names);
  tcase_add_test(tests, atoms_land_on_their_pixels);
  tcase_add_test(tests, means_land_in_their_cells);
  tcase_add_test(tests, zero_stays_the_centre);
  tcase_add_test(tests, odd_cells_stick_out_alike);
}
UNIT_CHECK_MAIN("plot", fill)
