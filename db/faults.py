"""What a person can mend of a database's own faults, as a sentence: disk full, read-only, busy, gone."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

FULL = "磁盘已满,刚才的改动没有存入,库中数据完好。请清理磁盘后重试;查看不受影响。"
READ_ONLY = "数据库所在磁盘现在只能读不能写,刚才的改动没有存入,库中数据完好。请系统管理员检查磁盘和文件权限。"
BROKEN_DISK = "读写磁盘出错,刚才的改动没有存入。请系统管理员检查磁盘空间和磁盘状况,再运行 python -m db verify 核对。"
UNOPENED = "数据库文件打不开(磁盘只读、文件被移走或没有权限),刚才的改动没有存入。请系统管理员检查磁盘和文件权限。"
BUSY = "数据库正忙(可能有人正在导入大文件),刚才的改动没有存入,请稍后重试。"
GONE = "连不上数据库,刚才的改动没有存入。请稍后重试;如仍连不上,请告诉系统管理员。"
UNREACHABLE = "数据库打不开,程序没有启动。请检查 EDU_DATABASE_URL、数据库服务和网络,原因见运行日志;恢复后再启动。"
DAMAGED = "数据库文件已损坏,请系统管理员停止服务并从最近的备份恢复。"

_BY_WORDS = {
    "disk is full": FULL, "readonly database": READ_ONLY, "disk i/o error": BROKEN_DISK, "is locked": BUSY,
    "unable to open database": UNOPENED, "malformed": DAMAGED, "not a database": DAMAGED,
}  # fmt: skip
_BY_STATE = {"53100": FULL, "25006": READ_ONLY, "55P03": BUSY, "58030": BROKEN_DISK}
_GONE_STATES = ("08", "57P")


def sentence_of(error: BaseException) -> str | None:
    """The sentence for a fault of the database that is no mistake of the program; None for every other error."""
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _BY_STATE.get(state) or (GONE if str(state).startswith(_GONE_STATES) else None)
    said = str(error.orig).lower()
    known = next((sentence for words, sentence in _BY_WORDS.items() if words in said), None)
    return known or (GONE if error.connection_invalidated or "connection" in said else None)
