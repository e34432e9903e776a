"""Marks of secrecy that stand where marks stand: a line or value of their own, in brackets, behind the word for level.

A mark is put on the carrier, apart from the text (保密法 art. 22 of 2024; Security Regulations of the Government of
Hong Kong; in Macao at the head and foot of each page). The same words in a sentence, a clause or the name of a field
(confidentiality, client_secret, 商业秘密) are none. A bare word that software uses as a value too (RESTRICTED) counts
only where a blank line parts it from what follows, or where something decorates it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

_BLANK = "[ \t\u3000]*"
_OPEN = r"[\[(【〔〖（［「『<*=_#~|—–-]"
_CLOSE = r"[\])】〕〗）］」』>*=_#~|—–-]"
_TERM = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}) ?(?:年|个月|個月|月)|长期|長期"
_COPY = (
    r"(?:第 ?[0-9]{1,6} ?[号號]"
    r"|(?:份号|份號|编号|編號|Copy|COPY|No\.?|N\.º|Exemplar|EXEMPLAR) ?(?:No\.? ?|n\.º ?)?:? ?[0-9]{1,6})"
)


class Banner:
    """A finder of the marks of one system. Kinds: ``own_line``, ``bracketed``, ``stated``."""

    def __init__(self, *, plain: str, shared: str, stated: str, screen: str) -> None:
        """Compile for marks as RE2 alternatives; ``stated``: words for "level" before a mark.

        ``plain`` are words that mean nothing else where they stand alone; ``shared`` are other words too.
        """
        self.SCREEN = screen
        every = f"{plain}|{shared}" if plain else shared
        tail = f"(?:{_BLANK}[·•/,:：]?{_BLANK}(?:{_TERM}|{_COPY}))"
        alternatives = (
            f"(?P<own_line>(?:{_OPEN}{_BLANK})+(?:{every})(?:{_BLANK}{_CLOSE})+{tail}?|(?:{every}){tail}{{1,2}}"
            + (f"|(?:{plain})" if plain else "")
            + ")"
        )
        self._line = re2.compile(f"(?m)^{_BLANK}{alternatives}{_BLANK}$")
        self._apart = re2.compile(f"(?:\\A|\n{_BLANK}\n){_BLANK}(?P<own_line>{shared}){_BLANK}\n{_BLANK}\n")
        self._stated = re2.compile(
            f"(?m)(?:{stated}) ?[:：] ?(?P<stated>(?:{every})(?:{_BLANK}[★☆·]?{_BLANK}(?:{_TERM}))?)(?:[^0-9A-Za-z]|$)"
        )
        self._bracketed = re2.compile(
            f"(?m)(?P<bracketed>[【〔〖](?:{every})(?:{_TERM})?[】〕〗])"
            f"|[^\nA-Za-z ](?P<closing>[(（](?:{every})[)）]){_BLANK}$"
        )
        self._whole = re.compile(
            f"{_BLANK}(?:{_OPEN}{_BLANK})*(?:{every})(?:{_BLANK}{_CLOSE})*(?:{_BLANK}[★☆])?{tail}?{_BLANK}",
            re.IGNORECASE,
        )

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and kind of every mark, in order.

        >>> list(STATE_SECRET.find("【机密】"))
        [(0, 4, 'own_line')]
        >>> list(HONG_KONG.find("RESTRICTED (STAFF)"))
        [(0, 18, 'own_line')]
        >>> list(MACAO.find("informação CONFIDENCIAL do cliente"))
        []
        """
        text = text.encode("utf-8", "replace").decode()  # a lone surrogate, which RE2 does not read, is one sign still
        found: dict[tuple[int, int], str] = {}
        for expression in (self._line, self._apart, self._stated, self._bracketed):
            for seen in expression.finditer(text):
                for name, group in seen.groupdict().items():
                    if group:
                        kind = "bracketed" if name == "closing" else name
                        found.setdefault(seen.span(expression.groupindex[name]), kind)
        end = -1
        for span, kind in sorted(found.items(), key=lambda each: (each[0][0], -each[0][1])):
            if span[0] >= end:
                end = span[1]
                yield (*span, kind)

    def fits(self, value: str) -> bool:
        """Tell whether the whole value is a mark, in either case.

        >>> HONG_KONG.fits("Restricted"), HONG_KONG.fits("public")
        (True, False)
        """
        return len(value) <= _LONGEST and self._whole.fullmatch(value) is not None


