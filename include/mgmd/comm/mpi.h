/** The MPI side of mg_comm. Only comm, io and cmd (and MPI tests) may include this. */
#ifndef MGMD_COMM_MPI_H
#define MGMD_COMM_MPI_H

#include "mgmd/comm/comm.h"

#include <mpi.h>

/** Initialise MPI (errors returned, not fatal) and duplicate MPI_COMM_WORLD. Collective. */
mg_status mg_comm_open(mg_comm *comm, int *argc, char ***argv);

/** Use an existing communicator (tests); duplicated, MPI itself stays the caller's. Collective. */
mg_status mg_comm_from(mg_comm *comm, MPI_Comm parent);

/** Free what open/from made; finalises MPI only after mg_comm_open. Collective. */
void mg_comm_close(mg_comm *comm);

MPI_Comm mg_comm_mpi(const mg_comm *comm);

#endif
