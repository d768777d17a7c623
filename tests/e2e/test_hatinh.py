#!/usr/bin/env python3
"""A year under decision 3713 of Ha Tinh, played through the real programs, against a recount that
knows the decision's words and the scenario's files, and nothing of programmes or the engine."""
import csv
import datetime
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
DONDOC = os.environ["DONDOC"]
SOURCE = os.environ["DONDOC_SOURCE"]
EXAMPLE = os.path.join(SOURCE, "examples", "hatinh-2014")
PATIENCE_S = 240
ZONE = datetime.timezone(datetime.timedelta(hours=7))
DAY = datetime.timedelta(days=1)
MADE = ("units.csv", "accounts.csv", "indicators.csv", "reports.csv", "acts.csv", "cycles", "papers")


def records(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def date(month, day, year=2014):
    return datetime.date(year, month, day)


def month_end(month):
    return date(12, 31) if month == 12 else date(month + 1, 1) - DAY


def instant(text):
    """With an offset, or at that of the province; "2014-03-14" is the first instant of that day."""
    at = datetime.datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ZONE)


def bound(last):
    """The first instant that is refused: the one after the last accepted day."""
    return instant((last + DAY).isoformat())


# ---- the words of the decision, section B.I

def before(day):
    return day - DAY


def reports_of(unit, sector):
    """(duty, last accepted day) of the year's reports."""
    if sector:  # "riêng các Sở ... báo cáo tuần": no weekday is said; the programme chooses Friday
        for week in range(1, 54):
            monday = datetime.date.fromisocalendar(2014, week, 1) if week <= 52 else date(12, 29)
            if monday.year == 2014 and (monday + 6 * DAY).year == 2014:
                yield "weekly/2014-W%02d" % week, monday + 4 * DAY
    for month in range(1, 13):  # "trước ngày 25 hàng tháng (trừ tháng 6 và tháng 12)"
        if month not in (6, 12):
            yield "monthly/2014-%02d" % month, before(date(month, 25))
    for quarter in range(1, 5):  # "ngày 20 của tháng cuối quý"
        yield "quarterly/2014-Q%d" % quarter, date(3 * quarter, 20)
    yield "half-year/2014-H1", before(date(5, 20))  # "trước ngày 20/5"
    yield "annual/2014", before(date(11, 20))  # "trước ngày 20/11"


def programme_of(unit):
    """(duty, last accepted day) of the work programme of 2014, opened on 2 January."""
    yield "register", date(1, 15)  # the cycle's own day: "trước ngày 15/11" had passed
    for quarter in range(1, 5):  # "chậm nhất vào ngày 15 của tháng cuối quý"
        yield "quarter-review/2014-Q%d" % quarter, date(3 * quarter, 15)
        yield "quarter-adjust/2014-Q%d" % quarter, date(3 * quarter, 15)
    for month in range(2, 13):  # "chậm nhất vào ngày 20 tháng trước": January's had passed
        yield "month-adjust/2014-%02d" % month, date(month - 1, 20)
    for month in range(1, 13):  # "hàng tháng, quý, sáu tháng và năm": the longer one of the two
        if month % 3:
            yield "follow-month/2014-%02d" % month, month_end(month)
    for quarter in (1, 3, 4):
        yield "follow-quarter/2014-Q%d" % quarter, month_end(3 * quarter)
    yield "follow-half/2014-H1", date(6, 30)
    yield "follow-year/2014", date(12, 31)


class Act:
    def __init__(self, row):
        self.at = instant(row["at"])
        self.account = row["account"]
        self.words = shlex.split(row["act"])
        self.refused = row["expect"]
        self.operands = []
        self.flags = {}
        words = list(self.words)
        while words:
            word = words.pop(0)
            if word.startswith("--"):
                value = words.pop(0) if words and not words[0].startswith("--") else ""
                self.flags.setdefault(word[2:], []).append(value)
            else:
                self.operands.append(word)

    def is_(self, *words):
        return not self.refused and self.operands[:len(words)] == list(words)

    def flag(self, name):
        return self.flags[name][-1]


