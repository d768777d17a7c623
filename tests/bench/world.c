/* The founding and the agencies of tests/bench/world.h. */
#include "tests/bench/world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/calendar.h"
#include "ledger/data.h"
#include "runtime/clock.h"

enum { LOOK_MS = 1 };

_Noreturn void bench_die(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

uint32_t bench_number(const char *text, uint32_t most)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number == 0 || number > most)
        bench_die(text, "no number, or one that is too large");
    return (uint32_t)number;
}

/* --- the server ---------------------------------------------------------------------------- */

static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        bench_die("bind", "no free port");
    close(fd);
    return ntohs(address.sin_port);
}

/* Whether somebody listens at the endpoint; a client that comes too early would wait long before it
 * tries again. */
static bool listens(const struct bench_world *world)
{
    unsigned long port = strtoul(strrchr(world->endpoint, ':') + 1, NULL, 10);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool yes = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        close(fd);
    return yes;
}

static pid_t spawn(const struct bench_world *world)
{
    char log[DD_PATH_BYTES];
    pid_t parent = getpid();
    if (!dd_data_path(world->data, "server.log", log))
        bench_die(world->data, "too long");
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (getppid() != parent || fd < 0 || dup2(fd, STDERR_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
        _exit(126);
    execl(world->dondocd, world->dondocd, "--data", world->data, (char *)NULL);
    _exit(127);
}

void bench_world_start(struct bench_world *world)
{
    const struct timespec pause = {0, LOOK_MS * 1000000};
    int64_t end_ms = dd_clock_mono_ms() + BENCH_PATIENCE_MS;
    world->server = spawn(world);
    while (!listens(world)) {
        if (world->server <= 0 || waitpid(world->server, NULL, WNOHANG) != 0)
            bench_die(world->dondocd, "does not start; see server.log in its folder");
        if (dd_clock_mono_ms() > end_ms)
            bench_die(world->dondocd, "does not listen");
        nanosleep(&pause, NULL);
    }
}

void bench_world_stop(struct bench_world *world, int signal)
{
    int status;
    if (kill(world->server, signal) != 0 || waitpid(world->server, &status, 0) != world->server)
        bench_die("the server", "is gone already");
    if (signal == SIGTERM && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
        bench_die("the server", "did not end in order");
    world->server = 0;
}

/* --- clients ------------------------------------------------------------------------------- */

static struct dd_client *client_of(const struct bench_world *world, const struct dd_key_pair *keys)
{
    char why[512] = "";
    struct dd_client_options options = {.endpoint = world->endpoint,
                                        .jurisdiction = "bench",
                                        .server_public = world->server_keys.curve_public,
                                        .keys = keys,
                                        .timeout_ms = BENCH_PATIENCE_MS,
                                        .net = world->net,
                                        .why = why,
                                        .why_size = sizeof why};
    struct dd_client *client;
    if (dd_client_open(&options, &client) != DD_OK)
        bench_die("client", why);
    return client;
}

struct dd_client *bench_world_client(const struct bench_world *world, size_t agency)
{
    return client_of(world, &world->agency[agency].keys);
}

struct dd_command bench_world_progress(const struct bench_world *world, size_t agency,
                                       uint32_t turn)
{
    uint32_t indicators = world->task_count * BENCH_INDICATORS_PER_TASK;
    uint32_t which = turn % indicators;
    struct dd_command command = {.kind = DD_COMMAND_PROGRESS};
    command.as.progress = (struct dd_progress){
        .cycle = dd_slice_of("load/now"),
        .unit = dd_slice_of(world->agency[agency].code),
        .task = (uint16_t)(which / BENCH_INDICATORS_PER_TASK + 1),
        .indicator = (uint16_t)(which % BENCH_INDICATORS_PER_TASK + 1),
        .outcome = turn / indicators % 2 ? DD_OUTCOME_OPEN : DD_OUTCOME_COMPLETED,
        .day = world->today};
    return command;
}

static void must(struct dd_client *client, struct dd_command *command)
{
    struct dd_command_outcome outcome;
    if (dd_client_do(client, command, &outcome) == DD_OK)
        return;
    fprintf(stderr, "%s %s %s\n", dd_status_key(outcome.status), dd_rule_key(outcome.refusal.rule),
            outcome.refusal.field);
    bench_die(dd_command_word(command->kind), "the server does not take it");
}

/* --- the set-up ---------------------------------------------------------------------------- */

static void put_units(const struct bench_world *world, struct dd_client *admin)
{
    static struct dd_unit_put units[BENCH_AGENCIES_MAX];
    struct dd_command command = {.kind = DD_COMMAND_PUT_UNITS};
    for (size_t i = 0; i < world->agency_count; i++) {
        struct dd_slice code = dd_slice_of(world->agency[i].code);
        units[i] = (struct dd_unit_put){
            .code = code, .name = code, .head_title = code, .from_day = INT32_MIN};
        units[i].to_day = INT32_MAX;
    }
    command.as.put_units = (struct dd_put_units){1, true, NULL, 0, units, world->agency_count};
    must(admin, &command);
}

static void put_accounts(struct bench_world *world, struct dd_client *admin)
{
    for (size_t i = 0; i < world->agency_count; i++) {
        struct bench_agency *agency = &world->agency[i];
        struct dd_slice code = dd_slice_of(agency->code);
        struct dd_office office = {DD_ROLE_HEAD, code, INT32_MIN, INT32_MAX};
        struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
        struct dd_put_account *put = &command.as.put_account;
        *put = (struct dd_put_account){
            .code = code, .to_ms = INT64_MAX, .offices = &office, .office_count = 1};
        dd_keys_generate(&agency->keys);
        memcpy(put->link_key, agency->keys.curve_public, 32);
        memcpy(put->sign_key, agency->keys.sign_public, 32);
        must(admin, &command);
    }
}

/* Two stages: hand in, then outcomes; what is handed in is in force at once. */
static void put_programme(struct dd_client *admin)
{
    struct dd_command command = {.kind = DD_COMMAND_PUT_PROGRAMME};
    struct dd_programme *p = &command.as.put_programme;
    p->code = p->name_vi = p->name_en = dd_slice_of("load");
    p->version = 1;
    p->kind_count = 1;
    p->kind[0] = (struct dd_item_kind){.code = dd_slice_of("own"), .max_tasks = 5, .counted = true};
    p->stage_count = 2;
    p->stage[0] = (struct dd_stage){.key = dd_slice_of("register"),
                                    .act = DD_ACT_HAND_IN,
                                    .by = DD_ROLE_HEAD,
                                    .silence = DD_SILENCE_MISSING};
    p->stage[1] = (struct dd_stage){.key = dd_slice_of("indicator"),
                                    .act = DD_ACT_OUTCOME,
                                    .by = DD_ROLE_OFFICER,
                                    .deadline.word = DD_WORD_ON,
                                    .silence = DD_SILENCE_MISSING};
    must(admin, &command);
}

static void open_cycle(const struct bench_world *world, struct dd_client *admin)
{
    static struct dd_party parties[BENCH_AGENCIES_MAX];
    struct dd_command calendar = {.kind = DD_COMMAND_PUT_CALENDAR};
    struct dd_command command = {.kind = DD_COMMAND_OPEN_CYCLE};
    struct dd_period period = {dd_slice_of("year"), 0, 0};
    int year;
    int month;
    int day;
    dd_day_to_civil(world->today, &year, &month, &day);
    (void)dd_day_from_civil(year, 1, 1, &period.from_day);
    (void)dd_day_from_civil(year, 12, 31, &period.to_day);
    calendar.as.put_calendar = (struct dd_put_calendar){(uint16_t)year, 0, NULL, 0};
    must(admin, &calendar);
    put_programme(admin);
    for (size_t i = 0; i < world->agency_count; i++)
        parties[i] = (struct dd_party){dd_slice_of(world->agency[i].code), {NULL, 0}};
    command.as.open_cycle = (struct dd_open_cycle){.programme = dd_slice_of("load"),
                                                   .period = dd_slice_of("now"),
                                                   .page = 1,
                                                   .last = true,
                                                   .host = dd_slice_of(world->agency[0].code),
                                                   .from_day = period.from_day,
                                                   .to_day = period.to_day,
                                                   .periods = &period,
                                                   .period_count = 1,
                                                   .parties = parties,
                                                   .party_count = world->agency_count};
    must(admin, &command);
}

/* Gives the highest position in the log that the agency heard of. */
static uint64_t hand_in(const struct bench_world *world, size_t agency)
{
    static struct dd_indicator_put indicators[BENCH_INDICATORS_PER_TASK];
    struct dd_client *client = bench_world_client(world, agency);
    struct dd_slice code = dd_slice_of(world->agency[agency].code);
    struct dd_command submit = {.kind = DD_COMMAND_SUBMIT};
    for (size_t i = 0; i < BENCH_INDICATORS_PER_TASK; i++) {
        indicators[i] = (struct dd_indicator_put){
            .number = (uint16_t)(i + 1), .title = dd_slice_of("chỉ tiêu"), .due_day = world->today};
    }
    for (uint32_t task = 1; task <= world->task_count; task++) {
        struct dd_command command = {.kind = DD_COMMAND_REGISTER};
        command.as.register_ = (struct dd_register){.cycle = dd_slice_of("load/now"),
                                                    .unit = code,
                                                    .task = (uint16_t)task,
                                                    .kind = dd_slice_of("own"),
                                                    .indicators = indicators,
                                                    .indicator_count = BENCH_INDICATORS_PER_TASK};
        must(client, &command);
    }
    submit.as.submit = (struct dd_submit){.cycle = dd_slice_of("load/now"),
                                          .unit = code,
                                          .what = DD_SUBMISSION_REGISTRATION,
                                          .capacity = DD_CAPACITY_HEAD};
    must(client, &submit);
    uint64_t seq = dd_client_last_seq(client);
    dd_client_close(client);
    return seq;
}

static void load_keys(const struct bench_world *world, const char *name, struct dd_key_pair *keys)
{
    char path[DD_PATH_BYTES];
    struct dd_keys_why why;
    if (!dd_data_path(world->data, name, path) || dd_keys_load(keys, path, &why) != DD_OK)
        bench_die(name, why.text);
}

static void found(struct bench_world *world)
{
    struct dd_why why;
    snprintf(world->endpoint, sizeof world->endpoint, "tcp://127.0.0.1:%d", free_port());
    struct dd_data_founding founding = {
        .jurisdiction = "bench", .endpoint = world->endpoint, .at_ms = dd_clock_utc_ms()};
    if (dd_data_found(world->data, &founding, &why) != DD_OK)
        bench_die("founding", why.text);
    load_keys(world, "keys/server.key.pub", &world->server_keys);
    load_keys(world, "keys/admin.key", &world->admin_keys);
}

uint64_t bench_world_open(struct bench_world *world)
{
    uint64_t last_seq = 0;
    for (size_t i = 0; i < world->agency_count; i++)
        snprintf(world->agency[i].code, BENCH_CODE_BYTES, "agency-%03zu", i + 1);
    world->today = dd_day_at(dd_clock_utc_ms(), 0);
    if (dd_net_open(&world->net) != DD_OK)
        bench_die("sockets", dd_net_error());
    found(world);
    bench_world_start(world);
    struct dd_client *admin = client_of(world, &world->admin_keys);
    put_units(world, admin);
    put_accounts(world, admin);
    open_cycle(world, admin);
    dd_client_close(admin);
    for (size_t i = 0; i < world->agency_count; i++)
        last_seq = hand_in(world, i);
    return last_seq + 1;
}

void bench_world_close(struct bench_world *world)
{
    dd_net_close(world->net);
    dd_keys_wipe(&world->admin_keys);
    world->net = NULL;
}
