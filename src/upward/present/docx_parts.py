"""The parts of a Word file around its text: styles, lists, footer, settings, properties, relations (ECMA-376, part 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from upward.present.document import Document, heading_words, writable
from upward.present.escape import escaped

START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
SVG_USE = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
SVG_SPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
#: Id of the list with dashes; numbered lists follow it, each with its own numbers.
BULLETS = 1
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SANS, SERIF = "Source Sans 3", "Source Serif 4"
#: Style id -> name in Word, kind of face, half points, color, bold, space before and after in twentieths of a point, more.
STYLES: Mapping[str, tuple[str, str, int, str, bool, int, int, str]] = {
    "Title": ("Title", SERIF, 72, "1B1F24", False, 480, 480, ""),
    "CoverPlace": ("Cover place", SANS, 26, "1B1F24", True, 480, 0, ""),
    "CoverKind": ("Cover kind", SANS, 26, "56606B", False, 0, 0, ""),
    "ContentsTitle": ("TOC Heading", SERIF, 44, "1B1F24", True, 0, 160, "<w:keepNext/>"),
    "TOC1": ("toc 1", SANS, 21, "1B1F24", True, 120, 40, ""),
    "TOC2": ("toc 2", SANS, 21, "1B1F24", False, 0, 40, '<w:ind w:left="280"/>'),
    "TOC3": ("toc 3", SANS, 21, "1B1F24", False, 0, 40, '<w:ind w:left="560"/>'),
    "AboveHeading": ("Above heading", SANS, 20, "56606B", True, 360, 60, "<w:keepNext/>"),
    "BodyText": ("Body Text", SERIF, 21, "1B1F24", False, 0, 140, ""),
    "Lead": ("Lead", SERIF, 23, "1B1F24", False, 0, 240, ""),
    "Result": ("Result", SERIF, 29, "1B1F24", False, 60, 220, ""),
    "SmallPrint": ("Small print", SANS, 19, "56606B", False, 0, 120, ""),
    "ListBullet": ("List Bullet", SERIF, 21, "1B1F24", False, 0, 60, ""),
    "ListNumber": ("List Number", SERIF, 21, "1B1F24", False, 0, 60, ""),
    "Caption": ("caption", SANS, 19, "1B1F24", True, 200, 80, "<w:keepNext/>"),
    "FigureCaption": ("Figure caption", SANS, 20, "1B1F24", False, 240, 80, "<w:keepNext/>"),
    "Picture": ("Picture", SANS, 20, "1B1F24", False, 0, 120, ""),
    "TableHead": ("Table head", SANS, 18, "56606B", True, 40, 40, "<w:keepNext/>"),
    "TableText": ("Table text", SANS, 18, "1B1F24", False, 40, 40, ""),
    "TableGroup": ("Table group", SANS, 18, "1B1F24", True, 140, 40, "<w:keepNext/>"),
    "AfterTable": ("After table", SANS, 8, "1B1F24", False, 0, 160, ""),
    "Callout": ("Callout", SERIF, 24, "1B1F24", True, 240, 80, '<w:keepNext/><w:pBdr><w:top w:val="single" w:sz="4" w:space="6" w:color="D9DEE3"/></w:pBdr>'),
    "CalloutText": ("Callout text", SANS, 20, "1B1F24", False, 0, 200, ""),
    "QuoteAbove": ("Quote above", SANS, 18, "6A3D9A", True, 200, 40, '<w:keepNext/><w:pBdr><w:top w:val="single" w:sz="6" w:space="5" w:color="6A3D9A"/></w:pBdr>'),
    "Quote": ("Quote", SERIF, 23, "1B1F24", False, 80, 60, ""),
    "QuoteSource": ("Quote source", SANS, 18, "56606B", False, 0, 200, ""),
    "Fact": ("Fact", SANS, 20, "1B1F24", False, 0, 60, '<w:ind w:left="280" w:hanging="280"/>'),
    "MissingNote": ("Missing note", SANS, 20, "56606B", False, 60, 160, '<w:pBdr><w:left w:val="dotted" w:sz="12" w:space="8" w:color="6B7682"/></w:pBdr>'),
    "KeyNumber": ("Key number", SANS, 56, "0B6E69", True, 200, 0, '<w:keepNext/><w:pBdr><w:top w:val="single" w:sz="4" w:space="6" w:color="D9DEE3"/></w:pBdr>'),
    "KeyText": ("Key text", SANS, 22, "1B1F24", False, 0, 60, "<w:keepNext/>"),  # its drawing stands below
    "Reference": ("Reference", SANS, 18, "1B1F24", False, 0, 60, '<w:tabs><w:tab w:val="left" w:pos="600"/></w:tabs><w:ind w:left="600" w:hanging="600"/>'),
    "Footer": ("footer", SANS, 17, "56606B", False, 0, 0, '<w:tabs><w:tab w:val="right" w:pos="9360"/></w:tabs>'),
}  # fmt: skip
#: Half points, space before and after of Word's heading styles.
HEADINGS = {1: (52, 520, 200), 2: (32, 400, 140), 3: (25, 280, 100), 4: (21, 200, 60)}


def fixed_parts(
    document: Document, content: str, relations: Sequence[tuple[str, str, str]], lists: int
) -> dict[str, str]:
    """Return every part of the file but its pictures, by name."""
    return {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            [
                ("r1", f"{R}/officeDocument", "word/document.xml"),
                ("r2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
        "docProps/core.xml": _properties(document),
        "word/document.xml": _text(content),
        "word/styles.xml": _styles(document.language),
        "word/numbering.xml": _lists(lists),
        "word/settings.xml": _settings(),
        "word/footer1.xml": _footer(document),
        "word/_rels/document.xml.rels": _relations(
            [
                *((f"part{number}", f"{R}/{kind}", f"{kind}.xml") for number, kind in enumerate(("styles", "numbering", "settings"))),
                ("footer1", f"{R}/footer", "footer1.xml"),
                *((id_, f"{R}/{kind}", target) for id_, kind, target in relations),
            ]
        ),
    }  # fmt: skip


def picture(number: int, wide: int, high: int, sentence: str) -> str:
    """Return the run of a picture: the SVG for programs that draw it, the PNG for others; `sentence` is escaped."""
    name = f'id="{number}" name="Picture {number}" descr="{sentence}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/><wp:docPr {name}/>'
        f'<a:graphic><a:graphicData uri="{DRAWING}/picture"><pic:pic><pic:nvPicPr><pic:cNvPr {name}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="png{number}"><a:extLst><a:ext uri="{SVG_USE}"><asvg:svgBlip xmlns:asvg="{SVG_SPACE}" '
        f'r:embed="svg{number}"/></a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _text(content: str) -> str:
    return (
        f'{START}<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:a="{DRAWING}/main" '
        f'xmlns:pic="{DRAWING}/picture"><w:body>{content}<w:sectPr><w:footerReference w:type="default" r:id="footer1"/>'
        '<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1300" w:right="1440" w:bottom="1300" w:left="1440" w:header="720" '
        'w:footer="600" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


@lru_cache(maxsize=4)
def _styles(language: str) -> str:
    made = [
        f'{START}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{_face(SERIF)}<w:sz w:val="21"/>'
        f'<w:lang w:val="{"es-US" if language == "es" else "en-US"}"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="140" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0B6E69"/>'
        '<w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
        '<w:style w:type="table" w:styleId="UpwardTable"><w:name w:val="Upward table"/><w:basedOn w:val="TableNormal"/><w:tblPr>'
        '<w:tblBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="D9DEE3"/>'
        '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="D9DEE3"/></w:tblBorders><w:tblCellMar>'
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="140" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="6B7682"/>'
        "</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
    ]  # fmt: skip
    for level, (size, before, after) in HEADINGS.items():
        face = SANS if level == 4 else SERIF
        outline = f'<w:outlineLvl w:val="{level - 1}"/>'
        made.append(
            _style(
                f"Heading{level}",
                f"heading {level}",
                face,
                size,
                "1B1F24",
                True,
                before,
                after,
                "<w:keepNext/>",
                outline,
            )
        )
    made += [_style(id_, *style) for id_, style in STYLES.items()]
    return "".join(made) + "</w:styles>"


def _style(
    id_: str,
    name: str,
    face: str,
    size: int,
    color: str,
    bold: bool,
    before: int,
    after: int,
    more: str,
    last: str = "",
) -> str:
    """Return one style of paragraphs; properties stand in the order that the form asks for."""
    late = more[more.index("<w:ind") :] if "<w:ind" in more else ""
    early = more.removesuffix(late) if late else more
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{early}'
        f'<w:spacing w:before="{before}" w:after="{after}"/>{late}{last}</w:pPr><w:rPr>{_face(face)}{weight}<w:color w:val="{color}"/>'
        f'<w:sz w:val="{size}"/></w:rPr></w:style>'
    )


def _face(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


def _lists(count: int) -> str:
    """Return the list with dashes, and as many numbered lists as the document has."""

    def level(form: str, sign: str) -> str:
        return (
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
            '<w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl>'
        )

    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>{made}</w:abstractNum>'
        for number, made in enumerate((level("bullet", "–"), level("decimal", "%1.")))
    )
    lists = "".join(
        f'<w:num w:numId="{BULLETS + number}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
        for number in range(1, count + 1)
    )
    first = f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>'
    return f'{START}<w:numbering xmlns:w="{W}">{kinds}{first}{lists}</w:numbering>'


def _footer(document: Document) -> str:
    words = "  ·  ".join(
        part for foot in document.foot if (part := escaped(" ".join(writable(foot).split())))
    )
    return (
        f'{START}<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r>'
        f'<w:r><w:tab/></w:r>{_field("PAGE")}<w:r><w:t xml:space="preserve"> / '
        f"</w:t></w:r>{_field('NUMPAGES')}</w:p></w:ftr>"
    )


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _settings() -> str:
    return (
        f'{START}<w:settings xmlns:w="{W}"><w:defaultTabStop w:val="720"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    )


def _properties(document: Document) -> str:
    made = ""
    if document.date:
        stamp = f'xsi:type="dcterms:W3CDTF">{escaped(document.date)}T00:00:00Z'
        made = f"<dcterms:created {stamp}</dcterms:created><dcterms:modified {stamp}</dcterms:modified>"
    return (
        f'{START}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(heading_words(document.title))}</dc:title><dc:subject>{escaped(writable(document.subject))}</dc:subject>"
        f"<dc:creator>{escaped(writable(document.author))}</dc:creator><dc:language>{escaped(document.language)}</dc:language>{made}"
        "</cp:coreProperties>"
    )


def _relations(entries: Sequence[tuple[str, str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="{id_}" Type="{kind}" Target="{escaped(target)}"{" TargetMode=" + chr(34) + "External" + chr(34) if kind.endswith("/hyperlink") else ""}/>'
        for id_, kind, target in entries
    )
    return f'{START}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def _types() -> str:
    kinds = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml", "png": "image/png", "svg": "image/svg+xml"}  # fmt: skip
    defaults = "".join(
        f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in kinds.items()
    )
    main = f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>'
    others = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{TYPE}.{kind}+xml"/>'
        for name, kind in (
            ("styles", "styles"),
            ("numbering", "numbering"),
            ("settings", "settings"),
            ("footer1", "footer"),
        )
    )
    core = '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    return f'{START}<Types xmlns="{PACKAGE}/content-types">{defaults}{main}{others}{core}</Types>'
