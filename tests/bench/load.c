/*
 * The load of the benchmarks on the honest path: dondocd in its own process, the client library
 * over CURVE, every answer after a sync. Runs the cases one after another on one data folder, kills
 * the server with -9 under the load of the last, starts it again, and holds what was acknowledged
 * against the journal. Prints a line "NAME VALUE" for every figure; tests/bench/run reads them.
 *
 * usage: bench_load DONDOCD DATA SECONDS TASKS THREADS CASE...
 *   DATA     a folder that is not there yet; it stays
 *   TASKS    of each agency, 200 indicators each
 *   THREADS  that drive the clients; 0: one a client
 *   CASE     NAME:CLIENTS:WINDOW, the window in commands of a client that have no answer yet
 */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "core/entry.h"
#include "ledger/data.h"
#include "runtime/clock.h"
#include "storage/journal_file.h"
#include "tests/bench/latency.h"
#include "tests/bench/world.h"

enum {
    NAME_BYTES = 24,
    WINDOW_MAX = 8192,
    TASKS_MAX = 20,
    WARM_UP_MS = 1000,
    BLOCK_MS = 50,
    LOOK_MS = 1,
    RECORD_BYTES = 16 /* before each entry of the journal */
};

struct run_case {
    char name[NAME_BYTES];
    uint32_t clients;
    uint32_t window;
};

enum phase { WARM_UP, MEASURE, END, KILLED };

/* One command on its way. */
struct slot {
    struct driver *driver;
    int64_t started_us;
    struct slot *next_free;
};

/* One client of the load. All but `phase` belongs to the thread that drives it. */
struct driver {
    const struct bench_world *world;
    size_t agency;
    struct dd_client *client;
    uint32_t turn; /* goes on from case to case */
    struct slot *slots;
    struct slot *free;
    struct bench_latency latency; /* of those acknowledged while it was measured */
    uint64_t replies;             /* looks at the link that brought something */
    uint64_t acknowledged;        /* always */
    uint64_t last_seq;
};

struct team {
    pthread_t thread;
    struct driver *first;
    size_t count;
};

/* What the process of the server has used so far. */
struct usage {
    int64_t cpu_us;
    uint64_t written_bytes;
};

static struct bench_world world;
static struct driver drivers[BENCH_AGENCIES_MAX];
static atomic_int phase;

/* --- one client ---------------------------------------------------------------------------- */

static void came(void *arg, const struct dd_command_outcome *outcome)
{
    struct slot *slot = arg;
    struct driver *driver = slot->driver;
    int now = atomic_load_explicit(&phase, memory_order_relaxed);
    if (outcome->status == DD_OK) {
        driver->acknowledged++;
        driver->last_seq = outcome->seq > driver->last_seq ? outcome->seq : driver->last_seq;
        if (now == MEASURE)
            bench_latency_add(&driver->latency, dd_clock_mono_us() - slot->started_us);
    } else if (now != KILLED) {
        fprintf(stderr, "bench: %s %s\n", dd_status_key(outcome->status),
                dd_rule_key(outcome->refusal.rule));
        bench_die("progress", "not accepted");
    }
    slot->next_free = driver->free;
    driver->free = slot;
}

static void fill(struct driver *driver)
{
    while (driver->free) {
        struct slot *slot = driver->free;
        struct dd_command command =
            bench_world_progress(driver->world, driver->agency, driver->turn);
        slot->started_us = dd_clock_mono_us();
        if (dd_client_submit(driver->client, &command, came, slot) != DD_OK)
            return;
        driver->free = slot->next_free;
        driver->turn++;
    }
}

static bool look(struct driver *driver, int64_t wait_ms)
{
    fill(driver);
    if (dd_client_run(driver->client, wait_ms) != DD_OK)
        return false;
    if (atomic_load_explicit(&phase, memory_order_relaxed) == MEASURE)
        driver->replies++;
    return true;
}

static void *drive(void *arg)
{
    struct team *team = arg;
    size_t turn = 0;
    while (atomic_load_explicit(&phase, memory_order_relaxed) < END) {
        bool some = false;
        for (size_t i = 0; i < team->count; i++)
            some = look(&team->first[i], team->count == 1 ? BLOCK_MS : 0) || some;
        if (!some && team->count > 1)
            (void)look(&team->first[turn++ % team->count], LOOK_MS);
    }
    for (size_t i = 0; i < team->count && atomic_load(&phase) == END; i++)
        (void)dd_client_flush(team->first[i].client);
    return NULL;
}

