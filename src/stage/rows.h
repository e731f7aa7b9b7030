/** Parameter rows that several stages share. Private to stage. */
#ifndef MGMD_SRC_STAGE_ROWS_H
#define MGMD_SRC_STAGE_ROWS_H

#include "mgmd/base/param.h"

#include <math.h>
#include <stddef.h>

/** The times of the thermostat and the barostat; @p config has tau_T, tau_P and chain. */
#define MG_ROWS_RELAXATION(config)                                                                 \
  {.name = "tau_T",                                                                                \
   .kind = MG_P_REAL,                                                                              \
   .dimension = MG_DIM_TIME,                                                                       \
   .offset = offsetof(config, tau_T),                                                              \
   .fallback = "0.2 ps",                                                                           \
   .min = 0,                                                                                       \
   .max = INFINITY,                                                                                \
   .above_min = true,                                                                              \
   .doc = "relaxation time of the thermostat, about 100 time steps"},                              \
      {.name = "tau_P",                                                                            \
       .kind = MG_P_REAL,                                                                          \
       .dimension = MG_DIM_TIME,                                                                   \
       .offset = offsetof(config, tau_P),                                                          \
       .fallback = "2 ps",                                                                         \
       .min = 0,                                                                                   \
       .max = INFINITY,                                                                            \
       .above_min = true,                                                                          \
       .doc = "relaxation time of the barostat, about 1000 time steps"},                           \
  {                                                                                                \
    .name = "chain", .kind = MG_P_INT, .offset = offsetof(config, chain), .fallback = "3",         \
    .min = 1, .max = 8, .doc = "links of the Nose-Hoover chains"                                   \
  }

/** Target pressures: of any row of kind MG_P_AXIS_RAMP, so that a wrong unit is caught [GPa]. */
#define MG_PRESSURE_RANGE .dimension = MG_DIM_PRESSURE, .min = -1e3, .max = 1e3

#endif
