"""What a new article says until its author writes: what is seen, where, why, a step, a text."""

NEW_TEXTS = {
    "es": (
        "Describa lo que ve el cliente, con sus palabras.", "Producto: versión",
        "Explique la causa en una o dos frases.", "Escriba el primer paso.",
        "Escriba aquí el texto.",
    ),
    "en": (
        "Say what the customer sees, in their words.", "Product: version",
        "Say why it happens, in a sentence or two.", "Write the first step.",
        "Write the text here.",
    ),
}  # fmt: skip

TO_BE_WRITTEN = frozenset(words for texts in NEW_TEXTS.values() for words in texts)
