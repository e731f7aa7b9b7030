#!/usr/bin/env bash
# Every external symbol of the library starts with mg_; all else is static. (Weak ones are what a
# C++ compiler makes of templates.)
set -u
cd "$(dirname "$0")/../.." || exit 1
library=${BUILD:-build}/libmgmd.a
symbols=$(nm -g --defined-only "$library") || exit 1
printf '%s\n' "$symbols" | awk '
  /:$/ { member = $1 }
  NF == 3 && $2 ~ /[WVu]/ { next }
  NF == 3 && $3 !~ /^_?mg_/ { printf "%s external symbol without mg_: %s\n", member, $3; bad = 1 }
  NF == 3 { n++ }
  END { if (!n) print "no symbols found"; exit bad || !n }'
