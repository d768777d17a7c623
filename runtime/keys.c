/*
 * Key pairs, their files, signatures over commands. See runtime/keys.h. Knows nothing of accounts.
 */
#include "runtime/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "core/invariant.h"
#include "core/limits.h"
#include "runtime/net.h"

enum { PATH_BYTES = 4096, SIGNED_BYTES_MAX = 32 + DD_CODE_BYTES_MAX + 1 + DD_COMMAND_BYTES_MAX };

static const char sign_prefix[] = "dondoc-command-v1\n";

/* What a file says, before it is believed. Each "" when absent. */
struct raw_keys {
    char curve_public[DD_CURVE_TEXT_BYTES];
    char curve_secret[DD_CURVE_TEXT_BYTES];
    char sign_public[DD_CURVE_TEXT_BYTES];
    char sign_seed[DD_CURVE_TEXT_BYTES];
};

/* Sets the reason and gives back the status, for `return say(...)`. */
__attribute__((format(printf, 3, 4))) static enum dd_status say(struct dd_keys_why *why,
                                                                enum dd_status status,
                                                                const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
    return status;
}

static enum dd_status say_errno(struct dd_keys_why *why, const char *path, const char *verb)
{
    int error = errno;
    enum dd_status status = error == ENOENT || error == ENOTDIR  ? DD_NOT_FOUND
                            : error == EEXIST                    ? DD_EXISTS
                            : error == ENOSPC || error == EDQUOT ? DD_NO_SPACE
                                                                 : DD_IO;

    return say(why, status, "%s: cannot %s: %s", path, verb, strerror(error));
}

void dd_keys_generate(struct dd_key_pair *keys)
{
    DD_ASSERT(sodium_init() >= 0);
    memset(keys, 0, sizeof *keys);
    keys->has_secret = true;
    DD_ASSERT(crypto_box_keypair(keys->curve_public, keys->curve_secret) == 0);
    dd_net_key_text(keys->curve_public, keys->curve_public_text);
    dd_net_key_text(keys->curve_secret, keys->curve_secret_text);
    DD_ASSERT(crypto_sign_keypair(keys->sign_public, keys->sign_secret) == 0);
}

void dd_keys_wipe(struct dd_key_pair *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

static bool meta_name_ok(const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    return *name != '\0' && strspn(name, allowed) == strlen(name);
}

static bool meta_value_ok(const char *value)
{
    for (const char *at = value; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return false;
    }
    return !(strchr(value, '"') && strchr(value, '\''));
}

enum dd_status dd_keys_set_meta(struct dd_key_pair *keys, const char *name, const char *value)
{
    struct dd_key_meta *meta = &keys->meta[keys->meta_count];

    if (keys->meta_count == DD_KEY_META_MAX || strlen(name) >= DD_KEY_META_NAME_BYTES ||
        strlen(value) >= DD_KEY_META_VALUE_BYTES)
        return DD_TOO_LARGE;
    if (!meta_name_ok(name) || !meta_value_ok(value) || dd_keys_meta(keys, name))
        return DD_INVALID;
    memcpy(meta->name, name, strlen(name) + 1);
    memcpy(meta->value, value, strlen(value) + 1);
    keys->meta_count++;
    return DD_OK;
}

const char *dd_keys_meta(const struct dd_key_pair *keys, const char *name)
{
    for (size_t i = 0; i < keys->meta_count; i++) {
        if (strcmp(keys->meta[i].name, name) == 0)
            return keys->meta[i].value;
    }
    return NULL;
}

/* Writing */

struct text {
    char bytes[DD_KEY_FILE_BYTES_MAX];
    size_t size;
};

static void text_line(struct text *text, const char *name, const char *value)
{
    const char *quote = strchr(value, '"') ? "'" : "\"";
    int size = snprintf(text->bytes + text->size, sizeof text->bytes - text->size,
                        "    %s = %s%s%s\n", name, quote, value, quote);

    DD_ASSERT(size > 0 && (size_t)size < sizeof text->bytes - text->size);
    text->size += (size_t)size;
}

static void text_section(struct text *text, const char *name)
{
    int size = snprintf(text->bytes + text->size, sizeof text->bytes - text->size, "%s\n", name);

    DD_ASSERT(size > 0 && (size_t)size < sizeof text->bytes - text->size);
    text->size += (size_t)size;
}

static void compose(const struct dd_key_pair *keys, bool secret, struct text *text)
{
    char sign_public[DD_CURVE_TEXT_BYTES];
    char sign_seed[DD_CURVE_TEXT_BYTES];

    text->size = 0;
    text_section(text, secret ? "# Secret keys of a dondoc account. Give this file to nobody."
                              : "# Public keys of a dondoc account.");
    text_section(text, "metadata");
    for (size_t i = 0; i < keys->meta_count; i++)
        text_line(text, keys->meta[i].name, keys->meta[i].value);
    /* The part curve comes last: pyzmq looks for names alone and keeps the last it finds. */
    text_section(text, "sign");
    dd_net_key_text(keys->sign_public, sign_public);
    text_line(text, "public-key", sign_public);
    if (secret) {
        dd_net_key_text(keys->sign_secret, sign_seed); /* libsodium: seed, then public key */
        text_line(text, "secret-seed", sign_seed);
        sodium_memzero(sign_seed, sizeof sign_seed);
    }
    text_section(text, "curve");
    text_line(text, "public-key", keys->curve_public_text);
    if (secret)
        text_line(text, "secret-key", keys->curve_secret_text);
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* A new file with these bytes, synced; none on failure. */
static enum dd_status write_new(const char *path, mode_t mode, const struct text *text,
                                struct dd_keys_why *why)
{
    enum dd_status status = DD_OK;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

    if (fd < 0)
        return say_errno(why, path, "make this file");
    if (fchmod(fd, mode) != 0 || !write_all(fd, text->bytes, text->size) || fsync(fd) != 0)
        status = say_errno(why, path, "write");
    if (close(fd) != 0 && status == DD_OK)
        status = say_errno(why, path, "write");
    if (status != DD_OK)
        (void)unlink(path);
    return status;
}

/* Makes the new names in the file's folder last. */
static enum dd_status sync_folder(const char *path, struct dd_keys_why *why)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_BYTES];
    enum dd_status status = DD_OK;
    int fd;

    (void)snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1,
                   slash ? path : ".");
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return say_errno(why, folder, "open");
    if (fsync(fd) != 0)
        status = say_errno(why, folder, "sync");
    (void)close(fd);
    return status;
}

