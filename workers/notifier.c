/* The notifier's state machine. See workers/notifier.h. */
#include "workers/notifier.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/invariant.h"
#include "core/question.h"
#include "core/text.h"
#include "proto/codec.h"
#include "storage/kv_mem.h"

enum {
    SERVICE_BYTES = 8 + DD_CODE_BYTES_MAX,
    REQUEST_ID_BYTES = 16,
    ADDRESS_BYTES = 10, /* of a reminder in `after` */
    CYCLE_BYTES_MAX = 2 * DD_CODE_BYTES_MAX + 1,
    STAGE_KEY_BYTES = CYCLE_BYTES_MAX + 1 + DD_CODE_BYTES_MAX,
    STAGE_BYTES = 1 + 2 * (2 + DD_NAME_BYTES_MAX),
    DUTY_BYTES_MAX = 160,
    FRAMES_OF_A_REPLY = 4
};

static const char magic[] = "MDPC01";
static const char channel[] = "folder";

/* The three things it does, each with a time of its own and waiting for none of the others. */
enum lane_kind { LANE_FOLLOW, LANE_DELIVER, LANE_REPORT, LANES };

struct lane {
    int64_t due_ms;
    int64_t backoff_ms; /* 0: the last try went well */
};

enum asking { ASKING_NOTHING, ASKING_REMINDERS, ASKING_UNITS, ASKING_CYCLE, ASKING_REMINDED };

enum follow_step {
    FOLLOW_ASK,    /* for reminders */
    FOLLOW_NAMES,  /* for the names of units that the page's lines need */
    FOLLOW_STAGES, /* for the stages of a cycle that they are about */
    FOLLOW_STORE   /* the page into the outbox */
};

struct dd_notifier_machine {
    char service[SERVICE_BYTES + 1];
    uint64_t seed;
    uint64_t asked;
    bool started;
    enum dd_status failed;
    struct dd_refusal refused;
    struct dd_outbox_standing standing;
    struct lane lane[LANES];
    enum lane_kind last; /* whose turn it was */

    enum asking asking;
    uint8_t request_id[REQUEST_ID_BYTES];
    int64_t answer_by_ms;
    struct dd_arena scratch; /* what is sent, and answers but for the page */
    bool working;
    struct dd_notifier_job job;

    enum follow_step step;
    struct dd_arena page;
    struct dd_digest_line *lines;
    size_t line_count;
    struct dd_reminder_ref next; /* behind the page */
    bool more;                   /* there are pages behind it */
    bool seal_all;
    int64_t heard_ms; /* when a page last had lines */

    struct dd_kv_mem names[2]; /* code -> name: the ones in use, the ones being asked for */
    unsigned names_now;
    bool names_known;
    int64_t names_ms;
    uint8_t names_after[DD_KEY_BYTES_MAX];
    size_t names_after_bytes;

    struct dd_kv_mem stages; /* stage_key() -> stage_value(); a cycle's own key says: it was told */
    struct dd_slice cycle;   /* that is asked about: of a line of the page */

    enum dd_outbox_report how;
    struct dd_outbox_batch batch; /* count 0: none is ready to send */
};

/* ---- lanes ---- */

static void back_off(struct lane *lane, int64_t now_ms, int64_t first_ms, int64_t most_ms)
{
    lane->backoff_ms = lane->backoff_ms == 0 ? first_ms : lane->backoff_ms * 2;
    if (lane->backoff_ms < first_ms)
        lane->backoff_ms = first_ms;
    if (lane->backoff_ms > most_ms)
        lane->backoff_ms = most_ms;
    lane->due_ms = now_ms + lane->backoff_ms;
}

static void retry(struct dd_notifier_machine *n, enum lane_kind kind, int64_t now_ms)
{
    back_off(&n->lane[kind], now_ms, DD_NOTIFIER_RETRY_MS, DD_NOTIFIER_RETRY_MS_MAX);
}

static void went_well(struct dd_notifier_machine *n, enum lane_kind kind, int64_t due_ms)
{
    n->lane[kind] = (struct lane){.due_ms = due_ms};
}

static enum lane_kind lane_of(enum asking asking)
{
    return asking == ASKING_REMINDED ? LANE_REPORT : LANE_FOLLOW;
}

