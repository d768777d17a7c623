/* A command's texts in normal form C, wherever they stand in it, and nothing else changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clients/lib/normalise.h"

/* "ô" as two characters and as one. */
#define APART "o\xcc\x82"
#define WHOLE "\xc3\xb4"

static struct dd_arena arena;

static int open_arena(void **state)
{
    (void)state;
    arena = dd_arena_make(8 * 1024 * 1024);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    return 0;
}

static struct dd_command normal(const struct dd_command *in)
{
    struct dd_command out;
    assert_int_equal(dd_normalise_command(in, &arena, &out), DD_OK);
    assert_int_equal(out.kind, in->kind);
    return out;
}

static void expect(struct dd_slice got, const char *expected)
{
    char text[256];
    dd_slice_text(got, text, sizeof text);
    assert_string_equal(text, expected);
}

static void matters_bring_titles_and_numbers_on_paper(void **state)
{
    struct dd_matter_put put = {.kind = dd_slice_of("directive"),
                                .code = dd_slice_of("1/" APART),
                                .title = dd_slice_of(APART)};
    struct dd_attachment attachment = {.type = dd_slice_of("text/plain"),
                                       .name = dd_slice_of(APART ".txt")};
    struct dd_command in = {.kind = DD_COMMAND_ASSIGN};
    (void)state;
    in.as.assign = (struct dd_assign){.notice = dd_slice_of("12/" APART),
                                      .matters = &put,
                                      .matter_count = 1,
                                      .attachments = &attachment,
                                      .attachment_count = 1};
    struct dd_command out = normal(&in);
    expect(out.as.assign.notice, "12/" WHOLE);
    expect(out.as.assign.matters[0].title, WHOLE);
    expect(out.as.assign.matters[0].code, "1/" WHOLE);
    expect(out.as.assign.matters[0].kind, "directive");
    expect(out.as.assign.attachments[0].name, WHOLE ".txt");
    expect(put.title, APART); /* the caller's own is not touched */
}

static void publications_bring_a_number_and_a_title(void **state)
{
    struct dd_command in = {.kind = DD_COMMAND_PUBLISH};
    (void)state;
    in.as.publish = (struct dd_publish){.number = dd_slice_of("1/" APART),
                                        .title = dd_slice_of(APART),
                                        .corrects = dd_slice_of("0/" APART),
                                        .reason = dd_slice_of(APART)};
    struct dd_command out = normal(&in);
    expect(out.as.publish.number, "1/" WHOLE);
    expect(out.as.publish.title, WHOLE);
    expect(out.as.publish.corrects, "0/" WHOLE);
    expect(out.as.publish.reason, WHOLE);
}

static void reasons_are_texts_in_every_command_that_has_one(void **state)
{
    struct dd_command in = {.kind = DD_COMMAND_BEND};
    (void)state;
    in.as.bend.reason = dd_slice_of(APART);
    expect(normal(&in).as.bend.reason, WHOLE);
    in = (struct dd_command){.kind = DD_COMMAND_DELEGATE};
    in.as.delegate.reason = dd_slice_of(APART);
    expect(normal(&in).as.delegate.reason, WHOLE);
    in = (struct dd_command){.kind = DD_COMMAND_TRANSFER};
    in.as.transfer.reason = dd_slice_of(APART);
    expect(normal(&in).as.transfer.reason, WHOLE);
    in = (struct dd_command){.kind = DD_COMMAND_SUBMIT};
    in.as.submit.note = in.as.submit.reason = dd_slice_of(APART);
    in.as.submit.report = dd_slice_of("07/" APART);
    struct dd_command out = normal(&in);
    expect(out.as.submit.note, WHOLE);
    expect(out.as.submit.reason, WHOLE);
    expect(out.as.submit.report, "07/" WHOLE);
}

static struct dd_form form_of(const char *key, const char *name)
{
    struct dd_form form = {.key = dd_slice_of(key),
                           .name_vi = dd_slice_of(name),
                           .name_en = dd_slice_of(name),
                           .figure_count = 1,
                           .part_count = 1};
    form.figure[0] = (struct dd_form_figure){.key = dd_slice_of("total"),
                                             .name_vi = dd_slice_of(name),
                                             .name_en = dd_slice_of(name),
                                             .unit_of_measure = dd_slice_of(name)};
    form.part[0] = dd_slice_of("text");
    return form;
}

static struct dd_slice forms_of(const char *name, uint8_t *bytes, size_t size)
{
    struct dd_form forms[] = {form_of("a", name), form_of("b", name)};
    struct dd_writer w = dd_writer_make(bytes, size);
    for (size_t i = 0; i < 2; i++)
        dd_form_write(&w, &forms[i]);
    assert_false(w.overflow);
    return dd_writer_slice(&w);
}

static void a_programme_brings_names_of_kinds_stages_choices_and_in_its_forms(void **state)
{
    uint8_t apart[1024];
    uint8_t whole[1024];
    struct dd_command in = {.kind = DD_COMMAND_PUT_PROGRAMME};
    struct dd_programme *programme = &in.as.put_programme;
    (void)state;
    programme->kind_count = 1;
    programme->kind[0].name_vi = dd_slice_of(APART);
    programme->stage_count = 1;
    programme->stage[0].name_vi = dd_slice_of(APART);
    programme->stage[0].choice_count = 1;
    programme->stage[0].choice[0].name_en = dd_slice_of(APART);
    programme->forms = forms_of(APART, apart, sizeof apart);
    struct dd_command out = normal(&in);
    expect(out.as.put_programme.kind[0].name_vi, WHOLE);
    expect(out.as.put_programme.stage[0].name_vi, WHOLE);
    expect(out.as.put_programme.stage[0].choice[0].name_en, WHOLE);
    assert_true(dd_slice_equal(out.as.put_programme.forms, forms_of(WHOLE, whole, sizeof whole)));
}

static void forms_that_cannot_be_read_are_left_to_the_server(void **state)
{
    struct dd_command in = {.kind = DD_COMMAND_PUT_PROGRAMME};
    (void)state;
    in.as.put_programme.forms = dd_slice_of("\x05no");
    assert_true(dd_slice_equal(normal(&in).as.put_programme.forms, dd_slice_of("\x05no")));
}

static void without_memory_it_says_so(void **state)
{
    uint8_t bytes[1024];
    struct dd_command in = {.kind = DD_COMMAND_PUT_PROGRAMME};
    struct dd_arena small = dd_arena_make(64);
    struct dd_command out;
    (void)state;
    in.as.put_programme.forms = forms_of(APART, bytes, sizeof bytes);
    assert_int_equal(dd_normalise_command(&in, &small, &out), DD_NO_MEMORY);
    dd_arena_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matters_bring_titles_and_numbers_on_paper),
        cmocka_unit_test(publications_bring_a_number_and_a_title),
        cmocka_unit_test(reasons_are_texts_in_every_command_that_has_one),
        cmocka_unit_test(a_programme_brings_names_of_kinds_stages_choices_and_in_its_forms),
        cmocka_unit_test(forms_that_cannot_be_read_are_left_to_the_server),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