enum dd_status dd_keys_save(const struct dd_key_pair *keys, const char *path,
                            struct dd_keys_why *why)
{
    char public_path[PATH_BYTES];
    int length = snprintf(public_path, sizeof public_path, "%s.pub", path);
    struct text text;
    enum dd_status status;

    DD_ASSERT(keys->has_secret);
    if (length < 0 || (size_t)length >= sizeof public_path)
        return say(why, DD_TOO_LARGE, "the path of the key file is too long");
    compose(keys, false, &text);
    status = write_new(public_path, 0644, &text, why);
    if (status != DD_OK)
        return status;
    compose(keys, true, &text);
    status = write_new(path, 0600, &text, why);
    if (status == DD_OK) {
        status = sync_folder(path, why);
        if (status != DD_OK)
            (void)unlink(path);
    }
    if (status != DD_OK)
        (void)unlink(public_path);
    sodium_memzero(&text, sizeof text);
    return status;
}

/* Reading */

/* The next line, 0-ended in place and without trailing blanks; NULL at the end. */
static char *next_line(char **rest)
{
    char *line = *rest;
    char *end;

    if (*line == '\0')
        return NULL;
    end = strchr(line, '\n');
    *rest = end ? end + 1 : line + strlen(line);
    if (!end)
        end = line + strlen(line);
    while (end > line && (end[-1] == ' ' || end[-1] == '\r' || end[-1] == '\t'))
        end--;
    *end = '\0';
    return line;
}

/* Cuts "name = value" in two, in place, without quotes and comment; false if it is none. */
static bool cut_pair(char *line, char **name, char **value)
{
    char *equals = strchr(line, '=');
    char *end = equals;

    if (!equals)
        return false;
    while (end > line && end[-1] == ' ')
        end--;
    *end = '\0';
    *name = line;
    *value = equals + 1 + strspn(equals + 1, " \t");
    if (**value == '"' || **value == '\'') {
        end = strchr(*value + 1, **value);
        if (!end || (end[1] != '\0' && end[1 + strspn(end + 1, " \t")] != '#' &&
                     end[1 + strspn(end + 1, " \t")] != '\0'))
            return false;
        *end = '\0';
        (*value)++;
    } else if ((end = strstr(*value, " #")) != NULL) {
        *end = '\0';
    }
    return **name != '\0';
}

