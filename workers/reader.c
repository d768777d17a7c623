/* The reader. See workers/reader.h. */
#include "workers/reader.h"

#include <stdlib.h>
#include <string.h>

#include "core/answer.h"
#include "core/entry.h"
#include "core/office.h"

enum {
    ANSWER_ARENA_BYTES = 256 * 1024 * 1024,
    SCANNED_ENTRIES_MAX = 20000, /* of one log question: then it says where to go on */
    LOG_LINES_MAX = 4096
};

#define SERVER_NAME "dondocd 0.1"

struct dd_reader_desk {
    struct dd_snapshot *snapshot;
    struct dd_journal_reader *journal;
    struct dd_arena arena;
    struct dd_arena command_arena;
    struct dd_event events[DD_TICK_EVENTS_MAX];
};

enum dd_status dd_reader_open(struct dd_state *state, struct dd_journal_reader *journal,
                              struct dd_reader_desk **out)
{
    struct dd_reader_desk *reader = calloc(1, sizeof *reader);
    *out = reader;
    if (!reader)
        return DD_NO_MEMORY;
    reader->journal = journal;
    reader->arena = dd_arena_make(ANSWER_ARENA_BYTES);
    reader->command_arena = dd_arena_make(ANSWER_ARENA_BYTES);
    enum dd_status status = dd_snapshot_open(state, &reader->snapshot);
    if (status != DD_OK) {
        free(reader);
        *out = NULL;
    }
    return status;
}

void dd_reader_close(struct dd_reader_desk *reader)
{
    if (!reader)
        return;
    dd_snapshot_close(reader->snapshot);
    dd_arena_free(&reader->arena);
    dd_arena_free(&reader->command_arena);
    free(reader);
}

static enum dd_status answer_hello(struct dd_reader_desk *reader, const struct dd_asking *asking,
                                   struct dd_answer *answer)
{
    struct dd_hello_answer *out = &answer->as.hello;
    struct dd_account_row account;
    struct dd_meta_row meta;
    out->server = dd_slice_of(SERVER_NAME);
    if (dd_get_meta(asking->view, &meta)) {
        out->jurisdiction = meta.jurisdiction;
        out->rehearsal = meta.rehearsal;
    }
    if (!dd_get_account(asking->view, asking->account, &account))
        return DD_OK;
    out->account = account.code;
    out->offices = dd_arena_take(&reader->arena, DD_OFFICES_PER_ACCOUNT_MAX * sizeof *out->offices);
    if (!out->offices)
        return DD_NO_MEMORY;
    for (size_t i = 0; i < account.office_count; i++) {
        struct dd_unit_row unit;
        struct dd_office *office = &out->offices[out->office_count++];
        *office = (struct dd_office){account.office[i].role,
                                     {NULL, 0},
                                     account.office[i].from_day,
                                     account.office[i].to_day};
        if (account.office[i].unit != 0 && dd_get_unit(asking->view, account.office[i].unit, &unit))
            office->unit = unit.code;
    }
    return DD_OK;
}

/* True if the entry is about the unit: its command names it, or one of its events' duties is the
 * unit's. */
static bool about_unit(struct dd_reader_desk *reader, const struct dd_entry *entry,
                       const struct dd_question *question, uint32_t unit)
{
    struct dd_command command;
    struct dd_refusal refusal;
    for (size_t i = 0; i < entry->events.count; i++) {
        if (entry->events.event[i].duty.unit == unit && unit != 0)
            return true;
    }
    dd_arena_reset(&reader->command_arena);
    return dd_codec_logged_decode(entry->command, &reader->command_arena, &command, &refusal) ==
               DD_OK &&
           dd_slice_equal(dd_command_unit(&command), question->unit);
}

static bool wanted(struct dd_reader_desk *reader, const struct dd_question *question,
                   const struct dd_entry *entry, uint32_t unit, uint32_t account)
{
    if (question->account.size > 0 && entry->account != account)
        return false;
    if (entry->received_ms < question->from_ms)
        return false;
    if (question->to_ms != 0 && entry->received_ms >= question->to_ms)
        return false;
    return question->unit.size == 0 || about_unit(reader, entry, question, unit);
}

static enum dd_status copy_line(struct dd_reader_desk *reader, const struct dd_view *view,
                                struct dd_slice bytes, uint32_t account, struct dd_log_line *line)
{
    struct dd_account_row row;
    uint8_t *copy = dd_arena_take(&reader->arena, bytes.size);
    if (!copy)
        return DD_NO_MEMORY;
    memcpy(copy, bytes.data, bytes.size);
    line->entry = (struct dd_slice){copy, bytes.size};
    if (account != 0 && dd_get_account(view, account, &row))
        line->account = row.code;
    return DD_OK;
}

