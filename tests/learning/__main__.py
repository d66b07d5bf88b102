"""`python -m tests.learning`: trains the second reader of reports (etl/reports/second.py) on the annotated documents and
passages of tests/gold and writes etl/reports/second.npz; `--held reports19,reports20` trains without these sets and
tells how well the others teach them, writing nothing."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.svm import LinearSVC

from etl.linear import NONE
from etl.reports.found import UNNAMED
from etl.reports.second import FILE
from tests.learning.examples import CASES, GOLD, Example, of_cases, of_documents, of_passages
from tests.learning.training import fit, matrix, save

SEEN = 3  # a trait of fewer examples teaches nothing


def everything() -> list[Example]:
    """All examples, set by set."""
    sets = [path for path in sorted(GOLD.glob("reports*")) if (path / "gold.jsonl").exists()]
    examples = [example for folder in sets for example in of_documents(folder)]
    cases = [*sorted((CASES / "cases").glob("*.yml")), *sorted((CASES / "variants").glob("*.yml"))]
    examples += [example for path in cases for example in of_cases(path)]
    return examples + [example for path in sorted(GOLD.glob("passages*.jsonl")) for example in of_passages(path)]


def told_of(examples: Sequence[Example]) -> list[frozenset[str]]:
    """The traits of every example."""
    return [example.told for example in examples]


def report(told: LinearSVC, slots: npt.NDArray[np.int64], held: Sequence[Example]) -> None:
    """How many of the required numbers the rules read, and what the second reader adds at several certainties."""
    scores = told.decision_function(matrix(told_of(held))[:, slots])
    order = np.argsort(-scores, 1)
    best = told.classes_[order[:, 0]]
    ahead = np.take_along_axis(scores, order[:, :1], 1)[:, 0] - np.take_along_axis(scores, order[:, 1:2], 1)[:, 0]
    counted = [(e, code, far) for e, code, far in zip(held, best, ahead, strict=True) if e.required or not e.codes]
    required = sum(e.required for e in held)
    read = [e for e, _, _ in counted if e.by_rule]
    right = sum(e.by_rule in e.codes for e in read)
    print(f"required {required}, by rules: recall {right / required:.3f} precision {right / len(read):.3f}")
    for least in (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
        new = [
            (e, code)
            for e, code, far in counted
            if not e.by_rule and e.refused in UNNAMED and code != NONE and far >= least
        ]
        good = sum(code in e.codes for e, code in new)
        print(
            f"  ahead {least:.1f}: {good} of {len(new)} right; together recall {(right + good) / required:.3f} "
            f"precision {(right + good) / (len(read) + len(new)):.3f}"
        )


def main() -> None:
    """Trains, and tells or writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", default="", help="sets to hold out, by name")
    held = set(filter(None, parser.parse_args().held.split(",")))
    examples = everything()
    apart = [e for e in examples if e.of in held or e.of.rpartition("-")[0] in held]
    kept = [e for e in examples if e not in apart] if apart else examples
    print(f"{len(kept)} numbers, {sum(bool(e.codes) for e in kept)} of them observations")
    told, slots = fit(told_of(kept), [e.label for e in kept], SEEN)
    if apart:
        report(told, slots, apart)
    else:
        save(told, slots, FILE)
        print(f"{FILE.name}: {FILE.stat().st_size / 1024:.0f} kB, {int((told.coef_ != 0).sum())} weights")


if __name__ == "__main__":
    main()