static bool wants(const struct dd_notifier_machine *n, enum lane_kind kind)
{
    switch (kind) {
    case LANE_FOLLOW:
        return true;
    case LANE_DELIVER:
        return n->standing.queued;
    case LANE_REPORT:
        return n->standing.to_report || n->batch.count > 0 || n->how != DD_OUTBOX_REPORT_NEXT;
    case LANES:
        break;
    }
    return false;
}

/* ---- make and free ---- */

enum dd_status dd_notifier_machine_make(struct dd_slice jurisdiction, uint64_t seed,
                                        const struct dd_outbox_standing *standing,
                                        struct dd_notifier_machine **out)
{
    struct dd_notifier_machine *n = calloc(1, sizeof *n);
    *out = NULL;
    if (!n)
        return DD_NO_MEMORY;
    DD_ASSERT(dd_text_code_ok(jurisdiction));
    memcpy(n->service, "dondoc.", 7);
    memcpy(n->service + 7, jurisdiction.data, jurisdiction.size);
    n->seed = seed;
    n->standing = *standing;
    n->scratch = dd_arena_make(DD_NOTIFIER_ARENA_BYTES);
    n->page = dd_arena_make(DD_NOTIFIER_ARENA_BYTES);
    for (int i = 0; i < 2; i++)
        dd_kv_mem_init(&n->names[i], DD_NOTIFIER_NAMES_BYTES);
    dd_kv_mem_init(&n->stages, DD_NOTIFIER_STAGES_BYTES);
    *out = n;
    return DD_OK;
}

void dd_notifier_machine_free(struct dd_notifier_machine *n)
{
    if (!n)
        return;
    dd_arena_free(&n->scratch);
    dd_arena_free(&n->page);
    for (int i = 0; i < 2; i++)
        dd_kv_mem_clear(&n->names[i]);
    dd_kv_mem_clear(&n->stages);
    free(n);
}

/* ---- asking ---- */

/* Writes the request's frames; false if there is no memory, and the lane then waits. */
static bool send_request(struct dd_notifier_machine *n, enum asking asking,
                         struct dd_request *request, int64_t now_ms, struct dd_notifier_output *out)
{
    struct dd_writer w = dd_writer_make(n->request_id, sizeof n->request_id);
    struct dd_slice body;
    dd_write_u64(&w, n->seed);
    dd_write_u64(&w, ++n->asked);
    request->protocol = DD_PROTOCOL_MAX;
    request->request_id = dd_writer_slice(&w);
    if (dd_codec_request_encode(request, &n->scratch, &body) != DD_OK) {
        retry(n, lane_of(asking), now_ms);
        return false;
    }
    out->frame[0] = (struct dd_slice){NULL, 0};
    out->frame[1] = dd_slice_of(magic);
    out->frame[2] = dd_slice_of(n->service);
    out->frame[3] = body;
    out->frame_count = DD_NOTIFIER_FRAMES;
    n->asking = asking;
    n->answer_by_ms = now_ms + DD_NOTIFIER_ANSWER_MS;
    out->wake_ms = n->answer_by_ms;
    return true;
}

static bool ask_reminders(struct dd_notifier_machine *n, int64_t now_ms,
                          struct dd_notifier_output *out)
{
    uint8_t after[ADDRESS_BYTES];
    struct dd_writer w = dd_writer_make(after, sizeof after);
    dd_write_u64(&w, n->standing.next.seq);
    dd_write_u16(&w, n->standing.next.index);
    struct dd_request request = {
        .has_question = true,
        .question = {.kind = DD_QUESTION_REMINDERS, .after = dd_writer_slice(&w)}};
    return send_request(n, ASKING_REMINDERS, &request, now_ms, out);
}

static bool ask_units(struct dd_notifier_machine *n, int64_t now_ms, struct dd_notifier_output *out)
{
    struct dd_request request = {
        .has_question = true,
        .question = {.kind = DD_QUESTION_UNITS, .after = {n->names_after, n->names_after_bytes}}};
    return send_request(n, ASKING_UNITS, &request, now_ms, out);
}

static bool ask_cycle(struct dd_notifier_machine *n, int64_t now_ms, struct dd_notifier_output *out)
{
    struct dd_request request = {.has_question = true,
                                 .question = {.kind = DD_QUESTION_CYCLE, .cycle = n->cycle}};
    return send_request(n, ASKING_CYCLE, &request, now_ms, out);
}

