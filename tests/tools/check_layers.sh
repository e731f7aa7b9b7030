#!/usr/bin/env bash
# Layers: a folder of src/ and its headers in include/mgmd/ include only themselves and the folders
# before them in the order below. <mpi.h> is seen by comm, io and cmd alone; the other libraries
# have one home each. Headers in include/ stay free of them all, so that nobody gets them by the
# back door.
set -u
cd "$(dirname "$0")/../.." || exit 1

find src include/mgmd -name '*.[ch]' -o -name '*.cc' | sort | while read -r file; do
  sed -n "s|^ *# *include *\([<\"][^>\"]*\).*|$file \1|p" "$file"
done | awk '
  function complain(text) { printf "%s: %s\n", $1, text; bad = 1 }
  BEGIN {
    n = split("base state comm potential force dynamics io analysis plot stage cmd", layer, " ")
    for (k = 1; k <= n; k++) rank[layer[k]] = k
    home["<mpi.h"] = home["\"mgmd/comm/mpi.h"] = " comm io cmd "
    home["<hdf5.h"] = home["<yaml.h"] = " io cmd "
    home["<cairo.h"] = " plot "
    home["<voro++/cell.hh"] = " analysis "
  }
  {
    split($1, part, "/")
    here = part[1] == "src" ? part[2] : part[3]
    if (!(here in rank)) { complain(here ": no layer; they are listed in " script); next }
    if ($2 in home || $2 ~ /^<cairo/) {
      homes = $2 ~ /^<cairo/ ? " plot " : home[$2]
      if (!index(homes, " " here " ")) complain(substr($2, 2) " is only for:" homes)
      else if (part[1] == "include" && $1 != "include/mgmd/comm/mpi.h")
        complain(substr($2, 2) " in an interface header; include it in the .c files")
    }
    if ($2 ~ /^"mgmd\//) {
      split(substr($2, 2), to, "/")
      if (!(to[2] in rank)) complain(substr($2, 2) ": no such layer")
      else if (rank[to[2]] > rank[here]) complain(here " may not include " to[2])
    } else if ($2 ~ /^"/ && $2 ~ /\//)
      complain(substr($2, 2) ": private headers are included from their own folder only")
  }
  END { exit bad }' script="$0"
