#!/usr/bin/env python3
"""The rulebook by hand: one rehearsal, played by the commands that people type. Reports with
figures and signatures, matters of every kind, time bent, delegations, publications; and each time
also what must be refused. The programmes are those that are shipped."""
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
DONDOC = os.environ["DONDOC"]
DONDOCD = os.environ["DONDOCD"]
SOURCE = os.environ["DONDOC_SOURCE"]
PATIENCE_S = 60
CLOCK = "2014-01-06T08:00+07:00"

OFFICES = {
    "chairman": ["approver@ubnd", "head@ubnd"],
    "thu-ky": ["officer@ubnd"],
    "so-noi-vu": ["head@so-noi-vu", "appraiser@so-noi-vu"],
    "so-noi-vu.pgd": ["deputy@so-noi-vu"],
    "vp": ["head@vp", "appraiser@vp"],
    "so-y-te": ["head@so-y-te"],
    "so-y-te.pgd": ["deputy@so-y-te"],
    "so-y-te.cv": ["officer@so-y-te"],
    "so-moi": ["head@so-moi"],
    "huyen-a": ["head@huyen-a"],
}
OFFICES.update({"m%d" % n: ["head@m%d" % n] for n in range(1, 10)})

UNITS = """code,name,group,ordinal,parent,head_title,valid_from,valid_to,successor
ubnd,UBND tỉnh,,1,,Chủ tịch,,,
vp,Văn phòng UBND tỉnh,so,1,ubnd,Chánh Văn phòng,,,
so-noi-vu,Sở Nội vụ,so,2,ubnd,Giám đốc Sở Nội vụ,,,
so-y-te,Sở Y tế,so,3,ubnd,Giám đốc Sở Y tế,,,
so-cu,Sở cũ,so,4,ubnd,Giám đốc,,2014-02-28,
so-moi,Sở mới,so,5,ubnd,Giám đốc Sở mới,,,
huyen-a,UBND huyện A,huyen,1,ubnd,Chủ tịch huyện,,,
""" + "".join("m%d,Thành viên %d,members,%d,ubnd,Thành viên,,,\n" % (n, n, n) for n in range(1, 10))

AGENCIES = ["vp", "so-noi-vu", "so-y-te", "so-cu", "so-moi", "huyen-a"]
CYCLES = {
    "reports": AGENCIES,
    "consultations": AGENCIES,
    "ballots": AGENCIES + ["m%d" % n for n in range(1, 10)],
    "directives": AGENCIES,
    "quota-call": AGENCIES,
    "schemes": AGENCIES,
    "work-programme": AGENCIES,
    "meetings": AGENCIES,
}

ENDS = ("on_time", "late", "lapsed", "waived", "pending", "missing")


