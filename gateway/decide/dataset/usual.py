"""What stands in any workbook: names of elements and attributes, and the values that programs write of themselves.

SpreadsheetML (ECMA-376 part 1, section 18), its theme (section 20), packages (part 2), and OpenDocument (1.3
part 3), as spreadsheet programs and libraries write them. Whatever is not here has been put in by somebody.
"""

from __future__ import annotations

NAMES = frozenset(
    word
    for line in """
AlternateContent AppVersion Application Choice Company ContentType Default Description DocSecurity Extension
HeadingPairs HyperlinkBase HyperlinksChanged Id Ignorable LinksUpToDate Manager Override Pages PartName
Properties RDF Relationship Relationships Requires ScaleCrop SharedDoc Target Template TitlesOfParts TotalTime
Type Types a about absPath accent1 accent2 accent3 accent4 accent5 accent6 activeCell activeCellId activePane
activeTab algn alignment alpha am-pm anchor ang appName apply-design-mode apply-style-name applyAlignment
applyBorder applyFill applyFont applyNumberFormat applyProtection auto autoFilter autoFilterDateGrouping
automatic-find-labels automatic-focus automatic-order automatic-styles b bIns background-color background-image
backupFile base-cell-address baseColWidth baseType baseline bestFit bevelT bgColor bgFillStyleLst blackAndWhite
blurRad body bodyPr bookViews boolean boolean-style boolean-value border border-bottom border-left border-right
border-top borderId borders bottom break-before buClrTx buFontTx buNone buSzTx builtinId c ca calcChain
calcFeatures calcId calcOnSave calcPr calcext calculation-settings camera cap case-sensitive category cell-count
cell-range-address cellComments cellStyle cellStyleXfs cellStyles cellXfs charset chart chartTrackingRefBase
clrScheme cmpd coauthVersionLast coauthVersionMax col collapsed color colorId colors cols column-width
concurrentCalc condense condition config config-item config-item-map-entry config-item-map-indexed
config-item-map-named config-item-set conformance contentStatus copies coreProperties count country
country-asian country-complex covered-table-cell cp created creation-date creator cs css3t currency-style
currency-symbol customBuiltin customFormat customHeight customWidth data-style-name date date-style date-value
date1904 dateCompatibility day dc dcmitype dcterms decimal-places defPPr defRPr defTabSz default-cell-style-name
default-style defaultColWidth defaultGridColor defaultPivotStyle defaultRowHeight defaultSlicerStyle
defaultTableStyle defaultThemeVersion defaultTimelineStyle definedName definedNames deleteColumns deleteRows
description diagonal diagonal-bl-tr diagonal-tl-br diagonalDown diagonalUp differentFirst differentOddEven
dimension dir display display-name dist dk1 dk2 document-content document-meta document-settings
document-statistic document-styles documentId dom dr3d draft draw drawing drawooo dxf dxfs dyDescent ea eb
editing-cycles editing-duration effectLst effectRef effectStyle effectStyleLst end errors exponent-interval
expression ext extCalcPr extLst extend externalReference externalReferences extraClrSchemeLst f family feature
fgColor field file-entry fileRecoveryPr fileVersion fill fill-character fill-color fillId fillRef fillStyleLst
fillToRect fills filterMode filterPrivacy first-page-number firstPageNumber firstSheet fitToHeight fitToPage
fitToWidth fmtScheme fo folHlink font font-face font-face-decls font-family font-family-asian
font-family-complex font-family-generic font-family-generic-asian font-family-generic-complex font-name
font-name-asian font-name-complex font-pitch font-pitch-asian font-pitch-complex font-size font-size-asian
font-size-complex font-style font-style-asian font-style-complex font-weight font-weight-asian
font-weight-complex fontAlgn fontId fontRef fontScheme fonts footer footer-first footer-left footer-style
forced-exponent-sign form formatCells formatCode formatColumns formatRows forms formula formx full-path
fullCalcOnLoad generator gnmx gradFill graphic-properties grddl gridLines gridLinesSet grouping gs gsLst h
hangingPunct hasPart header header-first header-footer-properties header-left header-style headerFooter headings
hidden hlink horizontal horizontalCentered horizontalDpi horzOverflow hours ht i i4 id idx indent indexed
indexedColors initial-creator insertColumns insertHyperlinks insertRows is iterate iterateCount iterateDelta
justifyLastLine keywords knownFonts kumimoji kx ky l lIns language language-asian language-complex lastClr
lastEdited lastModifiedBy lastPrinted lat latin latinLnBrk left lightRig lim lin ln lnDef lnRef lnSpc lnStyleLst
localSheetId locked loext lon lowestEdited lpstr lstStyle lt1 lt2 lumMod lvl1pPr lvl2pPr lvl3pPr lvl4pPr lvl5pPr
lvl6pPr lvl7pPr lvl8pPr lvl9pPr majorFont manifest map marL marR margin-bottom margin-left margin-right
margin-top master-page master-page-name master-styles math max mc media-type mergeCell mergeCells meta min
min-decimal-places min-exponent-digits min-height min-integer-digits minimized minorFont minutes miter modified
month mv mx name named-expression named-expressions named-range noAutofit noFill normalizeH ns ns0 num-format
numCol numFmt numFmtId numFmts number number-columns-repeated number-columns-spanned number-rows-repeated
number-rows-spanned number-style object-count objectDefaults oddFooter oddHeader of office ooo oooc ooow opacity
orientation outerShdw outline outlineLevel outlineLevelCol outlineLevelRow outlinePr p padding page-count
page-height page-layout page-layout-name page-layout-properties page-number page-width pageMargins pageOrder
pageSetUpPr pageSetup pane panose paperSize paragraph-properties parent-style-name path patternFill patternType
phoneticPr pivotButton pivotTables pos presentation print print-orientation print-page-order printOptions
protection prst prstDash quotePrefix r rFont rIns rPh rPr rdf readingOrder ref refMode region-left region-right
repairLoad repeat-content resource rev revIDLastSave revision revisionPtr rgb rgbColor rig right rightToLeft rot
rotWithShape rotation-align rotation-angle round row row-height rpt rtl rtlCol rupBuild s satMod sb scale
scale-to scaled scene3d scheme schemeClr scientific-number script scripts
search-criteria-must-apply-to-whole-cell seconds selectLockedCells selectUnlockedCells selection setVersion
settings shade shadow sheet sheet-name sheetData sheetFormatPr sheetId sheetPr sheetProtection sheetView
sheetViews sheets showFormulas showGridLines showHorizontalScroll showObjects showOutlineSymbols
showRowColHeaders showSheetTabs showVerticalScroll showZeros shrinkToFit si size slicerStyles solidFill sort
sp3d spAutoFit spDef spPr space span spans spc spcAft spcBef spcCol spcFirstLastPara spcPct spcPts spreadsheet
sqref srgbClr sst start state strike string-value stringRefSyntax stroke stroke-color stroke-linecap
stroke-linejoin stroke-opacity stroke-width style style-name styleSheet styles subject summaryBelow summaryRight
svg sx sy sym sysClr sz t tIns tab-stop-distance tabLst tabRatio tabSelected table table-cell
table-cell-properties table-centering table-column table-column-properties table-count table-properties
table-row table-row-properties tablePart tableParts tableStyles tableooo text text-align text-align-source
text-content text-line-through-style text-line-through-type text-outline text-position text-properties
text-shadow text-style text-underline-color text-underline-style text-underline-type text-underline-width
textRotation textual theme themeElements themeFamily thm15 time time-style time-value timelineStyles tint title
top topLeftCell truncate-on-overflow txDef type typeface u uFillTx uid uidLastSave uniqueCount upright uri url
use-optimal-column-width use-optimal-row-height use-regular-expressions use-wildcards use-window-font-color
useFirstPageNumber v val value value-type variant vector version vert vertAlign vertOverflow vertical
vertical-align verticalCentered verticalDpi vid view visibility volatile vt w width windowHeight windowWidth
workbook workbookPr workbookProtection workbookView workbookViewId worksheet wrap wrapText writing-mode x x14
x14ac x15 x15ac x16r2 xWindow xcalcf xdr xf xfId xforms xhtml xlink xlwcv xm xml xmlns xr xr10 xr2 xr3 xr6 xsd
xsi ySplit yWindow year zeroHeight zoomScale zoomScaleNormal zoomScalePageLayoutView zoomScaleSheetLayoutView
""".splitlines()
    for word in line.split()
)
"""Names of elements and attributes, and prefixes."""