/* Takes a key's text; false if there is one already or it has not the right length. */
static bool take_key(char out[DD_CURVE_TEXT_BYTES], const char *value)
{
    if (out[0] != '\0' || strlen(value) != DD_CURVE_TEXT_BYTES - 1)
        return false;
    memcpy(out, value, DD_CURVE_TEXT_BYTES);
    return true;
}

/* Takes one pair; what this program does not know is left alone. */
static bool take_pair(struct dd_key_pair *keys, struct raw_keys *raw, const char *section,
                      const char *name, const char *value)
{
    bool is_public = strcmp(name, "public-key") == 0;

    if (strcmp(section, "metadata") == 0)
        return dd_keys_set_meta(keys, name, value) == DD_OK;
    if (strcmp(section, "curve") == 0 && is_public)
        return take_key(raw->curve_public, value);
    if (strcmp(section, "curve") == 0 && strcmp(name, "secret-key") == 0)
        return take_key(raw->curve_secret, value);
    if (strcmp(section, "sign") == 0 && is_public)
        return take_key(raw->sign_public, value);
    if (strcmp(section, "sign") == 0 && strcmp(name, "secret-seed") == 0)
        return take_key(raw->sign_seed, value);
    return true;
}

static enum dd_status parse(struct dd_key_pair *keys, struct raw_keys *raw, char *bytes,
                            const char *path, struct dd_keys_why *why)
{
    const char *section = "";
    int number = 0;

    for (char *line = next_line(&bytes); line; line = next_line(&bytes)) {
        size_t indent = strspn(line, " \t");
        char *name;
        char *value;

        number++;
        if (line[indent] == '\0' || line[indent] == '#')
            continue;
        if (indent == 0 && !strchr(line, '=')) {
            section = line;
            continue;
        }
        /* The line itself is not shown: it may be a secret. */
        if (indent == 0 || !cut_pair(line + indent, &name, &value))
            return say(why, DD_FORMAT, "%s:%d: a section, or four spaces and name = \"value\"",
                       path, number);
        if (!take_pair(keys, raw, section, name, value))
            return say(why, DD_FORMAT,
                       "%s:%d: %s of section %s is there twice, too long, or no key", path, number,
                       name, section);
    }
    return DD_OK;
}

/* Believes the keys of a file if they are keys and fit each other. */
static enum dd_status believe(struct dd_key_pair *keys, const struct raw_keys *raw,
                              const char *path, struct dd_keys_why *why)
{
    uint8_t seed[32];
    uint8_t derived[32];
    bool fits;

    if (!dd_net_key_parse(raw->curve_public, keys->curve_public) ||
        !dd_net_key_parse(raw->sign_public, keys->sign_public))
        return say(why, DD_FORMAT, "%s: no public-key in curve or in sign, or not Z85", path);
    dd_net_key_text(keys->curve_public, keys->curve_public_text);
    if (raw->curve_secret[0] == '\0' && raw->sign_seed[0] == '\0')
        return DD_OK;
    if (!dd_net_key_parse(raw->curve_secret, keys->curve_secret) ||
        !dd_net_key_parse(raw->sign_seed, seed))
        return say(why, DD_FORMAT, "%s: no secret-key in curve or secret-seed in sign, or not Z85",
                   path);
    dd_net_key_text(keys->curve_secret, keys->curve_secret_text);
    DD_ASSERT(crypto_scalarmult_base(derived, keys->curve_secret) == 0);
    fits = memcmp(derived, keys->curve_public, sizeof derived) == 0;
    DD_ASSERT(crypto_sign_seed_keypair(derived, keys->sign_secret, seed) == 0);
    fits = fits && memcmp(derived, keys->sign_public, sizeof derived) == 0;
    sodium_memzero(seed, sizeof seed);
    if (!fits)
        return say(why, DD_FORMAT, "%s: a public key is not that of the secret beside it", path);
    keys->has_secret = true;
    return DD_OK;
}

