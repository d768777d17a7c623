#!/usr/bin/env python3
"""`dondoc duty calendar`: every wording of decision 3713/QD-UBND, written as a programme's file,
gives the bounds that Python's datetime reckons by itself; and so do the programmes that are shipped.
No server runs, and there is no key."""
import calendar
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from datetime import date, timedelta

sys.dont_write_bytecode = True
DONDOC = os.environ["DONDOC"]
SOURCE = os.environ["DONDOC_SOURCE"]
YEARS = (2013, 2014, 2016, 2026, 2099, 2100)
HEADER = ["programme", "duty", "period", "bound"]
DAY = timedelta(days=1)


def last_of(year, month):
    return date(year, month, calendar.monthrange(year, month)[1])


def bound(first_refused, offset="+07:00"):
    return "%sT00:00:00%s" % (first_refused.isoformat(), offset)


def weeks(year):
    """ISO weeks around the year, as (name, its Monday)."""
    monday = date.fromisocalendar(year - 1, 1, 1)
    while monday.year <= year + 1:
        iso = monday.isocalendar()
        yield "%d-W%02d" % (iso[0], iso[1]), monday
        monday += 7 * DAY


def months(year):
    return [("%d-%02d" % (y, m), y, m) for y in (year - 1, year, year + 1) for m in range(1, 13)]


def quarters(year):
    return [("%d-Q%d" % (y, q), y, q) for y in (year - 1, year, year + 1) for q in range(1, 5)]


def month_before(year, month):
    return (year - 1, 12) if month == 1 else (year, month - 1)


# Each wording: the process, the law's words, the deadline, and what datetime makes of it: pairs of
# a period and the first refused day, of which those of the year asked for are expected.
WORDINGS = [
    ("P15", "trước ngày 15/11 hằng năm, chương trình năm sau",
     "{word: before, every: year, year: previous, month: 11, day: 15}",
     lambda y: [(str(y + 1), date(y, 11, 15))]),
    ("P16", "trước ngày 20/10 năm trước",
     "{word: before, every: year, year: previous, month: 10, day: 20}",
     lambda y: [(str(y + 1), date(y, 10, 20))]),
    ("P17", "chậm nhất vào ngày 15 của tháng cuối quý",
     "{word: by, every: quarter, month: last, day: 15}",
     lambda y: [(n, date(a, 3 * q, 16)) for n, a, q in quarters(y)]),
    ("P18", "chậm nhất vào ngày 20 tháng trước",
     "{word: by, every: month, month: previous, day: 20}",
     lambda y: [(n, date(*month_before(a, m), 21)) for n, a, m in months(y)]),
    ("P20a", "hằng tháng: ngày cuối tháng",
     "{word: by, every: month, day: 31}",
     lambda y: [(n, last_of(a, m) + DAY) for n, a, m in months(y)]),
    ("P20b", "6 tháng: ngày cuối kỳ",
     "{word: by, every: half, month: last, day: 31}",
     lambda y: [("%d-H2" % (y - 1), date(y, 1, 1)), ("%d-H1" % y, date(y, 7, 1))]),
    ("P21", "báo cáo tuần, thứ Sáu",
     "{word: by, every: week, weekday: friday}",
     lambda y: [(n, monday + 5 * DAY) for n, monday in weeks(y)]),
    ("P22", "trước ngày 25 hằng tháng, trừ tháng 6 và tháng 12",
     "{word: before, every: month, day: 25, except: [6, 12]}",
     lambda y: [(n, date(a, m, 25)) for n, a, m in months(y) if m not in (6, 12)]),
    ("P23", "ngày 20 của tháng cuối quý",
     "{word: \"on\", every: quarter, month: last, day: 20}",
     lambda y: [(n, date(a, 3 * q, 21)) for n, a, q in quarters(y)]),
    ("P24", "trước ngày 20/5: báo cáo 6 tháng",
     "{word: before, every: half, month: 5, day: 20, only: [1]}",
     lambda y: [("%d-H1" % y, date(y, 5, 20))]),
    ("P25", "trước ngày 20/11: báo cáo năm",
     "{word: before, every: year, month: 11, day: 20}",
     lambda y: [(str(y), date(y, 11, 20))]),
    ("P34", "trước ngày 25 của tháng trước",
     "{word: before, every: month, month: previous, day: 25}",
     lambda y: [(n, date(*month_before(a, m), 25)) for n, a, m in months(y)]),
    ("P40a", "trong tháng 11",
     "{word: by, every: month, day: 30, only: [11]}",
     lambda y: [("%d-11" % y, date(y, 12, 1))]),
    ("P40b", "trong năm",
     "{word: by, every: year, month: last, day: 31}",
     lambda y: [(str(y - 1), date(y, 1, 1))]),
    ("end", "ngày 30 hằng tháng: tháng Hai lấy ngày cuối",
     "{word: by, every: month, day: 30}",
     lambda y: [(n, min(date(a, m, 28) + 2 * DAY, last_of(a, m)) + DAY if m == 2
                 else date(a, m, 30) + DAY) for n, a, m in months(y)]),
    ("monday", "trước thứ Hai tuần sau",
     "{word: before, every: week, week: next, weekday: monday}",
     lambda y: [(n, monday + 7 * DAY) for n, monday in weeks(y)]),
]


