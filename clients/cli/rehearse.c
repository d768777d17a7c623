/*
 * A rehearsal from end to end: read the scenario, found a jurisdiction, start a system, play, wait
 * for the notifier, ask, stop, print and export. This file only puts the parts in order and gives
 * everything back, whatever fails; what is played stands in player*.c.
 */
#include "clients/cli/rehearse.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clients/cli/export.h"
#include "clients/cli/player_run.h"
#include "clients/cli/programme_file.h"
#include "clients/cli/rehearse_act.h"
#include "clients/cli/rehearse_tell.h"
#include "clients/cli/sentence.h"
#include "clients/cli/system.h"
#include "clients/cli/table_text.h"
#include "core/calendar.h"
#include "runtime/clock.h"

enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    SENTENCE_BYTES = 1024,
    NOTIFIER_PATIENCE_MS = 60000, /* without a reminder delivered */
    NOTIFIER_POLL_MS = 25,        /* at first; doubles */
    NOTIFIER_POLL_MS_MAX = 400
};

#define PROGRAMME_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define ANSWERS_BYTES_MAX ((size_t)16 * DD_CLIENT_ANSWER_ARENA_BYTES)

static const char help[] =
    "dondoc rehearse - play a scenario through a system of its own\n"
    "\n"
    "usage: dondoc rehearse DIR [--export OUT] [--keep DATA]\n"
    "\n"
    "  dondoc rehearse examples/bacgiang-2013\n"
    "  dondoc rehearse examples/bacgiang-2013 --export out --keep data\n"
    "\n"
    "  DIR             the scenario: scenario.yaml, units.csv, indicators.csv, reports.csv,\n"
    "                  and calendar.csv, accounts.csv, acts.csv if they are there\n"
    "  --export OUT    write summary.csv, groups.csv, reports.csv, reminders.csv there, and where\n"
    "                  there are acts duties.csv, matters.csv and acts.log\n"
    "  --keep DATA     keep the jurisdiction's data (and all keys) there\n"
    "  --lang vi|en    of messages\n"
    "\n"
    "OUT and DATA are made; a folder that is not empty is refused. The table is printed on\n"
    "standard output. Exit status: 0 played, 1 failed, faults in the scenario, or acts that ended\n"
    "otherwise than it expects, 2 wrong usage.\n";

/* Set by SIGINT, SIGTERM and SIGHUP: give up, and give everything back. */
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

struct rehearsal {
    const char *dir;
    const char *out;  /* NULL: no export */
    const char *keep; /* NULL: the data is removed at the end */
    enum dd_language language;
    struct dd_scenario *scenario;
    struct dd_arena programme_arena;
    struct dd_programme programme;
    struct dd_player *player;
    struct dd_key_pair server;
    struct dd_key_pair *keys; /* of the player's accounts */
    char data[DD_PATH_BYTES]; /* "": not made yet */
    bool out_made;
    struct dd_acts acts;
    struct dd_system system;
    struct dd_links *links;
    struct dd_tell tell;
    uint64_t seq;
    struct dd_arena answers;
    struct dd_export export;
    struct dd_export_cycles cycles; /* only where there are acts */
};

static bool failed(struct rehearsal *r, const char *text)
{
    dd_tell_end_line(&r->tell);
    fprintf(stderr, "dondoc rehearse: %s\n", text);
    return false;
}

static bool failed_status(struct rehearsal *r, const char *what, enum dd_status status)
{
    dd_tell_end_line(&r->tell);
    fprintf(stderr, "dondoc rehearse: %s: %s\n", what, dd_status_english(status));
    return false;
}

/* ---- the command line */

