/* Commands as text and as JSON. See clients/cli/cli_command.h. */
#include "clients/cli/cli_command.h"

#include <stdio.h>

#include "clients/cli/cli_command_programme.h"

static void put_code(struct dd_json *json, const char *key, struct dd_slice text)
{
    if (text.size > 0)
        dd_json_text(json, key, text);
}

static void put_word(struct dd_json *json, const char *key, enum dd_vocabulary words, int number)
{
    if (number != 0)
        dd_json_string(json, key, dd_word(words, number));
}

static void put_figure(struct dd_json *json, const char *key, struct dd_figure figure)
{
    char text[DD_FIGURE_TEXT_BYTES];
    dd_figure_format(figure, text);
    dd_json_string(json, key, text);
}

static void put_codes(struct dd_json *json, const char *key, const struct dd_slice *codes,
                      size_t count)
{
    dd_json_array(json, key);
    for (size_t i = 0; i < count; i++)
        dd_json_text(json, NULL, codes[i]);
    dd_json_array_end(json);
}

static void put_indicator(struct dd_json *json, const struct dd_indicator_put *indicator)
{
    dd_json_object(json, NULL);
    dd_json_number(json, "number", indicator->number);
    dd_json_text(json, "title", indicator->title);
    put_code(json, "unit_of_measure", indicator->unit_of_measure);
    if (indicator->has_target)
        put_figure(json, "target", indicator->target);
    dd_json_day(json, "due", indicator->due_day);
    put_code(json, "code", indicator->code);
    if (indicator->start_day != 0)
        dd_json_day(json, "start", indicator->start_day);
    if (indicator->has_baseline)
        put_figure(json, "baseline", indicator->baseline);
    put_word(json, "direction", DD_WORDS_DIRECTION, (int)indicator->direction);
    if (indicator->partner_count > 0)
        put_codes(json, "partners", indicator->partners, indicator->partner_count);
    dd_json_object_end(json);
}

