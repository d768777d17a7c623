/* dondocd: the server. Alone it runs broker, registrar and notifier as threads of one process; with
 * --role it runs one of them, over ipc or tcp. This file only reads flags and settings, starts,
 * waits for a signal and ends in order; it knows nothing of messages. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/broker.h"
#include "core/calendar.h"
#include "runtime/clock.h"
#include "runtime/config.h"
#include "runtime/lock.h"
#include "runtime/log.h"
#include "runtime/loop.h"
#include "runtime/task.h"
#include "workers/notifier_shell.h"
#include "workers/registrar_shell.h"

enum { EXIT_USAGE = 2, FILES_WANTED = 65536 };

enum role { ROLE_ALL, ROLE_BROKER, ROLE_REGISTRAR, ROLE_NOTIFIER };

static const char help[] =
    "dondocd - serves a jurisdiction: broker, registrar with its readers, notifier\n"
    "\n"
    "usage: dondocd --data DIR [options]\n"
    "\n"
    "  dondoc init /var/lib/dondoc --jurisdiction bacgiang    make a data folder first\n"
    "  dondocd --data /var/lib/dondoc                         all roles, as threads\n"
    "  dondocd --data /var/lib/dondoc --role registrar        one role\n"
    "\n"
    "  --data DIR           the data folder (of this role)\n"
    "  --role ROLE          broker, registrar or notifier; without it all three\n"
    "  --endpoint EP        where the broker listens: tcp://ADDRESS:PORT (* picks a free\n"
    "                       port) or ipc://PATH; for the notifier: where it finds the broker\n"
    "  --workers EP         where broker and registrar meet (ipc:// or tcp:// between processes)\n"
    "  --clock rehearsal:INSTANT   a clock that stands still until `dondoc clock advance`;\n"
    "                       INSTANT as 2013-01-11T08:00+07:00; valid in a rehearsal's log only\n"
    "  --language vi|en     of the reminders\n"
    "  --check              check flags and settings, print them with their origin, and end\n"
    "  -h, --help           this text\n"
    "  --version            the version\n"
    "\n"
    "Settings come from flags, else from DIR/dondoc.conf. When it serves, the broker writes\n"
    "the endpoint it listens on to DIR/endpoint. SIGTERM and SIGINT end it in order.\n"
    "Exit status: 0 ended in order, 1 failed, 2 wrong usage or settings.\n";

static const struct dd_config_key config_keys[] = {
    {"log", "jurisdiction", "", "the code that the log was founded with"},
    {"broker", "endpoint", "tcp://127.0.0.1:5570", "where clients connect"},
    {"broker", "workers", "inproc://workers", "where broker and registrar meet"},
    {"notifier", "language", "vi", "vi or en"},
};

struct settings {
    const char *data;
    enum role role;
    bool rehearsal;
    int64_t clock_ms;
    bool check;
    struct dd_config *config;
};

/* What runs. */
struct server {
    struct dd_net *net;
    struct dd_lock data_lock;
    struct dd_lock outbox_lock;
    bool data_locked;
    bool outbox_locked;
    struct dd_key_pair server_keys;
    struct dd_key_pair registrar_keys;
    struct dd_key_pair notifier_keys;
    struct dd_broker *broker;
    struct dd_registrar_shell *registrar;
    struct dd_notifier_shell *notifier;
    struct dd_task *task[3];
    struct dd_loop *loop;
    bool failed;
};

static int usage(const char *what, const char *value)
{
    fprintf(stderr, "dondocd: %s%s%s\nTry `dondocd --help`.\n", what, value ? ": " : "",
            value ? value : "");
    return EXIT_USAGE;
}

/* --- settings ------------------------------------------------------------------------------ */

static bool parse_role(const char *text, enum role *role)
{
    static const char *const words[] = {"all", "broker", "registrar", "notifier"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, words[i]) == 0) {
            *role = (enum role)i;
            return true;
        }
    }
    return false;
}