static void driver_open(size_t agency, uint32_t window)
{
    struct driver *driver = &drivers[agency];
    driver->world = &world;
    driver->agency = agency;
    driver->client = bench_world_client(&world, agency);
    driver->free = NULL;
    driver->replies = 0;
    memset(&driver->latency, 0, sizeof driver->latency);
    driver->slots = calloc(window, sizeof *driver->slots);
    if (!driver->slots)
        bench_die("memory", "none left");
    for (uint32_t i = 0; i < window; i++) {
        driver->slots[i] = (struct slot){driver, 0, driver->free};
        driver->free = &driver->slots[i];
    }
}

static void driver_close(struct driver *driver)
{
    dd_client_close(driver->client);
    free(driver->slots);
    driver->slots = driver->free = NULL;
}

/* --- what processes use -------------------------------------------------------------------- */

/* The number behind a word in a file of the server's /proc; 0 if it is not there. */
static uint64_t proc_number(const char *file, const char *word)
{
    char path[64];
    char line[1024];
    uint64_t number = 0;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)world.server, file);
    FILE *stream = fopen(path, "r");
    while (stream && fgets(line, sizeof line, stream)) {
        if (strncmp(line, word, strlen(word)) == 0)
            number = strtoull(line + strlen(word), NULL, 10);
    }
    if (stream)
        fclose(stream);
    return number;
}

