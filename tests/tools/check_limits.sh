#!/usr/bin/env bash
# Lengths: functions at most 60 lines, files 500, lines 100 columns.
set -u
cd "$(dirname "$0")/../.." || exit 1
code=$(find src include tests bench -name '*.[ch]' -o -name '*.cc' 2>/dev/null | sort)
scripts=$(find tests bench packaging -name '*.sh' 2>/dev/null | sort)
bad=0

# Functions are laid out by .clang-format: their name starts in the first column, and a lone closing
# brace in the first column ends them.
# shellcheck disable=SC2086
awk '
  FNR == 1 || (/^ *$/ && !body) { start = body = 0 }
  /^[A-Za-z_]/ && !start { start = FNR }
  start && /{ *(\/\*.*\*\/)?$/ { body = 1 }
  start && !body && /; *(\/\*.*\*\/)?$/ { start = 0 }
  /^}/ {
    if (start && /^}( END_TEST)? *$/ && FNR - start + 1 > 60) {
      printf "%s:%d: a function of %d lines, 60 are the limit\n", FILENAME, start, FNR - start + 1
      bad = 1
    }
    start = body = 0
  }
  FNR > 500 && !(FILENAME in long) {
    printf "%s: more than 500 lines\n", FILENAME
    long[FILENAME] = bad = 1
  }
  END { exit bad }' $code || bad=1

# shellcheck disable=SC2086
LC_ALL=C.UTF-8 grep -nE '^.{101}' $code $scripts Makefile .ci/run |
  awk -F: '{ printf "%s:%s: more than 100 columns\n", $1, $2; bad = 1 } END { exit bad }' || bad=1
exit $bad
