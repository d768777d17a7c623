/* Founding, keys, accounts and calendars. See clients/cli/cli.h. */
#include <string.h>

#include "clients/cli/cli_calendar.h"
#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "core/text.h"
#include "runtime/clock.h"
#include "runtime/keys.h"

#define ENDPOINT_DEFAULT "tcp://127.0.0.1:5570"

/* tcp://ADDRESS:PORT, port * for a free one, or ipc://PATH. */
static bool endpoint_ok(const char *text)
{
    const char *port = strrchr(text, ':');
    uint64_t number;
    if (strncmp(text, "ipc://", 6) == 0)
        return text[6] != 0;
    return strncmp(text, "tcp://", 6) == 0 && port > text + 6 &&
           (strcmp(port, ":*") == 0 || dd_parse_whole(port + 1, 1, UINT16_MAX, &number));
}

enum dd_exit dd_cli_init(struct dd_cli *cli)
{
    const char *dir = cli->args.operand[0];
    const char *jurisdiction = dd_cli_setting(cli, "jurisdiction");
    const char *endpoint = dd_args_value(&cli->args, "endpoint");
    bool rehearsal = dd_args_has(&cli->args, "rehearsal");
    struct dd_why why = {""};
    char clock[DD_INSTANT_TEXT_BYTES];
    int64_t at_ms;
    if (!jurisdiction)
        return dd_cli_misuse(cli, "--jurisdiction CODE is needed");
    if (rehearsal != dd_args_has(&cli->args, "clock"))
        return dd_cli_misuse(cli, "--rehearsal and --clock INSTANT go together");
    if (endpoint && !endpoint_ok(endpoint))
        return dd_cli_misuse(cli, "--endpoint %s: tcp://ADDRESS:PORT or ipc://PATH", endpoint);
    if (!dd_cli_instant(cli, "clock", false, dd_clock_utc_ms(), &at_ms))
        return DD_EXIT_USAGE;
    struct dd_data_founding founding = {.jurisdiction = jurisdiction,
                                        .endpoint = endpoint ? endpoint : ENDPOINT_DEFAULT,
                                        .rehearsal = rehearsal,
                                        .at_ms = at_ms};
    enum dd_status status = dd_data_found(dir, &founding, &why);
    if (status != DD_OK)
        return dd_cli_fail(cli, "%s", *why.text ? why.text : dd_status_english(status));
    dd_instant_format(at_ms, cli->offset_min, clock);
    fprintf(cli->out, "%s: founded (%s)\n", dir, jurisdiction);
    fprintf(cli->err,
            "The administrator's key is %s/keys/admin.key; keep it safe.\n"
            "Serve it with: dondocd --data %s%s%s\n",
            dir, dir, rehearsal ? " --clock rehearsal:" : "", rehearsal ? clock : "");
    return DD_EXIT_OK;
}

enum dd_exit dd_cli_keys_new(struct dd_cli *cli)
{
    const char *path = cli->args.operand[0];
    const char *account = dd_args_value(&cli->args, "account");
    struct dd_key_pair keys;
    struct dd_keys_why why = {""};
    if (!account || !dd_text_code_ok(dd_slice_of(account)))
        return dd_cli_misuse(cli, "--account CODE is needed: %s",
                             dd_rule_english(DD_RULE_BAD_CODE));
    dd_keys_generate(&keys);
    enum dd_status status = dd_keys_set_meta(&keys, "account", account);
    if (status == DD_OK)
        status = dd_keys_save(&keys, path, &why);
    dd_keys_wipe(&keys);
    if (status != DD_OK)
        return dd_cli_fail(cli, "%s", *why.text ? why.text : dd_status_english(status));
    fprintf(cli->out, "%s: made, and %s.pub to hand to the administrator\n", path, path);
    return DD_EXIT_OK;
}

