#!/usr/bin/env python3
"""Rehearsals through the real programs: what is exported is what an independent recount gives, kept
data replays to its own digest, what is refused leaves nothing behind, and no process outlives its
rehearsal. Everything lies in one temporary folder a test, which is TMPDIR too."""
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import lmdb

sys.dont_write_bytecode = True
DONDOC = os.environ["DONDOC"]
SOURCE = os.environ["DONDOC_SOURCE"]
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import recount
EXAMPLE = os.path.join(SOURCE, "examples", "bacgiang-2013")
FILES = ("summary.csv", "groups.csv", "reports.csv", "reminders.csv")
PATIENCE_S = 120
TALLY = 21  # the table of the state whose row is altered


def rows(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def records(*path):
    with open(os.path.join(*path), encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def content(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def write(text, *path):
    with open(os.path.join(*path), "w", encoding="utf-8", newline="") as file:
        file.write(text)


def processes(word):
    """Command lines of running processes that name the word, but for this one."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as file:
                line = file.read()
            with open("/proc/%s/stat" % pid, encoding="ascii", errors="replace") as file:
                state = file.read().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if word.encode() in line and int(pid) != os.getpid() and state != "Z":
            found.append((int(pid), line))
    return found


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain until " + what)
        time.sleep(0.01)


class Case(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="dondoc-rehearse-")
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        self.tmp = self.at("tmp")
        os.mkdir(self.tmp)
        self.environment = dict(os.environ, TMPDIR=self.tmp, DONDOC_LANG="en",
                                DONDOC_PROGRAMMES=os.path.join(SOURCE, "programmes"))

    def tearDown(self):
        self.assertEqual(processes(self.folder), [])
        self.assertEqual(os.listdir(self.tmp), [])

    def at(self, *name):
        return os.path.join(self.folder, *name)

    def run_dondoc(self, *arguments, timeout=PATIENCE_S):
        return subprocess.run([DONDOC, *arguments], env=self.environment, capture_output=True,
                              text=True, timeout=timeout, check=False)

    def rehearse(self, scenario, *flags, status=0):
        result = self.run_dondoc("rehearse", scenario, *flags)
        self.assertEqual(result.returncode, status, result.stderr)
        return result

    def assert_recounted(self, scenario, out):
        recount = self.at("recount")
        subprocess.run([sys.executable, os.path.join(HERE, "recount.py"), scenario, recount],
                       check=True)
        self.assertEqual(sorted(os.listdir(out)), sorted(FILES))
        for name in FILES:
            self.assertEqual(rows(out, name), rows(recount, name), name)
            self.assertFalse(content(out, name).startswith(b"\xef\xbb\xbf"), name)
            self.assertTrue(content(out, name).endswith(b"\r\n"), name)

    def scenario_copy(self):
        scenario = self.at("scenario")
        shutil.copytree(EXAMPLE, scenario)
        return scenario


class Example(Case):
    def digest(self, *arguments):
        result = self.run_dondoc(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = dict(line.split(" ", 1) for line in result.stdout.splitlines() if " " in line)
        return {word: lines[word] for word in ("seq", "root", "digest")}

    def alter_a_row(self, data):
        """Flips one bit of one tally in the state as it lies."""
        with lmdb.open(os.path.join(data, "state")) as env:
            with env.begin(write=True) as transaction:
                cursor = transaction.cursor()
                self.assertTrue(cursor.set_range(bytes([TALLY])))
                key, value = cursor.item()
                self.assertEqual(key[0], TALLY)
                transaction.put(key, value[:-1] + bytes([value[-1] ^ 1]))

    def test_the_example_gives_the_recount_and_the_figures_of_the_source(self):
        out = self.at("out")
        result = self.rehearse(EXAMPLE, "--export", out)
        self.assert_recounted(EXAMPLE, out)
        counted, figures = records(out, "summary.csv"), records(EXAMPLE, "figures.csv")
        self.assertEqual(len(figures), 35)
        self.assertEqual(len(counted), 35)
        pairs = (("group", "group"), ("ordinal", "ordinal"), ("name", "name"),
                 ("registered_year", "registered_year"), ("registered_period", "registered_h1"),
                 ("completed", "completed_h1"), ("not_completed", "not_completed_h1"),
                 ("exceeded", "exceeded_h1"), ("early", "h2_completed_early"))
        for count, figure in zip(counted, figures):
            for ours, theirs in pairs:
                self.assertEqual(count[ours], figure[theirs] or "0", (figure["name"], ours))
        for text in ("Sở Nội vụ", "Huyện Sơn Động", "1331", "236"):
            self.assertIn(text, result.stdout)
        self.assertRegex(result.stderr, r"\d+ entries in \d+\.\d s\n$")

    def test_kept_data_replays_to_its_digest_and_an_altered_row_does_not(self):
        data = self.at("data")
        self.rehearse(EXAMPLE, "--keep", data)
        live = self.digest("digest", "--data", data)
        replayed = self.digest("audit", "replay", "--data", data, "--into", self.at("replayed"))
        self.assertEqual(live, replayed)
        self.alter_a_row(data)
        altered = self.digest("digest", "--data", data)
        self.assertNotEqual(altered["digest"], live["digest"])
        self.assertEqual(altered["root"], live["root"])
        again = self.digest("audit", "replay", "--data", data, "--into", self.at("again"))
        self.assertEqual(again, live)

    def test_kept_data_has_the_keys_of_those_who_acted(self):
        data = self.at("data")
        self.rehearse(EXAMPLE, "--keep", data)
        for unit in records(EXAMPLE, "units.csv"):
            path = os.path.join(data, "keys", unit["code"] + ".key")
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertFalse(os.path.exists(os.path.join(data, "endpoint")))

    def test_empty_folders_are_taken(self):
        out, data = self.at("out"), self.at("data")
        os.mkdir(out)
        os.mkdir(data)
        self.rehearse(EXAMPLE, "--export", out, "--keep", data)
        self.assertEqual(sorted(os.listdir(out)), sorted(FILES))
        self.assertTrue(os.path.exists(os.path.join(data, "journal")))


class RandomScenarios(Case):
    def play(self, seed, units, indicators, *flags):
        scenario, out = self.at("random"), self.at("out")
        subprocess.run([sys.executable, os.path.join(HERE, "make_scenario.py"), "--seed", str(seed),
                        "--units", str(units), "--indicators", str(indicators), "--out", scenario],
                       check=True)
        started = time.monotonic()
        self.rehearse(scenario, "--export", out, *flags)
        seconds = time.monotonic() - started
        self.assert_recounted(scenario, out)
        return seconds

    def test_a_small_one_gives_the_recount(self):
        self.play(seed=11, units=12, indicators=150)

    def test_one_of_a_lone_unit_gives_the_recount(self):
        self.play(seed=5, units=1, indicators=0)

    def acts_of_the_files(self):
        """What the log must have after the approvals: outcomes before reports at one instant, each
        in file order."""
        s = recount.Scenario(self.at("random"))
        acts = []
        for place, row in enumerate(s.rows(self.at("random"), "indicators.csv")):
            if row["outcome"]:
                at = recount.at_hour(recount.day(row["completed_on"]), 17, s.zone)
                acts.append((at, 0, place, row["unit"], "%s.%s %s" % (
                    row["task"], row["indicator"], row["outcome"])))
        for place, row in enumerate(s.rows(self.at("random"), "reports.csv")):
            at = recount.instant(row["received_at"], s.zone)
            acts.append((at, 1, place, row["unit"], row["report"]))
        return [(at.astimezone(s.zone), *what) for at, _, _, *what in sorted(acts)]

    def acts_of_the_log(self, data):
        """The same of the log, in its order; nothing may have been refused."""
        zone = recount.Scenario(self.at("random")).zone
        acts = []
        for line in self.run_dondoc("log", "--data", data, "--json").stdout.splitlines():
            entry = json.loads(line)
            command = entry["command"]
            self.assertEqual(entry["status"], "ok")
            if command["kind"] == "progress":
                what = "%s.%s %s" % (command["task"], command["indicator"], command["outcome"])
            elif command["kind"] == "submit" and command["what"] == "report":
                what = command["report"]
            else:
                continue
            self.assertEqual(entry["account"], command["unit"])
            acts.append((recount.instant(entry["received_at"], zone), command["unit"], what))
        return acts

    def test_one_of_a_hundred_units_gives_the_recount_and_its_log_the_order_of_the_files(self):
        data = self.at("data")
        self.play(23, 100, 900, "--keep", data)
        acts = self.acts_of_the_files()
        self.assertGreater(len(acts), 500)
        self.assertEqual(self.acts_of_the_log(data), acts)

    def test_one_of_300_units_and_5000_indicators_gives_the_recount_in_two_minutes(self):
        self.assertLess(self.play(seed=300, units=300, indicators=5000), 120)


class Refusals(Case):
    def assert_nothing_made(self, *names):
        for name in names:
            self.assertFalse(os.path.lexists(self.at(name)), name)

    def test_a_folder_that_is_not_empty_is_refused_before_anything_starts(self):
        for taken, free in (("--export", "--keep"), ("--keep", "--export")):
            with self.subTest(taken):
                full = self.at("full" + taken)
                os.mkdir(full)
                write("mine", full, "file")
                result = self.rehearse(EXAMPLE, taken, full, free, self.at("new"), status=1)
                self.assertIn(full, result.stderr)
                self.assertEqual(os.listdir(full), ["file"])
                self.assertEqual(result.stdout, "")
                self.assert_nothing_made("new")

    def test_wrong_usage_is_told_apart(self):
        for arguments in ((), (EXAMPLE, EXAMPLE), (EXAMPLE, "--keep"), (EXAMPLE, "--expert", "x"),
                          (EXAMPLE, "--keep", self.at("x"), "--export", self.at("x"))):
            result = self.run_dondoc("rehearse", *arguments)
            self.assertEqual(result.returncode, 2, (arguments, result.stderr))
        self.assert_nothing_made("x")

    def test_all_faults_of_all_files_are_listed_and_nothing_is_made(self):
        scenario = self.scenario_copy()
        with open(os.path.join(scenario, "units.csv"), "a", encoding="utf-8") as file:
            file.write("nowhere,Nowhere,no-group,99,,,\r\n")
        with open(os.path.join(scenario, "reports.csv"), "a", encoding="utf-8") as file:
            file.write("no-unit,H1,2013-06-24T16:05\r\n")
            file.write("so-noi-vu,H9,2013-06-31T16:05\r\n")
        result = self.rehearse(scenario, "--export", self.at("out"), "--keep", self.at("data"),
                               status=1)
        lines = result.stderr.splitlines()
        self.assertEqual([line.split(":")[0] for line in lines],
                         ["units.csv", "reports.csv", "reports.csv", "reports.csv"])
        units = len(records(scenario, "units.csv")) + 1
        self.assertTrue(lines[0].startswith("units.csv:%d: group: " % units), lines[0])
        self.assert_nothing_made("out", "data")

    def test_a_scenario_that_is_not_there_fails(self):
        self.rehearse(self.at("nowhere"), "--export", self.at("out"), status=1)
        self.assert_nothing_made("out")

    def test_a_step_that_is_refused_names_its_row(self):
        scenario = self.scenario_copy()
        programme = content(SOURCE, "programmes", "key-tasks.yaml").decode()
        self.assertIn("by: head", programme)
        write(programme.replace("by: head", "by: officer", 1), scenario, "key-tasks.yaml")
        result = self.rehearse(scenario, "--export", self.at("out"), status=1)
        self.assertIn("units.csv:2: ", result.stderr)
        self.assertIn("officer", result.stderr)
        self.assertEqual(result.stdout, "")
        self.assert_nothing_made("out")


class Acts(Case):
    """What people do in the words of the command line, within a rehearsal."""

    def scenario_with(self, *acts):
        scenario = self.scenario_copy()
        write("code,unit,role\nofficer,so-noi-vu,officer\nchairman,ubnd,head\nauditor,,auditor\n",
              scenario, "accounts.csv")
        write("at,account,act,expect\n" + "".join(acts), scenario, "acts.csv")
        return scenario

    def test_they_are_played_and_told_and_change_no_other_file(self):
        scenario = self.scenario_with(
            "2013-01-24T09:00,officer,submit key-tasks/2013 so-noi-vu,no-office\n",
            "2013-07-01T09:00,auditor,\"table key-tasks/2013 --period 'H1' --csv\",\n",
            "2013-12-11T09:00,administrator,\"cycle close key-tasks/2013 --reason \"\"Hết năm\"\"\",\n")
        out = self.at("out")
        result = self.rehearse(scenario, "--export", out)
        self.assertNotIn("expected", result.stderr)
        self.assertEqual(sorted(os.listdir(out)),
                         sorted(FILES + ("acts.log", "duties.csv", "matters.csv")))
        log = content(out, "acts.log").decode()
        self.assertIn("acts.csv:2 2013-01-24T09:00:00+07:00 dondoc submit key-tasks/2013 so-noi-vu\n"
                      "expected: no-office\n", log)
        self.assertIn("province,3,so-noi-vu,Sở Nội vụ,32,14,14,0,0,0,0", log)
        duties = records(out, "duties.csv")
        self.assertEqual({row["cycle"] for row in duties}, {"key-tasks/2013"})
        recount = self.at("recount")
        subprocess.run([sys.executable, os.path.join(HERE, "recount.py"), scenario, recount],
                       check=True)
        for name in ("summary.csv", "groups.csv", "reports.csv"):
            self.assertEqual(rows(out, name), rows(recount, name), name)

    def test_what_ends_otherwise_than_expected_is_named_after_the_play(self):
        scenario = self.scenario_with(
            "2013-01-24T09:00,officer,submit key-tasks/2013 so-noi-vu,\n",
            "2013-01-24T09:10,so-noi-vu,dossier key-tasks/2013 so-noi-vu,four-eyes\n",
            "2013-07-01T09:00,so-noi-vu,submit key-tasks/2013 thanh-tra,four-eyes\n")
        out = self.at("out")
        result = self.rehearse(scenario, "--export", out, status=1)
        for line, wanted in ((2, "success"), (3, "four-eyes"), (4, "four-eyes")):
            self.assertIn("acts.csv:%d: expected %s: dondoc " % (line, wanted), result.stderr)
        self.assertIn("3 of 3 acts ended otherwise than expected", result.stderr)
        self.assertIn("acts.log", os.listdir(out))
        self.assertIn("2013", result.stdout)

    def test_a_command_that_is_no_act_is_a_fault_before_anything_starts(self):
        scenario = self.scenario_with(
            "2013-01-24T09:00,administrator,clock advance 2013-02-01T00:00+07:00,\n",
            "2013-01-24T09:00,administrator,init elsewhere,\n",
            "2013-01-24T09:00,administrator,audit replay,\n",
            "2013-01-24T09:00,administrator,rehearse .,\n",
            "2013-01-24T09:00,administrator,no-such-command,\n")
        result = self.rehearse(scenario, "--export", self.at("out"), status=1)
        self.assertEqual([line.split(": ")[0] for line in result.stderr.splitlines()],
                         ["acts.csv:%d" % line for line in range(2, 7)], result.stderr)
        self.assertFalse(os.path.exists(self.at("out")))

    def test_files_are_those_of_the_scenario_and_the_environment_says_nothing(self):
        scenario = self.scenario_with(
            "2013-01-20T09:00,administrator,programme put more/again.yaml,\n",
            "2013-01-20T09:10,administrator,programme put key-tasks.yaml,not-found\n")
        os.mkdir(os.path.join(scenario, "more"))
        programme = content(SOURCE, "programmes", "key-tasks.yaml").decode()
        write(programme.replace("code: key-tasks", "code: again", 1), scenario, "more", "again.yaml")
        self.environment.update(DONDOC_DATA=self.at("nowhere"), DONDOC_OFFSET="-03:00",
                                DONDOC_CONFIG=self.at("no.conf"), DONDOC_SERVER="tcp://127.0.0.1:1")
        result = self.rehearse(scenario, status=1)
        self.assertNotIn("acts.csv:2", result.stderr)
        self.assertIn("acts.csv:3: expected not-found", result.stderr)


class Interruptions(Case):
    def start(self, *flags):
        """A rehearsal under way whose server serves; also the server's process id."""
        rehearsal = subprocess.Popen([DONDOC, "rehearse", EXAMPLE, "--export", self.at("out"),
                                      "--keep", self.at("data"), *flags], env=self.environment,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(rehearsal.wait)
        self.addCleanup(rehearsal.kill)
        wait_for(lambda: os.path.exists(self.at("data", "endpoint")), "dondocd serves")
        server = [pid for pid, line in processes(self.at("data")) if pid != rehearsal.pid]
        self.assertEqual(len(server), 1)
        return rehearsal, server[0]

    def assert_all_gone(self):
        wait_for(lambda: not processes(self.folder), "every process has ended")

    def test_an_interrupt_ends_it_in_order(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                rehearsal, _ = self.start()
                rehearsal.send_signal(number)
                _, messages = rehearsal.communicate(timeout=PATIENCE_S)
                self.assertEqual(rehearsal.returncode, 1, messages)
                self.assertIn("interrupted", messages)
                self.assertIn(b"ended in order", content(self.at("data"), "dondocd.log"))
                self.assertFalse(os.path.exists(self.at("out")))
                self.assert_all_gone()
                shutil.rmtree(self.at("data"))

    def test_a_server_that_dies_is_told_with_its_end(self):
        rehearsal, server = self.start()
        os.kill(server, signal.SIGKILL)
        _, messages = rehearsal.communicate(timeout=PATIENCE_S)
        self.assertEqual(rehearsal.returncode, 1, messages)
        self.assertIn("signal 9", messages)
        self.assertFalse(os.path.exists(self.at("out")))

    def test_a_server_does_not_outlive_a_rehearsal_that_is_killed(self):
        rehearsal, _ = self.start()
        rehearsal.kill()
        rehearsal.communicate(timeout=PATIENCE_S)
        self.assert_all_gone()


if __name__ == "__main__":
    unittest.main()
