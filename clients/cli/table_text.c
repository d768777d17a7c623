/* The official table, drawn. See clients/cli/table_text.h. */
#include "clients/cli/table_text.h"

#include <string.h>

#include "clients/cli/cli_json.h"
#include "clients/cli/csv.h"
#include "core/calendar.h"
#include "core/text.h"

enum {
    FIGURES = 7,
    FIGURE_COLUMNS = 9,
    NAME_COLUMNS_MIN = 32, /* room for the line of a total */
    NAME_COLUMNS_MAX = 60, /* a longer name goes on in the next line */
    LIST_COLUMNS = 100,
    HEAD_LINES = 3
};

static const char *const headings[FIGURES] = {DD_SAY("Registered for the year"),
                                              DD_SAY("Registered in the period"),
                                              DD_SAY("Completed"),
                                              DD_SAY("Exceeded"),
                                              DD_SAY("Not completed"),
                                              DD_SAY("Done early"),
                                              DD_SAY("Unattainable")};

static const char *const figure_keys[FIGURES] = {
    "registered_year", "registered_period", "completed", "exceeded", "not_completed",
    "early",           "unattainable"};

static void figures_of(const struct dd_counts *counts, int64_t out[FIGURES])
{
    out[0] = counts->registered_year;
    out[1] = counts->registered_period;
    out[2] = counts->completed;
    out[3] = counts->exceeded;
    out[4] = counts->not_completed;
    out[5] = counts->early;
    out[6] = counts->unattainable;
}

static void pad(FILE *out, size_t columns)
{
    while (columns-- > 0)
        fputc(' ', out);
}

/* Takes the next line of at most `columns` from the text, at a space where there is one; a longer
 * word stands alone and sticks out. */
static struct dd_slice take_line(struct dd_slice *rest, size_t columns)
{
    size_t end = 0;
    size_t at = 0;
    while (at <= rest->size) {
        bool stop = at == rest->size || rest->data[at] == ' ';
        if (stop && end > 0 && dd_text_columns((struct dd_slice){rest->data, at}) > columns)
            break;
        if (stop)
            end = at;
        at++;
    }
    struct dd_slice line = {rest->data, end};
    size_t skip = end < rest->size ? end + 1 : end;
    *rest = (struct dd_slice){rest->data + skip, rest->size - skip};
    return line;
}

static void put_slice(FILE *out, struct dd_slice text)
{
    if (text.size > 0)
        fwrite(text.data, 1, text.size, out);
}

static void put_padded(FILE *out, struct dd_slice text, size_t columns)
{
    size_t width = dd_text_columns(text);
    put_slice(out, text);
    pad(out, width < columns ? columns - width : 0);
}

static void put_right(FILE *out, struct dd_slice text, size_t columns)
{
    size_t width = dd_text_columns(text);
    pad(out, width < columns ? columns - width : 0);
    put_slice(out, text);
}

/* The column of names is as wide as the widest of them, within bounds. */
static size_t name_columns(const struct dd_table_answer *table)
{
    size_t columns = NAME_COLUMNS_MIN;
    for (size_t i = 0; i < table->row_count; i++) {
        size_t width = dd_text_columns(table->rows[i].name);
        if (width > columns)
            columns = width;
    }
    return columns < NAME_COLUMNS_MAX ? columns : NAME_COLUMNS_MAX;
}

static void rule(size_t columns, FILE *out)
{
    for (size_t i = 0; i < 5 + columns + FIGURES * (FIGURE_COLUMNS + 1); i++)
        fputc('-', out);
    fputc('\n', out);
}

/* Headings stand at the bottom of their lines. */
static void put_headings(size_t columns, enum dd_language language, FILE *out)
{
    struct dd_slice lines[FIGURES][HEAD_LINES] = {{{NULL, 0}}};
    for (size_t i = 0; i < FIGURES; i++) {
        struct dd_slice rest = dd_slice_of(dd_say(language, headings[i]));
        size_t count = 0;
        struct dd_slice found[HEAD_LINES] = {{NULL, 0}};
        while (rest.size > 0 && count < HEAD_LINES)
            found[count++] = take_line(&rest, FIGURE_COLUMNS);
        for (size_t k = 0; k < count; k++)
            lines[i][HEAD_LINES - count + k] = found[k];
    }
    for (size_t k = 0; k < HEAD_LINES; k++) {
        bool last = k + 1 == HEAD_LINES;
        bool used = last;
        for (size_t i = 0; i < FIGURES; i++)
            used = used || lines[i][k].size > 0;
        if (!used)
            continue;
        put_right(out, dd_slice_of(last ? dd_say(language, "No.") : ""), 4);
        fputc(' ', out);
        put_padded(out, dd_slice_of(last ? dd_say(language, "Unit") : ""), columns);
        for (size_t i = 0; i < FIGURES; i++) {
            fputc(' ', out);
            put_right(out, lines[i][k], FIGURE_COLUMNS);
        }
        fputc('\n', out);
    }
}

