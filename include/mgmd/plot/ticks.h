/** Where the numbers of an axis stand and how they are written. Pure functions. */
#ifndef MGMD_PLOT_TICKS_H
#define MGMD_PLOT_TICKS_H

#include <stddef.h>

enum { MG_TICKS_MOST = 32, MG_TICK_TEXT = 24 };

/** Ticks within a range. Labels show value / 10^exponent; the exponent belongs to the axis label
 *  and is 0 unless the numbers are very large or small. */
typedef struct mg_ticks {
  int n, exponent;
  double value[MG_TICKS_MOST];
  char label[MG_TICKS_MOST][MG_TICK_TEXT];
} mg_ticks;

/** Multiples of 1, 2 or 5 times a power of ten in [least, most], at least two and at most @p wanted
 *  (2 or more) of them, with as few digits as tell them apart. least < most, both finite. */
void mg_ticks_linear(double least, double most, int wanted, mg_ticks *ticks);

/** Powers of ten in [least, most], least > 0, thinned out to at most @p wanted. */
void mg_ticks_log(double least, double most, int wanted, mg_ticks *ticks);

/** The smallest of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 times a power of ten that is not below
 *  @p x > 0. */
double mg_ticks_above(double x);

/** The largest of 1, 2, 5 times a power of ten that is not above @p x > 0. */
double mg_ticks_below(double x);

/** A number as people write it: a true minus sign, @p decimals digits behind the point. */
void mg_ticks_number(double x, int decimals, char *text, size_t size);

/** The name of an axis with its unit and the ticks' exponent: "energy (10³ eV)". */
void mg_ticks_label(const char *name, const char *unit, const mg_ticks *ticks, char *text,
                    size_t size);

/** A unit as it stands in files, "Angstrom^2", as people write it, "Å²"; "" for "1" and "steps". */
void mg_ticks_unit(const char *unit, char *text, size_t size);

/** "10" and a superscript: for units and powers. */
void mg_ticks_power(int exponent, char *text, size_t size);

#endif