static enum dd_status answer_log(struct dd_reader_desk *reader, const struct dd_asking *asking,
                                 const struct dd_question *question, uint64_t durable_end,
                                 struct dd_answer *answer, struct dd_refusal *refusal)
{
    struct dd_log_answer *out = &answer->as.log;
    uint32_t unit = dd_number_of(asking->view, DD_TABLE_UNIT_CODE, question->unit);
    uint32_t account = dd_number_of(asking->view, DD_TABLE_ACCOUNT_CODE, question->account);
    uint32_t limit =
        question->limit == 0 || question->limit > LOG_LINES_MAX ? LOG_LINES_MAX : question->limit;
    uint64_t seq = question->from_seq;
    size_t bytes = 0;
    enum dd_status status = DD_OK;
    if (question->account.size > 0 &&
        account == 0) /* 0 is the broker: its entries are not asked for */
        return dd_refuse_text(refusal, DD_NOT_FOUND, DD_RULE_NO_SUCH_ACCOUNT, "account",
                              question->account);
    out->entries = dd_arena_take(&reader->arena, limit * sizeof *out->entries);
    if (!out->entries)
        return DD_NO_MEMORY;
    dd_journal_reader_set_limit(reader->journal, durable_end);
    uint64_t end = question->from_seq + SCANNED_ENTRIES_MAX;
    for (; seq < durable_end && seq < end && out->entry_count < limit && bytes < asking->page_bytes;
         seq++) {
        struct dd_entry entry = {.events = {reader->events, 0, DD_TICK_EVENTS_MAX}};
        struct dd_slice found;
        status = dd_journal_read(reader->journal, seq, &found);
        if (status == DD_OK)
            status = dd_entry_read(found, &entry);
        if (status != DD_OK) /* below durable_end every entry is there */
            return status == DD_NOT_FOUND ? DD_CORRUPT : status;
        if (!wanted(reader, question, &entry, unit, account))
            continue;
        status = copy_line(reader, asking->view, found, entry.account,
                           &out->entries[out->entry_count++]);
        if (status != DD_OK)
            return status;
        bytes += found.size + 64;
    }
    out->next_seq = seq;
    out->tail_seq = durable_end > 0 ? durable_end - 1 : 0;
    return DD_OK;
}

static enum dd_status answer_digest(struct dd_reader_desk *reader, struct dd_answer *answer)
{
    struct dd_digest_answer *out = &answer->as.digest;
    dd_merkle_root(&dd_snapshot_cursor(reader->snapshot)->log, out->root);
    out->state_format = DD_STATE_FORMAT;
    return dd_snapshot_digest(reader->snapshot, out->digest);
}

static enum dd_status answer_any(struct dd_reader_desk *reader, const struct dd_asking *asking,
                                 struct dd_reading *reading, struct dd_reply *reply)
{
    const struct dd_question *question = reading->question;
    struct dd_answer *answer = &reply->answer;
    enum dd_status status = dd_may_ask(asking, question, &reply->refusal);
    if (status != DD_OK)
        return status;
    answer->kind = question->kind;
    switch (question->kind) {
    case DD_QUESTION_HELLO:
        return answer_hello(reader, asking, answer);
    case DD_QUESTION_LOG:
        return answer_log(reader, asking, question, reading->durable_end, answer, &reply->refusal);
    case DD_QUESTION_DIGEST:
        return answer_digest(reader, answer);
    case DD_QUESTION_CYCLE:
    case DD_QUESTION_TABLE:
    case DD_QUESTION_DUTIES:
    case DD_QUESTION_DOSSIER:
    case DD_QUESTION_REMINDERS:
    case DD_QUESTION_UNITS:
    case DD_QUESTION_CYCLES:
    case DD_QUESTION_MATTERS:
    case DD_QUESTION_MATTER:
    case DD_QUESTION_FIGURES:
    case DD_QUESTION_PUBLICATIONS:
    case DD_QUESTION_DELEGATIONS:
        return dd_answer(asking, question, answer, &reply->refusal);
    }
    return dd_refuse(&reply->refusal, DD_INVALID, DD_RULE_MALFORMED, NULL);
}

/* A link whose key was revoked, or is not valid now, asks nothing either. */
static enum dd_status check_account(const struct dd_asking *asking, struct dd_refusal *refusal)
{
    struct dd_account_row account;
    if (!dd_get_account(asking->view, asking->account, &account))
        return dd_refuse(refusal, DD_KEY_UNKNOWN, DD_RULE_NONE, NULL);
    enum dd_status status = dd_account_status(&account, asking->now_ms);
    return status == DD_OK ? DD_OK : dd_refuse(refusal, status, DD_RULE_NONE, NULL);
}

enum dd_status dd_reader_answer(struct dd_reader_desk *reader, struct dd_reading *reading)
{
    struct dd_reply reply = {
        .request_id = reading->request_id, .credit = DD_CLIENT_CREDIT, .now_ms = reading->at_ms};
    dd_arena_reset(&reader->arena);
    enum dd_status status = dd_snapshot_renew(reader->snapshot);
    if (status != DD_OK)
        return status;
    struct dd_view view = dd_snapshot_view(reader->snapshot);
    struct dd_asking asking = {&view, &reader->arena, reading->account, reading->at_ms,
                               DD_REPLY_PAGE_BYTES};
    uint64_t next_seq = dd_snapshot_cursor(reader->snapshot)->next_seq;
    status = check_account(&asking, &reply.refusal);
    if (status == DD_OK)
        status = answer_any(reader, &asking, reading, &reply);
    if (dd_snapshot_error(reader->snapshot) != DD_OK)
        status = dd_snapshot_error(reader->snapshot);
    reply.answer.seq = next_seq > 0 ? next_seq - 1 : 0;
    reply.has_answer = status == DD_OK;
    if (dd_status_class(status) != DD_CLASS_WORLD || status == DD_OK)
        status = dd_codec_reply_encode(&reply, &reader->arena, &reading->reply);
    if (status == DD_TOO_LARGE) {
        reply.has_answer = false;
        dd_refuse(&reply.refusal, DD_TOO_LARGE, DD_RULE_NONE, NULL);
        status = dd_codec_reply_encode(&reply, &reader->arena, &reading->reply);
    }
    dd_snapshot_release(reader->snapshot);
    return status;
}
