/* Strain of a current configuration: bring positions to the reference's holders, fill the copies,
 * fit every neighbourhood, derive the fields.
 *
 * With k the edges that wrap a reference position X, s the copy number and L0, L the edges then and
 * now, a copy stands at X + (s - k) L0 and was displaced by
 *
 *    none          x - X + (s - k)(L - L0)      (d = current pair vector)
 *    to_reference  (L0/L) x - X                 (d = that vector mapped into the reference cell)
 *
 * per axis; both differences vanish exactly when nothing moved, and no position is ever wrapped.
 * to_current maps d0 and d of to_reference by S = L/L0: F = S F' S^-1, and D2min weighs the
 * residual's components with S^2. On open axes s = k = 0 and the mapping factor is 1.
 */
#include "mgmd/analysis/strain.h"
#include "mgmd/base/mem.h"
#include "strain_sums.h"

#include <math.h>
#include <string.h>

/* displacement = scale x - X + (s - k) step, per axis; stretch = S */
typedef struct mapping {
  double scale[3], step[3], stretch[3];
} mapping;

static mapping map_cells(const mg_box *then, const mg_box *now, mg_affine affine) {
  mapping m;
  for (int a = 0; a < 3; a++) {
    const bool affine_axis = affine != MG_AFFINE_NONE && then->periodic[a];
    m.scale[a] = affine_axis ? then->length[a] / now->length[a] : 1;
    m.step[a] = affine == MG_AFFINE_NONE ? now->length[a] - then->length[a] : 0;
    m.stretch[a] =
        affine_axis && affine == MG_AFFINE_TO_CURRENT ? now->length[a] / then->length[a] : 1;
  }
  return m;
}

static void copies_clear(mg_strain_copies *copies) {
  for (int a = 0; a < 3; a++) {
    MG_DELETE(copies->x[a]);
    MG_DELETE(copies->u[a]);
  }
}

static mg_status fill_copies(const mg_reference *ref, const mapping *map, const double (*held)[3],
                             mg_strain_copies *copies) {
  for (int a = 0; a < 3; a++) {
    MG_TRY(MG_NEW(copies->x[a], ref->n_copies));
    MG_TRY(MG_NEW(copies->u[a], ref->n_copies));
  }
  for (int64_t m = 0; m < ref->n_images; m++) {
    const mg_reference_image *image = &ref->image[m];
    const mg_reference_cell *cell = &ref->cell[image->cell];
    for (int32_t k = 0; k < cell->n; k++) {
      const double *then = ref->x[cell->first + k], *now = held[cell->first + k];
      const int64_t to = image->first + k;
      for (int a = 0; a < 3; a++) {
        const double edges = image->shift[a] - mg_reference_wraps(&ref->box, a, then[a]);
        copies->x[a][to] = then[a] + edges * ref->box.length[a];
        copies->u[a][to] = (map->scale[a] * now[a] - then[a]) + edges * map->step[a];
      }
    }
  }
  return MG_OK;
}

static mg_status strain_init(mg_strain *strain, int64_t n) {
  strain->n = n;
  MG_TRY(MG_NEW(strain->von_mises, n));
  MG_TRY(MG_NEW(strain->volumetric, n));
  MG_TRY(MG_NEW(strain->volume_change, n));
  MG_TRY(MG_NEW(strain->rotation, n));
  MG_TRY(MG_NEW(strain->strain, n));
  MG_TRY(MG_NEW(strain->strain_12, n));
  MG_TRY(MG_NEW(strain->d2min, n));
  MG_TRY(MG_NEW(strain->gradient, n));
  MG_TRY(MG_NEW(strain->valid, n));
  return MG_NEW(strain->neighbours, n);
}

static void derive(mg_strain *out, const mg_strain_fit *fit, const mapping *map,
                   const mg_axes *axes) {
  for (int64_t i = 0; i < out->n; i++) {
    out->neighbours[i] = fit[i].neighbours;
    if (!fit[i].valid) continue;
    double *F = out->gradient[i];
    for (int k = 0; k < 9; k++)
      F[k] = (k % 4 == 0) + fit[i].h[k] * (map->stretch[k / 3] / map->stretch[k % 3]);
    out->valid[i] = 1;
    out->d2min[i] = fit[i].d2min;
    mg_strain_from_gradient(F, axes, &out->von_mises[i], &out->volumetric[i],
                            &out->volume_change[i], &out->rotation[i], out->strain[i],
                            &out->strain_12[i]);
  }
}

static mg_status check_box(const mg_box *then, const mg_box *now) {
  static const char axis_name[3] = {'x', 'y', 'z'};
  for (int a = 0; a < 3; a++) {
    const bool was_periodic = then->periodic[a], is_periodic = now->periodic[a];
    const double edge = now->length[a];
    MG_REQUIRE(edge > 0 && isfinite(edge), MG_ERR_RUN, "strain: edge %c of the box is %g A",
               axis_name[a], edge);
    MG_REQUIRE(was_periodic == is_periodic, MG_ERR_RUN,
               "strain: axis %c is %s now but %s in the reference; it must be the same in both",
               axis_name[a], is_periodic ? "periodic" : "open", was_periodic ? "periodic" : "open");
  }
  return MG_OK;
}

static mg_status fit_all(const mg_reference *ref, const mapping *map, const double (*held)[3],
                         mg_strain_fit *fit) {
  double weight[3];
  for (int a = 0; a < 3; a++) weight[a] = map->stretch[a] * map->stretch[a];
  mg_strain_copies copies = {0};
  mg_status status = fill_copies(ref, map, held, &copies);
  if (status == MG_OK) status = mg_strain_sweep(ref, &copies, weight, fit);
  copies_clear(&copies);
  return status;
}

mg_status mg_strain_compute(const mg_reference *ref, const mg_comm *comm, int64_t n,
                            const int64_t *id, const double (*x)[3], const mg_box *box,
                            const mg_axes *axes, mg_affine affine, mg_strain *strain) {
  memset(strain, 0, sizeof *strain);
  MG_TRY_ALL(comm, check_box(&ref->box, box));
  double (*held)[3] = NULL;
  MG_TRY(mg_reference_deliver(ref, comm, n, id, x, &held));
  const mapping map = map_cells(&ref->box, box, affine);
  mg_strain_fit *fit = NULL;
  mg_status local = MG_NEW(fit, ref->n_owned);
  if (local == MG_OK) local = fit_all(ref, &map, (const double(*)[3])held, fit);
  mg_free(held);
  if (local == MG_OK) local = strain_init(strain, ref->n_owned);
  if (local == MG_OK) derive(strain, fit, &map, axes);
  mg_free(fit);
  const mg_status status = mg_agree(comm, local);
  if (status != MG_OK) mg_strain_clear(strain);
  return status;
}

void mg_strain_clear(mg_strain *strain) {
  mg_free(strain->von_mises);
  mg_free(strain->volumetric);
  mg_free(strain->volume_change);
  mg_free(strain->rotation);
  mg_free(strain->strain);
  mg_free(strain->strain_12);
  mg_free(strain->d2min);
  mg_free(strain->gradient);
  mg_free(strain->valid);
  mg_free(strain->neighbours);
  memset(strain, 0, sizeof *strain);
}
