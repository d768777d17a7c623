/*
 * The parts of core/decide: one function a command, and what they share. Private to core/decide*.c.
 */
#ifndef DD_CORE_DECIDE_PARTS_H
#define DD_CORE_DECIDE_PARTS_H

#include "core/decide.h"
#include "core/office.h"

/* A decision under way: where it stands, what it gives. */
struct dd_judgement {
    const struct dd_context *context;
    const struct dd_view *view;
    struct dd_events *events;
    struct dd_refusal *refusal;
    struct dd_account_row account;
};

/* Shorthands: the rule does not allow it; the offices do not. Return the status. */
enum dd_status dd_no(struct dd_judgement *j, enum dd_rule rule, const char *field);
enum dd_status dd_no_text(struct dd_judgement *j, enum dd_rule rule, const char *field,
                          struct dd_slice param);
enum dd_status dd_no_number(struct dd_judgement *j, enum dd_rule rule, const char *field,
                            int64_t param);
enum dd_status dd_forbidden(struct dd_judgement *j, enum dd_role role, struct dd_slice unit,
                            const char *field);

/* Adds an event; NULL becomes DD_TOO_LARGE at the caller (DD_EVENT_OR_RETURN). */
#define DD_EVENT_OR_RETURN(event, j, kind) \
    struct dd_event *event = dd_events_add((j)->events, kind); \
    if (!(event)) \
    return DD_TOO_LARGE

/* DD_OK if the account holds the role for the jurisdiction today. */
enum dd_status dd_needs_role(struct dd_judgement *j, enum dd_role role);

/* The open cycle of that code with its programme. */
enum dd_status dd_needs_cycle(struct dd_judgement *j, struct dd_slice code,
                              struct dd_process *process);

/* The party of the cycle: its unit's number and dossier. */
enum dd_status dd_needs_party(struct dd_judgement *j, const struct dd_process *process,
                              struct dd_slice code, uint32_t *unit, struct dd_dossier_row *dossier);

/* DD_OK if the account holds the role in the unit (code for the message) on the cycle's local day.
 */
enum dd_status dd_needs_office(struct dd_judgement *j, const struct dd_process *process,
                               enum dd_role role, uint32_t unit, struct dd_slice code);

enum dd_status dd_decide_genesis(struct dd_judgement *j, const struct dd_genesis *c);
enum dd_status dd_decide_put_units(struct dd_judgement *j, const struct dd_put_units *c);
enum dd_status dd_decide_put_account(struct dd_judgement *j, const struct dd_put_account *c);
enum dd_status dd_decide_put_calendar(struct dd_judgement *j, const struct dd_put_calendar *c);
enum dd_status dd_decide_put_programme(struct dd_judgement *j, const struct dd_programme *c);
enum dd_status dd_decide_revoke(struct dd_judgement *j, const struct dd_revoke *c);
enum dd_status dd_decide_open_cycle(struct dd_judgement *j, const struct dd_open_cycle *c);
enum dd_status dd_decide_close_cycle(struct dd_judgement *j, const struct dd_close_cycle *c);
enum dd_status dd_decide_register(struct dd_judgement *j, const struct dd_register *c);
enum dd_status dd_decide_submit(struct dd_judgement *j, const struct dd_submit *c);
enum dd_status dd_decide_withdraw(struct dd_judgement *j, const struct dd_withdraw *c);
enum dd_status dd_decide_decide(struct dd_judgement *j, const struct dd_decide *c);
enum dd_status dd_decide_progress(struct dd_judgement *j, const struct dd_progress *c);
enum dd_status dd_decide_tick(struct dd_judgement *j);
enum dd_status dd_decide_reminded(struct dd_judgement *j, const struct dd_reminded *c);

/* The DECIDE stage that a version enters at or after `from`; stage_count if it passes none. */
uint8_t dd_next_decision(const struct dd_programme *programme, bool adjustment, uint8_t from);

#endif
