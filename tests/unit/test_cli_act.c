/* The acts of the rulebook on the command line without a server: what --dry-run makes of flags and
 * files, what is wrong usage, what the log's line of each command says. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/cli/cli.h"
#include "clients/cli/cli_command.h"
#include "clients/cli/cli_field.h"

enum { WORDS_MAX = 48, LINE_BYTES = 1024 };

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

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" is in:\n%s", part, text);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

/* The command as JSON, which it must be. */
static void dry(const char *line)
{
    char all[LINE_BYTES];
    snprintf(all, sizeof all, "%s --dry-run", line);
    if (run(all) != DD_EXIT_OK)
        fail_msg("%s: %s", line, err);
    assert_string_equal(err, "");
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int enter(void **state)
{
    static const char *const names[] = {"DONDOC_SERVER", "DONDOC_SERVER_KEY", "DONDOC_KEY",
                                        "DONDOC_DATA",   "DONDOC_CONFIG",     "DONDOC_OFFSET"};
    const char *base = getenv("TMPDIR");
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
    setenv("DONDOC_LANG", "en", 1);
    snprintf(dir, sizeof dir, "%s/dd-act-XXXXXX", base ? base : "/tmp");
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

static void wrong_usage_gives_two_and_says_what_was_meant(void **state)
{
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"submit", "usage: dondoc submit CYCLE [UNIT]"},
        {"submit p/1 --dry-run", "--dry-run asks nobody: name the unit"},
        {"submit p/1 u --figure tasks", "--figure tasks: KEY=NUMBER"},
        {"submit p/1 u --figure =5", "--figure =5: KEY=NUMBER"},
        {"submit p/1 u --figure ~=5", "--figure ~=5: KEY=NUMBER"},
        {"submit p/1 u --figure tasks=~5", "--figure tasks=~5: a number has a decimal point"},
        {"submit p/1 u --figure tasks=1e3", "--figure tasks=1e3: a number has a decimal point"},
        {"progress p/1 u 0 completed", "0 is neither an indicator"},
        {"progress p/1 u 1. completed", "1. is neither an indicator"},
        {"progress p/1 7 completed --dry-run", "--dry-run asks nobody: name the unit"},
        {"matter open p/1", "KIND and --title TEXT are needed"},
        {"matter open p/1 task", "KIND and --title TEXT are needed"},
        {"matter open p/1 task --title T --to a --to-all", "--to and --to-all exclude"},
        {"matter open p/1 task --title T --due until_2014-01-01", "--due: before, by or on, then"},
        {"matter open p/1 task --title T --due 2014-02-30", "--due 2014-02-30: there is no such"},
        {"matter open p/1 task --title T --at tomorrow", "--at: it is not of the form"},
        {"matter open p/1 task --title T --parent 0", "--parent: it is not of the form"},
        {"matter open p/1 task --file m.csv", "--file has the matters"},
        {"matter open p/1 task --title T --dry-run", "--dry-run asks nobody: name the unit"},
        {"matter answer p/1 x u", "x is no matter's number"},
        {"matter answer p/1 0 u", "0 is no matter's number"},
        {"matter answer p/1 10000 u", "10000 is no matter's number"},
        {"matter answer p/1 1 u --capacity boss", "--capacity: head, kt"},
        {"matter decide p/1 1", "either --agree, --in-principle or --return"},
        {"matter decide p/1 1 --agree --in-principle", "either --agree, --in-principle"},
        {"matter decide p/1 1 --return", "--return needs --reason"},
        {"matter decide p/1 1 --agree --dry-run", "give --revision N and --owner UNIT"},
        {"duty extend p/1 u d --reason R", "--to DATE is needed"},
        {"duty extend p/1 u d --to soon --reason R", "--to soon: there is no such date"},
        {"duty extend p/1 u d --to 2014-01-01", "--reason TEXT is needed"},
        {"duty waive p/1 u d", "--reason TEXT is needed"},
        {"delegate u --to a --from 2014-01-01", "--until DATE are needed"},
        {"delegate end u x", "x is no delegation"},
        {"unit transfer p/1 u v", "--reason TEXT is needed"},
        {"publication issue u 1 --title T --date 2014-01-01 --file x", "--kind is needed"},
        {"publication issue u 1 --kind list --title T --date 2014-01-01", "either --file"},
        {"publication issue u 1 --kind list --file x", "--title TEXT and --date DATE"},
        {"publication issue u 1 --table --title T --date 2014-01-01", "--table needs --cycle"},
        {"publication issue u 1 --table --title T --date 2014-01-01 --cycle p/1 --period H1 "
         "--out o.csv --dry-run",
         "it goes with --file alone"},
        {"publication issue u 1 --kind list --title T --date 2014-01-01 --file x --corrects 2",
         "--corrects needs --reason"},
        {"register p/1 u --task 1 --kind k --indicator 1 --title T --due 2014-01-01 --direction up",
         "--direction: it is not of the form"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (run(cases[i].line) != DD_EXIT_USAGE)
            fail_msg("%s: not wrong usage; %s", cases[i].line, err);
        has(err, cases[i].message);
        assert_string_equal(out, "");
    }
    assert_int_equal(access("o.csv", F_OK), -1);
}

static void figures_come_from_flags_and_from_a_file_behind_them(void **state)
{
    (void)state;
    write_file("f.csv", "estimate,figure,value\nyes,late,-1.50\n,early,0\nno,other,7\n");
    dry("submit p/1 u --stage monthly --report 2014-01 --figure tasks=10 --figure done~=8 "
        "--figures f.csv --note N --capacity kt");
    has(out, "\"what\": \"report\"");
    has(out, "\"stage\": \"monthly\"");
    has(out, "\"figure\": \"done\",\n      \"value\": \"8\",\n      \"estimate\": true");
    has(out, "\"figure\": \"late\",\n      \"value\": \"-1.50\",\n      \"estimate\": true");
    assert_int_equal(count_of(out, "\"estimate\""), 2);
    assert_int_equal(count_of(out, "\"figure\""), 5);
    has(out, "\"capacity\": \"kt\"");
    has(out, "\"note\": \"N\"");
    write_file("g.csv", "figure,value,estimate\n-,x,perhaps\n");
    assert_int_equal(run("submit p/1 u --figures g.csv --dry-run"), DD_EXIT_FAILED);
    has(err, "g.csv:2: figure");
    has(err, "g.csv:2: value");
    has(err, "g.csv:2: estimate: must be yes, no or empty");
    assert_int_equal(run("submit p/1 u --figures none.csv --dry-run"), DD_EXIT_FAILED);
}

static void without_a_report_or_a_stage_it_is_the_registration(void **state)
{
    (void)state;
    dry("submit p/1 u");
    has(out, "\"what\": \"registration\"");
    lacks(out, "\"figures\"");
    dry("submit p/1 u --stage review");
    has(out, "\"what\": \"report\"");
}

static void a_file_goes_as_hash_size_type_and_name(void **state)
{
    (void)state;
    write_file("abc.pdf", "abc");
    write_file("x=y.bin", "");
    dry("submit p/1 u --attach plan=abc.pdf --attach ./x=y.bin");
    has(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    has(out, "\"size_bytes\": 3");
    has(out, "\"type\": \"application/pdf\"");
    has(out, "\"name\": \"abc.pdf\"");
    has(out, "\"part\": \"plan\"");
    has(out, "\"name\": \"x=y.bin\"");
    has(out, "\"type\": \"application/octet-stream\"");
    assert_int_equal(count_of(out, "\"part\""), 1);
    assert_int_equal(run("submit p/1 u --attach none.pdf --dry-run"), DD_EXIT_FAILED);
    has(err, "none.pdf: there is no such file");
}

static void an_item_says_its_code_start_baseline_direction_and_partners(void **state)
{
    (void)state;
    write_file("i.csv", "indicator,title,due,code,start,baseline,direction,partners\n"
                        "1,T,2014-06-30,DA-1,2014-02-01,2.5,less,\"a, b\"\n2,U,2014-06-30,,,,,\n");
    dry("register p/1 u --task 1 --kind k --file i.csv");
    has(out, "\"code\": \"DA-1\"");
    has(out, "\"start\": \"2014-02-01\"");
    has(out, "\"baseline\": \"2.5\"");
    has(out, "\"direction\": \"less\"");
    has(out, "\"a\",\n        \"b\"");
    assert_int_equal(count_of(out, "\"code\""), 1);
    assert_int_equal(count_of(out, "\"partners\""), 1);
    dry("register p/1 u --task 1 --kind k --indicator 1 --title T --due 2014-06-30 --code DA-2 "
        "--start 2014-01-02 --baseline 0 --direction yes-no --partners a,b,c");
    has(out, "\"direction\": \"yes-no\"");
    has(out, "\"baseline\": \"0\"");
    write_file("j.csv", "indicator,title,due,start,baseline,direction\n"
                        "1,T,2014-06-30,soon,,\n2,T,2014-06-30,,much,\n3,T,2014-06-30,,,up\n");
    assert_int_equal(run("register p/1 u --task 1 --kind k --file j.csv --dry-run"),
                     DD_EXIT_FAILED);
    has(err, "j.csv:2: start");
    has(err, "j.csv:3: baseline");
    has(err, "j.csv:4: direction");
}

static void a_matter_says_whom_it_asks_until_when(void **state)
{
    (void)state;
    dry("matter open p/1 consultation --as v --title T --to a,b --partners c --due by_2014-03-14 "
        "--notice 5/TB --code X --approver boss --parent 3 --capacity tl");
    has(out, "\"kind\": \"assign\"");
    has(out, "\"unit\": \"v\"");
    has(out, "\"owner\": \"v\"");
    has(out, "\"a\",\n        \"b\"");
    has(out, "\"word\": \"by\"");
    has(out, "\"due\": \"2014-03-14\"");
    has(out, "\"notice\": \"5/TB\"");
    has(out, "\"approver\": \"boss\"");
    has(out, "\"parent\": 3");
    has(out, "\"capacity\": \"tl\"");
    dry("matter open p/1 meeting --as v --owner o --title T --to-all --at 2014-02-25T08:00+07:00");
    has(out, "\"all\": true");
    has(out, "\"owner\": \"o\"");
    has(out, "\"at\": \"2014-02-25T08:00:00+07:00\"");
    has(out, "\"due\": null");
    lacks(out, "\"word\"");
    dry("matter open p/1 task --as v --title T --due 2014-03-14");
    lacks(out, "\"word\"");
    has(out, "\"due\": \"2014-03-14\"");
}

/* A file of so many matters that each ask `asked` units. */
static void write_matters(const char *name, int count, int asked)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs("kind,title,owner,asked,word,due\n", file);
    for (int i = 0; i < count; i++) {
        fprintf(file, "task,T%d,o,", i);
        for (int k = 0; k < asked; k++)
            fprintf(file, "%su%d", k ? " " : "", k);
        fputs(",on,2014-03-14\n", file);
    }
    assert_int_equal(fclose(file), 0);
}

static void many_matters_go_in_commands_of_what_one_may_take(void **state)
{
    (void)state;
    write_matters("m.csv", 64, 0);
    dry("matter open p/1 --as v --file m.csv");
    assert_int_equal(count_of(out, "\"kind\": \"assign\""), 1);
    write_matters("m.csv", 129, 0);
    dry("matter open p/1 --as v --file m.csv");
    assert_int_equal(count_of(out, "\"kind\": \"assign\""), 3);
    assert_int_equal(count_of(out, "\"title\""), 129);
    write_matters("m.csv", 4, 200);
    dry("matter open p/1 --as v --file m.csv");
    assert_int_equal(count_of(out, "\"kind\": \"assign\""), 2);
    write_file("n.csv", "kind,title,asked,partners\ntask,T,*,a b\n");
    dry("matter open p/1 --as v --file n.csv");
    has(out, "\"all\": true");
    write_file("n.csv", "kind,title,word,due,at,parent\n?,T,,,,\ntask,,until,,,\n"
                        "task,T,,never,,\ntask,T,,,noon,\ntask,T,,,,x\n");
    assert_int_equal(run("matter open p/1 --as v --file n.csv --dry-run"), DD_EXIT_FAILED);
    has(err, "n.csv:2: kind");
    has(err, "n.csv:3: title");
    has(err, "n.csv:3: word");
    has(err, "n.csv:4: due");
    has(err, "n.csv:5: at");
    has(err, "n.csv:6: parent");
    write_file("n.csv", "kind,title\n");
    assert_int_equal(run("matter open p/1 --as v --file n.csv --dry-run"), DD_EXIT_USAGE);
}

static void matters_are_answered_decided_and_reported_on(void **state)
{
    (void)state;
    dry("matter answer p/1 7 u --stage s --choice yes --figure a=1 --note N --reason R");
    has(out, "\"what\": \"answer\"");
    has(out, "\"matter\": 7");
    has(out, "\"choice\": \"yes\"");
    has(out, "\"stage\": \"s\"");
    dry("matter decide p/1 7 --in-principle --revision 4 --owner u");
    has(out, "\"matter\": 7");
    has(out, "\"version\": 4");
    has(out, "\"verdict\": \"in-principle\"");
    has(out, "\"unit\": \"u\"");
    dry("matter decide p/1 7 --return --reason R --revision 0 --owner u");
    has(out, "\"verdict\": \"return\"");
    dry("progress p/1 u 7 unattainable --on 2014-03-01 --note N");
    has(out, "\"task\": 7");
    has(out, "\"indicator\": 0");
    dry("progress p/1 u 7.1 completed --on 2014-03-01");
    has(out, "\"indicator\": 1");
}

static void time_is_bent_and_passed_on(void **state)
{
    (void)state;
    dry("duty extend p/1 u monthly/2014-01 --to 2014-02-01 --reason R");
    has(out, "\"kind\": \"bend\"");
    has(out, "\"duty\": \"monthly/2014-01\"");
    has(out, "\"act\": \"extend\"");
    has(out, "\"to\": \"2014-02-01\"");
    dry("duty suspend p/1 u d --reason R");
    has(out, "\"act\": \"suspend\"");
    lacks(out, "\"to\"");
    dry("duty resume p/1 u d --reason R");
    has(out, "\"act\": \"resume\"");
    dry("duty waive p/1 u d --reason R");
    has(out, "\"act\": \"waive\"");
    dry("unit transfer p/1 u v --reason R");
    has(out, "\"successor\": \"v\"");
}

static void a_delegation_has_a_term_and_ends(void **state)
{
    (void)state;
    dry("delegate u --to a --from 2014-01-01 --until 2014-03-31 --stages s,t --reason R");
    has(out, "\"account\": \"a\"");
    has(out, "\"from\": \"2014-01-01\"");
    has(out, "\"to\": \"2014-03-31\"");
    has(out, "\"s\",\n    \"t\"");
    dry("delegate end u 3");
    has(out, "\"ends\": 3");
    lacks(out, "\"account\"");
}

static void a_publication_says_what_it_is_made_from(void **state)
{
    (void)state;
    write_file("r.csv", "abc");
    dry("publication issue u 12/BC --kind ranking --title T --date 2014-07-05 --file r.csv "
        "--cycle p/1 --period H1 --as-of 2014-06-30 --at-seq 99 --corrects 11/BC --reason R");
    has(out, "\"number\": \"12/BC\"");
    has(out, "\"issue\": \"ranking\"");
    has(out, "\"as_of\": \"2014-06-30\"");
    has(out, "\"at_seq\": 99");
    has(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    has(out, "\"type\": \"text/csv\"");
    has(out, "\"corrects\": \"11/BC\"");
}

static void a_programme_is_shown_with_its_forms_and_deadlines(void **state)
{
    (void)state;
    dry("programme put " DD_SOURCE_DIR "/programmes/example.yaml");
    has(out, "\"forms\"");
    has(out, "\"check\": \"sum\"");
    has(out, "\"every\": \"month\"");
    has(out, "\"pass_percent\"");
    has(out, "\"signers\"");
}

/* The line of a command in the log. */
static void says(const struct dd_command *command, const char *expected)
{
    char text[512];
    assert_string_equal(dd_command_summary(command, text, sizeof text), expected);
}

static void each_act_has_its_line_in_the_log(void **state)
{
    struct dd_slice cycle = dd_slice_of("p/1");
    struct dd_slice unit = dd_slice_of("u");
    (void)state;
    says(&(struct dd_command){.kind = DD_COMMAND_ASSIGN,
                              .as.assign = {.cycle = cycle, .unit = unit, .matter_count = 3}},
         "assign p/1 u 3 matters");
    says(&(struct dd_command){.kind = DD_COMMAND_BEND,
                              .as.bend = {.cycle = cycle,
                                          .unit = unit,
                                          .act = DD_BEND_WAIVE,
                                          .duty = dd_slice_of("do/7")}},
         "bend p/1 u waive do/7");
    says(&(struct dd_command){.kind = DD_COMMAND_DELEGATE,
                              .as.delegate = {.unit = unit, .account = dd_slice_of("a")}},
         "delegate u to a");
    says(
        &(struct dd_command){.kind = DD_COMMAND_DELEGATE, .as.delegate = {.unit = unit, .ends = 2}},
        "delegate u ends 2");
    says(
        &(struct dd_command){
            .kind = DD_COMMAND_TRANSFER,
            .as.transfer = {.cycle = cycle, .unit = unit, .successor = dd_slice_of("v")}},
        "transfer p/1 u to v");
    says(&(struct dd_command){.kind = DD_COMMAND_PUBLISH,
                              .as.publish = {.unit = unit, .number = dd_slice_of("12/BC")}},
         "publish u 12/BC");
    says(&(struct dd_command){.kind = DD_COMMAND_SUBMIT,
                              .as.submit = {.cycle = cycle,
                                            .unit = unit,
                                            .what = DD_SUBMISSION_ANSWER,
                                            .matter = 7,
                                            .choice = dd_slice_of("yes")}},
         "submit p/1 u answer 7 yes");
    says(&(struct dd_command){.kind = DD_COMMAND_SUBMIT,
                              .as.submit = {.cycle = cycle,
                                            .unit = unit,
                                            .what = DD_SUBMISSION_REPORT,
                                            .stage = dd_slice_of("monthly"),
                                            .report = dd_slice_of("2014-01")}},
         "submit p/1 u report monthly 2014-01");
    says(
        &(struct dd_command){
            .kind = DD_COMMAND_DECIDE,
            .as.decide = {.cycle = cycle, .unit = unit, .matter = 7, .verdict = DD_VERDICT_AGREE}},
        "decide p/1 u matter 7: agree");
    says(&(struct dd_command){.kind = DD_COMMAND_PROGRESS,
                              .as.progress = {.cycle = cycle,
                                              .unit = unit,
                                              .task = 7,
                                              .outcome = DD_OUTCOME_COMPLETED}},
         "progress p/1 u matter 7: completed");
}

static void a_slip_on_the_command_line_is_told_as_what_it_is(void **state)
{
    static const struct {
        const char *line;
        const char *message;
    } cases[] = {
        {"submit c u --note a --note b", "--note is given twice"},
        {"submit c u --lang en --lang vi", "--lang is given twice"},
        {"decide c u --version 1 --agree --agree", "--agree is given twice"},
        {"matter open c k --title t --to a --to b", "--to is given twice"},
        {"delegate u --to a --to b --from 2026-01-01 --until 2026-02-01", "--to is given twice"},
        {"score show --rules a --rules b", "--rules is given twice"},
        {"submit c u --figure a=1,5", "--figure a=1,5: a number has a decimal point"},
        {"submit c u --figure a", "--figure a: KEY=NUMBER"},
        {"matter open c k --title t --due by_2027-02-31", "--due 2027-02-31: there is no such"},
        {"matter open c k --title t --due until_2027-02-03", "--due: before, by or on, then"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(run(cases[i].line), DD_EXIT_USAGE);
        has(err, cases[i].message);
        assert_string_equal(out, "");
    }
}

static void a_field_of_another_name_than_its_flag_is_told_by_both(void **state)
{
    static const struct {
        enum dd_command_kind kind;
        const char *field;
        const char *flag;
    } cases[] = {{DD_COMMAND_DELEGATE, "to", "until"},
                 {DD_COMMAND_DELEGATE, "delegate.account", "to"},
                 {DD_COMMAND_DELEGATE, "from", NULL},
                 {DD_COMMAND_ASSIGN, "assign.matters[12].asked[2]", "to"},
                 {DD_COMMAND_ASSIGN, "matters[0].title", NULL},
                 {DD_COMMAND_BEND, "day", "to"},
                 {DD_COMMAND_PROGRESS, "progress.correction.seq", "corrects"},
                 {DD_COMMAND_SUBMIT, "figures[1].value", "figure"},
                 {DD_COMMAND_REVOKE, "", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *flag = dd_cli_flag_of_field(cases[i].kind, cases[i].field);
        if (!cases[i].flag)
            assert_null(flag);
        else
            assert_string_equal(flag, cases[i].flag);
    }
}

static void what_is_not_well_formed_is_refused_by_its_rule_and_its_flag(void **state)
{
    (void)state;
    assert_int_equal(run("matter open c/1 k --as u --title Two\nlines --dry-run"), DD_EXIT_FAILED);
    has(err, "(field: assign.matters[0].title)\n");
    assert_int_equal(run("matter open c/1 k --as u --title _ --dry-run"), DD_EXIT_FAILED);
    has(err, "the field is missing or empty");
    assert_int_equal(run("matter open c/1 k --as u --title t --to a,b/c --dry-run"),
                     DD_EXIT_FAILED);
    has(err, "(field: assign.matters[0].asked[1]) (flag: --to)\n");
    assert_int_equal(run("duty waive c/1 u m/2026-01 --reason _ --dry-run"), DD_EXIT_FAILED);
    has(err, "a reason is needed (field: bend.reason)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_usage_gives_two_and_says_what_was_meant),
        cmocka_unit_test(figures_come_from_flags_and_from_a_file_behind_them),
        cmocka_unit_test(without_a_report_or_a_stage_it_is_the_registration),
        cmocka_unit_test(a_file_goes_as_hash_size_type_and_name),
        cmocka_unit_test(an_item_says_its_code_start_baseline_direction_and_partners),
        cmocka_unit_test(a_matter_says_whom_it_asks_until_when),
        cmocka_unit_test(many_matters_go_in_commands_of_what_one_may_take),
        cmocka_unit_test(matters_are_answered_decided_and_reported_on),
        cmocka_unit_test(time_is_bent_and_passed_on),
        cmocka_unit_test(a_delegation_has_a_term_and_ends),
        cmocka_unit_test(a_publication_says_what_it_is_made_from),
        cmocka_unit_test(a_programme_is_shown_with_its_forms_and_deadlines),
        cmocka_unit_test(each_act_has_its_line_in_the_log),
        cmocka_unit_test(a_slip_on_the_command_line_is_told_as_what_it_is),
        cmocka_unit_test(a_field_of_another_name_than_its_flag_is_told_by_both),
        cmocka_unit_test(what_is_not_well_formed_is_refused_by_its_rule_and_its_flag),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
