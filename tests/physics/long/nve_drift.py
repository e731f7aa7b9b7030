#!/usr/bin/env python3
"""Slope of the total energy over a run without thermostat, with its standard error.

usage: nve_drift.py DIRECTORY [PICOSECONDS_TO_DROP]

Reads thermo.csv and takes its last stage, less the first 2 ps. Velocity Verlet conserves
H + dt^2 H2, not H: the total energy follows dt^2 H2, hence the temperature, which creeps up while a
glass relaxes. So the energy per atom is fitted by a + b t + c T, and b is the drift. Its error is
that of least squares on block averages, the largest over block lengths that leave 24 blocks.
"""
import csv
import math
import sys


def read(path):
    """Columns of thermo.csv as lists of text; the second line holds the units."""
    with open(path, newline="") as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    return {name: [row[k] for row in rows[2:]] for k, name in enumerate(rows[0])}


def solve(matrix, right):
    """Solution and inverse of a small symmetric system, by elimination."""
    n = len(matrix)
    wide = [list(matrix[i]) + [right[i]] + [float(i == j) for j in range(n)] for i in range(n)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(wide[k][i]))
        wide[i], wide[pivot] = wide[pivot], wide[i]
        wide[i] = [value / wide[i][i] for value in wide[i]]
        for k in range(n):
            if k != i:
                wide[k] = [a - wide[k][i] * b for a, b in zip(wide[k], wide[i])]
    return [row[n] for row in wide], [row[n + 1:] for row in wide]


def fit(columns, y):
    """Least squares: coefficients and standard errors."""
    n, m = len(y), len(columns)
    normal = [[sum(a * b for a, b in zip(columns[i], columns[j])) for j in range(m)]
              for i in range(m)]
    moments = [sum(a * b for a, b in zip(columns[i], y)) for i in range(m)]
    coef, inverse = solve(normal, moments)
    residual = [y[k] - sum(coef[i] * columns[i][k] for i in range(m)) for k in range(n)]
    variance = sum(r * r for r in residual) / (n - m)
    return coef, [math.sqrt(variance * inverse[i][i]) for i in range(m)]


def blocks(values, length):
    return [sum(values[k:k + length]) / length
            for k in range(0, len(values) - length + 1, length)]


def main():
    directory = sys.argv[1]
    drop = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    table = read(directory + "/thermo.csv")
    last = [k for k, stage in enumerate(table["stage"]) if stage == table["stage"][-1]]
    atoms = int(next(line.split(":")[1] for line in open(directory + "/summary.yaml")
                     if line.strip().startswith("atoms:")))

    def column(name):
        return [float(table[name][k]) for k in last]

    time, energy, kelvin = column("time"), column("conserved"), column("temperature")
    start = next(k for k, t in enumerate(time) if t >= time[0] + drop)
    time, energy, kelvin = time[start:], energy[start:], kelvin[start:]
    middle = (time[0] + time[-1]) / 2
    mean_T = sum(kelvin) / len(kelvin)
    energy = [(e - energy[0]) / atoms for e in energy]
    columns = [[1.0] * len(time), [t - middle for t in time], [T - mean_T for T in kelvin]]

    coef, plain = fit(columns, energy)
    error, length = plain[1], 1
    while len(time) // (2 * length) >= 24:
        length *= 2
        error = max(error, fit([blocks(c, length) for c in columns], blocks(energy, length))[1][1])
    bare = fit(columns[:2], energy)[0]
    print("atoms %d, %d rows over %.4g ps, mean temperature %.2f K"
          % (atoms, len(time), time[-1] - time[0], mean_T))
    print("temperature rises by %.3g K/ns" % (fit(columns[:2], kelvin)[0][1] * 1e3))
    print("slope of the energy, temperature regressed out: %.3g +- %.2g eV/atom/ns"
          % (coef[1] * 1e3, error * 1e3))
    print("slope without regard to temperature: %.3g eV/atom/ns" % (bare[1] * 1e3))
    return 0 if abs(coef[1]) * 1e3 < 1e-5 else 1


if __name__ == "__main__":
    sys.exit(main())