struct dd_id dd_notifier_command_id(const struct dd_outbox_batch *batch)
{
    static const char domain[] = "dondoc-reminded-v1";
    uint8_t bytes[ADDRESS_BYTES];
    uint8_t hash[DD_SHA256_BYTES];
    struct dd_sha256_stream stream;
    struct dd_id id;
    dd_sha256_begin(&stream);
    dd_sha256_add(&stream, dd_slice_of(domain));
    for (size_t i = 0; i < batch->count; i++) {
        struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
        dd_write_u64(&w, batch->refs[i].seq);
        dd_write_u16(&w, batch->refs[i].index);
        dd_sha256_add(&stream, dd_writer_slice(&w));
    }
    if (batch->attempt > 0) {
        struct dd_writer w = dd_writer_make(bytes, sizeof bytes);
        dd_write_u32(&w, batch->attempt);
        dd_sha256_add(&stream, dd_writer_slice(&w));
    }
    dd_sha256_end(&stream, hash);
    memcpy(id.byte, hash, sizeof id.byte);
    return id;
}

static bool send_reminded(struct dd_notifier_machine *n, int64_t now_ms,
                          struct dd_notifier_output *out)
{
    struct dd_signed_command carried = {0};
    struct dd_command command = {.id = dd_notifier_command_id(&n->batch),
                                 .kind = DD_COMMAND_REMINDED,
                                 .as.reminded = {.reminders = n->batch.refs,
                                                 .reminder_count = n->batch.count,
                                                 .channel = dd_slice_of(channel)}};
    struct dd_request request = {.commands = &carried, .command_count = 1};
    if (dd_codec_command_encode(&command, &n->scratch, &carried.command) != DD_OK) {
        retry(n, LANE_REPORT, now_ms);
        return false;
    }
    return send_request(n, ASKING_REMINDED, &request, now_ms, out);
}

/* ---- answers: stages ---- */

/* The cycle's code, a 0 (no code has one) and the stage's key; without a stage the cycle's own. */
static struct dd_slice stage_key(struct dd_slice cycle, struct dd_slice stage,
                                 uint8_t bytes[STAGE_KEY_BYTES])
{
    struct dd_writer w = dd_writer_make(bytes, STAGE_KEY_BYTES);
    dd_write_raw(&w, cycle.data, cycle.size);
    dd_write_u8(&w, 0);
    dd_write_raw(&w, stage.data, stage.size);
    DD_ASSERT(!w.overflow);
    return dd_writer_slice(&w);
}

static bool cycle_told(const struct dd_notifier_machine *n, struct dd_slice cycle)
{
    static const struct dd_slice none = {NULL, 0};
    uint8_t bytes[STAGE_KEY_BYTES];
    struct dd_kv_row row;
    return dd_kv_mem_find(&n->stages, stage_key(cycle, none, bytes), &row);
}

/* The page can be stored, unless one of its cycles is still to tell what its stages are called. */
static void store_or_ask(struct dd_notifier_machine *n)
{
    n->step = FOLLOW_STORE;
    for (size_t i = 0; i < n->line_count && n->step == FOLLOW_STORE; i++) {
        if (cycle_told(n, n->lines[i].cycle))
            continue;
        n->cycle = n->lines[i].cycle;
        n->step = FOLLOW_STAGES;
    }
}

static bool name_ok(struct dd_slice name)
{
    return name.size <= DD_NAME_BYTES_MAX && dd_text_plain(name);
}

static bool keep_stage(struct dd_notifier_machine *n, const struct dd_cycle_stage *stage)
{
    uint8_t key[STAGE_KEY_BYTES];
    uint8_t value[STAGE_BYTES];
    struct dd_writer w = dd_writer_make(value, sizeof value);
    if (!dd_text_code_ok(stage->key) || !name_ok(stage->name_vi) || !name_ok(stage->name_en))
        return true;
    dd_write_u8(&w, dd_silence_ends(stage->silence));
    dd_write_text16(&w, stage->name_vi);
    dd_write_text16(&w, stage->name_en);
    return dd_kv_mem_put(&n->stages, stage_key(n->cycle, stage->key, key), dd_writer_slice(&w)) ==
           DD_OK;
}

/* Names are no reason to wait: a cycle that does not tell them (stages NULL) counts as asked, and
 * its duties are called by their keys. */
