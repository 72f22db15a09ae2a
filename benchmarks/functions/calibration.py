#!/usr/bin/env python3
"""How often a part of a list holds a truly patched method, beside what is said of it: calibration.py RESULTS FIX-COMMITS.tsv.gz

RESULTS and what counts as right are those of held-against-commits.py. Of each list, parts are drawn (by a generator seeded with
the advisory's id): what one program calls of it. Three ways to say how likely a part holds a right one are compared:
  or       1 - product of (1 - score)
  share    complete x the part's share of the odds, which is how the confidence of a cut is said
  scaled   1 - (1 - confidence) to the power of the part's share of the cut's log(1 - score); the cut only
"""
import glob
import json
import math
import os
import random
import sys

import truth

BINS = [0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0001]


def odds(f):
    score = min(max(f["score"], 1e-6), 1 - 1e-6)
    return score / (1 - score)


def nothing(f):
    return -math.log(1 - min(f["score"], 1 - 1e-6))


def main():
    results, commits = sys.argv[1:3]
    known = truth.of_commits(commits)
    points = {"or": [], "share": [], "scaled": []}
    lists = 0
    for file in sorted(glob.glob(os.path.join(results, "*.json"))):
        ident = os.path.basename(file)[:-5]
        result = json.load(open(file))
        methods = known.get(ident, set())
        if not methods or result["status"] != "derived":
            continue
        lists += 1
        draw = random.Random(ident)
        functions = result["functions"]
        cut = [f for f in functions if f["inCut"]]
        everything = sum(odds(f) for f in functions)
        cuts = sum(nothing(f) for f in cut) or 1
        for size in (1, 2, 4, 8):
            if size > len(cut):
                break
            for _ in range(4):
                part = draw.sample(cut, size)
                answer = any(truth.is_right(methods, f) for f in part)
                none = math.exp(-sum(nothing(f) for f in part))
                points["or"].append((1 - none, answer))
                points["share"].append((result["complete"] * sum(odds(f) for f in part) / everything, answer))
                points["scaled"].append(
                    (1 - (1 - min(result["confidence"], 0.999)) ** (sum(nothing(f) for f in part) / cuts), answer))
    print(f"{lists} lists, {len(points['or'])} parts")
    for way, some in points.items():
        loss = -sum(math.log(min(max(p if a else 1 - p, 1e-6), 1)) for p, a in some) / len(some)
        print(f"\n{way}: mean log loss {loss:.3f}\n  said             parts  said (mean)  right")
        for low, high in zip(BINS, BINS[1:]):
            here = [(p, a) for p, a in some if low <= p < high]
            if here:
                print(f"  {low:.2f} to {min(high, 1):.2f}  {len(here):10}  {sum(p for p, _ in here) / len(here):11.2f}  "
                      f"{sum(a for _, a in here) / len(here):5.2f}")


main()
