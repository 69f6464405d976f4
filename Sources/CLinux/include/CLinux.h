// The few Linux calls that Swift's Glibc module does not show (they need _GNU_SOURCE or are variadic).
#ifndef LATCHSTRING_CLINUX_H
#define LATCHSTRING_CLINUX_H

#include <stdbool.h>
#include <stdint.h>

/// syncfs(2): flushes the file system that the descriptor's file is on. 0, or -1 with errno.
int clinux_syncfs(int descriptor);

/// pipe2(2) with O_CLOEXEC: the end to read from and the one to write to. 0, or -1 with errno.
int clinux_pipe(int *_Nonnull ends);

/// statfs(2): the magic number of the file system that a path is on; 0 where it cannot be told.
uint32_t clinux_file_system_magic(const char *_Nonnull path);

/// Takes an exclusive lock of the open file description (F_OFD_SETLK) without waiting: 0, or -1 with errno
/// EAGAIN or EACCES when somebody else has it.
int clinux_lock(int descriptor);

/// The same, waiting for it (F_OFD_SETLKW); may end early with EINTR.
int clinux_lock_waiting(int descriptor);

/// Whether somebody else has such a lock; asking takes none, so it can be in nobody's way.
bool clinux_is_locked(int descriptor);

/// Keeps the kernel from writing this process' memory to a core file, or handing it to a program that does, and
/// other processes of the same user from reading it (RLIMIT_CORE 0, PR_SET_DUMPABLE 0). 0, or -1 with errno.
int clinux_forbid_core_dumps(void);

/// The time of day, in milliseconds since 1970 (clock_gettime(2), CLOCK_REALTIME).
int64_t clinux_wall_clock_ms(void);

#endif