/* One line of figures; a name that is too long goes on below. */
static void put_line(const char *ordinal, struct dd_slice name, size_t columns,
                     const struct dd_counts *counts, FILE *out)
{
    int64_t figures[FIGURES];
    struct dd_slice rest = name;
    figures_of(counts, figures);
    put_right(out, dd_slice_of(ordinal), 4);
    fputc(' ', out);
    put_padded(out, take_line(&rest, columns), columns);
    for (size_t i = 0; i < FIGURES; i++)
        fprintf(out, " %*lld", FIGURE_COLUMNS, (long long)figures[i]);
    fputc('\n', out);
    while (rest.size > 0) {
        pad(out, 5);
        put_slice(out, take_line(&rest, columns));
        fputc('\n', out);
    }
}

static void put_day(int32_t day, FILE *out)
{
    int year;
    int month;
    int of_month;
    dd_day_to_civil(day, &year, &month, &of_month);
    fprintf(out, "%02d/%02d/%d", of_month, month, year);
}

static void put_title(const struct dd_official_table *official, enum dd_language language,
                      FILE *out)
{
    const struct dd_table_answer *table = official->table;
    const struct dd_cycle_answer *cycle = official->cycle;
    char instant[DD_INSTANT_TEXT_BYTES];
    int32_t end = dd_day_at(table->as_of_ms, cycle->offset_min);
    fprintf(out, "%s %.*s, %s %.*s", dd_say(language, "Official table"), (int)table->cycle.size,
            (const char *)table->cycle.data, dd_say(language, "period"), (int)table->period.size,
            (const char *)table->period.data);
    for (size_t i = 0; i < cycle->period_count; i++) {
        if (!dd_slice_equal(cycle->periods[i].code, table->period))
            continue;
        fputs(" (", out);
        put_day(cycle->periods[i].from_day, out);
        fputs(" - ", out);
        put_day(cycle->periods[i].to_day, out);
        fputc(')', out);
    }
    if (dd_instant_at(end, 0, cycle->offset_min) == table->as_of_ms) {
        fprintf(out, ", %s ", dd_say(language, "as of"));
        put_day(end - 1, out);
    } else {
        dd_instant_format(table->as_of_ms, cycle->offset_min, instant);
        fprintf(out, ", %s (%s)", dd_say(language, "now"), instant);
    }
    fputs("\n\n", out);
}

/* The total of that group; NULL for a group that has none. Empty: the whole. */
static const struct dd_table_total *total_of(const struct dd_table_answer *table,
                                             struct dd_slice group)
{
    for (size_t i = 0; i < table->total_count; i++) {
        if (dd_slice_equal(table->totals[i].group, group))
            return &table->totals[i];
    }
    return NULL;
}

/* The rows of the group that starts at row `first`; returns the row behind them. */
static size_t put_group(const struct dd_official_table *official, size_t first, size_t columns,
                        enum dd_language language, FILE *out)
{
    const struct dd_table_answer *table = official->table;
    struct dd_slice group = table->rows[first].group;
    const struct dd_table_total *total = group.size ? total_of(table, group) : NULL;
    size_t i = first;
    put_slice(out, total && total->name.size ? total->name : group);
    fputc('\n', out);
    for (; i < table->row_count && dd_slice_equal(table->rows[i].group, group); i++) {
        char ordinal[8];
        snprintf(ordinal, sizeof ordinal, "%u", table->rows[i].ordinal);
        put_line(ordinal, table->rows[i].name, columns, &table->rows[i].counts, out);
    }
    if (total) {
        char label[128];
        snprintf(label, sizeof label, "%s (%llu %s)", dd_say(language, "Total"),
                 (unsigned long long)total->units, dd_say(language, "units"));
        put_line("", dd_slice_of(label), columns, &total->counts, out);
    }
    rule(columns, out);
    return i;
}

/* A list of names that goes on line by line, indented. */
struct names {
    FILE *out;
    size_t column;
    size_t count;
};

static void put_name(struct names *names, struct dd_slice name)
{
    size_t width = dd_text_columns(name);
    if (names->count > 0) {
        fputc(';', names->out);
        names->column++;
    }
    if (names->count == 0 || names->column + 1 + width > LIST_COLUMNS) {
        fputs("\n    ", names->out);
        names->column = 4;
    } else {
        fputc(' ', names->out);
        names->column++;
    }
    put_slice(names->out, name);
    names->column += width;
    names->count++;
}

