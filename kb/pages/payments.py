"""Where payment providers tell us what was paid; believed only when signed."""

import logging

from flask import Blueprint, Response, abort, request

from kb.actions.payments import Done, take_notice
from kb.outside.payments import UntrueNotice
from kb.pages.frame import now
from kb.pages.safety import csrf
from kb.pages.tills import desk, tills
from kb.rules.money import PayBy

blueprint = Blueprint("payments", __name__)
log = logging.getLogger("kb.payments")

_LARGEST = 256 * 1024


@blueprint.post("/payments/stripe")
@csrf.exempt  # type: ignore[untyped-decorator]  # signed instead
def stripe() -> Response:
    """Take one signed notice; a provider sends it again until this answers 200."""
    till = tills().get(PayBy.CARD)
    if till is None or (request.content_length or 0) > _LARGEST:
        abort(400)
    try:
        notice = till.read(request.get_data(), request.headers.get("Stripe-Signature", ""))
    except UntrueNotice as error:
        log.warning("a notice was refused: %s", error)
        abort(400)
    done = take_notice(desk(), till.provider, notice, now())
    if done is Done.UNKNOWN:
        log.warning("a notice about the order %r, which is not here", notice.reference[:40])
    return Response("taken\n", content_type="text/plain")
