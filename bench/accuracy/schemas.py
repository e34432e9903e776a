"""Labelled fields as real systems name them, and the systems that hold them.

Each spelling of a field's name belongs to one half of the corpus only (dealt one by one; where there is but one
spelling, both halves have it).
"""

# ruff: noqa: E501 - tables are read across
from __future__ import annotations

from bench.accuracy.people import half_of

# Styles: Chinese as officials write it, pinyin initials as mainland databases do, English, Portuguese.
LABELS: dict[str, dict[str, str]] = {
    "name": {
        "zh-Hans": "姓名,申请人姓名,联系人,办理人姓名,患者姓名,员工姓名,收件人,法定代表人", "zh-Hant": "姓名,申請人姓名,聯絡人,中文姓名,病人姓名,僱員姓名,收件人,持證人姓名", "pinyin": "xm,sqrxm,lxr,hzxm,jbrxm,fddbr",
        "en": "name,full_name,applicantName,customer name,patient_name,contact person,employeeName,holder name,recipient_name,English Name", "pt": "nome,nome completo,nome do requerente,nome_do_titular,nome do doente,trabalhador",
    },
    "surname": {"zh-Hans": "姓,姓氏", "zh-Hant": "姓,姓氏", "pinyin": "xing", "en": "surname,last_name,familyName,lastName", "pt": "apelido,apelidos"},
    "given": {"zh-Hans": "名,名字", "zh-Hant": "名,名字", "pinyin": "ming", "en": "given_name,first_name,firstName,givenNames", "pt": "nome próprio,primeiro nome"},
    "address": {
        "zh-Hans": "住址,家庭住址,联系地址,通讯地址,收货地址,户籍地址,现住址,居住地址", "zh-Hant": "住址,地址,通訊地址,居住地址,聯絡地址,送貨地址", "pinyin": "jtzz,lxdz,txdz,hjdz,xzz,dz",
        "en": "address,home_address,residentialAddress,correspondence address,mailing_address,deliveryAddress,address line 1,postal_address", "pt": "morada,endereço,residência,morada de contacto,domicílio",
    },
    "birthdate": {"zh-Hans": "出生日期,生日,出生年月日", "zh-Hant": "出生日期,生日,出世日期", "pinyin": "csrq,csny", "en": "date_of_birth,birthDate,DOB,birthday", "pt": "data de nascimento,data_nascimento,nascimento"},
    "cn.ric": {"zh-Hans": "身份证号,身份证号码,公民身份号码,居民身份证号,证件号码,证件号", "zh-Hant": "內地身份證號碼,身份證號碼,居民身份證號碼,證件號碼", "pinyin": "sfzh,sfzhm,zjhm,gmsfhm,sfz_no", "en": "id_no,idCardNo,resident_id,identity card number,national_id,certNo", "pt": "n.º do documento,documento de identificação,bilhete de identidade"},
    "cn.ric15": {"zh-Hans": "身份证号,身份证号码,原身份证号", "zh-Hant": "身份證號碼,內地身份證號碼", "pinyin": "sfzh,sfzhm", "en": "idCardNo,id_no,resident_id", "pt": "bilhete de identidade,documento de identificação"},
    "cn.gat_residence": {"zh-Hans": "港澳台居民居住证号码,居住证号,港澳居民居住证", "zh-Hant": "居住證號碼,港澳居民居住證", "pinyin": "jzzh,gatjzz", "en": "residence_permit_no,residencePermitNumber", "pt": "n.º da autorização de residência"},
    "cn.foreigner_pr": {"zh-Hans": "外国人永久居留身份证号,永久居留证号码", "zh-Hant": "外國人永久居留身份證號碼", "pinyin": "wgryjjlz,yjjlzh", "en": "foreign_pr_no,permanent resident id card number", "pt": "n.º do bilhete de residência permanente de estrangeiro"},
    "hk.hkid": {"zh-Hans": "香港身份证号码,香港居民身份证", "zh-Hant": "香港身份證號碼,身份證號碼,香港智能身份證,身分證號碼", "pinyin": "sfzh,zjhm", "en": "hkid,HKID No.,hkidNumber,identity card no,hkic_no,ID Card No", "pt": "bilhete de identidade de Hong Kong,HKID"},
    "mo.bir": {"zh-Hans": "澳门身份证号码,澳门居民身份证号", "zh-Hant": "澳門居民身份證編號,澳門身份證號碼,身份證編號,身份證號碼", "pinyin": "sfzh,zjhm", "en": "bir_no,macau_id,birNumber,Macao ID No", "pt": "n.º do BIR,BIR,número do BIR,bilhete de identidade de residente"},
    "cn.hrp": {"zh-Hans": "回乡证号码,港澳居民来往内地通行证,通行证号码,回乡证号", "zh-Hant": "回鄉證號碼,港澳居民來往內地通行證,回鄉證", "pinyin": "hxzh,txzh,gatxz", "en": "home_return_permit,hrp_no,homeReturnPermitNo,mainland travel permit no", "pt": "salvo-conduto,n.º do salvo-conduto"},
    "cn.twp": {"zh-Hans": "台胞证号码,台湾居民来往大陆通行证", "zh-Hant": "台胞證號碼,台灣居民來往大陸通行證", "pinyin": "tbzh,tbz", "en": "taiwan_travel_permit,twp_no,mtp_no", "pt": "salvo-conduto de Taiwan"},
    "cn.eep": {"zh-Hans": "往来港澳通行证,港澳通行证号码,往来港澳通行证号码", "zh-Hant": "往來港澳通行證,往來港澳通行證號碼", "pinyin": "wlgatxz,gatxzh", "en": "eep_no,exit_entry_permit,exitEntryPermitNo", "pt": "salvo-conduto para Hong Kong e Macau"},
    "cn.passport": {"zh-Hans": "护照号码,护照号,中国护照号", "zh-Hant": "護照號碼,中國護照號碼,護照", "pinyin": "hzh,hzhm", "en": "passport_no,passportNumber,passport,Passport No.", "pt": "n.º do passaporte,passaporte"},
    "hk.passport": {"zh-Hans": "香港护照号码,护照号", "zh-Hant": "護照號碼,特區護照號碼,香港護照", "pinyin": "hzh,hzhm", "en": "hksar_passport,passport_no,passportNumber", "pt": "passaporte,n.º do passaporte"},
    "mo.passport": {"zh-Hans": "澳门护照号码,护照号", "zh-Hant": "澳門護照號碼,護照號碼", "pinyin": "hzh,hzhm", "en": "macao_passport,passport_no,passportNumber", "pt": "passaporte,n.º do passaporte"},
    "card": {"zh-Hans": "银行卡号,卡号,储蓄卡号,信用卡号", "zh-Hant": "信用卡號碼,銀行卡號,卡號,提款卡號碼", "pinyin": "yhkh,kh", "en": "card_no,cardNumber,credit card number,pan", "pt": "n.º do cartão,cartão de crédito,número do cartão"},
    "account": {"zh-Hans": "银行账号,收款账号,开户账号", "zh-Hant": "銀行帳號,銀行戶口號碼,戶口號碼", "pinyin": "yhzh,skzh", "en": "bank_account_no,accountNumber,bank account,account_no", "pt": "conta bancária,n.º da conta,número da conta"},
    "cn.cnaps": {"zh-Hans": "联行号,开户行行号,支付行号", "zh-Hant": "聯行號,大額支付行號", "pinyin": "lhh,khhhh", "en": "cnaps,cnaps_code,bankLineNo", "pt": "código CNAPS"},
    "cn.uscc": {"zh-Hans": "统一社会信用代码,社会信用代码,信用代码,纳税人识别号", "zh-Hant": "統一社會信用代碼,社會信用代碼", "pinyin": "tyshxydm,xydm,nsrsbh", "en": "uscc,credit_code,unifiedSocialCreditCode,usci", "pt": "código de crédito social"},
    "imei": {"zh-Hans": "设备IMEI,手机串号", "zh-Hant": "裝置IMEI,IMEI", "pinyin": "imei", "en": "imei,device_imei", "pt": "IMEI"},
    "imsi": {"zh-Hans": "IMSI", "zh-Hant": "IMSI", "pinyin": "imsi", "en": "imsi,sim_imsi", "pt": "IMSI"},
    "mac": {"zh-Hans": "MAC地址,物理地址", "zh-Hant": "MAC地址", "pinyin": "mac", "en": "mac,mac_address,macAddr", "pt": "endereço MAC"},
    "ip": {"zh-Hans": "IP地址,登录IP", "zh-Hant": "IP地址,登入IP", "pinyin": "dlip", "en": "ip,client_ip,ipAddress,remote_addr", "pt": "endereço IP"},
    "cn.mobile": {"zh-Hans": "手机号,手机号码,联系电话,移动电话,电话,联系方式", "zh-Hant": "內地手機號碼,手機號碼,聯絡電話,電話", "pinyin": "sjh,sjhm,lxdh,lxfs,dh", "en": "mobile,phone,mobile_no,contactPhone,phone_number,tel", "pt": "telemóvel,telefone,contacto,n.º de telemóvel"},
    "cn.fixed": {"zh-Hans": "固定电话,办公电话,住宅电话,电话", "zh-Hant": "固網電話,辦公電話,電話", "pinyin": "gddh,bgdh", "en": "office_phone,telephone,landline,home_tel", "pt": "telefone,telefone fixo"},
    "hk.mobile": {"zh-Hans": "香港手机号,联系电话,手机", "zh-Hant": "手提電話,流動電話號碼,聯絡電話,手機,電話", "pinyin": "sjh,lxdh", "en": "mobile,mobileNo,contact_no,phone,Tel. No.,contactPhone", "pt": "telemóvel,telefone,contacto"},
    "hk.fixed": {"zh-Hans": "香港电话,电话", "zh-Hant": "住宅電話,辦事處電話,電話號碼,電話", "pinyin": "dh,lxdh", "en": "tel,telephone,home_phone,officeTel", "pt": "telefone,telefone de casa"},
    "mo.mobile": {"zh-Hans": "澳门手机号,联系电话", "zh-Hant": "手提電話,流動電話,聯絡電話,電話", "pinyin": "sjh,lxdh", "en": "mobile,phone,contact_no,mobile_phone", "pt": "telemóvel,n.º de telemóvel,contacto telefónico,telefone"},
    "mo.fixed": {"zh-Hans": "澳门电话,固定电话", "zh-Hant": "住宅電話,電話,固網電話", "pinyin": "dh", "en": "tel,telephone,home_phone", "pt": "telefone,telefone fixo,n.º de telefone"},
    "email": {"zh-Hans": "电子邮箱,邮箱,电子邮件", "zh-Hant": "電郵,電郵地址,電子郵件", "pinyin": "dzyx,yx", "en": "email,email_address,e-mail,contactEmail", "pt": "correio electrónico,e-mail,endereço de e-mail"},
    "cn.plate": {"zh-Hans": "车牌号,车牌号码,号牌号码,机动车号牌", "zh-Hant": "內地車牌,車牌號碼", "pinyin": "cph,cphm,hphm", "en": "plate_no,licencePlate,vehicle_plate,plateNumber", "pt": "matrícula,matrícula do veículo"},
    "hk.plate": {"zh-Hans": "香港车牌,车牌号码", "zh-Hant": "車牌,車輛登記號碼,車牌號碼", "pinyin": "cph,cphm", "en": "registration_mark,vehicle_reg_no,plate_no,licencePlate", "pt": "matrícula"},
    "mo.plate": {"zh-Hans": "澳门车牌,车牌号码", "zh-Hant": "車牌,車牌號碼", "pinyin": "cph,cphm", "en": "plate_no,licencePlate,vehicle_plate", "pt": "matrícula,n.º de matrícula"},
    "hk.brn": {"zh-Hans": "商业登记号码,商业登记证号", "zh-Hant": "商業登記號碼,商業登記證號碼", "pinyin": "sydjh", "en": "brn,business_registration_no,brNumber,Business Registration No.", "pt": "n.º de registo comercial de Hong Kong,BRN"},
    "mo.tin": {"zh-Hans": "澳门纳税人编号", "zh-Hant": "納稅人編號", "pinyin": "nsrbh", "en": "macao_tin,taxpayer_no", "pt": "n.º de contribuinte,número de contribuinte"},
    "wechat": {"zh-Hans": "微信号,微信", "zh-Hant": "微信號,微信", "pinyin": "wxh,wx", "en": "wechat_id,wechat", "pt": "WeChat"},
    "qq": {"zh-Hans": "QQ号,QQ号码,QQ", "zh-Hant": "QQ號碼", "pinyin": "qqh,qq", "en": "qq,qq_no", "pt": "QQ"},
    "jwt": {"zh-Hans": "令牌", "zh-Hant": "權杖", "pinyin": "token", "en": "access_token,token,id_token,jwt", "pt": "token"},
    "password": {"zh-Hans": "密码,登录密码", "zh-Hant": "密碼,登入密碼", "pinyin": "mm,dlmm", "en": "password,passwd,user_password,pwd", "pt": "palavra-passe,senha"},
    "diagnosis": {"zh-Hans": "诊断,诊断结果,主要诊断,既往病史", "zh-Hant": "診斷,診斷結果,病歷摘要,主要診斷", "pinyin": "zd,zdmc,zyzd", "en": "diagnosis,primary_diagnosis,diagnosisText,medical_condition", "pt": "diagnóstico,diagnóstico principal"},
    "drug": {"zh-Hans": "处方药品,药品名称,用药", "zh-Hant": "處方藥物,藥物名稱", "pinyin": "ypmc,cfyp", "en": "medication,prescribed_drug,drugName", "pt": "medicação,medicamento"},
    "religion": {"zh-Hans": "宗教信仰,信仰", "zh-Hant": "宗教信仰,宗教", "pinyin": "zjxy", "en": "religion,religious_belief", "pt": "religião,confissão religiosa"},
    "crime": {"zh-Hans": "犯罪记录,前科", "zh-Hant": "刑事定罪記錄,犯罪紀錄", "pinyin": "fzjl", "en": "criminal_record,conviction", "pt": "registo criminal,antecedentes criminais"},
    "status": {"zh-Hans": "状态,办理状态", "zh-Hant": "狀態,進度", "pinyin": "zt", "en": "status,state", "pt": "estado,situação"},
    "matter": {"zh-Hans": "事项名称,业务类型", "zh-Hant": "服務名稱,申請事項", "pinyin": "sxmc,ywlx", "en": "matter,service_type,subject", "pt": "assunto,serviço"},
    "office": {"zh-Hans": "受理单位,经办机构", "zh-Hant": "受理部門,辦事處", "pinyin": "sldw", "en": "office,department", "pt": "serviço emissor,departamento"},
    "organisation": {"zh-Hans": "单位名称,企业名称", "zh-Hant": "公司名稱,機構名稱", "pinyin": "dwmc,qymc", "en": "company,organisation,companyName,employer", "pt": "empresa,denominação social"},
    "sex": {"zh-Hans": "性别", "zh-Hant": "性別", "pinyin": "xb", "en": "sex,gender", "pt": "sexo"},
    "nationality": {"zh-Hans": "国籍", "zh-Hant": "國籍", "pinyin": "gj", "en": "nationality", "pt": "nacionalidade"},
    "job": {"zh-Hans": "职业,岗位", "zh-Hant": "職業,職位", "pinyin": "zy,gw", "en": "occupation,job_title,position", "pt": "profissão,cargo"},
    "order": {"zh-Hans": "订单号,流水号,业务编号,运单号,批次号", "zh-Hant": "訂單編號,流水號,參考編號,運單號碼", "pinyin": "lsh,ywbh,ddh,pch", "en": "order_no,reference,trackingNumber,trace_id,invoice_no,serial_no,batch", "pt": "n.º da encomenda,referência,n.º do processo,guia de remessa"},
    "amount": {"zh-Hans": "金额,应缴金额", "zh-Hant": "金額,費用", "pinyin": "je", "en": "amount,fee,total", "pt": "montante,valor"},
    "stamp": {"zh-Hans": "受理时间,更新时间", "zh-Hant": "提交時間,更新時間", "pinyin": "slsj,gxsj", "en": "created_at,updatedAt,submitted", "pt": "data do pedido,criado_em"},
    "count": {"zh-Hans": "份数,数量", "zh-Hant": "數量,份數", "pinyin": "sl", "en": "quantity,pages,count", "pt": "quantidade,páginas"},
    "code": {"zh-Hans": "窗口编号,事项编码", "zh-Hant": "櫃位編號,表格編號", "pinyin": "sxbm,ckbh", "en": "form_code,counter,branchCode", "pt": "código,balcão"},
    "version": {"zh-Hans": "版本", "zh-Hant": "版本", "pinyin": "bb", "en": "version,app_version", "pt": "versão"},
}  # fmt: skip

