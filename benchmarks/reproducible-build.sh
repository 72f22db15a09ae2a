#!/bin/sh
# Proves that two builds of this commit give the same bytes: builds the archive twice, each from a fresh
# clone in a folder of its own with another name, and compares. Exit 0: the same. Takes about two minutes.
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for name in one 'another place'; do
  git clone -q "$root" "$work/$name"
  (cd "$work/$name" && mvn -B -q -Dstyle.color=never -Dmaven.test.skip=true -Pdist package)
  sleep 2 # so that a time that slipped in differs
done

status=0
for file in "$work/one"/underpin-app/target/underpin-*.tar.gz "$work/one"/underpin-*/target/*.jar; do
  other="$work/another place${file#"$work/one"}"
  if cmp -s "$file" "$other"; then
    printf 'same       %s  %s\n' "$(sha256sum "$file" | cut -c1-16)" "${file##*/}"
  else
    printf 'different  %s\n' "${file##*/}"
    status=1
  fi
done
exit $status
