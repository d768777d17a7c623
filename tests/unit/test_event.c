/* Events: words, the array's limit, bytes there and back, and bytes that are no events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/event.h"
#include "core/schedule.h"

enum { KINDS = 31, BYTES = 8192 };

/* The list of a CYCLE_SCHEDULED at its longest. */
static uint8_t occurrences[(DD_OCCURRENCES_MAX + 1) * DD_OCCURRENCE_BYTES];

/* Sets the fields of the kinds about matters and time. */
static void fill_later(struct dd_event *event)
{
    switch ((int)event->kind) {
    case DD_EVENT_CYCLE_SCHEDULED:
        event->number = 7;
        event->list = (struct dd_slice){occurrences, sizeof occurrences - DD_OCCURRENCE_BYTES};
        break;
    case DD_EVENT_REPORT_TAKEN:
        event->stage = 23;
        event->number = UINT16_MAX;
        event->version = 999;
        event->end = DD_END_LATE;
        event->delegation = 9999;
        break;
    case DD_EVENT_ANSWER_TAKEN:
        event->stage = 23;
        event->version = 99;
        event->end = DD_END_LATE;
        event->delegation = 9998;
        break;
    case DD_EVENT_MATTER_DECIDED:
    case DD_EVENT_MATTER_PROGRESSED:
        event->stage = 23;
        event->end = DD_END_LATE;
        break;
    case DD_EVENT_DUTY_BENT:
        event->duty = (struct dd_duty_key){UINT32_MAX, 2, 23, 9999, 9998};
        break;
    case DD_EVENT_MATTER_OPENED:
    case DD_EVENT_DELEGATED:
        event->number = 9999;
        break;
    }
}

/* One event of a kind, with every field set that the kind has. */
static void fill(struct dd_event *event, enum dd_event_kind kind)
{
    memset(event, 0, sizeof *event);
    event->kind = kind;
    fill_later(event);
    switch ((int)kind) {
    case DD_EVENT_ACCOUNT_PUT:
    case DD_EVENT_PROGRAMME_PUT:
    case DD_EVENT_CYCLE_STAGED:
    case DD_EVENT_ACCOUNT_REVOKED:
    case DD_EVENT_PUBLISHED:
        event->number = 0x01020304;
        break;
    case DD_EVENT_CYCLE_OPENED:
        event->number = 7;
        event->stage_count = DD_STAGES_MAX;
        event->report_count = DD_REPORTS_MAX;
        for (int i = 0; i < DD_LAST_DAYS_MAX; i++)
            event->last_day[i] = i % 2 ? INT32_MAX : 15730 + i;
        break;
    case DD_EVENT_VERSION_SUBMITTED:
        event->version = 999;
        memset(event->content_hash, 0xc4, sizeof event->content_hash);
        event->adjustment = true;
        event->stage = 2;
        event->end = DD_END_LATE;
        break;
    case DD_EVENT_REPORT_RECEIVED:
        event->number = 63;
        event->version = 999;
        event->end = DD_END_ON_TIME;
        break;
    case DD_EVENT_VERSION_RETURNED:
    case DD_EVENT_VERSION_AGREED:
    case DD_EVENT_VERSION_APPROVED:
        event->stage = 1;
        event->next_stage = 2;
        event->end = DD_END_ON_TIME;
        break;
    case DD_EVENT_DUTY_LAPSED:
        event->duty = (struct dd_duty_key){1, 2, 3, 4, 5};
        break;
    case DD_EVENT_RUNG_REACHED:
        event->duty = (struct dd_duty_key){UINT32_MAX, 2, 11, 9999, 9999};
        event->rung = -7;
        event->superior = true;
        event->at_ms = 1358467200000;
        break;
    }
}

static size_t write_all(uint8_t *bytes, size_t size, struct dd_event *written)
{
    struct dd_writer w = dd_writer_make(bytes, size);
    struct dd_events events = {written, KINDS, KINDS};
    memset(occurrences, 'o', sizeof occurrences);
    for (int kind = 1; kind <= KINDS; kind++)
        fill(&written[kind - 1], (enum dd_event_kind)kind);
    dd_events_write(&w, &events);
    assert_false(w.overflow);
    return w.at;
}

