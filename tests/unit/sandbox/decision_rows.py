"""The documented rows of the decision table (contract 6.5); rows that the documentation leaves open are not here.

A row: number, the prerequisite that fails, override, preferences on, external, hosted, recurring, my status, verdict.
"""

from typing import NamedTuple

FLAGS = {
    "EX": "record_external",
    "IN": "record_internal",
    "NH": "record_non_host",
    "RC": "record_recurring",
    "CF": "record_confirmed",
    "OH": "record_only_host",
}


class Row(NamedTuple):
    number: int
    fails: str | None
    override: bool | None
    on: tuple[str, ...]
    external: bool | None
    hosted: bool
    recurring: bool
    status: str
    record: bool


_TABLE = """
 1 link      -     EX+IN             Y N N accepted       no
 2 link      true  EX+IN             Y N N accepted       no
 3 whole_day -     EX+IN             Y N N accepted       no
 4 whole_day true  -                 Y N N accepted       no
 5 end       -     EX+IN             Y N N accepted       no
 6 cancelled -     EX+IN             Y N N accepted       no
 7 cancelled true  EX+IN             Y N N accepted       no
 8 over      -     EX+IN             Y N N accepted       no
 9 over      true  EX+IN             Y N N accepted       no
10 over      false EX+IN             Y N N accepted       no
11 -         true  -                 Y N N accepted       RECORD
12 -         true  IN                Y N N accepted       RECORD
13 -         true  EX+OH             Y N N accepted       RECORD
14 -         true  EX+IN+CF          Y N N declined       RECORD
15 -         false EX+IN             Y N N accepted       no
16 -         false -                 Y N N accepted       no
17 -         -     -                 Y N N accepted       no
18 -         -     -                 N Y N accepted       no
19 -         -     EX                Y N N accepted       RECORD
20 -         -     EX                N N N accepted       no
21 -         -     IN                N N N accepted       RECORD
22 -         -     IN                Y N N accepted       no
23 -         -     NH                Y N N accepted       RECORD
24 -         -     NH                Y Y N accepted       no
25 -         -     RC                Y N Y accepted       RECORD
26 -         -     RC                Y N N accepted       no
27 -         -     EX+IN             Y N N accepted       RECORD
28 -         -     EX+IN             N N N accepted       RECORD
29 -         -     EX+IN             Y N N declined       RECORD
30 -         -     EX+IN             N N N tentative      RECORD
31 -         -     EX+IN             N Y N accepted       RECORD
32 -         -     EX+IN+OH          Y Y N accepted       RECORD
33 -         -     EX+IN+OH          N Y N accepted       RECORD
34 -         -     EX+IN+OH          Y N N accepted       no
35 -         -     EX+IN+OH          N N N accepted       no
36 -         -     EX+IN+CF          Y N N accepted       RECORD
37 -         -     EX+IN+CF          Y N N tentative      no
38 -         -     EX+IN+CF          N N N declined       no
39 -         -     EX+IN+CF          N N N not_available  no
41 -         -     EX+IN+CF+OH       Y Y N accepted       RECORD
42 -         -     EX+IN+CF+OH       Y Y N tentative      no
43 -         -     EX+IN+CF+OH       Y N N accepted       no
44 -         -     EX+CF             Y N N accepted       RECORD
45 -         -     EX+CF             Y N N declined       no
46 -         -     EX+OH             Y Y N accepted       RECORD
47 -         -     EX+OH             Y N N accepted       no
48 -         -     IN+OH             N Y N accepted       RECORD
49 -         -     IN+OH             Y Y N accepted       no
50 -         -     EX+RC             Y N Y accepted       RECORD
53 -         -     EX+RC             N N N accepted       no
54 -         -     NH+EX             Y N N accepted       RECORD
57 -         -     NH+RC             Y N Y accepted       RECORD
61 -         -     NH+OH             Y Y N accepted       no
62 -         -     NH+OH             Y N N accepted       no
64 -         -     NH+EX+OH          Y N N accepted       no
66 -         -     CF                Y N N declined       no
68 -         -     OH                Y N N accepted       no
72 -         -     NH+EX+IN+RC+CF+OH Y N Y accepted       no
76 -         true  EX                ? N N accepted       RECORD
"""
_WORDS = {"Y": True, "N": False, "?": None, "true": True, "false": False, "-": None}


def _row(line: str) -> Row:
    number, fails, override, on, external, hosted, recurring, status, verdict = line.split()
    flags = () if on == "-" else tuple(FLAGS[short] for short in on.split("+"))
    return Row(
        number=int(number),
        fails=None if fails == "-" else fails,
        override=_WORDS[override],
        on=flags,
        external=_WORDS[external],
        hosted=bool(_WORDS[hosted]),
        recurring=bool(_WORDS[recurring]),
        status=status,
        record=verdict == "RECORD",
    )


ROWS = [_row(line) for line in _TABLE.strip().splitlines()]
