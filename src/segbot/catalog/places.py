"""US states, Canadian provinces and the world's countries, with the words English speakers use for them.

Each line is `CODE|Name|other words`; the codes are the postal and ISO 3166-1 ones that most tables hold.
"""

from __future__ import annotations

_STATES = """
AL|Alabama|Ala
AK|Alaska
AZ|Arizona|Ariz
AR|Arkansas
CA|California|Cali|Calif|Golden State
CO|Colorado|Colo
CT|Connecticut|Conn
DE|Delaware
DC|District of Columbia|Washington DC|Washington D.C.|D.C.
FL|Florida|Fla
GA|Georgia
HI|Hawaii|Hawai'i
ID|Idaho
IL|Illinois
IN|Indiana
IA|Iowa
KS|Kansas
KY|Kentucky
LA|Louisiana
ME|Maine
MD|Maryland
MA|Massachusetts|Mass
MI|Michigan|Mich
MN|Minnesota|Minn
MS|Mississippi
MO|Missouri
MT|Montana
NE|Nebraska
NV|Nevada
NH|New Hampshire
NJ|New Jersey|Jersey
NM|New Mexico
NY|New York|New York State|NY State
NC|North Carolina|N. Carolina
ND|North Dakota|N. Dakota
OH|Ohio
OK|Oklahoma|Okla
OR|Oregon
PA|Pennsylvania|Penn|Penna
RI|Rhode Island
SC|South Carolina|S. Carolina
SD|South Dakota|S. Dakota
TN|Tennessee|Tenn
TX|Texas|Tex|Lone Star State
UT|Utah
VT|Vermont
VA|Virginia
WA|Washington|Washington State|WA State
WV|West Virginia|W. Virginia
WI|Wisconsin|Wisc
WY|Wyoming
PR|Puerto Rico
GU|Guam
VI|US Virgin Islands|U.S. Virgin Islands
AS|American Samoa
MP|Northern Mariana Islands
AB|Alberta
BC|British Columbia|B.C.
MB|Manitoba
NB|New Brunswick
NL|Newfoundland and Labrador|Newfoundland|Labrador
NS|Nova Scotia
NT|Northwest Territories
NU|Nunavut
ON|Ontario|Ont
PE|Prince Edward Island|P.E.I.|PEI
QC|Quebec|Québec
SK|Saskatchewan
YT|Yukon
"""

