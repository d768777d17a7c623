/* The cast's organisation, its programme, and commands on their whole way. See tests/lib/cast.h. */
#include "tests/lib/cast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/apply.h"
#include "core/hash.h"
#include "core/invariant.h"

enum { SCRATCH_BYTES = 64 * 1024 * 1024, PARTIES_BEFORE_AGENCIES = 2 };

static struct dd_slice text(const char *words)
{
    return dd_slice_of(words);
}

void *cast_take(struct cast *cast, size_t size)
{
    void *place = dd_arena_take(&cast->keep, size);
    DD_ASSERT(place);
    return place;
}

static struct dd_slice kept_text(struct cast *cast, const char *format, unsigned number)
{
    char *place = cast_take(cast, 64);
    snprintf(place, 64, format, number);
    return text(place);
}

int64_t cast_at(const char *at)
{
    int64_t at_ms;
    int offset_min;
    bool read = dd_instant_parse(text(at), CAST_OFFSET_MIN, &at_ms, &offset_min);
    DD_ASSERT(read);
    return at_ms;
}

int32_t cast_day(const char *day_text)
{
    int32_t day;
    bool read = dd_day_parse(text(day_text), &day);
    DD_ASSERT(read);
    return day;
}

uint32_t cast_head(uint32_t unit)
{
    return CAST_FIRST_HEAD + 2 * (unit - CAST_SNV);
}

uint32_t cast_officer(uint32_t unit)
{
    return cast_head(unit) + 1;
}

struct dd_slice cast_code(struct cast *cast, uint32_t unit)
{
    struct dd_unit_row row;
    bool found = dd_get_unit(&cast->view, unit, &row);
    DD_ASSERT(found);
    return row.code;
}

/* Every field, also those that an event's kind does not use: what is not in the bytes must not
 * count. */
static bool same_event(const struct dd_event *a, const struct dd_event *b)
{
    const struct dd_duty_key *x = &a->duty;
    const struct dd_duty_key *y = &b->duty;
    return a->kind == b->kind && a->number == b->number && a->version == b->version &&
           memcmp(a->content_hash, b->content_hash, sizeof a->content_hash) == 0 &&
           a->adjustment == b->adjustment && a->stage == b->stage &&
           a->next_stage == b->next_stage && a->end == b->end && x->cycle == y->cycle &&
           x->unit == y->unit && x->stage == y->stage && x->a == y->a && x->b == y->b &&
           a->rung == b->rung && a->superior == b->superior && a->at_ms == b->at_ms &&
           a->stage_count == b->stage_count && a->report_count == b->report_count &&
           memcmp(a->last_day, b->last_day, sizeof a->last_day) == 0 &&
           a->delegation == b->delegation && dd_slice_equal(a->list, b->list);
}

static bool same_events(const struct dd_events *a, const struct dd_events *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (!same_event(&a->event[i], &b->event[i]))
            return false;
    }
    return true;
}

enum dd_status cast_judge(struct cast *cast, const struct dd_view *view, uint32_t account,
                          int64_t at_ms, const struct dd_command *command, struct dd_events *events)
{
    static struct dd_event second_event[CAST_EVENTS_MAX];
    struct dd_events second = {second_event, 0, CAST_EVENTS_MAX};
    struct dd_context context = {view, &cast->scratch, account, at_ms};
    struct dd_refusal refusal;
    dd_arena_reset(&cast->scratch);
    enum dd_status status = dd_decide(&context, command, events, &cast->refusal);
    enum dd_status again = dd_decide(&context, command, &second, &refusal);
    DD_ASSERT(again == status && same_events(events, &second));
    DD_ASSERT(memcmp(&refusal, &cast->refusal, sizeof refusal) == 0);
    DD_ASSERT(refusal.status == status || dd_status_class(status) != DD_CLASS_REFUSED);
    DD_ASSERT(status == DD_OK || events->count == 0);
    return status;
}

