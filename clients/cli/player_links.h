/*
 * The links of a rehearsal: one client for each account that acts, opened when it is needed, the
 * one not used for longest closed when there are too many. Knows no command.
 */
#ifndef DD_CLIENTS_CLI_PLAYER_LINKS_H
#define DD_CLIENTS_CLI_PLAYER_LINKS_H

#include "clients/lib/dondoc.h"
#include "runtime/keys.h"

/* All borrowed for the links' life. */
struct dd_links_options {
    const char *endpoint;
    const char *jurisdiction;
    const uint8_t *server_public;   /* 32 bytes */
    const struct dd_key_pair *keys; /* of each account, with secrets */
    size_t account_count;
    size_t kept_max; /* links open at once, > 0 */
    bool sign_progress;
};

struct dd_links;

/* Opens no link yet; *out is closed by dd_links_close. DD_NO_MEMORY, DD_IO. */
enum dd_status dd_links_open(const struct dd_links_options *options, struct dd_links **out);

/* Closes every link. NULL is fine. */
void dd_links_close(struct dd_links *links);

/* The client of an account, borrowed until it is pushed out by kept_max later ones. It connects in
 * the background, so asking a little early saves waiting. Failures as dd_client_open. */
enum dd_status dd_links_get(struct dd_links *links, size_t account, struct dd_client **out);

#endif
