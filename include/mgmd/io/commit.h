/** Files that appear complete or not at all.
 *
 *  Written under a temporary name in the same directory, brought to the device, then renamed over
 *  the final name; a reader sees the old file or the new one, also after a crash.
 *  Nothing here is collective: one rank calls and the others learn the outcome by mg_agree.
 */
#ifndef MGMD_IO_COMMIT_H
#define MGMD_IO_COMMIT_H

#include "mgmd/base/error.h"

#include <stddef.h>

/** The temporary name of @p path: "PATH.tmp". MG_ERR_IO when it does not fit. */
mg_status mg_commit_name(const char *path, char *temporary, size_t size);

/** Bring @p path to the device. */
mg_status mg_commit_sync(const char *path);

/** Bring @p temporary to the device and rename it to @p path. On failure it is removed. */
mg_status mg_commit(const char *temporary, const char *path);

/** Remove a temporary file that will not be committed; it may be absent. */
void mg_commit_discard(const char *temporary);

/** All of it for a text in memory. */
mg_status mg_commit_text(const char *path, const char *text, size_t length);

/** MG_ERR_IO with "PATH: WHAT: errno's text". */
mg_status mg_commit_fail(const char *path, const char *what);

#endif
