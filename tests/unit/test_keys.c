/* Key files and signatures: what is written, what is read back, what is refused and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/limits.h"
#include "runtime/keys.h"
#include "runtime/net.h"

static char dir[200];
static char secret_path[256];
static char public_path[264];
static struct dd_key_pair keys;
static struct dd_keys_why why;

static int make_dir(void **state)
{
    const char *base = getenv("TMPDIR");
    (void)state;

    (void)snprintf(dir, sizeof dir, "%s/dd-keys-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(dir))
        return -1;
    (void)snprintf(secret_path, sizeof secret_path, "%s/so-noi-vu", dir);
    (void)snprintf(public_path, sizeof public_path, "%s.pub", secret_path);
    memset(&why, 0, sizeof why);
    dd_keys_generate(&keys);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    (void)unlink(secret_path);
    (void)unlink(public_path);
    return rmdir(dir);
}

/* Reads a file into static memory. */
static char *contents(const char *path)
{
    static char text[2 * DD_KEY_FILE_BYTES_MAX];
    FILE *file = fopen(path, "r");
    size_t size;

    assert_non_null(file);
    size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    (void)fclose(file);
    return text;
}

/* Writes the secret file, whatever it was before. */
static void put_secret_file(const char *text)
{
    FILE *file;

    (void)unlink(secret_path);
    file = fopen(secret_path, "w");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(secret_path, 0600), 0);
}

static enum dd_status load(const char *path, struct dd_key_pair *loaded)
{
    memset(loaded, 0xee, sizeof *loaded);
    return dd_keys_load(loaded, path, &why);
}

static void assert_wiped(const struct dd_key_pair *loaded)
{
    static const struct dd_key_pair zeros;

    assert_memory_equal(loaded, &zeros, sizeof zeros);
}

static void keys_are_different_each_time_and_fit_curve(void **state)
{
    struct dd_key_pair other;
    uint8_t bytes[32];
    (void)state;

    dd_keys_generate(&other);
    assert_memory_not_equal(keys.curve_secret, other.curve_secret, 32);
    assert_memory_not_equal(keys.sign_secret, other.sign_secret, 64);
    assert_true(keys.has_secret);
    assert_true(dd_net_key_parse(keys.curve_public_text, bytes));
    assert_memory_equal(bytes, keys.curve_public, 32);
    assert_true(dd_net_key_parse(keys.curve_secret_text, bytes));
    assert_memory_equal(bytes, keys.curve_secret, 32);
    dd_keys_wipe(&other);
    assert_wiped(&other);
}

static void keys_come_back_from_both_files(void **state)
{
    struct dd_key_pair loaded;
    (void)state;

    assert_int_equal(dd_keys_set_meta(&keys, "account", "so-noi-vu"), DD_OK);
    assert_int_equal(dd_keys_set_meta(&keys, "note", "with \"quotes\" # and = signs"), DD_OK);
    assert_int_equal(dd_keys_save(&keys, secret_path, &why), DD_OK);

    assert_int_equal(load(secret_path, &loaded), DD_OK);
    assert_true(loaded.has_secret);
    assert_string_equal(dd_keys_meta(&loaded, "account"), "so-noi-vu");
    assert_string_equal(dd_keys_meta(&loaded, "note"), "with \"quotes\" # and = signs");
    assert_null(dd_keys_meta(&loaded, "other"));
    assert_memory_equal(loaded.curve_secret, keys.curve_secret, 32);
    assert_memory_equal(loaded.sign_secret, keys.sign_secret, 64);
    assert_string_equal(loaded.curve_secret_text, keys.curve_secret_text);

    assert_int_equal(load(public_path, &loaded), DD_OK);
    assert_false(loaded.has_secret);
    assert_memory_equal(loaded.curve_public, keys.curve_public, 32);
    assert_memory_equal(loaded.sign_public, keys.sign_public, 32);
    assert_string_equal(loaded.curve_public_text, keys.curve_public_text);
    assert_string_equal(loaded.curve_secret_text, "");
}