static void take_stages(struct dd_notifier_machine *n, const struct dd_cycle_stage *stages,
                        size_t count, int64_t now_ms)
{
    static const struct dd_slice none = {NULL, 0};
    uint8_t key[STAGE_KEY_BYTES];
    bool kept = true;
    for (size_t i = 0; kept && i < count; i++)
        kept = keep_stage(n, &stages[i]);
    kept = kept && dd_kv_mem_put(&n->stages, stage_key(n->cycle, none, key), none) == DD_OK;
    went_well(n, LANE_FOLLOW, now_ms);
    if (kept) {
        store_or_ask(n);
        return;
    }
    dd_kv_mem_clear(&n->stages); /* full: the next pages begin anew */
    n->step = FOLLOW_STORE;
}

/* Puts the stage's names into the line. False if the line is not to be told: silence has ended the
 * duty by then, and that is its answer. */
static bool name_stage(const struct dd_notifier_machine *n, struct dd_digest_line *line)
{
    const uint8_t *slash = line->duty.size > 0 ? memchr(line->duty.data, '/', line->duty.size) : 0;
    struct dd_slice stage = line->duty;
    uint8_t bytes[STAGE_KEY_BYTES];
    struct dd_kv_row row;
    if (slash)
        stage.size = (size_t)(slash - line->duty.data);
    if (stage.size > DD_CODE_BYTES_MAX ||
        !dd_kv_mem_find(&n->stages, stage_key(line->cycle, stage, bytes), &row))
        return true;
    struct dd_reader r = dd_reader_make(row.value);
    bool silence_ends = dd_read_u8(&r) != 0;
    line->stage_vi = dd_read_text16(&r);
    line->stage_en = dd_read_text16(&r);
    DD_ASSERT(dd_reader_done(&r));
    return !silence_ends || line->bound_ms == 0 || line->at_ms < line->bound_ms;
}

/* ---- answers: names ---- */

static struct dd_slice name_of(struct dd_notifier_machine *n, struct dd_slice code)
{
    struct dd_kv_row row;
    bool found = code.size > 0 && dd_kv_mem_find(&n->names[n->names_now], code, &row);
    return found && row.value.size > 0 ? row.value : code;
}

static bool name_known(struct dd_notifier_machine *n, struct dd_slice code)
{
    struct dd_kv_row row;
    return dd_kv_mem_find(&n->names[n->names_now], code, &row);
}

static bool names_needed(struct dd_notifier_machine *n, int64_t now_ms)
{
    if (n->line_count == 0)
        return false;
    if (!n->names_known || now_ms - n->names_ms >= DD_NOTIFIER_NAMES_MS)
        return true;
    for (size_t i = 0; i < n->line_count; i++) {
        if (!name_known(n, n->lines[i].unit) || !name_known(n, n->lines[i].to_unit))
            return true;
    }
    return false;
}

static void begin_names(struct dd_notifier_machine *n)
{
    dd_kv_mem_clear(&n->names[1 - n->names_now]);
    n->names_after_bytes = 0;
    n->step = FOLLOW_NAMES;
}

/* A page of names. One that does not lead on ends the asking, too: names are no reason to wait. */
static void take_names(struct dd_notifier_machine *n, const struct dd_answer *answer,
                       int64_t now_ms)
{
    struct dd_kv_mem *names = &n->names[1 - n->names_now];
    const struct dd_units_answer *units = &answer->as.units;
    struct dd_slice after = {n->names_after, n->names_after_bytes};
    for (size_t i = 0; i < units->unit_count; i++) {
        struct dd_slice name = units->units[i].name;
        if (!dd_text_code_ok(units->units[i].code) || name.size > DD_NAME_BYTES_MAX ||
            !dd_text_plain(name))
            continue;
        if (dd_kv_mem_put(names, units->units[i].code, name) != DD_OK)
            break;
    }
    went_well(n, LANE_FOLLOW, now_ms);
    if (units->unit_count > 0 && answer->next.size > 0 &&
        answer->next.size <= sizeof n->names_after && !dd_slice_equal(answer->next, after)) {
        memcpy(n->names_after, answer->next.data, answer->next.size);
        n->names_after_bytes = answer->next.size;
        return;
    }
    n->names_now = 1 - n->names_now;
    n->names_known = true;
    n->names_ms = now_ms;
    store_or_ask(n);
}

