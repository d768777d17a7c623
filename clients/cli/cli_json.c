/* JSON, written. See clients/cli/cli_json.h. */
#include "clients/cli/cli_json.h"

#include <inttypes.h>

#include "core/calendar.h"
#include "core/text.h"

struct dd_json dd_json_make(FILE *out, bool lines)
{
    return (struct dd_json){.out = out, .first = true, .lines = lines};
}

static void put_text(struct dd_json *json, struct dd_slice text)
{
    fputc('"', json->out);
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        size_t size = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        if (byte == '"' || byte == '\\')
            fprintf(json->out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7F)
            fprintf(json->out, "\\u%04x", byte);
        else if (size <= text.size - i && dd_text_utf8_ok((struct dd_slice){text.data + i, size})) {
            fwrite(text.data + i, 1, size, json->out);
            i += size - 1;
        } else {
            fputs("\\ufffd", json->out);
        }
    }
    fputc('"', json->out);
}

/* What stands before every member: the comma, the new line, the key. */
static void begin(struct dd_json *json, const char *key)
{
    if (!json->first)
        fputc(',', json->out);
    if (json->depth > 0 && !json->lines)
        fprintf(json->out, "\n%*s", 2 * json->depth, "");
    else if (!json->first)
        fputc(' ', json->out);
    if (key) {
        put_text(json, dd_slice_of(key));
        fputs(": ", json->out);
    }
    json->first = false;
}

static void open_with(struct dd_json *json, const char *key, char bracket)
{
    begin(json, key);
    fputc(bracket, json->out);
    json->depth++;
    json->first = true;
}

static void close_with(struct dd_json *json, char bracket)
{
    json->depth--;
    if (!json->first && !json->lines)
        fprintf(json->out, "\n%*s", 2 * json->depth, "");
    fputc(bracket, json->out);
    json->first = json->depth == 0;
    if (json->depth == 0)
        fputc('\n', json->out);
}

void dd_json_object(struct dd_json *json, const char *key)
{
    open_with(json, key, '{');
}

void dd_json_object_end(struct dd_json *json)
{
    close_with(json, '}');
}

void dd_json_array(struct dd_json *json, const char *key)
{
    open_with(json, key, '[');
}

void dd_json_array_end(struct dd_json *json)
{
    close_with(json, ']');
}

void dd_json_text(struct dd_json *json, const char *key, struct dd_slice text)
{
    begin(json, key);
    put_text(json, text);
}

void dd_json_string(struct dd_json *json, const char *key, const char *text)
{
    dd_json_text(json, key, dd_slice_of(text));
}

void dd_json_number(struct dd_json *json, const char *key, int64_t number)
{
    begin(json, key);
    fprintf(json->out, "%" PRId64, number);
}

void dd_json_unsigned(struct dd_json *json, const char *key, uint64_t number)
{
    begin(json, key);
    fprintf(json->out, "%" PRIu64, number);
}

void dd_json_switch(struct dd_json *json, const char *key, bool value)
{
    begin(json, key);
    fputs(value ? "true" : "false", json->out);
}

void dd_json_null(struct dd_json *json, const char *key)
{
    begin(json, key);
    fputs("null", json->out);
}

void dd_json_hex(struct dd_json *json, const char *key, struct dd_slice bytes)
{
    begin(json, key);
    fputc('"', json->out);
    for (size_t i = 0; i < bytes.size; i++)
        fprintf(json->out, "%02x", bytes.data[i]);
    fputc('"', json->out);
}

void dd_json_day(struct dd_json *json, const char *key, int32_t day)
{
    char text[DD_DAY_TEXT_BYTES];
    if (day < DD_DAY_MIN || day > DD_DAY_MAX) {
        dd_json_null(json, key);
        return;
    }
    dd_day_format(day, text);
    dd_json_string(json, key, text);
}

void dd_json_instant(struct dd_json *json, const char *key, int64_t at_ms, int offset_min)
{
    char text[DD_INSTANT_TEXT_BYTES];
    if (at_ms == 0 || at_ms == INT64_MAX) {
        dd_json_null(json, key);
        return;
    }
    dd_instant_format(at_ms, offset_min, text);
    dd_json_string(json, key, text);
}