static void expect_same(const struct dd_event *a, const struct dd_event *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->version, b->version);
    assert_memory_equal(a->content_hash, b->content_hash, sizeof a->content_hash);
    assert_int_equal(a->adjustment, b->adjustment);
    assert_int_equal(a->stage, b->stage);
    assert_int_equal(a->next_stage, b->next_stage);
    assert_int_equal(a->end, b->end);
    assert_int_equal(a->duty.cycle, b->duty.cycle);
    assert_int_equal(a->duty.unit, b->duty.unit);
    assert_int_equal(a->duty.stage, b->duty.stage);
    assert_int_equal(a->duty.a, b->duty.a);
    assert_int_equal(a->duty.b, b->duty.b);
    assert_int_equal(a->rung, b->rung);
    assert_int_equal(a->superior, b->superior);
    assert_int_equal(a->at_ms, b->at_ms);
    assert_int_equal(a->stage_count, b->stage_count);
    assert_int_equal(a->report_count, b->report_count);
    assert_memory_equal(a->last_day, b->last_day, sizeof a->last_day);
    assert_int_equal(a->delegation, b->delegation);
    assert_true(dd_slice_equal(a->list, b->list));
}

static void events_of_every_kind_come_back_as_they_were(void **state)
{
    static uint8_t bytes[BYTES];
    static struct dd_event written[KINDS];
    static struct dd_event read[KINDS];
    struct dd_events events = {read, 0, KINDS};
    (void)state;
    struct dd_reader r =
        dd_reader_make((struct dd_slice){bytes, write_all(bytes, sizeof bytes, written)});
    assert_true(dd_events_read(&r, &events));
    assert_true(dd_reader_done(&r));
    assert_int_equal(events.count, KINDS);
    for (size_t i = 0; i < KINDS; i++)
        expect_same(&read[i], &written[i]);
}

/* The bytes of one event, without the count before them. */
static struct dd_slice bytes_of(const struct dd_event *event, uint8_t *bytes, size_t size)
{
    struct dd_event one = *event;
    struct dd_events events = {&one, 1, 1};
    struct dd_writer w = dd_writer_make(bytes, size);
    dd_events_write(&w, &events);
    assert_false(w.overflow);
    return (struct dd_slice){bytes + 2, w.at - 2};
}

#define EXPECT_BYTES(event, ...) \
    do { \
        const uint8_t expected[] = {__VA_ARGS__}; \
        struct dd_slice found = bytes_of(event, bytes, sizeof bytes); \
        assert_int_equal(found.size, sizeof expected); \
        assert_memory_equal(found.data, expected, sizeof expected); \
    } while (0)

/* Written down a second time on purpose: logs hold them. */
static void the_bytes_of_events_of_the_first_format_never_change(void **state)
{
    uint8_t bytes[128];
    struct dd_event event = {.kind = DD_EVENT_CYCLE_OPENED,
                             .number = 7,
                             .stage_count = 1,
                             .report_count = 1,
                             .last_day = {15730, INT32_MAX}};
    (void)state;
    EXPECT_BYTES(&event, 8, 0, 14, 0, 0, 0, 7, 1, 1, 0, 0, 0x3d, 0x72, 0x7f, 0xff, 0xff, 0xff);
    fill(&event, DD_EVENT_UNITS_PUT);
    EXPECT_BYTES(&event, 3, 0, 0);
    fill(&event, DD_EVENT_ACCOUNT_PUT);
    EXPECT_BYTES(&event, 4, 0, 4, 1, 2, 3, 4);
    fill(&event, DD_EVENT_REPORT_RECEIVED);
    EXPECT_BYTES(&event, 12, 0, 4, 63, 3, 0xe7, 2);
    fill(&event, DD_EVENT_VERSION_AGREED);
    EXPECT_BYTES(&event, 15, 0, 3, 1, 2, 2);
    fill(&event, DD_EVENT_DUTY_LAPSED);
    EXPECT_BYTES(&event, 19, 0, 13, 0, 0, 0, 1, 0, 0, 0, 2, 3, 0, 4, 0, 5);
    fill(&event, DD_EVENT_RUNG_REACHED);
    EXPECT_BYTES(&event, 20, 0, 23, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2, 11, 0x27, 0x0f, 0x27, 0x0f,
                 0xf9, 1, 0, 0, 1, 0x3c, 0x4a, 0xf4, 0x74, 0);
    fill(&event, DD_EVENT_VERSION_SUBMITTED);
    struct dd_slice submitted = bytes_of(&event, bytes, sizeof bytes);
    const uint8_t before[] = {11, 0, 37, 3, 0xe7};
    const uint8_t behind[] = {1, 2, 3};
    assert_int_equal(submitted.size, 40);
    assert_memory_equal(submitted.data, before, sizeof before);
    assert_memory_equal(submitted.data + 5, event.content_hash, sizeof event.content_hash);
    assert_memory_equal(submitted.data + 37, behind, sizeof behind);
}

