/*
 * What the benchmarks run against: a data folder that is founded here, dondocd in a process of its
 * own, and agencies that have handed in their indicators, all through the client library. Every
 * agency has an account. Knows nothing of load or measuring; whatever goes wrong ends the program.
 */
#ifndef DD_TESTS_BENCH_WORLD_H
#define DD_TESTS_BENCH_WORLD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clients/lib/dondoc.h"
#include "runtime/keys.h"
#include "runtime/net.h"

enum {
    BENCH_AGENCIES_MAX = 200, /* one page of units */
    BENCH_INDICATORS_PER_TASK = 200,
    BENCH_CODE_BYTES = 32,
    BENCH_PATIENCE_MS = 60000
};

struct bench_agency {
    char code[BENCH_CODE_BYTES];
    struct dd_key_pair keys;
};

struct bench_world {
    const char *dondocd; /* the program */
    const char *data;    /* its folder, which is not there yet; stays */
    size_t agency_count;
    uint32_t task_count; /* of each agency */
    struct bench_agency agency[BENCH_AGENCIES_MAX];
    char endpoint[64];
    struct dd_key_pair server_keys;
    struct dd_key_pair admin_keys;
    struct dd_net *net; /* of all clients */
    int32_t today;
    pid_t server;
};

/* Says what went wrong and ends the program. */
_Noreturn void bench_die(const char *what, const char *why);

/* A whole number of a command line, from 1 to most. */
uint32_t bench_number(const char *text, uint32_t most);

/* Founds the folder, starts the server and lets every agency hand in its indicators. The first four
 * members are the caller's. Gives the number of entries that this took. */
uint64_t bench_world_open(struct bench_world *world);

/* Starts the server and waits until it answers on its port. */
void bench_world_start(struct bench_world *world);

/* Ends the server with the signal, and waits for it. */
void bench_world_stop(struct bench_world *world, int signal);

/* Frees what bench_world_open took; the server must be stopped. */
void bench_world_close(struct bench_world *world);

/* A client of an agency. */
struct dd_client *bench_world_client(const struct bench_world *world, size_t agency);

/* The turn-th report of an agency: one indicator after the other, every second time round open. */
struct dd_command bench_world_progress(const struct bench_world *world, size_t agency,
                                       uint32_t turn);

#endif