void cast_apply(struct cast *cast, const struct dd_view *view, const struct dd_entry *entry,
                const struct dd_command *command)
{
    uint8_t hash[32];
    dd_sha256(entry->command, hash);
    dd_arena_reset(&cast->scratch);
    dd_apply(view, &cast->scratch, entry, command, hash);
}

static enum dd_entry_kind entry_kind(enum dd_command_kind kind)
{
    if (kind == DD_COMMAND_GENESIS)
        return DD_ENTRY_GENESIS;
    return kind == DD_COMMAND_TICK ? DD_ENTRY_TICK : DD_ENTRY_COMMAND;
}

static void log_entry(struct cast *cast, const struct dd_entry *entry,
                      const struct dd_command *command)
{
    static uint8_t bytes[DD_ENTRY_BYTES_MAX];
    struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
    dd_entry_write(&w, entry);
    DD_ASSERT(!w.overflow);
    uint8_t *place = cast_take(cast, w.at);
    memcpy(place, bytes, w.at);
    if (cast->log_count == cast->log_capacity) {
        cast->log_capacity = cast->log_capacity ? 2 * cast->log_capacity : 256;
        cast->log = realloc(cast->log, cast->log_capacity * sizeof *cast->log);
        DD_ASSERT(cast->log);
    }
    cast->log[cast->log_count++] = (struct cast_logged){(struct dd_slice){place, w.at}, *command};
}

static void read_logged(const struct cast_logged *logged, struct dd_event *events,
                        struct dd_entry *out)
{
    *out = (struct dd_entry){.events = {events, 0, CAST_EVENTS_MAX}};
    enum dd_status status = dd_entry_read(logged->bytes, out);
    DD_ASSERT(status == DD_OK);
}

/* The command's bytes in an entry: enough to name it. */
static struct dd_slice command_bytes(struct cast *cast, const struct dd_command *command)
{
    uint8_t *place = cast_take(cast, DD_ID_BYTES + 1);
    memcpy(place, command->id.byte, DD_ID_BYTES);
    place[DD_ID_BYTES] = (uint8_t)command->kind;
    return (struct dd_slice){place, DD_ID_BYTES + 1};
}

enum dd_status cast_do(struct cast *cast, uint32_t account, int64_t at_ms,
                       const struct dd_command *command)
{
    static struct dd_event decided[CAST_EVENTS_MAX];
    struct dd_command named = *command;
    size_t writes = naive_writes(&cast->rows);
    if (dd_id_is_zero(named.id)) {
        struct dd_writer w = dd_writer_make(named.id.byte + 8, 8);
        dd_write_u64(&w, ++cast->next_id);
    }
    struct dd_entry entry = {.kind = entry_kind(named.kind),
                             .seq = cast->next_seq,
                             .received_ms = at_ms,
                             .account = account,
                             .events = {decided, 0, CAST_EVENTS_MAX}};
    enum dd_status status = cast_judge(cast, &cast->view, account, at_ms, &named, &entry.events);
    DD_ASSERT(naive_writes(&cast->rows) == writes);
    if (status != DD_OK && dd_status_class(status) != DD_CLASS_REFUSED)
        return status;
    entry.refusal = cast->refusal;
    entry.command = command_bytes(cast, &named);
    log_entry(cast, &entry, &named);
    read_logged(&cast->log[cast->log_count - 1], cast->event, &cast->entry);
    DD_ASSERT(same_events(&entry.events, &cast->entry.events));
    cast_apply(cast, &cast->view, &cast->entry, &named);
    cast->next_seq++;
    return status;
}

void cast_replay(struct cast *cast, const struct dd_view *view)
{
    static struct dd_event events[CAST_EVENTS_MAX];
    for (size_t i = 0; i < cast->log_count; i++) {
        struct dd_entry entry;
        read_logged(&cast->log[i], events, &entry);
        DD_ASSERT(entry.seq == i);
        cast_apply(cast, view, &entry, &cast->log[i].command);
    }
}

/* --- the organisation --- */

static struct dd_office office(enum dd_role role, struct dd_slice unit)
{
    return (struct dd_office){role, unit, INT32_MIN, INT32_MAX};
}

