/*
 * The commands of the rulebook that act: what is handed in with figures and files, matters, time
 * bent, delegations, publications. What several of them take from flags and files is gathered here,
 * too. Questions alone stand in cli_rulebook.h.
 */
#ifndef DD_CLIENTS_CLI_ACT_H
#define DD_CLIENTS_CLI_ACT_H

#include "clients/cli/cli.h"

/* The flags of whatever sends a command. */
#define DD_CLI_DRY_RUN \
    {"dry-run", NULL, "check, print the command as JSON, send nothing"}, \
    { \
        "id", "UUID", "the command's id, to send again what got no answer" \
    }
#define DD_CLI_FLAGS_END \
    { \
        NULL, NULL, NULL \
    }

/* Functions of the table of commands, and their flags, by file. */
extern const struct dd_cli_flag dd_cli_register_flags[];    /* cli_register.c */
extern const struct dd_cli_flag dd_cli_matter_open_flags[]; /* cli_matter_open.c */
enum dd_exit dd_cli_matter_open(struct dd_cli *cli);
extern const struct dd_cli_flag dd_cli_matter_answer_flags[]; /* cli_matter.c */
extern const struct dd_cli_flag dd_cli_matter_decide_flags[];
enum dd_exit dd_cli_matter_answer(struct dd_cli *cli);
enum dd_exit dd_cli_matter_decide(struct dd_cli *cli);
extern const struct dd_cli_flag dd_cli_duty_extend_flags[]; /* cli_duty.c */
extern const struct dd_cli_flag dd_cli_duty_bend_flags[];
enum dd_exit dd_cli_duty_extend(struct dd_cli *cli);
enum dd_exit dd_cli_duty_suspend(struct dd_cli *cli);
enum dd_exit dd_cli_duty_resume(struct dd_cli *cli);
enum dd_exit dd_cli_duty_waive(struct dd_cli *cli);
extern const struct dd_cli_flag dd_cli_transfer_flags[];
enum dd_exit dd_cli_transfer(struct dd_cli *cli);
extern const struct dd_cli_flag dd_cli_delegate_flags[]; /* cli_delegate.c */
extern const struct dd_cli_flag dd_cli_delegate_end_flags[];
enum dd_exit dd_cli_delegate(struct dd_cli *cli);
enum dd_exit dd_cli_delegate_end(struct dd_cli *cli);
extern const struct dd_cli_flag dd_cli_publication_issue_flags[]; /* cli_publication.c */
enum dd_exit dd_cli_publication_issue(struct dd_cli *cli);

/* --- what several of them take (cli_act.c); texts and arrays lie in cli->arena or argv --- */

/* Of --capacity, else the head's. False, with a message, for anything else. */
bool dd_cli_capacity(struct dd_cli *cli, enum dd_capacity *out);

/* All of --figure KEY=NUMBER, KEY~=NUMBER for an estimate, and of --figures FILE.csv behind them.
 * OK, or an exit status with its messages written. */
enum dd_exit dd_cli_figure_values(struct dd_cli *cli, struct dd_figure_value **figures,
                                  size_t *count);

/* All of --attach [PART=]FILE: reads each file for its size and hash. OK, or an exit status with
 * its message written. */
enum dd_exit dd_cli_attachments(struct dd_cli *cli, struct dd_attachment **files, size_t *count);

/* What is said of a file without keeping it: hash, size, media type by its name's end, and name.
 * OK, or an exit status with its message written. */
enum dd_exit dd_cli_file_facts(struct dd_cli *cli, const char *path, struct dd_attachment *out);

/* A list split at every one of the separators, nothing between two of them left out. OK, or an exit
 * status with its message written. */
enum dd_exit dd_cli_split(struct dd_cli *cli, const char *list, const char *separators,
                          struct dd_slice **codes, size_t *count);

/* The unit in whose name the account acts: the only one of whose own people it is (head, deputy,
 * officer), or else the only one in which it holds another office. Asks the server. OK, or an exit
 * status with its message written (none, several; --dry-run). */
enum dd_exit dd_cli_own_unit(struct dd_cli *cli, struct dd_slice *out);

/* Operand `index`, or the account's own unit where the command line ends before it. */
enum dd_exit dd_cli_unit_at(struct dd_cli *cli, size_t index, struct dd_slice *out);

#endif
