/* Stands before libc in a process that LD_PRELOADs it: fsync and fdatasync return FORCED_WRITE_DELAY_US
 * microseconds after the disk has done its work. slow_disk.py compiles it and gives it to a postmaster, whose
 * children inherit it.
 *
 * Threads: none of its own; callers wait side by side. Errors: the disk's own, with their errno. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

typedef int (*Force)(int descriptor);

static Force real_fsync;
static Force real_fdatasync;
static long delay_us;

__attribute__((constructor)) static void prepare(void) {
  const char *wanted = getenv("FORCED_WRITE_DELAY_US");
  if (wanted != NULL) delay_us = strtol(wanted, NULL, 10);
  real_fsync = (Force)dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = (Force)dlsym(RTLD_NEXT, "fdatasync");
  if (real_fsync == NULL || real_fdatasync == NULL) abort();
}

/* Until a moment and not for a time: PostgreSQL's signals would cut a plain sleep short. */
static void wait_out_the_delay(void) {
  struct timespec until;
  if (delay_us <= 0) return;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += delay_us / 1000000;
  until.tv_nsec += delay_us % 1000000 * 1000;
  if (until.tv_nsec >= 1000000000) {
    until.tv_nsec -= 1000000000;
    ++until.tv_sec;
  }
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
  }
}

static int slowly(Force force, int descriptor) {
  const int result = force(descriptor);
  const int error = errno;
  wait_out_the_delay();
  errno = error;
  return result;
}

int fsync(int descriptor) { return slowly(real_fsync, descriptor); }

int fdatasync(int descriptor) { return slowly(real_fdatasync, descriptor); }
