/** The XDMF file that lets ParaView and VisIt open a series of snapshots: a description in XML
 *  whose numbers stay in the HDF5 files beside it.
 *
 *  What it says about a snapshot is read from the snapshot, so that a series is continued after a
 *  restart by adding the files that are there. Nothing is collective: one rank does it.
 */
#ifndef MGMD_IO_XDMF_H
#define MGMD_IO_XDMF_H

#include "mgmd/base/error.h"
#include "mgmd/base/text.h"

/** A series. Zero-initialise; release with mg_xdmf_clear. */
typedef struct mg_xdmf {
  int n;         /**< snapshots */
  mg_text grids; /**< what the file will say about them */
} mg_xdmf;

/** Add a snapshot at the end. MG_ERR_INPUT when it cannot be read; the series is then unchanged. */
mg_status mg_xdmf_add(mg_xdmf *series, const char *snapshot);

/** Write the series to @p path, complete or not at all. The snapshots are referred to by their
 *  names alone: they stand in the same directory. */
mg_status mg_xdmf_write(const mg_xdmf *series, const char *path);

void mg_xdmf_clear(mg_xdmf *series);

#endif
