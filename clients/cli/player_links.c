/* The links of a rehearsal. See clients/cli/player_links.h. */
#include "clients/cli/player_links.h"

#include <stdlib.h>

#include "core/invariant.h"
#include "runtime/net.h"

enum { CLOSED = -1 };

struct link {
    struct dd_client *client; /* NULL: the place is free */
    size_t account;
    uint64_t used; /* when it was asked for last */
};

struct dd_links {
    struct dd_links_options options;
    struct dd_net *net;
    struct link *kept;
    int32_t *place; /* of each account among kept, or CLOSED */
    uint64_t uses;
};

enum dd_status dd_links_open(const struct dd_links_options *options, struct dd_links **out)
{
    struct dd_links *links = calloc(1, sizeof *links);
    *out = NULL;
    DD_ASSERT(options->kept_max > 0);
    if (!links)
        return DD_NO_MEMORY;
    links->options = *options;
    links->kept = calloc(options->kept_max, sizeof *links->kept);
    links->place = malloc((options->account_count + 1) * sizeof *links->place);
    enum dd_status status = links->kept && links->place ? dd_net_open(&links->net) : DD_NO_MEMORY;
    if (status != DD_OK) {
        dd_links_close(links);
        return status;
    }
    for (size_t i = 0; i < options->account_count; i++)
        links->place[i] = CLOSED;
    *out = links;
    return DD_OK;
}

void dd_links_close(struct dd_links *links)
{
    if (!links)
        return;
    for (size_t i = 0; links->kept && i < links->options.kept_max; i++)
        dd_client_close(links->kept[i].client);
    dd_net_close(links->net);
    free(links->kept);
    free(links->place);
    free(links);
}

/* A free place, or that of the link not used for longest. */
static struct link *make_room(struct dd_links *links)
{
    struct link *oldest = &links->kept[0];
    for (size_t i = 0; i < links->options.kept_max; i++) {
        struct link *link = &links->kept[i];
        if (!link->client)
            return link;
        if (link->used < oldest->used)
            oldest = link;
    }
    dd_client_close(oldest->client);
    oldest->client = NULL;
    links->place[oldest->account] = CLOSED;
    return oldest;
}

enum dd_status dd_links_get(struct dd_links *links, size_t account, struct dd_client **out)
{
    DD_ASSERT(account < links->options.account_count);
    int32_t place = links->place[account];
    if (place == CLOSED) {
        struct link *link = make_room(links);
        struct dd_client_options options = {.endpoint = links->options.endpoint,
                                            .jurisdiction = links->options.jurisdiction,
                                            .server_public = links->options.server_public,
                                            .keys = &links->options.keys[account],
                                            /* the order of commands is the order of the log */
                                            .requests_in_flight_max = 1,
                                            .sign_progress = links->options.sign_progress,
                                            .net = links->net};
        enum dd_status status = dd_client_open(&options, &link->client);
        if (status != DD_OK) {
            link->client = NULL;
            return status;
        }
        place = (int32_t)(link - links->kept);
        link->account = account;
        links->place[account] = place;
    }
    links->kept[place].used = ++links->uses;
    *out = links->kept[place].client;
    return DD_OK;
}
