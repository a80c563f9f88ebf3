"""What several tests of content start from."""

from pathlib import Path

import pytest

from tests.content.foreign import Foreign


@pytest.fixture
def foreign(tmp_path: Path) -> Foreign:
    made = Foreign(tmp_path)
    (made.source / "en").mkdir(parents=True)
    (made.source / "es").mkdir(parents=True)
    return made
