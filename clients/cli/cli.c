/* The table of commands, its help, and how a command line finds its row. See clients/cli/cli.h. */
#include "clients/cli/cli.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_act.h"
#include "clients/cli/cli_calendar.h"
#include "clients/cli/cli_link.h"
#include "clients/cli/cli_rulebook.h"
#include "clients/cli/cli_score.h"
#include "clients/cli/rehearse.h"
#include "clients/lib/dondoc.h"
#include "runtime/config.h"

enum { ARENA_BYTES = 512 * 1024 * 1024, COMMANDS_MAX = 96, WORDS_BYTES = 64 };

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
static const struct dd_cli_flag check_flags[] = {{"strict", NULL, "a warning counts as a fault"},
                                                 FLAGS_END};
static const struct dd_cli_flag units_flags[] = {
    {"groups", "CODE=NAME,|FILE ...", "the table's groups in order, or a FILE.csv with code,name"},
    {"root", "CODE", "parent of the units whose parent is empty"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag account_flags[] = {
    {"pub", "FILE.pub", "the account's public keys"},
    {"office", "ROLE[@UNIT][:FROM..TO] ...",
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
static const struct dd_cli_flag submit_flags[] = {
    {"stage", "KEY", "hands in what this stage asks for instead of the registration"},
    {"report", "PERIOD|CODE", "hands in this report: its period (2014-01) or its code"},
    {"figure", "KEY=NUMBER ...",
     "a figure, KEY~=NUMBER for an estimate; may be given several times"},
    {"figures", "FILE.csv", "figures: figure,value,estimate (yes, no or empty)"},
    {"attach", "[PART=]FILE ...", "a file, as this part of the form; may be given several times"},
    {"note", "TEXT", "a remark"},
    {"reason", "TEXT", "why it is adjusted, or late where that is asked"},
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
    {"on", "DATE", "the day claimed (default today, by the server's clock)"},
    {"note", "TEXT", "a remark"},
    {"corrects", "SEQ", "the entry that it corrects, with"},
    {"reason", "TEXT", "why"},
    DRY_RUN,
    FLAGS_END};
static const struct dd_cli_flag dossier_flags[] = {{"version", "N", "the items of this version"},
                                                   FLAGS_END};
static const struct dd_cli_flag table_flags[] = {
    {"period", "CODE", "a period of the cycle"},
    {"as-of", "DATE", "as it stood at the end of that day (default now)"},
    {"csv", NULL, "the form of summary.csv"},
    {"deep", NULL, "beside each party the sums of the cycles that it hosts itself"},
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
    {"programme check", "FILE.yaml ...", 1, UNBOUNDED, false, check_flags,
     "lists every fault of programmes, and warns of what has gone wrong elsewhere",
     "dondoc programme check programmes/*.yaml\n", dd_cli_programme_check},
    {"cycle open", "FILE.yaml", 1, 1, true, cycle_flags, "opens a cycle",
     "dondoc cycle open cycle-2026.yaml --parties units.csv\n", dd_cli_cycle_open},
    {"cycle list", "", 0, 0, false, NULL, "lists the cycles", "dondoc cycle list\n",
     dd_cli_cycle_list},
    {"cycle show", "CYCLE", 1, 1, false, NULL, "shows a cycle",
     "dondoc cycle show key-tasks/2026\n", dd_cli_cycle_show},
    {"cycle close", "CYCLE", 1, 1, true, reason_flags, "closes a cycle for good",
     "dondoc cycle close key-tasks/2026 --reason 'Hết năm 2026'\n", dd_cli_cycle_close},
    {"register", "CYCLE UNIT", 2, 2, true, dd_cli_register_flags,
     "writes a task of the unit's draft",
     "dondoc register key-tasks/2026 so-noi-vu --task 1 --kind own --file task1.csv\n"
     "dondoc register key-tasks/2026 so-noi-vu --task 2 --kind own --indicator 1 "
     "--title 'Sửa đổi quy chế' --due 2026-06-20\n",
     dd_cli_register},
    {"submit", "CYCLE [UNIT]", 1, 2, true, submit_flags,
     "hands in the registration, or a report; by default your own unit's",
     "dondoc submit key-tasks/2026 so-noi-vu\n"
     "dondoc submit key-tasks/2026 so-noi-vu --report H1\n"
     "dondoc submit reports/2026 --stage monthly --report 2026-01 --figure tasks=10 "
     "--figure done~=8 --attach report=baocao.pdf --capacity kt\n",
     dd_cli_submit},
    {"withdraw", "CYCLE UNIT", 2, 2, true, withdraw_flags, "takes back what nobody has decided on",
     "", dd_cli_withdraw},
    {"decide", "CYCLE UNIT", 2, 2, true, decide_flags, "agrees to a version, or returns it",
     "dondoc decide key-tasks/2026 so-y-te --version 1 --agree\n"
     "dondoc decide key-tasks/2026 so-y-te --version 1 --return --reason 'Chỉ tiêu 2.1 chưa rõ'\n",
     dd_cli_decide},
    {"progress", "CYCLE [UNIT] TASK.INDICATOR|MATTER OUTCOME", 3, 4, true, progress_flags,
     "reports an outcome: open, completed, exceeded, not_completed or unattainable",
     "dondoc progress key-tasks/2026 so-noi-vu 1.2 completed --on 2026-06-14\n"
     "dondoc progress directives/2026 so-y-te 7 not_completed --note 'Chờ hướng dẫn của Bộ'\n",
     dd_cli_progress},
    {"matter open", "CYCLE KIND | CYCLE --file FILE.csv", 1, 2, true, dd_cli_matter_open_flags,
     "opens a matter: a task, a scheme, a question to units, a vote, a meeting; or many",
     "dondoc matter open consultations/2026 consultation --title 'Dự thảo quy chế' "
     "--to so-tai-chinh,so-noi-vu --due 'by 2026-03-14'\n"
     "dondoc matter open meetings/2026 meeting --title 'Họp giao ban' --to-all "
     "--at 2026-03-20T08:00+07:00\n"
     "dondoc matter open directives/2026 --as ubnd --notice 15/TB-UBND --file tasks.csv\n",
     dd_cli_matter_open},
    {"matter answer", "CYCLE N [UNIT]", 2, 3, true, dd_cli_matter_answer_flags,
     "answers a matter for a unit; by default your own",
     "dondoc matter answer consultations/2026 7 --choice agree --note 'Nhất trí'\n"
     "dondoc matter answer quota-call/2026 2 so-y-te --figure posts=3 --capacity kt\n",
     dd_cli_matter_answer},
    {"matter decide", "CYCLE N", 2, 2, true, dd_cli_matter_decide_flags,
     "agrees to a matter that waits for a decision, in principle or whole, or returns it",
     "dondoc matter decide schemes/2026 4 --in-principle\n"
     "dondoc matter decide schemes/2026 4 --return --reason 'Chưa có dự toán'\n",
     dd_cli_matter_decide},
    {"duty extend", "CYCLE UNIT DUTY", 3, 3, true, dd_cli_duty_extend_flags,
     "gives a duty more time, before its bound",
     "dondoc duty extend reports/2026 so-y-te monthly/2026-03 --to 2026-03-30 "
     "--reason 'Chờ số liệu của tuyến huyện'\n",
     dd_cli_duty_extend},
    {"duty suspend", "CYCLE UNIT DUTY", 3, 3, true, dd_cli_duty_bend_flags,
     "stops a duty's time; what is left of it stays",
     "dondoc duty suspend directives/2026 so-y-te task/7 --reason 'Chờ ý kiến của Bộ'\n",
     dd_cli_duty_suspend},
    {"duty resume", "CYCLE UNIT DUTY", 3, 3, true, dd_cli_duty_bend_flags,
     "lets a suspended duty's time run on",
     "dondoc duty resume directives/2026 so-y-te task/7 --reason 'Bộ đã trả lời'\n",
     dd_cli_duty_resume},
    {"duty waive", "CYCLE UNIT DUTY", 3, 3, true, dd_cli_duty_bend_flags,
     "lets a unit off an open duty",
     "dondoc duty waive reports/2026 so-y-te weekly/2026-W05 --reason 'Trùng báo cáo tháng'\n",
     dd_cli_duty_waive},
    {"delegate", "UNIT", 1, 1, true, dd_cli_delegate_flags,
     "gives a deputy or an officer the right to sign for the head for a time",
     "dondoc delegate so-noi-vu --to so-noi-vu.pgd --from 2026-03-01 --until 2026-03-31 "
     "--stages monthly\n",
     dd_cli_delegate},
    {"delegate end", "UNIT N", 2, 2, true, dd_cli_delegate_end_flags, "ends a delegation today",
     "dondoc delegate end so-noi-vu 1\n", dd_cli_delegate_end},
    {"unit transfer", "CYCLE UNIT SUCCESSOR", 3, 3, true, dd_cli_transfer_flags,
     "passes the duties of a unit that is no more to its successor",
     "dondoc unit transfer reports/2026 so-cu so-moi --reason 'Hợp nhất theo Nghị quyết 12'\n",
     dd_cli_transfer},
    {"publication issue", "UNIT NUMBER", 2, 2, true, dd_cli_publication_issue_flags,
     "issues a file, or the official table, under a number; it never changes",
     "dondoc publication issue so-noi-vu 12/BC-SNV --table --cycle key-tasks/2026 --period H1 "
     "--as-of 2026-06-30 --out table.csv --title 'Kết quả 6 tháng' --date 2026-07-05\n"
     "dondoc publication issue so-noi-vu 14/BC-SNV --kind ranking --file ranking.pdf "
     "--title 'Xếp hạng' --date 2026-07-09 --corrects 12/BC-SNV --reason 'Sót một đơn vị'\n",
     dd_cli_publication_issue},
    {"dossier", "CYCLE UNIT", 2, 2, false, dossier_flags, "shows a unit's file in a cycle",
     "dondoc dossier key-tasks/2026 so-noi-vu --version 1\n", dd_cli_dossier},
    {"dossier review", "[CYCLE] UNIT", 1, 2, false, dd_cli_dossier_review_flags,
     "what an appraiser should look at in a registration: targets without a number, late or easy",
     "dondoc dossier review so-noi-vu\n"
     "dondoc dossier review key-tasks/2026 so-noi-vu --last key-tasks/2025\n",
     dd_cli_dossier_review},
    {"matter list", "CYCLE", 1, 1, false, dd_cli_matter_list_flags,
     "what was opened in a cycle, and how each stands",
     "dondoc matter list ballots/2026\n"
     "dondoc matter list directives/2026 --unit so-y-te --kind directive\n",
     dd_cli_matter_list},
    {"matter show", "CYCLE N", 2, 2, false, NULL, "a matter: who answered what, and who was silent",
     "dondoc matter show ballots/2026 3\n", dd_cli_matter_show},
    {"duties", "CYCLE", 1, 1, false, dd_cli_duty_list_flags, "who owes what, and how it stands",
     "dondoc duties key-tasks/2026 --unit so-noi-vu\n", dd_cli_duty_list},
    {"duty list", "CYCLE", 1, 1, false, dd_cli_duty_list_flags, "the same as duties",
     "dondoc duty list reports/2026 --unit so-noi-vu\n", dd_cli_duty_list},
    {"duty count", "CYCLE", 1, 1, false, dd_cli_duty_count_flags,
     "how many duties ended how, by stage; together they are all that were expected",
     "dondoc duty count reports/2026 --as-of 2026-03-31\n", dd_cli_duty_count},
    {"duty calendar", "FILE.yaml", 1, 1, false, dd_cli_duty_calendar_flags,
     "every duty of a programme's file whose bound lies in a year, without a server",
     "dondoc duty calendar programmes/reports.yaml --year 2014\n"
     "dondoc duty calendar programmes/reports.yaml --year 2014 --csv\n",
     dd_cli_duty_calendar},
    {"table", "CYCLE", 1, 1, false, table_flags, "the official table",
     "dondoc table key-tasks/2026 --period H1 --as-of 2026-06-30\n"
     "dondoc table key-tasks/2026 --period H1 --deep\n",
     dd_cli_table},
    {"figures", "CYCLE STAGE [PERIOD]", 2, 3, false, dd_cli_figures_flags,
     "what was reported: units by figures, with their sums",
     "dondoc figures reports/2026 monthly 2026-01\n"
     "dondoc figures staff-reduction/2026 result 2026 --csv\n",
     dd_cli_figures},
    {"score show", "", 0, 0, false, dd_cli_score_show_flags,
     "points, classes and ranks of a cycle's parties under a rule set",
     "dondoc score show --rules scores/decree-90-2020.yaml --cycle key-tasks/2026 --period H1\n",
     dd_cli_score_show},
    {"score compare", "", 0, 0, false, dd_cli_score_compare_flags,
     "the same log under two rule sets: who changes class and why",
     "dondoc score compare --rules scores/decree-90-2020.yaml --rules "
     "scores/decree-335-2025.yaml --cycle key-tasks/2026 --period H1\n",
     dd_cli_score_compare},
    {"score check", "FILE.yaml ...", 1, UNBOUNDED, false, NULL, "lists every fault of rule sets",
     "dondoc score check scores/*.yaml\n", dd_cli_score_check},
    {"publication list", "[UNIT]", 0, 1, false, dd_cli_publication_list_flags,
     "what was issued under a number", "dondoc publication list so-noi-vu --number 12/BC-SNV\n",
     dd_cli_publication_list},
    {"publication check", "UNIT NUMBER FILE", 3, 3, false, NULL,
     "whether a file is what was issued; status 1 if it is not",
     "dondoc publication check so-noi-vu 12/BC-SNV table.csv\n", dd_cli_publication_check},
    {"delegate list", "[UNIT]", 0, 1, false, NULL, "who may sign for whom, and until when",
     "dondoc delegate list so-noi-vu\n", dd_cli_delegate_list},
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

static enum dd_exit perform(const struct dd_cli_host *host, const struct dd_cli_command *command,
                            int argc, char **argv, FILE *out, FILE *err)
{
    struct dd_cli *cli = calloc(1, sizeof *cli);
    if (!cli) {
        fputs("dondoc: out of memory\n", err);
        return DD_EXIT_FAILED;
    }
    cli->host = host;
    cli->client = host ? host->client : NULL;
    cli->out = out;
    cli->err = err;
    cli->arena = dd_arena_make(ARENA_BYTES);
    cli->answers = dd_arena_make(ARENA_BYTES);
    enum dd_exit result = dd_args_parse(&cli->args, command->flags, argc, argv, err)
                              ? run(cli, command)
                              : DD_EXIT_USAGE;
    if (!host)
        dd_client_close(cli->client);
    dd_config_close(cli->config);
    dd_arena_free(&cli->answers);
    dd_arena_free(&cli->arena);
    free(cli);
    return result;
}

/* The command that a host's words mean; NULL, with *result and a message, if there is none or it is
 * none for a host. */
static const struct dd_cli_command *choose_played(int argc, char **argv, FILE *err, int *words,
                                                  enum dd_exit *result)
{
    static const char *const apart[] = {
        "init",        "keys new",      "keys show",    "programme check", "duty calendar",
        "score check", "clock advance", "audit replay", "rehearse",        "version"};
    const struct dd_cli_command *command = choose(argc, argv, err, err, words, result);
    for (size_t i = 0; command && i < sizeof apart / sizeof *apart; i++) {
        if (strcmp(command->words, apart[i]) == 0) {
            fprintf(err, "dondoc: %s is no act towards the server\n", command->words);
            command = NULL;
        }
    }
    if (!command)
        *result = DD_EXIT_USAGE;
    return command;
}

enum dd_exit dd_cli_plays(int argc, char **argv, FILE *err)
{
    int words = 0;
    enum dd_exit result = DD_EXIT_OK;
    (void)choose_played(argc, argv, err, &words, &result);
    return result;
}

enum dd_exit dd_cli_play(const struct dd_cli_host *host, int argc, char **argv, FILE *out,
                         FILE *err)
{
    int words = 0;
    enum dd_exit result = DD_EXIT_OK;
    const struct dd_cli_command *command = choose_played(argc, argv, err, &words, &result);
    return command ? perform(host, command, argc - words, argv + words, out, err) : result;
}

enum dd_exit dd_cli_main(int argc, char **argv, FILE *out, FILE *err)
{
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
    return perform(NULL, command, argc - words, argv + words, out, err);
}
