#!/usr/bin/env bash
# Bad input is refused: every file of malformed/ gives exit code 2 and exactly one line on stderr,
# at the place and with the words of malformed.tsv, in a few seconds, and nothing is written: all of
# them on one rank, every other one (more than fifty) also on three. So do bad overrides. The
# expected places were written by hand.
set -u
here=$(cd "$(dirname "$0")" && pwd)

launch() { # RANKS ARGUMENT...
  local ranks=$1
  shift
  if [ "$ranks" = 1 ]; then
    exec timeout 30 "$MGMD" "$@"
  else
    exec timeout 30 "$RUN_MPI" "$ranks" "$MGMD" "$@"
  fi
}

# refuse RANKS START PART ARGUMENT...: one line "mgmd: error: START ... PART ..."
refuse() {
  local ranks=$1 start="mgmd: error: $2" part=$3 folder code text
  shift 3
  folder=$(mktemp -d case.XXXXXX) || return 1
  (cd "$folder" && launch "$ranks" "$@" >"../$folder.out" 2>"../$folder.err" </dev/null)
  code=$?
  text=$(cat "$folder.err")
  if [ "$code" != 2 ]; then
    echo "not ok $ranks ranks, $*: exit code $code: $text"
  elif [ "$(wc -l <"$folder.err")" != 1 ]; then
    echo "not ok $ranks ranks, $*: not one line: $text"
  elif [ "${text:0:${#start}}" != "$start" ] || [[ $text != *"$part"* ]]; then
    echo "not ok $ranks ranks, $*: '$text' is not '$start' with '$part'"
  elif [ -n "$(ls -A "$folder")" ] || [ -s "$folder.out" ]; then
    echo "not ok $ranks ranks, $*: it wrote something"
  else
    echo "ok $ranks ranks, $*"
  fi
}

# Starting MPI is mostly waiting, so some run beside each other.
queue() {
  while [ "$(jobs -rp | wc -l)" -ge 4 ]; do wait -n; done
  refuse "$@" >>log &
}

# Files are copied beside the case folders, so that nothing near them is touched.
cp -r "$here/malformed" input && cp "$here/../../inputs/quickstart.yaml" good.yaml || exit 1
number=0
while IFS=$'\t' read -r file place part; do
  number=$((number + 1))
  queue 1 "../input/$file:$place: " "$part" "../input/$file"
  [ $((number % 2)) = 0 ] && queue 3 "../input/$file:$place: " "$part" "../input/$file"
done <input/malformed.tsv
for ranks in 1 3; do
  queue "$ranks" "--set compress.rat=1 1/s: compress.rat: unknown key 'rat'" "mean 'rate'?" \
    ../good.yaml --set "compress.rat=1 1/s"
  queue "$ranks" "--set compress.rate=5 K: compress.rate: '5 K' is a temperature" "1/s" \
    ../good.yaml --set "compress.rate=5 K"
  queue "$ranks" "--set sed=1: sed: 'sed' is neither a stage" "mean 'seed'?" \
    ../good.yaml --set sed=1
  queue "$ranks" "../nowhere.yaml: cannot be read: no such file" "" ../nowhere.yaml
  queue "$ranks" "..: cannot be read: it is a directory" "" ..
done
wait
cat log
! grep -q '^not ok' log