enum set { NONE_REGISTERED, ALL_COMPLETED, INCOMPLETE };

static bool is_in(const struct dd_counts *counts, enum set set)
{
    switch (set) {
    case NONE_REGISTERED:
        return counts->registered_period == 0;
    case ALL_COMPLETED:
        return counts->registered_period > 0 && counts->not_completed == 0;
    case INCOMPLETE:
        return counts->not_completed > 0;
    }
    return false;
}

static void put_set(const struct dd_table_answer *table, enum set set, const char *title,
                    enum dd_language language, FILE *out)
{
    struct names names = {out, 0, 0};
    size_t count = 0;
    for (size_t i = 0; i < table->row_count; i++)
        count += is_in(&table->rows[i].counts, set) ? 1 : 0;
    fprintf(out, "%s: %zu %s", dd_say(language, title), count, dd_say(language, "units"));
    for (size_t i = 0; i < table->row_count; i++) {
        if (is_in(&table->rows[i].counts, set))
            put_name(&names, table->rows[i].name);
    }
    fputc('\n', out);
}

static struct dd_slice name_of(const struct dd_table_answer *table, struct dd_slice unit)
{
    for (size_t i = 0; i < table->row_count; i++) {
        if (dd_slice_equal(table->rows[i].unit, unit))
            return table->rows[i].name;
    }
    return unit;
}

/* The report's own code: what stands behind the stage's key in "report/H1". */
static struct dd_slice report_code(struct dd_slice duty)
{
    const uint8_t *slash = duty.size > 0 ? memchr(duty.data, '/', duty.size) : NULL;
    size_t skipped = slash ? (size_t)(slash - duty.data) + 1 : 0;
    return (struct dd_slice){duty.data + skipped, duty.size - skipped};
}

static void put_reporters(const struct dd_official_table *official, struct dd_slice duty,
                          int32_t last_day, enum dd_end status, const char *title,
                          enum dd_language language, FILE *out)
{
    const struct dd_duties_answer *reports = official->reports;
    struct names names = {out, 0, 0};
    size_t count = 0;
    int year;
    int month;
    int day;
    dd_day_to_civil(last_day, &year, &month, &day);
    for (size_t i = 0; i < reports->duty_count; i++)
        count +=
            reports->duties[i].status == status && dd_slice_equal(reports->duties[i].duty, duty)
                ? 1
                : 0;
    struct dd_slice code = report_code(duty);
    fprintf(out, "%s (%.*s, %s %02d/%02d/%04d): %zu %s", dd_say(language, title), (int)code.size,
            (const char *)code.data, dd_say(language, "last day"), day, month, year, count,
            dd_say(language, "units"));
    for (size_t i = 0; i < reports->duty_count; i++) {
        if (reports->duties[i].status == status && dd_slice_equal(reports->duties[i].duty, duty))
            put_name(&names, name_of(official->table, reports->duties[i].unit));
    }
    fputc('\n', out);
}

/* Each report whose bound has come by then, in the order of the cycle's reports. */
static void put_reports(const struct dd_official_table *official, enum dd_language language,
                        FILE *out)
{
    const struct dd_duties_answer *reports = official->reports;
    for (size_t i = 0; i < reports->duty_count; i++) {
        const struct dd_duty_line *line = &reports->duties[i];
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = dd_slice_equal(reports->duties[k].duty, line->duty);
        if (seen || line->bound_ms == 0 || line->bound_ms >= official->table->as_of_ms)
            continue;
        int32_t last_day = dd_day_at(line->bound_ms - 1, official->cycle->offset_min);
        put_reporters(official, line->duty, last_day, DD_END_LATE, DD_SAY("Reported late"),
                      language, out);
        put_reporters(official, line->duty, last_day, DD_END_MISSING, DD_SAY("Never reported"),
                      language, out);
    }
}

void dd_table_text(const struct dd_official_table *official, enum dd_language language, FILE *out)
{
    const struct dd_table_answer *table = official->table;
    const struct dd_table_total *whole = total_of(table, (struct dd_slice){NULL, 0});
    size_t columns = name_columns(table);
    put_title(official, language, out);
    put_headings(columns, language, out);
    rule(columns, out);
    for (size_t i = 0; i < table->row_count;)
        i = put_group(official, i, columns, language, out);
    if (whole) {
        char label[128];
        snprintf(label, sizeof label, "%s (%llu %s)", dd_say(language, "Total"),
                 (unsigned long long)whole->units, dd_say(language, "units"));
        put_line("", dd_slice_of(label), columns, &whole->counts, out);
    }
    fputc('\n', out);
    put_set(table, NONE_REGISTERED, DD_SAY("Registered nothing for the period"), language, out);
    put_set(table, ALL_COMPLETED, DD_SAY("Completed everything"), language, out);
    put_set(table, INCOMPLETE, DD_SAY("Did not complete everything"), language, out);
    put_reports(official, language, out);
}

