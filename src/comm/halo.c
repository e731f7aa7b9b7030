/* Building the halo plan and moving ghost data.
 *
 * One message per neighbouring rank and payload, all posted at once (26 direct messages beat three
 * staged exchanges for small sub-boxes); own images are copied without MPI. The receiver knows from
 * the plan which image each block of ghosts is in. Messages may arrive in any order: every ghost
 * has its fixed place.
 */
#include "halo_plan.h"
#include "mgmd/base/mem.h"
#include "mgmd/comm/mpi.h"

#include <string.h>

enum { TAG_COUNTS = 72, TAG_DATA = 73 };

struct mg_halo_requests {
  int n;
  MPI_Request list[];
};

typedef struct plan {
  mg_pieces send, receive;
  int32_t *send_count, *receive_count; /* [cells in pieces][n_species] */
  int64_t n_send_cells, n_receive_cells;
  MPI_Request *request;
} plan;

static int64_t piece_cells(const mg_piece *p) {
  return (int64_t)(p->hi[0] - p->lo[0]) * (p->hi[1] - p->lo[1]) * (p->hi[2] - p->lo[2]);
}

static int64_t cell_index(const mg_cells *cells, int x, int y, int z) {
  return ((int64_t)(z - cells->lo[2]) * cells->m[1] + (y - cells->lo[1])) * cells->m[0] +
         (x - cells->lo[0]);
}

/* Own cells of the table: atoms are sorted, so a run over cells and atoms fills it. */
static mg_status fill_own(mg_cells *cells, const mg_grid *grid, const mg_atoms *atoms) {
  const int stride = cells->n_species + 1;
  int32_t i = 0;
  for (int z = cells->own_lo[2]; z < cells->own_hi[2]; z++)
    for (int y = cells->own_lo[1]; y < cells->own_hi[1]; y++)
      for (int x = cells->own_lo[0]; x < cells->own_hi[0]; x++) {
        int32_t *start = cells->start + cell_index(cells, x, y, z) * stride;
        for (int s = 0; s < cells->n_species; s++) {
          start[s] = i;
          while (i < atoms->n && atoms->species[i] == s &&
                 mg_grid_index(grid, 0, atoms->x[i][0]) == x &&
                 mg_grid_index(grid, 1, atoms->x[i][1]) == y &&
                 mg_grid_index(grid, 2, atoms->x[i][2]) == z)
            i++;
        }
        start[cells->n_species] = i;
      }
  MG_REQUIRE(i == atoms->n, MG_ERR_INTERNAL,
             "atom %lld at (%g, %g, %g) is not in the cells of its rank", (long long)atoms->id[i],
             atoms->x[i][0], atoms->x[i][1], atoms->x[i][2]);
  return MG_OK;
}

static mg_status make_cells(mg_cells *cells, const mg_domain *domain, const mg_grid *grid,
                            int n_species, const mg_atoms *atoms) {
  mg_cells_clear(cells);
  cells->n_species = n_species;
  bool empty = false;
  for (int a = 0; a < 3; a++) {
    int hi;
    mg_virtual_range(domain, grid, a, domain->coord, &cells->lo[a], &hi);
    cells->m[a] = hi - cells->lo[a];
    const int *cut = mg_domain_cuts(domain, a, domain->coord) + domain->coord[a];
    cells->own_lo[a] = cut[0];
    cells->own_hi[a] = cut[1];
    empty = empty || cells->m[a] == 0;
  }
  if (empty) memset(cells->m, 0, sizeof cells->m);
  const int64_t n = (int64_t)cells->m[0] * cells->m[1] * cells->m[2];
  MG_TRY(MG_NEW(cells->start, n * (n_species + 1)));
  if (!empty) return fill_own(cells, grid, atoms);
  MG_REQUIRE(atoms->n == 0, MG_ERR_INTERNAL, "a rank without cells holds %d atoms", atoms->n);
  return MG_OK;
}

static mg_status make_plan(plan *p, mg_cells *cells, const mg_comm *comm, const mg_domain *domain,
                           const mg_grid *grid, int n_species, const mg_atoms *atoms) {
  MG_TRY(make_cells(cells, domain, grid, n_species, atoms));
  MG_TRY(mg_pieces_receive(&p->receive, domain, grid));
  MG_TRY(mg_pieces_send(&p->send, domain, grid));
  for (int k = 0; k < p->send.n; k++) p->n_send_cells += piece_cells(&p->send.piece[k]);
  for (int k = 0; k < p->receive.n; k++) p->n_receive_cells += piece_cells(&p->receive.piece[k]);
  MG_TRY(MG_NEW(p->send_count, p->n_send_cells * n_species));
  MG_TRY(MG_NEW(p->receive_count, p->n_receive_cells * n_species));
  return MG_NEW(p->request, 2 * comm->size);
}