static void keys_public_file_holds_no_secret_and_the_secret_file_is_private(void **state)
{
    char seed[DD_CURVE_TEXT_BYTES];
    struct stat about;
    (void)state;

    assert_int_equal(dd_keys_save(&keys, secret_path, &why), DD_OK);
    dd_net_key_text(keys.sign_secret, seed);
    assert_null(strstr(contents(public_path), keys.curve_secret_text));
    assert_null(strstr(contents(public_path), seed));
    assert_non_null(strstr(contents(secret_path), keys.curve_secret_text));
    assert_non_null(strstr(contents(secret_path), seed));
    assert_int_equal(stat(secret_path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(stat(public_path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0644);
}

static void keys_save_overwrites_nothing_and_leaves_nothing_behind(void **state)
{
    (void)state;

    put_secret_file("precious");
    assert_int_equal(dd_keys_save(&keys, secret_path, &why), DD_EXISTS);
    assert_string_equal(contents(secret_path), "precious");
    assert_int_equal(access(public_path, F_OK), -1);
    assert_non_null(strstr(why.text, secret_path));
    assert_int_equal(unlink(secret_path), 0);

    assert_int_equal(dd_keys_save(&keys, secret_path, &why), DD_OK);
    assert_int_equal(unlink(secret_path), 0);
    assert_int_equal(dd_keys_save(&keys, secret_path, &why), DD_EXISTS); /* the public file */
    assert_int_equal(access(secret_path, F_OK), -1);
    assert_int_equal(dd_keys_save(&keys, "/nonexistent/x", &why), DD_NOT_FOUND);
}

static void keys_secret_file_open_to_others_is_refused_with_the_remedy(void **state)
{
    static const mode_t modes[] = {0640, 0604, 0620, 0602, 0610};
    struct dd_key_pair loaded;
    (void)state;

    assert_int_equal(dd_keys_save(&keys, secret_path, &why), DD_OK);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(chmod(secret_path, modes[i]), 0);
        assert_int_equal(load(secret_path, &loaded), DD_INVALID);
        assert_non_null(strstr(why.text, "chmod 600"));
        assert_wiped(&loaded);
    }
    assert_int_equal(chmod(secret_path, 0400), 0);
    assert_int_equal(load(secret_path, &loaded), DD_OK);
}

static void keys_that_do_not_fit_each_other_are_refused(void **state)
{
    struct dd_key_pair other;
    struct dd_key_pair loaded;
    char text[2 * DD_KEY_FILE_BYTES_MAX];
    (void)state;

    dd_keys_generate(&other);
    assert_int_equal(dd_keys_save(&keys, secret_path, &why), DD_OK);
    (void)snprintf(text, sizeof text, "%s", contents(secret_path));
    memcpy(strstr(text, keys.curve_public_text), other.curve_public_text, 40);
    put_secret_file(text);
    assert_int_equal(load(secret_path, &loaded), DD_FORMAT);
    assert_wiped(&loaded);

    (void)unlink(secret_path);
    (void)unlink(public_path);
    memcpy(other.curve_public, keys.curve_public, 32);
    memcpy(other.sign_public, keys.sign_public, 32);
    memcpy(other.curve_secret, keys.curve_secret, 32);
    memcpy(other.curve_public_text, keys.curve_public_text, 41);
    memcpy(other.curve_secret_text, keys.curve_secret_text, 41);
    assert_int_equal(dd_keys_save(&other, secret_path, &why), DD_OK); /* other's seed */
    assert_int_equal(load(secret_path, &loaded), DD_FORMAT);
    assert_non_null(strstr(why.text, "not that of the secret"));
    assert_wiped(&loaded);
}

#define PUBLIC_PART "curve\n    public-key = \"JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6\"\n"
#define SIGN_PART "sign\n    public-key = \"JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6\"\n"

static void keys_files_written_by_other_hands_are_read(void **state)
{
    static const char *const texts[] = {
        PUBLIC_PART SIGN_PART,
        "# comment\n\n" SIGN_PART "  # comment\n" PUBLIC_PART,
        "metadata\n    name = \"a b\"   # comment\nother\n    x = 1\n" PUBLIC_PART SIGN_PART,
        "curve\r\n\tpublic-key='JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6'\r\n" SIGN_PART,
        "curve\n    public-key = JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6 # bare\n" SIGN_PART,
    };
    struct dd_key_pair loaded;
    (void)state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put_secret_file(texts[i]);
        assert_int_equal(load(secret_path, &loaded), DD_OK);
        assert_int_equal(loaded.curve_public[0], 0x8e);
        assert_int_equal(loaded.sign_public[31], 0xb7);
        assert_false(loaded.has_secret);
    }
}

static void keys_files_of_another_form_are_refused_and_the_line_is_named(void **state)
{
    static const struct {
        const char *text;
        const char *place;
    } cases[] = {
        {"", "no public-key"},
        {PUBLIC_PART, "no public-key"},
        {SIGN_PART, "no public-key"},
        {"public-key = x\n", ":1:"},
        {"curve\n    public-key\n", ":2:"},
        {"curve\n    public-key = \"short\"\n", ":2:"},
        {"curve\n    public-key = \"JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6\n", ":2:"},
        {"curve\n    public-key = \"JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6\" x\n", ":2:"},
        {PUBLIC_PART SIGN_PART PUBLIC_PART, ":6:"},
        {PUBLIC_PART SIGN_PART "metadata\n    a = 1\n    a = 2\n", ":7:"},
        {PUBLIC_PART SIGN_PART "metadata\n    a = \"\x01\"\n", ":6:"},
        {"curve\n    public-key = \"JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!N#####\"\n" SIGN_PART,
         "not Z85"},
        {PUBLIC_PART "    secret-key = \"JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6\"\n" SIGN_PART,
         "no secret-key in curve or secret-seed"},
    };
    struct dd_key_pair loaded;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        put_secret_file(cases[i].text);
        assert_int_equal(load(secret_path, &loaded), DD_FORMAT);
        assert_non_null(strstr(why.text, cases[i].place));
        assert_wiped(&loaded);
    }
}

