/** Writing configurations, one or a series, in the format that a file's name asks for.
 *
 *  What is written is an mg_snapshot whatever the format; each takes of it what it can hold:
 *
 *  - mgmd HDF5: everything. Of a series each one has its file, NAME-000000.h5 on, and NAME.xdmf.
 *  - LAMMPS dump: id type element mass x y z ix iy iz vx vy vz, then every other field as columns
 *    NAME or NAME[1], NAME[2], ..., forces as fx fy fz; open axes as "ss", their bounds behind
 *    all atoms. Of a series one frame after the other.
 *  - extended XYZ: species pos id image velo, then every other field; Lattice, Origin, pbc, step,
 *    time, species_mass, axes, and the cell of the strain reference. Series likewise.
 *  - LAMMPS data, style atomic: image flags, Masses, Velocities; a single configuration. It cannot
 *    say that an axis is open; there the bounds are as in a dump.
 *  - H5MD for MDAnalysis: a series in one file, /particles/trajectory, in units it knows.
 *
 *  Reals have 17 digits in text, so that they read back to the bit. A file is complete or not
 *  there at all; the same atoms give the same bytes on any number of ranks.
 */
#ifndef MGMD_IO_WRITER_H
#define MGMD_IO_WRITER_H

#include "mgmd/io/frame.h"
#include "mgmd/io/snapshot.h"

typedef struct mg_writer mg_writer;

/** Will they be files of their own, NAME-000000.h5 on, beside NAME.xdmf? Pure. */
bool mg_writer_numbers(const char *path, int64_t n, bool mdanalysis);

/** MG_ERR_INPUT for a name without a format, or a series in a format without. Not collective. */
mg_status mg_writer_check(const char *path, int64_t n, bool mdanalysis);

/** Collective; agreed.
 *  @param[in] n           configurations that will come, >= 1
 *  @param[in] mdanalysis  write H5MD as MDAnalysis reads it, whatever the name
 *  @param[out] writer     end with mg_writer_close; NULL on failure
 *  @return MG_ERR_INPUT for a name without a format, or a series in a format without; MG_ERR_IO */
mg_status mg_writer_open(const mg_comm *comm, const char *path, int64_t n, bool mdanalysis,
                         mg_writer **writer);

/** The next configuration; position and species are columns of it. Collective; agreed. */
mg_status mg_writer_put(mg_writer *writer, const mg_snapshot *snapshot);

/** Let the file appear when @p status is MG_OK, else remove what was begun. Of an older and longer
 *  series the numbered files beyond the new end are removed. Collective.
 *  @return agreed: @p status, or what went wrong now */
mg_status mg_writer_close(mg_writer **writer, mg_status status);

#endif
