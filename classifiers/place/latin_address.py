"""Postal addresses in Latin letters: Hong Kong in English, Macao in Portuguese, the mainland in English or pinyin.

An address goes from the small to the large (flat, floor, block, building, number and street, area) or, in Portuguese,
begins with the street. Its pieces stand between commas. The finder looks for the pieces that have a number of their own
(88 King's Road; Rua de Pequim, n.º 126; Flat B; 12/F; 5.º andar A), joins those that nothing but names stands between,
and takes in the building before them and the area and postcode behind them. Plain British, American and Portuguese
addresses have the same pieces.

Source: address formats of Hongkong Post, of the post of Macao (CTT) and of the Universal Postal Union (S42).
"""

# ruff: noqa: E501 - lists of words are read across
from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from classifiers.place.lexicon import alternatives, latin
from classifiers.place.spans import compiled, spans

_SMALL = "a-zß-öø-ÿāēěīōūǎǐǒǔǚǜ"
_LETTER = f"A-ZÀ-ÖØ-Þ{_SMALL}"
"""Letters of English, Portuguese and pinyin. All of Unicode would make the automaton many times as large."""
_SHORTENED = (
    r"(?:Apt|Ste|Bldg|Bldgs|St|Dr|Dra|Mt|Gen|Sir|Cel|Eng|Sto|Pe|Alm|Cons|Cmdt|Com|Prof|Gov|Pres|Sen|Fr|N|S|E|W|[A-Z])\."
)
_WORD = f"(?:(?:[dD]['’])?[A-ZÀ-ÖØ-Þ][{_LETTER}'’]*(?:-[{_LETTER}'’]+)*|{_SHORTENED})"
_LOWER_WORD = f"(?:[{_SMALL}][{_SMALL}'’]*)"
_ANY_WORD = f"(?:{_WORD}|{_LOWER_WORD})"
_ORDINAL = "(?:[0-9]{1,3}(?i:st|nd|rd|th))"
_NUMBER = r"(?:[0-9]{1,5}[A-Za-z]?(?: ?[-/&] ?[0-9]{1,5}[A-Za-z]?){0,3}(?:-[A-Z])?)"
_NO = r"(?:(?i:nos?|number)\.? ?|#)"
_WAYS = (
    "Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Path|Terrace|Terr|Crescent|Cres|Close|Place|Pl|Square|Sq|Way|Highway|Hwy"
    "|Parkway|Pkwy|Circuit|Circle|Cir|Row|Mews|Bazaar|Strand|Praya|Parade|Walk|Rise|Quay|Esplanade|Alley|Trail|Court|Ct|Turnpike|Expressway|Broadway"
    "|Lu|Jie|Dadao|Dajie|Malu|Xiang|Hutong|Village|Tsuen|Chuen|Tuen|Uk|Wai|Estate|Garden|Gardens|Hill"
)
_AMERICAN_WAYS = (
    "Annex|Arcade|Bend|Bluffs?|Bridge|Brooks?|Burgs?|Bypass|Canyon|Cape|Causeway|Cliffs?|Club|Commons?|Corners?|Course|Coves?|Creek|Crest|Crossing|Crossroads?|Curve|Dale|Divide|Extensions?|Falls?|Ferry|Fields?|Flats?|Fords?|Forest|Forges?|Forks?|Fort|Freeway"
    "|Gateway|Glens?|Greens?|Groves?|Harbors?|Haven|Heights|Hills|Hollow|Inlet|Islands?|Isle|Junctions?|Keys?|Knolls?|Lakes?|Landing|Lights?|Loaf|Locks?|Lodge|Loop|Mall|Manors?|Meadows?|Mills?|Mission|Motorway|Mount|Mountains?|Neck|Orchard|Oval|Overpass|Parks?|Parkways|Pass|Passage|Pike|Pines?|Plains?|Plaza|Points?|Ports?|Prairie"
    "|Radial|Ramp|Ranch|Rapids?|Rest|Ridges?|River|Run|Shoals?|Shores?|Skyway|Springs?|Spurs?|Squares|Station|Stravenue|Stream|Streets|Summit|Throughway|Trace|Track|Trafficway|Tunnel|Unions?|Underpass|Valleys?|Via|Viaduct|Views?|Villages|Ville|Vista|Walks|Wall|Ways|Wells?"
)
"""Further names of ways after USPS Publication 28, appendix C1; most of them are words of everyday."""
_SIDE = "(?: (?i:Central|East|West|North|South|NE|NW|SE|SW|N|S|E|W|[0-9]{1,2}(?:st|nd|rd|th)?)\\b\\.?)?"
_STATE_ZIP = r"(?:[A-Z]{2} [0-9]{5}(?:-[0-9]{4})?|[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2})"
_STREET = (
    f"[0-9]{{1,6}}[A-Za-z]? (?:(?:{_WORD}|{_ORDINAL}|[0-9]{{1,5}}[A-Z]?)[ ,] ?){{1,9}}{_STATE_ZIP}\\b|"
    f"{_NO}?{_NUMBER},? (?:(?:(?:{_WORD}|{_ORDINAL}|of|the|and|de|do|da|dos|das) )+?|(?:(?:{_LOWER_WORD}|{_ORDINAL}) )+?)(?i:{_WAYS})\\b\\.?(?: (?i:{_WAYS})\\b\\.?)?{_SIDE}"
    f"|[0-9]{{1,5}} (?:{_WORD} ){{1,3}}?(?:{_AMERICAN_WAYS})\\b"
    f"|{_NO}?{_NUMBER},? (?:Broadway|Queensway|Kingsway|The Strand|Strand|Piccadilly|Whitehall)\\b"
    f"|(?:{_WORD} )+(?i:Road|Rd|Street|St|Avenue|Ave|Lane|Lu|Jie|Dadao|Dajie|Xiang|Nong)\\.?(?: (?i:East|West|North|South|Central))?,? (?:{_NO}{_NUMBER}|[0-9]{{1,5}}(?: ?(?i:hao)\\b|, ))"
)
_LINK = "(?:d[aeo]s?|d'|D'|e|[ao]s?|à|ao)"
_RUA = (
    r"(?:(?i:Rua|Avenida|Travessa|Estrada|Praceta|Praça|Largo|Calçada|Beco|Pátio|Rotunda|Alameda|Istmo|Ramal|Rampa|Caminho|Azinhaga|Viela|Bairro|Quinta|Urbanização|Escadaria|Viaduto|Ladeira|Passeio)"
    r"|Av\.?ª?|Avª\.?|R\.|Trav\.?|Tv\.|Estr\.?|Pç\.?ª?|Lg\.?|Calç\.?|Al\.|Urb\.)"
)
_PORTUGUESE = (
    f"{_RUA} (?:(?:(?:{_LINK} )*(?:{_WORD}|[0-9]{{1,2}} (?i:de) {_ANY_WORD}) ?)+?|(?:{_LOWER_WORD} ?)+?)"
    f"(?:,? ?(?:(?i:n(?:\\.? ?[ºo°]s?|úmero)|no)\\.? ?)?{_NUMBER}\\b(?:[.]?[ºª])?|,? ?[sS]/[nN]\\b)"
)
_RUA_BARE = f"{_RUA} (?:(?:{_LINK} )*{_WORD} ?)+"
_HOUSES = (
    "House|Mansions?|Building|Bldg|Court|Centre|Center|Tower|Towers|Gardens?|Estate|Plaza|Villas?|Chuen|Lodge|Heights|Terrace|Mall|Hall|Manor|Apartments?|Residences?|Palace|City|Shing|Terraces?"
    "|Square|Arcade|Complex|Hotel|Dormitory|Village|Tsuen|Cove|Bay|Park|Point|View|Hill|Kornhill|Regency|Pavilion|Block|Yuen|Toi|Kok|Lau|Industrial Building|Factory|Commercial Building|Fa Yuen|Marina|Garden City|Office|Xiaoqu|Dasha|Huayuan|Community"
)
_CODE = r"(?:[0-9]{1,5}[A-Za-z]{0,2}(?:[-/&][0-9A-Za-z]{1,5}){0,3}|[A-Z](?:[-/&]?[0-9A-Z]{1,4}){0,2}|[a-z])"
_UNIT = (
    "(?i:flats?|flt|studio|office|villa|site|stage|rooms?|rm|units?|suite|ste|apt|apartment|shops?|blk|block|tower|twr|phase|house|hse|bldg|building|level|lvl|stall|workshop)"
    f"(?:\\.? ?(?:{_NO})?[0-9]{{1,5}}[A-Za-z]{{0,2}}(?:[-/&][0-9A-Za-z]{{1,5}}){{0,3}}|(?: |\\. ?)(?:{_NO})?(?:[A-Z](?:[-/&]?[0-9A-Z]{{1,4}}){{0,2}}|[a-z]))\\b"
    f"|(?:{_NO}[0-9]{{1,4}},? )?(?i:lane|alley|nong) [0-9]{{1,4}}\\b"
    r"|[0-9]{1,5} ?(?i:hao|shi|dong|lou|danyuan|zhuang|ceng)\b"
    r"|(?:[0-9]{1,3}[A-Za-z]?(?: ?[-&] ?[0-9]{1,3})?|(?i:U?G|LG[0-9]?|M|B[0-9]?|P[0-9]?)) ?/ ?[Ff]\b\.?"
    r"|[0-9]{1,3}(?i:st|nd|rd|th) (?i:floor|fl)\b\.?|(?i:ground|upper ground|lower ground|first|second|third|fourth|fifth|top) (?i:floor)\b|(?i:floor|level) [0-9]{1,3}\b"
    r"|[0-9]{1,3} ?\.? ?° ?(?i:andar|piso|dto|esq)\b\.?(?: [A-Z]{1,2}[0-9]?\b)?|[0-9]{1,3} ?\.? ?[ºª]\.?(?: ?(?i:andar|piso|dto\b|dt[ºo]|direito|esq|esquerdo|frente|fte))?(?:\.? ?[A-Z]{1,2}[0-9]{0,2}\b)?|[0-9]{1,3}(?:\.?[oa])? (?i:andar|piso)(?: [A-Z]{1,2}[0-9]?\b)?"
    r"|(?i:andar|piso) [0-9]{1,3}\b|\b(?i:r/c|rés-do-chão|res-do-chao|cave|sobreloja)\b(?: [A-Z]\b)?"
    f"|(?i:bloco|bl\\.|torre|fracção|fração|fracao|apartamento|apto|apart|loja|sala|lote|porta|moradia|vivenda|fase|cp)(?:[.]? ?(?:n\\.?[ºo°] ?)?[0-9]{{1,5}}[A-Za-z]{{0,2}}(?:[-/&][0-9A-Za-z]{{1,5}}){{0,3}}|(?: |[.] ?)[A-Z](?:[-/&]?[0-9A-Z]{{1,4}}){{0,2}})\\b"
)
_LOT = r"(?i:lot)(?: ?(?i:nos?)\.?)? ?[0-9]{1,5}(?: ?[A-Z.]{1,6}){0,4}(?: in|,)? ?(?i:D\.?D\.?) ?[0-9]{1,3}"
_BOX = r"(?:(?:Unit|PSC|CMR) [0-9]{1,5},? Box [0-9]{1,5}|US[A-Z]{2} [A-Z][a-z]+), (?:APO|FPO|DPO) A[AEP] [0-9]{5}\b|(?i:(?:g\.?)?p\.? ?o\.? ?box|caixa postal|apartado) ?(?i:no\.?|n\.[ºo])? ?[0-9]{1,7}"
_ROADS = "Road|Rd|Street|St|Avenue|Ave|Lane|Path|Drive|Highway|Lu|Jie|Dadao"
_HOUSE_NAME = rf"(?:Edf|Edif|Ed)\. ?{_WORD}(?: (?:{_LINK} )?{_WORD})*|(?i:Edifício|Edificio|Jardim|Jardins|Condomínio|Urbanização|Centro Comercial) (?:(?:{_LINK} )?{_WORD} ?)+"

