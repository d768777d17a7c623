/* What every command shares. See clients/cli/cli_link.h. */
#include "clients/cli/cli_link.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/cli/cli_command.h"
#include "clients/cli/cli_field.h"
#include "clients/lib/dondoc.h"
#include "clients/lib/normalise.h"
#include "proto/codec.h"
#include "runtime/clock.h"
#include "runtime/config.h"
#include "runtime/keys.h"
#include "runtime/net.h"
#include "runtime/random.h"

enum {
    OFFSET_DEFAULT_MIN = 7 * 60,
    TIMEOUT_DEFAULT_S = 10,
    TIMEOUT_MAX_S = 3600,
    SENTENCE_BYTES = 1024,
    SET_SERVER = 0,
    SET_SERVER_KEY,
    SET_KEY,
    SET_JURISDICTION,
    SET_SERVED
};

static const struct dd_config_key client_keys[] = {
    {"client", "server", "", "tcp://HOST:PORT"},
    {"client", "server-key", "", "FILE.pub or the key's 40 characters"},
    {"client", "key", "", "your key file"},
    {"client", "jurisdiction", "", "its code"},
    {"client", "timeout", "", "seconds"},
    {"client", "lang", "", "vi or en"},
    {"client", "offset", "", "+07:00"},
    {"client", "data", "", "a data folder of this machine"},
};

enum dd_exit dd_cli_exit(enum dd_status status)
{
    if (status == DD_OK)
        return DD_EXIT_OK;
    if (status == DD_KEY_UNKNOWN || status == DD_KEY_EXPIRED || status == DD_KEY_NOT_YET_VALID ||
        status == DD_BAD_SIGNATURE)
        return DD_EXIT_KEY;
    return dd_status_class(status) == DD_CLASS_RETRY ? DD_EXIT_RETRY : DD_EXIT_FAILED;
}

enum dd_exit dd_cli_fail(struct dd_cli *cli, const char *format, ...)
{
    va_list args;
    fputs("dondoc: ", cli->err);
    va_start(args, format);
    vfprintf(cli->err, format, args);
    va_end(args);
    fputc('\n', cli->err);
    return DD_EXIT_FAILED;
}

enum dd_exit dd_cli_misuse(struct dd_cli *cli, const char *format, ...)
{
    va_list args;
    fputs("dondoc: ", cli->err);
    va_start(args, format);
    vfprintf(cli->err, format, args);
    va_end(args);
    fputc('\n', cli->err);
    return DD_EXIT_USAGE;
}

/* The sentence of a refusal and, on a line of its own, what to do about it. what: NULL for none;
 * flag: what the refused field is called on the command line, NULL if it is the same. */
static void say_sentence(struct dd_cli *cli, const char *what, const char *flag,
                         const struct dd_refusal *refusal)
{
    char text[SENTENCE_BYTES];
    const char *hint = dd_hint(refusal);
    fprintf(cli->err, "dondoc: %s%s%s", what ? what : "", what ? ": " : "",
            dd_sentence(cli->language, refusal, text, sizeof text));
    if (flag)
        fprintf(cli->err, " (%s: --%s)", dd_say(cli->language, DD_SAY("flag")), flag);
    fputc('\n', cli->err);
    if (hint)
        fprintf(cli->err, "dondoc: %s\n", dd_say(cli->language, hint));
    if (dd_status_class(refusal->status) == DD_CLASS_RETRY && cli->client &&
        dd_client_link(cli->client) == DD_UNAVAILABLE)
        fprintf(
            cli->err, "dondoc: %s: %s\n", cli->endpoint,
            dd_say(cli->language,
                   "no link; is it the server's address, is it served, is --server-key its key?"));
}

/* A host wants to know by which rule. */
static void tell_host(const struct dd_cli *cli, const struct dd_refusal *refusal)
{
    if (cli->host && cli->host->refusal->status == DD_OK)
        *cli->host->refusal = *refusal;
}

enum dd_exit dd_cli_refused(struct dd_cli *cli, const struct dd_refusal *refusal)
{
    tell_host(cli, refusal);
    say_sentence(cli, NULL, NULL, refusal);
    return dd_cli_exit(refusal->status);
}

