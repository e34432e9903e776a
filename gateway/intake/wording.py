"""Titles of refusals, in the four languages of the house; the sentences are those of ``gateway.decide``."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.vocabulary import LANGUAGES, Wording


def _said(*sentences: str) -> Wording:
    return dict(zip(LANGUAGES, sentences, strict=True))


TITLES: Mapping[int, Wording] = {
    400: _said(
        "Not a plain HTTP message", "不是规范的 HTTP 报文", "不是規範的 HTTP 訊息", "Não é uma mensagem HTTP simples"
    ),
    403: _said("Sender not recognised", "发送方未获识别", "發送方未獲識別", "Remetente não reconhecido"),
    408: _said("Request took too long", "请求超时", "請求逾時", "O pedido demorou demasiado"),
    413: _said("Body too large", "正文过大", "內文過大", "Corpo demasiado grande"),
    431: _said("Header section too large", "报头过大", "標頭過大", "Cabeçalho demasiado grande"),
    451: _said(
        "Transfer refused by the rules on cross-border data",
        "依据数据跨境规则拒绝传输",
        "依據資料跨境規則拒絕傳輸",
        "Transferência recusada pelas regras sobre dados transfronteiriços",
    ),
    500: _said("Fault in the gateway", "网关故障", "閘道故障", "Falha no gateway"),
    502: _said("The other side cannot be used", "对端不可用", "對端不可用", "O outro lado não está utilizável"),
    503: _said(
        "The gateway cannot record, so nothing passes",
        "网关无法记录，暂停传输",
        "閘道無法記錄，暫停傳輸",
        "O gateway não consegue registar; nada passa",
    ),
    504: _said("The other side took too long", "对端响应超时", "對端回應逾時", "O outro lado demorou demasiado"),
}
"""By HTTP status."""

BOTH_UNKNOWN = _said(
    "Neither destination nor sender recognised",
    "目的地与发送方均未获识别",
    "目的地與發送方均未獲識別",
    "Nem o destino nem o remetente são reconhecidos",
)
"""The title of 403 where there is more to it than the sender."""

CROWDED = _said(
    "The gateway serves as many connections as it may; connect again later.",
    "网关的连接数已达上限，请稍后重新连接。",
    "閘道的連線數已達上限，請稍後重新連線。",
    "O gateway já serve tantas ligações quantas pode; ligue-se mais tarde.",
)

UNRECORDED = _said(
    "The gateway refused this transfer and could not record more.",
    "网关拒绝了本次传输，且无法进一步记录。",
    "閘道拒絕了本次傳輸，且無法進一步記錄。",
    "O gateway recusou esta transferência e não conseguiu registar mais.",
)
