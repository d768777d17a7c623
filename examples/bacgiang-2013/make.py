#!/usr/bin/env python3
"""Makes the scenario of Bắc Giang 2013 from figures.csv: units.csv, indicators.csv, reports.csv.

    make.py [OUT]      (OUT is this folder unless given)

Needs the standard library only and gives the same bytes each time. What the source does not tell is
assumed here; README.md lists every assumption.
"""
import csv
import datetime
import os
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
OWN_TASKS = 5
COMMON_TASKS = 5

# (group, ordinal): code, approver (assumed; empty is the chairman).
UNITS = {
    ("province", 1): ("vp-ubnd", ""),
    ("province", 2): ("thanh-tra", ""),
    ("province", 3): ("so-noi-vu", ""),
    ("province", 4): ("so-nong-nghiep", "vice-chairman-1"),
    ("province", 5): ("so-ke-hoach-dau-tu", ""),
    ("province", 6): ("so-tai-chinh", ""),
    ("province", 7): ("so-xay-dung", ""),
    ("province", 8): ("so-giao-thong", "vice-chairman-1"),
    ("province", 9): ("so-thong-tin-truyen-thong", "vice-chairman-2"),
    ("province", 10): ("so-cong-thuong", "vice-chairman-1"),
    ("province", 11): ("so-khoa-hoc-cong-nghe", "vice-chairman-2"),
    ("province", 12): ("so-lao-dong", "vice-chairman-2"),
    ("province", 13): ("so-tu-phap", ""),
    ("province", 14): ("so-tai-nguyen-moi-truong", "vice-chairman-1"),
    ("province", 15): ("so-giao-duc-dao-tao", "vice-chairman-2"),
    ("province", 16): ("so-y-te", "vice-chairman-2"),
    ("province", 17): ("so-van-hoa", "vice-chairman-2"),
    ("province", 18): ("so-ngoai-vu", ""),
    ("province", 19): ("ban-dan-toc", "vice-chairman-2"),
    ("province", 20): ("bql-khu-cong-nghiep", "vice-chairman-1"),
    ("province", 21): ("dai-ptth", "vice-chairman-2"),
    ("province", 22): ("bql-du-an-dtxd", "vice-chairman-1"),
    ("province", 23): ("cdn-viet-han", "vice-chairman-2"),
    ("province", 24): ("cdn-bac-giang", "vice-chairman-2"),
    ("province", 25): ("tt-ho-tro-dao-tao", "vice-chairman-2"),
    ("district", 1): ("tp-bac-giang", ""),
    ("district", 2): ("lang-giang", ""),
    ("district", 3): ("tan-yen", ""),
    ("district", 4): ("hiep-hoa", ""),
    ("district", 5): ("viet-yen", ""),
    ("district", 6): ("yen-dung", ""),
    ("district", 7): ("luc-nam", ""),
    ("district", 8): ("luc-ngan", ""),
    ("district", 9): ("yen-the", ""),
    ("district", 10): ("son-dong", ""),
}

# Titles that the source names besides the unfinished ones of figures.csv.
NAMED_COMPLETED = {
    "lang-giang": ["Quy mô trường học", "Số học sinh có mặt đầu năm/lớp",
                   "Duy trì phổ cập THCS đúng độ tuổi"],
    "luc-ngan": ["Tuyển chọn, gọi công dân nhập ngũ", "Đạt tổng sản lượng vải thiều"],
}
NAMED_EXCEEDED = {
    "tan-yen": ["Chỉ tiêu tỷ lệ học sinh giỏi ở trường tiểu học",
                "Chỉ tiêu tỷ lệ học lực khá, giỏi ở bậc trung học cơ sở"],
    "cdn-bac-giang": ["Giáo viên dạy giỏi cấp cơ sở",
                      "Tổ chức tốt kỳ thi tốt nghiệp bổ túc THPT năm 2013"],
}
NAMED_EARLY = {
    "lang-giang": ["Tổng đàn bò", "Tổng đàn gia cầm", "Sản lượng thịt hơi các loại",
                   "Chỉ đạo phát triển diện tích lúa lai, lúa chất lượng cao"],
    "yen-dung": ["Diện tích nuôi trồng thủy sản"],
    "so-ke-hoach-dau-tu": [
        "Kiểm tra việc thực hiện các quy định của pháp luật về đấu thầu tại huyện Việt Yên, Ban "
        "QLDAXD Sở Nông nghiệp và PTNT, kiểm tra một số dự án đầu tư thực hiện theo Luật Đầu tư có "
        "sử dụng nhiều đất đai và khai thác khoáng sản"],
    "so-thong-tin-truyen-thong": [
        "Tổ chức 10 cuộc làm việc với phòng Văn hóa-Thông tin các huyện, thành phố nhằm hướng dẫn, "
        "đôn đốc công tác kiểm tra chuyên ngành"],
    "dai-ptth": ["Xây dựng 02 phòng thu âm mới",
                 "Cử từ 03-05 cán bộ đi học cao học, cao cấp lý luận chính trị, Trung cấp lý luận "
                 "chính trị"],
    "cdn-viet-han": ["Xây dựng và trình Chủ tịch UBND tỉnh phê duyệt Điều lệ của trường"],
}
# Of the year's indicators, "sẽ không hoàn thành" by the source.
NAMED_UNATTAINABLE = {
    "thanh-tra": ["Cán bộ, Thanh tra viên cơ quan Thanh tra tỉnh không vi phạm kỷ luật từ khiển "
                  "trách trở lên"],
}
# "được thực hiện trong tháng 7/2013": not done by 30 June, done in July (the day is assumed).
DONE_IN_JULY = {"so-tu-phap": datetime.date(2013, 7, 31)}

