/*
 * The closed vocabularies as people read them: "deemed agreed" for what
 * a silence means, KT. for a capacity. Files, flags and JSON keep the words of core/words.h. Knows
 * no message.
 */
#ifndef DD_CLIENTS_CLI_PEOPLE_H
#define DD_CLIENTS_CLI_PEOPLE_H

#include <stdio.h>

#include "clients/cli/sentence.h"
#include "core/bytes.h"

/* The word of a vocabulary's number in that language; the word of core/words.h where people have no
 * other one, "" for 0. Of a capacity: the abbreviation before a signature (KT. TL. TUQ. TM.), ""
 * for the head's own. Static. */
const char *dd_people_word(enum dd_language language, enum dd_vocabulary vocabulary, int number);

/* Whichever of the two names is for that language and there; the other one; or else the code. */
struct dd_slice dd_people_name(enum dd_language language, struct dd_slice name_vi,
                               struct dd_slice name_en, struct dd_slice code);

/* Writes what a silence came to: "deemed agreed (silent; responsible: Director)". It is nobody's
 * act, so nobody's name stands there but the title of who answers for it; empty: the unit. */
void dd_people_silence(enum dd_language language, enum dd_silence silence,
                       struct dd_slice head_title, struct dd_slice unit, FILE *out);

/* Writes " KT. account (delegated by account)", as far as there is something to say. */
void dd_people_signed(enum dd_language language, enum dd_capacity capacity, struct dd_slice account,
                      struct dd_slice delegated_by, FILE *out);

/* Writes the text; nothing for an empty one. */
void dd_people_put(struct dd_slice text, FILE *out);

/* The same for a text that may have several lines: "    | " before every line but the first, so
 * that nobody's remark looks like a line of ours. */
void dd_people_lines(struct dd_slice text, FILE *out);

/* As dd_people_put, filled with blanks to so many columns of a terminal, and one blank more. */
void dd_people_pad(struct dd_slice text, size_t columns, FILE *out);

#endif
