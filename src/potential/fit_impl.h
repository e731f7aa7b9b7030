/** What the files of the fit share; private to this folder. */
#ifndef MGMD_SRC_POTENTIAL_FIT_IMPL_H
#define MGMD_SRC_POTENTIAL_FIT_IMPL_H

#include "impl.h"

/** An atom of one species among its like, at the spacing of least energy. */
typedef struct mg_fit_site {
  double rho, F1;   /**< density and F' there */
  double weight;    /**< largest |F'| within a fifth of that density */
  double density;   /**< atoms per A^3 */
  double stiffness; /**< [eV/A^2] */
} mg_fit_site;

/** A pair of species a <= b as it is looked at. */
typedef struct mg_fit_view {
  const mg_potential *potential;
  int a, b;
  const mg_fit_site *site[2]; /**< of a, of b */
} mg_fit_view;

void mg_fit_sites(const mg_potential *potential, mg_fit_site sites[MG_MAX_SPECIES]);

/** Effective energy of two atoms [eV]; its Boltzmann factor in a melt, at most 1. */
double mg_fit_effective(const mg_fit_view *view, double r);
double mg_fit_boltzmann(const mg_fit_view *view, double r);

/** The rms force component at 300 K [eV/A]. */
double mg_fit_room_force(const mg_fit_view *view);

/** Neighbours per length at distance r, standing anywhere [1/A]. */
double mg_fit_crowd(const mg_fit_view *view, double r);

/** Fills pair->join from pair->start and the segments. */
void mg_fit_join_table(const mg_fit_view *view, mg_fit_pair *pair);

/** The fit of a table; owned by the caller, released with mg_free. A fit that is no good is not an
 *  error.  @return MG_OK or MG_ERR_MEMORY */
mg_status mg_fit_make(const mg_potential *potential, mg_fit **fit);

#endif
