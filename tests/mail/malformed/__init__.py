"""Mail as nobody should write it: each name with its bytes; the large ones made by code."""

from base64 import b64encode

HEAD = b"From: Ana <ana@example.com>\r\nTo: support@example.com\r\nSubject: Prueba\r\n"
ID = b"Message-ID: <m@example.com>\r\n"
PLAIN = b"Content-Type: text/plain; charset=%s\r\n\r\n"
WORDS = "La copia se detiene: ñandú".encode()


def _typed(kind: bytes, body: bytes, *more: bytes) -> bytes:
    return HEAD + ID + b"".join(more) + b"Content-Type: " + kind + b"\r\n\r\n" + body


def _text(charset: bytes, body: bytes) -> bytes:
    return _typed(b"text/plain; charset=" + charset, body)


def _headed(line: bytes) -> bytes:
    return HEAD + ID + line + b"\r\n\r\n" + WORDS


def _many(inner: bytes, kind: bytes = b'multipart/mixed; boundary="b"') -> bytes:
    return _typed(kind, inner)


def _part(headers: bytes, body: bytes = WORDS) -> bytes:
    return b"--b\r\n" + headers + b"\r\n\r\n" + body + b"\r\n"


def _nested(depth: int) -> bytes:
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(depth)
    )
    closing = b"".join(b"\r\n--b%d--" % n for n in reversed(range(depth)))
    return HEAD + ID + opening + b"Content-Type: text/plain\r\n\r\nhondo" + closing


def _forwarded(depth: int) -> bytes:
    return (HEAD + b"Content-Type: message/rfc822\r\n\r\n") * depth + HEAD + b"\r\nhondo"


