"""Invented names of companies, people and meetings."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _titles(text: str) -> tuple[str, ...]:
    return tuple(" ".join(title.split()) for title in text.split("|"))


FIRST = _words("""
    Dana Lee Maya Omar Priya Jonas Aiko Tomás Ines Lukas Nadia Peter Ruth Samir Elena Victor Grace Hugo Leila
    Marcus Noor Olga Paulo Quinn Rosa Sven Tara Umar Vera Wei Yara Zane Anna Ben Clara David Emma Felix Hana Ivan
    Julia Karim Laura Miguel Nina Oscar Petra Rafael Sofia Theo
""")
LAST = _words("""
    Ortiz Park Schneider Haddad Rao Lindqvist Tanaka Alvarez Moreau Weber Petrov Novak Cohen Rahman Costa Bianchi
    Okafor Larsen Karimi Fischer Ahmed Ivanova Silva Brooks Marino Nilsson Shah Qureshi Kowalski Zhang Nasser
    Walker Becker Young Dubois Evans Ferrari Gruber Mori Horvat Keller Aziz Lopez Mendes Nowak Olsen Pavlova Reyes
    Santos Vogel
""")
PLACES = _words("""
    North Bright Silver Harbor River Stone Blue Cedar Summit Clear Iron Golden Quiet Maple Orchard Granite Coral
    Amber Willow Falcon Lantern Copper Meadow Atlas Juniper Prairie Beacon Cobalt Ember Saffron
""")
TRADES = _words("""
    wind water line bridge field works gate point peak grove ware forge light trail crest yard loom bay mark leaf
    stone path port vale side way mill house craft ridge
""")
PARTNERS = _words("""
    partnerly cliento vendora buyerhub supplyx acquiro studiomint lawfirm agencyone resellix hospitalix bankora
    insurio retailix logisto mediaco foodora schoolix cityhall consulty
""")
PUBLIC_MAIL = (
    ("gmail.com", "google"),
    ("outlook.com", "microsoft"),
    ("gmail.com", "google"),
    ("hotmail.com", "microsoft"),
)
"""Domain and provider."""
ZONES = _words("""
    America/Los_Angeles America/New_York America/Chicago Europe/London Europe/Berlin Europe/Paris Asia/Tokyo
    Asia/Kolkata Australia/Sydney America/Sao_Paulo
""")
TEAMS = _words("Product Sales Platform Success Marketing Design Finance Support Data People")

INTERNAL_TITLES = _titles("""
    Roadmap review | Sprint planning | Retrospective | Design review | Hiring sync | Incident review | Budget
    check | Pipeline review | Launch prep | Architecture discussion | Onboarding session | Interview debrief |
    Quarterly planning | Demo dry run | Docs working session | Support handover | Pricing discussion | Bug triage
    | Content planning | Security review
""")
EXTERNAL_TITLES = _titles("""
    Intro call | Discovery call | Product demo | Contract review | Kick-off | Quarterly business review | Renewal
    discussion | Implementation check-in | Technical deep dive | Security questionnaire | Proposal walk-through |
    Success plan | Training session | Partner sync | Pilot review | Pricing call | Executive briefing | Migration
    planning | Case study interview | Vendor check-in
""")
HOLD_TITLES = _titles("Focus time | Lunch | Coffee, 2nd floor | Dentist | School run | Gym | Commute | Office hours")
WHOLE_DAY_TITLES = _titles("Company holiday | Offsite (all day) | On call | Out of office | Trade fair | Release day")
NON_LATIN_TITLES = _titles("""
    週次ミーティング | プロジェクト定例(𠮷野) | 季度业务回顾 | 주간 회의 | Еженедельная встреча |
    Εβδομαδιαία συνάντηση | اجتماع أسبوعي | פגישה שבועית | साप्ताहिक बैठक | การประชุมประจำสัปดาห์ |
    Réunion d’équipe – été | 👩‍👩‍👧 Family day 🎉
""")
HOSTILE_TITLES = (
    "<script>alert(1)</script> sync",
    "<img src=x onerror=alert(1)> review",
    "![logo](https://tracker.example/pixel.png) weekly",
    "[Click to confirm](https://phish.example/login)",
    '=HYPERLINK("https://phish.example","Open agenda")',
    "+1-800-555-0100 dial-in",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-- DROP TABLE meetings; sync",
    "Line one\nLine two\tTabbed",
    "Nul\u0000 and bell\u0007 and separator\u2028end",
    "\u202eevil\u202c \u2066isolated\u2069 sync",
    "\ufeffBOM first",
    "$\\frac{a}{b}$ :red[colour] `code` | pipe",
    "Very long " + "agenda item, " * 100 + "end",
)
DESCRIPTIONS = (
    "",
    "",
    "",
    "Agenda to follow.",
    "<p>Please join by the link.<br>Notes are in the <b>doc</b>.</p>",
)
