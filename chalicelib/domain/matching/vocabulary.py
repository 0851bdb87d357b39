"""Words that mean the same in every record: titles, company forms, mailboxes of an office."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NO_NAMES = _words(
    "brak n/a na none null unknown nieznany nieznane nieznana test testowy xxx xx asdf example"
    " noreply"
)
TITLES = _words(
    "dr mgr inz prof hab lic pan pani panstwo mr mrs ms miss sir herr frau ing dipl phd md bc"
    " mudr judr"
)
GENERATIONS = {
    "jr": "junior", "junior": "junior", "jun": "junior", "mlodszy": "junior", "ml": "junior",
    "sr": "senior", "senior": "senior", "sen": "senior", "starszy": "senior", "st": "senior",
}  # fmt: skip
COMPANY_FORMS = _words(
    "sp spolka zoo oo ogr odp sa sc sj spj spk sk gmbh ag kg ug ltd llc llp plc inc corp co bv sro"
    " as spol ooo tov fop phu ppuh pphu fhu phup przedsiebiorstwo firma company limited"
    " ograniczona odpowiedzialnoscia akcyjna jawna komandytowa partnerska cywilna"
    " gesellschaft beschrankter haftung spolecnost rucenim omezenym"
)
ROLE_MAILBOXES = _words(
    "biuro info kontakt office sekretariat recepcja sklep shop sales sprzedaz zamowienia faktury"
    " faktura ksiegowosc kadry hr praca admin administracja administrator poczta mail email"
    " contact hello support pomoc serwis service bok handlowy marketing zarzad rodo iod invoice"
    " invoices billing orders webmaster postmaster reklamacje oferty firma noreply newsletter"
    " kancelaria obsluga klient logistyka dzial rezerwacje team zespol accounting"
)
DOTLESS_DOMAINS = _words("gmail.com googlemail.com")
FREE_DOMAINS = _words(
    "gmail.com wp.pl o2.pl onet.pl poczta.onet.pl interia.pl interia.eu op.pl vp.pl tlen.pl"
    " gazeta.pl onet.eu poczta.fm go2.pl autograf.pl buziaczek.pl amorki.pl outlook.com hotmail.com"
    " live.com icloud.com me.com yahoo.com yahoo.pl proton.me protonmail.com pm.me gmx.de gmx.net"
    " gmx.com web.de t-online.de freenet.de seznam.cz centrum.cz email.cz ukr.net i.ua mail.ru"
    " yandex.ru bk.ru aol.com msn.com"
)
STREET_WORDS = _words(
    "ul ulica al aleja aleje os osiedle pl plac rynek street st road rd avenue ave drive dr lane ln"
    " court ct place crescent str strasse ulice namesti vul gen im sw"
)
UNIT_WORDS = _words("m lok lokal mieszkanie apt flat unit nr no")
NO_BIRTH_DATES = _words("1900-01-01 1970-01-01 1901-01-01 1800-01-01 0001-01-01")
