/* Replies, results and refusals, both ways. See proto/codec.h. */
#include "proto/codec.h"

#include <string.h>

#include "proto/codec_part.h"

static Dondoc__V1__Refusal *refusal_pack(struct dd_packer *p, const struct dd_refusal *in)
{
    if (in->status == DD_OK)
        return NULL;
    Dondoc__V1__Refusal *out = dd_pack_message(p, &dondoc__v1__refusal__descriptor);
    struct dd_refusal clean;
    if (!out)
        return NULL;
    dd_envelope_refusal(in, &clean);
    struct dd_slice params[2] = {dd_slice_of(clean.param[0]), dd_slice_of(clean.param[1])};
    out->status = (uint32_t)in->status;
    out->key = dd_pack_static(dd_status_key(in->status));
    out->rule = (uint32_t)in->rule;
    if (in->rule != DD_RULE_NONE)
        out->rule_key = dd_pack_static(dd_rule_key(in->rule));
    out->field = dd_pack_text(p, dd_slice_of(clean.field));
    out->n_params = params[1].size > 0 ? 2 : params[0].size > 0 ? 1 : 0;
    out->params = dd_pack_texts(p, params, out->n_params);
    return out;
}

static void result_pack(struct dd_packer *p, Dondoc__V1__Result *out, const struct dd_result *in)
{
    out->id = dd_pack_bytes(in->id.byte, sizeof in->id.byte);
    out->seq = in->seq;
    out->refusal = refusal_pack(p, &in->refusal);
    out->remembered = in->remembered;
}

static DD_PACK_LIST(results_pack, Dondoc__V1__Result, dondoc__v1__result__descriptor,
                    struct dd_result, result_pack);

enum dd_status dd_codec_reply_encode(const struct dd_reply *reply, struct dd_arena *arena,
                                     struct dd_slice *out)
{
    struct dd_packer p = dd_packer_make(arena);
    Dondoc__V1__Reply message;

    dondoc__v1__reply__init(&message);
    message.request_id = dd_pack_slice(reply->request_id);
    message.credit = reply->credit;
    message.n_results = reply->result_count;
    message.results = results_pack(&p, reply->results, reply->result_count);
    if (reply->has_answer)
        message.answer = dd_answer_pack(&p, &reply->answer);
    message.refusal = refusal_pack(&p, &reply->refusal);
    message.now_ms = reply->now_ms;
    return dd_pack_finish(&p, &message.base, DD_REPLY_BYTES_MAX, out);
}

/* A refusal says something, so that a status of 0 in it does not read as accepted. */
static void refusal_read(struct dd_checker *c, const Dondoc__V1__Refusal *in,
                         struct dd_refusal *out)
{
    if (!in)
        return;
    if (in->status == DD_OK)
        dd_check_fault(c, DD_RULE_MISSING, "refusal.status");
    out->status = (enum dd_status)in->status;
    out->rule = (enum dd_rule)in->rule;
    dd_slice_text(dd_check_any(in->field), out->field, sizeof out->field);
    for (size_t i = 0; i < in->n_params && i < 2; i++)
        dd_slice_text(dd_check_any(in->params[i]), out->param[i], sizeof out->param[i]);
}

static void result_read(struct dd_checker *c, const Dondoc__V1__Result *in, struct dd_result *out)
{
    dd_check_bytes(c, "id", in->id, out->id.byte, sizeof out->id.byte);
    out->seq = in->seq;
    refusal_read(c, in->refusal, &out->refusal);
    out->remembered = in->remembered;
}

static DD_CHECK_LIST(results_read, Dondoc__V1__Result, struct dd_result, result_read);

enum dd_status dd_codec_reply_decode(struct dd_slice bytes, struct dd_arena *arena,
                                     struct dd_reply *out, struct dd_refusal *refusal)
{
    struct dd_checker c = dd_checker_make(arena, refusal);
    ProtobufCMessage *message = dd_check_unpack(&c, bytes, DD_REPLY_BYTES_MAX,
                                                &dondoc__v1__reply__descriptor, DD_SCAN_TOLERANT);

    memset(out, 0, sizeof *out);
    if (!message)
        return dd_checker_status(&c);
    const Dondoc__V1__Reply *in = (const Dondoc__V1__Reply *)message;
    out->request_id = (struct dd_slice){in->request_id.data, in->request_id.len};
    out->credit = in->credit;
    out->result_count = in->n_results;
    out->results = results_read(&c, "results", in->results, in->n_results, SIZE_MAX);
    out->has_answer = in->answer != NULL;
    if (in->answer) {
        dd_check_enter(&c, "answer");
        dd_answer_read(&c, in->answer, &out->answer);
        dd_check_leave(&c);
    }
    refusal_read(&c, in->refusal, &out->refusal);
    out->now_ms = in->now_ms;
    return dd_checker_status(&c);
}
