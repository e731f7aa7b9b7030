/** A potential as small tables for vector kernels; private to this folder.
 *
 *  Near pairs: phi, psi and their slopes as polynomials in r - mid between the knots of either
 *  function. Every knot but a cutoff lies on a grid, 0.1 A for most potentials, so that a table of
 *  64 bins tells the piece. Far pairs (beyond every psi) lie on phi's last piece, or are looked up
 *  like near ones. The polynomials are those of an analytic form, or fitted to a table.
 */
#ifndef MGMD_SRC_FORCE_PIECES_H
#define MGMD_SRC_FORCE_PIECES_H

#include "mgmd/potential/fit.h"

enum {
  MG_FEW = MG_FEW_SEGMENTS,  /**< pieces in a vector register of coefficients */
  MG_PIECES = 2 * MG_FEW,    /**< of one pair, at most */
  MG_BINS = MG_FIT_BINS + 1, /**< the first of which is not used */
  MG_SLOPE_ROW = 32,
  MG_PSI_ROW = 16
};

/** How the functions of a pair are evaluated, cheapest first. */
typedef enum mg_pair_kind {
  MG_PAIR_SHORT,  /**< up to MG_FEW pieces; psi of short degree, zero behind its last knot */
  MG_PAIR_SINGLE, /**< up to MG_FEW pieces of phi; psi one polynomial up to its cutoff */
  MG_PAIR_MANY,   /**< up to MG_PIECES; psi of short degree up to its cutoff */
  MG_PAIR_LONG,   /**< the same with psi of high degree */
  MG_PAIR_SKEW    /**< the same, and psi_ab is not psi_ba */
} mg_pair_kind;

/** A value of coefficient m on all pieces: the first half, then the second, MG_FEW each. */
typedef double mg_piece_slopes[2][MG_DEGREE][MG_FEW];
typedef double mg_piece_values[2][MG_DEGREE + 1][MG_FEW];

/** Species a (the central atom) and b. coef[k / MG_FEW][m][k % MG_FEW]: of (r - mid[k])^m on
 *  piece k. 64-byte aligned. */
typedef struct mg_pair_pieces {
  _Alignas(64) uint16_t bin[MG_BINS]; /**< piece of each bin */
  double mid[MG_PIECES];              /**< [A] */
  mg_piece_values psi;                /**< psi_ab */
  mg_piece_slopes dpsi;               /**< psi'_ba, to go with F'_a + F'_b */
  mg_piece_values phi;
  mg_piece_slopes dphi;
  mg_piece_slopes skew; /**< psi'_ab - psi'_ba, to go with F'_a */
  /* the same for kernels that load coefficients piece by piece:
   * dphi 0-7, dpsi 0-3, mid at 12; from 16 on dpsi 4-7, skew 0-7 */
  double slope_row[MG_PIECES][MG_SLOPE_ROW];
  double psi_row[MG_PIECES][MG_PSI_ROW];        /**< psi 0-4, mid; from 8 on psi 5-8 */
  double psi1[MG_DEGREE + 1], dpsi1[MG_DEGREE]; /**< psi about psi1_mid, when it is one piece */
  double far[MG_DEGREE + 1], dfar[MG_DEGREE];   /**< phi's last piece about far_mid */
  double psi1_mid, far_mid;                     /**< [A] */
  double psi2, phi2;                            /**< squared cutoffs [A^2] */
  double near2; /**< squared distance below which the pieces do not hold [A^2] */
  double bins_per_angstrom;
  double bin_origin; /**< r bins_per_angstrom + bin_origin has the bin in its lowest six bits */
  mg_pair_kind kind;
  bool far_many; /**< far pairs lie on several pieces of phi */
} mg_pair_pieces;

/** F' in pieces: row a * (MG_EMBED_PIECES + 1) + k, k the number of knots at or below rho;
 *  slope -1/(2 sqrt rho) + coef[0] + coef[1] t + .., t = rho - origin. */
enum { MG_EMBED_ROWS = MG_MAX_SPECIES * (MG_EMBED_PIECES + 1) };
typedef struct mg_piece_tables {
  mg_pair_pieces pair[MG_MAX_SPECIES][MG_MAX_SPECIES];
  _Alignas(64) double embed_knot[MG_EMBED_PIECES][MG_MAX_SPECIES]; /**< INFINITY: none */
  double embed_origin[MG_EMBED_ROWS];
  double embed_value[MG_EMBED_DEGREE + 1][MG_EMBED_ROWS];
  double embed_slope[MG_EMBED_DEGREE][MG_EMBED_ROWS];
  _Alignas(64) double rho_max[MG_MAX_SPECIES];
  bool has_embed; /**< F is in the arrays below; otherwise evaluate it by mg_potential_embed */
} mg_piece_tables;

/** Can @p potential be written this way? */
bool mg_pieces_fit(const mg_potential *potential);

/** The tables; *tables released with mg_free.
 *  @return MG_OK or MG_ERR_MEMORY */
mg_status mg_pieces_make(const mg_potential *potential, void **tables);

#endif
