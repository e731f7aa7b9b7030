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

/** What of the cell's homogeneous deformation is taken out (OVITO's "affine mapping"). */
typedef enum mg_affine { MG_AFFINE_NONE, MG_AFFINE_TO_REFERENCE, MG_AFFINE_TO_CURRENT } mg_affine;

typedef struct mg_reference mg_reference; /* reference positions, spread by reference cells */

/** Take a reference configuration: every atom's unwrapped position and the cell.
 *
 *  Collective; rows in any distribution.
 *  @param[in] n         atoms given by this rank
 *  @param[in] id        [n]
 *  @param[in] x         [n][3] unwrapped positions [A]
 *  @param[in] box       the reference cell
 *  @param[in] cutoff    neighbour cutoff [A], any size against the cell
 *  @param[out] reference  release with mg_reference_destroy */
mg_status mg_reference_create(const mg_comm *comm, int64_t n, const int64_t *id,
                              const double (*x)[3], const mg_box *box, double cutoff,
                              mg_reference **reference);
void mg_reference_destroy(mg_reference **reference);

const mg_box *mg_reference_box(const mg_reference *reference);
double mg_reference_cutoff(const mg_reference *reference); /**< [A] */

/** The reference positions as this rank holds them: rows of mg_reference_ids. Borrowed. */
int64_t mg_reference_count(const mg_reference *reference);
const int64_t *mg_reference_ids(const mg_reference *reference);
const double (*mg_reference_positions(const mg_reference *reference))[3];

/** The strain fields of the atoms of mg_reference_ids (same rows). Arrays owned by the struct. */
typedef struct mg_strain {
  int64_t n;
  double *von_mises;     /**< sqrt(dev E : dev E / 2) */
  double *volumetric;    /**< tr E / 3 */
  double *volume_change; /**< det F - 1 */
  double *rotation;      /**< signed, about the thin axis [rad]: 2 atan2(q.n, q_w) */
  double (*strain)[6];   /**< E: xx yy zz xy xz yz */
  double *strain_12;     /**< E_LT: load and free axes */
  double *d2min;         /**< sum_j |d - F d0|^2 [A^2] */
  double (*gradient)[9]; /**< F, row-major */
  int32_t *valid;        /**< 0: fewer than 3 neighbours or singular; all fields are then 0 */
  int32_t *neighbours;
} mg_strain;

/** Strain of a current configuration against the reference.
 *
 *  Collective; current rows in any distribution, ids exactly those of the reference.
 *  @param[in]  axes    roles, for rotation and strain_12
 *  @param[out] strain  release with mg_strain_clear
 *  @return agreed; MG_ERR_RUN when the ids do not match the reference's, naming one  */
mg_status mg_strain_compute(const mg_reference *reference, const mg_comm *comm, int64_t n,
                            const int64_t *id, const double (*x)[3], const mg_box *box,
                            const mg_axes *axes, mg_affine affine, mg_strain *strain);
void mg_strain_clear(mg_strain *strain);

/** The per-atom part, local: all fields from V, W and the sums.
 *  @param[in] F  row-major deformation gradient. @param[out] as in mg_strain.  Not collective. */
void mg_strain_from_gradient(const double F[9], const mg_axes *axes, double *von_mises,
                             double *volumetric, double *volume_change, double *rotation,
                             double strain[6], double *strain_12);

#endif