def programme(stages, code="trial"):
    lines = ["code: %s" % code, "version: 1", "name: {vi: Thử, en: Trial}", "stages:"]
    for key, rest in stages:
        lines.append("  - {key: %s, act: report, by: head, %s}" % (key, rest))
    return "\n".join(lines) + "\n"


class Runs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="dondoc-calendar-")
        self.addCleanup(self.folder.cleanup)

    def path(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run_dondoc(self, *words):
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith("DONDOC_") and name not in ("LANG", "LC_ALL")}
        return subprocess.run([DONDOC, "duty", "calendar", *words], env=clean, text=True,
                              capture_output=True, timeout=60, check=False)

    def rows(self, file, year, *words):
        done = self.run_dondoc(file, "--year", str(year), "--csv", *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        rows = list(csv.reader(io.StringIO(done.stdout)))
        self.assertEqual(rows[0], HEADER)
        return rows[1:]

    def bounds(self, stages, year, *words):
        """(duty, period, bound) of the stages, whose deadlines are written out."""
        file = self.path("trial.yaml", programme(stages))
        rows = self.rows(file, year, *words)
        self.assertTrue(all(row[0] == "trial" for row in rows))
        return [tuple(row[1:]) for row in rows]


class Calendar(Runs):
    def test_every_wording_alone_gives_what_datetime_gives(self):
        for key, law, deadline, reckon in WORDINGS:
            for year in YEARS:
                with self.subTest(key=key, law=law, year=year):
                    expected = sorted((day, period) for period, day in reckon(year)
                                      if day.year == year)
                    self.assertTrue(expected)
                    self.assertEqual(self.bounds([(key, "deadline: " + deadline)], year),
                                     [(key, period, bound(day)) for day, period in expected])

    def test_all_wordings_together_are_in_order_of_bound_then_of_the_file(self):
        for year in YEARS:
            expected = []
            for place, (key, _, _, reckon) in enumerate(WORDINGS):
                expected += [(day, place, period, key) for period, day in reckon(year)
                             if day.year == year]
            found = self.bounds([(key, "deadline: " + deadline)
                                 for key, _, deadline, _ in WORDINGS], year)
            self.assertEqual(found, [(key, period, bound(day))
                                     for day, _, period, key in sorted(expected)])

    def test_what_no_rule_dates_stands_once_and_last(self):
        file = self.path("trial.yaml", """\
code: trial
version: 1
name: {vi: Thử}
matters:
  - {code: meeting, name: {vi: Cuộc họp}, opened_by: officer, needs: at}
stages:
  - {key: alert, act: report, by: head, any_time: true}
  - {key: asked, act: report, by: head, deadline: {word: by}}
  - {key: annual, act: report, by: head,
     deadline: {word: before, every: year, month: 11, day: 20}}
  - {key: dated, act: report, by: head, deadline: {word: by, date: plan}}
  - {key: papers, act: answer, by: officer, of: meeting, deadline: {days: 1, before: at}}
""")
        self.assertEqual(self.rows(file, 2014), [
            ["trial", "annual", "2014", "2014-11-20T00:00:00+07:00"], ["trial", "alert", "", ""],
            ["trial", "asked", "", ""], ["trial", "dated", "", ""], ["trial", "papers", "", ""]])

    def test_a_period_of_another_year_counts_where_its_bound_lies(self):
        stage = [("year", "deadline: {word: by, every: year, month: last, day: 31}")]
        self.assertEqual(self.bounds(stage, 2014), [("year", "2013", "2014-01-01T00:00:00+07:00")])
        stage = [("month", "deadline: {word: by, every: month, month: next, day: 10}")]
        found = self.bounds(stage, 2014)
        self.assertEqual(len(found), 12)
        self.assertEqual(found[0], ("month", "2013-12", "2014-01-11T00:00:00+07:00"))
        self.assertEqual(found[-1], ("month", "2014-11", "2014-12-11T00:00:00+07:00"))

    def test_the_local_offset_is_said_and_changes_no_day(self):
        stage = [("annual", "deadline: {word: before, every: year, month: 11, day: 20}")]
        self.assertEqual(self.bounds(stage, 2014, "--offset", "-03:30"),
                         [("annual", "2014", "2014-11-20T00:00:00-03:30")])
        self.assertEqual(self.bounds(stage, 2014, "--offset", "Z"),
                         [("annual", "2014", "2014-11-20T00:00:00+00:00")])

    def test_both_or_the_longer_one(self):
        month = "deadline: {word: before, every: month, day: 25, except: [6, 12]}"
        quarter = "deadline: {word: \"on\", every: quarter, month: last, day: 20}"
        for owed, absent in (("both", set()), ("longer", {"2014-03", "2014-09"})):
            found = self.bounds([("m", month + ", overlap: {with: q, owed: %s}" % owed),
                                 ("q", quarter)], 2014)
            periods = {period for duty, period, _ in found if duty == "m"}
            self.assertEqual(periods, {"2014-%02d" % m for m in range(1, 13)}
                             - {"2014-06", "2014-12"} - absent)
            self.assertEqual(len([duty for duty, _, _ in found if duty == "q"]), 4)

    def test_a_rule_that_rolls_goes_over_holidays_to_make_up_days(self):
        off = {date(2014, 1, 28) + n * DAY for n in range(9)}
        off |= {date(2014, 4, 30), date(2014, 5, 1)}
        worked = {date(2014, 4, 26), date(2014, 8, 30)}
        days = self.path("days.csv", "date,kind,name\n" + "".join(
            "%s,%s,x\n" % (day, "workday" if day in worked else "holiday")
            for day in sorted(off | worked, reverse=True)))
        stage = [("m", "deadline: {word: by, every: month, day: 30, roll: true}")]
        expected = []
        for name, year, month in months(2014):
            day = min(date(year, month, 28) + 2 * DAY, last_of(year, month))
            while day in off or (day.weekday() > 4 and day not in worked):
                day += DAY
            if (day + DAY).year == 2014:
                expected.append(("m", name, bound(day + DAY)))
        self.assertEqual(self.bounds(stage, 2014, "--calendar", days), expected)
        file = self.path("trial.yaml", programme(stage))
        done = self.run_dondoc(file, "--year", "2014", "--csv")
        self.assertIn("weekends alone", done.stderr)
        self.assertIn("2014-08,2014-09-02T00:00:00+07:00", done.stdout)

    def test_json_says_more(self):
        file = self.path("trial.yaml", programme([
            ("m", "name: {vi: Tháng, en: Month}, deadline: {word: before, every: month, day: 25, "
             "only: [2], closing: {day: 14}}"), ("asked", "deadline: {word: by}")]))
        done = self.run_dondoc(file, "--year", "2014", "--json", "--lang", "en")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout), {
            "programme": "trial", "version": 1, "year": 2014, "duties": [
                {"duty": "m", "name": "Month", "period": "2014-02", "last_day": "2014-02-24",
                 "bound": "2014-02-25T00:00:00+07:00", "closing": "2014-02-14"},
                {"duty": "asked", "name": "asked", "period": None, "last_day": None,
                 "bound": None, "closing": None}]})

    def test_people_get_a_table_in_their_language(self):
        file = self.path("trial.yaml", programme([
            ("m", "name: {vi: Báo cáo tháng}, deadline: {word: before, every: month, day: 25, "
             "closing: {day: 14}}")]))
        lines = self.run_dondoc(file, "--year", "2014").stdout.splitlines()
        self.assertEqual(lines[0], "Thử (trial, 1), 2014")
        self.assertTrue(lines[2].startswith("Nghĩa vụ"))
        self.assertEqual(lines[3].split(), ["m", "Báo", "cáo", "tháng", "2014-01", "2014-01-24",
                                            "2014-01-25T00:00:00+07:00", "2014-01-14"])
        self.assertEqual({line.index("2014-") for line in lines[3:]}, {lines[2].index("Kỳ")})
        self.assertEqual(len(lines), 3 + 12)
        english = self.run_dondoc(file, "--year", "2014", "--lang", "en").stdout
        self.assertTrue(english.startswith("Trial (trial, 1), 2014\n\nDuty"))

    def test_wrong_usage_and_wrong_files_are_told_apart(self):
        file = self.path("trial.yaml", programme([("m", "deadline: {word: by}")]))
        for words in ((file,), (file, "--year", "1969"), (file, "--year", "9998"),
                      (file, "--year", "x"), (file, "--year", "2014", "--csv", "--json"), ()):
            done = self.run_dondoc(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertTrue(done.stderr)
        for year in ("1970", "9997"):
            self.assertEqual(self.run_dondoc(file, "--year", year).returncode, 0)
        stage = [("m", "deadline: {word: by, every: month, day: 32}")]
        bad = self.path("bad.yaml", programme(stage))
        done = self.run_dondoc(bad, "--year", "2014")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("bad.yaml:5:", done.stderr)
        self.assertEqual(self.run_dondoc(file + "x", "--year", "2014").returncode, 1)
        twice = self.path("days.csv", "date,kind\n2014-01-01,holiday\n2014-01-01,holiday\n")
        done = self.run_dondoc(file, "--year", "2014", "--calendar", twice)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("stands twice", done.stderr)
        wrong = self.path("days.csv", "date,kind\n2014-02-30,holiday\n2014-01-01,feast\n")
        done = self.run_dondoc(file, "--year", "2014", "--calendar", wrong)
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (1, 2))

    def test_the_last_years_of_all_are_reckoned(self):
        deadline = "deadline: {word: by, every: year, year: previous, month: 12, day: 31}"
        self.assertEqual(self.bounds([("y", deadline)], 9997),
                         [("y", "9997", "9997-01-01T00:00:00+07:00")])
        deadline = "deadline: {word: by, every: year, year: previous, month: 11, day: 31}"
        self.assertEqual(self.bounds([("y", deadline)], 9997),
                         [("y", "9998", "9997-12-01T00:00:00+07:00")])