static int64_t server_cpu_us(void)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(world.server, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return 0;
    return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

static struct usage server_usage(void)
{
    return (struct usage){server_cpu_us(), proc_number("io", "write_bytes:")};
}

static int64_t own_cpu_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
           used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

/* --- a case -------------------------------------------------------------------------------- */

static void print(const char *name, const char *figure, double value)
{
    printf("%s.%s %.3f\n", name, figure, value);
}

static void tell(const struct run_case *c, int64_t took_us, const struct usage *server,
                 int64_t clients_us)
{
    static struct bench_latency all;
    uint64_t replies = 0;
    memset(&all, 0, sizeof all);
    for (uint32_t i = 0; i < c->clients; i++) {
        bench_latency_merge(&all, &drivers[i].latency);
        replies += drivers[i].replies;
    }
    if (all.count == 0)
        bench_die(c->name, "nothing was acknowledged");
    double count = (double)all.count;
    print(c->name, "per_s", count * 1e6 / (double)took_us);
    print(c->name, "p50_us", (double)bench_latency_within_us(&all, 500));
    print(c->name, "p99_us", (double)bench_latency_within_us(&all, 990));
    print(c->name, "p999_us", (double)bench_latency_within_us(&all, 999));
    print(c->name, "commands_a_reply", count / (double)(replies > 0 ? replies : 1));
    print(c->name, "server_cpu_us", (double)server->cpu_us / count);
    print(c->name, "clients_cpu_us", (double)clients_us / count);
    print(c->name, "written_bytes", (double)server->written_bytes / count);
}

static void pause_ms(int64_t ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static size_t start_teams(struct team *teams, uint32_t clients, uint32_t threads)
{
    size_t count = threads == 0 || threads > clients ? clients : threads;
    for (size_t i = 0; i < count; i++) {
        size_t first = clients * i / count;
        teams[i].first = &drivers[first];
        teams[i].count = clients * (i + 1) / count - first;
        if (pthread_create(&teams[i].thread, NULL, drive, &teams[i]) != 0)
            bench_die("thread", "cannot be started");
    }
    return count;
}

/* Runs a case; the last ends with the server killed in the middle of its work. */
static void run(const struct run_case *c, uint32_t seconds, uint32_t threads, bool kill_at_end)
{
    static struct team teams[BENCH_AGENCIES_MAX];
    atomic_store(&phase, WARM_UP);
    for (uint32_t i = 0; i < c->clients; i++)
        driver_open(i, c->window);
    size_t count = start_teams(teams, c->clients, threads);
    pause_ms(WARM_UP_MS);
    struct usage before = server_usage();
    int64_t own_us = own_cpu_us();
    int64_t from_us = dd_clock_mono_us();
    atomic_store(&phase, MEASURE);
    pause_ms((int64_t)seconds * 1000);
    struct usage after = server_usage();
    own_us = own_cpu_us() - own_us;
    if (kill_at_end) {
        print("memory", "peak_mib", (double)proc_number("status", "VmHWM:") / 1024);
        atomic_store(&phase, KILLED);
    } else {
        atomic_store(&phase, END);
    }
    int64_t took_us = dd_clock_mono_us() - from_us;
    if (kill_at_end)
        bench_world_stop(&world, SIGKILL);
    for (size_t i = 0; i < count; i++)
        pthread_join(teams[i].thread, NULL);
    after.cpu_us -= before.cpu_us;
    after.written_bytes -= before.written_bytes;
    tell(c, took_us, &after, own_us);
    for (uint32_t i = 0; i < c->clients; i++)
        driver_close(&drivers[i]);
}

/* --- after the crash ----------------------------------------------------------------------- */

/* From the start of the process to an acknowledged command: recovery, catching up and a
 * handshake. */
static void ready_again(void)
{
    struct dd_command_outcome outcome;
    struct dd_command command = bench_world_progress(&world, 0, drivers[0].turn);
    int64_t from_us = dd_clock_mono_us();
    bench_world_start(&world);
    print("restart", "listens_ms", (double)(dd_clock_mono_us() - from_us) / 1000);
    struct dd_client *client = bench_world_client(&world, 0);
    if (dd_client_do(client, &command, &outcome) != DD_OK)
        bench_die("after the crash", dd_status_key(outcome.status));
    print("restart", "ready_ms", (double)(dd_clock_mono_us() - from_us) / 1000);
    print("restart", "entries", (double)outcome.seq);
    dd_client_close(client);
}

/* What the journal has from an entry on. That each acknowledged command stands in it under its own
 * number is the business of tests/crash; here their count and the highest number must fit. */
static void check_journal(uint64_t from_seq)
{
    char path[DD_PATH_BYTES];
    struct dd_journal_reader journal;
    struct dd_slice entry;
    uint64_t bytes = 0;
    uint64_t acknowledged = 0;
    uint64_t seq = from_seq;
    if (!dd_data_path(world.data, "journal", path) ||
        dd_journal_file_reader_open(path, &journal) != DD_OK)
        bench_die("journal", "cannot be opened");
    for (; dd_journal_read(&journal, seq, &entry) == DD_OK; seq++)
        bytes += entry.size + RECORD_BYTES;
    dd_journal_reader_close(&journal);
    for (size_t i = 0; i < world.agency_count; i++) {
        acknowledged += drivers[i].acknowledged;
        if (drivers[i].last_seq >= seq)
            bench_die("journal", "an acknowledged command is not in it");
    }
    if (acknowledged > seq - from_seq)
        bench_die("journal", "holds less than was acknowledged");
    print("journal", "entries", (double)seq);
    print("journal", "bytes_a_command", (double)bytes / (double)(seq - from_seq));
}

static struct run_case read_case(const char *text)
{
    struct run_case c = {{0}, 0, 0};
    char number[3][NAME_BYTES] = {{0}};
    if (sscanf(text, "%23[^:]:%23[^:]:%23[^:]", number[0], number[1], number[2]) != 3)
        bench_die(text, "is no NAME:CLIENTS:WINDOW");
    memcpy(c.name, number[0], NAME_BYTES);
    c.clients = bench_number(number[1], BENCH_AGENCIES_MAX);
    c.window = bench_number(number[2], WINDOW_MAX);
    return c;
}

int main(int argc, char **argv)
{
    enum { DONDOCD = 1, DATA, SECONDS, TASKS, THREADS, CASES };
    if (argc <= CASES)
        bench_die("usage", "bench_load DONDOCD DATA SECONDS TASKS THREADS NAME:CLIENTS:WINDOW...");
    uint32_t seconds = bench_number(argv[SECONDS], 3600);
    uint32_t threads =
        strcmp(argv[THREADS], "0") == 0 ? 0 : bench_number(argv[THREADS], BENCH_AGENCIES_MAX);
    world.dondocd = argv[DONDOCD];
    world.data = argv[DATA];
    world.task_count = bench_number(argv[TASKS], TASKS_MAX);
    for (int i = CASES; i < argc; i++) {
        uint32_t clients = read_case(argv[i]).clients;
        world.agency_count = clients > world.agency_count ? clients : world.agency_count;
    }
    uint64_t first_seq = bench_world_open(&world);
    for (int i = CASES; i < argc; i++) {
        struct run_case c = read_case(argv[i]);
        run(&c, seconds, threads, i + 1 == argc);
    }
    ready_again();
    bench_world_stop(&world, SIGTERM);
    check_journal(first_seq);
    bench_world_close(&world);
    return 0;
}
