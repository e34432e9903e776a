"""Names of places, read from the ``.txt`` files beside this one.

A file has sections (``[province]``) of names between blanks, or, in the files of Hong Kong and Macao, one place a line:
the Chinese name, an equals sign and the names in Latin letters between commas. ``#`` begins a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_PAIRS = (
    "业業东東两兩丰豐临臨丽麗义義乌烏乐樂乡鄉云雲亚亞产產亲親仑崙仓倉伟偉众眾会會伦倫侨僑关關兴興内內冈岡农農凉涼刘劉创創别別办辦劲勁华華单單卢盧卫衛历歷厅廳厦廈县縣双雙发發号號台臺叶葉后後吕呂吴吳员員启啟呜嗚园園围圍国國图圖"
    "圣聖场場坛壇坝壩坞塢垄壟堑塹墙牆壮壯声聲处處备備复復够夠头頭奋奮姗姍娄婁孙孫学學宁寧宝寶实實宪憲宫宮宽寬宾賓对對寻尋导導将將尔爾尧堯层層屿嶼岁歲岂豈岗崗岘峴岚嵐岛島岭嶺岳嶽峡峽崂嶗币幣帅帥师師带帶庄莊庆慶庐廬库庫应應庙廟"
    "废廢开開张張弥彌弯彎录錄忆憶怀懷恺愷户戶护護报報担擔拥擁挂掛掷擲揽攬敌敵数數斋齋无無旧舊时時旷曠昙曇显顯晋晉晓曉术術机機杂雜权權条條来來杨楊极極构構枣棗枪槍枫楓柜櫃栈棧栏欄树樹栖棲样樣桥橋桩樁梦夢检檢楼樓榄欖槟檳樱櫻档檔"
    "横橫欢歡欧歐汇匯汉漢汤湯沟溝沣灃沥瀝沧滄沪滬泸瀘泽澤泾涇洁潔浅淺济濟浑渾浒滸浓濃浔潯涛濤涝澇润潤涡渦渊淵渔漁温溫湾灣溇漊滨濱滩灘满滿滞滯滢瀅滦灤潜潛澜瀾灵靈炉爐炼煉烁爍烂爛烟煙热熱焕煥爱愛牵牽犹猶狮獅独獨玛瑪环環现現珑瓏"
    "琼瓊瑶瑤璎瓔瓯甌电電画畫畅暢畴疇疗療盐鹽监監盖蓋盘盤着著矿礦码碼砖磚硖硤确確礼禮祯禎禄祿离離秆稈种種积積称稱稳穩穷窮窑窯竞競笃篤筑築简簡篮籃类類粤粵紧緊红紅纪紀纱紗纲綱纳納纵縱纸紙线線练練组組细細织織绍紹经經结結绕繞给給"
    "络絡绝絕统統绢絹绣繡绥綏继繼绩績绫綾续續绮綺绵綿绸綢综綜绿綠缅緬缆纜缘緣缤繽罗羅罚罰职職联聯聪聰肃肅肾腎胜勝胶膠脉脈脸臉腾騰舆輿舰艦艺藝节節芜蕪芦蘆苇葦苍蒼苏蘇茎莖荆荊荐薦荣榮荫蔭药藥莲蓮获獲莹瑩莺鶯萝蘿营營萧蕭萨薩蒋蔣"
    "蓝藍蓟薊蔷薔蕴蘊虏虜虑慮虽雖虾蝦蚁蟻蚂螞袭襲装裝观觀规規视視览覽觉覺誉譽计計订訂认認讨討让讓议議讯訊记記讲講许許论論设設访訪诀訣证證评評识識诊診词詞译譯试試诗詩诚誠话話询詢详詳语語误誤说說请請诸諸诺諾读讀课課谊誼调調谢謝"
    "谱譜贝貝贞貞负負贡貢财財责責贤賢败敗货貨质質贩販贫貧购購贯貫贵貴贸貿费費贺賀资資赉賚赏賞赐賜赛賽赞贊赣贛赵趙跃躍轨軌转轉轮輪软軟轻輕载載辉輝辑輯输輸辖轄辽遼达達迁遷过過迈邁运運还還这這进進远遠连連迹跡适適选選逊遜递遞逻邏"
    "遗遺邓鄧邮郵邹鄒邺鄴郏郟郑鄭郧鄖酱醬释釋鉴鑒针針钓釣钟鐘钢鋼钦欽钧鈞钱錢钻鑽铁鐵铃鈴铅鉛铜銅铝鋁铭銘银銀铺鋪链鏈销銷锁鎖锅鍋锋鋒锌鋅锐銳错錯锡錫锣鑼锦錦键鍵锻鍛镇鎮镜鏡镭鐳长長门門闪閃问問闯闖闲閒间間闵閔闸閘闹鬧闻聞闽閩"
    "阁閣阅閱阎閻阔闊队隊阳陽阴陰阵陣阶階际際陆陸陇隴陈陳陕陝险險随隨隐隱难難雾霧静靜韦韋韧韌韩韓韵韻页頁顶頂项項顺順须須顾顧顿頓预預颂頌领領频頻颐頤题題颜顏额額风風飞飛饭飯饮飲饶饒馆館马馬驰馳驱驅驶駛驻駐驿驛骄驕验驗骏駿骑騎"
    "鱼魚鲁魯鲤鯉鲜鮮鲗鰂鳞鱗鳌鰲鸟鳥鸡雞鸣鳴鸥鷗鸦鴉鸭鴨鸳鴛鸿鴻鹃鵑鹅鵝鹊鵲鹏鵬鹤鶴鹭鷺鹰鷹麦麥黄黃齐齊龙龍龚龔龟龜硗磽缚縛闳閎剑劍厂廠战戰届屆乔喬书書亿億从從优優传傳伤傷侧側党黨军軍况況净淨减減凤鳳击擊刚剛剧劇励勵务務动動"
    "势勢区區医醫协協卖賣压壓参參变變叹嘆听聽响響团團坚堅块塊壳殼夹夾妇婦妈媽娱娛审審宠寵寝寢尘塵尝嘗属屬巩鞏帐帳广廣庞龐异異归歸当當彻徹总總态態恒恆恳懇悦悅惊驚惯慣惧懼愿願慑懾懒懶戏戲执執扩擴扫掃扬揚抚撫择擇损損换換摄攝暂暫"
    "栋棟残殘气氣沈瀋浏瀏渐漸渗滲灯燈烛燭猎獵獭獺盏盞睁睜祸禍窜竄竖豎筛篩箩籮粮糧纬緯罢罷翘翹耸聳脚腳舱艙苹蘋蔼藹补補裤褲誊謄贴貼赢贏跷蹺轩軒鈎鉤铸鑄闰閏陨隕顽頑飘飄驾駕鲍鮑维維兰蘭榈櫚垦墾钰鈺铨銓颖穎纽紐枢樞"
)
_TO_TRADITIONAL = str.maketrans(_PAIRS[::2], _PAIRS[1::2])
_TO_SIMPLIFIED = str.maketrans(_PAIRS[1::2], _PAIRS[::2])


def in_both_scripts(names: Iterable[str]) -> frozenset[str]:
    """Return Chinese names in simplified and in traditional characters; such as differ in one way only stay both."""
    both: set[str] = set()
    for name in names:
        traditional = name.translate(_TO_TRADITIONAL)
        both |= {name, traditional, traditional.replace("臺", "台"), name.translate(_TO_SIMPLIFIED)}
    return frozenset(both)


@cache
def sections(file: str) -> dict[str, tuple[str, ...]]:
    """Return the entries of a file by section: lines with an equals sign whole, others as words between blanks."""
    found: dict[str, list[str]] = {}
    section: list[str] = []
    for line in files(__package__).joinpath(file).read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("["):
            section = found.setdefault(line.strip("[] "), [])
        else:
            section += [line] if "=" in line else line.split()
    return {name: tuple(entries) for name, entries in found.items()}


def chinese(file: str, section: str) -> frozenset[str]:
    """Return the Chinese names of a section, in both scripts."""
    return in_both_scripts(entry.partition("=")[0] for entry in sections(file)[section])


def latin(file: str, section: str) -> tuple[str, ...]:
    """Return the names in Latin letters of a section."""
    return tuple(name for entry in sections(file)[section] for name in entry.partition("=")[2].split(",") if name)


def alternatives(names: Iterable[str]) -> str:
    """Return an RE2 expression for any of ``names``, the longest first."""
    return "|".join(re.escape(name) for name in sorted(set(names), key=lambda name: (-len(name), name)))
