/* The table of link keys and the ZAP answers. See broker/zap.h. Pure: no socket, no clock. */
#include "broker/zap.h"

#include <stdlib.h>
#include <string.h>

#include "core/ids.h"

enum {
    ZAP_VERSION,
    ZAP_REQUEST_ID,
    ZAP_DOMAIN,
    ZAP_ADDRESS,
    ZAP_IDENTITY,
    ZAP_MECHANISM,
    ZAP_CREDENTIALS,
    ZAP_REQUEST_FRAMES,
    KEY_NAMED_BYTES = 16, /* of the key, in a User-Id */
    ACCOUNT_DIGITS_MAX = 10
};

struct dd_link_table {
    size_t count;
    struct dd_link_key *row;           /* by account, then by key */
    const struct dd_link_key **by_key; /* the same rows, by key */
};

static int order_rows(const void *left, const void *right)
{
    const struct dd_link_key *a = left;
    const struct dd_link_key *b = right;

    if (a->account != b->account)
        return a->account < b->account ? -1 : 1;
    return memcmp(a->curve_public, b->curve_public, DD_LINK_KEY_BYTES);
}

static int order_keys(const void *left, const void *right)
{
    const struct dd_link_key *const *a = left;
    const struct dd_link_key *const *b = right;

    return memcmp((*a)->curve_public, (*b)->curve_public, DD_LINK_KEY_BYTES);
}

static enum dd_status sort(struct dd_link_table *table)
{
    if (table->count == 0)
        return DD_OK;
    qsort(table->row, table->count, sizeof *table->row, order_rows);
    for (size_t i = 0; i < table->count; i++)
        table->by_key[i] = &table->row[i];
    qsort(table->by_key, table->count, sizeof *table->by_key, order_keys);
    for (size_t i = 1; i < table->count; i++) {
        if (order_keys(&table->by_key[i - 1], &table->by_key[i]) == 0)
            return DD_INVALID;
    }
    return DD_OK;
}

enum dd_status dd_link_table_make(const struct dd_link_key *keys, size_t count,
                                  struct dd_link_table **table)
{
    struct dd_link_table *made = calloc(1, sizeof *made);
    enum dd_status status = DD_NO_MEMORY;

    if (!made)
        return DD_NO_MEMORY;
    made->count = count;
    made->row = calloc(count + 1, sizeof *made->row);
    made->by_key = calloc(count + 1, sizeof *made->by_key);
    if (!made->row || !made->by_key)
        goto out;
    if (count > 0)
        memcpy(made->row, keys, count * sizeof *keys);
    status = sort(made);
out:
    if (status == DD_OK)
        *table = made;
    else
        dd_link_table_free(made);
    return status;
}

void dd_link_table_free(struct dd_link_table *table)
{
    if (!table)
        return;
    free(table->row);
    free(table->by_key);
    free(table);
}

size_t dd_link_table_count(const struct dd_link_table *table)
{
    return table->count;
}

