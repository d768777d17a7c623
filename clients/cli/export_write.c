/* The four files of an export. See clients/cli/export.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/cli/csv.h"
#include "clients/cli/export.h"
#include "core/deadline.h"
#include "core/rule.h"

enum { CELLS_MAX = 11, CELL_BYTES = DD_NAME_BYTES_MAX + 1 };

/* One record under way. */
struct record {
    FILE *out;
    bool failed; /* sticky */
    size_t count;
    char cell[CELLS_MAX][CELL_BYTES];
};

static void put_text(struct record *r, struct dd_slice text)
{
    dd_slice_text(text, r->cell[r->count++], CELL_BYTES);
}

static void put_word(struct record *r, const char *text)
{
    put_text(r, dd_slice_of(text));
}

static void put_number(struct record *r, int64_t value)
{
    dd_decimal(value, r->cell[r->count++]);
}

static void put_instant(struct record *r, int64_t at_ms, int offset_min)
{
    dd_instant_format(at_ms, offset_min, r->cell[r->count++]);
}

static void end_record(struct record *r)
{
    const char *cells[CELLS_MAX];
    for (size_t i = 0; i < r->count; i++)
        cells[i] = r->cell[i];
    if (!dd_csv_write(r->out, cells, r->count))
        r->failed = true;
    r->count = 0;
}

static void put_head(struct record *r, const char *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_word(r, columns[i]);
    end_record(r);
}

/* ---- summary.csv and groups.csv */

static bool write_summary(struct record *r, const struct dd_export *export)
{
    static const char *const columns[] = {
        "group",     "ordinal",  "unit",          "name",  "registered_year", "registered_period",
        "completed", "exceeded", "not_completed", "early", "unattainable"};
    put_head(r, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < export->table.row_count; i++) {
        const struct dd_table_row *row = &export->table.rows[i];
        put_text(r, row->group);
        put_number(r, row->ordinal);
        put_text(r, row->unit);
        put_text(r, row->name);
        put_number(r, row->counts.registered_year);
        put_number(r, row->counts.registered_period);
        put_number(r, row->counts.completed);
        put_number(r, row->counts.exceeded);
        put_number(r, row->counts.not_completed);
        put_number(r, row->counts.early);
        put_number(r, row->counts.unattainable);
        end_record(r);
    }
    return !r->failed;
}

/* The sum of that group; the empty code is the whole. A group that nobody is in has zeros. */
static struct dd_table_total total_of(const struct dd_export *export, struct dd_slice group)
{
    static const struct dd_table_total zeros;
    for (size_t i = 0; i < export->table.total_count; i++) {
        if (dd_slice_equal(export->table.totals[i].group, group))
            return export->table.totals[i];
    }
    return zeros;
}

static void put_total(struct record *r, struct dd_slice code, const struct dd_table_total *total)
{
    put_text(r, code);
    put_number(r, (int64_t)total->units);
    put_number(r, total->counts.registered_year);
    put_number(r, total->counts.registered_period);
    put_number(r, total->counts.completed);
    put_number(r, total->counts.not_completed);
    put_number(r, total->counts.early);
    put_number(r, (int64_t)total->none_registered);
    put_number(r, (int64_t)total->all_completed);
    put_number(r, (int64_t)total->incomplete);
    end_record(r);
}

static bool write_groups(struct record *r, const struct dd_export *export,
                         const struct dd_slice *groups, size_t count)
{
    static const char *const columns[] = {
        "group",         "units", "registered_year", "registered_period", "completed",
        "not_completed", "early", "none_registered", "all_completed",     "incomplete"};
    struct dd_table_total total;
    put_head(r, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        total = total_of(export, groups[i]);
        put_total(r, groups[i], &total);
    }
    total = total_of(export, dd_slice_of(""));
    put_total(r, dd_slice_of("total"), &total);
    return !r->failed;
}

/* ---- reports.csv */

/* The report's code: "report/H1" is "H1". */
static struct dd_slice code_of(struct dd_slice duty)
{
    for (size_t i = 0; i < duty.size; i++) {
        if (duty.data[i] == '/')
            return (struct dd_slice){duty.data + i + 1, duty.size - i - 1};
    }
    return duty;
}

static int compare_duties(const void *a, const void *b)
{
    const struct dd_duty_line *const *x = a;
    const struct dd_duty_line *const *y = b;
    int order = dd_slice_compare((*x)->unit, (*y)->unit);
    return order != 0 ? order : dd_slice_compare(code_of((*x)->duty), code_of((*y)->duty));
}

/* A report that was not owed yet on the day asked for stands as its day says. */
static struct dd_duty_line not_arisen(const struct dd_export *export,
                                      const struct dd_report_due *report)
{
    struct dd_duty_line line = {
        .bound_ms = dd_deadline_bound(report->word, report->day, export->offset_min)};
    line.status = line.bound_ms < export->as_of_ms ? DD_END_MISSING : DD_END_PENDING;
    return line;
}

static void put_report(struct record *r, const struct dd_export *export, struct dd_slice unit,
                       const struct dd_report_due *report, const struct dd_duty_line *const *sorted)
{
    const struct dd_duty_line wanted = {.unit = unit, .duty = report->code};
    const struct dd_duty_line *key = &wanted;
    const struct dd_duty_line *const *found =
        bsearch(&key, sorted, export->reports.duty_count, sizeof *sorted, compare_duties);
    const struct dd_duty_line line = found ? **found : not_arisen(export, report);
    put_text(r, unit);
    put_text(r, report->code);
    if (line.bound_ms != 0)
        put_instant(r, line.bound_ms, export->offset_min);
    else
        put_word(r, "");
    if (line.met_ms != 0)
        put_instant(r, line.met_ms, export->offset_min);
    else
        put_word(r, "");
    put_word(r, dd_word(DD_WORDS_END, (int)line.status));
    end_record(r);
}