static bool parse_clock(const char *text, int64_t *clock_ms)
{
    static const char prefix[] = "rehearsal:";
    int offset_min;
    if (strncmp(text, prefix, sizeof prefix - 1) != 0)
        return false;
    return dd_instant_parse(dd_slice_of(text + sizeof prefix - 1), 0, clock_ms, &offset_min);
}

struct flags {
    const char *endpoint;
    const char *workers;
    const char *language;
};

/* -1: go on; else the exit status. */
static int read_flags(int argc, char **argv, struct settings *settings, struct flags *flags)
{
    static const struct option options[] = {
        {"data", required_argument, NULL, 'd'},     {"role", required_argument, NULL, 'r'},
        {"endpoint", required_argument, NULL, 'e'}, {"workers", required_argument, NULL, 'w'},
        {"clock", required_argument, NULL, 'c'},    {"language", required_argument, NULL, 'l'},
        {"check", no_argument, NULL, 'k'},          {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},        {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'd')
            settings->data = optarg;
        else if (option == 'e')
            flags->endpoint = optarg;
        else if (option == 'w')
            flags->workers = optarg;
        else if (option == 'l')
            flags->language = optarg;
        else if (option == 'k')
            settings->check = true;
        else if (option == 'r' && !parse_role(optarg, &settings->role))
            return usage("--role is broker, registrar or notifier, not", optarg);
        else if (option == 'c' && !parse_clock(optarg, &settings->clock_ms))
            return usage("--clock is rehearsal:YYYY-MM-DDTHH:MM+HH:MM, not", optarg);
        else if (option == 'h')
            return fputs(help, stdout) < 0;
        else if (option == 'v')
            return puts("dondocd 0.1.0") < 0;
        else if (option == '?')
            return usage("unknown flag, or a flag without its value", NULL);
        settings->rehearsal = settings->rehearsal || option == 'c';
    }
    if (optind < argc)
        return usage("no such argument", argv[optind]);
    return settings->data ? -1 : usage("--data DIR is needed", NULL);
}

static int read_config(struct settings *settings, const struct flags *flags)
{
    char path[DD_PATH_BYTES];
    enum dd_status status =
        dd_config_open(config_keys, sizeof config_keys / sizeof config_keys[0], &settings->config);
    if (status != DD_OK || !dd_data_path(settings->data, "dondoc.conf", path))
        return usage("the path is too long", settings->data);
    if (access(settings->data, F_OK) != 0)
        return usage("there is no such folder; make it with `dondoc init`", settings->data);
    status = dd_config_read(settings->config, path);
    if (status != DD_OK && status != DD_NOT_FOUND) {
        if (status != DD_INVALID)
            fprintf(stderr, "%s: %s\n", path, dd_status_english(status));
        for (size_t i = 0; i < dd_config_fault_count(settings->config); i++)
            fprintf(stderr, "%s\n", dd_config_fault(settings->config, i));
        return usage("these settings cannot be used", path);
    }
    if (flags->endpoint)
        status = dd_config_override(settings->config, "broker", "endpoint", flags->endpoint,
                                    "--endpoint");
    if (flags->workers)
        status =
            dd_config_override(settings->config, "broker", "workers", flags->workers, "--workers");
    if (flags->language)
        status = dd_config_override(settings->config, "notifier", "language", flags->language,
                                    "--language");
    const char *language = dd_config_text(settings->config, "notifier", "language");
    if (dd_word_number(DD_WORDS_LANGUAGE, dd_slice_of(language)) == 0)
        return usage("the language is vi or en, not", language);
    const char *workers = dd_config_text(settings->config, "broker", "workers");
    bool inproc = strncmp(workers, "inproc://", 9) == 0;
    if (inproc && (settings->role == ROLE_BROKER || settings->role == ROLE_REGISTRAR))
        return usage("between processes --workers (or [broker] workers) is ipc://PATH or "
                     "tcp://ADDRESS:PORT, not",
                     workers);
    return -1;
}