static void put_account(struct dd_json *json, const struct dd_put_account *c, int offset_min)
{
    put_code(json, "code", c->code);
    dd_json_hex(json, "link_key", (struct dd_slice){c->link_key, sizeof c->link_key});
    dd_json_hex(json, "sign_key", (struct dd_slice){c->sign_key, sizeof c->sign_key});
    dd_json_instant(json, "valid_from", c->from_ms, offset_min);
    dd_json_instant(json, "valid_to", c->to_ms, offset_min);
    dd_json_array(json, "offices");
    for (size_t i = 0; i < c->office_count; i++) {
        dd_json_object(json, NULL);
        put_word(json, "role", DD_WORDS_ROLE, (int)c->offices[i].role);
        put_code(json, "unit", c->offices[i].unit);
        dd_json_day(json, "from", c->offices[i].from_day);
        dd_json_day(json, "to", c->offices[i].to_day);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void put_genesis(struct dd_json *json, const struct dd_genesis *c, int offset_min)
{
    put_code(json, "jurisdiction", c->jurisdiction);
    put_code(json, "origin", c->origin);
    dd_json_switch(json, "rehearsal", c->rehearsal);
    dd_json_array(json, "accounts");
    for (size_t i = 0; i < c->account_count; i++) {
        dd_json_object(json, NULL);
        put_account(json, &c->accounts[i], offset_min);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void put_units(struct dd_json *json, const struct dd_put_units *c)
{
    dd_json_number(json, "page", c->page);
    dd_json_switch(json, "last", c->last);
    dd_json_array(json, "groups");
    for (size_t i = 0; i < c->group_count; i++) {
        dd_json_object(json, NULL);
        dd_json_text(json, "code", c->groups[i].code);
        dd_json_text(json, "name", c->groups[i].name);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
    dd_json_array(json, "units");
    for (size_t i = 0; i < c->unit_count; i++) {
        const struct dd_unit_put *unit = &c->units[i];
        dd_json_object(json, NULL);
        dd_json_text(json, "code", unit->code);
        dd_json_text(json, "name", unit->name);
        put_code(json, "group", unit->group);
        dd_json_number(json, "ordinal", unit->ordinal);
        put_code(json, "parent", unit->parent);
        put_code(json, "head_title", unit->head_title);
        dd_json_day(json, "valid_from", unit->from_day);
        dd_json_day(json, "valid_to", unit->to_day);
        put_code(json, "successor", unit->successor);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void put_calendar(struct dd_json *json, const struct dd_put_calendar *c)
{
    dd_json_number(json, "year", c->year);
    dd_json_number(json, "offset_min", c->offset_min);
    dd_json_array(json, "days");
    for (size_t i = 0; i < c->day_count; i++) {
        dd_json_object(json, NULL);
        dd_json_day(json, "day", c->days[i].day);
        dd_json_switch(json, "works", c->days[i].works);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void put_dates(struct dd_json *json, const struct dd_open_cycle *c)
{
    dd_json_object(json, "dates");
    for (size_t i = 0; i < c->date_count; i++) {
        char name[DD_CODE_BYTES_MAX + 1];
        dd_slice_text(c->dates[i].name, name, sizeof name);
        dd_json_day(json, name, c->dates[i].day);
    }
    dd_json_object_end(json);
    dd_json_array(json, "periods");
    for (size_t i = 0; i < c->period_count; i++) {
        dd_json_object(json, NULL);
        dd_json_text(json, "code", c->periods[i].code);
        dd_json_day(json, "from", c->periods[i].from_day);
        dd_json_day(json, "to", c->periods[i].to_day);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
    dd_json_array(json, "reports");
    for (size_t i = 0; i < c->report_count; i++) {
        dd_json_object(json, NULL);
        dd_json_text(json, "code", c->reports[i].code);
        dd_json_day(json, dd_word(DD_WORDS_WORD, (int)c->reports[i].word), c->reports[i].day);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void put_cycle(struct dd_json *json, const struct dd_open_cycle *c)
{
    dd_json_text(json, "programme", c->programme);
    dd_json_text(json, "period", c->period);
    dd_json_number(json, "page", c->page);
    dd_json_switch(json, "last", c->last);
    if (c->page == 1) {
        dd_json_text(json, "host", c->host);
        dd_json_day(json, "from", c->from_day);
        dd_json_day(json, "to", c->to_day);
        put_dates(json, c);
        put_codes(json, "appraisers", c->appraisers, c->appraiser_count);
        put_codes(json, "approvers", c->approvers, c->approver_count);
    }
    dd_json_array(json, "parties");
    for (size_t i = 0; i < c->party_count; i++) {
        dd_json_object(json, NULL);
        dd_json_text(json, "unit", c->parties[i].unit);
        put_code(json, "approver", c->parties[i].approver);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void put_register(struct dd_json *json, const struct dd_register *c)
{
    dd_json_number(json, "task", c->task);
    dd_json_text(json, "kind", c->kind);
    dd_json_array(json, "indicators");
    for (size_t i = 0; i < c->indicator_count; i++)
        put_indicator(json, &c->indicators[i]);
    dd_json_array_end(json);
    dd_json_array(json, "removed");
    for (size_t i = 0; i < c->removed_count; i++)
        dd_json_number(json, NULL, c->removed[i]);
    dd_json_array_end(json);
}

static void put_attachments(struct dd_json *json, const struct dd_attachment *files, size_t count)
{
    dd_json_array(json, "attachments");
    for (size_t i = 0; i < count; i++) {
        const struct dd_attachment *file = &files[i];
        dd_json_object(json, NULL);
        dd_json_hex(json, "sha256", (struct dd_slice){file->sha256, sizeof file->sha256});
        dd_json_unsigned(json, "size_bytes", file->size_bytes);
        put_code(json, "type", file->type);
        put_code(json, "name", file->name);
        put_code(json, "part", file->part);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void put_figures(struct dd_json *json, const struct dd_figure_value *figures, size_t count)
{
    if (count == 0)
        return;
    dd_json_array(json, "figures");
    for (size_t i = 0; i < count; i++) {
        dd_json_object(json, NULL);
        dd_json_text(json, "figure", figures[i].key);
        put_figure(json, "value", figures[i].value);
        if (figures[i].estimate)
            dd_json_switch(json, "estimate", true);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

static void put_submit(struct dd_json *json, const struct dd_submit *c)
{
    put_word(json, "what", DD_WORDS_SUBMISSION, (int)c->what);
    put_code(json, "stage", c->stage);
    put_code(json, "report", c->report);
    if (c->matter != 0)
        dd_json_number(json, "matter", c->matter);
    put_code(json, "choice", c->choice);
    put_word(json, "capacity", DD_WORDS_CAPACITY, (int)c->capacity);
    put_code(json, "reason", c->reason);
    put_figures(json, c->figures, c->figure_count);
    put_code(json, "note", c->note);
    put_attachments(json, c->attachments, c->attachment_count);
}

static void put_decide(struct dd_json *json, const struct dd_decide *c)
{
    if (c->matter != 0)
        dd_json_number(json, "matter", c->matter);
    dd_json_number(json, "version", c->version);
    dd_json_hex(json, "content_hash", (struct dd_slice){c->content_hash, sizeof c->content_hash});
    put_word(json, "verdict", DD_WORDS_VERDICT, (int)c->verdict);
    put_code(json, "reason", c->reason);
}

static void put_progress(struct dd_json *json, const struct dd_progress *c)
{
    dd_json_number(json, "task", c->task);
    dd_json_number(json, "indicator", c->indicator);
    put_word(json, "outcome", DD_WORDS_OUTCOME, (int)c->outcome);
    dd_json_day(json, "day", c->day);
    put_code(json, "note", c->note);
    if (c->is_correction)
        dd_json_unsigned(json, "corrects_seq", c->corrects_seq);
    put_code(json, "reason", c->reason);
}

static void put_matter(struct dd_json *json, const struct dd_matter_put *matter, int offset_min)
{
    dd_json_object(json, NULL);
    dd_json_text(json, "kind", matter->kind);
    put_code(json, "code", matter->code);
    dd_json_text(json, "title", matter->title);
    put_code(json, "owner", matter->owner);
    if (matter->all)
        dd_json_switch(json, "all", true);
    else
        put_codes(json, "asked", matter->asked, matter->asked_count);
    put_codes(json, "partners", matter->partners, matter->partner_count);
    put_word(json, "word", DD_WORDS_WORD, (int)matter->word);
    dd_json_day(json, "due", matter->due_day);
    dd_json_instant(json, "at", matter->at_ms, offset_min);
    put_code(json, "approver", matter->approver);
    if (matter->parent != 0)
        dd_json_number(json, "parent", matter->parent);
    dd_json_object_end(json);
}

static void put_assign(struct dd_json *json, const struct dd_assign *c, int offset_min)
{
    put_code(json, "notice", c->notice);
    put_word(json, "capacity", DD_WORDS_CAPACITY, (int)c->capacity);
    dd_json_array(json, "matters");
    for (size_t i = 0; i < c->matter_count; i++)
        put_matter(json, &c->matters[i], offset_min);
    dd_json_array_end(json);
    put_attachments(json, c->attachments, c->attachment_count);
}

static void put_bend(struct dd_json *json, const struct dd_bend *c)
{
    dd_json_text(json, "duty", c->duty);
    put_word(json, "act", DD_WORDS_BEND, (int)c->act);
    if (c->act == DD_BEND_EXTEND)
        dd_json_day(json, "to", c->day);
    put_code(json, "reason", c->reason);
}

static void put_delegate(struct dd_json *json, const struct dd_delegate *c)
{
    if (c->ends != 0) {
        dd_json_number(json, "ends", c->ends);
        return;
    }
    dd_json_text(json, "account", c->account);
    dd_json_day(json, "from", c->from_day);
    dd_json_day(json, "to", c->to_day);
    put_codes(json, "stages", c->stages, c->stage_count);
    put_code(json, "reason", c->reason);
}

static void put_publish(struct dd_json *json, const struct dd_publish *c)
{
    dd_json_text(json, "number", c->number);
    put_word(json, "issue", DD_WORDS_ISSUE, (int)c->issue);
    dd_json_text(json, "title", c->title);
    dd_json_day(json, "day", c->day);
    put_code(json, "period", c->period);
    if (c->as_of_day != 0)
        dd_json_day(json, "as_of", c->as_of_day);
    dd_json_unsigned(json, "at_seq", c->at_seq);
    dd_json_hex(json, "sha256", (struct dd_slice){c->sha256, sizeof c->sha256});
    dd_json_unsigned(json, "size_bytes", c->size_bytes);
    put_code(json, "type", c->type);
    put_code(json, "corrects", c->corrects);
    put_word(json, "capacity", DD_WORDS_CAPACITY, (int)c->capacity);
    put_code(json, "reason", c->reason);
}

static void put_reminded(struct dd_json *json, const struct dd_reminded *c)
{
    put_code(json, "channel", c->channel);
    dd_json_array(json, "reminders");
    for (size_t i = 0; i < c->reminder_count; i++) {
        dd_json_object(json, NULL);
        dd_json_unsigned(json, "seq", c->reminders[i].seq);
        dd_json_number(json, "index", c->reminders[i].index);
        dd_json_object_end(json);
    }
    dd_json_array_end(json);
}

/* The members of a command of work. */
static void put_work(struct dd_json *json, const struct dd_command *command, int offset_min)
{
    switch ((int)command->kind) {
    case DD_COMMAND_REGISTER:
        put_register(json, &command->as.register_);
        break;
    case DD_COMMAND_SUBMIT:
        put_submit(json, &command->as.submit);
        break;
    case DD_COMMAND_WITHDRAW:
        dd_json_number(json, "version", command->as.withdraw.version);
        put_code(json, "reason", command->as.withdraw.reason);
        break;
    case DD_COMMAND_DECIDE:
        put_decide(json, &command->as.decide);
        break;
    case DD_COMMAND_PROGRESS:
        put_progress(json, &command->as.progress);
        break;
    case DD_COMMAND_ASSIGN:
        put_assign(json, &command->as.assign, offset_min);
        break;
    case DD_COMMAND_BEND:
        put_bend(json, &command->as.bend);
        break;
    case DD_COMMAND_DELEGATE:
        put_delegate(json, &command->as.delegate);
        break;
    case DD_COMMAND_TRANSFER:
        put_code(json, "successor", command->as.transfer.successor);
        put_code(json, "reason", command->as.transfer.reason);
        break;
    case DD_COMMAND_PUBLISH:
        put_publish(json, &command->as.publish);
        break;
    default: /* not one of work */
        break;
    }
}

static void put_body(struct dd_json *json, const struct dd_command *command, int offset_min)
{
    switch (command->kind) {
    case DD_COMMAND_GENESIS:
        put_genesis(json, &command->as.genesis, offset_min);
        break;
    case DD_COMMAND_PUT_UNITS:
        put_units(json, &command->as.put_units);
        break;
    case DD_COMMAND_PUT_ACCOUNT:
        put_account(json, &command->as.put_account, offset_min);
        break;
    case DD_COMMAND_PUT_CALENDAR:
        put_calendar(json, &command->as.put_calendar);
        break;
    case DD_COMMAND_PUT_PROGRAMME:
        dd_command_programme_json(json, &command->as.put_programme);
        break;
    case DD_COMMAND_OPEN_CYCLE:
        put_cycle(json, &command->as.open_cycle);
        break;
    case DD_COMMAND_CLOSE_CYCLE:
        put_code(json, "reason", command->as.close_cycle.reason);
        break;
    case DD_COMMAND_REVOKE:
        put_code(json, "account", command->as.revoke.account);
        put_code(json, "reason", command->as.revoke.reason);
        break;
    case DD_COMMAND_TICK:
        break;
    case DD_COMMAND_REMINDED:
        put_reminded(json, &command->as.reminded);
        break;
    case DD_COMMAND_REGISTER:
    case DD_COMMAND_SUBMIT:
    case DD_COMMAND_WITHDRAW:
    case DD_COMMAND_DECIDE:
    case DD_COMMAND_PROGRESS:
    case DD_COMMAND_ASSIGN:
    case DD_COMMAND_BEND:
    case DD_COMMAND_DELEGATE:
    case DD_COMMAND_TRANSFER:
    case DD_COMMAND_PUBLISH:
        put_work(json, command, offset_min);
        break;
    }
}

void dd_command_json(struct dd_json *json, const char *key, const struct dd_command *command,
                     int offset_min)
{
    char id[DD_ID_TEXT_BYTES];
    dd_id_format(command->id, id);
    dd_json_object(json, key);
    dd_json_string(json, "kind", dd_command_word(command->kind));
    if (!dd_id_is_zero(command->id))
        dd_json_string(json, "id", id);
    if (command->kind != DD_COMMAND_OPEN_CYCLE)
        put_code(json, "cycle", dd_command_cycle(command));
    put_code(json, "unit", dd_command_unit(command));
    put_body(json, command, offset_min);
    dd_json_object_end(json);
}

static int as_int(struct dd_slice text)
{
    return (int)text.size;
}

static void say_code(struct dd_slice code, char *out, size_t size)
{
    snprintf(out, size, " %.*s", as_int(code), (const char *)code.data);
}

static void say_programme(const struct dd_programme *c, char *out, size_t size)
{
    snprintf(out, size, " %.*s version %u", as_int(c->code), (const char *)c->code.data,
             c->version);
}

static void say_cycle(const struct dd_open_cycle *c, char *out, size_t size)
{
    snprintf(out, size, " %.*s/%.*s page %u: %zu parties", as_int(c->programme),
             (const char *)c->programme.data, as_int(c->period), (const char *)c->period.data,
             c->page, c->party_count);
}

static void say_submit(const struct dd_submit *c, char *out, size_t size)
{
    struct dd_slice which = c->what == DD_SUBMISSION_ANSWER ? c->choice : c->report;
    char matter[16] = "";
    if (c->matter != 0)
        snprintf(matter, sizeof matter, " %u", c->matter);
    snprintf(out, size, " %s%s%s%.*s%s%.*s", dd_word(DD_WORDS_SUBMISSION, (int)c->what), matter,
             c->stage.size ? " " : "", as_int(c->stage), (const char *)c->stage.data,
             which.size ? " " : "", as_int(which), (const char *)which.data);
}

static void say_decide(const struct dd_decide *c, char *out, size_t size)
{
    if (c->matter != 0)
        snprintf(out, size, " matter %u: %s", c->matter,
                 dd_word(DD_WORDS_VERDICT, (int)c->verdict));
    else
        snprintf(out, size, " version %u: %s", c->version,
                 dd_word(DD_WORDS_VERDICT, (int)c->verdict));
}

static void say_progress(const struct dd_progress *c, char *out, size_t size)
{
    const char *outcome = dd_word(DD_WORDS_OUTCOME, (int)c->outcome);
    if (c->indicator == 0)
        snprintf(out, size, " matter %u: %s", c->task, outcome);
    else
        snprintf(out, size, " %u.%u: %s", c->task, c->indicator, outcome);
}

static void say_delegate(const struct dd_delegate *c, char *out, size_t size)
{
    if (c->ends != 0)
        snprintf(out, size, " ends %u", c->ends);
    else
        snprintf(out, size, " to %.*s", as_int(c->account), (const char *)c->account.data);
}

/* What a command of work says beyond its kind, cycle and unit. */
static void summarise_work(const struct dd_command *command, char *out, size_t size)
{
    const struct dd_bend *bend = &command->as.bend;
    switch ((int)command->kind) {
    case DD_COMMAND_REGISTER:
        snprintf(out, size, " task %u: %zu indicators", command->as.register_.task,
                 command->as.register_.indicator_count);
        break;
    case DD_COMMAND_SUBMIT:
        say_submit(&command->as.submit, out, size);
        break;
    case DD_COMMAND_WITHDRAW:
        snprintf(out, size, " version %u", command->as.withdraw.version);
        break;
    case DD_COMMAND_DECIDE:
        say_decide(&command->as.decide, out, size);
        break;
    case DD_COMMAND_PROGRESS:
        say_progress(&command->as.progress, out, size);
        break;
    case DD_COMMAND_ASSIGN:
        snprintf(out, size, " %zu matters", command->as.assign.matter_count);
        break;
    case DD_COMMAND_BEND:
        snprintf(out, size, " %s %.*s", dd_word(DD_WORDS_BEND, (int)bend->act), as_int(bend->duty),
                 (const char *)bend->duty.data);
        break;
    case DD_COMMAND_DELEGATE:
        say_delegate(&command->as.delegate, out, size);
        break;
    case DD_COMMAND_TRANSFER:
        snprintf(out, size, " to %.*s", as_int(command->as.transfer.successor),
                 (const char *)command->as.transfer.successor.data);
        break;
    case DD_COMMAND_PUBLISH:
        say_code(command->as.publish.number, out, size);
        break;
    default: /* not one of work */
        break;
    }
}

/* What a command says beyond its kind, cycle and unit. */
static void summarise(const struct dd_command *command, char *out, size_t size)
{
    *out = 0;
    switch (command->kind) {
    case DD_COMMAND_GENESIS:
        say_code(command->as.genesis.jurisdiction, out, size);
        break;
    case DD_COMMAND_PUT_UNITS:
        snprintf(out, size, " page %u: %zu units", command->as.put_units.page,
                 command->as.put_units.unit_count);
        break;
    case DD_COMMAND_PUT_ACCOUNT:
        say_code(command->as.put_account.code, out, size);
        break;
    case DD_COMMAND_PUT_CALENDAR:
        snprintf(out, size, " %u", command->as.put_calendar.year);
        break;
    case DD_COMMAND_PUT_PROGRAMME:
        say_programme(&command->as.put_programme, out, size);
        break;
    case DD_COMMAND_OPEN_CYCLE:
        say_cycle(&command->as.open_cycle, out, size);
        break;
    case DD_COMMAND_REVOKE:
        say_code(command->as.revoke.account, out, size);
        break;
    case DD_COMMAND_REMINDED:
        snprintf(out, size, " %zu reminders", command->as.reminded.reminder_count);
        break;
    case DD_COMMAND_CLOSE_CYCLE:
    case DD_COMMAND_TICK:
        break;
    case DD_COMMAND_REGISTER:
    case DD_COMMAND_SUBMIT:
    case DD_COMMAND_WITHDRAW:
    case DD_COMMAND_DECIDE:
    case DD_COMMAND_PROGRESS:
    case DD_COMMAND_ASSIGN:
    case DD_COMMAND_BEND:
    case DD_COMMAND_DELEGATE:
    case DD_COMMAND_TRANSFER:
    case DD_COMMAND_PUBLISH:
        summarise_work(command, out, size);
        break;
    }
}

const char *dd_command_summary(const struct dd_command *command, char *out, size_t out_size)
{
    char rest[256];
    bool opens = command->kind == DD_COMMAND_OPEN_CYCLE;
    struct dd_slice cycle = opens ? dd_slice_of("") : dd_command_cycle(command);
    struct dd_slice unit = dd_command_unit(command);
    summarise(command, rest, sizeof rest);
    snprintf(out, out_size, "%s%s%.*s%s%.*s%s", dd_command_word(command->kind),
             cycle.size ? " " : "", as_int(cycle), (const char *)cycle.data, unit.size ? " " : "",
             as_int(unit), (const char *)unit.data, rest);
    return out;
}
