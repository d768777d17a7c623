/* YAML by libyaml's document nodes, which carry marks. See clients/cli/cli_yaml.h. */
#include "clients/cli/cli_yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "clients/cli/cli_args.h"
#include "clients/cli/scenario_faults.h"
#include "core/calendar.h"
#include "core/invariant.h"
#include "core/text.h"
#include "proto/nfc.h"

enum {
    PATH_BYTES = 160,
    TEXT_BYTES = 768,
    KEYS_BYTES = 560,
    FIELDS_MAX = 40,
    NESTING_MAX = 64,
    NUMBERS_MAX = 64, /* of one list */
    KEY_BYTES = 32    /* no key is longer */
};

/* Where a value stands; the newest first. */
struct dd_yaml_place {
    struct dd_yaml_place *next;
    struct dd_yaml_mark mark;
    size_t size; /* of the path */
    char path[];
};

struct reading {
    yaml_document_t document;
    struct dd_arena *arena;
    struct dd_yaml_faults *faults;
    bool no_memory;
};

/* A value and the path that names it. */
struct value {
    const yaml_node_t *node;
    char path[PATH_BYTES];
};

static struct dd_yaml_mark mark_of(const yaml_node_t *node)
{
    return (struct dd_yaml_mark){(uint32_t)node->start_mark.line + 1,
                                 (uint32_t)node->start_mark.column + 1};
}

void dd_yaml_fault_add(struct dd_yaml_faults *faults, struct dd_yaml_mark mark, const char *path,
                       const char *format, ...)
{
    char text[TEXT_BYTES];
    char line[TEXT_BYTES + PATH_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(line, sizeof line, "%.150s: %s", path, text);
    if (faults->count == faults->room) {
        size_t room = faults->room ? faults->room * 2 : 16;
        struct dd_yaml_fault *list = realloc(faults->list, room * sizeof *list);
        if (!list) {
            faults->no_memory = true;
            return;
        }
        faults->list = list;
        faults->room = room;
    }
    char *copy = strdup(line);
    if (!copy)
        faults->no_memory = true;
    else
        faults->list[faults->count++] = (struct dd_yaml_fault){mark, copy};
}

static int compare_faults(const void *a, const void *b)
{
    const struct dd_yaml_fault *x = a;
    const struct dd_yaml_fault *y = b;
    if (x->mark.line != y->mark.line)
        return x->mark.line < y->mark.line ? -1 : 1;
    if (x->mark.column != y->mark.column)
        return x->mark.column < y->mark.column ? -1 : 1;
    return strcmp(x->text, y->text);
}

void dd_yaml_faults_sort(struct dd_yaml_faults *faults)
{
    if (faults->count > 0)
        qsort(faults->list, faults->count, sizeof *faults->list, compare_faults);
}

static const struct dd_yaml_place *find_place(const struct dd_yaml_faults *faults, const char *path,
                                              size_t size)
{
    const struct dd_yaml_place *place = faults->place;
    while (place && (place->size != size || memcmp(place->path, path, size) != 0))
        place = place->next;
    return place;
}

/* The size of the path without its last part. */
static size_t parent_size(const char *path, size_t size)
{
    while (size > 0 && path[size - 1] != '.' && path[size - 1] != '[')
        size--;
    return size > 0 ? size - 1 : 0;
}

struct dd_yaml_mark dd_yaml_mark_at(const struct dd_yaml_faults *faults, const char *path)
{
    for (size_t size = strlen(path);; size = parent_size(path, size)) {
        const struct dd_yaml_place *place = find_place(faults, path, size);
        if (place)
            return place->mark;
        if (size == 0)
            return (struct dd_yaml_mark){1, 1};
    }
}

bool dd_yaml_is_given(const struct dd_yaml_faults *faults, const char *path)
{
    return find_place(faults, path, strlen(path)) != NULL;
}

void dd_yaml_faults_print(struct dd_yaml_faults *faults, const char *file, FILE *out)
{
    dd_yaml_faults_sort(faults);
    for (size_t i = 0; i < faults->count; i++)
        fprintf(out, "%s:%lu:%lu: %s\n", file, (unsigned long)faults->list[i].mark.line,
                (unsigned long)faults->list[i].mark.column, faults->list[i].text);
}

void dd_yaml_faults_free(struct dd_yaml_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        free(faults->list[i].text);
    free(faults->list);
    *faults = (struct dd_yaml_faults){.list = NULL};
}

static void path_join(char out[PATH_BYTES], const char *parent, const char *key)
{
    snprintf(out, PATH_BYTES, "%.90s%s%.60s", parent, *parent ? "." : "", key);
}

/* Remembers where the value stands. */
static void keep_place(struct reading *r, const struct value *value)
{
    size_t size = strlen(value->path);
    struct dd_yaml_place *place = dd_arena_take(r->arena, sizeof *place + size);
    if (!place) {
        r->no_memory = true;
        return;
    }
    place->next = r->faults->place;
    place->mark = mark_of(value->node);
    place->size = size;
    memcpy(place->path, value->path, size);
    r->faults->place = place;
}

static const char *shown(const struct value *value)
{
    return *value->path ? value->path : "file";
}

/* A scalar's text in arena memory; false with a fault if it is none. */
static bool scalar(struct reading *r, const struct value *value, struct dd_slice *out)
{
    if (value->node->type != YAML_SCALAR_NODE) {
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value),
                          "must be a single value, not a list or mapping");
        return false;
    }
    size_t size = value->node->data.scalar.length;
    uint8_t *copy = dd_arena_take(r->arena, size + 1);
    if (!copy) {
        r->no_memory = true;
        return false;
    }
    memcpy(copy, value->node->data.scalar.value, size);
    *out = (struct dd_slice){copy, size};
    return true;
}

