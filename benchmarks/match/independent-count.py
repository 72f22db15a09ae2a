#!/usr/bin/env python3
"""The (component, vulnerability) pairs of a Maven project, counted without any of underpin's code.

    independent-count.py --osv Maven.jsonl.gz [--osv MORE.jsonl.gz]... LIST...

LIST is what `mvn dependency:list` printed or wrote (-DoutputFile). Python 3.8 or newer, standard library
only. One line per pair, sorted: the component's purl, then the vulnerability's ids (its own and its aliases),
separated by a tab. Records that share an id or alias are one vulnerability, and count once.

Versions are ordered by the text of Maven's POM reference, "Version Order Specification", and ranges by the
OSV schema, "Evaluation". Neither is read from, or shared with, the product.
"""
import argparse
import functools
import gzip
import json
import re
import sys
import urllib.parse

QUALIFIERS = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"]
ALIASES = {"ga": "", "final": "", "release": "", "cr": "rc"}
SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}  # only directly before a number
TOKEN = re.compile(r"[0-9]+|[^0-9.\-]+|[.\-]")


def tokens(version):
    """[(separator, token)]: split at dots, at hyphens, and between digits and others."""
    found = []
    separator = ""
    previous = ""  # "digit", "letter" or "separator"
    for text in TOKEN.findall(version.lower()):
        if text in ".-":
            if previous in ("", "separator"):
                found.append((separator, "0"))  # an empty token is a zero
            separator = text
            previous = "separator"
            continue
        kind = "digit" if text.isdigit() else "letter"
        if previous and previous != "separator":
            separator = "-"  # a change between digits and letters is a hyphen
            if previous == "letter" and kind == "digit" and found[-1][1] in SHORT:
                found[-1] = (found[-1][0], SHORT[found[-1][1]])
        if kind == "digit":
            text = text.lstrip("0") or "0"
        found.append((separator, text))
        previous = kind
    found = [(s, ALIASES.get(t, t)) for s, t in found]
    return trimmed(found)


def is_null(token):
    return token in ("0", "")  # "final", "ga" and "release" have become ""


def trimmed(found):
    """From the end, null tokens go, and so before each hyphen."""
    kept = list(found)
    at = len(kept)
    while at > 0:
        end = at
        while at > 1 and is_null(kept[at - 1][1]):
            at -= 1
        del kept[at:end]
        while at > 0:
            at -= 1
            if kept[at][0] == "-":
                break
    return kept


def qualifier(token):
    return (QUALIFIERS.index(token), "") if token in QUALIFIERS else (len(QUALIFIERS), token)


def compare_tokens(a, b):
    """".qualifier" = "-qualifier" < "-number" < ".number"; of one kind, by value."""
    (sa, ta), (sb, tb) = a, b
    if ta.isdigit() and tb.isdigit():
        if sa != sb and "" not in (sa, sb):
            return -1 if sa == "-" else 1
        return (int(ta) > int(tb)) - (int(ta) < int(tb))
    if ta.isdigit():
        return 1
    if tb.isdigit():
        return -1
    qa, qb = qualifier(ta), qualifier(tb)
    return (qa > qb) - (qa < qb)


@functools.lru_cache(maxsize=None)
def parsed(version):
    return tuple(tokens(version))


def compare(left, right):
    a, b = parsed(left), parsed(right)
    for i in range(max(len(a), len(b))):
        if i < len(a) and i < len(b):
            order = compare_tokens(a[i], b[i])
        elif i < len(a):
            order = compare_tokens(a[i], (a[i][0], "0" if a[i][1].isdigit() else ""))
        else:
            order = -compare_tokens(b[i], (b[i][0], "0" if b[i][1].isdigit() else ""))
        if order:
            return order
    return 0


SELF_TEST = """
1 = 1.0 = 1.0.0 = 1.ga = 1-ga = 1.0.Final = 1-release = 1.final
1-alpha-1 = 1-a1 = 1alpha1 = 1.0-alpha-1
1-alpha < 1-beta < 1-milestone < 1-rc < 1-snapshot < 1 < 1-sp < 1-xyz < 1-1 < 1.1
1-rc = 1-cr
1.0-m2 < 1.0-rc1 < 1.0 < 1.0.1
1-foo2 < 1-foo10
1.foo = 1-foo < 1-1 < 1.1
1-1.foo-bar1baz-.1 = 1-1.foo-bar-1-baz-0.1
4.1.117.Final < 4.1.118 = 4.1.118.Final < 4.1.119.Final
30.0-android < 30.1-jre
32.0.0-android < 32.0.0-jre
32.0.0 < 32.0.0-android
9.0.0.m1 < 9.0.0 < 9.0.1
2.0.0.RELEASE < 2.0.1.RELEASE
9.4.11.v20180605 < 9.4.12.v20180830
1.2.3.4 < 1.2.3.10
"""


