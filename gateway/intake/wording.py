"""What the door itself says to a refused sender, in the four languages of the house."""

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

_PLAIN = _said(
    "Send a plain HTTP message, complete and in time.",
    "请完整、及时地发送规范的 HTTP 报文。",
    "請完整、及時地發送規範的 HTTP 訊息。",
    "Envie uma mensagem HTTP simples, completa e a tempo.",
)
_SPLIT = _said(
    "Split the data into smaller messages, or ask the operator of the gateway for a higher limit.",
    "请拆分数据后发送，或者请网关运营方提高限值。",
    "請拆分資料後發送，或者請閘道營運者提高限值。",
    "Divida os dados em mensagens menores ou peça ao operador do gateway um limite superior.",
)
_LATER = _said(
    "Send it again later; if it is refused again, ask the operator of the other side.",
    "请稍后重发；如再次被拒，请联系对端运营方。",
    "請稍後重發；如再次被拒，請聯絡對端營運者。",
    "Envie de novo mais tarde; se for outra vez recusada, contacte o operador do outro lado.",
)
_LIST = _said(
    "Have the host listed in the whitelist before you connect to it.",
    "请先将该主机列入白名单，再行连接。",
    "請先將該主機列入白名單，再行連接。",
    "Peça a inclusão do anfitrião na lista branca antes de se ligar.",
)

SENTENCES: Mapping[str, tuple[Wording, Wording]] = {
    "wire.malformed": (
        _said(
            "What was sent can be read in more than one way, or is no HTTP.",
            "所发送的内容有多种解读方式，或者不是 HTTP。",
            "所發送的內容有多種解讀方式，或者不是 HTTP。",
            "O que foi enviado pode ser lido de mais do que uma forma ou não é HTTP.",
        ),
        _PLAIN,
    ),
    "wire.client_gone": (
        _said(
            "The sender broke off before the message was complete.",
            "发送方在报文完整之前中断。",
            "發送方在訊息完整之前中斷。",
            "O remetente interrompeu antes de a mensagem estar completa.",
        ),
        _PLAIN,
    ),
    "wire.slow": (
        _said(
            "The message did not arrive in full within the time allowed.",
            "报文未在规定时间内完整到达。",
            "訊息未在規定時間內完整到達。",
            "A mensagem não chegou completa dentro do tempo permitido.",
        ),
        _PLAIN,
    ),
    "wire.header_too_large": (
        _said(
            "The header section is larger than the limit of {limit} bytes.",
            "报头超过 {limit} 字节的限值。",
            "標頭超過 {limit} 位元組的限值。",
            "O cabeçalho excede o limite de {limit} bytes.",
        ),
        _SPLIT,
    ),
    "wire.body_too_large": (
        _said(
            "The body is larger than the limit of {limit} bytes.",
            "正文超过 {limit} 字节的限值。",
            "內文超過 {limit} 位元組的限值。",
            "O corpo excede o limite de {limit} bytes.",
        ),
        _SPLIT,
    ),
    "wire.connect_unlisted": (
        _said(
            "No whitelist entry names the host to which a tunnel was asked for.",
            "白名单中没有列明所请求隧道的主机。",
            "白名單中沒有列明所請求隧道的主機。",
            "Nenhuma entrada da lista branca indica o anfitrião do túnel pedido.",
        ),
        _LIST,
    ),
    "wire.authority_mismatch": (
        _said(
            "The request goes by two different names of host.",
            "请求中的主机名称不一致。",
            "請求中的主機名稱不一致。",
            "O pedido indica dois nomes de anfitrião diferentes.",
        ),
        _PLAIN,
    ),
    "upstream.inner_address": (
        _said(
            "The host leads to an address inside a private network that no whitelist entry names.",
            "该主机指向白名单未列明的内网地址。",
            "該主機指向白名單未列明的內網位址。",
            "O anfitrião conduz a um endereço de rede privada que nenhuma entrada indica.",
        ),
        _LIST,
    ),
    "upstream.unresolved": (
        _said(
            "The name of the other side could not be resolved.",
            "无法解析对端的域名。",
            "無法解析對端的網域名稱。",
            "Não foi possível resolver o nome do outro lado.",
        ),
        _LATER,
    ),
    "upstream.unreachable": (
        _said(
            "No verified connection to the other side could be made.",
            "无法与对端建立经验证的连接。",
            "無法與對端建立經驗證的連線。",
            "Não foi possível estabelecer uma ligação verificada ao outro lado.",
        ),
        _LATER,
    ),
    "upstream.broken": (
        _said(
            "The answer of the other side was incomplete or could not be read.",
            "对端的响应不完整或者无法读取。",
            "對端的回應不完整或者無法讀取。",
            "A resposta do outro lado estava incompleta ou ilegível.",
        ),
        _LATER,
    ),
    "upstream.slow": (
        _said(
            "The other side did not answer in full within the time allowed.",
            "对端未在规定时间内完整响应。",
            "對端未在規定時間內完整回應。",
            "O outro lado não respondeu por completo dentro do tempo permitido.",
        ),
        _LATER,
    ),
}
"""By code of a refusal that the door makes: what happened, and what to do."""

UNRECORDED = _said(
    "The gateway refused this transfer and could not record more.",
    "网关拒绝了本次传输，且无法进一步记录。",
    "閘道拒絕了本次傳輸，且無法進一步記錄。",
    "O gateway recusou esta transferência e não conseguiu registar mais.",
)
