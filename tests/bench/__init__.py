"""`python -m tests.bench`: how fast the project is, each time beside a floor measured in the same run.

One module a subject. Each has `figures(repeats) -> Iterator[Figure]` and its row in `__main__.SUBJECTS`. What is timed
are functions of the module without arguments, so that `measure.peak` can run one alone in a fresh process.
"""
