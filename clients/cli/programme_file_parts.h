/*
 * A programme's file as its keys are read, before it is compiled: what the parts of programme_file
 * share. Outside them only struct dd_programme is known.
 */
#ifndef DD_CLIENTS_CLI_PROGRAMME_FILE_PARTS_H
#define DD_CLIENTS_CLI_PROGRAMME_FILE_PARTS_H

#include "clients/cli/cli_yaml.h"
#include "core/programme.h"

enum { DD_FILE_RUNG_DAYS_MAX = 120, DD_FILE_PATH_BYTES = 96, DD_FILE_YEAR_MAX = 9000 };

struct dd_file_names {
    struct dd_yaml_mark mark;
    struct dd_slice vi;
    struct dd_slice en;
};

struct dd_file_kind {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    struct dd_file_names name;
    int32_t max_tasks;
    bool counted;
};

struct dd_file_matter {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    struct dd_file_names name;
    int opened_by;
    int opened_in;
    struct dd_yaml_list signers; /* of int */
    bool counted;
    struct dd_yaml_option needs;
};

/* The words of options, in the order of the tables in programme_file.c. */
enum { DD_FILE_NEEDS_DUE = 1, DD_FILE_NEEDS_AT };
enum { DD_FILE_PREVIOUS = 1, DD_FILE_NEXT, DD_FILE_FIRST, DD_FILE_LAST };
enum { DD_FILE_BOTH = 1, DD_FILE_LONGER };
enum { DD_FILE_ASKED = 1, DD_FILE_ANSWERS };

/* A day of a period. The word of `day` is last. */
struct dd_file_day {
    struct dd_yaml_mark mark;
    struct dd_yaml_option day;
    struct dd_yaml_option weekday;
    struct dd_yaml_option month;
    struct dd_yaml_option year;
    struct dd_yaml_option week;
};

struct dd_file_deadline {
    struct dd_file_day on; /* first: its mark is the deadline's */
    int word;
    struct dd_slice date;
    int every;
    struct dd_yaml_list except; /* of int32_t */
    struct dd_yaml_list only;   /* of int32_t */
    struct dd_yaml_option in;   /* a year */
    struct dd_yaml_option since;
    struct dd_yaml_option until;
    struct dd_file_day closing;
    struct dd_yaml_option days;
    int before;
    int after;
    bool working;
    bool roll;
};

struct dd_file_overlap {
    struct dd_yaml_mark mark;
    struct dd_slice with;
    struct dd_yaml_option owed;
};

struct dd_file_answer {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    struct dd_file_names name;
};

struct dd_file_passes {
    struct dd_yaml_mark mark;
    struct dd_slice answer;
    struct dd_slice more_than; /* a percentage, or a fraction */
    struct dd_yaml_option of;
};

struct dd_file_stage {
    struct dd_yaml_mark mark;
    struct dd_slice key;
    struct dd_file_names name;
    int act;
    int by;
    struct dd_slice of;
    int who;
    struct dd_yaml_list groups;  /* of struct dd_slice */
    struct dd_yaml_list signers; /* of int */
    struct dd_file_deadline deadline;
    int word; /* the short form of a deadline */
    struct dd_slice date;
    bool roll;
    int silence;
    bool refuse_after_bound;
    bool any_time;
    bool reason_when_late;
    bool skipped_by_adjustment;
    bool first_approver_adjusts;
    struct dd_slice form;
    struct dd_slice needed;
    struct dd_yaml_list overlap; /* of struct dd_file_overlap */
    struct dd_yaml_list answers; /* of struct dd_file_answer */
    struct dd_file_passes passes;
    int bent_by;
    struct dd_yaml_option extensions;
    struct dd_yaml_option extension_days;
    bool working_days;
    struct dd_yaml_list rungs;    /* of int32_t */
    struct dd_yaml_list superior; /* of int32_t */
};

struct dd_file_figure {
    struct dd_yaml_mark mark;
    struct dd_slice key;
    struct dd_file_names name;
    struct dd_slice unit;
    bool optional;
    bool estimate;
    struct dd_yaml_figure max;
    struct dd_yaml_figure target;
};

struct dd_file_check {
    struct dd_yaml_mark mark;
    int check;
    struct dd_slice figure;
    struct dd_yaml_list of; /* of struct dd_slice */
    struct dd_yaml_figure bound;
    bool note;
};

struct dd_file_form {
    struct dd_yaml_mark mark;
    struct dd_slice key;
    struct dd_file_names name;
    struct dd_yaml_list figures; /* of struct dd_file_figure */
    struct dd_yaml_list checks;  /* of struct dd_file_check */
    struct dd_yaml_list parts;   /* of struct dd_slice */
};

struct dd_file {
    struct dd_yaml_mark mark;
    struct dd_slice code;
    int32_t version;
    struct dd_file_names name;
    struct dd_slice source;
    int32_t issued_day;
    bool progress_signed;
    struct dd_yaml_list kinds;   /* of struct dd_file_kind */
    struct dd_yaml_list matters; /* of struct dd_file_matter */
    struct dd_yaml_list stages;  /* of struct dd_file_stage */
    struct dd_yaml_list forms;   /* of struct dd_file_form */
};

/* One compilation. */
struct dd_compile {
    const struct dd_file *file;
    struct dd_programme *out;
    struct dd_arena *arena;
    struct dd_yaml_faults *faults;
    bool no_memory;
};

/* Adds a fault about "LIST[index + 1].KEY", at the place of that key; the rest as printf. */
__attribute__((format(printf, 5, 6))) void dd_compile_fault(struct dd_compile *c, const char *list,
                                                            size_t index, const char *key,
                                                            const char *format, ...);

/* The stages' deadlines and the rest of them (programme_file_stage.c), the forms
 * (programme_file_form.c) into c->out. */
void dd_compile_stages(struct dd_compile *c);
void dd_compile_forms(struct dd_compile *c);

/* The capacities of a list of words as a stage's bits; the head is always one and has none. */
uint8_t dd_compile_signers(const struct dd_yaml_list *words);

/* What no member of the programme shows by itself: codes that stand twice, names of nothing, stages
 * that are never reached, silence without end, offices that nobody holds, people who judge
 * themselves (programme_faults.c). */
void dd_compile_check(struct dd_compile *c);

/* The same of what only the periods of years show; for a programme that the core takes. */
void dd_compile_check_periods(struct dd_compile *c);

/* What is allowed and yet has gone wrong elsewhere, for a programme without faults: each as a fault
 * of `warnings`, its path with "warning: " before it (programme_lint.c). */
void dd_compile_warn(struct dd_compile *c, struct dd_yaml_faults *warnings);

#endif