static bool take_code(struct reading *r, const struct value *value, struct dd_slice *out)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    if (!scalar(r, value, out))
        return false;
    if (dd_text_code_ok(*out))
        return true;
    dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value),
                      "%s is no code; a code is 1 to %d of a-z A-Z 0-9 . _ - and begins with a "
                      "letter or digit",
                      dd_faults_quote(quoted, (const char *)out->data), DD_CODE_BYTES_MAX);
    return false;
}

static void take_text(struct reading *r, const struct value *value, int32_t max,
                      struct dd_slice *out)
{
    if (!scalar(r, value, out))
        return;
    if (out->size > (size_t)max)
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value),
                          "has %zu bytes; at most %ld are allowed", out->size, (long)max);
    else if (out->size == 0)
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value), "is empty");
    else if (!dd_text_plain(*out))
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value),
                          "must be one line of text without control or direction characters");
    else if (dd_nfc_normalise(*out, r->arena, out) != DD_OK)
        r->no_memory = true;
}

static bool take_whole(struct reading *r, const struct value *value, int32_t min, int32_t max,
                       int32_t *out)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    struct dd_slice text;
    char *end = NULL;
    if (!scalar(r, value, &text))
        return false;
    const char *digits = (const char *)text.data;
    errno = 0;
    long number = strtol(digits, &end, 10);
    bool plain = digits[0] == '-' ? digits[1] >= '0' && digits[1] <= '9'
                                  : digits[0] >= '0' && digits[0] <= '9';
    if (!plain || errno != 0 || end != digits + text.size || number < min || number > max) {
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value),
                          "%s is no whole number from %ld to %ld", dd_faults_quote(quoted, digits),
                          (long)min, (long)max);
        return false;
    }
    *out = (int32_t)number;
    return true;
}

static void take_switch(struct reading *r, const struct value *value, bool *out)
{
    struct dd_slice text;
    if (!scalar(r, value, &text))
        return;
    if (dd_slice_equal(text, dd_slice_of("true")))
        *out = true;
    else if (dd_slice_equal(text, dd_slice_of("false")))
        *out = false;
    else
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value), "must be true or false");
}

