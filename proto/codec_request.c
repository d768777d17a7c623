/*
 * Requests and the questions in them, both ways. See proto/codec.h. The protocol's version is
 * looked at before anything else: a later version may have fields that are not known here.
 */
#include "proto/codec.h"

#include <string.h>

#include "proto/codec_part.h"

enum { SIGNATURE_BYTES = 64 };

static void duties_question_read(struct dd_checker *c, const Dondoc__V1__DutiesQuestion *in,
                                 struct dd_question *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code_or_none(c, "unit", in->unit);
    out->act = (enum dd_act)in->act;
    out->has_as_of = in->as_of[0] != '\0';
    out->as_of_day = dd_check_day_or(c, "as_of", in->as_of, 0);
}

static void table_question_read(struct dd_checker *c, const Dondoc__V1__TableQuestion *in,
                                struct dd_question *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->period = dd_check_code_or_none(c, "period", in->period);
    out->has_as_of = in->as_of[0] != '\0';
    out->as_of_day = dd_check_day_or(c, "as_of", in->as_of, 0);
}

static void dossier_question_read(struct dd_checker *c, const Dondoc__V1__DossierQuestion *in,
                                  struct dd_question *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code(c, "unit", in->unit);
    out->version = dd_check_u16(c, "version", in->version, 0, DD_VERSIONS_PER_DOSSIER_MAX);
}

static void log_question_read(struct dd_checker *c, const Dondoc__V1__LogQuestion *in,
                              struct dd_question *out)
{
    out->from_seq = in->from_seq;
    out->limit = in->limit;
    out->unit = dd_check_code_or_none(c, "unit", in->unit);
    out->account = dd_check_code_or_none(c, "account", in->account);
    out->from_ms = dd_check_i64(c, "from_ms", in->from_ms, 0, DD_CODEC_INSTANT_MAX);
    out->to_ms = dd_check_i64(c, "to_ms", in->to_ms, 0, DD_CODEC_INSTANT_MAX);
}

static void matters_question_read(struct dd_checker *c, const Dondoc__V1__MattersQuestion *in,
                                  struct dd_question *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->unit = dd_check_code_or_none(c, "unit", in->unit);
    out->matter_kind = dd_check_code_or_none(c, "kind", in->kind);
}

static void matter_question_read(struct dd_checker *c, const Dondoc__V1__MatterQuestion *in,
                                 struct dd_question *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->matter = dd_check_u16(c, "matter", in->matter, 1, DD_MATTERS_PER_CYCLE_MAX);
}

static void figures_question_read(struct dd_checker *c, const Dondoc__V1__FiguresQuestion *in,
                                  struct dd_question *out)
{
    out->cycle = dd_check_cycle(c, "cycle", in->cycle);
    out->stage = dd_check_code(c, "stage", in->stage);
    out->period = dd_check_code_or_none(c, "period", in->period);
    out->has_as_of = in->as_of[0] != '\0';
    out->as_of_day = dd_check_day_or(c, "as_of", in->as_of, 0);
}

/* The kind's number is that of its field in Question.body. */
static void question_body_read(struct dd_checker *c, const Dondoc__V1__Question *in,
                               struct dd_question *out)
{
    switch (out->kind) {
    case DD_QUESTION_CYCLE:
        out->cycle = dd_check_cycle(c, "cycle", in->cycle->cycle);
        return;
    case DD_QUESTION_TABLE:
        table_question_read(c, in->table, out);
        return;
    case DD_QUESTION_DUTIES:
        duties_question_read(c, in->duties, out);
        return;
    case DD_QUESTION_DOSSIER:
        dossier_question_read(c, in->dossier, out);
        return;
    case DD_QUESTION_REMINDERS:
        out->cycle = dd_check_cycle_or_none(c, "cycle", in->reminders->cycle);
        return;
    case DD_QUESTION_LOG:
        log_question_read(c, in->log, out);
        return;
    case DD_QUESTION_MATTERS:
        matters_question_read(c, in->matters, out);
        return;
    case DD_QUESTION_MATTER:
        matter_question_read(c, in->matter, out);
        return;
    case DD_QUESTION_FIGURES:
        figures_question_read(c, in->figures, out);
        return;
    case DD_QUESTION_PUBLICATIONS:
        out->unit = dd_check_code_or_none(c, "unit", in->publications->unit);
        return;
    case DD_QUESTION_DELEGATIONS:
        out->unit = dd_check_code_or_none(c, "unit", in->delegations->unit);
        return;
    case DD_QUESTION_HELLO:
    case DD_QUESTION_DIGEST:
    case DD_QUESTION_UNITS:
    case DD_QUESTION_CYCLES:
        return;
    }
}

