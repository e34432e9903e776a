"""What parameters of a reason tell, beside its sentence; and words for values that are codes."""

from __future__ import annotations

from gateway.vocabulary import Wording


def _said(en: str, hans: str, hant: str, pt: str) -> Wording:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant, "pt": pt}


CLAUSES: dict[str, Wording] = {
    "basis": _said("Legal basis: {value}.", "合规路径：{value}。", "法律依據：{value}。", "Base legal: {value}."),
    "categories": _said("Found: {value}.", "发现：{value}。", "發現：{value}。", "Encontrado: {value}."),
    "ceiling": _said("Ceiling: {value}.", "上限种类：{value}。", "上限種類：{value}。", "Tipo de limite: {value}."),
    "code": _said("Code: {value}.", "代码：{value}。", "代碼：{value}。", "Código: {value}."),
    "day": _said("Date: {value}.", "日期：{value}。", "日期：{value}。", "Data: {value}."),
    "entry": _said(
        "Whitelist entry: {value}.",
        "白名单条目：{value}。",
        "白名單條目：{value}。",
        "Entrada da lista branca: {value}.",
    ),
    "error": _said("Fault: {value}.", "故障：{value}。", "故障：{value}。", "Falha: {value}."),
    "figure": _said("Figure: {value}.", "数值：{value}。", "數值：{value}。", "Valor: {value}."),
    "limit": _said("Limit: {value}.", "上限：{value}。", "上限：{value}。", "Limite: {value}."),
    "near_leg": _said(
        "Entry {value} would fit if the data travelled the other way.",
        "如数据方向相反，则条目 {value} 适用。",
        "如數據方向相反，則條目 {value} 適用。",
        "A entrada {value} serviria se os dados seguissem no sentido inverso.",
    ),
    "near_media_type": _said(
        "Entry {value} would fit but for the media type.",
        "仅因媒体类型不符，条目 {value} 不适用。",
        "只因媒體類型不符，條目 {value} 不適用。",
        "A entrada {value} serviria, salvo o tipo de conteúdo.",
    ),
    "near_method": _said(
        "Entry {value} would fit but for the method.",
        "仅因请求方法不符，条目 {value} 不适用。",
        "只因請求方法不符，條目 {value} 不適用。",
        "A entrada {value} serviria, salvo o método.",
    ),
    "near_party": _said(
        "Entry {value} would fit but for one of the parties.",
        "仅因当事方不符，条目 {value} 不适用。",
        "只因當事方不符，條目 {value} 不適用。",
        "A entrada {value} serviria, salvo uma das partes.",
    ),
    "near_path": _said(
        "Entry {value} would fit but for the path.",
        "仅因路径不符，条目 {value} 不适用。",
        "只因路徑不符，條目 {value} 不適用。",
        "A entrada {value} serviria, salvo o caminho.",
    ),
    "near_websocket": _said(
        "Entry {value} would fit, but does not say that its endpoint may be a WebSocket.",
        "条目 {value} 本可适用，但未列明其接口可使用 WebSocket。",
        "條目 {value} 本可適用，但沒有列明其介面可使用 WebSocket。",
        "A entrada {value} serviria, mas não diz que o seu endereço pode ser um WebSocket.",
    ),
    "noticed": _said("Noticed: {value}.", "注意到：{value}。", "留意到：{value}。", "Observado: {value}."),
    "reference": _said(
        "Reference: {value}.", "备案或批准文号：{value}。", "備案或批准編號：{value}。", "Referência: {value}."
    ),
    "sender": _said("The sender is {value}.", "发送方{value}。", "發送方{value}。", "O remetente {value}."),
    "state": _said(
        "State of the body: {value}.", "正文状态：{value}。", "正文狀態：{value}。", "Estado do corpo: {value}."
    ),
    "unreadable": _said(
        "Not readable: {value}.", "不可读内容：{value}。", "不可讀內容：{value}。", "Ilegível: {value}."
    ),
    "violated": _said("Departs from: {value}.", "不符之处：{value}。", "不符之處：{value}。", "Afasta-se de: {value}."),
    "violations": _said(
        "Departs from the dataset: {value}.",
        "与数据集不符：{value}。",
        "與資料集不符：{value}。",
        "Afasta-se do conjunto de dados: {value}.",
    ),
}

VALUES: dict[str, dict[str, Wording]] = {
    "unreadable": {
        "encrypted": _said("encrypted", "已加密", "已加密", "cifrado"),
        "malformed": _said("malformed", "格式错误", "格式錯誤", "malformado"),
        "unknown_format": _said("unknown format", "未知格式", "未知格式", "formato desconhecido"),
        "unknown_charset": _said(
            "unknown charset", "未知字符编码", "未知字元編碼", "codificação de caracteres desconhecida"
        ),
        "unknown_coding": _said(
            "unknown content coding", "未知内容编码", "未知內容編碼", "codificação de conteúdo desconhecida"
        ),
        "too_large": _said("too large", "过大", "過大", "demasiado grande"),
        "too_deep": _said("nested too deeply", "嵌套过深", "巢狀過深", "demasiado aninhado"),
        "too_many": _said("too many values", "数据项过多", "資料項過多", "demasiados valores"),
        "ratio": _said("inflates beyond the limit", "解压比超限", "解壓比超限", "descompressão além do limite"),
        "timed_out": _said("took too long to read", "读取超时", "讀取逾時", "leitura demasiado demorada"),
        "crashed": _said(
            "broke the program that reads it", "导致解析程序崩溃", "令解析程式當掉", "fez falhar o leitor"
        ),
        "not_http": _said("not HTTP", "不是 HTTP", "不是 HTTP", "não é HTTP"),
    },
    "noticed": {
        "wire.authority_mismatch": _said(
            "two names of host", "主机名称不一致", "主機名稱不一致", "dois nomes de anfitrião"
        ),
        "wire.identity_conflict": _said(
            "proofs of two senders", "身份凭证相互矛盾", "身分憑證互相矛盾", "provas de dois remetentes"
        ),
        "wire.sni_mismatch": _said("another name in TLS", "TLS 名称不符", "TLS 名稱不符", "outro nome em TLS"),
        "wire.trailers": _said("fields after the body", "正文之后的字段", "內文之後的欄位", "campos depois do corpo"),
        "wire.upgrade": _said(
            "change of protocol asked for", "请求切换协议", "請求切換協定", "pedido de mudança de protocolo"
        ),
        "websocket.handshake": _said(
            "WebSocket asked for", "请求建立 WebSocket", "請求建立 WebSocket", "pedido de WebSocket"
        ),
        "websocket.text": _said(
            "text message of a WebSocket",
            "WebSocket 文本消息",
            "WebSocket 文字訊息",
            "mensagem de texto de um WebSocket",
        ),
        "websocket.binary": _said(
            "binary message of a WebSocket",
            "WebSocket 二进制消息",
            "WebSocket 二進位訊息",
            "mensagem binária de um WebSocket",
        ),
    },
    "sender": {
        "unknown": _said("not recognised either", "亦未获识别", "亦未獲識別", "também não é reconhecido"),
    },
    "state": {
        "complete": _said("complete", "完整", "完整", "completo"),
        "partial": _said("partial", "不完整", "不完整", "incompleto"),
        "opaque": _said("opaque", "不可读", "不可讀", "opaco"),
    },
}