class Rulebook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="dondoc-rulebook-")
        cls.data = os.path.join(cls.folder, "data")
        cls.server = None
        try:
            cls.found()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        if cls.server:
            cls.server.terminate()
            cls.server.wait(timeout=PATIENCE_S)
        shutil.rmtree(cls.folder)

    @classmethod
    def run_as(cls, account, *words):
        key = [] if account == "administrator" else ["--key", cls.path(account + ".key")]
        return subprocess.run(
            [DONDOC, "--data", cls.data, "--lang", "en", *key, *map(str, words)],
            capture_output=True, text=True, timeout=PATIENCE_S, check=False, cwd=cls.folder)

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def must(cls, account, *words):
        done = cls.run_as(account, *words)
        if done.returncode != 0:
            raise AssertionError("%s: %s\n%s" % (account, words, done.stdout + done.stderr))
        return done.stdout

    @classmethod
    def write(cls, name, text):
        with open(cls.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return name

    @classmethod
    def found(cls):
        cls.must("administrator", "init", cls.data, "--jurisdiction", "hand", "--endpoint",
                 "tcp://127.0.0.1:*", "--rehearsal", "--clock", CLOCK)
        with open(cls.path("log"), "wb") as log:
            cls.server = subprocess.Popen([DONDOCD, "--data", cls.data], stderr=log)
        end = time.monotonic() + PATIENCE_S
        while cls.run_as("administrator", "hello", "--timeout", "1").returncode != 0:
            if time.monotonic() > end or cls.server.poll() is not None:
                raise AssertionError("the server does not serve")
            time.sleep(0.05)
        cls.must("administrator", "calendar", "put", "2014")
        cls.must("administrator", "calendar", "put", "2015")
        cls.must("administrator", "unit", "put", cls.write("units.csv", UNITS), "--groups",
                 "so=Sở,huyen=Huyện,members=Thành viên")
        for account, offices in OFFICES.items():
            cls.must("administrator", "keys", "new", account + ".key", "--account", account)
            words = [word for office in offices for word in ("--office", office)]
            cls.must("administrator", "account", "put", account, "--pub", account + ".key.pub",
                     *words)
        for programme, parties in CYCLES.items():
            cls.open(programme, parties)

    @classmethod
    def open(cls, programme, parties, path=None):
        cls.must("administrator", "programme", "put",
                 path or os.path.join(SOURCE, "programmes", programme + ".yaml"))
        text = ("programme: %s\nperiod: 2014\nhost: ubnd\nfrom: 2014-01-01\nto: 2014-12-31\n"
                "periods:\n  - {code: H1, from: 2014-01-01, to: 2014-06-30}\n"
                "appraisers: [so-noi-vu, vp]\napprovers: [chairman]\nparties:\n%s" %
                (programme, "".join("  - {unit: %s}\n" % unit for unit in parties)))
        cls.must("administrator", "cycle", "open", cls.write(programme + ".cycle.yaml", text))

    @classmethod
    def advance(cls, instant):
        cls.must("administrator", "clock", "advance", instant)

    def refused(self, words, account, *line):
        """Refused by a rule, with these words in its sentence."""
        done = self.run_as(account, *line)
        self.assertEqual(done.returncode, 1, "%s\n%s" % (line, done.stdout + done.stderr))
        self.assertIn(words, done.stderr)
        self.assertEqual(done.stdout, "")

    def open_matter(self, account, *line):
        """Its number, as the command tells it."""
        lines = self.must(account, "matter", "open", *line, "--json").splitlines()
        return json.loads(lines[1])["matter"]

    def matter(self, cycle, number):
        return json.loads(self.must("administrator", "matter", "show", cycle, number, "--json"))

    def duties(self, cycle, unit):
        out = self.must("administrator", "duty", "list", cycle, "--unit", unit, "--json")
        return {line["duty"]: line for line in map(json.loads, out.splitlines())}

    def logged(self, seq):
        line = self.must("administrator", "log", "--from-seq", seq, "--limit", 1, "--json")
        return json.loads(line)["command"]

    def seq_of(self, account, *line):
        return json.loads(self.must(account, *line, "--json").splitlines()[0])["seq"]

    # One after the other, in the order of the year.

    def test_01_reports_bring_figures_that_add_up(self):
        month = ("--stage", "monthly", "--report", "2014-01")
        self.refused("tasks must be 11", "so-y-te", "submit", "reports/2014", *month, "--figure",
                     "tasks=10", "--figure", "done=8", "--figure", "running=1", "--figure",
                     "late=2")
        seq = self.seq_of("so-y-te", "submit", "reports/2014", *month, "--figure", "tasks=10",
                          "--figure", "done~=8", "--figure", "running=1", "--figure", "late=1",
                          "--note", "Số liệu đến ngày 20")
        command = self.logged(seq)
        self.assertEqual(command["unit"], "so-y-te")
        self.assertEqual(command["stage"], "monthly")
        self.assertEqual(command["figures"][1],
                         {"figure": "done", "value": "8", "estimate": True})
        self.assertNotIn("estimate", command["figures"][0])
        self.assertEqual(self.duties("reports/2014", "so-y-te")["monthly/2014-01"]["status"],
                         "on_time")

    def test_02_figures_and_files_come_from_files(self):
        self.write("figures.csv", "figure,value,estimate\ntasks,5,\ndone,2,yes\nrunning,3,no\n"
                                  "late,0,\n")
        self.write("bao-cao.pdf", "nội dung")
        seq = self.seq_of("so-noi-vu", "submit", "reports/2014", "so-noi-vu", "--stage", "monthly",
                          "--report", "2014-01", "--figures", "figures.csv", "--attach",
                          "report=bao-cao.pdf", "--attach", "./figures.csv")
        command = self.logged(seq)
        self.assertEqual([f["value"] for f in command["figures"]], ["5", "2", "3", "0"])
        self.assertEqual(command["attachments"][0], {
            "sha256": hashlib.sha256("nội dung".encode()).hexdigest(), "size_bytes": 10,
            "type": "application/pdf", "name": "bao-cao.pdf", "part": "report"})
        self.assertEqual(command["attachments"][1]["name"], "figures.csv")
        self.assertNotIn("part", command["attachments"][1])

    def test_03_a_deputy_signs_only_under_a_delegation(self):
        line = ("submit", "reports/2014", "so-y-te", "--report", "2014-02", "--stage", "monthly",
                "--capacity", "kt", "--figure", "tasks=1", "--figure", "done=1", "--figure",
                "running=0", "--figure", "late=0")
        self.refused("under a delegation", "so-y-te.pgd", *line)
        self.refused("no office as head", "so-y-te.pgd", "delegate", "so-y-te", "--to",
                     "so-y-te.pgd", "--from", "2014-01-06", "--until", "2014-03-31")
        self.must("so-y-te", "delegate", "so-y-te", "--to", "so-y-te.pgd", "--from", "2014-01-06",
                  "--until", "2014-03-31", "--stages", "monthly,opinion", "--reason", "Đi công tác")
        self.must("so-y-te.pgd", *line)
        quarter = [word.replace("2014-02", "2014-Q1").replace("monthly", "quarterly")
                   for word in line]
        self.refused("in person", "so-y-te.pgd", *quarter)
        self.must("so-y-te", "delegate", "end", "so-y-te", "1")
        march = [word.replace("2014-02", "2014-03") for word in line]
        self.advance("2014-01-07T08:00+07:00")
        self.refused("under a delegation", "so-y-te.pgd", *march)
        self.refused("there is no delegation 2", "so-y-te", "delegate", "end", "so-y-te", "2")

    def test_04_a_consultation_lapses_into_consent_that_nobody_gave(self):
        number = self.open_matter("so-noi-vu", "consultations/2014", "consultation", "--title",
                                  "Dự thảo quy chế", "--to", "so-y-te,vp,huyen-a", "--due",
                                  "by 2014-01-14")
        self.assertEqual(number, 1)
        self.must("vp", "matter", "answer", "consultations/2014", number, "--choice", "disagree",
                  "--note", "Chưa rõ kinh phí")
        self.refused("agree, disagree, amend", "so-y-te", "matter", "answer", "consultations/2014",
                     number, "--choice", "maybe")
        self.refused("was not asked", "so-moi", "matter", "answer", "consultations/2014", number,
                     "--choice", "agree")
        self.must("so-y-te", "matter", "answer", "consultations/2014", number, "so-y-te",
                  "--choice", "agree")
        self.advance("2014-01-15T08:00+07:00")
        self.assertEqual(self.duties("consultations/2014", "huyen-a")["opinion/1"]["status"],
                         "lapsed")
        answers = {line["unit"]: line for line in self.matter("consultations/2014", 1)["answers"]
                   if line["stage"] == "opinion"}
        self.assertEqual(answers["huyen-a"]["choice"], "")
        self.assertEqual(answers["huyen-a"]["account"], "")
        self.assertEqual(answers["huyen-a"]["responsible"], "Chủ tịch huyện")
        self.assertEqual(self.duties("consultations/2014", "vp")["opinion/1"]["status"], "on_time")
        done = self.run_as("huyen-a", "matter", "answer", "consultations/2014", number,
                           "--choice", "disagree", "--note", "Không nhất trí")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("accepted (seq ", done.stdout)
        self.assertIn("too late: this answer no longer counts", done.stderr)
        shown = self.matter("consultations/2014", 1)
        line, = [x for x in shown["answers"] if x["unit"] == "huyen-a" and x["stage"] == "opinion"]
        self.assertEqual((line["status"], line["silent"], line["late"], line["choice"]),
                         ("lapsed", True, True, "disagree"))
        self.assertEqual((shown["answered"], shown["lapsed"]), (2, 1))
        self.assertRegex(self.must("so-noi-vu", "matter", "show", "consultations/2014", 1),
                         r"huyen-a +deemed agreed \(silent; responsible: .*\); "
                         r"late answer, not counted: Disagree.*\(seq %d\)" % line["seq"])

    def ballot(self, title, yes, due):
        number = self.open_matter("thu-ky", "ballots/2014", "ballot", "--title", title,
                                  "--owner", "so-noi-vu", "--to",
                                  ",".join("m%d" % n for n in range(1, 10)), "--due", due)
        for n in range(1, yes + 1):
            self.must("m%d" % n, "matter", "answer", "ballots/2014", number, "--choice", "yes")
        return number

    def test_05_silence_is_not_a_yes(self):
        fails = self.ballot("Bốn trên chín", 4, "by 2014-01-20")
        passes = self.ballot("Năm trên chín", 5, "2014-01-20")
        self.advance("2014-01-21T08:00+07:00")
        self.refused("takes nothing later", "m9", "matter", "answer", "ballots/2014", fails,
                     "--choice", "yes")
        for number, passed in ((fails, False), (passes, True)):
            shown = self.matter("ballots/2014", number)
            self.assertEqual(shown["result"], "passed" if passed else "not-passed")
            self.assertEqual((shown["answered"], shown["lapsed"]), (5, 4) if passed else (4, 5))
            self.assertEqual((shown["favour"], shown["counted"], shown["needed"]),
                             (5 if passed else 4, 9, 5))

    def test_06_exactly_half_fails(self):
        number = self.open_matter("thu-ky", "ballots/2014", "ballot", "--title", "Một nửa",
                                  "--owner", "so-noi-vu", "--to", "m1,m2", "--due",
                                  "by 2014-01-22")
        self.must("m1", "matter", "answer", "ballots/2014", number, "--choice", "yes")
        self.must("m2", "matter", "answer", "ballots/2014", number, "--choice", "no")
        self.assertEqual(self.matter("ballots/2014", number)["result"], "not-passed")

    def test_07_one_notice_opens_many_tasks(self):
        rows = "".join("task,%d,Việc %d,%s,,%s,by,2014-02-10,,,\n" %
                       (n, n, AGENCIES[n % 3], "vp" if n % 3 else "")
                       for n in range(1, 131))
        self.write("tasks.csv", "kind,code,title,owner,asked,partners,word,due,at,approver,parent\n"
                   + rows)
        out = self.must("chairman", "matter", "open", "directives/2014", "--as", "ubnd", "--notice",
                        "15/TB-UBND", "--file", "tasks.csv", "--capacity", "head")
        self.assertEqual(out.count("accepted"), 3)
        first = self.duties("directives/2014", "so-noi-vu")
        self.assertIn("do/1", first)
        self.assertEqual(first["do/1"]["status"], "pending")
        self.write("bad.csv", "kind,title,due\ntask,,2014-02-30\n?,Việc,\n")
        done = self.run_as("chairman", "matter", "open", "directives/2014", "--file", "bad.csv")
        self.assertEqual(done.returncode, 1)
        for words in ("bad.csv:2: title", "bad.csv:2: due", "bad.csv:3: kind"):
            self.assertIn(words, done.stderr)

    def test_08_progress_of_a_matter(self):
        self.must("so-noi-vu", "progress", "directives/2014", "1", "completed", "--on",
                  "2014-01-21")
        self.assertEqual(self.duties("directives/2014", "so-noi-vu")["do/1"]["status"], "on_time")
        late = ("progress", "directives/2014", "so-y-te", "2", "not_completed", "--on",
                "2014-01-21")
        self.refused("a reason is needed", "so-y-te.cv", *late)
        self.must("so-y-te.cv", *late, "--note", "Chờ hướng dẫn của Bộ")
        self.refused("no office as officer", "so-noi-vu", *late, "--note", "x")

    def test_09_a_duty_is_extended_once_before_its_bound(self):
        line = ("duty", "extend", "directives/2014", "so-y-te", "do/5", "--reason", "Chờ số liệu")
        self.refused("nobody decides on", "so-y-te", *line, "--to", "2014-02-20")
        self.refused("must lie after 2014-02-10", "chairman", *line, "--to", "2014-02-10")
        self.must("chairman", *line, "--to", "2014-02-20")
        self.refused("at most 1 times", "chairman", *line, "--to", "2014-02-25")
        self.assertEqual(self.duties("directives/2014", "so-y-te")["do/5"]["extensions"], 1)
        stop = ("directives/2014", "so-y-te", "do/8", "--reason", "Chờ Bộ")
        self.refused("is not suspended", "chairman", "duty", "resume", *stop)
        self.must("chairman", "duty", "suspend", *stop)
        self.refused("suspended already", "chairman", "duty", "suspend", *stop)
        self.advance("2014-02-11T08:00+07:00")
        shown = self.duties("directives/2014", "so-y-te")
        self.assertEqual(shown["do/8"]["status"], "pending")
        self.assertEqual(shown["do/11"]["status"], "missing")
        self.assertEqual(shown["do/5"]["status"], "pending")
        self.refused("what has expired", "chairman", "duty", "extend", "directives/2014", "so-y-te",
                     "do/11", "--to", "2014-02-20", "--reason", "Muộn")
        self.must("chairman", "duty", "resume", *stop)
        self.must("chairman", "duty", "waive", "directives/2014", "so-y-te", "do/11", "--reason",
                  "Không còn cần")
        self.refused("has ended already", "chairman", "duty", "waive", "directives/2014",
                     "so-y-te", "do/11", "--reason", "Lần nữa")
        shown = self.duties("directives/2014", "so-y-te")
        self.assertEqual(shown["do/11"]["status"], "waived")
        self.assertEqual(shown["do/8"]["status"], "pending")

    def test_10_agreed_in_principle_is_a_state(self):
        number = self.open_matter("so-y-te", "directives/2014", "proposal", "--title",
                                  "Xin chủ trương")
        self.refused("nobody decides on", "so-y-te", "matter", "decide", "directives/2014", number,
                     "--agree")
        self.refused("the matter stands at 1", "chairman", "matter", "decide", "directives/2014",
                     number, "--agree", "--revision", "77")
        self.must("chairman", "matter", "decide", "directives/2014", number, "--in-principle")
        self.assertEqual(self.matter("directives/2014", number)["verdict"], "in-principle")
        self.must("so-y-te", "matter", "answer", "directives/2014", number, "--stage", "file")
        self.must("chairman", "matter", "decide", "directives/2014", number, "--return", "--reason",
                  "Chưa có dự toán")
        self.refused("nothing of this matter waits", "chairman", "matter", "decide",
                     "directives/2014", number, "--agree")

    def test_11_a_quota_call_answered_with_figures(self):
        number = self.open_matter("so-noi-vu", "quota-call/2014", "call", "--title",
                                  "Chỉ tiêu 2014", "--to", "so-y-te,vp,huyen-a", "--due",
                                  "by 2014-02-20", "--as", "so-noi-vu")
        line = ("matter", "answer", "quota-call/2014", number, "so-y-te", "--figure",
                "assigned=100", "--figure", "used=90", "--figure", "unused=10")
        self.refused("needed must be at most 10", "so-y-te", *line, "--figure", "needed=11")
        self.must("so-y-te", *line, "--figure", "needed=3")
        self.must("huyen-a", "matter", "answer", "quota-call/2014", number, "huyen-a", "--figure",
                  "assigned=20", "--figure", "used=15", "--figure", "unused=5",
                  "--figure", "needed=0")
        total, = self.matter("quota-call/2014", number)["totals"]
        self.assertEqual((total["stage"], total["units"]), ("register", 2))
        self.assertEqual([(f["figure"], f["value"], f["estimate"]) for f in total["figures"]],
                         [("assigned", "120", False), ("used", "105", False),
                          ("unused", "15", False), ("needed", "3", False)])
        text = self.must("administrator", "matter", "show", "quota-call/2014", number)
        self.assertIn("    Total (2 units)\n        assigned = 120, used = 105, unused = 15, "
                      "needed = 3\n", text)
        self.advance("2014-02-21T08:00+07:00")
        self.assertEqual(self.duties("quota-call/2014", "vp")["register/1"]["status"],
                         "lapsed")

    def test_11_sums_tell_what_is_an_estimate_and_leave_out_what_does_not_fit(self):
        with open(os.path.join(SOURCE, "programmes", "quota-call.yaml"), encoding="utf-8") as file:
            text = file.read().replace("code: quota-call", "code: quota-guess").replace(
                "en: In use}, unit: biên chế}", "en: In use}, unit: biên chế, estimate: true}")
        self.open("quota-guess", AGENCIES, self.write("quota-guess.yaml", text))
        number = self.open_matter("so-noi-vu", "quota-guess/2014", "call", "--title", "Ước",
                                  "--to", "so-y-te,huyen-a", "--due", "by 2014-03-20", "--as",
                                  "so-noi-vu")
        for unit, value in (("so-y-te", "9" * 18), ("huyen-a", "0.000001")):
            self.must(unit, "matter", "answer", "quota-guess/2014", number, unit, "--figure",
                      "assigned=" + value, "--figure", "used=" + value, "--figure", "unused=0",
                      "--figure", "needed=0")
        total, = self.matter("quota-guess/2014", number)["totals"]
        self.assertEqual([f["figure"] for f in total["figures"]], ["unused", "needed"])
        for unit, used, unused in (("so-y-te", "used~=7", 2), ("huyen-a", "used=8", 1)):
            self.must(unit, "matter", "answer", "quota-guess/2014", number, unit, "--figure",
                      "assigned=9", "--figure", used, "--figure", "unused=%d" % unused,
                      "--figure", "needed=0")
        text = self.must("administrator", "matter", "show", "quota-guess/2014", number)
        self.assertIn("assigned = 18, used = 15(est.), unused = 3, needed = 0\n", text)

    def test_12_a_meeting_asks_for_papers_a_day_before(self):
        number = self.open_matter("vp", "meetings/2014", "meeting", "--title", "Họp giao ban",
                                  "--to-all", "--at", "2014-02-25T08:00+07:00")
        self.refused("papers is missing", "vp", "matter", "answer", "meetings/2014", number,
                     "--stage", "papers")
        self.must("vp", "matter", "answer", "meetings/2014", number, "--stage", "papers",
                  "--attach", "papers=bao-cao.pdf")
        self.assertEqual(self.duties("meetings/2014", "vp")["papers/%d" % number]["status"],
                         "on_time")
        self.refused("lies in the past", "vp", "matter", "open", "meetings/2014", "meeting",
                     "--title", "Hôm qua", "--to-all", "--at", "2014-02-20T08:00+07:00")

    def test_13_items_carry_what_the_rulebook_asks(self):
        self.write("items.csv", "indicator,title,target,due,code,start,baseline,direction,partners\n"
                                "1,Đề án một,10,2014-06-30,DA-01,2014-03-01,4.5,more,vp so-y-te\n"
                                "2,Đề án hai,,2014-07-31,,,,,\n")
        seq = self.seq_of("so-noi-vu", "register", "work-programme/2014", "so-noi-vu", "--task",
                          "1", "--kind", "scheme", "--file", "items.csv")
        first, second = self.logged(seq)["indicators"]
        self.assertEqual(first["code"], "DA-01")
        self.assertEqual(first["start"], "2014-03-01")
        self.assertEqual(first["baseline"], "4.5")
        self.assertEqual(first["direction"], "more")
        self.assertEqual(first["partners"], ["vp", "so-y-te"])
        self.assertNotIn("code", second)
        seq = self.seq_of("so-noi-vu", "register", "work-programme/2014", "so-noi-vu", "--task",
                          "2", "--kind", "scheme", "--indicator", "1", "--title", "Đề án ba",
                          "--due", "2014-08-31", "--code", "DA-03", "--partners", "vp",
                          "--direction", "yes-no")
        self.assertEqual(self.logged(seq)["indicators"][0]["direction"], "yes-no")
        self.refused("there is no unit", "so-noi-vu", "register", "work-programme/2014",
                     "so-noi-vu", "--task", "3", "--kind", "scheme", "--indicator", "1", "--title",
                     "Đề án", "--due", "2014-08-31", "--partners", "no-unit")

    def test_14_duties_pass_to_the_successor(self):
        line = ("unit", "transfer", "reports/2014", "so-cu", "so-moi", "--reason", "Hợp nhất")
        self.refused("so-cu still exists", "administrator", *line)
        self.advance("2014-03-01T08:00+07:00")
        self.refused("no office as administrator", "so-noi-vu", *line)
        report = ("submit", "reports/2014", "so-cu", "--stage", "monthly", "--report", "2014-03",
                  "--figure", "tasks=0", "--figure", "done=0", "--figure", "running=0", "--figure",
                  "late=0")
        self.refused("no office as head of so-cu", "so-moi", *report)
        self.must("administrator", *line)
        self.must("so-moi", *report)

    def test_15_what_is_published_never_changes(self):
        first = ("publication", "issue", "so-noi-vu", "12/BC-SNV")
        table = ("--table", "--cycle", "work-programme/2014", "--period", "H1", "--as-of",
                 "2014-02-28", "--title", "Kết quả", "--date", "2014-03-01")
        seq = self.seq_of("so-noi-vu", *first, *table, "--out", "table.csv")
        command = self.logged(seq)
        with open(self.path("table.csv"), "rb") as file:
            content = file.read()
        self.assertGreater(len(list(csv.reader(content.decode().splitlines()))), 1)
        self.assertEqual(command["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(command["size_bytes"], len(content))
        self.assertEqual(command["issue"], "table")
        self.assertEqual(command["type"], "text/csv")
        self.assertLess(command["at_seq"], seq)
        again = self.run_as("so-noi-vu", "publication", "issue", "so-noi-vu", "13/BC-SNV", *table,
                            "--out", "table.csv")
        self.assertEqual(again.returncode, 1)
        self.refused("12/BC-SNV", "so-noi-vu", *first, *table, "--out", "other.csv")
        self.assertFalse(os.path.exists(self.path("other.csv")))
        correct = ("publication", "issue", "so-noi-vu", "14/BC-SNV", "--kind", "list", "--file",
                   "bao-cao.pdf", "--title", "Đính chính", "--date", "2014-03-01", "--reason",
                   "Sót một đơn vị")
        self.refused("11/BC-SNV", "so-noi-vu", *correct, "--corrects", "11/BC-SNV")
        seq = self.seq_of("so-noi-vu", *correct, "--corrects", "12/BC-SNV")
        self.assertEqual(self.logged(seq)["corrects"], "12/BC-SNV")
        self.must("so-noi-vu", "publication", "check", "so-noi-vu", "12/BC-SNV", "table.csv")
        wrong = self.run_as("so-noi-vu", "publication", "check", "so-noi-vu", "12/BC-SNV",
                            "bao-cao.pdf")
        self.assertEqual(wrong.returncode, 1)

    def test_16_every_duty_is_somewhere(self):
        for cycle in CYCLES:
            counted = json.loads(self.must("administrator", "duty", "count", cycle + "/2014",
                                           "--json"))
            owed = [line["status"] for unit in CYCLES[cycle]
                    for line in self.duties(cycle + "/2014", unit).values()]
            for end in ENDS:
                self.assertEqual(counted["total"][end], owed.count(end), (cycle, end))
            self.assertEqual(counted["total"]["expected"],
                             sum(owed.count(end) for end in ENDS), cycle)

    def test_17_the_log_replays(self):
        self.server.terminate()
        self.assertEqual(self.server.wait(timeout=PATIENCE_S), 0)
        replayed = self.must("administrator", "audit", "replay", "--into", self.path("replayed"))
        self.assertEqual(self.must("administrator", "digest").split()[-4:], replayed.split()[-4:])


if __name__ == "__main__":
    unittest.main()