static struct dd_put_account account(struct cast *cast, struct dd_slice code, uint32_t number,
                                     struct dd_office holds)
{
    struct dd_put_account put = {.code = code, .to_ms = INT64_MAX, .office_count = 1};
    put.offices = cast_take(cast, sizeof *put.offices);
    put.offices[0] = holds;
    for (size_t i = 0; i < 4; i++)
        put.link_key[i] = put.sign_key[i] = (uint8_t)(number >> (8 * i));
    return put;
}

static void must(struct cast *cast, uint32_t who, const char *at, const struct dd_command *command)
{
    enum dd_status status = cast_do(cast, who, cast_at(at), command);
    if (status != DD_OK)
        fprintf(stderr, "cast: %s: %s (%s)\n", dd_command_word(command->kind),
                dd_rule_key(cast->refusal.rule), cast->refusal.field);
    DD_ASSERT(status == DD_OK);
}

static void found(struct cast *cast)
{
    struct dd_put_account *accounts = cast_take(cast, 2 * sizeof *accounts);
    static const struct dd_slice everywhere = {NULL, 0};
    accounts[0] =
        account(cast, text("admin"), CAST_ADMIN, office(DD_ROLE_ADMINISTRATOR, everywhere));
    accounts[1] =
        account(cast, text("notifier"), CAST_NOTIFIER, office(DD_ROLE_NOTIFIER, everywhere));
    struct dd_command command = {.kind = DD_COMMAND_GENESIS};
    command.as.genesis = (struct dd_genesis){.jurisdiction = text("bacgiang"),
                                             .origin = text("dondoc/bacgiang"),
                                             .rehearsal = true,
                                             .accounts = accounts,
                                             .account_count = 2};
    must(cast, 0, "2013-01-01T08:00", &command);
    command = (struct dd_command){.kind = DD_COMMAND_PUT_CALENDAR};
    command.as.put_calendar = (struct dd_put_calendar){.year = 2013, .offset_min = CAST_OFFSET_MIN};
    must(cast, CAST_ADMIN, "2013-01-01T08:00", &command);
}

static void put_units(struct cast *cast)
{
    static struct dd_group_put groups[2];
    size_t count = 3 + cast->agencies;
    struct dd_unit_put *units = cast_take(cast, count * sizeof *units);
    groups[0] = (struct dd_group_put){text("province"), text("Cấp tỉnh")};
    groups[1] = (struct dd_group_put){text("district"), text("Cấp huyện")};
    for (size_t i = 0; i < count; i++) {
        units[i] = (struct dd_unit_put){.group = groups[0].code,
                                        .ordinal = (uint16_t)i,
                                        .parent = text("ubnd"),
                                        .head_title = text("Giám đốc"),
                                        .from_day = INT32_MIN,
                                        .to_day = INT32_MAX};
        units[i].code = kept_text(cast, "a%u", (unsigned)i - 2);
        units[i].name = kept_text(cast, "Cơ quan %u", (unsigned)i);
        if (i > 2 && i % 2 == 0)
            units[i].group = groups[1].code;
    }
    units[0].code = text("ubnd");
    units[0].group = units[0].parent = text("");
    units[1].code = text("snv");
    units[2].code = text("vp");
    struct dd_command command = {.kind = DD_COMMAND_PUT_UNITS};
    for (size_t at = 0; at < count; at += DD_UNITS_PER_PAGE_MAX) {
        size_t rest = count - at;
        command.as.put_units = (struct dd_put_units){
            .page = (uint16_t)(at / DD_UNITS_PER_PAGE_MAX + 1),
            .last = rest <= DD_UNITS_PER_PAGE_MAX,
            .units = units + at,
            .unit_count = rest < DD_UNITS_PER_PAGE_MAX ? rest : DD_UNITS_PER_PAGE_MAX};
        if (command.as.put_units.last) {
            command.as.put_units.groups = groups;
            command.as.put_units.group_count = 2;
        }
        must(cast, CAST_ADMIN, "2013-01-01T08:01", &command);
    }
}

