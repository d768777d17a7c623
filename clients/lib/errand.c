/* The list of what has not completed. See clients/lib/errand.h. */
#include "clients/lib/errand.h"

#include <stdlib.h>
#include <string.h>

/* A new errand at the end of the list with room for `size` bytes. */
static enum dd_status add(struct dd_errands *list, enum dd_errand_kind kind, size_t size,
                          struct dd_errand **errand)
{
    size_t size_bytes = sizeof **errand + size;

    if (list->count >= list->count_max || list->bytes > list->bytes_max ||
        size_bytes > list->bytes_max - list->bytes)
        return DD_BUSY;
    struct dd_errand *made = malloc(size_bytes);
    if (!made)
        return DD_NO_MEMORY;
    *made = (struct dd_errand){.earlier = list->last, .kind = kind, .size_bytes = size_bytes};
    if (list->last)
        list->last->later = made;
    else
        list->first = made;
    list->last = made;
    list->count++;
    list->bytes += size_bytes;
    *errand = made;
    return DD_OK;
}

/* Copies a slice to *at, which moves behind the copy. */
static struct dd_slice keep(uint8_t **at, struct dd_slice slice)
{
    struct dd_slice kept = {.data = *at, .size = slice.size};

    if (slice.size > 0)
        memcpy(*at, slice.data, slice.size);
    *at += slice.size;
    return kept;
}

enum dd_status dd_errands_add_command(struct dd_errands *list, struct dd_id id,
                                      struct dd_slice command, struct dd_slice signature,
                                      struct dd_errand **errand)
{
    enum dd_status status = add(list, DD_ERRAND_COMMAND, command.size + signature.size, errand);

    if (status != DD_OK)
        return status;
    uint8_t *at = (*errand)->bytes;
    (*errand)->id = id;
    (*errand)->command = keep(&at, command);
    (*errand)->signature = keep(&at, signature);
    return DD_OK;
}

enum dd_status dd_errands_add_question(struct dd_errands *list, const struct dd_question *question,
                                       struct dd_errand **errand)
{
    size_t size = question->after.size + question->cycle.size + question->unit.size +
                  question->account.size + question->period.size;
    enum dd_status status = add(list, DD_ERRAND_QUESTION, size, errand);

    if (status != DD_OK)
        return status;
    uint8_t *at = (*errand)->bytes;
    struct dd_question *kept = &(*errand)->question;
    *kept = *question;
    kept->after = keep(&at, question->after);
    kept->cycle = keep(&at, question->cycle);
    kept->unit = keep(&at, question->unit);
    kept->account = keep(&at, question->account);
    kept->period = keep(&at, question->period);
    return DD_OK;
}

enum dd_status dd_errands_add_clock(struct dd_errands *list, int64_t to_ms,
                                    struct dd_errand **errand)
{
    enum dd_status status = add(list, DD_ERRAND_CLOCK, 0, errand);

    if (status == DD_OK)
        (*errand)->clock_to_ms = to_ms;
    return status;
}

void dd_errands_take(struct dd_errands *list, struct dd_errand *errand)
{
    if (errand->earlier)
        errand->earlier->later = errand->later;
    else
        list->first = errand->later;
    if (errand->later)
        errand->later->earlier = errand->earlier;
    else
        list->last = errand->earlier;
    errand->earlier = errand->later = NULL;
    list->count--;
    list->bytes -= errand->size_bytes;
}

void dd_errand_free(struct dd_errand *errand)
{
    free(errand);
}
