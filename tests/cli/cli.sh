#!/usr/bin/env bash
# The command line: wrong usage is refused with exit 2 and one line that names the nearest word,
# whatever the number of ranks, and nothing is written; help exists for everything that is listed;
# tables of potentials are those of the tree.  The expectations are SPEC section 3.
set -u
. "$(dirname "$0")/../tools/cli_check.sh"

# --- wrong usage ---
printf 'title: an input that is never read\n' >x.yaml
for ranks in 0 3; do
  on="on $ranks ranks"
  refused "misspelt command, $on" $ranks "'chekc'; did you mean 'check'" chekc x.yaml
  refused "misspelt option, $on" $ranks "'--sett'; did you mean '--set'" x.yaml --sett a=b
  refused "missing input, $on" $ranks 'x2.yaml' x2.yaml
  refused "unknown help word, $on" $ranks "'compres'; did you mean 'compress'" help compres
done
refused 'foreign command' 0 "'frobnicate'" frobnicate
refused 'foreign option' 0 "'--frobnicate'.*--set" x.yaml --frobnicate
refused 'short option' 0 "'-q'" x.yaml -q
refused 'option of another command' 0 "check: unknown option '--overwrite'" check x.yaml --overwrite
refused 'option without its value' 0 '--out DIR' x.yaml --out
refused 'option followed by an option' 0 '--out DIR' x.yaml --out --quiet
refused 'empty value' 0 'empty' x.yaml --out=
refused 'switch with a value' 0 "no value, but '1'" x.yaml --quiet=1
refused 'option given twice' 0 'twice' x.yaml --out a --out b
refused 'quiet and verbose' 0 '--verbose' x.yaml --quiet --verbose
refused 'no input' 0 'mgmd INPUT.yaml' --out a
refused 'two inputs' 0 "'y.yaml'" x.yaml y.yaml
refused 'one file for diff' 0 'mgmd diff A B' diff a.h5
refused 'three files for diff' 0 "'c'" diff a b c
refused 'a set without =' 0 '=' x.yaml --set compress.rate
refused 'a line break in a word' 0 'unknown command' $'two\nlines'
refused 'an empty word' 0 'unknown command' ''
refused 'resume and overwrite' 0 'exclude each other' x.yaml --resume auto --overwrite
refused 'a walltime without a unit' 0 "'90'.*23h50m" x.yaml --walltime 90
refused 'a walltime that is none' 0 "'-1 h'.*23h50m" x.yaml --walltime '-1 h'
refused 'completion for another shell' 0 "'zsh'.*bash" help --completion zsh
refused 'two things at once' 0 'one thing' help --man compress
refused 'help with two words' 0 "'run'" help read run
refused 'unknown potential' 0 "'cuzr-mendelev207'.*cuzr-mendelev2007" potential cuzr-mendelev207
refused 'table that is not there' 0 'none.eam.fs' potential none.eam.fs
refused 'points that are no number' 0 "'many'" potential cuzr-mendelev2007 --curves - --points many
refused 'table of a foreign name' 0 'eam.fs' potential cuzr-mendelev2007 --write table.txt

for ranks in 0 3; do
  mgmd $ranks x.yaml --verbose
  lines=$(grep -c '^mgmd: error: x.yaml:1:1: ' err)
  expect "every mistake by --verbose, on $ranks ranks" [ "$lines:$(wc -l <err):$rc" = 6:6:2 ]
done

mgmd 0
expect 'no argument: exit 2' [ "$rc" = 2 ]
expect 'no argument: usage' holds err '^usage: mgmd INPUT.yaml'
mgmd 3
expect 'no argument: usage once on 3 ranks' [ "$(grep -c '^usage' err)" = 1 ]
mgmd 0 -- --out
expect 'after -- all are words' holds err 'cannot be read'

# --- help ---
is_help() { [ "$rc" = 0 ] && [ -s out ] && empty err && ! holds out '.{80}'; }
mgmd 0 help
cp out overview
expect 'help' is_help
mgmd 0 --help
expect '--help is help' cmp -s out overview
mgmd 3 help
expect 'help is printed once on 3 ranks' cmp -s out overview
mgmd 0 check --help
expect 'check --help' holds out '^check: '
words=$(sed -n '/^commands:/,$ s/^  \([a-z][a-z-]*\).*/\1/p' overview)
expect 'help lists stages, commands and topics' [ "$(echo "$words" | wc -l)" -ge 24 ]
for word in $words; do
  mgmd 0 help "$word"
  expect "help $word" is_help
