"""What fix commits changed, as fix-commits.tsv.gz ships it, and which functions of a derived list that is."""
import gzip


def of_commits(path):
    """By id: class#method of each method that a fix commit changed; those of no method left out."""
    known = {}
    with gzip.open(path, "rt") as lines:
        for line in lines:
            key, value = line.rstrip("\n").split("\t", 1)
            known[key] = {v for v in value.split(" ") if not v.endswith("#")}
    return known


def is_right(truth, function):
    """Whether it is among them by class and name, or the method around its anonymous class is."""
    own = function["className"] + "#" + function["methodName"]
    around = function.get("enclosing", "")
    return own in truth or bool(around) and "#".join(around.rsplit(".", 1)) in truth