# Instants at which late H1 reports came (assumed; the source says only that they were late), the
# college among them (the source says "Trường Cao đẳng Nghề", of which there are two).
LATE = {
    "so-xay-dung": "2013-06-25T10:00",
    "so-cong-thuong": "2013-06-27T09:15",
    "so-khoa-hoc-cong-nghe": "2013-06-26T14:20",
    "so-tu-phap": "2013-06-28T16:40",
    "cdn-bac-giang": "2013-06-26T15:30",
    "son-dong": "2013-06-29T10:30",
}

H1_DUE = [datetime.date(2013, 3, 31), datetime.date(2013, 4, 30), datetime.date(2013, 5, 31),
          datetime.date(2013, 6, 30)]
H2_DUE = [datetime.date(2013, 7, 31), datetime.date(2013, 8, 31), datetime.date(2013, 9, 30),
          datetime.date(2013, 10, 31), datetime.date(2013, 11, 30), datetime.date(2013, 12, 31)]
REPORTED_UNDONE = datetime.date(2013, 6, 21)
EARLY_FROM = datetime.date(2013, 5, 6)
YEAR_END = datetime.date(2013, 12, 31)


def number(text):
    """A count of figures.csv; what the source leaves out is taken as 0."""
    return int(text) if text else 0


def own_indicators(unit, row):
    """The own indicators as (title or None, due, outcome, completed_on), the first half's first."""
    completed = number(row["completed_h1"])
    exceeded = number(row["exceeded_h1"])
    early = number(row["h2_completed_early"])
    unfinished = [t for t in row["unfinished_indicators"].split(" | ") if t]
    unattainable = NAMED_UNATTAINABLE.get(unit, [])
    if number(row["registered_h1"]) != completed + number(row["not_completed_h1"]) or \
            len(unfinished) != number(row["not_completed_h1"]) or exceeded > completed:
        raise ValueError("figures.csv does not add up for " + unit)

    out = []
    named = NAMED_EXCEEDED.get(unit, [])[:exceeded]
    named += [None] * (exceeded - len(named))
    named += NAMED_COMPLETED.get(unit, [])
    named += [None] * (completed - len(named))
    for i, title in enumerate(named):
        due = H1_DUE[i % len(H1_DUE)]
        done = due - datetime.timedelta(days=3 + 5 * i % 20)
        out.append((title, due, "exceeded" if i < exceeded else "completed", done))
    for i, title in enumerate(unfinished):
        due = H1_DUE[-1 - i % 2]
        if unit in DONE_IN_JULY:
            out.append((title, due, "completed", DONE_IN_JULY[unit]))
        else:
            out.append((title, due, "not_completed", REPORTED_UNDONE))
    for title in unattainable:
        out.append((title, YEAR_END, "unattainable", REPORTED_UNDONE))
    named = NAMED_EARLY.get(unit, [])
    for i in range(early):
        done = EARLY_FROM + datetime.timedelta(days=3 * i % 45)
        title = named[i] if i < len(named) else None
        out.append((title, H2_DUE[i % len(H2_DUE)], "completed", done))
    i = 0
    while len(out) < number(row["registered_year"]):
        out.append((None, H2_DUE[i % len(H2_DUE)], "", None))
        i += 1
    return out


def indicator_rows(unit, row):
    """The rows of indicators.csv: own tasks take an indicator each in turn; then the common ones."""
    rows = []
    for i, (title, due, outcome, done) in enumerate(own_indicators(unit, row)):
        task, indicator = i % OWN_TASKS + 1, i // OWN_TASKS + 1
        title = title or "Chỉ tiêu %d.%d (nguồn không nêu tên)" % (task, indicator)
        rows.append([unit, task, "own", indicator, title, "", "", due, outcome, done or ""])
    rows.sort(key=lambda r: (r[1], r[3]))
    for i in range(COMMON_TASKS):
        title = "Nhiệm vụ chung %d (nguồn không nêu tên)" % (i + 1)
        rows.append([unit, OWN_TASKS + 1 + i, "common", 1, title, "", "", YEAR_END, "", ""])
    return rows


def report_rows(unit, row, place):
    """When both reports came; on time unless the source says late (days and hours are assumed)."""
    if (row["report_late"] == "yes") != (unit in LATE) and row["report_late"] != "ambiguous":
        raise ValueError("figures.csv and the list of late reports differ for " + unit)
    on_time = "2013-06-%02dT%02d:%02d" % (17 + place % 8, 8 + place % 9, place * 7 % 60)
    yearly = "2013-12-%02dT%02d:%02d" % (2 + place % 8, 8 + place % 8, place * 11 % 60)
    return [[unit, "H1", LATE.get(unit, on_time)], [unit, "year", yearly]]


def write(folder, name, header, rows):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([unicodedata.normalize("NFC", str(cell)) for cell in row])


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    units, indicators, reports = [], [], []
    with open(os.path.join(HERE, "figures.csv"), encoding="utf-8", newline="") as figures:
        for place, row in enumerate(csv.DictReader(figures)):
            code, approver = UNITS[(row["group"], int(row["ordinal"]))]
            units.append([code, row["name"], row["group"], row["ordinal"], "", row["head_title"],
                          approver])
            indicators += indicator_rows(code, row)
            reports += report_rows(code, row, place)
    reports.sort(key=lambda r: r[2])
    write(folder, "units.csv",
          ["code", "name", "group", "ordinal", "parent", "head_title", "approver"], units)
    write(folder, "indicators.csv",
          ["unit", "task", "kind", "indicator", "title", "unit_of_measure", "target", "due",
           "outcome", "completed_on"], indicators)
    write(folder, "reports.csv", ["unit", "report", "received_at"], reports)


if __name__ == "__main__":
    main()
