#!/usr/bin/env python3
"""Chooses advisories whose fix commits are known: commit-sample.py FIX-COMMITS.tsv.gz COUNT [EXCEPT]

Prints COUNT ids, those first whose SHA-256 is least, so the choice has nothing to do with what comes out. EXCEPT is a file
of ids that are left out.
"""
import gzip
import hashlib
import sys

left_out = set(open(sys.argv[3]).read().split()) if len(sys.argv) > 3 else set()
ids = {line.split("\t", 1)[0] for line in gzip.open(sys.argv[1], "rt")} - left_out
for each in sorted(ids, key=lambda i: hashlib.sha256(i.encode()).digest())[: int(sys.argv[2])]:
    print(each)
