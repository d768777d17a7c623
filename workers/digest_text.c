/* Digests in words. See workers/digest_text.h. */
#include "workers/digest_text.h"

#include <string.h>

#include "core/calendar.h"
#include "core/invariant.h"
#include "core/rule.h"

// clang-format off
/*        what               English, of one                    English, of more                   Vietnamese */
#define TEXT_TABLE(X)                                                                                             \
    X(SUBJECT,           "{0} reminder of {1}",             "{0} reminders of {1}",            "Đôn đốc ngày {1}: {0} việc")           \
    X(GREETING,          "To: {0}",                         "To: {0}",                         "Kính gửi: {0}")                         \
    X(OPENING,           "As of {0}:",                      "As of {0}:",                      "Tính đến ngày {0}:")                    \
    X(OWN,               "{0} {1}: {2}",                    "{0} {1}: {2}",                    "{0} {1}: {2}")                          \
    X(SUBORDINATE,       "the subordinate unit {3} has not sent: {0} {1}: {2}",                                                         \
                         "the subordinate unit {3} has not sent: {0} {1}: {2}",                                                         \
                         "đơn vị trực thuộc {3} chưa gửi: {0} {1}: {2}")                                                                \
    X(DAYS_LEFT,         "last day {0}, {1} day left",      "last day {0}, {1} days left",     "hạn cuối ngày {0}, còn {1} ngày")       \
    X(LAST_DAY,          "last day {0}, today is the last day",                                                                         \
                         "last day {0}, today is the last day",                                                                         \
                         "hạn cuối ngày {0}, hôm nay là ngày cuối")                                                                     \
    X(OVERDUE,           "last day {0}, {1} day overdue",   "last day {0}, {1} days overdue",  "hạn cuối ngày {0}, đã quá hạn {1} ngày")\
    X(NO_DEADLINE,       "no deadline",                     "no deadline",                     "không có thời hạn")

enum text {
#define TEXT_ENUM(name, one, more, vietnamese) TEXT_##name,
    TEXT_TABLE(TEXT_ENUM)
#undef TEXT_ENUM
};

static const struct {
    const char *one;
    const char *more;
    const char *vietnamese;
} texts[] = {
#define TEXT_ROW(name, one, more, vietnamese) {one, more, vietnamese},
    TEXT_TABLE(TEXT_ROW)
#undef TEXT_ROW
};
// clang-format on

enum {
    PHRASE_BYTES = 256,     /* a deadline in words */
    DUTY_BYTES = 768,       /* a duty: its stage's name, and what is behind it */
    LINE_WORDS_BYTES = 512, /* of a line, beside what it quotes */
    HEAD_WORDS_BYTES = 512, /* of the body's beginning, beside the name */
    SUBJECT_BYTES = 128,
    ARGUMENTS_MAX = 4
};

static const char *pattern_of(enum text text, enum dd_language language, int64_t count)
{
    switch (language) {
    case DD_LANGUAGE_VI:
        return texts[text].vietnamese;
    case DD_LANGUAGE_EN:
        return count == 1 ? texts[text].one : texts[text].more;
    }
    dd_invariant_broken("a language", __FILE__, __LINE__);
}

/* Writes the pattern with {0}.. {3} replaced. */
static void put(struct dd_writer *w, const char *pattern, const struct dd_slice *argument)
{
    for (const char *at = pattern; *at != '\0'; at++) {
        if (at[0] == '{' && at[1] >= '0' && at[1] < '0' + ARGUMENTS_MAX && at[2] == '}') {
            const struct dd_slice *with = &argument[at[1] - '0'];
            dd_write_raw(w, with->data, with->size);
            at += 2;
        } else {
            dd_write_u8(w, (uint8_t)*at);
        }
    }
}

static void write_text(struct dd_writer *w, const char *text)
{
    dd_write_raw(w, text, strlen(text));
}

