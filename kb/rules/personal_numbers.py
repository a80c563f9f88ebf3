"""How numbers, keys and addresses of somebody look, in Spanish and English.

Bounded, and with a group `it` for the part that is meant, as in `personal_patterns.py`."""

import re

from kb.rules.personal_patterns import UPPER, Kind

_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d"
# What only looks like a number of somebody: dates, times of day with them.
DATES = re.compile(rf"\b(?:(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|{_DATE})\b")
# Versions, amounts with points, sizes: what a long number with points is, unless by twos to fours;
# codes of mail servers, flags, and counts from nought.
DOTTED = re.compile(r"\d+(?:\.\d+)+")
NO_NUMBER = re.compile(r"\b\d\.\d|\A0000|\A(?:\d\b\W*)+\Z")
BY_THE_POINT = re.compile(r"\d{2,3}(?:\.\d{2,4}){2,4}")
AMOUNT = re.compile(
    r" ?(?:[kmgt]?i?b\b|bytes?\b|bits?\b|sectors?\b|sectores\b|blocks?\b|bloques\b|files?\b|"
    r"archivos\b|m?s\b|[€%$]|eur\b|usd\b)",
    re.IGNORECASE,
)
_NUMBER = r"(?i: (?:number|no\.?|n[úu]m(?:ero|\.)?|n\.?[ºo°]\.?|id|tag))?"
_WHOSE = (
    r"cliente|client|customer|account|cuenta|contrato|contract|factura|invoice|pedido|order|"
    r"p[óo]liza|asset tag|etiqueta|sort code|purchase order|\bpo"
)
_PAPERS = (
    r"pasaporte|passport|driving licen[cs]e|carn[ée] de conducir|seguridad social|residencia|"
    r"nif|cif|dni|nie|vat|ein|tax id|company number"
)
_ROADS = (
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Way|Court|Square|Boulevard|Blvd|"
    r"Crescent|Gardens|Terrace|Mews|Wharf|Quay|Grove"
)
_POSTCODE = r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[\dW] ?[A-Z\d]{4}|[A-Z]{2} \d{5})"
_STRASSE = (
    r"\bcalle|\bc/|\bavda\.?|\bavenida|\bplaza|\bpza\.?|\bpaseo|\bcamino|\bcarretera|\bctra\.?|"
    r"\bronda|\btraves[íi]a|\bpol[íi]gono(?: industrial)?"
)
_PLACE = (
    rf"[{UPPER}]\w{{1,20}}(?: (?:de |del |la )?[{UPPER}]\w{{1,20}}){{0,3}}(?: \([^()\n]{{2,20}}\))?"
)

PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.KEY,
        re.compile(
            r"(?<!-)\b(?=[A-Za-z-]{0,60}\d)[A-Za-z0-9]{4,8}(?:-[A-Za-z0-9]{4,12}){2,7}\b(?!-\w)"
        ),
    ),
    (Kind.KEY, re.compile(r"\b(?=[A-Z0-9]{0,30}\d)(?=[A-Z0-9]{0,30}[A-Z])[A-Z0-9]{12,40}\b")),
    (  # in hexadecimals, but for the sums of files
        Kind.KEY,
        re.compile(
            r"(?<!sha256 )(?<!sha1 )(?<!md5 )(?<!hash )(?<!checksum )(?<![:\w-])"
            r"(?=[a-f]{0,64}\d)(?=\d{0,64}[a-f])[0-9a-f]{32,64}(?![\w-])"
        ),
    ),
    (  # what machines make for one another: small and great letters with digits among them
        Kind.KEY,
        re.compile(
            r"(?<![\w/\\.-])(?=[\w-]{0,80}\d[A-Za-z])(?=[\w-]{0,80}[a-z])(?=[\w-]{0,80}[A-Z])"
            r"(?=(?:[A-Za-z_-]{0,40}\d){3})[A-Za-z0-9_-]{20,200}(?:\.[A-Za-z0-9_-]{10,400}){0,2}"
            r"(?![\w/\\-])"
        ),
    ),
    (
        Kind.NUMBER,
        re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"),
    ),
    (Kind.NUMBER, re.compile(r"\b(?:\d{8}|\d{1,2}\.\d{3}\.\d{3}|[XYZ]\d{7})[- ]?[A-Z]\b")),
    (Kind.NUMBER, re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")),
    (
        Kind.NUMBER,
        re.compile(r"\b(?!CVE|RFC|ISO|KB|IEEE)[A-Z]{2,6}-20\d\d-\d{3,12}\b"),
    ),
    (  # one that is said to be somebody's
        Kind.NUMBER,
        re.compile(
            rf"\b(?i:{_WHOSE}){_NUMBER}(?i:\s*(?:\bis\b|\bes\b|\bwas\b|\bera\b|:|=|#))?\s*"
            r"(?P<it>(?!(?:19|20)\d\d\b|0x)(?=(?:[A-Z/-]{0,12}\d){4})"
            r"[A-Z0-9]{1,12}(?:[/-][A-Z0-9]{1,12}){0,4})\b"
        ),
    ),
    (
        Kind.NUMBER,
        re.compile(
            rf"\b(?i:{_PAPERS})\b[^\dA-Z\n]{{0,25}}"
            r"(?P<it>(?:[A-Z]{1,3} ?)?\d[\d ./-]{5,18}\d(?: ?-?[A-Z]\b)?"
            r"|(?=[A-Z]{0,20}\d)[A-Z0-9]{8,20}\b)"
        ),
    ),
    (
        Kind.NUMBER,
        re.compile(
            r"(?i:\bending(?: in| with)?|\bends (?:in|with)|\b(?:terminad|acabad)[ao](?: en)?|"
            r"\btermina en|\blast (?:four|4) digits(?: are)?) (?P<it>\d{4})\b"
        ),
    ),
    (
        Kind.NUMBER,
        re.compile(
            r"(?i:\bcard|\btarjeta|\bvisa|\bmastercard)[^\n]{0,60}?"
            r"(?i:\bexp\w{0,6}\.?|\bcaduc\w{1,6}|\bvalid\w{0,3} (?:until|thru)|\bvence):? ?"
            r"(?P<it>\d\d/\d{2,4})\b"
        ),
    ),
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
    (Kind.NUMBER, re.compile(r"(?i:\bsort code):? (?P<it>\d\d-\d\d-\d\d)\b")),
    (Kind.PHONE, re.compile(r"(?i:\bext(?:ensi[oó]n|ension)?|\banexo)\b\.?\s*(?P<it>\d{2,6})\b")),
    (Kind.PHONE, re.compile(r"(?<![\w.,/#-])\+?\(?\d(?:[ ().-]{0,2}\d){7,24}(?![\w/])")),
    (
        Kind.ADDRESS,
        re.compile(
            rf"(?i:{_STRASSE})(?: (?:de|del|la|las|los|el)){{0,2}}"
            rf" ?[{UPPER}][^,\n]{{1,40}}?(?:,? ?(?:n\.?[º°] ?)?\d{{1,4}}|, nave \d{{1,3}})"
            rf"(?:, ?(?:nave \w{{1,4}}|portal \w{{1,4}}|\d{{5}} {_PLACE}"
            r"|\d{1,5}[.ºª]{0,2}"
            rf"(?: (?:(?:izq|izda?|dcha|der)\b\.?|[{UPPER}]\w{{0,20}})){{0,3}}"
            rf"|[{UPPER}]\w{{1,20}})){{0,4}}"
        ),
    ),
    (
        Kind.ADDRESS,
        re.compile(
            rf"\b(?:(?:Flat|Unit|Apt\.?|Suite) \w{{1,4}}, )?\d{{1,5}} (?:[A-Z]\w{{1,20}} ){{1,3}}"
            rf"(?:{_ROADS})\b\.?(?:, ?[A-Z0-9]\w{{0,20}}(?: [A-Z0-9]\w{{0,20}}){{0,3}}){{0,3}}"
        ),
    ),
    (
        Kind.ADDRESS,
        re.compile(rf"\b(?:Flat|Unit|Apt\.?|Suite) \w{{1,4}}, [A-Z][^\n]{{2,80}}?\b{_POSTCODE}\b"),
    ),
)