CORPUS: dict[str, bytes] = {
    # charsets
    "charset-unknown": _text(b"x-no-such-charset", WORDS),
    "charset-empty": _text(b"", WORDS),
    "charset-lies-utf8": _text(b"utf-8", "ñandú".encode("latin-1")),
    "charset-lies-ascii": _text(b"us-ascii", WORDS),
    "charset-utf16-odd": _text(b"utf-16", b"\xff\xfeh\x00o"),
    "charset-utf7": _text(b"utf-7", b"Hola +AOk-"),
    "charset-is-no-text": _text(b"base64", WORDS),
    "charset-zip-bomb": _text(b"zlib_codec", b"x\x9c" + b"\x00" * 100),
    "charset-idna": _text(b"idna", b"xn--" * 500),
    "charset-rot13": _text(b"rot13", WORDS),
    "charset-with-newline": _text(b'"utf-8\r\n evil"', WORDS),
    "charset-rfc2231": _typed(b"text/plain; charset*=utf-8''utf-8%F", WORDS),
    "charset-iso2022jp-broken": _text(b"iso-2022-jp", b"\x1b$B\x30"),
    "charset-hebrew-visual": _text(b"iso-8859-8-i", "שלום".encode("iso-8859-8")),
    "charset-korean-old": _text(b"ks_c_5601-1987", "안녕".encode("cp949")),
    "charset-null-bytes": _text(b"utf-8", b"Ho\x00la\x00"),
    # boundaries
    "boundary-missing": _many(_part(b"Content-Type: text/plain"), b"multipart/mixed"),
    "boundary-never-there": _many(WORDS),
    "boundary-not-closed": _many(_part(b"Content-Type: text/plain")),
    "boundary-empty": _many(_part(b""), b'multipart/mixed; boundary=""'),
    "boundary-of-70-and-more": _many(
        b"--" + b"x" * 200, b"multipart/mixed; boundary=" + b"x" * 200
    ),
    "boundary-same-inside": _many(
        _part(b'Content-Type: multipart/mixed; boundary="b"', _part(b"Content-Type: text/plain"))
    ),
    "boundary-with-regex": _many(b"--(a+)+$\r\n\r\nhola", b'multipart/mixed; boundary="(a+)+$"'),
    "multipart-without-parts": _many(b"--b--\r\n"),
    "multipart-in-base64": _typed(
        b'multipart/mixed; boundary="b"',
        b64encode(_part(b"Content-Type: text/plain")),
        b"Content-Transfer-Encoding: base64\r\n",
    ),
    "alternative-of-nothing": _many(_part(b"", b""), b'multipart/alternative; boundary="b"'),
    # transfer encodings
    "base64-broken": _typed(b"text/plain", b"SG9s=YQ=*", b"Content-Transfer-Encoding: base64\r\n"),
    "base64-cut": _typed(b"text/plain", b"SG9sY", b"Content-Transfer-Encoding: base64\r\n"),
    "quoted-printable-broken": _typed(
        b"text/plain", b"Hola=\r\n=ZZ=4", b"Content-Transfer-Encoding: quoted-printable\r\n"
    ),
    "uuencode-broken": _typed(
        b"text/plain", b"begin 666 x\r\n!!!\r\nend", b"Content-Transfer-Encoding: x-uuencode\r\n"
    ),
    "encoding-unknown": _typed(b"text/plain", WORDS, b"Content-Transfer-Encoding: magic\r\n"),
    "encoding-8bit-raw": _typed(b"text/plain", WORDS, b"Content-Transfer-Encoding: 7bit\r\n"),
    # headers
    "headers-10000": HEAD + ID + b"X-A: b\r\n" * 10_000 + b"\r\n" + WORDS,
    "header-1-megabyte": _headed(b"X-Long: " + b"a" * 1_000_000),
    "header-folded-100000": _headed(b"X-Fold: a" + b"\r\n b" * 100_000),
    "header-injection-encoded": _headed(b"Subject: =?utf-8?q?a=0D=0ABcc=3A_x=40y.z?="),
    "header-injection-base64": _headed(
        b"Subject: =?utf-8?b?" + b64encode(b"a\r\nBcc: x@y.z") + b"?="
    ),
    "header-8-bit": HEAD.replace(b"Prueba", "ñandú".encode("latin-1")) + ID + b"\r\n" + WORDS,
    "header-8-bit-name": b"\xe9\xff: x\r\n" + HEAD + ID + b"\r\n" + WORDS,
    "header-without-colon": HEAD + b"no colon here\r\n" + ID + b"\r\n" + WORDS,
    "header-first-line-is-space": b" leading\r\n" + HEAD + ID + b"\r\n" + WORDS,
    "header-encoded-word-broken": _headed(b"Subject: =?utf-8?b?SG9s=?= =?x?q?=?= =?"),
    "header-encoded-word-split-letter": _headed(b"Subject: =?utf-8?q?=C3?= =?utf-8?q?=B1?="),
    "header-null": HEAD + b"X-Null: a\x00b\r\n" + ID + b"\r\n" + WORDS,
    "header-only": HEAD + ID,
    "headers-with-bare-cr": HEAD.replace(b"\r\n", b"\r") + b"\r" + WORDS,
    "headers-with-bare-lf": (HEAD + ID).replace(b"\r\n", b"\n") + b"\n" + WORDS,
    "mbox-from-line": b"From ana Mon Nov 23\r\n" + HEAD + ID + b"\r\n" + WORDS,
    "content-type-nonsense": _typed(b";;;===/", WORDS),
    "content-type-twice": _typed(b"text/plain\r\nContent-Type: multipart/mixed", WORDS),
    "content-type-slashes": _typed(b"text/plain/html", WORDS),
    "date-nonsense": _headed(b"Date: the 45th of Brumaire"),
    "mime-version-twice": _headed(b"MIME-Version: 1.0\r\nMIME-Version: 7"),
    # who
    "from-missing": b"To: support@example.com\r\n\r\n" + WORDS,
    "from-empty": b"From: \r\n\r\n" + WORDS,
    "from-twice": b"From: eve@example.org\r\n" + HEAD + b"\r\n" + WORDS,
    "from-two-addresses": HEAD.replace(b"Ana <", b"eve@example.org, Ana <") + b"\r\n" + WORDS,
    "from-group": HEAD.replace(b"Ana <ana@example.com>", b"us: ana@example.com;") + b"\r\n" + WORDS,
    "from-hidden-address": HEAD.replace(b"Ana <", b'"ana@example.com" <eve@example.org> <')
    + b"\r\n"
    + WORDS,
    "from-parser-trap": HEAD.replace(b"Ana <ana@example.com>", b"ana@example.com)eve@example.org")
    + b"\r\n"
    + WORDS,
    "from-no-domain": HEAD.replace(b"ana@example.com", b"ana") + b"\r\n" + WORDS,
    "from-very-long": HEAD.replace(b"ana@", b"a" * 5000 + b"@") + b"\r\n" + WORDS,
    "from-unclosed": HEAD.replace(b"com>", b"com") + b"\r\n" + WORDS,
    # identity
    "no-message-id": HEAD + b"\r\n" + WORDS,
    "message-id-twice": HEAD + ID + b"Message-ID: <n@example.com>\r\n\r\n" + WORDS,
    "message-id-empty": HEAD + b"Message-ID: <>\r\n\r\n" + WORDS,
    "message-id-very-long": HEAD + b"Message-ID: <" + b"x" * 9000 + b"@y>\r\n\r\n" + WORDS,
    "duplicate-id-other-words": HEAD + ID + b"\r\nSegundo mensaje",
    "references-endless": _headed(b"References: " + b"<a@b> " * 20_000),
    # nothing
    "empty": b"",
    "only-a-newline": b"\r\n",
    "only-spaces": b"   \r\n  ",
    "not-a-mail": bytes(range(256)) * 8,
    "jpeg": b"\xff\xd8\xff\xe0" + bytes(1000),
    "body-empty": HEAD + ID + b"\r\n",
    # nesting
    "nested-20": _nested(20),
    "nested-100": _nested(100),
    "nested-2000": _nested(2000),
    "forwarded-100": _forwarded(100),
    "parts-2000": _many(_part(b"Content-Type: text/plain", b"x") * 2000),
    # files
    "filename-path": _many(
        _part(
            b'Content-Type: text/plain; name="../../etc/passwd"\r\nContent-Disposition: attachment'
        )
    ),
    "filename-rfc2231-broken": _many(
        _part(b"Content-Disposition: attachment; filename*0*=utf-8''%FF; filename*2=x; filename*=z")
    ),
    "filename-null": _many(_part(b'Content-Disposition: attachment; filename="a\x00.txt"')),
    "filename-bidi": _many(
        _part('Content-Disposition: attachment; filename="a\u202etxt.exe"'.encode())
    ),
    "disposition-nonsense": _many(_part(b"Content-Disposition: ;;=\x00")),
    "winmail": _many(
        _part(b'Content-Type: application/ms-tnef; name="winmail.dat"', b"\x78\x9f\x3e\x22\x00")
    ),
    "files-300": _many(
        _part(b'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="a.txt"')
        * 300
    ),
    # HTML
    "html-deep": _typed(b"text/html", b"<div>" * 50_000 + b"hola"),
    "html-unclosed": _typed(b"text/html", b"<p>hola <b <i <script>alert(1)"),
    "html-comment-bomb": _typed(b"text/html", b"<!--" * 50_000 + b"hola"),
    "html-only-style": _typed(b"text/html", b"<style>p{}</style>"),
    # sealed, signed, reports
    "encrypted": _many(_part(b""), b'multipart/encrypted; boundary="b"'),
    "smime-opaque": _typed(b"application/pkcs7-mime; smime-type=enveloped-data", b"x"),
    "signed-alone": _many(_part(b"Content-Type: application/pgp-signature"), b"multipart/signed"),
    "report-without-parts": _many(
        b"", b"multipart/report; report-type=delivery-status; boundary=b"
    ),
    "report-of-nonsense": _many(
        _part(b"Content-Type: message/delivery-status", b"\xff\x00: :\r\n\r\n::"),
        b"multipart/report; report-type=delivery-status; boundary=b",
    ),
    "delivery-status-alone": _typed(b"message/delivery-status", b"Action: failed\r\n\r\nAction: x"),
    "external-body": _typed(b"message/external-body; access-type=local-file", b"Content-Type: x"),
    "partial": _typed(b'message/partial; id="a"; number=1; total=9', WORDS),
    "flowed-odd": _typed(b"text/plain; format=flowed; delsp=yes", b"> > a \r\n>b \r\n-- \r\nc "),
}
