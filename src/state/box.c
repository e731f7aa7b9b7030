#include "mgmd/state/box.h"

#include <math.h>

double mg_box_volume(const mg_box *box) {
  return box->length[0] * box->length[1] * box->length[2];
}

void mg_box_wrap(const mg_box *box, double x[3], int image[3]) {
  for (int a = 0; a < 3; a++) {
    if (!box->periodic[a]) continue;
    if (x[a] >= box->lo[a] && x[a] < box->lo[a] + box->length[a]) continue;
    const double n = floor((x[a] - box->lo[a]) / box->length[a]);
    if (n != 0) {
      x[a] -= n * box->length[a];
      image[a] += (int)n;
    }
    /* rounding can leave x a hair outside on either side */
    if (x[a] < box->lo[a]) {
      x[a] += box->length[a];
      image[a]--;
    }
    if (x[a] >= box->lo[a] + box->length[a]) {
      x[a] = box->lo[a];
      image[a]++;
    }
  }
}