_COUNTRIES = """
AF|Afghanistan|Afghan
AL|Albania|Albanian
DZ|Algeria|Algerian
AD|Andorra|Andorran
AO|Angola|Angolan
AG|Antigua and Barbuda|Antiguan
AR|Argentina|Argentinian|Argentine
AM|Armenia|Armenian
AW|Aruba|Aruban
AU|Australia|Australian|Aussie|Oz
AT|Austria|Austrian
AZ|Azerbaijan|Azerbaijani
BS|Bahamas|Bahamian
BH|Bahrain|Bahraini
BD|Bangladesh|Bangladeshi
BB|Barbados|Barbadian|Bajan
BY|Belarus|Belarusian
BE|Belgium|Belgian
BZ|Belize|Belizean
BJ|Benin|Beninese
BM|Bermuda|Bermudian
BT|Bhutan|Bhutanese
BO|Bolivia|Bolivian
BA|Bosnia and Herzegovina|Bosnia|Bosnian
BW|Botswana|Batswana
BR|Brazil|Brazilian|Brasil
BN|Brunei|Bruneian
BG|Bulgaria|Bulgarian
BF|Burkina Faso|Burkinabe
BI|Burundi|Burundian
KH|Cambodia|Cambodian
CM|Cameroon|Cameroonian
CA|Canada|Canadian
CV|Cape Verde|Cabo Verde|Cape Verdean
KY|Cayman Islands|Caymanian
CF|Central African Republic
TD|Chad|Chadian
CL|Chile|Chilean
CN|China|Chinese|PRC
CO|Colombia|Colombian
KM|Comoros|Comorian
CG|Congo|Republic of the Congo|Congolese
CD|Democratic Republic of the Congo|DR Congo|DRC
CR|Costa Rica|Costa Rican
CI|Côte d'Ivoire|Ivory Coast|Ivorian|Cote d'Ivoire
HR|Croatia|Croatian
CU|Cuba|Cuban
CW|Curaçao|Curacao
CY|Cyprus|Cypriot
CZ|Czechia|Czech Republic|Czech
DK|Denmark|Danish
DJ|Djibouti|Djiboutian
DM|Dominica
DO|Dominican Republic|Dominican
EC|Ecuador|Ecuadorian
EG|Egypt|Egyptian
SV|El Salvador|Salvadoran
GQ|Equatorial Guinea
ER|Eritrea|Eritrean
EE|Estonia|Estonian
SZ|Eswatini|Swaziland|Swazi
ET|Ethiopia|Ethiopian
FO|Faroe Islands|Faroese
FJ|Fiji|Fijian
FI|Finland|Finnish
FR|France|French
GF|French Guiana
PF|French Polynesia|Tahiti
GA|Gabon|Gabonese
GM|Gambia|Gambian
GE|Georgia|Georgian|Republic of Georgia
DE|Germany|German|Deutschland
GH|Ghana|Ghanaian
GI|Gibraltar|Gibraltarian
GR|Greece|Greek
GL|Greenland|Greenlandic
GD|Grenada|Grenadian
GP|Guadeloupe
GT|Guatemala|Guatemalan
GG|Guernsey
GN|Guinea|Guinean
GW|Guinea-Bissau
GY|Guyana|Guyanese
HT|Haiti|Haitian
HN|Honduras|Honduran
HK|Hong Kong
HU|Hungary|Hungarian
IS|Iceland|Icelandic
IN|India|Indian
ID|Indonesia|Indonesian
IR|Iran|Iranian
IQ|Iraq|Iraqi
IE|Ireland|Irish|Eire
IM|Isle of Man|Manx
IL|Israel|Israeli
IT|Italy|Italian|Italia
JM|Jamaica|Jamaican
JP|Japan|Japanese
JE|Jersey
JO|Jordan|Jordanian
KZ|Kazakhstan|Kazakh
KE|Kenya|Kenyan
KI|Kiribati
XK|Kosovo|Kosovar
KW|Kuwait|Kuwaiti
KG|Kyrgyzstan|Kyrgyz
LA|Laos|Laotian|Lao
LV|Latvia|Latvian
LB|Lebanon|Lebanese
LS|Lesotho|Basotho
LR|Liberia|Liberian
LY|Libya|Libyan
LI|Liechtenstein
LT|Lithuania|Lithuanian
LU|Luxembourg|Luxembourgish|Luxemburg
MO|Macao|Macau|Macanese
MG|Madagascar|Malagasy
MW|Malawi|Malawian
MY|Malaysia|Malaysian
MV|Maldives|Maldivian
ML|Mali|Malian
MT|Malta|Maltese
MH|Marshall Islands|Marshallese
MQ|Martinique
MR|Mauritania|Mauritanian
MU|Mauritius|Mauritian
MX|Mexico|Mexican|México
FM|Micronesia|Micronesian
MD|Moldova|Moldovan
MC|Monaco|Monégasque|Monegasque
MN|Mongolia|Mongolian
ME|Montenegro|Montenegrin
MA|Morocco|Moroccan
MZ|Mozambique|Mozambican
MM|Myanmar|Burma|Burmese
NA|Namibia|Namibian
NR|Nauru|Nauruan
NP|Nepal|Nepali|Nepalese
NL|Netherlands|the Netherlands|Holland|Dutch
NC|New Caledonia
NZ|New Zealand|New Zealander|Kiwi
NI|Nicaragua|Nicaraguan
NE|Niger|Nigerien
NG|Nigeria|Nigerian
KP|North Korea|North Korean
MK|North Macedonia|Macedonia|Macedonian
NO|Norway|Norwegian
OM|Oman|Omani
PK|Pakistan|Pakistani
PW|Palau|Palauan
PS|Palestine|Palestinian
PA|Panama|Panamanian
PG|Papua New Guinea
PY|Paraguay|Paraguayan
PE|Peru|Peruvian
PH|Philippines|the Philippines|Filipino|Philippine
PL|Poland|Polish
PT|Portugal|Portuguese
PR|Puerto Rico|Puerto Rican
QA|Qatar|Qatari
RE|Réunion|Reunion
RO|Romania|Romanian
RU|Russia|Russian Federation|Russian
RW|Rwanda|Rwandan
KN|Saint Kitts and Nevis|St Kitts and Nevis
LC|Saint Lucia|St Lucia
VC|Saint Vincent and the Grenadines
WS|Samoa|Samoan
SM|San Marino
ST|São Tomé and Príncipe|Sao Tome and Principe
SA|Saudi Arabia|Saudi|KSA
SN|Senegal|Senegalese
RS|Serbia|Serbian
SC|Seychelles
SL|Sierra Leone
SG|Singapore|Singaporean
SK|Slovakia|Slovak
SI|Slovenia|Slovenian|Slovene
SB|Solomon Islands
SO|Somalia|Somali
ZA|South Africa|South African
KR|South Korea|Korea|Republic of Korea|South Korean|Korean
SS|South Sudan
ES|Spain|Spanish|España
LK|Sri Lanka|Sri Lankan
SD|Sudan|Sudanese
SR|Suriname|Surinamese
SE|Sweden|Swedish
CH|Switzerland|Swiss
SY|Syria|Syrian
TW|Taiwan|Taiwanese
TJ|Tajikistan|Tajik
TZ|Tanzania|Tanzanian
TH|Thailand|Thai
TL|Timor-Leste|East Timor
TG|Togo|Togolese
TO|Tonga|Tongan
TT|Trinidad and Tobago|Trinidad|Trinidadian
TN|Tunisia|Tunisian
TR|Turkey|Türkiye|Turkish
TM|Turkmenistan|Turkmen
TC|Turks and Caicos
TV|Tuvalu
UG|Uganda|Ugandan
UA|Ukraine|Ukrainian
AE|United Arab Emirates|UAE|U.A.E.|Emirates|Emirati
GB|United Kingdom|UK|U.K.|Great Britain|Britain|British
US|United States|USA|U.S.|U.S.A.|America|United States of America|American|the States
UY|Uruguay|Uruguayan
UZ|Uzbekistan|Uzbek
VU|Vanuatu
VA|Vatican City|Vatican|Holy See
VE|Venezuela|Venezuelan
VN|Vietnam|Viet Nam|Vietnamese
YE|Yemen|Yemeni
ZM|Zambia|Zambian
ZW|Zimbabwe|Zimbabwean
"""

Row = tuple[str, str, tuple[str, ...]]
"""A code, its English name and other words for it."""


def _rows(text: str) -> tuple[Row, ...]:
    lines = (line.split("|") for line in text.strip().splitlines())
    return tuple((code, name, tuple(words)) for code, name, *words in lines)


STATES: tuple[Row, ...] = _rows(_STATES)
COUNTRIES: tuple[Row, ...] = _rows(_COUNTRIES)
