#!/usr/bin/env python3
"""Packs what fix-commits.py found into the file that ships: pack-fixes.py METHODS.tsv fix-commits.tsv.gz

One line an advisory: id, a tab, "class#method" with blanks between. Advisories whose commits touch more than 60 methods are left out:
so much is no fix.
"""
import gzip
import sys

MOST = 60
found = {}
for line in open(sys.argv[1]):
    ident, _, name, method, _ = line.rstrip("\n").split("\t")
    if name and " " not in name:
        found.setdefault(ident, set()).add(name + "#" + method)
with open(sys.argv[2], "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as packed:
    for ident in sorted(found):
        if len(found[ident]) <= MOST:
            packed.write((ident + "\t" + " ".join(sorted(found[ident])) + "\n").encode())
