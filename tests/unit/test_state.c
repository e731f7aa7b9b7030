/* Guards what checkpoints rest on: record tables bring values back, and the table of a run covers
 * every byte of the structs that decide about the steps to come. A member added to one of them
 * without a row in src/stage/state.c fails here, and not in a run that was killed. Also: comparing
 * inputs by their parameter tables, and signals that leave a note.
 */
#include "mgmd/base/mem.h"
#include "mgmd/base/param.h"
#include "mgmd/base/record.h"
#include "mgmd/base/stop.h"
#include "mgmd/stage/run.h"
#include "unit_check.h"

#include <math.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

static size_t size_of(const mg_record *row) {
  switch (row->kind) {
  case MG_RECORD_BOOL: return sizeof(bool) * (size_t)row->count;
  case MG_RECORD_INT: return sizeof(int) * (size_t)row->count;
  case MG_RECORD_VECTOR: return sizeof(mg_vector);
  default: return 8 * (size_t)row->count;
  }
}

/* Bytes of [offset, offset + size) of mg_run without a row; padding leaves less than 8 in a row. */
static size_t longest_gap(size_t offset, size_t size) {
  static char covered[sizeof(mg_run)];
  memset(covered, 0, sizeof covered);
  for (const mg_record *row = mg_run_records; row->name; row++)
    memset(covered + row->offset, 1, size_of(row));
  size_t longest = 0, gap = 0;
  for (size_t k = offset; k < offset + size; k++) {
    gap = covered[k] ? 0 : gap + 1;
    if (gap > longest) longest = gap;
  }
  return longest;
}