class Shipped(Runs):
    """The deadlines of P15 to P29, P34 and P40 come out of the programmes that are shipped: each
    pair of a period and a bound stands in one of them."""

    FILES = {
        "work-programme.yaml": ("P15", "P17", "P18"),
        "resolution-list.yaml": ("P16",),
        "reports.yaml": ("P21", "P22", "P23", "P24", "P25"),
        "direction-review.yaml": ("P24", "P25"),
        "meetings.yaml": ("P34",),
        "scheme-3713.yaml": ("P40b",),
    }

    def test_the_shipped_programmes_have_the_deadlines_of_the_source(self):
        wordings = {key: reckon for key, _, _, reckon in WORDINGS}
        for name, keys in self.FILES.items():
            file = os.path.join(SOURCE, "programmes", name)
            for year in (2014, 2016):
                found = {tuple(row[2:]) for row in self.rows(file, year)}
                for key in keys:
                    with self.subTest(file=name, key=key, year=year):
                        expected = {(period, bound(day)) for period, day in wordings[key](year)
                                    if day.year == year}
                        self.assertLessEqual(expected, found)

    def test_what_was_ordered_for_2013_alone_is_due_then_alone(self):
        file = os.path.join(SOURCE, "programmes", "scheme-3713.yaml")
        november = ("2013-11", "2013-12-01T00:00:00+07:00")
        self.assertIn(november, {tuple(row[2:]) for row in self.rows(file, 2013)})
        self.assertNotIn("2014-11", {row[2] for row in self.rows(file, 2014)})


if __name__ == "__main__":
    unittest.main()
