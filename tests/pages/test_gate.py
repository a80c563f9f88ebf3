"""Every route stands in this table, and each gate holds against everybody else."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.visitor import Visitor

PUBLIC = {
    "account.agree_address",
    "account.ask_reset",
    "account.check_mail",
    "account.confirm",
    "account.provider",
    "account.provider_return",
    "account.reset",
    "account.second_step",
    "account.sign_in",
    "account.sign_out",
    "account.sign_up",
    "api.article",
    "api.search",
    "api.suggest",
    "api.tree",
    "article_report.report",
    "articles.article",
    "articles.browse",
    "articles.category",
    "discovery.robots",
    "discovery.sitemap",
    "discovery.sitemap_index",
    "votes.missing",
    "votes.vote",
    "contact.start",
    "contact.without_consent",
    "feedback.feedback",
    "feeds.alerts",
    "feeds.changed",
    "feeds.new",
    "feeds.product",
    "follow.agree",
    "follow.end",
    "follow.end_now",
    "follow.follow",
    "follow.mine",
    "follow.sent",
    "follow.ways",
    "files.file",
    "history.at",
    "history.history",
    "history.moved",
    "home.home",
    "hooks.content",
    "licensing.calculator",
    "offline.bundle",
    "opensearch.description",
    "opensearch.suggestions",
    "operations.healthz",
    "operations.media",
    "operations.metrics",
    "operations.readyz",
    "operations.root",
    "operations.theme",
    "payments.stripe",
    "preview.waiting",
    "products.browse",
    "products.downloads",
    "products.product",
    "rest.openapi",
    "search.search",
    "troubleshooter.step",
    "troubleshooter.tree",
    "troubleshooter.trees",
}
CUSTOMER = {
    "account.end_token",
    "account.tokens",
    "account.address",
    "account.bring_products",
    "account.change_password",
    "account.delete",
    "account.end_second_factor",
    "account.export",
    "account.invitation",
    "account.invite",
    "account.leave_organisation",
    "account.member",
    "account.organisation",
    "account.profile",
    "account.recovery_codes",
    "account.remove_member",
    "account.rename_organisation",
    "account.second_factor",
    "account.security",
    "account.sign_out_everywhere",
    "account.unlink_provider",
    "account.withdraw_address",
    "account.withdraw_invitation",
    "assets.asset",
    "assets.assets",
    "assets.register",
    "cases.case",
    "cases.cases",
    "cases.complaint",
    "cases.file",
    "cases.follow",
    "cases.end_remote",
    "cases.quote",
    "cases.rate",
    "cases.remote",
    "cases.reply",
    "cases.thumbnail",
    "chat.begin",
    "chat.chat",
    "chat.leave",
    "chat.news",
    "chat.say",
    "chat.stream",
    "chat.typing",
    "contact.case",
    "contact.discard_draft",
    "contact.options",
    "contact.save_draft",
    "contact.severity",
    "claims.box",
    "claims.claims",
    "claims.key",
    "claims.product",
    "claims.reminders",
    "claims.upgrade",
    "contact.suggestions",
    "orders.buy",
    "orders.cancel",
    "orders.order",
    "orders.orders",
    "orders.pay",
    "orders.receipt",
}
AGENT = {
    "branch_desk.branches",
    "branch_desk.end",
    "case_article.article",
    "case_article.forget",
    "case_article.push",
    "case_article.write",
    "chat_desk.all_news",
    "chat_desk.chat",
    "chat_desk.chats",
    "chat_desk.compose",
    "chat_desk.leave",
    "chat_desk.news",
    "chat_desk.say",
    "chat_desk.stream",
    "chat_desk.take",
    "chat_desk.takes",
    "chat_desk.typing",
    "claim_desk.claim",
    "claim_desk.claims",
    "claim_desk.file",
    "desk.assign",
    "desk.case",
    "desk.file",
    "desk.attach_mail",
    "desk.bulk",
    "desk.compose",
    "desk.end_remote",
    "desk.link",
    "desk.split",
    "desk.tag",
    "desk.extension",
    "desk.presence",
    "desk.quote",
    "desk.remote",
    "desk.time",
    "desk.withdraw",
    "desk.drop_selection",
    "desk.keep_selection",
    "desk.case_of_mail",
    "desk.discard_mail",
    "desk.mail",
    "desk.mail_in",
    "desk.mail_source",
    "desk.send_mail_again",
    "desk.merge",
    "desk.find_preview",
    "desk.note",
    "desk.preview",
    "desk.preview_as",
    "desk.preview_severity",
    "desk.queue",
    "desk.reply",
    "desk.state",
    "desk.terms",
    "desk.thumbnail",
    "desk.change_webhook",
    "desk.export",
    "desk.tell_again",
    "desk.webhook",
    "desk.webhooks",
    "feedback_desk.articles",
    "feedback_desk.download",
    "feedback_desk.marks",
    "feedback_desk.queue",
    "feedback_desk.spam",
    "feedback_desk.trends",
    "editor.beside",
    "editor.check",
    "editor.drafts",
    "editor.edit",
    "editor.end",
    "editor.new",
    "editor.picture",
    "editor.take",
    "knowledge.figures",
    "knowledge.work",
    "product_desk.correct",
    "quote_desk.deliver",
    "quote_desk.quotes",
    "desk.clock",
    "product_desk.products",
    "sales.back",
    "sales.cancel",
    "sales.confirm",
    "sales.let_go",
    "sales.order",
    "sales.orders",
    "sales.out_of_scope",
    "tree_map.map",
    "tree_map.stats",
    "tree_map.trees",
}


API = {
    "rest.add_note",
    "rest.add_reply",
    "rest.add_webhook",
    "rest.change_case",
    "rest.fetch_attachment",
    "rest.list_cases",
    "rest.list_customer_products",
    "rest.list_customers",
    "rest.list_products",
    "rest.list_requests",
    "rest.list_webhooks",
    "rest.open_case",
    "rest.read_case",
    "rest.read_customer",
    "rest.read_organisation",
    "rest.remove_webhook",
}
"""For programs with a token; to everybody else, signed in or not, they say so."""


def routes(app: Flask, gate: set[str]) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint in gate]


def address(rule: Rule) -> str:
    """Fill a route's parts with values that exist nowhere."""
    values = {
        name: "en" if name == "lang" else (999999 if "int" in str(converter.regex) else "999999")
        for name, converter in rule._converters.items()
    }
    built = rule.build({**values, **(rule.defaults or {})}, append_unknown=False)
    assert built is not None, rule
    return str(built[1])


