// One job at a time is cut into parts: its caller claims them from the front, the workers from the back, so that repeated
// calls find their elements in the caches of the same processors. A worker that has run out of parts spins for a while
// and then sleeps. Waking it costs the caller more than a short call takes, so it is left asleep until the calls that
// follow one another have lost about as much by its absence.
#define _GNU_SOURCE
#include "threads.h"
#include "smaller.h"
#include "CKernels.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
  SMALLEST_PART = 2048,     // elements
  SMALLEST_SHARED = 16384,  // elements
  SHORT_CALL = 32,          // parts: of a call up to there the first part shows whether it pays to share the others
  PARTS_PER_THREAD = 32,
};
enum {  // nanoseconds
  SPINNING = 50000,
  PAYS_SHARING = 2000,   // time left: less is over before another processor has read what it is to do
  WAKING = 20000,        // what waking a worker costs its caller
  PAYS_WAKING = 200000,  // time left for which a worker is woken
  STREAK = 100000,       // of short calls one after another: more will follow
};

typedef enum { AWAKE, ASLEEP } worker_state;

static struct {
  _Alignas(64) _Atomic uint64_t unclaimed;  // the first part in the upper half, the one after the last in the lower
  // Read after a part has been claimed, and not written before it is finished.
  void (*body)(ptrdiff_t first, ptrdiff_t end, void *context);
  void *context;
  _Alignas(64) _Atomic uint32_t unfinished;
  _Alignas(64) atomic_int threads;  // 0: not yet looked up
  atomic_int most_workers;          // none after a fork, and those that there are where the system refuses more
  atomic_int callers_processor;
  _Atomic worker_state states[MAXIMUM_THREADS];
  // Of the caller that has the pool:
  _Alignas(64) atomic_bool taken;
  int workers;
  uint64_t last_end, lost;
} pool = {.most_workers = MAXIMUM_THREADS};

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  __asm__ volatile("yield");
#endif
}

