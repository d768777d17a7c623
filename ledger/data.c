/* The data folder, founded. See ledger/data.h. */
#include "ledger/data.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "ledger/ledger.h"
#include "proto/codec.h"
#include "runtime/keys.h"
#include "runtime/random.h"
#include "storage/journal_file.h"

enum { GENESIS_ARENA_BYTES = 1024 * 1024 };

bool dd_data_path(const char *dir, const char *name, char out[DD_PATH_BYTES])
{
    int size = snprintf(out, DD_PATH_BYTES, "%s/%s", dir, name);
    return size > 0 && size < DD_PATH_BYTES;
}

static enum dd_status fail(struct dd_why *why, enum dd_status status, const char *what,
                           const char *path)
{
    snprintf(why->text, sizeof why->text, "%.300s: %.180s", path, what);
    return status;
}

static enum dd_status of_errno(struct dd_why *why, const char *path)
{
    enum dd_status status = errno == ENOSPC || errno == EDQUOT ? DD_NO_SPACE : DD_IO;
    return fail(why, status, strerror(errno), path);
}

/* Makes the folder, or takes one that is empty. */
static enum dd_status take_folder(const char *dir, struct dd_why *why)
{
    if (mkdir(dir, 0700) == 0)
        return DD_OK;
    if (errno != EEXIST)
        return of_errno(why, dir);
    DIR *folder = opendir(dir);
    if (!folder)
        return of_errno(why, dir);
    struct dirent *entry;
    bool empty = true;
    while ((entry = readdir(folder)) != NULL)
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    closedir(folder);
    return empty ? DD_OK
                 : fail(why, DD_EXISTS, "is not empty; name a folder that does not exist", dir);
}

static enum dd_status make_key(const char *dir, const char *name, const char *account,
                               struct dd_key_pair *keys, struct dd_why *why)
{
    char path[DD_PATH_BYTES];
    struct dd_keys_why keys_why;
    if (!dd_data_path(dir, name, path))
        return fail(why, DD_INVALID, "the path is too long", dir);
    dd_keys_generate(keys);
    enum dd_status status = dd_keys_set_meta(keys, "account", account);
    if (status == DD_OK)
        status = dd_keys_save(keys, path, &keys_why);
    if (status != DD_OK)
        snprintf(why->text, sizeof why->text, "%.500s", keys_why.text);
    return status;
}

/* All keys of the folder; what the genesis needs of the two accounts stays in *admin and *notifier.
 */
static enum dd_status make_keys(const char *dir, struct dd_key_pair *admin,
                                struct dd_key_pair *notifier, struct dd_why *why)
{
    static const char *const others[] = {"keys/server.key", "keys/registrar.key", "keys/log.key"};
    static const char *const names[] = {"server", "registrar", "log"};
    struct dd_key_pair keys;
    char path[DD_PATH_BYTES];
    enum dd_status status = DD_OK;
    if (!dd_data_path(dir, "keys", path))
        return fail(why, DD_INVALID, "the path is too long", dir);
    if (mkdir(path, 0700) != 0)
        return of_errno(why, path);
    for (size_t i = 0; i < 3 && status == DD_OK; i++)
        status = make_key(dir, others[i], names[i], &keys, why);
    dd_keys_wipe(&keys);
    if (status == DD_OK)
        status = make_key(dir, "keys/admin.key", "admin", admin, why);
    if (status == DD_OK)
        status = make_key(dir, "keys/notifier.key", "notifier", notifier, why);
    return status;
}

static enum dd_status write_config(const char *dir, const struct dd_data_founding *founding,
                                   struct dd_why *why)
{
    char path[DD_PATH_BYTES];
    if (!dd_data_path(dir, "dondoc.conf", path))
        return fail(why, DD_INVALID, "the path is too long", dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file)
        return of_errno(why, path);
    fprintf(file,
            "# dondoc: the settings of this data folder; docs/operations.md explains each.\n"
            "[log]\njurisdiction = %s\n\n[broker]\nendpoint = %s\nworkers = inproc://workers\n",
            founding->jurisdiction, founding->endpoint);
    bool written = fflush(file) == 0 && fsync(fd) == 0;
    enum dd_status status = written ? DD_OK : of_errno(why, path);
    fclose(file);
    return status;
}

