#!/usr/bin/env python3
"""A year of made-up key tasks with score sheets, classed under two decrees: played through the real
programs, against a recount in fractions that knows the decrees and the scenario's files alone."""
import csv
import fractions
import io
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
DONDOC = os.environ["DONDOC"]
SOURCE = os.environ["DONDOC_SOURCE"]
EXAMPLE = os.path.join(SOURCE, "examples", "scoring-2014")
PATIENCE_S = 240
CLASSES = ("excellent", "good", "completed", "not-completed")


def records(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def rounded(points):
    """Half up to the second place."""
    return fractions.Fraction(int(points * 100 + fractions.Fraction(1, 2)), 100)


class Party:
    def __init__(self, unit):
        self.unit, self.group = unit["code"], unit["group"]
        self.registered = self.completed = self.exceeded = self.late = self.missing = 0
        self.quality_failed = 0
        self.general = {}
        self.by = {}

    def take(self, row):
        self.registered += 1
        done = row["outcome"] in ("completed", "exceeded")
        self.completed += done
        self.exceeded += row["outcome"] == "exceeded"
        self.late += done and row["completed_on"] > row["due"]
        self.missing += not done

    def points_335(self):
        share = fractions.Fraction
        behind = self.late + self.missing
        everything = self.completed == self.registered and behind == 0
        return (rounded(14 * share(self.completed, self.registered))
                + rounded(14 * (1 - share(self.quality_failed, 4 * self.registered)))
                + rounded(14 * (1 - share(behind, 4 * self.registered)))
                + 14 + (14 if everything else 7) + self.general["approved-score"])

    def class_90(self):
        behind = self.late + self.missing
        whole = self.completed == self.registered
        if whole and 2 * self.exceeded >= self.registered and behind == 0:
            return "excellent"
        if whole and 10 * (self.registered - behind) >= 8 * self.registered:
            return "good"
        if 10 * self.completed > 7 * self.registered and 5 * behind <= self.registered:
            return "completed"
        return "not-completed"

    def class_335(self):
        points = self.points_335()
        return CLASSES[0 if points >= 90 else 1 if points >= 70 else 2 if points >= 50 else 3]


def cut(parties, first, better):
    """At most so many excellent as make 20 % of the good ones, those who fell counted; who is equal at
    the cut falls. `better` says how good an excellent one is."""
    result = dict(first)
    for group in {p.group for p in parties}:
        best = sorted((p for p in parties if p.group == group and first[p.unit] == "excellent"),
                      key=better, reverse=True)
        good = sum(p.group == group and first[p.unit] == "good" for p in parties)
        stay = 0
        for count in range(1, len(best) + 1):
            equal = count < len(best) and better(best[count - 1]) == better(best[count])
            if not equal and 5 * count <= good + len(best) - count:
                stay = count
        for party in best[stay:]:
            result[party.unit] = "good"
    return result


class Played(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="dondoc-scoring-")
        out = os.path.join(cls.temporary.name, "out")
        environment = dict(os.environ, DONDOC_LANG="en", TMPDIR=cls.temporary.name,
                           DONDOC_PROGRAMMES=os.path.join(SOURCE, "programmes"))
        result = subprocess.run([DONDOC, "rehearse", EXAMPLE, "--export", out], env=environment,
                                capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert result.returncode == 0, result.stderr
        with open(os.path.join(out, "acts.log"), encoding="utf-8") as log:
            parts = re.split(r"^acts\.csv:\d+ \S+ dondoc (.*)\n", log.read(), flags=re.M)
        # The notifier writes at any time, so an act may also say that the log grew while it read.
        rows = [re.sub(r"^dondoc: .*\n", "", text, flags=re.M) for text in parts[2::2]]
        cls.printed = [(act, list(csv.DictReader(io.StringIO(text))))
                       for act, text in zip(parts[1::2], rows) if act.startswith("score ")]
        cls.parties = {u["code"]: Party(u) for u in records(EXAMPLE, "units.csv")}
        for row in records(EXAMPLE, "indicators.csv"):
            cls.parties[row["unit"]].take(row)
        for row in records(EXAMPLE, "findings.csv"):
            cls.parties[row["unit"]].quality_failed = int(row["value"])
        for row in records(EXAMPLE, "acts.csv"):
            sheet = re.match(r"submit \S+ (\S+) --stage (\S+) --figure general=(\d+)", row["act"])
            if sheet and not row["expect"]:
                cls.parties[sheet[1]].general[sheet[2]] = int(sheet[3])

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def shown(self, *words):
        return {row["unit"]: row for act, rows in self.printed if all(w in act for w in words)
                for row in rows}

    def test_points_are_those_of_the_decree(self):
        shown = self.shown("score show", "decree-335")
        self.assertEqual(sorted(shown), sorted(self.parties))
        for unit, party in self.parties.items():
            self.assertEqual(fractions.Fraction(shown[unit]["points"]), party.points_335(), unit)

    def test_the_ceiling_holds_by_group_under_both_decrees(self):
        parties = list(self.parties.values())
        for words, first, better in (
                (("score show", "decree-90"), lambda p: p.class_90(), lambda p: 0),
                (("score show", "decree-335"), lambda p: p.class_335(), lambda p: p.points_335())):
            shown = self.shown(*words)
            by_condition = {p.unit: first(p) for p in parties}
            after = cut(parties, by_condition, better)
            for unit in self.parties:
                self.assertEqual(shown[unit]["by_condition"], by_condition[unit], (words, unit))
                self.assertEqual(shown[unit]["class"], after[unit], (words, unit))
            fell = [u for u in after if after[u] != by_condition[u]]
            self.assertTrue(fell)
            self.assertTrue(all(shown[u]["why"] == "ceiling" for u in fell))

    def test_both_decrees_side_by_side_say_who_changes_class(self):
        parties = list(self.parties.values())
        one = cut(parties, {p.unit: p.class_90() for p in parties}, lambda p: 0)
        two = cut(parties, {p.unit: p.class_335() for p in parties}, lambda p: p.points_335())
        compared = self.shown("score compare")
        for unit, row in compared.items():
            self.assertEqual((row["class_a"], row["class_b"]), (one[unit], two[unit]), unit)
            self.assertEqual(row["changes"], "yes" if one[unit] != two[unit] else "no", unit)
            self.assertTrue(row["changes"] == "no" or row["why_text_a"] or row["why_text_b"])
        changed = {u for u, row in compared.items() if row["changes"] == "yes"}
        self.assertEqual(changed, {"vp-ubnd", "huyen-e", "huyen-g"})

    def test_the_ranking_that_is_issued_names_the_excellent(self):
        issued = {row["unit"] for row in records(EXAMPLE, "ranking.csv")}
        shown = self.shown("score show", "decree-335")
        self.assertEqual(issued, {u for u, row in shown.items() if row["class"] == "excellent"})

    def test_made_again_the_files_are_the_same(self):
        with tempfile.TemporaryDirectory() as out:
            subprocess.run([sys.executable, os.path.join(EXAMPLE, "make.py"), out], check=True)
            for name in os.listdir(out):
                with open(os.path.join(out, name), "rb") as one, \
                        open(os.path.join(EXAMPLE, name), "rb") as other:
                    self.assertEqual(one.read(), other.read(), name)


if __name__ == "__main__":
    unittest.main()
