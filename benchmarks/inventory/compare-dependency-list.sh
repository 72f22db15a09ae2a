#!/bin/sh
# Compares what underpin resolves with what `mvn dependency:list` prints, module by module, component for
# component and scope for scope.
#   benchmarks/inventory/compare-dependency-list.sh PROJECT [-Pprofile] [-Dname=value]...
# PROJECT stays as it is: everything happens in a copy. Modules that need a jar, test-jar or war of another
# module need its packaging: set PHASE=package then (tests are not run).
#   MAVEN_JDK   the JDK that Maven runs on (default: JAVA_HOME); profiles are activated by it in both
#   PHASE       a phase before the list, for example package
#   KEEP        a folder for both lists; default: a temporary one, removed at the end
# Exit code 0: all equal. 1: a difference, printed as a diff. 2: Maven or underpin failed.
set -eu
here=$(CDPATH='' cd -P -- "$(dirname -- "$0")/../.." && pwd)
project=$(CDPATH='' cd -P -- "$1" && pwd)
shift
jdk=${MAVEN_JDK:-${JAVA_HOME:?set JAVA_HOME or MAVEN_JDK}}
java25=${UNDERPIN_JAVA_HOME:-$JAVA_HOME}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
keep=${KEEP:-$work}
mkdir -p "$keep"
cp -R "$project" "$work/project"
find "$work/project" -name underpin-list.txt -exec rm -f {} +

( cd "$work/project" && JAVA_HOME=$jdk mvn -B -q "$@" ${PHASE:-} -DskipTests \
    -Dlicense.skip=true -Denforcer.skip=true -Dformatter.skip=true -Dimpsort.skip=true \
    org.apache.maven.plugins:maven-dependency-plugin:3.9.0:list \
    -DoutputFile=target/underpin-list.txt ) >"$work/mvn.log" 2>&1 ||
  { tail -n 30 "$work/mvn.log" >&2; exit 2; }

# The plugin's lists in our form: no colours, no module notes, sorted; a module without one is a pom.
( cd "$work/project"
  find . -path '*/target/underpin-list.txt' | sed 's|^\./||' | while IFS= read -r list; do
    module=${list%target/underpin-list.txt}
    module=${module%/}
    printf '%s\t%s\n' "${module:-.}" "$list"
  done | LC_ALL=C sort | while IFS="$(printf '\t')" read -r module list; do
    echo "## $module"
    sed -e "s/$(printf '\033')\[[0-9;]*m//g" -e 's/ -- module .*//' -e 's/^ *//' "$list" |
      grep -E '^[^ ]+:[^ ]+:[^ ]+:[^ ]+' | LC_ALL=C sort -u
  done ) >"$keep/maven.txt"

( cd "$here"
  JAVA_HOME=$java25 mvn -B -q -pl underpin-case,underpin-evidence,underpin-engine test-compile \
    dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test ) \
  >"$work/build.log" 2>&1 || { grep ERROR "$work/build.log" >&2; exit 2; }
classes=$here/underpin-engine/target/test-classes:$here/underpin-engine/target/classes:$here/underpin-case/target/classes
"$java25/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$classes:$(cat "$work/classpath")" \
  underpin.maven.DependencyList "$work/project" "$jdk" "$@" >"$work/ours" 2>"$work/ours.err" ||
  { cat "$work/ours.err" >&2; exit 2; }
grep -v SLF4J "$work/ours.err" >&2 || true

# Both in the order of module paths.
awk '/^## /{m=$2} {print m "\t" $0}' "$work/ours" | LC_ALL=C sort -s -t "$(printf '\t')" -k1,1 |
  cut -f2- >"$keep/underpin.txt"
if diff -u "$keep/maven.txt" "$keep/underpin.txt"; then
  echo "$(basename "$project"): equal, $(grep -c '^## ' "$keep/maven.txt") modules, $(grep -vc '^## ' "$keep/maven.txt") dependencies"
else
  exit 1
fi
