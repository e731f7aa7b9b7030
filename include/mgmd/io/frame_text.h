/** The text formats, from memory: pure functions of their arguments, fit for any bytes.
 *
 *  Sizes are checked against the length of the text before memory is taken; numbers must be finite
 *  and ids unique. Every mistake is MG_ERR_INPUT with "NAME:LINE: what; what would be valid".
 */
#ifndef MGMD_IO_FRAME_TEXT_H
#define MGMD_IO_FRAME_TEXT_H

#include "mgmd/io/frame.h"

/** Parse a LAMMPS data file, atom style atomic. All axes are taken as periodic and the cell as
 *  orthogonal. Types get the names of @p species (NULL or n = 0: of the comments in Masses; when
 *  these are no names either, frame->species stays empty and atoms hold their type - 1).
 *  @param[in]  name   how to call the text in messages (the path)
 *  @param[out] frame  all atoms, wrapped into the cell; release with mg_frame_clear; zeroed on
 *                     failure.  Not collective. */
mg_status mg_frame_parse_lammps(const char *name, const char *text, size_t length,
                                const mg_names *species, mg_frame *frame);

/** Parse one frame of extended XYZ. @p species, when given, names the only elements allowed, and
 *  their order; a species written as a number is then an index into it, from 1. */
mg_status mg_frame_parse_xyz(const char *name, const char *text, size_t length,
                             const mg_names *species, mg_frame *frame);

/** Parse one frame of a LAMMPS dump (text, orthogonal cell, with ids), in the same way; a species
 *  is a type, named by @p species or by the column element. */
mg_status mg_frame_parse_dump(const char *name, const char *text, size_t length,
                              const mg_names *species, mg_frame *frame);

/** What a file is, by its first bytes, and where these leave a doubt by its name. */
mg_format mg_format_of_text(const char *name, const char *text, size_t length);

#endif
