/** Atoms as lines of words, what LAMMPS dump and extended XYZ have in common. A header says what
 *  the columns are (a layout); the lines are then parsed block by block, on whichever rank.
 */
#ifndef MGMD_SRC_IO_FRAME_ROWS_H
#define MGMD_SRC_IO_FRAME_ROWS_H

#include "frame_impl.h"

#include "mgmd/base/text.h"

enum { MG_LAYOUT_WORDS = 256, MG_LAYOUT_FIELDS = 64, MG_ATOM_KINDS = 32 };

/** A column, or several side by side, that becomes a field. */
typedef struct mg_layout_field {
  char name[64];
  char type; /**< 'R' real, 'I' whole, 'L' T or F */
  int word, components;
} mg_layout_field;

/** Which word of a line is what; -1: not there. May be copied to other ranks as it is. */
typedef struct mg_layout {
  char source[16]; /**< "Properties", "ITEM: ATOMS": for messages */
  int n_words;
  int id, type, symbol, mass;
  int position[3], image[3], velocity[3];
  bool scaled[3];    /**< position in units of the cell, from its lower corner */
  bool unwrapped[3]; /**< images are in the position already */
  int n_fields;
  mg_layout_field field[MG_LAYOUT_FIELDS];
} mg_layout;

void mg_layout_init(mg_layout *layout, const char *source);

/** Add a field, or pass over it when it is not wanted; MG_ERR_INPUT when there are too many. */
mg_status mg_layout_add(mg_layout *layout, const mg_scan *scan, const mg_read_options *options,
                        const mg_layout_field *field);

/** MG_ERR_INPUT unless these are names of at most MG_MAX_SPECIES elements, which types may share.
 *  NULL passes. */
mg_status mg_read_check_names(const char *name, const mg_names *names);

/** Is a field of this name wanted? */
bool mg_read_wants(const mg_read_options *options, const char *name);

/** Append a name with its NUL, unless it stands there already. */
void mg_names_add(mg_text *names, const char *name);

/** A species as the file has it: a number, a symbol or both. */
typedef struct mg_atom_kind {
  int64_t type; /**< 0: none */
  char symbol[MG_SYMBOL];
  int64_t line; /**< where it stood first */
  double mass;  /**< 0: none */
} mg_atom_kind;

/** What one rank has parsed. Zero-initialise, then set the first four. */
typedef struct mg_share {
  const char *name; /**< of the file, for messages */
  const mg_layout *layout;
  const mg_read_options *options;
  mg_frame *frame; /**< with its box; its atoms and fields grow */
  int64_t capacity;
  int n_kinds;
  mg_atom_kind kind[MG_ATOM_KINDS]; /**< atoms hold an index into this until they are resolved */
  int64_t failed_line;              /**< after a failure */
} mg_share;

/** Give the frame its fields, still empty. */
mg_status mg_share_start(mg_share *share);

/** Parse a block of whole lines.
 *  @param[in] atom  of the frame's atoms, from 0, that its first line is
 *  @param[in] line  of the file, from 1 */
mg_status mg_share_add(mg_share *share, mg_word block, int64_t atom, int64_t line);

/** From kinds to the elements of the frame, on any one rank for all.
 *  @param[in]  masses   species that the header lists, in their order; n = 0: none
 *  @param[out] element  [n] for each kind; equal to type - 1 where nobody names the elements */
mg_status mg_kinds_resolve(const char *name, const mg_read_options *options,
                           const mg_species *masses, int n, const mg_atom_kind *kind,
                           mg_species *species, int32_t *element);

/** Reference positions become what they are, when the frame has a cell to them. */
void mg_frame_take_reference(mg_frame *frame);

/** A format whose frames are a header and lines of atoms.
 *  @param[in]  scan    stands at the header
 *  @param[out] frame   cell, step, time, species with known masses; no atoms
 *  @param[out] n       atoms, for which the text is long enough */
typedef mg_status mg_head_parser(mg_scan *scan, const mg_read_options *options, mg_frame *frame,
                                 mg_layout *layout, int64_t *n);
mg_head_parser mg_head_xyz, mg_head_dump;

/** A whole text with exactly one frame. */
mg_status mg_frame_parse_rows(mg_head_parser *head, const char *name, const char *text,
                              size_t length, const mg_read_options *options, mg_frame *frame);

/** MG_ERR_INPUT when what is left of a text cannot hold @p n lines of @p words. */
mg_status mg_rows_fit(const mg_scan *scan, int64_t n, int words);

#endif
