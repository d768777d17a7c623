/*
 * Figures: decimal numbers as a 64-bit mantissa and a scale of 0 to 6 places, with checked
 * arithmetic. 12.50 is {1250, 2}. There is no binary fraction anywhere, so a figure is the same on
 * every machine. Knows no unit of measure, and no rounding: what does not fit is refused.
 */
#ifndef DD_CORE_FIGURE_H
#define DD_CORE_FIGURE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/bytes.h"
#include "core/limits.h"

enum {
    DD_FIGURE_DIGITS_MAX = 18, /* in a text, leading zeros counted */
    DD_FIGURE_TEXT_BYTES = 24  /* the longest text and its 0 */
};

/* mantissa / 10^scale. A scale above DD_FIGURE_SCALE_MAX is a bug of the caller everywhere below:
 * whoever decodes one from outside asks dd_figure_ok first. */
struct dd_figure {
    int64_t mantissa;
    uint8_t scale;
};

/* True if the scale is one that the functions below take. */
bool dd_figure_ok(struct dd_figure figure);

/* Reads an optional '-', digits, and optionally a point with 1 to 6 digits; no '+', exponent, space
 * or bare point, at most 18 digits. The scale is the number of places written. False, leaving *out
 * alone, for anything else. */
bool dd_figure_parse(struct dd_slice text, struct dd_figure *out);

/* Writes the figure with exactly its scale's places and a 0 into out: {1250, 2} is "12.50". */
void dd_figure_format(struct dd_figure figure, char out[DD_FIGURE_TEXT_BYTES]);

/* By value, whatever the scales (12.5 and 12.50 are 0): <0, 0, >0. Cannot overflow. */
int dd_figure_compare(struct dd_figure a, struct dd_figure b);

/* True if the values are the same, whatever the scales. */
bool dd_figure_equal(struct dd_figure a, struct dd_figure b);

/* a + b and a - b at the larger of both scales; false, leaving *out alone, if that does not fit. */
bool dd_figure_add(struct dd_figure a, struct dd_figure b, struct dd_figure *out);
bool dd_figure_sub(struct dd_figure a, struct dd_figure b, struct dd_figure *out);

#endif