# What a system holds. "phone" and "id" stand for a kind that suits the language; "|" gives a choice for each record.
SYSTEMS: dict[str, str] = {
    "counter": "order name id phone address matter status stamp",
    "household": "name sex birthdate id nationality address phone code",
    "clinic": "order name sex birthdate id diagnosis drug phone stamp",
    "bank": "name id card account phone address amount cn.cnaps",
    "crossing": "name cn.hrp|cn.eep|cn.twp|cn.gat_residence passport birthdate plate stamp count",
    "vehicles": "plate name id phone order status",
    "company": "organisation cn.uscc|hk.brn|mo.tin name phone address code",
    "staff": "code name sex job email phone id stamp",
    "shop": "order name phone address amount count status",
    "devices": "imei imsi mac ip version name phone",
    "accounts": "name email password|jwt ip stamp wechat|qq",
    "visa": "surname given birthdate passport nationality job email phone",
    "foreigners": "name cn.foreigner_pr|cn.gat_residence passport address phone",
    "archives": "name cn.ric15 address order count",
    "check": "name id religion crime job office",
    "logistics": "order code amount count status stamp version organisation",
}

PASSPORTS = {
    "zh-Hans": "cn.passport",
    "zh-Hant": "hk.passport|mo.passport|cn.passport",
    "en": "hk.passport|cn.passport|mo.passport",
    "pt": "mo.passport",
}
IDS = {"zh-Hans": "cn.ric", "zh-Hant": "hk.hkid|mo.bir", "en": "hk.hkid|cn.ric|mo.bir", "pt": "mo.bir"}
PHONES = {
    "zh-Hans": "cn.mobile|cn.mobile|cn.fixed",
    "zh-Hant": "hk.mobile|mo.mobile|hk.fixed|mo.fixed|cn.mobile",
    "en": "hk.mobile|cn.mobile|hk.fixed|mo.mobile",
    "pt": "mo.mobile|mo.fixed",
}
PLATES = {"zh-Hans": "cn.plate", "zh-Hant": "hk.plate|mo.plate|cn.plate", "en": "hk.plate|cn.plate", "pt": "mo.plate"}
STYLES = {"zh-Hans": ("zh-Hans", "pinyin", "en"), "zh-Hant": ("zh-Hant", "en"), "en": ("en",), "pt": ("pt",)}
"""Ways in which systems name fields, where the data are in a language."""


def fields(system: str, language: str) -> list[list[str]]:
    """Return the fields of a system, each a list of the kinds among which a family chooses."""
    stands_for = {"id": IDS, "phone": PHONES, "plate": PLATES, "passport": PASSPORTS}
    return [
        stands_for[one][language].split("|") if one in stands_for else one.split("|") for one in SYSTEMS[system].split()
    ]


def spellings(kind: str, style: str, half: int) -> list[str]:
    """Return the names that a field of ``kind`` bears in this style, in this half of the corpus."""
    every = LABELS[kind][style].split(",")
    return list(half_of(every, half)) or every
