/** The orthogonal simulation cell. */
#ifndef MGMD_STATE_BOX_H
#define MGMD_STATE_BOX_H

#include <stdbool.h>

/** On an open (non-periodic) axis lo and length only say where the cell stood when the axis was
 *  opened; atoms may leave it. Rows of the cell matrix are length[a] along axis a.  */
typedef struct mg_box {
  double lo[3];     /**< lower corner [A] */
  double length[3]; /**< edge [A], > 0 */
  bool periodic[3];
} mg_box;

/** Which axis plays which role; each 0..2, all different. Right-handed image axes are
 *  (free, load, thin).  */
typedef struct mg_axes {
  int load, free, thin;
} mg_axes;

double mg_box_volume(const mg_box *box);

/** Bring x into [lo, lo + length) on periodic axes and count the images crossed.
 *  x = lo exactly when rounding would give lo + length. Unwrapped = x + image * length.  */
void mg_box_wrap(const mg_box *box, double x[3], int image[3]);

#endif