enum dd_exit dd_cli_failed_with(struct dd_cli *cli, const char *what, enum dd_status status)
{
    if (status == DD_NOT_FOUND)
        fprintf(cli->err, "dondoc: %s: %s\n", what,
                dd_say(cli->language, "there is no such file or folder"));
    else
        fprintf(cli->err, "dondoc: %s: %s\n", what,
                dd_say(cli->language, dd_status_english(status)));
    return dd_cli_exit(status);
}

const char *dd_cli_setting(struct dd_cli *cli, const char *name)
{
    char variable[64] = "DONDOC_";
    const char *value = dd_args_value(&cli->args, name);
    if (value || cli->host)
        return value;
    for (size_t i = 0; name[i] && i < 40; i++) {
        variable[7 + i] = name[i] == '-' ? '_' : (char)toupper((unsigned char)name[i]);
        variable[8 + i] = 0;
    }
    value = getenv(variable);
    if (value && *value)
        return value;
    for (size_t i = 0; cli->config && i < sizeof client_keys / sizeof client_keys[0]; i++) {
        if (strcmp(client_keys[i].name, name) != 0)
            continue;
        value = dd_config_text(cli->config, "client", name);
        return *value ? value : NULL;
    }
    return NULL;
}

int64_t dd_cli_now(const struct dd_cli *cli)
{
    int64_t server_ms = cli->client ? dd_client_now_ms(cli->client) : 0;
    if (cli->host)
        return cli->host->now_ms;
    return server_ms != 0 ? server_ms : dd_clock_utc_ms();
}

static enum dd_exit read_config(struct dd_cli *cli, const char *path)
{
    enum dd_status status =
        dd_config_open(client_keys, sizeof client_keys / sizeof client_keys[0], &cli->config);
    if (status == DD_OK)
        status = dd_config_read(cli->config, path);
    if (status == DD_OK)
        return DD_EXIT_OK;
    if (status != DD_INVALID)
        return dd_cli_failed_with(cli, path, status);
    for (size_t i = 0; i < dd_config_fault_count(cli->config); i++)
        fprintf(cli->err, "%s\n", dd_config_fault(cli->config, i));
    return DD_EXIT_USAGE;
}

enum dd_exit dd_cli_settle(struct dd_cli *cli)
{
    const char *path = dd_args_value(&cli->args, "config");
    enum dd_exit result = DD_EXIT_OK;
    cli->language = dd_language_default();
    cli->offset_min = OFFSET_DEFAULT_MIN;
    cli->json = dd_args_has(&cli->args, "json");
    cli->dry_run = dd_args_has(&cli->args, "dry-run");
    if (cli->host) {
        cli->language = cli->host->language;
        cli->offset_min = cli->host->offset_min;
        return DD_EXIT_OK;
    }
    if (!path)
        path = getenv("DONDOC_CONFIG");
    if (path && *path)
        result = read_config(cli, path);
    if (result != DD_EXIT_OK)
        return result;
    const char *language = dd_cli_setting(cli, "lang");
    const char *offset = dd_cli_setting(cli, "offset");
    if (language && !dd_language_of_tag(language, &cli->language))
        return dd_cli_misuse(cli, "--lang %s: only vi and en are spoken here", language);
    if (offset && !dd_parse_offset(offset, &cli->offset_min))
        return dd_cli_misuse(cli, "--offset %s: an offset is +HH:MM or -HH:MM", offset);
    return DD_EXIT_OK;
}

/* The first line of a small file; false if there is none. */
static bool first_line(const char *path, char out[DD_PATH_BYTES])
{
    FILE *file = fopen(path, "r");
    bool read = file && fgets(out, DD_PATH_BYTES, file) != NULL;
    if (file)
        fclose(file);
    if (!read)
        return false;
    out[strcspn(out, "\r\n")] = 0;
    return *out != 0;
}

bool dd_cli_served(struct dd_cli *cli)
{
    const char *dir = dd_cli_setting(cli, "data");
    return dir && dd_data_path(dir, "endpoint", cli->setting[SET_SERVED]) &&
           access(cli->setting[SET_SERVED], R_OK) == 0;
}

