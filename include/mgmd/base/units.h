/** The one internal unit system: Angstrom, ps, eV, K; mass in u outside, in eV ps^2/Angstrom^2
 *  inside, so that a = f/m needs no factor. CODATA 2018 (NIST).
 */
#ifndef MGMD_BASE_UNITS_H
#define MGMD_BASE_UNITS_H

#include "mgmd/base/error.h"

/** Boltzmann's constant [eV/K]. */
#define MG_BOLTZMANN 8.617333262e-5

/** One u in eV ps^2/Angstrom^2: 1.66053906660e-27 kg x (100 m/s)^2 / 1.602176634e-19 J. */
#define MG_MASS_UNIT (1.66053906660e-23 / 1.602176634e-19)

/** One eV/Angstrom^3 in GPa. */
#define MG_GPA 160.2176634

/** What a dimensional input value measures. The units people may write are listed in units.c. */
typedef enum mg_dimension {
  MG_DIM_NONE,         /**< a pure number */
  MG_DIM_LENGTH,       /**< internal Angstrom */
  MG_DIM_TIME,         /**< simulated time, internal ps */
  MG_DIM_WALL_TIME,    /**< wall-clock time, internal s */
  MG_DIM_TEMPERATURE,  /**< internal K */
  MG_DIM_PRESSURE,     /**< internal GPa */
  MG_DIM_RATE,         /**< strain rate, internal 1/ps */
  MG_DIM_COOLING_RATE, /**< internal K/ps */
  MG_DIM_FRACTION,     /**< strain or share: "8 %" or "0.08"; internal a fraction */
  MG_DIM_ENERGY,       /**< internal eV */
  MG_DIM_FORCE,        /**< internal eV/Angstrom */
  MG_DIM_ANGLE,        /**< internal radian */
  MG_DIM_COUNT
} mg_dimension;

/** Parse "2 fs", "111.0 nm", "4e7 1/s", "10 %", "23h50m" (wall time only) into internal units.
 *  A bare number is accepted for MG_DIM_NONE, and for MG_DIM_FRACTION; elsewhere the unit must be
 *  there. Non-finite numbers are refused.
 *  @param[out] value  in internal units
 *  @return MG_OK, or MG_ERR_INPUT with a text such as "'5 K' is not a length; write a number with
 *          one of: nm, A, Angstrom, um, m" (no location: the caller adds it).  Not collective. */
mg_status mg_units_parse(const char *text, mg_dimension dimension, double *value);

/** The unit in which a dimension is written out again ("A", "ps", "GPa", "1/s", ...), and the
 *  factor: written = internal x factor. */
const char *mg_units_name(mg_dimension dimension, double *factor);

/** The accepted units of a dimension as "nm, A, um", for messages and docs. */
const char *mg_units_list(mg_dimension dimension);

#endif
