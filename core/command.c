/* The list of commands, read. See core/command.h. */
#include "core/command.h"

struct command_row {
    enum dd_command_kind kind;
    const char *word;
    bool signed_;
};

static const struct command_row rows[] = {
#define ROW(name, number, word, signed_) {DD_COMMAND_##name, word, signed_},
    DD_COMMAND_TABLE(ROW)
#undef ROW
};

const char *dd_command_word(enum dd_command_kind kind)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].kind == kind)
            return rows[i].word;
    }
    return "";
}

bool dd_command_signed(enum dd_command_kind kind)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].kind == kind)
            return rows[i].signed_;
    }
    return true;
}

struct dd_slice dd_command_cycle(const struct dd_command *command)
{
    static const struct dd_slice none = {NULL, 0};
    switch (command->kind) {
    case DD_COMMAND_CLOSE_CYCLE:
        return command->as.close_cycle.cycle;
    case DD_COMMAND_REGISTER:
        return command->as.register_.cycle;
    case DD_COMMAND_SUBMIT:
        return command->as.submit.cycle;
    case DD_COMMAND_WITHDRAW:
        return command->as.withdraw.cycle;
    case DD_COMMAND_DECIDE:
        return command->as.decide.cycle;
    case DD_COMMAND_PROGRESS:
        return command->as.progress.cycle;
    case DD_COMMAND_ASSIGN:
        return command->as.assign.cycle;
    case DD_COMMAND_BEND:
        return command->as.bend.cycle;
    case DD_COMMAND_TRANSFER:
        return command->as.transfer.cycle;
    case DD_COMMAND_PUBLISH:
        return command->as.publish.cycle;
    case DD_COMMAND_GENESIS:
    case DD_COMMAND_PUT_UNITS:
    case DD_COMMAND_PUT_ACCOUNT:
    case DD_COMMAND_PUT_CALENDAR:
    case DD_COMMAND_PUT_PROGRAMME:
    case DD_COMMAND_OPEN_CYCLE:
    case DD_COMMAND_REVOKE:
    case DD_COMMAND_DELEGATE:
    case DD_COMMAND_TICK:
    case DD_COMMAND_REMINDED:
        return none;
    }
    return none;
}

struct dd_slice dd_command_unit(const struct dd_command *command)
{
    static const struct dd_slice none = {NULL, 0};
    switch (command->kind) {
    case DD_COMMAND_REGISTER:
        return command->as.register_.unit;
    case DD_COMMAND_SUBMIT:
        return command->as.submit.unit;
    case DD_COMMAND_WITHDRAW:
        return command->as.withdraw.unit;
    case DD_COMMAND_DECIDE:
        return command->as.decide.unit;
    case DD_COMMAND_PROGRESS:
        return command->as.progress.unit;
    case DD_COMMAND_ASSIGN:
        return command->as.assign.unit;
    case DD_COMMAND_BEND:
        return command->as.bend.unit;
    case DD_COMMAND_DELEGATE:
        return command->as.delegate.unit;
    case DD_COMMAND_TRANSFER:
        return command->as.transfer.unit;
    case DD_COMMAND_PUBLISH:
        return command->as.publish.unit;
    case DD_COMMAND_GENESIS:
    case DD_COMMAND_PUT_UNITS:
    case DD_COMMAND_PUT_ACCOUNT:
    case DD_COMMAND_PUT_CALENDAR:
    case DD_COMMAND_PUT_PROGRAMME:
    case DD_COMMAND_OPEN_CYCLE:
    case DD_COMMAND_CLOSE_CYCLE:
    case DD_COMMAND_REVOKE:
    case DD_COMMAND_TICK:
    case DD_COMMAND_REMINDED:
        return none;
    }
    return none;
}