static bool write_reports(struct record *r, const struct dd_export *export,
                          const struct dd_duty_line **sorted)
{
    static const char *const columns[] = {"unit", "report", "bound", "received_at", "status"};
    for (size_t i = 0; i < export->reports.duty_count; i++)
        sorted[i] = &export->reports.duties[i];
    qsort(sorted, export->reports.duty_count, sizeof *sorted, compare_duties);
    put_head(r, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < export->table.row_count; i++) {
        for (size_t k = 0; k < export->cycle.report_count; k++)
            put_report(r, export, export->table.rows[i].unit, &export->cycle.reports[k], sorted);
    }
    return !r->failed;
}

/* ---- reminders.csv */

static int compare_reminders(const void *a, const void *b)
{
    const struct dd_reminder_line *x = a;
    const struct dd_reminder_line *y = b;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    int order = dd_slice_compare(x->unit, y->unit);
    if (order == 0)
        order = dd_slice_compare(x->duty, y->duty);
    return order != 0 ? order : (x->rung > y->rung) - (x->rung < y->rung);
}

static bool write_reminders(struct record *r, struct dd_export *export)
{
    static const char *const columns[] = {"unit", "duty", "rung", "at"};
    struct dd_reminders_answer *reminders = &export->reminders;
    if (reminders->reminder_count > 0)
        qsort(reminders->reminders, reminders->reminder_count, sizeof *reminders->reminders,
              compare_reminders);
    put_head(r, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reminders->reminder_count; i++) {
        const struct dd_reminder_line *line = &reminders->reminders[i];
        put_text(r, line->unit);
        put_text(r, line->duty);
        snprintf(r->cell[r->count++], CELL_BYTES, line->rung == 0 ? "%d" : "%+d", line->rung);
        put_instant(r, line->at_ms, line->offset_min);
        end_record(r);
    }
    return !r->failed;
}

/* ---- the files */

enum file { SUMMARY, GROUPS, REPORTS, REMINDERS, FILES };

static const char *const names[FILES] = {"summary.csv", "groups.csv", "reports.csv",
                                         "reminders.csv"};

struct writing {
    const char *dir;
    struct dd_export *export;
    const struct dd_slice *groups;
    size_t group_count;
    const struct dd_duty_line **sorted;
    struct dd_why *why;
};

static enum dd_status because(struct dd_why *why, const char *path, int error)
{
    enum dd_status status = error == ENOSPC || error == EDQUOT ? DD_NO_SPACE : DD_IO;
    snprintf(why->text, sizeof why->text, "%.400s: %.100s", path, strerror(error));
    return status;
}

/* The file's path; while it is written, under another name. */
static bool path_of(const char *dir, enum file file, bool whole, char path[DD_PATH_BYTES])
{
    char name[32];
    snprintf(name, sizeof name, "%s%s%s", whole ? "" : ".", names[file], whole ? "" : ".part");
    return dd_data_path(dir, name, path);
}

static bool write_rows(const struct writing *w, enum file file, struct record *r)
{
    switch (file) {
    case SUMMARY:
        return write_summary(r, w->export);
    case GROUPS:
        return write_groups(r, w->export, w->groups, w->group_count);
    case REPORTS:
        return write_reports(r, w->export, w->sorted);
    case REMINDERS:
        return write_reminders(r, w->export);
    case FILES:
        break;
    }
    return false;
}

static enum dd_status write_part(const struct writing *w, enum file file)
{
    struct record record = {.failed = false};
    char path[DD_PATH_BYTES];
    if (!path_of(w->dir, file, false, path)) {
        snprintf(w->why->text, sizeof w->why->text, "%.400s: the path is too long", w->dir);
        return DD_TOO_LARGE;
    }
    record.out = fopen(path, "wbe");
    if (!record.out)
        return because(w->why, path, errno);
    errno = 0;
    bool written =
        write_rows(w, file, &record) && fflush(record.out) == 0 && fsync(fileno(record.out)) == 0;
    int error = errno ? errno : EIO;
    if (fclose(record.out) != 0 && written) {
        error = errno;
        written = false;
    }
    return written ? DD_OK : because(w->why, path, error);
}

static enum dd_status name_whole(const struct writing *w, enum file file)
{
    char part[DD_PATH_BYTES];
    char whole[DD_PATH_BYTES];
    if (!path_of(w->dir, file, false, part) || !path_of(w->dir, file, true, whole))
        return DD_TOO_LARGE;
    return rename(part, whole) == 0 ? DD_OK : because(w->why, whole, errno);
}

static void remove_all(const char *dir)
{
    char path[DD_PATH_BYTES];
    for (enum file file = 0; file < FILES; file++) {
        if (path_of(dir, file, false, path))
            unlink(path);
        if (path_of(dir, file, true, path))
            unlink(path);
    }
}

enum dd_status dd_export_write(const char *dir, struct dd_export *export,
                               const struct dd_slice *groups, size_t group_count,
                               struct dd_why *why)
{
    struct writing w = {.dir = dir,
                        .export = export,
                        .groups = groups,
                        .group_count = group_count,
                        .sorted = malloc((export->reports.duty_count + 1) * sizeof *w.sorted),
                        .why = why};
    enum dd_status status = w.sorted ? DD_OK : DD_NO_MEMORY;
    why->text[0] = '\0';
    for (enum file file = 0; file < FILES && status == DD_OK; file++)
        status = write_part(&w, file);
    for (enum file file = 0; file < FILES && status == DD_OK; file++)
        status = name_whole(&w, file);
    if (status != DD_OK)
        remove_all(dir);
    free(w.sorted);
    return status;
}