/* The jurisdiction that DIR/dondoc.conf names; other sections of it are not ours to judge. */
static bool data_jurisdiction(const char *dir, char out[DD_PATH_BYTES])
{
    static const struct dd_config_key keys[] = {{"log", "jurisdiction", "", ""}};
    char path[DD_PATH_BYTES];
    struct dd_config *config;
    if (!dd_data_path(dir, "dondoc.conf", path) || dd_config_open(keys, 1, &config) != DD_OK)
        return false;
    (void)dd_config_read(config, path);
    snprintf(out, DD_PATH_BYTES, "%s", dd_config_text(config, "log", "jurisdiction"));
    dd_config_close(config);
    return *out != 0;
}

/* The four settings that --data stands for, unless given. */
static enum dd_exit settings_of_data(struct dd_cli *cli, const char *dir, const char *values[4])
{
    char path[DD_PATH_BYTES];
    if (!dd_data_path(dir, "keys", path) || access(path, F_OK) != 0)
        return dd_cli_fail(cli, "%s is no data folder (it has no keys/); dondoc init makes one",
                           dir);
    if (!values[SET_SERVER]) {
        if (!dd_data_path(dir, "endpoint", path) || !first_line(path, cli->setting[SET_SERVER])) {
            dd_cli_fail(cli,
                        "%s is not being served (it has no file endpoint); start dondocd "
                        "--data %s",
                        dir, dir);
            return DD_EXIT_RETRY;
        }
        values[SET_SERVER] = cli->setting[SET_SERVER];
    }
    if (!values[SET_SERVER_KEY] &&
        dd_data_path(dir, "keys/server.key.pub", cli->setting[SET_SERVER_KEY]))
        values[SET_SERVER_KEY] = cli->setting[SET_SERVER_KEY];
    if (!values[SET_KEY] && dd_data_path(dir, "keys/admin.key", cli->setting[SET_KEY]))
        values[SET_KEY] = cli->setting[SET_KEY];
    if (!values[SET_JURISDICTION] && data_jurisdiction(dir, cli->setting[SET_JURISDICTION]))
        values[SET_JURISDICTION] = cli->setting[SET_JURISDICTION];
    return DD_EXIT_OK;
}

/* What libzmq would refuse without saying what is expected. */
static bool is_endpoint(const char *text)
{
    return strncmp(text, "tcp://", 6) == 0 || strncmp(text, "ipc://", 6) == 0;
}

static enum dd_exit open_client(struct dd_cli *cli, const char *const values[4], uint64_t seconds)
{
    uint8_t server_key[DD_CURVE_KEY_BYTES];
    char why[512] = "";
    bool text = dd_net_key_parse(values[SET_SERVER_KEY], server_key);
    struct dd_client_options options = {.endpoint = values[SET_SERVER],
                                        .jurisdiction = values[SET_JURISDICTION],
                                        .server_public = text ? server_key : NULL,
                                        .server_key_file = text ? NULL : values[SET_SERVER_KEY],
                                        .key_file = values[SET_KEY],
                                        .timeout_ms = (int64_t)seconds * 1000,
                                        .why = why,
                                        .why_size = sizeof why};
    enum dd_status status = dd_client_open(&options, &cli->client);
    if (status == DD_OK)
        return DD_EXIT_OK;
    cli->client = NULL;
    if (!*why)
        return dd_cli_failed_with(cli, "the client cannot be opened", status);
    dd_cli_fail(cli, "%s", why);
    return dd_cli_exit(status);
}