static bool load_keys(struct dd_cli *cli, const char *path, struct dd_key_pair *keys)
{
    struct dd_keys_why why = {""};
    enum dd_status status = dd_keys_load(keys, path, &why);
    if (status != DD_OK)
        dd_cli_fail(cli, "%s", *why.text ? why.text : dd_status_english(status));
    return status == DD_OK;
}

enum dd_exit dd_cli_keys_show(struct dd_cli *cli)
{
    struct dd_key_pair keys;
    char sign[2 * DD_SIGN_PUBLIC_BYTES + 1];
    if (!load_keys(cli, cli->args.operand[0], &keys))
        return DD_EXIT_FAILED;
    const char *account = dd_keys_meta(&keys, "account");
    dd_hex_encode((struct dd_slice){keys.sign_public, sizeof keys.sign_public}, sign);
    if (cli->json) {
        struct dd_json json = dd_json_make(cli->out, false);
        dd_json_object(&json, NULL);
        dd_json_string(&json, "account", account ? account : "");
        dd_json_string(&json, "curve_public", keys.curve_public_text);
        dd_json_string(&json, "sign_public", sign);
        dd_json_switch(&json, "has_secret", keys.has_secret);
        dd_json_object_end(&json);
    } else {
        fprintf(cli->out, "account %s\ncurve %s\nsign %s\n", account ? account : "-",
                keys.curve_public_text, sign);
    }
    dd_keys_wipe(&keys);
    return DD_EXIT_OK;
}

/* A day within an office's text; empty: `otherwise`. */
static bool office_day(const char *text, size_t size, int32_t otherwise, int32_t *out)
{
    *out = otherwise;
    return size == 0 || dd_day_parse((struct dd_slice){(const uint8_t *)text, size}, out);
}

/* ROLE[@UNIT][:FROM..TO] */
static bool parse_office(const char *text, struct dd_office *out)
{
    size_t role = strcspn(text, "@:");
    const char *rest = text + role;
    memset(out, 0, sizeof *out);
    out->role =
        (enum dd_role)dd_word_number(DD_WORDS_ROLE, (struct dd_slice){(const uint8_t *)text, role});
    out->from_day = INT32_MIN;
    out->to_day = INT32_MAX;
    if (*rest == '@') {
        out->unit = (struct dd_slice){(const uint8_t *)rest + 1, strcspn(rest + 1, ":")};
        rest += 1 + out->unit.size;
        if (!dd_text_code_ok(out->unit))
            return false;
    }
    if (*rest == 0)
        return out->role != 0;
    const char *to = strstr(rest + 1, "..");
    return out->role != 0 && to &&
           office_day(rest + 1, (size_t)(to - rest - 1), INT32_MIN, &out->from_day) &&
           office_day(to + 2, strlen(to + 2), INT32_MAX, &out->to_day);
}

static enum dd_exit parse_offices(struct dd_cli *cli, struct dd_put_account *put)
{
    put->offices = dd_arena_take(&cli->arena, DD_OFFICES_PER_ACCOUNT_MAX * sizeof *put->offices);
    if (!put->offices)
        return dd_cli_failed_with(cli, "account put", DD_NO_MEMORY);
    for (size_t i = 0;; i++) {
        const char *text = dd_args_each(&cli->args, "office", i);
        char roles[256];
        if (!text)
            break;
        if (i == DD_OFFICES_PER_ACCOUNT_MAX)
            return dd_cli_misuse(cli, "an account holds at most %d offices",
                                 DD_OFFICES_PER_ACCOUNT_MAX);
        if (!parse_office(text, &put->offices[i])) {
            dd_words_listed(DD_WORDS_ROLE, roles, sizeof roles);
            return dd_cli_misuse(cli, "--office %s: ROLE[@UNIT][:FROM..TO], a role is %s", text,
                                 roles);
        }
        put->office_count++;
    }
    return DD_EXIT_OK;
}

