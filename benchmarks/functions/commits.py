#!/usr/bin/env python3
"""Lists fix commits as "id TAB owner/name TAB commit", for fix-commits.py.

commits.py advisories FILE.jsonl.gz...      commits that OSV records of Maven packages refer to, by the record's id
commits.py truth projectkb-fix-commits.csv  those of project-kb, by CVE
"""
import csv
import gzip
import json
import re
import sys

REFERENCE = re.compile(r"https://github\.com/([^/]+/[^/]+)/(?:pull/\d+/commits|commit)/([0-9a-f]{7,40})")
REPOSITORY = re.compile(r"https?://(?:github\.com/|git-wip-us\.apache\.org/repos/asf|gitbox\.apache\.org/repos/asf)/?(.+?)(?:\.git)?/?$")
rows = set()
if sys.argv[1] == "truth":
    for row in csv.DictReader(open(sys.argv[2])):
        found = REPOSITORY.match(row["repository"])
        if found and re.fullmatch(r"[0-9a-f]{6,40}", row["commit"]):
            name = found[1] if "/" in found[1] else "apache/" + found[1]
            rows.add((row["vulnerability_id"], name, row["commit"]))
else:
    for file in sys.argv[2:]:
        for line in gzip.open(file, "rt"):
            record = json.loads(line)
            for reference in record.get("references", []):
                found = REFERENCE.match(reference["url"])
                if found:
                    rows.add((record["id"], found[1], found[2]))
for row in sorted(rows):
    print("\t".join(row))
