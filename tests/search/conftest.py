"""The index that most tests of search ask."""

import pytest

from kb.search.documents import Kind
from kb.search.index import Index
from tests.search.library import document, index_of


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """A small site in two languages with everything that matters in it."""
    return index_of(
        tmp_path_factory.mktemp("search") / "index",
        document(
            "1",
            title="Backup stops with “Not enough space”",
            summary="The vault's quota is used up although the disk has room.",
            body="Problem\nThe scheduled backup stops midway.\nCause\nThe quota of the vault.",
            error_codes=("E000101F4",),
            products=("server@11-12",),
            type="problem",
        ),
        document(
            "2",
            title="Free space in a vault",
            body="Set a retention rule. Old backups go.",
            products=("server", "workstation@12"),
            type="how-to",
        ),
        document("3", title="How many licences", body="One licence a machine.", type="faq"),
        document(
            "4", title="Backup of the kryptonite", body="kryptonite backup", audience="internal"
        ),
        document("5", title="Backup of palladium", body="palladium backup", audience="customers"),
        document("6", title="Scheduler and snapshots", body="The agent makes shadow snapshots."),
        document(
            "backup-fails",
            kind=Kind.TREE,
            title="My backup fails",
            summary="A few questions.",
            url="/en/troubleshoot/backup-fails/",
        ),
        document(
            "1",
            lang="es",
            title="La copia se detiene con «No hay espacio»",
            summary="La cuota de la bóveda está agotada.",
            body="La instalación de la versión nueva no cambia la cuota. Contraseña y categoría.",
            type="problem",
        ),
        document("3", lang="es", title="Cuántas licencias necesito", body="Una por máquina."),
    )
