/* The reader: answers from a snapshot and the journal, as a Reply's bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/sim_cast.h"
#include "workers/reader.h"

static struct sim_cast sim;

static struct fixture {
    struct journal_sim journal;
    struct dd_journal_reader entries;
    struct dd_state *state;
    struct dd_ledger *ledger;
    struct dd_reader_desk *reader;
    struct dd_arena arena;
    struct dd_reply reply;
    uint64_t durable_end;
} f;

static int make_cast(void **unused)
{
    (void)unused;
    sim_cast_make(&sim, 2);
    return 0;
}

static int free_cast(void **unused)
{
    (void)unused;
    sim_cast_free(&sim);
    return 0;
}

static int open_reader(void **unused)
{
    (void)unused;
    memset(&f, 0, sizeof f);
    journal_sim_make(&f.journal);
    journal_sim_copy(&sim.founding, &f.journal);
    f.ledger = sim_ledger(&f.journal, &f.state);
    struct dd_journal handle = journal_sim_open(&f.journal);
    assert_int_equal(dd_journal_reader(&handle, &f.entries), DD_OK);
    assert_int_equal(dd_reader_open(f.state, &f.entries, &f.reader), DD_OK);
    f.arena = dd_arena_make((size_t)1 << 28);
    f.durable_end = f.journal.count;
    return 0;
}

static int close_reader(void **unused)
{
    (void)unused;
    dd_reader_close(f.reader);
    dd_journal_reader_close(&f.entries);
    dd_ledger_close(f.ledger);
    dd_state_close(f.state);
    journal_sim_free(&f.journal);
    dd_arena_free(&f.arena);
    return 0;
}

/* The status of the answer, or of the reader where there is none. */
static enum dd_status ask(uint32_t account, const char *at, const struct dd_question *question)
{
    struct dd_refusal refusal;
    struct dd_reading reading = {.ref = 1,
                                 .account = account,
                                 .at_ms = cast_at(at),
                                 .durable_end = f.durable_end,
                                 .request_id = dd_slice_of("id"),
                                 .question = question};
    enum dd_status status = dd_reader_answer(f.reader, &reading);
    if (status != DD_OK)
        return status;
    assert_int_equal(dd_codec_reply_decode(reading.reply, &f.arena, &f.reply, &refusal), DD_OK);
    assert_true(dd_slice_equal(f.reply.request_id, dd_slice_of("id")));
    assert_int_equal(f.reply.now_ms, cast_at(at));
    assert_int_equal(f.reply.has_answer, f.reply.refusal.status == DD_OK);
    if (f.reply.has_answer) {
        assert_int_equal(f.reply.answer.kind, question->kind);
        assert_int_equal(f.reply.answer.seq, f.journal.count - 1);
    }
    return f.reply.refusal.status;
}

static void act(uint32_t account, const char *at, struct dd_command command)
{
    struct dd_result result;
    struct dd_signed_command carried = sim_cast_sign(&sim, account, &command);
    dd_ledger_take(f.ledger, account, cast_at(at), &carried, &result);
    assert_true(result.seq > 0);
}

/* Everything that was done is durable and flushed. */
static void settle(uint8_t digest[32])
{
    sim_sync(f.ledger, &f.journal);
    sim_digest(f.ledger, f.state, digest);
    f.durable_end = f.journal.count;
}

/* --- who asks ------------------------------------------------------------------------------ */

static void reader_says_hello_to_an_account(void **unused)
{
    (void)unused;
    struct dd_question question = {.kind = DD_QUESTION_HELLO};
    assert_int_equal(ask(cast_head(CAST_A1), "2013-01-14T09:00", &question), DD_OK);
    const struct dd_hello_answer *hello = &f.reply.answer.as.hello;
    assert_true(dd_slice_equal(hello->jurisdiction, dd_slice_of("bacgiang")));
    assert_true(hello->rehearsal);
    assert_int_equal(hello->office_count, 1);
    assert_int_equal(hello->offices[0].role, DD_ROLE_HEAD);
    assert_true(dd_slice_equal(hello->offices[0].unit, dd_slice_of("a1")));
}

