"""What happened, and what to do about it, by code."""

from __future__ import annotations

from gateway.vocabulary import Wording


def _said(en: str, hans: str, hant: str, pt: str) -> Wording:
    return {"en": en, "zh-Hans": hans, "zh-Hant": hant, "pt": pt}


OTHER_SENTENCES: dict[str, Wording] = {
    # A policy speaks: its own title is the sentence.
    "policy.denies": _said("Refused: {title}", "拒绝：{title}", "拒絕：{title}", "Recusado: {title}"),
    "policy.holds": _said(
        "Held for an officer: {title}", "暂扣待审：{title}", "暫扣待審：{title}", "Retido para decisão: {title}"
    ),
    "policy.masks": _said("Masked: {title}", "遮蔽：{title}", "遮蔽：{title}", "Ocultado: {title}"),
    "policy.trial": _said(
        "On trial, not demanded: {title}",
        "试行，暂不执行：{title}",
        "試行，暫不執行：{title}",
        "À experiência, sem efeito: {title}",
    ),
    # An entry speaks.
    "entry.permits": _said(
        "Whitelist entry {entry} permits this until {day}; nothing personal may be in it.",
        "白名单条目 {entry} 允许本次提供，有效至 {day}；其中不得含有个人信息。",
        "白名單條目 {entry} 准許本次轉移，有效至 {day}；當中不得含有個人資料。",
        "A entrada {entry} da lista branca permite esta transferência até {day}; não pode conter dados pessoais.",
    ),
    "entry.permits_on_basis": _said(
        "Whitelist entry {entry} permits this until {day}, on the legal basis {basis} ({reference}).",
        "白名单条目 {entry} 允许本次提供，有效至 {day}，合规路径为 {basis}（{reference}）。",
        "白名單條目 {entry} 准許本次轉移，有效至 {day}，法律依據為 {basis}（{reference}）。",
        "A entrada {entry} da lista branca permite esta transferência até {day}, "
        "com a base legal {basis} ({reference}).",
    ),
    "entry.expired": _said(
        "Whitelist entry {entry} ended on {day}.",
        "白名单条目 {entry} 已于 {day} 到期。",
        "白名單條目 {entry} 已於 {day} 屆滿。",
        "A entrada {entry} da lista branca terminou em {day}.",
    ),
    "entry.not_yet": _said(
        "Whitelist entry {entry} begins on {day} only.",
        "白名单条目 {entry} 自 {day} 起才生效。",
        "白名單條目 {entry} 由 {day} 起才生效。",
        "A entrada {entry} da lista branca só começa em {day}.",
    ),
    "entry.undeclared": _said(
        "Whitelist entry {entry} does not list {categories}.",
        "白名单条目 {entry} 未列明：{categories}。",
        "白名單條目 {entry} 沒有列明：{categories}。",
        "A entrada {entry} da lista branca não enumera: {categories}.",
    ),
    "entry.violated": _said(
        "The payload departs from the dataset of whitelist entry {entry}: {violated}.",
        "内容与白名单条目 {entry} 的数据集不符：{violated}。",
        "內容與白名單條目 {entry} 的資料集不符：{violated}。",
        "O conteúdo afasta-se do conjunto de dados da entrada {entry}: {violated}.",
    ),
    "entry.ceiling": _said(
        "With this transfer, entry {entry} would pass its ceiling of {limit} ({ceiling}): {figure}.",
        "计入本次后，条目 {entry} 将超过其上限 {limit}（{ceiling}）：{figure}。",
        "計入本次後，條目 {entry} 將超過其上限 {limit}（{ceiling}）：{figure}。",
        "Com esta transferência, a entrada {entry} passaria o seu limite de {limit} ({ceiling}): {figure}.",
    ),
    "entry.would_refuse.violated": _said(
        "Observed only: the payload departs from the dataset of whitelist entry {entry}: {violated}.",
        "仅观察：内容与白名单条目 {entry} 的数据集不符：{violated}。",
        "只作觀察：內容與白名單條目 {entry} 的資料集不符：{violated}。",
        "Apenas observado: o conteúdo afasta-se do conjunto de dados da entrada {entry}: {violated}.",
    ),
    "entry.would_refuse.ceiling": _said(
        "Observed only: entry {entry} would pass its ceiling of {limit} ({ceiling}): {figure}.",
        "仅观察：条目 {entry} 将超过其上限 {limit}（{ceiling}）：{figure}。",
        "只作觀察：條目 {entry} 將超過其上限 {limit}（{ceiling}）：{figure}。",
        "Apenas observado: a entrada {entry} passaria o seu limite de {limit} ({ceiling}): {figure}.",
    ),
    # A basis speaks.
    "basis.missing": _said(
        "Personal information was found ({categories}), and entry {entry} has no legal basis for it.",
        "发现个人信息（{categories}），而条目 {entry} 没有相应的合规路径。",
        "發現個人資料（{categories}），而條目 {entry} 沒有相應的法律依據。",
        "Foram encontrados dados pessoais ({categories}) e a entrada {entry} não tem base legal para eles.",
    ),
    "basis.expired": _said(
        "The legal basis {basis} is no longer in force.",
        "合规路径 {basis} 已失效。",
        "法律依據 {basis} 已失效。",
        "A base legal {basis} já não está em vigor.",
    ),
    "basis.not_yet": _said(
        "The legal basis {basis} is not yet in force.",
        "合规路径 {basis} 尚未生效。",
        "法律依據 {basis} 尚未生效。",
        "A base legal {basis} ainda não está em vigor.",
    ),
    "basis.other_exporter": _said(
        "The legal basis {basis} was filed by another exporter.",
        "合规路径 {basis} 由其他提供方备案。",
        "法律依據 {basis} 由另一提供方備案。",
        "A base legal {basis} foi registada por outro exportador.",
    ),
    "basis.other_recipient": _said(
        "The legal basis {basis} does not name this recipient.",
        "合规路径 {basis} 未列明本接收方。",
        "法律依據 {basis} 沒有列明本接收方。",
        "A base legal {basis} não indica este destinatário.",
    ),
    # The house speaks.
    "house.not_covered": _said(
        "No whitelist entry covers this transfer.",
        "没有白名单条目涵盖本次提供。",
        "沒有白名單條目涵蓋本次轉移。",
        "Nenhuma entrada da lista branca abrange esta transferência.",
    ),
    "house.incomplete": _said(
        "The gateway does not hold the whole body ({state}), and only a whole one can be judged.",
        "网关未取得完整正文（{state}），而只有完整的正文才能判定。",
        "閘道沒有取得完整正文（{state}），而只有完整的正文才能判定。",
        "O gateway não tem o corpo inteiro ({state}), e só um corpo inteiro pode ser avaliado.",
    ),
    "house.fault": _said(
        "The gateway failed while judging this transfer, and refuses what it has not judged ({error}).",
        "网关在判定过程中发生故障；未经判定的一律拒绝（{error}）。",
        "閘道在判定過程中發生故障；未經判定的一律拒絕（{error}）。",
        "O gateway falhou ao avaliar esta transferência e recusa o que não avaliou ({error}).",
    ),
    "house.unknown": _said(
        "The gateway refuses this transfer for the reason {code}.",
        "网关因 {code} 拒绝本次提供。",
        "閘道因 {code} 拒絕本次轉移。",
        "O gateway recusa esta transferência pelo motivo {code}.",
    ),
    "ledger.closed": _said(
        "The ledger cannot be written, and nothing leaves that is not recorded ({error}).",
        "台账无法写入；未经记录的一律不予放行（{error}）。",
        "紀錄冊無法寫入；未經記錄的一律不予放行（{error}）。",
        "O registo não pode ser escrito e nada sai sem ficar registado ({error}).",
    ),
    "transform.impossible": _said(
        "What must be masked stands where it cannot be masked ({code}).",
        "须遮蔽的内容所在之处无法遮蔽（{code}）。",
        "須遮蔽的內容所在之處無法遮蔽（{code}）。",
        "O que deve ser ocultado está onde não pode ser ocultado ({code}).",
    ),
    "transform.survived": _said(
        "After masking there was still to be found: {categories}.",
        "遮蔽后仍发现：{categories}。",
        "遮蔽後仍發現：{categories}。",
        "Depois da ocultação ainda se encontrou: {categories}.",
    ),
    "transform.worsened": _said(
        "Looked at once more after masking, the transfer would not be permitted.",
        "遮蔽后再次检查，本次提供不符合放行条件。",
        "遮蔽後再次檢查，本次轉移不符合放行條件。",
        "Reexaminada depois da ocultação, a transferência não seria permitida.",
    ),
    "standing.moved": _said(
        "Others sent data at the same moment, and with them counted this transfer has other duties.",
        "同一时刻另有数据提供，计入之后本次提供的义务已不同。",
        "同一時刻另有資料轉移，計入之後本次轉移的義務已不同。",
        "Outros enviaram dados no mesmo momento e, contados esses, esta transferência tem outros deveres.",
    ),
}