static int processors(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

// MARK: The number of threads


int threads_in(const char *variable) {
  const char *text = getenv(variable);
  if (!text || !*text) return 0;
  char *end;
  long number = strtol(text, &end, 10);
  if (*end || number < 1) return 0;
  return number > MAXIMUM_THREADS ? MAXIMUM_THREADS : (int)number;
}

int initial_threads(void) {
  int own = threads_in("ACTIVATIONS_NUM_THREADS");
  if (own) return own;
  int count = smaller(processors(), MAXIMUM_THREADS);
  int blas = threads_in("OPENBLAS_NUM_THREADS"), openmp = threads_in("OMP_NUM_THREADS");
  if (blas) return smaller(blas, count);
  return openmp ? smaller(openmp, count) : count;
}

int ck_threads(void) {
  int count = atomic_load_explicit(&pool.threads, memory_order_relaxed);
  if (count > 0) return count;
  int expected = 0;
  count = initial_threads();
  return atomic_compare_exchange_strong(&pool.threads, &expected, count) ? count : expected;
}

void ck_set_threads(int count) {
  atomic_store_explicit(&pool.threads, count < 1 ? 1 : smaller(count, MAXIMUM_THREADS), memory_order_relaxed);
}

bool ck_bind_to_processor(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

// MARK: Parts

// The parts from `first` on, up to `end`.
typedef struct { uint32_t first, end; } range;

static range unpacked(uint64_t packed) { return (range){(uint32_t)(packed >> 32), (uint32_t)packed}; }
static uint64_t packed(range parts) { return (uint64_t)parts.first << 32 | parts.end; }
static uint32_t length(range parts) { return parts.first < parts.end ? parts.end - parts.first : 0; }

typedef enum { FRONT, BACK } side;

// Parts that nobody else runs: of those that are left one in `divisor`; none when none are left.
static range claim(side from, uint32_t divisor) {
  uint64_t current = atomic_load_explicit(&pool.unclaimed, memory_order_relaxed);
  while (1) {
    range all = unpacked(current), claimed = all, rest = all;
    uint32_t left = length(all), count = left / divisor + (left % divisor > 0);
    if (count == 0) return (range){0, 0};
    if (from == FRONT) claimed.end = rest.first = all.first + count;
    else claimed.first = rest.end = all.end - count;
    // It may be another job that has the same parts left by now: then they are that job's.
    if (atomic_compare_exchange_weak_explicit(&pool.unclaimed, &current, packed(rest), memory_order_acquire,
                                              memory_order_relaxed))
      return claimed;
  }
}

static void run(range parts) { pool.body(parts.first, parts.end, pool.context); }

// Until none are left. The job ends only when everything that was claimed is reported as finished.
static void run_shared(range parts, side from, uint32_t divisor) {
  uint32_t finished = 0;
  for (; length(parts) > 0; parts = claim(from, divisor)) {
    run(parts);
    finished += length(parts);
  }
  if (finished > 0) atomic_fetch_sub_explicit(&pool.unfinished, finished, memory_order_release);
}

// MARK: Workers

static bool is_wanted(int number) { return number < ck_threads() - 1; }

static void sleep_until_woken(int number) {
  _Atomic worker_state *state = &pool.states[number];
  atomic_store_explicit(state, ASLEEP, memory_order_relaxed);
  while (atomic_load_explicit(state, memory_order_relaxed) == ASLEEP)
    syscall(SYS_futex, state, FUTEX_WAIT_PRIVATE, ASLEEP, NULL, NULL, 0);
}

// Few claims while much is left, small ones at the end, when all threads are to finish at the same time.
static uint32_t claim_divisor(void) { return 2 * (uint32_t)ck_threads(); }

// The scheduler likes to wake a worker on its caller's processor, even when others are idle.
static void leave_callers_processor(void) {
  int callers = atomic_load_explicit(&pool.callers_processor, memory_order_relaxed);
  cpu_set_t all, others;
  if (sched_getcpu() != callers || sched_getaffinity(0, sizeof all, &all) != 0) return;
  others = all;
  CPU_CLR(callers, &others);
  if (sched_setaffinity(0, sizeof others, &others) == 0) sched_setaffinity(0, sizeof all, &all);
}

static void *work(void *argument) {
  int number = (int)(intptr_t)argument;
  leave_callers_processor();
  uint64_t last_work = now();
  for (unsigned turn = 1;; turn++) {
    uint32_t divisor = claim_divisor();
    range parts = is_wanted(number) ? claim(BACK, divisor) : (range){0, 0};
    if (length(parts) > 0) {
      run_shared(parts, BACK, divisor);
      last_work = now();
    } else if (turn % 16 == 0 && now() - last_work > SPINNING) {
      sleep_until_woken(number);
      leave_callers_processor();
      last_work = now();
    } else pause_briefly();
  }
  return NULL;
}

bool start_thread(pthread_t *thread, size_t stack, void *(*body)(void *), void *argument) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
  sigset_t all, previous;
  sigfillset(&all);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&all, faults[i]);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  bool starts = (stack == 0 || pthread_attr_setstacksize(&attributes, stack) == 0) &&
                pthread_create(thread, &attributes, body, argument) == 0;
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
  pthread_attr_destroy(&attributes);
  return starts;
}

static void forget_workers(void) { atomic_store(&pool.most_workers, 0); }

static bool start_worker(void) {
  if (pool.workers == 0) pthread_atfork(NULL, NULL, forget_workers);
  pthread_t thread;
  if (!start_thread(&thread, 0, work, (void *)(intptr_t)pool.workers)) {
    atomic_store(&pool.most_workers, pool.workers);
    return false;
  }
  pthread_detach(thread);
  pool.workers++;
  return true;
}

static int sleeping_workers(int wanted) {
  int sleeping = wanted > pool.workers ? wanted - pool.workers : 0;
  for (int i = 0; i < smaller(wanted, pool.workers); i++)
    sleeping += atomic_load_explicit(&pool.states[i], memory_order_relaxed) == ASLEEP;
  return sleeping;
}

