/* The sums over the reference neighbours.
 *
 * The sweep (sweep.c) finds the neighbours of an atom; a second loop adds up V = sum d0 d0^T and
 * W' = sum (d - d0) d0^T, a third sum |(d - d0) - H d0|^2. With d - d0 instead of d the undeformed
 * sample gives exact zeros and small strains keep their digits. The third loop could be saved by
 * D2min = sum |d - d0|^2 - H : W', which cancels to 1e-13 A^2 where the deformation is affine; a
 * true sum of squares is worth a fifth of the time.
 *
 * Sums run over the neighbours in (cell, id) order: the same bits for any decomposition.
 */
#include "strain_sums.h"
#include "mgmd/base/mem.h"

#include <math.h>
#include <string.h>

/* OVITO's two limits, and our own on the shape of the neighbourhood. */
static const double SMALLEST_DET = 1e-12;
static const double FLATTEST = 1e-3;

static void add_moments(const mg_strain_copies *c, int32_t i, int32_t n, const int32_t *list,
                        double v[6], double w[9]) {
  const double *restrict x = c->x[0], *restrict y = c->x[1], *restrict z = c->x[2];
  const double *restrict ux = c->u[0], *restrict uy = c->u[1], *restrict uz = c->u[2];
  const double xi = x[i], yi = y[i], zi = z[i], uxi = ux[i], uyi = uy[i], uzi = uz[i];
  double vs[6] = {0}, ws[9] = {0};
  for (int32_t k = 0; k < n; k++) {
    const int32_t j = list[k];
    const double dx = x[j] - xi, dy = y[j] - yi, dz = z[j] - zi;
    const double ex = ux[j] - uxi, ey = uy[j] - uyi, ez = uz[j] - uzi;
    vs[0] += dx * dx;
    vs[1] += dy * dy;
    vs[2] += dz * dz;
    vs[3] += dx * dy;
    vs[4] += dx * dz;
    vs[5] += dy * dz;
    ws[0] += ex * dx;
    ws[1] += ex * dy;
    ws[2] += ex * dz;
    ws[3] += ey * dx;
    ws[4] += ey * dy;
    ws[5] += ey * dz;
    ws[6] += ez * dx;
    ws[7] += ez * dy;
    ws[8] += ez * dz;
  }
  memcpy(v, vs, sizeof vs);
  memcpy(w, ws, sizeof ws);
}

static double residual(const mg_strain_copies *c, int32_t i, int32_t n, const int32_t *list,
                       const double h[9], const double weight[3]) {
  const double *restrict x = c->x[0], *restrict y = c->x[1], *restrict z = c->x[2];
  const double *restrict ux = c->u[0], *restrict uy = c->u[1], *restrict uz = c->u[2];
  const double xi = x[i], yi = y[i], zi = z[i], uxi = ux[i], uyi = uy[i], uzi = uz[i];
  double sx = 0, sy = 0, sz = 0;
  for (int32_t k = 0; k < n; k++) {
    const int32_t j = list[k];
    const double dx = x[j] - xi, dy = y[j] - yi, dz = z[j] - zi;
    const double rx = (ux[j] - uxi) - (h[0] * dx + h[1] * dy + h[2] * dz);
    const double ry = (uy[j] - uyi) - (h[3] * dx + h[4] * dy + h[5] * dz);
    const double rz = (uz[j] - uzi) - (h[6] * dx + h[7] * dy + h[8] * dz);
    sx += rx * rx;
    sy += ry * ry;
    sz += rz * rz;
  }
  return weight[0] * sx + weight[1] * sy + weight[2] * sz;
}