/* A day as the language writes it, 0-ended. */
static void write_day(int32_t day, enum dd_language language, char out[DD_DAY_TEXT_BYTES])
{
    char iso[DD_DAY_TEXT_BYTES];
    dd_day_format(day, iso);
    if (language == DD_LANGUAGE_EN) {
        memcpy(out, iso, sizeof iso);
        return;
    }
    memcpy(out, iso + 8, 2);
    out[2] = '/';
    memcpy(out + 3, iso + 5, 2);
    out[5] = '/';
    memcpy(out + 6, iso, 4);
    out[10] = '\0';
}

/* What the stage is called in that language, or else in the other; empty: it has no name. */
static struct dd_slice stage_name(const struct dd_digest_line *line, enum dd_language language)
{
    switch (language) {
    case DD_LANGUAGE_VI:
        return line->stage_vi.size > 0 ? line->stage_vi : line->stage_en;
    case DD_LANGUAGE_EN:
        return line->stage_en.size > 0 ? line->stage_en : line->stage_vi;
    }
    dd_invariant_broken("a language", __FILE__, __LINE__);
}

/* The duty in words: the stage's name and what stands behind the key's "/". Where the stage has no
 * name, the duty as it is. */
static void put_duty(struct dd_writer *w, const struct dd_digest_line *line,
                     enum dd_language language)
{
    struct dd_slice name = stage_name(line, language);
    const struct dd_slice *duty = &line->duty;
    const uint8_t *slash = duty->size > 0 ? memchr(duty->data, '/', duty->size) : NULL;
    if (name.size == 0) {
        dd_write_raw(w, duty->data, duty->size);
        return;
    }
    dd_write_raw(w, name.data, name.size);
    if (!slash)
        return;
    dd_write_u8(w, ' ');
    dd_write_raw(w, slash + 1, duty->size - (size_t)(slash + 1 - duty->data));
}

/* The last accepted day, and how far it is from the day of the reminder. */
static void put_deadline(struct dd_writer *w, const struct dd_digest_line *line,
                         enum dd_language language)
{
    struct dd_slice argument[ARGUMENTS_MAX] = {{NULL, 0}};
    char day[DD_DAY_TEXT_BYTES];
    char number[21];
    if (line->bound_ms == 0) {
        put(w, pattern_of(TEXT_NO_DEADLINE, language, 1), argument);
        return;
    }
    int32_t last = dd_day_at(line->bound_ms - 1, line->offset_min);
    int64_t left = (int64_t)last - dd_day_at(line->at_ms, line->offset_min);
    int64_t days = left < 0 ? -left : left;
    enum text text = left > 0 ? TEXT_DAYS_LEFT : left == 0 ? TEXT_LAST_DAY : TEXT_OVERDUE;
    write_day(last, language, day);
    argument[0] = dd_slice_of(day);
    argument[1] = (struct dd_slice){(const uint8_t *)number, dd_decimal(days, number)};
    put(w, pattern_of(text, language, days), argument);
}

static void put_line(struct dd_writer *w, const struct dd_digest_line *line,
                     enum dd_language language)
{
    uint8_t duty[DUTY_BYTES];
    uint8_t cycle[PHRASE_BYTES + 2];
    uint8_t deadline[PHRASE_BYTES];
    struct dd_writer d = dd_writer_make(duty, sizeof duty);
    struct dd_writer c = dd_writer_make(cycle, sizeof cycle);
    struct dd_writer e = dd_writer_make(deadline, sizeof deadline);
    put_duty(&d, line, language);
    dd_write_u8(&c, '(');
    dd_write_raw(&c, line->cycle.data, line->cycle.size);
    dd_write_u8(&c, ')');
    put_deadline(&e, line, language);
    struct dd_slice argument[ARGUMENTS_MAX] = {dd_writer_slice(&d), dd_writer_slice(&c),
                                               dd_writer_slice(&e), line->unit_name};
    write_text(w, "- ");
    put(w, pattern_of(line->superior ? TEXT_SUBORDINATE : TEXT_OWN, language, 1), argument);
    write_text(w, "\n");
}