static const char *question_field(enum dd_question_kind kind)
{
    switch (kind) {
#define FIELD(name, number, word) \
    case DD_QUESTION_##name: \
        return word;
        DD_QUESTION_TABLE(FIELD)
#undef FIELD
    }
    return "body";
}

void dd_question_read(struct dd_checker *c, const Dondoc__V1__Question *in, struct dd_question *out)
{
    out->min_seq = in->min_seq;
    if (in->after.len > DD_KEY_BYTES_MAX)
        dd_check_fault_number(c, DD_RULE_TOO_LONG, "after", DD_KEY_BYTES_MAX);
    out->after = (struct dd_slice){in->after.data, in->after.len};
    dd_check_present(c, "body", in->body_case != DONDOC__V1__QUESTION__BODY__NOT_SET);
    if (in->body_case == DONDOC__V1__QUESTION__BODY__NOT_SET)
        return;
    out->kind = (enum dd_question_kind)in->body_case;
    dd_check_enter(c, question_field(out->kind));
    question_body_read(c, in, out);
    dd_check_leave(c);
}

static void signed_command_read(struct dd_checker *c, const Dondoc__V1__SignedCommand *in,
                                struct dd_signed_command *out)
{
    out->command = (struct dd_slice){in->command.data, in->command.len};
    out->signature = (struct dd_slice){in->signature.data, in->signature.len};
    if (out->signature.size > 0 && out->signature.size != SIGNATURE_BYTES)
        dd_check_fault_number(c, DD_RULE_BAD_LENGTH, "signature", SIGNATURE_BYTES);
}

static DD_CHECK_LIST(signed_commands_read, Dondoc__V1__SignedCommand, struct dd_signed_command,
                     signed_command_read);

/* Commands, a question or an act on the clock: one of them, and no more. */
static void body_check(struct dd_checker *c, const Dondoc__V1__Request *in)
{
    bool commands = in->n_commands > 0;

    if (!commands && !in->question && !in->clock_advance)
        dd_check_fault(c, DD_RULE_MISSING, "commands");
    if (in->question && commands)
        dd_check_fault_text(c, DD_RULE_DUPLICATE, "question", "question");
    if (in->clock_advance && (commands || in->question))
        dd_check_fault_text(c, DD_RULE_DUPLICATE, "clock_advance", "clock_advance");
}

static void head_read(struct dd_checker *c, const Dondoc__V1__Request *in, struct dd_request *out)
{
    out->protocol = in->protocol;
    out->request_id = (struct dd_slice){in->request_id.data, in->request_id.len};
    dd_check_present(c, "request_id", in->request_id.len > 0);
    if (in->request_id.len > DD_REQUEST_ID_BYTES_MAX)
        dd_check_fault_number(c, DD_RULE_TOO_LONG, "request_id", DD_REQUEST_ID_BYTES_MAX);
    out->deadline_ms = dd_check_i64(c, "deadline_ms", in->deadline_ms, 0, DD_CODEC_INSTANT_MAX);
    out->trace_id = dd_check_line(c, "trace_id", in->trace_id, DD_TRACE_ID_BYTES_MAX);
}