static void keys_file_must_be_a_file_and_not_too_large(void **state)
{
    static char text[DD_KEY_FILE_BYTES_MAX + 2];
    struct dd_key_pair loaded;
    size_t start = strlen(PUBLIC_PART SIGN_PART);
    (void)state;

    assert_int_equal(load(secret_path, &loaded), DD_NOT_FOUND);
    assert_int_equal(load(dir, &loaded), DD_INVALID);
    memset(text, '\n', DD_KEY_FILE_BYTES_MAX);
    memcpy(text, PUBLIC_PART SIGN_PART, start);
    put_secret_file(text);
    assert_int_equal(load(secret_path, &loaded), DD_OK);
    text[DD_KEY_FILE_BYTES_MAX] = '\n';
    put_secret_file(text);
    assert_int_equal(load(secret_path, &loaded), DD_TOO_LARGE);
}

static void keys_metadata_has_limits(void **state)
{
    char value[DD_KEY_META_VALUE_BYTES + 1];
    char name[DD_KEY_META_NAME_BYTES + 1];
    struct dd_key_pair loaded;
    (void)state;

    memset(value, '"', sizeof value);
    memset(name, 'n', sizeof name);
    name[DD_KEY_META_NAME_BYTES] = value[DD_KEY_META_VALUE_BYTES] = '\0';
    assert_int_equal(dd_keys_set_meta(&keys, name, "x"), DD_TOO_LARGE);
    assert_int_equal(dd_keys_set_meta(&keys, "x", value), DD_TOO_LARGE);
    assert_int_equal(dd_keys_set_meta(&keys, "", "x"), DD_INVALID);
    assert_int_equal(dd_keys_set_meta(&keys, "a b", "x"), DD_INVALID);
    assert_int_equal(dd_keys_set_meta(&keys, "x", "a\nb"), DD_INVALID);
    assert_int_equal(dd_keys_set_meta(&keys, "x", "'\""), DD_INVALID);
    name[DD_KEY_META_NAME_BYTES - 1] = value[DD_KEY_META_VALUE_BYTES - 1] = '\0';
    for (int i = 0; i < DD_KEY_META_MAX; i++) {
        name[0] = (char)('a' + i);
        assert_int_equal(dd_keys_set_meta(&keys, name, value), DD_OK);
    }
    assert_int_equal(dd_keys_set_meta(&keys, "more", "x"), DD_TOO_LARGE);
    assert_int_equal(dd_keys_save(&keys, secret_path, &why), DD_OK);
    assert_int_equal(load(secret_path, &loaded), DD_OK);
    assert_int_equal(loaded.meta_count, DD_KEY_META_MAX);
    assert_string_equal(dd_keys_meta(&loaded, name), value);
}

static void signature_fits_its_author_bytes_and_jurisdiction_only(void **state)
{
    const struct dd_slice place = dd_slice_of("bac-giang");
    const struct dd_slice bytes = dd_slice_of("a command");
    struct dd_key_pair other;
    uint8_t signature[DD_SIGNATURE_BYTES];
    (void)state;

    dd_keys_generate(&other);
    assert_int_equal(dd_keys_sign_command(&keys, place, bytes, signature), DD_OK);
    assert_int_equal(dd_keys_verify_command(keys.sign_public, place, bytes, signature), DD_OK);
    assert_int_equal(dd_keys_verify_command(other.sign_public, place, bytes, signature),
                     DD_BAD_SIGNATURE);
    assert_int_equal(
        dd_keys_verify_command(keys.sign_public, dd_slice_of("bac-ninh"), bytes, signature),
        DD_BAD_SIGNATURE);
    assert_int_equal(
        dd_keys_verify_command(keys.sign_public, place, dd_slice_of("a Command"), signature),
        DD_BAD_SIGNATURE);
    for (size_t i = 0; i < sizeof signature; i++) {
        signature[i] ^= 0x10;
        assert_int_equal(dd_keys_verify_command(keys.sign_public, place, bytes, signature),
                         DD_BAD_SIGNATURE);
        signature[i] ^= 0x10;
    }
}

