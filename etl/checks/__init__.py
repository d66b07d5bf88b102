"""Validation rules (db/catalogue/rules.yml) on one file: pure evaluators, one per kind of check.

`check` looks at the file alone, `check_history` at the file beside what the store holds of its units.
"""

from etl.checks.engine import Found, at_names, check, check_history, without_repeats
from etl.checks.findings import gathered
from etl.checks.values import rounding_slack

__all__ = ["Found", "at_names", "check", "check_history", "gathered", "rounding_slack", "without_repeats"]
