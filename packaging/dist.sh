#!/usr/bin/env bash
# dist.sh VERSION REVISION: writes BUILD/mgmd-VERSION.tar.gz from the files git knows (in a tree
# without git: all but what is built), with the revision inside. Equal trees give equal tarballs.
set -eu
cd "$(dirname "$0")/.."
name=mgmd-$1
build=${BUILD:-build}
mkdir -p "$build/dist"
printf '%s\n' "$2" >"$build/dist/REVISION"
if [ -e .git ]; then
  git ls-files
else
  find . -type f -not -path './build*' -not -path './out/*' -not -name REVISION | sed 's|^\./||'
fi | LC_ALL=C sort | tar --transform "s|^|$name/|" --owner=0 --group=0 --numeric-owner \
  --mtime=@"$(git log -1 --format=%ct 2>/dev/null || echo 0)" \
  -cf "$build/$name.tar" -T - -C "$(realpath "$build/dist")" REVISION
gzip -nf9 "$build/$name.tar"
echo "$build/$name.tar.gz"
