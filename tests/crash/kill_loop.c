/* The kill -9 loop on the real programs: four agencies report progress through the client library
 * while dondocd is killed and started again, DD_KILLS times (200). Then the journal, read without
 * the server, must hold every acknowledged command exactly once under the seq that was answered,
 * and nothing twice; and state as it lies must be what a replay of the journal gives. Prints its
 * seed; DD_SEED repeats it. */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clients/lib/dondoc.h"
#include "core/entry.h"
#include "ledger/data.h"
#include "ledger/replay.h"
#include "proto/codec.h"
#include "runtime/clock.h"
#include "runtime/keys.h"
#include "runtime/random.h"
#include "storage/journal_file.h"
#include "storage/state.h"

enum {
    AGENCIES = 4,
    INDICATORS = 20,
    IN_FLIGHT = 64,
    ACKS_MAX = 2000000,
    PATIENCE_MS = 60000,
    LOAD_PATIENCE_MS = 300000, /* a link may miss many of the short lives of the server in a row */
    FIRST_ACK_MS = 10000
};

/* One acknowledged command. */
struct ack {
    uint32_t account;
    struct dd_id id;
    uint64_t seq;
    bool accepted;
};

static struct ack *acks;
static atomic_size_t ack_count;
static atomic_bool stopping;
static atomic_size_t gave_up;

static char data[256];
static char endpoint[64];
static struct dd_key_pair server_keys;
static struct dd_key_pair admin_keys;
static struct dd_key_pair agency_keys[AGENCIES];
static uint32_t agency_number[AGENCIES];
static int32_t today;

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "kill_loop: %s: %s\n", what, why);
    exit(1);
}

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        die("no free port", "bind");
    close(fd);
    return ntohs(address.sin_port);
}

static pid_t start_server(void)
{
    const char *program = getenv("DONDOCD");
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    char log[300];
    snprintf(log, sizeof log, "%s.log", data);
    if (!freopen(log, "a", stderr))
        _exit(126);
    execl(program, program, "--data", data, (char *)NULL);
    _exit(127);
}

static void load_keys(const char *name, struct dd_key_pair *keys)
{
    char path[DD_PATH_BYTES];
    struct dd_keys_why why;
    if (!dd_data_path(data, name, path) || dd_keys_load(keys, path, &why) != DD_OK)
        die(name, why.text);
}

static struct dd_client *open_client(const struct dd_key_pair *keys, int64_t timeout_ms)
{
    char why[512] = "";
    struct dd_client_options options = {.endpoint = endpoint,
                                        .jurisdiction = "kill",
                                        .server_public = server_keys.curve_public,
                                        .keys = keys,
                                        .timeout_ms = timeout_ms,
                                        .attempt_ms = 300,
                                        .why = why,
                                        .why_size = sizeof why};
    struct dd_client *client;
    if (dd_client_open(&options, &client) != DD_OK)
        die("client", why);
    return client;
}

static void must(struct dd_client *client, struct dd_command *command)
{
    struct dd_command_outcome outcome;
    if (dd_client_do(client, command, &outcome) != DD_OK) {
        fprintf(stderr, "%s %s %s\n", dd_status_key(outcome.status),
                dd_rule_key(outcome.refusal.rule), outcome.refusal.field);
        die("set-up command refused", dd_command_word(command->kind));
    }
}

static void put_units(struct dd_client *admin, char names[AGENCIES][16])
{
    struct dd_unit_put units[AGENCIES];
    struct dd_command command = {.kind = DD_COMMAND_PUT_UNITS};
    memset(units, 0, sizeof units);
    for (size_t i = 0; i < AGENCIES; i++) {
        units[i].code = units[i].name = units[i].head_title = dd_slice_of(names[i]);
        units[i].from_day = INT32_MIN;
        units[i].to_day = INT32_MAX;
    }
    command.as.put_units = (struct dd_put_units){1, true, NULL, 0, units, AGENCIES};
    must(admin, &command);
}

static void put_accounts(struct dd_client *admin, char names[AGENCIES][16])
{
    for (size_t i = 0; i < AGENCIES; i++) {
        struct dd_office office = {DD_ROLE_HEAD, dd_slice_of(names[i]), INT32_MIN, INT32_MAX};
        struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
        struct dd_put_account *put = &command.as.put_account;
        dd_keys_generate(&agency_keys[i]);
        *put = (struct dd_put_account){.code = dd_slice_of(names[i]),
                                       .to_ms = INT64_MAX,
                                       .offices = &office,
                                       .office_count = 1};
        memcpy(put->link_key, agency_keys[i].curve_public, 32);
        memcpy(put->sign_key, agency_keys[i].sign_public, 32);
        must(admin, &command);
        agency_number[i] = (uint32_t)(3 + i); /* after admin and notifier */
    }
}

