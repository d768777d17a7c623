/* Folders for a system: is one free, and away with it. See clients/cli/system.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/cli/system.h"

enum { DEPTH_MAX = 8 }; /* of folders in a data folder */

static enum dd_status because(struct dd_why *why, enum dd_status status, const char *path,
                              const char *what)
{
    snprintf(why->text, sizeof why->text, "%.400s: %s", path, what);
    return status;
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The folder above a path that is not there must be there, or making it later would fail. */
static enum dd_status check_above(const char *path, struct dd_why *why)
{
    char above[DD_PATH_BYTES];
    struct stat status;
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    while (size > 0 && path[size - 1] != '/')
        size--;
    if (size >= sizeof above)
        return because(why, DD_TOO_LARGE, path, "the path is too long");
    memcpy(above, path, size);
    memcpy(above + size, ".", 2);
    if (stat(above, &status) != 0 || !S_ISDIR(status.st_mode))
        return because(why, DD_NOT_FOUND, path, "the folder above it is not there");
    return DD_OK;
}

enum dd_status dd_folder_free(const char *path, struct dd_why *why)
{
    why->text[0] = '\0';
    if (!*path)
        return because(why, DD_INVALID, "\"\"", "an empty path");
    DIR *dir = opendir(path);
    if (!dir && errno == ENOENT)
        return check_above(path, why);
    if (!dir)
        return because(why, errno == ENOTDIR ? DD_EXISTS : DD_IO, path, strerror(errno));
    const struct dirent *entry;
    bool empty = true;
    while (empty && (entry = readdir(dir)) != NULL)
        empty = is_dot(entry->d_name);
    closedir(dir);
    return empty ? DD_OK : because(why, DD_EXISTS, path, "the folder is not empty");
}

/* Removes what is in a folder, deepest first. Bounded by depth: a data folder is shallow. */
static void empty_folder(int fd, int depth)
{
    DIR *dir = fdopendir(fd);
    const struct dirent *entry;
    if (!dir) {
        close(fd);
        return;
    }
    while ((entry = readdir(dir)) != NULL) {
        if (is_dot(entry->d_name) || unlinkat(dirfd(dir), entry->d_name, 0) == 0)
            continue;
        int inner = depth < DEPTH_MAX ? openat(dirfd(dir), entry->d_name,
                                               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                                      : -1;
        if (inner < 0)
            continue;
        empty_folder(inner, depth + 1);
        (void)unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
    }
    closedir(dir);
}

void dd_folder_remove(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return;
    empty_folder(fd, 0);
    (void)rmdir(path);
}
