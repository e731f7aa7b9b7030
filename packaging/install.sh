#!/usr/bin/env bash
# install.sh [--remove] ROOT: copies the program and what belongs to it below ROOT, or takes exactly
# that away again. Called by `make install` and `make uninstall` with ROOT = DESTDIR PREFIX.
set -eu
cd "$(dirname "$0")/.."
remove=''
[ "$1" != --remove ] || { remove=yes && shift; }
root=$1

# "source|folder below ROOT|mode|name, if another"
files() {
  local file
  echo "${BUILD:-build}/mgmd|bin|755|"
  for file in potentials/*; do echo "$file|share/mgmd/potentials|644|"; done
  for file in inputs/*; do echo "$file|share/mgmd/inputs|644|"; done
  echo "docs/mgmd.1|share/man/man1|644|"
  echo "packaging/completion/mgmd.bash|share/bash-completion/completions|644|mgmd"
  echo "LICENSE|share/doc/mgmd|644|"
}

files | while IFS='|' read -r source folder mode name; do
  target=$root/$folder/${name:-${source##*/}}
  if [ -n "$remove" ]; then
    rm -f "$target"
  elif [ -f "$source" ]; then
    mkdir -p "$root/$folder"
    install -m "$mode" "$source" "$target"
  else
    echo "install: there is no $source" >&2 && exit 1
  fi
done
if [ -n "$remove" ]; then
  for folder in share/mgmd/potentials share/mgmd/inputs share/mgmd share/doc/mgmd; do
    rmdir "$root/$folder" 2>/dev/null || true
  done
  echo "removed from $root"
else
  echo "installed below $root; try: $root/bin/mgmd --version"
fi
