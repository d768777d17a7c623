/*
 * What the files of the simulated world ask of each other. Private to tests/lib/sim_world.c (time
 * and net) and sim_process.c (the processes on it).
 */
#ifndef DD_TESTS_LIB_SIM_PARTS_H
#define DD_TESTS_LIB_SIM_PARTS_H

#include "tests/lib/sim_world.h"

enum { LINK_REGISTRAR, LINK_NOTIFIER, LINK_CLIENTS };
enum { TO_BROKER, FROM_BROKER };

enum world_event_kind {
    EVENT_MESSAGE,
    EVENT_SYNCED,
    EVENT_RESERVED,
    EVENT_FLUSHED,
    EVENT_READ,
    EVENT_JOB,
    EVENT_REGISTRAR_DIES, /* in the middle of a sync */
    EVENT_BROKER_STARTS,
    EVENT_REGISTRAR_STARTS,
    EVENT_NOTIFIER_STARTS,
    EVENT_SPACE,
    EVENT_LATER
};

/* Frames on their way, one behind the other. */
struct world_message {
    size_t link;
    unsigned generation;
    int way;
    size_t count;
    struct dd_slice frame[DD_FRAMES_MAX];
    uint8_t bytes[];
};

struct world_event {
    int64_t at_ms;
    uint64_t order; /* of events at one instant */
    enum world_event_kind kind;
    unsigned life; /* of the process that waits for it */
    uint64_t what;
    struct world_message *message;
};

void sim_world_event_in(struct world *world, int64_t delay_ms, enum world_event_kind kind,
                        unsigned life);

/* Puts frames on a link. DD_UNAVAILABLE: the sender sees that it is down. */
enum dd_status sim_world_send(struct world *world, size_t link, int way,
                              const struct dd_slice *frames, size_t count);
void sim_world_break_link(struct world *world, size_t link, int64_t down_ms);
/* The routing id of a link as it is now. */
size_t sim_world_routing_id(const struct world *world, size_t link, char out[32]);
bool sim_world_link_of(const struct world *world, struct dd_slice routing_id, size_t *link);

/* Processes. */
void sim_world_broker_start(struct world *world);
void sim_world_broker_die(struct world *world);
void sim_world_registrar_start(struct world *world);
void sim_world_registrar_die(struct world *world);
void sim_world_notifier_start(struct world *world);
void sim_world_notifier_die(struct world *world);
void sim_world_broker_take(struct world *world, const struct world_message *message);
void sim_world_broker_tick(struct world *world);
void sim_world_registrar_take(struct world *world, const struct world_message *message);
void sim_world_registrar_tick(struct world *world);
void sim_world_registrar_event(struct world *world, const struct world_event *event);
void sim_world_notifier_take(struct world *world, const struct world_message *message);
void sim_world_notifier_tick(struct world *world);
void sim_world_notifier_event(struct world *world);
/* Something goes wrong now. */
void sim_world_misfortune(struct world *world);

#endif
