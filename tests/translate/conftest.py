from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.translate.support import PAIRED, UNPAIRED, saved


@pytest.fixture(scope="session")
def paired(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    return saved(PAIRED, tmp_path_factory.mktemp("presets"))


@pytest.fixture(scope="session")
def unpaired(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    return saved(UNPAIRED, tmp_path_factory.mktemp("presets"))
