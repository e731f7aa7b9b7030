/** One configuration, as it comes from or goes to a file, spread over the ranks.
 *
 *  The reader gives each rank a share of the atoms in no particular order (by file position or id
 *  block); the simulation migrates them to their owners afterwards.
 */
#ifndef MGMD_IO_FRAME_H
#define MGMD_IO_FRAME_H

#include "mgmd/comm/comm.h"
#include "mgmd/state/atoms.h"
#include "mgmd/state/box.h"
#include "mgmd/state/sample.h"

/** The formats of configurations. */
typedef enum mg_format {
  MG_FORMAT_NONE,
  MG_FORMAT_H5,          /**< mgmd HDF5: .h5 */
  MG_FORMAT_LAMMPS_DATA, /**< .data, .lmp */
  MG_FORMAT_LAMMPS_DUMP, /**< .dump, .lammpstrj; written only */
  MG_FORMAT_XYZ          /**< extended XYZ: .xyz, .extxyz */
} mg_format;

/** The format that a file's name asks for; MG_FORMAT_NONE when its end is none of the above. */
mg_format mg_format_of_name(const char *path);

/** The format of an existing file, by content first, then by name. One rank alone; not collective.
 *  @return MG_ERR_INPUT when it cannot be read or is none that mg_frame_read knows */
mg_status mg_frame_find_format(const char *path, mg_format *format);

typedef struct mg_frame {
  mg_box box;
  mg_species species; /**< as named in the file; masses 0 when the file has none */
  mg_atoms atoms;     /**< id, species (index into frame species), x, image, v, f are meaningful */
  bool has_velocity, has_image;
  int64_t step;
  double time; /**< [ps] */
  mg_sample sample;
  bool has_axes; /**< the file says which axis plays which role */
  mg_axes axes;

  bool has_reference; /**< a strain reference came with it */
  mg_box reference_box;
  double (*reference)[3]; /**< [atoms.n] unwrapped reference positions [A] */
} mg_frame;

/** What a file holds, without its atoms: enough to check an input against it. */
typedef struct mg_frame_header {
  mg_box box;
  int64_t n_atoms;
  mg_species species;
  bool has_velocity, has_image, has_reference;
  int64_t step;
  double time; /**< [ps] */
  mg_sample sample;
  bool has_axes;
  mg_axes axes;
  mg_box reference_box;
} mg_frame_header;

/** Read a configuration; the format is recognised by content and name (mgmd HDF5, LAMMPS data,
 *  extended XYZ). Collective.
 *  @param[in]  species  names of a LAMMPS data file's types 1, 2, ...; NULL or n = 0 when the file
 *                       names its species
 *  @param[out] frame    zeroed on failure; release with mg_frame_clear
 *  @return agreed status; MG_ERR_INPUT for a damaged or foreign file, naming place and reason  */
mg_status mg_frame_read(const mg_comm *comm, const char *path, const mg_names *species,
                        mg_frame *frame);

/** The header alone, on one rank; a text file is parsed and checked whole. species.n = 0 when
 *  neither the file nor @p species names the elements. Not collective. */
mg_status mg_frame_peek(const char *path, const mg_names *species, mg_frame_header *header);

void mg_frame_clear(mg_frame *frame);

#endif