bool dd_table_csv(const struct dd_official_table *official, FILE *out)
{
    const struct dd_table_answer *table = official->table;
    static const char *const header[4 + FIGURES] = {
        "group",     "ordinal",  "unit",          "name",  "registered_year", "registered_period",
        "completed", "exceeded", "not_completed", "early", "unattainable"};
    bool good = dd_csv_write(out, header, 4 + FIGURES);
    for (size_t i = 0; good && i < table->row_count; i++) {
        const struct dd_table_row *row = &table->rows[i];
        int64_t figures[FIGURES];
        char text[4 + FIGURES][DD_NAME_BYTES_MAX + 1];
        const char *cells[4 + FIGURES];
        figures_of(&row->counts, figures);
        dd_slice_text(row->group, text[0], sizeof text[0]);
        snprintf(text[1], sizeof text[1], "%u", row->ordinal);
        dd_slice_text(row->unit, text[2], sizeof text[2]);
        dd_slice_text(row->name, text[3], sizeof text[3]);
        for (size_t k = 0; k < FIGURES; k++)
            snprintf(text[4 + k], sizeof text[4 + k], "%lld", (long long)figures[k]);
        for (size_t k = 0; k < 4 + FIGURES; k++)
            cells[k] = text[k];
        good = dd_csv_write(out, cells, 4 + FIGURES);
    }
    return good;
}

static void json_counts(struct dd_json *json, const struct dd_counts *counts)
{
    int64_t figures[FIGURES];
    figures_of(counts, figures);
    for (size_t i = 0; i < FIGURES; i++)
        dd_json_number(json, figure_keys[i], figures[i]);
}

static void json_rows(struct dd_json *json, const struct dd_table_answer *table)
{
    dd_json_array(json, "rows");
    for (size_t i = 0; i < table->row_count; i++) {
        const struct dd_table_row *row = &table->rows[i];
        dd_json_object(json, NULL);
        dd_json_text(json, "group", row->group);
        dd_json_number(json, "ordinal", row->ordinal);
        dd_json_text(json, "unit", row->unit);
        dd_json_text(json, "name", row->name);
        json_counts(json, &row->counts);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void json_totals(struct dd_json *json, const struct dd_table_answer *table)
{
    dd_json_array(json, "totals");
    for (size_t i = 0; i < table->total_count; i++) {
        const struct dd_table_total *total = &table->totals[i];
        bool whole = total->group.size == 0 && i + 1 == table->total_count;
        dd_json_object(json, NULL);
        dd_json_text(json, "group", whole ? dd_slice_of("total") : total->group);
        dd_json_text(json, "name", total->name);
        dd_json_unsigned(json, "units", total->units);
        json_counts(json, &total->counts);
        dd_json_unsigned(json, "none_registered", total->none_registered);
        dd_json_unsigned(json, "all_completed", total->all_completed);
        dd_json_unsigned(json, "incomplete", total->incomplete);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

void dd_table_json(const struct dd_official_table *official, FILE *out)
{
    const struct dd_table_answer *table = official->table;
    const struct dd_duties_answer *reports = official->reports;
    int offset_min = official->cycle->offset_min;
    struct dd_json json = dd_json_make(out, false);
    dd_json_object(&json, NULL);
    dd_json_text(&json, "cycle", table->cycle);
    dd_json_text(&json, "period", table->period);
    dd_json_instant(&json, "as_of_end", table->as_of_ms, offset_min);
    json_rows(&json, table);
    json_totals(&json, table);
    dd_json_array(&json, "reports");
    for (size_t i = 0; i < reports->duty_count; i++) {
        const struct dd_duty_line *line = &reports->duties[i];
        dd_json_object(&json, NULL);
        dd_json_text(&json, "unit", line->unit);
        dd_json_text(&json, "duty", line->duty);
        dd_json_instant(&json, "bound", line->bound_ms, offset_min);
        dd_json_instant(&json, "received_at", line->met_ms, offset_min);
        dd_json_string(&json, "status", dd_word(DD_WORDS_END, (int)line->status));
        dd_json_object_end(&json);
    }
    dd_json_array_end(&json);
    dd_json_object_end(&json);
}
