/*
 * A folder for one test, and ways to hurt the files in it: cut, flip, overwrite. Any of this
 * failing fails the test. Knows no file format.
 */
#ifndef DD_TESTS_LIB_FAULT_FOLDER_H
#define DD_TESTS_LIB_FAULT_FOLDER_H

#include <stddef.h>
#include <stdint.h>

enum { FAULT_PATH_BYTES = 256 };

struct fault_folder {
    char path[FAULT_PATH_BYTES];
};

/* A new empty folder under $TMPDIR or /tmp, and its removal with all that is in it. */
void fault_folder_make(struct fault_folder *folder);
void fault_folder_remove(struct fault_folder *folder);

/* Removes what is in the folder, one level of folders deep, but not itself. */
void fault_folder_empty(struct fault_folder *folder);

/* "folder/name" into out. */
void fault_path(const struct fault_folder *folder, const char *name, char out[FAULT_PATH_BYTES]);

/* The size of a file, -1 if there is none. */
long long fault_file_size(const struct fault_folder *folder, const char *name);

/* Cuts a file to size bytes. */
void fault_cut(const struct fault_folder *folder, const char *name, uint64_t size);

/* Reads and writes bytes at an offset of a file that has them. */
void fault_peek(const struct fault_folder *folder, const char *name, uint64_t offset, void *out,
                size_t size);
void fault_poke(const struct fault_folder *folder, const char *name, uint64_t offset,
                const void *bytes, size_t size);

/* Turns the lowest bit of a byte round. */
void fault_flip(const struct fault_folder *folder, const char *name, uint64_t offset);

#endif