/* ---- answers: reminders ---- */

static bool before(struct dd_reminder_ref a, struct dd_reminder_ref b)
{
    return a.seq < b.seq || (a.seq == b.seq && a.index < b.index);
}

static struct dd_reminder_ref behind(struct dd_reminder_ref ref)
{
    ref.index++;
    if (ref.index == 0)
        ref.seq++;
    return ref;
}

/* What goes into keys, file names and lines of text is looked at, whoever sent it. */
static bool line_ok(const struct dd_reminder_line *line)
{
    return dd_text_code_ok(line->to_unit) && dd_text_code_ok(line->unit) &&
           line->cycle.size <= CYCLE_BYTES_MAX && dd_text_plain(line->cycle) &&
           line->duty.size <= DUTY_BYTES_MAX && dd_text_plain(line->duty);
}

/* The lines of a page that are not told yet. False if it is no page that could follow. */
static bool take_lines(struct dd_notifier_machine *n, const struct dd_reminders_answer *page)
{
    n->line_count = 0;
    n->next = n->standing.next;
    n->lines = dd_arena_take(&n->page, page->reminder_count * sizeof *n->lines);
    if (!n->lines)
        return false;
    for (size_t i = 0; i < page->reminder_count; i++) {
        const struct dd_reminder_line *line = &page->reminders[i];
        struct dd_reminder_ref ref = {.seq = line->seq, .index = line->index};
        if (before(ref, n->next) || !line_ok(line))
            return false;
        n->next = behind(ref);
        if (line->delivered_ms != 0)
            continue; /* by an outbox that is no more */
        n->lines[n->line_count++] = (struct dd_digest_line){.ref = ref,
                                                            .cycle = line->cycle,
                                                            .unit = line->unit,
                                                            .duty = line->duty,
                                                            .to_unit = line->to_unit,
                                                            .rung = line->rung,
                                                            .superior = line->superior,
                                                            .at_ms = line->at_ms,
                                                            .bound_ms = line->bound_ms,
                                                            .offset_min = line->offset_min};
    }
    return true;
}

static void take_reminders(struct dd_notifier_machine *n, const struct dd_answer *answer,
                           int64_t now_ms)
{
    if (!take_lines(n, &answer->as.reminders)) {
        retry(n, LANE_FOLLOW, now_ms);
        return;
    }
    went_well(n, LANE_FOLLOW, now_ms);
    n->seal_all = false;
    if (before(n->standing.next, n->next)) {
        n->more = answer->next.size > 0;
        n->heard_ms = now_ms;
        if (names_needed(n, now_ms))
            begin_names(n);
        else
            store_or_ask(n);
    } else if (n->standing.gathering && now_ms - n->heard_ms >= DD_NOTIFIER_QUIET_MS) {
        n->seal_all = true;
        n->more = false;
        n->step = FOLLOW_STORE;
    } else {
        n->lane[LANE_FOLLOW].due_ms = now_ms + DD_NOTIFIER_POLL_MS;
    }
}

/* ---- answers: what became of a report, and refusals ---- */

static void take_report(struct dd_notifier_machine *n, const struct dd_refusal *refusal,
                        int64_t now_ms)
{
    enum dd_status_class class_ = dd_status_class(refusal->status);
    if (refusal->status == DD_OK) {
        n->how = DD_OUTBOX_REPORT_ACCEPTED;
        n->batch.count = 0;
        went_well(n, LANE_REPORT, now_ms);
        return;
    }
    n->refused = *refusal;
    if (class_ == DD_CLASS_RETRY) {
        retry(n, LANE_REPORT, now_ms);
        return;
    }
    /* A refusal by a rule is remembered under the command's id for ever, and a conflict is, too:
     * the next try needs another id. */
    if (class_ == DD_CLASS_REFUSED || refusal->status == DD_ID_CONFLICT) {
        n->how = DD_OUTBOX_REPORT_AGAIN;
        n->batch.count = 0;
    }
    back_off(&n->lane[LANE_REPORT], now_ms, DD_NOTIFIER_REFUSED_MS, DD_NOTIFIER_REFUSED_MS_MAX);
}

