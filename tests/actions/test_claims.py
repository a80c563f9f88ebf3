"""Claims, box serials and upgrades on both databases (R7, R10, R58, R60)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from kb.actions.assets import asset, assets_of, register_keys
from kb.actions.box_serials import BoxOutcome, exchange
from kb.actions.claims import (
    Claimed,
    claim_for_product,
    claim_key,
    claim_page,
    claim_view,
    claims_of,
    decide_claim,
)
from kb.actions.corrections import Corrected, demand_proof
from kb.actions.cover import covered_product
from kb.actions.licence_import import BadList, import_licences
from kb.actions.upgrades import UpgradeOutcome, free_upgrade, hand_out_upgrades
from kb.mail import Letters
from kb.rules.claims import ClaimKind, ClaimState
from kb.rules.cover import CoverState
from kb.rules.policy import Policy
from kb.store import Database, audit, outbox
from kb.store.attachments import NewAttachment
from tests.actions.people import KEY, NOW, SECRET, agent, customer, days_ago, own, sell

RECEIPT = (NewAttachment("receipt.pdf", "application/pdf", 10, "0" * 64),)
HOME = "NHM27" + "A" * 59


def mailed(db: Database) -> list[tuple[str, str]]:
    with db.read() as conn:
        return [(mail.kind, mail.recipient) for mail in outbox.all_mail(conn)]


def claim(db: Database, letters: Letters, who: int, key: str = KEY) -> Claimed:
    return claim_key(
        db, letters, SECRET, who, key, "Bought second hand", RECEIPT, lang="es", now=NOW
    )


def decide(db: Database, letters: Letters, boss: int, state: str, **more: Any) -> Claimed:
    waiting, _ = claim_page(db, waiting=True, page=1)
    answer = more.pop("answer", "We have seen the receipt")
    return decide_claim(db, letters, boss, waiting[0].id, ClaimState(state), answer, NOW, **more)


def test_R6_a_key_of_another_account_is_claimed_and_its_owner_told(
    db: Database, policy: Policy, letters: Letters
) -> None:
    ana, eva, boss = customer(db), customer(db, "eva@example.com"), agent(db)
    own(db, policy, ana)
    assert claim(db, letters, eva) is Claimed.MADE
    assert claim(db, letters, eva) is Claimed.AGAIN
    assert mailed(db) == [("key-claimed", "ana@example.com")]
    assert decide(db, letters, boss, "accepted", answer=" ") is Claimed.NO_REASON
    assert decide(db, letters, boss, "accepted") is Claimed.DECIDED
    assert [one.product for one in assets_of(db, eva)] == ["backup-server"]
    assert assets_of(db, ana) == ()
    assert {("key-moved", "ana@example.com"), ("claim-decided", "eva@example.com")} <= set(
        mailed(db)
    )
    found = claim_view(db, claims_of(db, eva)[0].id)
    assert found is not None
    assert [event.what for event in found.trail] == [
        "claim.made",
        "asset.hand-over",
        "claim.accepted",
    ]


def test_a_refused_claim_moves_nothing(db: Database, policy: Policy, letters: Letters) -> None:
    ana, eva, boss = customer(db), customer(db, "eva@example.com"), agent(db)
    own(db, policy, ana)
    claim(db, letters, eva)
    assert decide(db, letters, boss, "refused", answer="Not your invoice") is Claimed.DECIDED
    assert len(assets_of(db, ana)) == 1
    with db.read() as conn:
        texts = [mail.text for mail in outbox.all_mail(conn) if mail.kind == "claim-decided"]
    assert "Not your invoice" in texts[0]


def test_nothing_is_learnt_by_claiming(db: Database, policy: Policy, letters: Letters) -> None:
    ana, eva = customer(db), customer(db, "eva@example.com")
    own(db, policy, ana)
    sell(db, "NBS12" + "9" * 20)
    assert claim(db, letters, ana) is Claimed.NOT_THERE, "one's own"
    assert claim(db, letters, eva, "NBS12" + "9" * 20) is Claimed.NOT_THERE, "nobody's"
    assert claim(db, letters, eva, "NBS12" + "8" * 20) is Claimed.NOT_THERE, "no such key"
    for number in range(30):
        last = claim(db, letters, eva, f"NBS12{number:020d}")
    assert last is Claimed.TOO_MANY


def test_two_agents_decide_once(db: Database, policy: Policy, letters: Letters) -> None:
    ana, eva, boss = customer(db), customer(db, "eva@example.com"), agent(db)
    own(db, policy, ana)
    claim(db, letters, eva)
    (one,), _ = claim_page(db, waiting=True, page=1)

    def work(number: int) -> Claimed:
        state = ClaimState.ACCEPTED if number % 2 else ClaimState.REFUSED
        return decide_claim(db, letters, boss, one.id, state, "Reason", NOW)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))
    assert sorted(done) == [Claimed.AGAIN, Claimed.AGAIN, Claimed.AGAIN, Claimed.DECIDED]
    decided = [kind for kind, _ in mailed(db) if kind == "claim-decided"]
    assert len(decided) == 1


def test_R7_support_counts_from_the_day_that_is_proven(
    db: Database, policy: Policy, letters: Letters
) -> None:
    from dataclasses import replace

    asked = {**policy.products, "home": replace(policy.products["home"], proof=True)}
    strict = replace(policy, products=asked)
    ana, boss = customer(db), agent(db)
    mine = own(db, strict, ana, HOME, product="home", version="2027", sold_on=days_ago(3))

    def state() -> CoverState:
        found = covered_product(db, strict, ana, mine, NOW)
        assert found is not None
        return found.cover.state

    assert state() is CoverState.NONE, "not before the proof"
    nothing = claim_for_product(db, ana, mine, ClaimKind.PROOF, "", {}, (), lang="es", now=NOW)
    assert nothing is Claimed.NO_DOCUMENT
    claim_for_product(db, ana, mine, ClaimKind.PROOF, "", {}, RECEIPT, lang="es", now=NOW)
    assert state() is CoverState.NONE
    assert decide(db, letters, boss, "accepted") is Claimed.NO_DAY
    late = NOW.date() + timedelta(days=1)
    assert decide(db, letters, boss, "accepted", bought_on=late) is Claimed.NO_DAY
    assert decide(db, letters, boss, "accepted", bought_on=days_ago(10)) is Claimed.DECIDED
    assert state() is CoverState.ENDING
    found = covered_product(db, strict, ana, mine, NOW)
    assert found is not None
    assert found.cover.until == days_ago(-20), "R19: 30 days from the proven purchase"


@pytest.mark.parametrize("kind", [ClaimKind.MOVE, ClaimKind.SWAP])
def test_R58_R60_a_move_is_documented_and_a_swap_goes_through_support(
    db: Database, policy: Policy, letters: Letters, kind: ClaimKind
) -> None:
    ana, eva, boss = customer(db), customer(db, "eva@example.com"), agent(db)
    mine = own(db, policy, ana)
    details = {"before": "OLD-1", "after": "NEW-2"}
    theirs = claim_for_product(db, eva, mine, kind, "", details, RECEIPT, lang="es", now=NOW)
    assert theirs is Claimed.NOT_THERE
    bare = claim_for_product(db, ana, mine, kind, "", details, (), lang="es", now=NOW)
    assert (bare is Claimed.NO_DOCUMENT) == (kind is ClaimKind.MOVE)
    claim_for_product(db, ana, mine, kind, "", details, RECEIPT, lang="es", now=NOW)
    assert decide(db, letters, boss, "accepted", answer="A fee of 30 USD") is Claimed.DECIDED
    found = asset(db, ana, mine)
    assert found is not None
    with db.read() as conn:
        trail = audit.of_subject(conn, f"licence:{found.licence_id}")
    assert [event.what for event in trail] == ["claim.made", "claim.accepted"]
    assert trail[1].data["answer"] == "A fee of 30 USD"


def test_R7_a_box_serial_is_exchanged_for_the_key_that_registers(
    db: Database, policy: Policy
) -> None:
    rows = ["key,product,version,sold_on,box_serial\n", f"{HOME},home,2027,2026-11-20,1234 5678\n"]
    import_licences(db, policy, SECRET, rows)
    ana = customer(db)
    found = exchange(db, SECRET, ana, "1234-5678", NOW)
    assert found.outcome is BoxOutcome.EXCHANGED
    (answer,) = register_keys(db, policy, ana, found.key, NOW, secret=SECRET)
    assert str(answer.outcome) == "registered"
    eva = customer(db, "eva@example.com")
    assert exchange(db, SECRET, eva, "12345678", NOW).outcome is BoxOutcome.ANOTHERS
    assert exchange(db, SECRET, ana, "12345678", NOW).key == found.key, "for its owner again"
    with pytest.raises(BadList):
        import_licences(
            db, policy, SECRET, [rows[0], f"{'NHM27' + 'B' * 59},home,2027,2026-11-20,12345678\n"]
        )


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "ABCDEFGH", "1234\x00567", "٣" * 8])
def test_what_is_no_serial(db: Database, typed: str) -> None:
    assert exchange(db, SECRET, customer(db), typed, NOW).outcome is BoxOutcome.NO_SERIAL


def test_serials_cannot_be_guessed(db: Database) -> None:
    ana = customer(db)
    done = [exchange(db, SECRET, ana, f"{n:08d}", NOW).outcome for n in range(8)]
    assert done == [BoxOutcome.UNKNOWN] * 5 + [BoxOutcome.TOO_MANY] * 3


def test_R10_the_key_of_a_free_upgrade_registers_itself(db: Database, policy: Policy) -> None:
    ana, eva = customer(db), customer(db, "eva@example.com")
    old, new = "NBS11" + "1" * 20, "NBS12" + "2" * 20
    mine = own(db, policy, ana, old, version="11", plan="premier")
    assert free_upgrade(db, policy, SECRET, ana, mine, NOW).outcome is UpgradeOutcome.NO_KEY_YET
    rows = [
        "key,product,version,sold_on,upgrade_of\n",
        f"{new},backup-server,12,2026-11-20,{old}\n",
    ]
    import_licences(db, policy, SECRET, rows)
    assert free_upgrade(db, policy, SECRET, eva, mine, NOW).outcome is UpgradeOutcome.NOT_YOURS
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(
            lambda _: free_upgrade(db, policy, SECRET, ana, mine, NOW), range(4)
        ))  # fmt: skip
    assert {(one.outcome, one.key) for one in done} == {(UpgradeOutcome.DONE, new)}
    versions = sorted(one.version or "" for one in assets_of(db, ana))
    assert versions == ["11", "12"]
    newest = next(one for one in assets_of(db, ana) if one.version == "12")
    older = next(one for one in assets_of(db, ana) if one.version == "11")
    assert [c.plan for c in newest.contracts] == ["premier"]
    assert newest.support_ends_on == older.support_ends_on
    again = free_upgrade(db, policy, SECRET, ana, newest.id, NOW)
    assert again.outcome is UpgradeOutcome.NOT_FREE, "the current version"


def test_R10_without_support_no_upgrade_is_free(db: Database, policy: Policy) -> None:
    ana = customer(db)
    mine = own(db, policy, ana, version="11", sold_on=days_ago(400))
    assert free_upgrade(db, policy, SECRET, ana, mine, NOW).outcome is UpgradeOutcome.NOT_FREE


def ask_upgrade(db: Database, policy: Policy, **changes: Any) -> tuple[int, int]:
    ana = customer(db, **changes)
    mine = own(db, policy, ana, "NBS11" + "1" * 20, version="11", plan="premier")
    done = claim_for_product(db, ana, mine, ClaimKind.UPGRADE, "", {}, (), lang="es", now=NOW)
    assert done is Claimed.MADE
    return ana, mine


def upgrade_key_comes(db: Database, policy: Policy) -> None:
    import_licences(db, policy, SECRET, [
        "key,product,version,sold_on,upgrade_of\n",
        f"NBS12{'2' * 20},backup-server,12,2026-11-20,NBS11{'1' * 20}\n",
    ])  # fmt: skip


@pytest.mark.parametrize("accepted", [False, True])
def test_R10_a_key_that_comes_for_a_known_upgrade_registers_itself(
    db: Database, policy: Policy, letters: Letters, accepted: bool
) -> None:
    ana, _mine = ask_upgrade(db, policy)
    if accepted:
        decide(db, letters, agent(db), "accepted")
    assert hand_out_upgrades(db, policy, letters, SECRET, NOW) == 0, "no key is there yet"
    upgrade_key_comes(db, policy)
    with ThreadPoolExecutor(4) as pool:
        done = pool.map(lambda _: hand_out_upgrades(db, policy, letters, SECRET, NOW), range(4))
    assert sum(done) == 1
    newest = next(one for one in assets_of(db, ana) if one.version == "12")
    assert [one.plan for one in newest.contracts] == ["premier"]
    assert claims_of(db, ana)[0].state is ClaimState.ACCEPTED
    assert mailed(db).count(("upgrade-ready", "ana@example.com")) == 1


def test_R10_a_refused_upgrade_registers_nothing(
    db: Database, policy: Policy, letters: Letters
) -> None:
    ana, _mine = ask_upgrade(db, policy)
    decide(db, letters, agent(db), "refused")
    upgrade_key_comes(db, policy)
    assert hand_out_upgrades(db, policy, letters, SECRET, NOW) == 0
    assert len(assets_of(db, ana)) == 1


def test_R7_an_agent_asks_one_customer_for_a_proof_with_a_reason(
    db: Database, policy: Policy, letters: Letters
) -> None:
    ana, boss = customer(db), agent(db)
    mine = own(db, policy, ana, HOME, product="home", version="2027", sold_on=days_ago(3))
    ask = partial(demand_proof, db, policy, letters, boss, mine)
    assert ask(" ", NOW) is Corrected.NO_REASON
    assert ask("The shop does not know this box", NOW) is Corrected.DONE
    assert ask("Again", NOW) is Corrected.WRONG, "it is asked for already"
    assert demand_proof(db, policy, letters, boss, 99, "x", NOW) is Corrected.NOT_THERE
    found = covered_product(db, policy, ana, mine, NOW)
    assert found is not None
    assert (found.asset.proof, found.cover.state) == ("needed", CoverState.NONE)
    with db.read() as conn:
        told = [mail.text for mail in outbox.all_mail(conn) if mail.kind == "proof-needed"]
        (event,) = [e for e in audit.of_subject(conn, f"asset:{mine}") if e.what == "asset.proof"]
    assert "The shop does not know this box" in told[0]
    assert (event.actor, event.data["reason"]) == ("Irene Otero", "The shop does not know this box")
