"""The shape of `policy/canned.yaml`: answers that agents have ready."""

from pydantic import field_validator

from kb.content.policy_forms import Id
from kb.content.validate import Form, did_you_mean
from kb.content.words import Words
from kb.rules.canned import PLACES, unknown_places


class CannedForm(Form):
    """An entry of canned.yaml."""

    id: Id
    name: Words
    text: Words

    @field_validator("text")
    @classmethod
    def _known_places(cls, text: Words) -> Words:
        for said in text.root.values():
            for name in unknown_places(said):
                known = did_you_mean(name, PLACES)
                raise ValueError(f"nothing is known to stand for “{{{name}}}”; {known}")
        return text
