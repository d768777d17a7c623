/*
 * What text may come in, and how wide it is on a screen. Refuses what hides or reorders: controls
 * and bidirectional marks make a title read differently from what was signed. Knows no language and
 * no normal form: whether text is NFC is asked where ICU is.
 */
#ifndef DD_CORE_TEXT_H
#define DD_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/bytes.h"
#include "core/limits.h"

/* True if the bytes are UTF-8: no overlong form, no surrogate, nothing above U+10FFFF. Empty is
 * fine. */
bool dd_text_utf8_ok(struct dd_slice text);

/* True for one line of text: UTF-8 without controls (NUL, C0, DEL, C1), bidirectional marks
 * (U+061C, U+200E, U+200F, U+202A..202E, U+2066..2069) or U+FEFF. Empty is fine. */
bool dd_text_plain(struct dd_slice text);

/* The same for texts of several lines: newline and tab are allowed too. */
bool dd_text_plain_lines(struct dd_slice text);

/* True if there is nothing to read: empty, or white space alone (Unicode's, and U+200B). */
bool dd_text_blank(struct dd_slice text);

/* True for a code: 1..DD_CODE_BYTES_MAX of a-z A-Z 0-9 . _ - beginning with a letter or digit. */
bool dd_text_code_ok(struct dd_slice text);

/* Columns on a screen of one width a letter: combining and invisible marks 0, East Asian wide 2,
 * all else 1; a byte that is not UTF-8 counts 1. */
size_t dd_text_columns(struct dd_slice text);

#endif