static int print_settings(const struct settings *settings)
{
    for (size_t i = 0; i < sizeof config_keys / sizeof config_keys[0]; i++) {
        const struct dd_config_key *key = &config_keys[i];
        printf("[%s] %s = %s (%s)\n", key->section, key->name,
               dd_config_text(settings->config, key->section, key->name),
               dd_config_origin(settings->config, key->section, key->name));
    }
    return 0;
}

/* --- starting ------------------------------------------------------------------------------ */

static bool failed(const char *what, const char *why)
{
    dd_log(DD_LOG_ERROR, what, "why", why, NULL);
    return false;
}

static bool load_key(const struct settings *settings, const char *name, struct dd_key_pair *keys)
{
    char path[DD_PATH_BYTES];
    struct dd_keys_why why;
    if (!dd_data_path(settings->data, name, path))
        return failed("cannot read a key", "the path is too long");
    return dd_keys_load(keys, path, &why) == DD_OK || failed("cannot read a key", why.text);
}

/* The secret file where this role needs it, else only the public half. */
static bool load_keys(struct server *server, const struct settings *settings)
{
    enum role role = settings->role;
    bool broker = role == ROLE_ALL || role == ROLE_BROKER;
    bool registrar = role == ROLE_ALL || role == ROLE_REGISTRAR;
    bool notifier = role == ROLE_ALL || role == ROLE_NOTIFIER;
    if (!load_key(settings, broker ? "keys/server.key" : "keys/server.key.pub",
                  &server->server_keys))
        return false;
    if (role != ROLE_NOTIFIER &&
        !load_key(settings, registrar ? "keys/registrar.key" : "keys/registrar.key.pub",
                  &server->registrar_keys))
        return false;
    return !notifier || load_key(settings, "keys/notifier.key", &server->notifier_keys);
}

static bool take_lock(const char *dir, struct dd_lock *lock, bool *locked)
{
    int64_t pid = 0;
    enum dd_status status = dd_lock_take(dir, lock, &pid);
    *locked = status == DD_OK;
    if (status == DD_LOCKED)
        dd_log(DD_LOG_ERROR, "another process serves this folder", "folder", dir, "pid",
               dd_log_number(pid).text, NULL);
    else if (status != DD_OK)
        dd_log(DD_LOG_ERROR, "cannot take the folder's lock", "folder", dir, "why",
               dd_status_english(status), NULL);
    return status == DD_OK;
}

static bool start_registrar(struct server *server, struct settings *settings)
{
    const char *workers = dd_config_text(settings->config, "broker", "workers");
    bool between_processes = settings->role == ROLE_REGISTRAR;
    struct dd_registrar_options options = {
        .data = settings->data,
        .workers_endpoint = workers,
        .keys = between_processes ? &server->registrar_keys : NULL,
        .server_public = between_processes ? server->server_keys.curve_public : NULL};
    struct dd_why why;
    if (!take_lock(settings->data, &server->data_lock, &server->data_locked))
        return false;
    if (dd_registrar_shell_open(server->net, &options, &server->registrar, &why) != DD_OK)
        return failed("the registrar cannot start", why.text);
    const char *jurisdiction = dd_config_text(settings->config, "log", "jurisdiction");
    if (*jurisdiction &&
        strcmp(jurisdiction, dd_registrar_shell_jurisdiction(server->registrar)) != 0)
        return failed("dondoc.conf names another jurisdiction than the log",
                      dd_registrar_shell_jurisdiction(server->registrar));
    if (settings->rehearsal && !dd_registrar_shell_rehearsal(server->registrar))
        return failed("--clock moves a rehearsal's clock, and this log is none",
                      "make one with `dondoc init --rehearsal`");
    if (dd_registrar_shell_rehearsal(server->registrar) && !settings->rehearsal) {
        settings->rehearsal = true;
        settings->clock_ms = dd_registrar_shell_last_ms(server->registrar);
    }
    return true;
}

