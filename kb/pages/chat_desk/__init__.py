"""Chats at the desk: who waits, taking one, several at a time, ready answers (R40)."""

from kb.pages.chat_desk import live as live
from kb.pages.chat_desk import talk as talk
from kb.pages.chat_desk import views as views
from kb.pages.chat_desk.routes import blueprint as blueprint
