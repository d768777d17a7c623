/*
 * The envelope of a request and the answer that needs nobody behind it: all of the messages that
 * the broker knows. Written by hand over the wire format, so that the broker links no decoder of
 * messages; it never looks into a command or a question.
 */
#ifndef DD_PROTO_ENVELOPE_H
#define DD_PROTO_ENVELOPE_H

#include <stdbool.h>

#include "core/bytes.h"
#include "core/rule.h"

enum {
    DD_PROTOCOL_MIN = 1, /* versions of the protocol that are spoken here */
    DD_PROTOCOL_MAX = 1,
    DD_REQUEST_ID_BYTES_MAX = 32,
    DD_TRACE_ID_BYTES_MAX = 64,
    DD_ENVELOPE_REPLY_BYTES_MAX = 1024 /* of what dd_envelope_reply writes */
};

/* What a request says of itself. Slices borrow from the body. */
struct dd_envelope {
    uint32_t protocol;
    struct dd_slice request_id; /* empty if absent or above its limit */
    int64_t deadline_ms;        /* 0: none */
    struct dd_slice trace_id;   /* empty if absent, too long or not one line: it is logged */
    size_t command_count;
    bool has_question;
    bool has_clock_advance;
    int64_t clock_to_ms;
    bool strange; /* a field of it, or of its clock_advance, is unknown, of another type or twice */
};

/* Reads the envelope, passing over fields that it does not know: whether a request is well-formed
 * is the codec's question. (`strange` is for what never reaches the codec.) False, with *out
 * zeroed, if the bytes are not a message at all. */
bool dd_envelope_peek(struct dd_slice body, struct dd_envelope *out);

/* Copies a refusal for the wire: parameters that are not one line of text (they may quote what came
 * in) get a '?' for every byte that is not printable ASCII. */
void dd_envelope_refusal(const struct dd_refusal *refusal, struct dd_refusal *out);

/* Writes a Reply without results: with *refusal of the whole request, or refusal NULL for a success
 * that has nothing more to say. credit: requests the client may have in flight; now_ms: the instant
 * of receipt. At most DD_ENVELOPE_REPLY_BYTES_MAX bytes; what does not fit is the writer's
 * overflow. */
void dd_envelope_reply(struct dd_writer *w, struct dd_slice request_id, uint32_t credit,
                       const struct dd_refusal *refusal, int64_t now_ms);

#endif
