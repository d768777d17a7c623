#!/usr/bin/env python3
"""Makes the bulk of the scenario: units, accounts, indicators, reports, acts, the scoring cycle, what
people found. The same bytes each time. Usage: make.py [OUT], by default into its own folder."""
import csv
import os
import sys

# unit, name, group, how its five indicators went (e exceeded, c completed, l completed late, n not),
# general points: self, appraised, approved
UNITS = [("so-noi-vu", "Sở Nội vụ", "so", "eeecc", (30, 29, 29)),
         ("so-tai-chinh", "Sở Tài chính", "so", "ccccc", (30, 26, 25)),
         ("so-y-te", "Sở Y tế", "so", "ccccc", (28, 25, 24)),
         ("so-gddt", "Sở Giáo dục và Đào tạo", "so", "ccccl", (28, 26, 26)),
         ("so-khcn", "Sở Khoa học và Công nghệ", "so", "ccclc", (27, 25, 25)),
         ("so-tu-phap", "Sở Tư pháp", "so", "cclcc", (27, 26, 26)),
         ("vp-ubnd", "Văn phòng UBND tỉnh", "so", "cccnn", (26, 22, 20)),
         ("huyen-a", "Huyện A", "huyen", "eeecc", (30, 30, 30)),
         ("huyen-b", "Huyện B", "huyen", "eeecc", (30, 29, 28)),
         ("huyen-c", "Huyện C", "huyen", "cccce", (25, 20, 19)),
         ("huyen-d", "Huyện D", "huyen", "ccccl", (28, 24, 24)),
         ("huyen-e", "Huyện E", "huyen", "cccln", (30, 24, 22)),
         ("huyen-g", "Huyện G", "huyen", "clnnn", (24, 15, 12))]
DUE = ("2014-03-31", "2014-05-31", "2014-06-30", "2014-08-31", "2014-10-31")
DONE = ("2014-03-20", "2014-05-20", "2014-06-20", "2014-08-20", "2014-10-20")
LATE = ("2014-04-10", "2014-06-10", "2014-07-10", "2014-09-10", "2014-11-10")
QUALITY_FAILED = {"so-gddt": 1}
SHEETS = "key-tasks-scoring/2014"

CYCLE = """programme: key-tasks-scoring
period: "2014"
host: ubnd
from: 2014-01-01
to: 2015-01-31
dates:
  - {name: self-score, day: 2015-01-09}
  - {name: appraised-score, day: 2015-01-16}
  - {name: approved-score, day: 2015-01-23}
appraisers: [so-noi-vu, vp-ubnd]
approvers: [chu-tich]
parties:
"""


def indicators():
    for unit, _, _, fates, _ in UNITS:
        for number, fate in enumerate(fates):
            outcome = {"e": "exceeded", "c": "completed", "l": "completed", "n": "not_completed"}[fate]
            on = {"l": LATE, "n": LATE}.get(fate, DONE)[number]
            yield (unit, number + 1, "own", 1, "Chỉ tiêu %d" % (number + 1), "việc", 1, DUE[number],
                   outcome, on)


def sheet(at, account, unit, stage, general, results):
    act = "submit %s %s --stage %s --figure general=%d --figure results=%d --figure total=%d" % (
        SHEETS, unit, stage, general, results, general + results)
    return at, account, act, ""


def acts():
    rows = [("2014-01-06T09:00", "administrator", "calendar put 2015", ""),
            ("2014-01-06T09:00", "administrator",
             "programme put ../../programmes/key-tasks-scoring.yaml", ""),
            ("2014-12-22T09:00", "administrator", "cycle open scoring.yaml", "")]
    for unit, _, _, _, (own, _, _) in UNITS:
        rows.append(sheet("2015-01-08T09:00", unit, unit, "self-score", own, 70))
    rows.append(("2015-01-09T09:00", "huyen-g", "submit %s huyen-g --stage self-score --figure general=31"
                 " --figure results=70 --figure total=101" % SHEETS, "figure-at-most"))
    rows.append(("2015-01-14T09:00", "so-noi-vu", "submit %s so-noi-vu --stage appraised-score"
                 " --figure general=30 --figure results=70 --figure total=100" % SHEETS, "four-eyes"))
    for unit, _, _, _, (_, appraised, _) in UNITS:
        appraiser = "vp-ubnd" if unit == "so-noi-vu" else "so-noi-vu"
        rows.append(sheet("2015-01-15T09:00", appraiser, unit, "appraised-score", appraised, 68))
    for unit, _, _, _, (_, _, approved) in UNITS:
        rows.append(sheet("2015-01-22T09:00", "chu-tich", unit, "approved-score", approved, 65))
    facts = " --cycle key-tasks/2014 --period year --as-of 2014-12-31 --findings findings.csv"
    sheets = " --sheets " + SHEETS
    for decree, points in (("90-2020", ""), ("335-2025", sheets)):
        rows.append(("2015-01-26T09:00", "kiem-toan", "score show --rules ../../scores/decree-%s.yaml%s --csv"
                     % (decree, facts + points), ""))
    rows.append(("2015-01-26T09:00", "kiem-toan",
                 "score compare --rules ../../scores/decree-90-2020.yaml"
                 " --rules ../../scores/decree-335-2025.yaml%s --csv" % (facts + sheets), ""))
    rows.append(("2015-01-28T09:00", "so-noi-vu", "publication issue so-noi-vu 07/BC-SNV --kind ranking"
                 " --title 'Xếp loại người đứng đầu năm 2014' --date 2015-01-28 --file ranking.csv"
                 " --cycle key-tasks/2014 --period year --as-of 2014-12-31", ""))
    return rows


def table(out, name, columns, rows):
    with open(os.path.join(out, name), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    table(out, "units.csv", ("code", "name", "group", "ordinal", "parent", "head_title"),
          [(u[0], u[1], u[2], n, "", "") for n, u in enumerate(UNITS, 1)])
    table(out, "accounts.csv", ("code", "unit", "role"), [("kiem-toan", "", "auditor")])
    table(out, "indicators.csv", ("unit", "task", "kind", "indicator", "title", "unit_of_measure",
                                  "target", "due", "outcome", "completed_on"), indicators())
    table(out, "reports.csv", ("unit", "report", "received_at"),
          [(u[0], "year", "2014-12-15T%02d:00" % (8 + n % 8)) for n, u in enumerate(UNITS)])
    table(out, "acts.csv", ("at", "account", "act", "expect"), acts())
    table(out, "findings.csv", ("unit", "fact", "value"),
          [(unit, "quality_failed", count) for unit, count in QUALITY_FAILED.items()])
    table(out, "ranking.csv", ("unit", "class"), [("so-noi-vu", "excellent")])
    with open(os.path.join(out, "scoring.yaml"), "w", encoding="utf-8") as file:
        file.write(CYCLE + "".join("  - {unit: %s}\n" % u[0] for u in UNITS))


if __name__ == "__main__":
    main()
