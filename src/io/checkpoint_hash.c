/* Checksums that may be summed in any order: each dataset, and of the atoms each row, contributes
 * a hash of its own. A chain of the finaliser of splitmix64 [Steele, Lea, Flood, OOPSLA 2014] turns
 * over half of the bits for any change of a word.
 */
#include "checkpoint_impl.h"

#include <stdio.h>
#include <string.h>

static uint64_t mix(uint64_t hash, uint64_t word) {
  uint64_t x = (hash ^ word) + 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static uint64_t mix_bytes(uint64_t hash, const char *bytes, size_t n) {
  for (size_t k = 0; k < n; k++) hash = mix(hash, (unsigned char)bytes[k]);
  return mix(hash, n);
}

uint64_t mg_checkpoint_hash_words(const char *path, int64_t n, const void *words) {
  uint64_t hash = mix_bytes(1, path, strlen(path));
  for (int64_t k = 0; k < n; k++) {
    uint64_t word;
    memcpy(&word, (const char *)words + 8 * k, sizeof word);
    hash = mix(hash, word);
  }
  return mix(hash, (uint64_t)n);
}

uint64_t mg_checkpoint_hash_text(const char *path, const char *text) {
  return mix_bytes(mix_bytes(2, path, strlen(path)), text, strlen(text));
}

int64_t mg_checkpoint_hash(const mg_comm *comm, int64_t n, const int64_t *id, mg_ctype ctype,
                           int components, const void *data) {
  uint64_t sum = 0;
  const size_t size = mg_ctype_size(ctype);
  for (int64_t i = 0; i < n; i++) {
    uint64_t hash = mix(3, (uint64_t)id[i]);
    for (int c = 0; c < components; c++) {
      uint64_t word = 0;
      uint32_t half;
      const char *from = (const char *)data + (size_t)(i * components + c) * size;
      if (size == sizeof word) {
        memcpy(&word, from, sizeof word);
      } else {
        memcpy(&half, from, sizeof half);
        word = half;
      }
      hash = mix(hash, word);
    }
    sum += hash;
  }
  /* halves, so that no sum of signed numbers overflows */
  int64_t part[2] = {(int64_t)(sum & 0xffffffffu), (int64_t)(sum >> 32)};
  if (comm && mg_count_vector(comm, part, 2) != MG_OK) return 0;
  return (int64_t)((uint64_t)part[0] + ((uint64_t)part[1] << 32));
}

void mg_checkpoint_path(char path[MG_H5_NAME], const char *group, const char *name) {
  snprintf(path, MG_H5_NAME, "/%.64s/%.128s", group, name);
}