_LONGEST = 40

STATE_SECRET = Banner(
    plain="(?:绝密|絕密|机密|機密)(?:级|級)?(?:文件|资料|資料)?",
    shared="秘密(?:级|級)?(?:文件|资料|資料)?",
    stated="密级|密級|秘密等级|秘密等級|保密等级|保密等級|文件密级|涉密等级|定密等级",
    screen="绝密|絕密|机密|機密|秘密",
)
"""The three levels of the mainland: 绝密, 机密, 秘密."""

_STAFF = r"(?: ?\((?:STAFF|PERSONAL|TENDER|CABINET|POLICY|Staff|Personal|Tender)\))"
HONG_KONG = Banner(
    plain=f"TOP SECRET|(?:SECRET|CONFIDENTIAL|RESTRICTED){_STAFF}"
    "|(?:RESTRICTED|CONFIDENTIAL|SECRET) ?/? ?(?:限閱|機密|高度機密|絕對機密|保密)(?:文件)?"
    "|(?:限閱|高度機密|絕對機密)(?:文件|資料)?|(?:限阅|高度机密|绝对机密)(?:文件|资料)?",
    shared="RESTRICTED|CONFIDENTIAL|SECRET",
    stated="(?i:security classification|security grading|protective marking|document classification"
    "|classification level|classification marking|grading)|保密級別|機密等級|文件級別",
    screen="SECRET|CONFIDENTIAL|RESTRICTED|限閱|高度機密|絕對機密|限阅|高度机密|绝对机密",
)
"""The gradings of Hong Kong: restricted, confidential, secret, top secret."""

MACAO = Banner(
    plain="MUITO SECRETO|ULTRA[- ]SECRETO|SEGREDO DE ESTADO|ESTRITAMENTE CONFIDENCIAL|CONFIDENCIAL ?/? ?(?:機密|保密)"
    "|DOCUMENTO (?:CONFIDENCIAL|RESERVADO|SECRETO|CLASSIFICADO)",
    shared="CONFIDENCIAL|RESERVADO|SECRETO",
    stated="(?i:grau de classificação|classificação de segurança|grau de confidencialidade|grau de sigilo"
    "|nível de confidencialidade)",
    screen="CONFIDENCIAL|RESERVADO|SECRETO|SEGREDO DE ESTADO|DOCUMENTO CLASSIFICADO",
)
"""The marks of Macao in Portuguese: reservado, confidencial, secreto."""

WORK_SECRET = Banner(
    plain="工作秘密(?:事项|文件|资料|資料|★|☆)?",
    shared="工作秘密级",
    stated="密级|密級|秘密等级|保密等级|定密等级|文件密级",
    screen="工作秘密",
)
"""Matters of an authority that are no state secret, and whose leak would do harm all the same: 工作秘密."""

INTERNAL = Banner(
    plain="(?:FOR |STRICTLY )?(?:INTERNAL|OFFICIAL) USE ONLY"
    "|(?:PARA )?USO (?:EXCLUSIVAMENTE |EXCLUSIVO |ESTRITAMENTE )?INTERNO"
    "|DOCUMENTO (?:INTERNO|DE CIRCULAÇÃO INTERNA)|CIRCULAÇÃO RESTRITA",
    shared="INTERNAL|INTERNO",
    stated="(?i:security classification|document classification|information classification|protective marking"
    "|classificação da informação|grau de confidencialidade)",
    screen="INTERNAL|USE ONLY|INTERNO|INTERNA|CIRCULAÇÃO",
)
"""Documents kept inside, in English and Portuguese."""
