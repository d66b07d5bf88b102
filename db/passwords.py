"""Password rules and hashes (argon2id, RFC 9106, by argon2-cffi).

Costs: 19 MiB, 2 passes, 1 lane: about 30 ms on the office PC. At most two hashes run at once, so that many sign-ins
cost time, never memory.
"""

from __future__ import annotations

import os
import secrets
import string
import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST_ALLOWED, LONGEST = 8, 128
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_TWO_AT_ONCE = threading.BoundedSemaphore(2)
# Without letters and digits that are taken for one another on paper.
_READABLE = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("0o1li")))
_COMMON = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "11111111",
        "00000000",
        "88888888",
        "66666666",
        "87654321",
        "password",
        "passw0rd",
        "password1",
        "password123",
        "qwertyui",
        "qwerty123",
        "1q2w3e4r",
        "1qaz2wsx",
        "abcd1234",
        "abc12345",
        "a1234567",
        "aa123456",
        "a12345678",
        "woaini1314",
        "5201314520",
        "admin123",
        "admin888",
        "admin1234",
        "administrator",
        "iloveyou",
        "12341234",
        "123123123",
        "123456abc",
        "123456aa",
        "qwer1234",
        "asdf1234",
        "asdfghjkl",
        "zxcvbnm123",
        "66668888",
        "147258369",
        "789456123",
        "987654321",
        "jiaoyuju",
        "jiaoyu123",
        "xuexiao123",
        "china123",
        "beijing123",
    ]
)


@dataclass(frozen=True, slots=True)
class PasswordRule:
    """The bureau's rule. `classes` is how many of lower case, upper case, digits and signs a password must mix."""

    shortest: int = 10
    classes: int = 2

    @classmethod
    def from_environment(cls) -> PasswordRule:
        """`EDU_PASSWORD_LENGTH` (at least 8) and `EDU_PASSWORD_CLASSES` (1 to 4)."""
        length = _number(os.environ.get("EDU_PASSWORD_LENGTH"), cls().shortest)
        classes = _number(os.environ.get("EDU_PASSWORD_CLASSES"), cls().classes)
        return cls(max(SHORTEST_ALLOWED, min(length, 64)), max(1, min(classes, 4)))

    def fault(self, password: str, name: str) -> str | None:
        """Why a password cannot be taken, as a Chinese sentence; None where it can."""
        if len(password) < self.shortest:
            return f"密码至少要有 {self.shortest} 位,现在是 {len(password)} 位。"
        if len(password) > LONGEST:
            return f"密码最多 {LONGEST} 位。"
        if password.lower() in _COMMON or len(set(password)) < 4:
            return "这个密码太常见,容易被猜中,请换一个。"
        if len(name) >= 4 and name.lower() in password.lower():
            return "密码里不要包含账号名。"
        if _classes(password) < self.classes:
            return f"密码要至少混用 {self.classes} 类字符(小写字母、大写字母、数字、符号)。"
        return None


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise


def _classes(password: str) -> int:
    kinds = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
    return sum(any(kind(sign) for sign in password) for kind in kinds)


def hashed(password: str) -> str:
    """The hash to keep."""
    with _TWO_AT_ONCE:
        return _HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one of a hash; a hash that cannot be read matches nothing."""
    with _TWO_AT_ONCE:
        try:
            return _HASHER.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


# What an unknown name is compared with, so that it takes as long as a known one.
NOBODY = _HASHER.hash(secrets.token_urlsafe(24))


def one_time_password() -> str:
    """A password to hand over on paper: four groups of four, 2^78 possibilities."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
