/** Whole small files in memory, and paths. */
#ifndef MGMD_IO_FILE_H
#define MGMD_IO_FILE_H

#include "mgmd/comm/comm.h"

#include <stdbool.h>
#include <stddef.h>

/** MG_ERR_INPUT with "PATH: cannot be read: reason" unless a regular file stands at @p path. Looked
 *  at before opening, because opening a named pipe may wait for ever. Not collective. */
mg_status mg_file_look(const char *path);

/** Read a whole regular file. Not collective.
 *  @param[in]  limit   a larger file is refused
 *  @param[out] text    the bytes and a terminating NUL; release with mg_free; NULL on failure
 *  @param[out] length  without the NUL
 *  @return MG_ERR_INPUT with "PATH: reason" when it cannot be read */
mg_status mg_file_read(const char *path, size_t limit, char **text, size_t *length);

/** The same on every rank: rank 0 reads, the others receive. Collective.
 *  @return agreed status */
mg_status mg_file_read_all(const mg_comm *comm, const char *path, size_t limit, char **text,
                           size_t *length);

/** True when something stands at @p path, whatever it is. Not collective. */
bool mg_file_exists(const char *path);

/** @p path as seen from the directory of @p base_file: unchanged when absolute.
 *  @return false when the result does not fit (it is then truncated) */
bool mg_path_beside(const char *base_file, const char *path, char *result, size_t size);

/** True when one component of @p path is "..". */
bool mg_path_climbs(const char *path);

/** True when @p path ends in @p suffix and has more before it in its last component. */
bool mg_path_has_suffix(const char *path, const char *suffix);

#endif
