/*
 * The broker: the router behind real sockets. Binds the ZAP handler, the clients' endpoint and the
 * workers' endpoint, and runs them in one loop of the calling thread. Knows clocks and sockets;
 * every decision is broker/route's and broker/zap's.
 */
#ifndef DD_BROKER_BROKER_H
#define DD_BROKER_BROKER_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/route.h"
#include "core/status.h"
#include "runtime/keys.h"
#include "runtime/net.h"

struct dd_broker_options {
    const char *endpoint; /* of clients: tcp or ipc, always CURVE */
    const struct dd_key_pair *server_keys;
    const char *workers_endpoint;    /* inproc, or tcp or ipc under the same server keys */
    const uint8_t *registrar_public; /* 32 bytes; needed unless the workers are on inproc */
    const char *jurisdiction;        /* NULL: that of the first READY */
    bool rehearsal;
    int64_t clock_ms;
    int64_t silence_ms;   /* 0: DD_ROUTE_SILENCE_MS over tcp and ipc; on inproc it says nothing */
    bool stop_on_signals; /* SIGINT and SIGTERM stop it; see dd_loop_stop_on_signals */
};

struct dd_broker;

/* Opens a broker that listens but does not answer yet; closed by dd_broker_close. The options are
 * borrowed during the call, the net until close. DD_INVALID: an endpoint or the keys it needs;
 * DD_EXISTS: an address in use, or a second ZAP handler in this net; DD_NO_MEMORY; DD_IO
 * (dd_net_error says why). */
enum dd_status dd_broker_open(struct dd_net *net, const struct dd_broker_options *options,
                              struct dd_broker **broker);

/* Closes the sockets; who waits is not answered. NULL is fine. */
void dd_broker_close(struct dd_broker *broker);

/* The endpoints as bound, with their ports. Borrowed. */
const char *dd_broker_endpoint(const struct dd_broker *broker);
const char *dd_broker_workers_endpoint(const struct dd_broker *broker);

/* Runs until stopped: DD_OK; DD_IO if a socket fails. */
enum dd_status dd_broker_run(struct dd_broker *broker);

/* Makes dd_broker_run return soon. Any thread. */
void dd_broker_stop(struct dd_broker *broker);

/* What happened so far. In the thread that runs it, or when it has returned. */
const struct dd_route_counters *dd_broker_counters(const struct dd_broker *broker);

#endif
