#!/usr/bin/env python3
"""The processes that the other examples do not show, played through the real programs: what became of
each, told by hand from the scenario's acts."""
import csv
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
EXAMPLE = os.path.join(SOURCE, "examples", "processes-2014")
PATIENCE_S = 240


def records(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class Played(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="dondoc-processes-")
        out = os.path.join(cls.temporary.name, "out")
        environment = dict(os.environ, DONDOC_LANG="en", TMPDIR=cls.temporary.name,
                           DONDOC_PROGRAMMES=os.path.join(SOURCE, "programmes"))
        result = subprocess.run([DONDOC, "rehearse", EXAMPLE, "--export", out], env=environment,
                                capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert result.returncode == 0, result.stderr
        cls.duties = {(d["cycle"], d["unit"], d["duty"]): d for d in records(out, "duties.csv")}
        cls.matters = {(m["cycle"], m["matter"]): m for m in records(out, "matters.csv")}
        with open(os.path.join(out, "acts.log"), encoding="utf-8") as log:
            parts = re.split(r"^acts\.csv:\d+ \S+ dondoc (.*)\n", log.read(), flags=re.M)
        # The notifier writes at any time, so an act may also say that the log grew while it read.
        texts = [re.sub(r"^dondoc: .*\n", "", text, flags=re.M) for text in parts[2::2]]
        cls.printed = list(zip(parts[1::2], texts))

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def shown(self, words):
        return [text for act, text in self.printed if act.startswith(words)][0]

    def status(self, cycle, *wanted):
        """wanted: UNIT DUTY END, ..."""
        for line in wanted:
            unit, duty, end = line.split()
            self.assertEqual(self.duties[cycle + "/2014", unit, duty]["status"], end, (cycle, line))

    def matter(self, cycle, number, *wanted):
        found = self.matters[cycle + "/2014", str(number)]
        columns = ("asked", "answered", "lapsed", "verdict")
        self.assertEqual([found[c] for c in columns], list(wanted), (cycle, number))

    def test_p04_contents_that_come_late_are_counted_on_their_own(self):
        self.status("contents-late", "so-khdt content/1 on_time", "huyen-a content/2 late",
                    "huyen-b content/3 missing")

    def test_p05_a_conference_needs_no_speech_of_those_who_are_silent(self):
        self.matter("conference", 1, "3", "1", "2", "agree")
        self.assertEqual(self.duties["conference/2014", "huyen-a", "speech/1"]["silence"], "no-need")

    def test_p07_of_the_lower_level_only_what_was_approved_goes_up(self):
        table = list(csv.DictReader(io.StringIO(self.shown("table key-tasks/2014"))))
        below = [row for row in table if row["sub_cycle"] == "key-tasks/2014-huyen-a"][0]
        self.assertEqual((below["unit"], below["sub_units"], below["registered_year"],
                          below["completed"]), ("huyen-a", "2", "2", "1"))

    def test_p08_and_p13_figures_add_up_over_kinds_and_periods(self):
        self.status("rotation", "so-noi-vu plan on_time", "so-noi-vu result/2014 on_time",
                    "huyen-a plan missing")
        total = list(csv.DictReader(io.StringIO(self.shown("figures staff-reduction/2014"))))[-1]
        self.assertEqual((int(total["cut"]), int(total["cut_total"])), (60, 3479 + 60))
        first = list(csv.DictReader(io.StringIO(self.shown("figures staff-reduction/2014"))))[0]
        self.assertEqual(first["notes"], "cut cut_total")  # below 1.5 % and 10 %: shown, not refused

    def test_p09_the_index_is_ranked_and_ties_share_a_rank(self):
        ranking = list(csv.DictReader(io.StringIO(self.shown("score show"))))
        self.assertEqual([(r["unit"], r["rank"], r["points"]) for r in ranking],
                         [("so-khdt", "1", "81.00"), ("so-tnmt", "1", "81.00"),
                          ("huyen-a", "3", "73.00")])
        self.status("par-index", "so-khdt task/1 on_time", "huyen-a remedy/2 on_time")

    def test_p10_a_peers_report_is_signed_for_the_head(self):
        self.status("horizontal-report", "so-noi-vu report/1 on_time")
        self.assertIn("signed KT. so-noi-vu.pgd (delegated by so-noi-vu)",
                      self.shown("matter show horizontal-report/2014"))

    def test_p26_p28_p29_reports_on_call_and_along_a_sector(self):
        self.status("direction-review", "so-khdt half-year/2014-H1 late",
                    "vp-ubnd half-year/2014-H1 on_time", "so-tu-phap annual/2014 late",
                    "huyen-a annual/2014 on_time", "huyen-b annual/2014 late",
                    "huyen-b half-year/2014-H1 missing")
        self.status("thematic-report", "huyen-a report/1 on_time", "huyen-b report/1 late")
        self.status("sector-reports", "phong-a report/Q1 missing", "phong-b report/Q1 on_time")

    def test_p27_an_alert_is_taken_at_any_time_and_owed_by_nobody(self):
        self.assertIn("accepted", self.shown("submit ad-hoc-report/2014 huyen-a"))
        self.assertEqual([key for key in self.duties if key[0].startswith("ad-hoc")], [])

    def test_p30_a_scheme_goes_from_its_plan_to_a_decision_over_a_change(self):
        self.matter("schemes", 1, "1", "1", "0", "agree")
        self.matter("schemes", 2, "1", "1", "0", "agree")
        self.status("schemes", "so-khdt submit/1 on_time")
        bound = self.duties["schemes/2014", "so-khdt", "submit/1"]["bound"]
        self.assertTrue(bound.startswith("2014-08-16T00:00"))

    def test_p32_the_lead_reports_all_views_that_differ(self):
        self.status("lead-agency", "so-khdt written-answer/2 on_time",
                    "so-tu-phap written-answer/2 on_time", "so-tnmt views/3 on_time",
                    "so-tnmt resolve/1 on_time")
        self.matter("lead-agency", 3, "1", "1", "0", "agree")

    def test_p36_and_p38_consent_and_a_complete_file_come_first(self):
        self.matter("information-gate", 1, "1", "1", "0", "agree")
        self.matter("file-check", 1, "1", "1", "0", "agree")

    def test_p39_and_p40_the_programme_of_documents_and_the_follow_up(self):
        self.status("legal-programme", "so-tnmt register on_time", "so-khdt register missing",
                    "so-tnmt item/1.1 on_time")
        self.status("scheme-3713", "so-noi-vu consolidated/2014-H1 on_time",
                    "so-noi-vu yearly/2014 on_time", "huyen-b yearly/2014 missing")


if __name__ == "__main__":
    unittest.main()
