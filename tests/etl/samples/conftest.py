from __future__ import annotations

from pathlib import Path

import pytest

from etl.samples import SampleCounty, build


@pytest.fixture(scope="session")
def county() -> SampleCounty:
    return build()


@pytest.fixture(scope="session")
def files(county: SampleCounty, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return county.write_files(tmp_path_factory.mktemp("sample"))