static void take_no(struct dd_notifier_machine *n, const struct dd_refusal *refusal,
                    enum asking asked, int64_t now_ms)
{
    if (asked == ASKING_REMINDED) {
        take_report(n, refusal, now_ms);
        return;
    }
    n->refused = *refusal;
    if (dd_status_class(refusal->status) == DD_CLASS_RETRY)
        retry(n, LANE_FOLLOW, now_ms);
    else if (asked == ASKING_CYCLE)
        take_stages(n, NULL, 0, now_ms);
    else
        back_off(&n->lane[LANE_FOLLOW], now_ms, DD_NOTIFIER_DENIED_MS, DD_NOTIFIER_DENIED_MS_MAX);
}

static void take_reply(struct dd_notifier_machine *n, const struct dd_reply *reply,
                       enum asking asked, int64_t now_ms)
{
    bool reminders = reply->has_answer && reply->answer.kind == DD_QUESTION_REMINDERS;
    bool units = reply->has_answer && reply->answer.kind == DD_QUESTION_UNITS;
    bool cycle = reply->has_answer && reply->answer.kind == DD_QUESTION_CYCLE;
    if (reply->refusal.status != DD_OK)
        take_no(n, &reply->refusal, asked, now_ms);
    else if (asked == ASKING_REMINDERS && reminders)
        take_reminders(n, &reply->answer, now_ms);
    else if (asked == ASKING_UNITS && units)
        take_names(n, &reply->answer, now_ms);
    else if (asked == ASKING_CYCLE && cycle)
        take_stages(n, reply->answer.as.cycle.stages, reply->answer.as.cycle.stage_count, now_ms);
    else if (asked == ASKING_REMINDED && reply->result_count == 1)
        take_report(n, &reply->results[0].refusal, now_ms);
    else
        retry(n, lane_of(asked), now_ms); /* an answer to something else */
}

void dd_notifier_machine_receive(struct dd_notifier_machine *n, const struct dd_slice *frames,
                                 size_t count, int64_t now_ms)
{
    struct dd_slice id = {n->request_id, sizeof n->request_id};
    enum asking asked = n->asking;
    struct dd_arena *arena = asked == ASKING_REMINDERS ? &n->page : &n->scratch;
    struct dd_refusal refusal;
    struct dd_reply reply;
    if (asked == ASKING_NOTHING || count != FRAMES_OF_A_REPLY || frames[0].size != 0 ||
        !dd_slice_equal(frames[1], dd_slice_of(magic)) ||
        !dd_slice_equal(frames[2], dd_slice_of(n->service)))
        return;
    dd_arena_reset(arena);
    /* What cannot be read is as good as silence: asked again when the time is over. */
    if (dd_codec_reply_decode(frames[3], arena, &reply, &refusal) != DD_OK ||
        !dd_slice_equal(reply.request_id, id))
        return;
    n->asking = ASKING_NOTHING;
    take_reply(n, &reply, asked, now_ms);
}

void dd_notifier_machine_unsent(struct dd_notifier_machine *n, int64_t now_ms)
{
    enum lane_kind kind = lane_of(n->asking);
    if (n->asking == ASKING_NOTHING)
        return;
    n->asking = ASKING_NOTHING;
    retry(n, kind, now_ms);
}

/* ---- jobs ---- */

/* Names what the lines name by code, and drops those that are not to be told. */
static void name_lines(struct dd_notifier_machine *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n->line_count; i++) {
        struct dd_digest_line line = n->lines[i];
        line.unit_name = name_of(n, line.unit);
        line.to_name = name_of(n, line.to_unit);
        if (name_stage(n, &line))
            n->lines[kept++] = line;
    }
    n->line_count = kept;
}

static bool start_job(struct dd_notifier_machine *n, enum dd_notifier_job_kind kind,
                      struct dd_notifier_output *out)
{
    n->job = (struct dd_notifier_job){.kind = kind};
    if (kind == DD_NOTIFIER_GATHER) {
        name_lines(n);
        n->job.lines = n->lines;
        n->job.line_count = n->line_count;
        n->job.next = n->next;
        n->job.seal_all = n->seal_all;
    }
    n->job.how = n->how;
    n->working = true;
    out->job = &n->job;
    return true;
}

static void gathered(struct dd_notifier_machine *n, int64_t now_ms)
{
    went_well(n, LANE_FOLLOW, n->more ? now_ms : now_ms + DD_NOTIFIER_POLL_MS);
    n->step = FOLLOW_ASK;
    n->line_count = 0;
    dd_arena_reset(&n->page);
}

