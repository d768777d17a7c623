/*
 * YAML against a table: what keys a mapping may have, of which type, and where in a struct each
 * value goes. Finds every fault of the file, with line and column. Opens no file and knows no
 * programme and no cycle.
 */
#ifndef DD_CLIENTS_CLI_YAML_H
#define DD_CLIENTS_CLI_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/bytes.h"
#include "core/figure.h"
#include "core/status.h"
#include "core/words.h"

enum { DD_YAML_BYTES_MAX = 256 * 1024 };

/* Where something stands in the file; both count from 1. */
struct dd_yaml_mark {
    uint32_t line;
    uint32_t column;
};

/* A fault; text is "path: what is wrong and the rule", owned by the list. */
struct dd_yaml_fault {
    struct dd_yaml_mark mark;
    char *text;
};

struct dd_yaml_place;

/* All zero is the empty list; it grows without a cap. */
struct dd_yaml_faults {
    struct dd_yaml_fault *list;
    size_t count;
    size_t room;
    bool no_memory;              /* sticky: a fault could not be kept */
    struct dd_yaml_place *place; /* where each value that was read stands; of the reader's arena */
};

/* Adds a fault about the key path `path`; the rest as printf. */
__attribute__((format(printf, 4, 5))) void dd_yaml_fault_add(struct dd_yaml_faults *faults,
                                                             struct dd_yaml_mark mark,
                                                             const char *path, const char *format,
                                                             ...);

/* Where the value of that path ("stages[2].deadline.day") stands in the file that was read last
 * with these faults; if it is not there, where its nearest parent does. For the checks between keys
 * that come after reading, while the reader's arena lives. */
struct dd_yaml_mark dd_yaml_mark_at(const struct dd_yaml_faults *faults, const char *path);

/* True if the file that was read last has a value of that path. */
bool dd_yaml_is_given(const struct dd_yaml_faults *faults, const char *path);

/* Brings the faults into the order of the file. */
void dd_yaml_faults_sort(struct dd_yaml_faults *faults);

/* Writes a line FILE:LINE:COLUMN: TEXT for each fault, in the order of the file. */
void dd_yaml_faults_print(struct dd_yaml_faults *faults, const char *file, FILE *out);

/* Gives the memory back; the list is empty again. */
void dd_yaml_faults_free(struct dd_yaml_faults *faults);

enum dd_yaml_type {
    DD_YAML_CODE,   /* struct dd_slice, a code */
    DD_YAML_TEXT,   /* struct dd_slice, one line of at most `max` bytes */
    DD_YAML_WHOLE,  /* int32_t from min to max */
    DD_YAML_SWITCH, /* bool: true or false */
    DD_YAML_WORD,   /* int: the number of a word of `vocabulary` */
    DD_YAML_DAY,    /* int32_t: YYYY-MM-DD */
    DD_YAML_CODES,  /* struct dd_yaml_list of struct dd_slice, at most `max` */
    DD_YAML_WHOLES, /* struct dd_yaml_list of int32_t from min to max */
    DD_YAML_WORDS,  /* struct dd_yaml_list of int, numbers of words of `vocabulary` */
    DD_YAML_OPTION, /* struct dd_yaml_option: a name of `form`'s fields, or, where max is above 0,
                     * a whole number from min to max; form may be NULL */
    DD_YAML_FIGURE, /* struct dd_yaml_figure: a decimal number, exact */
    DD_YAML_MAP,    /* a struct laid out by `form`, within this one */
    DD_YAML_MAPS    /* struct dd_yaml_list of structs laid out by `form`, at most `max`; min 1: one
                     * alone may stand without the list round it */
};

/* One of a few words that stand for themselves, or a number. */
struct dd_yaml_option {
    bool given;
    int word; /* 1: the first of the form's names; 0: a number */
    int32_t number;
};

/* A decimal number as core/figure.h has them. */
struct dd_yaml_figure {
    bool given;
    struct dd_figure figure;
};

struct dd_yaml_form;

/* A key that a mapping may have. What it leaves out stays as the form's caller set it. */
struct dd_yaml_field {
    const char *name;
    enum dd_yaml_type type;
    bool required;
    size_t offset; /* in the struct */
    int32_t min;
    int32_t max;
    enum dd_vocabulary vocabulary;
    const struct dd_yaml_form *form;
};

/* A mapping: its keys, and the struct, whose first member is a struct dd_yaml_mark. */
struct dd_yaml_form {
    const struct dd_yaml_field *fields;
    size_t count;
    size_t struct_bytes;
};

/* Of codes and numbers the good ones; of maps all. */
struct dd_yaml_list {
    void *items; /* of the arena */
    size_t count;
    struct dd_yaml_mark mark; /* of the list; line 0: it is not there */
};

/* Reads the bytes (UTF-8 with or without BOM, one document) into *out, which is all zero or has the
 * defaults; texts, lists and the places of dd_yaml_mark_at lie in the arena. DD_OK; DD_INVALID:
 * faults were added; DD_NO_MEMORY. */
enum dd_status dd_yaml_read(struct dd_slice bytes, const struct dd_yaml_form *form,
                            struct dd_arena *arena, void *out, struct dd_yaml_faults *faults);

/* The bytes of a file of at most max_bytes, in the arena, with a 0 behind them. DD_NOT_FOUND,
 * DD_TOO_LARGE, DD_IO, DD_NO_MEMORY. */
enum dd_status dd_file_slurp(const char *path, size_t max_bytes, struct dd_arena *arena,
                             struct dd_slice *bytes);

#endif
