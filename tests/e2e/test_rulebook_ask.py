#!/usr/bin/env python3
"""What people ask of the rulebook, through the real programs: matters, duties counted, figures,
publications, delegations, cycles, the table of two levels and the review of a registration. One
province lives through 2013 and the beginning of 2014 on a clock that stands still; every number that
is expected is counted by hand here."""
import csv
import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

DONDOC = os.environ["DONDOC"]
DONDOCD = os.environ["DONDOCD"]
SOURCE = os.environ["DONDOC_SOURCE"]
PATIENCE_S = 60
START = "2013-01-11T08:00+07:00"

UNITS = """code,name,group,ordinal,parent,head_title
ubnd,Ủy ban nhân dân tỉnh,so,1,,Chủ tịch
so-nv,Sở Nội vụ,so,2,ubnd,Giám đốc
so-tc,Sở Tài chính,so,3,ubnd,Giám đốc
so-yt,Sở Y tế,so,4,ubnd,Giám đốc
huyen-a,Huyện A,so,5,ubnd,Chủ tịch UBND huyện
xa-1,Xã Một,xa,1,huyen-a,Chủ tịch UBND xã
xa-2,Xã Hai,xa,2,huyen-a,Chủ tịch UBND xã
tv-1,Thành viên 1,members,1,ubnd,Thành viên 1
tv-2,Thành viên 2,members,2,ubnd,Thành viên 2
tv-3,Thành viên 3,members,3,ubnd,Thành viên 3
tv-4,Thành viên 4,members,4,ubnd,Thành viên 4
"""
GROUPS = "so=Sở và huyện,xa=Xã,members=Thành viên UBND"
ACCOUNTS = {
    "chairman": ["approver@ubnd", "officer@ubnd", "head@ubnd"],
    "so-nv": ["head@so-nv", "appraiser@so-nv", "officer@so-nv"],
    "vp": ["appraiser@ubnd"],
    "so-tc": ["head@so-tc", "officer@so-tc"],
    "pgd-tc": ["deputy@so-tc"],
    "so-yt": ["head@so-yt", "officer@so-yt"],
    "huyen-a": ["head@huyen-a", "approver@huyen-a", "officer@huyen-a"],
    "pct-a": ["appraiser@huyen-a"],
    "xa-1": ["head@xa-1", "officer@xa-1"],
    "xa-2": ["head@xa-2"],
    **{f"tv-{i}": [f"head@tv-{i}"] for i in range(1, 5)},
}
AGENCIES = ["so-nv", "so-tc", "so-yt", "huyen-a"]


def key_cycle(period, host, parties, appraisers, approver, year):
    return f"""programme: key-tasks
period: {period}
host: {host}
from: {year}-01-01
to: {year}-12-31
dates:
  - {{name: register, day: {year}-01-25}}
  - {{name: appraise, day: {year}-02-01}}
  - {{name: approve, day: {year}-02-15}}
periods:
  - {{code: H1, from: {year}-01-01, to: {year}-06-30}}
appraisers: [{", ".join(appraisers)}]
approvers: [{approver}]
parties: [{", ".join("{unit: %s}" % unit for unit in parties)}]
"""


def plain_cycle(programme, parties):
    return f"""programme: {programme}
period: 2014
host: ubnd
from: 2014-01-01
to: 2014-12-31
approvers: [chairman]
parties: [{", ".join("{unit: %s}" % unit for unit in parties)}]
"""


