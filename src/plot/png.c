/* A PNG is a signature and chunks; the first one is its header, 25 bytes with length and checksum
 * [ISO/IEC 15948]. The chunk pHYs, anywhere before the pixels, tells pixels per metre; programs
 * that lay out pages take the size from it. */
#include "png.h"

#include <math.h>
#include <string.h>

enum { HEADER_ENDS = 8 + 25, CHUNK = 4 + 4 + 9 + 4 };

/* CRC-32 as PNG wants it, bit by bit: there are 13 bytes of it. */
static uint32_t checksum(const unsigned char *byte, int n) {
  uint32_t crc = 0xffffffffu;
  for (int k = 0; k < n; k++) {
    crc ^= byte[k];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

static void put_number(unsigned char *to, uint32_t number) {
  for (int k = 0; k < 4; k++) to[k] = (unsigned char)(number >> (24 - 8 * k) & 255);
}

static bool put_resolution(const mg_png *png) {
  const uint32_t per_metre = (uint32_t)lround(png->dpi / 0.0254);
  unsigned char chunk[CHUNK] = {0, 0, 0, 9, 'p', 'H', 'Y', 's'};
  put_number(chunk + 8, per_metre);
  put_number(chunk + 12, per_metre);
  chunk[16] = 1; /* the unit is the metre */
  put_number(chunk + 17, checksum(chunk + 4, 13));
  return fwrite(chunk, 1, CHUNK, png->file) == CHUNK;
}

bool mg_png_put(mg_png *png, const void *data, size_t length) {
  const unsigned char *byte = data;
  const int64_t left = HEADER_ENDS - png->taken;
  const size_t before = left > 0 && (int64_t)length >= left ? (size_t)left : 0;
  png->taken += (int64_t)length;
  if (before > 0 && (fwrite(byte, 1, before, png->file) != before || !put_resolution(png)))
    return false;
  return fwrite(byte + before, 1, length - before, png->file) == length - before;
}