static void take_word(struct reading *r, const struct value *value, enum dd_vocabulary vocabulary,
                      int *out)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    char listed[KEYS_BYTES];
    struct dd_slice text;
    if (!scalar(r, value, &text))
        return;
    int number = dd_word_number(vocabulary, text);
    if (number != 0) {
        *out = number;
        return;
    }
    dd_words_listed(vocabulary, listed, sizeof listed);
    dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value), "%s is not known; it is %s",
                      dd_faults_quote(quoted, (const char *)text.data), listed);
}

static void take_day(struct reading *r, const struct value *value, int32_t *out)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    struct dd_slice text;
    if (scalar(r, value, &text) && !dd_day_parse(text, out))
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value),
                          "%s is no date; dates are YYYY-MM-DD",
                          dd_faults_quote(quoted, (const char *)text.data));
}

/* The elements of a list, with room for each; 0 if it is none. */
static size_t take_list(struct reading *r, const struct value *value, size_t max, size_t item_bytes,
                        struct dd_yaml_list *out)
{
    if (value->node->type != YAML_SEQUENCE_NODE) {
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value), "must be a list");
        return 0;
    }
    size_t count =
        (size_t)(value->node->data.sequence.items.top - value->node->data.sequence.items.start);
    out->mark = mark_of(value->node);
    if (count > max) {
        dd_yaml_fault_add(r->faults, out->mark, shown(value),
                          "has %zu elements; at most %zu are "
                          "allowed",
                          count, max);
        return 0;
    }
    out->items = dd_arena_take(r->arena, (count + 1) * item_bytes);
    if (!out->items) {
        r->no_memory = true;
        return 0;
    }
    return count;
}

static struct value element(struct reading *r, const struct value *list, size_t i)
{
    struct value out;
    out.node = yaml_document_get_node(&r->document, list->node->data.sequence.items.start[i]);
    snprintf(out.path, sizeof out.path, "%.90s[%zu]", list->path, i + 1);
    keep_place(r, &out);
    return out;
}

static void take_map(struct reading *r, const struct value *map, const struct dd_yaml_form *form,
                     char *out, int depth);

static void take_maps(struct reading *r, const struct value *value,
                      const struct dd_yaml_field *field, struct dd_yaml_list *out, int depth)
{
    size_t bytes = field->form->struct_bytes;
    if (field->min == 1 && value->node->type == YAML_MAPPING_NODE) {
        out->mark = mark_of(value->node);
        out->items = dd_arena_take(r->arena, bytes);
        if (!out->items) {
            r->no_memory = true;
            return;
        }
        take_map(r, value, field->form, out->items, depth + 1);
        out->count = 1;
        return;
    }
    size_t count = take_list(r, value, (size_t)field->max, bytes, out);
    for (size_t i = 0; i < count; i++) {
        struct value map = element(r, value, i);
        take_map(r, &map, field->form, (char *)out->items + i * bytes, depth + 1);
    }
    out->count = count;
}

static void take_codes(struct reading *r, const struct value *value,
                       const struct dd_yaml_field *field, struct dd_yaml_list *out)
{
    size_t count = take_list(r, value, (size_t)field->max, sizeof(struct dd_slice), out);
    struct dd_slice *codes = out->items;
    for (size_t i = 0; i < count; i++) {
        struct value item = element(r, value, i);
        out->count += take_code(r, &item, &codes[out->count]) ? 1 : 0;
    }
}

static void take_wholes(struct reading *r, const struct value *value,
                        const struct dd_yaml_field *field, struct dd_yaml_list *out)
{
    size_t count = take_list(r, value, NUMBERS_MAX, sizeof(int32_t), out);
    int32_t *numbers = out->items;
    for (size_t i = 0; i < count; i++) {
        struct value item = element(r, value, i);
        out->count += take_whole(r, &item, field->min, field->max, &numbers[out->count]) ? 1 : 0;
    }
}

static void take_words(struct reading *r, const struct value *value,
                       const struct dd_yaml_field *field, struct dd_yaml_list *out)
{
    size_t count = take_list(r, value, NUMBERS_MAX, sizeof(int), out);
    int *words = out->items;
    for (size_t i = 0; i < count; i++) {
        struct value item = element(r, value, i);
        take_word(r, &item, field->vocabulary, &words[out->count]);
        out->count += words[out->count] != 0 ? 1 : 0;
    }
}