def self_test():
    for line in SELF_TEST.strip().splitlines():
        words = line.split()
        for left, sign, right in zip(words[0::2], words[1::2], words[2::2]):
            order = compare(left, right)
            if (order == 0) != (sign == "=") or (sign == "<" and order >= 0):
                sys.exit("self-test: %s %s %s, found %d: %s %s" % (
                    left, sign, right, order, parsed(left), parsed(right)))


def affected(entry, version):
    """OSV schema, "Evaluation": in a listed version, or in a range."""
    versions = entry.get("versions") or []
    ranges = [r for r in entry.get("ranges") or [] if r.get("type") != "GIT"]
    if any(compare(v, version) == 0 for v in versions):
        # A listing that a range contradicts does not happen for one package: both say "affected".
        return True
    if not versions and not ranges:
        return True  # nothing says which versions
    hint = (entry.get("database_specific") or {}).get("last_known_affected_version_range", "").strip()
    for one in ranges:
        if in_range(one.get("events") or [], hint, version):
            return True
    return False


def in_range(events, hint, version):
    flat = [(kind, v) for event in events for kind, v in event.items()]
    limits = [v for kind, v in flat if kind == "limit"]
    if limits and "*" not in limits and all(compare(version, v) >= 0 for v in limits):
        return False
    # GitHub's own hint ends a range that has no other end.
    if hint and not any(kind in ("fixed", "last_affected") for kind, _ in flat):
        bound = hint.lstrip("<=").strip()
        flat.append(("last_affected" if hint.startswith("<=") else "fixed", bound))

    def order(a, b):
        if a[1] == "0" or b[1] == "0":
            return (b[1] == "0") - (a[1] == "0")
        return compare(a[1], b[1])

    vulnerable = False
    for kind, v in sorted(flat, key=functools.cmp_to_key(order)):
        if kind == "introduced" and (v == "0" or compare(version, v) >= 0):
            vulnerable = True
        elif kind == "fixed" and compare(version, v) >= 0:
            vulnerable = False
        elif kind == "last_affected" and compare(version, v) > 0:
            vulnerable = False
    return vulnerable


LINE = re.compile(r"^(?:\[INFO\])?\s*([^\s:]+:[^\s:]+:[^\s:]+(?::[^\s:]+)?:[^\s:]+:"
                  r"(?:compile|provided|runtime|test|system|import))\b")


def components(lists):
    """{purl: (group:artifact, version)}; a classifier or type makes another component."""
    found = {}
    for name in lists:
        with open(name, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                line = re.sub("\x1b\\[[0-9;]*m", "", line)
                match = LINE.match(line)
                if not match:
                    continue
                parts = match.group(1).split(":")
                group, artifact, kind = parts[0:3]
                classifier = parts[3] if len(parts) == 6 else ""
                version = parts[-2]
                found[purl(group, artifact, version, kind, classifier)] = (
                    group + ":" + artifact, version)
    return found


def purl(group, artifact, version, kind, classifier):
    def enc(text):
        return urllib.parse.quote(text, safe=".-_~:")
    qualifiers = []
    if classifier:
        qualifiers.append("classifier=" + enc(classifier))
    if kind != "jar":
        qualifiers.append("type=" + enc(kind))
    return "pkg:maven/%s/%s@%s%s" % (
        enc(group), enc(artifact), enc(version), "?" + "&".join(qualifiers) if qualifiers else "")


def vulnerabilities(files):
    """Standing records by id: the newest of each id; withdrawn ones left out."""
    records = {}
    for name in files:
        with gzip.open(name, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    record = json.loads(line)
                    old = records.get(record["id"])
                    if old is None or old.get("modified", "") < record.get("modified", ""):
                        records[record["id"]] = record
    return [r for _, r in sorted(records.items()) if not r.get("withdrawn")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--osv", action="append", required=True, metavar="FILE.jsonl.gz")
    parser.add_argument("lists", nargs="+", metavar="LIST")
    given = parser.parse_args()
    self_test()
    packages = {}
    for record in vulnerabilities(given.osv):
        for entry in record.get("affected") or []:
            package = entry.get("package") or {}
            if package.get("ecosystem", "").split(":")[0] == "Maven":
                packages.setdefault(package["name"], []).append((record, entry))
    pairs = set()
    for one, (name, version) in components(given.lists).items():
        groups = []  # ids that share one are one vulnerability
        for record, entry in packages.get(name, []):
            if affected(entry, version):
                ids = {record["id"], *(record.get("aliases") or [])}
                near = [g for g in groups if g & ids]
                groups = [g for g in groups if not g & ids] + [ids.union(*near)]
        for group in groups:
            pairs.add((one, " ".join(sorted(group))))
    for one, ids in sorted(pairs):
        print(one + "\t" + ids)


if __name__ == "__main__":
    main()
