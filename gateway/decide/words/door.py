"""What the door itself refuses for, and what to do about it, by code: nothing there that a rule could judge.

``wire.*`` is about what a sender put on the wire, ``upstream.*`` about the other side.
"""

from __future__ import annotations

from gateway.vocabulary import Wording


def _said(en: str, hans: str, hant: str, pt: str) -> Wording:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant, "pt": pt}


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
_PROVE = _said(
    "Connect with the client certificate or the token that the whitelist knows, or ask to be listed.",
    "请使用白名单登记的客户端证书或令牌连接，或申请登记。",
    "請使用白名單登記的客戶端證書或權杖連線，或申請登記。",
    "Ligue-se com o certificado ou o token que a lista branca conhece, ou peça para ser incluído.",
)

DOOR: dict[str, tuple[Wording, Wording]] = {
    "house.stale": (
        _said(
            "The rules of this gateway have been faulty for longer than its operator allows: nothing passes.",
            "本网关的规则出错时间已超过运营方允许的期限，因此一律不予放行。",
            "本閘道的規則出錯時間已超過營運者容許的期限，因此一律不予放行。",
            "As regras deste gateway têm erros há mais tempo do que o operador permite, pelo que nada passa.",
        ),
        _said(
            "Ask the operator of the gateway to mend the rules; then send it again.",
            "请联系网关运营方修正规则后重新发送。",
            "請聯絡閘道營運者修正規則後重新發送。",
            "Peça ao operador do gateway que corrija as regras e envie de novo.",
        ),
    ),
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
    "wire.unknown_sender": (
        _said(
            "A sender who is not recognised may send no more than {limit} bytes.",
            "未获识别的发送方最多只能发送 {limit} 字节。",
            "未獲識別的發送方最多只能發送 {limit} 位元組。",
            "Um remetente não reconhecido não pode enviar mais de {limit} bytes.",
        ),
        _PROVE,
    ),
    "wire.too_many_frames": (
        _said(
            "The message came in more than {limit} frames.",
            "一条消息的分片超过 {limit} 个。",
            "一則訊息的分片超過 {limit} 個。",
            "A mensagem veio em mais de {limit} fragmentos.",
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
    "wire.sni_mismatch": (
        _said(
            "The name in TLS is not the host of the request.",
            "TLS 中的名称与请求的主机不一致。",
            "TLS 中的名稱與請求的主機不一致。",
            "O nome em TLS não é o anfitrião do pedido.",
        ),
        _PLAIN,
    ),
    "wire.identity_conflict": (
        _said(
            "The certificate, the tokens and the network of the sender do not name one party.",
            "发送方的证书、令牌和网络指向不同的当事方。",
            "發送方的證書、權杖和網絡指向不同的當事方。",
            "O certificado, os tokens e a rede do remetente não indicam a mesma parte.",
        ),
        _PROVE,
    ),
    "wire.trailers": (
        _said(
            "Fields came after the body, where not everybody reads them.",
            "正文之后带有字段，并非所有接收方都会读取。",
            "內文之後帶有欄位，並非所有接收方都會讀取。",
            "Vieram campos depois do corpo, onde nem todos os leem.",
        ),
        _PLAIN,
    ),
    "wire.upgrade": (
        _said(
            "The request asks for a protocol into which the gateway cannot look.",
            "请求切换到网关无法检查的协议。",
            "請求切換到閘道無法檢查的協定。",
            "O pedido quer mudar para um protocolo que o gateway não consegue examinar.",
        ),
        _PLAIN,
    ),
    "wire.client_left": (
        _said(
            "The sender left before what was permitted had gone on; nothing was forwarded.",
            "发送方在已获准的内容转发之前离开；未作任何转发。",
            "發送方在已獲准的內容轉發之前離開；未作任何轉發。",
            "O remetente saiu antes de o que fora permitido seguir; nada foi encaminhado.",
        ),
        _LATER,
    ),
    "upstream.own_address": (
        _said(
            "The host leads back to this gateway.",
            "该主机指回本网关。",
            "該主機指回本閘道。",
            "O anfitrião conduz de volta a este gateway.",
        ),
        _LIST,
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
"""Sentence and remedy."""