enum dd_exit dd_cli_connect(struct dd_cli *cli)
{
    static const char *const names[] = {"server", "server-key", "key", "jurisdiction"};
    const char *values[4];
    const char *dir = dd_cli_setting(cli, "data");
    const char *timeout = dd_cli_setting(cli, "timeout");
    uint64_t seconds = TIMEOUT_DEFAULT_S;
    enum dd_exit result = DD_EXIT_OK;
    if (cli->client)
        return DD_EXIT_OK;
    for (size_t i = 0; i < 4; i++)
        values[i] = dd_cli_setting(cli, names[i]);
    if (timeout && !dd_parse_whole(timeout, 1, TIMEOUT_MAX_S, &seconds))
        return dd_cli_misuse(cli, "--timeout %s: whole seconds from 1 to %d", timeout,
                             TIMEOUT_MAX_S);
    if (dir)
        result = settings_of_data(cli, dir, values);
    for (size_t i = 0; i < 4 && result == DD_EXIT_OK; i++) {
        if (!values[i])
            return dd_cli_misuse(
                cli,
                "--%s is needed (or its line in section [client] of --config FILE, "
                "or --data DIR on the server's machine)",
                names[i]);
    }
    if (result != DD_EXIT_OK)
        return result;
    if (!is_endpoint(values[SET_SERVER]))
        return dd_cli_misuse(cli, "--server %s: tcp://HOST:PORT or ipc://PATH", values[SET_SERVER]);
    snprintf(cli->endpoint, sizeof cli->endpoint, "%s", values[SET_SERVER]);
    return open_client(cli, values, seconds);
}

/* Brings the command to bytes and back, as the server will: what it would not take is said here. */
static enum dd_status check(struct dd_cli *cli, const struct dd_command *command,
                            struct dd_refusal *refusal)
{
    struct dd_slice bytes;
    struct dd_command decoded;
    *refusal = (struct dd_refusal){.status = DD_OK};
    enum dd_status status = dd_codec_command_encode(command, &cli->answers, &bytes);
    if (status == DD_OK)
        return dd_codec_command_decode(bytes, &cli->answers, &decoded, refusal);
    return dd_refuse(refusal, status, DD_RULE_NONE, NULL);
}

static void say_done(struct dd_cli *cli, const char *what, const struct dd_command_outcome *outcome)
{
    if (!cli->json) {
        fprintf(cli->out, "%s: %s (seq %llu)\n", what, dd_say(cli->language, "accepted"),
                (unsigned long long)outcome->seq);
        return;
    }
    char id[DD_ID_TEXT_BYTES];
    struct dd_json json = dd_json_make(cli->out, true);
    dd_id_format(outcome->id, id);
    dd_json_object(&json, NULL);
    dd_json_string(&json, "what", what);
    dd_json_string(&json, "status", dd_status_key(outcome->status));
    dd_json_unsigned(&json, "seq", outcome->seq);
    dd_json_string(&json, "id", id);
    dd_json_switch(&json, "remembered", outcome->remembered);
    dd_json_object_end(&json);
}

/* Gives the command the id of --id, or a new one. */
static bool take_id(struct dd_cli *cli, struct dd_command *command)
{
    const char *text = dd_args_value(&cli->args, "id");
    struct dd_uuid_maker maker = {0, 0};
    if (!text) {
        dd_uuid_make(&maker, dd_clock_utc_ms(), command->id.byte);
        return true;
    }
    if (cli->id_used || !dd_id_parse(dd_slice_of(text), &command->id) ||
        dd_id_is_zero(command->id)) {
        dd_cli_misuse(cli, "--id %s: one UUID, and this has to be one command", text);
        return false;
    }
    cli->id_used = true;
    return true;
}

/* The flag by which the refused field was given, if it has another name and was given so. */
static const char *given_as(const struct dd_cli *cli, const struct dd_command *command,
                            const struct dd_refusal *refusal)
{
    const char *flag = dd_cli_flag_of_field(command->kind, refusal->field);
    return flag && dd_args_has(&cli->args, flag) ? flag : NULL;
}

/* Says why a command was not accepted, and how to send the same one again where nobody knows. */
static enum dd_exit say_refused(struct dd_cli *cli, const char *what,
                                const struct dd_command *command,
                                const struct dd_command_outcome *outcome)
{
    struct dd_refusal refusal = outcome->refusal;
    char id[DD_ID_TEXT_BYTES];
    refusal.status = outcome->status;
    tell_host(cli, &refusal);
    say_sentence(cli, what, given_as(cli, command, &refusal), &refusal);
    if (outcome->status == DD_TIMEOUT) {
        dd_id_format(outcome->id, id);
        fprintf(cli->err, "dondoc: to send the same command again: --id %s\n", id);
    }
    return dd_cli_exit(outcome->status);
}

