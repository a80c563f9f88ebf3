"""From case to article: an agent writes it, looks at it, and has it committed to a branch."""

from kb.pages.case_article import existing as existing
from kb.pages.case_article import writing as writing
from kb.pages.case_article.blueprint import blueprint as blueprint