static void put_account(struct cast *cast, struct dd_slice code, uint32_t number,
                        struct dd_office holds)
{
    struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
    command.as.put_account = account(cast, code, number, holds);
    must(cast, CAST_ADMIN, "2013-01-01T08:02", &command);
    DD_ASSERT(cast->entry.events.event[0].number == number);
}

void cast_make(struct cast *cast, unsigned agencies)
{
    DD_ASSERT(agencies <= CAST_AGENCIES_MAX);
    memset(cast, 0, sizeof *cast);
    cast->rows = naive_make();
    cast->view = naive_view(&cast->rows);
    cast->scratch = dd_arena_make(SCRATCH_BYTES);
    cast->keep = dd_arena_make(SIZE_MAX / 4);
    cast->agencies = agencies;
    found(cast);
    put_units(cast);
    put_account(cast, text("chair"), CAST_CHAIR, office(DD_ROLE_APPROVER, text("ubnd")));
    put_account(cast, text("vice"), CAST_VICE, office(DD_ROLE_APPROVER, text("ubnd")));
    put_account(cast, text("appraiser"), CAST_APPRAISER, office(DD_ROLE_APPRAISER, text("snv")));
    put_account(cast, text("office-appraiser"), CAST_OFFICE_APPRAISER,
                office(DD_ROLE_APPRAISER, text("vp")));
    for (uint32_t unit = CAST_SNV; unit < CAST_A1 + agencies; unit++) {
        struct dd_slice code = cast_code(cast, unit);
        put_account(cast, kept_text(cast, "head-%u", unit), cast_head(unit),
                    office(DD_ROLE_HEAD, code));
        put_account(cast, kept_text(cast, "officer-%u", unit), cast_officer(unit),
                    office(DD_ROLE_OFFICER, code));
    }
}

/* --- the programme and its cycle --- */

static void put_rungs(struct dd_stage *stage)
{
    static const int8_t rungs[] = {-7, -3, -1, 0, 1, 3, 5};
    stage->rung_count = sizeof rungs;
    memcpy(stage->rung, rungs, sizeof rungs);
    stage->superior[6] = true;
}

struct dd_programme cast_programme(void)
{
    struct dd_programme programme = {.code = text("key-tasks"),
                                     .version = 1,
                                     .name_vi = text("Nhiệm vụ trọng tâm"),
                                     .kind_count = 2,
                                     .stage_count = CAST_STAGES};
    struct dd_stage *stage = programme.stage;
    programme.kind[CAST_OWN] =
        (struct dd_item_kind){.code = text("own"), .max_tasks = 5, .counted = true};
    programme.kind[CAST_COMMON] =
        (struct dd_item_kind){.code = text("common"), .max_tasks = 5, .counted = false};
    for (size_t i = 0; i < CAST_STAGES; i++)
        stage[i] = (struct dd_stage){.deadline.word = DD_WORD_BY, .silence = DD_SILENCE_MISSING};
    stage[CAST_REGISTER].key = stage[CAST_REGISTER].deadline.date = text("register");
    stage[CAST_REGISTER].act = DD_ACT_HAND_IN;
    stage[CAST_REGISTER].by = DD_ROLE_HEAD;
    put_rungs(&stage[CAST_REGISTER]);
    stage[CAST_APPRAISE].key = stage[CAST_APPRAISE].deadline.date = text("appraise");
    stage[CAST_APPRAISE].act = DD_ACT_DECIDE;
    stage[CAST_APPRAISE].by = DD_ROLE_APPRAISER;
    stage[CAST_APPRAISE].skipped_by_adjustment = true;
    stage[CAST_APPROVE].key = stage[CAST_APPROVE].deadline.date = text("approve");
    stage[CAST_APPROVE].act = DD_ACT_DECIDE;
    stage[CAST_APPROVE].by = DD_ROLE_APPROVER;
    stage[CAST_APPROVE].first_approver_adjusts = true;
    stage[CAST_REPORT].key = text("report");
    stage[CAST_REPORT].act = DD_ACT_REPORT;
    stage[CAST_REPORT].by = DD_ROLE_HEAD;
    stage[CAST_REPORT].deadline.word = 0;
    put_rungs(&stage[CAST_REPORT]);
    stage[CAST_INDICATOR].key = text("indicator");
    stage[CAST_INDICATOR].act = DD_ACT_OUTCOME;
    stage[CAST_INDICATOR].by = DD_ROLE_OFFICER;
    stage[CAST_INDICATOR].deadline.word = DD_WORD_ON;
    stage[CAST_INDICATOR].rung_count = 1;
    return programme;
}

