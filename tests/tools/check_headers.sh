#!/usr/bin/env bash
# Every header compiles by itself, in whatever order others include it, and guards itself.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0
for header in ${HEADERS:-$(find include src -name '*.h')}; do
  case $header in
  include/*) name=${header#include/} ;;
  *) name=$header ;;
  esac
  # shellcheck disable=SC2086
  printf '#include "%s"\n#include "%s"\n' "$name" "$name" |
    ${MPICC:-mpicc} -std=c11 ${ALL_CPPFLAGS:--Iinclude} -I. -Wall -Wextra -Wpedantic -Werror \
      -fsyntax-only -x c - || { echo "$header does not compile by itself" && bad=1; }
done
exit $bad
