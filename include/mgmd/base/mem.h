/** Checked, counted, 64-byte aligned allocation.
 *
 *  Every block is counted, so that a test can require that none is left (mg_mem_live() == 0) and
 *  the program can report its memory per rank.
 */
#ifndef MGMD_BASE_MEM_H
#define MGMD_BASE_MEM_H

#include "mgmd/base/error.h"

#include <stddef.h>
#include <stdint.h>

/** Zeroed block of @p n items of @p size bytes, or NULL with the error record set.
 *  @p n = 0 gives a valid block.  Not collective; release with mg_free().  */
void *mg_calloc(size_t n, size_t size);

/** Resize to @p n items; contents kept up to the smaller size, new bytes zeroed. NULL on failure,
 *  the old block then stays valid. */
void *mg_realloc(void *block, size_t n, size_t size);

void mg_free(void *block); /**< NULL is allowed */

int64_t mg_mem_live(void);  /**< blocks not yet freed */
int64_t mg_mem_bytes(void); /**< bytes in use */
int64_t mg_mem_peak(void);  /**< most bytes ever in use */

/** Allocate @p n zeroed items into @p pointer; a status. */
#define MG_NEW(pointer, n)                                                                         \
  (((pointer) = mg_calloc((size_t)(n), sizeof *(pointer))) ? MG_OK : MG_ERR_MEMORY)

/** Free and null. */
#define MG_DELETE(pointer) (mg_free(pointer), (pointer) = NULL)

#endif
