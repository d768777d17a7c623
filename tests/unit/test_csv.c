/* The CSV reader and writer: lines, columns by name, every fault of the format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/csv.h"

static const struct dd_csv_column columns[] = {{"code", false}, {"name", false}, {"note", true}};

struct fixture {
    struct dd_arena arena;
    struct dd_csv csv;
    struct dd_faults faults;
};

static struct fixture read_bytes(const char *text, size_t size)
{
    struct fixture f = {.arena = dd_arena_make(1024 * 1024)};
    struct dd_slice bytes = {(const uint8_t *)text, size};
    assert_int_equal(dd_csv_read(bytes, "t.csv", columns, 3, &f.arena, &f.csv, &f.faults), DD_OK);
    return f;
}

static struct fixture read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void release(struct fixture *f)
{
    dd_csv_free(&f->csv);
    dd_faults_free(&f->faults);
    dd_arena_free(&f->arena);
}

static void assert_row(const struct fixture *f, size_t i, uint32_t line, const char *code,
                       const char *name)
{
    assert_true(i < f->csv.count);
    assert_int_equal(f->csv.rows[i].line, line);
    assert_string_equal(f->csv.rows[i].cell[0], code);
    assert_string_equal(f->csv.rows[i].cell[1], name);
}

/* Exactly one fault, at the line, with a text that begins so. */
static void assert_one_fault(const struct fixture *f, uint32_t line, const char *beginning)
{
    assert_int_equal(f->faults.count, 1);
    assert_string_equal(f->faults.list[0].file, "t.csv");
    assert_int_equal(f->faults.list[0].line, line);
    if (strncmp(f->faults.list[0].text, beginning, strlen(beginning)) != 0)
        fail_msg("\"%s\" does not begin with \"%s\"", f->faults.list[0].text, beginning);
}

static void csv_reads_columns_by_name_in_any_order(void **state)
{
    (void)state;
    struct fixture f = read_text("name,code\nAn,a\nBình,b\n");
    assert_int_equal(f.faults.count, 0);
    assert_int_equal(f.csv.count, 2);
    assert_row(&f, 0, 2, "a", "An");
    assert_row(&f, 1, 3, "b", "Bình");
    assert_null(f.csv.rows[0].cell[2]); /* the optional column is absent */
    release(&f);
}

static void csv_reads_bom_and_crlf_as_their_plain_forms(void **state)
{
    (void)state;
    struct fixture f = read_text("\xEF\xBB\xBF"
                                 "code,name,note\r\na,An,\r\nb,\"B\"\"b\",x");
    assert_int_equal(f.faults.count, 0);
    assert_int_equal(f.csv.count, 2);
    assert_row(&f, 0, 2, "a", "An");
    assert_row(&f, 1, 3, "b", "B\"b");
    assert_string_equal(f.csv.rows[0].cell[2], "");
    assert_string_equal(f.csv.rows[1].cell[2], "x");
    release(&f);
}

static void csv_counts_lines_within_quotes_and_blank_lines(void **state)
{
    (void)state;
    struct fixture f = read_text("code,name\na,\"one\ntwo\r\n\nfour\"\n\n\r\nb,B\n");
    assert_int_equal(f.faults.count, 0);
    assert_int_equal(f.csv.count, 2);
    assert_row(&f, 0, 2, "a", "one\ntwo\n\nfour");
    assert_row(&f, 1, 8, "b", "B");
    release(&f);
}

static void csv_keeps_spaces_commas_and_empty_cells(void **state)
{
    (void)state;
    struct fixture f = read_text("code,name\n a ,\"x, y\"\n\"\",\n");
    assert_int_equal(f.faults.count, 0);
    assert_row(&f, 0, 2, " a ", "x, y");
    assert_row(&f, 1, 3, "", "");
    release(&f);
}