done
mgmd 0 help analyze
cp out both
expect 'a word for two things: the command' holds both 'usage: mgmd analyze .*OPTION'
expect 'and the stage' holds both 'Keys of this stage'
mgmd 0 analyze --help
expect 'analyze --help, too' cmp -s out both
mgmd 0 help compress.rate
expect 'help of one key' holds out 'required'
timeout 20 "$MGMD" help >/dev/full 2>err
rc=$?
expect 'a full disk is noticed' [ "$rc" = 1 ]
expect 'a full disk is one line' one_line err

mgmd 0 --version
header=$MGMD_SOURCE_DIR/include/mgmd/base/version.h
version=$(sed -n 's/^#define MG_VERSION "\(.*\)"/\1/p' "$header")
expect '--version' [ "$(head -n 1 out)" = "mgmd $version" ]
for part in revision compiler mpi hdf5 libyaml cairo kernels; do
  expect "--version names $part" holds out "^$part +[^ ]"
done

# --- what is generated ---
mgmd 0 help --markdown
cp out input.md
expect 'reference has no ragged table' [ "$(grep '^|' input.md | sed 's/\\|//g' |
  awk -F'|' '{ print NF }' | sort -u)" = 8 ]
mgmd 0 help --man
cp out mgmd.1
if command -v groff >/dev/null; then
  groff -man -Tutf8 -ww mgmd.1 >page 2>err
  expect 'man page without warnings' empty err
  expect 'man page with content' [ "$(wc -l <page)" -gt 200 ]
  rm page
fi
mgmd 0 help --completion bash
cp out completion
expect 'completion is bash' bash -n completion

complete_words() { # WORD...: the completions of the last one, in one line
  (
    . ./completion
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _mgmd
    echo "${COMPREPLY[*]}"
  ) 2>err
}
mkdir folder
expect 'completes commands' [ "$(complete_words mgmd di)" = diff ]
expect 'completes inputs' [ "$(complete_words mgmd check x)" = x.yaml ]
expect 'completes options' [ "$(complete_words mgmd x.yaml --over)" = --overwrite ]
expect 'completes keys' [ "$(complete_words mgmd x.yaml --set compress.ra)" = compress.rate= ]
expect 'completes keys after =' [ "$(complete_words mgmd x.yaml --set = compress.ra)" = \
  compress.rate= ]
expect 'completes values' [ "$(complete_words mgmd x.yaml --set notch.shape = semi)" = semicircle ]
expect 'completes folders' [ "$(complete_words mgmd x.yaml --out fo)" = folder ]
expect 'completes stages in help' [ "$(complete_words mgmd help compr)" = compress ]
expect 'completes potentials' [ "$(complete_words mgmd potential cuzr)" = cuzr-mendelev2007 ]
for key in $(. ./completion && echo "$_mgmd_keys"); do
  mgmd 0 help "$key"
  [ "$rc" = 0 ] || expect "help $key" false
done
rmdir folder

# --- potentials ---
mgmd 0 potential
expect 'potentials are listed' holds out 'cuzr-mendelev2007 .*Cu, Zr'
mgmd 3 potential
expect 'potentials are listed once on 3 ranks' [ "$(grep -c cuzr-mendelev2007 out)" = 1 ]
mgmd 0 potential cuzr-mendelev2007
expect 'a potential is described' holds out 'Cu-Zr +7\.6 +6'
table=$MGMD_SOURCE_DIR/potentials/CuZr_mendelev2007.eam.fs
mgmd 0 potential cuzr-mendelev2007 --write cuzr.eam.fs
expect 'a table is written' [ "$rc" = 0 ]
expect 'the table is that of potentials/' cmp -s cuzr.eam.fs "$table"
refused 'a table is not replaced' 0 'exists.*--overwrite' potential cuzr-mendelev2007 \
  --write cuzr.eam.fs
mgmd 3 potential cuzr-mendelev2007 --write cuzr.eam.fs --points 100 --overwrite
expect 'a table is replaced on request' [ "$rc" = 0 -a "$(wc -c <cuzr.eam.fs)" -lt 20000 ]
mgmd 0 potential cuzr.eam.fs
expect 'a table is read back' holds out 'Cu +63\.546'
head -c 10000 "$table" >short.eam.fs
refused 'a truncated table' 3 'short.eam.fs:[0-9]+: ' potential short.eam.fs
mgmd 0 potential cuzr-mendelev2007 --curves - --points 10
expect 'curves: 3 phi, 4 psi, 2 F' [ "$(grep -cE '^(phi|psi|F),' out)" = 90 ]
expect 'curves end at the cutoff' holds out '^phi,Cu-Zr,7\.6,0,0$'
expect 'curves are numbers' [ "$(grep -ciE 'nan|inf' out)" = 0 ]
mgmd 0 potential cuzr-mendelev2007 --write no/such/folder.eam.fs
expect 'a table that cannot be written: exit 1' [ "$rc" = 1 ]
expect 'a table that cannot be written: one line' one_line err