_EDGE = f"(?:^|[^0-9{_LETTER}])"
_ANCHOR = compiled(f"{_EDGE}(?:{_LOT}|{_BOX}|{_STREET}|{_PORTUGUESE}|{_HOUSE_NAME}|{_UNIT}|{_RUA_BARE})")
_BY_START = re.compile(
    "(?P<lot>(?:Unit|PSC|CMR) [0-9]+,? Box|US[A-Z]{2} [A-Z][a-z]+, |(?i:lot\\b|(?:g\\.?)?p\\.? ?o\\.? ?box|caixa postal|apartado))|(?P<house>(?:Edf|Edif|Ed)\\.|(?i:edif[ií]cio|jardi[mn]|condom[ií]nio|urbaniza[cç]|centro comercial))"
    f"|(?P<unit>(?i:flat|flt|studio|office|villa|site|stage|room|rm|unit|suite|ste|apt|apartment|shop|blk|block|tower|twr|phase|house|hse|bldg|building|level|lvl|stall|workshop|floor|andar|piso|bloco|bl\\.|torre|frac[cç]|fração|apartamento|apto|apart|loja|sala|lote|porta|moradia|vivenda|fase|cp|lane|alley|nong)s?(?i:[^{_LETTER}]|$)(?!.*\\b(?:Road|Street|Lane|Avenue)\\b)|[^0-9]{{0,3}}/|[0-9]+[A-Za-z]?(?: ?[-&] ?[0-9]+)? ?(?:/|(?i:st|nd|rd|th) (?i:fl)|\\.? ?[ºª°]|(?:\\.?[oa])? (?i:andar|piso)|(?i:hao|shi|dong|lou|danyuan|zhuang|ceng)\\b)|(?i:ground|upper|lower|first|second|third|fourth|fifth|top|r/c|r[ée]s-do|cave|sobreloja)\\b)"
    f"|(?P<rua>{_RUA} )"
)
SCREEN = f"{_EDGE}(?:{_LOT}|{_BOX}|{_STREET}|{_PORTUGUESE}|{_UNIT})"
"""Hits every text with a piece that has a number."""

