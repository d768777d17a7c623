/*
 * JSON as it is written: members one after the other, straight to a stream. Keeps track of commas
 * and indentation only; the caller opens and closes. Knows no message.
 */
#ifndef DD_CLIENTS_CLI_JSON_H
#define DD_CLIENTS_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/bytes.h"

struct dd_json {
    FILE *out;
    int depth;
    bool first; /* nothing stands in the open object or array yet */
    bool lines; /* each object on a line of its own, without indentation */
};

/* A writer to the stream (borrowed). lines: JSON Lines, one object a line. */
struct dd_json dd_json_make(FILE *out, bool lines);

/* Opens and closes; key NULL: an element of an array, or the whole. Closing the whole ends the
 * line.
 */
void dd_json_object(struct dd_json *json, const char *key);
void dd_json_object_end(struct dd_json *json);
void dd_json_array(struct dd_json *json, const char *key);
void dd_json_array_end(struct dd_json *json);

/* Members, or elements where key is NULL. Bytes of a text that are not UTF-8 become U+FFFD. */
void dd_json_text(struct dd_json *json, const char *key, struct dd_slice text);
void dd_json_string(struct dd_json *json, const char *key, const char *text);
void dd_json_number(struct dd_json *json, const char *key, int64_t number);
void dd_json_unsigned(struct dd_json *json, const char *key, uint64_t number);
void dd_json_switch(struct dd_json *json, const char *key, bool value);
void dd_json_hex(struct dd_json *json, const char *key, struct dd_slice bytes);
void dd_json_day(struct dd_json *json, const char *key, int32_t day); /* YYYY-MM-DD */
void dd_json_null(struct dd_json *json, const char *key);

/* An instant as ISO 8601 with offset; 0 and INT64_MAX are null. */
void dd_json_instant(struct dd_json *json, const char *key, int64_t at_ms, int offset_min);

#endif
