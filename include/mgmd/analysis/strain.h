/** Per-atom strain against a reference configuration, as OVITO's atomic strain defines it.
 *
 *    V = sum_j d0 d0^T,  W = sum_j d d0^T,  F = W V^-1,  E = (F^T F - 1)/2
 *
 *  over the reference neighbours j within the cutoff (all periodic images, self excluded), with
 *  unwrapped coordinates: d = x_j(t) + H(t) n - x_i(t), the integers n fixed by the reference pair,
 *  so nothing is ever wrapped [Shimizu, Ogata, Li, Mater. Trans. 48, 2923 (2007); SCIENCE 1].
 *
 *  It works on a static decomposition of the reference configuration: neighbours of the reference
 *  can drift further apart than any halo of the moving atoms.
 */
#ifndef MGMD_ANALYSIS_STRAIN_H
#define MGMD_ANALYSIS_STRAIN_H

#include "mgmd/comm/comm.h"
#include "mgmd/state/box.h"

#include <stdint.h>

/** What of the cell's homogeneous deformation is taken out (OVITO's "affine mapping"). Along open
 *  axes the edges mean nothing and nothing is mapped. */
typedef enum mg_affine {
  MG_AFFINE_NONE,         /**< d is the true current pair vector */
  MG_AFFINE_TO_REFERENCE, /**< d mapped back into the reference cell: its strain is removed */
  MG_AFFINE_TO_CURRENT    /**< the same, then d0 and d both mapped into the current cell */
} mg_affine;

typedef struct mg_reference mg_reference; /* reference positions, spread by reference cells */

/** Take a reference configuration: every atom's unwrapped position and the cell.
 *
 *  Collective; rows in any distribution, ranks without rows allowed.
 *  @param[in] n         atoms given by this rank
 *  @param[in] id        [n] any numbers, each once over all ranks
 *  @param[in] x         [n][3] unwrapped positions [A]
 *  @param[in] box       the reference cell
 *  @param[in] cutoff    neighbour cutoff [A], up to 50 times the shortest periodic edge
 *  @param[out] reference  release with mg_reference_destroy; NULL on failure
 *  @return agreed; MG_ERR_INPUT for an impossible cutoff, MG_ERR_RUN for a repeated id or a
 *          position that is not finite */
mg_status mg_reference_create(const mg_comm *comm, int64_t n, const int64_t *id,
                              const double (*x)[3], const mg_box *box, double cutoff,
                              mg_reference **reference);
void mg_reference_destroy(mg_reference **reference);

const mg_box *mg_reference_box(const mg_reference *reference);
double mg_reference_cutoff(const mg_reference *reference); /**< [A] */

/** The atoms this rank owns and their unwrapped positions, bit for bit as given, ordered by cell
 *  and id: the rows of mg_strain. Fixed for the life of the reference. Borrowed. */
int64_t mg_reference_count(const mg_reference *reference);
const int64_t *mg_reference_ids(const mg_reference *reference);
const double (*mg_reference_positions(const mg_reference *reference))[3];

/** The strain fields of the atoms of mg_reference_ids (same rows). Arrays owned by the struct.
 *
 *  Not valid, all other fields 0 then: fewer than 3 neighbours, det V or |det W| not above
 *  1e-12 sum |d0|^2 (OVITO's limits), or a flat neighbourhood, least/largest eigenvalue of
 *  V < 1e-3 (our own).  */
typedef struct mg_strain {
  int64_t n;
  double *von_mises;     /**< sqrt(dev E : dev E / 2) */
  double *volumetric;    /**< tr E / 3; of second order in a shear, which keeps the volume */
  double *volume_change; /**< det F - 1 */
  double *rotation;      /**< of R in F = R U about the thin axis [rad], in [-pi, pi]: 2 atan2(q.n,
                            q_w); > 0 counter-clockwise with free to the right and load up */
  double (*strain)[6];   /**< E: xx yy zz xy xz yz */
  double *strain_12;     /**< E_LT: load and free axes */
  double *d2min;         /**< sum_j |d - F d0|^2 [A^2] */
  double (*gradient)[9]; /**< F, row-major */
  int32_t *valid;        /**< 1, or 0 as above */
  int32_t *neighbours;   /**< reference neighbours, images counted; kept when not valid */
} mg_strain;

/** Strain of a current configuration against the reference.
 *
 *  Exactly 0 everywhere when positions and box are those of the reference; the same bits on any
 *  number of ranks. O(neighbours) time and about 300 bytes per atom while it works.
 *
 *  Collective on the communicator of the reference; current rows in any distribution, ids exactly
 *  those of the reference.
 *  @param[in]  x       [n][3] unwrapped with the current edges [A]
 *  @param[in]  box     the current cell; the same axes periodic as in the reference
 *  @param[in]  axes    roles, for rotation and strain_12
 *  @param[out] strain  release with mg_strain_clear; zeroed on failure
 *  @return agreed; MG_ERR_RUN when the ids do not match the reference's, naming one, or a position
 *          is not finite, or an axis has been opened since */
mg_status mg_strain_compute(const mg_reference *reference, const mg_comm *comm, int64_t n,
                            const int64_t *id, const double (*x)[3], const mg_box *box,
                            const mg_axes *axes, mg_affine affine, mg_strain *strain);
void mg_strain_clear(mg_strain *strain);

/** What follows from the deformation gradient of one atom. Not collective.
 *  @param[in] F  row-major, det F != 0. @param[out] the others as in mg_strain. */
void mg_strain_from_gradient(const double F[9], const mg_axes *axes, double *von_mises,
                             double *volumetric, double *volume_change, double *rotation,
                             double strain[6], double *strain_12);

#endif