/* Ed25519 over the documented bytes, made with OpenSSL from the seed 00 01 .. 1f. */
static void signature_is_over_the_documented_bytes(void **state)
{
    static const uint8_t expected[DD_SIGNATURE_BYTES] = {
        0xa5, 0x19, 0xa2, 0xcd, 0x76, 0xa2, 0x1d, 0x23, 0x02, 0x04, 0x01, 0x13, 0x13,
        0xbd, 0xe2, 0xb3, 0xbd, 0x62, 0xeb, 0x15, 0x8e, 0xd7, 0x36, 0xca, 0x88, 0x54,
        0x4b, 0x83, 0x1c, 0xa9, 0x2c, 0x69, 0x6b, 0x4b, 0xed, 0x16, 0xfe, 0x48, 0x16,
        0x3e, 0x5f, 0xa4, 0xfd, 0xc6, 0xd4, 0xc1, 0xf9, 0x7c, 0x2c, 0x55, 0x91, 0xa0,
        0xcf, 0x53, 0xac, 0xab, 0x00, 0x33, 0x99, 0x26, 0x13, 0x39, 0xd0, 0x0a};
    static const uint8_t public_key[32] = {0x03, 0xa1, 0x07, 0xbf, 0xf3, 0xce, 0x10, 0xbe,
                                           0x1d, 0x70, 0xdd, 0x18, 0xe7, 0x4b, 0xc0, 0x99,
                                           0x67, 0xe4, 0xd6, 0x30, 0x9b, 0xa5, 0x0d, 0x5f,
                                           0x1d, 0xdc, 0x86, 0x64, 0x12, 0x55, 0x31, 0xb8};
    (void)state;

    assert_int_equal(dd_keys_verify_command(public_key, dd_slice_of("bac-giang"),
                                            dd_slice_of("a command"), expected),
                     DD_OK);
}

static void signature_bounds_are_those_of_a_command(void **state)
{
    static uint8_t bytes[DD_COMMAND_BYTES_MAX + 1];
    static const char code[] = "0123456789012345678901234567890123456789012345678";
    uint8_t signature[DD_SIGNATURE_BYTES];
    struct dd_slice command = {bytes, DD_COMMAND_BYTES_MAX};
    struct dd_slice place = {(const uint8_t *)code, DD_CODE_BYTES_MAX};
    (void)state;

    assert_int_equal(dd_keys_sign_command(&keys, place, command, signature), DD_OK);
    assert_int_equal(dd_keys_verify_command(keys.sign_public, place, command, signature), DD_OK);
    command.size++;
    assert_int_equal(dd_keys_sign_command(&keys, place, command, signature), DD_TOO_LARGE);
    assert_int_equal(dd_keys_verify_command(keys.sign_public, place, command, signature),
                     DD_TOO_LARGE);
    command.size = 0;
    assert_int_equal(dd_keys_sign_command(&keys, place, command, signature), DD_OK);
    place.size++;
    assert_int_equal(dd_keys_sign_command(&keys, place, command, signature), DD_TOO_LARGE);
    assert_int_equal(dd_keys_sign_command(&keys, dd_slice_of(""), command, signature), DD_INVALID);
    assert_int_equal(dd_keys_sign_command(&keys, dd_slice_of("a\nb"), command, signature),
                     DD_INVALID);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(keys_are_different_each_time_and_fit_curve),
        CASE(keys_come_back_from_both_files),
        CASE(keys_public_file_holds_no_secret_and_the_secret_file_is_private),
        CASE(keys_save_overwrites_nothing_and_leaves_nothing_behind),
        CASE(keys_secret_file_open_to_others_is_refused_with_the_remedy),
        CASE(keys_that_do_not_fit_each_other_are_refused),
        CASE(keys_files_written_by_other_hands_are_read),
        CASE(keys_files_of_another_form_are_refused_and_the_line_is_named),
        CASE(keys_file_must_be_a_file_and_not_too_large),
        CASE(keys_metadata_has_limits),
        CASE(signature_fits_its_author_bytes_and_jurisdiction_only),
        CASE(signature_is_over_the_documented_bytes),
        CASE(signature_bounds_are_those_of_a_command),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
