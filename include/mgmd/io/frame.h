/** One configuration, as it comes from or goes to a file, spread over the ranks.
 *
 *  The reader gives each rank a share of the atoms in no particular order (by file position or id
 *  block); the simulation migrates them to their owners afterwards. Text files are read by rank 0
 *  part by part and parsed by all ranks, so that no rank ever holds a whole file.
 */
#ifndef MGMD_IO_FRAME_H
#define MGMD_IO_FRAME_H

#include "mgmd/base/text.h"
#include "mgmd/comm/comm.h"
#include "mgmd/state/atoms.h"
#include "mgmd/state/box.h"
#include "mgmd/state/sample.h"

/** The formats of configurations. */
typedef enum mg_format {
  MG_FORMAT_NONE,
  MG_FORMAT_H5,          /**< mgmd HDF5: .h5 */
  MG_FORMAT_LAMMPS_DATA, /**< .data, .lmp */
  MG_FORMAT_LAMMPS_DUMP, /**< .dump, .lammpstrj */
  MG_FORMAT_XYZ          /**< extended XYZ: .xyz, .extxyz */
} mg_format;

/** The format that a file's name asks for; MG_FORMAT_NONE when its end is none of the above. */
mg_format mg_format_of_name(const char *path);

/** The format of an existing file, by content first, then by name. One rank alone; not collective.
 *  @return MG_ERR_INPUT when it cannot be read or is none that mg_frame_read knows */
mg_status mg_frame_find_format(const char *path, mg_format *format);

/** One more per-atom field of a file, under its name there. */
typedef struct mg_frame_field {
  char name[64], unit[32], description[192];
  mg_ctype ctype; /**< MG_FLOAT64, MG_INT64 or MG_INT32 */
  int components;
  void *data; /**< [atoms.n][components] owned */
} mg_frame_field;

/** A scalar or small vector of the whole configuration. */
typedef struct mg_frame_observable {
  char name[64], unit[32], description[192];
  int components;
  double value[6];
} mg_frame_observable;

/** An array of the whole configuration, below /analysis. */
typedef struct mg_frame_array {
  char path[128], unit[32];
  mg_ctype ctype; /**< MG_FLOAT64 or MG_INT64 */
  int rank;       /**< 1 to 3 */
  int64_t dims[3];
  void *data; /**< owned */
} mg_frame_array;

/** What an mgmd snapshot tells besides its atoms; on rank 0, empty elsewhere. All owned. */
typedef struct mg_frame_story {
  char *title, *stage, *input, *provenance; /**< NULL: none */
  int n_arrays;
  mg_frame_array *arrays;
  int n_observables;
  mg_frame_observable *observables;
} mg_frame_story;

typedef struct mg_frame {
  mg_box box;
  mg_species species; /**< as named in the file; masses it lacks are those of the elements, or 0 */
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

  int n_fields;
  mg_frame_field *fields; /**< [n_fields] owned; only when asked for */
  mg_frame_story story;   /**< likewise */
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

/** What to take from a file. */
typedef struct mg_read_options {
  const mg_names *species; /**< names of a file's types 1, 2, ...; NULL or n = 0: the file names
                                its species */
  bool fields;             /**< also all other per-atom fields, and the story */
  const mg_names *only;    /**< of these, the ones named here; NULL: all */
} mg_read_options;

/** Read a configuration; the format is recognised by content and name (mgmd HDF5, LAMMPS data,
 *  LAMMPS dump, extended XYZ). A file with several is refused. Collective.
 *  @param[out] frame    zeroed on failure; release with mg_frame_clear
 *  @return agreed status; MG_ERR_INPUT for a damaged or foreign file, naming place and reason  */
mg_status mg_frame_read(const mg_comm *comm, const char *path, const mg_names *species,
                        mg_frame *frame);

/** A file with one configuration or, in text formats but LAMMPS data, several: read in order. */
typedef struct mg_reader mg_reader;

/** Collective; agreed. Everything of @p options must live as long as the reader.
 *  @param[out] reader  release with mg_reader_close; NULL on failure */
mg_status mg_reader_open(const mg_comm *comm, const char *path, const mg_read_options *options,
                         mg_reader **reader);

/** The next configuration. Collective; agreed.
 *  @param[out] frame  zeroed on failure and at the end; release with mg_frame_clear
 *  @param[out] found  false at the end of the file */
mg_status mg_reader_next(mg_reader *reader, mg_frame *frame, bool *found);

/** Pass over @p most configurations, fewer at the end of the file. Collective; agreed.
 *  @param[out] passed  how many there were */
mg_status mg_reader_skip(mg_reader *reader, int64_t most, int64_t *passed);

/** The names of the per-atom fields that the options want, each once with its NUL: of the
 *  configurations that are left, as far as it takes to find all of options.only; without it of the
 *  next one. These are passed over.
 *  Collective; agreed.  @param[in,out] names  appended to on rank 0 */
mg_status mg_reader_fields(mg_reader *reader, mg_text *names);

void mg_reader_close(mg_reader **reader);

/** The header alone, on one rank; a text file is parsed and checked whole. species.n = 0 when
 *  neither the file nor @p species names the elements. Not collective. */
mg_status mg_frame_peek(const char *path, const mg_names *species, mg_frame_header *header);

/** The same of one configuration of a file that may hold several, all of which are looked through.
 *  @param[in]  number  from 0, or from -1 backwards
 *  @param[out] n       how many there are */
mg_status mg_frame_peek_at(const char *path, const mg_names *species, int64_t number,
                           mg_frame_header *header, int64_t *n);

void mg_frame_clear(mg_frame *frame);

#endif