static void csv_lists_unknown_missing_and_doubled_columns(void **state)
{
    (void)state;
    struct fixture f = read_text("\ncode,colour,code\na,red,b\n");
    assert_int_equal(f.faults.count, 3);
    assert_true(strncmp(f.faults.list[0].text, "colour: unknown column", 22) == 0);
    assert_true(strncmp(f.faults.list[1].text, "code: the column stands twice", 29) == 0);
    assert_true(strncmp(f.faults.list[2].text, "name: the column is missing", 27) == 0);
    assert_int_equal(f.faults.list[0].line, 2);
    assert_int_equal(f.csv.count, 1);
    assert_string_equal(f.csv.rows[0].cell[0], "a"); /* the first of the two */
    assert_null(f.csv.rows[0].cell[1]);
    release(&f);
}

static void csv_lists_records_with_too_few_and_too_many_fields(void **state)
{
    (void)state;
    struct fixture f = read_text("code,name\na\nb,B,C\nc,C\n");
    assert_int_equal(f.faults.count, 2);
    assert_int_equal(f.faults.list[0].line, 2);
    assert_true(strncmp(f.faults.list[0].text, "name: the record has 1 field;", 29) == 0);
    assert_int_equal(f.faults.list[1].line, 3);
    assert_true(strncmp(f.faults.list[1].text, "record: the record has 3 fields;", 32) == 0);
    assert_int_equal(f.csv.count, 3); /* kept with what they have */
    assert_string_equal(f.csv.rows[0].cell[0], "a");
    assert_null(f.csv.rows[0].cell[1]);
    release(&f);
}

static void csv_lists_text_that_is_not_utf8_or_holds_nul(void **state)
{
    (void)state;
    static const char text[] = "code,name\n\xFF\xFE,B\xC3\na\0b,B\n";
    struct fixture f = read_bytes(text, sizeof text - 1);
    assert_int_equal(f.faults.count, 3);
    assert_true(strncmp(f.faults.list[0].text, "code: the text is not UTF-8", 27) == 0);
    assert_true(strncmp(f.faults.list[1].text, "name: the text is not UTF-8", 27) == 0);
    assert_int_equal(f.faults.list[1].line, 2);
    assert_true(strncmp(f.faults.list[2].text, "code: the text holds a NUL", 26) == 0);
    assert_int_equal(f.faults.list[2].line, 3);
    release(&f);
}

static void csv_lists_a_quote_out_of_place_and_reads_on(void **state)
{
    (void)state;
    struct fixture f = read_text("code,name\na,x\"y\nb,\"B\"z\nc,C\n");
    assert_int_equal(f.faults.count, 2);
    assert_int_equal(f.faults.list[0].line, 2);
    assert_true(strncmp(f.faults.list[0].text, "name: a quote stands out of place", 33) == 0);
    assert_int_equal(f.faults.list[1].line, 3);
    assert_int_equal(f.csv.count, 1);
    assert_row(&f, 0, 4, "c", "C");
    release(&f);
}

static void csv_lists_a_quote_that_is_never_closed(void **state)
{
    (void)state;
    struct fixture f = read_text("code,name\na,A\nb,\"B\nc,C\n");
    assert_one_fault(&f, 3, "name: a quote is opened and never closed");
    assert_int_equal(f.csv.count, 1);
    release(&f);
}

static void csv_without_a_header_is_one_fault(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n\r\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct fixture f = read_text(texts[i]);
        assert_one_fault(&f, 1, "header: the file has no header; it is code,name,note");
        release(&f);
    }
    struct fixture f = read_text("co\"de,name\na,A\n");
    assert_one_fault(&f, 1, "header: a quote stands out of place");
    release(&f);
}

static void csv_says_when_memory_ends(void **state)
{
    (void)state;
    struct dd_arena arena = dd_arena_make(64);
    struct dd_csv csv;
    struct dd_faults faults = {0};
    struct dd_slice bytes = dd_slice_of("code,name\na,A\nb,B\nc,C\n");
    assert_int_equal(dd_csv_read(bytes, "t.csv", columns, 3, &arena, &csv, &faults), DD_NO_MEMORY);
    assert_null(csv.rows);
    dd_faults_free(&faults);
    dd_arena_free(&arena);
}