static void reader_answers_nobody_whose_key_does_not_count(void **unused)
{
    (void)unused;
    uint8_t digest[32];
    struct dd_question question = {.kind = DD_QUESTION_HELLO};
    struct dd_command revoke = {.kind = DD_COMMAND_REVOKE};
    assert_int_equal(ask(sim.accounts + 1, "2013-01-14T09:00", &question), DD_KEY_UNKNOWN);
    revoke.as.revoke =
        (struct dd_revoke){.account = dd_slice_of("head-4"), .reason = dd_slice_of("?")};
    act(CAST_ADMIN, "2013-01-14T09:00", revoke);
    settle(digest);
    assert_int_equal(ask(cast_head(CAST_A1), "2013-01-14T09:00", &question), DD_KEY_EXPIRED);
    assert_int_equal(ask(cast_head(CAST_A2), "2013-01-14T09:00", &question), DD_OK);
}

static void reader_shows_the_log_to_few(void **unused)
{
    (void)unused;
    struct dd_question log = {.kind = DD_QUESTION_LOG};
    struct dd_question digest = {.kind = DD_QUESTION_DIGEST};
    assert_int_equal(ask(cast_head(CAST_A1), "2013-01-14T09:00", &log), DD_FORBIDDEN);
    assert_int_equal(ask(cast_head(CAST_A1), "2013-01-14T09:00", &digest), DD_FORBIDDEN);
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &log), DD_OK);
}

/* --- state --------------------------------------------------------------------------------- */

static void reader_shows_what_is_flushed_and_nothing_else(void **unused)
{
    (void)unused;
    uint8_t digest[32];
    struct dd_question question = {.kind = DD_QUESTION_DOSSIER,
                                   .cycle = dd_slice_of("key-tasks/2013"),
                                   .unit = dd_slice_of("a1")};
    act(cast_head(CAST_A1), "2013-01-14T09:00", sim_register(&sim, "a1", 1, 1, "2013-06-01"));
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &question), DD_OK);
    assert_int_equal(f.reply.answer.as.dossier.item_count, 0);
    settle(digest);
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &question), DD_OK);
    assert_int_equal(f.reply.answer.as.dossier.item_count, 1);
}

static void reader_refuses_what_is_not_there(void **unused)
{
    (void)unused;
    struct dd_question question = {.kind = DD_QUESTION_TABLE, .cycle = dd_slice_of("none/2013")};
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &question), DD_NOT_FOUND);
    assert_int_equal(f.reply.refusal.rule, DD_RULE_NO_SUCH_CYCLE);
    question.cycle = dd_slice_of("key-tasks/2013");
    question.period = dd_slice_of("H1");
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &question), DD_OK);
}

static void reader_gives_the_digest_that_replay_gives(void **unused)
{
    (void)unused;
    uint8_t digest[32], again[32], root[32];
    struct dd_question question = {.kind = DD_QUESTION_DIGEST};
    act(cast_head(CAST_A1), "2013-01-14T09:00", sim_register(&sim, "a1", 1, 1, "2013-06-01"));
    settle(digest);
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &question), DD_OK);
    sim_replayed(&f.journal, again, root);
    assert_memory_equal(f.reply.answer.as.digest.digest, digest, 32);
    assert_memory_equal(f.reply.answer.as.digest.digest, again, 32);
    assert_memory_equal(f.reply.answer.as.digest.root, root, 32);
    assert_int_equal(f.reply.answer.as.digest.state_format, DD_STATE_FORMAT);
}

/* --- the log ------------------------------------------------------------------------------- */

static size_t log_lines(const struct dd_question *question)
{
    assert_int_equal(ask(CAST_ADMIN, "2013-02-14T09:00", question), DD_OK);
    return f.reply.answer.as.log.entry_count;
}

static void reader_gives_entries_as_they_lie_up_to_what_is_durable(void **unused)
{
    (void)unused;
    struct dd_question question = {.kind = DD_QUESTION_LOG};
    assert_int_equal(log_lines(&question), f.journal.count);
    const struct dd_log_answer *log = &f.reply.answer.as.log;
    for (size_t i = 0; i < log->entry_count; i++)
        assert_true(dd_slice_equal(log->entries[i].entry, f.journal.entry[i]));
    assert_int_equal(log->entries[0].account.size, 0); /* the genesis is nobody's */
    assert_true(dd_slice_equal(log->entries[1].account, dd_slice_of("admin")));
    assert_int_equal(log->next_seq, f.journal.count);
    assert_int_equal(log->tail_seq, f.journal.count - 1);
    f.durable_end = 3;
    assert_int_equal(log_lines(&question), 3);
    assert_int_equal(f.reply.answer.as.log.tail_seq, 2);
}