static void request_read(struct dd_checker *c, const Dondoc__V1__Request *in,
                         struct dd_request *out)
{
    head_read(c, in, out);
    body_check(c, in);
    out->command_count = in->n_commands;
    out->commands = signed_commands_read(c, "commands", in->commands, in->n_commands,
                                         DD_COMMANDS_PER_REQUEST_MAX);
    out->has_question = in->question != NULL;
    if (in->question) {
        dd_check_enter(c, "question");
        dd_question_read(c, in->question, &out->question);
        dd_check_leave(c);
    }
    out->has_clock_advance = in->clock_advance != NULL;
    if (in->clock_advance) {
        dd_check_enter(c, "clock_advance");
        out->clock_to_ms =
            dd_check_i64(c, "to_ms", in->clock_advance->to_ms, 0, DD_CODEC_INSTANT_MAX);
        dd_check_leave(c);
    }
}

static enum dd_status protocol_check(struct dd_slice bytes, struct dd_refusal *refusal)
{
    struct dd_envelope envelope;

    if (bytes.size > DD_REQUEST_BYTES_MAX || !dd_envelope_peek(bytes, &envelope))
        return DD_OK; /* the scan says what is wrong */
    if (envelope.protocol >= DD_PROTOCOL_MIN && envelope.protocol <= DD_PROTOCOL_MAX)
        return DD_OK;
    dd_refuse_number(refusal, DD_VERSION, DD_RULE_BAD_PROTOCOL, "protocol", DD_PROTOCOL_MIN);
    dd_decimal(DD_PROTOCOL_MAX, refusal->param[1]);
    return DD_VERSION;
}

enum dd_status dd_codec_request_decode(struct dd_slice bytes, struct dd_arena *arena,
                                       struct dd_request *out, struct dd_refusal *refusal)
{
    struct dd_checker c = dd_checker_make(arena, refusal);

    memset(out, 0, sizeof *out);
    if (protocol_check(bytes, refusal) != DD_OK)
        return DD_VERSION;
    ProtobufCMessage *message = dd_check_unpack(&c, bytes, DD_REQUEST_BYTES_MAX,
                                                &dondoc__v1__request__descriptor, DD_SCAN_STRICT);
    if (message)
        request_read(&c, (const Dondoc__V1__Request *)message, out);
    return dd_checker_status(&c);
}

static char *as_of_pack(struct dd_packer *p, const struct dd_question *in)
{
    return in->has_as_of ? dd_pack_day(p, in->as_of_day) : dd_pack_static("");
}

static void table_question_pack(struct dd_packer *p, Dondoc__V1__TableQuestion *out,
                                const struct dd_question *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->period = dd_pack_text(p, in->period);
    out->as_of = as_of_pack(p, in);
}

static void duties_question_pack(struct dd_packer *p, Dondoc__V1__DutiesQuestion *out,
                                 const struct dd_question *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->act = (Dondoc__V1__Act)in->act;
    out->as_of = as_of_pack(p, in);
}

static void dossier_question_pack(struct dd_packer *p, Dondoc__V1__DossierQuestion *out,
                                  const struct dd_question *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->version = in->version;
}

static void cycle_question_pack(struct dd_packer *p, Dondoc__V1__CycleQuestion *out,
                                const struct dd_question *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
}

static void reminders_question_pack(struct dd_packer *p, Dondoc__V1__RemindersQuestion *out,
                                    const struct dd_question *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
}

static void log_question_pack(struct dd_packer *p, Dondoc__V1__LogQuestion *out,
                              const struct dd_question *in)
{
    out->from_seq = in->from_seq;
    out->limit = in->limit;
    out->unit = dd_pack_text(p, in->unit);
    out->account = dd_pack_text(p, in->account);
    out->from_ms = in->from_ms;
    out->to_ms = in->to_ms;
}

static void matters_question_pack(struct dd_packer *p, Dondoc__V1__MattersQuestion *out,
                                  const struct dd_question *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->unit = dd_pack_text(p, in->unit);
    out->kind = dd_pack_text(p, in->matter_kind);
}

static void matter_question_pack(struct dd_packer *p, Dondoc__V1__MatterQuestion *out,
                                 const struct dd_question *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->matter = in->matter;
}

static void figures_question_pack(struct dd_packer *p, Dondoc__V1__FiguresQuestion *out,
                                  const struct dd_question *in)
{
    out->cycle = dd_pack_text(p, in->cycle);
    out->stage = dd_pack_text(p, in->stage);
    out->period = dd_pack_text(p, in->period);
    out->as_of = as_of_pack(p, in);
}