static void wake_workers(int wanted) {
  atomic_store_explicit(&pool.callers_processor, sched_getcpu(), memory_order_relaxed);
  for (int i = 0; i < smaller(wanted, pool.workers); i++)
    if (atomic_exchange_explicit(&pool.states[i], AWAKE, memory_order_relaxed) == ASLEEP)
      syscall(SYS_futex, &pool.states[i], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
  // Workers inherit their starter's processors: on a single one they would be in its way.
  if (pool.workers < wanted && processors() > 1)
    while (pool.workers < wanted && start_worker()) {}
}

// MARK: Calls

ptrdiff_t part_count(ptrdiff_t elements) {
  if (elements < SMALLEST_SHARED) return 1;
  int threads = ck_threads();
  if (threads == 1) return 1;
  ptrdiff_t parts = elements / SMALLEST_PART, most = (ptrdiff_t)threads * PARTS_PER_THREAD;
  return parts < most ? parts : most;
}

// Runs parts until it pays to wake or to tell the others, or none are left. Returns those that are left.
static range run_alone(range parts, int wanted, bool all_awake) {
  uint64_t start = now(), earlier = start > pool.last_end + SPINNING ? 0 : pool.lost;
  // Short calls are not looked into while others sleep: nobody would be woken for them.
  uint32_t count = !all_awake && length(parts) <= SHORT_CALL ? length(parts) : 1;
  while (1) {
    if (count > length(parts)) count = length(parts);
    run((range){parts.first, parts.first + count});
    parts.first += count;
    uint64_t end = now(), each = (end - start) / count + 1, left = length(parts) * each;
    if (all_awake) {
      if (left > PAYS_SHARING || length(parts) == 0) return parts;
      run(parts);
      return (range){0, 0};
    }
    pool.lost = earlier + (end - start);
    bool streak = earlier > 0 && pool.lost + left > STREAK, pays = left > PAYS_WAKING && pool.lost > WAKING;
    if (streak || pays) wake_workers(wanted);
    if (streak || pays || left <= PAYS_WAKING) {
      pool.lost = streak || pays ? 0 : pool.lost + left;
      pool.last_end = end + left;
      return parts;
    }
    earlier = pool.lost;
    start = end;
    count = (uint32_t)(WAKING / each) + 1;
  }
}

static void share(range parts) {
  atomic_store_explicit(&pool.unfinished, length(parts), memory_order_relaxed);
  atomic_store_explicit(&pool.unclaimed, packed(parts), memory_order_release);
  uint32_t divisor = claim_divisor();
  run_shared(claim(FRONT, divisor), FRONT, divisor);
  for (unsigned turn = 1; atomic_load_explicit(&pool.unfinished, memory_order_acquire) > 0; turn++)
    if (turn % 1024 == 0) sched_yield();  // the worker may be waiting for this processor
    else pause_briefly();
}

void run_long_ranges(ptrdiff_t count, uint64_t nanoseconds, void (*body)(ptrdiff_t first, ptrdiff_t end, void *context),
                     void *context) {
  int wanted = smaller(ck_threads(), count < MAXIMUM_THREADS ? (int)count : MAXIMUM_THREADS) - 1;
  wanted = smaller(wanted, atomic_load_explicit(&pool.most_workers, memory_order_relaxed));
  if (wanted < 1 || count > INT32_MAX || atomic_exchange_explicit(&pool.taken, true, memory_order_acquire))
    return body(0, count, context);

  pool.body = body;
  pool.context = context;
  range parts = {0, (uint32_t)count};
  bool all_awake = sleeping_workers(wanted) == 0;
  if (!all_awake && nanoseconds > PAYS_WAKING) {
    wake_workers(wanted);
    pool.lost = 0;
  } else if (!all_awake || (parts.end <= SHORT_CALL && nanoseconds <= PAYS_SHARING)) {
    parts = run_alone(parts, wanted, all_awake);
  }
  if (length(parts) > 0) {
    if (sleeping_workers(wanted) < wanted) share(parts);
    else run(parts);
  }
  atomic_store_explicit(&pool.taken, false, memory_order_release);
}

void run_ranges(ptrdiff_t count, void (*body)(ptrdiff_t first, ptrdiff_t end, void *context), void *context) {
  run_long_ranges(count, 0, body, context);
}

// MARK: Threads for a single call

typedef struct {
  void (*body)(void *context);
  void *context;
} single_call;

static void *run_call(void *argument) {
  const single_call *call = argument;
  call->body(call->context);
  return NULL;
}

void ck_run_on_threads(int count, void (*body)(void *context), void *context) {
  single_call call = {body, context};
  pthread_t threads[MAXIMUM_THREADS];
  int started = 0, most = smaller(count, MAXIMUM_THREADS) - 1;
  while (started < most && start_thread(&threads[started], 0, run_call, &call)) started++;
  body(context);
  for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
}

bool ck_call_on_stack(size_t size, void (*body)(void *context), void *context) {
  single_call call = {body, context};
  pthread_t thread;
  return start_thread(&thread, size, run_call, &call) && pthread_join(thread, NULL) == 0;
}