#define COVERED(member)                                                                            \
  ck_assert_msg(longest_gap(offsetof(mg_run, member), sizeof((mg_run *)0)->member) < 8,            \
                "a member of %s has no row in src/stage/state.c", #member)

START_TEST(the_table_covers_the_state) {
  COVERED(motion);
  COVERED(results);
  COVERED(last);
  COVERED(reference_box);
  COVERED(sim.sample);
  COVERED(sim.box);
  COVERED(sim.force.box_build);
  COVERED(sim.kinetic);
  COVERED(sim.virial);
}
END_TEST

/* Values by which a struct is indexed, memory taken or files removed. */
START_TEST(dangerous_values_have_limits) {
  static const char *const names[] = {
      "stage", "part", "box_edges", "build_box_edges", "reference_edges", "box_origin", "skin",
      "list_decision", "axis_modes", "chain_length", "atom_chain_links", "cell_chain_links",
      "motion_steps", "snapshots", "thermo_bytes", NULL};
  static mg_run run;
  for (int k = 0; names[k]; k++) {
    const mg_record *row = mg_run_records;
    while (row->name && strcmp(row->name, names[k]) != 0) row++;
    ck_assert_msg(row->name && row->least < row->most, "%s has no limits", names[k]);
    double real[3] = {row->most, row->most, row->least - 1};
    int64_t whole[3] = {(int64_t)row->most, (int64_t)row->most, (int64_t)row->least - 1};
    const bool is_real = mg_record_is_real(row);
    const int last = row->count - 1;
    real[last] = row->least - 1;
    whole[last] = (int64_t)row->least - 1;
    ck_assert_int_eq(mg_record_set(row, &run, row->count, is_real ? real : (void *)whole),
                     MG_ERR_INPUT);
    real[last] = NAN;
    if (is_real) ck_assert_int_eq(mg_record_set(row, &run, row->count, real), MG_ERR_INPUT);
    mg_error_clear();
    real[last] = row->least;
    whole[last] = (int64_t)row->least;
    ck_assert_int_eq(mg_record_set(row, &run, row->count, is_real ? real : (void *)whole), MG_OK);
  }
}
END_TEST

START_TEST(rows_have_names_of_their_own) {
  for (const mg_record *row = mg_run_records; row->name; row++)
    for (const mg_record *other = mg_run_records; other != row; other++)
      ck_assert_msg(strcmp(row->name, other->name) != 0, "%s", row->name);
}
END_TEST

typedef struct things {
  bool flag[2];
  int whole;
  double real;
  mg_vector window;
} things;

START_TEST(rows_bring_values_back) {
  static const mg_record table[] = {MG_RECORD("flag", BOOL, 2, things, flag, NULL),
                                    MG_RECORD("whole", INT, 1, things, whole, NULL),
                                    MG_RECORD("real", REAL, 1, things, real, NULL),
                                    MG_RECORD("window", VECTOR, 1, things, window, NULL),
                                    {.name = NULL}};
  double values[3] = {1, NAN, -0.0};
  const things given = {{true, false}, -3, -0.0, {values, 3}};
  things found = {.whole = 9};
  for (const mg_record *row = table; row->name; row++) {
    int64_t words[3];
    mg_record_get(row, &given, words);
    ck_assert_int_eq(mg_record_set(row, &found, mg_record_count(row, &given), words), MG_OK);
  }
  ck_assert(memcmp(found.flag, given.flag, sizeof found.flag) == 0 && found.whole == -3);
  ck_assert(signbit(found.real) && found.window.n == 3);
  ck_assert(memcmp(found.window.value, values, sizeof values) == 0);
  const int64_t wrong[2] = {1, 2}, large[1] = {(int64_t)1 << 40};
  ck_assert_int_eq(mg_record_set(&table[0], &found, 2, wrong), MG_ERR_INPUT);
  ck_assert_int_eq(mg_record_set(&table[0], &found, 1, wrong), MG_ERR_INPUT);
  ck_assert_int_eq(mg_record_set(&table[1], &found, 1, large), MG_ERR_INPUT);
  mg_error_clear();
  mg_records_clear(table, &found);
  ck_assert_int_eq(mg_mem_live(), 0);
}
END_TEST

START_TEST(parameters_are_compared_by_value) {
  typedef struct config {
    double rate;
    mg_axis_ramp pressure;
    char file[MG_PATH];
  } config;
  static const mg_param rate = {.kind = MG_P_REAL, .offset = offsetof(config, rate)};
  static const mg_param pressure = {.kind = MG_P_AXIS_RAMP, .offset = offsetof(config, pressure)};
  static const mg_param file = {.kind = MG_P_FILE, .offset = offsetof(config, file)};
  config a = {.rate = NAN, .file = "a/x.h5"}, b = {.rate = NAN, .file = "/b/x.h5"};
  ck_assert(mg_param_same(&rate, &a, &b));
  b.rate = 1;
  ck_assert(!mg_param_same(&rate, &a, &b));
  ck_assert(mg_param_same(&file, &a, &b)); /* moved together with the input */
  b.file[3] = 'y';
  ck_assert(!mg_param_same(&file, &a, &b));
  a.pressure = b.pressure = (mg_axis_ramp){.given = true, .on = {true, false, false}};
  a.pressure.value[1].from = 5; /* of an axis that is not named */
  ck_assert(mg_param_same(&pressure, &a, &b));
  a.pressure.value[0].to = 5;
  ck_assert(!mg_param_same(&pressure, &a, &b));
}
END_TEST

START_TEST(a_signal_leaves_a_note) {
  mg_stop_listen();
  ck_assert_ptr_null(mg_stop_signal());
  raise(SIGUSR1);
  ck_assert_str_eq(mg_stop_signal(), "SIGUSR1");
  raise(SIGTERM);
  ck_assert_str_eq(mg_stop_signal(), "SIGTERM");
  raise(SIGINT);
  ck_assert_str_eq(mg_stop_signal(), "SIGINT");
}
END_TEST

START_TEST(a_second_interrupt_ends) {
  mg_stop_listen();
  raise(SIGINT);
  raise(SIGINT);
}
END_TEST

static void fill(TCase *tests) {
  tcase_add_test(tests, the_table_covers_the_state);
  tcase_add_test(tests, dangerous_values_have_limits);
  tcase_add_test(tests, rows_have_names_of_their_own);
  tcase_add_test(tests, rows_bring_values_back);
  tcase_add_test(tests, parameters_are_compared_by_value);
  tcase_add_test(tests, a_signal_leaves_a_note);
  tcase_add_test_raise_signal(tests, a_second_interrupt_ends, SIGINT);
}
UNIT_CHECK_MAIN("state", fill)