static void plan_clear(plan *p) {
  mg_free(p->send.piece);
  mg_free(p->receive.piece);
  mg_free(p->send_count);
  mg_free(p->receive_count);
  mg_free(p->request);
}

/* Start index of species 0 of the own cell behind virtual cell (x, y, z) in image `image`. */
static const int32_t *own_start(const mg_cells *cells, const mg_grid *grid, const mg_piece *p,
                                int x, int y, int z) {
  return cells->start + cell_index(cells, x - p->image[0] * grid->n[0],
                                   y - p->image[1] * grid->n[1], z - p->image[2] * grid->n[2]) *
                            (cells->n_species + 1);
}

static void count_sends(plan *p, const mg_cells *cells, const mg_grid *grid) {
  int32_t *count = p->send_count;
  for (int k = 0; k < p->send.n; k++) {
    const mg_piece *piece = &p->send.piece[k];
    for (int z = piece->lo[2]; z < piece->hi[2]; z++)
      for (int y = piece->lo[1]; y < piece->hi[1]; y++)
        for (int x = piece->lo[0]; x < piece->hi[0]; x++) {
          const int32_t *start = own_start(cells, grid, piece, x, y, z);
          for (int s = 0; s < cells->n_species; s++) *count++ = start[s + 1] - start[s];
        }
  }
}

/* One message of counts per pair of ranks; both sides know its length from the plan. */
static void exchange_counts(plan *p, const mg_comm *comm, int n_species) {
  int n_requests = 0;
  int32_t *own = NULL;
  int64_t own_cells = 0;
  int32_t *at = p->receive_count;
  for (int k = 0; k < p->receive.n;) {
    const int rank = p->receive.piece[k].rank;
    int64_t cells = 0;
    for (; k < p->receive.n && p->receive.piece[k].rank == rank; k++)
      cells += piece_cells(&p->receive.piece[k]);
    if (rank == comm->rank)
      own = at, own_cells = cells;
    else
      MPI_Irecv(at, (int)(cells * n_species), MPI_INT32_T, rank, TAG_COUNTS, mg_comm_mpi(comm),
                &p->request[n_requests++]);
    at += cells * n_species;
  }
  at = p->send_count;
  for (int k = 0; k < p->send.n;) {
    const int rank = p->send.piece[k].rank;
    int64_t cells = 0;
    for (; k < p->send.n && p->send.piece[k].rank == rank; k++)
      cells += piece_cells(&p->send.piece[k]);
    if (rank == comm->rank)
      memcpy(own, at, (size_t)(own_cells * n_species) * sizeof *at);
    else
      MPI_Isend(at, (int)(cells * n_species), MPI_INT32_T, rank, TAG_COUNTS, mg_comm_mpi(comm),
                &p->request[n_requests++]);
    at += cells * n_species;
  }
  if (MPI_Waitall(n_requests, p->request, MPI_STATUSES_IGNORE) != MPI_SUCCESS)
    mg_die("exchange of cell counts failed");
}

/* The peer of `rank`, made when first met (pieces are grouped by rank). */
static mg_halo_peer *peer_of(mg_halo *halo, int rank) {
  for (int k = 0; k < halo->n_peers; k++)
    if (halo->peer[k].rank == rank) return &halo->peer[k];
  mg_halo_peer *peer = &halo->peer[halo->n_peers++];
  memset(peer, 0, sizeof *peer);
  peer->rank = rank;
  return peer;
}

static void place_ghosts(mg_halo *halo, mg_cells *cells, const plan *p, int32_t n_local) {
  const int32_t *count = p->receive_count;
  int32_t ghost = 0;
  for (int k = 0; k < p->receive.n; k++) {
    const mg_piece *piece = &p->receive.piece[k];
    mg_halo_peer *peer = peer_of(halo, piece->rank);
    if (peer->n_blocks == 0) peer->receive_first = ghost, peer->first_block = k;
    peer->n_blocks++;
    mg_halo_block *block = &halo->block[k];
    block->first = ghost;
    memcpy(block->image, piece->image, sizeof block->image);
    for (int z = piece->lo[2]; z < piece->hi[2]; z++)
      for (int y = piece->lo[1]; y < piece->hi[1]; y++)
        for (int x = piece->lo[0]; x < piece->hi[0]; x++) {
          int32_t *start = cells->start + cell_index(cells, x, y, z) * (cells->n_species + 1);
          for (int s = 0; s < cells->n_species; s++) {
            start[s] = n_local + ghost;
            ghost += *count++;
          }
          start[cells->n_species] = n_local + ghost;
        }
    block->n = ghost - block->first;
    peer->n_receive += block->n;
  }
  halo->n_ghost = ghost;
}

