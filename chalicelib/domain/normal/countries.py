"""Countries (ISO 3166-1) by code or by common name, and the postal codes of Poland.

The tables stand here because the libraries that have them are larger than all else in the
package (pycountry, Babel: tens of megabytes), and little of them is needed: the names are
those that Polish and English files use for Europe and for the largest traders elsewhere.
"""

import re
from typing import Any

from chalicelib.domain.folding import fold
from chalicelib.domain.normal.codec import Context, InvalidValueError
from chalicelib.domain.normal.text import clean, given_text, line

_CODES = """
    ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA
    AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES
    BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK
    CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA
    DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA
    GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS
    GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD
    IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA
    KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA
    LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ
    MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC
    NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM
    PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC
    SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV
    SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR
    TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR
    VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE
"""
_NAMES = """
    AL Albania; AT Austria; AU Australia; BA Bośnia i Hercegowina, Bosnia and Herzegovina
    BE Belgia, Belgium; BG Bułgaria, Bulgaria; BR Brazylia, Brazil; BY Białoruś, Belarus
    CA Kanada, Canada; CH Szwajcaria, Switzerland; CN Chiny, China; CY Cypr, Cyprus
    CZ Czechy, Republika Czeska, Czechia, Czech Republic; DE Niemcy, Germany, Deutschland
    DK Dania, Denmark; EE Estonia; ES Hiszpania, Spain; FI Finlandia, Finland
    FR Francja, France; GB Wielka Brytania, Great Britain, United Kingdom, UK, Anglia, England
    GE Gruzja, Georgia; GR Grecja, Greece, EL; HR Chorwacja, Croatia; HU Węgry, Hungary
    IE Irlandia, Ireland; IL Izrael, Israel; IN Indie, India; IS Islandia, Iceland
    IT Włochy, Italy; JP Japonia, Japan; KR Korea Południowa, South Korea
    KZ Kazachstan, Kazakhstan; LI Liechtenstein; LT Litwa, Lithuania
    LU Luksemburg, Luxembourg; LV Łotwa, Latvia; MD Mołdawia, Moldova
    ME Czarnogóra, Montenegro; MK Macedonia Północna, North Macedonia; MT Malta
    MX Meksyk, Mexico; NL Holandia, Niderlandy, Netherlands, The Netherlands
    NO Norwegia, Norway; NZ Nowa Zelandia, New Zealand; PL Polska, Poland
    PT Portugalia, Portugal; RO Rumunia, Romania; RS Serbia; RU Rosja, Russia
    SE Szwecja, Sweden; SI Słowenia, Slovenia; SK Słowacja, Slovakia; TR Turcja, Turkey
    UA Ukraina, Ukraine; US Stany Zjednoczone, United States, United States of America
    VN Wietnam, Vietnam; ZA Republika Południowej Afryki, RPA, South Africa
"""
_POLISH_POSTCODE = re.compile(r"([0-9]{2})[- ]?([0-9]{3})")
_postcode = line(20)


def _by_name() -> dict[str, str]:
    """Folded code or name -> alpha-2."""
    codes = {fold(code): both[:2] for both in _CODES.split() for code in (both[:2], both[2:])}
    for entry in re.split(r"[;\n]", _NAMES.strip()):
        code, _, names = entry.strip().partition(" ")
        codes.update({fold(name): code for name in names.split(",")})
    return codes


_COUNTRIES = _by_name()


def country(value: Any, _: Context) -> str:
    """`pl`, `POL`, `Polska` or `Poland` -> `PL` (ISO 3166-1 alpha-2)."""
    code = _COUNTRIES.get(fold(clean(value)))
    if code is None:
        raise InvalidValueError("not_a_country", "Use a code of ISO 3166-1, such as PL.")
    return code


def postal_code(value: Any, context: Context) -> str:
    """`00950` -> `00-950` in Poland; elsewhere capitals, otherwise as given.

    Where no country is stated, the source's own is presumed but not insisted on.
    """
    code = str(_postcode(given_text(value).upper(), context))
    stated = context.beside.get("country", "")
    polish = _POLISH_POSTCODE.fullmatch(code)
    if polish and (stated == "PL" or (stated == "" and context.country == "PL")):
        return "-".join(polish.groups())
    if stated == "PL":
        raise InvalidValueError("not_a_postal_code", "A Polish postal code reads 00-950.")
    return code