/* Reads a regular file of at most DD_KEY_FILE_BYTES_MAX into bytes, 0-ended; *mode is its mode. */
static enum dd_status read_file(const char *path, char bytes[DD_KEY_FILE_BYTES_MAX + 1],
                                mode_t *mode, struct dd_keys_why *why)
{
    struct stat about;
    enum dd_status status = DD_OK;
    size_t size = 0;
    ssize_t got = 1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hold us up */

    if (fd < 0)
        return say_errno(why, path, "open");
    if (fstat(fd, &about) != 0) {
        status = say_errno(why, path, "look at");
        goto out;
    }
    *mode = about.st_mode;
    if (!S_ISREG(about.st_mode)) {
        status = say(why, DD_INVALID, "%s: is no regular file", path);
        goto out;
    }
    if (about.st_size > DD_KEY_FILE_BYTES_MAX) {
        status =
            say(why, DD_TOO_LARGE, "%s: over %d bytes is no key file", path, DD_KEY_FILE_BYTES_MAX);
        goto out;
    }
    while (got > 0 && size < DD_KEY_FILE_BYTES_MAX) {
        got = read(fd, bytes + size, DD_KEY_FILE_BYTES_MAX - size);
        size += got > 0 ? (size_t)got : 0;
    }
    if (got < 0)
        status = say_errno(why, path, "read");
    bytes[size] = '\0';
    if (status == DD_OK && strlen(bytes) != size)
        status = say(why, DD_FORMAT, "%s: holds a 0 byte, so is no key file", path);
out:
    (void)close(fd);
    return status;
}

enum dd_status dd_keys_load(struct dd_key_pair *keys, const char *path, struct dd_keys_why *why)
{
    char bytes[DD_KEY_FILE_BYTES_MAX + 1];
    struct raw_keys raw = {{0}, {0}, {0}, {0}};
    mode_t mode = 0;
    enum dd_status status;

    DD_ASSERT(sodium_init() >= 0);
    memset(keys, 0, sizeof *keys);
    status = read_file(path, bytes, &mode, why);
    if (status == DD_OK)
        status = parse(keys, &raw, bytes, path, why);
    if (status == DD_OK)
        status = believe(keys, &raw, path, why);
    if (status == DD_OK && keys->has_secret && (mode & (S_IRWXG | S_IRWXO)) != 0)
        status =
            say(why, DD_INVALID,
                "%s: this secret file is open to group or others (mode %03o); run chmod 600 on "
                "it, and make new keys if somebody may have read it",
                path, (unsigned)mode & 0777);
    if (status != DD_OK)
        dd_keys_wipe(keys);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(&raw, sizeof raw);
    return status;
}

/* Signing */

static enum dd_status signed_bytes(struct dd_slice jurisdiction, struct dd_slice bytes,
                                   struct dd_writer *writer)
{
    if (bytes.size > DD_COMMAND_BYTES_MAX || jurisdiction.size > DD_CODE_BYTES_MAX)
        return DD_TOO_LARGE;
    if (jurisdiction.size == 0 || memchr(jurisdiction.data, '\n', jurisdiction.size))
        return DD_INVALID;
    dd_write_raw(writer, sign_prefix, sizeof sign_prefix - 1);
    dd_write_raw(writer, jurisdiction.data, jurisdiction.size);
    dd_write_u8(writer, '\n');
    dd_write_raw(writer, bytes.data, bytes.size);
    DD_ASSERT(!writer->overflow);
    return DD_OK;
}

enum dd_status dd_keys_sign_command(const struct dd_key_pair *keys, struct dd_slice jurisdiction,
                                    struct dd_slice bytes, uint8_t signature[DD_SIGNATURE_BYTES])
{
    uint8_t buffer[SIGNED_BYTES_MAX];
    struct dd_writer writer = dd_writer_make(buffer, sizeof buffer);
    enum dd_status status = signed_bytes(jurisdiction, bytes, &writer);

    DD_ASSERT(keys->has_secret && sodium_init() >= 0);
    if (status == DD_OK)
        DD_ASSERT(crypto_sign_detached(signature, NULL, buffer, writer.at, keys->sign_secret) == 0);
    return status;
}

enum dd_status dd_keys_verify_command(const uint8_t sign_public[DD_SIGN_PUBLIC_BYTES],
                                      struct dd_slice jurisdiction, struct dd_slice bytes,
                                      const uint8_t signature[DD_SIGNATURE_BYTES])
{
    uint8_t buffer[SIGNED_BYTES_MAX];
    struct dd_writer writer = dd_writer_make(buffer, sizeof buffer);
    enum dd_status status = signed_bytes(jurisdiction, bytes, &writer);

    DD_ASSERT(sodium_init() >= 0);
    if (status != DD_OK)
        return status;
    return crypto_sign_verify_detached(signature, buffer, writer.at, sign_public) == 0
               ? DD_OK
               : DD_BAD_SIGNATURE;
}