class Year:
    """What the files say."""

    def __init__(self):
        self.units = {u["code"]: u for u in records(EXAMPLE, "units.csv")}
        self.parties = [u for u in self.units if self.units[u]["group"] in ("so", "huyen")]
        self.reporting = self.parties + ["bql-vung-ang", "bql-cau-treo"]
        self.acts = [Act(row) for row in records(EXAMPLE, "acts.csv")]
        self.received = {}
        for row in records(EXAMPLE, "reports.csv"):
            key = (row["cycle"] or "work-programme/2014", row["unit"],
                   "%s/%s" % (row["stage"], row["report"]))
            self.received.setdefault(key, instant(row["received_at"]))

    def bent(self, cycle, unit, duty, last):
        """The last accepted day after all extensions and suspensions; whether it was waived."""
        waived = None
        left = None
        for act in self.acts:
            if len(act.operands) < 5 or act.refused or act.operands[2:5] != [cycle, unit, duty]:
                continue
            verb, day = act.operands[1], act.at.date()
            if verb == "extend":
                last = datetime.date.fromisoformat(act.flag("to"))
            elif verb == "suspend":
                left = last - day
            elif verb == "resume":
                last = day + left
            elif verb == "waive":
                waived = act.at
        return last, waived

    def duty(self, cycle, unit, duty, last):
        last, waived = self.bent(cycle, unit, duty, last)
        met = self.received.get((cycle, unit, duty))
        if met is None:
            return bound(last), "waived" if waived else "missing", None
        return bound(last), "on_time" if met < bound(last) else "late", met

    def expected(self, cycle, units, of):
        return {(unit, name): self.duty(cycle, unit, name, last)
                for unit in units for name, last in of(unit)}