static void fill_account(struct dd_put_account *account, const char *code, enum dd_role role,
                         const struct dd_key_pair *keys, struct dd_office *office)
{
    *office = (struct dd_office){role, {NULL, 0}, 0, INT32_MAX};
    *account = (struct dd_put_account){.code = dd_slice_of(code),
                                       .from_ms = 0,
                                       .to_ms = INT64_MAX,
                                       .offices = office,
                                       .office_count = 1};
    memcpy(account->link_key, keys->curve_public, sizeof account->link_key);
    memcpy(account->sign_key, keys->sign_public, sizeof account->sign_key);
}

static enum dd_status genesis_bytes(const struct dd_data_founding *founding, const char *origin,
                                    const struct dd_key_pair *admin,
                                    const struct dd_key_pair *notifier, struct dd_arena *arena,
                                    struct dd_slice *out)
{
    struct dd_put_account accounts[2];
    struct dd_office offices[2];
    struct dd_uuid_maker maker = {0, 0};
    struct dd_command command = {.kind = DD_COMMAND_GENESIS};
    struct dd_genesis *genesis = &command.as.genesis;
    fill_account(&accounts[0], "admin", DD_ROLE_ADMINISTRATOR, admin, &offices[0]);
    fill_account(&accounts[1], "notifier", DD_ROLE_NOTIFIER, notifier, &offices[1]);
    dd_uuid_make(&maker, founding->at_ms, command.id.byte);
    genesis->jurisdiction = dd_slice_of(founding->jurisdiction);
    genesis->origin = dd_slice_of(origin);
    genesis->rehearsal = founding->rehearsal;
    dd_random_bytes(genesis->instance, sizeof genesis->instance);
    genesis->accounts = accounts;
    genesis->account_count = 2;
    return dd_codec_command_encode(&command, arena, out);
}

/* Entry 0, made by the same ledger that makes all others, over a state in memory. */
static enum dd_status write_genesis(const char *dir, struct dd_slice genesis, int64_t at_ms,
                                    struct dd_why *why)
{
    char path[DD_PATH_BYTES];
    struct dd_journal journal = {0};
    struct dd_journal_reader reader = {0};
    struct dd_state *state = NULL;
    struct dd_ledger *ledger = NULL;
    struct dd_batch batch;
    bool frozen;
    if (!dd_data_path(dir, "journal", path))
        return fail(why, DD_INVALID, "the path is too long", dir);
    enum dd_status status = dd_journal_file_open(path, 0, &journal, NULL);
    if (status == DD_OK)
        status = dd_journal_reader(&journal, &reader);
    if (status == DD_OK)
        status = dd_state_open(NULL, 0, &state);
    if (status == DD_OK)
        status = dd_ledger_open(state, &reader, 0, &ledger);
    if (status == DD_OK)
        status = dd_ledger_found(ledger, genesis, at_ms);
    if (status == DD_OK) {
        dd_ledger_begin_sync(ledger, false, &batch, &frozen);
        status = dd_journal_append(&journal, 0, batch.entries, batch.count);
    }
    if (status != DD_OK)
        fail(why, status, dd_status_english(status), path);
    dd_ledger_close(ledger);
    dd_state_close(state);
    dd_journal_reader_close(&reader);
    dd_journal_close(&journal);
    return status;
}

enum dd_status dd_data_found(const char *dir, const struct dd_data_founding *founding,
                             struct dd_why *why)
{
    struct dd_key_pair admin = {.has_secret = false};
    struct dd_key_pair notifier = {.has_secret = false};
    struct dd_arena arena = dd_arena_make(GENESIS_ARENA_BYTES);
    struct dd_slice genesis;
    char origin[DD_CODE_BYTES_MAX + 16];
    why->text[0] = '\0';
    if (!dd_text_code_ok(dd_slice_of(founding->jurisdiction)))
        return fail(why, DD_INVALID, dd_rule_english(DD_RULE_BAD_CODE), founding->jurisdiction);
    snprintf(origin, sizeof origin, "dondoc/%s", founding->jurisdiction);
    enum dd_status status = take_folder(dir, why);
    if (status == DD_OK)
        status = make_keys(dir, &admin, &notifier, why);
    if (status == DD_OK)
        status = write_config(dir, founding, why);
    if (status == DD_OK) {
        status = genesis_bytes(founding, founding->origin ? founding->origin : origin, &admin,
                               &notifier, &arena, &genesis);
        if (status != DD_OK)
            fail(why, status, dd_status_english(status), dir);
    }
    if (status == DD_OK)
        status = write_genesis(dir, genesis, founding->at_ms, why);
    dd_arena_free(&arena);
    dd_keys_wipe(&admin);
    dd_keys_wipe(&notifier);
    return status;
}