static void reader_pages_the_log(void **unused)
{
    (void)unused;
    struct dd_question question = {.kind = DD_QUESTION_LOG, .from_seq = 1, .limit = 4};
    size_t seen = 1;
    for (size_t pages = 0; question.from_seq < f.journal.count && pages < 100; pages++) {
        seen += log_lines(&question);
        question.from_seq = f.reply.answer.as.log.next_seq;
        assert_int_equal(question.from_seq, seen);
    }
    assert_int_equal(seen, f.journal.count);
    assert_int_equal(log_lines(&question), 0);
    question.from_seq = UINT64_MAX;
    assert_int_equal(log_lines(&question), 0);
}

static void reader_filters_the_log(void **unused)
{
    (void)unused;
    uint8_t digest[32];
    struct dd_question question = {.kind = DD_QUESTION_LOG};
    act(cast_head(CAST_A1), "2013-01-14T09:00", sim_register(&sim, "a1", 1, 1, "2013-06-01"));
    act(cast_head(CAST_A1), "2013-01-15T09:00", sim_register(&sim, "a2", 1, 1, "2013-06-01"));
    act(cast_head(CAST_A2), "2013-01-16T09:00", sim_register(&sim, "a2", 1, 1, "2013-06-01"));
    assert_false(dd_ledger_tick(f.ledger, cast_at("2013-01-18T08:00")));
    settle(digest);
    question.account = dd_slice_of("head-4");
    assert_int_equal(log_lines(&question), 2);
    question.account = dd_slice_of("");
    question.unit = dd_slice_of("a1");
    assert_int_equal(log_lines(&question), 2); /* the first, and the Tick that reminds it */
    question.unit = dd_slice_of("a2");
    assert_int_equal(log_lines(&question), 3);
    question.from_ms = cast_at("2013-01-16T09:00");
    assert_int_equal(log_lines(&question), 2);
    question.to_ms = cast_at("2013-01-18T08:00");
    assert_int_equal(log_lines(&question), 1);
    question = (struct dd_question){.kind = DD_QUESTION_LOG, .unit = dd_slice_of("nowhere")};
    assert_int_equal(log_lines(&question), 0);
}

static void reader_knows_an_account_that_is_none(void **unused)
{
    (void)unused;
    struct dd_question question = {.kind = DD_QUESTION_LOG, .account = dd_slice_of("nobody")};
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &question), DD_NOT_FOUND);
    assert_int_equal(f.reply.refusal.rule, DD_RULE_NO_SUCH_ACCOUNT);
}

static void reader_passes_up_a_journal_that_is_damaged(void **unused)
{
    (void)unused;
    struct dd_question question = {.kind = DD_QUESTION_LOG};
    f.journal.damaged = 2;
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &question), DD_CORRUPT);
    f.journal.damaged = UINT64_MAX;
    f.durable_end = f.journal.count + 1; /* an entry that was durable is gone */
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &question), DD_CORRUPT);
    f.durable_end = f.journal.count;
    assert_int_equal(ask(CAST_ADMIN, "2013-01-14T09:00", &question), DD_OK);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_reader, close_reader)
    const struct CMUnitTest tests[] = {
        CASE(reader_says_hello_to_an_account),
        CASE(reader_answers_nobody_whose_key_does_not_count),
        CASE(reader_shows_the_log_to_few),
        CASE(reader_shows_what_is_flushed_and_nothing_else),
        CASE(reader_refuses_what_is_not_there),
        CASE(reader_gives_the_digest_that_replay_gives),
        CASE(reader_gives_entries_as_they_lie_up_to_what_is_durable),
        CASE(reader_pages_the_log),
        CASE(reader_filters_the_log),
        CASE(reader_knows_an_account_that_is_none),
        CASE(reader_passes_up_a_journal_that_is_damaged),
    };
    return cmocka_run_group_tests(tests, make_cast, free_cast);
}
