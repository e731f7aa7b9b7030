/* base/mem.h: blocks are aligned for AVX-512, zeroed and counted; a failed request leaves the old
 * block and the counters as they were. */
#include "mgmd/base/mem.h"
#include "unit_check.h"

#include <string.h>

static bool all_bytes(const void *block, size_t n, int value) {
  const unsigned char *byte = block;
  for (size_t i = 0; i < n; i++)
    if (byte[i] != value) return false;
  return true;
}

START_TEST(aligned_and_zeroed) {
  static const size_t sizes[] = {0, 1, 63, 64, 65, 1000, 4096};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    char *block = mg_calloc(sizes[k], 1);
    ck_assert_ptr_nonnull(block);
    ck_assert_uint_eq((uintptr_t)block % 64, 0);
    ck_assert(all_bytes(block, sizes[k], 0));
    memset(block, 0xff, sizes[k]);
    mg_free(block);
  }
}
END_TEST

START_TEST(realloc_keeps_and_zeroes) {
  unsigned char *block = mg_realloc(NULL, 100, 1);
  ck_assert_ptr_nonnull(block);
  memset(block, 7, 100);
  block = mg_realloc(block, 300, 1);
  ck_assert(all_bytes(block, 100, 7));
  ck_assert(all_bytes(block + 100, 200, 0));
  block = mg_realloc(block, 50, 1);
  block = mg_realloc(block, 100, 1);
  ck_assert(all_bytes(block, 50, 7));
  ck_assert(all_bytes(block + 50, 50, 0));
  ck_assert_uint_eq((uintptr_t)block % 64, 0);
  mg_free(block);
}
END_TEST

START_TEST(everything_is_counted) {
  const int64_t peak = mg_mem_peak();
  double *a, *b;
  ck_assert_int_eq(MG_NEW(a, 1000), MG_OK);
  ck_assert_int_eq(MG_NEW(b, 500), MG_OK);
  ck_assert_int_eq(mg_mem_live(), 2);
  ck_assert_int_eq(mg_mem_bytes(), 1500 * 8);
  ck_assert_int_ge(mg_mem_peak(), peak > 12000 ? peak : 12000);
  a = mg_realloc(a, 10, sizeof *a);
  ck_assert_int_eq(mg_mem_live(), 2);
  ck_assert_int_eq(mg_mem_bytes(), 510 * 8);
  MG_DELETE(a);
  ck_assert_ptr_null(a);
  MG_DELETE(a);
  MG_DELETE(b);
  ck_assert_int_eq(mg_mem_live(), 0);
  ck_assert_int_eq(mg_mem_bytes(), 0);
  ck_assert_int_ge(mg_mem_peak(), 12000);
}
END_TEST

START_TEST(impossible_requests_fail) {
  unsigned char *block = mg_calloc(64, 1);
  memset(block, 9, 64);
  ck_assert_ptr_null(mg_calloc(SIZE_MAX / 2, 4)); /* the product overflows */
  ck_assert_int_eq(mg_error_code(), MG_ERR_MEMORY);
  mg_error_clear();
  ck_assert_ptr_null(mg_realloc(block, SIZE_MAX / 16, 1));
  ck_assert_int_eq(mg_error_code(), MG_ERR_MEMORY);
  mg_error_clear();
  double *many;
  ck_assert_int_eq(MG_NEW(many, SIZE_MAX / 8), MG_ERR_MEMORY);
  ck_assert_int_eq(mg_mem_live(), 1);
  ck_assert_int_eq(mg_mem_bytes(), 64);
  ck_assert(all_bytes(block, 64, 9));
  mg_free(block);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, aligned_and_zeroed);
  tcase_add_test(tests, realloc_keeps_and_zeroes);
  tcase_add_test(tests, everything_is_counted);
  tcase_add_test(tests, impossible_requests_fail);
}

UNIT_CHECK_MAIN("mem", fill)
