#!/usr/bin/env python3
"""An independent recount of a scenario: what the export must be, from the files alone.

    recount.py DIR OUT

Reads the scenario folder DIR and writes summary.csv, groups.csv, reports.csv and reminders.csv into
OUT. Shares no code with dondoc, knows no message and plays nothing: it counts by the rules as they
are written. It trusts its input; faults are the scenario reader's business. Standard library only.
"""
import csv
import datetime
import os
import re
import sys

DONE = ("completed", "exceeded")
RUNGS = (-7, -3, -1, 0, 1, 3, 5)
COUNTED_KIND = "own"
DAY = datetime.timedelta(days=1)


# ---- scenario.yaml: keys, [lists], {maps}, and lists of {maps} in lines of their own

def scalar(text):
    text = text.strip()
    if text[:1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text[:1] == "'":
        return text[1:-1].replace("''", "'")
    return text


def split(text, mark):
    """Splits at a mark that stands outside quotes; a quote opens where a value begins."""
    pieces, quote = [""], ""
    for c in text:
        if c == mark and not quote:
            pieces.append("")
            continue
        if quote:
            quote = "" if c == quote else quote
        elif c in "\"'" and pieces[-1].rstrip()[-1:] in ("", ":", ",", "[", "{", "-"):
            quote = c
        pieces[-1] += c
    return pieces


def flow(text):
    """A value that stands on one line."""
    text = text.strip()
    if text[:1] not in ("[", "{"):
        return scalar(text)
    pieces = [p for p in split(text[1:-1], ",") if p.strip()]
    if text[0] == "[":
        return [scalar(p) for p in pieces]
    return {k.strip(): scalar(v) for k, v in (p.split(":", 1) for p in pieces)}


def read_yaml(path):
    out, key = {}, None
    with open(path, encoding="utf-8-sig") as lines:
        for line in lines:
            line = split(line.rstrip("\r\n").replace(" #", "\0"), "\0")[0]
            line = line.replace("\0", " #").rstrip()
            if not line.strip() or line.startswith(("#", "---")):
                continue
            if line.lstrip().startswith("- "):
                out[key].append(flow(line.lstrip()[2:]))
                continue
            key, value = line.split(":", 1)
            key = key.strip()
            out[key] = flow(value) if value.strip() else []
    return out


# ---- days and instants

def day(text):
    return datetime.date.fromisoformat(text) if text else None


def instant(text, zone):
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(zone)


def at_hour(date, hour, zone):
    return datetime.datetime(date.year, date.month, date.day, hour, tzinfo=zone)


def shown(at):
    return at.isoformat(timespec="seconds")


# ---- the scenario

class Scenario:
    def __init__(self, folder):
        yaml = read_yaml(os.path.join(folder, "scenario.yaml"))
        self.clock = datetime.datetime.fromisoformat(yaml["clock"].replace("Z", "+00:00"))
        self.zone = self.clock.tzinfo
        self.year = int(yaml["cycle"])
        self.end = datetime.datetime(self.year, 12, 31, tzinfo=self.zone) + DAY
        self.register, self.approve = day(yaml["register"]), day(yaml["approve"])
        self.from_day, self.to_day = day(yaml["period"]["from"]), day(yaml["period"]["to"])
        self.as_of = day(yaml["as_of"])
        self.as_of_end = datetime.datetime.combine(self.as_of, datetime.time(), self.zone) + DAY
        self.groups = [g["code"] for g in yaml["groups"]]
        self.reports = [(r["code"], at_hour(day(r["before"]), 0, self.zone))
                        for r in yaml["reports"]]
        self.units = self.rows(folder, "units.csv")
        self.indicators = {u["code"]: [] for u in self.units}
        for row in self.rows(folder, "indicators.csv"):
            row["due"], row["completed_on"] = day(row["due"]), day(row["completed_on"])
            self.indicators[row["unit"]].append(row)
        self.received = {(r["unit"], r["report"]): instant(r["received_at"], self.zone)
                         for r in self.rows(folder, "reports.csv")}

    @staticmethod
    def rows(folder, name):
        with open(os.path.join(folder, name), encoding="utf-8-sig", newline="") as lines:
            return [row for row in csv.DictReader(lines)]

    def in_table_order(self):
        return sorted(self.units, key=lambda u: (self.groups.index(u["group"]), int(u["ordinal"])))


# ---- the four tables

COUNTS = ("registered_year", "registered_period", "completed", "exceeded", "not_completed", "early",
          "unattainable")


def count_unit(s, unit):
    """The counts of one unit as of the scenario's as_of."""
    n = dict.fromkeys(COUNTS, 0)
    if s.approve > s.as_of:
        return n
    for row in s.indicators[unit["code"]]:
        if row["kind"] != COUNTED_KIND:
            continue
        known = row["outcome"] if row["outcome"] and row["completed_on"] <= s.as_of else ""
        n["registered_year"] += 1
        n["unattainable"] += known == "unattainable"
        if s.from_day <= row["due"] <= s.to_day:
            n["registered_period"] += 1
            n["completed"] += known in DONE
            n["exceeded"] += known == "exceeded"
            n["not_completed"] += known not in DONE
        elif row["due"] > s.to_day:
            n["early"] += known in DONE and row["completed_on"] <= s.to_day
    return n


def summary(s):
    return [[u["group"], u["ordinal"], u["code"], u["name"]] + [n[c] for c in COUNTS]
            for u in s.in_table_order() for n in [count_unit(s, u)]]


def groups(s):
    summed = ("registered_year", "registered_period", "completed", "not_completed", "early")
    columns = ("units", *summed, "none_registered", "all_completed", "incomplete")
    sums = {g: dict.fromkeys(columns, 0) for g in s.groups}
    for unit in s.units:
        n, total = count_unit(s, unit), sums[unit["group"]]
        total["units"] += 1
        for column in summed:
            total[column] += n[column]
        if n["registered_period"] == 0:
            total["none_registered"] += 1
        elif n["not_completed"] == 0:
            total["all_completed"] += 1
        else:
            total["incomplete"] += 1
    rows = [[g] + [sums[g][c] for c in columns] for g in s.groups]
    rows.append(["total"] + [sum(sums[g][c] for g in s.groups) for c in columns])
    return [["group"] + list(columns)] + rows


def reports(s):
    rows = []
    for unit in s.in_table_order():
        for code, bound in s.reports:
            at = s.received.get((unit["code"], code))
            if at is not None and at >= s.as_of_end:
                at = None
            if at is not None:
                status = "on_time" if at < bound else "late"
            else:
                status = "missing" if bound < s.as_of_end else "pending"
            rows.append([unit["code"], code, shown(bound), shown(at) if at else "", status])
    return rows


def rungs(s, last_day, met_at):
    """(rung, instant) of a duty that arose with the clock; met_at is None if it never was met."""
    for n in RUNGS:
        at = at_hour(last_day + n * DAY, 8, s.zone)
        if s.clock <= at < s.end and (met_at is None or met_at >= at):
            yield n, at


def reminders(s):
    rows = []
    approved_at = at_hour(s.approve, 9, s.zone)
    for unit in s.units:
        code, items = unit["code"], s.indicators[unit["code"]]
        registered_at = at_hour(s.register, 9, s.zone) if items else None
        rows += [(at, code, "register", n) for n, at in rungs(s, s.register, registered_at)]
        for report, bound in s.reports:
            last = (bound - DAY).date()
            rows += [(at, code, "report/" + report, n)
                     for n, at in rungs(s, last, s.received.get((code, report)))]
        for row in items:
            at = at_hour(row["due"], 8, s.zone)
            done = row["outcome"] in DONE and at_hour(row["completed_on"], 17, s.zone) < at
            if approved_at <= at < s.end and not done:
                rows.append((at, code, "indicator/%s.%s" % (row["task"], row["indicator"]), 0))
    rows.sort(key=lambda r: (r[0], r[1].encode(), r[2].encode()))
    return [[code, duty, "%+d" % n if n else "0", shown(at)] for at, code, duty, n in rows]


def write(folder, name, rows):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: recount.py DIR OUT")
    s, out = Scenario(sys.argv[1]), sys.argv[2]
    os.makedirs(out, exist_ok=True)
    write(out, "summary.csv", [["group", "ordinal", "unit", "name"] + list(COUNTS)] + summary(s))
    write(out, "groups.csv", groups(s))
    write(out, "reports.csv", [["unit", "report", "bound", "received_at", "status"]] + reports(s))
    write(out, "reminders.csv", [["unit", "duty", "rung", "at"]] + reminders(s))


if __name__ == "__main__":
    main()
