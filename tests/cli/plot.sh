#!/usr/bin/env bash
# `mgmd plot`: every kind of picture is a valid file of the size asked for, in every format; colours
# are where the atoms are; wrong usage and files without what is asked for are refused in one line.
. "$(dirname "$0")/../tools/cli_check.sh"
here=$MGMD_SOURCE_DIR

# The stand-in that is built where cairo is missing offers the same functions.
${MPICC:-mpicc} -std=c11 -D_POSIX_C_SOURCE=200809L -I"$here/include" -Wall -Wextra -Wpedantic \
  -Werror -c "$here/src/plot/canvas_none.c" -o none.o 2>err
expect 'the stand-in for cairo compiles' [ -f none.o ]
functions() { nm -g --defined-only "$1" | awk '/ mg_canvas/ { print $3 }' | sort; }
functions none.o >none
header=$here/include/mgmd/plot/canvas.h
sed -n 's/^[a-z].*[ *]\(mg_canvas_[a-z_]*\)(.*/\1/p' "$header" | sort >wanted
expect 'the stand-in has every function' [ "$(wc -l <wanted)" -ge 15 -a -z "$(diff none wanted)" ]
rm -f none.o none wanted

mgmd 0 --version
if holds out '^cairo +none'; then
  refused 'plot without cairo' 0 'libcairo2-dev' plot x
  finish
fi

# A crystal, which is as good as a glass here, loaded and unloaded in a second.
cat >run.yaml <<'Y'
title: a small sample
potential: cuzr-mendelev2007
timestep: 2 fs
seed: 3
axes: {load: z, free: y, thin: x}
output: {directory: run, thermo: 0.01 ps}
stages:
  - create:   {composition: {Cu: 90, Zr: 10}, lattice: fcc, lattice_constant: 3.7 A,
               cells: [4, 6, 8], temperature: 50 K}
  - minimize: {max_steps: 100, pressure: {x: 0 GPa, y: 0 GPa, z: 0 GPa}}
  - open:     {}
  - compress: {rate: 1e11 1/s, strain: 2 %, temperature: 50 K, snapshots: 1 %}
  - unload:   {to: 0 GPa, hold: 0.1 ps}
Y
mgmd 2 run.yaml
expect 'the run ends well' [ "$rc" = 0 ]
mgmd 2 run.yaml --out second --set compress.rate='2e11 1/s' --set output.fields='[velocity]'
expect 'a second run, without strains' [ "$rc" = 0 ]

