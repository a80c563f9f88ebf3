"""How much mail is taken from one sender and for one case, and how much it may cause."""

from datetime import timedelta

from kb.rules.accounts import Limit

MAIL_BYTES = 25 * 1024 * 1024  # the largest mail that is taken
MAIL_FILES = 20  # files of one mail that are attached; the source has the others
BODY_LENGTH = 100_000  # characters of a mail's text that are shown; the source has the rest

BY_SENDER = Limit(30, timedelta(hours=1))  # more than a person writes; the rest is held
BY_CASE = Limit(60, timedelta(hours=1))
ANSWERS_TO_ONE = Limit(1, timedelta(days=1))  # answers that only point to the site
ANSWERS_IN_ALL = Limit(200, timedelta(hours=1))  # so forged senders cannot make us flood others
SUSPECT_STARTS = 3  # from here on a mail that workers died over is understood alone
MOST_STARTS = 6  # so often understanding a mail is begun before it is held
