#!/usr/bin/env python3
"""The example is what its figures make it: its files are made again and compared byte for byte, and
an independent recount of the scenario gives the figures of the source for each of the 35 agencies."""
import csv
import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "..", "..", "examples", "bacgiang-2013")
MADE = ("units.csv", "indicators.csv", "reports.csv")


def rows(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def content(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def run(*command):
    subprocess.run([sys.executable, *command], check=True)


class Example(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.out = temporary.name

    def recount(self):
        run(os.path.join(HERE, "recount.py"), EXAMPLE, self.out)

    def test_made_again_from_the_figures_it_is_the_same(self):
        run(os.path.join(EXAMPLE, "make.py"), self.out)
        self.assertEqual(sorted(os.listdir(self.out)), sorted(MADE))
        for name in MADE:
            self.assertEqual(content(self.out, name), content(EXAMPLE, name), name)

    def test_recounted_it_gives_the_figures_of_all_agencies(self):
        self.recount()
        counted = rows(self.out, "summary.csv")
        figures = rows(EXAMPLE, "figures.csv")
        self.assertEqual(len(figures), 35)
        self.assertEqual(len(counted), 35)
        for count, figure in zip(counted, figures):
            pairs = (("group", "group"), ("ordinal", "ordinal"), ("name", "name"),
                     ("registered_year", "registered_year"), ("registered_period", "registered_h1"),
                     ("completed", "completed_h1"), ("not_completed", "not_completed_h1"),
                     ("exceeded", "exceeded_h1"), ("early", "h2_completed_early"))
            for ours, theirs in pairs:
                self.assertEqual(count[ours], figure[theirs] or "0", (figure["name"], ours))

    def test_recounted_it_gives_the_totals_and_sets_of_the_source(self):
        self.recount()
        columns = ("units", "registered_year", "registered_period", "completed", "not_completed",
                   "early", "none_registered", "all_completed", "incomplete")
        found = {row["group"]: [int(row[c]) for c in columns]
                 for row in rows(self.out, "groups.csv")}
        self.assertEqual(found["province"], [25, 806, 203, 187, 16, 41, 1, 15, 9])
        self.assertEqual(found["district"], [10, 525, 33, 28, 5, 85, 4, 3, 3])
        self.assertEqual(found["total"], [35, 1331, 236, 215, 21, 126, 5, 18, 12])

    def test_recounted_it_has_the_late_reports_of_the_source(self):
        self.recount()
        status = {r["unit"]: r["status"] for r in rows(self.out, "reports.csv")
                  if r["report"] == "H1"}
        units = {(u["group"], u["ordinal"]): u["code"] for u in rows(EXAMPLE, "units.csv")}
        doubtful = []
        for figure in rows(EXAMPLE, "figures.csv"):
            found = status[units[(figure["group"], figure["ordinal"])]]
            if figure["report_late"] == "ambiguous":
                doubtful.append(found)
            else:
                wanted = "late" if figure["report_late"] == "yes" else "on_time"
                self.assertEqual(found, wanted, figure["name"])
        self.assertEqual(sorted(doubtful), ["late", "on_time"])

    def test_each_unfinished_indicator_has_the_name_that_the_source_gives(self):
        titles = {row["title"] for row in rows(EXAMPLE, "indicators.csv")}
        for figure in rows(EXAMPLE, "figures.csv"):
            for title in figure["unfinished_indicators"].split(" | "):
                self.assertTrue(not title or title in titles, title)


class RandomScenario(unittest.TestCase):
    def test_the_same_seed_gives_the_same_scenario(self):
        with tempfile.TemporaryDirectory() as out:
            for folder in ("a", "b"):
                run(os.path.join(HERE, "make_scenario.py"), "--seed", "7", "--units", "20",
                    "--indicators", "200", "--out", os.path.join(out, folder))
            for name in os.listdir(os.path.join(out, "a")):
                self.assertEqual(content(out, "a", name), content(out, "b", name), name)
            run(os.path.join(HERE, "recount.py"), os.path.join(out, "a"), os.path.join(out, "c"))
            total = rows(out, "c", "groups.csv")[-1]
            self.assertEqual(total["units"], "20")
            self.assertEqual(int(total["units"]), sum(int(total[c]) for c in (
                "none_registered", "all_completed", "incomplete")))


if __name__ == "__main__":
    unittest.main()