_ASK = _said(
    "Ask the compliance office named in this refusal.",
    "请联系本通知所列的合规部门。",
    "請聯絡本通知所列的合規部門。",
    "Contacte o serviço de conformidade indicado nesta recusa.",
)
_LATER = _said(
    "Send it again later; if it is refused again, tell the operator of the gateway.",
    "请稍后重发；如再次被拒，请告知网关运营方。",
    "請稍後重發；如再次被拒，請告知閘道營運者。",
    "Envie de novo mais tarde; se for outra vez recusada, avise o operador do gateway.",
)
_RENEW = _said(
    "Have the whitelist entry reviewed and its dates set anew before you send again.",
    "请先完成白名单条目的复核并重新确定有效期，再行发送。",
    "請先完成白名單條目的覆核並重新訂定有效期，再行發送。",
    "Peça a revisão da entrada da lista branca e das suas datas antes de enviar de novo.",
)
_BASIS = _said(
    "Have a legal basis filed or renewed that names both parties and these categories.",
    "请办理或续办列明双方当事人及相关数据类别的合规路径。",
    "請辦理或續辦列明雙方及相關資料類別的法律依據。",
    "Registe ou renove uma base legal que indique ambas as partes e estas categorias.",
)
_LEAVE_OUT = _said(
    "Leave these data out, or have the whitelist entry and its legal basis extended to them.",
    "请删除上述数据，或申请将其列入白名单条目及合规路径。",
    "請刪除上述資料，或申請將其列入白名單條目及法律依據。",
    "Retire estes dados, ou peça que a entrada e a base legal os passem a incluir.",
)
_NOTHING = _said("Nothing needs to be done.", "无需处理。", "無須處理。", "Não é preciso fazer nada.")

