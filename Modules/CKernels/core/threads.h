// The threads of the package. A call is cut into parts, which the pool's threads and the calling one claim one by one.
#ifndef CKERNELS_THREADS_H
#define CKERNELS_THREADS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAXIMUM_THREADS = 256 };

/// The number in an environment variable, at most `MAXIMUM_THREADS`; 0 where it is not a positive number.
int threads_in(const char *variable);
/// How many threads the environment asks for; the number of processors where it says nothing.
int initial_threads(void);

/// Starts a thread that leaves the program's signals to the others, with a stack of so many bytes (0: as the system gives them).
/// False where the system refuses.
bool start_thread(pthread_t *thread, size_t stack, void *(*body)(void *), void *argument);

/// Into how many parts a call over so many elements is cut: 1 where that does not pay.
ptrdiff_t part_count(ptrdiff_t elements);

/// Has `body` run the parts from 0 up to `count` once each, some from `first` up to `end` in one go, in any order and on several
/// threads at once, and returns when all have been run. The caller runs all of them itself while another call has the pool.
void run_ranges(ptrdiff_t count, void (*body)(ptrdiff_t first, ptrdiff_t end, void *context), void *context);
/// The same for a call that takes a single thread at least so many nanoseconds: the others need not wait until a first part
/// has been measured.
void run_long_ranges(ptrdiff_t count, uint64_t nanoseconds, void (*body)(ptrdiff_t first, ptrdiff_t end, void *context),
                     void *context);

#endif
