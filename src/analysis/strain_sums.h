/** The neighbour pass of the strain: private to the strain module. */
#ifndef MGMD_SRC_ANALYSIS_STRAIN_SUMS_H
#define MGMD_SRC_ANALYSIS_STRAIN_SUMS_H

#include "reference.h"

/** All copies a block sees, in the order of the images: reference position and displacement. */
typedef struct mg_strain_copies {
  double *x[3]; /**< in the frame of the reference cell */
  double *u[3]; /**< d - d0 of a pair is the difference of two of these */
} mg_strain_copies;

/** What a neighbourhood gives: H = F - 1 minimises D2 = sum |(d - d0) - H d0|^2. */
typedef struct mg_strain_fit {
  int32_t neighbours;
  bool valid;
  double h[9];  /**< row-major; 0 when not valid */
  double d2min; /**< weighted by @p weight of mg_strain_sweep */
} mg_strain_fit;

/** Fit every own atom. Local; scratch is allocated.
 *  @param[in]  weight  of the squared residual along each axis
 *  @param[out] fit     [n_owned] */
mg_status mg_strain_sweep(const mg_reference *reference, const mg_strain_copies *copies,
                          const double weight[3], mg_strain_fit *fit);

/** From the moments of a neighbourhood to H, or not valid. Pure.
 *  @param[in] v  sum d0 d0^T: xx yy zz xy xz yz
 *  @param[in] w  sum (d - d0) d0^T, row-major */
bool mg_strain_solve(int32_t neighbours, const double v[6], const double w[9], double h[9]);

#endif
