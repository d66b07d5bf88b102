"""A row of the log in words: what it is about, and field by field what was and what is. The row itself stays as it was
written, because its digest is taken of that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from db.records_accounts import Action, AuditEvent
from pages.analysis import display
from pages.text import known
from pages.ui import data, unit_effects
from pages.ui.text import DASH, language, listed, name_of, period_text, say

_HIDDEN = ("sha256", "source", "depth")  # for machines
_OF_ALL_CHANGES = ("what", "effective", "note")
_ORDER = (
    "what", "name", "display_name", "role", "scope", "disabled", "indicator", "period", "text", "kind", "verdict",
    "standing", "told", "decisions", "files", "new", "added", "changed", "replaced", "same", "values", "closed", "effective",
    "note", "reason",
)  # fmt: skip
_NUMBERED = ("token", "observation", "value", "note", "import", "draft")
_PERIOD = re.compile(r"(?P<unlock>unlock )?(?P<code>(?:SY)?\d{4}\S*)(?: unit (?P<unit>\d+))?")

_UNITS = re.compile(r'(?:\bunits? |"(?:unit|parent_id|into|from)": )(\d+|\[[\d, ]*\])')


def subject(event: AuditEvent) -> str:
    """What a row is about, by its name where it has one."""
    said = event.subject
    if event.action == Action.SETTING_CHANGED and known(language(), f"audit.setting.{said}"):
        return say(f"audit.setting.{said}")
    if event.action == Action.IMPORT and (found := re.fullmatch(r"(\d+) (.+)", said, re.DOTALL)):
        return say("audit.about.stored", name=found[2], n=found[1])
    if event.action == Action.IMPORT_UNDONE and said.isdigit():
        return say("audit.about.import", n=said)
    if event.action in (Action.PERIOD_LOCKED, Action.PERIOD_UNLOCKED) and (found := _PERIOD.fullmatch(said)):
        return _period(found)
    if event.action in (Action.EXPORT, Action.BACKUP) or event.action.startswith(("sign_", "account_", "password_")):
        return said  # a file's or an account's own name
    return _other(said)


def meet(events: Iterable[AuditEvent]) -> None:
    """Read the units that events are about at once, before their subjects are told."""
    told = (text for event in events for text in (event.subject, event.before, event.after))
    data.meet(int(each) for text in told for found in _UNITS.findall(text) for each in re.findall(r"\d+", found))


def _other(said: str) -> str:
    """A subject of the kinds `kind number` and its like; anything else as it was written."""
    if found := re.fullmatch(r"(?:name for )?unit (\d+)", said):
        return _unit(int(found[1]))
    if found := re.fullmatch(r"units \[([\d, ]*)\]", said):
        return listed(_unit(int(each)) for each in found[1].split(",") if each.strip())
    if found := re.fullmatch(r"document (\d+)", said):
        return _document(int(found[1]))
    if found := re.fullmatch(r"(\d+) (decisions|revocations)", said):
        return say(f"audit.about.{found[2]}", n=found[1])
    kind, _, rest = said.partition(" ")
    if kind in _NUMBERED and rest.isdigit():
        return say(f"audit.about.{kind}", n=rest)
    if kind == "draft" and rest:
        return say("audit.about.draft_of", name=rest)
    if said in ("accounts", "audit"):
        return say(f"{said}.title")
    if said == "quota":
        return say("audit.about.quota")
    if found := _PERIOD.fullmatch(said):
        return _period(found)
    return said


def _period(found: re.Match[str]) -> str:
    unit = say("locks.everyone") if found["unit"] is None else _unit(int(found["unit"]))
    return say("audit.about.period", period=period_text(found["code"]), unit=unit)


def _unit(unit_id: int) -> str:
    held = data.find(unit_id)
    return held.name if held is not None else say("audit.about.unit", n=unit_id)


def _document(file_id: int) -> str:
    held = data.documents()
    names = held.loc[held["source_file_id"] == file_id, "name"].tolist()
    return str(names[0]) if names else say("audit.about.document", n=file_id)


def changed(event: AuditEvent) -> tuple[str, ...]:
    """What was and what is, a line per field: what did not change is left out."""
    before, after = _read(event.before), _read(event.after)
    if event.action == Action.SETTING_CHANGED:
        return _setting(event.subject, before.get("value"), after.get("value"))
    lines = []
    for field in sorted({*after, *before}, key=_place):
        was, now = before.get(field), after.get(field)
        if field in _HIDDEN or (field in before and field in after and was == now):
            continue
        old, new = _value(event.action, field, was), _value(event.action, field, now)
        if not old and not new:
            continue
        label = _label(event.action, field)
        if field in before and field in after:
            lines.append(say("audit.from_to", field=label, before=old or DASH, after=new or DASH))
        else:
            lines.append(say("audit.is", field=label, value=new or old))
    return tuple(lines)


def _place(field: str) -> tuple[int, str]:
    return (_ORDER.index(field) if field in _ORDER else len(_ORDER), field)


def _read(text: str) -> Mapping[str, Any]:
    try:
        held = json.loads(text) if text else {}
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def _label(action: str, field: str) -> str:
    groups = ("audit.field", "org_units.field")
    if action == Action.UNIT_CHANGED and field not in _OF_ALL_CHANGES:
        groups = ("org_units.field", "audit.field")
    return next((say(f"{group}.{field}") for group in groups if known(language(), f"{group}.{field}")), field)


def _value(action: str, field: str, value: object) -> str:
    """A value as a clerk reads it."""
    if value is None or value in ("", []):
        return say("accounts.whole") if field == "scope" and value == "" else ""
    special = _BY_FIELD.get(field)
    if action == Action.UNIT_CHANGED and field not in _OF_ALL_CHANGES:
        return unit_effects.words(field, value)
    if special is not None:
        return special(value)
    if field == "disabled" and action == Action.ACCOUNT_MADE:
        return ""  # as every new account
    if isinstance(value, bool):
        return say("common.yes_word" if value else "common.no_word")
    if isinstance(value, (int, float)):
        return display.number(float(value), 2)
    if isinstance(value, list):
        return say("audit.count", n=len(value))
    return str(value)


def _worded(key: str) -> Callable[[object], str]:
    def words(value: object) -> str:
        return say(f"{key}.{value}") if known(language(), f"{key}.{value}") else str(value)

    return words


def _indicator(code: object) -> str:
    held = data.indicator(str(code))
    return name_of(held) if held is not None else str(code)


def _scope(path: object) -> str:
    return _unit(int(str(path).strip("/").rsplit("/", 1)[-1]))


def _what(value: object) -> str:
    kind, _, withdrawn = str(value).partition(" ")
    said = _worded("org_units.what")(kind)
    return say("audit.withdrawn", what=said) if withdrawn else said


_BY_FIELD: dict[str, Callable[[object], str]] = {
    "role": _worded("frame.role"),
    "scope": _scope,
    "unit": lambda value: _unit(int(str(value))),
    "by": _worded("audit.by"),
    "why": _worded("audit.why"),
    "verdict": _worded("quality.verdict"),
    "kind": _worded("audit.draft"),
    "what": _what,
    "indicator": _indicator,
    "period": lambda value: period_text(str(value)),
    "size": lambda value: say("audit.kilobytes", n=display.number(max(1.0, float(str(value)) / 1000))),
    "days": lambda value: say("audit.n_days", n=value),
}


# ---- the settings of the bureau ---------------------------------------------------------------------------------


def _setting(key: str, before: object, after: object) -> tuple[str, ...]:
    """A changed setting: one word before and after, or what came and what went of a list."""
    if isinstance(before, dict) or isinstance(after, dict):
        return _deadlines(before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {})
    if isinstance(before, list) or isinstance(after, list):
        old, new = (each if isinstance(each, list) else [] for each in (before, after))
        came = [say("audit.came", what=_target(one)) for one in new if one not in old]
        return (*came, *(say("audit.went", what=_target(one)) for one in old if one not in new))
    worded = _worded(f"settings.{key}")
    was, now = (worded(each) if each is not None else say("audit.unset") for each in (before, after))
    return (say("audit.from_to", field=_worded("audit.setting")(key), before=was, after=now),)


def _target(held: Mapping[str, Any]) -> str:
    level = held.get("dims", {}).get("level")
    parts = {
        "indicator": _indicator(held.get("indicator")),
        "level": _worded("common.dim_value.level")(level) if level else say("settings.no_level"),
        "value": f"{_SIGNS.get(str(held.get('comparator')), '')}{held.get('value')}",
        "since": held.get("valid_from"),
        "source": held.get("source"),
    }
    return say("audit.target", **parts)


_SIGNS = {">=": "≥", "<=": "≤", "==": ""}


def _deadlines(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    forms = {form.code: name_of(form) for form in data.catalogue().forms}
    return tuple(
        say("audit.from_to", field=forms.get(code, code), before=_due(before.get(code)), after=_due(after.get(code)))
        for code in dict.fromkeys([*after, *before])
        if before.get(code) != after.get(code)
    )


def _due(held: Mapping[str, Any] | None) -> str:
    """The last day of a form in words, as on the settings page."""
    if not held:
        return say("audit.unset")
    day = say("settings.due.last") if held["day"] == 31 else say("settings.due.on", day=held["day"])
    key = "settings.due.same" if held["months"] == 0 else "settings.due.later"
    return say(key, start=say(f"settings.due.after_{held['after']}"), n=held["months"], day=day)
