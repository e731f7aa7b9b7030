#!/usr/bin/env bash
# distcheck.sh VERSION: is the tarball complete? Unpacks it, builds, runs all tests, installs into a
# staging folder, runs the installed program, uninstalls and looks for what is left.
set -eu
cd "$(dirname "$0")/.."
name=mgmd-$1
folder=$(realpath "${BUILD:-build}")/distcheck
rm -rf "$folder"
mkdir "$folder"
tar -xzf "${BUILD:-build}/$name.tar.gz" -C "$folder"
cd "$folder/$name"
unset BUILD MGMD MGMD_SOURCE_DIR HEADERS ALL_CPPFLAGS

run() { "${MAKE:-make}" --no-print-directory BUILD=build "$@"; }

before=$(find . -type f | sort)
run "-j$(nproc)" all
run "-j$(nproc)" check-run
run install DESTDIR="$folder/stage" PREFIX=/usr
"$folder/stage/usr/bin/mgmd" --version
run uninstall DESTDIR="$folder/stage" PREFIX=/usr
left=$(find "$folder/stage" -type f)
[ -z "$left" ] || { printf 'uninstall leaves:\n%s\n' "$left" >&2 && exit 1; }
run clean
after=$(find . -type f | sort)
[ "$before" = "$after" ] || {
  printf 'building, testing and cleaning change the tree:\n' >&2
  diff <(echo "$before") <(echo "$after") >&2
  exit 1
}
rm -rf "$folder"
echo "$name.tar.gz is complete"
