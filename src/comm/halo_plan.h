/** The geometry of a halo: which virtual cells come from whom. Private to comm. */
#ifndef MGMD_SRC_COMM_HALO_PLAN_H
#define MGMD_SRC_COMM_HALO_PLAN_H

#include "mgmd/comm/halo.h"

/** Along one axis, virtual planes [lo, hi) are planes of slab `owner` in image `image`. */
typedef struct mg_segment {
  int lo, hi, owner, image;
} mg_segment;

typedef struct mg_segments_axis {
  int n;
  mg_segment *segment;
} mg_segments_axis;

/** A box of virtual cells that travels as one piece. */
typedef struct mg_piece {
  int rank; /**< the other side */
  int lo[3], hi[3];
  int image[3];
} mg_piece;

typedef struct mg_pieces {
  int n, capacity;
  mg_piece *piece;
} mg_pieces;

/** The pieces this rank receives (from piece.rank), or sends (to piece.rank; lo and hi are then in
 *  the receiver's virtual cells), grouped by rank and in the same order on both sides.
 *  Not collective. */
mg_status mg_pieces_receive(mg_pieces *pieces, const mg_domain *domain, const mg_grid *grid);
mg_status mg_pieces_send(mg_pieces *pieces, const mg_domain *domain, const mg_grid *grid);

/** Virtual planes along axis @p a seen by the rank at @p coord; empty when it owns none. */
void mg_virtual_range(const mg_domain *domain, const mg_grid *grid, int a, const int coord[3],
                      int *lo, int *hi);

#endif