/* A process of two stages: hand in, then outcomes; what is handed in is in force at once. */
static void open_cycle(struct dd_client *admin, char names[AGENCIES][16])
{
    int year;
    int month;
    int day;
    dd_day_to_civil(today, &year, &month, &day);
    struct dd_command calendar = {.kind = DD_COMMAND_PUT_CALENDAR};
    calendar.as.put_calendar = (struct dd_put_calendar){(uint16_t)year, 0, NULL, 0};
    must(admin, &calendar);
    struct dd_command programme = {.kind = DD_COMMAND_PUT_PROGRAMME};
    struct dd_programme *p = &programme.as.put_programme;
    p->code = dd_slice_of("load");
    p->version = 1;
    p->name_vi = p->name_en = dd_slice_of("load");
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
    must(admin, &programme);
    struct dd_party parties[AGENCIES];
    for (size_t i = 0; i < AGENCIES; i++)
        parties[i] = (struct dd_party){dd_slice_of(names[i]), {NULL, 0}};
    struct dd_period period = {dd_slice_of("year"), 0, 0};
    struct dd_command open = {.kind = DD_COMMAND_OPEN_CYCLE};
    struct dd_open_cycle *c = &open.as.open_cycle;
    *c = (struct dd_open_cycle){.programme = dd_slice_of("load"),
                                .period = dd_slice_of("now"),
                                .page = 1,
                                .last = true,
                                .host = dd_slice_of(names[0]),
                                .periods = &period,
                                .period_count = 1,
                                .parties = parties,
                                .party_count = AGENCIES};
    (void)dd_day_from_civil(year, 1, 1, &c->from_day);
    (void)dd_day_from_civil(year, 12, 31, &c->to_day);
    period.from_day = c->from_day;
    period.to_day = c->to_day;
    must(admin, &open);
}

static void hand_in(size_t agency, const char *name)
{
    struct dd_client *client = open_client(&agency_keys[agency], PATIENCE_MS);
    struct dd_indicator_put indicators[INDICATORS];
    struct dd_command reg = {.kind = DD_COMMAND_REGISTER};
    struct dd_command submit = {.kind = DD_COMMAND_SUBMIT};
    memset(indicators, 0, sizeof indicators);
    for (size_t i = 0; i < INDICATORS; i++) {
        indicators[i].number = (uint16_t)(i + 1);
        indicators[i].title = dd_slice_of("chỉ tiêu");
        indicators[i].due_day = today;
    }
    reg.as.register_ = (struct dd_register){.cycle = dd_slice_of("load/now"),
                                            .unit = dd_slice_of(name),
                                            .task = 1,
                                            .kind = dd_slice_of("own"),
                                            .indicators = indicators,
                                            .indicator_count = INDICATORS};
    must(client, &reg);
    submit.as.submit = (struct dd_submit){.cycle = dd_slice_of("load/now"),
                                          .unit = dd_slice_of(name),
                                          .what = DD_SUBMISSION_REGISTRATION,
                                          .capacity = DD_CAPACITY_HEAD};
    must(client, &submit);
    dd_client_close(client);
}

/* --- the load ------------------------------------------------------------------------------ */

struct loader {
    size_t agency;
    const char *name;
    struct dd_client *client;
};

static void acknowledged(void *arg, const struct dd_command_outcome *outcome)
{
    struct loader *loader = arg;
    enum dd_status_class kind = dd_status_class(outcome->status);
    if (kind != DD_CLASS_DONE && kind != DD_CLASS_REFUSED) {
        atomic_fetch_add(&gave_up, 1);
        return;
    }
    size_t place = atomic_fetch_add(&ack_count, 1);
    if (place >= ACKS_MAX)
        die("too many answers", "raise ACKS_MAX");
    acks[place] = (struct ack){agency_number[loader->agency], outcome->id, outcome->seq,
                               outcome->status == DD_OK};
}

