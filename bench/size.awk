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

END {
  print "One rank, glass at 300 K. ns per atom and time step: median / least; counted memory in"
  print "bytes per atom, resident memory in MB, libraries included.\n"
  print "| atoms | ns | runs | builds per 100 steps | stepping: bytes per atom | MB resident" \
    " | snapshot: bytes per atom | MB resident |"
  print "|--:|--:|--:|--:|--:|--:|--:|--:|"
  for (k = 1; k <= sizes; k++) {
    id = size[k]
    printf "| %7d | %.0f / %.0f | %d | %.1f | %.0f | %.0f | %.0f | %.0f |\n", id,
      median(id), least(id), n[id], builds[id], counted[id] * 1e6 / id,
      resident[id], snapshot_counted[id] * 1e6 / id, snapshot_resident[id]
  }
}
