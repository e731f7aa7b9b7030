/** A potential as small tables for vector kernels; private to this folder.
 *
 *  Near pairs: phi, psi and their slopes as polynomials in r - mid between the knots of either
 *  function. Every knot lies on a grid of 0.1 A, so that a table of 64 bins tells the piece.
 *  Far pairs (beyond every psi) lie on phi's last piece.
 */
#ifndef MGMD_SRC_FORCE_PIECES_H
#define MGMD_SRC_FORCE_PIECES_H

#include "mgmd/potential/potential.h"

enum {
  MG_PIECES = 8, /**< of one pair; a vector register of coefficients */
  MG_BINS = 64,  /**< of 0.1 A, from MG_BIN_FIRST on */
  MG_BIN_FIRST = 13,
  MG_SHORT_DEGREE = 4, /**< of psi when it has several pieces */
  MG_SLOPE_ROW = 16,   /**< MG_DEGREE + MG_SHORT_DEGREE + 1, rounded up */
  MG_PSI_ROW = 8
};

/** Where bin 0 begins and the size of bins [A]. */
#define MG_BIN_START 1.3
#define MG_BINS_PER_ANGSTROM 10.0

/** One pair of species. coef[m][k]: coefficient of (r - mid[k])^m on piece k. 64-byte aligned. */
typedef struct mg_pair_pieces {
  _Alignas(64) uint16_t bin[MG_BINS]; /**< piece of each bin */
  double mid[MG_PIECES];              /**< [A] */
  double psi[MG_DEGREE + 1][MG_PIECES];
  double dpsi[MG_DEGREE][MG_PIECES];
  double phi[MG_DEGREE + 1][MG_PIECES];
  double dphi[MG_DEGREE][MG_PIECES];
  /* the same for kernels that load coefficients piece by piece: dphi, dpsi, mid; psi, mid */
  double slope_row[MG_PIECES][MG_SLOPE_ROW];
  double psi_row[MG_PIECES][MG_PSI_ROW];
  double psi1[MG_DEGREE + 1], dpsi1[MG_DEGREE]; /**< psi about psi1_mid, when it is one piece */
  double far[MG_DEGREE + 1], dfar[MG_DEGREE];   /**< phi's last piece about far_mid */
  double psi1_mid, far_mid;                     /**< [A] */
  double psi2, phi2;                            /**< squared cutoffs [A^2] */
  double near2; /**< squared distance below which the pieces do not hold [A^2] */
  bool single;  /**< psi is one piece */
} mg_pair_pieces;

/** F' in pieces: row a * (MG_EMBED_PIECES + 1) + k, k the number of knots at or below rho;
 *  slope -1/(2 sqrt rho) + coef[0] + coef[1] t + .., t = rho - origin. */
enum { MG_EMBED_ROWS = MG_MAX_SPECIES * (MG_EMBED_PIECES + 1) };
typedef struct mg_piece_tables {
  mg_pair_pieces pair[MG_MAX_SPECIES][MG_MAX_SPECIES];
  double embed_knot[MG_EMBED_PIECES][MG_MAX_SPECIES]; /**< INFINITY: none */
  double embed_origin[MG_EMBED_ROWS];
  double embed_value[MG_EMBED_DEGREE + 1][MG_EMBED_ROWS];
  double embed_slope[MG_EMBED_DEGREE][MG_EMBED_ROWS];
  double rho_max[MG_MAX_SPECIES];
} mg_piece_tables;

/** Can @p potential be written this way? */
bool mg_pieces_fit(const mg_potential *potential);

/** The tables; *tables released with mg_free.
 *  @return MG_OK or MG_ERR_MEMORY */
mg_status mg_pieces_make(const mg_potential *potential, void **tables);

#endif
