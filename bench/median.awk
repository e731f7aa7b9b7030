# Order statistics for the benchmarks' tables, of the n[id] values ns[id, 1..n[id]].

# value number m in rising order; halves lie between two
function ordered(id, m, i, j, v, s) {
  for (i = 1; i <= n[id]; i++) {
    v = ns[id, i]
    for (j = i - 1; j && s[j] > v; j--) s[j + 1] = s[j]
    s[j + 1] = v
  }
  return (s[int(m)] + s[int(m + 0.5)]) / 2
}

function median(id) { return ordered(id, (n[id] + 1) / 2) }
function least(id) { return ordered(id, 1) }
