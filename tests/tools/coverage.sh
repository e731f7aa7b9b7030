#!/usr/bin/env bash
# coverage.sh BUILD: share of lines that the tests in that build folder have reached, per file.
set -eu
cd "$(dirname "$0")/../.."
tool=gcov
${MPICC:-mpicc} --version | grep -qi clang && tool='llvm-cov gcov'
for source in src/*/*.c; do
  object=$1/${source%.c}.o
  [ -f "${object%.o}.gcno" ] || { printf '%7s  %5s  %s\n' '0.00%' '?' "$source" && continue; }
  $tool -n -o "$object" "$source" 2>/dev/null | awk -v source="$source" '
    /^File / { mine = index($0, source) }
    mine && /^Lines executed:/ {
      split($0, word, /[:% ]+/)
      printf "%6.2f%%  %5d  %s\n", word[3], word[5], source
      exit
    }'
done | sort -n | awk '
  { print; reached += $1 / 100 * $2; lines += $2 }
  END { if (lines) printf "%6.2f%%  %5d  in all\n", 100 * reached / lines, lines }'
