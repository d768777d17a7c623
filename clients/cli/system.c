/* A dondocd as a child. See clients/cli/system.h. */
#include "clients/cli/system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/clock.h"

enum { LOG_LINES = 5, LOG_TAIL_BYTES = 400, NOT_EXECUTED = 127, POLL_MS = 2 };

static enum dd_status because(struct dd_why *why, enum dd_status status, const char *what,
                              const char *rest)
{
    snprintf(why->text, sizeof why->text, "%.250s: %.250s", what, rest);
    return status;
}

static void pause_ms(long ms)
{
    struct timespec wait = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&wait, NULL);
}

/* ---- where dondocd is */

static bool beside(char path[DD_PATH_BYTES])
{
    char program[DD_PATH_BYTES];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size <= 0)
        return false;
    program[size] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return dd_data_path(program, "dondocd", path) && access(path, X_OK) == 0;
}

static bool in_path(char path[DD_PATH_BYTES])
{
    const char *at = getenv("PATH");
    while (at && *at) {
        char dir[DD_PATH_BYTES];
        size_t size = strcspn(at, ":");
        if (size > 0 && size < sizeof dir) {
            memcpy(dir, at, size);
            dir[size] = '\0';
            if (dd_data_path(dir, "dondocd", path) && access(path, X_OK) == 0)
                return true;
        }
        at += size + (at[size] == ':');
    }
    return false;
}

static bool find_program(char path[DD_PATH_BYTES])
{
    const char *named = getenv("DONDOCD");
    if (beside(path))
        return true;
    if (named && *named && strlen(named) < DD_PATH_BYTES && access(named, X_OK) == 0) {
        memcpy(path, named, strlen(named) + 1);
        return true;
    }
    return in_path(path);
}

/* ---- its last words */

/* The last lines of DATA/dondocd.log, for people; "" if there are none. */
static void last_lines(const char *data, char *out, size_t out_size)
{
    char path[DD_PATH_BYTES];
    char tail[LOG_TAIL_BYTES + 1];
    size_t size = 0;
    out[0] = '\0';
    FILE *file = dd_data_path(data, "dondocd.log", path) ? fopen(path, "rbe") : NULL;
    if (!file)
        return;
    if (fseek(file, -(long)LOG_TAIL_BYTES, SEEK_END) != 0)
        rewind(file);
    size = fread(tail, 1, LOG_TAIL_BYTES, file);
    fclose(file);
    tail[size] = '\0';
    char *start = tail + size;
    for (int lines = 0; start > tail; start--) {
        if (start[-1] == '\n' && start != tail + size && ++lines == LOG_LINES)
            break;
    }
    snprintf(out, out_size, "%s", start);
}

static enum dd_status died(struct dd_system *system, int wait_status, struct dd_why *why)
{
    char said[LOG_TAIL_BYTES + 1];
    last_lines(system->data, said, sizeof said);
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == NOT_EXECUTED)
        snprintf(why->text, sizeof why->text, "dondocd could not be run");
    else if (WIFEXITED(wait_status))
        snprintf(why->text, sizeof why->text, "dondocd ended with status %d\n%s",
                 WEXITSTATUS(wait_status), said);
    else
        snprintf(why->text, sizeof why->text, "dondocd was ended by signal %d\n%s",
                 WTERMSIG(wait_status), said);
    return DD_UNAVAILABLE;
}

/* ---- the child */

/* In the child, between fork and exec: only calls that are safe there. */
static void become(const char *program, char **argv, int log_fd, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)setpgid(0, 0); /* a terminal's Ctrl-C is for the parent, which ends the child in order */
    int null_fd = open("/dev/null", O_RDWR);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && null_fd >= 0 &&
        dup2(null_fd, STDIN_FILENO) >= 0 && dup2(null_fd, STDOUT_FILENO) >= 0 &&
        dup2(log_fd, STDERR_FILENO) >= 0)
        execv(program, argv);
    _exit(NOT_EXECUTED);
}

