"""What several tests of content start from."""

from pathlib import Path

import pytest

from tests.content.foreign import Foreign
from tests.content.git_trees import work_tree


@pytest.fixture
def foreign(tmp_path: Path) -> Foreign:
    made = Foreign(tmp_path)
    (made.source / "en").mkdir(parents=True)
    (made.source / "es").mkdir(parents=True)
    return made


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree with a site at its top, one commit."""
    return work_tree(tmp_path / "content")