static enum dd_status write_body(const struct dd_digest *digest, enum dd_language language,
                                 const char *day, struct dd_arena *arena, struct dd_slice *out)
{
    size_t size = HEAD_WORDS_BYTES + digest->to_name.size;
    for (size_t i = 0; i < digest->line_count; i++)
        size += LINE_WORDS_BYTES + digest->lines[i].unit_name.size + digest->lines[i].cycle.size +
                digest->lines[i].duty.size + digest->lines[i].stage_vi.size +
                digest->lines[i].stage_en.size;
    uint8_t *bytes = dd_arena_take(arena, size);
    if (!bytes)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(bytes, size);
    struct dd_slice name[ARGUMENTS_MAX] = {digest->to_name};
    struct dd_slice date[ARGUMENTS_MAX] = {dd_slice_of(day)};
    put(&w, pattern_of(TEXT_GREETING, language, 1), name);
    write_text(&w, "\n\n");
    put(&w, pattern_of(TEXT_OPENING, language, 1), date);
    write_text(&w, "\n");
    for (size_t i = 0; i < digest->line_count; i++)
        put_line(&w, &digest->lines[i], language);
    DD_ASSERT(!w.overflow);
    *out = dd_writer_slice(&w);
    return DD_OK;
}

static enum dd_status write_subject(const struct dd_digest *digest, enum dd_language language,
                                    const char *day, struct dd_arena *arena, struct dd_slice *out)
{
    uint8_t *bytes = dd_arena_take(arena, SUBJECT_BYTES);
    char number[21];
    if (!bytes)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(bytes, SUBJECT_BYTES);
    size_t digits = dd_decimal((int64_t)digest->line_count, number);
    struct dd_slice argument[ARGUMENTS_MAX] = {{(const uint8_t *)number, digits}, dd_slice_of(day)};
    put(&w, pattern_of(TEXT_SUBJECT, language, (int64_t)digest->line_count), argument);
    DD_ASSERT(!w.overflow);
    *out = dd_writer_slice(&w);
    return DD_OK;
}

static enum dd_status write_ids(const struct dd_digest *digest, struct dd_slice jurisdiction,
                                struct dd_arena *arena, struct dd_letter *out)
{
    char hex[2 * DD_ID_BYTES + 1];
    size_t size = sizeof hex + 3 + jurisdiction.size;
    const struct dd_digest_line *first = &digest->lines[0];
    uint8_t *bytes = dd_arena_take(arena, size);
    char *date = dd_arena_take(arena, DD_INSTANT_TEXT_BYTES);
    if (!bytes || !date)
        return DD_NO_MEMORY;
    struct dd_writer w = dd_writer_make(bytes, size);
    dd_hex_encode(dd_id_slice(&digest->id), hex);
    write_text(&w, "<");
    write_text(&w, hex);
    write_text(&w, "@");
    dd_write_raw(&w, jurisdiction.data, jurisdiction.size);
    write_text(&w, ">");
    out->message_id = dd_writer_slice(&w);
    dd_instant_format(first->at_ms, first->offset_min, date);
    out->date = dd_slice_of(date);
    return DD_OK;
}

enum dd_status dd_digest_letter(const struct dd_digest *digest, enum dd_language language,
                                struct dd_slice jurisdiction, struct dd_arena *arena,
                                struct dd_letter *out)
{
    char day[DD_DAY_TEXT_BYTES];
    DD_ASSERT(digest->line_count > 0);
    *out = (struct dd_letter){
        .day = digest->day, .number = digest->number, .to_unit = digest->to_unit};
    write_day(digest->day, language, day);
    enum dd_status status = write_ids(digest, jurisdiction, arena, out);
    if (status == DD_OK)
        status = write_subject(digest, language, day, arena, &out->subject);
    if (status == DD_OK)
        status = write_body(digest, language, day, arena, &out->body);
    return status;
}