OTHER_REMEDIES: dict[str, Wording] = {
    # What to do about a policy is in its own words; these serve where the rulebook no longer has it.
    "policy.denies": _ASK,
    "policy.holds": _ASK,
    "policy.masks": _NOTHING,
    "policy.trial": _NOTHING,
    "entry.permits": _NOTHING,
    "entry.permits_on_basis": _NOTHING,
    "entry.expired": _RENEW,
    "entry.not_yet": _RENEW,
    "entry.undeclared": _LEAVE_OUT,
    "entry.violated": _LEAVE_OUT,
    "entry.ceiling": _ASK,
    "entry.would_refuse.violated": _NOTHING,
    "entry.would_refuse.ceiling": _NOTHING,
    "basis.missing": _BASIS,
    "basis.expired": _BASIS,
    "basis.not_yet": _BASIS,
    "basis.other_exporter": _BASIS,
    "basis.other_recipient": _BASIS,
    "house.not_covered": _said(
        "Apply for a whitelist entry with parties, endpoint, categories, purpose and legal basis.",
        "请申请白名单条目，并说明双方、接口、数据类别、目的及合规路径。",
        "請申請白名單條目，並說明雙方、介面、資料類別、目的及法律依據。",
        "Peça uma entrada da lista branca com partes, endereço, categorias, finalidade e base legal.",
    ),
    "house.incomplete": _said(
        "Send the whole body again, within the limits of the gateway.",
        "请在网关上限之内重新发送完整正文。",
        "請在閘道上限之內重新發送完整正文。",
        "Envie de novo o corpo inteiro, dentro dos limites do gateway.",
    ),
    "house.fault": _LATER,
    "house.unknown": _ASK,
    "ledger.closed": _LATER,
    "transform.impossible": _LEAVE_OUT,
    "transform.survived": _LEAVE_OUT,
    "transform.worsened": _LEAVE_OUT,
    "standing.moved": _LATER,
}
