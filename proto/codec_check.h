/*
 * Values out of an unpacked message, checked one by one. The first fault is kept with its field
 * path and everything after it is harmless, so that the readers of messages need no branches.
 * Internal to the codec; knows no message.
 */
#ifndef DD_PROTO_CODEC_CHECK_H
#define DD_PROTO_CODEC_CHECK_H

#include <protobuf-c/protobuf-c.h>

#include "core/arena.h"
#include "core/calendar.h"
#include "core/rule.h"
#include "proto/scan.h"

struct dd_checker {
    struct dd_arena *arena;     /* what is decoded lies here */
    struct dd_refusal *refusal; /* the first fault; status DD_OK before */
    bool no_memory;
    bool logged; /* what was taken once is not judged again by rules that may have grown */
    struct dd_path path;
};

/* The last instant that is taken, in ms: the end of the year DD_YEAR_MAX. */
#define DD_CODEC_INSTANT_MAX (((int64_t)DD_DAY_MAX + 1) * 86400000 - 1)

struct dd_checker dd_checker_make(struct dd_arena *arena, struct dd_refusal *refusal);

/* How it ended: DD_OK, DD_NO_MEMORY, or the refusal's status. */
enum dd_status dd_checker_status(const struct dd_checker *c);

/* Scans and unpacks: a message of that shape in the arena, or NULL and the fault kept. Above
 * bytes_max: DD_TOO_LARGE. */
ProtobufCMessage *dd_check_unpack(struct dd_checker *c, struct dd_slice bytes, size_t bytes_max,
                                  const ProtobufCMessageDescriptor *shape, enum dd_scan_mode mode);

/* The readers are now within that field, or that element of it; and out again. */
void dd_check_enter(struct dd_checker *c, const char *field);
void dd_check_enter_element(struct dd_checker *c, const char *field, size_t index);
void dd_check_leave(struct dd_checker *c);

/* Keeps a fault, with no parameter or a number as {0}. */
void dd_check_fault(struct dd_checker *c, enum dd_rule rule, const char *field);
void dd_check_fault_number(struct dd_checker *c, enum dd_rule rule, const char *field, int64_t n);

/* Keeps a fault with a text as {0}; and a refusal of something that stands where the readers are
 * now: its field is put behind the path. */
void dd_check_fault_text(struct dd_checker *c, enum dd_rule rule, const char *field,
                         const char *text);
void dd_check_fault_within(struct dd_checker *c, const struct dd_refusal *refusal);

/* MISSING unless present; TOO_MANY unless there are none. */
void dd_check_present(struct dd_checker *c, const char *field, bool present);
void dd_check_none(struct dd_checker *c, const char *field, size_t count);

/* A code that must be there; one that may be empty; a cycle's name, "programme/period". */
struct dd_slice dd_check_code(struct dd_checker *c, const char *field, const char *text);
struct dd_slice dd_check_code_or_none(struct dd_checker *c, const char *field, const char *text);
struct dd_slice dd_check_cycle(struct dd_checker *c, const char *field, const char *text);
struct dd_slice dd_check_cycle_or_none(struct dd_checker *c, const char *field, const char *text);

/* A text of at most `max` bytes: one line, or several (then a newline and a tab may stand in it).
 */
struct dd_slice dd_check_line(struct dd_checker *c, const char *field, const char *text,
                              size_t max);
struct dd_slice dd_check_lines(struct dd_checker *c, const char *field, const char *text,
                               size_t max);

/* A title: a line with something to read in it; of an entry once taken, any text that is there. */
struct dd_slice dd_check_title(struct dd_checker *c, const char *field, const char *text);

/* A reason or a note, several lines: empty, or with something to read in it (blanks alone are
 * refused by that rule); of an entry once taken, any text. */
struct dd_slice dd_check_said(struct dd_checker *c, const char *field, const char *text,
                              enum dd_rule rule);

/* A line that must be there. */
struct dd_slice dd_check_needed_line(struct dd_checker *c, const char *field, const char *text,
                                     size_t max);

/* A text as it is: of a reply. */
struct dd_slice dd_check_any(const char *text);

/* A day; or `none` for an empty text. */
int32_t dd_check_day(struct dd_checker *c, const char *field, const char *text);
int32_t dd_check_day_or(struct dd_checker *c, const char *field, const char *text, int32_t none);

/* A number within from .. to, both included; `from` if it is not. */
uint16_t dd_check_u16(struct dd_checker *c, const char *field, uint32_t value, uint16_t from,
                      uint16_t to);
int64_t dd_check_i64(struct dd_checker *c, const char *field, int64_t value, int64_t from,
                     int64_t to);

/* Exactly `size` bytes into out; 0: there must be none. */
void dd_check_bytes(struct dd_checker *c, const char *field, ProtobufCBinaryData bytes,
                    uint8_t *out, size_t size);

/* Room for `count` things of that size (bytes), zeroed, if there are at most `max`; NULL if there
 * are none or something is wrong. */
void *dd_check_array(struct dd_checker *c, const char *field, size_t count, size_t max,
                     size_t size);

/* Codes, each one there. */
struct dd_slice *dd_check_codes(struct dd_checker *c, const char *field, char *const *texts,
                                size_t count, size_t max);

/* Defines a reader of a repeated message: name(c, field, in, count, max) gives an array of
 * core_type made by one(c, in[i], &out[i]). */
#define DD_CHECK_LIST(name, wire_type, core_type, one) \
    core_type *name(struct dd_checker *c, const char *field, wire_type *const *in, size_t count, \
                    size_t max) \
    { \
        core_type *out = dd_check_array(c, field, count, max, sizeof *out); \
        for (size_t i = 0; out && i < count; i++) { \
            dd_check_enter_element(c, field, i); \
            one(c, in[i], &out[i]); \
            dd_check_leave(c); \
        } \
        return out; \
    } \
    static_assert(true, "a semicolon follows")

#endif