static void csv_writes_what_it_reads(void **state)
{
    (void)state;
    static const char *const header[] = {"code", "name"};
    static const char *const cells[] = {"a,\"b\"", "Nghệ\nnhân"};
    static const char *const plain[] = {"x y", ""};
    static const char *const empty[] = {""};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_true(dd_csv_write(out, header, 2));
    assert_true(dd_csv_write(out, cells, 2));
    assert_true(dd_csv_write(out, plain, 2));
    assert_true(dd_csv_write(out, empty, 1));
    fclose(out);
    assert_string_equal(text, "code,name\r\n\"a,\"\"b\"\"\",\"Nghệ\nnhân\"\r\nx y,\r\n\"\"\r\n");
    text[size - 4] = '\0'; /* without the one-cell record */
    struct fixture f = read_text(text);
    assert_int_equal(f.faults.count, 0);
    assert_row(&f, 0, 2, cells[0], cells[1]);
    assert_row(&f, 1, 4, plain[0], plain[1]);
    release(&f);
    free(text);
}

static void faults_are_sorted_by_file_then_line_then_order_found(void **state)
{
    (void)state;
    static const char *const files[] = {"b", "a"};
    char *text = NULL;
    size_t size = 0;
    struct dd_faults faults = {0};
    dd_faults_add(&faults, "a", 1, "x", "%s", "third");
    dd_faults_add(&faults, "b", 7, "x", "%s", "second");
    dd_faults_add(&faults, "b", 2, "y", "%s", "first");
    dd_faults_add(&faults, "b", 7, "a", "%s", "second, too");
    dd_faults_sort(&faults, files, 2);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    dd_faults_print(&faults, out);
    fclose(out);
    assert_string_equal(text,
                        "b:2: y: first\nb:7: x: second\nb:7: a: second, too\na:1: x: third\n");
    free(text);
    dd_faults_free(&faults);
}

static void faults_quote_cuts_at_a_character_and_hides_controls(void **state)
{
    (void)state;
    char out[DD_FAULT_QUOTE_BYTES];
    char text[200];
    assert_string_equal(dd_faults_quote(out, "a\nb"), "\"a?b\"");
    for (size_t i = 0; i < 60; i++)
        memcpy(text + 3 * i, "ệ", 4); /* 3 bytes each; 90 bytes are shown */
    assert_int_equal(strlen(dd_faults_quote(out, text)), 1 + 90 + 3 + 1);
    memmove(text + 1, text, strlen(text) + 1);
    text[0] = 'x'; /* now a character would be cut at 90 */
    assert_int_equal(strlen(dd_faults_quote(out, text)), 1 + 88 + 3 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_reads_columns_by_name_in_any_order),
        cmocka_unit_test(csv_reads_bom_and_crlf_as_their_plain_forms),
        cmocka_unit_test(csv_counts_lines_within_quotes_and_blank_lines),
        cmocka_unit_test(csv_keeps_spaces_commas_and_empty_cells),
        cmocka_unit_test(csv_lists_unknown_missing_and_doubled_columns),
        cmocka_unit_test(csv_lists_records_with_too_few_and_too_many_fields),
        cmocka_unit_test(csv_lists_text_that_is_not_utf8_or_holds_nul),
        cmocka_unit_test(csv_lists_a_quote_out_of_place_and_reads_on),
        cmocka_unit_test(csv_lists_a_quote_that_is_never_closed),
        cmocka_unit_test(csv_without_a_header_is_one_fault),
        cmocka_unit_test(csv_says_when_memory_ends),
        cmocka_unit_test(csv_writes_what_it_reads),
        cmocka_unit_test(faults_are_sorted_by_file_then_line_then_order_found),
        cmocka_unit_test(faults_quote_cuts_at_a_character_and_hides_controls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
