"""A look into a zip container before any parser sees it: member count, inflated size, ratio, passwords, DOCTYPE."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from etl.types import Refused

MAX_MEMBERS = 5_000
MAX_INFLATED = 400 * 1024 * 1024
MAX_RATIO = 200  # only above RATIO_FROM: an ordinary sheet of zeros also packs well
RATIO_FROM = 50 * 1024 * 1024
_CHUNK = 1 << 20
_MARKUP = (".xml", ".rels", ".vml")
_ENCRYPTED_FLAG = 0x1


def open_container(content: bytes) -> zipfile.ZipFile:
    """The zip directory, nothing inflated yet. Refuses damaged ones, passwords and too many members."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise damaged() from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise bomb(f"内含 {len(members)} 个部件,超过 {MAX_MEMBERS} 个的上限")
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise encrypted()
    return archive


def prescan(archive: zipfile.ZipFile, packed: int) -> None:
    """Inflates every member as a stream and throws it away. `packed` is the size of the file in bytes. Raises Refused."""
    for _member, chunks in _streams(archive, packed):
        for _ in chunks:
            pass


def inflated(archive: zipfile.ZipFile, packed: int) -> dict[str, bytes]:
    """The members that hold markup, by name, after the same look; of several of one name the last."""
    found = {}
    for member, chunks in _streams(archive, packed):
        if member.filename.endswith(_MARKUP):
            found[member.filename] = b"".join(chunks)
        else:
            for _ in chunks:
                pass
    return found


def _streams(archive: zipfile.ZipFile, packed: int) -> Iterator[tuple[zipfile.ZipInfo, Iterator[bytes]]]:
    """Every member with what it inflates to, piece by piece. Every piece is to be taken before the next member."""
    total = 0

    def pieces(member: zipfile.ZipInfo) -> Iterator[bytes]:
        nonlocal total
        markup, tail = member.filename.endswith(_MARKUP), b""
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                _check_size(total, packed)
                if markup:
                    tail = _check_doctype(tail + chunk)
                yield chunk

    for member in archive.infolist():
        yield member, pieces(member)


def _check_size(total: int, packed: int) -> None:
    if total > MAX_INFLATED:
        raise bomb(f"解压后超过 {MAX_INFLATED // 1024 // 1024} MB")
    if total > RATIO_FROM and total > packed * MAX_RATIO:
        raise bomb(f"解压后是原来的 {MAX_RATIO} 倍以上")


def _check_doctype(data: bytes) -> bytes:
    plain = data.replace(b"\x00", b"") if b"\x00" in data[:64] else data  # UTF-16 markup
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refused(
            "doctype", "文件内部含有外部实体声明(DOCTYPE),正常的办公文档不会有,请用 WPS 或 Office 另存一份后再上传。"
        )
    return data[-32:]


def bomb(why: str) -> Refused:
    return Refused("zip_bomb", f"文件{why},可能是恶意文件或含有大量空白格式,请删去多余内容、另存一份后再上传。")


def encrypted() -> Refused:
    return Refused("encrypted", "文件设有打开密码,无法读取,请取消密码(文件—信息—保护)后另存一份,再上传。")


def damaged() -> Refused:
    """The refusal of a file whose kind is known and whose inside cannot be parsed."""
    return Refused("damaged", "文件已损坏或不完整,无法读取,请用 WPS 或 Office 打开后另存一份,再重新上传。")
