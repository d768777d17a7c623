/* Letters: both languages, each side of a deadline, and what stands around the lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/calendar.h"
#include "core/text.h"
#include "workers/digest_text.h"

enum { OFFSET_MIN = 420 };

static struct dd_arena arena;

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(dd_day_parse(dd_slice_of(text), &day));
    return day;
}

/* What the programme calls its stages. */
static const struct {
    const char *key;
    const char *vi;
    const char *en;
} names[] = {{"register", "Đăng ký nhiệm vụ", "Registration"},
             {"report", "Báo cáo", "Report"},
             {"indicator", "Chỉ tiêu", "Indicator"},
             {"appraise", "Thẩm định", "Appraisal"},
             {"approve", "Phê duyệt", ""},
             {"score", "", "Scoring"}};

/* A reminder of 08:00 on `on` of what was accepted up to the end of `last`. */
static struct dd_digest_line line_of(const char *duty, const char *on, const char *last)
{
    struct dd_digest_line line = {.ref = {.seq = 9, .index = 1},
                                  .cycle = dd_slice_of("plans/2013"),
                                  .unit = dd_slice_of("so-yte"),
                                  .unit_name = dd_slice_of("Sở Y tế"),
                                  .duty = dd_slice_of(duty),
                                  .to_unit = dd_slice_of("so-yte"),
                                  .to_name = dd_slice_of("Sở Y tế"),
                                  .at_ms = dd_instant_at(day_of(on), 8 * 60, OFFSET_MIN),
                                  .offset_min = OFFSET_MIN};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size = strlen(names[i].key);
        if (strncmp(duty, names[i].key, size) != 0 || (duty[size] != '\0' && duty[size] != '/'))
            continue;
        line.stage_vi = dd_slice_of(names[i].vi);
        line.stage_en = dd_slice_of(names[i].en);
    }
    if (*last)
        line.bound_ms = dd_instant_at(day_of(last) + 1, 0, OFFSET_MIN);
    return line;
}

static struct dd_letter letter_of(struct dd_digest_line *lines, size_t count,
                                  enum dd_language language)
{
    struct dd_letter letter;
    struct dd_digest digest = {.id = {{0x01, 0xab}},
                               .day = dd_day_at(lines[0].at_ms, lines[0].offset_min),
                               .number = 1,
                               .to_unit = lines[0].to_unit,
                               .to_name = lines[0].to_name,
                               .lines = lines,
                               .line_count = count};
    assert_int_equal(dd_digest_letter(&digest, language, dd_slice_of("bacgiang"), &arena, &letter),
                     DD_OK);
    assert_true(dd_text_plain(letter.subject));
    assert_true(dd_text_plain_lines(letter.body));
    return letter;
}

static void assert_text(struct dd_slice text, const char *expected)
{
    char got[4096];
    dd_slice_text(text, got, sizeof got);
    assert_string_equal(got, expected);
}

/* The body's last line, without its "- ". */
static void assert_line(struct dd_digest_line line, enum dd_language language, const char *expected)
{
    char got[4096];
    struct dd_letter letter = letter_of(&line, 1, language);
    dd_slice_text(letter.body, got, sizeof got);
    size_t size = strlen(got);
    assert_int_equal(got[size - 1], '\n');
    got[size - 1] = '\0';
    const char *last = strrchr(got, '\n');
    assert_non_null(last);
    assert_int_equal(strncmp(last, "\n- ", 3), 0);
    assert_string_equal(last + 3, expected);
    dd_arena_reset(&arena);
}

static void digest_text_in_vietnamese_tells_each_side_of_the_deadline(void **state)
{
    enum dd_language vi = DD_LANGUAGE_VI;
    (void)state;
    assert_line(line_of("register", "2013-01-18", "2013-01-25"), vi,
                "Đăng ký nhiệm vụ (plans/2013): hạn cuối ngày 25/01/2013, còn 7 ngày");
    assert_line(line_of("report/H1", "2013-06-23", "2013-06-24"), vi,
                "Báo cáo H1 (plans/2013): hạn cuối ngày 24/06/2013, còn 1 ngày");
    assert_line(line_of("report/H1", "2013-06-24", "2013-06-24"), vi,
                "Báo cáo H1 (plans/2013): hạn cuối ngày 24/06/2013, hôm nay là ngày cuối");
    assert_line(line_of("indicator/3.2", "2013-06-27", "2013-06-24"), vi,
                "Chỉ tiêu 3.2 (plans/2013): hạn cuối ngày 24/06/2013, đã quá hạn 3 ngày");
}

