"""The settings of sign-in through an identity provider: what is incomplete or unsafe does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.engine import StoreError
from pages.ui.oidc import Settings, from_environment
from tests.pages.forged_tokens import OWN, environment
from tests.pages.identity_provider import CLIENT, SECRET

WHOLE = environment("https://idp.example")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        *(({**WHOLE, name: ""}, "没有设全") for name in WHOLE if name != "EDU_HOSTS"),
        ({**WHOLE, "EDU_OIDC_CLIENT_SECRET_FILE": "/x"}, "只能设一个"),
        ({**WHOLE, "EDU_OIDC_CLIENT_SECRET": "", "EDU_OIDC_CLIENT_SECRET_FILE": "/no/such"}, "读不出"),
        ({**WHOLE, "EDU_TRUSTED_PROXY": "10.0.0.5"}, "只能用一种"),
        ({**WHOLE, "EDU_OIDC_ISSUER": "http://idp.example"}, "不是 https"),
        ({**WHOLE, "EDU_OIDC_ISSUER": "http://127.0.0.1.evil.example"}, "不是 https"),
        ({**WHOLE, "EDU_OIDC_ISSUER": "http://localhost@evil.example"}, "不是 https"),
        ({**WHOLE, "EDU_OIDC_ISSUER": "https://[x"}, "不是 https"),
        ({**WHOLE, "EDU_OIDC_ADDRESS": "http://testserver"}, "不是 https"),
        ({**WHOLE, "EDU_OIDC_ADDRESS": "https://testserver/a"}, "不带路径"),
        ({**WHOLE, "EDU_OIDC_ADDRESS": "https://other.example"}, "EDU_HOSTS"),
    ],
)
def test_what_is_set_by_half_or_unsafely_does_not_start(given: dict[str, str], words: str) -> None:
    with pytest.raises(StoreError, match=words) as refused:
        from_environment(given)
    assert SECRET not in str(refused.value)


def test_the_secret_may_stand_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n", encoding="utf-8")
    found = from_environment({**WHOLE, "EDU_OIDC_CLIENT_SECRET": "", "EDU_OIDC_CLIENT_SECRET_FILE": str(file)})
    assert found == Settings("https://idp.example", CLIENT, SECRET, OWN)
    assert SECRET not in repr(found)
    assert from_environment({"EDU_HOSTS": "testserver"}) is None
