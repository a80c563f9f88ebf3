"""Addresses in YAML files with their lines, and downloads that nobody could fetch (R12)."""

from pathlib import Path

import pytest

from kb.content.yaml_links import check_downloads, yaml_links

PRODUCTS = """\
- id: server
  downloads:
    - {name: Setup, url: /files/server/12/setup.exe}
    - name: Notes (https://example.com/notes_(12), https://example.com/a.)
      url: "https://example.com/b?c=d#e"
  # url: https://example.com/commented
  edit: https://example.com/{path}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("policy", "troubleshooter", "files/server/12"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "site.yaml").write_text("forum_url: https://forum.example.com/\n")
    (tmp_path / "policy/products.yaml").write_text(PRODUCTS)
    (tmp_path / "troubleshooter/a.yaml").write_text("do: Vea [esto](https://example.com/t).\n")
    (tmp_path / "policy/bad.yaml").write_bytes(b"\xff\xfe")
    return tmp_path


def test_every_address_is_found_with_its_line(root: Path) -> None:
    assert [(one.target, one.path, one.line) for one in yaml_links(root)] == [
        ("https://forum.example.com/", "site.yaml", 1),
        ("/files/server/12/setup.exe", "policy/products.yaml", 3),
        ("https://example.com/notes_(12)", "policy/products.yaml", 4),
        ("https://example.com/a", "policy/products.yaml", 4),
        ("https://example.com/b?c=d#e", "policy/products.yaml", 5),
        ("https://example.com/t", "troubleshooter/a.yaml", 1),
    ]


def told(root: Path) -> list[str]:
    return [str(one) for one in check_downloads(root, {}, yaml_links(root))]


def test_a_download_must_be_where_the_site_keeps_it(root: Path) -> None:
    assert told(root) == [
        "policy/products.yaml:3: /files/server/12/setup.exe is not there; "
        "put the file into files/ of the site, or mend its name"
    ]
    (root / "files/server/12/setup.exe").write_bytes(b"x")
    assert told(root) == []


@pytest.mark.parametrize("name", ["../site.yaml", "server", "%2e%2e/site.yaml", "a%00b", "x" * 300])
def test_only_a_file_in_the_folder_counts(root: Path, name: str) -> None:
    (root / "policy/products.yaml").write_text(f"url: /files/{name}\n")
    assert len(told(root)) == 1


def test_texts_cannot_link_to_what_is_for_owners(root: Path) -> None:
    (root / "files/server/12/setup.exe").write_bytes(b"x")
    (root / "troubleshooter/a.yaml").write_text("do: '[esto](/files/server/12/setup.exe)'\n")
    (problem,) = told(root)
    assert problem.startswith("troubleshooter/a.yaml:1: /files/server/12/setup.exe is given out")
