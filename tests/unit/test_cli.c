/* The command line without a server: help, wrong usage, what --dry-run prints, the commands that
 * need no server, and how the table is drawn. Each case runs the program's own entry. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/cli/cli.h"
#include "clients/cli/cli_json.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/table_text.h"
#include "core/text.h"
#include "runtime/lock.h"
#include "storage/journal_file.h"

enum { WORDS_MAX = 40, LINE_BYTES = 1024, HASH_DIGITS = 64 };

static char dir[256];
static char home[512];
static char *out;
static char *err;
static size_t out_size;
static size_t err_size;

/* Runs a command line whose words are separated by spaces; '_' within a word stands for a space. */
static enum dd_exit run(const char *line)
{
    char text[LINE_BYTES];
    char *argv[WORDS_MAX + 1] = {NULL};
    int argc = 0;
    snprintf(text, sizeof text, "dondoc %s", line);
    for (char *word = text; *word && argc < WORDS_MAX;) {
        size_t size = strcspn(word, " ");
        char *next = word + size + (word[size] ? 1 : 0);
        word[size] = 0;
        for (char *c = word; *c; c++)
            *c = *c == '_' ? ' ' : *c;
        if (*word)
            argv[argc++] = word;
        word = next;
    }
    free(out);
    free(err);
    FILE *out_file = open_memstream(&out, &out_size);
    FILE *err_file = open_memstream(&err, &err_size);
    assert_true(out_file && err_file);
    enum dd_exit result = dd_cli_main(argc, argv, out_file, err_file);
    fclose(out_file);
    fclose(err_file);
    return result;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

/* Writes a file of so many units. */
static void write_units(const char *name, int count)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs("code,name,group,ordinal,parent,head_title,approver\n", file);
    for (int i = 1; i <= count; i++)
        fprintf(file, "u%d,Đơn vị %d,g,%d,,Giám đốc,\n", i, i, i);
    assert_int_equal(fclose(file), 0);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

static int enter(void **state)
{
    static const char *const names[] = {
        "DONDOC_SERVER", "DONDOC_SERVER_KEY", "DONDOC_KEY",    "DONDOC_JURISDICTION",
        "DONDOC_DATA",   "DONDOC_TIMEOUT",    "DONDOC_CONFIG", "DONDOC_OFFSET"};
    const char *base = getenv("TMPDIR");
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
    setenv("DONDOC_LANG", "en", 1);
    snprintf(dir, sizeof dir, "%s/dd-cli-XXXXXX", base ? base : "/tmp");
    return getcwd(home, sizeof home) && mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

static int leave(void **state)
{
    (void)state;
    free(out);
    free(err);
    return chdir(home) == 0 && nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : -1;
}

static void without_words_there_is_help_with_examples(void **state)
{
    (void)state;
    assert_int_equal(run(""), DD_EXIT_OK);
    has(out, "dondoc init /srv/bacgiang");
    has(out, "Exit status: 0 ok; 1 failed");
    assert_string_equal(err, "");
    assert_int_equal(run("--json -h"), DD_EXIT_OK);
    has(out, "Commands:");
    assert_int_equal(run("--json"), DD_EXIT_USAGE);
    assert_string_equal(out, "");
    has(err, "no command is given");
    assert_int_equal(run("--version"), DD_EXIT_OK);
    has(out, "dondoc 0.");
}

static void every_command_has_help_wherever_it_is_asked_for(void **state)
{
    char line[LINE_BYTES];
    (void)state;
    for (const struct dd_cli_command *command = dd_cli_commands; command->words; command++) {
        assert_true(*command->help);
        snprintf(line, sizeof line, "%s --help", command->words);
        assert_int_equal(run(line), DD_EXIT_OK);
        has(out, command->help);
        snprintf(line, sizeof line, "--lang en %s x y -h", command->words);
        assert_int_equal(run(line), DD_EXIT_OK);
        has(out, command->words);
    }
}

static void every_command_that_changes_something_takes_dry_run(void **state)
{
    (void)state;
    for (const struct dd_cli_command *command = dd_cli_commands; command->words; command++) {
        bool found = false;
        for (const struct dd_cli_flag *flag = command->flags; flag && flag->name; flag++)
            found = found || strcmp(flag->name, "dry-run") == 0;
        assert_int_equal(found, command->changes);
    }
}

static void wrong_usage_gives_two_and_says_what_was_meant(void **state)
{
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"tabel x", "there is no command tabel; did you mean dondoc table?"},
        {"unti put x", "did you mean dondoc unit put?"},
        {"unit", "there is no command unit; did you mean dondoc unit"},
        {"qqqqqqqq", "there is no command qqqqqqqq\n"},
        {"table x --perod H1", "unknown flag --perod; did you mean --period?"},
        {"table x --zzzzzzzz", "unknown flag --zzzzzzzz\n"},
        {"table x --period", "--period needs a value"},
        {"table", "usage: dondoc table CYCLE"},
        {"table a b --period x", "usage: dondoc table CYCLE"},
        {"table x", "--period CODE is needed"},
        {"table x --period H1 --as-of 2013-02-30", "--as-of 2013-02-30: there is no such date"},
        {"table x --period H1 --csv --json", "exclude each other"},
        {"hello --lang fr", "only vi and en are spoken"},
        {"hello --offset 7", "--offset 7: an offset is"},
        {"hello", "--server is needed"},
        {"hello --server tcp://127.0.0.1:1 --server-key x --key x --jurisdiction x --timeout 0",
         "--timeout 0: whole seconds from 1 to 3600"},
        {"hello --server tcp://127.0.0.1:1 --server-key x --key x --jurisdiction x --timeout 3601",
         "--timeout 3601: whole seconds from 1 to 3600"},
        {"decide c u --version 1", "either --agree or --return"},
        {"decide c u --version 1 --agree --return", "either --agree or --return"},
        {"decide c u --version 1 --return", "--return needs --reason"},
        {"decide c u --agree", "--version N is needed"},
        {"decide c u --agree --version 1 --dry-run", "--dry-run asks nobody: give --hash"},
        {"decide c u --agree --version 1 --hash 12", "--hash: 64 hex digits"},
        {"progress c u x completed", "x is neither an indicator"},
        {"progress c u 1.0 completed", "1.0 is neither an indicator"},
        {"progress c u 1.1 done", "done is no outcome; it is open, completed"},
        {"progress c u 1.1 open --corrects 5", "--corrects needs --reason"},
        {"register c u --task 1", "--task N and --kind KIND"},
        {"register c u --task 1 --kind own", "nothing to register"},
        {"register c u --task 1 --kind own --indicator 1", "--indicator needs --title and --due"},
        {"register c u --task 0 --kind own --remove 1", "--task 0"},
        {"submit c u --capacity boss", "--capacity: head, kt"},
        {"account revoke x", "--reason TEXT is needed"},
        {"cycle close c", "--reason TEXT is needed"},
        {"calendar put 1969", "1969 is no year"},
        {"clock advance tomorrow", "tomorrow is no instant"},
        {"init d", "--jurisdiction CODE is needed"},
        {"init d --jurisdiction x --rehearsal", "--rehearsal and --clock INSTANT go together"},
        {"keys new k", "--account CODE is needed"},
        {"audit replay --data d", "--data DATA and --into DIR are needed"},
        {"log --offline", "--offline needs --data DIR"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (run(cases[i].line) != DD_EXIT_USAGE)
            fail_msg("%s: not wrong usage; %s", cases[i].line, err);
        has(err, cases[i].message);
        assert_string_equal(out, "");
    }
}

static void an_address_that_is_none_is_wrong_usage(void **state)
{
    static const char *const endpoints[] = {"here",     "tcp://a", "tcp://a:0",
                                            "tcp://:1", "ipc://",  "tcp://a:65536"};
    char line[LINE_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        snprintf(line, sizeof line, "init d --jurisdiction x --endpoint %s", endpoints[i]);
        assert_int_equal(run(line), DD_EXIT_USAGE);
        has(err, ": tcp://ADDRESS:PORT or ipc://PATH");
        has(err, endpoints[i]);
    }
    assert_int_equal(run("init e --jurisdiction x --endpoint tcp://*:65535"), DD_EXIT_OK);
    assert_int_equal(run("hello --server a:1 --server-key x --key x --jurisdiction x"),
                     DD_EXIT_USAGE);
    has(err, "--server a:1: tcp://HOST:PORT or ipc://PATH");
}

static void a_status_has_its_exit_status(void **state)
{
    (void)state;
    assert_int_equal(dd_cli_exit(DD_OK), DD_EXIT_OK);
    assert_int_equal(dd_cli_exit(DD_REFUSED), DD_EXIT_FAILED);
    assert_int_equal(dd_cli_exit(DD_STALE), DD_EXIT_FAILED);
    assert_int_equal(dd_cli_exit(DD_INVALID), DD_EXIT_FAILED);
    assert_int_equal(dd_cli_exit(DD_NO_SPACE), DD_EXIT_FAILED);
    assert_int_equal(dd_cli_exit(DD_TIMEOUT), DD_EXIT_RETRY);
    assert_int_equal(dd_cli_exit(DD_BUSY), DD_EXIT_RETRY);
    assert_int_equal(dd_cli_exit(DD_UNAVAILABLE), DD_EXIT_RETRY);
    assert_int_equal(dd_cli_exit(DD_KEY_UNKNOWN), DD_EXIT_KEY);
    assert_int_equal(dd_cli_exit(DD_KEY_EXPIRED), DD_EXIT_KEY);
    assert_int_equal(dd_cli_exit(DD_BAD_SIGNATURE), DD_EXIT_KEY);
}

static void settings_come_from_flags_then_environment_then_file(void **state)
{
    (void)state;
    write_file("good.conf", "[client]\nlang = vi\n");
    write_file("bad.conf", "[client]\ncolour = red\n[other]\n");
    assert_int_equal(run("hello --config good.conf --lang en"), DD_EXIT_USAGE);
    has(err, "--server is needed");
    assert_int_equal(run("hello --config bad.conf"), DD_EXIT_USAGE);
    has(err, "bad.conf:2: unknown key colour");
    has(err, "bad.conf:3: unknown section [other]");
    assert_int_equal(run("keys show nothing --config good.conf"), DD_EXIT_FAILED);
    assert_int_equal(run("version --config good.conf"), DD_EXIT_OK);
    write_file("offset.conf", "[client]\noffset = seven\n");
    assert_int_equal(run("version --config offset.conf"), DD_EXIT_USAGE);
    setenv("DONDOC_OFFSET", "+08:00", 1);
    assert_int_equal(run("version --config offset.conf"), DD_EXIT_OK);
    assert_int_equal(run("version --config offset.conf --offset eight"), DD_EXIT_USAGE);
    unsetenv("DONDOC_OFFSET");
}

static void keys_are_made_shown_and_never_written_over(void **state)
{
    (void)state;
    assert_int_equal(run("keys new a.key --account so-y-te"), DD_EXIT_OK);
    assert_int_equal(run("keys new a.key --account so-y-te"), DD_EXIT_FAILED);
    assert_int_equal(run("keys show a.key.pub"), DD_EXIT_OK);
    has(out, "account so-y-te\ncurve ");
    assert_int_equal(run("keys show a.key --json"), DD_EXIT_OK);
    has(out, "\"has_secret\": true");
    assert_null(strstr(out, "seed"));
}

static void a_dry_run_prints_the_command_and_needs_no_server(void **state)
{
    (void)state;
    assert_int_equal(run("account put so-y-te --pub a.key.pub --office head@so-y-te:2013-01-01.. "
                         "--office auditor --dry-run"),
                     DD_EXIT_OK);
    has(out, "\"kind\": \"put-account\"");
    has(out, "\"role\": \"head\",\n      \"unit\": \"so-y-te\",\n      \"from\": \"2013-01-01\"");
    has(out, "\"role\": \"auditor\"");
    assert_int_equal(run("account put other --pub a.key.pub --dry-run"), DD_EXIT_USAGE);
    has(err, "a.key.pub says that it is the key of so-y-te, not of other");
    assert_int_equal(run("account put so-y-te --pub a.key.pub --office boss --dry-run"),
                     DD_EXIT_USAGE);
    assert_int_equal(run("progress p/2013 so-y-te 3.2 unattainable --on 2013-06-14 --dry-run"),
                     DD_EXIT_OK);
    has(out, "\"indicator\": 2");
    has(out, "\"day\": \"2013-06-14\"");
    assert_int_equal(run("register p/2013 u --task 5 --kind own --indicator 7 --title Một_hai "
                         "--due 2013-06-20 --target 12.50 --remove 3 --dry-run"),
                     DD_EXIT_OK);
    has(out, "\"title\": \"Một hai\"");
    has(out, "\"target\": \"12.50\"");
    assert_int_equal(run("submit p/2013 u --report H1 --capacity kt --dry-run"), DD_EXIT_OK);
    has(out, "\"what\": \"report\"");
    assert_int_equal(run("decide p/2013 u --version 2 --agree --dry-run --hash "
                         "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"),
                     DD_EXIT_OK);
    has(out, "\"content_hash\": \"00112233445566778899aabbccddeeff");
}

static void an_id_stands_for_one_command(void **state)
{
    (void)state;
    assert_int_equal(run("submit p/1 u --dry-run --id 01a20016-a064-7321-8910-34439b60b6fb"),
                     DD_EXIT_OK);
    has(out, "\"id\": \"01a20016-a064-7321-8910-34439b60b6fb\"");
    assert_int_equal(run("submit p/1 u --dry-run --id 01a2"), DD_EXIT_USAGE);
    write_units("two-pages.csv", DD_UNITS_PER_PAGE_MAX + 1);
    assert_int_equal(
        run("unit put two-pages.csv --dry-run --id 01a20016-a064-7321-8910-34439b60b6fb"),
        DD_EXIT_USAGE);
}

static void a_dry_run_refuses_what_the_server_would_not_take(void **state)
{
    (void)state;
    assert_int_equal(run("submit p/2013 u/x --dry-run"), DD_EXIT_FAILED);
    has(err, "the message is not well-formed: a code is 1 to 48");
    has(err, "field");
    assert_string_equal(out, "");
    assert_int_equal(run("submit p/2013 u/x --dry-run --lang vi"), DD_EXIT_FAILED);
    has(err, "thông điệp không hợp lệ: mã gồm 1 đến 48 ký tự");
}

static void units_go_in_pages_that_take_effect_with_the_last(void **state)
{
    (void)state;
    write_units("200.csv", DD_UNITS_PER_PAGE_MAX);
    write_units("201.csv", DD_UNITS_PER_PAGE_MAX + 1);
    assert_int_equal(run("unit put 200.csv --groups g=Nhóm --root u1 --dry-run"), DD_EXIT_OK);
    assert_int_equal(count_of(out, "\"put-units\""), 1);
    assert_int_equal(count_of(out, "\"last\": true"), 1);
    assert_int_equal(count_of(out, "\"parent\": \"u1\""), DD_UNITS_PER_PAGE_MAX - 1);
    assert_int_equal(run("unit put 201.csv --groups g=Nhóm --dry-run"), DD_EXIT_OK);
    assert_int_equal(count_of(out, "\"put-units\""), 2);
    assert_int_equal(count_of(out, "\"last\": false"), 1);
    assert_int_equal(count_of(out, "\"Nhóm\""), 1);
    assert_true(strstr(out, "\"Nhóm\"") > strstr(out, "\"last\": true"));
    write_file("g.csv", "code,name\n");
    FILE *file = fopen("g.csv", "a");
    assert_non_null(file);
    for (int i = 0; i < DD_GROUPS_MAX; i++)
        fprintf(file, "g%d,%0500d\n", i, i);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(run("unit put 200.csv --groups g.csv --dry-run"), DD_EXIT_OK);
    assert_int_equal(count_of(out, "\"last\": true"), 1);
    assert_int_equal(count_of(out, "\"head_title\""), DD_UNITS_PER_PAGE_MAX);
    assert_true(strstr(out, "\"g63\"") > strstr(out, "\"last\": true"));
}

static void faults_of_files_are_all_listed_with_their_lines(void **state)
{
    (void)state;
    write_file("u.csv", "code,name,ordinal,valid_from\na b,Tên,1,\nb,,x,2013-02-30\n");
    assert_int_equal(run("unit put u.csv --dry-run"), DD_EXIT_FAILED);
    has(err, "u.csv:2: code: a code is");
    has(err, "u.csv:3: name: must be one line");
    has(err, "u.csv:3: ordinal: must be a whole number");
    has(err, "u.csv:3: valid_from: there is no such date");
    assert_string_equal(out, "");
    write_file("i.csv", "indicator,title,due\n0,x,2013-01-01\n1,,2013-13-01\n");
    assert_int_equal(run("register p/1 u --task 1 --kind k --file i.csv --dry-run"),
                     DD_EXIT_FAILED);
    has(err, "i.csv:2: indicator: must be a whole number from 1");
    has(err, "i.csv:3: title: must have");
    has(err, "i.csv:3: due: there is no such date");
    write_file("d.csv", "date,kind\n2013-02-30,holiday\n2013-04-30,feast\n");
    assert_int_equal(run("calendar put 2013 d.csv --dry-run"), DD_EXIT_FAILED);
    has(err, "d.csv:2: date: there is no such date");
    has(err, "d.csv:3: kind: must be holiday or workday");
    assert_int_equal(run("unit put missing.csv --dry-run"), DD_EXIT_FAILED);
}

static void a_calendar_is_put_in_the_order_of_its_days(void **state)
{
    (void)state;
    write_file("c.csv", "date,kind,name\n2013-09-02,holiday,Quốc khánh\n2013-05-04,workday,\n");
    assert_int_equal(run("calendar put 2013 c.csv --offset +07:00 --dry-run"), DD_EXIT_OK);
    has(out, "\"offset_min\": 420");
    assert_int_equal(run("calendar put 2014 c.csv --dry-run"), DD_EXIT_FAILED);
    has(err, "c.csv: 2013-05-04 is no day of 2014");
    assert_int_equal(run("calendar put 2013 c.csv --offset +07:00 --dry-run"), DD_EXIT_OK);
    assert_true(strstr(out, "2013-05-04") < strstr(out, "2013-09-02"));
}

static void long_tasks_go_in_several_commands(void **state)
{
    FILE *file = fopen("long.csv", "w");
    (void)state;
    assert_non_null(file);
    fputs("indicator,title,due\n", file);
    for (int i = 1; i <= DD_INDICATORS_PER_COMMAND_MAX + 1; i++)
        fprintf(file, "%d,Chỉ tiêu %d,2013-06-30\n", i, i);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(run("register p/1 u --task 1 --kind k --file long.csv --remove 999 --dry-run"),
                     DD_EXIT_OK);
    assert_int_equal(count_of(out, "\"kind\": \"register\""), 2);
    assert_int_equal(count_of(out, "\"due\""), DD_INDICATORS_PER_COMMAND_MAX + 1);
    assert_int_equal(count_of(out, "999"), 1);
}

static const char cycle_file[] = "programme: p\nperiod: 2013\nhost: ubnd\nfrom: 2013-01-01\n"
                                 "to: 2013-12-31\ndates: [{name: register, day: 2013-01-25}]\n"
                                 "periods: [{code: H1, from: 2013-01-01, to: 2013-06-30}]\n"
                                 "reports: [{code: H1, before: 2013-06-25}]\n"
                                 "appraisers: [a, b]\napprovers: [c]\n";

static void a_cycle_is_opened_from_its_file(void **state)
{
    char text[1024];
    (void)state;
    write_units("401.csv", DD_PARTIES_PER_PAGE_MAX + 1);
    write_file("cycle.yaml", cycle_file);
    assert_int_equal(run("cycle open cycle.yaml --dry-run"), DD_EXIT_USAGE);
    has(err, "the cycle has no parties");
    assert_int_equal(run("cycle open cycle.yaml --parties 401.csv --dry-run"), DD_EXIT_OK);
    assert_int_equal(count_of(out, "\"open-cycle\""), 2);
    assert_int_equal(count_of(out, "\"register\": \"2013-01-25\""), 1);
    assert_int_equal(count_of(out, "\"before\": \"2013-06-25\""), 1);
    snprintf(text, sizeof text, "%sparties: [{unit: x, approver: c}]\n", cycle_file);
    write_file("cycle.yaml", text);
    assert_int_equal(run("cycle open cycle.yaml --dry-run"), DD_EXIT_OK);
    has(out, "\"approver\": \"c\"");
    assert_int_equal(run("cycle open cycle.yaml --parties 401.csv --dry-run"), DD_EXIT_USAGE);
    write_file("cycle.yaml", "programme: p\nfrom: x\nreports: [{code: a}]\n");
    assert_int_equal(run("cycle open cycle.yaml --dry-run"), DD_EXIT_FAILED);
    has(err, "cycle.yaml:1:1: period: the key is missing");
    has(err, "cycle.yaml:2:7: from: \"x\" is no date");
    has(err, "cycle.yaml:3:11: reports: exactly one of before, by and on");
}

static void a_programme_is_checked_with_all_its_faults(void **state)
{
    (void)state;
    write_file("p.yaml", "code: p\nversion: 1\nname: {vi: P}\nstages:\n"
                         "  - {key: r, act: report, by: head}\n");
    write_file("q.yaml", "code: p\nversion: none\n");
    assert_int_equal(run("programme check p.yaml"), DD_EXIT_OK);
    has(out, "p.yaml: p version 1, 1 stages: no faults");
    assert_int_equal(run("programme check p.yaml q.yaml"), DD_EXIT_FAILED);
    has(out, "q.yaml:2:10: version");
    has(out, "q.yaml:1:1: stages");
    assert_int_equal(run("programme put p.yaml --dry-run"), DD_EXIT_OK);
    has(out, "\"kind\": \"put-programme\"");
    assert_int_equal(run("programme put nothing.yaml --dry-run"), DD_EXIT_FAILED);
}

static void found(const char *name)
{
    char line[LINE_BYTES];
    snprintf(line, sizeof line,
             "init %s --jurisdiction demo --rehearsal --clock 2013-01-11T08:00+07:00", name);
    assert_int_equal(run(line), DD_EXIT_OK);
    has(err, " --clock rehearsal:2013-01-11T08:00:00+07:00\n");
}

static void a_data_folder_is_founded_once(void **state)
{
    (void)state;
    found("once");
    has(out, "once: founded (demo)");
    assert_int_equal(run("init once --jurisdiction demo"), DD_EXIT_FAILED);
    assert_int_equal(run("init bad --jurisdiction b/d"), DD_EXIT_FAILED);
    assert_int_equal(run("hello --data once"), DD_EXIT_RETRY);
    has(err, "once is not being served");
    assert_int_equal(run("hello --data never"), DD_EXIT_FAILED);
    has(err, "never is no data folder");
    assert_int_equal(run("digest --data never"), DD_EXIT_FAILED);
    has(err, "never: there is no such file or folder");
}

/* How many words of 64 hex digits stand in the text. */
static size_t hashes_in(const char *text)
{
    size_t count = 0;
    while (*text) {
        size_t size = strspn(text, "0123456789abcdef");
        count += size == HASH_DIGITS ? 1 : 0;
        text += size ? size : 1;
    }
    return count;
}

static void replay_rebuilds_the_state_and_digest_agrees(void **state)
{
    char *three;
    (void)state;
    found("d");
    assert_int_equal(run("digest --data d"), DD_EXIT_FAILED);
    has(err, "d has no state yet");
    assert_int_equal(run("audit replay --data d --into r"), DD_EXIT_OK);
    has(out, "entries 1\nentries/s ");
    has(out, "\nseq 0\nroot ");
    assert_int_equal(hashes_in(out), 2);
    assert_int_equal(hashes_in(err), 0);
    three = strdup(strstr(out, "seq 0"));
    assert_non_null(three);
    assert_int_equal(run("digest --data r"), DD_EXIT_OK);
    assert_string_equal(out, three);
    assert_int_equal(run("audit replay --data d --into r2 --until 0"), DD_EXIT_OK);
    has(out, three);
    free(three);
    assert_int_equal(run("audit replay --data d --into r"), DD_EXIT_FAILED);
    has(err, "r is not an empty folder");
    assert_int_equal(run("audit replay --data d --into r3 --until 1"), DD_EXIT_FAILED);
    has(err, "the journal ends before: it has 1 entries");
    assert_int_equal(run("audit replay --data nowhere --into r4"), DD_EXIT_FAILED);
    assert_int_equal(access("r4", F_OK), -1);
}

/* Puts an entry that is none behind the genesis. */
static void append_rubbish(const char *folder)
{
    struct dd_slice entry = dd_slice_of("rubbish");
    struct dd_journal journal;
    assert_int_equal(dd_journal_file_open(folder, 0, &journal, NULL), DD_OK);
    assert_int_equal(dd_journal_append(&journal, 1, &entry, 1), DD_OK);
    dd_journal_close(&journal);
}

static void an_altered_journal_is_named_by_its_entry(void **state)
{
    static char bytes[64 * 1024];
    (void)state;
    found("altered");
    append_rubbish("altered/journal");
    assert_int_equal(run("audit replay --data altered --into rb"), DD_EXIT_FAILED);
    has(err, "entry 1 is not as it was written");
    assert_int_equal(run("audit replay --data altered --into rc --until 0"), DD_EXIT_OK);
    glob_t found_files;
    assert_int_equal(glob("altered/journal/*", 0, NULL, &found_files), 0);
    FILE *file = fopen(found_files.gl_pathv[0], "r+b");
    globfree(&found_files);
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    size_t at = 0;
    while (at + 5 < size && memcmp(bytes + at, "admin", 5) != 0)
        at++;
    assert_true(at + 5 < size);
    assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
    assert_int_equal(fputc('A', file), 'A');
    fclose(file);
    assert_int_equal(run("audit replay --data altered --into ra"), DD_EXIT_FAILED);
    has(err, "entry 0 is not as it was written");
    assert_int_equal(run("log --data altered"), DD_EXIT_FAILED);
    has(err, "entry 0");
}

static void data_that_is_held_is_refused_naming_the_process(void **state)
{
    struct dd_lock lock;
    char pid[64];
    (void)state;
    found("held");
    assert_int_equal(dd_lock_take("held", &lock, NULL), DD_OK);
    snprintf(pid, sizeof pid, "by process %ld", (long)getpid());
    assert_int_equal(run("digest --data held"), DD_EXIT_FAILED);
    has(err, pid);
    assert_int_equal(run("audit replay --data held --into rh"), DD_EXIT_FAILED);
    has(err, pid);
    assert_int_equal(run("log --data held"), DD_EXIT_FAILED);
    has(err, pid);
    dd_lock_release(&lock);
    assert_int_equal(run("log --data held"), DD_EXIT_OK);
}

static void the_log_shows_who_what_when_and_the_outcome(void **state)
{
    (void)state;
    found("l");
    assert_int_equal(run("log --data l --offset +07:00"), DD_EXIT_OK);
    assert_string_equal(out, "0  2013-01-11T08:00:00+07:00  -  genesis demo: ok\n");
    assert_int_equal(run("log --data l --json"), DD_EXIT_OK);
    has(out, "{\"seq\": 0, \"received_at\": \"2013-01-11T08:00:00+07:00\"");
    has(out, "\"events\": [\"founded\"");
    assert_int_equal(count_of(out, "\n"), 1);
    assert_int_equal(run("log --data l --from 2013-01-12"), DD_EXIT_OK);
    assert_string_equal(out, "");
    assert_int_equal(run("log --data l --to 2013-01-11"), DD_EXIT_OK);
    assert_string_not_equal(out, "");
    assert_int_equal(run("log --data l --unit nobody"), DD_EXIT_OK);
    assert_string_equal(out, "");
}

static void json_is_escaped_and_never_broken(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    struct dd_json json = dd_json_make(file, true);
    (void)state;
    dd_json_object(&json, NULL);
    dd_json_string(&json, "a\"", "\\ \n \x01 Đ \xff \xe1\xba");
    dd_json_array(&json, "b");
    dd_json_number(&json, NULL, INT64_MIN);
    dd_json_unsigned(&json, NULL, UINT64_MAX);
    dd_json_array_end(&json);
    dd_json_instant(&json, "c", 0, 420);
    dd_json_day(&json, "d", INT32_MAX);
    dd_json_object_end(&json);
    fclose(file);
    assert_string_equal(text,
                        "{\"a\\\"\": \"\\\\ \\u000a \\u0001 Đ \\ufffd \\ufffd\\ufffd\", \"b\": "
                        "[-9223372036854775808, 18446744073709551615], \"c\": null, \"d\": "
                        "null}\n");
    free(text);
}

static struct dd_slice of(const char *text)
{
    return dd_slice_of(text);
}

/* A table of two groups, of which one unit reported late and one never. */
static void draw(void (*form)(const struct dd_official_table *, FILE *), char **text)
{
    struct dd_counts some = {3, 2, 1, 1, 1, 0, 1};
    struct dd_counts none = {0, 0, 0, 0, 0, 0, 0};
    struct dd_counts all = {1, 1, 1, 0, 0, 1, 0};
    struct dd_table_row rows[] = {
        {of("g1"), 1, of("a"), of("Sở Nội vụ"), some},
        {of("g1"), 2, of("b"), of("Sở Y tế"), none},
        {of("g2"), 1, of("c"),
         of("Ủy ban nhân dân huyện có một cái tên dài hơn nhiều so với cột của bảng, \"rất\" dài"),
         all}};
    struct dd_table_total totals[] = {{of("g1"), of("Cấp tỉnh"), 2, some, 1, 0, 1},
                                      {of("g2"), of("Cấp huyện"), 1, all, 0, 1, 0},
                                      {of(""), of(""), 3, {4, 3, 2, 1, 1, 1, 1}, 1, 1, 1}};
    struct dd_period period = {of("H1"), 15706, 15886};
    struct dd_cycle_answer cycle = {.offset_min = 420, .periods = &period, .period_count = 1};
    int64_t end_ms = dd_instant_at(15887, 0, 420);
    struct dd_table_answer table = {of("p/2013"), of("H1"), end_ms, rows, 3, totals, 3};
    struct dd_duty_line duties[] = {{.unit = of("a"),
                                     .duty = of("report/H1"),
                                     .bound_ms = end_ms - 1000,
                                     .met_ms = end_ms - 10,
                                     .status = DD_END_LATE,
                                     .met_seq = 5},
                                    {.unit = of("b"),
                                     .duty = of("report/H1"),
                                     .bound_ms = end_ms - 1000,
                                     .met_ms = 0,
                                     .status = DD_END_MISSING,
                                     .met_seq = 0},
                                    {.unit = of("c"),
                                     .duty = of("report/H1"),
                                     .bound_ms = end_ms - 1000,
                                     .met_ms = end_ms - 2000,
                                     .status = DD_END_ON_TIME,
                                     .met_seq = 4},
                                    {.unit = of("c"),
                                     .duty = of("report/year"),
                                     .bound_ms = end_ms + 1,
                                     .met_ms = 0,
                                     .status = DD_END_PENDING,
                                     .met_seq = 0}};
    struct dd_duties_answer reports = {420, duties, 4};
    struct dd_official_table official = {&cycle, &table, &reports};
    size_t size;
    FILE *file = open_memstream(text, &size);
    assert_non_null(file);
    form(&official, file);
    fclose(file);
}

static void as_vietnamese(const struct dd_official_table *official, FILE *file)
{
    dd_table_text(official, DD_LANGUAGE_VI, file);
}

static void as_csv(const struct dd_official_table *official, FILE *file)
{
    assert_true(dd_table_csv(official, file));
}

static void the_table_fits_its_columns_and_names_its_sets(void **state)
{
    char *text = NULL;
    size_t row_columns = 0;
    (void)state;
    draw(as_vietnamese, &text);
    has(text, "Biểu tổng hợp p/2013, kỳ H1 (01/01/2013 - 30/06/2013), số liệu đến hết ngày "
              "30/06/2013\n");
    has(text, "   1 Sở Nội vụ         ");
    has(text, "         3         2         1         1         1         0         1\n");
    has(text, "Không đăng ký chỉ tiêu trong kỳ: 1 đơn vị\n    Sở Y tế\n");
    has(text, "Còn chỉ tiêu chưa hoàn thành: 1 đơn vị\n    Sở Nội vụ\n");
    has(text, "Báo cáo muộn (H1, hạn cuối 30/06/2013): 1 đơn vị\n    Sở Nội vụ\n");
    has(text, "Chưa báo cáo (H1, hạn cuối 30/06/2013): 1 đơn vị\n    Sở Y tế\n");
    assert_null(strstr(text, "(year"));
    for (char *line = text; *line;) {
        size_t size = strcspn(line, "\n");
        size_t columns = dd_text_columns((struct dd_slice){(const uint8_t *)line, size});
        bool row = columns > 4 && strspn(line, " 0123456789") > 3;
        assert_true(columns <= 135);
        if (row && strstr(line, "Sở") == line + 5) {
            row_columns = row_columns == 0 ? columns : row_columns;
            assert_int_equal(columns, row_columns);
        }
        line += size + (line[size] ? 1 : 0);
    }
    free(text);
}

static void the_table_as_csv_is_the_export_form(void **state)
{
    char *text = NULL;
    (void)state;
    draw(as_csv, &text);
    has(text, "group,ordinal,unit,name,registered_year,registered_period,completed,exceeded,"
              "not_completed,early,unattainable\r\n"
              "g1,1,a,Sở Nội vụ,3,2,1,1,1,0,1\r\ng1,2,b,Sở Y tế,0,0,0,0,0,0,0\r\n");
    has(text, "\"\"rất\"\" dài\",1,1,1,0,0,1,0\r\n");
    free(text);
}

static void the_table_as_json_has_everything(void **state)
{
    char *text = NULL;
    (void)state;
    draw(dd_table_json, &text);
    has(text, "\"as_of_end\": \"2013-07-01T00:00:00+07:00\"");
    has(text, "\"group\": \"total\"");
    has(text, "\"status\": \"pending\"");
    assert_int_equal(count_of(text, "\"registered_year\""), 6);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_words_there_is_help_with_examples),
        cmocka_unit_test(every_command_has_help_wherever_it_is_asked_for),
        cmocka_unit_test(every_command_that_changes_something_takes_dry_run),
        cmocka_unit_test(wrong_usage_gives_two_and_says_what_was_meant),
        cmocka_unit_test(an_address_that_is_none_is_wrong_usage),
        cmocka_unit_test(a_status_has_its_exit_status),
        cmocka_unit_test(settings_come_from_flags_then_environment_then_file),
        cmocka_unit_test(keys_are_made_shown_and_never_written_over),
        cmocka_unit_test(a_dry_run_prints_the_command_and_needs_no_server),
        cmocka_unit_test(an_id_stands_for_one_command),
        cmocka_unit_test(a_dry_run_refuses_what_the_server_would_not_take),
        cmocka_unit_test(units_go_in_pages_that_take_effect_with_the_last),
        cmocka_unit_test(faults_of_files_are_all_listed_with_their_lines),
        cmocka_unit_test(a_calendar_is_put_in_the_order_of_its_days),
        cmocka_unit_test(long_tasks_go_in_several_commands),
        cmocka_unit_test(a_cycle_is_opened_from_its_file),
        cmocka_unit_test(a_programme_is_checked_with_all_its_faults),
        cmocka_unit_test(a_data_folder_is_founded_once),
        cmocka_unit_test(replay_rebuilds_the_state_and_digest_agrees),
        cmocka_unit_test(an_altered_journal_is_named_by_its_entry),
        cmocka_unit_test(data_that_is_held_is_refused_naming_the_process),
        cmocka_unit_test(the_log_shows_who_what_when_and_the_outcome),
        cmocka_unit_test(json_is_escaped_and_never_broken),
        cmocka_unit_test(the_table_fits_its_columns_and_names_its_sets),
        cmocka_unit_test(the_table_as_csv_is_the_export_form),
        cmocka_unit_test(the_table_as_json_has_everything),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
