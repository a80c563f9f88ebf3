"""How personal data looks in what customers write, in Spanish and English.

Each pattern looks at bounded runs of characters, so a hostile text costs no more than a long one.
A pattern with a group `it` means that part only, the words around it stay."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """What was found; the word that stands in its place comes from it."""

    NAME = "name"
    MAIL = "mail"
    PHONE = "phone"
    NUMBER = "number"
    KEY = "key"
    ADDRESS = "address"
    ACCOUNT = "account"
    SECRET = "password"  # noqa: S105 — a kind, not one
    NETWORK = "network"
    SIGNATURE = "signature"


_UPPER = "A-ZÁÉÍÓÚÜÑÇÀÈÒÏÂÊÎÔÛ"
_WORD = rf"[{_UPPER}][\w'’-]{{1,30}}"
_PARTICLE = r"(?:(?:de la|de los|de|del|van der|van|von|da|di|O['’]|Mac|y) )?"
NAME = rf"{_WORD}(?: {_PARTICLE}{_WORD}){{0,3}}"
_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d"

# What only looks like a number of somebody: dates, times of day with them.
DATES = re.compile(rf"\b(?:(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|{_DATE})\b")
# No name begins so: ends of English verbs, but for the names that end alike.
NO_FIRST_NAME = re.compile(
    r"(?!(?:(?:ah|mo?h?am|moham|muham|ham)m?ed|(?:al|wil)?fred|ted|ed|jared|mildred|khaled|waleed|"
    r"saeed|reed|sterling|irving|ming|ying|ling)$)\w+(?:ing|ed)",
    re.IGNORECASE,
)
# Words that are in no name: what programs, people in general and days are called.
NO_NAME = re.compile(
    r"(?:support|soporte|team|equipo|all|todos|todas|everyone|everybody|sir|madam|"
    r"se[ñn]or(?:es|a|as)?|customer|cliente|service|servicio|windows|linux|ubuntu|debian|macos|mac|"
    r"android|ios|outlook|excel|word|office|chrome|firefox|edge|safari|teams|exchange|sql|using|"
    r"sorry|not|no|the|el|la|los|las|un|una|a|an|now|also|still|just|very|i|we|it|this|that|"
    r"usuario|administrador|administradora|user|admin|administrator|step|paso|error|version|"
    r"versión|help|ayuda|desk|monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|"
    r"martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|working|and|or|with|happy|glad|sure)",
    re.IGNORECASE,
)
# Words after “is” that are no user name.
NO_ACCOUNT = re.compile(
    r"(?:not|no|a|an|the|un|una|el|la|able|unable|always|never|still|locked|blocked|wrong|correct|"
    r"admin|administrator|administrador|root|system|in|on|at|for|from|en|de|del|con|y|que|missing|"
    r"unknown|disabled|enabled|bloqueado|correcto|incorrecto|desconocido|nuevo|new|logged|signed|"
    r"asked|shown|local|only|solo|sólo|root,|gone|deleted|borrado|very|already|ya|también)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"(?:(?:un|muchos) (?:cordial )?(?:saludos?|abrazo)|saludos?(?: cordial(?:es)?)?|"
    r"atentamente|(?:muchas |mil )?gracias(?: de antemano| por [^.!\n]{2,30})?|cordialmente|"
    r"(?:kind|best|warm)(?:est)? regards|regards|best(?: wishes)?|cheers|sincerely|yours \w+|"
    r"(?:many )?thanks(?: again| in advance| for [^.!\n]{2,30})?|"
    r"thank you(?: for [^.!\n]{2,30})?|all the best)[\s,.!]*",
    re.IGNORECASE,
)

_PEOPLE = (
    r"compa[ñn]er[oa]|colega|jef[ea]|herman[oa]|espos[oa]|marido|mujer|hij[oa]|amig[oa]|vecin[oa]|"
    r"t[ée]cnic[oa]|colleague|boss|manager|wife|husband|son|daughter|friend|co-?worker|brother|"
    r"sister|technician|neighbour"
)

# A name that any house may have given, such as NAS01 or srv-2.
_ANY_HOST = r"(?!(?i:nas|srv|server|servidor|pc|dc|fs|host|backup|db|sql)[-_]?\d{0,4}(?![\w-]))"
# What a machine is called: one word in capitals that has a dash or digits, whatever its owner had
# in mind with it.
_MACHINES = (
    r"equipo|ordenador|port[áa]til|m[áa]quina|servidor|computadora?|estaci[óo]n|machine|laptop|"
    r"computer|server|desktop|workstation|host(?:name)?|nas"
)
_CALLED = r"(?:se llama|llamad[oa]|de nombre|is called|called|is named|named)"
_HOST = (
    rf"{_ANY_HOST}(?!(?i:windows|sql|exchange|office|linux|ubuntu|debian|server)\b)"
    rf"[{_UPPER}\d][\w-]{{2,40}}"
)

PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.MAIL, re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")),
    (
        Kind.SECRET,
        re.compile(
            r"(?i:contrase[ñn]a|password|passwd|passphrase|pwd|pin)\s*(?:[:=]|(?i:\bes|\bis)\b)\s*"
            r"(?P<it>(?<=[:=]\s)\S{2,60}|(?<=[:=])[^\s:=]\S{1,60}|(?=\S{0,60}[\d!#$%&*?@])\S{3,60})"
        ),
    ),
    (  # said without a word between: letters and digits together, as no word of a sentence has
        Kind.SECRET,
        re.compile(
            r"(?i:contrase[ñn]a|password|passwd|passphrase|pwd)\s+"
            r"(?P<it>(?=\S{0,60}\d)(?=\S{0,60}[A-Za-z])\S{5,60}[^\s.,;:)])"
        ),
    ),
    (
        Kind.SECRET,
        re.compile(r"(?<=[?&])(?P<it>[\w.-]{1,40}=[^\s&#]{12,400})"),
    ),
    (
        Kind.ACCOUNT,
        re.compile(
            r"(?i:\busuario|\busername|\buser name|\buser|\blogin)\s*(?:[:=]|(?i:\bes|\bis)\b)\s*"
            r"(?P<it>[\w.@\\-]{3,60}[\w])"
        ),
    ),
    (Kind.ACCOUNT, re.compile(r"(?<![\w.@/])@[A-Za-z]\w{2,30}\b")),
    (
        Kind.ACCOUNT,
        re.compile(
            r"(?:[A-Za-z]:\\(?:Users|Usuarios|Documents and Settings)\\|/home/|/Users/)"
            r"(?P<it>[^\\/\s:*?\"<>|]{1,60})"
        ),
    ),
    (
        Kind.KEY,
        re.compile(r"\b(?=[A-Za-z-]{0,60}\d)[A-Za-z0-9]{4,8}(?:-[A-Za-z0-9]{4,12}){2,7}\b"),
    ),
    (Kind.KEY, re.compile(r"\b(?=[A-Z0-9]{0,30}\d)(?=[A-Z0-9]{0,30}[A-Z])[A-Z0-9]{12,40}\b")),
    (
        Kind.NUMBER,
        re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    ),
    (Kind.NUMBER, re.compile(r"\b(?:\d{8}|[XYZ]\d{7})-?[A-Z]\b")),
    (Kind.NUMBER, re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")),
    (Kind.NUMBER, re.compile(r"\b[A-Z]{2,6}-(?:20\d\d-)?\d{5,12}\b")),
    (
        Kind.NUMBER,
        re.compile(
            r"(?i:n[úu]m(?:ero|\.)? de serie|n\.?[ºo°] de serie|serial(?: number| no\.?)?|s/n|"
            r"service tag|imei)\s*(?::|=|\bes\b|\bis\b|#)?\s*"
            r"(?P<it>(?=[A-Za-z-]{0,30}\d)[A-Za-z0-9-]{5,30})\b"
        ),
    ),
    (
        Kind.NUMBER,
        re.compile(
            r"(?i:\bnac[ií](?:d[oa])?|\bfecha de nacimiento|\bborn|\bdate of birth|\bdob)"
            rf"(?i: el| on)?\s*:?\s*(?P<it>{_DATE})"
        ),
    ),
    (Kind.NETWORK, re.compile(r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b")),
    (  # an address that only their network knows, or a service of theirs by its port
        Kind.NETWORK,
        re.compile(
            r"\b[a-z]{2,6}://(?!localhost\b|127\.)(?:[\w-]{1,63}(?=[/\s]|$)"
            r"|[\w.-]{1,100}\.(?:local|lan|internal|corp|home|intranet)\b"
            r"|[\w.-]{1,100}(?=:\d))(?::\d{1,5})?(?:/[^\s<>\"]{0,200}[\w/])?"
        ),
    ),
    (
        Kind.NETWORK,
        re.compile(rf"(?<![\w\\])\\\\(?P<it>(?!\?|localhost\b){_ANY_HOST}[\w.$-]{{2,60}})(?=\\)"),
    ),
    (
        Kind.NETWORK,
        re.compile(
            rf"\b(?i:{_MACHINES}) (?:(?i:{_CALLED}) (?P<it>{_HOST})"
            rf"|(?P<its>(?=[{_UPPER}\d]{{1,20}}-)(?=\S{{0,40}}[{_UPPER}]){_HOST}))(?![\w.])"
        ),
    ),
    (
        Kind.NETWORK,
        re.compile(
            r"(?<![\w.:])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,7}(?![\w:])"
            r"|(?<![\w.:])[0-9A-Fa-f]{1,4}::(?:[0-9A-Fa-f]{1,4}:){0,6}[0-9A-Fa-f]{1,4}(?![\w:])"
        ),
    ),
    (
        Kind.NETWORK,
        re.compile(
            r"(?<![\w.])(?<!version )(?<!versión )(?<!build )(?!127\.|0\.0\.0\.0)"
            r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\d\.)(?!\w)"
        ),
    ),
    (Kind.PHONE, re.compile(r"(?i:\bext(?:ensi[oó]n|ension)?|\banexo)\b\.?\s*(?P<it>\d{2,6})\b")),
    (Kind.PHONE, re.compile(r"(?<![\w.,/#])\+?\(?\d(?:[ ().-]{0,2}\d){7,16}(?![\w/])")),
    (
        Kind.ADDRESS,
        re.compile(
            r"(?i:\bcalle|\bc/|\bavda\.?|\bavenida|\bplaza|\bpaseo|\bcamino|\bcarretera|\bronda)"
            rf" ?[{_UPPER}][^,\n]{{1,40}}? ?\d{{1,4}}"
            rf"(?:, ?(?:\d{{1,5}}[.ºª]{{0,2}}(?: [{_UPPER}]\w{{0,20}}){{0,3}}"
            rf"|[{_UPPER}]\w{{1,20}})){{0,4}}"
        ),
    ),
    (
        Kind.ADDRESS,
        re.compile(
            r"\b\d{1,5} (?:[A-Z]\w{1,20} ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|"
            r"Close|Way|Court|Square|Boulevard|Blvd)\b\.?"
            r"(?:, ?[A-Z0-9]\w{0,20}(?: [A-Z0-9]\w{0,20}){0,3}){0,3}"
        ),
    ),
    (
        Kind.NAME,
        re.compile(
            r"(?i:\bsoy|\bme llamo|\bmi nombre es|\bfirmado,?|\bthis is|\bmy name is|\bi['’]m"
            rf"|\bi am) (?P<it>{NAME})"
        ),
    ),
    (
        Kind.NAME,
        re.compile(rf"\b(?i:{_PEOPLE}),? (?P<it>(?:(?:don|doña|el|la|señora?|sr\.?) )?{NAME})"),
    ),
    (  # titles in lower case; with an article before those that are words of their own
        Kind.NAME,
        re.compile(
            r"\b(?:(?i:don|do[ñn]a)|(?:el|la|del|al|de la|a la) (?:doctora?|profesora?|ingenier[oa]"
            rf"|licenciad[oa]|se[ñn]ora?)) (?P<it>{NAME})"
        ),
    ),
    (  # the head of a mail that was passed on
        Kind.NAME,
        re.compile(
            rf"^[>\s]*(?:De|Para|From|To|CC|Cc): *\"?(?P<it>{NAME})(?=\"?\s*(?:[<;,(\[]|$))",
            re.MULTILINE,
        ),
    ),
    (
        Kind.NAME,
        re.compile(
            r"\b(?:Sr|Sra|Srta|D|Dña|Don|Doña|Dr|Dra|Mr|Mrs|Ms|Miss|Mx|Prof)\b(?:\.ª|\.|ª)? "
            rf"(?P<it>{NAME})"
        ),
    ),
    (
        Kind.NAME,
        re.compile(
            r"^\s*(?i:hola|estimad[oa]s?|querid[oa]s?|buen[oa]s (?:d[ií]as|tardes|noches)|gracias|"
            rf"dear|hi|hello|hey|thanks|thank you),? (?P<it>{NAME})(?=\s*(?:[,.:;!]|$))",
            re.MULTILINE,
        ),
    ),
)
