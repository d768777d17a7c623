/*
 * The command line: one table of commands, help, "did you mean", exit codes. What a command does
 * stands in clients/cli/cli_*.c, one file for each of the table's sections.
 */
#ifndef DD_CLIENTS_CLI_CLI_H
#define DD_CLIENTS_CLI_CLI_H

#include <stdio.h>

#include "clients/cli/cli_args.h"
#include "clients/cli/sentence.h"
#include "core/arena.h"
#include "core/command.h"
#include "core/question.h"
#include "ledger/data.h"

/* What the program says to its caller. */
enum dd_exit {
    DD_EXIT_OK = 0,
    DD_EXIT_FAILED = 1, /* it failed, or was refused by a rule: sending it again changes nothing */
    DD_EXIT_USAGE = 2,  /* the command line is wrong */
    DD_EXIT_RETRY = 3,  /* not reachable, busy, or the outcome is unknown: try again */
    DD_EXIT_KEY = 4     /* the key is not accepted */
};

struct dd_client;
struct dd_config;

/* Who runs a command line that is not the world's: a rehearsal with its own link. All borrowed. */
struct dd_cli_host {
    struct dd_client *client;
    enum dd_language language;
    int offset_min;
    int64_t now_ms;             /* its clock */
    struct dd_refusal *refusal; /* takes the first refusal, if its status is DD_OK before */
};

/* One run of the program. */
struct dd_cli {
    const struct dd_cli_host *host; /* NULL: run by somebody in the world */
    struct dd_args args;
    FILE *out; /* results */
    FILE *err; /* messages */
    enum dd_language language;
    int offset_min;
    bool json;
    bool dry_run;
    bool id_used;                 /* --id stands for one command */
    struct dd_arena arena;        /* of the run */
    struct dd_arena answers;      /* of what the server said */
    struct dd_client *client;     /* opened when first needed */
    char endpoint[DD_PATH_BYTES]; /* where it connects to */
    struct dd_config *config;
    uint8_t after[DD_KEY_BYTES_MAX]; /* where the next page goes on */
    char setting[8][DD_PATH_BYTES];  /* what was read for --data and the like */
};

/* A command: its words, what stands behind them, and what it does. */
struct dd_cli_command {
    const char *words; /* "unit put" */
    const char *operands;
    size_t operands_min;
    size_t operands_max;
    bool changes; /* it takes --dry-run */
    const struct dd_cli_flag *flags;
    const char *help;     /* one line */
    const char *examples; /* lines, "" for none */
    enum dd_exit (*run)(struct dd_cli *cli);
};

/* The table, in the help's order; ends with words NULL. */
extern const struct dd_cli_command dd_cli_commands[];

/* Runs the program; the exit status. */
enum dd_exit dd_cli_main(int argc, char **argv, FILE *out, FILE *err);

/* As dd_cli_main, but through the host's link: no setting of the environment or of a file counts.
 * Commands that do not talk to the server, or move the clock, are wrong here. argv is reordered. */
enum dd_exit dd_cli_play(const struct dd_cli_host *host, int argc, char **argv, FILE *out,
                         FILE *err);

/* OK if dd_cli_play would know the command; else USAGE, with a message. argv is reordered. */
enum dd_exit dd_cli_plays(int argc, char **argv, FILE *err);

/* The functions of the table, by file. */
enum dd_exit dd_cli_init(struct dd_cli *cli); /* cli_organisation.c */
enum dd_exit dd_cli_keys_new(struct dd_cli *cli);
enum dd_exit dd_cli_keys_show(struct dd_cli *cli);
enum dd_exit dd_cli_account_put(struct dd_cli *cli);
enum dd_exit dd_cli_account_revoke(struct dd_cli *cli);
enum dd_exit dd_cli_calendar_put(struct dd_cli *cli);
enum dd_exit dd_cli_unit_put(struct dd_cli *cli); /* cli_units.c */
enum dd_exit dd_cli_unit_list(struct dd_cli *cli);
enum dd_exit dd_cli_programme_put(struct dd_cli *cli); /* cli_programme.c */
enum dd_exit dd_cli_programme_check(struct dd_cli *cli);
enum dd_exit dd_cli_cycle_open(struct dd_cli *cli); /* cli_cycle.c */
enum dd_exit dd_cli_cycle_show(struct dd_cli *cli);
enum dd_exit dd_cli_cycle_close(struct dd_cli *cli);
enum dd_exit dd_cli_register(struct dd_cli *cli); /* cli_register.c */
enum dd_exit dd_cli_submit(struct dd_cli *cli);   /* cli_work.c */
enum dd_exit dd_cli_withdraw(struct dd_cli *cli);
enum dd_exit dd_cli_decide(struct dd_cli *cli);
enum dd_exit dd_cli_progress(struct dd_cli *cli);
enum dd_exit dd_cli_dossier(struct dd_cli *cli); /* cli_ask.c */
enum dd_exit dd_cli_reminders(struct dd_cli *cli);
enum dd_exit dd_cli_hello(struct dd_cli *cli);
enum dd_exit dd_cli_clock_advance(struct dd_cli *cli);
enum dd_exit dd_cli_table(struct dd_cli *cli);  /* cli_table.c */
enum dd_exit dd_cli_log(struct dd_cli *cli);    /* cli_log.c */
enum dd_exit dd_cli_digest(struct dd_cli *cli); /* cli_audit.c */
enum dd_exit dd_cli_audit_replay(struct dd_cli *cli);

#endif
