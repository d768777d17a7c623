/*
 * Runs a fuzz target over files: each argument is a file, or a folder whose files (not its
 * subfolders) are taken in order of name. Fails if there is no file at all, so that an empty corpus
 * is not taken for a good one. Knows nothing of what the target decodes; a target that finds a
 * fault aborts.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { INPUT_BYTES_MAX = 8 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads a file of size_bytes into memory of exactly that size, so that ASan sees a read beyond its
 * end. The caller frees. NULL if it cannot be read. */
static uint8_t *read_file(const char *path, size_t size_bytes)
{
    uint8_t *data = NULL;
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return NULL;
    data = malloc(size_bytes > 0 ? size_bytes : 1);
    if (data != NULL && fread(data, 1, size_bytes, file) != size_bytes) {
        free(data);
        data = NULL;
    }
    fclose(file);
    return data;
}

/* Runs one file; 1, or -1 with a word on stderr if it cannot be read. */
static long run_file(const char *path, const struct stat *status)
{
    uint8_t *data;

    if (status->st_size > INPUT_BYTES_MAX) {
        fprintf(stderr, "%s: larger than %d bytes\n", path, INPUT_BYTES_MAX);
        return -1;
    }
    data = read_file(path, (size_t)status->st_size);
    if (data == NULL) {
        fprintf(stderr, "%s: cannot be read: %s\n", path, strerror(errno));
        return -1;
    }
    printf("%s\n", path); /* the last line before a crash names the input */
    fflush(stdout);
    (void)LLVMFuzzerTestOneInput(data, (size_t)status->st_size);
    free(data);
    return 1;
}

/* Runs DIR/NAME if it is a file; how many inputs that were, or -1. */
static long run_entry(const char *dir, const char *name)
{
    char path[4096];
    struct stat status;
    int length = snprintf(path, sizeof path, "%s/%s", dir, name);

    if (length < 0 || (size_t)length >= sizeof path || stat(path, &status) != 0) {
        fprintf(stderr, "%s/%s: cannot be read\n", dir, name);
        return -1;
    }
    return S_ISREG(status.st_mode) ? run_file(path, &status) : 0;
}

/* Runs the files of a folder; how many, or -1. */
static long run_folder(const char *dir)
{
    struct dirent **entries = NULL;
    long inputs = 0;
    int count = scandir(dir, &entries, NULL, alphasort);

    if (count < 0) {
        fprintf(stderr, "%s: cannot be listed: %s\n", dir, strerror(errno));
        return -1;
    }
    for (int i = 0; i < count; i++) {
        if (inputs >= 0) {
            long ran = run_entry(dir, entries[i]->d_name);
            inputs = ran < 0 ? -1 : inputs + ran;
        }
        free(entries[i]);
    }
    free(entries);
    return inputs;
}

int main(int argc, char **argv)
{
    long inputs = 0;

    for (int i = 1; i < argc; i++) {
        struct stat status;
        long ran;

        if (stat(argv[i], &status) != 0) {
            fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
            return 1;
        }
        ran = S_ISDIR(status.st_mode) ? run_folder(argv[i]) : run_file(argv[i], &status);
        if (ran < 0)
            return 1;
        inputs += ran;
    }
    printf("%ld inputs\n", inputs);
    return inputs > 0 ? 0 : 1;
}