/* The names of a form's fields: "a, b or c" with `last` " or ", into out. */
static void list_names(const struct dd_yaml_form *form, const char *last, char out[KEYS_BYTES])
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < form->count && at < KEYS_BYTES; i++) {
        const char *between = i == 0 ? "" : i + 1 == form->count ? last : ", ";
        int wrote = snprintf(out + at, KEYS_BYTES - at, "%s%s", between, form->fields[i].name);
        at += wrote > 0 ? (size_t)wrote : 0;
    }
}

static void take_option(struct reading *r, const struct value *value,
                        const struct dd_yaml_field *field, struct dd_yaml_option *out)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    char listed[KEYS_BYTES];
    struct dd_slice text;
    if (!scalar(r, value, &text))
        return;
    for (size_t i = 0; field->form && i < field->form->count; i++) {
        if (dd_slice_equal(text, dd_slice_of(field->form->fields[i].name))) {
            *out = (struct dd_yaml_option){true, (int)i + 1, 0};
            return;
        }
    }
    if (!field->form || (field->max > 0 && text.size > 0 && strchr("-0123456789", text.data[0]))) {
        out->given = take_whole(r, value, field->min, field->max, &out->number);
        return;
    }
    list_names(field->form, " or ", listed);
    if (field->max > 0)
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value),
                          "%s is not known; it is %s, or a whole number from %ld to %ld",
                          dd_faults_quote(quoted, (const char *)text.data), listed,
                          (long)field->min, (long)field->max);
    else
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value),
                          "%s is not known; it is %s",
                          dd_faults_quote(quoted, (const char *)text.data), listed);
}

static void take_figure(struct reading *r, const struct value *value, struct dd_yaml_figure *out)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    struct dd_slice text;
    if (!scalar(r, value, &text))
        return;
    out->given = dd_figure_parse(text, &out->figure);
    if (!out->given)
        dd_yaml_fault_add(r->faults, mark_of(value->node), shown(value),
                          "%s is no figure; a figure has at most %d digits, %d of them after the "
                          "point",
                          dd_faults_quote(quoted, (const char *)text.data), DD_FIGURE_DIGITS_MAX,
                          DD_FIGURE_SCALE_MAX);
}

static void take_value(struct reading *r, const struct value *value,
                       const struct dd_yaml_field *field, char *place, int depth)
{
    switch (field->type) {
    case DD_YAML_CODE:
        take_code(r, value, (struct dd_slice *)(void *)place);
        break;
    case DD_YAML_TEXT:
        take_text(r, value, field->max, (struct dd_slice *)(void *)place);
        break;
    case DD_YAML_WHOLE:
        take_whole(r, value, field->min, field->max, (int32_t *)(void *)place);
        break;
    case DD_YAML_SWITCH:
        take_switch(r, value, (bool *)place);
        break;
    case DD_YAML_WORD:
        take_word(r, value, field->vocabulary, (int *)(void *)place);
        break;
    case DD_YAML_DAY:
        take_day(r, value, (int32_t *)(void *)place);
        break;
    case DD_YAML_CODES:
        take_codes(r, value, field, (struct dd_yaml_list *)(void *)place);
        break;
    case DD_YAML_WHOLES:
        take_wholes(r, value, field, (struct dd_yaml_list *)(void *)place);
        break;
    case DD_YAML_WORDS:
        take_words(r, value, field, (struct dd_yaml_list *)(void *)place);
        break;
    case DD_YAML_OPTION:
        take_option(r, value, field, (struct dd_yaml_option *)(void *)place);
        break;
    case DD_YAML_FIGURE:
        take_figure(r, value, (struct dd_yaml_figure *)(void *)place);
        break;
    case DD_YAML_MAP:
        take_map(r, value, field->form, place, depth + 1);
        break;
    case DD_YAML_MAPS:
        take_maps(r, value, field, (struct dd_yaml_list *)(void *)place, depth);
        break;
    }
}

