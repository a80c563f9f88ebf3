"""Words that mean the same to a customer, and words that only dress a question.

Both are looked at in queries alone, never in documents, so changing them rebuilds nothing.
A site's own groups (abbreviations, product nicknames) stand beside those given here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kb.search import analysis

SYNONYM_WEIGHT = 0.35
"""What a synonym's match counts, beside 1 for the word that was typed."""
FILLER_WEIGHT = 0.3
"""What a word counts that says how one asks, not what about."""
LONGEST_PHRASE = 3

_GROUPS = {
    "en": """
        delete, remove, erase, get rid of
        disable, deactivate, turn off, switch off
        enable, activate, turn on, switch on
        change, modify, edit
        show, display, view
        picture, photo, image
        email, mail
        login, log in, sign in, logon
        logout, log out, sign out
        crash, stop working, freeze, hang
        slow, performance, takes long
        fail, failure, unsuccessful
        cannot, can't, unable
        start, launch, open
        boot, start up
        backup, back up
        restore, recover
        error, message
        licence, license
        computer, pc, machine
        phone, mobile
        hide, invisible
        duplicate, copy
        synchronize, sync
        allow, permit, let
        block, prevent
        account, profile
        buy, purchase, order
        size, large, bigger
        app, application, program
        document, file
        folder, directory
        notification, alert
        upgrade, update
        key, serial
    """,
    "es": """
        borrar, eliminar, suprimir, quitar
        desactivar, deshabilitar, apagar
        activar, habilitar, encender
        cambiar, modificar, editar
        mostrar, ver, visualizar
        imagen, foto
        correo, email, correo electrónico
        iniciar sesión, entrar, acceder
        cerrar sesión, salir
        bloquearse, colgarse, dejar de funcionar
        lento, rendimiento, tarda
        fallo, error, falla
        contraseña, clave
        equipo, ordenador, computadora, pc
        teléfono, móvil, celular
        arrancar, iniciar, encender
        copia de seguridad, backup, respaldo
        restaurar, recuperar
        comprar, adquirir
        aplicación, programa
        archivo, fichero, documento
        carpeta, directorio
        aviso, notificación, alerta
        configurar, ajustar
        configuración, ajustes
        licencia, número de serie
        actualizar, actualización
        descargar, bajar
    """,
}
_FILLERS = {
    "en": """
        want like need know anyone anybody somebody someone way possible somehow please help thanks
        hello hi just really also trying able seem everything something anything whats wondering
        possibly actually any some lot things thing kind sort would's im ive id got gets getting
    """,
    "es": """
        quiero quisiera necesito gustaría saber alguien algún alguna algunos manera forma posible
        favor ayuda gracias hola intento tengo poder algo todo ahora también solo
    """,
}


class Synonyms:
    """The synonyms and fillers of one language, by stem."""

    def __init__(self, lang: str, own: Iterable[Iterable[str]] = ()) -> None:
        self._others: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
        for group in (*_lines(_GROUPS.get(lang, "")), *own):
            phrases = {_phrase(words, lang) for words in group} - {()}
            for phrase in phrases:
                self._others[phrase] |= phrases - {phrase}
        self._fillers = frozenset(analysis.terms(_FILLERS.get(lang, ""), lang))

    def of(self, terms: list[str]) -> Mapping[str, float]:
        """Return the terms that mean the same as some of these, with their weights."""
        found: dict[str, float] = {}
        for first in range(len(terms)):
            for size in range(1, LONGEST_PHRASE + 1):
                for other in self._others.get(tuple(terms[first : first + size]), ()):
                    for term in other:
                        found[term] = SYNONYM_WEIGHT / len(other)
        return {term: weight for term, weight in found.items() if term not in terms}

    def is_filler(self, term: str) -> bool:
        """Tell whether a term only dresses a question."""
        return term in self._fillers


def _phrase(words: str, lang: str) -> tuple[str, ...]:
    return tuple(token.terms[0] for token in analysis.tokens(analysis.normal(words), lang))


def _lines(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().splitlines() if line.strip()]
