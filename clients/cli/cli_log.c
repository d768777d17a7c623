/* The log for a person: who, what, when, with what outcome. Over the wire, or from the journal of a
 * data folder that nobody serves. See clients/cli/cli.h. */
#include <inttypes.h>
#include <string.h>

#include "clients/cli/cli_command.h"
#include "clients/cli/cli_data.h"
#include "clients/cli/cli_link.h"
#include "core/entry.h"
#include "proto/codec.h"
#include "storage/journal_file.h"

enum { ARENA_BYTES = 4 * 1024 * 1024, SUMMARY_BYTES = 512, SENTENCE_BYTES = 1024 };

struct showing {
    struct dd_cli *cli;
    struct dd_arena arena; /* of one entry */
    struct dd_event events[DD_TICK_EVENTS_MAX];
    struct dd_question filter;
    uint64_t shown;
};

static void json_entry(struct showing *s, const struct dd_entry *entry, struct dd_slice account,
                       const struct dd_command *command)
{
    char sentence[SENTENCE_BYTES];
    int offset_min = s->cli->offset_min;
    struct dd_json json = dd_json_make(s->cli->out, true);
    dd_json_object(&json, NULL);
    dd_json_unsigned(&json, "seq", entry->seq);
    dd_json_instant(&json, "received_at", entry->received_ms, offset_min);
    dd_json_text(&json, "account", account);
    dd_json_switch(&json, "signed", entry->signature.size > 0);
    dd_json_string(&json, "status", dd_status_key(entry->refusal.status));
    if (entry->refusal.status != DD_OK) {
        dd_json_string(&json, "rule", dd_rule_key(entry->refusal.rule));
        dd_json_string(&json, "field", entry->refusal.field);
        dd_json_string(&json, "sentence",
                       dd_sentence(s->cli->language, &entry->refusal, sentence, sizeof sentence));
    }
    if (command)
        dd_command_json(&json, "command", command, offset_min);
    dd_json_array(&json, "events");
    for (size_t i = 0; i < entry->events.count; i++)
        dd_json_string(&json, NULL, dd_event_word(entry->events.event[i].kind));
    dd_json_array_end(&json);
    dd_json_object_end(&json);
}

static void print_entry(struct showing *s, const struct dd_entry *entry, struct dd_slice account,
                        const struct dd_command *command)
{
    char at[DD_INSTANT_TEXT_BYTES];
    char what[SUMMARY_BYTES] = "?";
    char outcome[SENTENCE_BYTES];
    bool ticks = entry->kind == DD_ENTRY_TICK;
    dd_instant_format(entry->received_ms, s->cli->offset_min, at);
    if (command)
        dd_command_summary(command, what, sizeof what);
    snprintf(outcome, sizeof outcome, "%s", dd_status_key(DD_OK));
    if (entry->refusal.status != DD_OK)
        dd_sentence(s->cli->language, &entry->refusal, outcome, sizeof outcome);
    else if (ticks)
        snprintf(outcome, sizeof outcome, "%zu events", entry->events.count);
    fprintf(s->cli->out, "%" PRIu64 "  %s  %.*s  %s: %s\n", entry->seq, at,
            account.size ? (int)account.size : 1, account.size ? (const char *)account.data : "-",
            what, outcome);
}

/* Shows an entry's bytes. DD_CORRUPT, DD_FORMAT, DD_NO_MEMORY for what cannot be read. */
static enum dd_status show(struct showing *s, struct dd_slice bytes, struct dd_slice account)
{
    struct dd_entry entry = {.events = {s->events, 0, DD_TICK_EVENTS_MAX}};
    struct dd_command command;
    struct dd_refusal refusal;
    enum dd_status status = dd_entry_read(bytes, &entry);
    if (status != DD_OK)
        return status;
    dd_arena_reset(&s->arena);
    status = dd_codec_logged_decode(entry.command, &s->arena, &command, &refusal);
    if (status == DD_NO_MEMORY)
        return status;
    if (s->cli->json)
        json_entry(s, &entry, account, status == DD_OK ? &command : NULL);
    else
        print_entry(s, &entry, account, status == DD_OK ? &command : NULL);
    s->shown++;
    return DD_OK;
}

static enum dd_exit show_online(struct showing *s, uint64_t limit)
{
    struct dd_question question = s->filter;
    struct dd_answer answer;
    do {
        question.limit =
            limit == 0 || limit - s->shown > UINT32_MAX ? 0 : (uint32_t)(limit - s->shown);
        dd_arena_reset(&s->cli->answers);
        enum dd_exit result = dd_cli_ask(s->cli, &question, &answer);
        if (result != DD_EXIT_OK)
            return result;
        const struct dd_log_answer *log = &answer.as.log;
        for (size_t i = 0; i < log->entry_count; i++) {
            enum dd_status status = show(s, log->entries[i].entry, log->entries[i].account);
            if (status != DD_OK)
                return dd_cli_failed_with(s->cli, "log", status);
        }
        if (log->next_seq <= question.from_seq || log->next_seq >= log->tail_seq)
            return DD_EXIT_OK;
        question.from_seq = log->next_seq;
    } while (limit == 0 || s->shown < limit);
    return DD_EXIT_OK;
}

/* Accounts by number, as the entries give them out. */
struct accounts {
    struct dd_slice *code;
    size_t room;
};

