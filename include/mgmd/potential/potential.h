/** Embedded-atom potentials: immutable after loading.
 *
 *    E = sum_i F_a(i)(rho_i) + 1/2 sum_{i!=j} phi_ab(r_ij),   rho_i = sum_{j!=i} psi_ab(r_ij)
 *
 *  a = species of i, b = species of j; psi_ab is the density at an atom of species a made by a
 *  neighbour of species b (Finnis-Sinclair: it may depend on both).
 *  Built in: Mendelev, Sordelet, Kramer, J. Appl. Phys. 102, 043501 (2007), from its analytic form.
 */
#ifndef MGMD_POTENTIAL_POTENTIAL_H
#define MGMD_POTENTIAL_POTENTIAL_H

#include "mgmd/base/error.h"
#include "mgmd/state/atoms.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A function of r as polynomials between knots, exact: segment k covers [knot[k], knot[k+1]),
 *  value = sum_m coef[k][m] (r - mid_k)^m with mid_k = (knot[k]+knot[k+1])/2. Zero from the last
 *  knot on. Below knot[0] phi has another form: evaluate it by mg_potential_phi; of psi and psi'
 *  the first segment holds down to r = 0.  */
enum { MG_SEGMENTS = 16, MG_DEGREE = 8 };
typedef struct mg_segments {
  int n;      /**< number of segments */
  int degree; /**< highest degree of any segment */
  double knot[MG_SEGMENTS + 1];
  double coef[MG_SEGMENTS][MG_DEGREE + 1];
} mg_segments;

/** F as -sqrt(rho) plus polynomials, exact: piece k, from knot[k] on, adds
 *  sum_m coef[k][m] (rho - knot[k])^m; below knot[0] nothing is added. */
enum { MG_EMBED_PIECES = 8, MG_EMBED_DEGREE = 4 };
typedef struct mg_embed_pieces {
  int n;
  double knot[MG_EMBED_PIECES];
  double coef[MG_EMBED_PIECES][MG_EMBED_DEGREE + 1];
} mg_embed_pieces;

typedef struct mg_potential mg_potential;

/** The built-in potential of this name ("cuzr-mendelev2007"); NULL with the record set, naming the
 *  nearest, when there is none. Not collective. Release with mg_potential_destroy. */
mg_potential *mg_potential_builtin(const char *name);

/** Parse a setfl table held in memory. Strict: truncated, malformed, non-finite or absurd sizes
 *  give MG_ERR_INPUT and one text that begins "name:line: ". Splines, energies and forces are those
 *  of LAMMPS (eam/fs, eam/alloy), except where r phi holds a filler near r = 0 (src/potential/
 *  table.c has the rule).  Not collective.
 *  @param[in] name  how to call it in messages (the path)
 *  @param[in] text  need not end in a zero byte
 *  @param[in] finnis_sinclair  eam/fs (one density per pair of species) or eam/alloy
 *  @param[out] potential  owned by the caller; NULL on failure */
mg_status mg_potential_parse_setfl(const char *name, const char *text, size_t length,
                                   bool finnis_sinclair, mg_potential **potential);

/** Whether @p name means a file to read (*.eam.fs, *.eam.alloy) and not a built-in potential. */
bool mg_potential_is_file(const char *name);

/** The potential called @p name: built in, or parsed from the text of the file of that name.
 *  Not collective; for a file, rank 0 reads and broadcasts the text and every rank parses it.
 *  @param[in] text, length  the file's contents; ignored (may be NULL, 0) for a built-in one
 *  @return MG_OK; MG_ERR_INPUT for an unknown name or a bad table, MG_ERR_MEMORY */
mg_status mg_potential_load(const char *name, const char *text, size_t length,
                            mg_potential **potential);

/** Release; NULL inside is allowed. */
void mg_potential_destroy(mg_potential **potential);

const char *mg_potential_name(const mg_potential *potential);
const mg_species *mg_potential_species(const mg_potential *potential);

/** The distance from which phi_ab / psi_ab (either order) is exactly zero [A]. */
double mg_potential_phi_cutoff(const mg_potential *potential, int a, int b);
double mg_potential_psi_cutoff(const mg_potential *potential, int a, int b);
double mg_potential_cutoff(const mg_potential *potential); /**< largest of all */

/** Pairs further apart than this carry phi alone [A]: the largest cutoff of any psi, or a little
 *  more where a kernel gains by it. */
double mg_potential_near(const mg_potential *potential);

/** Evaluate at distance r > 0 [A]; zero from the cutoff on; right at every r, below any table too
 *  (closer than the first tabulated point that can be trusted, phi = A/r + B, repulsive). A slope
 *  is the exact derivative of the value. psi_ab is at a made by b. Outputs may be NULL. NaN gives
 *  NaN. */
void mg_potential_phi(const mg_potential *potential, int a, int b, double r, double *phi,
                      double *dphi);
void mg_potential_psi(const mg_potential *potential, int a, int b, double r, double *psi,
                      double *dpsi);
/** F_a(rho) [eV] and F'_a(rho), rho >= 0. The built-in F = -sqrt(rho) + ... has an infinite slope
 *  at rho = 0; F'(0) = 0 by definition here (an isolated atom: nothing to multiply it with). Above
 *  mg_potential_rho_max F goes on linearly, and so does a table's below zero. NaN gives NaN. */
void mg_potential_embed(const mg_potential *potential, int a, double rho, double *F, double *dF);

/** Density above which F_a is extrapolated: the table's end; 300 for the built-in one (a glass has
 *  15 to 75, two atoms at 0.5 A make 66). */
double mg_potential_rho_max(const mg_potential *potential, int a);

/** Exact polynomial segments of phi_ab, psi_ab, phi'_ab, psi'_ab, or NULL for a table (too many
 *  pieces). They agree with the functions above to rounding. Owned by the potential. */
const mg_segments *mg_potential_phi_segments(const mg_potential *potential, int a, int b);
const mg_segments *mg_potential_psi_segments(const mg_potential *potential, int a, int b);
const mg_segments *mg_potential_dphi_segments(const mg_potential *potential, int a, int b);
const mg_segments *mg_potential_dpsi_segments(const mg_potential *potential, int a, int b);

/** F_a in pieces, for 0 < rho <= mg_potential_rho_max, or NULL for a table. Owned by the
 *  potential. */
const mg_embed_pieces *mg_potential_embed_pieces(const mg_potential *potential, int a);

/** Text of a setfl (eam/fs) table of this potential.  Not collective.
 *  @param[in] n_rho, rho_max  densities 0 .. rho_max, both included
 *  @param[in] n_r  distances 0 .. cutoff, both included
 *  @param[out] text  ends in a zero byte; released by the caller with mg_free()
 *  @return MG_OK; MG_ERR_INPUT for sizes below 5 or above a million, MG_ERR_MEMORY */
mg_status mg_potential_write_setfl(const mg_potential *potential, int n_rho, double rho_max,
                                   int n_r, char **text);

/** 64-bit FNV-1a hash of what defines the potential (recorded in files). */
uint64_t mg_potential_hash(const mg_potential *potential);

/** The names of the built-in potentials, NULL-terminated. */
extern const char *const mg_potential_builtin_names[];

#endif