static void *kept(struct cast *cast, const void *from, size_t size)
{
    void *place = cast_take(cast, size);
    memcpy(place, from, size);
    return place;
}

struct dd_open_cycle cast_cycle(struct cast *cast, const char *programme, const char *period)
{
    const struct dd_named_date dates[] = {{text("register"), cast_day("2013-01-25")},
                                          {text("appraise"), cast_day("2013-02-01")},
                                          {text("approve"), cast_day("2013-02-15")}};
    const struct dd_period periods[] = {
        {text("H1"), cast_day("2013-01-01"), cast_day("2013-06-30")},
        {text("year"), cast_day("2013-01-01"), cast_day("2013-12-31")}};
    const struct dd_report_due reports[] = {{text("H1"), DD_WORD_BEFORE, cast_day("2013-06-25")},
                                            {text("year"), DD_WORD_BEFORE, cast_day("2013-12-10")}};
    const struct dd_slice appraisers[] = {text("snv"), text("vp")};
    const struct dd_slice approvers[] = {text("chair"), text("vice")};
    struct dd_open_cycle c = {.programme = text(programme),
                              .period = text(period),
                              .page = 1,
                              .last = true,
                              .host = text("ubnd"),
                              .from_day = cast_day("2013-01-01"),
                              .to_day = cast_day("2013-12-31"),
                              .date_count = 3,
                              .period_count = 2,
                              .report_count = 2,
                              .appraiser_count = 2,
                              .approver_count = 2,
                              .party_count = PARTIES_BEFORE_AGENCIES + cast->agencies};
    c.dates = kept(cast, dates, sizeof dates);
    c.periods = kept(cast, periods, sizeof periods);
    c.reports = kept(cast, reports, sizeof reports);
    c.appraisers = kept(cast, appraisers, sizeof appraisers);
    c.approvers = kept(cast, approvers, sizeof approvers);
    c.parties = cast_take(cast, c.party_count * sizeof *c.parties);
    for (size_t i = 0; i < c.party_count; i++)
        c.parties[i].unit = cast_code(cast, CAST_SNV + (uint32_t)i);
    if (c.party_count > CAST_A2 - CAST_SNV)
        c.parties[CAST_A2 - CAST_SNV].approver = text("vice");
    return c;
}

void cast_open_with(struct cast *cast, const struct dd_programme *programme)
{
    struct dd_command command = {.kind = DD_COMMAND_PUT_PROGRAMME};
    command.as.put_programme = *programme;
    must(cast, CAST_ADMIN, "2013-01-11T07:59", &command);
    command = (struct dd_command){.kind = DD_COMMAND_OPEN_CYCLE};
    command.as.open_cycle = cast_cycle(cast, "key-tasks", "2013");
    must(cast, CAST_ADMIN, "2013-01-11T08:00", &command);
}

void cast_ready(struct cast *cast, unsigned agencies)
{
    struct dd_programme programme = cast_programme();
    cast_make(cast, agencies);
    cast_open_with(cast, &programme);
}

void cast_free(struct cast *cast)
{
    naive_free(&cast->rows);
    dd_arena_free(&cast->scratch);
    dd_arena_free(&cast->keep);
    free(cast->log);
}

/* --- commands of the cycle --- */

static const char cycle[] = "key-tasks/2013";

