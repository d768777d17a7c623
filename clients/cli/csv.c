/*
 * RFC 4180 over libcsv. The parser is fed one physical line at a time, which is how the line of
 * each record is known: libcsv itself counts none. See clients/cli/csv.h.
 */
#include "clients/cli/csv.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

enum { NO_COLUMN = -1, FIRST_ROOM = 16 };

/* The fields of one record, in arena memory, each 0-ended beyond its size. */
struct fields {
    struct dd_slice *list;
    size_t count;
    size_t room;
};

struct reading {
    const char *file;
    struct dd_faults *faults;
    struct dd_arena *arena;
    const struct dd_csv_column *columns;
    size_t column_count;
    struct dd_csv *out;

    struct csv_parser parser;
    uint32_t line;       /* being fed */
    uint32_t start_line; /* of the record that is being read */
    bool in_record;      /* the record goes on in the next physical line */
    struct fields fields;
    int *column_of;      /* for each field of the header: its column, or NO_COLUMN */
    size_t header_count; /* 0: the header is still to come */
    bool stopped;        /* without a header that can be read, nothing else can */
    bool no_memory;
};

static int never_space(unsigned char c)
{
    (void)c;
    return 0;
}

static int only_line_feed(unsigned char c)
{
    return c == '\n';
}

/* Spaces belong to fields, and the CR of a CRLF is taken off before feeding, so LF alone ends. */
static bool parser_begin(struct csv_parser *parser)
{
    if (csv_init(parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return false;
    csv_set_space_func(parser, never_space);
    csv_set_term_func(parser, only_line_feed);
    return true;
}

/* The name under which a fault of the next field is listed. */
static const char *column_at(const struct reading *r, size_t field)
{
    if (field < r->header_count && r->column_of[field] != NO_COLUMN)
        return r->columns[r->column_of[field]].name;
    return field < r->header_count || r->header_count == 0 ? "header" : "record";
}

static void on_field(void *data, size_t size, void *context)
{
    struct reading *r = context;
    struct fields *fields = &r->fields;
    if (fields->count == fields->room) {
        size_t room = fields->room ? fields->room * 2 : FIRST_ROOM;
        struct dd_slice *list = realloc(fields->list, room * sizeof *list);
        if (!list) {
            r->no_memory = true;
            return;
        }
        fields->list = list;
        fields->room = room;
    }
    uint8_t *copy = dd_arena_take(r->arena, size + 1);
    if (!copy) {
        r->no_memory = true;
        return;
    }
    if (size > 0)
        memcpy(copy, data, size);
    fields->list[fields->count++] = (struct dd_slice){copy, size};
}

static int find_column(const struct reading *r, struct dd_slice name)
{
    for (size_t i = 0; i < r->column_count; i++) {
        if (dd_slice_equal(name, dd_slice_of(r->columns[i].name)))
            return (int)i;
    }
    return NO_COLUMN;
}

static void list_columns(const struct reading *r, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < r->column_count && at < size; i++) {
        int wrote = snprintf(out + at, size - at, "%s%s", i ? "," : "", r->columns[i].name);
        at += wrote > 0 ? (size_t)wrote : 0;
    }
}

/* Places one field of the header; unknown and doubled ones are faults and are not read. */
static void place_header_field(struct reading *r, size_t field)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    char listed[256];
    struct dd_slice name = r->fields.list[field];
    int column = find_column(r, name);
    if (column == NO_COLUMN) {
        list_columns(r, listed, sizeof listed);
        const char *shown = dd_text_utf8_ok(name) ? (const char *)name.data : "?";
        dd_faults_quote(quoted, shown);
        dd_faults_add(r->faults, r->file, r->start_line, dd_text_code_ok(name) ? shown : "header",
                      "unknown column %s; the columns are %s", quoted, listed);
    }
    for (size_t i = 0; i < field && column != NO_COLUMN; i++) {
        if (r->column_of[i] != column)
            continue;
        dd_faults_add(r->faults, r->file, r->start_line, r->columns[column].name,
                      "the column stands twice (fields %zu and %zu); once is the rule", i + 1,
                      field + 1);
        column = NO_COLUMN;
    }
    r->column_of[field] = column;
}

static void on_header(struct reading *r)
{
    r->column_of = calloc(r->fields.count, sizeof *r->column_of);
    if (!r->column_of) {
        r->no_memory = true;
        return;
    }
    for (size_t i = 0; i < r->fields.count; i++)
        place_header_field(r, i);
    r->header_count = r->fields.count;

    for (size_t i = 0; i < r->column_count; i++) {
        bool found = r->columns[i].optional;
        for (size_t field = 0; field < r->header_count && !found; field++)
            found = r->column_of[field] == (int)i;
        if (!found)
            dd_faults_add(r->faults, r->file, r->start_line, r->columns[i].name,
                          "the column is missing; the header must name it");
    }
}

static void check_count(struct reading *r)
{
    size_t count = r->fields.count;
    if (count == r->header_count)
        return;
    dd_faults_add(r->faults, r->file, r->start_line, column_at(r, count),
                  "the record has %zu field%s; the header has %zu (text with a comma needs quotes)",
                  count, count == 1 ? "" : "s", r->header_count);
}

