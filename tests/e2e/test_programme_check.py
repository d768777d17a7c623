#!/usr/bin/env python3
"""`dondoc programme check`: where faults and warnings go, how they are ordered, what the program ends
with, and that every programme that is shipped is without fault. No server runs, and there is no key.
What is found at all is in tests/unit/test_programme_lint.c."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
DONDOC = os.environ["DONDOC"]
SOURCE = os.environ["DONDOC_SOURCE"]
PROGRAMMES = sorted(glob.glob(os.path.join(SOURCE, "programmes", "*.yaml")))
PLACE = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<text>.+)$")

GOOD = """code: a
version: 1
name: {vi: a}
issued: 2013-11-25
stages:
  - key: monthly
    act: report
    by: head
    deadline: {word: before, every: month, day: 25}
"""
WARNED = GOOD.replace("every: month, day: 25", "every: year, month: 11, day: 20")
FAULTY = GOOD.replace("act: report", "act: repot").replace("by: head", "bye: head")


def check(*words):
    return subprocess.run([DONDOC, "programme", "check", *words], capture_output=True, text=True,
                          timeout=60, check=False)


class Check(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, text, name="p.yaml"):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def test_a_file_without_fault_ends_with_0_and_one_line(self):
        path = self.file(GOOD)
        done = check(path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, f"{path}: a version 1, 1 stages: no faults\n")

    def test_every_fault_has_its_file_line_and_column(self):
        path = self.file(FAULTY)
        done = check(path)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        lines = [PLACE.match(line) for line in done.stdout.splitlines()]
        self.assertTrue(all(lines), done.stdout)
        self.assertEqual({line["file"] for line in lines}, {path})
        places = [(int(line["line"]), int(line["column"])) for line in lines]
        self.assertEqual(places, sorted(places))
        text = done.stdout
        self.assertIn(':7:10: stages[1].act: "repot" is not known; it is hand-in, decide', text)
        self.assertIn(':8:5: stages[1]: unknown key "bye"; did you mean by? the keys are', text)
        self.assertIn(":6:5: stages[1].by: the key is missing; it is required", text)

    def test_a_warning_is_no_fault_unless_strict(self):
        path = self.file(WARNED)
        done = check(path)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(done.stdout.endswith(
            f"{path}: a version 1, 1 stages: no faults, 1 warning\n"), done.stdout)
        self.assertRegex(done.stdout, r":9:15: warning: stages\[1\]\.deadline: the rule is dated "
                                      r"2013-11-25, after its own deadline of that year \(last "
                                      r"accepted day 2013-11-19\)")
        self.assertEqual(check("--strict", path).returncode, 1)
        self.assertEqual(check("--strict", self.file(GOOD)).returncode, 0)

    def test_one_bad_file_among_good_ones_ends_with_1(self):
        good = self.file(GOOD, "good.yaml")
        done = check(good, self.file(FAULTY, "bad.yaml"), good)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.count("no faults"), 2)

    def test_json_lists_faults_and_warnings_alike(self):
        faulty = self.file(FAULTY, "faulty.yaml")
        warned = self.file(WARNED, "warned.yaml")
        done = check("--json", faulty, warned)
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        found = json.loads(done.stdout)
        self.assertEqual({row["severity"] for row in found}, {"fault", "warning"})
        warning = [row for row in found if row["severity"] == "warning"]
        self.assertEqual([(row["file"], row["line"], row["column"], row["path"])
                          for row in warning], [(warned, 9, 15, "stages[1].deadline")])
        self.assertTrue(warning[0]["text"].startswith("the rule is dated"))
        self.assertEqual(json.loads(check("--json", self.file(GOOD)).stdout), [])

    def test_a_file_that_is_not_there_ends_with_1_and_none_with_2(self):
        done = check(os.path.join(self.folder.name, "none.yaml"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("none.yaml", done.stderr)
        self.assertEqual(check().returncode, 2)

    def test_every_programme_that_is_shipped_is_without_fault(self):
        self.assertTrue(PROGRAMMES)
        done = check(*PROGRAMMES)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for path in PROGRAMMES:
            code = os.path.basename(path)[:-len(".yaml")]
            self.assertIn(f"{path}: {code} version", done.stdout)

    def test_the_example_has_no_warning_either(self):
        done = check("--strict", os.path.join(SOURCE, "programmes", "example.yaml"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