static void publications_question_pack(struct dd_packer *p, Dondoc__V1__PublicationsQuestion *out,
                                       const struct dd_question *in)
{
    out->unit = dd_pack_text(p, in->unit);
}

static void delegations_question_pack(struct dd_packer *p, Dondoc__V1__DelegationsQuestion *out,
                                      const struct dd_question *in)
{
    out->unit = dd_pack_text(p, in->unit);
}

/* Kinds whose message has no field. */
static void nothing_pack(struct dd_packer *p, void *out, const struct dd_question *in)
{
    (void)p;
    (void)out;
    (void)in;
}

// clang-format off
#define BODIES(X)                                                \
    X(HELLO,        hello,        nothing_pack)                 \
    X(CYCLE,        cycle,        cycle_question_pack)          \
    X(TABLE,        table,        table_question_pack)          \
    X(DUTIES,       duties,       duties_question_pack)         \
    X(DOSSIER,      dossier,      dossier_question_pack)        \
    X(REMINDERS,    reminders,    reminders_question_pack)      \
    X(LOG,          log,          log_question_pack)            \
    X(DIGEST,       digest,       nothing_pack)                 \
    X(UNITS,        units,        nothing_pack)                 \
    X(CYCLES,       cycles,       nothing_pack)                 \
    X(MATTERS,      matters,      matters_question_pack)        \
    X(MATTER,       matter,       matter_question_pack)         \
    X(FIGURES,      figures,      figures_question_pack)        \
    X(PUBLICATIONS, publications, publications_question_pack)   \
    X(DELEGATIONS,  delegations,  delegations_question_pack)
// clang-format on

static void question_body_pack(struct dd_packer *p, Dondoc__V1__Question *out,
                               const struct dd_question *in)
{
    switch (in->kind) {
#define PACK(name, member, writer) \
    case DD_QUESTION_##name: \
        out->body_case = DONDOC__V1__QUESTION__BODY_##name; \
        out->member = dd_pack_message(p, &dondoc__v1__##member##_question__descriptor); \
        if (out->member) \
            writer(p, out->member, in); \
        return;
        BODIES(PACK)
#undef PACK
    }
}

Dondoc__V1__Question *dd_question_pack(struct dd_packer *p, const struct dd_question *in)
{
    Dondoc__V1__Question *out = dd_pack_message(p, &dondoc__v1__question__descriptor);

    if (!out)
        return NULL;
    out->min_seq = in->min_seq;
    out->after = dd_pack_slice(in->after);
    question_body_pack(p, out, in);
    return out;
}

static void signed_command_pack(struct dd_packer *p, Dondoc__V1__SignedCommand *out,
                                const struct dd_signed_command *in)
{
    (void)p;
    out->command = dd_pack_slice(in->command);
    out->signature = dd_pack_slice(in->signature);
}

static DD_PACK_LIST(signed_commands_pack, Dondoc__V1__SignedCommand,
                    dondoc__v1__signed_command__descriptor, struct dd_signed_command,
                    signed_command_pack);

enum dd_status dd_codec_request_encode(const struct dd_request *request, struct dd_arena *arena,
                                       struct dd_slice *out)
{
    struct dd_packer p = dd_packer_make(arena);
    Dondoc__V1__Request message;
    Dondoc__V1__ClockAdvance clock_advance;

    dondoc__v1__request__init(&message);
    message.protocol = request->protocol;
    message.request_id = dd_pack_slice(request->request_id);
    message.deadline_ms = request->deadline_ms;
    message.trace_id = dd_pack_text(&p, request->trace_id);
    message.n_commands = request->command_count;
    message.commands = signed_commands_pack(&p, request->commands, request->command_count);
    if (request->has_question)
        message.question = dd_question_pack(&p, &request->question);
    if (request->has_clock_advance) {
        dondoc__v1__clock_advance__init(&clock_advance);
        clock_advance.to_ms = request->clock_to_ms;
        message.clock_advance = &clock_advance;
    }
    return dd_pack_finish(&p, &message.base, DD_REQUEST_BYTES_MAX, out);
}
