/*
 * DDW01, by hand. See proto/worker.h. The header, big-endian: kind (1 byte), rehearsal (1),
 * exhausted (1), ref (8), account (4), at_ms (8), length of the jurisdiction (1) and its bytes.
 * What a kind does not use is zero: a message has one form.
 */
#include "proto/worker.h"

#include "core/invariant.h"
#include "core/text.h"

#define MAGIC "DDW01"

/* Which members a kind of message uses. */
enum {
    USES_REF = 1,
    USES_ACCOUNT = 2,
    USES_AT = 4,
    USES_JURISDICTION = 8, /* and rehearsal */
    USES_EXHAUSTED = 16,
    USES_BODY = 32,
    USES_KEYS = 64, /* the body is a table of keys, which may have no row */
    IS_KNOWN = 128
};

static unsigned uses(unsigned kind)
{
    switch (kind) {
    case DD_WORKER_READY:
        return IS_KNOWN | USES_AT | USES_JURISDICTION | USES_KEYS;
    case DD_WORKER_REQUEST:
        return IS_KNOWN | USES_REF | USES_ACCOUNT | USES_AT | USES_BODY;
    case DD_WORKER_REPLY:
        return IS_KNOWN | USES_REF | USES_BODY;
    case DD_WORKER_HEARTBEAT:
    case DD_WORKER_DISCONNECT:
        return IS_KNOWN;
    case DD_WORKER_KEYS:
        return IS_KNOWN | USES_KEYS;
    case DD_WORKER_TICK:
        return IS_KNOWN | USES_REF | USES_AT;
    case DD_WORKER_TICKED:
        return IS_KNOWN | USES_REF | USES_AT | USES_EXHAUSTED;
    default:
        return 0;
    }
}

static bool body_fits(unsigned used, struct dd_slice body)
{
    if (used & USES_BODY)
        return body.size > 0;
    if (used & USES_KEYS)
        return body.size % DD_WORKER_KEY_BYTES == 0;
    return body.size == 0;
}

/* True if the message holds what its kind uses, and nothing else. */
static bool is_exact(const struct dd_worker_message *message)
{
    unsigned used = uses(message->kind);
    bool names = (used & USES_JURISDICTION) != 0;

    return (used & IS_KNOWN) && ((used & USES_REF) || message->ref == 0) &&
           ((used & USES_ACCOUNT) || message->account == 0) &&
           ((used & USES_AT) || message->at_ms == 0) && (names || !message->rehearsal) &&
           ((used & USES_EXHAUSTED) || !message->exhausted) &&
           (names ? dd_text_code_ok(message->jurisdiction) : message->jurisdiction.size == 0) &&
           body_fits(used, message->body);
}

void dd_worker_encode(const struct dd_worker_message *message,
                      uint8_t header[DD_WORKER_HEADER_BYTES_MAX],
                      struct dd_slice frames[DD_WORKER_FRAMES])
{
    struct dd_writer w = dd_writer_make(header, DD_WORKER_HEADER_BYTES_MAX);

    DD_ASSERT(is_exact(message));
    dd_write_u8(&w, (uint8_t)message->kind);
    dd_write_u8(&w, message->rehearsal);
    dd_write_u8(&w, message->exhausted);
    dd_write_u64(&w, message->ref);
    dd_write_u32(&w, message->account);
    dd_write_i64(&w, message->at_ms);
    dd_write_text8(&w, message->jurisdiction);
    DD_ASSERT(!w.overflow);
    frames[0] = dd_slice_of(MAGIC);
    frames[1] = dd_writer_slice(&w);
    frames[2] = message->body;
}

/* A byte that is 0 or 1; anything else breaks the reader. */
static bool read_bool(struct dd_reader *r)
{
    uint8_t value = dd_read_u8(r);

    if (value > 1)
        r->broken = true;
    return value == 1;
}

bool dd_worker_decode(const struct dd_slice *frames, size_t count, struct dd_worker_message *out)
{
    struct dd_worker_message read = {0};
    struct dd_reader r;

    if (count != DD_WORKER_FRAMES || !dd_slice_equal(frames[0], dd_slice_of(MAGIC)))
        return false;
    r = dd_reader_make(frames[1]);
    read.kind = (enum dd_worker_kind)dd_read_u8(&r);
    read.rehearsal = read_bool(&r);
    read.exhausted = read_bool(&r);
    read.ref = dd_read_u64(&r);
    read.account = dd_read_u32(&r);
    read.at_ms = dd_read_i64(&r);
    read.jurisdiction = dd_read_text8(&r);
    read.body = frames[2];
    if (!dd_reader_done(&r) || !is_exact(&read))
        return false;
    *out = read;
    return true;
}

void dd_worker_key_write(struct dd_writer *w, const struct dd_worker_key *key)
{
    dd_write_raw(w, key->curve_public, sizeof key->curve_public);
    dd_write_u32(w, key->account);
    dd_write_u8(w, key->revoked);
    dd_write_u8(w, key->moves_clock);
    dd_write_i64(w, key->valid_from_ms);
    dd_write_i64(w, key->valid_to_ms);
}

bool dd_worker_key_read(struct dd_reader *r, struct dd_worker_key *out)
{
    dd_read_raw(r, out->curve_public, sizeof out->curve_public);
    out->account = dd_read_u32(r);
    out->revoked = read_bool(r);
    out->moves_clock = read_bool(r);
    out->valid_from_ms = dd_read_i64(r);
    out->valid_to_ms = dd_read_i64(r);
    return !r->broken;
}