static void digest_text_in_english_tells_each_side_of_the_deadline(void **state)
{
    enum dd_language en = DD_LANGUAGE_EN;
    (void)state;
    assert_line(line_of("register", "2013-01-18", "2013-01-25"), en,
                "Registration (plans/2013): last day 2013-01-25, 7 days left");
    assert_line(line_of("report/H1", "2013-06-23", "2013-06-24"), en,
                "Report H1 (plans/2013): last day 2013-06-24, 1 day left");
    assert_line(line_of("report/H1", "2013-06-24", "2013-06-24"), en,
                "Report H1 (plans/2013): last day 2013-06-24, today is the last day");
    assert_line(line_of("indicator/3.2", "2013-06-25", "2013-06-24"), en,
                "Indicator 3.2 (plans/2013): last day 2013-06-24, 1 day overdue");
    assert_line(line_of("indicator/3.2", "2013-06-27", "2013-06-24"), en,
                "Indicator 3.2 (plans/2013): last day 2013-06-24, 3 days overdue");
}

static void digest_text_tells_a_superior_which_unit_is_late(void **state)
{
    struct dd_digest_line line = line_of("register", "2013-01-30", "2013-01-25");
    (void)state;
    line.superior = true;
    line.rung = 5;
    line.to_unit = dd_slice_of("ubnd");
    line.to_name = dd_slice_of("Ủy ban nhân dân tỉnh");
    assert_line(line, DD_LANGUAGE_VI,
                "đơn vị trực thuộc Sở Y tế chưa gửi: Đăng ký nhiệm vụ (plans/2013): hạn cuối ngày "
                "25/01/2013, đã quá hạn 5 ngày");
    assert_line(line, DD_LANGUAGE_EN,
                "the subordinate unit Sở Y tế has not sent: Registration (plans/2013): last day "
                "2013-01-25, 5 days overdue");
}

static void digest_text_takes_the_other_languages_name_before_the_key(void **state)
{
    (void)state;
    assert_line(line_of("approve/1", "2013-01-18", ""), DD_LANGUAGE_EN,
                "Phê duyệt 1 (plans/2013): no deadline");
    assert_line(line_of("score", "2013-01-18", ""), DD_LANGUAGE_VI,
                "Scoring (plans/2013): không có thời hạn");
    assert_line(line_of("score", "2013-01-18", ""), DD_LANGUAGE_EN,
                "Scoring (plans/2013): no deadline");
}

static void digest_text_shows_a_stage_without_a_name_by_its_key(void **state)
{
    (void)state;
    assert_line(line_of("vote/12", "2013-01-18", "2013-01-25"), DD_LANGUAGE_VI,
                "vote/12 (plans/2013): hạn cuối ngày 25/01/2013, còn 7 ngày");
    assert_line(line_of("registers", "2013-01-18", "2013-01-25"), DD_LANGUAGE_EN,
                "registers (plans/2013): last day 2013-01-25, 7 days left");
}

static void digest_text_knows_duties_without_a_deadline(void **state)
{
    (void)state;
    assert_line(line_of("approve/1", "2013-01-18", ""), DD_LANGUAGE_VI,
                "Phê duyệt 1 (plans/2013): không có thời hạn");
    assert_line(line_of("appraise/1", "2013-01-18", ""), DD_LANGUAGE_EN,
                "Appraisal 1 (plans/2013): no deadline");
}

static void digest_text_quotes_names_that_look_like_its_own_patterns(void **state)
{
    struct dd_digest_line line = line_of("register", "2013-01-25", "2013-01-25");
    (void)state;
    line.superior = true;
    line.unit_name = dd_slice_of("{0}%s{9}");
    assert_line(line, DD_LANGUAGE_EN,
                "the subordinate unit {0}%s{9} has not sent: Registration (plans/2013): last day "
                "2013-01-25, today is the last day");
}