/* -1: go on; else the exit status. */
static int read_flags(struct rehearsal *r, int argc, char **argv)
{
    static const struct option options[] = {{"export", required_argument, NULL, 'e'},
                                            {"keep", required_argument, NULL, 'k'},
                                            {"lang", required_argument, NULL, 'l'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    const char *wrong = NULL;
    int option;
    optind = 1;
    opterr = 0;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'h')
            return fputs(help, stdout) < 0 ? EXIT_FAILED : EXIT_DONE;
        if (option == 'e')
            r->out = optarg;
        else if (option == 'k')
            r->keep = optarg;
        else if (option == '?' || !dd_language_of_tag(optarg, &r->language))
            wrong =
                option == '?' ? "an unknown flag, or one without its value" : "--lang is vi or en";
    }
    if (!wrong && argc - optind != 1)
        wrong = "one folder DIR is needed";
    if (!wrong && r->out && r->keep && strcmp(r->out, r->keep) == 0)
        wrong = "--export and --keep need two folders";
    if (!wrong) {
        r->dir = argv[optind];
        return -1;
    }
    fprintf(stderr, "dondoc rehearse: %s\nTry `dondoc rehearse --help`.\n", wrong);
    return EXIT_USAGE;
}

/* ---- the scenario */

static bool read_programme(struct rehearsal *r)
{
    char path[DD_PATH_BYTES];
    struct dd_yaml_faults faults = {.list = NULL};
    r->programme_arena = dd_arena_make(PROGRAMME_BYTES_MAX);
    enum dd_status status = dd_programme_file_find(r->dir, r->scenario->programme, path);
    if (status == DD_OK)
        status = dd_programme_file_read(path, &r->programme_arena, &r->programme, &faults);
    if (status == DD_INVALID)
        dd_yaml_faults_print(&faults, path, stderr);
    else if (status != DD_OK)
        failed_status(r, r->scenario->programme, status);
    dd_yaml_faults_free(&faults);
    return status == DD_OK;
}

static bool read_scenario(struct rehearsal *r)
{
    struct dd_scenario_programmes programmes = dd_programme_file_finder();
    struct dd_faults faults = {.list = NULL};
    enum dd_status status = dd_scenario_read(r->dir, &programmes, &r->scenario, &faults);
    dd_faults_print(&faults, stderr);
    dd_faults_free(&faults);
    if (status == DD_INVALID)
        return false;
    if (status != DD_OK)
        return failed_status(r, r->dir, status);
    if (!read_programme(r))
        return false;
    status = dd_player_make(r->scenario, &r->programme, &r->player);
    return status == DD_OK || failed_status(r, r->dir, status);
}

/* ---- the data */

static bool check_folders(struct rehearsal *r)
{
    struct dd_why why;
    if (r->out && dd_folder_free(r->out, &why) != DD_OK)
        return failed(r, why.text);
    if (r->keep && dd_folder_free(r->keep, &why) != DD_OK)
        return failed(r, why.text);
    return true;
}

static bool choose_data(struct rehearsal *r)
{
    const char *base = getenv("TMPDIR");
    char path[DD_PATH_BYTES];
    if (r->keep && strlen(r->keep) < sizeof r->data) {
        snprintf(r->data, sizeof r->data, "%s", r->keep);
        return true;
    }
    if (r->keep || !dd_data_path(base && *base ? base : "/tmp", "dondoc-rehearsal-XXXXXX", path))
        return failed(r, "the path is too long");
    if (!mkdtemp(path))
        return failed(r, strerror(errno));
    memcpy(r->data, path, sizeof r->data);
    return true;
}

static bool found_data(struct rehearsal *r)
{
    const struct dd_data_founding founding = {.jurisdiction = r->scenario->jurisdiction,
                                              .endpoint = "tcp://127.0.0.1:*",
                                              .rehearsal = true,
                                              .at_ms = r->scenario->clock_ms};
    struct dd_why why;
    if (!choose_data(r))
        return false;
    return dd_data_found(r->data, &founding, &why) == DD_OK || failed(r, why.text);
}

/* OUT is made early: a run that could not be exported is not worth its time. */
static bool make_out(struct rehearsal *r)
{
    struct dd_why why;
    if (!r->out)
        return true;
    if (dd_folder_free(r->out, &why) != DD_OK) /* DATA may lie within */
        return failed(r, why.text);
    r->out_made = mkdir(r->out, 0777) == 0;
    if (!r->out_made && errno != EEXIST)
        return failed(r, strerror(errno));
    return true;
}