/* Largest and smallest eigenvalue of a symmetric matrix by Jacobi rotations (square roots only). */
static void extreme_eigenvalues(const double v[6], double *least, double *most) {
  double a[3][3] = {{v[0], v[3], v[4]}, {v[3], v[1], v[5]}, {v[4], v[5], v[2]}};
  for (int turn = 0; turn < 24; turn++) {
    const int p = turn % 3 == 2 ? 1 : 0, q = turn % 3 == 0 ? 1 : 2, r = 3 - p - q;
    if (fabs(a[p][q]) <= 1e-17 * (fabs(a[p][p]) + fabs(a[q][q]))) continue;
    const double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    const double t = (tau >= 0 ? 1 : -1) / (fabs(tau) + sqrt(1 + tau * tau));
    const double cosine = 1 / sqrt(1 + t * t), sine = t * cosine;
    const double apq = a[p][q], apr = a[p][r], aqr = a[q][r];
    a[p][p] -= t * apq;
    a[q][q] += t * apq;
    a[p][q] = a[q][p] = 0;
    a[p][r] = a[r][p] = cosine * apr - sine * aqr;
    a[q][r] = a[r][q] = sine * apr + cosine * aqr;
  }
  *least = fmin(a[0][0], fmin(a[1][1], a[2][2]));
  *most = fmax(a[0][0], fmax(a[1][1], a[2][2]));
}

/* least/most >= det/most^3 >= det/trace^3: a round neighbourhood needs no eigenvalues */
static bool too_flat(const double v[6], double det) {
  const double trace = v[0] + v[1] + v[2];
  if (det >= FLATTEST * trace * trace * trace) return false;
  double least, most;
  extreme_eigenvalues(v, &least, &most);
  return !(least >= FLATTEST * most);
}

static double determinant(const double m[9]) {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
         m[2] * (m[3] * m[7] - m[4] * m[6]);
}

bool mg_strain_solve(int32_t neighbours, const double v[6], const double w[9], double h[9]) {
  memset(h, 0, 9 * sizeof *h);
  if (neighbours < 3) return false;
  const double limit = SMALLEST_DET * (v[0] + v[1] + v[2]);
  const double full[9] = {v[0], v[3], v[4], v[3], v[1], v[5], v[4], v[5], v[2]};
  double now[9];
  for (int k = 0; k < 9; k++) now[k] = full[k] + w[k];
  const double det = determinant(full);
  if (!(det > limit) || !(fabs(determinant(now)) > limit)) return false;
  if (too_flat(v, det)) return false;
  const double inverse[9] = {(v[1] * v[2] - v[5] * v[5]) / det, (v[4] * v[5] - v[3] * v[2]) / det,
                             (v[3] * v[5] - v[4] * v[1]) / det, (v[4] * v[5] - v[3] * v[2]) / det,
                             (v[0] * v[2] - v[4] * v[4]) / det, (v[3] * v[4] - v[0] * v[5]) / det,
                             (v[3] * v[5] - v[4] * v[1]) / det, (v[3] * v[4] - v[0] * v[5]) / det,
                             (v[0] * v[1] - v[3] * v[3]) / det};
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++)
      for (int k = 0; k < 3; k++) h[3 * a + b] += w[3 * a + k] * inverse[3 * k + b];
  return true;
}

/* What a visit needs besides its neighbours. */
typedef struct fitting {
  const mg_strain_copies *copies;
  const double *weight;
  mg_strain_fit *fit;
} fitting;

static void fit_one(void *context, int64_t row, int32_t i, int32_t n, const int32_t *neighbour) {
  const fitting *f = context;
  mg_strain_fit *out = &f->fit[row];
  double v[6], w[9];
  out->neighbours = n;
  add_moments(f->copies, i, n, neighbour, v, w);
  out->valid = mg_strain_solve(n, v, w, out->h);
  out->d2min = out->valid ? residual(f->copies, i, n, neighbour, out->h, f->weight) : 0;
}

mg_status mg_strain_sweep(const mg_reference *ref, const mg_strain_copies *copies,
                          const double weight[3], mg_strain_fit *fit) {
  fitting f = {copies, weight, fit};
  return mg_reference_sweep(ref, copies->x, fit_one, &f);
}