_PLACES = sorted(
    {*latin("hong_kong.txt", "area"), *latin("hong_kong.txt", "place"), *latin("macao.txt", "area"), *latin("macao.txt", "place"),
     *latin("latin_places.txt", "mainland"), *latin("latin_places.txt", "elsewhere")}
)  # fmt: skip
_AREA = (
    f"(?:(?i:{alternatives(_PLACES)})(?:(?i: District| City| Province| SAR| S\\.A\\.R\\.|, S\\.A\\.R\\.)\\.?)?"
    f"|{_WORD}(?: {_WORD})* (?i:District|City|Province|County|Town|Township|Subdistrict|Sub-district|Municipality|Prefecture|Village|Community|New Area|Dist)\\b\\.?)"
)
_TOWN = f"(?: (?:{_LINK} )?{_WORD})"
_POSTCODE = (
    f"(?:[A-Z]{{2}}\\.? [0-9]{{5}}(?:-[0-9]{{4}})?|[A-Z]{{1,2}}[0-9][0-9A-Z]? ?[0-9][A-Z]{{2}}"
    f"|[0-9]{{4}}-[0-9]{{3}}{_TOWN}{{0,4}}|[0-9]{{5}}-[0-9]{{3}}{_TOWN}*(?: ?[/-] ?[A-Z]{{2}})?|[0-9]{{6}}|[0-9]{{5}}(?:-[0-9]{{4}})?)"
)
_TAIL = re2.compile(
    f"(?:[ ]?[.]?,[ ]?|[ ])({_WORD}(?: {_WORD})* (?i:{_HOUSES}|{_ROADS})\\b(?:\\.?{_SIDE})(?: ?[(][NSEW][)])?|{_WORD}(?: {_WORD})*, {_AREA}|(?:{_WORD},? )+{_STATE_ZIP}|{_WORD}(?: {_WORD})*,? {_POSTCODE}|{_AREA}|{_POSTCODE}|{_HOUSE_NAME})(?:$|[^0-9{_LETTER}])"
)
_NAMES = re2.compile(
    rf"[ ]?[,;]?[ ]?(?:(?:(?:{_WORD}|(?i:of|the|in|at|on|and|&|{_LINK})|[0-9]{{1,3}}) ?)+[,;]? ?){{0,3}}"
)
_LOWER_NAMES = re2.compile(rf"[ ]?,?[ ]?(?:(?:{_ANY_WORD} ?)+, ?){{0,2}}")
_HOUSE_BEFORE = re2.compile(rf"(?:{_WORD} |(?:of|the) )*(?:{_WORD} )(?i:{_HOUSES})(?: (?:[0-9]{{1,2}}|[A-Z]))?,? ?$")
_HOUSE_WORD = re.compile(f"(?i)\\b(?:{_HOUSES})(?: (?:[0-9]{{1,2}}|[A-Z]))?$")
_NUMBERED = re.compile("[0-9]|[sS]/[nN]")
_GAP = 64
"""Code points between two pieces that may be names, and before the first that may be that of a house."""
_LONGEST_TAIL, _LONGEST = 80, 240
_MORE = re.compile(f"[.]?[ ]?[, ][ ]?[0-9{_LETTER}]")
"""What can stand behind a piece only where more follows."""
# Addresses of organisations by what stands before them, and those that the licences of half the world's software print.
_OFFICE = re.compile(
    r"(?:\b(?:Inc|Ltd|Limited|Corp|Corporation|LLC|Foundation|GmbH|Lda|S\.A)\b\.?|(?i:offices? (?:is |are )?(?:at|located at)|place of business (?:is )?at|headquarter\w*(?: at| in)?|com sede (?:na|no|em)))$"
)
_OFFICE_LENGTH = 28
_PRINTED = re.compile("51 Franklin St|59 Temple Place|675 Mass(?:achusetts)? Ave|160 Saratoga Ave")
_CAPITAL = re.compile("[A-ZÀ-ÖØ-Þ]")
_NO_NAME = re.compile(
    r"\b(?:for|to|is|was|are|were|or|by|from|with|that|this|than|into|per|via|as|if|an?|lives?|residing|address|não|que|para|com|por|foi|será|km|and|on|in|at"
    r"|(?i:pages?|section|table|figure|chapter|line|version|item|rule|part|step|fig|article|case|issue|pull|request|http|error|january|february|march|april|june|july|august|september|october|november|december|days?|hours?|minutes?|years?|tel|phone|mobile|hkid))\b"
)


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end (code points) and kind of every address in ``text``: full, flat, street or estate."""
    pieces = [_piece(text, start, end) for start, end in spans(_ANCHOR, text)]
    after = place = 0
    while place < len(pieces):
        start, end, _ = pieces[place]
        group, between = [pieces[place]], ""
        place += 1
        while place < len(pieces) and pieces[place][1] - start < _LONGEST and _joined(text, end, pieces[place][0]):
            between += text[end : pieces[place][0]]
            end = pieces[place][1]
            group.append(pieces[place])
            place += 1
        if start < after or all(kind in ("bare", "house") for _, _, kind in group):
            continue
        begin, named = _begin(text, start, after)
        stop, areas = _stop(text, end)
        names = [name for _, _, name in group]
        # A street needs no house beside it to be one; to look for it costs time.
        house = named or ("street" not in names and _HOUSE_IN.search(between + text[end:stop]) is not None)
        if kind := _kind(text[begin:stop], names, house=house, areas=areas):
            yield begin, stop, "office" if _of_office(text, begin) else kind
            after = stop


def _of_office(text: str, begin: int) -> bool:
    """Tell whether the name of an organisation stands before an address, or the address in every copy of a licence."""
    before = text[max(0, begin - _GAP) : begin].rstrip(",;:#*/ \t\n")
    return _OFFICE.search(before[-_OFFICE_LENGTH:]) is not None or _PRINTED.match(text, begin) is not None


_EDGE_SIGN = re.compile(f"[^0-9#{_LETTER}]")


def _piece(text: str, start: int, end: int) -> tuple[int, int, str]:
    """Return start, end and name of a piece, without the sign before it that is only its edge."""
    if _EDGE_SIGN.match(text, start):
        start += 1
    while end > start and text[end - 1] in " ,":
        end -= 1
    if text[end : end + 6].lower() == " point" and text[start:end].lower().endswith(" north"):
        end -= 6
    found = _BY_START.match(text, start, end)
    name = found.lastgroup if found else "street"
    if name == "rua" and not text[end - 1].isdigit() and not _NUMBERED.search(text, start, end):
        name = "bare"
    if name == "street" and _AMERICAN.match(text, start, end):
        name = "trail"
    return start, end, name or "street"


_AMERICAN = re.compile(f"[0-9]{{1,5}} [^,]* (?:{_AMERICAN_WAYS})$")


def _joined(text: str, end: int, start: int) -> bool:
    """Tell whether nothing but blanks, commas and names stands between two pieces."""
    if start - end > _GAP:
        return False
    gap = text[end:start]
    if not gap.strip(" ,"):
        return "\n" not in gap
    if _NAMES.fullmatch(gap) and (gap.lstrip(" ,")[:1].isupper() or gap.lstrip(" ,")[:1].isdigit()):
        return not _NO_NAME.search(gap)
    return "," in gap and _LOWER_NAMES.fullmatch(gap) is not None and not _NO_NAME.search(gap)


def _begin(text: str, start: int, after: int) -> tuple[int, bool]:
    """Return where the address begins: at the name of a house before its first piece, if there is one."""
    low = max(after, start - _GAP, text.rfind("\n", max(after, start - _GAP), start) + 1)
    before = text[low:start]
    if (
        before[-1:] in (" ", ",")
        and _HOUSE_WORD.search(before[-24:].rstrip(" ,"))
        and (house := _HOUSE_BEFORE.search(before))
    ):
        return low + house.start(), True
    if flat := _FLAT_BEFORE.search(before):
        return low + flat.start(1), False
    return start, False


_FLAT_BEFORE = re.compile(r"(?:^|[\s:;(])([0-9]{1,3}[A-Z]{1,2}[0-9]?), ?$")
"""A flat without a word for it: 18D, Tower 12."""


def _stop(text: str, end: int) -> tuple[int, int]:
    """Return where the address ends, behind areas and postcodes, and how many there are."""
    areas = 0
    while areas < _MOST_AREAS and _MORE.match(text, end):
        tail = _TAIL.match(text[end : end + _LONGEST_TAIL])
        if not tail:
            break
        areas += 1 + tail[1].count(", ")
        end += tail.end(1)
    while text[end - 1] in " ,":
        end -= 1
    if text[end - 2 : end] in ("N.T", "H.K") and text[end : end + 1] == ".":
        end += 1
    return end, areas


_MOST_AREAS = 8


_ZIP_LENGTH = 13
_ZIP_LAST = re.compile(f"{_STATE_ZIP}$")


def _kind(text: str, group: list[str], *, house: bool, areas: int) -> str:
    """Return the kind of an address, or "" for none."""
    units, streets = group.count("unit"), group.count("street") + group.count("rua")
    house = house or "house" in group
    if _ZIP_LAST.search(text[-_ZIP_LENGTH:]):
        return "full"
    if "lot" in group:
        return "full" if areas or len(group) > 1 else "estate"
    if not _CAPITAL.search(text) and not (streets and (areas or units)):
        return ""
    if "trail" in group and not streets:
        return "full" if units else "street"
    if streets:
        return "full" if areas or units or house else "street"
    if "bare" in group:
        return "full" if units else ""
    if house and units:
        return "full" if areas and units > 1 else "flat" if units > 1 or areas > 1 else "estate"
    return ("full" if units > 1 or areas > 1 else "estate") if areas and units else ""


_HOUSE_IN = re2.compile(f"(?i:\\b(?:{_HOUSES})\\b)")


def fits(value: str) -> bool:
    """Tell whether a whole value could be an address in Latin letters, in a field that says so."""
    stripped = value.strip()
    if not _SHORTEST <= len(stripped) <= _LONGEST_VALUE or stripped.count("\n") > _MOST_LINES:
        return False
    if not _WORDS.search(stripped) or _CODED.search(stripped):
        return False
    return _ANCHOR.search(stripped.encode()) is not None or _PLACE.search(stripped) is not None


_SHORTEST, _LONGEST_VALUE, _MOST_LINES = 6, 200, 6
_WORDS = re.compile(
    f"[{_LETTER}]{{2,}}[^{_LETTER}]+[{_LETTER}]|[{_LETTER}]{{2,}}[^{_LETTER}]*[0-9]|[0-9][^{_LETTER}]+[{_LETTER}]{{2,}}"
)
_CODED = re.compile(
    r"://|@|[?!] |^[./~]|\.[a-z]{2,4}$|^[0-9A-Fa-fx:.\-{}\[\]/_]+$|[{}\[\]<>=;\\|]|^www\.|\.[a-z]{2,4}/|^[\w.-]+\.(?:com|net|org|io|cn|hk|mo|pt)\b|0x[0-9A-Fa-f]"
)
_PLACE = re2.compile(
    f"(?i)(?:^|[^{_LETTER}])(?:{_WAYS}|{_HOUSES}|{alternatives(_PLACES)}|{_RUA}|Edf|Edif|Edifício|bairro|apartamento|flat|room|block|floor)(?:$|[^{_LETTER}])"
)