def test_every_route_stands_in_the_table(app: Flask) -> None:
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert there == PUBLIC | CUSTOMER | AGENT | API


def test_strangers_are_asked_to_sign_in_for_customers_and_agents_pages(
    app: Flask, visitor: Visitor
) -> None:
    for rule in routes(app, CUSTOMER | AGENT):
        if "GET" in (rule.methods or set()):
            response = visitor.client.get(address(rule))
            assert response.status_code == 302, rule
            assert "/account/sign-in?next=" in response.location, rule


def test_the_desk_does_not_exist_for_customers(app: Flask, visitor: Visitor) -> None:
    visitor.as_customer("premier")
    for rule in routes(app, AGENT):
        if "GET" in (rule.methods or set()):
            assert visitor.client.get(address(rule)).status_code == 404, rule


def test_posts_of_a_customer_to_the_desk_change_nothing(app: Flask, visitor: Visitor) -> None:
    visitor.as_customer("premier")
    token = visitor.get("/en/feedback").token()
    for rule in routes(app, AGENT):
        if "POST" in (rule.methods or set()):
            answer = visitor.client.post(address(rule), data={"csrf_token": token})
            assert answer.status_code == 404, rule


def test_every_post_without_a_token_is_refused(app: Flask, visitor: Visitor) -> None:
    visitor.as_agent()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            refused = visitor.client.post(address(rule), headers={"Sec-Fetch-Site": "cross-site"})
            told = {401} if rule.endpoint in API else {400, 403}
            told = {404} if rule.endpoint == "hooks.content" else told  # unsigned: nothing is there
            assert refused.status_code in told, rule


@pytest.mark.parametrize("signed_in", [False, True], ids=["a stranger", "an agent's cookie"])
def test_the_api_opens_to_a_token_alone(app: Flask, visitor: Visitor, signed_in: bool) -> None:
    if signed_in:
        visitor.as_agent()
    for rule in routes(app, API):
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = visitor.client.open(address(rule), method=method)
            assert answer.status_code == 401, rule
            assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_an_unknown_address_is_a_page_with_a_search_box(
    lang: str, another: Callable[[], Visitor]
) -> None:
    page = another().get(f"/{lang}/nowhere", expect=404)
    assert 'name="q"' in page.html
