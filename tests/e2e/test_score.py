#!/usr/bin/env python3
"""The year 2013 under both decrees, through the real programs: the example is rehearsed and kept, its
data is served, and what `dondoc score` says is compared with a recount from the figures of the source."""
import csv
import io
import json
import os
import re
import subprocess
import tempfile
import time
import unittest

DONDOC = os.environ["DONDOC"]
DONDOCD = os.environ["DONDOCD"]
SOURCE = os.environ["DONDOC_SOURCE"]
EXAMPLE = os.path.join(SOURCE, "examples", "bacgiang-2013")
RULES_90 = os.path.join(SOURCE, "scores", "decree-90-2020.yaml")
RULES_335 = os.path.join(SOURCE, "scores", "decree-335-2025.yaml")
INDEX = os.path.join(SOURCE, "scores", "par-index.yaml")
PATIENCE_S = 120


def records(*path):
    with open(os.path.join(*path), encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def figures():
    """The source's figures by unit code: registered, completed, exceeded."""
    found = {}
    for unit, row in zip(records(EXAMPLE, "units.csv"), records(EXAMPLE, "figures.csv")):
        assert unit["name"] == row["name"]
        found[unit["code"]] = (int(row["registered_h1"]), int(row["completed_h1"]),
                               int(row["exceeded_h1"] or 0))
    return found


class Kept(unittest.TestCase):
    """The year 2013, played and kept and served again."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="dondoc-score-")
        cls.folder = cls.temporary.name
        cls.data = os.path.join(cls.folder, "data")
        cls.environment = dict(os.environ, DONDOC_LANG="en", TMPDIR=cls.folder,
                               DONDOC_PROGRAMMES=os.path.join(SOURCE, "programmes"))
        played = subprocess.run([DONDOC, "rehearse", EXAMPLE, "--keep", cls.data],
                                env=cls.environment, capture_output=True, text=True,
                                timeout=PATIENCE_S, check=False)
        assert played.returncode == 0, played.stderr
        cls.log = open(os.path.join(cls.folder, "log"), "w+", encoding="utf-8")
        cls.server = subprocess.Popen([DONDOCD, "--data", cls.data], stderr=cls.log,
                                      env=cls.environment)
        end = time.monotonic() + PATIENCE_S
        while subprocess.run([DONDOC, "--data", cls.data, "hello"], env=cls.environment,
                             capture_output=True, check=False).returncode != 0:
            assert cls.server.poll() is None and time.monotonic() < end, "nobody serves"

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait(timeout=PATIENCE_S)
        cls.log.close()
        cls.temporary.cleanup()

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def score(self, *arguments, status=0):
        result = subprocess.run([DONDOC, "--data", self.data, "score", *arguments],
                                env=self.environment, capture_output=True, text=True,
                                timeout=PATIENCE_S, check=False)
        self.assertEqual(result.returncode, status, result.stderr + result.stdout)
        return result

    def of_2013(self, command, *arguments, status=0):
        return self.score(command, "--cycle", "key-tasks/2013", "--period", "H1", "--as-of",
                          "2013-06-30", *arguments, status=status)

    def parties(self, *arguments):
        shown = json.loads(self.of_2013("show", "--json", *arguments).stdout)
        return {party["unit"]: party for party in shown["parties"]}


class Score(Kept):
    def test_of_all_agencies_tan_yen_alone_reaches_the_bar_of_decree_90(self):
        parties = self.parties("--rules", RULES_90)
        self.assertEqual(len(parties), 35)
        for unit, (registered, completed, exceeded) in figures().items():
            party = parties[unit]
            self.assertEqual(party["facts"]["registered"], registered, unit)
            wanted = ""
            if registered:
                wanted = ("excellent" if completed == registered and 2 * exceeded >= registered
                          else "good" if completed == registered
                          else "completed" if 10 * completed > 7 * registered
                          else "not-completed")
            self.assertEqual(party["by_condition"], wanted, unit)
            self.assertEqual(party["rank"] is None, registered == 0, unit)
        excellent = [u for u, p in parties.items() if p["by_condition"] == "excellent"]
        self.assertEqual(excellent, ["tan-yen"])
        failing = [u for u, p in parties.items() if "completed" in p["by_condition"]]
        self.assertEqual(len(failing), 12)

    def test_the_ceiling_is_a_parameter_of_the_file(self):
        party = self.parties("--rules", RULES_90)["tan-yen"]
        self.assertEqual((party["class"], party["why"]), ("good", "ceiling"))
        with open(RULES_90, encoding="utf-8") as file:
            free = self.write("free.yaml", file.read().replace("percent: 20", "percent: 50"))
        party = self.parties("--rules", free)["tan-yen"]
        self.assertEqual((party["class"], party["why"], party["rank"]), ("excellent", "best", 1))

    def test_points_of_decree_335_are_those_counted_by_hand(self):
        party = self.parties("--rules", RULES_335)["so-ngoai-vu"]
        lines = {line["criterion"]: line["points"] for line in party["lines"]}
        # 8 of 12 done; of the 10 whose day is over 2 are overdue; the general 30 are still to come
        self.assertEqual(lines["quantity"], "9.33")
        self.assertEqual(lines["quality"], "14.00")
        self.assertEqual(lines["progress"], "13.30")
        self.assertEqual(lines["operation"], "14.00")
        self.assertEqual(lines["organisation"], "7.00")
        self.assertEqual(party["not_given"], "30.00")
        self.assertEqual(party["points"], "82.33")  # 57.63 of 70
        self.assertEqual(party["class"], "good")

    def test_ranks_are_shared_and_the_next_is_left_out(self):
        parties = self.parties("--rules", RULES_335, "--group", "district")
        self.assertEqual({p["group"] for p in parties.values()}, {"district"})
        rated = sorted((p for p in parties.values() if p["rank"]), key=lambda p: p["rank"])
        for party in rated:
            better = sum(float(p["points"]) > float(party["points"]) for p in rated)
            self.assertEqual(party["rank"], better + 1)
        self.assertEqual([p["rank"] for p in rated], [1, 1, 1, 4, 5, 6])
        # three of 100 points are equal: of six at most one could be excellent, so nobody is
        self.assertTrue(all(p["class"] != "excellent" for p in rated))

    def test_findings_and_points_change_classes(self):
        findings = self.write("findings.csv", "unit,fact,value\nso-noi-vu,discipline,1\n"
                                              "so-tai-chinh,quality_failed,4\n")
        given = self.write("given.csv", "unit,criterion,column,points\n"
                                        "so-tai-chinh,general,self,30\n"
                                        "so-tai-chinh,general,appraised,10\n")
        parties = self.parties("--rules", RULES_335, "--findings", findings, "--given", given)
        self.assertEqual(parties["so-noi-vu"]["class"], "not-completed")
        self.assertEqual(parties["so-noi-vu"]["why"], "forced")
        # 10 + 14 + 14 * (1 - 4 * 25 % / 2) + 14 + 14 + 14
        self.assertEqual(parties["so-tai-chinh"]["points"], "73.00")
        self.assertEqual(parties["so-tai-chinh"]["self_less_appraised"], "20.00")
        self.assertEqual(parties["so-tai-chinh"]["not_given"], "0.00")

    def test_faults_of_all_files_are_listed_and_nothing_is_shown(self):
        findings = self.write("bad.csv", "unit,fact,value\nnobody,discipline,1\n"
                                         "so-noi-vu,completed,1\n")
        given = self.write("bad-given.csv", "unit,criterion,column,points\n"
                                            "so-noi-vu,general,self,31\n")
        result = self.of_2013("show", "--rules", RULES_335, "--findings", findings, "--given",
                              given, status=1)
        self.assertEqual(result.stdout, "")
        for text in ("bad.csv:2: unit:", "bad.csv:3: fact:", "bad-given.csv:2: points:"):
            self.assertIn(text, result.stderr)
        self.of_2013("show", status=2)
        self.of_2013("show", "--rules", RULES_90, "--unit", "nobody", status=1)
        self.of_2013("compare", "--rules", RULES_90, status=2)
        self.score("show", "--rules", RULES_90, "--cycle", "key-tasks/2013", "--period", "H9",
                   status=1)

    def test_the_same_log_under_both_decrees(self):
        arguments = ("--rules", RULES_90, "--rules", RULES_335)
        compared = json.loads(self.of_2013("compare", "--json", *arguments).stdout)
        changed = [p["unit"] for p in compared["parties"] if p["changes"]]
        self.assertEqual(compared["changed"], len(changed))
        # those who did not complete all fall short under decree 90 and keep 70 points under 335
        self.assertEqual(sorted(changed), sorted(
            unit for unit, (registered, completed, _) in figures().items()
            if completed < registered))
        for party in compared["parties"]:
            if party["changes"]:
                self.assertEqual(party["a"]["why"], "condition")
                self.assertEqual(party["b"]["class"], "good")
                self.assertEqual(party["b"]["why"], "points")
        text = self.of_2013("compare", *arguments).stdout
        self.assertIn("class changed: 12 of 35", text)
        # decree 335 has 30 points that somebody must give, and nobody has; decree 90 has none
        waiting = sum(float(p["b"]["not_given"] or 0) > 0 for p in compared["parties"])
        self.assertGreater(waiting, 0)
        self.assertEqual(compared["provisional"], waiting)
        self.assertIn("provisional, for nobody has scored some criteria: %d of 35" % waiting, text)
        self.assertNotIn("provisional", self.of_2013("compare", "--rules", RULES_90, "--rules",
                                                     RULES_90).stdout)
        self.assertRegex(text, r"\* Sở Ngoại vụ .*82\.33 .*Not completed -> Good")
        self.assertIn("Quantity -4.67, Progress -0.70, Ability to organise -7.00", text)
        rows = list(csv.DictReader(io.StringIO(self.of_2013("compare", "--csv", *arguments).stdout)))
        self.assertEqual([r["unit"] for r in rows if r["changes"] == "yes"], changed)

    def test_the_index_is_ranked_from_points_alone(self):
        given = self.write("index.csv", "unit,criterion,column,points\n"
                                        "so-noi-vu,steering,self,20\n"
                                        "so-noi-vu,steering,appraised,14.5\n"
                                        "so-noi-vu,procedures,appraised,20\n"
                                        "so-noi-vu,organisation,appraised,13\n"
                                        "so-noi-vu,digital,appraised,13\n"
                                        "so-noi-vu,survey,survey,28.04\n"
                                        "so-y-te,steering,appraised,20\n"
                                        "so-y-te,procedures,appraised,20\n"
                                        "so-y-te,organisation,appraised,10\n"
                                        "so-y-te,digital,appraised,10\n"
                                        "so-y-te,survey,survey,28.54\n"
                                        "vp-ubnd,steering,appraised,20\n"
                                        "vp-ubnd,procedures,appraised,10\n"
                                        "vp-ubnd,organisation,appraised,10\n"
                                        "vp-ubnd,digital,appraised,10\n"
                                        "vp-ubnd,survey,survey,20\n")
        rows = list(csv.DictReader(io.StringIO(
            self.of_2013("show", "--rules", INDEX, "--given", given, "--csv").stdout)))
        ranked = [(r["unit"], r["rank"], r["points"]) for r in rows if r["rank"]]
        self.assertEqual(ranked, [("so-noi-vu", "1", "88.54"), ("so-y-te", "1", "88.54"),
                                  ("vp-ubnd", "3", "70.00")])
        self.assertEqual(len(rows), 35)
        shown = self.of_2013("show", "--rules", INDEX, "--given", given, "--unit",
                             "so-noi-vu").stdout
        self.assertIn("self less appraised: 5.50", shown)

    def test_what_is_within_reach_shrinks_with_what_is_known(self):
        january = self.score("show", "--json", "--rules", RULES_90, "--cycle", "key-tasks/2013",
                             "--period", "H1", "--as-of", "2013-02-20")
        early = {p["unit"]: p["reachable"] for p in json.loads(january.stdout)["parties"]}
        late = {u: p["reachable"] for u, p in self.parties("--rules", RULES_90).items()}
        self.assertEqual(early["so-noi-vu"], "excellent")
        self.assertEqual(late["so-noi-vu"], "good")  # all is done, nothing was exceeded
        self.assertEqual(late["tan-yen"], "excellent")
        order = ["excellent", "good", "completed", "not-completed", ""]
        for unit, reach in late.items():
            self.assertGreaterEqual(order.index(reach), order.index(early[unit]), unit)

    def test_check_lists_faults_with_their_lines(self):
        self.assertEqual(self.score("check", RULES_90, RULES_335, INDEX).stdout.count("no fault"), 3)
        with open(RULES_335, encoding="utf-8") as file:
            text = file.read()
        line = text[:text.index("kind: share")].count("\n") + 1
        bad = self.write("bad.yaml", text.replace("kind: share", "kind: gift"))
        result = self.score("check", bad, status=1)
        found = re.search(r"bad\.yaml:(\d+):\d+: criteria\[3\]\.kind: \"gift\"", result.stdout)
        self.assertTrue(found, result.stdout)
        self.assertEqual(int(found.group(1)), line)


# Kept data is served by the world's clock, and what was due before its cycle opened was never owed.
SCORING = """programme: key-tasks-scoring
period: 2013
host: ubnd
from: 2013-01-01
to: 2013-12-31
dates:
  - {name: self-score, day: 2099-12-20}
  - {name: appraised-score, day: 2099-12-24}
  - {name: approved-score, day: 2099-12-28}
appraisers: [so-noi-vu, vp-ubnd]
approvers: [chairman]
parties:
"""
# unit, then the general points of the three sheets: self, appraised, approved
SHEETS = (("tan-yen", "30", "29.5", "29.50"), ("lang-giang", "30", "28", "28"),
          ("luc-ngan", "30", "29", "28"), ("yen-the", "30", "20", "20"), ("yen-dung", "25", "20", None),
          ("tp-bac-giang", "22", None, None))


class Sheets(Kept):
    """Points that people hand in as reports, on top of the year 2013."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            cls.hand_in()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def must(cls, account, *words):
        key = os.path.join(cls.data, "keys", account + ".key")
        done = subprocess.run([DONDOC, "--data", cls.data, "--key", key, *words],
                              env=cls.environment, capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False)
        assert done.returncode == 0, (account, words, done.stderr)

    @classmethod
    def hand_in(cls):
        cls.must("admin", "programme", "put",
                 os.path.join(SOURCE, "programmes", "key-tasks-scoring.yaml"))
        path = os.path.join(cls.folder, "scoring.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SCORING + "".join("  - {unit: %s}\n" % row[0] for row in SHEETS))
        cls.must("admin", "cycle", "open", path)
        stages = ("self-score", "appraised-score", "approved-score")
        for unit, *points in SHEETS:
            for account, stage, general in zip((unit, "so-noi-vu", "chairman"), stages, points):
                if general is not None:
                    cls.must(account, "submit", "key-tasks-scoring/2013", unit, "--stage", stage,
                             "--figure", "general=" + general, "--figure", "results=60",
                             "--figure", "total=%.2f" % (float(general) + 60))

    def with_sheets(self, rules, *arguments):
        return self.parties("--rules", rules, "--sheets", "key-tasks-scoring/2013", *arguments)

    def ceiling(self, tie):
        with open(RULES_335, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("percent: 20, of: [good], by: group, tie: none", text)
        return self.write(tie + ".yaml", text.replace(
            "percent: 20, of: [good], by: group, tie: none",
            "percent: 50, of: [good], by: group, tie: " + tie))

    def test_the_last_of_three_columns_counts_and_the_difference_is_shown(self):
        parties = self.with_sheets(RULES_335)
        general = {}
        for unit, own, appraised, approved in SHEETS:
            line = parties[unit]["lines"][0]
            general[unit] = line["points"]
            self.assertEqual(line["criterion"], "general")
            self.assertEqual(float(line["points"]), float(approved or appraised or own), unit)
            self.assertEqual(parties[unit]["not_given"], "0.00")
            wanted = "%.2f" % (float(own) - float(appraised)) if appraised else "0.00"
            self.assertEqual(parties[unit]["self_less_appraised"], wanted, unit)
        self.assertEqual(general["tan-yen"], "29.50")
        # all 70 points of results, of which the sheet says 60: they are counted and not handed in
        self.assertEqual(parties["tan-yen"]["points"], "99.50")
        self.assertEqual(parties["so-ngoai-vu"]["not_given"], "30.00")
        shown = self.of_2013("show", "--rules", RULES_335, "--sheets", "key-tasks-scoring/2013",
                             "--unit", "luc-ngan").stdout
        self.assertIn("self less appraised: 1.00", shown)

    def test_given_points_win_over_sheets(self):
        given = self.write("wins.csv", "unit,criterion,column,points\n"
                                       "tan-yen,general,approved,7\n"
                                       "yen-the,general,self,1\n")
        parties = self.with_sheets(RULES_335, "--given", given)
        self.assertEqual(parties["tan-yen"]["lines"][0]["points"], "7.00")
        self.assertEqual(parties["yen-the"]["lines"][0]["points"], "20.00")
        self.assertEqual(parties["yen-the"]["self_less_appraised"], "-19.00")

    def test_the_flag_names_the_stages_of_rules_that_do_not(self):
        named = self.parties("--rules", RULES_335, "--sheets",
                             "key-tasks-scoring/2013:appraised-score=approved")
        self.assertEqual(named["tan-yen"]["lines"][0]["points"], "29.50")
        self.assertEqual(named["luc-ngan"]["lines"][0]["points"], "29.00")
        self.assertEqual(named["tp-bac-giang"]["not_given"], "30.00")
        before = self.with_sheets(RULES_335, "--sheets-as-of", "2013-06-01")
        self.assertEqual(before["tan-yen"]["not_given"], "30.00")
        for bad in ("key-tasks-scoring/2013:self-score=boss", "key-tasks-scoring/2013:"):
            self.of_2013("show", "--rules", RULES_335, "--sheets", bad, status=2)
        self.of_2013("show", "--rules", RULES_90, "--sheets", "key-tasks-scoring/2013", status=2)
        self.of_2013("show", "--rules", RULES_335, "--sheets", "key-tasks-scoring/2013:none=self",
                     status=1)

    def test_points_above_the_maximum_are_told_and_nothing_is_shown(self):
        with open(RULES_335, encoding="utf-8") as file:
            low = self.write("low.yaml", file.read().replace("max: 30", "max: 28"))
        result = self.of_2013("show", "--rules", low, "--sheets", "key-tasks-scoring/2013",
                              status=1)
        self.assertEqual(result.stdout, "")
        # four of self, two of appraised, one of approved
        self.assertEqual(result.stderr.count("is not from 0 to 28.00"), 7)
        self.assertRegex(result.stderr, r"approved-score of tan-yen \(seq \d+\): general: 29\.50 is")

    def test_a_tie_at_the_cut_of_a_ceiling_is_decided_by_the_rules_alone(self):
        tied = ("lang-giang", "luc-ngan")
        parties = self.with_sheets(self.ceiling("none"), "--group", "district")
        self.assertEqual([parties[u]["points"] for u in tied], ["98.00", "98.00"])
        self.assertEqual([parties[u]["rank"] for u in ("tan-yen", *tied)], [1, 2, 2])
        self.assertEqual(parties["tan-yen"]["class"], "excellent")
        for unit in tied:
            self.assertEqual((parties[unit]["by_condition"], parties[unit]["class"],
                              parties[unit]["why"], parties[unit]["needs_decision"]),
                             ("excellent", "good", "tie", True))
        parties = self.with_sheets(self.ceiling("all"), "--group", "district")
        self.assertEqual([parties[u]["class"] for u in ("tan-yen", *tied)], ["excellent"] * 3)
        self.assertTrue(all(parties[u]["needs_decision"] for u in tied))
        self.assertFalse(parties["tan-yen"]["needs_decision"])

    def test_both_decrees_are_compared_with_the_sheets(self):
        compared = json.loads(self.of_2013(
            "compare", "--json", "--rules", RULES_90, "--rules", self.ceiling("none"), "--sheets",
            "key-tasks-scoring/2013").stdout)
        parties = {party["unit"]: party for party in compared["parties"]}
        tan_yen = parties["tan-yen"]
        # excellent by decree 90, but one of 6 is more than its ceiling lets in
        self.assertEqual((tan_yen["a"]["class"], tan_yen["a"]["why"]), ("good", "ceiling"))
        self.assertEqual((tan_yen["b"]["class"], tan_yen["changes"]), ("excellent", True))
        self.assertEqual(parties["lang-giang"]["b"]["why"], "tie")


CASCADE = """programme: key-tasks
period: %s
host: %s
from: 2026-01-01
to: 2026-12-31
dates:
  - {name: register, day: 2026-01-20}
  - {name: appraise, day: 2026-01-25}
  - {name: approve, day: 2026-01-30}
periods:
  - {code: H1, from: 2026-01-01, to: 2026-06-30}
appraisers: [%s]
approvers: [%s]
parties:
"""
SHEETS_2026 = """programme: key-tasks-scoring
period: 2026
host: ubnd
from: 2026-01-01
to: 2026-12-31
dates:
  - {name: self-score, day: 2026-06-01}
  - {name: appraised-score, day: 2026-06-10}
  - {name: approved-score, day: 2026-06-20}
periods:
  - {code: H1, from: 2026-01-01, to: 2026-06-30}
appraisers: [office-ubnd]
approvers: [chair-ubnd]
parties: [{unit: a}, {unit: b}]
"""
# unit, its superior, what becomes of its one indicator
BELOW = (("a1", "a", "completed"), ("a2", "a", "exceeded"), ("a3", "a", "not_completed"),
         ("a4", "a", None), ("b1", "b", "completed"))
ABOVE = (("a", "ubnd", "exceeded"), ("b", "ubnd", "exceeded"))


class Subs(unittest.TestCase):
    """Two levels: what the cycles below a party come to is a fact of it."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="dondoc-subs-")
        cls.folder = cls.temporary.name
        cls.data = os.path.join(cls.folder, "data")
        cls.server = None
        try:
            cls.found()
            cls.work()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        if cls.server:
            cls.server.terminate()
            cls.server.wait(timeout=PATIENCE_S)
        cls.temporary.cleanup()

    @classmethod
    def run_as(cls, account, *words):
        key = ["--key", os.path.join(cls.folder, account + ".key")] if account else []
        return subprocess.run([DONDOC, "--data", cls.data, *key, "--lang", "en", *words],
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False,
                              cwd=cls.folder)

    @classmethod
    def must(cls, account, *words):
        done = cls.run_as(account, *words)
        assert done.returncode == 0, (account, words, done.stdout, done.stderr)
        return done.stdout

    @classmethod
    def write(cls, name, text):
        path = os.path.join(cls.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    @classmethod
    def found(cls):
        cls.must(None, "init", cls.data, "--jurisdiction", "two-levels", "--endpoint",
                 "tcp://127.0.0.1:*", "--rehearsal", "--clock", "2026-01-05T08:00+07:00")
        with open(os.path.join(cls.folder, "log"), "wb") as log:
            cls.server = subprocess.Popen([DONDOCD, "--data", cls.data], stderr=log)
        end = time.monotonic() + PATIENCE_S
        while cls.run_as(None, "hello", "--timeout", "1").returncode != 0:
            assert cls.server.poll() is None and time.monotonic() < end, "nobody serves"
        cls.must(None, "calendar", "put", "2026")
        units = "code,name,group,ordinal,parent,head_title\nubnd,UBND,,1,,\n"
        units += "".join("office-%s,Office,,1,%s,\n" % (u, u) for u in ("ubnd", "a", "b"))
        for n, (unit, above, _) in enumerate(ABOVE + BELOW):
            units += "%s,%s,%s,%d,%s,\n" % (unit, unit, "xa" if above != "ubnd" else "huyen", n + 1,
                                            above)
        cls.must(None, "unit", "put", cls.write("units.csv", units), "--groups", "huyen=H,xa=X")
        for unit, *_ in ABOVE + BELOW:
            cls.account(unit, "head@" + unit)
        for host in ("ubnd", "a", "b"):
            cls.account("judge-" + host, "appraiser@office-" + host)
            cls.account("chair-" + host, "approver@" + host)
        cls.must(None, "programme", "put", os.path.join(SOURCE, "programmes", "key-tasks.yaml"))
        for host, period in (("ubnd", "2026"), ("a", "2026.a"), ("b", "2026.b")):
            text = CASCADE % (period, host, "office-" + host, "chair-" + host)
            text += "".join("  - {unit: %s}\n" % u for u, above, _ in ABOVE + BELOW if above == host)
            cls.must(None, "cycle", "open", cls.write("cycle-%s.yaml" % host, text))

    @classmethod
    def account(cls, code, office):
        cls.must(None, "keys", "new", os.path.join(cls.folder, code + ".key"), "--account", code)
        cls.must(None, "account", "put", code, "--pub",
                 os.path.join(cls.folder, code + ".key.pub"), "--office", office)

    @classmethod
    def work(cls):
        """Everybody registers one indicator for June; a4 does nothing at all."""
        working = [row for row in ABOVE + BELOW if row[2]]
        cycles = {"ubnd": "key-tasks/2026", "a": "key-tasks/2026.a", "b": "key-tasks/2026.b"}
        for unit, above, _ in working:
            cls.must(unit, "register", cycles[above], unit, "--task", "1", "--kind", "own",
                     "--title", "Task", "--indicator", "1", "--due", "2026-05-29")
            cls.must(unit, "submit", cycles[above], unit)
            for judge in ("judge-", "chair-"):
                cls.must(judge + above, "decide", cycles[above], unit, "--version", "1", "--agree")
        cls.must(None, "clock", "advance", "2026-05-04T09:00+07:00")
        for unit, above, outcome in working:
            cls.must(unit, "progress", cycles[above], unit, "1.1", outcome, "--on", "2026-05-04")
        cls.must(None, "programme", "put",
                 os.path.join(SOURCE, "programmes", "key-tasks-scoring.yaml"))
        cls.must(None, "cycle", "open", cls.write("scoring.yaml", SHEETS_2026))
        for account, stage in (("a", "self-score"), ("judge-ubnd", "appraised-score"),
                               ("chair-ubnd", "approved-score")):
            cls.must(account, "submit", "key-tasks-scoring/2026", "a", "--stage", stage,
                     "--figure", "general=28", "--figure", "results=70", "--figure", "total=98")
        cls.must(None, "clock", "advance", "2026-07-01T09:00+07:00")

    def parties(self, *arguments, rules=RULES_90):
        shown = json.loads(self.must(None, "score", "show", "--json", "--rules", rules, "--cycle",
                                     "key-tasks/2026", "--period", "H1", *arguments))
        return {party["unit"]: party for party in shown["parties"]}

    def counts(self, party):
        return tuple(party["facts"][f] for f in ("sub_units", "sub_completed", "sub_good"))

    def test_without_the_flag_nobody_has_sub_units(self):
        for party in self.parties().values():
            self.assertEqual(self.counts(party), (0, 0, 0))
            self.assertEqual(party["by_condition"], "excellent")

    def test_sub_units_are_classed_by_the_same_rules(self):
        parties = self.parties("--subs")
        # a1 is good and a2 excellent, which the ceiling makes good; a3 failed; a4 is not rated
        self.assertEqual(self.counts(parties["a"]), (3, 2, 2))
        self.assertEqual(self.counts(parties["b"]), (1, 1, 1))
        self.assertEqual(parties["a"]["by_condition"], "not-completed")  # 67 % below, 70 are needed
        self.assertEqual(parties["b"]["by_condition"], "excellent")
        points = {line["criterion"]: line["points"]
                  for line in self.parties("--subs", rules=RULES_335)["a"]["lines"]}
        self.assertEqual(points["operation"], "14.00")  # 50 points and more are completed there

    def test_findings_win_over_what_is_counted(self):
        found = self.write("found.csv", "unit,fact,value\na,sub_units,5\na,sub_completed,5\n")
        parties = self.parties("--subs", "--findings", found)
        self.assertEqual(self.counts(parties["a"]), (5, 5, 0))
        self.assertEqual(self.counts(parties["b"]), (1, 1, 1))

    def test_rules_that_class_no_sub_units_refuse_the_flag(self):
        result = self.run_as(None, "score", "show", "--rules", INDEX, "--cycle", "key-tasks/2026",
                             "--period", "H1", "--subs")
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("subs", result.stderr)

    def test_what_appraisers_and_approvers_owe_about_a_party_is_not_its_own(self):
        shown = json.loads(self.must(None, "score", "show", "--json", "--rules", RULES_335,
                                     "--cycle", "key-tasks-scoring/2026", "--period", "H1"))
        facts = {party["unit"]: party["facts"] for party in shown["parties"]}
        ends = ("duties_expected", "on_time", "missing")
        # of three sheets about each only its own; those of b are all missing
        self.assertEqual([facts["a"][end] for end in ends], [1, 1, 0])
        self.assertEqual([facts["b"][end] for end in ends], [1, 0, 1])

    def test_sheets_and_sub_units_are_counted_together(self):
        party = self.parties("--subs", "--sheets", "key-tasks-scoring/2026", rules=RULES_335)["a"]
        self.assertEqual((party["points"], party["not_given"]), ("98.00", "0.00"))
        self.assertEqual(self.counts(party), (3, 3, 2))


if __name__ == "__main__":
    unittest.main()
