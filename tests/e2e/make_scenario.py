#!/usr/bin/env python3
"""Makes a random scenario that is well-formed, leaning towards the edges of the rules.

    make_scenario.py --seed N --units U --indicators I --out DIR

The same arguments give the same bytes. Days and instants are drawn with a liking for the ones where
a rule turns: the period's ends, as_of, bounds, rungs. Standard library only.
"""
import argparse
import csv
import datetime
import os
import random

DAY = datetime.timedelta(days=1)
WORDS = ("Sở", "Ban", "Huyện", "phường", "Nội vụ", "Kế hoạch", "đề án", "quy hoạch", "cải cách",
         "hành chính", "Nghệ nhân", "trường học", "chỉ tiêu", "tỷ lệ", "diện tích", "đường", "cầu")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def words(r, count):
    return " ".join(r.choice(WORDS) for _ in range(count))


def title(r):
    text = words(r, r.randint(1, 12))
    turn = r.random()
    if turn < 0.1:
        return text + ", " + words(r, 2)
    if turn < 0.2:
        return 'Quy chế "' + text + '"'
    if turn < 0.27:
        return text + "\n" + words(r, 3)
    return text


def codes(r, count, prefix=""):
    found = []
    while len(found) < count:
        code = prefix + r.choice(LETTERS) + "".join(
            r.choice(LETTERS + "0123456789-_.") for _ in range(r.randint(1, 14)))
        if code not in found:
            found.append(code)
    return found