static void *load(void *arg)
{
    struct loader *loader = arg;
    uint32_t turn = 0;
    loader->client = open_client(&agency_keys[loader->agency], LOAD_PATIENCE_MS);
    while (!atomic_load(&stopping)) {
        while (dd_client_pending(loader->client) < IN_FLIGHT) {
            struct dd_command command = {.kind = DD_COMMAND_PROGRESS};
            bool wrong = turn % 7 == 0; /* refused by a rule: those answers must be kept, too */
            command.as.progress =
                (struct dd_progress){.cycle = dd_slice_of("load/now"),
                                     .unit = dd_slice_of(loader->name),
                                     .task = 1,
                                     .indicator = (uint16_t)(wrong ? 999 : turn % INDICATORS + 1),
                                     .outcome = turn % 2 ? DD_OUTCOME_COMPLETED : DD_OUTCOME_OPEN,
                                     .day = today};
            turn++;
            if (dd_client_submit(loader->client, &command, acknowledged, loader) != DD_OK)
                break;
        }
        (void)dd_client_run(loader->client, 50);
    }
    (void)dd_client_flush(loader->client);
    dd_client_close(loader->client);
    return NULL;
}

/* --- the check ----------------------------------------------------------------------------- */

static int compare_acks(const void *a, const void *b)
{
    const struct ack *x = a;
    const struct ack *y = b;
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    return dd_id_compare(x->id, y->id);
}

static size_t read_journal(struct ack **out, struct dd_journal_reader *journal)
{
    static struct dd_event events[DD_TICK_EVENTS_MAX];
    struct dd_arena arena = dd_arena_make(DD_REPLY_BYTES_MAX);
    size_t count = 0;
    struct dd_slice bytes;
    *out = calloc(ACKS_MAX, sizeof **out);
    for (uint64_t seq = 0; *out && dd_journal_read(journal, seq, &bytes) == DD_OK; seq++) {
        struct dd_entry entry = {.events = {events, 0, DD_TICK_EVENTS_MAX}};
        struct dd_command command;
        struct dd_refusal refusal;
        dd_arena_reset(&arena);
        if (dd_entry_read(bytes, &entry) != DD_OK || entry.seq != seq ||
            dd_codec_command_decode(entry.command, &arena, &command, &refusal) != DD_OK)
            die("an entry cannot be read", "journal");
        if (entry.kind == DD_ENTRY_COMMAND)
            (*out)[count++] =
                (struct ack){entry.account, command.id, seq, entry.refusal.status == DD_OK};
    }
    dd_arena_free(&arena);
    return count;
}

static void check_acks(const struct ack *logged, size_t logged_count)
{
    size_t count = atomic_load(&ack_count);
    size_t at = 0;
    qsort(acks, count, sizeof *acks, compare_acks);
    for (size_t i = 1; i < logged_count; i++) {
        if (compare_acks(&logged[i - 1], &logged[i]) == 0)
            die("a command stands in the log twice", "doubled");
    }
    for (size_t i = 0; i < count; i++) {
        while (at < logged_count && compare_acks(&logged[at], &acks[i]) < 0)
            at++;
        if (at == logged_count || compare_acks(&logged[at], &acks[i]) != 0)
            die("an acknowledged command is not in the log", "lost");
        if (logged[at].seq != acks[i].seq || logged[at].accepted != acks[i].accepted)
            die("an answer differs from the log", "changed");
    }
}

static void digest_of(struct dd_state *state, uint8_t out[32], uint64_t *next_seq)
{
    struct dd_snapshot *snapshot;
    if (dd_snapshot_open(state, &snapshot) != DD_OK || dd_snapshot_digest(snapshot, out) != DD_OK)
        die("digest", "state");
    *next_seq = dd_snapshot_cursor(snapshot)->next_seq;
    dd_snapshot_close(snapshot);
}

static void check_state(struct dd_journal_reader *journal, size_t logged_count)
{
    char path[DD_PATH_BYTES];
    struct dd_state *lies;
    struct dd_state *replayed;
    struct dd_replay *replay;
    uint8_t first[32];
    uint8_t second[32];
    uint64_t first_end;
    uint64_t second_end;
    if (!dd_data_path(data, "state", path) || dd_state_open(path, 0, &lies) != DD_OK ||
        dd_state_open(NULL, 0, &replayed) != DD_OK || dd_replay_open(replayed, &replay) != DD_OK)
        die("state", "cannot be opened");
    digest_of(lies, first, &first_end);
    if (dd_replay_journal(replay, journal, first_end, NULL) != DD_OK)
        die("state", "the journal does not replay");
    digest_of(replayed, second, &second_end);
    if (first_end <= logged_count || memcmp(first, second, 32) != 0)
        die("state differs from a replay of the journal", "digest");
    dd_replay_close(replay);
    dd_state_close(replayed);
    dd_state_close(lies);
}

