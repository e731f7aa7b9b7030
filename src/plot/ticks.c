#include "mgmd/plot/ticks.h"

#include "mgmd/base/str.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Decades where the label would get longer than the digits are worth. */
enum { PLAIN_LEAST = -3, PLAIN_MOST = 4 };

void mg_ticks_number(double x, int decimals, char *text, size_t size) {
  char digits[64];
  snprintf(digits, sizeof digits, "%.*f", decimals, fabs(x));
  const int nothing = strspn(digits, "0.") == strlen(digits);
  mg_str_copy(text, size, x < 0 && !nothing ? "\u2212" : "");
  mg_str_append(text, size, "%s", digits);
}

void mg_ticks_power(int exponent, char *text, size_t size) {
  static const char *const digit[] = {"\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                      "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
  char plain[16];
  snprintf(plain, sizeof plain, "%d", exponent < 0 ? -exponent : exponent);
  snprintf(text, size, "10%s", exponent < 0 ? "\u207b" : "");
  for (const char *c = plain; *c; c++) mg_str_append(text, size, "%s", digit[*c - '0']);
}

void mg_ticks_unit(const char *unit, char *text, size_t size) {
  static const char *const sign[][2] = {
      {"Angstrom", "\u00c5"}, {"^2", "\u00b2"}, {"^3", "\u00b3"}};
  enum { SIGNS = sizeof sign / sizeof sign[0] };
  mg_str_copy(text, size, "");
  if (strcmp(unit, "1") == 0 || strcmp(unit, "steps") == 0) return;
  while (*unit) {
    int k = 0;
    while (k < SIGNS && strncmp(unit, sign[k][0], strlen(sign[k][0])) != 0) k++;
    mg_str_append(text, size, "%.*s", k < SIGNS ? 8 : 1, k < SIGNS ? sign[k][1] : unit);
    unit += k < SIGNS ? strlen(sign[k][0]) : 1;
  }
}

static double round_number(double x, const double *factor, int n, int above) {
  const double decade = pow(10, floor(log10(x) + 1e-12));
  for (int k = 0; k < n; k++)
    if (above && factor[k] * decade >= x * (1 - 1e-9)) return factor[k] * decade;
  for (int k = n - 1; k >= 0; k--)
    if (!above && factor[k] * decade <= x * (1 + 1e-9)) return factor[k] * decade;
  return decade;
}

double mg_ticks_above(double x) {
  static const double factor[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
  return round_number(x, factor, sizeof factor / sizeof factor[0], 1);
}

double mg_ticks_below(double x) {
  static const double factor[] = {1, 2, 5};
  return round_number(x, factor, sizeof factor / sizeof factor[0], 0);
}

static double next_step(double step) {
  static const double factor[] = {1, 2, 5, 10};
  return round_number(step * 1.01, factor, sizeof factor / sizeof factor[0], 1);
}

void mg_ticks_linear(double least, double most, int wanted, mg_ticks *ticks) {
  memset(ticks, 0, sizeof *ticks);
  if (wanted > MG_TICKS_MOST) wanted = MG_TICKS_MOST;
  if (wanted < 2) wanted = 2;
  const double slack = 1e-9 * (most - least);
  double step = mg_ticks_below((most - least) / wanted);
  double first, last;
  for (;; step = next_step(step)) {
    first = ceil((least - slack) / step);
    last = floor((most + slack) / step);
    if (last - first + 1 <= wanted) break;
  }
  double stride = 1;
  while (last - first < 1) { /* a finer step, of which the outermost are kept, and the middle */
    step = mg_ticks_below(0.9 * step);
    first = ceil((least - slack) / step);
    last = floor((most + slack) / step);
    const bool halves = wanted > 2 && fmod(last - first, 2) == 0;
    stride = fmax(1, (last - first) / (halves ? 2 : 1));
  }
  const double largest = fmax(fabs(least), fabs(most));
  const int decade = (int)floor(log10(largest) + 1e-9);
  if (decade < PLAIN_LEAST || decade > PLAIN_MOST)
    ticks->exponent = 3 * (int)floor(decade / 3.0);
  const double unit = pow(10, ticks->exponent);
  int decimals = 0;
  for (double s = step / unit; decimals < 12 && fabs(s - round(s)) > 1e-6 * s; s *= 10) decimals++;
  for (double k = first; k <= last && ticks->n < wanted; k += stride) {
    ticks->value[ticks->n] = k * step;
    mg_ticks_number(k * step / unit, decimals, ticks->label[ticks->n++], MG_TICK_TEXT);
  }
}

void mg_ticks_log(double least, double most, int wanted, mg_ticks *ticks) {
  memset(ticks, 0, sizeof *ticks);
  if (wanted > MG_TICKS_MOST) wanted = MG_TICKS_MOST;
  const int first = (int)ceil(log10(least) - 1e-9), last = (int)floor(log10(most) + 1e-9);
  int step = 1;
  while ((last - first) / step + 1 > wanted) step++;
  for (int k = first; k <= last && ticks->n < wanted; k += step) {
    ticks->value[ticks->n] = pow(10, k);
    mg_ticks_power(k, ticks->label[ticks->n++], MG_TICK_TEXT);
  }
}

void mg_ticks_label(const char *name, const char *unit, const mg_ticks *ticks, char *text,
                    size_t size) {
  char power[32] = "";
  if (ticks->exponent) mg_ticks_power(ticks->exponent, power, sizeof power);
  mg_str_copy(text, size, name);
  if (*power || *unit)
    mg_str_append(text, size, " (%s%s%s)", power, *power && *unit ? " " : "", unit);
}