static mg_status index_sends(mg_halo *halo, const mg_cells *cells, const mg_grid *grid,
                             const plan *p) {
  int64_t n = 0;
  for (int64_t c = 0; c < p->n_send_cells * cells->n_species; c++) n += p->send_count[c];
  MG_REQUIRE(n < INT32_MAX / 4, MG_ERR_RUN, "%lld ghosts on one rank; use more ranks",
             (long long)n);
  MG_TRY(MG_NEW(halo->send_index, n));
  MG_TRY(MG_NEW(halo->send_buffer, 3 * n));
  int32_t at = 0;
  for (int k = 0; k < p->send.n; k++) {
    const mg_piece *piece = &p->send.piece[k];
    mg_halo_peer *peer = peer_of(halo, piece->rank);
    if (peer->n_send == 0) peer->send_first = at;
    const int32_t before = at;
    for (int z = piece->lo[2]; z < piece->hi[2]; z++)
      for (int y = piece->lo[1]; y < piece->hi[1]; y++)
        for (int x = piece->lo[0]; x < piece->hi[0]; x++) {
          const int32_t *start = own_start(cells, grid, piece, x, y, z);
          for (int32_t i = start[0]; i < start[cells->n_species]; i++) halo->send_index[at++] = i;
        }
    peer->n_send += at - before;
  }
  return MG_OK;
}

static mg_status fill_halo(mg_halo *halo, mg_cells *cells, const mg_grid *grid, const plan *p,
                           int32_t n_local) {
  const int n_peers = p->send.n + p->receive.n;
  halo->n_local = n_local;
  MG_TRY(MG_NEW(halo->peer, n_peers));
  MG_TRY(MG_NEW(halo->block, p->receive.n));
  halo->requests = mg_calloc(1, sizeof *halo->requests + 2 * (size_t)n_peers * sizeof(MPI_Request));
  if (!halo->requests) return MG_ERR_MEMORY;
  int64_t n = 0;
  for (int64_t c = 0; c < p->n_receive_cells * cells->n_species; c++) n += p->receive_count[c];
  MG_REQUIRE(n + n_local < INT32_MAX / 4, MG_ERR_RUN, "%lld ghosts on one rank; use more ranks",
             (long long)n);
  place_ghosts(halo, cells, p, n_local);
  MG_TRY(index_sends(halo, cells, grid, p));
  return MG_NEW(halo->receive_buffer, 3 * (int64_t)halo->n_ghost);
}

mg_status mg_halo_build(mg_halo *halo, mg_cells *cells, const mg_comm *comm,
                        const mg_domain *domain, const mg_grid *grid, int n_species,
                        const mg_atoms *atoms) {
  plan p = {0};
  const int64_t messages = halo->messages, bytes = halo->bytes;
  mg_halo_clear(halo);
  halo->messages = messages;
  halo->bytes = bytes;
  mg_status status = mg_agree(comm, make_plan(&p, cells, comm, domain, grid, n_species, atoms));
  if (status == MG_OK) {
    count_sends(&p, cells, grid);
    exchange_counts(&p, comm, n_species);
    status = mg_agree(comm, fill_halo(halo, cells, grid, &p, atoms->n));
  }
  plan_clear(&p);
  return status;
}

void mg_halo_clear(mg_halo *halo) {
  mg_free(halo->peer);
  mg_free(halo->block);
  mg_free(halo->send_index);
  mg_free(halo->send_buffer);
  mg_free(halo->receive_buffer);
  mg_free(halo->requests);
  memset(halo, 0, sizeof *halo);
}

static void start(mg_halo *halo, const mg_comm *comm, double (*q)[4], int first, int n) {
  struct mg_halo_requests *requests = halo->requests;
  requests->n = 0;
  for (int k = 0; k < halo->n_peers; k++) {
    const mg_halo_peer *peer = &halo->peer[k];
    if (peer->rank == comm->rank || !peer->n_receive) continue;
    MPI_Irecv(halo->receive_buffer + 3 * (int64_t)peer->receive_first, n * peer->n_receive,
              MPI_DOUBLE, peer->rank, TAG_DATA, mg_comm_mpi(comm),
              &requests->list[requests->n++]);
  }
  for (int k = 0; k < halo->n_peers; k++) {
    const mg_halo_peer *peer = &halo->peer[k];
    if (peer->rank == comm->rank || !peer->n_send) continue;
    double *to = halo->send_buffer + 3 * (int64_t)peer->send_first;
    const int32_t *index = halo->send_index + peer->send_first;
    for (int32_t i = 0; i < peer->n_send; i++)
      for (int c = 0; c < n; c++) to[n * i + c] = q[index[i]][first + c];
    MPI_Isend(to, n * peer->n_send, MPI_DOUBLE, peer->rank, TAG_DATA, mg_comm_mpi(comm),
              &requests->list[requests->n++]);
    halo->messages++;
    halo->bytes += (int64_t)n * peer->n_send * (int64_t)sizeof(double);
  }
}

