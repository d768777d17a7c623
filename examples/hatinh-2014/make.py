#!/usr/bin/env python3
"""Makes the bulk of the scenario: units, accounts, indicators, reports, acts, the files of cycles and
the papers. The same bytes each time. Usage: make.py [OUT], by default into its own folder."""
import csv
import datetime
import os
import sys

DAY = datetime.timedelta(days=1)

SO = [("vp-ubnd", "Văn phòng UBND tỉnh", "Chánh Văn phòng"), ("so-noi-vu", "Sở Nội vụ", "Giám đốc Sở"),
      ("so-tu-phap", "Sở Tư pháp", "Giám đốc Sở"),
      ("so-khdt", "Sở Kế hoạch và Đầu tư", "Giám đốc Sở"),
      ("so-tai-chinh", "Sở Tài chính", "Giám đốc Sở"),
      ("so-cong-thuong", "Sở Công Thương", "Giám đốc Sở"),
      ("so-nnptnt", "Sở Nông nghiệp và Phát triển nông thôn", "Giám đốc Sở"),
      ("so-gtvt", "Sở Giao thông vận tải", "Giám đốc Sở"),
      ("so-xay-dung", "Sở Xây dựng", "Giám đốc Sở"),
      ("so-tnmt", "Sở Tài nguyên và Môi trường", "Giám đốc Sở"),
      ("so-tttt", "Sở Thông tin và Truyền thông", "Giám đốc Sở"),
      ("so-ldtbxh", "Sở Lao động, Thương binh và Xã hội", "Giám đốc Sở"),
      ("so-vhttdl", "Sở Văn hóa, Thể thao và Du lịch", "Giám đốc Sở"),
      ("so-khcn", "Sở Khoa học và Công nghệ", "Giám đốc Sở"),
      ("so-gddt", "Sở Giáo dục và Đào tạo", "Giám đốc Sở"), ("so-y-te", "Sở Y tế", "Giám đốc Sở"),
      ("so-ngoai-vu", "Sở Ngoại vụ", "Giám đốc Sở"), ("thanh-tra", "Thanh tra tỉnh", "Chánh Thanh tra")]
HUYEN = [("tp-ha-tinh", "Thành phố Hà Tĩnh"), ("tx-hong-linh", "Thị xã Hồng Lĩnh"),
         ("ky-anh", "Huyện Kỳ Anh"), ("cam-xuyen", "Huyện Cẩm Xuyên"), ("thach-ha", "Huyện Thạch Hà"),
         ("can-loc", "Huyện Can Lộc"), ("loc-ha", "Huyện Lộc Hà"), ("nghi-xuan", "Huyện Nghi Xuân"),
         ("duc-tho", "Huyện Đức Thọ"), ("huong-son", "Huyện Hương Sơn"),
         ("huong-khe", "Huyện Hương Khê"), ("vu-quang", "Huyện Vũ Quang")]
# A reorganisation that is assumed: two boards become one on 1 October.
BAN = [("bql-vung-ang", "Ban Quản lý Khu kinh tế Vũng Áng", "", "2014-09-30", "bql-kkt-tinh"),
       ("bql-cau-treo", "Ban Quản lý Khu kinh tế cửa khẩu quốc tế Cầu Treo", "", "2014-09-30",
        "bql-kkt-tinh"),
       ("bql-kkt-tinh", "Ban Quản lý Khu kinh tế tỉnh", "2014-10-01", "", "")]
BALLOT_OFFICE = "vp-ky-anh"
MEMBERS = ["tv-%02d" % n for n in range(1, 10)]
PARTIES = [u[0] for u in SO] + [u[0] for u in HUYEN]
REPORTING = PARTIES + ["bql-vung-ang", "bql-cau-treo"]
NAMES = {u[0]: u[1] for u in SO + HUYEN + BAN}


def day(month, number, year=2014):
    return datetime.date(year, month, number)


