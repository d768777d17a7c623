/* The table of commands, its help, and how a command line finds its row. See clients/cli/cli.h. */
#include "clients/cli/cli.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_link.h"
#include "clients/cli/rehearse.h"
#include "clients/lib/dondoc.h"
#include "runtime/config.h"

enum { ARENA_BYTES = 512 * 1024 * 1024, COMMANDS_MAX = 64, WORDS_BYTES = 64 };

#ifndef DD_VERSION_TEXT
#define DD_VERSION_TEXT "unknown"
#endif

#define DRY_RUN \
    {"dry-run", NULL, "check, print the command as JSON, send nothing"}, \
    { \
        "id", "UUID", "the command's id, to send again what got no answer" \
    }
#define FLAGS_END \
    { \
        NULL, NULL, NULL \
    }

static const struct dd_cli_flag init_flags[] = {
    {"endpoint", "tcp://HOST:PORT", "where the broker will listen"},
    {"rehearsal", NULL, "a rehearsal's log, with"},
    {"clock", "INSTANT", "the instant at which its clock starts"},
    FLAGS_END};
static const struct dd_cli_flag keys_flags[] = {{"account", "CODE", "whose keys they are"},
                                                FLAGS_END};
static const struct dd_cli_flag units_flags[] = {
    {"groups", "CODE=NAME,...", "the table's groups in order, or a FILE.csv with code,name"},
    {"root", "CODE", "parent of the units whose parent is empty"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag account_flags[] = {
    {"pub", "FILE.pub", "the account's public keys"},
    {"office", "ROLE[@UNIT][:FROM..TO]",
     "an office: head, deputy, officer, appraiser or approver of a unit; auditor, administrator"},
    {"from", "INSTANT|DATE", "its keys count from then on (2026-01-25 or 2026-01-25T09:00+07:00)"},
    {"to", "INSTANT|DATE", "until then"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag reason_flags[] = {{"reason", "TEXT", "why"}, DRY_RUN, FLAGS_END};
static const struct dd_cli_flag dry_flags[] = {DRY_RUN, FLAGS_END};
static const struct dd_cli_flag cycle_flags[] = {
    {"parties", "FILE.csv", "the parties, in the form of a file of units (code, approver)"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag register_flags[] = {
    {"task", "N", "the task's number"},
    {"kind", "KIND", "its kind, as the programme names it"},
    {"file", "FILE.csv", "its indicators: indicator,title,unit_of_measure,target,due"},
    {"indicator", "N", "or one indicator, with"},
    {"title", "TEXT", "its title"},
    {"unit-of-measure", "TEXT", "what it is measured in"},
    {"target", "NUMBER", "how much"},
    {"due", "DATE", "by when"},
    {"remove", "N", "takes an indicator out of the task; may be given several times"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag submit_flags[] = {
    {"report", "CODE", "hands in this report instead of the registration"},
    {"reason", "TEXT", "why an approved registration is to be adjusted"},
    {"capacity", "head|kt|tl|tuq|tm", "in what capacity it is signed (default head)"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag withdraw_flags[] = {
    {"version", "N", "which version (default: the newest)"},
    {"reason", "TEXT", "why"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag decide_flags[] = {
    {"version", "N", "the version that you have read"},
    {"agree", NULL, "agrees"},
    {"return", NULL, "returns it, with"},
    {"reason", "TEXT", "why"},
    {"hash", "HEX", "insists on this content (default: what the dossier says now)"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag progress_flags[] = {
    {"on", "DATE", "the day claimed (default today)"},
    {"note", "TEXT", "a remark"},
    {"corrects", "SEQ", "the entry that it corrects, with"},
    {"reason", "TEXT", "why"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag dossier_flags[] = {{"version", "N", "the items of this version"},
                                                   FLAGS_END};
static const struct dd_cli_flag duties_flags[] = {
    {"unit", "CODE", "of this unit alone"},
    {"as-of", "DATE", "as they stood at the end of that day"},
    FLAGS_END};
static const struct dd_cli_flag table_flags[] = {
    {"period", "CODE", "a period of the cycle"},
    {"as-of", "DATE", "as it stood at the end of that day (default now)"},
    {"csv", NULL, "the form of summary.csv"},
    FLAGS_END};
static const struct dd_cli_flag reminders_flags[] = {
    {"cycle", "CYCLE", "of this cycle alone"}, {"unit", "CODE", "of this unit alone"}, FLAGS_END};
static const struct dd_cli_flag log_flags[] = {
    {"unit", "CODE", "what is about this unit"},
    {"account", "CODE", "what came from this account"},
    {"from", "INSTANT|DATE", "received from then on"},
    {"to", "INSTANT|DATE", "before that instant, or up to the end of that day"},
    {"from-seq", "SEQ", "from this entry on"},
    {"limit", "N", "at most so many"},
    {"offline", NULL, "from the journal of --data DIR, which nobody serves"},
    FLAGS_END};
/* For the help alone: rehearse.c parses its own words. */
static const struct dd_cli_flag rehearse_flags[] = {
    {"export", "OUT", "writes table, reports and reminders there as CSV; not there yet, or empty"},
    {"keep", "DATA", "keeps the data folder there, for dondoc log, digest and audit replay"},
    {"lang", "vi|en", "of the table"},
    FLAGS_END};
static const struct dd_cli_flag replay_flags[] = {
    {"into", "DIR", "where the state is rebuilt; must not be there, or be empty"},
    {"until", "SEQ", "stops behind this entry"},
    FLAGS_END};

static enum dd_exit print_version(struct dd_cli *cli)
{
    fprintf(cli->out, "dondoc %s\n", DD_VERSION_TEXT);
    return DD_EXIT_OK;
}

#define UNBOUNDED 100

const struct dd_cli_command dd_cli_commands[] = {
    {"init", "DIR", 1, 1, false, init_flags, "makes a data folder with keys and the first entry",
     "dondoc init /srv/bacgiang --jurisdiction bacgiang --endpoint tcp://*:5570\n", dd_cli_init},
    {"keys new", "FILE", 1, 1, false, keys_flags, "makes the keys of an account",
     "dondoc keys new so-noi-vu.key --account so-noi-vu\n", dd_cli_keys_new},
    {"keys show", "FILE", 1, 1, false, NULL, "shows the public halves of keys", "",
     dd_cli_keys_show},
    {"unit put", "FILE.csv", 1, 1, true, units_flags,
     "puts units (code,name,group,ordinal,parent,head_title)",
     "dondoc unit put units.csv --groups 'province=Cấp tỉnh,district=Cấp huyện' --root ubnd\n",
     dd_cli_unit_put},
    {"unit list", "", 0, 0, false, NULL, "lists the units", "", dd_cli_unit_list},
    {"account put", "CODE", 1, 1, true, account_flags, "gives a key pair its offices",
     "dondoc account put so-noi-vu --pub so-noi-vu.key.pub --office head@so-noi-vu "
     "--office appraiser@so-noi-vu\n"
     "dondoc account put auditor --pub auditor.key.pub --office auditor:2026-01-01..2026-12-31\n",
     dd_cli_account_put},
    {"account revoke", "CODE", 1, 1, true, reason_flags, "takes an account's keys back",
     "dondoc account revoke so-noi-vu --reason 'Mất khóa'\n", dd_cli_account_revoke},
    {"calendar put", "YEAR [FILE.csv]", 1, 2, true, dry_flags,
     "puts a year's offset and days (date,kind: holiday or workday)",
     "dondoc calendar put 2026 --offset +07:00 holidays.csv\n", dd_cli_calendar_put},
    {"programme put", "FILE.yaml", 1, 1, true, dry_flags, "puts a programme",
     "dondoc programme put programmes/key-tasks.yaml\n", dd_cli_programme_put},
    {"programme check", "FILE.yaml ...", 1, UNBOUNDED, false, NULL,
     "lists every fault of programmes", "dondoc programme check programmes/*.yaml\n",
     dd_cli_programme_check},
    {"cycle open", "FILE.yaml", 1, 1, true, cycle_flags, "opens a cycle",
     "dondoc cycle open cycle-2026.yaml --parties units.csv\n", dd_cli_cycle_open},
    {"cycle show", "CYCLE", 1, 1, false, NULL, "shows a cycle",
     "dondoc cycle show key-tasks/2026\n", dd_cli_cycle_show},
    {"cycle close", "CYCLE", 1, 1, true, reason_flags, "closes a cycle for good",
     "dondoc cycle close key-tasks/2026 --reason 'Hết năm 2026'\n", dd_cli_cycle_close},
    {"register", "CYCLE UNIT", 2, 2, true, register_flags, "writes a task of the unit's draft",
     "dondoc register key-tasks/2026 so-noi-vu --task 1 --kind own --file task1.csv\n"
     "dondoc register key-tasks/2026 so-noi-vu --task 2 --kind own --indicator 1 "
     "--title 'Sửa đổi quy chế' --due 2026-06-20\n",
     dd_cli_register},
    {"submit", "CYCLE UNIT", 2, 2, true, submit_flags, "hands in the registration, or a report",
     "dondoc submit key-tasks/2026 so-noi-vu\n"
     "dondoc submit key-tasks/2026 so-noi-vu --report H1\n",
     dd_cli_submit},
    {"withdraw", "CYCLE UNIT", 2, 2, true, withdraw_flags, "takes back what nobody has decided on",
     "", dd_cli_withdraw},
    {"decide", "CYCLE UNIT", 2, 2, true, decide_flags, "agrees to a version, or returns it",
     "dondoc decide key-tasks/2026 so-y-te --version 1 --agree\n"
     "dondoc decide key-tasks/2026 so-y-te --version 1 --return --reason 'Chỉ tiêu 2.1 chưa rõ'\n",
     dd_cli_decide},
    {"progress", "CYCLE UNIT TASK.INDICATOR OUTCOME", 4, 4, true, progress_flags,
     "reports an outcome: open, completed, exceeded, not_completed or unattainable",
     "dondoc progress key-tasks/2026 so-noi-vu 1.2 completed --on 2026-06-14\n", dd_cli_progress},
    {"dossier", "CYCLE UNIT", 2, 2, false, dossier_flags, "shows a unit's file in a cycle",
     "dondoc dossier key-tasks/2026 so-noi-vu --version 1\n", dd_cli_dossier},
    {"duties", "CYCLE", 1, 1, false, duties_flags, "who owes what, and how it stands",
     "dondoc duties key-tasks/2026 --unit so-noi-vu\n", dd_cli_duties},
    {"table", "CYCLE", 1, 1, false, table_flags, "the official table",
     "dondoc table key-tasks/2026 --period H1 --as-of 2026-06-30\n", dd_cli_table},
    {"reminders", "", 0, 0, false, reminders_flags, "who was reminded of what", "",
     dd_cli_reminders},
    {"log", "", 0, 0, false, log_flags, "who did what, when, with what outcome",
     "dondoc log --unit so-noi-vu --from 2026-06-01 --to 2026-06-30\n", dd_cli_log},
    {"digest", "", 0, 0, false, NULL,
     "the digest of a running system's state, or, with --data DIR, of the state as it lies", "",
     dd_cli_digest},
    {"audit replay", "", 0, 0, false, replay_flags, "rebuilds state from the journal of --data DIR",
     "dondoc audit replay --data /srv/bacgiang --into /tmp/audit\n", dd_cli_audit_replay},
    {"clock advance", "INSTANT", 1, 1, true, dry_flags, "moves the clock of a rehearsal",
     "dondoc --data ./trial clock advance 2026-01-12T09:00+07:00\n", dd_cli_clock_advance},
    {"hello", "", 0, 0, false, NULL, "who answers, and who you are there", "", dd_cli_hello},
    {"ping", "", 0, 0, false, NULL, "the same as hello", "", dd_cli_hello},
    {"rehearse", "DIR [--export OUT] [--keep DATA]", 0, UNBOUNDED, false, rehearse_flags,
     "plays a scenario on a system of its own",
     "dondoc rehearse examples/bacgiang-2013 --export out\n", NULL},
    {"version", "", 0, 0, false, NULL, "the program's version", "", print_version},
    {NULL, NULL, 0, 0, false, NULL, NULL, NULL, NULL}};

static const char exit_help[] =
    "Exit status: 0 ok; 1 failed, or refused by a rule; 2 wrong usage; 3 not reachable, busy or\n"
    "outcome unknown (try again); 4 the key is not accepted.\n";

static const char settings_help[] =
    "Each of them but --help may also stand in the environment (DONDOC_SERVER, DONDOC_SERVER_KEY,\n"
    "DONDOC_KEY ...) or in section [client] of --config FILE; flags win, then the environment.\n";

static void print_help(FILE *out)
{
    fputs("dondoc: registrations, approvals, reports and what is late\n\n"
          "  dondoc init /srv/bacgiang --jurisdiction bacgiang\n"
          "  dondoc --data /srv/bacgiang hello\n"
          "  dondoc table key-tasks/2026 --period H1 --as-of 2026-06-30\n"
          "  dondoc COMMAND --help\n\nCommands:\n",
          out);
    for (const struct dd_cli_command *command = dd_cli_commands; command->words; command++)
        fprintf(out, "  %-17s %s\n", command->words, command->help);
    fputs("\nFlags of every command:\n", out);
    dd_flags_print(dd_common_flags, out);
    fprintf(out, "\n%s\n%s", settings_help, exit_help);
}

static void print_command_help(const struct dd_cli_command *command, FILE *out)
{
    fprintf(out, "dondoc %s%s%s\n\n%s\n", command->words, *command->operands ? " " : "",
            command->operands, command->help);
    const char *example = command->examples;
    if (*example)
        fputs("\nExamples:\n", out);
    while (*example) {
        size_t size = strcspn(example, "\n");
        fprintf(out, "  %.*s\n", (int)size, example);
        example += size + (example[size] ? 1 : 0);
    }
    if (command->flags) {
        fputs("\nFlags:\n", out);
        dd_flags_print(command->flags, out);
    }
    if (command->run) {
        fputs("\nFlags of every command (dondoc --help tells what they mean):\n ", out);
        for (const struct dd_cli_flag *flag = dd_common_flags; flag->name; flag++)
            fprintf(out, " --%s", flag->name);
        fputs("\n", out);
    }
    fprintf(out, "\n%s", exit_help);
}

static const struct dd_cli_command *find(const char *words)
{
    for (const struct dd_cli_command *command = dd_cli_commands; command->words; command++) {
        if (strcmp(command->words, words) == 0)
            return command;
    }
    return NULL;
}

/* True for a common flag that takes the next word as its value. */
static bool takes_next(const char *word)
{
    for (const struct dd_cli_flag *flag = dd_common_flags; flag->name; flag++) {
        if (strncmp(word, "--", 2) == 0 && strcmp(word + 2, flag->name) == 0)
            return flag->value != NULL;
    }
    return false;
}

/* Moves the word at `from` to the front place `to`; what stood between follows it. */
static void move_word(char **argv, int from, int to)
{
    char *word = argv[from];
    memmove(&argv[to + 1], &argv[to], (size_t)(from - to) * sizeof *argv);
    argv[to] = word;
}

/* The place of the first word behind `at` that is no common flag; argc if there is none. */
static int next_word(int argc, char **argv, int at)
{
    while (at < argc && argv[at][0] == '-' && argv[at][1])
        at += takes_next(argv[at]) ? 2 : 1;
    return at < argc ? at : argc;
}

/* True for the first word of commands of two. */
static bool is_section(const char *word)
{
    size_t size = strlen(word);
    for (const struct dd_cli_command *command = dd_cli_commands; command->words; command++) {
        if (strncmp(command->words, word, size) == 0 && command->words[size] == ' ')
            return true;
    }
    return false;
}

/* both: the first two words. */
static enum dd_exit unknown_command(const char *word, const char *both, FILE *err)
{
    const char *names[COMMANDS_MAX];
    size_t count = 0;
    for (const struct dd_cli_command *command = dd_cli_commands; command->words; command++)
        names[count++] = command->words;
    const char *near = dd_nearest(both, names, count);
    if (!near)
        near = dd_nearest(word, names, count);
    fprintf(err, "dondoc: there is no command %s", is_section(word) ? both : word);
    if (near)
        fprintf(err, "; did you mean dondoc %s?", near);
    fputs("\n(dondoc --help lists all commands)\n", err);
    return DD_EXIT_USAGE;
}

/* Finds the command and brings its words to argv[1..]; *words counts them. NULL: there is none,
 * *result says what became of it. */
static const struct dd_cli_command *choose(int argc, char **argv, FILE *out, FILE *err, int *words,
                                           enum dd_exit *result)
{
    char both[WORDS_BYTES];
    int first = next_word(argc, argv, 1);
    if (first == argc || strcmp(argv[first], "help") == 0) {
        bool asked = argc == 1 || first < argc;
        for (int i = 1; i < argc; i++)
            asked = asked || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
        if (asked)
            print_help(out);
        else
            fputs("dondoc: no command is given\n(dondoc --help lists all commands)\n", err);
        *result = asked ? DD_EXIT_OK : DD_EXIT_USAGE;
        return NULL;
    }
    move_word(argv, first, 1);
    int second = next_word(argc, argv, 2);
    snprintf(both, sizeof both, "%.30s%s%.30s", argv[1], second < argc ? " " : "",
             second < argc ? argv[second] : "");
    const struct dd_cli_command *command = second < argc ? find(both) : NULL;
    *words = 2;
    if (command) {
        move_word(argv, second, 2);
        return command;
    }
    *words = 1;
    command = find(argv[1]);
    if (!command)
        *result = unknown_command(argv[1], both, err);
    return command;
}

static enum dd_exit run(struct dd_cli *cli, const struct dd_cli_command *command)
{
    if (cli->args.operand_count < command->operands_min ||
        cli->args.operand_count > command->operands_max) {
        fprintf(cli->err, "dondoc: usage: dondoc %s %s\n(dondoc %s --help tells more)\n",
                command->words, command->operands, command->words);
        return DD_EXIT_USAGE;
    }
    enum dd_exit result = dd_cli_settle(cli);
    return result == DD_EXIT_OK ? command->run(cli) : result;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

enum dd_exit dd_cli_main(int argc, char **argv, FILE *out, FILE *err)
{
    struct dd_cli *cli = NULL;
    int words = 0;
    enum dd_exit result = DD_EXIT_OK;
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        argv[1] += 2; /* the command of that name */
    const struct dd_cli_command *command = choose(argc, argv, out, err, &words, &result);
    if (!command)
        return result;
    if (asks_for_help(argc, argv)) {
        print_command_help(command, out);
        return DD_EXIT_OK;
    }
    if (!command->run) /* it parses its own words */
        return (enum dd_exit)dd_rehearse_main(argc - words, argv + words);
    cli = calloc(1, sizeof *cli);
    if (!cli) {
        fputs("dondoc: out of memory\n", err);
        return DD_EXIT_FAILED;
    }
    cli->out = out;
    cli->err = err;
    cli->arena = dd_arena_make(ARENA_BYTES);
    cli->answers = dd_arena_make(ARENA_BYTES);
    result = dd_args_parse(&cli->args, command->flags, argc - words, argv + words, err)
                 ? run(cli, command)
                 : DD_EXIT_USAGE;
    dd_client_close(cli->client);
    dd_config_close(cli->config);
    dd_arena_free(&cli->answers);
    dd_arena_free(&cli->arena);
    free(cli);
    return result;
}
