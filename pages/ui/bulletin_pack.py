"""The bulletin as a meeting pack: the paper with its headlines in boxes, in one file that opens without network."""

from __future__ import annotations

from pages.exports.pack import Tile, pack_html
from pages.ui import bulletin, bulletin_annexes, cards, headline
from pages.ui.bulletin_facts import Facts, Line
from pages.ui.text import change_text, fraction_text, period_brief, say, title_of, value_text


def made(told: Facts) -> bytes:
    """The file. Raises picture.NotDrawn."""
    words = {"tiles": say("bulletin.pack.tiles"), "sort": say("bulletin.pack.sort")}
    paper = bulletin.whole(told)
    return pack_html(paper, [tile(line, told) for line in told.lines], words)


def tile(line: Line, told: Facts) -> Tile:
    """One headline; to the public without what the edition hides."""
    indicator, row = line.series.indicator, line.row
    name, when = title_of(indicator, line.series.dims), period_brief(line.series.latest)
    if line.hidden:
        return Tile(name, say("bulletin.hidden"), (when,))
    public, (done, due) = told.public, told.coverage(indicator.code)
    bound = bulletin_annexes.public_value(row.to_dict()) if public else ""
    lines = [when]
    if not bound:
        lines += [fraction_text(row["numerator"], row["denominator"]), _change(line, public=public)]
    target = row["benchmark"] == "target"
    lines.append(say("bulletin.pack.target", bound=headline.bound(row, indicator)) if target else "")
    lines.append(say("bulletin.line.partial", done=done, due=due) if 0 < done < due else "")
    state = str(row["state"]) if target else ""
    return Tile(
        name,
        bound or value_text(row["value"], indicator),
        tuple(lines),
        state,
        cards.state_words(state) if state else "",
    )


def _change(line: Line, *, public: bool) -> str:
    change = bulletin_annexes.told_change(line, public=public)
    return "" if change is None else say("bulletin.pack.change", change=change_text(change, line.series.indicator))
