"""Who has not filed a form for a period: the list to copy into a reminder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import pandas as pd
import sqlalchemy as sa

from db.catalogue import Catalogue, load_catalogue
from db.catalogue.forms import Form, Stage
from db.distribution import of_units
from db.fold import COMPULSORY
from db.frames import INT, NULLABLE_INT, TEXT, chunks, frame
from db.queries_forms import form_rows
from db.records import ObsStatus, parse_dims_key
from db.schema import dim_set, indicator, observation, period
from db.units import rows_with_parents

_UNREPORTED = {
    "stage": TEXT, "org_unit_id": INT, "code": TEXT, "name": TEXT, "town_id": NULLABLE_INT, "town_name": TEXT,
    "county_id": NULLABLE_INT, "county_name": TEXT, "state": TEXT, "n_reported": INT, "n_expected": INT, "missing": TEXT,
}  # fmt: skip
_SECTION_OF = {"CE": frozenset(COMPULSORY)}  # a value of the whole nine-year school stands for both of its sections
SEPARATOR = "、"  # between the columns of `missing`
Column = tuple[str, str, dict[str, str]]  # label, indicator, dims without the level
Stated = dict[int, dict[str, list[dict[str, str]]]]  # by unit and indicator the dims of what it has stated


def unreported(connection: sa.Connection, *, form: str, period: str, root_id: int | None = None) -> pd.DataFrame:
    """The rows of a form (`form_rows`) whose unit has not stated all of its columns in the period, in their order.

    `state` is "none" (nothing stated) or "part"; `missing` names the columns that are wanting, by "、". A typed missing
    value counts as not reported, except "not applicable". Columns that the sheet works out, that repeat the period
    before or that only serve a check are not asked for. Raises KeyError for a code that is no form.
    """
    catalogue = load_catalogue()
    rows = form_rows(connection, form=form, period=period, root_id=root_id)
    entry = catalogue.form(form)
    assert entry is not None  # form_rows has looked
    asked: dict[str, list[Column]] = {stage: asked_columns(entry, stage, catalogue) for stage in entry.stages}
    codes = {code for wanted in asked.values() for _, code, _ in wanted}
    stated = _stated(connection, [int(one) for one in rows["org_unit_id"]], codes, period)
    above = {int(one) for column in ("town_id", "county_id") for one in rows[column].dropna()}
    names = {row.id: row.name for row in rows_with_parents(connection, above)}
    found = []
    for row in rows.astype(object).where(rows.notna(), None).to_dict("records"):
        wanted = asked[row["stage"]]
        held = stated.get(row["org_unit_id"], {})
        lacking = [label for label, code, dims in wanted if not _has(held.get(code, ()), dims, row["stage"])]
        if lacking:
            found.append((
                row["stage"], row["org_unit_id"], row["code"], row["name"], row["town_id"], names.get(row["town_id"]),
                row["county_id"], names.get(row["county_id"]), "none" if len(lacking) == len(wanted) else "part",
                len(wanted) - len(lacking), len(wanted), SEPARATOR.join(lacking),
            ))  # fmt: skip
    return frame(found, _UNREPORTED)


def asked_columns(form: Form, stage: Stage, catalogue: Catalogue) -> list[Column]:
    """The columns of the sheet of a stage that a unit must fill in."""
    known = {one.code for one in catalogue.indicators}
    return [
        ("".join(column.path), column.measure, column.dims)
        for column in form.columns_of(stage)
        if column.measure in known and not (column.previous or column.is_computed)
    ]


def _stated(connection: sa.Connection, ids: Sequence[int], codes: Collection[str], period_code: str) -> Stated:
    """What the units have stated of the indicators in the period, by any document."""
    query = (
        sa.select(observation.c.org_unit_id, indicator.c.code, dim_set.c.key)
        .join_from(observation, indicator, observation.c.indicator_id == indicator.c.id)
        .join(period, observation.c.period_id == period.c.id)
        .join(dim_set, observation.c.dim_set_id == dim_set.c.id)
        .where(period.c.code == period_code, indicator.c.code.in_(sorted(codes)), observation.c.valid_to.is_(None))
        .where(sa.or_(observation.c.value.is_not(None), observation.c.obs_status == ObsStatus.NOT_APPLICABLE.value))
        .distinct()
    )
    found: Stated = defaultdict(lambda: defaultdict(list))
    for some in chunks(ids):
        for unit_id, code, key in connection.execute(query.where(*of_units(connection, observation, some))):
            found[unit_id][code].append(parse_dims_key(key))
    return found


def _has(held: Sequence[dict[str, str]], dims: dict[str, str], stage: str) -> bool:
    """Whether one of the statements is that of a column: the same dims at the stage's level, or at none."""
    for one in held:
        level = one.get("level")
        rest = {name: value for name, value in one.items() if name != "level"}
        if rest == dims and (level in (None, stage) or stage in _SECTION_OF.get(str(level), ())):
            return True
    return False
