"""Makes CSDeskSans-Regular.ttf and -Bold.ttf from Noto Sans CJK: python resources/fonts/make_fonts.py [FOLDER].

FOLDER holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc (Debian: the package fonts-noto-cjk). fonttools is needed,
which the dev packages bring. README.md beside this file says what is kept and why.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable

FAMILY = "CSDesk Sans"
SIMPLIFIED_CHINESE = 2
SOURCE = Path("/usr/share/fonts/opentype/noto")
FEATURES = ["kern", "tnum", "palt", "ccmp"]
BLOCKS = [
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1, Latin Extended-A
    (0x01CD, 0x01DC),  # pinyin with tones
    (0x0391, 0x03C9),  # Greek
    (0x0401, 0x0451),  # Cyrillic
    (0x2010, 0x205E),  # general punctuation
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x218B),  # letterlike signs, number forms
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical operators
    (0x2460, 0x24FF),  # enclosed figures
    (0x2500, 0x25FF),  # box drawing, blocks, geometric shapes
    (0x2600, 0x26FF),  # signs, ★ ☆ among them
    (0x2700, 0x27BF),  # dingbats, ✓ among them
    (0x3000, 0x30FF),  # punctuation, kana
    (0x3105, 0x3129),  # bopomofo
    (0x3200, 0x33FF),  # enclosed and squared
    (0x4E00, 0x9FFF),  # GBK's ideographs and what Unicode put behind them
    (0xFE30, 0xFE6B),  # vertical and small forms
    (0xFF01, 0xFFEE),  # full-width forms
]
NAMES = (  # written in names and places, outside the block above: what the table of general standard characters adds
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴"
    "䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗"
    "𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍙𫍟𫍢𫍣𫍯𫍰𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓩𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚈𫚉𫚕𫚖𫚥𫚭𫛞𫛢𫛭𫛶𫛸𫜨𫜲𫝈𫞩𫟅𫟦𫟰"
    "𫟷𫟼𫠆𫠊𫠜𫢸𫧃𫧯𫫇𫮃𫰛𫵷𫶇𫷷𫸡𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒍𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽"
    "𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)


def wanted() -> set[int]:
    """Every code point that is kept: the blocks, GBK whole, the names; never radicals nor second codes of a sign."""
    points = {point for first, last in BLOCKS for point in range(first, last + 1)} | {ord(sign) for sign in NAMES}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            points.update(map(ord, bytes((lead, trail)).decode("gbk", errors="ignore")))
    return {point for point in points if not 0x2E80 <= point <= 0x2FDF and not 0xE000 <= point <= 0xF8FF}


def drop_second_codes(font: TTFont) -> None:
    """Leave a glyph that has several code points the commonest one, so that text copied from a PDF is what was typed."""
    for table in font["cmap"].tables:
        if not table.isUnicode() or table.format == 14:
            continue
        taken: set[str] = set()
        for point in sorted(table.cmap, key=commonest_first):
            glyph = table.cmap[point]
            if glyph in taken and point not in (0x00A0, 0x2010, 0x2011):
                del table.cmap[point]
            taken.add(glyph)


def commonest_first(point: int) -> tuple[bool, bool, int]:
    """Sorts what GBK can write before the rest, and what is no mere variant before what is."""
    sign = chr(point)
    return not sign.encode("gbk", errors="ignore"), unicodedata.normalize("NFKC", sign) != sign, point


def to_truetype(font: TTFont) -> None:
    """Turn the outlines into quadratic ones: PDFs then embed the font as what it is, and matplotlib can too."""
    order = font.getGlyphOrder()
    glyphs, shapes = font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        shapes[name] = pen.glyph()
    del font["CFF "]
    for tag in ("VORG", "vhea", "vmtx"):
        if tag in font:
            del font[tag]
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, shapes
    font["maxp"].tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):  # fmt: skip
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"
    for name, shape in shapes.items():
        shape.recalcBounds(font["glyf"])
        advance, _ = font["hmtx"].metrics[name]
        font["hmtx"].metrics[name] = (advance, getattr(shape, "xMin", 0))


def rename(font: TTFont, style: str) -> None:
    """The names of our own that the licence asks of a changed font; copyright and licence stay."""
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 5, 13, 14) and record.langID == 0x409]
    bare = FAMILY.replace(" ", "")
    for number, text in ((1, FAMILY), (2, style), (3, f"{bare}-{style}"), (4, f"{FAMILY} {style}"), (6, f"{bare}-{style}"),
                         (10, "A subset of Noto Sans CJK SC, renamed and turned into TrueType.")):  # fmt: skip
        table.setName(text, number, 3, 1, 0x409)


def make(source: Path, style: str, target: Path) -> None:
    """Write one weight to ``target``."""
    font = TTCollection(source).fonts[SIMPLIFIED_CHINESE]
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs, options.name_languages = ["*"], ["*"]
    options.notdef_outline = True
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    drop_second_codes(font)
    to_truetype(font)
    rename(font, style)
    font.flavor = None
    font.save(target)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    """Make both weights beside this file."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    for style in ("Regular", "Bold"):
        make(folder / f"NotoSansCJK-{style}.ttc", style, Path(__file__).parent / f"CSDeskSans-{style}.ttf")


if __name__ == "__main__":
    main()
