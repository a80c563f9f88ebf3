"""R40: a chat in a case, from the first word to the mail with all of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from kb.actions import chats
from kb.actions.case_steps import Answer, Who
from kb.actions.cases import case_for_agent, reply, set_state
from kb.actions.chat_view import Watcher, chance_now, look
from kb.actions.chats import Said, hours_of
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState, MessageKind
from kb.rules.chat import LONGEST, MESSAGES, Chance, ChatState
from kb.rules.policy import Policy
from kb.store import Database
from tests.actions.chat_room import Room, after, room
from tests.actions.mail_box import Sort
from tests.actions.people import NOW, agent, customer
from tests.mail.written import answer_to


@pytest.fixture
def talk(db: Database, policy: Policy, letters: Letters) -> Room:
    """Irene takes chats, and Ana waits."""
    made = room(db, policy, letters)
    made.takes(made.irene)
    assert made.begins() is Answer.DONE
    return made


@pytest.fixture
def live(talk: Room) -> Room:
    """The same with Irene in the chat."""
    assert talk.is_taken(talk.irene) is Answer.DONE
    return talk


def test_a_chat_begins_only_while_somebody_takes_chats_within_the_hours(
    db: Database, policy: Policy, letters: Letters
) -> None:
    made = room(db, policy, letters)
    assert made.begins() is Answer.NOT_ALLOWED
    made.takes(made.irene)
    night = 10 * 3600  # 20:00 in New York, where the office has just closed
    made.takes(made.irene, night)
    assert made.begins(night) is Answer.NOT_ALLOWED
    made.takes(made.irene)
    assert made.begins() is Answer.DONE
    assert made.begins() is Answer.AGAIN
    assert made.state is ChatState.WAITING


def test_who_said_to_take_chats_and_went_away_offers_none(talk: Room) -> None:
    view = case_for_agent(talk.db, talk.number)
    assert view
    hours = hours_of(talk.policy, view.case)
    assert hours
    chances = [chance_now(talk.db, hours, after(seconds))[0] for seconds in (0, 299, 300)]
    assert chances == [Chance.NOW, Chance.NOW, Chance.NOBODY]


def test_a_site_without_chat_has_no_hours_for_it(talk: Room) -> None:
    view = case_for_agent(talk.db, talk.number)
    assert view
    without = {name: one for name, one in talk.policy.channels.items() if name != "chat"}
    assert hours_of(replace(talk.policy, channels=without), view.case) is None
    by_mail = replace(view.case, channel="email")
    assert hours_of(talk.policy, by_mail) == talk.policy.calendars["weekdays-12x5"]
    assert hours_of(talk.policy, replace(by_mail, entitlement={})) is None


def test_taking_a_chat_takes_its_case(live: Room) -> None:
    view = case_for_agent(live.db, live.number)
    assert view
    assert view.assignee
    assert view.assignee.id == live.irene
    assert view.case.state is CaseState.OPEN
    assert live.state is ChatState.LIVE
    assert live.whys == ["asked", "taken"]
    assert live.is_taken(live.irene) is Answer.AGAIN


def test_two_agents_take_one_chat_and_one_of_them_has_it(talk: Room) -> None:
    carla = agent(talk.db, "carla@example.com")
    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(talk.is_taken, (talk.irene, carla)))
    assert found == [Answer.DONE, Answer.NOT_ALLOWED]
    assert talk.whys == ["asked", "taken"]


def test_what_is_said_is_the_cases_and_no_line_is_mailed(live: Room) -> None:
    assert live.says("It stops at 02:10", 5) is Said.DONE
    assert live.answers(live.irene, "I look at it", 9) is Said.DONE
    assert live.said == ["It stops at 02:10", "I look at it"]
    assert live.mails() == []


def test_a_reply_by_mail_is_in_the_chat_and_its_streams_are_told(live: Room, sort: Sort) -> None:
    watcher = Watcher(live.irene, live.number, is_agent=True)
    before = look(live.db, [watcher], NOW)[watcher]
    assert look(live.db, [watcher], NOW)[watcher] == before
    assert sort(answer_to(live.letters, live.number)).state == "joined"
    assert live.said == ["Sigue igual."]
    assert look(live.db, [watcher], NOW)[watcher] != before


def test_a_reply_from_the_cases_page_is_in_the_chat_too(live: Room) -> None:
    irene = Who(Actor.AGENT, live.irene)
    done = reply(*live.parts, irene, live.number, "By page", submission_id=None, now=after(4))
    assert done is Answer.DONE
    assert live.said == ["By page"]
    assert live.mails("case-reply") == []


def test_what_is_said_in_the_chat_is_not_mailed_but_that_it_is_resolved_is(live: Room) -> None:
    irene = Who(Actor.AGENT, live.irene)
    done = reply(
        *live.parts, irene, live.number, "Done", submission_id=None, now=after(4), resolve=True
    )
    assert done is Answer.DONE
    assert live.mails("case-reply") == []
    assert len(live.mails("case-resolved")) == 1


def test_the_same_message_sent_again_counts_once(live: Room) -> None:
    assert live.says("Once", 5, form="f1") is Said.DONE
    assert live.says("Once", 6, form="f1") is Said.AGAIN
    assert live.says("Changed meanwhile", 7, form="f1") is Said.AGAIN
    assert live.said == ["Once"]


def test_the_customer_leaves_and_the_next_answers_go_out_by_mail(live: Room) -> None:
    live.says("I have to go", 5)
    live.answers(live.irene, "No problem", 6)
    assert live.leaves(7) is Answer.DONE
    (whole,) = live.mails()
    assert whole.kind == "chat-over"
    assert "I have to go" in whole.text
    assert "No problem" in whole.text
    assert "Cada noche" not in whole.text  # what the form said is known
    assert live.answers(live.irene, "I have found it", 60) is Said.DONE
    assert [mail.kind for mail in live.mails()] == ["chat-over", "case-reply"]
    assert live.leaves(61) is Answer.AGAIN
    assert live.whys == ["asked", "taken", "customer-left"]


@pytest.mark.parametrize(
    ("seconds", "state"), [(89, ChatState.LIVE), (91, ChatState.BY_MAIL)], ids=["there", "gone"]
)
def test_a_customer_who_is_gone_has_left(live: Room, seconds: float, state: ChatState) -> None:
    live.goes_on(0)
    live.takes(live.irene, seconds)
    assert live.is_tended(seconds) is state


def test_the_agent_is_gone_and_another_takes_over(live: Room) -> None:
    carla = agent(live.db, "carla@example.com")
    live.answers(live.irene, "One moment", 3)
    live.goes_on(10)
    live.takes(carla, 20)
    live.says("Hello?", 80)
    assert live.is_tended(101) is ChatState.WAITING
    assert live.mails() == []  # the customer reads it in the chat
    assert live.is_taken(carla, 105) is Answer.DONE
    assert live.whys == ["asked", "taken", "agent-left", "taken"]


def test_the_agent_is_gone_and_nobody_else_is_there(live: Room) -> None:
    live.answers(live.irene, "One moment", 3)
    live.goes_on(10)
    live.says("Hello?", 80)
    assert live.is_tended(101) is ChatState.BY_MAIL
    (whole,) = live.mails()
    assert "El agente tuvo que dejar el chat" in whole.text
    assert "Hello?" in whole.text


@pytest.mark.parametrize(
    ("others", "state"), [(True, ChatState.WAITING), (False, ChatState.BY_MAIL)]
)
def test_an_agent_leaves_a_chat(live: Room, others: bool, state: ChatState) -> None:
    if others:
        live.takes(agent(live.db, "carla@example.com"))
    done = chats.hand_on(*live.parts, live.irene, live.number, after(5))
    assert done is Answer.DONE
    assert live.state is state
    assert live.whys[-1] == "agent-left"
    assert len(live.mails()) == (state is ChatState.BY_MAIL)


def test_only_its_agent_ends_a_chat(live: Room) -> None:
    carla = agent(live.db, "carla@example.com")
    assert chats.end(*live.parts, carla, live.number, NOW) is Answer.NOT_ALLOWED
    assert chats.end(*live.parts, live.irene, 1, NOW) is Answer.NOT_FOUND
    assert chats.end(*live.parts, live.irene, live.number, NOW) is Answer.DONE
    assert live.state is ChatState.ENDED
    assert live.mails() == []  # nothing was said
    assert chats.end(*live.parts, live.irene, live.number, NOW) is Answer.NOT_ALLOWED


def test_nobody_waits_for_nobody_nor_for_ever(talk: Room) -> None:
    talk.goes_on(0)
    talk.says("Is somebody there?", 70)
    assert talk.is_tended(91) is ChatState.BY_MAIL
    (whole,) = talk.mails()
    assert "Is somebody there?" in whole.text
    assert talk.whys == ["asked", "nobody"]


def test_a_solved_chat_ends_and_can_begin_again(live: Room) -> None:
    live.says("It works", 5)
    assert live.leaves(6, solved=True) is Answer.DONE
    assert live.state is ChatState.ENDED
    assert [mail.kind for mail in live.mails()] == ["chat-over"]
    live.takes(live.irene, 20)
    assert live.begins(30) is Answer.DONE
    live.says("Not any more", 31)
    live.leaves(32)
    assert "It works" not in live.mails("chat-over")[1].text


def test_a_case_that_is_resolved_ends_its_chat(live: Room) -> None:
    irene = Who(Actor.AGENT, live.irene)
    set_state(*live.parts, irene, live.number, CaseState.RESOLVED, after(5))
    assert live.is_tended(6) is ChatState.ENDED
    assert live.whys[-1] == "case-over"
    assert live.begins(7) is Answer.NOT_ALLOWED


def test_limits_of_length_and_rate(live: Room) -> None:
    assert live.says("x" * (LONGEST + 1)) is Said.TOO_LONG
    assert live.says("  ") is Said.EMPTY
    for number in range(MESSAGES.tries - 1):
        assert live.says(f"Line {number}") is Said.DONE
    assert live.says("One more") is Said.TOO_MANY
    assert live.says("After a minute", 61) is Said.DONE


def test_another_customer_finds_no_chat(live: Room) -> None:
    bo = customer(live.db, "bo@example.com")
    stranger = Room(*live.parts, bo, live.irene, live.number)
    assert stranger.begins() is Answer.NOT_FOUND
    assert stranger.says("Hello") is Said.NOT_FOUND
    assert stranger.leaves() is Answer.NOT_FOUND
    assert live.said == []


def test_notes_of_agents_are_in_no_transcript(live: Room) -> None:
    from kb.actions.cases import add_note

    live.says("Hello", 1)
    irene = Who(Actor.AGENT, live.irene)
    add_note(live.db, irene, live.number, "SECRET", submission_id=None, now=after(2))
    live.leaves(3)
    assert "SECRET" not in live.mails()[0].text
    assert all(one.kind is not MessageKind.NOTE for one in live.story)