# --- looking at files ---
cat >two.xyz <<'END'
2
Lattice="10 0 0 0 12 0 0 0 14" Properties=species:S:1:pos:R:3 pbc="T T T"
Cu 1 2 3
Zr 4 5 6
END
mgmd 0 info two.xyz
expect 'info of extended XYZ' [ "$rc" = 0 ]
expect 'info tells the number of atoms' holds out 'atoms.*[^0-9]2([^0-9]|$)'
mgmd 3 info two.xyz
expect 'info is printed once on 3 ranks' [ "$(grep -c 'atoms' out)" = 1 ]
refused 'info of a file that is not there' 3 'none.h5' info none.h5
refused 'info of a file that is something else' 0 'x.yaml' info x.yaml
refused 'species that are no elements' 0 "'Copper" info two.xyz --species Copper,Zr
printf 'step,time\n#,ps\n0,0\n1,0.5\n' >a.csv
sed 's/0\.5/0.25/' a.csv >b.csv
cp a.csv c.csv
mgmd 0 diff a.csv c.csv
expect 'equal files: exit 0' [ "$rc" = 0 ]
for ranks in 0 3; do
  mgmd $ranks diff a.csv b.csv
  expect "different files: exit 1, on $ranks ranks" [ "$rc" = 1 ]
  expect "different files: the column is named, on $ranks ranks" holds out 'time'
  expect "different files: nothing on stderr, on $ranks ranks" empty err
done
mgmd 0 diff a.csv b.csv --quiet
expect 'diff --quiet' [ "$rc:$(wc -c <out)" = 1:0 ]
refused 'diff with a file that is not there' 0 'none.csv' diff a.csv none.csv

# --- a run: where it writes, what it refuses, and the same bits on 1 and 3 ranks ---
cat >small.yaml <<'END'
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 1
axes: {load: z, free: y, thin: x}
output: {directory: out_small, thermo: 4 fs}
stages:
  - create:
      composition: {Cu: 1}
      lattice: fcc
      lattice_constant: 3.64 A
      cells: [5, 5, 5]
      temperature: 300 K
  - run: {ensemble: nve, steps: 4}
  - write: {file: end.h5}
END
mgmd 0 small.yaml --check
expect '--check writes nothing' [ "$rc:$(ls -d out_small 2>/dev/null)" = 0: ]
cp out checked
mgmd 0 check small.yaml
expect '--check is check' cmp -s out checked
mgmd 0 small.yaml --out one --quiet
expect 'a run ends with 0' [ "$rc" = 0 ]
expect 'a run with --quiet says nothing' [ "$(cat out err | wc -c)" = 0 ]
expect 'a run leaves its files' [ -s one/thermo.csv -a -s one/end.h5 -a -s one/run.yaml -a \
  -s one/summary.yaml ]
refused 'a directory that holds a run' 0 'one.*--overwrite' small.yaml --out one
refused 'a directory that holds a run' 3 'one.*--overwrite' small.yaml --out one
mgmd 0 small.yaml --out one --overwrite
expect 'a run is replaced by --overwrite' [ "$rc" = 0 ]
mgmd 3 small.yaml --out three
expect 'a run on 3 ranks' [ "$rc" = 0 ]
expect 'progress is told once on 3 ranks' [ "$(grep -c 'results in' out)" = 1 ]
for file in end.h5 thermo.csv; do
  mgmd 0 diff one/$file three/$file
  expect "$file has the same bits on 1 and 3 ranks" [ "$rc" = 0 ]
done
mgmd 0 small.yaml --set seed=2 --out seed
mgmd 0 diff one/end.h5 seed/end.h5
expect 'another seed gives other bits' [ "$rc" = 1 ]
expect 'diff names what differs' holds out 'velocity'
mgmd 0 info one/end.h5
expect 'info of a snapshot' [ "$rc" = 0 ]
expect 'info of a snapshot: atoms' holds out '(^|[^0-9])500([^0-9]|$)'
mgmd 0 info one/end.h5 --hash
cp out hashes
mgmd 0 info three/end.h5 --hash
expect 'hashes are equal on 1 and 3 ranks' cmp -s out hashes
mgmd 0 one/run.yaml --out again
expect 'run.yaml runs again' [ "$rc" = 0 ]
mgmd 0 diff one/end.h5 again/end.h5
expect 'run.yaml gives the same bits' [ "$rc" = 0 ]
finish