SPACES = frozenset(
    word
    for line in """
application/vnd.openxmlformats-officedocument.extended-properties+xml
application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml
application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml
application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml
application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml
application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml
application/vnd.openxmlformats-officedocument.theme+xml
application/vnd.openxmlformats-officedocument.vmlDrawing
application/vnd.openxmlformats-package.core-properties+xml
application/vnd.openxmlformats-package.relationships+xml
application/xml
http://docs.oasis-open.org/ns/office/1.2/meta/odf#ContentFile
http://docs.oasis-open.org/ns/office/1.2/meta/odf#StylesFile
http://docs.oasis-open.org/ns/office/1.2/meta/pkg#
http://docs.oasis-open.org/ns/office/1.2/meta/pkg#Document
http://openoffice.org/2004/calc
http://openoffice.org/2004/office
http://openoffice.org/2004/writer
http://openoffice.org/2005/report
http://openoffice.org/2009/table
http://openoffice.org/2010/draw
http://purl.oclc.org/ooxml/drawingml/main
http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes
http://purl.oclc.org/ooxml/officeDocument/extendedProperties
http://purl.oclc.org/ooxml/officeDocument/relationships
http://purl.oclc.org/ooxml/officeDocument/relationships/extendedProperties
http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument
http://purl.oclc.org/ooxml/officeDocument/relationships/sharedStrings
http://purl.oclc.org/ooxml/officeDocument/relationships/styles
http://purl.oclc.org/ooxml/officeDocument/relationships/theme
http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet
http://purl.oclc.org/ooxml/spreadsheetml/main
http://purl.org/dc/dcmitype/
http://purl.org/dc/elements/1.1/
http://purl.org/dc/terms/
http://schemas.libreoffice.org/
http://schemas.microsoft.com/office/2017/10/relationships/person
http://schemas.microsoft.com/office/excel/2006/main
http://schemas.microsoft.com/office/mac/excel/2008/main
http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac
http://schemas.microsoft.com/office/spreadsheetml/2009/9/main
http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac
http://schemas.microsoft.com/office/spreadsheetml/2010/11/main
http://schemas.microsoft.com/office/spreadsheetml/2014/revision
http://schemas.microsoft.com/office/spreadsheetml/2015/02/main
http://schemas.microsoft.com/office/spreadsheetml/2015/revision2
http://schemas.microsoft.com/office/spreadsheetml/2016/revision10
http://schemas.microsoft.com/office/spreadsheetml/2016/revision3
http://schemas.microsoft.com/office/spreadsheetml/2016/revision6
http://schemas.microsoft.com/office/spreadsheetml/2018/calcfeatures
http://schemas.microsoft.com/office/spreadsheetml/2024/workbookCompatibilityVersion
http://schemas.microsoft.com/office/thememl/2012/main
http://schemas.openxmlformats.org/drawingml/2006/main
http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing
http://schemas.openxmlformats.org/markup-compatibility/2006
http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes
http://schemas.openxmlformats.org/officeDocument/2006/extended-properties
http://schemas.openxmlformats.org/officeDocument/2006/relationships
http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain
http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet
http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties
http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties
http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink
http://schemas.openxmlformats.org/officeDocument/2006/relationships/metadata/core-properties
http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument
http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings
http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles
http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme
http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet
http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties
http://schemas.openxmlformats.org/package/2006/content-types
http://schemas.openxmlformats.org/package/2006/metadata/core-properties
http://schemas.openxmlformats.org/package/2006/relationships
http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties
http://schemas.openxmlformats.org/spreadsheetml/2006/main
http://www.gnumeric.org/ext/spreadsheetml
http://www.w3.org/1998/Math/MathML
http://www.w3.org/1999/02/22-rdf-syntax-ns#
http://www.w3.org/1999/xhtml
http://www.w3.org/1999/xlink
http://www.w3.org/2001/XMLSchema
http://www.w3.org/2001/XMLSchema-instance
http://www.w3.org/2001/xml-events
http://www.w3.org/2002/xforms
http://www.w3.org/2003/g/data-view#
http://www.w3.org/TR/css3-text/
urn:oasis:names:tc:opendocument:xmlns:chart:1.0
urn:oasis:names:tc:opendocument:xmlns:config:1.0
urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0
urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0
urn:oasis:names:tc:opendocument:xmlns:drawing:1.0
urn:oasis:names:tc:opendocument:xmlns:form:1.0
urn:oasis:names:tc:opendocument:xmlns:manifest:1.0
urn:oasis:names:tc:opendocument:xmlns:meta:1.0
urn:oasis:names:tc:opendocument:xmlns:of:1.2
urn:oasis:names:tc:opendocument:xmlns:office:1.0
urn:oasis:names:tc:opendocument:xmlns:presentation:1.0
urn:oasis:names:tc:opendocument:xmlns:script:1.0
urn:oasis:names:tc:opendocument:xmlns:style:1.0
urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0
urn:oasis:names:tc:opendocument:xmlns:table:1.0
urn:oasis:names:tc:opendocument:xmlns:text:1.0
urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0
urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0
urn:openoffice:names:experimental:ooxml-odf-interop:xmlns:form:1.0
urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0
urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0
urn:schemas-microsoft-com:mac:vml
urn:schemas-microsoft-com:vml
""".splitlines()
    for word in line.split()
)
"""Namespaces, types of content and of relations."""