static void check(size_t kills)
{
    char path[DD_PATH_BYTES];
    struct dd_journal_reader journal;
    struct ack *logged;
    if (!dd_data_path(data, "journal", path) ||
        dd_journal_file_reader_open(path, &journal) != DD_OK)
        die("journal", "cannot be opened");
    size_t logged_count = read_journal(&logged, &journal);
    qsort(logged, logged_count, sizeof *logged, compare_acks);
    check_acks(logged, logged_count);
    check_state(&journal, logged_count);
    dd_journal_reader_close(&journal);
    free(logged);
    printf("kill_loop: %zu kills, %zu answers kept, %zu commands in the log, %zu given up\n", kills,
           atomic_load(&ack_count), logged_count, atomic_load(&gave_up));
    if (atomic_load(&gave_up) > 0)
        die("commands were given up", "the server did not come back in time");
}

/* --- the loop ------------------------------------------------------------------------------ */

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* Kills only under load: after an answer has come since the start. */
static void kill_under_load(pid_t *server, unsigned *seed)
{
    size_t before = atomic_load(&ack_count);
    int64_t end_ms = dd_clock_mono_ms() + FIRST_ACK_MS;
    while (atomic_load(&ack_count) == before) {
        if (dd_clock_mono_ms() > end_ms)
            die("no answer after a restart", "10 s");
        pause_ms(2);
    }
    *seed = *seed * 1103515245u + 12345u;
    pause_ms((long)(*seed >> 16) % 40);
    kill(*server, SIGKILL);
    if (waitpid(*server, NULL, 0) != *server)
        die("the server", "is gone already");
    *server = start_server();
}

static size_t number_of(const char *name, size_t otherwise)
{
    const char *text = getenv(name);
    return text ? (size_t)strtoul(text, NULL, 10) : otherwise;
}

static void found(void)
{
    struct dd_why why;
    const char *folder = getenv("TMPDIR");
    snprintf(data, sizeof data, "%s/dondoc-kill-XXXXXX", folder ? folder : "/tmp");
    if (!mkdtemp(data))
        die("no folder", data);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", free_port());
    struct dd_data_founding founding = {
        .jurisdiction = "kill", .endpoint = endpoint, .at_ms = dd_clock_utc_ms()};
    if (dd_data_found(data, &founding, &why) != DD_OK)
        die("founding", why.text);
    load_keys("keys/server.key.pub", &server_keys);
    load_keys("keys/admin.key", &admin_keys);
}

static void remove_all(void)
{
    char command[300];
    pid_t pid = fork();
    snprintf(command, sizeof command, "%s.log", data);
    if (pid == 0) {
        execlp("rm", "rm", "-rf", data, command, (char *)NULL);
        _exit(127);
    }
    (void)waitpid(pid, NULL, 0);
}

int main(void)
{
    static char names[AGENCIES][16] = {"so-a", "so-b", "huyen-c", "huyen-d"};
    pthread_t threads[AGENCIES];
    struct loader loaders[AGENCIES];
    size_t kills = number_of("DD_KILLS", 200);
    unsigned seed = (unsigned)number_of("DD_SEED", (size_t)dd_clock_utc_ms() % 1000000);
    if (!getenv("DONDOCD"))
        die("DONDOCD", "name the server program");
    printf("kill_loop: seed %u\n", seed);
    today = dd_day_at(dd_clock_utc_ms(), 0);
    acks = calloc(ACKS_MAX, sizeof *acks);
    found();
    pid_t server = start_server();
    struct dd_client *admin = open_client(&admin_keys, PATIENCE_MS);
    put_units(admin, names);
    put_accounts(admin, names);
    open_cycle(admin, names);
    for (size_t i = 0; i < AGENCIES; i++)
        hand_in(i, names[i]);
    for (size_t i = 0; i < AGENCIES; i++) {
        loaders[i] = (struct loader){i, names[i], NULL};
        pthread_create(&threads[i], NULL, load, &loaders[i]);
    }
    for (size_t i = 0; i < kills; i++)
        kill_under_load(&server, &seed);
    atomic_store(&stopping, true);
    for (size_t i = 0; i < AGENCIES; i++)
        pthread_join(threads[i], NULL);
    dd_client_close(admin);
    int status;
    kill(server, SIGTERM);
    if (waitpid(server, &status, 0) != server || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        die("the server", "did not end in order");
    check(kills);
    remove_all();
    free(acks);
    return 0;
}
