/*
 * Delivery into a folder: a letter becomes FOLDER/YYYY-MM-DD/UNIT.txt, whole or not at all, and
 * UNIT+2.txt if it is the second of that day (no unit's code has a "+", so that no two letters
 * share a name). A letter delivered again lands under the same name with the same bytes. Knows
 * nothing of reminders, and of when to try again.
 *
 * One thread at a time.
 */
#ifndef DD_WORKERS_DELIVER_FOLDER_H
#define DD_WORKERS_DELIVER_FOLDER_H

#include "core/status.h"
#include "workers/digest_text.h"

struct dd_deliver_folder;

/* Remembers the path; the folder is made when there is something to deliver. DD_NO_MEMORY. */
enum dd_status dd_deliver_folder_open(const char *path, struct dd_deliver_folder **out);

/* NULL is fine. */
void dd_deliver_folder_close(struct dd_deliver_folder *folder);

/* Writes one letter under a name of its own; the letters of a day are synced together, since a disk
 * does many at once in the time of one. to_unit must be a code (dd_text_code_ok): anything else is
 * a bug. DD_NO_SPACE (the disk, a quota, a limit on the file's size), DD_IO: the letter is not
 * there, and may be put again. */
enum dd_status dd_deliver_folder_put(struct dd_deliver_folder *folder,
                                     const struct dd_letter *letter);

/* Gives what was put since the last sync its names, all bytes synced before and all names after:
 * only then it is delivered. DD_NO_SPACE, DD_IO: some of it may be there, each whole, and none of
 * it counts as delivered. */
enum dd_status dd_deliver_folder_sync(struct dd_deliver_folder *folder);

#endif