enum dd_exit dd_cli_account_put(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_PUT_ACCOUNT};
    struct dd_put_account *put = &command.as.put_account;
    const char *path = dd_args_value(&cli->args, "pub");
    struct dd_key_pair keys;
    char what[128];
    put->code = dd_cli_operand(cli, 0);
    if (!path)
        return dd_cli_misuse(cli, "--pub FILE.pub is needed: the account's public keys");
    if (!dd_cli_instant(cli, "from", false, 0, &put->from_ms) ||
        !dd_cli_instant(cli, "to", true, INT64_MAX, &put->to_ms))
        return DD_EXIT_USAGE;
    enum dd_exit result = parse_offices(cli, put);
    if (result != DD_EXIT_OK)
        return result;
    if (put->office_count == 0)
        fputs("dondoc: without --office ROLE@UNIT the account may do nothing\n", cli->err);
    if (!load_keys(cli, path, &keys))
        return DD_EXIT_FAILED;
    const char *account = dd_keys_meta(&keys, "account");
    memcpy(put->link_key, keys.curve_public, sizeof put->link_key);
    memcpy(put->sign_key, keys.sign_public, sizeof put->sign_key);
    bool same = !account || strcmp(account, cli->args.operand[0]) == 0;
    if (!same)
        result = dd_cli_misuse(cli, "%s says that it is the key of %s, not of %s", path, account,
                               cli->args.operand[0]);
    dd_keys_wipe(&keys);
    snprintf(what, sizeof what, "account %.64s", cli->args.operand[0]);
    return same ? dd_cli_do(cli, &command, what) : result;
}

enum dd_exit dd_cli_account_revoke(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_REVOKE};
    char what[128];
    command.as.revoke.account = dd_cli_operand(cli, 0);
    command.as.revoke.reason = dd_cli_value(cli, "reason");
    if (command.as.revoke.reason.size == 0)
        return dd_cli_misuse(cli, "--reason TEXT is needed");
    snprintf(what, sizeof what, "revoke account %.64s", cli->args.operand[0]);
    return dd_cli_do(cli, &command, what);
}

/* The days of operand 1, all of that year. */
static enum dd_exit take_days(struct dd_cli *cli, struct dd_put_calendar *put)
{
    const char *path = cli->args.operand[1];
    enum dd_exit result = dd_cli_days_read(cli, path, &put->days, &put->day_count);
    for (size_t i = 0; result == DD_EXIT_OK && i < put->day_count; i++) {
        char day[DD_DAY_TEXT_BYTES];
        char year[8];
        dd_day_format(put->days[i].day, day);
        snprintf(year, sizeof year, "%04u-", put->year);
        if (strncmp(day, year, strlen(year)) != 0)
            return dd_cli_fail(cli, "%s: %s is no day of %u", path, day, put->year);
    }
    return result;
}

enum dd_exit dd_cli_calendar_put(struct dd_cli *cli)
{
    struct dd_command command = {.kind = DD_COMMAND_PUT_CALENDAR};
    uint64_t year;
    char what[64];
    if (!dd_parse_whole(cli->args.operand[0], DD_YEAR_MIN, DD_YEAR_MAX, &year))
        return dd_cli_misuse(cli, "%s is no year from %d to %d", cli->args.operand[0], DD_YEAR_MIN,
                             DD_YEAR_MAX);
    command.as.put_calendar.year = (uint16_t)year;
    command.as.put_calendar.offset_min = (int16_t)cli->offset_min;
    if (cli->args.operand_count > 1) {
        enum dd_exit result = take_days(cli, &command.as.put_calendar);
        if (result != DD_EXIT_OK)
            return result;
    }
    snprintf(what, sizeof what, "calendar %llu", (unsigned long long)year);
    enum dd_exit result = dd_cli_do(cli, &command, what);
    if (result == DD_EXIT_OK && !cli->dry_run && !cli->host)
        fprintf(cli->err, "dondoc: %s\n",
                dd_say(cli->language, DD_SAY("deadlines that stand are not moved; duties made from "
                                             "now on follow the new calendar")));
    return result;
}
