#!/bin/sh
# Compares the (component, vulnerability) pairs of `underpin scan` with an independent count from what
# `mvn dependency:list` prints and the OSV ranges (independent-count.py), both ways.
#   benchmarks/match/compare.sh PROJECT [-Pprofile] [-Dname=value]...
# PROJECT stays as it is: Maven runs in a copy.
#   OSV         folder with Maven*.jsonl.gz: the records that underpin's index was compiled from
#   MAVEN_JDK   the JDK that Maven runs on, and that the scan is told (default: JAVA_HOME)
#   PHASE       a phase before the list, for example compile, where modules need each other
#   KEEP        a folder for the lists, the pairs and the report; default: a temporary one, removed at the end
# Exit code 0: equal. 1: a difference, printed. 2: Maven or underpin failed.
set -eu
here=$(CDPATH='' cd -P -- "$(dirname -- "$0")/../.." && pwd)
project=$(CDPATH='' cd -P -- "$1" && pwd)
shift
jdk=${MAVEN_JDK:-${JAVA_HOME:?set JAVA_HOME or MAVEN_JDK}}
osv=${OSV:?set OSV to the folder of the OSV records}
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
find "$work/project" -path '*/target/underpin-list.txt' -exec cat {} + >"$keep/dependencies.txt"

code=0
"$here/underpin" scan --quiet --format json --jdk "$jdk" "$@" "$project" >"$keep/report.json" || code=$?
[ "$code" -le 1 ] || exit 2
set --
for file in "$osv"/Maven*.jsonl.gz; do
  set -- "$@" --osv "$file"
done
python3 "$here/benchmarks/match/independent-count.py" "$@" "$keep/dependencies.txt" >"$keep/expected.txt"

python3 - "$(basename "$project")" "$keep/expected.txt" "$keep/report.json" <<'END'
import json, sys

name, expected, report = sys.argv[1:]
with open(expected, encoding="utf-8") as lines:
    counted = [(purl, set(ids.split())) for purl, ids in (l.rstrip("\n").split("\t") for l in lines)]
with open(report, encoding="utf-8") as text:
    document = json.load(text)
found = [(c["component"], {c["vulnerability"]["id"], *c["vulnerability"]["aliases"]})
         for c in document["cases"]]

def without(some, others):
    ids = {}
    for purl, group in others:
        ids.setdefault(purl, set()).update(group)
    return [(purl, group) for purl, group in some if not group & ids.get(purl, set())]

missed, extra = without(counted, found), without(found, counted)
for purl, ids in missed:
    print("missed\t%s\t%s" % (purl, " ".join(sorted(ids))))
for purl, ids in extra:
    print("extra\t%s\t%s" % (purl, " ".join(sorted(ids))))
for problem in document["problems"]:
    print("problem\t%s" % json.dumps(problem))
equal = not missed and not extra and len(counted) == len(found)
print("%s: %s, %d pairs counted, %d found" % (
    name, "equal" if equal else "DIFFERENT", len(counted), len(found)))
sys.exit(0 if equal else 1)
END
