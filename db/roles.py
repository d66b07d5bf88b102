"""The roles of a PostgreSQL store: the program owns the tables, accounts with a scope read by a role that does not."""

from __future__ import annotations

import sqlalchemy as sa

from db.distribution import is_coordinator
from db.engine import make_engine
from db.schema import metadata
from db.settings import Settings
from db.surroundings import Fault

_ACTIVE = "SELECT row_security_active('public.observation')"
_OWNER = (
    "EDU_DATABASE_URL 的数据库账号不是表的属主,成批写入和升级结构都不能进行。请改用属主账号;"
    "限定范围的账号另用 EDU_READER_URL 读取(见 docs/security.md)。"
)
_NOT_ON_CITUS = (
    "Citus 上没有行级安全策略,EDU_READER_URL 的账号读不到任何数据。请去掉 EDU_READER_URL(见 docs/scale.md)。"
)


def role_faults(engine: sa.Engine) -> tuple[Fault, ...]:
    """What is wrong with the roles of a PostgreSQL store whose tables exist."""
    with engine.connect() as connection:
        if connection.scalar(sa.text(_ACTIVE)):
            return (Fault("owner", _OWNER, refuses=True),)
        spread = is_coordinator(connection)
    url = Settings.from_environment().reader_url
    if url is not None and spread:
        return (Fault("reader", _NOT_ON_CITUS, refuses=True),)
    return () if url is None else _reader_faults(url)


def _reader_faults(url: str) -> tuple[Fault, ...]:
    reader = make_engine(url, sees_everything=False)
    try:
        with reader.connect() as connection:
            tables = set(sa.inspect(connection).get_table_names(schema="public"))
            if "observation" not in tables:
                return (Fault("reader", "EDU_READER_URL 指向的不是本系统的数据库。", refuses=True),)
            unsecured = not connection.scalar(sa.text(_ACTIVE))
            asked = sa.text("SELECT has_table_privilege(:name, 'SELECT')")
            closed = [name for name in sorted(metadata.tables) if name in tables
                      and not connection.scalar(asked, {"name": f"public.{name}"})]  # fmt: skip
    except sa.exc.DBAPIError:
        return (Fault("reader", "EDU_READER_URL 的数据库账号连不上,请检查地址、口令和网络。", refuses=True),)
    finally:
        reader.dispose()
    if unsecured:
        said = "EDU_READER_URL 的数据库账号是属主或超级用户,行级安全对它不起作用,请换一个普通账号。"
        return (Fault("reader", said, refuses=True),)
    if closed:
        said = (
            f"EDU_READER_URL 的数据库账号读不了 {'、'.join(closed[:3])} 等 {len(closed)} 张表,请用属主账号授予 SELECT。"
        )
        return (Fault("reader", said, refuses=True),)
    return ()