enum dd_status cast_register(struct cast *cast, uint32_t who, const char *at, const char *unit,
                             uint16_t task, const char *kind, uint16_t count, const char *due)
{
    struct dd_indicator_put *put = cast_take(cast, (count + 1U) * sizeof *put);
    for (uint16_t i = 0; i < count; i++)
        put[i] = (struct dd_indicator_put){.number = (uint16_t)(i + 1),
                                           .title = text("Chỉ tiêu"),
                                           .unit_of_measure = text("%"),
                                           .has_target = true,
                                           .target = {1250, 2},
                                           .due_day = cast_day(due)};
    struct dd_command command = {.kind = DD_COMMAND_REGISTER};
    command.as.register_ = (struct dd_register){.cycle = text(cycle),
                                                .unit = text(unit),
                                                .task = task,
                                                .kind = text(kind),
                                                .indicators = put,
                                                .indicator_count = count};
    return cast_do(cast, who, cast_at(at), &command);
}

enum dd_status cast_remove(struct cast *cast, uint32_t who, const char *at, const char *unit,
                           uint16_t task, const char *kind, uint16_t indicator)
{
    uint16_t *removed = cast_take(cast, sizeof *removed);
    *removed = indicator;
    struct dd_command command = {.kind = DD_COMMAND_REGISTER};
    command.as.register_ = (struct dd_register){.cycle = text(cycle),
                                                .unit = text(unit),
                                                .task = task,
                                                .kind = text(kind),
                                                .removed = removed,
                                                .removed_count = 1};
    return cast_do(cast, who, cast_at(at), &command);
}

static enum dd_status submit(struct cast *cast, uint32_t who, const char *at,
                             const struct dd_submit *what)
{
    struct dd_command command = {.kind = DD_COMMAND_SUBMIT};
    command.as.submit = *what;
    command.as.submit.cycle = text(cycle);
    command.as.submit.capacity = DD_CAPACITY_HEAD;
    return cast_do(cast, who, cast_at(at), &command);
}

enum dd_status cast_submit(struct cast *cast, uint32_t who, const char *at, const char *unit,
                           const char *reason)
{
    struct dd_submit what = {
        .unit = text(unit), .what = DD_SUBMISSION_REGISTRATION, .reason = text(reason)};
    return submit(cast, who, at, &what);
}

enum dd_status cast_report(struct cast *cast, uint32_t who, const char *at, const char *unit,
                           const char *report)
{
    struct dd_submit what = {
        .unit = text(unit), .what = DD_SUBMISSION_REPORT, .report = text(report)};
    return submit(cast, who, at, &what);
}

enum dd_status cast_withdraw(struct cast *cast, uint32_t who, const char *at, const char *unit,
                             uint16_t version)
{
    struct dd_command command = {.kind = DD_COMMAND_WITHDRAW};
    command.as.withdraw = (struct dd_withdraw){
        .cycle = text(cycle), .unit = text(unit), .version = version, .reason = text("sai sót")};
    return cast_do(cast, who, cast_at(at), &command);
}

static enum dd_status verdict(struct cast *cast, uint32_t who, const char *at, const char *unit,
                              uint16_t version, enum dd_verdict says, const char *reason)
{
    struct dd_version_row row;
    struct dd_command command = {.kind = DD_COMMAND_DECIDE};
    command.as.decide = (struct dd_decide){.cycle = text(cycle),
                                           .unit = text(unit),
                                           .version = version,
                                           .verdict = says,
                                           .reason = text(reason)};
    uint32_t number = dd_number_of(&cast->view, DD_TABLE_UNIT_CODE, text(unit));
    if (dd_get_version(&cast->view, 1, number, version, &row))
        memcpy(command.as.decide.content_hash, row.content_hash, sizeof row.content_hash);
    return cast_do(cast, who, cast_at(at), &command);
}

enum dd_status cast_agree(struct cast *cast, uint32_t who, const char *at, const char *unit,
                          uint16_t version)
{
    return verdict(cast, who, at, unit, version, DD_VERDICT_AGREE, "");
}

enum dd_status cast_return(struct cast *cast, uint32_t who, const char *at, const char *unit,
                           uint16_t version, const char *reason)
{
    return verdict(cast, who, at, unit, version, DD_VERDICT_RETURN, reason);
}