/* ---- the keys */

static bool load_keys(struct rehearsal *r, const char *name, struct dd_key_pair *keys)
{
    char path[DD_PATH_BYTES];
    struct dd_keys_why why;
    if (!dd_data_path(r->data, name, path))
        return failed(r, "the path is too long");
    return dd_keys_load(keys, path, &why) == DD_OK || failed(r, why.text);
}

/* Kept data is of use only with the keys of those who act in it. */
static bool save_keys(struct rehearsal *r, const char *code, const struct dd_key_pair *keys)
{
    char name[DD_CODE_BYTES_MAX + 16];
    char path[DD_PATH_BYTES];
    struct dd_keys_why why;
    snprintf(name, sizeof name, "keys/%s.key", code);
    if (!dd_data_path(r->data, name, path))
        return failed(r, "the path is too long");
    return dd_keys_save(keys, path, &why) == DD_OK || failed(r, why.text);
}

static bool make_keys(struct rehearsal *r)
{
    r->keys = calloc(r->player->account_count, sizeof *r->keys);
    if (!r->keys)
        return failed_status(r, r->dir, DD_NO_MEMORY);
    if (!load_keys(r, "keys/server.key.pub", &r->server) ||
        !load_keys(r, "keys/admin.key", &r->keys[DD_PLAYER_ADMIN]))
        return false;
    for (size_t i = DD_PLAYER_ADMIN + 1; i < r->player->account_count && !stopped; i++) {
        struct dd_player_account *account = &r->player->accounts[i];
        dd_keys_generate(&r->keys[i]);
        memcpy(account->link_key, r->keys[i].curve_public, sizeof account->link_key);
        memcpy(account->sign_key, r->keys[i].sign_public, sizeof account->sign_key);
        enum dd_status status = dd_keys_set_meta(&r->keys[i], "account", account->code);
        if (status != DD_OK)
            return failed_status(r, account->code, status);
        if (r->keep && !save_keys(r, account->code, &r->keys[i]))
            return false;
    }
    return true;
}

/* ---- the play */

static bool start(struct rehearsal *r)
{
    char clock[DD_INSTANT_TEXT_BYTES];
    struct dd_why why;
    dd_instant_format(r->scenario->clock_ms, r->scenario->offset_min, clock);
    if (dd_system_start(r->data, clock, &r->system, &why) != DD_OK)
        return failed(r, why.text);
    const struct dd_links_options options = {.endpoint = r->system.endpoint,
                                             .jurisdiction = r->scenario->jurisdiction,
                                             .server_public = r->server.curve_public,
                                             .keys = r->keys,
                                             .account_count = r->player->account_count,
                                             .kept_max = DD_CONNECTIONS_KEPT,
                                             .sign_progress = r->programme.progress_signed};
    enum dd_status status = dd_links_open(&options, &r->links);
    return status == DD_OK || failed_status(r, r->system.endpoint, status);
}

/* Says why something asked of the system failed: the system itself may have. */
static bool failed_asking(struct rehearsal *r, const char *what, const struct dd_refusal *refusal)
{
    char sentence[SENTENCE_BYTES];
    struct dd_why why;
    if (stopped)
        return failed(r, "interrupted");
    if (!dd_system_runs(&r->system) && dd_system_stop(&r->system, &why) != DD_OK)
        return failed(r, why.text);
    dd_sentence(r->language, refusal, sentence, sizeof sentence);
    dd_tell_end_line(&r->tell);
    fprintf(stderr, "%s: %s\n", what, sentence);
    return false;
}

static void tell_step(void *self, int64_t at_ms, size_t steps_done, uint64_t seq)
{
    struct rehearsal *r = self;
    dd_tell_step(&r->tell, at_ms, steps_done, seq);
}

