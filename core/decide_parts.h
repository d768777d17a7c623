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

/* Who signs: what is to be signed, for whom, and as what. */
struct dd_signing {
    enum dd_role by;           /* whose act it is */
    uint8_t signers;           /* bit n: capacity n may sign as well */
    struct dd_slice key;       /* of the stage; empty: an act that no stage names */
    uint32_t unit;             /* whose office: the one that answers for the party */
    struct dd_slice code;      /* its code, for messages */
    enum dd_capacity capacity; /* claimed */
    int32_t today;
};

/* DD_OK if the account may sign so; *delegation is the one under which it does, 0: in person. The
 * head signs in person (or for the collective, TM.); KT. is a deputy and TUQ. an officer under a
 * delegation in force; TL. an officer of the unit: each only where `signers` has it. Other roles
 * sign in person. */
enum dd_status dd_needs_signature(struct dd_judgement *j, const struct dd_signing *signing,
                                  uint16_t *delegation);

/* DD_OK if the account is one of the cycle's approvers and holds that office in the host today. */
enum dd_status dd_needs_approver(struct dd_judgement *j, const struct dd_process *process);

/* DD_OK if the account holds no office in the party, nor in the unit that answers for it: nobody
 * decides on their own. */
enum dd_status dd_needs_others(struct dd_judgement *j, const struct dd_process *process,
                               uint32_t unit, const struct dd_dossier_row *dossier);

/* DD_OK if the stage still takes an act for that duty: always before its bound, and after it unless
 * the programme refuses. */
enum dd_status dd_check_bound(struct dd_judgement *j, const struct dd_process *process,
                              const struct dd_stage *stage, const struct dd_duty_key *key);

/* True if the stage is for the party's group; the same as a check. */
bool dd_party_owes(struct dd_judgement *j, const struct dd_stage *stage,
                   const struct dd_dossier_row *dossier);
enum dd_status dd_check_group(struct dd_judgement *j, const struct dd_stage *stage,
                              const struct dd_dossier_row *dossier, struct dd_slice unit);

/* NO_OFFICE of that role in that unit, by number. */
enum dd_status dd_forbidden_in(struct dd_judgement *j, enum dd_role role, uint32_t unit,
                               const char *field);

/* What is handed in, by what it is: core/decide_report.c and core/decide_matter.c. */
enum dd_status dd_submit_report(struct dd_judgement *j, const struct dd_process *process,
                                uint32_t unit, const struct dd_dossier_row *dossier,
                                const struct dd_submit *c);
enum dd_status dd_submit_answer(struct dd_judgement *j, const struct dd_process *process,
                                uint32_t unit, const struct dd_dossier_row *dossier,
                                const struct dd_submit *c);
enum dd_status dd_decide_matter(struct dd_judgement *j, const struct dd_process *process,
                                uint32_t unit, const struct dd_decide *c);
enum dd_status dd_progress_matter(struct dd_judgement *j, const struct dd_process *process,
                                  uint32_t unit, const struct dd_dossier_row *dossier,
                                  const struct dd_progress *c);

/* Whether figures and attachments are what the stage's form asks for; `before` are the figures of
 * the period before. */
enum dd_status dd_check_form(struct dd_judgement *j, const struct dd_process *process,
                             const struct dd_stage *stage, const struct dd_submit *c,
                             struct dd_slice before);

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
enum dd_status dd_decide_assign(struct dd_judgement *j, const struct dd_assign *c);
enum dd_status dd_decide_bend(struct dd_judgement *j, const struct dd_bend *c);
enum dd_status dd_decide_delegate(struct dd_judgement *j, const struct dd_delegate *c);
enum dd_status dd_decide_transfer(struct dd_judgement *j, const struct dd_transfer *c);
enum dd_status dd_decide_publish(struct dd_judgement *j, const struct dd_publish *c);
enum dd_status dd_decide_tick(struct dd_judgement *j);
enum dd_status dd_decide_reminded(struct dd_judgement *j, const struct dd_reminded *c);

/* The DECIDE stage that a version enters at or after `from`; stage_count if it passes none. */
uint8_t dd_next_decision(const struct dd_programme *programme, bool adjustment, uint8_t from);

/* Working days are reckoned with the calendars of all years from one day to the other (in any
 * order), never with weekends alone: NO_CALENDAR, naming the first year that has none. */
enum dd_status dd_needs_calendars(struct dd_judgement *j, const char *field, int32_t a, int32_t b);

#endif
