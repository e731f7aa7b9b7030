/* The only C++ of the program: a cell of Voro++ behind a C function. A cube of the range is cut by
 * the plane between the origin and each neighbour until those that are left are too far to cut. */
#include "voronoi.h"

#include <voro++/cell.hh>

#include <exception>
#include <vector>

int mg_voronoi_available(void) { return 1; }

int mg_voronoi_cell(int n, const double (*d)[3], double range, double *volume, int faces[4]) {
  *volume = 0;
  for (int k = 0; k < 4; k++) faces[k] = 0;
  try {
    voro::voronoicell cell;
    cell.init(-range, range, -range, range, -range, range);
    for (int k = 0; k < n; k++) {
      const double square = d[k][0] * d[k][0] + d[k][1] * d[k][1] + d[k][2] * d[k][2];
      /* four times the square of the farthest corner */
      if (k > 3 && square > cell.max_radius_squared()) break;
      if (!cell.plane(d[k][0], d[k][1], d[k][2], square)) return 1;
    }
    if (cell.max_radius_squared() > range * range) return 1;
    *volume = cell.volume();
    std::vector<int> edges;
    cell.face_orders(edges);
    for (int e : edges)
      if (e >= 3 && e <= 6) faces[e - 3]++;
  } catch (const std::exception &) {
    return 0;
  }
  return 1;
}
