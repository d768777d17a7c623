/* The table of key layouts, and the two functions that read it. See storage/key.h. */
#include "storage/key.h"

#include <string.h>

#include "core/invariant.h"

struct layout {
    uint8_t width[DD_KEY_PARTS_MAX]; /* bytes of each part, 0 = no more parts */
    bool tail;
};

static const struct layout layouts[DD_TABLE_END] = {
    [DD_TABLE_META] = {{0}, false},
    [DD_TABLE_GROUP] = {{4}, false},
    [DD_TABLE_UNIT] = {{4}, false},
    [DD_TABLE_UNIT_CODE] = {{0}, true},
    [DD_TABLE_UNIT_STAGED] = {{4, 4}, false},
    [DD_TABLE_ACCOUNT] = {{4}, false},
    [DD_TABLE_ACCOUNT_CODE] = {{0}, true},
    [DD_TABLE_LINK_KEY] = {{0}, true},
    [DD_TABLE_CALENDAR] = {{2}, false},
    [DD_TABLE_PROGRAMME] = {{4}, false},
    [DD_TABLE_PROGRAMME_CODE] = {{0}, true},
    [DD_TABLE_CYCLE] = {{4}, false},
    [DD_TABLE_CYCLE_CODE] = {{0}, true},
    [DD_TABLE_DOSSIER] = {{4, 4}, false},
    [DD_TABLE_DRAFT] = {{4, 4}, false},
    [DD_TABLE_VERSION] = {{4, 4, 2}, false},
    [DD_TABLE_CONTENT] = {{4, 4, 2, 2, 2}, false},
    [DD_TABLE_ITEM] = {{4, 4, 2, 2}, false},
    [DD_TABLE_DUTY] = {{4, 4, 1, 2, 2}, false},
    [DD_TABLE_DUE] = {{8, 4, 4, 1, 2, 2}, false},
    [DD_TABLE_TALLY] = {{4, 1, 4, 1}, false},
    [DD_TABLE_REMINDER] = {{8, 2}, false},
    [DD_TABLE_REPORT] = {{4, 4, 1, 2, 2}, false},
    [DD_TABLE_REMEMBERED] = {{4}, true},
    [DD_TABLE_MATTER] = {{4, 2}, false},
    [DD_TABLE_ANSWER] = {{4, 2, 1, 4, 2}, false},
    [DD_TABLE_DELEGATION] = {{4, 2}, false},
    [DD_TABLE_PUBLICATION] = {{4}, false},
    [DD_TABLE_PUBLICATION_CODE] = {{0}, true},
    [DD_TABLE_PLACES] = {{0}, true},
};

static const struct layout *layout_of(uint32_t table)
{
    bool known = table >= DD_TABLE_META && table < DD_TABLE_END;
    return known ? &layouts[table] : NULL;
}

static size_t fixed_size(const struct layout *layout)
{
    size_t size = 1;
    for (size_t i = 0; i < DD_KEY_PARTS_MAX; i++)
        size += layout->width[i];
    return size;
}

static bool part_fits(uint64_t part, uint8_t width)
{
    return width == 8 || part >> (8U * width) == 0;
}

bool dd_key_fits(const struct dd_key *key)
{
    const struct layout *layout = layout_of((uint32_t)key->table);
    if (!layout)
        return false;
    for (size_t i = 0; i < DD_KEY_PARTS_MAX; i++) {
        if (!part_fits(key->part[i], layout->width[i]))
            return false;
    }
    if (!layout->tail)
        return key->tail.size == 0;
    return key->tail.size <= DD_KEY_BYTES_MAX - fixed_size(layout);
}

size_t dd_key_encode(const struct dd_key *key, uint8_t out[DD_KEY_BYTES_MAX])
{
    DD_ASSERT(dd_key_fits(key));
    const struct layout *layout = layout_of((uint32_t)key->table);
    size_t at = 0;
    out[at++] = (uint8_t)key->table;
    for (size_t i = 0; i < DD_KEY_PARTS_MAX; i++) {
        for (unsigned left = layout->width[i]; left > 0; left--)
            out[at++] = (uint8_t)(key->part[i] >> (8U * (left - 1)));
    }
    if (key->tail.size > 0)
        memcpy(out + at, key->tail.data, key->tail.size);
    return at + key->tail.size;
}

bool dd_key_decode(struct dd_slice bytes, struct dd_key *key)
{
    const struct layout *layout = bytes.size > 0 ? layout_of(bytes.data[0]) : NULL;
    if (!layout || bytes.size > DD_KEY_BYTES_MAX)
        return false;
    size_t fixed = fixed_size(layout);
    if (bytes.size < fixed || (bytes.size > fixed && !layout->tail))
        return false;
    *key = (struct dd_key){.table = (enum dd_table)bytes.data[0]};
    size_t at = 1;
    for (size_t i = 0; i < DD_KEY_PARTS_MAX; i++) {
        for (unsigned left = layout->width[i]; left > 0; left--)
            key->part[i] = key->part[i] << 8 | bytes.data[at++];
    }
    if (layout->tail)
        key->tail = (struct dd_slice){bytes.data + at, bytes.size - at};
    return true;
}
