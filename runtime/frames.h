/*
 * Messages as pure code sees them: frames as slices, who sent them, and who frees them. Knows
 * nothing of ZeroMQ, so that the router and the workers can be run and tested without a socket.
 */
#ifndef DD_RUNTIME_FRAMES_H
#define DD_RUNTIME_FRAMES_H

#include "core/bytes.h"
#include "core/limits.h"

/* The ZAP domain of every server socket. */
#define DD_ZAP_DOMAIN "dondoc"

enum {
    DD_FRAMES_KEPT_MAX = DD_FRAMES_MAX + 1, /* a server socket puts the sender's routing id first */
    DD_USER_ID_BYTES = 64,                  /* with the ending 0 */
    DD_PEER_ADDRESS_BYTES = 64
};

/* A received message. It owns its frames and may be moved by plain assignment (the source is then
 * to be forgotten): no slice points into the struct itself. All zeros is the empty message. */
struct dd_message {
    size_t frame_count; /* frames that came; more than kept_count: the rest was thrown away */
    size_t kept_count;  /* frames in frame[] */
    struct dd_slice frame[DD_FRAMES_KEPT_MAX];
    char user_id[DD_USER_ID_BYTES]; /* given by the ZAP handler; "" when nobody gave one */
    char peer_address[DD_PEER_ADDRESS_BYTES]; /* for the security log; "" when unknown */
    void *owned; /* what release() frees; NULL when the frames are borrowed */
    void (*release)(void *owned);
};

/* Frees what the message owns and makes it empty. An empty message is fine. */
void dd_message_free(struct dd_message *message);

/* Takes the message out of *from (which becomes empty) for the caller to keep and free. */
struct dd_message dd_message_take(struct dd_message *from);

#endif
