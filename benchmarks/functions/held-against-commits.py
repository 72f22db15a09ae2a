#!/usr/bin/env python3
"""Holds lists that were derived of releases alone against the fix commits: held-against-commits.py RESULTS FIX-COMMITS.tsv.gz

A method is right if the commit changed it (by class and name, or the method around an anonymous class). Prints for how many
advisories a right one is among all changed methods and in the cut, and both by how sure the best candidate's score is: what
Ranking's confidence is fitted to.
"""
import glob
import json
import os
import statistics
import sys

import truth


def main():
    results, commits = sys.argv[1:3]
    known = truth.of_commits(commits)
    rows, undecided, no_methods = [], 0, 0
    for file in sorted(glob.glob(os.path.join(results, "*.json"))):
        ident = os.path.basename(file)[:-5]
        result = json.load(open(file))
        methods = known.get(ident, set())
        if not methods:
            no_methods += 1
            continue
        if result["status"] != "derived":
            undecided += 1
            continue

        ranks = [f["rank"] for f in result["functions"] if truth.is_right(methods, f)]
        cut = sum(f["inCut"] for f in result["functions"])
        best = max(f["score"] for f in result["functions"])
        rows.append((ident, bool(ranks), bool(ranks) and min(ranks) <= cut, best, cut, len(result["functions"]), result["confidence"]))
    n = len(rows)
    print(f"compared {n}, undecided {undecided}, commits without methods {no_methods}")
    print(f"a right one among all changed  {sum(r[1] for r in rows)}  ({100 * sum(r[1] for r in rows) / n:.1f} %)")
    print(f"a right one in the cut         {sum(r[2] for r in rows)}  ({100 * sum(r[2] for r in rows) / n:.1f} %)")
    print(f"median cut {statistics.median(r[4] for r in rows)}, median changed {statistics.median(r[5] for r in rows)}")
    rows.sort(key=lambda r: r[3])
    print("\nbest score      advisories  among all  in the cut  stated confidence")
    fifth = max(1, n // 5)
    for i in range(0, n, fifth):
        some = rows[i:i + fifth]
        print(f"{some[0][3]:.2f} to {some[-1][3]:.2f}  {len(some):9}  {sum(r[1] for r in some) / len(some):9.2f}  "
              f"{sum(r[2] for r in some) / len(some):10.2f}  {statistics.mean(r[6] for r in some):9.2f}")
    print("\nmissed:")
    for r in rows:
        if not r[2]:
            print(f"  {r[0]}  best score {r[3]:.2f}, cut {r[4]} of {r[5]}{'' if r[1] else ', none among the changed'}")


main()
