/*
 * A data folder read without its server: the lock is taken first, so that nobody serves it
 * meanwhile.
 */
#ifndef DD_CLIENTS_CLI_DATA_H
#define DD_CLIENTS_CLI_DATA_H

#include "clients/cli/cli.h"
#include "runtime/lock.h"
#include "storage/journal.h"

struct dd_cli_data {
    struct dd_lock lock;
    struct dd_journal_reader journal;
};

/* Takes the lock and opens the journal to read. OK, or an exit status with its message written;
 * *out then holds nothing. */
enum dd_exit dd_cli_data_open(struct dd_cli *cli, const char *dir, struct dd_cli_data *out);
void dd_cli_data_close(struct dd_cli_data *data);

/* The lock alone. */
enum dd_exit dd_cli_data_lock(struct dd_cli *cli, const char *dir, struct dd_lock *lock);

/* Says that entry `seq` could not be read or applied, naming the one that is damaged. */
enum dd_exit dd_cli_data_broken(struct dd_cli *cli, struct dd_cli_data *data, uint64_t seq,
                                enum dd_status status);

#endif
