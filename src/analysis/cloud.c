#include "cloud.h"

#include "mgmd/base/mem.h"

#include <string.h>

/* Species as coordinates: the transport of positions carries them, too. */
static mg_status pack(const mg_sorted *sorted, double (**packed)[3]) {
  const int32_t *species = sorted->data[sorted->species];
  MG_TRY(MG_NEW(*packed, sorted->n));
  for (int64_t k = 0; k < sorted->n; k++) (*packed)[k][0] = species[k];
  return MG_OK;
}

static mg_status fill(mg_cloud *cloud, const double (*held)[3]) {
  const mg_reference *ref = cloud->atoms;
  for (int a = 0; a < 3; a++) MG_TRY(MG_NEW(cloud->x[a], ref->n_copies));
  MG_TRY(MG_NEW(cloud->species, ref->n_copies));
  for (int64_t m = 0; m < ref->n_images; m++) {
    const mg_reference_image *image = &ref->image[m];
    const mg_reference_cell *cell = &ref->cell[image->cell];
    for (int32_t k = 0; k < cell->n; k++) {
      const double *x = ref->x[cell->first + k];
      const int64_t to = image->first + k;
      for (int a = 0; a < 3; a++) {
        const double edges = image->shift[a] - mg_reference_wraps(&ref->box, a, x[a]);
        cloud->x[a][to] = x[a] + edges * ref->box.length[a];
      }
      cloud->species[to] = (int32_t)held[cell->first + k][0];
    }
  }
  return MG_OK;
}

mg_status mg_cloud_make(const mg_comm *comm, const mg_sorted *sorted, const mg_box *box,
                        double range, mg_cloud *cloud) {
  double(*packed)[3] = NULL, (*held)[3] = NULL;
  memset(cloud, 0, sizeof *cloud);
  mg_status status = mg_reference_create(comm, sorted->n, sorted->id,
                                         sorted->data[sorted->position], box, range, &cloud->atoms);
  if (status == MG_OK) status = mg_agree(comm, pack(sorted, &packed));
  if (status == MG_OK)
    status = mg_reference_deliver(cloud->atoms, comm, sorted->n, sorted->id,
                                  (const double(*)[3])packed, &held);
  mg_free(packed);
  if (status == MG_OK) status = mg_agree(comm, fill(cloud, (const double(*)[3])held));
  mg_free(held);
  if (status != MG_OK) mg_cloud_clear(cloud);
  return status;
}

void mg_cloud_clear(mg_cloud *cloud) {
  mg_reference_destroy(&cloud->atoms);
  for (int a = 0; a < 3; a++) mg_free(cloud->x[a]);
  mg_free(cloud->species);
  memset(cloud, 0, sizeof *cloud);
}