enum dd_exit dd_cli_do(struct dd_cli *cli, struct dd_command *command, const char *what)
{
    struct dd_refusal refusal;
    struct dd_command_outcome outcome;
    struct dd_command normal;
    if (!take_id(cli, command))
        return DD_EXIT_USAGE;
    dd_arena_reset(&cli->answers);
    enum dd_status status = dd_normalise_command(command, &cli->arena, &normal);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, what, status);
    if (check(cli, &normal, &refusal) != DD_OK) {
        tell_host(cli, &refusal);
        say_sentence(cli, NULL, given_as(cli, command, &refusal), &refusal);
        return dd_cli_exit(refusal.status);
    }
    if (cli->dry_run) {
        struct dd_json json = dd_json_make(cli->out, false);
        dd_command_json(&json, NULL, &normal, cli->offset_min);
        return DD_EXIT_OK;
    }
    enum dd_exit result = dd_cli_connect(cli);
    if (result != DD_EXIT_OK)
        return result;
    if (dd_client_do(cli->client, command, &outcome) != DD_OK)
        return say_refused(cli, what, command, &outcome);
    say_done(cli, what, &outcome);
    return DD_EXIT_OK;
}

enum dd_exit dd_cli_ask(struct dd_cli *cli, const struct dd_question *question,
                        struct dd_answer *answer)
{
    struct dd_refusal refusal = {.status = DD_OK};
    enum dd_exit result = dd_cli_connect(cli);
    if (result != DD_EXIT_OK)
        return result;
    enum dd_status status =
        dd_client_question(cli->client, question, &cli->answers, answer, &refusal);
    if (status == DD_OK)
        return DD_EXIT_OK;
    refusal.status = status;
    return dd_cli_refused(cli, &refusal);
}

bool dd_cli_next_page(struct dd_cli *cli, const struct dd_answer *answer,
                      struct dd_question *question)
{
    if (!dd_client_next_page(answer, question) || question->after.size > sizeof cli->after)
        return false;
    memcpy(cli->after, question->after.data, question->after.size);
    question->after.data = cli->after;
    dd_arena_reset(&cli->answers);
    return true;
}

struct dd_slice dd_cli_operand(const struct dd_cli *cli, size_t index)
{
    return dd_slice_of(index < cli->args.operand_count ? cli->args.operand[index] : NULL);
}

struct dd_slice dd_cli_value(const struct dd_cli *cli, const char *name)
{
    return dd_slice_of(dd_args_value(&cli->args, name));
}

bool dd_cli_day(struct dd_cli *cli, const char *name, int32_t otherwise, int32_t *out)
{
    const char *text = dd_args_value(&cli->args, name);
    *out = otherwise;
    if (!text || dd_day_parse(dd_slice_of(text), out))
        return true;
    dd_cli_misuse(cli, "--%s %s: there is no such date (YYYY-MM-DD)", name, text);
    return false;
}

bool dd_cli_instant(struct dd_cli *cli, const char *name, bool end, int64_t otherwise, int64_t *out)
{
    const char *text = dd_args_value(&cli->args, name);
    int offset_min;
    int32_t day;
    *out = otherwise;
    if (!text || dd_instant_parse(dd_slice_of(text), cli->offset_min, out, &offset_min))
        return true;
    if (dd_day_parse(dd_slice_of(text), &day)) {
        *out = dd_instant_at(end ? day + 1 : day, 0, cli->offset_min);
        return true;
    }
    dd_cli_misuse(cli, "--%s %s: neither a date nor an instant (2013-01-25T09:00+07:00)", name,
                  text);
    return false;
}

bool dd_cli_whole(struct dd_cli *cli, const char *name, uint64_t min, uint64_t max,
                  uint64_t otherwise, uint64_t *out)
{
    const char *text = dd_args_value(&cli->args, name);
    *out = otherwise;
    if (!text || dd_parse_whole(text, min, max, out))
        return true;
    dd_cli_misuse(cli, "--%s %s: a whole number from %llu to %llu", name, text,
                  (unsigned long long)min, (unsigned long long)max);
    return false;
}
