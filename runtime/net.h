/*
 * Sockets: the only user of ZeroMQ. Gives links over tcp and ipc that are always CURVE and always
 * ask the ZAP handler, links between threads over inproc, and one poll for both. Knows nothing of
 * what the frames mean, nor of which keys are good (broker/zap decides that).
 *
 * A socket belongs to the thread that uses it. Nothing here blocks but dd_net_poll.
 */
#ifndef DD_RUNTIME_NET_H
#define DD_RUNTIME_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bytes.h"
#include "core/status.h"
#include "runtime/frames.h"

enum {
    DD_CURVE_KEY_BYTES = 32,
    DD_CURVE_TEXT_BYTES = 41, /* Z85 of a key with its ending 0 */
    DD_ENDPOINT_BYTES = 256,
    DD_FRAME_OVERHEAD_BYTES = 1024, /* envelope and encryption around a body of the greatest size */
    DD_PARTS_PER_RECEIVE_MAX = 1024, /* frames read by one call, kept or thrown away */
    DD_POLL_ITEMS_MAX = 32
};

struct dd_net;
struct dd_socket;

/* A link between processes (tcp, ipc), or between threads (inproc, where keys are not used). The
 * pointers are borrowed during the call; keys are 32 bytes. */
struct dd_link_options {
    const char *endpoint;
    const uint8_t *curve_secret; /* own secret key; needed on tcp and ipc */
    const uint8_t *curve_public; /* own public key; client on tcp and ipc */
    const uint8_t *curve_server; /* the server's pinned public key; client on tcp and ipc */
    size_t frame_bytes_max; /* larger frames drop the link; 0: DD_REQUEST_BYTES_MAX for a server,
                               DD_REPLY_BYTES_MAX for a client, each with DD_FRAME_OVERHEAD_BYTES */
    int send_queue;         /* messages a peer; 0: DD_LINK_SEND_QUEUE */
    int receive_queue;      /* messages a peer; 0: DD_LINK_RECEIVE_QUEUE */
    int linger_ms;          /* how long a client's close may wait for unsent messages */
};

/* Opens the process's context; *net is closed by dd_net_close. DD_NO_MEMORY or DD_IO. */
enum dd_status dd_net_open(struct dd_net **net);

/* Closes the context; every socket must be closed before. Waits for lingering messages. NULL is
 * fine. */
void dd_net_close(struct dd_net *net);

/*
 * Opens the socket of the ZAP handler (REP). Must be bound before the first server: without it
 * every handshake is refused. Answer each message it receives at once, with dd_net_send. DD_EXISTS
 * if this context has one already, DD_NO_MEMORY, DD_IO.
 */
enum dd_status dd_net_zap(struct dd_net *net, struct dd_socket **socket);

/*
 * Binds a server (ROUTER): frame 0 of what it receives and sends is the peer's routing id. On tcp
 * and ipc it is CURVE with the ZAP domain enforced, so that without a handler nobody gets in.
 * DD_INVALID if a tcp or ipc endpoint comes without a key, DD_EXISTS if the address is in use,
 * DD_NO_MEMORY, DD_IO (dd_net_error says why).
 */
enum dd_status dd_net_server(struct dd_net *net, const struct dd_link_options *options,
                             struct dd_socket **socket);

/*
 * Connects a client (DEALER), which reconnects by itself with back-off. Success says nothing of the
 * peer: see dd_net_client_status. DD_INVALID if a tcp or ipc endpoint comes without its three keys
 * or the endpoint is no endpoint, DD_NO_MEMORY, DD_IO.
 */
enum dd_status dd_net_client(struct dd_net *net, const struct dd_link_options *options,
                             struct dd_socket **socket);

/*
 * How a client's link stands, from what the socket noticed: DD_OK (handshake done, link up),
 * DD_KEY_UNKNOWN (the server refused this key for good: the socket does not try again, open a new
 * one to do so), DD_UNAVAILABLE (not connected now, trying). An inproc client is always DD_OK.
 */
enum dd_status dd_net_client_status(struct dd_socket *socket);

/* Two ends of a line between two threads (PAIR): bind first, "inproc://name" once a name.
 * DD_INVALID if the endpoint is not inproc, DD_EXISTS, DD_NO_MEMORY, DD_IO. */
enum dd_status dd_net_pair_bind(struct dd_net *net, const char *endpoint,
                                struct dd_socket **socket);
enum dd_status dd_net_pair_connect(struct dd_net *net, const char *endpoint,
                                   struct dd_socket **socket);

/* Closes a socket; a server's or thread's unsent messages are dropped. NULL is fine. */
void dd_net_socket_close(struct dd_socket *socket);

/* The resolved endpoint of a bound socket ("tcp://127.0.0.1:49152" for port *); of a client, the
 * one given. Borrowed from the socket. */
const char *dd_net_endpoint(const struct dd_socket *socket);

/* What the last failed call of this thread met, in words. Static. */
const char *dd_net_error(void);

/*
 * Receives one message into *message (empty before; freed by the caller with dd_message_free),
 * without waiting. Only the first DD_FRAMES_KEPT_MAX frames are kept, frame_count counts on up to
 * DD_PARTS_PER_RECEIVE_MAX; what is beyond is thrown away by the calls that follow.
 * DD_NOT_FOUND: nothing waits (or such a rest was thrown away), DD_NO_MEMORY (the message is lost),
 * DD_IO.
 */
enum dd_status dd_net_receive(struct dd_socket *socket, struct dd_message *message);

/*
 * Sends `count` (> 0) frames as one message, copying them, without waiting; all or nothing.
 * DD_BUSY: the peer's queue is full, or a client has no link now; DD_UNAVAILABLE: a server has no
 * such peer (any more); DD_NO_MEMORY; DD_IO.
 */
enum dd_status dd_net_send(struct dd_socket *socket, const struct dd_slice *frames, size_t count);

/* What to wait for: a socket, or a file descriptor when socket is NULL. */
struct dd_poll_item {
    struct dd_socket *socket;
    int fd;
    bool ready; /* out: readable */
};

/* Waits until an item is readable or timeout_ms (-1: for ever) is over; sets `ready` of each. At
 * most DD_POLL_ITEMS_MAX items. An interrupting signal counts as time over. DD_IO. */
enum dd_status dd_net_poll(struct dd_poll_item *items, size_t count, int64_t timeout_ms);

/* Writes the Z85 text of a 32-byte key. */
void dd_net_key_text(const uint8_t key[DD_CURVE_KEY_BYTES], char text[DD_CURVE_TEXT_BYTES]);

/* Reads the Z85 text of a 32-byte key; false if it is not exactly one. */
bool dd_net_key_parse(const char *text, uint8_t key[DD_CURVE_KEY_BYTES]);

#endif
