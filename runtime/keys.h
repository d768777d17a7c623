/*
 * Key pairs of an account: CURVE (the link) and Ed25519 (authorship), their files, and the
 * signature over a command. Files have the form of CZMQ certificates (ZPL), so that other tools
 * read them:
 *
 *     metadata
 *         account = "so-noi-vu"
 *     sign
 *         public-key = "40 characters: Z85 of the 32 bytes of the Ed25519 public key"
 *         secret-seed = "40 characters: Z85 of the 32 bytes of the Ed25519 seed"
 *     curve
 *         public-key = "40 characters: Z85 of the 32 bytes"
 *         secret-key = "40 characters: Z85 of the 32 bytes"
 *
 * A public file lacks the two secret lines. Knows nothing of accounts or of which keys are good.
 */
#ifndef DD_RUNTIME_KEYS_H
#define DD_RUNTIME_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bytes.h"
#include "core/status.h"

enum {
    DD_KEY_META_MAX = 8,
    DD_KEY_META_NAME_BYTES = 49,   /* with the ending 0 */
    DD_KEY_META_VALUE_BYTES = 257, /* with the ending 0 */
    DD_KEY_FILE_BYTES_MAX = 8192,
    DD_SIGN_PUBLIC_BYTES = 32,
    DD_SIGN_SECRET_BYTES = 64,
    DD_SIGNATURE_BYTES = 64,
    DD_KEYS_WHY_BYTES = 512
};

struct dd_key_meta {
    char name[DD_KEY_META_NAME_BYTES];
    char value[DD_KEY_META_VALUE_BYTES];
};

struct dd_key_pair {
    bool has_secret; /* false: the secret members are zeros */
    char curve_public_text[41];
    char curve_secret_text[41];
    uint8_t curve_public[32];
    uint8_t curve_secret[32];
    uint8_t sign_public[DD_SIGN_PUBLIC_BYTES];
    uint8_t sign_secret[DD_SIGN_SECRET_BYTES];
    size_t meta_count;
    struct dd_key_meta meta[DD_KEY_META_MAX];
};

/* Why a file could not be read or written, for the operator; names the file. */
struct dd_keys_why {
    char text[DD_KEYS_WHY_BYTES];
};

/* Makes new keys without metadata. dd_keys_wipe ends their life. */
void dd_keys_generate(struct dd_key_pair *keys);

/* Overwrites everything with zeros. */
void dd_keys_wipe(struct dd_key_pair *keys);

/* Adds a pair to the metadata. DD_TOO_LARGE: no room or too long; DD_INVALID: a name that is not
 * [a-zA-Z0-9._-]+, a value with control characters or both kinds of quotes. */
enum dd_status dd_keys_set_meta(struct dd_key_pair *keys, const char *name, const char *value);

/* The value of a pair, borrowed from keys; NULL if there is none. */
const char *dd_keys_meta(const struct dd_key_pair *keys, const char *name);

/* Writes the secret file PATH (mode 0600) and the public file PATH.pub (mode 0644), both new and
 * synced; on failure neither is left. Needs has_secret. DD_EXISTS, DD_NO_SPACE, DD_IO, DD_TOO_LARGE
 * (path). */
enum dd_status dd_keys_save(const struct dd_key_pair *keys, const char *path,
                            struct dd_keys_why *why);

/* Reads a secret or a public file. On failure *keys is wiped. DD_NOT_FOUND; DD_INVALID: a secret
 * file that group or others may read, or that is no regular file; DD_FORMAT: no such file form, a
 * key that is none, or a public key that is not the secret's; DD_TOO_LARGE; DD_IO. */
enum dd_status dd_keys_load(struct dd_key_pair *keys, const char *path, struct dd_keys_why *why);

/* Signs a command: Ed25519 over "dondoc-command-v1\n" + jurisdiction + "\n" + bytes. Needs
 * has_secret. DD_TOO_LARGE: bytes over DD_COMMAND_BYTES_MAX or jurisdiction over DD_CODE_BYTES_MAX;
 * DD_INVALID: jurisdiction empty or with a line end. */
enum dd_status dd_keys_sign_command(const struct dd_key_pair *keys, struct dd_slice jurisdiction,
                                    struct dd_slice bytes, uint8_t signature[DD_SIGNATURE_BYTES]);

/* Checks such a signature with the author's public key: DD_OK or DD_BAD_SIGNATURE; DD_TOO_LARGE and
 * DD_INVALID as above. */
enum dd_status dd_keys_verify_command(const uint8_t sign_public[DD_SIGN_PUBLIC_BYTES],
                                      struct dd_slice jurisdiction, struct dd_slice bytes,
                                      const uint8_t signature[DD_SIGNATURE_BYTES]);

#endif