static void fault_unknown(struct reading *r, const yaml_node_t *key, const char *parent,
                          const struct dd_yaml_form *form)
{
    char quoted[DD_FAULT_QUOTE_BYTES];
    char listed[KEYS_BYTES];
    const char *names[FIELDS_MAX];
    const char *text =
        key->type == YAML_SCALAR_NODE ? (const char *)key->data.scalar.value : "(no text)";
    for (size_t i = 0; i < form->count; i++)
        names[i] = form->fields[i].name;
    list_names(form, ", ", listed);
    const char *meant = strlen(text) < KEY_BYTES ? dd_nearest(text, names, form->count) : NULL;
    dd_yaml_fault_add(r->faults, mark_of(key), *parent ? parent : "file",
                      "unknown key %s; %s%s%sthe keys are %s", dd_faults_quote(quoted, text),
                      meant ? "did you mean " : "", meant ? meant : "", meant ? "? " : "", listed);
}

static void take_pair(struct reading *r, const yaml_node_pair_t *pair, const struct value *map,
                      const struct dd_yaml_form *form, char *out, bool *seen, int depth)
{
    const yaml_node_t *key = yaml_document_get_node(&r->document, pair->key);
    struct value value = {.node = yaml_document_get_node(&r->document, pair->value)};
    size_t i = 0;
    while (i < form->count &&
           (key->type != YAML_SCALAR_NODE ||
            strcmp((const char *)key->data.scalar.value, form->fields[i].name) != 0))
        i++;
    if (i == form->count) {
        fault_unknown(r, key, map->path, form);
        return;
    }
    path_join(value.path, map->path, form->fields[i].name);
    keep_place(r, &value);
    if (seen[i])
        dd_yaml_fault_add(r->faults, mark_of(key), value.path, "the key stands twice");
    else
        take_value(r, &value, &form->fields[i], out + form->fields[i].offset, depth);
    seen[i] = true;
}

/* Bounded: a form's forms are static and their depth is that of the table, not of the file. */
static void take_map(struct reading *r, const struct value *map, const struct dd_yaml_form *form,
                     char *out, int depth)
{
    bool seen[FIELDS_MAX] = {false};
    struct dd_yaml_mark mark = mark_of(map->node);
    if (map->node->type != YAML_MAPPING_NODE) {
        dd_yaml_fault_add(r->faults, mark, shown(map), "must be a mapping of keys to values");
        return;
    }
    DD_ASSERT(form->count <= FIELDS_MAX);
    memcpy(out, &mark, sizeof mark);
    for (const yaml_node_pair_t *pair = map->node->data.mapping.pairs.start;
         pair < map->node->data.mapping.pairs.top; pair++)
        take_pair(r, pair, map, form, out, seen, depth);
    for (size_t i = 0; i < form->count; i++) {
        char path[PATH_BYTES];
        if (seen[i] || !form->fields[i].required)
            continue;
        path_join(path, map->path, form->fields[i].name);
        dd_yaml_fault_add(r->faults, mark, path, "the key is missing; it is required");
    }
}

static void parser_fault(struct dd_yaml_faults *faults, const yaml_parser_t *parser)
{
    struct dd_yaml_mark mark = {(uint32_t)parser->problem_mark.line + 1,
                                (uint32_t)parser->problem_mark.column + 1};
    dd_yaml_fault_add(faults, mark, "file", "this is not YAML: %s",
                      parser->problem ? parser->problem : "it cannot be read");
}

/* A second document in the file would be passed over without a word. */
static void check_rest(yaml_parser_t *parser, struct dd_yaml_faults *faults)
{
    yaml_document_t rest;
    if (!yaml_parser_load(parser, &rest)) {
        parser_fault(faults, parser);
        return;
    }
    const yaml_node_t *root = yaml_document_get_root_node(&rest);
    if (root)
        dd_yaml_fault_add(faults, mark_of(root), "file",
                          "there is a second document; one is the "
                          "rule");
    yaml_document_delete(&rest);
}

