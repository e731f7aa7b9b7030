#!/usr/bin/env bash
# What the help shows works: its inputs and its command lines are accepted by the program, and so
# is every file in inputs/.
set -u
. "$(dirname "$0")/../tools/cli_check.sh"

mgmd 0 help --markdown
cp out input.md
awk '/^```yaml/ { n++; inside = 1; next } /^```/ { inside = 0 }
     inside { print > sprintf("block-%02d", n) }' input.md

# The first block is a whole input; the others are stages which, without read, follow each other.
mv block-01 whole.yaml
mgmd 0 check whole.yaml
expect 'the example input is valid' [ "$rc" = 0 ]
sed '/^stages:/q' whole.yaml >protocol.yaml
cp protocol.yaml from_file.yaml
for block in block-*; do
  case $(cat "$block") in
  *create:*) sed 's/^/  /' "$block" >>protocol.yaml ;;
  *read:*) sed 's/^/  /' "$block" >>from_file.yaml ;;
  *) sed 's/^/  /' "$block" | tee -a from_file.yaml >>protocol.yaml ;;
  esac
done
expect 'there are examples of most stages' [ "$(cat block-* | grep -c '^- ')" -ge 12 ]
mgmd 0 check protocol.yaml
expect 'the examples of the stages are valid' [ "$rc" = 0 ]
mgmd 3 check from_file.yaml
expect 'the example of read is valid' [ "$rc" = 0 ]
expect 'a file that is not there yet is a warning, once' [ "$(grep -c warning: err)" = 1 ]

# Command lines, but for those that start a run or need one that was done.
ln -s "$MGMD_SOURCE_DIR/inputs" inputs
mkdir bin
ln -s "$MGMD" bin/mgmd
printf '#!/bin/sh\nshift\nexec "%s" "$@"\n' "$RUN_MPI" >bin/mpirun
chmod +x bin/mpirun
count=0
while read -r line; do
  count=$((count + 1))
  MPIRUN=$(command -v mpirun) PATH=$PWD/bin:$PATH bash -c "$line" >out 2>err </dev/null
  rc=$?
  expect "$line" [ "$rc" = 0 ]
done < <("$MGMD" help --man | sed 's/\\-/-/g; s/\\&//; s/\\(aq/'\''/g' |
  grep -E '^(mpirun -n [0-9]+ )?mgmd ((check|help|potential) |--version|.*--check)' | sort -u)
expect 'there are command lines' [ "$count" -ge 8 ]

for file in "$MGMD_SOURCE_DIR"/inputs/*.yaml; do
  name=inputs/$(basename "$file")
  mgmd 0 check "$name"
  expect "$name is valid" [ "$rc" = 0 ]
  expect "$name: atoms are told" holds out '^  atoms +about [0-9]|not known'
done
expect 'nothing was written' [ ! -e out/. ]
finish
