/*
 * Who may: accounts act only through the offices that they hold on the local day of the act. Knows
 * no stage and no command; core/decide asks.
 */
#ifndef DD_CORE_OFFICE_H
#define DD_CORE_OFFICE_H

#include "core/row.h"

/* The local day of an instant, by the calendar of that year (UTC where there is none). */
int32_t dd_local_day(const struct dd_view *view, int64_t at_ms);

/* True if the account holds the role in the unit on that day. unit 0: of the jurisdiction itself.
 */
bool dd_office_held(const struct dd_account_row *account, enum dd_role role, uint32_t unit,
                    int32_t day);

/* True if the account holds an office of the unit's own people (head, deputy, officer) on that day.
 */
bool dd_office_of_unit(const struct dd_account_row *account, uint32_t unit, int32_t day);

/* True if the account holds any office in the unit on that day. */
bool dd_office_any(const struct dd_account_row *account, uint32_t unit, int32_t day);

/* Whether the account's keys count at the instant: DD_OK, DD_KEY_EXPIRED (revoked too),
 * DD_KEY_NOT_YET_VALID. */
enum dd_status dd_account_status(const struct dd_account_row *account, int64_t at_ms);

/* The unit that appraises the party: the first of the cycle's appraisers that is not the party
 * itself; 0 if there is none. */
uint32_t dd_appraiser_of(const struct dd_cycle_row *cycle, uint32_t unit);

/* The unit whose people act for the party: itself, or since a reorganisation its keeper. */
uint32_t dd_keeper_of(const struct dd_dossier_row *dossier, uint32_t unit);

/* As dd_appraiser_of, for a party that a keeper answers for: neither of them; 0 if there is none.
 */
uint32_t dd_appraiser_for(const struct dd_cycle_row *cycle, const struct dd_dossier_row *dossier,
                          uint32_t unit);

#endif
