"""What a request may ask: every parameter typed, bounded and known by name; anything else is refused before a query."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from db.catalogue import load_catalogue
from db.periods import parse_period
from db.queries_api import CellsAsked, UnitsAsked
from db.records import OrgKind, dims_key, parse_dims_key

MOST_INDICATORS, MOST_CODES, MOST_ROWS, USUAL_ROWS = 20, 100, 5000, 1000
LARGEST_ID = 2**31 - 1  # what the store's integers hold
_PLAIN = Annotated[str, Field(max_length=64, pattern=r"^[^\x00-\x1f]*$")]
_ID = Annotated[int, Field(ge=0, le=LARGEST_ID)]


class Refusal(Exception):
    """A parameter that cannot be: its name, and the key of the words that say why."""

    def __init__(self, name: str, key: str, **values: object) -> None:
        super().__init__(f"{name}: {key}")
        self.name, self.key, self.values = name, key, values


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal["json", "csv"] | None = Field(None, description="json or csv; default by the Accept header")


class Nothing(_Asked):
    """No parameters but the format."""


class Paged(_Asked):
    limit: int = Field(USUAL_ROWS, ge=1, le=MOST_ROWS, description="rows of a page")
    cursor: _PLAIN | None = Field(None, description="`next` of the page before")


class Units(Paged):
    org_unit_id: _ID | None = Field(None, description="one unit by its id")
    code: _PLAIN | None = Field(None, description="one unit by its code")
    below: bool = Field(False, description="with all units below it")
    kind: OrgKind | None = Field(None, description="units of one kind")

    def units(self) -> UnitsAsked:
        """As the store is asked."""
        return UnitsAsked(self.org_unit_id, self.code, self.below, None if self.kind is None else self.kind.value)


class Observations(Units):
    indicator: Annotated[str, Field(max_length=2000, description="codes, separated by commas (at most 20)")]
    period: Annotated[str, Field(max_length=2000)] | None = Field(None, description="period codes, by commas")
    dims: Annotated[str, Field(max_length=2000)] | None = Field(
        None, description="dims keys such as level=PRI, by commas; empty: without breakdown"
    )

    @field_validator("indicator")
    @classmethod
    def _known(cls, said: str) -> str:
        codes = {one.code for one in load_catalogue().indicators}
        wanted = _parts(said)
        if not 1 <= len(wanted) <= MOST_INDICATORS or not set(wanted) <= codes:
            raise ValueError("unknown_indicator")
        return said

    @field_validator("period")
    @classmethod
    def _periods(cls, said: str | None) -> str | None:
        for code in _parts(said or ""):
            parse_period(code)
        return _few(said)

    @field_validator("dims")
    @classmethod
    def _keys(cls, said: str | None) -> str | None:
        for key in _parts(said or ""):
            if dims_key(parse_dims_key(key)) != key:
                raise ValueError("not a dims key")
        return _few(said)

    def cells(self) -> CellsAsked:
        """As the store is asked."""
        return CellsAsked(
            tuple(_parts(self.indicator)), self.units(),
            None if self.period is None else tuple(_parts(self.period)),
            None if self.dims is None else tuple(_parts(self.dims)) or ("",),
        )  # fmt: skip


def _parts(said: str) -> list[str]:
    return [part.strip() for part in said.split(",") if part.strip()]


def _few(said: str | None) -> str | None:
    if len(_parts(said or "")) > MOST_CODES:
        raise ValueError("too many")
    return said


def read(model: type[_Asked], pairs: Iterable[tuple[str, str]]) -> Any:
    """The parameters of a request by its model. Raises Refusal with the name of the first that cannot be."""
    said: dict[str, str] = {}
    for name, value in pairs:
        if name in said:
            raise Refusal(name, "api.twice")
        said[name] = value
    try:
        return model.model_validate(said)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
        name = str(first["loc"][0])
        known = {"extra_forbidden": "api.unknown_parameter", "missing": "api.missing_parameter"}
        raise Refusal(name, known.get(first["type"], "api.bad_value"), names=", ".join(model.model_fields)) from None


def cursor_text(place: Iterable[int]) -> str:
    """A place to go on from, as text for an address."""
    return base64.urlsafe_b64encode(json.dumps(list(place)).encode()).decode().rstrip("=")


def cursor_place(said: str | None, n: int) -> tuple[int, ...]:
    """The numbers of a cursor; zeros where there is none. Raises Refusal for text that no page gave."""
    if said is None:
        return (0,) * n
    try:
        found = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise Refusal("cursor", "api.bad_cursor") from None
    fine = isinstance(found, list) and len(found) == n
    if not fine or not all(type(each) is int and 0 <= each <= LARGEST_ID for each in found):
        raise Refusal("cursor", "api.bad_cursor")
    return tuple(found)