static enum dd_status play_act(void *self, const struct dd_scenario_act *act,
                               struct dd_client *client)
{
    struct rehearsal *r = self;
    dd_tell_end_line(&r->tell);
    return dd_acts_play(&r->acts, act, client);
}

static bool play(struct rehearsal *r)
{
    const struct dd_run_options options = {.player = r->player,
                                           .links = r->links,
                                           .stop = &stopped,
                                           .self = r,
                                           .progress = tell_step,
                                           .act = play_act};
    struct dd_run_result result;
    char place[DD_PATH_BYTES];
    enum dd_status status = dd_player_run(&options, &result);
    r->seq = result.seq;
    if (status == DD_OK)
        return true;
    if (result.step)
        snprintf(place, sizeof place, "%s:%lu", result.step->file,
                 (unsigned long)result.step->line);
    else
        snprintf(place, sizeof place, "clock");
    return failed_asking(r, place, &result.refusal);
}

/* ---- what came of it */

static enum dd_status ask(void *self, const struct dd_question *question, struct dd_arena *arena,
                          struct dd_answer *answer, struct dd_refusal *refusal)
{
    struct dd_client *client = self;
    return dd_client_question(client, question, arena, answer, refusal);
}

static bool exporter_of(struct rehearsal *r, struct dd_exporter *out)
{
    struct dd_client *client;
    enum dd_status status = dd_links_get(r->links, DD_PLAYER_ADMIN, &client);
    *out = (struct dd_exporter){.self = client, .ask = ask};
    return status == DD_OK || failed_status(r, r->system.endpoint, status);
}

static size_t undelivered(const struct dd_reminders_answer *reminders)
{
    size_t count = 0;
    for (size_t i = 0; i < reminders->reminder_count; i++)
        count += reminders->reminders[i].delivered_ms == 0;
    return count;
}

/* Until the notifier has said of every reminder that it was delivered; it is given up when none is
 * for a while. */
static bool wait_for_notifier(struct rehearsal *r)
{
    const struct dd_slice cycle =
        dd_slice_of(r->scenario->act_count > 0 ? "" : r->player->cycle); /* acts open others */
    int64_t progress_ms = dd_clock_mono_ms();
    size_t left = SIZE_MAX;
    long pause_ms = NOTIFIER_POLL_MS;
    struct dd_exporter exporter;
    if (!exporter_of(r, &exporter))
        return false;
    while (left > 0) {
        struct dd_reminders_answer reminders = {.reminders = NULL};
        struct dd_refusal refusal;
        dd_arena_reset(&r->answers);
        if (dd_export_reminders(&exporter, cycle, r->seq, &r->answers, &reminders, &refusal) !=
            DD_OK)
            return failed_asking(r, "reminders", &refusal);
        size_t now_left = undelivered(&reminders);
        if (now_left < left)
            progress_ms = dd_clock_mono_ms();
        left = now_left;
        dd_tell_reminders(&r->tell, reminders.reminder_count - left, reminders.reminder_count);
        if (stopped)
            return failed(r, "interrupted");
        if (left > 0 && dd_clock_mono_ms() - progress_ms > NOTIFIER_PATIENCE_MS)
            return failed(r, "the notifier delivers no reminder any more");
        const struct timespec pause = {0, pause_ms * 1000000L};
        pause_ms = pause_ms < NOTIFIER_POLL_MS_MAX ? 2 * pause_ms : pause_ms;
        if (left > 0)
            (void)nanosleep(&pause, NULL);
    }
    return true;
}

static bool collect(struct rehearsal *r)
{
    const struct dd_export_wish wish = {.cycle = dd_slice_of(r->player->cycle),
                                        .period = dd_slice_of(r->scenario->period.code),
                                        .as_of = r->scenario->as_of};
    struct dd_exporter exporter;
    struct dd_refusal refusal;
    struct dd_client *client;
    dd_arena_reset(&r->answers);
    if (!exporter_of(r, &exporter))
        return false;
    if (dd_export_collect(&exporter, &wish, r->seq, &r->answers, &r->export, &refusal) != DD_OK)
        return failed_asking(r, "export", &refusal);
    if (r->scenario->act_count > 0 &&
        dd_export_cycles(&exporter, r->seq, &r->answers, &r->cycles, &refusal) != DD_OK)
        return failed_asking(r, "export", &refusal);
    if (dd_links_get(r->links, DD_PLAYER_ADMIN, &client) == DD_OK)
        r->seq = dd_client_last_seq(client);
    return true;
}

