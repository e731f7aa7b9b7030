#!/usr/bin/env bash
# A full disk costs the file that did not fit and nothing else: one message, exit 1, no hang, what
# was written before stays whole, and no piece of a file is left. The disk is a small one in memory,
# which takes the right to mount it; without that the test is skipped.
. "$(dirname "$0")/../tools/cli_check.sh"

mkdir disk
if ! mount -t tmpfs -o size=2200k tmpfs disk 2>/dev/null; then
  echo "ok a full disk # SKIP no right to mount a small file system"
  exit 77
fi
trap 'cd / && umount "$place/disk"; rm -rf "$place"' EXIT

cat >run.yaml <<'Y'
title: too much for the disk
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 3
axes: {load: z, free: y, thin: x}
output: {directory: disk/run, thermo: 0.02 ps}
stages:
  - create: {composition: {Cu: 64, Zr: 36}, atoms: 4000, box: [2.5 nm, 5.0 nm, 5.0 nm]}
  - write:  {file: one.h5}
  - write:  {file: two.h5}
Y

full='no room for .*: no space left on device'
failed_once() { [ "$rc" = 1 ] && one_line err && holds err "$full"; }
first_is_whole() { mgmd 0 info disk/run/one.h5 && [ "$rc" = 0 ]; }
nothing_is_left() { ! ls disk/run | grep -qE 'two|tmp'; }

for ranks in 1 2 3; do
  mgmd $ranks run.yaml
  expect "a disk that fills up gives one message on $ranks ranks" failed_once
  expect "what was written before stays" first_is_whole
  expect "nothing is left of what was not" nothing_is_left
  # no room at all: not even for the directory's small files
  rm -r disk/run && mkdir disk/run && head -c 3000000 /dev/zero >disk/filler 2>/dev/null
  mgmd $ranks run.yaml
  expect "a disk that is full gives one message on $ranks ranks" [ "$rc" = 1 ]
  expect "and only one" one_line err
  rm -r disk/run disk/filler
done
finish