static bool note_account(struct accounts *accounts, struct dd_arena *arena, uint32_t number,
                         struct dd_slice code)
{
    if (number >= accounts->room) {
        size_t room = 2 * (size_t)number + 64;
        struct dd_slice *grown = dd_arena_take(arena, room * sizeof *grown);
        if (!grown)
            return false;
        if (accounts->room > 0)
            memcpy(grown, accounts->code, accounts->room * sizeof *grown);
        accounts->code = grown;
        accounts->room = room;
    }
    uint8_t *copy = dd_arena_take(arena, code.size + 1);
    if (!copy)
        return false;
    memcpy(copy, code.data, code.size);
    accounts->code[number] = (struct dd_slice){copy, code.size};
    return true;
}

/* Takes note of the accounts that an accepted entry makes. */
static bool note_accounts(struct accounts *accounts, struct dd_arena *arena,
                          const struct dd_entry *entry, const struct dd_command *command)
{
    if (entry->refusal.status != DD_OK)
        return true;
    if (command->kind == DD_COMMAND_GENESIS) {
        for (size_t i = 0; i < command->as.genesis.account_count; i++) {
            if (!note_account(accounts, arena, (uint32_t)i + 1,
                              command->as.genesis.accounts[i].code))
                return false;
        }
    }
    for (size_t i = 0; command->kind == DD_COMMAND_PUT_ACCOUNT && i < entry->events.count; i++) {
        if (!note_account(accounts, arena, entry->events.event[i].number,
                          command->as.put_account.code))
            return false;
    }
    return true;
}

static bool wanted(const struct dd_question *filter, const struct dd_entry *entry,
                   struct dd_slice account, const struct dd_command *command)
{
    if (entry->seq < filter->from_seq || entry->received_ms < filter->from_ms)
        return false;
    if (filter->to_ms != 0 && entry->received_ms >= filter->to_ms)
        return false;
    if (filter->account.size > 0 && !dd_slice_equal(account, filter->account))
        return false;
    return filter->unit.size == 0 || dd_slice_equal(dd_command_unit(command), filter->unit);
}

/* One entry of the journal: notes its accounts, shows it if it is wanted. */
static enum dd_status offline_entry(struct showing *s, struct accounts *accounts,
                                    struct dd_slice bytes)
{
    static const struct dd_slice nobody = {NULL, 0};
    struct dd_entry entry = {.events = {s->events, 0, DD_TICK_EVENTS_MAX}};
    struct dd_command command;
    struct dd_refusal refusal;
    enum dd_status status = dd_entry_read(bytes, &entry);
    if (status != DD_OK)
        return status;
    dd_arena_reset(&s->arena);
    status = dd_codec_logged_decode(entry.command, &s->arena, &command, &refusal);
    if (status != DD_OK)
        return status == DD_NO_MEMORY ? status : DD_FORMAT;
    if (!note_accounts(accounts, &s->cli->arena, &entry, &command))
        return DD_NO_MEMORY;
    struct dd_slice account =
        entry.account < accounts->room ? accounts->code[entry.account] : nobody;
    return wanted(&s->filter, &entry, account, &command) ? show(s, bytes, account) : DD_OK;
}

static enum dd_exit show_offline(struct showing *s, const char *dir, uint64_t limit)
{
    struct accounts accounts = {NULL, 0};
    struct dd_cli_data data;
    struct dd_slice bytes;
    enum dd_status status = DD_OK;
    enum dd_exit result = dd_cli_data_open(s->cli, dir, &data);
    if (result != DD_EXIT_OK)
        return result;
    uint64_t seq = 0;
    while (status == DD_OK && (limit == 0 || s->shown < limit)) {
        status = dd_journal_read(&data.journal, seq, &bytes);
        if (status == DD_OK)
            status = offline_entry(s, &accounts, bytes);
        if (status == DD_OK)
            seq++;
    }
    if (status != DD_OK && status != DD_NOT_FOUND)
        result = dd_cli_data_broken(s->cli, &data, seq, status);
    dd_cli_data_close(&data);
    return result;
}

enum dd_exit dd_cli_log(struct dd_cli *cli)
{
    static struct showing s; /* large; one run, one thread */
    const char *dir = dd_cli_setting(cli, "data");
    bool offline = dd_args_has(&cli->args, "offline") ||
                   (dir && !dd_cli_served(cli) && !dd_args_has(&cli->args, "server"));
    uint64_t limit;
    enum dd_exit result;
    memset(&s, 0, sizeof s);
    s.cli = cli;
    s.arena = dd_arena_make(ARENA_BYTES);
    s.filter = (struct dd_question){.kind = DD_QUESTION_LOG,
                                    .unit = dd_cli_value(cli, "unit"),
                                    .account = dd_cli_value(cli, "account")};
    if (!dd_cli_whole(cli, "from-seq", 0, INT64_MAX, 0, &s.filter.from_seq) ||
        !dd_cli_whole(cli, "limit", 1, INT64_MAX, 0, &limit) ||
        !dd_cli_instant(cli, "from", false, 0, &s.filter.from_ms) ||
        !dd_cli_instant(cli, "to", true, 0, &s.filter.to_ms))
        return DD_EXIT_USAGE;
    if (offline && !dir)
        return dd_cli_misuse(cli, "--offline needs --data DIR");
    result = offline ? show_offline(&s, dir, limit) : show_online(&s, limit);
    dd_arena_free(&s.arena);
    return result;
}
