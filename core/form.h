/*
 * Forms: which figures a report or an answer brings, which attachments, and what must hold between
 * the figures. A closed table of checks (core/words.h); there is no expression language. A form is
 * data of a programme. Exact arithmetic only.
 */
#ifndef DD_CORE_FORM_H
#define DD_CORE_FORM_H

#include "core/figure.h"
#include "core/rule.h"
#include "core/words.h"

struct dd_form_figure {
    struct dd_slice key;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    struct dd_slice unit_of_measure;
    bool optional;
    bool may_estimate; /* may be handed in as an estimate (ước) */
    bool has_max;      /* the most that it can be (the points of a criterion), and at least 0 */
    struct dd_figure max;
    bool has_target; /* what it should reach; shown beside it, never refused */
    struct dd_figure target;
};

/* What must hold, with f the figure `figure` and t1, t2 ... the terms:
 *   sum             f = t1 + t2 + ...
 *   at-most         f <= t1, or f <= bound when there is no term; at-least: >=
 *   running         f = f of the period before (0 in the first of the cycle) + t1
 *   share-at-most   100 f <= bound t1; share-at-least: >=
 * A sum has one term or more, a limit one term or a bound, running one term, a share one term and a
 * bound of 0 or more; a term stands once and is not f. A check one of whose figures is optional and
 * was not given (running: now or in the period before) holds; so does running where the period
 * before was not reported: what is unknown is not zero. */
struct dd_form_check {
    enum dd_check check;
    struct dd_slice figure;
    uint8_t term_count;
    struct dd_slice term[DD_TERMS_MAX];
    bool has_bound;
    struct dd_figure bound;
    bool note; /* a breach is shown and not refused */
};

struct dd_form {
    struct dd_slice key;
    struct dd_slice name_vi;
    struct dd_slice name_en;
    uint8_t figure_count;
    struct dd_form_figure figure[DD_FIGURES_MAX];
    uint8_t check_count;
    struct dd_form_check check[DD_CHECKS_MAX];
    uint8_t part_count; /* attachments that must be there, by the `part` they are called */
    struct dd_slice part[DD_PARTS_MAX];
};

/* A figure that was handed in. */
struct dd_figure_value {
    struct dd_slice key;
    struct dd_figure value;
    bool estimate;
};

/* DD_INVALID by that rule on the field path + list[index].field, or path + list[index] if field is
 * empty: the one way in which forms and programmes name what is wrong in their lists. */
enum dd_status dd_form_fault(struct dd_refusal *refusal, enum dd_rule rule, const char *path,
                             const char *list, size_t index, const char *field);

/* Checks the form itself: at least one figure or part, codes, no key twice, checks that name
 * figures of the form and have what their kind needs. DD_OK, or DD_INVALID with *refusal; its field
 * begins with `path` ("forms[2]."). */
enum dd_status dd_form_validate(const struct dd_form *form, const char *path,
                                struct dd_refusal *refusal);

/* The bytes of one form, as programmes keep them, one behind the other. */
void dd_form_write(struct dd_writer *w, const struct dd_form *form);

/* Reads one; slices borrow. False if it is something else (the reader is then broken). */
bool dd_form_read(struct dd_reader *r, struct dd_form *out);

/* The form of that key among the bytes of a programme's forms; false if there is none. */
bool dd_form_find(struct dd_slice forms, struct dd_slice key, struct dd_form *out);

/* Figures as rows keep them, and back; a scale beyond core/figure.h is a bug of the caller.
 * dd_figures_bytes: how many bytes that takes. dd_figures_at: the index-th; false behind the last.
 * dd_figures_find: the first of that key. Keys borrow from `bytes`. */
void dd_figures_write(struct dd_writer *w, const struct dd_figure_value *figures, size_t count);
size_t dd_figures_bytes(const struct dd_figure_value *figures, size_t count);
bool dd_figures_at(struct dd_slice bytes, size_t index, struct dd_figure_value *out);
bool dd_figures_find(struct dd_slice bytes, struct dd_slice key, struct dd_figure_value *out);

/* Figures of a period before that was not reported, or not to be: not those of none. */
struct dd_slice dd_figures_unknown(void);

/* Whether the figures (as dd_figures_write made them) meet a form that dd_form_validate let pass;
 * `before` are those of the period before (empty: none). DD_OK; DD_REFUSED with *refusal naming the
 * figure (field "figures.KEY", {0}), the rule and the value that would be right ({1}): unknown and
 * double figures first, then the first breach in the order of the form, figures before checks. What
 * cannot be reckoned in 64 bits is refused, never wrapped. */
enum dd_status dd_form_judge(const struct dd_form *form, struct dd_slice figures,
                             struct dd_slice before, struct dd_refusal *refusal);

/* True if that check (an index below check_count) of the form is a note that these figures breach,
 * or that cannot be reckoned. */
bool dd_form_noted(const struct dd_form *form, size_t check, struct dd_slice figures,
                   struct dd_slice before);

#endif
