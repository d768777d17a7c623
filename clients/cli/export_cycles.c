/* duties.csv and matters.csv: every cycle's, one behind the other. See clients/cli/export.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/csv.h"
#include "clients/cli/export.h"
#include "core/calendar.h"
#include "core/rule.h"

enum { CELLS_MAX = 10, CELL_BYTES = DD_TITLE_BYTES_MAX + 1 };

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
    if (at_ms != 0)
        dd_instant_format(at_ms, offset_min, r->cell[r->count++]);
    else
        put_word(r, "");
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

static void write_duties(struct record *r, const struct dd_export_cycles *cycles)
{
    static const char *const columns[] = {"cycle",  "unit", "duty",   "bound",
                                          "status", "met",  "silence"};
    put_head(r, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < cycles->count; i++) {
        const struct dd_export_cycle *cycle = &cycles->cycles[i];
        for (size_t k = 0; k < cycle->duty_count; k++) {
            const struct dd_duty_line *duty = &cycle->duties[k];
            put_text(r, cycle->cycle);
            put_text(r, duty->unit);
            put_text(r, duty->duty);
            put_instant(r, duty->bound_ms, cycle->offset_min);
            put_word(r, dd_word(DD_WORDS_END, (int)duty->status));
            put_instant(r, duty->met_ms, cycle->offset_min);
            put_word(r, dd_word(DD_WORDS_SILENCE, (int)duty->silence));
            end_record(r);
        }
    }
}

/* Whether it passed, where that is asked; else what became of the work. */
static const char *result_of(const struct dd_matter_line *matter)
{
    if (!matter->has_rule)
        return dd_word(DD_WORDS_OUTCOME, (int)matter->outcome);
    return matter->passed ? "passed" : matter->settled ? "not_passed" : "open";
}

static void write_matters(struct record *r, const struct dd_export_cycles *cycles)
{
    static const char *const columns[] = {"cycle", "matter",   "kind",   "title",  "owner",
                                          "asked", "answered", "lapsed", "result", "verdict"};
    put_head(r, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < cycles->count; i++) {
        const struct dd_export_cycle *cycle = &cycles->cycles[i];
        for (size_t k = 0; k < cycle->matter_count; k++) {
            const struct dd_matter_line *matter = &cycle->matters[k];
            put_text(r, cycle->cycle);
            put_number(r, matter->matter);
            put_text(r, matter->kind);
            put_text(r, matter->title);
            put_text(r, matter->owner);
            put_number(r, matter->asked);
            put_number(r, matter->answered);
            put_number(r, matter->lapsed);
            put_word(r, result_of(matter));
            put_word(r, dd_word(DD_WORDS_VERDICT, (int)matter->verdict));
            end_record(r);
        }
    }
}

typedef void writer(struct record *r, const struct dd_export_cycles *cycles);

static enum dd_status write_file(const char *dir, const char *name, writer *write,
                                 const struct dd_export_cycles *cycles, struct dd_why *why)
{
    struct record *record = calloc(1, sizeof *record);
    char path[DD_PATH_BYTES] = "";
    bool written = false;
    if (!record)
        return DD_NO_MEMORY;
    errno = 0;
    record->out = dd_data_path(dir, name, path) ? fopen(path, "wbe") : NULL;
    if (record->out) {
        write(record, cycles);
        written = !record->failed && fflush(record->out) == 0;
    }
    int error = errno ? errno : EIO;
    if (record->out && fclose(record->out) != 0 && written) {
        error = errno;
        written = false;
    }
    free(record);
    if (written)
        return DD_OK;
    snprintf(why->text, sizeof why->text, "%.400s: %.100s", *path ? path : dir, strerror(error));
    return error == ENOSPC || error == EDQUOT ? DD_NO_SPACE : DD_IO;
}

enum dd_status dd_export_write_cycles(const char *dir, const struct dd_export_cycles *cycles,
                                      struct dd_why *why)
{
    enum dd_status status = write_file(dir, "duties.csv", write_duties, cycles, why);
    return status == DD_OK ? write_file(dir, "matters.csv", write_matters, cycles, why) : status;
}
