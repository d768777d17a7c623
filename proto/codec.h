/*
 * Bytes to structs and back: commands, requests, replies. Decoding scans first (proto/scan.h),
 * unpacks into the arena, then checks what is well-formed in itself: codes, texts, dates, ranges,
 * counts. What depends on state is the core's business; who may send it is the registrar's. Nothing
 * outside this room sees a generated struct.
 *
 * Everything decoded borrows from the arena, never from the bytes. Everything encoded lies in the
 * arena too. Every decode gives DD_OK, or DD_NO_MEMORY (the arena's limit, or the system's), or a
 * refusal: then *refusal says the same status, the rule, the field and parameters. *refusal has
 * status DD_OK after DD_OK; *out is not to be used after anything else.
 */
#ifndef DD_PROTO_CODEC_H
#define DD_PROTO_CODEC_H

#include "core/arena.h"
#include "core/command.h"
#include "core/question.h"
#include "core/rule.h"
#include "proto/envelope.h"

/* What decoding any command or request takes of an arena at most: DD_FIELDS_MAX bounds it. A reply
 * may take fifty times its bytes; how much a client allows is the limit of the arena that it gives.
 */
enum { DD_CODEC_DECODE_BYTES_MAX = 4 * 1024 * 1024 };

/* A command's bytes into *out: any kind, those that only the server makes too. DD_INVALID, or
 * DD_TOO_LARGE above DD_COMMAND_BYTES_MAX. Takes some ten times the bytes of the arena, and never
 * more than DD_CODEC_DECODE_BYTES_MAX. */
enum dd_status dd_codec_command_decode(struct dd_slice bytes, struct dd_arena *arena,
                                       struct dd_command *out, struct dd_refusal *refusal);

/* The same of a command that stands in a log: whether texts are in normal form, and whether a
 * programme keeps dd_programme_check, was judged when it was taken. It is not judged again: the
 * tables of Unicode and the rules of programmes grow, and a log must replay for ever. */
enum dd_status dd_codec_logged_decode(struct dd_slice bytes, struct dd_arena *arena,
                                      struct dd_command *out, struct dd_refusal *refusal);

/* True if a client may send the kind: every one but GENESIS and TICK. */
bool dd_codec_command_from_client(enum dd_command_kind kind);

/* The bytes of a command, in the one form that this encoder gives. Checks no more than it must:
 * DD_OK, DD_INVALID for a text with a NUL, DD_TOO_LARGE above DD_COMMAND_BYTES_MAX, DD_NO_MEMORY.
 */
enum dd_status dd_codec_command_encode(const struct dd_command *command, struct dd_arena *arena,
                                       struct dd_slice *out);

struct dd_signed_command {
    struct dd_slice command;   /* a command's bytes, not looked into */
    struct dd_slice signature; /* 64 bytes, or empty */
};

/* Exactly one of commands, question and clock advance. */
struct dd_request {
    uint32_t protocol;
    struct dd_slice request_id; /* 1 to DD_REQUEST_ID_BYTES_MAX bytes */
    int64_t deadline_ms;        /* 0: none */
    struct dd_slice trace_id;
    struct dd_signed_command *commands;
    size_t command_count;
    bool has_question;
    struct dd_question question;
    bool has_clock_advance;
    int64_t clock_to_ms;
};

/* A request's bytes into *out. DD_INVALID, DD_TOO_LARGE above DD_REQUEST_BYTES_MAX, or DD_VERSION
 * for another protocol, whatever else the bytes hold. A command that is itself too large or
 * malformed is found when it is decoded, and spoils no other of the request. */
enum dd_status dd_codec_request_decode(struct dd_slice bytes, struct dd_arena *arena,
                                       struct dd_request *out, struct dd_refusal *refusal);

/* The bytes of a request. DD_OK, DD_INVALID for a text with a NUL, DD_TOO_LARGE above
 * DD_REQUEST_BYTES_MAX, DD_NO_MEMORY. */
enum dd_status dd_codec_request_encode(const struct dd_request *request, struct dd_arena *arena,
                                       struct dd_slice *out);

/* What became of one command. */
struct dd_result {
    struct dd_id id;
    uint64_t seq;              /* its entry, if accepted or refused by a rule */
    struct dd_refusal refusal; /* status DD_OK: accepted */
    bool remembered;           /* the answer of the first time, again */
};

struct dd_reply {
    struct dd_slice request_id;
    uint32_t credit;           /* requests that the client may have in flight */
    struct dd_result *results; /* one a command, in order */
    size_t result_count;
    bool has_answer;
    struct dd_answer answer;
    struct dd_refusal refusal; /* of the whole request; status DD_OK: none */
    int64_t now_ms;            /* the broker's clock at the request's receipt */
};

/* The bytes of a reply. DD_OK, DD_INVALID for a text with a NUL, DD_TOO_LARGE above
 * DD_REPLY_BYTES_MAX, DD_NO_MEMORY. */
enum dd_status dd_codec_reply_encode(const struct dd_reply *reply, struct dd_arena *arena,
                                     struct dd_slice *out);

/* A reply's bytes into *out, as a client reads them: fields that are not known here are passed
 * over, status and rule numbers that are not known stay as numbers, a word that is not known is 0.
 * DD_INVALID, DD_TOO_LARGE above DD_REPLY_BYTES_MAX. */
enum dd_status dd_codec_reply_decode(struct dd_slice bytes, struct dd_arena *arena,
                                     struct dd_reply *out, struct dd_refusal *refusal);

#endif