static void the_bytes_of_events_about_matters_and_time_never_change(void **state)
{
    uint8_t bytes[128];
    struct dd_event event = {.kind = DD_EVENT_CYCLE_SCHEDULED, .number = 7};
    (void)state;
    EXPECT_BYTES(&event, 22, 0, 6, 0, 0, 0, 7, 0, 0);
    event.list = dd_slice_of("abcdefghijklm");
    EXPECT_BYTES(&event, 22, 0, 19, 0, 0, 0, 7, 0, 1, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i',
                 'j', 'k', 'l', 'm');
    fill(&event, DD_EVENT_REPORT_TAKEN);
    EXPECT_BYTES(&event, 23, 0, 8, 23, 0xff, 0xff, 3, 0xe7, 3, 0x27, 0x0f);
    fill(&event, DD_EVENT_MATTER_OPENED);
    EXPECT_BYTES(&event, 24, 0, 2, 0x27, 0x0f);
    fill(&event, DD_EVENT_ANSWER_TAKEN);
    EXPECT_BYTES(&event, 25, 0, 6, 23, 0, 99, 3, 0x27, 0x0e);
    fill(&event, DD_EVENT_MATTER_DECIDED);
    EXPECT_BYTES(&event, 26, 0, 2, 23, 3);
    fill(&event, DD_EVENT_MATTER_PROGRESSED);
    EXPECT_BYTES(&event, 27, 0, 2, 23, 3);
    fill(&event, DD_EVENT_DUTY_BENT);
    EXPECT_BYTES(&event, 28, 0, 13, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2, 23, 0x27, 0x0f, 0x27, 0x0e);
    fill(&event, DD_EVENT_DELEGATED);
    EXPECT_BYTES(&event, 29, 0, 2, 0x27, 0x0f);
    fill(&event, DD_EVENT_TRANSFERRED);
    EXPECT_BYTES(&event, 30, 0, 0);
    fill(&event, DD_EVENT_PUBLISHED);
    EXPECT_BYTES(&event, 31, 0, 4, 1, 2, 3, 4);
}

static void events_that_do_not_fit_overflow_and_write_nothing_behind_the_end(void **state)
{
    static uint8_t bytes[BYTES];
    static struct dd_event written[KINDS];
    (void)state;
    size_t size = write_all(bytes, sizeof bytes, written);
    for (size_t room = 0; room < size; room++) {
        struct dd_writer w = dd_writer_make(bytes, room);
        struct dd_events events = {written, KINDS, KINDS};
        bytes[room] = 0xa5;
        dd_events_write(&w, &events);
        assert_true(w.overflow);
        assert_int_equal(bytes[room], 0xa5);
    }
}

static void every_kind_has_a_word_and_no_other_number_has(void **state)
{
    (void)state;
    for (int kind = 0; kind < 256; kind++)
        assert_int_equal(dd_event_word((enum dd_event_kind)kind)[0] != '\0',
                         kind >= 1 && kind <= KINDS);
    assert_string_equal(dd_event_word(DD_EVENT_RUNG_REACHED), "rung-reached");
}

static void an_array_takes_its_capacity_and_no_more(void **state)
{
    struct dd_event two[2];
    struct dd_events events = {two, 0, 2};
    (void)state;
    memset(two, 0xa5, sizeof two);
    assert_ptr_equal(dd_events_add(&events, DD_EVENT_UNITS_PUT), &two[0]);
    assert_int_equal(two[0].number, 0);
    assert_non_null(dd_events_add(&events, DD_EVENT_UNITS_PUT));
    assert_null(dd_events_add(&events, DD_EVENT_UNITS_PUT));
    assert_int_equal(events.count, 2);
}

static void more_events_than_fit_are_not_read(void **state)
{
    static uint8_t bytes[BYTES];
    static struct dd_event written[KINDS];
    static struct dd_event read[KINDS];
    struct dd_events events = {read, 0, KINDS - 1};
    (void)state;
    struct dd_reader r =
        dd_reader_make((struct dd_slice){bytes, write_all(bytes, sizeof bytes, written)});
    assert_false(dd_events_read(&r, &events));
}

static void bytes_cut_anywhere_are_no_events(void **state)
{
    static uint8_t bytes[BYTES];
    static struct dd_event written[KINDS];
    static struct dd_event read[KINDS];
    (void)state;
    size_t size = write_all(bytes, sizeof bytes, written);
    for (size_t cut = 0; cut < size; cut++) {
        struct dd_events events = {read, 0, KINDS};
        struct dd_reader r = dd_reader_make((struct dd_slice){bytes, cut});
        assert_false(dd_events_read(&r, &events));
    }
}