/* The field as a cell, or NULL with a fault. */
static const char *cell_of(struct reading *r, size_t field)
{
    struct dd_slice text = r->fields.list[field];
    if (!dd_text_utf8_ok(text)) {
        dd_faults_add(r->faults, r->file, r->start_line, column_at(r, field),
                      "the text is not UTF-8; files are UTF-8");
        return NULL;
    }
    if (text.size > 0 && memchr(text.data, 0, text.size)) {
        dd_faults_add(r->faults, r->file, r->start_line, column_at(r, field),
                      "the text holds a NUL byte; control characters are not allowed");
        return NULL;
    }
    return (const char *)text.data;
}

static void on_row(struct reading *r)
{
    struct dd_csv *out = r->out;
    if (out->count == out->room) {
        size_t room = out->room ? out->room * 2 : FIRST_ROOM;
        struct dd_csv_row *rows = realloc(out->rows, room * sizeof *rows);
        if (!rows) {
            r->no_memory = true;
            return;
        }
        out->rows = rows;
        out->room = room;
    }
    const char **cells = dd_arena_take(r->arena, r->column_count * sizeof *cells);
    if (!cells) {
        r->no_memory = true;
        return;
    }
    check_count(r);
    for (size_t i = 0; i < r->fields.count && i < r->header_count; i++) {
        if (r->column_of[i] != NO_COLUMN)
            cells[r->column_of[i]] = cell_of(r, i);
    }
    out->rows[out->count++] = (struct dd_csv_row){r->start_line, cells};
}

static void on_record(int end, void *context)
{
    struct reading *r = context;
    (void)end;
    if (r->no_memory)
        return;
    if (r->header_count == 0)
        on_header(r);
    else
        on_row(r);
    r->fields.count = 0;
    r->in_record = false;
}

/* After quotes out of place the record is given up and reading goes on in the next physical line.
 */
static void give_up_record(struct reading *r, const char *what)
{
    if (csv_error(&r->parser) != CSV_EPARSE) {
        r->no_memory = true;
        return;
    }
    dd_faults_add(r->faults, r->file, r->start_line, column_at(r, r->fields.count), "%s", what);
    csv_free(&r->parser);
    r->fields.count = 0;
    r->in_record = false;
    r->stopped = r->header_count == 0;
    r->no_memory = !parser_begin(&r->parser);
}

/* Feeds one physical line, `ended` by a line feed or by the end of the file. */
static void feed_line(struct reading *r, const uint8_t *text, size_t size, bool ended)
{
    static const char misplaced[] =
        "a quote stands out of place; a field with quotes is \"quoted\" and doubles those within";
    bool blank = size == 0 && !r->in_record;
    if (blank)
        return;
    if (!r->in_record)
        r->start_line = r->line;
    r->in_record = true;
    if (csv_parse(&r->parser, text, size, on_field, on_record, r) != size ||
        (ended && csv_parse(&r->parser, "\n", 1, on_field, on_record, r) != 1))
        give_up_record(r, misplaced);
}

static void feed_all(struct reading *r, struct dd_slice bytes)
{
    size_t at = 0;
    while (at < bytes.size && !r->no_memory && !r->stopped) {
        const uint8_t *start = bytes.data + at;
        const uint8_t *end = memchr(start, '\n', bytes.size - at);
        size_t size = end ? (size_t)(end - start) : bytes.size - at;
        at += size + (end ? 1 : 0);
        if (size > 0 && start[size - 1] == '\r')
            size--;
        r->line++;
        feed_line(r, start, size, end != NULL);
    }
    if (!r->no_memory && !r->stopped && csv_fini(&r->parser, on_field, on_record, r) != 0)
        give_up_record(r, "a quote is opened and never closed");
}

static struct dd_slice without_bom(struct dd_slice bytes)
{
    if (bytes.size >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0)
        return (struct dd_slice){bytes.data + 3, bytes.size - 3};
    return bytes;
}

enum dd_status dd_csv_read(struct dd_slice bytes, const char *file,
                           const struct dd_csv_column *columns, size_t column_count,
                           struct dd_arena *arena, struct dd_csv *out, struct dd_faults *faults)
{
    *out = (struct dd_csv){0};
    struct reading r = {.file = file,
                        .faults = faults,
                        .arena = arena,
                        .columns = columns,
                        .column_count = column_count,
                        .out = out};
    if (!parser_begin(&r.parser))
        return DD_NO_MEMORY;
    feed_all(&r, without_bom(bytes));
    if (r.header_count == 0 && !r.stopped && !r.no_memory) {
        char listed[256];
        list_columns(&r, listed, sizeof listed);
        dd_faults_add(faults, file, 1, "header", "the file has no header; it is %s", listed);
    }
    csv_free(&r.parser);
    free(r.fields.list);
    free(r.column_of);
    if (!r.no_memory && !faults->no_memory)
        return DD_OK;
    dd_csv_free(out);
    return DD_NO_MEMORY;
}

void dd_csv_free(struct dd_csv *csv)
{
    free(csv->rows);
    *csv = (struct dd_csv){0};
}

static bool needs_quotes(const char *cell, size_t count)
{
    return strpbrk(cell, ",\"\r\n") || (count == 1 && !*cell);
}

bool dd_csv_write(FILE *out, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && fputc(',', out) == EOF)
            return false;
        if (needs_quotes(cells[i], count)) {
            if (csv_fwrite(out, cells[i], strlen(cells[i])) == EOF)
                return false;
        } else if (fputs(cells[i], out) == EOF) {
            return false;
        }
    }
    return fputs("\r\n", out) != EOF;
}
