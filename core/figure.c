/* Decimal figures. See core/figure.h. */
#include "core/figure.h"

#include "core/invariant.h"

static const int64_t power_of_ten[DD_FIGURE_SCALE_MAX + 1] = {1,     10,     100,    1000,
                                                              10000, 100000, 1000000};

bool dd_figure_ok(struct dd_figure figure)
{
    return figure.scale <= DD_FIGURE_SCALE_MAX;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Reads digits at *at into *mantissa, which has room for DD_FIGURE_DIGITS_MAX of them, *digits
 * being there already; gives how many were read. Stops before a digit too many, which the caller
 * then finds. */
static size_t read_digits(struct dd_slice text, size_t *at, size_t digits, int64_t *mantissa)
{
    size_t begin = *at;

    while (*at < text.size && is_digit(text.data[*at]) &&
           digits + (*at - begin) < DD_FIGURE_DIGITS_MAX) {
        *mantissa = *mantissa * 10 + (text.data[*at] - '0');
        *at += 1;
    }
    return *at - begin;
}

bool dd_figure_parse(struct dd_slice text, struct dd_figure *out)
{
    size_t at = 0;
    size_t places = 0;
    int64_t mantissa = 0;
    bool negative = text.size > 0 && text.data[0] == '-';

    if (negative)
        at++;
    size_t whole = read_digits(text, &at, 0, &mantissa);
    if (whole == 0)
        return false;
    if (at < text.size && text.data[at] == '.') {
        at++;
        places = read_digits(text, &at, whole, &mantissa);
        if (places == 0 || places > DD_FIGURE_SCALE_MAX)
            return false;
    }
    if (at != text.size)
        return false;
    *out = (struct dd_figure){negative ? -mantissa : mantissa, (uint8_t)places};
    return true;
}

void dd_figure_format(struct dd_figure figure, char out[DD_FIGURE_TEXT_BYTES])
{
    char reversed[DD_FIGURE_TEXT_BYTES];
    size_t count = 0;
    /* Negated as unsigned: the least mantissa has no positive of its own. */
    uint64_t left = figure.mantissa < 0 ? 0 - (uint64_t)figure.mantissa : (uint64_t)figure.mantissa;

    DD_ASSERT(dd_figure_ok(figure));
    for (size_t places = 0; left > 0 || places <= figure.scale; places++) {
        if (places == figure.scale && places > 0)
            reversed[count++] = '.';
        reversed[count++] = (char)('0' + left % 10);
        left /= 10;
    }
    if (figure.mantissa < 0)
        reversed[count++] = '-';
    while (count > 0)
        *out++ = reversed[--count];
    *out = '\0';
}

int dd_figure_compare(struct dd_figure a, struct dd_figure b)
{
    DD_ASSERT(dd_figure_ok(a) && dd_figure_ok(b));
    /* Whole parts first, then the rest in millionths: neither can overflow. */
    int64_t whole_a = a.mantissa / power_of_ten[a.scale];
    int64_t whole_b = b.mantissa / power_of_ten[b.scale];
    if (whole_a != whole_b)
        return whole_a < whole_b ? -1 : 1;
    int64_t rest_a =
        a.mantissa % power_of_ten[a.scale] * power_of_ten[DD_FIGURE_SCALE_MAX - a.scale];
    int64_t rest_b =
        b.mantissa % power_of_ten[b.scale] * power_of_ten[DD_FIGURE_SCALE_MAX - b.scale];
    return (rest_a > rest_b) - (rest_a < rest_b);
}

bool dd_figure_equal(struct dd_figure a, struct dd_figure b)
{
    return dd_figure_compare(a, b) == 0;
}

/* Brings both mantissas to the larger scale; false if one does not fit. */
static bool to_common_scale(struct dd_figure *a, struct dd_figure *b)
{
    DD_ASSERT(dd_figure_ok(*a) && dd_figure_ok(*b));
    struct dd_figure *shorter = a->scale < b->scale ? a : b;
    uint8_t scale = a->scale < b->scale ? b->scale : a->scale;
    int64_t factor = power_of_ten[scale - shorter->scale];

    if (shorter->mantissa > INT64_MAX / factor || shorter->mantissa < INT64_MIN / factor)
        return false;
    shorter->mantissa *= factor;
    shorter->scale = scale;
    return true;
}

bool dd_figure_add(struct dd_figure a, struct dd_figure b, struct dd_figure *out)
{
    if (!to_common_scale(&a, &b))
        return false;
    if (b.mantissa > 0 ? a.mantissa > INT64_MAX - b.mantissa : a.mantissa < INT64_MIN - b.mantissa)
        return false;
    *out = (struct dd_figure){a.mantissa + b.mantissa, a.scale};
    return true;
}

bool dd_figure_sub(struct dd_figure a, struct dd_figure b, struct dd_figure *out)
{
    if (!to_common_scale(&a, &b))
        return false;
    if (b.mantissa > 0 ? a.mantissa < INT64_MIN + b.mantissa : a.mantissa > INT64_MAX + b.mantissa)
        return false;
    *out = (struct dd_figure){a.mantissa - b.mantissa, a.scale};
    return true;
}