class Asking(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="dondoc-ask-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.data = cls.path("data")
        cls.must("init", cls.data, "--jurisdiction", "hatinh", "--endpoint", "tcp://127.0.0.1:*",
                 "--rehearsal", "--clock", START, link=False)
        cls.log = open(cls.path("log"), "w+", encoding="utf-8")
        cls.addClassCleanup(cls.log.close)
        cls.server = subprocess.Popen([DONDOCD, "--data", cls.data, "--clock",
                                       "rehearsal:" + START], stderr=cls.log)
        cls.addClassCleanup(cls.end)
        limit = time.monotonic() + PATIENCE_S
        while cls.run_as("", "hello").returncode != 0:
            assert cls.server.poll() is None and time.monotonic() < limit, "nobody serves"
        cls.found()
        cls.live_2013()
        cls.live_2014()

    @classmethod
    def end(cls):
        cls.server.send_signal(signal.SIGTERM)
        assert cls.server.wait(timeout=PATIENCE_S) == 0

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def write(cls, name, text):
        with open(cls.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return cls.path(name)

    @classmethod
    def run_as(cls, account, *arguments, language="en", link=True):
        flags = ["--data", cls.data] if link else []
        if account:
            flags += ["--key", cls.path(account + ".key")]
        return subprocess.run([DONDOC, *map(str, arguments), *flags], capture_output=True,
                              text=True, timeout=PATIENCE_S, check=False,
                              env=dict(os.environ, DONDOC_LANG=language))

    @classmethod
    def must(cls, *arguments, account="", link=True):
        done = cls.run_as(account, *arguments, link=link)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    @classmethod
    def advance(cls, instant):
        cls.must("clock", "advance", instant)

    @classmethod
    def found(cls):
        cls.must("unit", "put", cls.write("units.csv", UNITS), "--groups", GROUPS)
        cls.must("calendar", "put", 2013, "--offset", "+07:00")
        cls.must("calendar", "put", 2014, "--offset", "+07:00")
        for account, offices in ACCOUNTS.items():
            cls.must("keys", "new", cls.path(account + ".key"), "--account", account, link=False)
            cls.must("account", "put", account, "--pub", cls.path(account + ".key.pub"),
                     *(word for office in offices for word in ("--office", office)))
        for name in ("key-tasks", "ballots", "consultations", "reports"):
            cls.must("programme", "put", os.path.join(SOURCE, "programmes", name + ".yaml"))

    @classmethod
    def register(cls, cycle, unit, indicators):
        """indicators: (target or "", due) each."""
        rows = "indicator,title,unit_of_measure,target,due\n" + "".join(
            f"{i},Việc {i},việc,{target},{due}\n" for i, (target, due) in enumerate(indicators, 1))
        cls.must("register", cycle, unit, "--task", 1, "--kind", "own", "--file",
                 cls.write("indicators.csv", rows), account=unit)
        cls.must("submit", cycle, unit, account=unit)

    @classmethod
    def agree(cls, cycle, unit, *accounts):
        for account in accounts:
            cls.must("decide", cycle, unit, "--version", 1, "--agree", account=account)

    @classmethod
    def live_2013(cls):
        cls.must("cycle", "open", cls.write("key.yaml", key_cycle(
            "2013", "ubnd", AGENCIES, ["so-nv", "ubnd"], "chairman", 2013)))
        # so-yt: one for June, three for November, of which it does two by June
        cls.register("key-tasks/2013", "so-yt",
                     [(5, "2013-06-20"), (1, "2013-11-20"), (1, "2013-11-20"), (1, "2013-11-20")])
        cls.agree("key-tasks/2013", "so-yt", "so-nv", "chairman")
        cls.advance("2013-06-20T09:00+07:00")
        for indicator in ("1.1", "1.2", "1.3"):
            cls.must("progress", "key-tasks/2013", "so-yt", indicator, "completed",
                     account="so-yt")
        cls.advance("2014-01-02T08:00+07:00")

    @classmethod
    def live_2014(cls):
        cls.must("cycle", "open", cls.write("key.yaml", key_cycle(
            "2014", "ubnd", AGENCIES, ["so-nv", "ubnd"], "chairman", 2014)))
        cls.must("cycle", "open", cls.write("key.yaml", key_cycle(
            "2014.huyen-a", "huyen-a", ["xa-1", "xa-2"], ["huyen-a"], "huyen-a", 2014)))
        cls.must("cycle", "open", cls.write("cycle.yaml", plain_cycle("reports", AGENCIES)))
        cls.must("cycle", "open", cls.write("cycle.yaml", plain_cycle(
            "consultations", AGENCIES)))
        cls.must("cycle", "open", cls.write("cycle.yaml", plain_cycle(
            "ballots", ["so-nv", *(f"tv-{i}" for i in range(1, 5))])))
        cls.registrations()
        cls.papers()
        cls.matters()
        cls.must("duty", "extend", "reports/2014", "so-yt", "monthly/2014-02", "--to",
                 "2014-03-05", "--reason", "Chờ số liệu", account="chairman")
        cls.advance("2014-02-10T08:00+07:00")

    @classmethod
    def registrations(cls):
        # so-yt: one of three without a number, none in the first half, two of three in December
        cls.register("key-tasks/2014", "so-yt",
                     [("", "2014-12-20"), (3, "2014-12-25"), (1, "2014-09-01")])
        cls.register("key-tasks/2014", "so-tc", [(1, "2014-03-01")] * 8)
        cls.register("key-tasks/2014", "huyen-a", [(1, "2014-05-01")] * 10)
        cls.agree("key-tasks/2014", "huyen-a", "so-nv", "chairman")
        cls.register("key-tasks/2014.huyen-a", "xa-1", [(1, "2014-05-01"), (1, "2014-10-01")])
        cls.agree("key-tasks/2014.huyen-a", "xa-1", "pct-a", "huyen-a")

    @classmethod
    def papers(cls):
        cls.must("delegate", "so-tc", "--to", "pgd-tc", "--from", "2014-01-02", "--until",
                 "2014-01-31", "--stages", "monthly", "--reason", "Đi công tác", account="so-tc")
        cls.must("submit", "reports/2014", "so-tc", "--stage", "monthly", "--report", "2014-01",
                 "--figure", "tasks=10", "--figure", "done~=6", "--figure", "running=3",
                 "--figure", "late=1", "--capacity", "kt", account="pgd-tc")
        cls.must("submit", "reports/2014", "so-yt", "--stage", "monthly", "--report", "2014-01",
                 "--figure", "tasks=5", "--figure", "done=5", "--figure", "running=0",
                 "--figure", "late=0", account="so-yt")

    @classmethod
    def matters(cls):
        cls.must("matter", "open", "ballots/2014", "ballot", "--as", "ubnd", "--owner", "so-nv", "--title",
                 "Đề án một", "--to", "tv-1,tv-2,tv-3,tv-4", "--due", "by 2014-01-15", account="chairman")
        for member, choice in (("tv-1", "yes"), ("tv-2", "yes"), ("tv-3", "no")):
            cls.must("matter", "answer", "ballots/2014", 1, member, "--choice", choice,
                     account=member)
        cls.must("matter", "open", "consultations/2014", "consultation", "--as", "so-nv",
                 "--title", "Dự thảo quy chế", "--to", "so-tc,so-yt", "--due", "by 2014-01-20",
                 account="so-nv")
        cls.must("matter", "answer", "consultations/2014", 1, "so-tc", "--choice", "amend",
                 "--note", "Bỏ Điều 3", account="so-tc")

    # --- asking ---

    def ask(self, *arguments, status=0, **more):
        done = self.run_as("so-nv", *arguments, **more)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def lines(self, *arguments):
        return [json.loads(line) for line in self.ask(*arguments, "--json").splitlines()]

    def object(self, *arguments):
        return json.loads(self.ask(*arguments, "--json"))

    def test_cycles_are_listed_with_their_hosts(self):
        cycles = {line["cycle"]: line for line in self.lines("cycle", "list")}
        self.assertEqual(set(cycles), {
            "key-tasks/2013", "key-tasks/2014", "key-tasks/2014.huyen-a", "reports/2014",
            "consultations/2014", "ballots/2014"})
        below = cycles["key-tasks/2014.huyen-a"]
        self.assertEqual((below["host"], below["open"], below["parties"]), ("huyen-a", True, 2))
        self.assertIn("key-tasks/2014.huyen-a", self.ask("cycle", "list"))

    def test_a_cycle_shows_its_stages_by_name_and_its_recurring_duties(self):
        shown = self.object("cycle", "show", "reports/2014")
        monthly = [d for d in shown["duties"] if d["stage"] == "monthly"]
        self.assertEqual([d["period"] for d in monthly],
                         [f"2014-{m:02}" for m in range(1, 12) if m != 6])
        self.assertEqual(monthly[0]["last_day"], "2014-01-24")
        self.assertEqual(shown["stages"][1]["name_vi"], "Báo cáo tháng")
        text = self.ask("cycle", "show", "reports/2014", language="vi")
        self.assertIn("stage monthly: Báo cáo tháng (báo cáo)", text)
        self.assertIn("2014-01 2014-01-24; 2014-02 2014-02-24", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 120)

    def test_exactly_half_of_a_ballot_fails_and_silence_is_nobodys_vote(self):
        line, = self.lines("matter", "list", "ballots/2014")
        self.assertEqual((line["asked"], line["answered"], line["lapsed"], line["open"]),
                         (4, 3, 1, 0))
        self.assertEqual({c["choice"]: c["count"] for c in line["choices"]}, {"yes": 2, "no": 1})
        self.assertEqual((line["result"], line["awaits"]), ("not-passed", "decide"))
        shown = self.object("matter", "show", "ballots/2014", 1)
        votes = {a["unit"]: a for a in shown["answers"] if a["stage"] == "vote"}
        silent = votes["tv-4"]
        self.assertEqual((silent["silent"], silent["responsible"], silent["account"],
                          silent["choice"], silent["received"]), (True, "Thành viên 4", "", "", None))
        self.assertEqual((votes["tv-1"]["choice"], votes["tv-1"]["account"]), ("yes", "tv-1"))
        text = self.ask("matter", "show", "ballots/2014", 1, language="vi")
        self.assertRegex(text, r"tv-4 +không tính là đồng ý \(im lặng; trách nhiệm: Thành viên 4\)")
        self.assertIn("2 trên tổng 4, cần 3: không được thông qua", text)
        self.assertIn("Đồng ý 2, Không đồng ý 1", text)
        self.assertIn("đang chờ: Chủ tịch quyết định", text)

    def test_a_consultation_names_who_answers_for_a_silence(self):
        text = self.ask("matter", "show", "consultations/2014", 1)
        self.assertRegex(text, r"so-yt +deemed agreed \(silent; responsible: Giám đốc\)")
        self.assertRegex(text, r"so-tc +on time 2014-01-02.*: Wants amendments, signed so-tc "
                               r"\(seq \d+\)\n +Bỏ Điều 3")
        self.assertRegex(self.ask("matter", "show", "consultations/2014", 1, language="vi"),
                         r"so-yt +coi như đồng ý \(im lặng; trách nhiệm: Giám đốc\)")
        line, = self.lines("matter", "list", "consultations/2014", "--unit", "so-yt", "--kind",
                           "consultation")
        self.assertEqual({c["choice"]: c["count"] for c in line["choices"]},
                         {"agree": 0, "disagree": 0, "amend": 1})
        self.assertEqual(line["silence"], "agrees")
        self.assertEqual(self.ask("matter", "list", "consultations/2014", "--unit", "tv-1"), "")
        self.ask("matter", "list", "consultations/2014", "--kind", "nothing", status=1)
        self.ask("matter", "show", "consultations/2014", 9, status=1)
        self.ask("matter", "show", "consultations/2014", "x", status=2)

    def test_a_delegation_is_listed_and_printed_where_it_was_used(self):
        line, = self.lines("delegate", "list", "so-tc")
        self.assertEqual((line["from_account"], line["to_account"], line["from"], line["until"],
                          line["stages"]),
                         ("so-tc", "pgd-tc", "2014-01-02", "2014-01-31", "monthly"))
        self.assertEqual(self.lines("delegate", "list", "so-yt"), [])
        self.assertIn("so-tc -> pgd-tc  2014-01-02 .. 2014-01-31  monthly",
                      self.ask("delegate", "list"))
        text = self.ask("figures", "reports/2014", "monthly", "2014-01", language="vi")
        self.assertRegex(text, r"Sở Tài chính .*đúng hạn, KT\. pgd-tc \(theo ủy quyền của so-tc\)")

    def test_figures_have_sums_and_mark_what_is_an_estimate(self):
        arguments = ("figures", "reports/2014", "monthly", "2014-01")
        shown = self.object(*arguments)
        rows = {(row["unit"] or "sum", row["group"]): row for row in shown["rows"]}
        self.assertEqual(len(rows), 6)
        paper = rows["so-tc", "so"]
        self.assertEqual([(f["figure"], f["value"], f["estimate"]) for f in paper["figures"]],
                         [("tasks", "10", False), ("done", "6", True), ("running", "3", False),
                          ("late", "1", False)])
        self.assertEqual((paper["capacity"], paper["account"], paper["delegated_by"]),
                         ("kt", "pgd-tc", "so-tc"))
        self.assertEqual(rows["so-nv", "so"]["status"], "missing")
        whole = rows["sum", ""]
        self.assertEqual({f["figure"]: f["value"] for f in whole["figures"]},
                         {"tasks": "15", "done": "11", "running": "3", "late": "1"})
        self.assertEqual(whole["units"], 2)
        before = self.object(*arguments, "--as-of", "2013-12-31")["rows"][-1]
        self.assertEqual((before["units"], before["figures"]), (0, []))
        self.ask(*arguments, "--as-of", "2014-12-31", status=1)
        self.ask(*arguments, "--as-of", "2014-02-30", status=2)
        text = self.ask(*arguments, language="vi")
        self.assertIn("6(ước)", text)
        self.assertIn("11(ước)", text)
        self.assertIn("tasks: Nhiệm vụ được giao, việc", text)
        sheet = list(csv.DictReader(io.StringIO(self.ask(*arguments, "--csv"))))
        self.assertEqual([(r["unit"], r["tasks"], r["estimates"]) for r in sheet], [
            ("so-nv", "", ""), ("so-tc", "10", "done"), ("so-yt", "5", ""), ("huyen-a", "", ""),
            ("", "15", "done"), ("", "15", "done")])
        self.ask(*arguments, "--csv", "--json", status=2)
        self.ask("figures", "reports/2014", "monthly", "2014-06", status=1)

    def test_a_slip_is_told_what_there_is(self):
        done = self.run_as("so-nv", "figures", "reports/2014", "monthly")
        self.assertEqual(done.returncode, 1)
        self.assertIn("periods that can be asked: 2014-01, 2014-02, 2014-03", done.stderr)
        done = self.run_as("so-nv", "figures", "reports/2014", "montly", "2014-01")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no stage montly; its stages: ", done.stderr)
        self.assertIn(" monthly, ", done.stderr)
        done = self.run_as("so-tc", "delegate", "so-tc", "--to", "pgd-tc", "--from", "2014-06-02",
                           "--until", "2014-06-03", "--stages", "monthly,montly")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("montly: no open cycle has a stage of this key", done.stderr)
        self.assertNotIn("monthly: no open cycle", done.stderr)
        done = self.run_as("so-tc", "delegate", "so-tc", "--to", "pgd-tc", "--from", "2014-06-02",
                           "--until", "2014-06-01")
        self.assertIn("(flag: --until)", done.stderr)

    def test_lists_have_heads_and_items_all_that_was_put(self):
        head, *rows = self.ask("duties", "reports/2014", "--unit", "so-yt").splitlines()
        first = next(row for row in rows if "monthly/" in row)
        self.assertEqual(head.split()[:3], ["Unit", "Duty", "Deadline"])
        self.assertEqual(head.index("Duty"), first.index("monthly/"))
        text = self.ask("dossier", "key-tasks/2013", "so-yt", "--version", 1)
        self.assertIn("Việc 1\n      target 5; unit of measure việc\n", text)

    def test_the_ends_of_duties_add_up_to_what_was_expected_at_every_instant(self):
        ends = ("on_time", "late", "lapsed", "waived", "pending", "missing")
        for cycle in ("reports/2014", "consultations/2014", "ballots/2014", "key-tasks/2014"):
            for day in ("2014-01-02", "2014-01-24", "2014-01-25", "2014-02-10"):
                counted = self.object("duty", "count", cycle, "--as-of", day)
                for line in (counted["total"], *counted["stages"]):
                    self.assertEqual(line["expected"], sum(line[end] for end in ends))
                self.assertEqual(counted["total"]["expected"],
                                 sum(stage["expected"] for stage in counted["stages"]))
                self.assertEqual(counted["total"]["expected"],
                                 len(self.lines("duty", "list", cycle, "--as-of", day)))
        monthly = {s["stage"]: s for s in self.object("duty", "count", "reports/2014")["stages"]}[
            "monthly"]
        # 4 agencies, 10 months; of January two were on time and two never came
        self.assertEqual((monthly["expected"], monthly["on_time"], monthly["missing"],
                          monthly["pending"]), (40, 2, 2, 36))
        one = self.object("duty", "count", "reports/2014", "--unit", "so-tc")
        self.assertEqual([s["expected"] for s in one["stages"] if s["stage"] == "monthly"], [10])
        text = self.ask("duty", "count", "reports/2014", language="vi")
        self.assertRegex(text, r"Báo cáo tháng +40 +2 +0 +0 +0 +36 +2\n")
        self.assertIn("đúng hạn", text)

    def test_a_duty_says_what_silence_means_and_how_its_time_was_bent(self):
        lapsed, = [d for d in self.lines("duty", "list", "ballots/2014", "--unit", "tv-4")
                   if d["duty"] == "vote/1"]
        self.assertEqual((lapsed["status"], lapsed["silence"], lapsed["met"]),
                         ("lapsed", "not-yes", None))
        self.assertRegex(self.ask("duties", "ballots/2014", "--unit", "tv-4"),
                         r"vote/1 .* lapsed: not a yes\n")
        extended, = [d for d in self.lines("duties", "reports/2014", "--unit", "so-yt")
                     if d["extensions"]]
        self.assertEqual((extended["duty"], extended["bound"]),
                         ("monthly/2014-02", "2014-03-06T00:00:00+07:00"))
        self.assertIn("extensions: 1", self.ask("duty", "list", "reports/2014", "--unit", "so-yt"))

    def test_what_was_issued_can_be_checked_against_the_log(self):
        paper = self.write("paper.csv", "unit,class\nso-yt,good\n")
        forged = self.write("forged.csv", "unit,class\nso-yt,best\n")
        self.must("publication", "issue", "so-nv", "12/BC-SNV", "--kind", "list", "--title",
                  "Danh sách", "--date", "2014-02-10", "--file", paper, "--cycle",
                  "key-tasks/2014", account="so-nv")
        check = ("publication", "check", "so-nv", "12/BC-SNV")
        self.assertIn("the file is what was issued", self.ask(*check, paper))
        self.assertIn("KHÔNG phải", self.ask(*check, forged, status=1, language="vi"))
        self.assertFalse(json.loads(self.ask(*check, forged, "--json", status=1))["equal"])
        self.ask("publication", "check", "so-nv", "13/BC-SNV", paper, status=1)
        self.ask(*check, self.path("nothing"), status=1)
        self.must("publication", "issue", "so-nv", "14/BC-SNV", "--kind", "list", "--title",
                  "Danh sách", "--date", "2014-02-10", "--file", forged, "--corrects",
                  "12/BC-SNV", "--reason", "Sai xếp loại", account="so-nv")
        first, second = self.lines("publication", "list", "so-nv")
        self.assertEqual((first["corrected_by"], second["corrects"]), ("14/BC-SNV", "12/BC-SNV"))
        self.assertEqual((first["kind"], first["size_bytes"]), ("list", os.path.getsize(paper)))
        self.assertIn("the file is what was issued; corrected by 14/BC-SNV",
                      self.ask(*check, paper))
        self.assertIn("14/BC-SNV 2014-02-10, danh sách, so-nv: Danh sách",
                      self.ask("publication", "list", "--number", "14/BC-SNV", language="vi"))
        self.assertEqual(self.lines("publication", "list", "so-tc"), [])

    def test_the_deep_table_puts_a_host_s_cycle_beside_its_own_work(self):
        arguments = ("table", "key-tasks/2014", "--period", "H1", "--deep")
        rows = {row["unit"]: row for row in self.object(*arguments)["rows"]}
        host = rows["huyen-a"]
        self.assertEqual((host["registered_year"], host["registered_period"]), (10, 10))
        below, = host["below"]
        self.assertEqual((below["cycle"], below["units"], below["registered_year"],
                          below["registered_period"]), ("key-tasks/2014.huyen-a", 2, 2, 1))
        self.assertEqual(rows["so-tc"]["below"], [])
        self.assertEqual(rows["so-tc"]["registered_year"], 0)  # handed in, approved by nobody
        sheet = list(csv.DictReader(io.StringIO(self.ask(*arguments, "--csv"))))
        self.assertEqual([r["sub_cycle"] for r in sheet if r["unit"] == "huyen-a"],
                         ["", "key-tasks/2014.huyen-a"])
        text = self.ask(*arguments)
        self.assertRegex(text, r"Huyện A +10 +10 .*\n +> key-tasks/2014\.huyen-a \(2 units\) +2 +1 ")
        before = self.object(*arguments, "--as-of", "2014-01-01")["rows"]
        self.assertEqual([b["registered_year"] for r in before for b in r["below"]], [0])

    def test_a_review_shows_the_signs_of_an_easy_registration(self):
        for arguments in (("key-tasks/2014", "so-yt"), ("key-tasks/2014", "so-yt", "--last",
                                                        "key-tasks/2013")):
            shown = self.object("dossier", "review", *arguments)
            lines = {line["check"]: line for line in shown["lines"]}
            self.assertEqual((shown["version"], shown["last"], shown["half_day"]),
                             (1, "key-tasks/2013", "2014-06-30"))
            figures = {check: (line["part"], line["of"]) for check, line in lines.items()}
            self.assertEqual(figures, {"no_number": (1, 3), "first_half": (0, 3),
                                       "last_month": (2, 3), "median": (3, 2), "early": (2, 3)})
            self.assertTrue(all(line["warns"] for line in lines.values()))
            median = lines["median"]
            self.assertEqual((median["lower_median"], median["upper_median"]), (8, 10))
        other = {line["check"]: line for line in
                 self.object("dossier", "review", "key-tasks/2014", "so-tc")["lines"]}
        self.assertEqual([line["warns"] for line in other.values()], [False] * 5)
        self.assertFalse(other["early"]["known"])  # it registered nothing in 2013
        text = self.ask("dossier", "review", "key-tasks/2014", "so-yt", language="vi")
        self.assertIn("! chỉ tiêu không có số lượng: 1/3 (33 %)", text)
        self.assertIn("! chỉ tiêu; trung vị của nhóm: 3; 8 - 10 (2 đơn vị)", text)
        self.assertIn("dấu hiệu cần xem xét, không phải kết luận", text)

    def test_a_review_without_a_cycle_needs_exactly_one(self):
        shown = self.object("dossier", "review", "so-tc")
        self.assertEqual(shown["cycle"], "key-tasks/2014")
        two = self.run_as("so-nv", "dossier", "review", "so-yt")  # 2013 was never closed
        self.assertEqual(two.returncode, 2)
        self.assertRegex(two.stderr, r"key-tasks/2013\n.*key-tasks/2014\n.*2 open cycles")
        self.ask("dossier", "review", "so-nv", status=1)
        self.ask("dossier", "review", "key-tasks/2014", "xa-1", status=1)
        self.ask("dossier", "review", "key-tasks/2014", "so-yt", "--last", "key-tasks/1999",
                 status=1)

    def test_a_unit_that_ends_shows_until_when_and_its_successor(self):
        self.must("unit", "put", self.write(
            "ends.csv", "code,name,group,ordinal,parent,head_title,valid_to,successor\n"
            "xa-2,Xã Hai,xa,2,huyen-a,Chủ tịch UBND xã,2014-06-30,xa-1\n"), "--groups", GROUPS)
        self.assertRegex(self.ask("unit", "list"), r"xa-2 .*Xã Hai \(\.\. 2014-06-30 -> xa-1\)\n")
        unit, = [u for u in self.object("unit", "list") if u["code"] == "xa-2"]
        self.assertEqual((unit["to"], unit["successor"]), ("2014-06-30", "xa-1"))


if __name__ == "__main__":
    unittest.main()
