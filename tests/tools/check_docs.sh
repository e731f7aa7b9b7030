#!/usr/bin/env bash
# What the program's own tables generate (input reference, man page, completion) equals what is
# committed; and the version is the same wherever it is written.  With --write: writes the files.
set -u
cd "$(dirname "$0")/../.." || exit 1
MGMD=${MGMD:-build/mgmd}
[ -x "$MGMD" ] || { echo "skipped: there is no $MGMD" && exit 77; }
bad=0

generated() { # FILE ARGUMENT...: what the program prints is to be in that file
  local file=$1 text
  shift
  text=$("$MGMD" help "$@" && echo .) || { echo "mgmd help $* failed" && bad=1 && return; }
  text=${text%.}
  if [ -n "$write" ]; then
    mkdir -p "$(dirname "$file")"
    printf '%s' "$text" >"$file"
  elif ! printf '%s' "$text" | cmp -s - "$file"; then
    echo "$file is not what 'mgmd help $*' prints; run: make docs"
    bad=1
  fi
}

write=${1:-}
generated docs/input.md --markdown
generated docs/mgmd.1 --man
generated packaging/completion/mgmd.bash --completion bash

version=$(sed -n 's/^.define MG_VERSION "\(.*\)"/\1/p' include/mgmd/base/version.h)
grep -qE "^version: \"?$version\"?$" CITATION.cff || {
  echo "CITATION.cff: the version is $version" && bad=1
}
grep -qE "^## \[($version|Unreleased)\]" CHANGELOG.md || {
  echo "CHANGELOG.md: no section for $version" && bad=1
}
exit $bad
