/* Folders and damaged files for tests. See tests/lib/fault_folder.h. */
#include "tests/lib/fault_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void fault_folder_make(struct fault_folder *folder)
{
    const char *base = getenv("TMPDIR");
    int size = snprintf(folder->path, sizeof folder->path, "%s/dondoc-test-XXXXXX",
                        base && *base ? base : "/tmp");
    assert_true(size > 0 && (size_t)size < sizeof folder->path / 2);
    assert_non_null(mkdtemp(folder->path));
}

/* Removes the files of a folder, and empty folders in it. */
static void remove_entries(const char *path)
{
    char entry[FAULT_PATH_BYTES];
    DIR *stream = opendir(path);
    if (!stream)
        return;
    for (struct dirent *file = readdir(stream); file; file = readdir(stream)) {
        if (strcmp(file->d_name, ".") == 0 || strcmp(file->d_name, "..") == 0)
            continue;
        int size = snprintf(entry, sizeof entry, "%s/%s", path, file->d_name);
        assert_true(size > 0 && (size_t)size < sizeof entry);
        (void)remove(entry);
    }
    closedir(stream);
}

void fault_folder_empty(struct fault_folder *folder)
{
    char inner[FAULT_PATH_BYTES];
    DIR *stream = opendir(folder->path);
    assert_non_null(stream);
    for (struct dirent *file = readdir(stream); file; file = readdir(stream)) {
        if (strcmp(file->d_name, ".") == 0 || strcmp(file->d_name, "..") == 0)
            continue;
        fault_path(folder, file->d_name, inner);
        remove_entries(inner);
    }
    closedir(stream);
    remove_entries(folder->path);
}

void fault_folder_remove(struct fault_folder *folder)
{
    fault_folder_empty(folder);
    assert_int_equal(rmdir(folder->path), 0);
}

void fault_path(const struct fault_folder *folder, const char *name, char out[FAULT_PATH_BYTES])
{
    int size = snprintf(out, FAULT_PATH_BYTES, "%s/%s", folder->path, name);
    assert_true(size > 0 && size < FAULT_PATH_BYTES);
}

long long fault_file_size(const struct fault_folder *folder, const char *name)
{
    char path[FAULT_PATH_BYTES];
    struct stat file;
    fault_path(folder, name, path);
    return stat(path, &file) == 0 ? (long long)file.st_size : -1;
}

void fault_cut(const struct fault_folder *folder, const char *name, uint64_t size)
{
    char path[FAULT_PATH_BYTES];
    fault_path(folder, name, path);
    assert_int_equal(truncate(path, (off_t)size), 0);
}

static int open_file(const struct fault_folder *folder, const char *name)
{
    char path[FAULT_PATH_BYTES];
    fault_path(folder, name, path);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

void fault_peek(const struct fault_folder *folder, const char *name, uint64_t offset, void *out,
                size_t size)
{
    int fd = open_file(folder, name);
    assert_int_equal(pread(fd, out, size, (off_t)offset), size);
    close(fd);
}

void fault_poke(const struct fault_folder *folder, const char *name, uint64_t offset,
                const void *bytes, size_t size)
{
    int fd = open_file(folder, name);
    assert_int_equal(pwrite(fd, bytes, size, (off_t)offset), size);
    close(fd);
}

void fault_flip(const struct fault_folder *folder, const char *name, uint64_t offset)
{
    uint8_t byte;
    fault_peek(folder, name, offset, &byte, 1);
    byte ^= 1;
    fault_poke(folder, name, offset, &byte, 1);
}
