#!/usr/bin/env bash
# Sums of floating-point numbers over ranks depend on the number of ranks. Every statement that
# mentions MPI_SUM or MPI_PROD must name an integer type; real numbers go through mg_reduce.
set -u
cd "$(dirname "$0")/../.." || exit 1

find src include -name '*.[ch]' | sort | xargs awk '
  FNR == 1 { statement = ""; comment = 0 }
  {
    line = $0
    if (comment) { if (!sub(/^.*\*\//, "", line)) next; comment = 0 }
    gsub(/\/\*[^*]*\*\//, "", line)
    if (sub(/\/\*.*/, "", line)) comment = 1
    sub(/\/\/.*/, "", line)
    statement = statement " " line
    if (line !~ /[;{}] *$/) next
    if (statement ~ /MPI_(SUM|PROD)/ &&
        (statement !~ /MPI_(INT|INT32_T|INT64_T|UINT64_T|LONG|LONG_LONG|COUNT|OFFSET)[^A-Z0-9_]/ ||
         statement ~ /MPI_(DOUBLE|FLOAT|LONG_DOUBLE|REAL)/)) {
      printf "%s:%d: MPI_SUM without an integer type; use mg_reduce (comm/comm.h)\n", FILENAME, FNR
      bad = 1
    }
    statement = ""
  }
  END { exit bad }'