static bool start_broker(struct server *server, const struct settings *settings)
{
    struct dd_broker_options options = {
        .endpoint = dd_config_text(settings->config, "broker", "endpoint"),
        .server_keys = &server->server_keys,
        .workers_endpoint = dd_config_text(settings->config, "broker", "workers"),
        .registrar_public =
            settings->role == ROLE_BROKER ? server->registrar_keys.curve_public : NULL,
        .rehearsal = settings->rehearsal,
        .clock_ms = settings->clock_ms};
    if (dd_broker_open(server->net, &options, &server->broker) == DD_OK)
        return true;
    dd_log(DD_LOG_ERROR, "the broker cannot listen; name another --endpoint or --workers", "why",
           dd_net_error(), "endpoint", options.endpoint, "workers", options.workers_endpoint, NULL);
    return false;
}

static bool start_notifier(struct server *server, const struct settings *settings)
{
    const char *jurisdiction = dd_config_text(settings->config, "log", "jurisdiction");
    char outbox[DD_PATH_BYTES];
    if (server->registrar)
        jurisdiction = dd_registrar_shell_jurisdiction(server->registrar);
    if (!*jurisdiction)
        return failed("the notifier needs [log] jurisdiction in dondoc.conf", settings->data);
    if (!dd_data_path(settings->data, "outbox", outbox) ||
        (mkdir(outbox, 0700) != 0 && errno != EEXIST))
        return failed("cannot make the outbox", strerror(errno));
    if (!take_lock(outbox, &server->outbox_lock, &server->outbox_locked))
        return false;
    struct dd_notifier_options options = {
        .endpoint = server->broker ? dd_broker_endpoint(server->broker)
                                   : dd_config_text(settings->config, "broker", "endpoint"),
        .curve_server = server->server_keys.curve_public,
        .curve_public = server->notifier_keys.curve_public,
        .curve_secret = server->notifier_keys.curve_secret,
        .jurisdiction = jurisdiction,
        .data = settings->data};
    options.language = (enum dd_language)dd_word_number(
        DD_WORDS_LANGUAGE, dd_slice_of(dd_config_text(settings->config, "notifier", "language")));
    enum dd_status status = dd_notifier_open(server->net, &options, &server->notifier);
    if (status != DD_OK)
        dd_log(DD_LOG_ERROR, "the notifier cannot start", "why", dd_status_english(status),
               "endpoint", options.endpoint, "outbox", outbox, NULL);
    return status == DD_OK;
}

/* Written whole or not at all: whoever waits for it may read it at once. */
static bool write_endpoint(const struct settings *settings, const char *endpoint)
{
    char path[DD_PATH_BYTES];
    char temporary[DD_PATH_BYTES];
    if (!dd_data_path(settings->data, "endpoint", path) ||
        !dd_data_path(settings->data, "endpoint.new", temporary))
        return failed("cannot write the endpoint", "the path is too long");
    FILE *file = fopen(temporary, "w");
    if (!file)
        return failed("cannot write the endpoint", strerror(errno));
    fprintf(file, "%s\n", endpoint);
    bool written = fclose(file) == 0 && rename(temporary, path) == 0;
    return written || failed("cannot write the endpoint", strerror(errno));
}

static void remove_endpoint(const struct settings *settings)
{
    char path[DD_PATH_BYTES];
    if (dd_data_path(settings->data, "endpoint", path))
        (void)unlink(path);
}

static bool start(struct server *server, struct settings *settings)
{
    enum role role = settings->role;
    if (!load_keys(server, settings))
        return false;
    if (dd_net_open(&server->net) != DD_OK)
        return failed("cannot start", dd_net_error());
    if ((role == ROLE_ALL || role == ROLE_REGISTRAR) && !start_registrar(server, settings))
        return false;
    if ((role == ROLE_ALL || role == ROLE_BROKER) && !start_broker(server, settings))
        return false;
    return (role != ROLE_ALL && role != ROLE_NOTIFIER) || start_notifier(server, settings);
}

/* --- running ------------------------------------------------------------------------------- */

static enum dd_status run_broker(void *arg)
{
    return dd_broker_run(arg);
}

static enum dd_status run_registrar(void *arg)
{
    return dd_registrar_shell_run(arg);
}

static enum dd_status run_notifier(void *arg)
{
    return dd_notifier_run(arg);
}

