// OpenBLAS starts its threads when it is loaded. It ends the process where the system refuses one of them, and each of them, as
// whoever calls it, tries without end to map a buffer where there is no memory for that: a product or the end of the process,
// which waits for the threads, would take forever. So OpenBLAS is told to start no more threads than there can be, and where
// memory is limited, calls wait for the buffers that there are.
#define _GNU_SOURCE
#include "CKernels.h"
#include "threads.h"
#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { BUFFER_BYTES = (128 << 20) + (64 << 10) };  // OpenBLAS's largest, on any processor

static const size_t bytes_of_thread = (size_t)2 * BUFFER_BYTES;  // its stack and its heap too

extern void openblas_set_num_threads(int) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));
extern void *blas_memory_alloc(int) __attribute__((weak));
extern void blas_memory_free(void *) __attribute__((weak));

// MARK: Threads

// How many times, up to `wanted`, there are so many bytes.
static int mappable(int wanted, size_t bytes) {
  void *places[MAXIMUM_THREADS];
  int count = 0;
  while (count < wanted) {
    places[count] = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (places[count] == MAP_FAILED) break;
    count++;
  }
  for (int i = 0; i < count; i++) munmap(places[i], bytes);
  return count;
}

static void *pass(void *gate) {
  pthread_mutex_lock(gate);
  pthread_mutex_unlock(gate);
  return NULL;
}

// How many threads the system lets run at once.
static int startable(int wanted) {
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  pthread_t threads[MAXIMUM_THREADS];
  int count = 0;
  pthread_mutex_lock(&gate);
  while (count < wanted && start_thread(&threads[count], 0, pass, &gate)) count++;
  pthread_mutex_unlock(&gate);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
  return count;
}

// As many, or those that there can be.
static int possible(int threads) {
  int others = (threads > MAXIMUM_THREADS ? MAXIMUM_THREADS : threads) - 1;
  return others > 0 ? 1 + startable(mappable(others, bytes_of_thread)) : 1;
}

// What OpenBLAS asks for the variable OPENBLAS_NUM_THREADS before it starts threads, when it is loaded: nothing of the program
// runs before that. This takes the place of OpenBLAS's own function.
__attribute__((weak, visibility("default"))) int openblas_num_threads_env(void) { return possible(initial_threads()); }

static pthread_mutex_t threads_lock = PTHREAD_MUTEX_INITIALIZER;

void ck_set_blas_threads(int threads) {
  static int started = 0;
  if (!openblas_set_num_threads || !openblas_get_num_threads) return;
  pthread_mutex_lock(&threads_lock);
  if (started == 0) started = openblas_get_num_threads();
  if (threads > started) started += possible(threads - started + 1) - 1;
  openblas_set_num_threads(threads < started ? threads : started);
  pthread_mutex_unlock(&threads_lock);
}

__attribute__((constructor)) static void limit_blas(void) {
  int own = threads_in("ACTIVATIONS_NUM_THREADS");
  if (own > 0) ck_set_blas_threads(own);
}

// MARK: Buffers

static struct {
  pthread_mutex_t lock;
  pthread_cond_t freed;
  int count, busy;
} buffers = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static bool is_limited(int resource) {
  struct rlimit limit;
  return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

static bool memory_is_limited(void) {
  static _Atomic int known = -1;
  if (known < 0) known = is_limited(RLIMIT_AS) || is_limited(RLIMIT_DATA);
  return known;
}

// OpenBLAS keeps the buffers that it has mapped once: one, and others for calls at the same time while there is room beside.
static void map_buffers(void) {
  if (!blas_memory_alloc || !blas_memory_free) {
    buffers.count = INT_MAX;
    return;
  }
  void *taken[MAXIMUM_THREADS];
  int most = ck_threads();
  while (buffers.count < most && mappable(1, buffers.count == 0 ? BUFFER_BYTES : bytes_of_thread) == 1)
    taken[buffers.count++] = blas_memory_alloc(0);
  for (int i = 0; i < buffers.count; i++) blas_memory_free(taken[i]);
}

bool ck_take_blas_buffer(void) {
  if (!memory_is_limited()) return true;
  pthread_mutex_lock(&buffers.lock);
  if (buffers.count == 0) map_buffers();
  bool exists = buffers.count > 0;
  while (exists && buffers.busy == buffers.count) pthread_cond_wait(&buffers.freed, &buffers.lock);
  buffers.busy += exists;
  pthread_mutex_unlock(&buffers.lock);
  return exists;
}

void ck_return_blas_buffer(void) {
  if (!memory_is_limited()) return;
  pthread_mutex_lock(&buffers.lock);
  buffers.busy--;
  pthread_cond_signal(&buffers.freed);
  pthread_mutex_unlock(&buffers.lock);
}