static void wait(mg_halo *halo) {
  struct mg_halo_requests *requests = halo->requests;
  if (MPI_Waitall(requests->n, requests->list, MPI_STATUSES_IGNORE) != MPI_SUCCESS)
    mg_die("halo exchange failed");
}

/* The ghosts of one peer: from its message, or from the rank's own atoms. */
static void place_positions(const mg_halo *halo, const mg_halo_peer *peer, const mg_box *box,
                            bool own, double (*q)[4]) {
  double (*ghosts)[4] = q + halo->n_local;
  const double *data = halo->receive_buffer + 3 * (int64_t)peer->receive_first;
  const int32_t *index = halo->send_index + peer->send_first;
  for (int b = peer->first_block; b < peer->first_block + peer->n_blocks; b++) {
    const mg_halo_block *block = &halo->block[b];
    double shift[3];
    for (int a = 0; a < 3; a++) shift[a] = block->image[a] * box->length[a];
    for (int32_t g = block->first; g < block->first + block->n; g++) {
      const int32_t row = g - peer->receive_first;
      const double *from = own ? q[index[row]] : data + 3 * (int64_t)row;
      for (int a = 0; a < 3; a++) ghosts[g][a] = from[a] + shift[a];
    }
  }
}

static void place_scalars(const mg_halo *halo, const mg_halo_peer *peer, bool own, double (*q)[4]) {
  double (*ghosts)[4] = q + halo->n_local + peer->receive_first;
  const double *data = halo->receive_buffer + 3 * (int64_t)peer->receive_first;
  const int32_t *index = halo->send_index + peer->send_first;
  for (int32_t row = 0; row < peer->n_receive; row++)
    ghosts[row][3] = own ? q[index[row]][3] : data[row];
}

void mg_halo_start_positions(mg_halo *halo, const mg_comm *comm, const mg_box *box,
                             double (*q)[4]) {
  start(halo, comm, q, 0, 3);
  for (int k = 0; k < halo->n_peers; k++)
    if (halo->peer[k].rank == comm->rank) place_positions(halo, &halo->peer[k], box, true, q);
}

void mg_halo_finish_positions(mg_halo *halo, const mg_comm *comm, const mg_box *box,
                              double (*q)[4]) {
  wait(halo);
  for (int k = 0; k < halo->n_peers; k++)
    if (halo->peer[k].rank != comm->rank) place_positions(halo, &halo->peer[k], box, false, q);
}

void mg_halo_start_scalar(mg_halo *halo, const mg_comm *comm, double (*q)[4]) {
  start(halo, comm, q, 3, 1);
  for (int k = 0; k < halo->n_peers; k++)
    if (halo->peer[k].rank == comm->rank) place_scalars(halo, &halo->peer[k], true, q);
}

void mg_halo_finish_scalar(mg_halo *halo, const mg_comm *comm, double (*q)[4]) {
  wait(halo);
  for (int k = 0; k < halo->n_peers; k++)
    if (halo->peer[k].rank != comm->rank) place_scalars(halo, &halo->peer[k], false, q);
}

void mg_halo_progress(mg_halo *halo) {
  int done;
  if (MPI_Testall(halo->requests->n, halo->requests->list, &done, MPI_STATUSES_IGNORE) !=
      MPI_SUCCESS)
    mg_die("halo exchange failed");
}

int32_t mg_cells_first(const mg_cells *cells, int x, int y, int z) {
  const int stride = cells->n_species + 1;
  if (x == cells->own_lo[0]) return cells->start[cell_index(cells, x, y, z) * stride];
  return cells->start[cell_index(cells, x - 1, y, z) * stride + cells->n_species];
}

void mg_cells_interior(const mg_cells *cells, const mg_domain *domain, const mg_grid *grid,
                       int lo[3], int hi[3]) {
  for (int a = 0; a < 3; a++) {
    /* beyond an open end there is nobody, and around an undivided axis only the rank itself */
    const bool divided = domain->dims[a] > 1;
    const bool below = divided && cells->lo[a] < cells->own_lo[a];
    const bool above = divided && cells->lo[a] + cells->m[a] > cells->own_hi[a];
    lo[a] = cells->own_lo[a] + (below ? grid->reach[a] : 0);
    hi[a] = cells->own_hi[a] - (above ? grid->reach[a] : 0);
  }
}
