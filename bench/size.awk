# size.tsv of size.sh as a table in Markdown. Columns of a line: kind, atoms, ns, list builds per
# 100 steps, MB counted, MB resident.
BEGIN { FS = "\t" }
!($2 in seen) { size[++sizes] = $2; seen[$2] = 1 }
$1 == "time" {
  ns[$2, ++n[$2]] = $3
  builds[$2] = $4
  counted[$2] = $5
  resident[$2] = $6
}
$1 == "snapshot" {
  snapshot_counted[$2] = $5
  snapshot_resident[$2] = $6
}

# One cell, width characters wide; a dash for what was not measured.
function value(number, width, digits) {
  printf " %" width "s |", (number > 0 ? sprintf("%." digits "f", number) : "-")
}

END {
  print "One rank, glass at 300 K. ns per atom and time step: median / least; counted memory in"
  print "bytes per atom, resident memory in MB, libraries included.\n"
  print "|   atoms |        ns | runs | builds per 100 steps | stepping: bytes per atom" \
    " | MB resident | snapshot: bytes per atom | MB resident |"
  print "|--:|--:|--:|--:|--:|--:|--:|--:|"
  for (k = 1; k <= sizes; k++) {
    id = size[k]
    times = n[id] ? sprintf("%.0f / %.0f", median(id), least(id)) : "-"
    printf "| %7d | %9s | %4d |", id, times, n[id]
    value(builds[id], 20, 1)
    value(counted[id] / id * 1e6, 24, 0)
    value(resident[id], 11, 0)
    value(snapshot_counted[id] / id * 1e6, 24, 0)
    value(snapshot_resident[id], 11, 0)
    printf "\n"
  }
}