/* A role that ends by itself has failed: the others end in order, so that a supervisor starts anew.
 */
static void on_role_ended(void *self)
{
    struct server *server = self;
    server->failed = true;
    dd_loop_stop(server->loop);
}

static bool run_task(struct server *server, size_t place, const char *name,
                     enum dd_status (*job)(void *arg), void *arg)
{
    if (!arg)
        return true;
    if (dd_task_open(name, &server->task[place]) != DD_OK)
        return failed("cannot start a thread", name);
    dd_task_submit(server->task[place], job, arg);
    dd_loop_add_fd(server->loop, dd_task_fd(server->task[place]), on_role_ended, server);
    return true;
}

static bool wait_task(struct server *server, size_t place)
{
    return !server->task[place] || dd_task_wait(server->task[place]) == DD_OK;
}

/* Ends in the order in which messages flow: notifier, broker, then the registrar with what it has.
 */
static bool stop(struct server *server)
{
    bool good = true;
    if (server->notifier && server->task[2])
        dd_notifier_stop(server->notifier);
    good = wait_task(server, 2) && good;
    if (server->broker && server->task[0])
        dd_broker_stop(server->broker);
    good = wait_task(server, 0) && good;
    if (server->registrar && server->task[1])
        dd_registrar_shell_stop(server->registrar);
    return wait_task(server, 1) && good;
}

static void close_all(struct server *server)
{
    for (size_t i = 0; i < 3; i++)
        dd_task_close(server->task[i]);
    dd_notifier_close(server->notifier);
    dd_registrar_shell_close(server->registrar);
    dd_broker_close(server->broker);
    dd_loop_close(server->loop);
    dd_net_close(server->net);
    if (server->outbox_locked)
        dd_lock_release(&server->outbox_lock);
    if (server->data_locked)
        dd_lock_release(&server->data_lock);
    dd_keys_wipe(&server->server_keys);
    dd_keys_wipe(&server->registrar_keys);
    dd_keys_wipe(&server->notifier_keys);
}

static bool serve(struct server *server, struct settings *settings)
{
    if (dd_loop_open(&server->loop) != DD_OK || dd_loop_stop_on_signals(server->loop) != DD_OK)
        return failed("cannot start", "no event loop");
    if (!start(server, settings))
        return false;
    if (server->registrar && server->broker)
        dd_registrar_shell_greet(server->registrar);
    if (!run_task(server, 0, "dd-broker", run_broker, server->broker) ||
        !run_task(server, 1, "dd-registrar", run_registrar, server->registrar) ||
        !run_task(server, 2, "dd-notifier", run_notifier, server->notifier))
        return false;
    if (server->broker && !write_endpoint(settings, dd_broker_endpoint(server->broker)))
        return false;
    dd_log(DD_LOG_INFO, "serving", "endpoint",
           server->broker ? dd_broker_endpoint(server->broker) : NULL, NULL);
    bool good = dd_loop_run(server->loop) == DD_OK && !server->failed;
    if (server->broker)
        remove_endpoint(settings);
    return good;
}

static void raise_limits(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    if (files.rlim_cur < FILES_WANTED) {
        files.rlim_cur = files.rlim_max < FILES_WANTED ? files.rlim_max : FILES_WANTED;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
    struct settings settings = {.role = ROLE_ALL};
    struct flags flags = {NULL, NULL, NULL};
    struct server server = {.failed = false};
    int status = read_flags(argc, argv, &settings, &flags);
    if (status < 0)
        status = read_config(&settings, &flags);
    if (status < 0 && settings.check)
        status = print_settings(&settings);
    if (status >= 0) {
        dd_config_close(settings.config);
        return status;
    }
    raise_limits();
    bool good = serve(&server, &settings);
    good = stop(&server) && good;
    close_all(&server);
    dd_config_close(settings.config);
    dd_log(good ? DD_LOG_INFO : DD_LOG_ERROR, good ? "ended in order" : "ended", NULL);
    return good ? 0 : 1;
}