class Maker:
    def __init__(self, r, units, indicators):
        self.r = r
        self.year = r.randint(1999, 2030)
        self.first, self.last = datetime.date(self.year, 1, 1), datetime.date(self.year, 12, 31)
        self.offset = r.choice(["+07:00", "+07:00", "Z", "-03:30", "+05:45", "+14:00", "-11:00"])
        clock = self.first + r.randint(0, 20) * DAY
        self.clock = datetime.datetime(self.year, clock.month, clock.day, r.choice([0, 7, 8, 8, 9]),
                                       r.choice([0, 0, 30]))
        self.register = clock + r.randint(1, 20) * DAY
        self.appraise = self.register + r.randint(0, 20) * DAY
        self.approve = self.appraise + r.randint(0, 20) * DAY
        self.period = sorted(self.any_day(self.first, self.last) for _ in range(2))
        self.as_of = r.choice([self.period[1], self.period[1], self.last, self.approve,
                               self.any_day(self.first, self.last)])
        self.reports = [(code, self.any_day(self.first + 30 * DAY, self.last + DAY))
                        for code in r.sample(["H1", "year", "Q1", "Q3", "b.9"], r.randint(0, 4))]
        self.groups = codes(r, r.randint(1, 5))
        self.units = codes(r, units, "u")
        self.root = "root"
        self.approvers = ["chairman", "vice-1", "vice-2"][:r.randint(1, 3)]
        self.counts = self.spread(units, indicators)
        self.appraisers = r.sample(self.units, 2) if units > 1 else self.units

    def any_day(self, first, last):
        return first + self.r.randint(0, (last - first).days) * DAY

    def spread(self, units, indicators):
        """How many indicators each unit has; some have none, and then they do not register."""
        busy = [i for i in range(units) if self.r.random() < 0.92]
        if units == 1:
            busy = []  # a lone unit cannot be appraised
        counts = [0] * units
        for _ in range(indicators if busy else 0):
            counts[self.r.choice(busy)] += 1
        return [min(count, 1000) for count in counts]

    def turning_day(self, first, last):
        """A day from first to last, often one where something turns."""
        turns = [self.period[0], self.period[0] - DAY, self.period[1], self.period[1] + DAY,
                 self.as_of, self.as_of + DAY, first, last]
        day = self.r.choice(turns) if self.r.random() < 0.4 else self.any_day(first, last)
        return min(max(day, first), last)

    # ---- rows

    def unit_rows(self):
        count = len(self.units)
        places = {group: iter(sorted(self.r.sample(range(1, 5 * count + 9), count)))
                  for group in self.groups}
        rows = []
        for i, code in enumerate(self.units):
            group = self.r.choice(self.groups)
            parent = self.r.choice(self.units[:i]) if i and self.r.random() < 0.3 else ""
            head = self.r.choice(["", "Giám đốc Sở", "Chủ tịch UBND huyện"])
            approver = self.r.choice(self.approvers + [""])
            rows.append([code, words(self.r, 3), group, next(places[group]), parent, head,
                         approver])
        self.r.shuffle(rows)  # a parent may stand below its children
        return rows

    def task_kinds(self):
        """Task number to kind: at most five of each, with gaps, numbers that imply no kind."""
        numbers = self.r.sample(range(1, 30), self.r.randint(1, 5) + self.r.randint(0, 5))
        kinds = ["own"] * 5 + ["common"] * 5
        self.r.shuffle(kinds)
        return dict(zip(numbers, kinds))

    def outcome(self, due):
        outcome = self.r.choice(["", "completed", "completed", "exceeded", "not_completed",
                                 "unattainable"])
        if not outcome or self.approve >= self.last:
            return "", ""
        if self.r.random() < 0.3:
            done = min(max(due + self.r.randint(-1, 1) * DAY, self.approve + DAY), self.last)
        else:
            done = self.turning_day(self.approve + DAY, self.last)
        return outcome, done

    def indicator_rows(self):
        rows = []
        for code, count in zip(self.units, self.counts):
            kinds = self.task_kinds()
            free = [(task, n) for task in kinds for n in range(1, 200)]
            for task, n in self.r.sample(free, min(count, len(free))):
                due = self.turning_day(self.first, self.last)
                outcome, done = self.outcome(due)
                target = self.r.choice(["", "", "100", "12.5", "0.000001", "-3.25"])
                rows.append([code, task, kinds[task], n, title(self.r),
                             self.r.choice(["", "%", "văn bản", "km"]), target, due, outcome, done])
        self.r.shuffle(rows)
        return rows

    def received(self, before):
        """On time, late, at the bound, at a rung: any instant within the cycle."""
        turn = self.r.random()
        bound = datetime.datetime.combine(before, datetime.time())
        if turn < 0.1:
            at = bound
        elif turn < 0.2:
            at = bound - datetime.timedelta(seconds=1)
        elif turn < 0.4:
            rung = self.r.choice([-7, -3, -1, 0, 1, 3, 5])
            at = bound + (rung - 1) * DAY
            at += datetime.timedelta(hours=8, seconds=self.r.randint(-1, 1))
        else:
            at = bound + datetime.timedelta(minutes=self.r.randint(-20000, 20000))
        last = datetime.datetime.combine(self.last, datetime.time(23, 59, 59))
        return min(max(at, self.clock), last)

    def report_rows(self):
        rows = []
        for code in self.units:
            for report, before in self.reports:
                if self.r.random() < 0.15:
                    continue
                at = self.received(before)
                text = at.isoformat(timespec="seconds" if at.second else "minutes")
                rows.append([code, report, text + self.r.choice(["", "", self.offset])])
        self.r.shuffle(rows)
        return rows

    # ---- files

    def yaml(self):
        quotes = ["%s", '"%s"', "'%s'"]
        named = ["{code: %s, name: %s}" % (g, self.r.choice(quotes) % words(self.r, 2))
                 for g in self.groups]
        lines = ["# made with a seed", "jurisdiction: tinh-%d" % self.year,
                 "root: {code: %s, name: \"Ủy ban, tỉnh\"}" % self.root, "groups:"]
        lines += ["  - " + group for group in named]
        lines += ["appraisers: [%s]" % ", ".join(self.appraisers),
                  "approvers: [%s]   # accounts" % ", ".join(self.approvers),
                  "programme: key-tasks",
                  "cycle: %d" % self.year,
                  "clock: %s%s" % (self.clock.isoformat(timespec="minutes"), self.offset),
                  "register: %s" % self.register, "appraise: %s" % self.appraise,
                  "approve: %s" % self.approve,
                  "period: {code: P-1, from: %s, to: %s}" % tuple(self.period),
                  "as_of: %s" % self.as_of, "reports:" if self.reports else "reports: []"]
        lines += ["  - {code: %s, before: %s}" % report for report in self.reports]
        return lines

    def write_lines(self, folder, name, lines):
        end = self.r.choice(["\n", "\r\n"])
        bom = self.r.choice(["", "\ufeff"])
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as out:
            out.write(bom + "".join(line + end for line in lines))

    def write_rows(self, folder, name, columns, rows):
        """Columns in any order; LF or CRLF, BOM or none, quotes where needed or everywhere."""
        order = list(range(len(columns)))
        self.r.shuffle(order)
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as out:
            out.write(self.r.choice(["", "\ufeff"]))
            writer = csv.writer(out, lineterminator=self.r.choice(["\n", "\r\n"]),
                                quoting=self.r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
            writer.writerow([columns[i] for i in order])
            writer.writerows([row[i] for i in order] for row in rows)

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.write_lines(folder, "scenario.yaml", self.yaml())
        self.write_rows(folder, "units.csv",
                        ["code", "name", "group", "ordinal", "parent", "head_title", "approver"],
                        self.unit_rows())
        self.write_rows(folder, "indicators.csv",
                        ["unit", "task", "kind", "indicator", "title", "unit_of_measure", "target",
                         "due", "outcome", "completed_on"], self.indicator_rows())
        self.write_rows(folder, "reports.csv", ["unit", "report", "received_at"],
                        self.report_rows())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--units", type=int, required=True)
    parser.add_argument("--indicators", type=int, required=True)
    parser.add_argument("--out", required=True)
    a = parser.parse_args()
    Maker(random.Random(a.seed), a.units, a.indicators).write(a.out)


if __name__ == "__main__":
    main()
