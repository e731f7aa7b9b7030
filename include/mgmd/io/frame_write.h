/** Writing a configuration in a format that other programs read. */
#ifndef MGMD_IO_FRAME_WRITE_H
#define MGMD_IO_FRAME_WRITE_H

#include "mgmd/io/frame.h"

/** Write @p frame to @p path: complete or not at all, sorted by id, reals with 17 digits, so that
 *  they read back to the bit. The name chooses the format (mg_format_of_name):
 *
 *  - LAMMPS data, style atomic: image flags, Masses, Velocities. It cannot say that an axis is
 *    open; there the bounds are widened to hold all atoms, as LAMMPS asks.
 *  - LAMMPS dump: id type element x y z ix iy iz vx vy vz; open axes as "ss", widened likewise.
 *  - extended XYZ: species pos id image velo; Lattice, Origin, pbc, step, time.
 *  - mgmd HDF5: what a frame holds; a running simulation's own snapshot holds more.
 *
 *  Positions are wrapped into the cell on periodic axes. Collective; every rank gives its atoms,
 *  everything else is equal on all ranks. Nothing of @p frame is changed: its arrays may be
 *  borrowed.
 *  @return agreed; MG_ERR_INPUT for a name without a format, MG_ERR_IO (nothing is left behind) */
mg_status mg_frame_write(const mg_comm *comm, const char *path, const mg_frame *frame);

#endif
