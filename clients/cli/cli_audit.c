/* The auditor's commands: the digest of a state, and its rebuilding from the journal alone. See
 * clients/cli/cli.h. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/cli/cli_data.h"
#include "clients/cli/cli_link.h"
#include "ledger/replay.h"
#include "runtime/clock.h"

/* The three lines; neither they nor anything beside them holds another hash. */
static void print_digest(struct dd_cli *cli, uint64_t seq, const uint8_t root[DD_HASH_BYTES],
                         const uint8_t digest[DD_HASH_BYTES])
{
    char root_text[2 * DD_HASH_BYTES + 1];
    char digest_text[2 * DD_HASH_BYTES + 1];
    dd_hex_encode((struct dd_slice){root, DD_HASH_BYTES}, root_text);
    dd_hex_encode((struct dd_slice){digest, DD_HASH_BYTES}, digest_text);
    if (cli->json)
        fprintf(cli->out, "{\"seq\": %" PRIu64 ", \"root\": \"%s\", \"digest\": \"%s\"}\n", seq,
                root_text, digest_text);
    else
        fprintf(cli->out, "seq %" PRIu64 "\nroot %s\ndigest %s\n", seq, root_text, digest_text);
}

/* The digest of the rows in LMDB. */
static enum dd_exit digest_of(struct dd_cli *cli, struct dd_state *state, const char *path)
{
    struct dd_snapshot *snapshot;
    uint8_t root[DD_HASH_BYTES];
    uint8_t digest[DD_HASH_BYTES];
    enum dd_status status = dd_snapshot_open(state, &snapshot);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, path, status);
    const struct dd_cursor *cursor = dd_snapshot_cursor(snapshot);
    uint64_t next_seq = cursor->next_seq;
    dd_merkle_root(&cursor->log, root);
    status = dd_snapshot_digest(snapshot, digest);
    dd_snapshot_close(snapshot);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, path, status);
    if (next_seq == 0)
        return dd_cli_fail(cli, "%s has no entries yet", path);
    print_digest(cli, next_seq - 1, root, digest);
    return DD_EXIT_OK;
}

static enum dd_exit digest_offline(struct dd_cli *cli, const char *dir)
{
    char path[DD_PATH_BYTES];
    struct dd_lock lock;
    struct dd_state *state;
    enum dd_exit result = dd_cli_data_lock(cli, dir, &lock);
    if (result != DD_EXIT_OK)
        return result;
    if (!dd_data_path(dir, "state", path) || access(path, R_OK | X_OK) != 0) {
        result =
            dd_cli_fail(cli, "%s has no state yet; it is made when dondocd first serves it", dir);
    } else {
        enum dd_status status = dd_state_open(path, 0, &state);
        result =
            status == DD_OK ? digest_of(cli, state, path) : dd_cli_failed_with(cli, path, status);
        if (status == DD_OK)
            dd_state_close(state);
    }
    dd_lock_release(&lock);
    return result;
}

enum dd_exit dd_cli_digest(struct dd_cli *cli)
{
    struct dd_question question = {.kind = DD_QUESTION_DIGEST};
    const char *dir = dd_args_value(&cli->args, "data");
    struct dd_answer answer;
    if (dir)
        return digest_offline(cli, dir);
    enum dd_exit result = dd_cli_ask(cli, &question, &answer);
    if (result == DD_EXIT_OK)
        print_digest(cli, answer.seq, answer.as.digest.root, answer.as.digest.digest);
    return result;
}

static void progress_at(void *self, uint64_t seq)
{
    struct dd_cli *cli = self;
    fprintf(cli->err, "\rreplaying: entry %" PRIu64, seq);
    fflush(cli->err);
}

/* Makes the folder; it may be there if it is empty, which rmdir alone tells without a race. */
static enum dd_exit make_folder(struct dd_cli *cli, const char *dir)
{
    if (mkdir(dir, 0700) == 0)
        return DD_EXIT_OK;
    if (errno != EEXIST)
        return dd_cli_fail(cli, "%s: %s", dir, strerror(errno));
    if (rmdir(dir) != 0)
        return dd_cli_fail(cli, "%s is not an empty folder; name one that is not there", dir);
    return mkdir(dir, 0700) == 0 ? DD_EXIT_OK : dd_cli_fail(cli, "%s: %s", dir, strerror(errno));
}

static enum dd_exit replay_into(struct dd_cli *cli, struct dd_cli_data *data,
                                struct dd_state *state, uint64_t until)
{
    struct dd_replay_progress progress = {cli, progress_at};
    bool terminal = isatty(fileno(cli->err)) == 1;
    struct dd_replay *replay;
    int64_t started_us = dd_clock_mono_us();
    enum dd_status status = dd_replay_open(state, &replay);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, "replay", status);
    status = dd_replay_journal(replay, &data->journal, until == UINT64_MAX ? until : until + 1,
                               terminal ? &progress : NULL);
    uint64_t next_seq = dd_replay_cursor(replay)->next_seq;
    if (terminal)
        fputs("\r\033[K", cli->err);
    bool ended = status == DD_NOT_FOUND && until == UINT64_MAX && next_seq > 0;
    if (ended)
        status = dd_replay_flush(replay);
    dd_replay_close(replay);
    int64_t took_us = dd_clock_mono_us() - started_us;
    if (status == DD_NOT_FOUND && next_seq == 0)
        return dd_cli_fail(cli, "the journal has no whole entry, not even the first");
    if (status == DD_NOT_FOUND)
        return dd_cli_fail(cli, "the journal ends before: it has %" PRIu64 " entries", next_seq);
    if (status == DD_CORRUPT || status == DD_FORMAT)
        return dd_cli_data_broken(cli, data, next_seq, status);
    if (status != DD_OK)
        return dd_cli_failed_with(cli, "replay", status);
    fprintf(cli->json ? cli->err : cli->out, "entries %" PRIu64 "\nentries/s %" PRIu64 "\n",
            next_seq, next_seq * 1000000 / (uint64_t)(took_us > 0 ? took_us : 1));
    return DD_EXIT_OK;
}

enum dd_exit dd_cli_audit_replay(struct dd_cli *cli)
{
    const char *dir = dd_args_value(&cli->args, "data");
    const char *into = dd_args_value(&cli->args, "into");
    char path[DD_PATH_BYTES];
    struct dd_cli_data data;
    struct dd_state *state;
    uint64_t until;
    if (!dir || !into)
        return dd_cli_misuse(cli, "--data DATA and --into DIR are needed");
    if (!dd_cli_whole(cli, "until", 0, INT64_MAX, UINT64_MAX, &until))
        return DD_EXIT_USAGE;
    if (!dd_data_path(into, "state", path))
        return dd_cli_failed_with(cli, into, DD_TOO_LARGE);
    enum dd_exit result = dd_cli_data_open(cli, dir, &data);
    if (result != DD_EXIT_OK)
        return result;
    result = make_folder(cli, into);
    enum dd_status status = result == DD_EXIT_OK ? dd_state_open(path, 0, &state) : DD_OK;
    if (status != DD_OK)
        result = dd_cli_failed_with(cli, path, status);
    if (result == DD_EXIT_OK) {
        result = replay_into(cli, &data, state, until);
        if (result == DD_EXIT_OK)
            result = digest_of(cli, state, path);
        dd_state_close(state);
    }
    dd_cli_data_close(&data);
    return result;
}
