/*
 * What every command shares: settings, the link to the server, complaints, and what an answer means
 * for the exit status. The only file of the command line that opens a client.
 */
#ifndef DD_CLIENTS_CLI_LINK_H
#define DD_CLIENTS_CLI_LINK_H

#include "clients/cli/cli.h"

/* The exit status that says what the status says. */
enum dd_exit dd_cli_exit(enum dd_status status);

/* Writes "dondoc: TEXT" as a message and gives FAILED, or USAGE. */
__attribute__((format(printf, 2, 3))) enum dd_exit dd_cli_fail(struct dd_cli *cli,
                                                               const char *format, ...);
__attribute__((format(printf, 2, 3))) enum dd_exit dd_cli_misuse(struct dd_cli *cli,
                                                                 const char *format, ...);

/* Writes the sentence of a refusal, or of a bare status about `what`, and gives its exit status. */
enum dd_exit dd_cli_refused(struct dd_cli *cli, const struct dd_refusal *refusal);
enum dd_exit dd_cli_failed_with(struct dd_cli *cli, const char *what, enum dd_status status);

/* A setting by the flag's name: the flag, DONDOC_NAME in the environment, section [client] of the
 * configuration file; NULL if none has it. Borrowed. */
const char *dd_cli_setting(struct dd_cli *cli, const char *name);

/* The present instant: the host's clock where there is one, or else the server's at its last reply,
 * or else, before the first, this machine's. */
int64_t dd_cli_now(const struct dd_cli *cli);

/* Reads the language, the offset and the configuration file. OK or USAGE or FAILED. */
enum dd_exit dd_cli_settle(struct dd_cli *cli);

/* Opens cli->client if it is not open. OK, or an exit status with its message written. */
enum dd_exit dd_cli_connect(struct dd_cli *cli);

/* True if --data names a folder with a file `endpoint`: something serves it, or did until it
 * crashed. */
bool dd_cli_served(struct dd_cli *cli);

/* Checks the command, and, unless --dry-run is given, sends it and waits for what became of it.
 * Says so on cli->out: "WHAT: accepted (seq N)", or JSON; --dry-run prints the command as JSON. A
 * refusal goes to cli->err. */
enum dd_exit dd_cli_do(struct dd_cli *cli, struct dd_command *command, const char *what);

/* Asks; the answer lies in cli->answers. OK, or an exit status with its message written. */
enum dd_exit dd_cli_ask(struct dd_cli *cli, const struct dd_question *question,
                        struct dd_answer *answer);

/* Makes of the question the one for the page behind the answer, and gives the answer's memory back;
 * false if that was the last. */
bool dd_cli_next_page(struct dd_cli *cli, const struct dd_answer *answer,
                      struct dd_question *question);

/* Operand `index` as a slice, borrowed from the command line. */
struct dd_slice dd_cli_operand(const struct dd_cli *cli, size_t index);

/* The value of a flag as a slice; empty if it was not given. */
struct dd_slice dd_cli_value(const struct dd_cli *cli, const char *name);

/* The flag's date, or `otherwise` if it was not given. False, with a message, if it is no date. */
bool dd_cli_day(struct dd_cli *cli, const char *name, int32_t otherwise, int32_t *out);

/* Likewise an instant, or a date, which stands for its first instant (with `end`: the first of the
 * next day). */
bool dd_cli_instant(struct dd_cli *cli, const char *name, bool end, int64_t otherwise,
                    int64_t *out);

/* Likewise a whole number. */
bool dd_cli_whole(struct dd_cli *cli, const char *name, uint64_t min, uint64_t max,
                  uint64_t otherwise, uint64_t *out);

#endif
