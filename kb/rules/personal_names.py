"""How names of people and firms stand in what customers write, in Spanish and English."""

import re

from kb.rules.personal_patterns import UPPER

_WORD = rf"[{UPPER}][\w'’-]{{1,30}}"
_PARTICLE = r"(?:(?:de la|de los|de|del|van der|van|von|da|di|O['’]|Mac|y) )?"
NAME = rf"{_WORD}(?: {_PARTICLE}{_WORD}){{0,3}}"
# What stands before a name that is cut short, and after a given name as its surname.
INITIALS = re.compile(rf"(?<![\w.])(?!P\.)(?:[{UPPER}]\. ?){{1,2}}$")
SURNAMES = re.compile(rf"(?: (?!y ){_PARTICLE}{_WORD}){{1,3}}")

# No name begins so: ends of English verbs, but for the names that end alike.
NO_FIRST_NAME = re.compile(
    r"(?!(?:(?:ah|mo?h?am|moham|muham|ham)m?ed|(?:al|wil)?fred|ted|ed|jared|mildred|khaled|waleed|"
    r"saeed|reed|sterling|irving|ming|ying|ling)$)\w+(?:ing|ed)",
    re.IGNORECASE,
)
# Words that are in no name: what programs, people in general and days are called, and words that
# sentences begin with.
NO_NAME = re.compile(
    r"(?:support|soporte|team|equipo|all|todos|todas|everyone|everybody|sir|madam|"
    r"se[ñn]or(?:es|a|as)?|customer|cliente|service|servicio|windows|linux|ubuntu|debian|macos|mac|"
    r"android|ios|outlook|excel|word|office|chrome|firefox|edge|safari|teams|exchange|sql|using|"
    r"sorry|not|no|the|el|la|los|las|un|una|a|an|now|also|still|just|very|i|we|it|this|that|"
    r"usuario|administrador|administradora|user|admin|administrator|step|paso|error|version|"
    r"versión|help|ayuda|desk|monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|"
    r"martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|working|and|or|with|happy|glad|sure|"
    r"ventas|sales|accounts|billing|contabilidad|facturaci[óo]n|atenci[óo]n|t[ée]cnic[oa]|"
    r"technical|agente?|server|servidor|buen[oa]s|good|morning|afternoon|d[ií]as|tardes|noches|"
    r"ya|he|s[ií]|cuando|desde|despu[ée]s|tras|con|sin|en|mi|mis|se|me|lo|al|pero|gracias|sigue|"
    r"after|since|when|my|our|is|are|was|has|can|could|would|at|in|if|for|from|by|de|del|nuestr[oa]|"
    r"thanks?|regards|saludos?|version|password|contrase[ñn]a)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"(?:(?:reciban? )?(?:un|muchos) (?:cordial )?(?:saludos?|abrazo)|saludos?(?: cordial(?:es)?)?|"
    r"atentamente|(?:muchas |mil )?gracias(?: de antemano| por [^.!\n]{2,30})?|cordialmente|"
    r"(?:kind|best|warm)(?:est)? (?:regards|wishes)|regards|rgds|best|cheers|sincerely|"
    r"yours \w+|(?:many )?thanks(?: again| in advance| for [^.!\n]{2,30})?|thx|"
    r"thank you(?: for [^.!\n]{2,30})?|all the best)[\s,.!]*",
    re.IGNORECASE,
)
# Before a word that somebody says is their name, or that is greeted.
NAMED = re.compile(
    r"\b(?:soy|me llamo|hola|aqu[íi]|hi|hello|hey|dear|this is|it['’]?s|i['’]?m|i am|"
    r"my name is),? $",
    re.IGNORECASE,
)
# Where a sentence begins, and what follows there somebody who does something.
BEGINS = re.compile(r"(?:\A|[\n.!?:;…>(\[\"“«—–])\s*\Z")
DOES = re.compile(
    r"['’]s\b|\s*,|\s*\Z|\s+(?:says?|said|told|asked|thinks|confirmed|has|had|is|was|in|at|from|"
    r"wrote|called|tried|sees|saw|and|can|cannot|could|signs|dice|dijo|cree|ha|hab[íi]a|est[áa]|"
    r"estaba|es|fue|tiene|ten[íi]a|lo|la|le|nos|se|ya|"
    r"me (?:dij|dic|ha|pid|llam|ayud|env|expl)\w*|y|de|vio|ve|puede|pudo|prob[óo]|hizo)\b",
    re.IGNORECASE,
)
MONTHS = {"april", "may", "june", "august", "summer", "autumn", "winter", "spring", "abril"}
IN_A_MONTH = re.compile(
    r"(?:\d|\b(?:in|of|since|until|till|by|from|this|last|next|early|late|mid|every|for|to|en|de|"
    r"desde|hasta|the))\s+\Z",
    re.IGNORECASE,
)

_PEOPLE = (
    r"compa[ñn]er[oa]|colega|jef[ea]|herman[oa]|espos[oa]|marido|mujer|hij[oa]|amig[oa]|vecin[oa]|"
    r"t[ée]cnic[oa]|inform[áa]tic[oa]|soci[oa]|secretari[oa]|encargad[oa]|colleague|boss|manager|"
    r"wife|husband|son|daughter|friend|co-?worker|brother|sister|technician|neighbour|assistant|"
    r"accountant|secretary"
)
# Within a line: a space that crossed lines would look at all of a thousand empty ones from each.
_SPACE = r"[^\S\n]"
_SAYS = r"\bsoy|\bme llamo|\bmi nombre es|\bfirmado,?|\bthis is|\bmy name is|\bi['’]m|\bi am"
_ASK_FOR = (
    r"\bask for|\b(?:speak|spoke|talk(?:ed)?) (?:to|with)|\battn\.?:?|\bfao:?|\bc/o|\bon behalf of|"
    r"\bholder:?|\bpregunt(?:ar|en?) por|\bhabl(?:ar|en?|[ée]) con|\batenci[óo]n de|\batt\.?:?|"
    r"\b(?:a|en) nombre de|\btitular(?: de la cuenta)?:?|\b(?:les?|os) (?:escrib[eo]|habla)|"
    r"\bde parte de"
)
PEOPLE = (
    re.compile(rf"(?i:{_SAYS}|{_ASK_FOR}) (?P<it>{NAME})"),
    re.compile(rf"\b(?:{_PEOPLE}),? (?P<it>(?:(?:don|doña|el|la|señora?|sr\.?) )?{NAME})"),
    # titles in lower case; with an article before those that are words of their own
    re.compile(
        r"\b(?:(?i:don|do[ñn]a)|(?:el|la|del|al|de la|a la) (?:doctora?|profesora?|ingenier[oa]"
        rf"|licenciad[oa]|se[ñn]ora?)) (?P<it>{NAME})"
    ),
    # the head of a mail that was passed on
    re.compile(
        rf"^(?:{_SPACE}|>)*(?:De|Para|From|To|CC|Cc): *\"?(?P<it>{NAME})(?=\"?\s*(?:[<;,(\[]|$))",
        re.MULTILINE,
    ),
    re.compile(
        r"\b(?:Sr|Sra|Srta|(?<=[\w,:;] )D|Dña|Don|Doña|Dr|Dra|Mr|Mrs|Ms|Miss|Mx|Prof)\b"
        rf"(?:\.ª|\.|ª)? (?P<it>{NAME})"
    ),
    re.compile(
        rf"^{_SPACE}*"
        r"(?i:hola|estimad[oa]s?|querid[oa]s?|buen[oa]s (?:d[ií]as|tardes|noches)|gracias|"
        r"dear|hi|hello|hey|thanks|thank you|thx),? "
        rf"(?!(?:Mr|Mrs|Ms|Miss|Dr|Dra|Sr|Sra|Srta|Prof)\b)(?P<it>{NAME})(?=\s*(?:[,.:;!]|$))",
        re.MULTILINE,
    ),
    # the last line, behind a dash
    re.compile(rf"\n{_SPACE}*[-–—~]\s?(?P<it>{NAME})\s*\Z"),
)
_BETWEEN = r"(?:(?:&|and|y|e|de la|de los|de|del) )?"
_FIRM = rf"{_WORD}(?:,? {_BETWEEN}{_WORD}){{0,4}}"
_HOUSES = (
    r"School|College|Council|Hospital|University|Surgery|Church|Bakery|Bakeries|Logistics|Freight|"
    r"Motors|Holdings|Solicitors|Foods|Dental|Nursery|Boatyard"
)
_CASAS = (
    r"Colegio|IES|CEIP|Ayuntamiento|Universidad|Hospital|Cl[íi]nica|Gestor[íi]a|Asesor[íi]a|Bufete|"
    r"Farmacia|Talleres|Transportes|Bodegas|Panader[íi]as?|Conservas|Construcciones|Muebles|"
    r"Ferreter[íi]a|Carpinter[íi]a|Hierros|Astilleros|Restaurante|Hotel|[ÓO]ptica|Cooperativa"
)
FIRMS = (
    re.compile(
        rf"(?P<it>{_FIRM},? (?:Ltd|Inc|LLC|PLC|plc|GmbH|BV|Corp|SLU?|S\. ?L\.?(?: ?U)?"
        r"|S\. ?A\.?(?: ?U)?|S\. ?Coop)(?!\w)\.?)"
    ),
    re.compile(rf"(?P<it>{_FIRM} & (?:Sons|Daughters|Co|Partners|Brothers|Hijos|Hermanos)\b)"),
    re.compile(rf"(?P<it>(?:St\. )?{_WORD}(?: {_WORD}){{0,3}} (?:{_HOUSES})\b)"),
    re.compile(rf"\b(?P<it>(?:{_CASAS})(?: (?:de la|de los|del|de|la|el))?(?: {_WORD}){{1,4}})"),
    re.compile(
        rf"(?i:{_SAYS}|\bles? (?:escribe|habla)) {NAME},? (?:from|at|of|de|del) (?:the |la |el )?"
        rf"(?P<it>{_WORD}(?: {_BETWEEN}{_WORD}){{1,4}})"
    ),
)