static bool reads(const uint8_t *bytes, size_t size)
{
    static struct dd_event read[4];
    struct dd_events events = {read, 0, 4};
    struct dd_reader r = dd_reader_make((struct dd_slice){bytes, size});
    return dd_events_read(&r, &events);
}

static void more_occurrences_than_there_may_be_are_refused(void **state)
{
    static uint8_t bytes[5 + 6 + sizeof occurrences] = {0, 1, DD_EVENT_CYCLE_SCHEDULED};
    (void)state;
    for (unsigned count = DD_OCCURRENCES_MAX - 1; count <= DD_OCCURRENCES_MAX + 1; count++) {
        const unsigned size = 6 + count * DD_OCCURRENCE_BYTES;
        bytes[3] = (uint8_t)(size >> 8);
        bytes[4] = (uint8_t)size;
        bytes[9] = (uint8_t)(count >> 8);
        bytes[10] = (uint8_t)count;
        assert_int_equal(reads(bytes, 5 + size), count <= DD_OCCURRENCES_MAX);
    }
}

static void a_list_that_was_read_lies_in_the_bytes_of_the_entry(void **state)
{
    const uint8_t bytes[] = {
        0,  1, DD_EVENT_CYCLE_SCHEDULED, 0, 19, 0, 0, 0, 7, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
        12, 13};
    struct dd_event read;
    struct dd_events events = {&read, 0, 1};
    struct dd_reader r = dd_reader_make((struct dd_slice){bytes, sizeof bytes});
    (void)state;
    assert_true(dd_events_read(&r, &events));
    assert_ptr_equal(read.list.data, bytes + 11);
    assert_int_equal(read.list.size, DD_OCCURRENCE_BYTES);
}

static void an_unknown_kind_is_never_skipped(void **state)
{
    uint8_t bytes[] = {0, 1, 3, 0, 0};
    (void)state;
    assert_true(reads(bytes, sizeof bytes));
    bytes[2] = 0;
    assert_false(reads(bytes, sizeof bytes));
    bytes[2] = KINDS + 1;
    assert_false(reads(bytes, sizeof bytes));
    bytes[2] = 255;
    assert_false(reads(bytes, sizeof bytes));
}

static void fields_are_exactly_those_of_the_kind(void **state)
{
    const uint8_t more[] = {0, 1, DD_EVENT_UNITS_PUT, 0, 1, 0};
    const uint8_t fewer[] = {0, 1, DD_EVENT_ACCOUNT_PUT, 0, 3, 0, 0, 1};
    const uint8_t right[] = {0, 1, DD_EVENT_ACCOUNT_PUT, 0, 4, 0, 0, 0, 1};
    (void)state;
    assert_false(reads(more, sizeof more));
    assert_false(reads(fewer, sizeof fewer));
    assert_true(reads(right, sizeof right));
}

static void more_last_days_than_there_may_be_are_refused(void **state)
{
    uint8_t bytes[4 + 6 + 4 * 255] = {0, 1, DD_EVENT_CYCLE_OPENED, 0, 0, 0, 0, 0, 1};
    (void)state;
    const unsigned stages = DD_STAGES_MAX + 1;
    bytes[4] = (uint8_t)(6 + 4 * stages);
    bytes[9] = (uint8_t)stages;
    assert_false(reads(bytes, 5 + 6 + 4 * stages));
    bytes[4] = (uint8_t)(6 + 4 * (stages - 1));
    bytes[9] = (uint8_t)(stages - 1);
    assert_true(reads(bytes, 5 + 6 + 4 * (stages - 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_of_every_kind_come_back_as_they_were),
        cmocka_unit_test(the_bytes_of_events_of_the_first_format_never_change),
        cmocka_unit_test(the_bytes_of_events_about_matters_and_time_never_change),
        cmocka_unit_test(events_that_do_not_fit_overflow_and_write_nothing_behind_the_end),
        cmocka_unit_test(more_occurrences_than_there_may_be_are_refused),
        cmocka_unit_test(a_list_that_was_read_lies_in_the_bytes_of_the_entry),
        cmocka_unit_test(every_kind_has_a_word_and_no_other_number_has),
        cmocka_unit_test(an_array_takes_its_capacity_and_no_more),
        cmocka_unit_test(more_events_than_fit_are_not_read),
        cmocka_unit_test(bytes_cut_anywhere_are_no_events),
        cmocka_unit_test(an_unknown_kind_is_never_skipped),
        cmocka_unit_test(fields_are_exactly_those_of_the_kind),
        cmocka_unit_test(more_last_days_than_there_may_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
