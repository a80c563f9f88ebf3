"""create_app(settings): wires everything, decides nothing."""

from flask import Flask
from flask_babel import Babel
from jinja2 import ChoiceLoader, FileSystemBytecodeCache, FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from kb.actions.dev_site import DevSite
from kb.actions.live_site import LiveSite
from kb.bundled import STATIC, TEMPLATES
from kb.content.old_article import OldArticles
from kb.outside.licence_service import licence_service_for
from kb.outside.payments import tills_for
from kb.outside.sign_in import providers_for
from kb.pages import (
    account,
    api,
    article_report,
    articles,
    assets,
    branch_desk,
    case_article,
    cases,
    chat,
    chat_desk,
    claim_desk,
    claims,
    contact,
    desk,
    dev,
    discovery,
    editor,
    errors,
    feedback,
    feedback_desk,
    feeds,
    files,
    follow,
    frame,
    history,
    home,
    hooks,
    knowledge,
    licensing,
    offline,
    opensearch,
    operations,
    orders,
    payments,
    people_desk,
    preview,
    product_desk,
    products,
    quote_desk,
    rest,
    safety,
    sales,
    search,
    static_files,
    template_globals,
    texts,
    tree_map,
    troubleshooter,
    visit_steps,
    visitors,
    votes,
    walk_steps,
)
from kb.pages.page_cache import PageCache
from kb.pages.routing import LanguageConverter
from kb.settings import Settings
from kb.store import Database

FEATURES = (
    operations,
    discovery,
    home,
    articles,
    votes,
    history,
    article_report,
    products,
    search,
    opensearch,
    offline,
    troubleshooter,
    tree_map,
    licensing,
    account,
    assets,
    claims,
    orders,
    contact,
    cases,
    chat,
    chat_desk,
    desk,
    case_article,
    sales,
    quote_desk,
    claim_desk,
    product_desk,
    people_desk,
    payments,
    hooks,
    preview,
    branch_desk,
    files,
    feedback,
    feedback_desk,
    knowledge,
    editor,
    feeds,
    follow,
    api,
    rest,
)


def create_app(settings: Settings, *, served: bool = True) -> Flask:
    """Make the web application; it opens no connection and reads no content yet. Not `served` is
    one whose pages become files: nobody asks it for small forms, which take a second to make."""
    app = Flask("kb", static_folder=None, template_folder=None)
    site = DevSite(settings.var) if settings.dev else LiveSite(settings.var)
    app.extensions["waypost"] = frame.Wiring(settings, Database(settings.database_url), site)
    app.extensions["waypost-pages"] = PageCache()
    kept = settings.var / "cache" / "old"
    app.extensions["waypost-old-articles"] = OldArticles(settings.site, kept)
    app.extensions["waypost-tills"] = tills_for(settings)
    app.extensions["waypost-licences"] = licence_service_for(settings)
    app.extensions["waypost-providers"] = providers_for(settings)
    app.url_map.converters["lang"] = LanguageConverter
    _templates(app, settings)
    preview.install(app, settings)
    safety.install(app, settings)
    visitors.install(app)
    walk_steps.install(app)
    visit_steps.install(app)
    knowledge.install(app)
    texts.install(app, Babel(app, locale_selector=frame.spoken))
    frame.add_language_to_urls(app)
    template_globals.install(app)
    discovery.install(app)
    errors.install(app)
    for module in FEATURES:
        app.register_blueprint(module.blueprint)
    if settings.dev:
        dev.install(app)
    _middleware(app, settings, served)
    return app


def _templates(app: Flask, settings: Settings) -> None:
    app.jinja_options = {
        "loader": ChoiceLoader(
            [FileSystemLoader(settings.site / "templates"), FileSystemLoader(TEMPLATES)]
        ),
        "auto_reload": settings.dev,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    kept = settings.var / "templates"
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    app.jinja_options["bytecode_cache"] = FileSystemBytecodeCache(str(kept))


def _middleware(app: Flask, settings: Settings, served: bool) -> None:
    static = WhiteNoise(
        app.wsgi_app,
        max_age=31_536_000,
        autorefresh=settings.dev,
        immutable_file_test=r"^/static/[0-9a-f]{12}/",
    )
    digest = frame.static_digest()
    bundled = STATIC
    if not settings.dev:
        bundled = static_files.pressed(settings.var, digest, small=served)
    static.add_files(str(bundled), prefix=f"static/{digest}/")
    own = settings.site / "static"
    if own.is_dir():
        static.add_files(str(own), prefix="site/")
    app.wsgi_app = static  # type: ignore[method-assign]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
