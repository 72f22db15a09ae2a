#!/usr/bin/env python3
"""Holds derived lists against methods that fix commits changed: enlarged.py TRUTH.tsv RESULTS

TRUTH is the output of fix-commits.py, RESULTS a folder with ID.json. Methods are compared by class and name; one of an anonymous class counts
for the method around it. Advisories whose lists used a commit they refer to are counted apart, by the signals.
"""
import json
import os
import statistics
import sys

truth = {}
for line in open(sys.argv[1]):
    ident, _, name, method, _ = line.rstrip("\n").split("\t")
    if method:
        truth.setdefault(ident, set()).add((name, method))
rows, undecided, elsewhere = [], [], []
for ident in sorted(truth):
    file = os.path.join(sys.argv[2], ident + ".json")
    if not os.path.exists(file) or not os.path.getsize(file):
        continue
    found = json.load(open(file))
    if found["status"] != "derived":
        undecided.append((ident, found["because"]))
        continue

    def is_right(f):
        around = tuple(f["enclosing"].rsplit(".", 1)) if "enclosing" in f else None
        return (f["className"], f["methodName"]) in truth[ident] or around in truth[ident]

    functions = found["functions"]
    ranks = [f["rank"] for f in functions if is_right(f)]
    used = any("patch-file" in f.get("signals", {}) for f in functions)
    if not ranks:
        elsewhere.append(ident)
    rows.append((used, bool(ranks), any(f["inCut"] and is_right(f) for f in functions), sum(f["inCut"] for f in functions)))
    print(ident, f"first {min(ranks, default=0)} cut {rows[-1][3]}", "" if rows[-1][2] else "MISSED", "commit known" if used else "")
for name, some in (("all", rows), ("commit known", [r for r in rows if r[0]]), ("commit not known", [r for r in rows if not r[0]])):
    if some:
        there = sum(r[1] for r in some)
        print(f"{name}: {len(some)} compared, a patched one among the changed {there}, in the cut {sum(r[2] for r in some)}, median cut {statistics.median(r[3] for r in some)}")
print(f"undecided: {len(undecided)}; no patched method among the changed ones of the named package: {len(elsewhere)}: {' '.join(elsewhere)}")
