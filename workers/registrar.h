/*
 * The registrar: takes the broker's messages in their order, lets the ledger judge, and answers
 * when what it answers is durable; hands questions to the reader when the state it may see is new
 * enough. A state machine without threads, sockets or clocks: syncs, flushes and readings are
 * requests through ports, with completions, so that the simulator runs it as it is.
 */
#ifndef DD_WORKERS_REGISTRAR_H
#define DD_WORKERS_REGISTRAR_H

#include "ledger/ledger.h"
#include "proto/worker.h"
#include "workers/reader.h"

/* What the registrar asks of its shell. */
struct dd_registrar_ports {
    void *self;
    /* Sends to the broker; the shell copies. */
    void (*send)(void *self, const struct dd_worker_message *message);
    /* Writes and syncs the batch, then reserves room for two more; answer with dd_registrar_synced.
     */
    void (*sync)(void *self, const struct dd_batch *batch);
    /* Only reserves room; answer with dd_registrar_reserved. */
    void (*reserve)(void *self);
    /* Flushes the frozen state; answer with dd_registrar_flushed. */
    void (*flush)(void *self);
    /* Answers a question; answer with dd_registrar_read. One at a time. */
    void (*read)(void *self, struct dd_reading *reading);
    /* Something for the security log: which status, which account. */
    void (*security)(void *self, enum dd_status status, uint32_t account);
};

/* Counts since the start, for `stat`. */
struct dd_registrar_counts {
    uint64_t requests;
    uint64_t commands_accepted;
    uint64_t commands_refused;
    uint64_t commands_not_taken;
    uint64_t commands_remembered;
    uint64_t questions;
    uint64_t syncs;
    uint64_t flushes;
    uint64_t broken_messages;
};

struct dd_registrar;

/* Over an open ledger and its state (borrowed). now_ms is monotonic, as everywhere here.
 * DD_NO_MEMORY; DD_FORMAT: the ledger has no genesis. */
enum dd_status dd_registrar_open(struct dd_ledger *ledger, struct dd_state *state,
                                 const struct dd_registrar_ports *ports, int64_t now_ms,
                                 struct dd_registrar **out);
void dd_registrar_close(struct dd_registrar *registrar);

/* Memory that rows may take, in bytes, before commands wait for the flush under way; at first
 * DD_FLUSH_BYTES_MAX. */
void dd_registrar_bound_rows(struct dd_registrar *registrar, size_t bytes);

/* A message of the broker's (frames borrowed). */
void dd_registrar_message(struct dd_registrar *registrar, const struct dd_slice *frames,
                          size_t count, int64_t now_ms);

/* Completions of the ports' work. */
void dd_registrar_synced(struct dd_registrar *registrar, enum dd_status append,
                         enum dd_status reserve);
void dd_registrar_reserved(struct dd_registrar *registrar, enum dd_status reserve);
void dd_registrar_flushed(struct dd_registrar *registrar, enum dd_status status);
void dd_registrar_read(struct dd_registrar *registrar, enum dd_status status);

/* After a round of messages and completions: starts what can be started. Returns when it wants to
 * be called again at the latest. */
int64_t dd_registrar_tick(struct dd_registrar *registrar, int64_t now_ms);

/* True when nothing is under way and everything is durable and flushed: for a clean end. Asks for
 * the last flush while it is not. */
bool dd_registrar_idle(struct dd_registrar *registrar, int64_t now_ms);

/* The first error after which the process must stop, or DD_OK. */
enum dd_status dd_registrar_error(const struct dd_registrar *registrar);

const struct dd_registrar_counts *dd_registrar_counts(const struct dd_registrar *registrar);

#endif