def month_end(month, year=2014):
    return (datetime.date(year + month // 12, month % 12 + 1, 1)) - DAY


class Writer:
    def __init__(self, out):
        self.out = out

    def text(self, name, text):
        path = os.path.join(self.out, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)

    def table(self, name, columns, rows):
        path = os.path.join(self.out, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)


# ---- who

def units():
    rows = []
    for n, (code, name, title) in enumerate(SO, 1):
        rows.append((code, name, "so", n, "", title, approver(code), "", "", ""))
    for n, (code, name) in enumerate(HUYEN, 1):
        rows.append((code, name, "huyen", n, "", "Chủ tịch UBND", approver(code), "", "", ""))
    for n, (code, name, since, until, successor) in enumerate(BAN, 1):
        rows.append((code, name, "ban", n, "", "Trưởng ban", "", since, until, successor))
    rows.append((BALLOT_OFFICE, "Văn phòng HĐND và UBND huyện Kỳ Anh", "ban", 4, "ky-anh",
                 "Chánh Văn phòng", "", "", "", ""))
    for n, code in enumerate(MEMBERS, 1):
        rows.append((code, "Thành viên UBND huyện Kỳ Anh số %d" % n, "members", n, "ky-anh",
                     "Thành viên UBND huyện", "", "", "", ""))
    return rows


def approver(code):
    """Who of the chairman and the vice-chairmen: an assumption."""
    if code in ("so-gddt", "so-y-te", "so-vhttdl", "so-ldtbxh"):
        return "pct-van-xa"
    if code in ("so-cong-thuong", "so-nnptnt", "so-gtvt", "so-xay-dung", "so-tnmt"):
        return "pct-kinh-te"
    return ""


ACCOUNTS = [("chu-tich", "ubnd", "head", "", ""), ("vp-ubnd", "ubnd", "officer", "", ""),
            ("so-noi-vu.pgd", "so-noi-vu", "deputy", "", ""),
            ("so-tai-chinh.pgd", "so-tai-chinh", "deputy", "", ""),
            ("so-nnptnt.cv", "so-nnptnt", "officer", "", ""),
            ("ky-anh.vp", "ky-anh", "officer", "", ""),
            ("ky-anh.vp", BALLOT_OFFICE, "officer", "", ""), ("ky-anh.ct", "ky-anh", "approver", "", ""),
            ("kiem-toan", "", "auditor", "", "")]


# ---- the work programme

def note(due, outcome, on):
    """What is late or cannot be done needs its reason."""
    if outcome == "unattainable":
        return "Chưa được bố trí vốn"
    return "Chờ ý kiến của Bộ" if on and on > due else ""


def schemes():
    """Two or three schemes a unit; what became of them goes round."""
    rows = []
    serial = 0
    for i, unit in enumerate(PARTIES):
        for task in range(1, 3 + i % 2):
            serial += 1
            due = month_end(3 + (i * 2 + task * 3) % 10)
            fate = (i * 5 + task * 7) % 12
            outcome, on = "completed", due - (2 + fate) * DAY
            if fate == 3:
                on = due + 9 * DAY if due.month < 12 else due
            elif fate == 6:
                outcome, on = "unattainable", due - DAY
            elif fate == 9:
                outcome, on = "", ""
            code = "da-2014-%03d" % serial
            title = "Đề án số %d (nguồn không nêu tên)" % serial
            if (unit, task) == ("so-noi-vu", 1):
                code, due, outcome, on = "nq-2014-01", day(7, 15), "completed", day(7, 8)
                title = "Nghị quyết về tổ chức bộ máy (cùng nằm trong danh mục nghị quyết)"
            partners = " ".join(sorted({PARTIES[(i + 3) % 30], PARTIES[(i + task * 5) % 30]} - {unit}))
            rows.append((unit, task, "scheme", 1, title, "văn bản", 1, due, outcome, on, code,
                         "2014-02-01", partners, note(due, outcome, on)))
    return rows


# ---- reports

def fate(stage, i, k):
    """How many days before (-) or after (+) the last accepted day; None: never."""
    turn = (i * 7 + k * 11 + len(stage)) % 31
    if turn == 5:
        return 1
    if turn == 17:
        return 3
    if turn == 23:
        return None
    return -((i + k) % 4)


SPECIAL = {("so-noi-vu", "monthly", "2014-02"): ("2014-02-20T09:30", "kt", "so-noi-vu.pgd"),
           ("so-noi-vu", "quarterly", "2014-Q1"): ("2014-03-19T09:30", "", ""),
           ("so-gtvt", "half-year", "2014-H1"): ("2014-05-24T10:00", "", ""),
           ("huong-khe", "monthly", "2014-07"): ("2014-07-28T10:00", "", ""),
           ("vu-quang", "quarterly", "2014-Q3"): ("2014-10-03T10:00", "", ""),
           ("loc-ha", "monthly", "2014-10"): None,
           ("so-y-te", "quarterly", "2014-Q1"): ("2014-03-20T15:00", "", ""),
           ("thach-ha", "quarter-review", "2014-Q1"): ("2014-03-13T09:00", "", ""),
           ("thach-ha", "quarter-adjust", "2014-Q1"): ("2014-03-14T09:00", "", "")}


def state_of_tasks(i, k, estimate):
    running, late = (i + k) % 4, i * k % 3
    tasks = 10 + (i * 3 + k * 5) % 17
    tilde = "~" if estimate else ""
    return "tasks=%d done%s=%d running%s=%d late%s=%d" % (
        tasks, tilde, tasks - running - late, tilde, running, tilde, late)


def adjustment(i, k):
    return "added=%d postponed=%d dropped=%d" % ((i + k) % 2, (i * k) % 3 % 2, (i + 2 * k) % 5 // 4)


def row(cycle, stage, i, unit, k, period, last, figures="", hour=9):
    wanted = SPECIAL.get((unit, stage, period), "")
    if wanted is None:
        return None
    if wanted:
        at, capacity, account = wanted
    else:
        days = fate(stage, i, k)
        if days is None:
            return None
        at = "%sT%02d:%02d" % (last + days * DAY, hour + i % 5, k * 5 % 60)
        capacity, account = "", ""
    if unit.startswith("bql-") and at[:10] >= "2014-10-01":
        account = "bql-kkt-tinh"
    return unit, period, at, cycle, stage, capacity, account, figures


def weeks():
    """The Fridays of the weeks that lie within the year."""
    monday = day(1, 6)
    while monday + 6 * DAY <= day(12, 31):
        yield monday.isocalendar()[1], monday + 4 * DAY
        monday += 7 * DAY


def reports():
    rows = []
    for i, unit in enumerate(REPORTING):
        if i < len(SO):
            for week, friday in weeks():
                rows.append(row("reports/2014", "weekly", i, unit, week, "2014-W%02d" % week, friday))
        for month in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11):
            rows.append(row("reports/2014", "monthly", i, unit, month, "2014-%02d" % month,
                            day(month, 24), state_of_tasks(i, month, False)))
        for quarter in range(1, 5):
            rows.append(row("reports/2014", "quarterly", i, unit, quarter, "2014-Q%d" % quarter,
                            day(quarter * 3, 20), state_of_tasks(i, 20 + quarter, False)))
        rows.append(row("reports/2014", "half-year", i, unit, 1, "2014-H1", day(5, 19),
                        state_of_tasks(i, 31, True)))
        rows.append(row("reports/2014", "annual", i, unit, 1, "2014", day(11, 19),
                        state_of_tasks(i, 32, True)))
    return rows


def programme_reports():
    rows = []
    for i, unit in enumerate(PARTIES):
        for quarter in range(1, 5):
            period, last = "2014-Q%d" % quarter, day(quarter * 3, 15)
            review = row("", "quarter-review", i, unit, quarter, period, last)
            adjust = row("", "quarter-adjust", i, unit, quarter, period, last, adjustment(i, quarter),
                         hour=10)
            rows.append(review)
            if review and adjust and adjust[2] > review[2]:
                rows.append(adjust)
        for month in range(2, 13):
            rows.append(row("", "month-adjust", i, unit, month, "2014-%02d" % month,
                            day(month - 1, 20), adjustment(i, month)))
        for month in (1, 2, 4, 5, 7, 8, 10, 11):
            rows.append(row("", "follow-month", i, unit, month, "2014-%02d" % month,
                            month_end(month)))
        for quarter in (1, 3, 4):
            rows.append(row("", "follow-quarter", i, unit, quarter, "2014-Q%d" % quarter,
                            month_end(quarter * 3)))
        rows.append(row("", "follow-half", i, unit, 1, "2014-H1", day(6, 30)))
        rows.append(row("", "follow-year", i, unit, 2, "2014", day(12, 31)))
    return rows


def received():
    """A report is received within the year, after the programme was approved."""
    rows = [r for r in reports() + programme_reports() if r and r[2] < "2015"]
    return sorted(rows, key=lambda r: r[2])


# ---- acts

class Acts:
    def __init__(self):
        self.rows = []

    def add(self, at, account, act, expect=""):
        self.rows.append((at, account, act, expect))


def quoted(text):
    return "'%s'" % text


def set_up(a):
    at = "2014-01-02T08:00"
    a.add(at, "administrator", "calendar put 2015")
    for name in ("reports", "resolution-list", "consultations", "ballots", "meetings", "directives",
                 "quota-call"):
        a.add(at, "administrator", "programme put ../../programmes/%s.yaml" % name)
    for name in ("reports-2014", "resolution-list-2014", "consultations-2014", "ballots-2014",
                 "meetings-2014", "directives-2014", "quota-call-2014"):
        a.add(at, "administrator", "cycle open cycles/%s.yaml" % name)


def resolutions(a):
    """One item in two programmes, and the lists of the next year in the law's own time."""
    cycle = "resolution-list/2014"
    a.add("2014-01-14T09:00", "so-noi-vu",
          "register %s so-noi-vu --task 1 --kind resolution --indicator 1 --title %s --due 2014-07-15"
          " --code nq-2014-01" % (cycle, quoted("Nghị quyết về tổ chức bộ máy")))
    a.add("2014-01-21T09:30", "so-tai-chinh",
          "register %s so-tai-chinh --task 2 --kind resolution --indicator 1 --title %s"
          " --due 2014-12-10 --code nq-2014-01" % (cycle, quoted("Trùng mã của đơn vị khác")),
          "item-elsewhere")
    a.add("2014-01-14T09:40", "so-tai-chinh",
          "register %s so-tai-chinh --task 1 --kind resolution --indicator 1 --title %s"
          " --due 2014-12-10 --code nq-2014-02"
          % (cycle, quoted("Nghị quyết về phân bổ dự toán ngân sách")))
    for unit in ("so-noi-vu", "so-tai-chinh"):
        a.add("2014-01-14T10:00", unit, "submit %s %s" % (cycle, unit))
        a.add("2014-01-16T10:00", "vp-ubnd", "decide %s %s --version 1 --agree" % (cycle, unit))
        a.add("2014-01-18T10:00", "thuong-truc-hdnd",
              "decide %s %s --version 1 --agree" % (cycle, unit))
    for name in ("resolution-list-2015", "work-programme-2015"):
        a.add("2014-09-15T08:00", "administrator", "cycle open cycles/%s.yaml" % name)
    for unit, at, title in (("so-noi-vu", "2014-10-17T09:00", "Nghị quyết về biên chế"),
                            ("so-tai-chinh", "2014-10-20T09:00", "Nghị quyết về định mức chi")):
        code = "nq-2015-%s" % unit
        a.add(at, unit, "register resolution-list/2015 %s --task 1 --kind resolution --indicator 1"
              " --title %s --due 2015-07-10 --code %s" % (unit, quoted(title), code))
        a.add(at, unit, "submit resolution-list/2015 %s" % unit)
        a.add("2014-11-13T09:00", unit, "register work-programme/2015 %s --task 1 --kind scheme"
              " --indicator 1 --title %s --due 2015-07-10 --code %s --start 2015-01-05"
              " --partners vp-ubnd" % (unit, quoted(title), code))
        a.add("2014-11-14T16:00" if unit == "so-noi-vu" else "2014-11-15T08:00", unit,
              "submit work-programme/2015 %s" % unit)


def signatures(a):
    monthly = ("submit reports/2014 so-noi-vu --stage monthly --report 2014-02 --capacity kt"
               " --figure tasks=12 --figure done=9 --figure running=3 --figure late=0")
    a.add("2014-02-17T09:00", "so-noi-vu.pgd", monthly, "no-delegation")
    a.add("2014-02-18T09:00", "so-noi-vu", "delegate so-noi-vu --to so-noi-vu.pgd --from 2014-02-18"
          " --until 2014-03-31 --stages monthly --reason %s" % quoted("Giám đốc đi công tác"))
    a.add("2014-03-18T09:00", "so-noi-vu.pgd",
          "submit reports/2014 so-noi-vu --stage quarterly --report 2014-Q1 --capacity kt"
          " --figure tasks=12 --figure done=9 --figure running=3 --figure late=0", "capacity")
    a.add("2014-04-22T09:00", "so-noi-vu.pgd",
          monthly.replace("2014-02", "2014-04"), "no-delegation")
    a.add("2014-03-19T10:00", "so-y-te",
          "submit reports/2014 so-y-te --stage quarterly --report 2014-Q1"
          " --figure tasks=12 --figure done=9 --figure running=2 --figure late=0", "figure-sum")
    a.add("2014-03-12T10:00", "thach-ha",
          "submit work-programme/2014 thach-ha --stage quarter-adjust --report 2014-Q1"
          " --figure added=1 --figure postponed=0 --figure dropped=0", "requires")


def bent(a):
    a.add("2014-05-16T09:00", "so-gtvt", "duty extend reports/2014 so-gtvt half-year/2014-H1"
          " --to 2014-05-26 --reason %s" % quoted("Tự gia hạn"), "four-eyes")
    a.add("2014-05-16T10:00", "chu-tich", "duty extend reports/2014 so-gtvt half-year/2014-H1"
          " --to 2014-05-26 --reason %s" % quoted("Chờ số liệu của Bộ"))
    a.add("2014-07-26T09:00", "chu-tich", "duty extend reports/2014 huong-khe monthly/2014-07"
          " --to 2014-07-31 --reason %s" % quoted("Xin gia hạn sau khi hết hạn"), "expired")
    a.add("2014-09-17T08:00", "chu-tich", "duty suspend reports/2014 vu-quang quarterly/2014-Q3"
          " --reason %s" % quoted("Lũ trên sông Ngàn Sâu"))
    a.add("2014-10-01T08:00", "chu-tich", "duty resume reports/2014 vu-quang quarterly/2014-Q3"
          " --reason %s" % quoted("Đường đã thông"))
    a.add("2014-10-20T08:00", "chu-tich", "duty waive reports/2014 loc-ha monthly/2014-10"
          " --reason %s" % quoted("Trụ sở bị ngập"))
    for unit in ("bql-vung-ang", "bql-cau-treo"):
        a.add("2014-10-01T08:30", "administrator", "unit transfer reports/2014 %s bql-kkt-tinh"
              " --reason %s" % (unit, quoted("Hợp nhất hai ban quản lý")))


def consultation(a):
    cycle = "consultations/2014"
    a.add("2014-03-03T08:00", "so-noi-vu",
          "matter open %s consultation --title %s --to so-tai-chinh,so-tu-phap,so-khdt,so-y-te"
          " --due 'by 2014-03-14'" % (cycle, quoted("Dự thảo quy chế tuyển dụng")))
    a.add("2014-03-07T09:00", "so-tai-chinh", "matter answer %s 1 --stage opinion --choice agree" % cycle)
    a.add("2014-03-10T09:00", "so-tu-phap", "matter answer %s 1 --stage opinion --choice amend --note %s"
          % (cycle, quoted("Điều 5 chưa đúng thẩm quyền")))
    a.add("2014-03-14T16:00", "so-khdt", "matter answer %s 1 --stage opinion --choice disagree --note %s"
          % (cycle, quoted("Chưa có nguồn")))
    a.add("2014-03-17T09:00", "so-noi-vu",
          "matter answer %s 1 so-noi-vu --stage report-views --choice kept --note %s"
          % (cycle, quoted("Bảo lưu, đã giải trình")))
    a.add("2014-03-17T10:00", "so-noi-vu", "matter show %s 1" % cycle)


def ballots(a):
    cycle = "ballots/2014"
    for number, (opened, due, title) in enumerate(
            (("2014-04-08T08:00", "2014-04-18", "Quy hoạch chợ huyện"),
             ("2014-08-05T08:00", "2014-08-15", "Đặt tên đường")), 1):
        a.add(opened, "ky-anh.vp", "matter open %s ballot --as ky-anh --owner %s --title %s --to %s"
              " --due 'by %s'" % (cycle, BALLOT_OFFICE, quoted(title), ",".join(MEMBERS), due))
        for member in MEMBERS[:4 if number == 1 else 5]:
            a.add(opened[:8] + "14T09:00", member,
                  "matter answer %s %d --stage vote --choice yes" % (cycle, number))
        if number == 2:
            a.add("2014-08-15T16:30", MEMBERS[5], "matter answer %s 2 --stage vote --choice no" % cycle)
            a.add("2014-08-16T08:00", MEMBERS[6], "matter answer %s 2 --stage vote --choice yes" % cycle,
                  "after-bound")
    a.add("2014-04-21T09:00", "ky-anh.ct", "matter decide %s 1 --return --reason %s"
          % (cycle, quoted("Không quá nửa số thành viên, đưa ra phiên họp")))
    a.add("2014-08-18T09:00", "ky-anh.ct", "matter decide %s 2 --agree" % cycle)
    a.add("2014-08-28T09:00", "ky-anh.vp",
          "matter answer %s 2 %s --stage report-session --note %s"
          % (cycle, BALLOT_OFFICE, quoted("Đã báo cáo tại phiên họp tháng 8")))


def meetings(a):
    cycle = "meetings/2014"
    for number, (opened, at, papers, title) in enumerate(
            (("2014-05-12T08:00", "2014-05-20T08:00", "2014-05-19T15:00", "Họp về thu ngân sách"),
             ("2014-06-16T08:00", "2014-06-24T08:00", "2014-06-24T07:00", "Họp về giải phóng mặt bằng")),
            1):
        owner = "so-tai-chinh" if number == 1 else "so-tnmt"
        a.add(opened, owner, "matter open %s meeting --title %s --to ky-anh,can-loc,so-khdt"
              " --at %s+07:00" % (cycle, quoted(title), at))
        a.add(papers, owner, "matter answer %s %d %s --stage papers --attach papers=papers/hop-%d.txt"
              % (cycle, number, owner, number))
    a.add("2014-05-15T09:00", "ky-anh", "matter answer meetings/2014 1 --stage attend --choice attends")
    a.add("2014-05-15T10:00", "so-khdt", "matter answer meetings/2014 1 --stage attend --choice attends")
    a.add("2014-05-14T09:00", "can-loc", "matter open meetings/2014 substitute --parent 1 --title %s"
          % quoted("Xin cử Phó Chủ tịch dự thay"))
    a.add("2014-05-15T11:00", "chu-tich", "matter decide meetings/2014 2 --agree")
    a.add("2014-05-15T14:00", "can-loc",
          "matter answer meetings/2014 1 --stage attend --choice substitute")
    a.add("2014-05-22T09:00", "so-tai-chinh",
          "matter answer meetings/2014 1 so-tai-chinh --stage conclusion --note %s"
          % quoted("Thông báo kết luận số 31/TB-STC"))
    a.add("2014-06-18T09:00", "ky-anh", "matter open meetings/2014 substitute --parent 3 --title %s"
          % quoted("Xin cử Chánh Văn phòng dự thay"))
    a.add("2014-06-19T09:00", "chu-tich", "matter decide meetings/2014 4 --return --reason %s"
          % quoted("Người dự thay không đủ thẩm quyền"))
    a.add("2014-06-20T09:00", "ky-anh", "matter answer meetings/2014 3 --stage attend --choice attends")


def meetings_in_order(a):
    """Matters are numbered as they are opened: the second meeting comes after the first substitute."""
    before = len(a.rows)
    meetings(a)
    for i in range(before, len(a.rows)):
        at, account, act, expect = a.rows[i]
        a.rows[i] = at, account, act.replace("meetings/2014 2 so-tnmt", "meetings/2014 3 so-tnmt"), expect


TASKS = [("so-xay-dung", "so-tnmt", "2014-07-31", "Rà soát quy hoạch vùng"),
         ("so-gtvt", "", "2014-08-15", "Sửa chữa đường tỉnh 550"),
         ("so-tnmt", "", "2014-08-31", "Hoàn thành bản đồ địa chính trong quý III"),
         ("ky-anh", "so-tnmt so-tai-chinh", "2014-09-30", "Tái định cư Khu kinh tế Vũng Áng"),
         ("so-y-te", "", "2014-10-31", "Đề án bác sĩ gia đình")]


def directives(a):
    cycle = "directives/2014"
    a.add("2014-07-02T08:00", "so-noi-vu", "matter open %s --as ubnd --notice 45/TB-UBND --file"
          " papers/nhiem-vu.csv --capacity tl" % cycle, "no-office")
    a.add("2014-07-02T08:30", "vp-ubnd", "matter open %s --as ubnd --notice 45/TB-UBND --file"
          " papers/nhiem-vu.csv --capacity tl" % cycle)
    a.add("2014-07-25T09:00", "so-xay-dung", "progress %s so-xay-dung 1 completed" % cycle)
    a.add("2014-08-20T09:00", "so-gtvt", "progress %s so-gtvt 2 completed" % cycle, "reason-needed")
    a.add("2014-08-20T10:00", "so-gtvt", "progress %s so-gtvt 2 completed --note %s"
          % (cycle, quoted("Mưa lũ làm chậm thi công")))
    a.add("2014-08-25T09:00", "so-tnmt", "progress %s so-tnmt 3 unattainable --note %s"
          % (cycle, quoted("Chưa được Trung ương bố trí vốn")))
    a.add("2014-09-26T09:00", "ky-anh", "progress %s ky-anh 4 completed" % cycle)
    a.add("2014-10-06T09:00", "so-xay-dung", "matter open %s proposal --title %s"
          % (cycle, quoted("Xin chủ trương lập đề án nhà ở xã hội")))
    a.add("2014-10-08T09:00", "chu-tich", "matter decide %s 6 --in-principle" % cycle)
    a.add("2014-10-20T09:00", "so-xay-dung", "matter answer %s 6 so-xay-dung --stage file --note %s"
          % (cycle, quoted("Trình hồ sơ chính thức")))
    a.add("2014-10-27T09:00", "chu-tich", "matter decide %s 6 --agree" % cycle)


def quota(a):
    cycle = "quota-call/2014"
    a.add("2014-09-01T08:00", "so-noi-vu", "matter open %s call --title %s"
          " --to so-y-te,so-gddt,so-tnmt,cam-xuyen --due 'by 2014-09-19'"
          % (cycle, quoted("Đăng ký chỉ tiêu tuyển dụng năm 2015")))
    a.add("2014-09-08T09:00", "so-y-te", "matter answer %s 1 --stage register --figure assigned=210"
          " --figure used=201 --figure unused=8 --figure needed=6" % cycle, "figure-sum")
    a.add("2014-09-08T10:00", "so-y-te", "matter answer %s 1 --stage register --figure assigned=210"
          " --figure used=201 --figure unused=9 --figure needed=6" % cycle)
    a.add("2014-09-12T09:00", "so-gddt", "matter answer %s 1 --stage register --figure assigned=64"
          " --figure used=60 --figure unused=4 --figure needed=4" % cycle)
    a.add("2014-09-19T16:59", "cam-xuyen", "matter answer %s 1 --stage register --figure assigned=118"
          " --figure used=117 --figure unused=1 --figure needed=0" % cycle)
    a.add("2014-09-20T08:00", "so-tnmt", "matter answer %s 1 --stage register --figure assigned=70"
          " --figure used=68 --figure unused=2 --figure needed=2" % cycle, "after-bound")
    a.add("2014-09-26T09:00", "so-noi-vu", "matter answer %s 1 so-noi-vu --stage transfer"
          " --figure unused=14 --figure kept=10 --figure transferred=3 --figure reserve=1" % cycle)


def publications(a):
    issue = "publication issue vp-ubnd %s --kind table --title %s --date %s --file papers/%s"
    more = " --cycle work-programme/2014 --period 2014 --as-of 2014-06-30"
    title = quoted("Kết quả thực hiện chương trình công tác 6 tháng")
    first = issue % ("152/BC-VP", title, "2014-07-10", "bieu-152.csv") + more
    a.add("2014-07-10T09:00", "vp-ubnd", first)
    a.add("2014-07-10T10:00", "vp-ubnd", "publication check vp-ubnd 152/BC-VP papers/bieu-152.csv")
    a.add("2014-07-18T08:00", "vp-ubnd", first, "exists-already")
    second = issue % ("158/BC-VP", title, "2014-07-18", "bieu-158.csv") + more
    a.add("2014-07-18T10:00", "vp-ubnd",
          second + " --corrects 152/BC-VP --reason %s" % quoted("Sót một đề án của Sở Ngoại vụ"))
    a.add("2014-12-31T16:00", "kiem-toan", "duty count reports/2014")
    a.add("2014-12-31T16:00", "kiem-toan", "publication list vp-ubnd")
    for stage, period in (("quarterly", "2014-Q1"), ("half-year", "2014-H1")):
        a.add("2014-12-31T16:00", "kiem-toan", "figures reports/2014 %s %s --csv" % (stage, period))
    a.add("2014-12-31T16:00", "kiem-toan", "duty list reports/2014 --unit bql-vung-ang")


def acts():
    a = Acts()
    for part in (set_up, resolutions, signatures, bent, consultation, ballots, meetings_in_order,
                 directives, quota, publications):
        part(a)
    return sorted(a.rows, key=lambda r: r[0])


# ---- files of cycles and papers

CYCLE = """programme: {programme}
period: "{year}"
host: {host}
from: {year}-01-01
to: {year}-12-31
{more}parties:
{parties}"""


def cycle(writer, programme, parties, year=2014, host="ubnd", more=""):
    text = CYCLE.format(programme=programme, year=year, host=host, more=more,
                        parties="".join("  - {unit: %s}\n" % p for p in parties))
    writer.text("cycles/%s-%d.yaml" % (programme, year), text)


def cycles(writer):
    chairs = "approvers: [chu-tich, pct-kinh-te, pct-van-xa]\n"
    cycle(writer, "reports", REPORTING, more=chairs)
    council = "appraisers: [vp-ubnd, so-noi-vu]\napprovers: [thuong-truc-hdnd]\n"
    own = "dates:\n  - {name: propose, day: 2014-01-15}\n"
    cycle(writer, "resolution-list", ["so-noi-vu", "so-tai-chinh"], more=own + council)
    cycle(writer, "resolution-list", ["so-noi-vu", "so-tai-chinh"], 2015, more=council)
    cycle(writer, "work-programme", ["so-noi-vu", "so-tai-chinh"], 2015,
          more="appraisers: [vp-ubnd, so-noi-vu]\n" + chairs)
    cycle(writer, "consultations", PARTIES)
    cycle(writer, "ballots", MEMBERS + [BALLOT_OFFICE], host="ky-anh", more="approvers: [ky-anh.ct]\n")
    cycle(writer, "meetings", PARTIES, more=chairs)
    cycle(writer, "directives", PARTIES, more=chairs)
    cycle(writer, "quota-call", PARTIES)


def papers(writer):
    for number in (1, 2):
        writer.text("papers/hop-%d.txt" % number, "Tài liệu họp số %d (ví dụ)\n" % number)
    writer.table("papers/nhiem-vu.csv", ("kind", "title", "owner", "partners", "word", "due"),
                 [("task", title, owner, partners, "by", due) for owner, partners, due, title in TASKS])
    for number, count in ((152, 74), (158, 75)):
        writer.table("papers/bieu-%d.csv" % number, ("group", "schemes"), [("total", count)])


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    writer = Writer(out)
    writer.table("units.csv", ("code", "name", "group", "ordinal", "parent", "head_title", "approver",
                               "valid_from", "valid_to", "successor"), units())
    writer.table("accounts.csv", ("code", "unit", "role", "from", "to"), ACCOUNTS)
    writer.table("indicators.csv",
                 ("unit", "task", "kind", "indicator", "title", "unit_of_measure", "target", "due",
                  "outcome", "completed_on", "code", "start", "partners", "note"), schemes())
    writer.table("reports.csv", ("unit", "report", "received_at", "cycle", "stage", "capacity",
                                 "account", "figures"), received())
    writer.table("acts.csv", ("at", "account", "act", "expect"), acts())
    cycles(writer)
    papers(writer)


if __name__ == "__main__":
    main()