void dd_notifier_machine_done(struct dd_notifier_machine *n, int64_t now_ms)
{
    static const enum lane_kind lanes[] = {[DD_NOTIFIER_GATHER] = LANE_FOLLOW,
                                           [DD_NOTIFIER_DELIVER] = LANE_DELIVER,
                                           [DD_NOTIFIER_REPORT] = LANE_REPORT};
    const struct dd_notifier_job *job = &n->job;
    DD_ASSERT(n->working);
    n->working = false;
    if (job->status == DD_NO_SPACE || job->status == DD_NO_MEMORY) {
        retry(n, lanes[job->kind], now_ms);
        return;
    }
    if (job->status != DD_OK) {
        n->failed = job->status;
        return;
    }
    n->standing = job->standing;
    switch (job->kind) {
    case DD_NOTIFIER_GATHER:
        gathered(n, now_ms);
        return;
    case DD_NOTIFIER_DELIVER:
        if (job->delivery_status == DD_OK)
            went_well(n, LANE_DELIVER, now_ms);
        else
            retry(n, LANE_DELIVER, now_ms);
        return;
    case DD_NOTIFIER_REPORT:
        n->how = DD_OUTBOX_REPORT_NEXT;
        n->batch = job->batch;
        n->lane[LANE_REPORT].due_ms = now_ms; /* the back-off is ended by an accepted command */
        return;
    }
}

/* ---- time ---- */

static bool start_follow(struct dd_notifier_machine *n, int64_t now_ms,
                         struct dd_notifier_output *out)
{
    switch (n->step) {
    case FOLLOW_ASK:
        return ask_reminders(n, now_ms, out);
    case FOLLOW_NAMES:
        return ask_units(n, now_ms, out);
    case FOLLOW_STAGES:
        return ask_cycle(n, now_ms, out);
    case FOLLOW_STORE:
        return start_job(n, DD_NOTIFIER_GATHER, out);
    }
    return false;
}

static bool start(struct dd_notifier_machine *n, enum lane_kind kind, int64_t now_ms,
                  struct dd_notifier_output *out)
{
    n->last = kind;
    dd_arena_reset(&n->scratch);
    if (kind == LANE_FOLLOW)
        return start_follow(n, now_ms, out);
    if (kind == LANE_DELIVER)
        return start_job(n, DD_NOTIFIER_DELIVER, out);
    if (n->batch.count > 0)
        return send_reminded(n, now_ms, out);
    return start_job(n, DD_NOTIFIER_REPORT, out);
}

/* The lanes take turns, so that none starves while another always has something to do. */
static void look_at_lanes(struct dd_notifier_machine *n, int64_t now_ms,
                          struct dd_notifier_output *out)
{
    enum lane_kind first = n->last;
    for (int i = 1; i <= LANES; i++) {
        enum lane_kind kind = (enum lane_kind)(((int)first + i) % LANES);
        if (!wants(n, kind))
            continue;
        if (n->lane[kind].due_ms <= now_ms && start(n, kind, now_ms, out))
            return;
        if (n->lane[kind].due_ms < out->wake_ms)
            out->wake_ms = n->lane[kind].due_ms;
    }
}

void dd_notifier_machine_tick(struct dd_notifier_machine *n, int64_t now_ms,
                              struct dd_notifier_output *out)
{
    *out = (struct dd_notifier_output){
        .wake_ms = INT64_MAX, .refused = n->refused, .failed = n->failed};
    n->refused = (struct dd_refusal){.status = DD_OK};
    if (!n->started)
        n->heard_ms = now_ms; /* what was being gathered before gets its time of quiet, too */
    n->started = true;
    if (n->failed != DD_OK || n->working)
        return;
    if (n->asking != ASKING_NOTHING && now_ms >= n->answer_by_ms)
        dd_notifier_machine_unsent(n, now_ms);
    if (n->asking != ASKING_NOTHING)
        out->wake_ms = n->answer_by_ms;
    else
        look_at_lanes(n, now_ms, out);
}

bool dd_notifier_machine_idle(const struct dd_notifier_machine *n)
{
    return n->asking == ASKING_NOTHING && !n->working && n->step == FOLLOW_ASK &&
           !n->standing.gathering && !wants(n, LANE_DELIVER) && !wants(n, LANE_REPORT);
}