static void digest_letter_has_id_date_subject_and_greeting(void **state)
{
    struct dd_digest_line lines[2] = {line_of("register", "2013-01-18", "2013-01-25"),
                                      line_of("report/H1", "2013-01-18", "2013-06-24")};
    (void)state;
    struct dd_letter letter = letter_of(lines, 2, DD_LANGUAGE_VI);
    assert_text(letter.message_id, "<01ab0000000000000000000000000000@bacgiang>");
    assert_text(letter.to_unit, "so-yte");
    assert_text(letter.date, "2013-01-18T08:00:00+07:00");
    assert_text(letter.subject, "Đôn đốc ngày 18/01/2013: 2 việc");
    assert_text(letter.body,
                "Kính gửi: Sở Y tế\n"
                "\n"
                "Tính đến ngày 18/01/2013:\n"
                "- Đăng ký nhiệm vụ (plans/2013): hạn cuối ngày 25/01/2013, còn 7 ngày\n"
                "- Báo cáo H1 (plans/2013): hạn cuối ngày 24/06/2013, còn 157 ngày\n");
    letter = letter_of(lines, 2, DD_LANGUAGE_EN);
    assert_text(letter.subject, "2 reminders of 2013-01-18");
    letter = letter_of(lines, 1, DD_LANGUAGE_EN);
    assert_text(letter.subject, "1 reminder of 2013-01-18");
    assert_text(letter.body, "To: Sở Y tế\n"
                             "\n"
                             "As of 2013-01-18:\n"
                             "- Registration (plans/2013): last day 2013-01-25, 7 days left\n");
}

static void digest_letter_of_the_longest_lines_fits(void **state)
{
    static char name[DD_NAME_BYTES_MAX + 1];
    static char cycle[2 * DD_CODE_BYTES_MAX + 2];
    static char duty[161];
    static struct dd_digest_line lines[DD_OUTBOX_DIGEST_LINES_MAX];
    (void)state;
    memset(name, 'n', sizeof name - 1);
    memset(cycle, 'c', sizeof cycle - 1);
    memset(duty, 'd', sizeof duty - 1);
    memcpy(duty, "register/", 9);
    for (size_t i = 0; i < DD_OUTBOX_DIGEST_LINES_MAX; i++) {
        lines[i] = line_of(duty, "2013-01-18", "2013-01-01");
        lines[i].cycle = dd_slice_of(cycle);
        lines[i].unit_name = dd_slice_of(name);
        lines[i].to_name = dd_slice_of(name);
        lines[i].stage_vi = dd_slice_of(name);
        lines[i].stage_en = dd_slice_of(name);
        lines[i].superior = true;
    }
    struct dd_letter letter = letter_of(lines, DD_OUTBOX_DIGEST_LINES_MAX, DD_LANGUAGE_VI);
    static const char end[] = "đã quá hạn 17 ngày\n";
    assert_memory_equal(letter.body.data + letter.body.size - strlen(end), end, strlen(end));
}

static void digest_letter_without_memory_says_so(void **state)
{
    struct dd_digest_line line = line_of("register", "2013-01-18", "2013-01-25");
    struct dd_digest digest = {.number = 1, .lines = &line, .line_count = 1};
    struct dd_letter letter;
    (void)state;
    for (size_t bytes = 0; bytes < 256; bytes += 32) {
        struct dd_arena small = dd_arena_make(bytes);
        assert_int_equal(
            dd_digest_letter(&digest, DD_LANGUAGE_EN, dd_slice_of("x"), &small, &letter),
            DD_NO_MEMORY);
        dd_arena_free(&small);
    }
}

static int make_arena(void **state)
{
    (void)state;
    arena = dd_arena_make(8 * 1024 * 1024);
    return 0;
}

static int free_arena(void **state)
{
    (void)state;
    dd_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digest_text_in_vietnamese_tells_each_side_of_the_deadline),
        cmocka_unit_test(digest_text_in_english_tells_each_side_of_the_deadline),
        cmocka_unit_test(digest_text_tells_a_superior_which_unit_is_late),
        cmocka_unit_test(digest_text_takes_the_other_languages_name_before_the_key),
        cmocka_unit_test(digest_text_shows_a_stage_without_a_name_by_its_key),
        cmocka_unit_test(digest_text_knows_duties_without_a_deadline),
        cmocka_unit_test(digest_text_quotes_names_that_look_like_its_own_patterns),
        cmocka_unit_test(digest_letter_has_id_date_subject_and_greeting),
        cmocka_unit_test(digest_letter_of_the_longest_lines_fits),
        cmocka_unit_test(digest_letter_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
