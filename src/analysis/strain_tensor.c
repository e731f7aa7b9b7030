/* From the deformation gradient to the numbers that are plotted.
 *
 * Everything is written in H = F - 1, so that nothing cancels at small strain:
 *
 *    E = (H + H^T + H^T H)/2,   det F - 1 = tr H + (principal minors of H) + det H
 *
 * The rotation is the right polar factor, F = R U, by Higham's scaled Newton iteration
 * [SIAM J. Sci. Stat. Comput. 7, 1160 (1986)]; its angle about the thin axis is read from the
 * quaternion. A mirrored F (det F < 0) gives -R, as in OVITO.
 */
#include "mgmd/analysis/strain.h"

#include <math.h>
#include <string.h>

/* x^-T, the cofactors over the determinant */
static void inverse_transposed(const double x[9], double out[9]) {
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) {
      const int a1 = (a + 1) % 3, a2 = (a + 2) % 3, b1 = (b + 1) % 3, b2 = (b + 2) % 3;
      out[3 * a + b] = x[3 * a1 + b1] * x[3 * a2 + b2] - x[3 * a1 + b2] * x[3 * a2 + b1];
    }
  const double det = x[0] * out[0] + x[1] * out[1] + x[2] * out[2];
  for (int k = 0; k < 9; k++) out[k] /= det;
}

static double norm(const double x[9]) {
  double sum = 0;
  for (int k = 0; k < 9; k++) sum += x[k] * x[k];
  return sqrt(sum);
}

static void proper_rotation(const double f[9], double r[9]) {
  memcpy(r, f, 9 * sizeof *r);
  double change = INFINITY;
  /* quadratic: a step that changes 1e-9 leaves an error of 1e-18 */
  for (int turn = 0; turn < 50 && change > 1e-9; turn++) {
    double back[9], next[9], difference[9];
    inverse_transposed(r, back);
    /* saves steps far from a rotation, tends to 1 near it */
    const double scale = sqrt(norm(back) / norm(r));
    for (int k = 0; k < 9; k++) {
      next[k] = 0.5 * (scale * r[k] + back[k] / scale);
      difference[k] = next[k] - r[k];
    }
    change = norm(difference);
    memcpy(r, next, sizeof next);
  }
  const double det = r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6]) +
                     r[2] * (r[3] * r[7] - r[4] * r[6]);
  if (det < 0)
    for (int k = 0; k < 9; k++) r[k] = -r[k];
}

/* Any multiple of the unit quaternion (x, y, z, w), w >= 0: the largest component leads
 * [Shepperd, J. Guid. Control 1, 223 (1978)]. */
static void quaternion(const double r[9], double q[4]) {
  const double trace = r[0] + r[4] + r[8];
  const double skew[3] = {r[7] - r[5], r[2] - r[6], r[3] - r[1]};
  int a = 0;
  if (r[4] > r[0]) a = 1;
  if (r[8] > r[4 * a]) a = 2;
  if (trace >= r[4 * a]) {
    for (int k = 0; k < 3; k++) q[k] = skew[k];
    q[3] = 1 + trace;
  } else {
    const int b = (a + 1) % 3, c = (a + 2) % 3;
    q[a] = 1 + 2 * r[4 * a] - trace;
    q[b] = r[3 * a + b] + r[3 * b + a];
    q[c] = r[3 * a + c] + r[3 * c + a];
    q[3] = skew[a];
  }
  if (q[3] < 0)
    for (int k = 0; k < 4; k++) q[k] = -q[k];
}

static double angle_about_thin(const double f[9], const mg_axes *axes) {
  double r[9], q[4];
  proper_rotation(f, r);
  quaternion(r, q);
  /* seen with free to the right and load up, +thin looks at the viewer only if the three are
   * right-handed */
  const bool right_handed = (axes->free + 1) % 3 == axes->load;
  const double component = q[axes->thin];
  return 2 * atan2(right_handed ? component : -component, q[3]);
}

void mg_strain_from_gradient(const double F[9], const mg_axes *axes, double *von_mises,
                             double *volumetric, double *volume_change, double *rotation,
                             double strain[6], double *strain_12) {
  static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
  double h[9], e[3][3];
  for (int k = 0; k < 9; k++) h[k] = F[k] - (k % 4 == 0);
  for (int k = 0; k < 6; k++) {
    const int a = row[k], b = column[k];
    const double square = h[a] * h[b] + h[3 + a] * h[3 + b] + h[6 + a] * h[6 + b];
    strain[k] = e[a][b] = e[b][a] = 0.5 * (h[3 * a + b] + h[3 * b + a] + square);
  }
  const double xy = strain[0] - strain[1], xz = strain[0] - strain[2], yz = strain[1] - strain[2];
  *von_mises = sqrt(strain[3] * strain[3] + strain[4] * strain[4] + strain[5] * strain[5] +
                    (xy * xy + xz * xz + yz * yz) / 6);
  *volumetric = (strain[0] + strain[1] + strain[2]) / 3;
  const double minor_x = h[4] * h[8] - h[5] * h[7], minor_y = h[0] * h[8] - h[2] * h[6],
               minor_z = h[0] * h[4] - h[1] * h[3];
  const double det =
      h[0] * minor_x - h[1] * (h[3] * h[8] - h[5] * h[6]) + h[2] * (h[3] * h[7] - h[4] * h[6]);
  *volume_change = (h[0] + h[4] + h[8]) + (minor_x + minor_y + minor_z) + det;
  *strain_12 = e[axes->load][axes->free];
  *rotation = angle_about_thin(F, axes);
}
