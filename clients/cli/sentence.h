/*
 * Sentences for people: what the wire and the log keep as a code, a rule, a field and parameters is
 * made into a sentence in the reader's language. English stands in the tables of the core and in
 * the calls of dd_say, Vietnamese in po/vi.po. The reader's language is a parameter, never the
 * process's locale. Knows no message and no file.
 */
#ifndef DD_CLIENTS_CLI_SENTENCE_H
#define DD_CLIENTS_CLI_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/rule.h"
#include "core/words.h"

struct dd_translation {
    const char *english;
    const char *translated;
};

/* Made from po/vi.po at build; ends with a NULL. */
extern const struct dd_translation dd_catalogue_vi[];

/* The language of a tag such as "vi", "en_US.UTF-8"; NULL, empty, C and POSIX name none. False,
 * leaving *out alone, for none or one that is not spoken here. */
bool dd_language_of_tag(const char *tag, enum dd_language *out);

/* The language that the environment asks for: DONDOC_LANG, LC_ALL, LANG; Vietnamese if none does.
 */
enum dd_language dd_language_default(void);

/* Marks a text that reaches dd_say through a variable, for the extraction of texts. */
#define DD_SAY(text) text

/* The text in that language; the English itself where there is no translation. Static, if the text
 * is. */
const char *dd_say(enum dd_language language, const char *english);

/* What to do about a refusal, in English for dd_say; NULL where the sentence says it all. Static.
 */
const char *dd_hint(const struct dd_refusal *refusal);

/* Makes the sentence of a refusal: what became of it, the rule with its parameters, the field.
 * 0-ended, cut at out_size. Returns out. */
const char *dd_sentence(enum dd_language language, const struct dd_refusal *refusal, char *out,
                        size_t out_size);

#endif