static bool stop(struct rehearsal *r)
{
    struct dd_why why;
    dd_links_close(r->links);
    r->links = NULL;
    return dd_system_stop(&r->system, &why) == DD_OK || failed(r, why.text);
}

static bool write_export(struct rehearsal *r)
{
    struct dd_slice groups[DD_GROUPS_MAX];
    struct dd_why why;
    if (!r->out)
        return true;
    if (r->scenario->act_count > 0 && (dd_acts_write(&r->acts, r->out, &why) != DD_OK ||
                                       dd_export_write_cycles(r->out, &r->cycles, &why) != DD_OK))
        return failed(r, why.text);
    for (size_t i = 0; i < r->scenario->group_count; i++)
        groups[i] = dd_slice_of(r->scenario->groups[i].code);
    return dd_export_write(r->out, &r->export, groups, r->scenario->group_count, &why) == DD_OK ||
           failed(r, why.text);
}

static bool print_table(struct rehearsal *r)
{
    const struct dd_official_table official = {
        .cycle = &r->export.cycle, .table = &r->export.table, .reports = &r->export.reports};
    dd_tell_end_line(&r->tell);
    dd_table_text(&official, r->language, stdout);
    return (fflush(stdout) == 0 && !ferror(stdout)) ||
           failed(r, "the table cannot be written to standard output");
}

/* ---- the whole */

static bool rehearse(struct rehearsal *r)
{
    bool done = read_scenario(r) && check_folders(r) &&
                dd_acts_open(&r->acts, r->dir, r->scenario, r->language);
    if (!done)
        return false;
    dd_tell_start(&r->tell, r->player);
    done = found_data(r) && make_out(r) && make_keys(r) && start(r) && play(r) &&
           wait_for_notifier(r) && collect(r) && stop(r) && write_export(r) && print_table(r);
    if (done)
        dd_tell_done(&r->tell, r->seq, r->keep);
    return done && dd_acts_went(&r->acts);
}

static void give_back(struct rehearsal *r, bool done)
{
    struct dd_why why;
    dd_tell_end_line(&r->tell);
    dd_links_close(r->links);
    (void)dd_system_stop(&r->system, &why);
    if (r->data[0] && !r->keep)
        dd_folder_remove(r->data);
    if (r->out_made && !done)
        (void)rmdir(r->out);
    for (size_t i = 0; r->keys && i < r->player->account_count; i++)
        dd_keys_wipe(&r->keys[i]);
    free(r->keys);
    dd_acts_close(&r->acts);
    dd_player_free(r->player);
    dd_arena_free(&r->answers);
    dd_arena_free(&r->programme_arena);
    dd_scenario_free(r->scenario);
}

static void heed_signals(void)
{
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        (void)sigaction(stops[i], &action, NULL);
    action.sa_handler = SIG_IGN; /* a reader that went is a failed write, not a sudden end */
    (void)sigaction(SIGPIPE, &action, NULL);
}

int dd_rehearse_main(int argc, char **argv)
{
    struct rehearsal *r = calloc(1, sizeof *r);
    if (!r)
        return EXIT_FAILED;
    r->language = dd_language_default();
    r->answers = dd_arena_make(ANSWERS_BYTES_MAX);
    int exit_status = read_flags(r, argc, argv);
    if (exit_status < 0) {
        heed_signals();
        bool done = rehearse(r);
        give_back(r, done);
        exit_status = done ? EXIT_DONE : EXIT_FAILED;
    }
    free(r);
    return exit_status;
}
