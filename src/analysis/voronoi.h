/** Voronoi cells by Voro++ [Rycroft, Chaos 19, 041111 (2009)], cut neighbour by neighbour, so that
 *  no container and no decomposition is involved. One of two files provides it: voronoi_voro.cc, or
 *  voronoi_none.c where the library is not installed. Private to analysis.
 */
#ifndef MGMD_SRC_ANALYSIS_VORONOI_H
#define MGMD_SRC_ANALYSIS_VORONOI_H

#ifdef __cplusplus
extern "C" {
#endif

/** Is the library there? */
int mg_voronoi_available(void);

/** The cell around the origin. Pure.
 *  @param[in]  n          neighbours, nearest first
 *  @param[in]  d          [n][3] where they are, the last known one at about @p range
 *  @param[in]  range      all neighbours within it are given [A]
 *  @param[out] volume     [A^3]; 0 when the cell is not closed by them
 *  @param[out] faces      with 3, 4, 5 and 6 edges; 0 likewise
 *  @return 0 when it failed (memory) */
int mg_voronoi_cell(int n, const double (*d)[3], double range, double *volume, int faces[4]);

#ifdef __cplusplus
}
#endif

#endif
