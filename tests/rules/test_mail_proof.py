"""What the receiving server says of a sender is believed, and nobody else's word for it."""

import pytest

from kb.rules.mail_proof import Proof, proof_of

OURS = "mx.example.com"
SENDER = "irene@norvault.example"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([], Proof.NONE, id="nothing said"),
        pytest.param([f"{OURS}; dmarc=pass header.from=norvault.example"], Proof.PASS, id="true"),
        pytest.param([f"{OURS} 1; spf=pass; DMARC = pass (p=reject)"], Proof.PASS, id="no domain"),
        pytest.param([f"{OURS}; dmarc=fail header.from=norvault.example"], Proof.FAIL, id="false"),
        pytest.param(
            [f"{OURS}; dmarc=pass", f"{OURS}; dmarc=fail"], Proof.FAIL, id="one failure is enough"
        ),
        pytest.param([f"{OURS}; spf=pass; dkim=pass"], Proof.NONE, id="no dmarc"),
        pytest.param([f"{OURS}; dmarc=none"], Proof.NONE, id="the domain has no policy"),
        pytest.param([f"{OURS}; dmarc=passed"], Proof.NONE, id="no such word"),
        pytest.param(
            [f"{OURS}; dmarc=pass header.from=evil.example"], Proof.NONE, id="another domain"
        ),
        pytest.param(["mx.evil.example; dmarc=pass"], Proof.NONE, id="another server"),
        pytest.param([f"{OURS}.evil.example; dmarc=pass"], Proof.NONE, id="a longer name"),
        pytest.param([f"{OURS}; none"], Proof.NONE, id="nothing checked"),
        pytest.param(["; dmarc=pass"], Proof.NONE, id="no name"),
        pytest.param(
            [f'{OURS}; spf=fail smtp.mailfrom="x; dmarc=pass"@evil.example'],
            Proof.NONE,
            id="inside quotes",
        ),
        pytest.param(
            [f"{OURS}; spf=fail (of y; dmarc=pass) smtp.mailfrom=y"], Proof.NONE, id="in a comment"
        ),
    ],
)
def test_what_is_believed(lines: list[str], expected: Proof) -> None:
    assert proof_of(lines, OURS, SENDER) is expected


def test_without_the_name_of_our_server_nobody_is_believed() -> None:
    assert proof_of([f"{OURS}; dmarc=pass"], "", SENDER) is Proof.NONE
    assert proof_of(["; dmarc=pass"], "", SENDER) is Proof.NONE
