#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

int clinux_syncfs(int descriptor) { return syncfs(descriptor); }

int clinux_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

uint32_t clinux_file_system_magic(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (uint32_t)status.f_type : 0;
}

static struct flock exclusive(void) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
    return lock;
}

int clinux_lock(int descriptor) {
    struct flock lock = exclusive();
    return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int clinux_lock_waiting(int descriptor) {
    struct flock lock = exclusive();
    return fcntl(descriptor, F_OFD_SETLKW, &lock);
}

bool clinux_is_locked(int descriptor) {
    struct flock lock = exclusive();
    return fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

int clinux_forbid_core_dumps(void) {
    // The limit alone does not bind a program that core_pattern names; it is what child processes inherit.
    struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
    int limited = setrlimit(RLIMIT_CORE, &none);
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? limited : -1;
}

int64_t clinux_wall_clock_ms(void) {
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
