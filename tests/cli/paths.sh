#!/usr/bin/env bash
# No input and no file makes the program write anywhere but in its output directory, unless that is
# asked for by an absolute path: `..` is refused, and links that stand where a file is to be made
# are replaced, never followed.
. "$(dirname "$0")/../tools/cli_check.sh"

cat >one.yaml <<'Y'
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 7
axes: {load: z, free: y, thin: x}
output: {directory: run}
stages:
  - create: {composition: {Cu: 64, Zr: 36}, atoms: 300, box: [1.2 nm, 1.8 nm, 2.4 nm]}
  - write:  {file: a.data}
Y
outside='climbs out of the output directory'
for file in ../a.data sub/../../a.data ./../a.data .. sub/..; do
  refused "write.file: $file is refused" 1 "$outside" one.yaml --set "write.file=$file"
done
refused "a name that only ends in dots is no way out" 1 'names no format' one.yaml \
  --set 'write.file=a..'

done_well() { [ "$rc" = 0 ] && empty err; }
mgmd 2 one.yaml --out dots --set 'write.file=..a../b..data.xyz'
expect "dots in a name are no way out" done_well
expect "and make the folder that is named" [ -s dots/..a../b..data.xyz ]
mgmd 2 one.yaml --set "write.file=$PWD/asked.data"
expect "an absolute path is taken as asked for" done_well
expect "and only there" [ -s asked.data ]
expect "and not in the output directory" [ ! -e run/asked.data ]

# links planted where files are going to be made
echo precious >victim
untouched() { grep -qx precious victim && done_well; }
whole() { [ -s "$1" ] && [ ! -L "$1" ]; }
plant() { # NAME...: a run that meets a link of each name
  rm -rf linked && mkdir linked
  for link in "$@"; do ln -s ../victim "linked/$link"; done
  mgmd 2 one.yaml --out linked --overwrite --set "write.file=$written"
}
for written in a.data a.xyz a.dump a.h5; do
  plant "$written" "$written.tmp"
  expect "links named $written, $written.tmp are not followed" untouched
  expect "$written is a file" whole "linked/$written"
  echo precious >victim
done
written=a.data
plant thermo.csv run.yaml run.yaml.tmp summary.yaml.tmp linked.xdmf linked.xdmf.tmp
expect "nor links named like the run's own files" untouched
for name in thermo.csv run.yaml summary.yaml; do
  expect "$name is a file" whole "linked/$name"
done
cat >>one.yaml <<'Y'
  - compress: {rate: 1e12 1/s, strain: 0.2 %}
Y
plant linked-000000.h5 linked-000000.h5.tmp linked-000001.h5.tmp
expect "nor links named like its snapshots" untouched
expect "which are files" whole linked/linked-000000.h5

# the same for files of other commands
rm -f table.eam.fs.tmp && ln -s victim table.eam.fs.tmp
mgmd 0 potential cuzr-mendelev2007 --write table.eam.fs --points 100
expect "mgmd potential --write follows no link" grep -qx precious victim
expect "and writes its table" whole table.eam.fs
finish
