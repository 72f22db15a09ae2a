#!/usr/bin/env python3
"""Which methods fix commits changed, from git repositories: facts only, no code.

fix-commits.py COMMITS MIRRORS JAVA > methods.tsv
  COMMITS  lines of "id TAB owner/name TAB commit" (see commits.py)
  MIRRORS  folder with git directories, at owner+name/repo, owner+name/repo/.git or owner+name.git
  JAVA     java of a JDK 25
Prints "id TAB commit TAB class TAB method TAB parameters". The method is empty where only the head of the class is changed, or where
the source is not Java: then the class is the one of the file's path. Tests are left out, and commits that change more than 60 files.
"""
import os
import re
import subprocess
import sys
import tempfile

TEST = re.compile(r"(^|/)(test|tests|it|testFixtures|jmh|example|examples|samples?|demos?)/|Tests?\.\w+$|TestCase\.java$|/Test[A-Z]\w*\.java$"
                  r"|IT\.java$|[-/]tests?/|-test/")
SOURCE = re.compile(r"\.(java|kt|scala|groovy)$")
HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? ")
MOST_FILES = 60


def git_dir(mirrors, name):
    base = os.path.join(mirrors, name.replace("/", "+"))
    for path in (base + "/repo/.git", base + "/repo", base + ".git"):
        if os.path.exists(path + "/HEAD"):
            return path
    return None


def git(folder, *args):
    done = subprocess.run(["git", "--git-dir=" + folder, *args], capture_output=True)
    return done.stdout if done.returncode == 0 else None


def changed(diff):
    """Old lines by old path. An insertion counts for the lines around it."""
    files, path = {}, None
    for line in diff.decode("utf-8", "replace").split("\n"):
        if line.startswith("--- "):
            path = line[6:].strip() if line.startswith("--- a/") else None
        hunk = HUNK.match(line)
        if hunk and path and SOURCE.search(path) and not TEST.search(path):
            start, count = int(hunk[1]), int(hunk[2] or 1)
            # between two lines: only a member that holds both is changed
            files.setdefault(path, []).append((start + 1, start) if count == 0 else (start, start + count - 1))
    return files


def main():
    commits, mirrors, java = sys.argv[1:4]
    known = {d.lower(): d for d in os.listdir(mirrors)}
    work = tempfile.mkdtemp()
    missing, wide, tasks, plain = 0, 0, [], []
    seen = {}
    for line in open(commits):
        ident, name, commit = line.rstrip("\n").split("\t")
        seen.setdefault((name, commit), []).append(ident)
    for n, ((name, commit), idents) in enumerate(seen.items()):
        folder = git_dir(mirrors, known.get(name.replace("/", "+").lower(), name))
        diff = folder and git(folder, "diff", "-U0", "-M", "--no-color", "--no-ext-diff", "--src-prefix=a/", "--dst-prefix=b/",
                              commit + "^1", commit)
        if diff is None or folder is None:
            missing += 1
            continue
        files = changed(diff)
        if len(files) > MOST_FILES:
            wide += 1
            continue
        for k, (path, ranges) in enumerate(files.items()):
            label = " ".join(idents) + "|" + commit
            if not path.endswith(".java"):
                top = re.sub(r"^.*?src/main/(java|kotlin|scala|groovy)/", "", SOURCE.sub("", path)).replace("/", ".")
                plain.append((label, top))
                continue
            text = git(folder, "show", commit + "^1:" + path)
            if text is None:
                continue
            file = os.path.join(work, f"{n}-{k}.java")
            open(file, "wb").write(text)
            tasks.append(label + "\t" + file + "\t" + ",".join(f"{a}-{b}" for a, b in ranges))
    here = os.path.dirname(os.path.abspath(__file__))
    out = subprocess.run([java, os.path.join(here, "SourceMethods.java")], input="\n".join(tasks) + "\n", capture_output=True, text=True).stdout
    rows = set()
    for line in out.splitlines():
        label, rest = line.split("\t", 1)
        idents, commit = label.split("|")
        rows.update((ident, commit, *rest.split("\t")) for ident in idents.split(" "))
    for label, top in plain:
        idents, commit = label.split("|")
        rows.update((ident, commit, top, "", "") for ident in idents.split(" "))
    for row in sorted(rows):
        print("\t".join(row))
    print(f"{len(seen)} commits: {missing} not at hand, {wide} too wide, {len({r[0] for r in rows})} ids with methods", file=sys.stderr)


main()
