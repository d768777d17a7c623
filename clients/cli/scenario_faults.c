/* A growing list of faults. See clients/cli/scenario_faults.h. */
#include "clients/cli/scenario_faults.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

static bool grow(struct dd_faults *faults)
{
    if (faults->count < faults->room)
        return true;
    size_t room = faults->room ? faults->room * 2 : FIRST_ROOM;
    struct dd_fault *list = realloc(faults->list, room * sizeof *list);
    if (!list)
        return false;
    faults->list = list;
    faults->room = room;
    return true;
}

/* "column: text", owned by the caller; NULL without memory. */
static char *join(const char *column, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    size_t column_bytes = strlen(column);
    int text_bytes = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (text_bytes < 0)
        return NULL;

    size_t size = column_bytes + 2 + (size_t)text_bytes + 1;
    char *text = malloc(size);
    if (!text)
        return NULL;
    memcpy(text, column, column_bytes);
    memcpy(text + column_bytes, ": ", 2);
    vsnprintf(text + column_bytes + 2, (size_t)text_bytes + 1, format, arguments);
    return text;
}

void dd_faults_add(struct dd_faults *faults, const char *file, uint32_t line, const char *column,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = join(column, format, arguments);
    va_end(arguments);
    char *copy = strdup(file);
    if (!text || !copy || !grow(faults)) {
        free(text);
        free(copy);
        faults->no_memory = true;
        return;
    }
    faults->list[faults->count] =
        (struct dd_fault){.file = copy, .line = line, .text = text, .order = faults->count};
    faults->count++;
}

/* Replaces each fault's order by (rank of its file, line, order found) through a sort key. */
struct ranked {
    size_t rank;
    struct dd_fault fault;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->fault.line != b->fault.line)
        return a->fault.line < b->fault.line ? -1 : 1;
    return (a->fault.order > b->fault.order) - (a->fault.order < b->fault.order);
}

static size_t rank_of(const char *file, const char *const *files, size_t count)
{
    size_t rank = 0;
    while (rank < count && strcmp(files[rank], file) != 0)
        rank++;
    return rank;
}

void dd_faults_sort(struct dd_faults *faults, const char *const *files, size_t count)
{
    if (faults->count < 2)
        return;
    struct ranked *all = malloc(faults->count * sizeof *all);
    if (!all) {
        faults->no_memory = true;
        return;
    }
    for (size_t i = 0; i < faults->count; i++) {
        all[i].fault = faults->list[i];
        all[i].rank = rank_of(faults->list[i].file, files, count);
    }
    qsort(all, faults->count, sizeof *all, compare_ranked);
    for (size_t i = 0; i < faults->count; i++)
        faults->list[i] = all[i].fault;
    free(all);
}

void dd_faults_print(const struct dd_faults *faults, FILE *out)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct dd_fault *fault = &faults->list[i];
        fprintf(out, "%s:%lu: %s\n", fault->file, (unsigned long)fault->line, fault->text);
    }
}

void dd_faults_free(struct dd_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        free(faults->list[i].file);
        free(faults->list[i].text);
    }
    free(faults->list);
    *faults = (struct dd_faults){0};
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0u) == 0x80u;
}

const char *dd_faults_quote(char out[DD_FAULT_QUOTE_BYTES], const char *text)
{
    const size_t room = DD_FAULT_QUOTE_BYTES - 6; /* two quotes, three dots, the 0 */
    size_t size = strlen(text);
    size_t kept = size;
    if (size > room) {
        kept = room;
        while (kept > 0 && is_continuation(text[kept]))
            kept--;
    }
    size_t at = 0;
    out[at++] = '"';
    for (size_t i = 0; i < kept; i++) {
        unsigned char c = (unsigned char)text[i];
        out[at++] = c < 0x20 || c == 0x7F ? '?' : text[i];
    }
    if (kept < size) {
        memcpy(out + at, "...", 3);
        at += 3;
    }
    out[at++] = '"';
    out[at] = '\0';
    return out;
}
