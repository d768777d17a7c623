/*
 * `dondoc rehearse`: plays a scenario through a system of its own, prints its table and exports it.
 */
#ifndef DD_CLIENTS_CLI_REHEARSE_H
#define DD_CLIENTS_CLI_REHEARSE_H

/* The command; argv[0] is its own word. Returns the exit status: 0 all is played, printed and
 * exported; 1 the scenario has faults, a folder is not empty, or something failed; 2 wrong usage.
 */
int dd_rehearse_main(int argc, char **argv);

#endif