def play(scenario, out):
    environment = dict(os.environ, DONDOC_LANG="en", TMPDIR=os.path.dirname(out),
                       DONDOC_PROGRAMMES=os.path.join(SOURCE, "programmes"))
    return subprocess.run([DONDOC, "rehearse", scenario, "--export", out], env=environment,
                          capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def told(row):
    return (instant(row["bound"]) if row["bound"] else None, row["status"],
            instant(row["met"]) if row["met"] else None)


class Played(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="dondoc-hatinh-")
        cls.out = os.path.join(cls.temporary.name, "out")
        result = play(EXAMPLE, cls.out)
        assert result.returncode == 0, result.stderr
        cls.year = Year()
        cls.duties = {}
        for row in records(cls.out, "duties.csv"):
            cls.duties.setdefault(row["cycle"], {})[row["unit"], row["duty"]] = row
        cls.matters = {(m["cycle"], m["matter"]): m for m in records(cls.out, "matters.csv")}
        with open(os.path.join(cls.out, "acts.log"), encoding="utf-8") as log:
            parts = re.split(r"^acts\.csv:\d+ \S+ dondoc (.*)$", log.read(), flags=re.M)
        # The notifier writes at any time, so an act may also say that the log grew while it read.
        texts = [re.sub(r"^dondoc: .*\n", "", text, flags=re.M) for text in parts[2::2]]
        cls.printed = dict(zip(parts[1::2], texts))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def assert_duties(self, cycle, expected):
        found = {key: told(row) for key, row in self.duties[cycle].items() if key in expected}
        self.assertEqual(sorted(found), sorted(expected))
        for key in expected:
            self.assertEqual(found[key], expected[key], key)

    def test_every_report_of_the_year_stands_as_the_decision_says(self):
        sectors = {u for u in self.year.parties if self.year.units[u]["group"] == "so"}
        expected = self.year.expected("reports/2014", self.year.reporting,
                                      lambda unit: reports_of(unit, unit in sectors))
        self.assertEqual(len(expected), 51 * 18 + 16 * 32)
        self.assertEqual(sorted(expected), sorted(self.duties["reports/2014"]))
        self.assert_duties("reports/2014", expected)
        ends = {end for _, end, _ in expected.values()}
        self.assertEqual(ends, {"on_time", "late", "missing", "waived"})

    def test_the_work_programme_stands_as_the_decision_says(self):
        expected = self.year.expected("work-programme/2014", self.year.parties, programme_of)
        for unit in self.year.parties:  # handed in at 9:00 of the scenario's day
            day, _, _ = expected[unit, "register"]
            expected[unit, "register"] = day, "on_time", instant("2014-01-15T09:00")
        self.assert_duties("work-programme/2014", expected)
        others = set(self.duties["work-programme/2014"]) - set(expected)
        self.assertEqual({duty.split("/")[0] for _, duty in others}, {"consolidate", "decide", "item"})

    def test_schemes_are_done_in_time_late_or_not(self):
        expected, counts = {}, {}
        for row in records(EXAMPLE, "indicators.csv"):
            due = datetime.date.fromisoformat(row["due"])
            done = row["outcome"] in ("completed", "exceeded")
            met = instant(row["completed_on"] + "T17:00") if done else None
            end = "missing" if not done else "on_time" if met < bound(due) else "late"
            expected[row["unit"], "item/%s.1" % row["task"]] = bound(due), end, met
            count = counts.setdefault(row["unit"], [0, 0, 0])
            count[0] += 1
            count[1] += done
            count[2] += row["outcome"] == "unattainable"
        self.assert_duties("work-programme/2014", expected)
        summary = {row["unit"]: row for row in records(self.out, "summary.csv")}
        self.assertEqual(sorted(summary), sorted(self.year.parties))
        for unit, (registered, completed, unattainable) in counts.items():
            found = [int(summary[unit][c]) for c in ("registered_year", "completed", "unattainable")]
            self.assertEqual(found, [registered, completed, unattainable], unit)

    def test_one_item_stands_in_two_programmes(self):
        both = [told(self.duties[c]["so-noi-vu", "item/1.1"])
                for c in ("work-programme/2014", "resolution-list/2014")]
        self.assertEqual(both[0], both[1])
        self.assertEqual(both[0][2], instant("2014-07-08T17:00"))

    def test_lists_of_the_next_year_are_due_in_the_year_before(self):
        for cycle, duty, last in (("resolution-list/2015", "propose", before(date(10, 20))),
                                  ("work-programme/2015", "register", before(date(11, 15)))):
            for unit, end in (("so-noi-vu", "on_time"), ("so-tai-chinh", "late")):
                found = told(self.duties[cycle][unit, duty])
                self.assertEqual(found[:2], (bound(last), end), (cycle, unit))

    def answers(self, cycle, matter):
        """Who answered what, by the acts that were accepted."""
        return [(act.account, act.flags.get("choice", [""])[-1]) for act in self.year.acts
                if act.is_("matter", "answer", cycle, matter)]

    def test_ballots_pass_with_more_than_half_of_all_members(self):
        for number, passed in (("1", "not_passed"), ("2", "passed")):
            votes = [c for _, c in self.answers("ballots/2014", number) if c]
            yes = votes.count("yes")
            self.assertEqual(passed == "passed", 2 * yes > 9)
            matter = self.matters["ballots/2014", number]
            self.assertEqual([matter[c] for c in ("asked", "answered", "lapsed", "result")],
                             ["9", str(len(votes)), str(9 - len(votes)), passed])
        silent = [row for (unit, duty), row in self.duties["ballots/2014"].items()
                  if duty == "vote/1" and row["status"] == "lapsed"]
        self.assertEqual({row["silence"] for row in silent}, {"not-yes"})
        self.assertEqual(len(silent), 5)

    def test_who_is_silent_on_a_consultation_is_deemed_to_agree_and_named(self):
        answered = {unit for unit, choice in self.answers("consultations/2014", "1")
                    if choice in ("agree", "amend", "disagree")}
        for unit in ("so-tai-chinh", "so-tu-phap", "so-khdt", "so-y-te"):
            row = self.duties["consultations/2014"][unit, "opinion/1"]
            self.assertEqual(told(row)[0], bound(date(3, 14)))
            self.assertEqual(row["status"], "on_time" if unit in answered else "lapsed")
            self.assertEqual(row["silence"], "agrees")
        shown = self.printed["matter show consultations/2014 1"]
        self.assertRegex(shown, r"so-y-te +deemed agreed \(silent; responsible: Giám đốc Sở\)")

    def test_silence_on_a_quota_call_is_no_need(self):
        row = self.duties["quota-call/2014"]["so-tnmt", "register/1"]
        self.assertEqual((row["status"], row["silence"]), ("lapsed", "no-need"))
        matter = self.matters["quota-call/2014", "1"]
        self.assertEqual([matter[c] for c in ("asked", "answered", "lapsed")], ["4", "3", "1"])

    def test_papers_are_due_a_day_before_the_meeting(self):
        for owner, number, end in (("so-tai-chinh", 1, "on_time"), ("so-tnmt", 3, "late")):
            opened = [act for act in self.year.acts if act.is_("matter", "open", "meetings/2014", "meeting")
                      and act.account == owner][0]
            last = instant(opened.flag("at")).date() - DAY
            found = told(self.duties["meetings/2014"][owner, "papers/%d" % number])
            self.assertEqual(found[:2], (bound(last), end))
        self.assertEqual(self.matters["meetings/2014", "2"]["verdict"], "agree")
        self.assertEqual(self.matters["meetings/2014", "4"]["verdict"], "return")

    def test_one_notice_has_many_tasks_and_each_its_end(self):
        found = [(m["owner"], m["result"]) for (c, _), m in self.matters.items()
                 if c == "directives/2014" and m["kind"] == "task"]
        self.assertEqual(found, [("so-xay-dung", "completed"), ("so-gtvt", "completed"),
                                 ("so-tnmt", "unattainable"), ("ky-anh", "completed"),
                                 ("so-y-te", "open")])
        ends = [self.duties["directives/2014"][unit, "do/%d" % n]["status"]
                for n, (unit, _) in enumerate(found, 1)]
        self.assertEqual(ends, ["on_time", "late", "missing", "on_time", "missing"])

    def test_the_sums_of_figures_are_those_of_the_reports(self):
        keys = ("tasks", "done", "running", "late")
        for stage, period, estimates in (("quarterly", "2014-Q1", ""),
                                         ("half-year", "2014-H1", "done running late")):
            printed = self.printed["figures reports/2014 %s %s --csv" % (stage, period)]
            total = [row for row in csv.DictReader(io.StringIO(printed.lstrip()))
                     if not row["group"] and not row["unit"]][0]
            wanted = dict.fromkeys(keys, 0)
            count = 0
            for row in records(EXAMPLE, "reports.csv"):
                if (row["cycle"], row["stage"], row["report"]) != ("reports/2014", stage, period):
                    continue
                count += 1
                for word in row["figures"].split():
                    key, number = word.split("=")
                    wanted[key.rstrip("~")] += int(number)
            self.assertEqual({key: int(total[key]) for key in keys}, wanted)
            self.assertEqual(int(total["units"]), count)
            self.assertEqual(total["estimates"], estimates)
            self.assertEqual(wanted["tasks"], wanted["done"] + wanted["running"] + wanted["late"])

    def test_ends_add_up_to_what_was_expected(self):
        line = self.printed["duty count reports/2014"].strip().splitlines()[-1].split()
        counts = [int(number) for number in line[1:]]
        self.assertEqual(counts[0], len(self.duties["reports/2014"]))
        self.assertEqual(counts[0], sum(counts[1:]))

    def test_a_unit_that_ended_is_answered_for_by_its_successor(self):
        head, *lines = self.printed["duty list reports/2014 --unit bql-vung-ang"].strip().splitlines()
        self.assertIn("Duty", head)
        self.assertEqual(len(lines), 16)
        self.assertTrue(all(line.endswith("answered for by bql-kkt-tinh") for line in lines))
        accounts = {row["account"] for row in records(EXAMPLE, "reports.csv")
                    if row["unit"].startswith("bql-") and row["received_at"] >= "2014-10-01"}
        self.assertEqual(accounts, {"bql-kkt-tinh"})

    def test_the_correction_names_the_publication_which_stays(self):
        printed = self.printed["publication list vp-ubnd"]
        self.assertIn("corrected by 158/BC-VP", printed)
        self.assertIn("corrects 152/BC-VP", printed)

    def test_every_refusal_was_the_rule_that_the_scenario_names(self):
        refusals = sorted(act.refused for act in self.year.acts if act.refused)
        self.assertEqual(refusals, sorted([
            "item-elsewhere", "no-delegation", "no-delegation", "capacity", "requires", "figure-sum",
            "figure-sum", "four-eyes", "expired", "after-bound", "after-bound", "no-office",
            "exists-already", "reason-needed"]))


class Files(unittest.TestCase):
    def test_made_again_they_are_the_same(self):
        with tempfile.TemporaryDirectory() as out:
            subprocess.run([sys.executable, os.path.join(EXAMPLE, "make.py"), out], check=True)
            self.assertEqual(sorted(os.listdir(out)), sorted(MADE))
            for folder, _, names in os.walk(out):
                for name in names:
                    path = os.path.join(folder, name)
                    kept = os.path.join(EXAMPLE, os.path.relpath(path, out))
                    with open(path, "rb") as one, open(kept, "rb") as other:
                        self.assertEqual(one.read(), other.read(), kept)


if __name__ == "__main__":
    unittest.main()
