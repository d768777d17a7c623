/* Ownership of received messages; knows nothing of sockets. See runtime/frames.h. */
#include "runtime/frames.h"

void dd_message_free(struct dd_message *message)
{
    if (message->release && message->owned)
        message->release(message->owned);
    *message = (struct dd_message){0};
}

struct dd_message dd_message_take(struct dd_message *from)
{
    struct dd_message taken = *from;
    *from = (struct dd_message){0};
    return taken;
}