enum dd_status cast_progress(struct cast *cast, uint32_t who, const char *at, const char *unit,
                             uint16_t task, uint16_t indicator, enum dd_outcome outcome,
                             const char *day)
{
    struct dd_command command = {.kind = DD_COMMAND_PROGRESS};
    command.as.progress = (struct dd_progress){.cycle = text(cycle),
                                               .unit = text(unit),
                                               .task = task,
                                               .indicator = indicator,
                                               .outcome = outcome,
                                               .day = cast_day(day)};
    return cast_do(cast, who, cast_at(at), &command);
}

enum dd_status cast_close(struct cast *cast, const char *at)
{
    struct dd_command command = {.kind = DD_COMMAND_CLOSE_CYCLE};
    command.as.close_cycle = (struct dd_close_cycle){.cycle = text(cycle)};
    return cast_do(cast, CAST_ADMIN, cast_at(at), &command);
}

size_t cast_tick(struct cast *cast, int64_t at_ms)
{
    struct dd_command command = {.kind = DD_COMMAND_TICK};
    enum dd_status status = cast_do(cast, 0, at_ms, &command);
    DD_ASSERT(status == DD_OK);
    return cast->entry.events.count;
}

size_t cast_time(struct cast *cast, const char *at)
{
    size_t sum = 0;
    size_t events = 0;
    do {
        events = cast_tick(cast, cast_at(at));
        sum += events;
    } while (events > 0);
    return sum;
}

enum dd_status cast_ask(struct cast *cast, const struct dd_question *question, int64_t now_ms,
                        size_t page_bytes, struct dd_answer *answer)
{
    struct dd_asking asking = {&cast->view, &cast->keep, CAST_ADMIN, now_ms, page_bytes};
    size_t writes = naive_writes(&cast->rows);
    enum dd_status status = dd_answer(&asking, question, answer, &cast->refusal);
    DD_ASSERT(naive_writes(&cast->rows) == writes);
    return status;
}

void cast_bring_in_force(struct cast *cast, uint32_t unit, uint16_t count, const char *due)
{
    char *code = cast_take(cast, DD_CODE_BYTES_MAX + 1);
    dd_slice_text(cast_code(cast, unit), code, DD_CODE_BYTES_MAX + 1);
    uint32_t head = cast_head(unit);
    uint32_t appraiser = unit == CAST_SNV ? CAST_OFFICE_APPRAISER : CAST_APPRAISER;
    uint32_t approver = cast_dossier(cast, unit).approver;
    enum dd_status status[4];
    status[0] = cast_register(cast, head, "2013-01-21T08:59", code, 1, "own", count, due);
    status[1] = cast_submit(cast, head, "2013-01-21T09:00", code, "");
    status[2] = cast_agree(cast, appraiser, "2013-01-28T09:00", code, 1);
    status[3] = cast_agree(cast, approver, "2013-02-04T09:00", code, 1);
    for (size_t i = 0; i < 4; i++)
        DD_ASSERT(status[i] == DD_OK);
}

/* --- rows --- */

struct dd_dossier_row cast_dossier(struct cast *cast, uint32_t unit)
{
    struct dd_dossier_row row;
    bool there = dd_get_dossier(&cast->view, 1, unit, &row);
    DD_ASSERT(there);
    return row;
}

struct dd_version_row cast_version(struct cast *cast, uint32_t unit, uint16_t version)
{
    struct dd_version_row row;
    bool there = dd_get_version(&cast->view, 1, unit, version, &row);
    DD_ASSERT(there);
    return row;
}

struct dd_duty_row cast_duty(struct cast *cast, uint32_t unit, uint8_t stage, uint16_t a,
                             uint16_t b)
{
    struct dd_duty_key key = {1, unit, stage, a, b};
    struct dd_duty_row row = {.end = 0};
    (void)dd_get_duty(&cast->view, &key, &row);
    return row;
}

struct dd_tally_row cast_tally(struct cast *cast, enum dd_scope scope, uint32_t number,
                               uint8_t period)
{
    struct dd_tally_row row;
    dd_get_tally(&cast->view, 1, scope, number, period, &row);
    return row;
}