const struct dd_link_key *dd_link_table_by_key(const struct dd_link_table *table,
                                               const uint8_t curve_public[DD_LINK_KEY_BYTES])
{
    size_t low = 0;
    size_t high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(table->by_key[middle]->curve_public, curve_public, DD_LINK_KEY_BYTES);

        if (order == 0)
            return table->by_key[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct dd_link_key *dd_link_table_by_account(const struct dd_link_table *table,
                                                   uint32_t account, size_t *count)
{
    size_t low = 0;
    size_t high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (table->row[middle].account < account)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < table->count && table->row[low + *count].account == account)
        (*count)++;
    return *count > 0 ? &table->row[low] : NULL;
}

void dd_link_user_id(const struct dd_link_key *key, char user_id[DD_USER_ID_BYTES])
{
    char digits[ACCOUNT_DIGITS_MAX];
    size_t count = 0;
    uint32_t left = key->account;

    do
        digits[count++] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    for (size_t i = 0; i < count; i++)
        user_id[i] = digits[count - 1 - i];
    user_id[count] = '.';
    dd_hex_encode((struct dd_slice){key->curve_public, KEY_NAMED_BYTES}, user_id + count + 1);
}

/* The account that a User-Id starts with; false if it starts with none. */
static bool account_of(const char *user_id, uint32_t *account)
{
    uint64_t number = 0;
    size_t digits = 0;

    while (user_id[digits] >= '0' && user_id[digits] <= '9' && digits < ACCOUNT_DIGITS_MAX)
        number = number * 10 + (uint64_t)(user_id[digits++] - '0');
    if (digits == 0 || number > UINT32_MAX || user_id[digits] != '.')
        return false;
    *account = (uint32_t)number;
    return true;
}

static const struct dd_link_key *row_of(const struct dd_link_table *table, const char *user_id)
{
    const struct dd_link_key *row;
    char expected[DD_USER_ID_BYTES];
    uint32_t number;
    size_t count;

    if (!account_of(user_id, &number))
        return NULL;
    row = dd_link_table_by_account(table, number, &count);
    for (size_t i = 0; i < count; i++) {
        dd_link_user_id(&row[i], expected);
        if (strcmp(expected, user_id) == 0)
            return &row[i];
    }
    return NULL;
}

enum dd_status dd_link_status(const struct dd_link_table *table, const char *user_id,
                              int64_t now_ms, uint32_t *account)
{
    const struct dd_link_key *row = row_of(table, user_id);

    *account = row ? row->account : 0;
    if (!row)
        return DD_KEY_UNKNOWN;
    if (row->status != DD_LINK_KEY_ACTIVE || now_ms >= row->valid_to_ms)
        return DD_KEY_EXPIRED;
    return now_ms < row->valid_from_ms ? DD_KEY_NOT_YET_VALID : DD_OK;
}

bool dd_link_moves_clock(const struct dd_link_table *table, const char *user_id)
{
    const struct dd_link_key *row = row_of(table, user_id);

    return row && row->moves_clock;
}

static bool frame_is(const struct dd_message *request, size_t frame, const char *text)
{
    return frame < request->kept_count && dd_slice_equal(request->frame[frame], dd_slice_of(text));
}

static void judge(const struct dd_message *request, const struct dd_link_table *table,
                  struct dd_zap_reply *reply)
{
    const struct dd_slice *key = &request->frame[ZAP_CREDENTIALS];
    const struct dd_link_key *row;

    reply->code = "400";
    if (!frame_is(request, ZAP_VERSION, "1.0") || request->kept_count <= ZAP_MECHANISM) {
        reply->code = "500";
        reply->text = "not a ZAP 1.0 request";
    } else if (!frame_is(request, ZAP_DOMAIN, DD_ZAP_DOMAIN)) {
        reply->text = "unknown domain";
    } else if (!frame_is(request, ZAP_MECHANISM, "CURVE")) {
        reply->text = "CURVE is needed";
    } else if (request->frame_count != ZAP_REQUEST_FRAMES || key->size != DD_LINK_KEY_BYTES) {
        reply->text = "not a CURVE key";
    } else if (!table) {
        reply->code = "300";
        reply->text = "the keys are not known yet";
    } else if (!(row = dd_link_table_by_key(table, key->data))) {
        reply->text = "unknown key";
    } else {
        reply->code = "200";
        reply->text = "OK";
        dd_link_user_id(row, reply->user_id);
    }
}

void dd_zap_answer(const struct dd_message *request, const struct dd_link_table *table,
                   struct dd_zap_reply *reply)
{
    memset(reply, 0, sizeof *reply);
    judge(request, table, reply);
    reply->frame[0] = dd_slice_of("1.0");
    if (request->kept_count > ZAP_REQUEST_ID)
        reply->frame[1] = request->frame[ZAP_REQUEST_ID];
    reply->frame[2] = dd_slice_of(reply->code);
    reply->frame[3] = dd_slice_of(reply->text);
    reply->frame[4] = dd_slice_of(reply->user_id);
    reply->frame[5] = (struct dd_slice){NULL, 0};
}
