#!/usr/bin/env python3
"""Compares derived functions with the methods that fix commits touched.

evaluate.py GROUND-TRUTH RESULTS REPOSITORY JAVA
  GROUND-TRUTH  folder with cwe-bench-java-fix-info.csv, llm-vul-locations.csv
  RESULTS       folder with ID.json, as 'underpin advisories functions ID --format json' prints them
  REPOSITORY    local Maven repository with the affected releases
  JAVA          java of a JDK 25
"""
import csv
import glob
import json
import os
import re
import statistics
import subprocess
import sys

TEST = re.compile(r"(^|/)(test|tests|it|testFixtures|jmh|example|examples|samples|demo)/|Tests?\.java$|TestCase\.java$|/Test[A-Z]\w*\.java$|IT\.java$|[-/]tests?/|-test/")


def class_path_of(file):
    """The outermost class by the source file's path: its longest suffix is compared."""
    path = re.sub(r"\.(java|kt|scala|groovy)$", "", file)
    return path.replace("/", ".")


def methods_of(jars, java):
    """(class, method, first line, last line) of every method in the jars."""
    here = os.path.dirname(os.path.abspath(__file__))
    out = subprocess.run([java, os.path.join(here, "ListMethods.java"), *jars],
                         capture_output=True, text=True, check=True).stdout
    return [(c, m, int(a), int(b)) for c, m, a, b in (line.split(" ") for line in out.splitlines())]


def outermost(name):
    dot = name.rfind(".")
    dollar = name.find("$", dot + 2)
    return name if dollar < 0 else name[:dollar]


def truth_by_name(ground):
    truth = {}
    with open(os.path.join(ground, "cwe-bench-java-fix-info.csv")) as rows:
        for row in csv.DictReader(rows):
            if TEST.search(row["file"]) or not row["method"]:
                continue
            name = "<init>" if row["method"] == row["class"] else row["method"]
            truth.setdefault(row["cve_id"], set()).add((class_path_of(row["file"]), row["class"], name))
    return truth


def truth_by_line(ground):
    truth = {}
    with open(os.path.join(ground, "llm-vul-locations.csv")) as rows:
        for row in csv.DictReader(rows):
            if row["cve_id"].startswith("CVE") and not TEST.search(row["file"]):
                ranges = json.loads(row["method_line_ranges"] or "[]")
                truth.setdefault(row["cve_id"], []).append((class_path_of(row["file"]), ranges))
    return truth


def jars_of(result, repository):
    jars = []
    for pair in result.get("compared", []):
        group, artifact = pair["package"].split(":")[:2]
        folder = os.path.join(repository, group.replace(".", "/"), artifact, pair["affected"])
        jars += [j for j in glob.glob(os.path.join(folder, f"{artifact}-{pair['affected']}.*")) if j.endswith((".jar", ".war", ".hpi"))]
    return jars


def same_method(truth, class_name, method, enclosing=None):
    path, simple, name = truth
    top = outermost(class_name)
    if not (path == top or path.endswith("." + top)):
        return False
    nested = class_name[len(top):].split("$")[1:]
    in_class = not nested or simple in nested or simple == top.rsplit(".", 1)[-1] or not simple
    if name == method and in_class:
        return True
    return bool(enclosing) and enclosing.rsplit(".", 1)[-1] == name


def main():
    ground, results, repository, java = sys.argv[1:5]
    named, lined = truth_by_name(ground), truth_by_line(ground)
    hits = cuts = 0
    rows, skipped = [], []
    for cve in sorted(set(named) | set(lined)):
        file = os.path.join(results, cve + ".json")
        if not os.path.exists(file) or os.path.getsize(file) == 0:
            skipped.append((cve, "no advisory, or no answer"))
            continue
        result = json.load(open(file))
        jars = jars_of(result, repository)
        if not jars:
            skipped.append((cve, result.get("because", "") + " " + " ".join(result.get("notes", []))))
            continue
        there = methods_of(jars, java)
        truth = {t for t in named.get(cve, set()) if any(same_method(t, c, m) for c, m, _, _ in there)}
        source = "name"
        if cve not in named:
            source = "line"
            for path, ranges in lined[cve]:
                for c, m, a, b in there:
                    top = outermost(c)
                    if (path == top or path.endswith("." + top)) and "$" not in m and any(
                            a and (min(b, hi) - max(a, lo)) >= 0.6 * max(1, min(b - a, hi - lo)) for lo, hi in ranges):
                        truth.add((path, "", m))
        if not truth:
            skipped.append((cve, "none of the patched methods is in the affected release: "
                            + ", ".join(sorted({t[0].rsplit('.', 1)[-1] + "." + t[2] for t in named.get(cve, set())})[:4])))
            continue
        cut = [f for f in result["functions"] if f["inCut"]]
        good = [f for f in cut if any(same_method(t, f["className"], f["methodName"], f.get("enclosing")) for t in truth)]
        found = [t for t in truth if any(same_method(t, f["className"], f["methodName"], f.get("enclosing")) for f in cut)]
        ranks = [f["rank"] for f in result["functions"] if any(same_method(t, f["className"], f["methodName"], f.get("enclosing")) for t in truth)]
        rows.append((cve, len(result["functions"]), len(cut), len(good), len(found), len(truth), min(ranks, default=0), source))
    print(f"{'CVE':16} {'changed':>7} {'cut':>4} {'right':>5} {'precision':>9} {'recall':>7} {'first':>5}  truth by")
    for cve, changed, cut, good, found, truth, first, source in rows:
        hits += good > 0
        print(f"{cve:16} {changed:7} {cut:4} {good:5} {good / max(1, cut):9.2f} {found / truth:7.2f} {first or '-':>5}  {source}{'' if good else '   MISSED'}")
    print()
    for cve, why in skipped:
        print(f"left out {cve}: {why[:200]}")
    print()
    n = len(rows)
    if n:
        answered = [r for r in rows if r[2]]
        print(f"advisories compared        {n}")
        print(f"with a truly patched one   {hits}  ({100 * hits / n:.1f} %)")
        print(f"median cut                 {statistics.median(r[2] for r in answered)}   mean {statistics.mean(r[2] for r in answered):.1f}, largest {max(r[2] for r in answered)}")
        print(f"median changed methods     {statistics.median(r[1] for r in rows)}")
        print(f"mean precision             {statistics.mean(r[3] / max(1, r[2]) for r in rows):.2f}")
        print(f"mean recall                {statistics.mean(r[4] / r[5] for r in rows):.2f}")


main()
