"""Old addresses of articles that were renamed, merged or moved here from elsewhere."""

from flask import redirect
from werkzeug.wrappers import Response

from kb.pages.frame import article_url, lang, live, may_read, same_query


def moved_to(*names: str) -> Response | None:
    """Return the way to the article that had the first of these names that is known, in one step;
    None where there is none, or none that this visitor may read: its address tells its title."""
    site = live().site
    for name in names:
        found = site.articles[lang()].get(site.moved.get(name, 0))
        if found is not None and may_read(found):
            return redirect(article_url(found) + same_query(), code=301)
    return None
