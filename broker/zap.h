/*
 * Who may connect: the table of link keys, and the answers of the ZAP 1.0 handler (ZeroMQ RFC 27).
 * Pure: request frames, table -> reply frames; time is given. Knows no socket and no disk.
 *
 * ZAP runs once a link, at its handshake, and a link cannot be cut afterwards. So ZAP refuses only
 * keys that are not in the table; revoked, expired and not yet valid keys get their link, and
 * dd_link_status is asked again at each message, which is then answered with KEY_EXPIRED or
 * KEY_NOT_YET_VALID and changes nothing. For the same reason the User-Id of a link names the key
 * and not only the account: "ACCOUNT.HEX", the account's number in decimal, a point and the first
 * 16 bytes of the key in hexadecimal. A link made with a replaced key stops being good with the
 * table that no longer holds that key, though the account is well.
 */
#ifndef DD_BROKER_ZAP_H
#define DD_BROKER_ZAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bytes.h"
#include "core/status.h"
#include "runtime/frames.h"

enum { DD_ZAP_REPLY_FRAMES = 6, DD_LINK_KEY_BYTES = 32 };

enum dd_link_key_status { DD_LINK_KEY_ACTIVE, DD_LINK_KEY_REVOKED };

struct dd_link_key {
    uint8_t curve_public[DD_LINK_KEY_BYTES];
    uint32_t account;
    enum dd_link_key_status status;
    bool moves_clock;      /* may move a rehearsal's clock */
    int64_t valid_from_ms; /* first instant at which it is valid */
    int64_t valid_to_ms;   /* first instant at which it is not; INT64_MAX: no end */
};

/* Never changes once made: a new table takes its place. */
struct dd_link_table;

/* Copies `count` keys (any order; an account may have several) into a table, freed by
 * dd_link_table_free. DD_INVALID: a key is there twice; DD_NO_MEMORY. */
enum dd_status dd_link_table_make(const struct dd_link_key *keys, size_t count,
                                  struct dd_link_table **table);
void dd_link_table_free(struct dd_link_table *table);

size_t dd_link_table_count(const struct dd_link_table *table);

/* The row of a key; NULL if it is in none. Borrowed from the table. */
const struct dd_link_key *dd_link_table_by_key(const struct dd_link_table *table,
                                               const uint8_t curve_public[DD_LINK_KEY_BYTES]);

/* The rows of an account, *count of them side by side; NULL and 0 if there is none. Borrowed. */
const struct dd_link_key *dd_link_table_by_account(const struct dd_link_table *table,
                                                   uint32_t account, size_t *count);

/* Writes the User-Id of a key. */
void dd_link_user_id(const struct dd_link_key *key, char user_id[DD_USER_ID_BYTES]);

/* Whether a message of a link with this User-Id may be taken now: DD_OK and *account;
 * DD_KEY_UNKNOWN (no such User-Id, or its key is no longer in the table), DD_KEY_EXPIRED (or
 * revoked), DD_KEY_NOT_YET_VALID. *account is set for the last two as well, and 0 otherwise. */
enum dd_status dd_link_status(const struct dd_link_table *table, const char *user_id,
                              int64_t now_ms, uint32_t *account);

/* True if the key of the link with this User-Id may move a rehearsal's clock. Does not ask whether
 * the key is valid now. */
bool dd_link_moves_clock(const struct dd_link_table *table, const char *user_id);

/* A reply to a ZAP request. The frames point into the request and into this struct: send it before
 * either goes, and do not copy it. */
struct dd_zap_reply {
    struct dd_slice frame[DD_ZAP_REPLY_FRAMES];
    char user_id[DD_USER_ID_BYTES];
    const char *code; /* "200" let in, "300" try again, "400" refused, "500" not ZAP */
    const char *text; /* why, static */
};

/* Answers a ZAP request (as a REP socket receives it). table NULL: it is not known yet, "300", and
 * the client's socket tries again by itself, which may take as long as DD_HANDSHAKE_MS. "400" is
 * for good: the client's socket stops trying. */
void dd_zap_answer(const struct dd_message *request, const struct dd_link_table *table,
                   struct dd_zap_reply *reply);

#endif
