#include "mgmd/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A 64-byte header in front of each block keeps its size; the block itself stays aligned for
 * AVX-512 loads. */
enum { HEADER = 64 };

static int64_t live_blocks, live_bytes, peak_bytes;

static size_t *size_of(void *block) { return (size_t *)((char *)block - HEADER); }

void *mg_calloc(size_t n, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(n, size, &bytes) || bytes > (size_t)INT64_MAX / 4) {
    mg_fail(MG_ERR_MEMORY, "out of memory: %zu items of %zu bytes asked for", n, size);
    return NULL;
  }
  const size_t total = HEADER + (bytes + 63) / 64 * 64;
  char *base = aligned_alloc(64, total);
  if (!base) {
    mg_fail(MG_ERR_MEMORY, "out of memory: %zu bytes asked for, %lld in use", bytes,
            (long long)live_bytes);
    return NULL;
  }
  memset(base, 0, total);
  void *block = base + HEADER;
  *size_of(block) = bytes;
  live_blocks++;
  live_bytes += (int64_t)bytes;
  if (live_bytes > peak_bytes) peak_bytes = live_bytes;
  return block;
}

void *mg_realloc(void *block, size_t n, size_t size) {
  void *next = mg_calloc(n, size);
  if (next && block) {
    const size_t old = *size_of(block), now = *size_of(next);
    memcpy(next, block, old < now ? old : now);
    mg_free(block);
  }
  return next;
}

void mg_free(void *block) {
  if (!block) return;
  live_blocks--;
  live_bytes -= (int64_t)*size_of(block);
  free((char *)block - HEADER);
}

int64_t mg_mem_live(void) { return live_blocks; }

int64_t mg_mem_bytes(void) { return live_bytes; }

int64_t mg_mem_peak(void) { return peak_bytes; }
