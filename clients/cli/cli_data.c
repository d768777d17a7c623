/* A data folder read without its server. See clients/cli/cli_data.h. */
#include "clients/cli/cli_data.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "clients/cli/cli_link.h"
#include "storage/journal_file.h"

enum dd_exit dd_cli_data_lock(struct dd_cli *cli, const char *dir, struct dd_lock *lock)
{
    int64_t holder = 0;
    if (access(dir, F_OK) != 0)
        return dd_cli_failed_with(cli, dir, DD_NOT_FOUND);
    if (access(dir, W_OK) != 0)
        return dd_cli_fail(cli, "%s: cannot be locked: %s", dir, strerror(errno));
    enum dd_status status = dd_lock_take(dir, lock, &holder);
    if (status == DD_OK)
        return DD_EXIT_OK;
    if (status != DD_LOCKED)
        return dd_cli_failed_with(cli, dir, status);
    return dd_cli_fail(cli,
                       "%s is being served by process %" PRId64 "; stop it first, or ask it "
                       "(without --data: with --server, or with DONDOC_DATA=%s in the environment)",
                       dir, holder, dir);
}

enum dd_exit dd_cli_data_open(struct dd_cli *cli, const char *dir, struct dd_cli_data *out)
{
    char path[DD_PATH_BYTES];
    memset(out, 0, sizeof *out);
    enum dd_exit result = dd_cli_data_lock(cli, dir, &out->lock);
    if (result != DD_EXIT_OK)
        return result;
    enum dd_status status = dd_data_path(dir, "journal", path)
                                ? dd_journal_file_reader_open(path, &out->journal)
                                : DD_TOO_LARGE;
    if (status == DD_OK)
        return DD_EXIT_OK;
    dd_lock_release(&out->lock);
    return dd_cli_failed_with(cli, path, status);
}

void dd_cli_data_close(struct dd_cli_data *data)
{
    dd_journal_reader_close(&data->journal);
    dd_lock_release(&data->lock);
}

enum dd_exit dd_cli_data_broken(struct dd_cli *cli, struct dd_cli_data *data, uint64_t seq,
                                enum dd_status status)
{
    struct dd_slice bytes;
    if (dd_journal_read(&data->journal, seq, &bytes) == DD_CORRUPT)
        seq = dd_journal_reader_fault_seq(&data->journal);
    return dd_cli_fail(cli, "the journal's entry %" PRIu64 " is not as it was written (%s): %s",
                       seq, dd_status_key(status),
                       dd_say(cli->language, dd_status_english(status)));
}