/* libyaml takes time that grows with the square of the depth; nothing here is nested deep. */
static bool nested_too_deep(struct dd_slice bytes, struct dd_yaml_faults *faults)
{
    struct dd_yaml_mark mark = {1, 1};
    int depth = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t byte = bytes.data[i];
        mark.column++;
        if (byte == '\n')
            mark = (struct dd_yaml_mark){mark.line + 1, 1};
        depth += byte == '[' || byte == '{' ? 1 : 0;
        depth -= (byte == ']' || byte == '}') && depth > 0 ? 1 : 0;
        if (depth <= NESTING_MAX)
            continue;
        dd_yaml_fault_add(faults, mark, "file", "brackets are nested more than %d deep",
                          NESTING_MAX);
        return true;
    }
    return false;
}

static void read_document(struct reading *r, yaml_parser_t *parser, const struct dd_yaml_form *form,
                          void *out)
{
    struct value root = {.path = ""};
    if (!yaml_parser_load(parser, &r->document)) {
        if (parser->error == YAML_MEMORY_ERROR)
            r->no_memory = true;
        else
            parser_fault(r->faults, parser);
        return;
    }
    root.node = yaml_document_get_root_node(&r->document);
    if (root.node) {
        keep_place(r, &root);
        take_map(r, &root, form, out, 0);
    } else {
        dd_yaml_fault_add(r->faults, (struct dd_yaml_mark){1, 1}, "file", "is empty");
    }
    yaml_document_delete(&r->document);
    if (root.node)
        check_rest(parser, r->faults);
}

enum dd_status dd_yaml_read(struct dd_slice bytes, const struct dd_yaml_form *form,
                            struct dd_arena *arena, void *out, struct dd_yaml_faults *faults)
{
    struct reading r = {.arena = arena, .faults = faults};
    struct dd_yaml_mark top = {1, 1};
    yaml_parser_t parser;
    size_t before = faults->count;
    faults->place = NULL;
    if (bytes.size > DD_YAML_BYTES_MAX)
        dd_yaml_fault_add(faults, top, "file", "has more than %d bytes", DD_YAML_BYTES_MAX);
    else if (!dd_text_utf8_ok(bytes) || memchr(bytes.data, 0, bytes.size))
        dd_yaml_fault_add(faults, top, "file", "is not text in UTF-8");
    else if (!nested_too_deep(bytes, faults)) {
        if (!yaml_parser_initialize(&parser))
            return DD_NO_MEMORY;
        yaml_parser_set_input_string(&parser, bytes.data, bytes.size);
        read_document(&r, &parser, form, out);
        yaml_parser_delete(&parser);
    }
    if (r.no_memory || faults->no_memory)
        return DD_NO_MEMORY;
    return faults->count == before ? DD_OK : DD_INVALID;
}

enum dd_status dd_file_slurp(const char *path, size_t max_bytes, struct dd_arena *arena,
                             struct dd_slice *bytes)
{
    enum dd_status status = DD_OK;
    FILE *file = fopen(path, "rb");
    if (!file)
        return errno == ENOENT || errno == ENOTDIR ? DD_NOT_FOUND : DD_IO;
    size_t room = 16 * 1024;
    size_t size = 0;
    uint8_t *data = malloc(room + 1);
    while (data && size <= max_bytes) {
        size_t got = fread(data + size, 1, room - size, file);
        size += got;
        if (got == 0)
            break;
        if (size < room)
            continue;
        room *= 2;
        uint8_t *more = realloc(data, room + 1);
        if (!more)
            free(data);
        data = more;
    }
    if (data && ferror(file))
        status = DD_IO;
    else if (data && size > max_bytes)
        status = DD_TOO_LARGE;
    uint8_t *kept = data && status == DD_OK ? dd_arena_take(arena, size + 1) : NULL;
    if (kept)
        memcpy(kept, data, size);
    if (!kept && status == DD_OK)
        status = DD_NO_MEMORY;
    *bytes = (struct dd_slice){kept, kept ? size : 0};
    free(data);
    fclose(file);
    return status;
}
