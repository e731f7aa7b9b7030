/** Series of files that differ in a number: NAME-000000.h5, NAME-000001.h5 and so on. */
#ifndef MGMD_IO_NUMBERED_H
#define MGMD_IO_NUMBERED_H

#include "mgmd/base/text.h"

#include <stdint.h>

/** "NAME-000123.h5": the length of NAME; 0 when @p file is no such name. Pure. */
int mg_numbered_stem(const char *file);

/** The files of such names in a folder, by name and number. Not collective.
 *  @param[in]  stem   NAME; NULL: of any
 *  @param[in,out] paths  "FOLDER/NAME-000000.h5" is appended for each, with its NUL
 *  @param[in,out] n      grows by their number
 *  @return MG_ERR_INPUT when the folder cannot be read */
mg_status mg_numbered_list(const char *folder, const char *stem, mg_text *paths, int *n);

/** Remove those of @p stem with a number from @p first on. Not collective.
 *  @return MG_ERR_IO when one of them stays */
mg_status mg_numbered_cut(const char *folder, const char *stem, int64_t first);

/** "a/b.h5" -> "a" and "b"; "b.h5" -> "." and "b". Pure.  @return false when they do not fit */
bool mg_numbered_split(const char *path, char *folder, char *stem, size_t size);

#endif
