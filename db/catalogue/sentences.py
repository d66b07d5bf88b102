"""pydantic's errors as Chinese sentences for the person who edits a yml file."""

from __future__ import annotations

from pydantic_core import ErrorDetails

_SENTENCES = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项,多半是名称写错了",
    "string_type": "应为文字;编码和数字请加引号",
    "string_pattern_mismatch": "只能用小写字母、数字和下划线,以字母开头",
    "tuple_type": "应为列表,写成 [甲, 乙]",
    "dict_type": "应为键值,写成 {{level: KG}}",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "date_from_datetime_parsing": "应为日期,写成 2026-09-01",
    "date_type": "应为日期,写成 2026-09-01",
    "too_long": "项数太多",
    "too_short": "不能是空的",
    "less_than_equal": "不能大于 {le}",
    "greater_than_equal": "不能小于 {ge}",
}


def sentence(error: ErrorDetails) -> str:
    """One error of pydantic in Chinese, with the value that was refused."""
    kind = error["type"]
    if kind in ("literal_error", "enum"):
        allowed = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
        return f"不能是 {error['input']},只能是 {allowed}"
    if kind == "missing":
        return _SENTENCES[kind]
    if kind == "extra_forbidden" and error["input"] is None:
        return "没有这一项;若是一句话里的逗号或冒号,请给整句加引号"
    if kind == "value_error":
        return str(error.get("ctx", {}).get("error", error["msg"]))
    known = _SENTENCES[kind].format_map(error.get("ctx", {})) if kind in _SENTENCES else f"不合要求({error['msg']})"
    return f"{known},现为 {error['input']!r}"