WORDS = frozenset(
    word
    for line in """
"Liberation Sans" | $ | 'DejaVu Sans' | 'Liberation Sans' | 'Lohit Devanagari' | 'Noto Sans CJK SC Regular'
'Noto Sans CJK SC' | 'Noto Sans Devanagari' | 'Times New Roman' | ( | ) | , | - | . | / | 0% 100%
0.74pt solid #808080 | 020F0302020204030204 | 020F0502020204030204 | 2.49pt solid #000000 | 20% - Accent1
20% - Accent2 | 20% - Accent3 | 20% - Accent4 | 20% - Accent5 | 20% - Accent6 | 40% - Accent1 | 40% - Accent2
40% - Accent3 | 40% - Accent4 | 40% - Accent5 | 40% - Accent6 | 60% - Accent1 | 60% - Accent2 | 60% - Accent3
60% - Accent4 | 60% - Accent5 | 60% - Accent6 | : | ??? | ??? (???) | A1 | Accent | Accent 1 | Accent 2
Accent 3 | Accent1 | Accent2 | Accent3 | Accent4 | Accent5 | Accent6 | Accent_20_1 | Accent_20_2 | Accent_20_3
Accent_32_1 | Accent_32_2 | Accent_32_3 | ActiveSplitRange | ActiveTable | AllowPrintJobCancel
AnchoredTextOverflowLegacy | ApplyUserData | Aptos Display | Aptos Narrow | Arab | Arial | Armn | AutoCalculate
Bad | Beng | Bold | Bopo | Bugi | CN | CNY | Calc | CalcA1 | CalcA1ExcelA1 | Calculation | Calibri
Calibri Light | Cambria | Cans | CharacterCompressionType | Check Cell | Cher | CodeName | Comma | Comma [0]
Configurations2/ | Configurations2/accelerator/current.xml | Courier New | Currency | Currency [0]
CursorPositionX | CursorPositionY | DaunPenh | Default | Default_1 | DejaVu Sans | DengXian | Deva | DokChampa
Ebrima | EmbedAsianScriptFonts | EmbedComplexScriptFonts | EmbedFonts | EmbedLatinScriptFonts
EmbedOnlyUsedFonts | Error | Estrangelo Edessa | Ethi | Euphemia | Explanatory Text | FALSE | FangSong
Folhas de Cálculo | Followed Hyperlink | Footnote | FormulaBarHeight | FreeSans | GB | Gautami | Generic Printer
Geor | Good | GridColor | Gujr | Guru | HK | HK$ | HKD | Hang | Hans | Hant | HasColumnRowHeaders | HasSheetTabs
Heading | Heading (user) | Heading 1 | Heading 2 | Heading 3 | Heading 4 | Heading1 | Heading_20_1
Heading_20_2 | Heading_20__28_user_29_ | Heading_32_1 | Heading_32_2 | Hebr | Hiperligação
HorizontalScrollbarWidth | HorizontalSplitMode | HorizontalSplitPosition | Hyperlink | IN | ImagePreferredDPI
Input | Internal | IsDocumentShared | IsKernAsianPunctuation | IsOutlineSymbolsSet | IsRasterAxisSynchronized
IsSnapToRaster | IsValueHighlightingEnabled | Iskoola Pota | Java | Javanese Text | Jpan | KaiTi | Kalinga
Kartika | Khmr | Knda | Laoo | Latha | Leelawadee UI | Liberation Sans | LibreOffice | LinkUpdateMode
Linked Cell | Lisu | LoadReadonly | Lohit Devanagari | MO | MOP | MV Boli | Mangal | Microsoft Excel
Microsoft Excel Online | Microsoft Himalaya | Microsoft JhengHei | Microsoft Macintosh Excel
Microsoft New Tai Lue | Microsoft Tai Le | Microsoft Uighur | Microsoft YaHei | Microsoft Yi Baiti | MingLiU
Mlym | Mong | Mongolian Baiti | MoolBoran | Myanmar Text | Mymr | Named Ranges | Neutral | Nirmala UI | Nkoo
Normal | Note | Noto Sans CJK JP | Noto Sans CJK SC | Noto Sans CJK SC Regular | Noto Sans Devanagari | Nyala
Office | Office 2007 - 2010 | Office 2013 - 2022 | Office 2013 - 2022 Theme | Office Theme
Office Theme 2007 - 2010 | Olck | Orya | Osma | Output | PMingLiU | PT | Page | Page 1 | Page 1 / 99
PageViewZoomValue | Percent | Phag | Phagspa | PivotStyleLight16 | PivotStyleMedium9 | Plantagenet Cherokee
PositionBottom | PositionLeft | PositionRight | PositionTop | PrinterName | PrinterPaperFromSetup | PrinterSetup
Página | R1C1 | Raavi | RasterIsVisible | RasterResolutionX | RasterResolutionY | RasterSubdivisionX
RasterSubdivisionY | Report | Result | Result2 | SaveThumbnail | SaveVersionOnClose | ScriptConfiguration
Segoe UI | ShowGrid | ShowNotes | ShowPageBreakPreview | ShowPageBreaks | ShowZeroValues | Shruti | SimHei
SimSun | Sinh | SlicerStyleLight1 | Sora | Standard | Status | Sylfaen | SyntaxStringRef | Syrc | Syre | Syrj
Syrn | TRUE | TW | TableStyleMedium2 | TableStyleMedium9 | Tables | Tahoma | Tale | Talu | Taml | Telu | Text
Tfng | Thaa | Thai | Thumbnails/thumbnail.png | Tibt | TimeSlicerStyleLight1 | Times New Roman | Title | Total
Tunga | US | Uigh | UpdateFromTemplate | Verdana | VerticalSplitMode | VerticalSplitPosition | Viet | ViewId
Views | VisibleAreaHeight | VisibleAreaLeft | VisibleAreaTop | VisibleAreaWidth | Vrinda | Warning
Warning Text | Worksheets | Yiii | ZoomType | ZoomValue | _xlnm._FilterDatabase | accent1 | all | always
application/rdf+xml | application/vnd.oasis.opendocument.spreadsheet | application/vnd.sun.xml.ui.configuration
asDisplayed | auto | autoNoTable | automatic | b | base | base64Binary | baseline | bin | bold | boolean
bottom | bottomLeft | bottomRight | butt | center | centerContinuous | charts drawings objects
charts drawings objects zero-values | circle | cm | content.xml | continue | ctr | currency | d | darkGray
dashDot | dashDotDot | dashed | date | dcterms:W3CDTF | default | displayed | distributed | dotted | double
doubleAccounting | downThenOver | e | en | en-GB | en-HK | en-US | fill | fix | flat | float | font-color
frozen | frozenSplit | general | graphic | gray0625 | gray125 | grid objects charts drawings | hair | hi
hidden | horz | image/jpeg | image/png | inlineStr | int | italic | ja-JP | jpeg | justify | l | landscape
left | lightGray | long | lpstr | lr-tb | major | manifest.rdf | manual | medium | mediumDashDot
mediumDashDotDot | mediumDashed | meta.xml | microsoft.com:ARRAYTEXT_WF | microsoft.com:CNMTM | microsoft.com:FV
microsoft.com:LAMBDA_WF | microsoft.com:LET_WF | microsoft.com:RD | microsoft.com:Single | middle | minor
miter | mm | n | never | no-wrap | noConversion | noStrike | none | normal | objects charts drawings
ooo:configuration-settings | ooo:view-settings | openpyxl | orthographicFront | overThenDown | overflow
pageBreakPreview | percentage | phClr | png | portrait | preserve | pt | pt-BR | pt-PT | rels | right | rl-tb
s | settings.xml | shared | short | single | singleAccounting | slantDashDot | sng | solid | square | start
str | strict | string | styles.xml | subscript | superscript | swiss | system | t | table | table-cell
table-column | table-row | text | text/xml | thick | thin | thin solid #000000 | thin solid #808080 | threePt
time | top | topLeft | topRight | transparent | ttb | tx1 | utf-8 | value()<0 | value()=0 | value()>0
value()>=0 | variable | variant | veryHidden | view1 | visible | vml | void | window | windowText | wrap | x14ac
x14ac x16r2 | x14ac x16r2 xr | x14ac xr xr2 xr3 | x15 | x15 xr xr6 xr10 xr2 | xl | xml | zh | zh-CN | zh-HK
zh-Hans | zh-Hant | zh-MO | zh-TW | ¥ | € | 一般 | 仿宋 | 命名范围 | 宋体 | 工作表 | 已命名的範圍 | 常规 | 年
微軟正黑體 | 微软雅黑 | 新細明體 | 日 | 月 | 楷体 | 標楷體 | 游ゴシック | 游ゴシック Light | 等线 | 等线 Light
細明體 | 超連結 | 超链接 | 頁 | 页 | 黑体 | 맑은 고딕 | ＭＳ Ｐゴシック | ￥
""".splitlines()
    for word in line.split(" | ")
)
"""Values of settings, names of styles and fonts."""