# Width and height of a PNG, from its header.
size() { od -An -tu1 -j16 -N8 "$1" | awk '
  { print ($1 * 256 + $2) * 65536 + $3 * 256 + $4, ($5 * 256 + $6) * 65536 + $7 * 256 + $8 }'; }
width() { size "$1" | cut -d' ' -f1; }
is_png() {
  [ "$(od -An -tx1 -N8 "$1" | tr -d ' ')" = 89504e470d0a1a0a ] &&
    [ "$(tail -c 8 "$1" | od -An -tx1 | tr -d ' ')" = 49454e44ae426082 ]
}

# --- every picture ---
mgmd 0 plot run
expect 'plot' [ "$rc:$(cat out)" = "0:run/panel.png
run/stress-strain.png" ]
expect 'nothing on stderr' empty err
expect 'the panel is a PNG' is_png run/panel.png
expect 'the panel is at most 180 mm wide at 300 dpi' [ "$(width run/panel.png)" -le 2126 ]
expect 'the curves are a PNG' is_png run/stress-strain.png
expect 'the curves are 85 mm wide' [ "$(width run/stress-strain.png)" = 1004 ]
cp run/panel.png before.png
mgmd 3 plot run
expect 'named once on 3 ranks' [ "$rc:$(wc -l <out)" = 0:2 ]
expect 'the same picture again' cmp -s before.png run/panel.png
mgmd 0 plot run --what stress-strain --width 120 --dpi 100 --out wide.png --quiet
expect 'width and dpi' [ "$(width wide.png):$(wc -c <out)" = 473:0 ]
# pHYs behind the header: 9 bytes, 100 dpi are 3937 pixels per metre, each way
expect 'a PNG tells its resolution' [ "$(od -An -tx1 -j33 -N17 wide.png | tr -d ' \n')" = \
  000000097048597300000f6100000f6101 ]
mgmd 0 plot run --what panel --fields d2min --width 150 --dpi 100 --out wide.png
expect 'maps keep the width' [ "$rc:$(width wide.png)" = 0:591 ]
mgmd 0 plot run --what panel --fields d2min --out wide.png
expect 'a slim map takes less unless told' [ "$(width wide.png)" -lt 2000 ]
for kind in panel stress-strain profile histogram thermo rdf; do
  mgmd 0 plot run --what $kind --dpi 60 --title "A title" --out picture.png
  expect "$kind as PNG" is_png picture.png
  mgmd 0 plot run --what $kind --dpi 60 --out picture.pdf
  expect "$kind as PDF" [ "$(head -c 5 picture.pdf):$(tail -c 6 picture.pdf | head -n 1)" = \
    '%PDF-:%%EOF' ]
  expect "$kind as PDF, without a date" [ -z "$(grep -a CreationDate picture.pdf)" ]
  mgmd 0 plot run --what $kind --dpi 60 --out picture.svg
  expect "$kind as SVG" [ "$(head -c 5 picture.svg):$(tail -n 1 picture.svg)" = '<?xml:</svg>' ]
done
for way in '--what panel --as grid' '--what panel --as atoms' '--what panel --as grid --cell 1nm' \
  '--what panel --radius 2A' '--snapshots first,last' \
  '--snapshots 0,2' '--fields stress.zz,velocity.norm,species,force.x,strain.yz' \
  '--range d2min=0:5 --fields d2min'; do
  # shellcheck disable=SC2086
  mgmd 0 plot run --dpi 60 --out way.png $way
  expect "plot $way" is_png way.png
  rm -f way.png
done
for way in '--what profile --along x' '--what profile --along 0,0:2,2 --band 0.5nm --bin 0.2nm' \
  '--what histogram --log' '--what rdf --reach 0.8nm' '--what thermo --columns work,lz' \
  '--what thermo --against strain' '--what stress-strain --stress true,gross'; do
  # shellcheck disable=SC2086
  mgmd 0 plot run --dpi 60 --out way.png $way
  expect "plot $way" is_png way.png
  rm -f way.png
done
mgmd 0 plot run --what film --fields strain_12 --out film
expect 'a film' [ "$rc:$(cat out)" = '0:film/000000.png to 000003.png' ]
expect 'frames are numbered' [ "$(cd film && echo *)" = \
  '000000.png 000001.png 000002.png 000003.png' ]
sizes=$(for frame in film/*.png; do size "$frame"; done | sort -u)
expect 'frames have one size, even' [ "$(echo "$sizes" | awk '{ print NR, $1 % 2, $2 % 2 }')" = \
  '1 0 0' ]
mgmd 0 plot run --what film --fields strain_12 --width 81 --out film
sizes=$(for frame in film/*.png; do size "$frame"; done | sort -u)
expect 'frames have one size, whatever they are called' one_line <(echo "$sizes")
mgmd 0 plot run --what film --fields strain_12 --snapshots 0,2 --out short
expect 'a film of some snapshots' [ "$rc:$(cd short && echo *)" = '0:000000.png 000001.png' ]
mkdir unfinished
cp run/run-00000[01].h5 unfinished
mgmd 0 plot unfinished
expect 'a run that is not loaded yet' holds out \
  '^unfinished/panel.png: not loaded yet, number 1 is the newest: loading, strain .*1.0 %$'
rm -r short unfinished
mgmd 0 plot second
expect 'curves of a run without strains' [ "$rc:$(cat out)" = "0:no panel: second/second-000003.h5 \
holds no strains
second/stress-strain.png" ]
mgmd 2 run.yaml --out third --set output.fields='[rotation_angle]'
mgmd 0 plot third --dpi 60
expect 'a panel of those fields that are there' [ "$rc:$(cat out)" = "0:third/panel.png
third/stress-strain.png" ]
refused 'not of those asked for' 0 'holds no d2min' plot third --fields rotation_angle,d2min
mgmd 0 plot run second --what stress-strain --labels slow,fast
expect 'two runs together' [ "$rc:$(cat out)" = 0:stress-strain.png ]
mgmd 0 plot second/thermo.csv --format svg
expect 'a table alone' [ "$rc:$(cat out)" = 0:second/thermo-stress-strain.svg ]
mgmd 0 plot run/run-000002.h5
expect 'a snapshot alone' [ "$rc:$(cat out)" = 0:run/run-000002-panel.png ]
mgmd 0 plot second --fields velocity.z --snapshots last
expect 'other fields of a run without strains' [ "$rc:$(cat out)" = 0:second/panel.png ]
mgmd 0 plot run/run-000002.h5 run/run-000003.h5 --dpi 60
expect 'snapshots together' [ "$rc:$(cat out)" = 0:panel.png ]
mv run renamed
mgmd 0 plot renamed
expect 'a run whose folder was renamed' [ "$rc:$(head -n 1 out)" = 0:renamed/panel.png ]
mv renamed run

# Before the first compress there is no strain: those rows are not in the picture.
head -n 2 run/thermo.csv >loads.csv
grep -E ',(compress|unload),' run/thermo.csv >>loads.csv
mgmd 0 plot loads.csv --what thermo --against strain --out loads.png
mgmd 0 plot run --what thermo --against strain --out all.png
expect 'against strain, from the first compress on' cmp -s loads.png all.png
rm loads.csv loads.png all.png

# --- wrong usage ---
mkdir empty
echo text >text.h5
printf 'a,b\n1,2\n3,4\n' >other.csv
printf 'time,stage,strain\n0,run,0\n1,run,0\n' >unloaded.csv
head -c 3000 run/run-000002.h5 >short.h5
for ranks in 0 3; do
  refused "no such run, $ranks ranks" $ranks 'none: cannot be read' plot none
  refused "a misspelt field, $ranks ranks" $ranks "'d2mim'; did you mean 'd2min'" plot run \
    --fields d2mim
done
refused 'no run' 0 'mgmd plot RUN' plot
refused 'a folder without a run' 0 'empty: holds no run' plot empty
refused 'a file of something else' 0 'run.yaml: is neither' plot run.yaml
refused 'not HDF5' 0 'text.h5' plot text.h5
refused 'a truncated snapshot' 0 'short.h5' plot short.h5
refused 'another table' 0 "other.csv: has no column 'time'" plot other.csv
refused 'no strains' 0 'holds no von_mises_strain; strains are there from .*compress' plot second \
  --what panel
refused 'a foreign field' 0 "no field 'hardness'; it holds .*velocity" plot run --fields hardness
refused 'a path for a field' 0 "'/etc/passwd'" plot run --fields /etc/passwd
refused 'a field without its component' 0 'xx, yy, zz, xy, xz, yz' plot run --fields stress
refused 'a component of a scalar' 0 'd2min.*has no components' plot run --fields d2min.x
refused 'no such component' 0 'valid: x, y, z, norm' plot run --fields velocity.w
refused 'an empty field' 0 'list of names' plot run --fields d2min,,d2min
refused 'an unknown kind' 0 "'panels' is not one of panel" plot run --what panels
refused 'an unknown format' 0 'png, pdf, svg' plot run --format gif
refused 'an unknown ending' 0 "'x.gif' does not end in" plot run --out x.gif --what panel
refused 'one name for two pictures' 0 'names one picture' plot run --out x.png
refused 'one name for two snapshots' 0 'one of each file; name one file' plot \
  run/run-000002.h5 run/run-000003.h5 --what rdf --out x.png
refused 'a film as PDF' 0 'a film is a folder of PNGs' plot run --what film --format pdf
refused 'a film in one file' 0 'a film is a folder of PNGs' plot run --what film --out x.png
refused 'no such snapshot' 0 'numbers 0 to 3' plot run --snapshots 9
refused 'an unknown snapshot' 0 'loaded, unloaded, first, last' plot run --snapshots end
refused 'a length without unit' 0 "'2' is not a length" plot run --cell 2
refused 'a negative length' 0 'is not a length' plot run --radius '-1 A'
refused 'a range without its end' 0 'FIELD=LOW:HIGH' plot run --range d2min=3
refused 'a range upside down' 0 'LOW is not below HIGH' plot run --range d2min=3:1
refused 'a range of another field' 0 "'d2min' is not among" plot run --range d2min=0:3
refused 'a style' 0 'auto, atoms, grid' plot run --as dots
refused 'a stress' 0 'gross, net, true' plot run --stress shear
refused 'labels that do not fit' 0 '2 names for 1 runs' plot run --labels a,b
refused 'a width that is no number' 0 "'wide'" plot run --width wide
refused 'a page too narrow for its maps' 0 'of 4 fields of 2 snapshots.* 30 mm wide' plot run \
  --what panel --width 30
long=$(printf '%0200d' 0)
refused 'a title in one long word' 0 'too long for a page 180' plot run --what panel --title "$long"
refused 'a title too long for a chart' 0 'too long for a page 85' plot run \
  --what rdf --title "$long"
refused 'more pixels than fit' 0 'too large' plot run --dpi 2400
refused 'a foreign column' 0 "'temprature'; did you mean 'temperature'" plot run --what thermo \
  --columns temprature
refused 'a column of words' 0 'does not hold numbers' plot run --what thermo --columns stage
refused 'a foreign x' 0 "'tide'; did you mean 'time'" plot run --what thermo --against tide
refused 'a line of three numbers' 0 'nor a line in nm' plot run --what profile --along 0,0:1
refused 'a line without length' 0 'ends of the line coincide' plot run --what profile \
  --along 1,1:1,1
refused 'a line beside the sample' 0 'no atom of .* is on the line' plot run --what profile \
  --along 90,90:95,95
refused 'bins longer than the line' 0 'is not less than the line' plot run --what profile \
  --bin 90nm
refused 'a page too narrow for charts' 0 'narrower than 39 mm' plot run --what thermo --width 30
refused 'pairs further than the cell' 0 'more than the cell' plot run --what rdf --reach 9nm
refused 'curves of a snapshot' 0 'no thermo.csv' plot run/run-000001.h5 --what stress-strain
refused 'no rows of compress' 0 'no rows of a stage compress' plot unloaded.csv --what stress-strain
refused 'no columns of stress' 0 'no columns time, stage and strain' plot other.csv \
  --what stress-strain
refused 'a folder that does not exist' 0 "no directory 'no/such'" plot run --what thermo \
  --out no/such/folder.png
refused 'a film in a folder that does not exist' 0 "no directory 'no'" plot run --what film \
  --out no/film
mkdir -p taken.png.tmp
mgmd 0 plot run --what thermo --out taken.png
expect 'a picture that cannot be written: exit 1' [ "$rc" = 1 ]
expect 'a picture that cannot be written: one line' one_line err

# --- colours stand where the atoms are ---
python=
for candidate in "${PYTHON:-python3}" /usr/bin/python3; do
  "$candidate" -c 'import h5py, numpy' 2>/dev/null && python=$candidate && break
done
if [ -z "$python" ]; then
  echo "ok colours of a picture # SKIP python3 has no h5py (Debian: python3-h5py)"
  finish
fi
cat >paint.py <<'P'
# Quarters of the sample get one value each: 0 and 40 % are the ends of the colour bar.
import sys
import h5py
import numpy as np

with h5py.File(sys.argv[1], "r+") as f:
    atoms = f["particles/all"]
    x = atoms["position/value"][0]
    right, upper = (x[:, k] > np.median(x[:, k]) for k in (1, 2))
    atoms["von_mises_strain/value"][0] = np.where(right, np.where(upper, 0.4, 0.1),
                                                  np.where(upper, 0.2, 0.0))
    atoms["strain_12/value"][0] = np.where(right, 0.0, -1.0)
    print(np.ptp(x[:, 1]) / np.ptp(x[:, 2]))
P
cat >look.py <<'P'
import struct
import sys
import zlib
import numpy as np


def read_png(path):
    data, at, body = open(path, "rb").read(), 8, b""
    while at < len(data):
        n, kind = struct.unpack(">I4s", data[at:at + 8])
        chunk = data[at + 8:at + 8 + n]
        assert zlib.crc32(kind + chunk) == struct.unpack(">I", data[at + 8 + n:at + 12 + n])[0]
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", chunk[:10])
            assert depth == 8 and color == 2
        body += chunk if kind == b"IDAT" else b""
        at += 12 + n
    raw, row, rows = zlib.decompress(body), [0] * (3 * width), []
    for y in range(height):
        how, line = raw[y * (3 * width + 1)], list(raw[y * (3 * width + 1) + 1:][:3 * width])
        for k in range(3 * width):
            a, b, c = (line[k - 3], row[k], row[k - 3]) if k > 2 else (0, row[k], 0)
            if how == 1:
                line[k] += a
            elif how == 2:
                line[k] += b
            elif how == 3:
                line[k] += (a + b) // 2
            elif how == 4:
                p, q, r = abs(b - c), abs(a - c), abs(a + b - 2 * c)
                line[k] += a if p <= q and p <= r else b if q <= r else c
            line[k] &= 255
        rows.append(line)
        row = line
    pixel = np.array(rows).reshape(height, width, 3)
    return pixel[:, :, 0] << 16 | pixel[:, :, 1] << 8 | pixel[:, :, 2]


def place(pixel, color):
    """Middle of the widest block of a colour, and its share of the picture."""
    y, x = np.nonzero(pixel == color)
    assert len(x) > 0.01 * pixel.size, hex(color)
    return np.median(x), np.median(y), len(x)


pixel, aspect = read_png(sys.argv[1]), float(sys.argv[2])
if sys.argv[3] == "margin":        # nothing is cut off
    assert all((edge == 0xffffff).all() for edge in (pixel[:2], pixel[-2:], pixel[:, :2].T,
                                                     pixel[:, -2:].T))
elif sys.argv[3] == "colors":      # the commonest one but white, and whether grey is there
    colors, counts = np.unique(pixel[pixel != 0xffffff], return_counts=True)
    print("%06x" % colors[np.argmax(counts)], int((pixel == 0x8c8c8c).sum() > 100))
elif sys.argv[3] == "sequential":
    low = place(pixel, 0x440154)   # the ends of viridis, left below and right above
    high = place(pixel, 0xfde725)
    assert low[0] < high[0] and low[1] > high[1]
    assert 0.8 < low[2] / high[2] < 1.25
    measured = (high[0] - low[0]) / (low[1] - high[1])
    assert abs(measured / aspect - 1) < 0.1, (measured, aspect)
    counts = np.sort(np.unique(pixel, return_counts=True)[1])[::-1]
    assert counts[4] > 0.5 * high[2]   # white and four quarters
else:
    colors, counts = np.unique(pixel, return_counts=True)
    first = colors[np.argsort(counts)[-3:]]
    white, grey, blue = 0xffffff, None, None
    for color in first:
        r, g, b = color >> 16, color >> 8 & 255, color & 255
        grey = color if color != white and max(r, g, b) - min(r, g, b) < 4 else grey
        blue = color if b > r + 60 else blue
    assert white in first and grey is not None and blue is not None, first
    assert place(pixel, blue)[0] < place(pixel, grey)[0]   # -1 on the left, 0 on the right
P
cp run/run-000002.h5 painted.h5
aspect=$("$python" paint.py painted.h5)
mgmd 0 plot painted.h5 --fields von_mises_strain --range von_mises_strain=0:40 --as grid \
  --cell 0.3nm --width 60 --dpi 100 --out quarters.png
expect 'colours of the quarters' "$python" look.py quarters.png "$aspect" sequential
mgmd 0 plot painted.h5 --fields von_mises_strain --range von_mises_strain=0:40 --as atoms \
  --radius 3A --width 60 --dpi 100 --out quarters.png
expect 'colours of the atoms' "$python" look.py quarters.png "$aspect" sequential
mgmd 0 plot painted.h5 --fields strain_12 --as grid --cell 0.3nm --width 60 --dpi 100 \
  --out halves.png
expect 'a diverging map is centred at zero' "$python" look.py halves.png "$aspect" diverging
mgmd 0 plot painted.h5 --fields strain_12 --range strain_12=-100:300 --as grid --cell 0.3nm \
  --width 60 --dpi 100 --out halves.png
expect 'zero stays the centre' "$python" look.py halves.png "$aspect" diverging
cat >fill.py <<'P'
# Equal stresses of 0.5 eV, about 6 GPa; no D2min; half of the Voronoi cells are not closed.
import sys
import h5py
import numpy as np

with h5py.File(sys.argv[1], "r+") as f:
    atoms = f["particles/all"]
    n = atoms["d2min/value"].shape[1]
    atoms["d2min/value"][:] = 0
    atoms["stress/value"][0, :, 2] = 0.5
    right = atoms["position/value"][0, :, 1] > np.median(atoms["position/value"][0, :, 1])
    atoms["voronoi_volume/value"] = np.where(right, 0.0, 12.0)[None]
P
cp painted.h5 filled.h5
"$python" fill.py filled.h5
colors_of() {
  mgmd 0 plot filled.h5 --fields "$1" --as grid --cell 1nm --width 60 --dpi 100 --out way.png \
    ${2:+--range "$1=$2"}
  "$python" look.py way.png 1 colors
}
expect 'a bar of zeros begins at zero' [ "$(colors_of d2min)" = '440154 0' ]
expect 'a grid shows stresses in GPa' [ "$(colors_of stress.zz -1:1)" = "$(colors_of stress.zz \
  -0.01:0.01)" ]
expect 'open Voronoi cells have no volume' [ "$(colors_of voronoi_volume 0:12)" = 'fde725 1' ]
eight=von_mises_strain,rotation_angle,volumetric_strain,strain_12,d2min,stress.zz,force.x,species
for way in '--fields von_mises_strain --width 60' '--as grid --width 85' \
  "--width 120 --fields $eight"; do
  # shellcheck disable=SC2086
  mgmd 0 plot run --what panel --dpi 100 --out way.png $way --title \
    'A title that is longer than this page is wide and still not cut off'
  expect "nothing is cut off, $way" "$python" look.py way.png 1 margin
done
finish