static enum dd_status spawn(const char *program, const char *clock, struct dd_system *system,
                            struct dd_why *why)
{
    char path[DD_PATH_BYTES];
    char moment[64];
    char name[] = "dondocd";
    char data_flag[] = "--data";
    char clock_flag[] = "--clock";
    char data[DD_PATH_BYTES];
    char *argv[] = {name, data_flag, data, clock_flag, moment, NULL};
    if (!dd_data_path(system->data, "dondocd.log", path))
        return because(why, DD_TOO_LARGE, system->data, "the path is too long");
    snprintf(data, sizeof data, "%s", system->data);
    snprintf(moment, sizeof moment, "rehearsal:%s", clock);
    int log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (log_fd < 0)
        return because(why, DD_IO, path, strerror(errno));
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become(program, argv, log_fd, parent);
    int error = errno;
    close(log_fd);
    if (pid < 0)
        return because(why, DD_IO, program, strerror(error));
    system->pid = pid;
    return DD_OK;
}

/* The one line of DATA/endpoint, once it is whole. */
static bool read_endpoint(struct dd_system *system)
{
    char path[DD_PATH_BYTES];
    char line[DD_SYSTEM_ENDPOINT_BYTES];
    if (!dd_data_path(system->data, "endpoint", path))
        return false;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    bool whole = fgets(line, sizeof line, file) && strchr(line, '\n');
    fclose(file);
    if (!whole)
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    snprintf(system->endpoint, sizeof system->endpoint, "%s", line);
    return line[0] != '\0';
}

static enum dd_status wait_until_serving(struct dd_system *system, struct dd_why *why)
{
    int64_t until_ms = dd_clock_mono_ms() + DD_SYSTEM_START_MS;
    int wait_status;
    while (!read_endpoint(system)) {
        if (waitpid(system->pid, &wait_status, WNOHANG) == system->pid) {
            system->pid = 0;
            return died(system, wait_status, why);
        }
        if (dd_clock_mono_ms() > until_ms) {
            struct dd_why ignored;
            (void)dd_system_stop(system, &ignored);
            return because(why, DD_TIMEOUT, system->data, "dondocd does not serve");
        }
        pause_ms(POLL_MS);
    }
    return DD_OK;
}

enum dd_status dd_system_start(const char *data, const char *clock, struct dd_system *system,
                               struct dd_why *why)
{
    char program[DD_PATH_BYTES];
    *system = (struct dd_system){.data = data};
    why->text[0] = '\0';
    if (!find_program(program))
        return because(why, DD_NOT_FOUND, "dondocd",
                       "not found beside this program, in DONDOCD, in PATH");
    enum dd_status status = spawn(program, clock, system, why);
    return status == DD_OK ? wait_until_serving(system, why) : status;
}

bool dd_system_runs(struct dd_system *system)
{
    siginfo_t info = {.si_pid = 0};
    if (system->pid == 0)
        return false;
    /* Its end is left to be told by dd_system_stop. */
    return waitid(P_PID, (id_t)system->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

enum dd_status dd_system_stop(struct dd_system *system, struct dd_why *why)
{
    int64_t until_ms = dd_clock_mono_ms() + DD_SYSTEM_STOP_MS;
    int wait_status = 0;
    bool killed = false;
    pid_t pid = system->pid;
    why->text[0] = '\0';
    system->pid = 0;
    if (pid == 0)
        return DD_OK;
    (void)kill(pid, SIGTERM);
    for (;;) {
        pid_t ended = waitpid(pid, &wait_status, WNOHANG);
        if (ended == pid)
            break;
        if (ended < 0 && errno != EINTR)
            return because(why, DD_IO, "dondocd", strerror(errno));
        if (!killed && dd_clock_mono_ms() > until_ms) {
            killed = true;
            (void)kill(pid, SIGKILL);
        }
        pause_ms(POLL_MS);
    }
    if (killed)
        return because(why, DD_TIMEOUT, "dondocd", "did not end and was killed");
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0)
        return DD_OK;
    (void)died(system, wait_status, why);
    return DD_IO;
}
