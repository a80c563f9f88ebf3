"""How personal data looks in what customers write, in Spanish and English: all but names
(`personal_names.py`) and numbers (`personal_numbers.py`).

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


UPPER = "A-ZÁÉÍÓÚÜÑÇÀÈÒÏÂÊÎÔÛ"
# Words after “is” that are no user name, and folders of nobody among those of users.
NO_ACCOUNT = re.compile(
    r"(?:not|no|a|an|the|un|una|el|la|able|unable|always|never|still|locked|blocked|wrong|correct|"
    r"admin|administrator|administrador|root|system|in|on|at|for|from|en|de|del|con|y|que|missing|"
    r"unknown|disabled|enabled|bloqueado|correcto|incorrecto|desconocido|nuevo|new|logged|signed|"
    r"asked|shown|local|only|solo|sólo|root,|gone|deleted|borrado|very|already|ya|también|public|"
    r"default|users|groups|usuarios|all users|default user|shared|backup|guest|"
    r"invitado|postgres|www-data|ubuntu)",
    re.IGNORECASE,
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
    rf"[{UPPER}\d][\w-]{{2,40}}"
)
_NOTES = r"(?:params?|returns?|var|see|throws|since|override|test|todo|media|import|echo)\b"
_FILES = r"(?!(?:log|txt|xml|json|ya?ml|cfg|conf|ini|exe|dll|zip|db|bak|tmp|sys|md|html)\b)"
_PASSWORD = r"(?i:contrase[ñn]a|password|passwd|passphrase|pwd|\bpw|\bfrase|\bclave de acceso)"  # noqa: S105
_OF_WHAT = r"(?: (?:of|for|del?|de la) (?:the |la |el )?\w{1,20}){0,2}"

PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.MAIL, re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")),
    (
        Kind.SECRET,
        re.compile(
            rf"(?:{_PASSWORD}|(?i:\bpin))\s*(?:[:=]|(?i:\bes|\bis)\b)\s*"
            r"(?P<it>(?<=[:=]\s)\S{2,60}|(?<=[:=])[^\s:=]\S{1,60}|(?=\S{0,60}[\d!#$%&*?@])\S{3,60})"
        ),
    ),
    (  # said of what it is: letters with digits, signs or two dashes, as no word of a sentence has
        Kind.SECRET,
        re.compile(
            rf"{_PASSWORD}{_OF_WHAT}\s*(?:[:=]|\bes\b|\bis\b)\s*"
            r"(?P<it>(?=\S{0,60}[\d!#$%&*?@]|\w{1,30}-\w{1,30}-)\S{3,60}[^\s.,;:)])"
        ),
    ),
    (
        Kind.SECRET,
        re.compile(
            rf"{_PASSWORD}{_OF_WHAT}\s*(?:[:=]|\bes\b|\bis\b)?\s*[\"“«](?P<it>[^\"”»\n]{{4,60}})[\"”»]"
        ),
    ),
    (  # said without a word between: letters and digits together, as no word of a sentence has
        Kind.SECRET,
        re.compile(
            r"(?i:contrase[ñn]a|password|passwd|passphrase|pwd)\s+"
            r"(?P<it>(?=\S{0,60}\d)(?=\S{0,60}[A-Za-z])\S{5,60}[^\s.,;:)])"
        ),
    ),
    (  # what an address carries along, when something in it is long enough to be a secret
        Kind.SECRET,
        re.compile(
            r"(?<=\?)(?P<it>(?=[^\s#\"<>]{0,200}=[^\s&#]{12})[\w.-]{1,40}=[^\s#\"<>]{1,400}[\w=])"
        ),
    ),
    (Kind.SECRET, re.compile(r"(?<=&)(?P<it>[\w.-]{1,40}=[^\s&#]{12,400})")),
    (
        Kind.ACCOUNT,
        re.compile(
            r"(?i:\busuario|\busername|\buser name|\buser|\blogin)\s*(?:[:=]|(?i:\bes|\bis)\b)\s*"
            r"(?P<it>(?:(?<=[:=])|(?<=[:=] )|(?=[\w.@\\-]{0,60}[\d_.@\\-]\w))[\w.@\\-]{3,60}\w"
            r"|(?!\w+(?:ing|ed|ado|ido)\b)[\w-]{3,60}\w(?=\s*(?:[.,;)]|\Z)| y la? | and ))"
        ),
    ),
    (Kind.ACCOUNT, re.compile(rf"(?<![\w.@/])@(?!{_NOTES})[A-Za-z]\w{{2,30}}\b(?!\.\w)")),
    (
        Kind.ACCOUNT,
        re.compile(
            r"(?:[A-Za-z]:\\(?:Users|Usuarios|Documents and Settings)\\|/home/|/Users/)"
            rf"(?P<it>[\w.@-]{{1,40}}(?: [{UPPER}][\w.-]{{0,30}}){{1,3}}(?=[\\/])"
            r"|[^\\/\s:*?\"<>|]{0,60}[^\\/\s:*?\"<>|,.;])"
        ),
    ),
    (  # DOMAIN\somebody
        Kind.ACCOUNT,
        re.compile(
            r"(?<![\w\\:/.-])(?!(?:HK|AUTHORITY|SERVICE|BUILTIN|SYSTEM|WINDOWS))"
            r"[A-Z][A-Z0-9-]{1,14}\\[a-z][\w.-]{1,40}\w(?![\\\w])"
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
    (  # names of machines in a network of theirs, and with a digit in the first part
        Kind.NETWORK,
        re.compile(
            r"(?<![\w.@/\\-])(?:[\w-]{1,40}\.){1,4}(?:local|lan|internal|interna|interno|corp|intranet)"
            rf"(?:\.{_FILES}[a-z][\w-]{{1,40}}){{0,3}}(?![\w-]|\.\w)"
            rf"|(?<![\w.@/\\-])[A-Za-z][A-Za-z-]{{1,30}}-?\d{{1,3}}(?:\.[a-z][\w-]{{1,40}}){{1,4}}"
            rf"\.{_FILES}(?:com|net|org|es|eu|uk|example)\b"
        ),
    ),
    (
        Kind.NETWORK,
        re.compile(rf"(?<![\w\\:])\\\\(?P<it>(?!\?|localhost\b){_ANY_HOST}[\w.$-]{{2,60}})(?=\\)"),
    ),
    (
        Kind.NETWORK,
        re.compile(
            rf"\b(?i:{_MACHINES}) (?:(?i:{_CALLED}) (?P<it>{_HOST})"
            rf"|(?P<its>(?=[{UPPER}\d]{{1,20}}-)(?=\S{{0,40}}[{UPPER}]){_HOST}))(?![\w.])"
        ),
    ),
    (  # names that Windows gives, and those of what a machine does with its number
        Kind.NETWORK,
        re.compile(
            r"(?<![\w\\/.-])(?:(?:DESKTOP|LAPTOP|WIN|PORTATIL|EQUIPO|PC)-(?=[A-Z0-9-]{0,20}[A-Z])"
            r"[A-Z0-9-]{3,20}|[A-Z]{2,10}-?(?:SRV|SVR|SERVER|DC|NAS|PC|WS|SQL|FS)-?\d{1,3})"
            r"(?![\w-]|\.\w)"
        ),
    ),
    (
        Kind.NETWORK,
        re.compile(
            r"(?<![\w.:])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
            r"|(?=[A-Fa-f:]{0,20}\d)(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6})(?![\w:])"
        ),
    ),
    (  # not this machine, not a mask, not a version
        Kind.NETWORK,
        re.compile(
            r"(?<![\w.])(?<!version )(?<!versión )(?<!build )(?<!ersion=)(?<!ersion: )"
            r"(?!127\.|\d{1,3}\.0\.0\.0|255\.)"
            r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]*\d\.)(?!\w)"
        ),
    ),
)
