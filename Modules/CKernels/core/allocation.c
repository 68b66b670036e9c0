// Memory for tensors. What is freed is kept for reuse, in lists by size, up to a limit: fresh memory costs page faults
// that take longer than the arithmetic that fills it. Large blocks ask for huge pages.
#define _GNU_SOURCE
#include "CKernels.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, bytes) ((void)(start), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(start, bytes) ((void)(start), (void)(bytes))
#endif

enum {
  ALIGNMENT = 64,
  HUGE_PAGE = 2 << 20,
  STAGGER = 132 * ALIGNMENT,
  STAGGERS = 16,
  STEPS_PER_DOUBLING = 4,
  SMALLEST_SHIFT = 6,
  CLASSES = (48 - SMALLEST_SHIFT) * STEPS_PER_DOUBLING,
};

#if __has_feature(address_sanitizer)
enum { KEEPS = false };  // so that what is used after it was freed, or beyond its end, is noticed
#else
enum { KEEPS = true };
#endif

typedef struct free_block {
  struct free_block *next;
} free_block;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static free_block *kept[CLASSES];
static size_t kept_bytes = 0, kept_limit = (size_t)256 << 20;

// Sizes are rounded up to the next quarter of a power of two: at most a quarter is wasted.
static int size_class(size_t bytes, size_t *rounded) {
  size_t smallest = (size_t)1 << SMALLEST_SHIFT;
  if (bytes <= smallest) {
    *rounded = smallest;
    return 0;
  }
  int shift = 63 - __builtin_clzll(bytes - 1);  // bytes - 1 in [2^shift, 2^(shift + 1))
  size_t step = ((size_t)1 << shift) / STEPS_PER_DOUBLING;
  size_t steps = (bytes - ((size_t)1 << shift) + step - 1) / step;
  *rounded = ((size_t)1 << shift) + steps * step;
  return (shift - SMALLEST_SHIFT) * STEPS_PER_DOUBLING + (int)steps;
}

static size_t class_size(int class) {
  if (class == 0) return (size_t)1 << SMALLEST_SHIFT;
  int doublings = (class - 1) / STEPS_PER_DOUBLING, steps = (class - 1) % STEPS_PER_DOUBLING + 1;
  return ((size_t)(STEPS_PER_DOUBLING + steps) << (SMALLEST_SHIFT + doublings)) / STEPS_PER_DOUBLING;
}

static _Thread_local size_t allocations = 0;

size_t ck_allocations(void) { return allocations; }

static bool is_huge(size_t rounded) { return KEEPS && rounded >= 2 * HUGE_PAGE; }

static void *align(size_t bytes) {
  void *fresh = NULL;
  return posix_memalign(&fresh, ALIGNMENT, bytes) == 0 ? fresh : NULL;
}

// Huge pages put every block at the same place within a page, where streams that run in step can meet in the same sets of
// the caches. So each block starts at another of sixteen places; what that gains has not been measured by itself.
static void *map_huge(size_t rounded) {
  static unsigned count = 0;
  void *fresh = NULL;
  if (posix_memalign(&fresh, HUGE_PAGE, rounded + STAGGERS * STAGGER) != 0) return NULL;
  madvise(fresh, rounded / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
  return (char *)fresh + __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED) % STAGGERS * STAGGER;
}

static void release(void *memory, size_t rounded) {
  free(is_huge(rounded) ? (void *)((uintptr_t)memory / HUGE_PAGE * HUGE_PAGE) : memory);
}

static void *take_shared(size_t rounded, int class) {
  pthread_mutex_lock(&lock);
  free_block *block = kept[class];
  if (block) {
    kept[class] = block->next;
    kept_bytes -= rounded;
  }
  pthread_mutex_unlock(&lock);
  return block ? block : is_huge(rounded) ? map_huge(rounded) : align(rounded);
}

static void give_shared(void *memory, size_t rounded, int class) {
  pthread_mutex_lock(&lock);
  bool keeps = KEEPS && kept_bytes + rounded <= kept_limit;
  if (keeps) {
    free_block *block = memory;
    block->next = kept[class];
    kept[class] = block;
    kept_bytes += rounded;
  }
  pthread_mutex_unlock(&lock);
  if (!keeps) release(memory, rounded);
}

// The memory of one computation, which one thread at a time enters: lists without a lock. What a run gives back, the next one takes.
// At most twice of what one run has held is kept: batches end with a smaller one, and memory of others may end here.
struct ck_pool {
  free_block *kept[CLASSES];
  int count[CLASSES];
  uint64_t uses[(CLASSES + 63) / 64];  // which lists this run has used
  int unused[CLASSES];                 // the fewest blocks that were left in these
  ptrdiff_t kept_bytes, taken_bytes;   // taken by this run and not given back
  ptrdiff_t most_taken;                // by any run
};

static _Thread_local ck_pool *pool = NULL;

static bool is_used(const ck_pool *p, int class) { return p->uses[class / 64] >> class % 64 & 1; }

// To be called before a list changes.
static void use(ck_pool *p, int class) {
  if (is_used(p, class)) return;
  p->uses[class / 64] |= (uint64_t)1 << class % 64;
  p->unused[class] = p->count[class];
}

static free_block *pop(ck_pool *p, size_t rounded, int class) {
  free_block *block = p->kept[class];
  if (!block) return NULL;
  p->kept[class] = block->next;
  p->count[class]--;
  p->kept_bytes -= (ptrdiff_t)rounded;
  ASAN_UNPOISON_MEMORY_REGION(block, rounded);
  return block;
}

static void push(ck_pool *p, free_block *block, size_t rounded, int class) {
  block->next = p->kept[class];
  p->kept[class] = block;
  p->count[class]++;
  p->kept_bytes += (ptrdiff_t)rounded;
  ASAN_POISON_MEMORY_REGION(block + 1, rounded - sizeof *block);
}

static void *take_pooled(ck_pool *p, size_t rounded, int class) {
  use(p, class);
  p->taken_bytes += (ptrdiff_t)rounded;
  if (p->taken_bytes > p->most_taken) p->most_taken = p->taken_bytes;
  free_block *block = pop(p, rounded, class);
  if (p->count[class] < p->unused[class]) p->unused[class] = p->count[class];
  return block;
}

static void give_pooled(ck_pool *p, void *memory, size_t rounded, int class) {
  use(p, class);
  p->taken_bytes -= (ptrdiff_t)rounded;
  push(p, memory, rounded, class);
}

void *ck_allocate(size_t bytes) {
  if (bytes > (size_t)1 << 47) return NULL;
  size_t rounded;
  int class = size_class(bytes, &rounded);
  void *block = pool ? take_pooled(pool, rounded, class) : NULL;
  if (!block) {
    allocations++;
    block = take_shared(rounded, class);
  }
  if (block) ASAN_POISON_MEMORY_REGION((char *)block + bytes, rounded - bytes);
  return block;
}

void ck_free(void *memory, size_t bytes) {
  size_t rounded;
  int class = size_class(bytes, &rounded);
  ASAN_UNPOISON_MEMORY_REGION(memory, rounded);
  if (pool) {
    give_pooled(pool, memory, rounded, class);
  } else {
    give_shared(memory, rounded, class);
  }
}

ck_pool *ck_pool_create(void) { return calloc(1, sizeof(ck_pool)); }

ck_pool *ck_pool_enter(ck_pool *entered) {
  ck_pool *outer = pool;
  pool = entered;
  if (entered != outer) entered->taken_bytes = 0;
  return outer;
}

static void drop(ck_pool *p, int class) {
  size_t rounded = class_size(class);
  give_shared(pop(p, rounded, class), rounded, class);
}

void ck_pool_leave(ck_pool *outer) {
  ck_pool *left = pool;
  pool = outer;
  if (left == outer) return;
  for (int class = CLASSES - 1; class >= 0 && left->kept_bytes > 2 * left->most_taken; class--)
    for (int n = is_used(left, class) ? left->unused[class] : left->count[class];
         n > 0 && left->kept_bytes > 2 * left->most_taken; n--)
      drop(left, class);
  memset(left->uses, 0, sizeof left->uses);
}

void ck_pool_destroy(ck_pool *destroyed) {
  for (int class = 0; class < CLASSES; class++)
    while (destroyed->kept[class]) drop(destroyed, class);
  free(destroyed);
}

size_t ck_kept_bytes(void) {
  pthread_mutex_lock(&lock);
  size_t bytes = kept_bytes;
  pthread_mutex_unlock(&lock);
  return bytes;
}

size_t ck_kept_limit(void) {
  pthread_mutex_lock(&lock);
  size_t bytes = kept_limit;
  pthread_mutex_unlock(&lock);
  return bytes;
}

// A kept block, where more than `limit` bytes are kept.
static free_block *take_beyond(size_t limit, int class) {
  pthread_mutex_lock(&lock);
  free_block *block = kept_bytes > limit ? kept[class] : NULL;
  if (block) {
    kept[class] = block->next;
    kept_bytes -= class_size(class);
  }
  pthread_mutex_unlock(&lock);
  return block;
}

// The largest blocks first. What the system takes long to release, it releases outside the lock.
static void trim(size_t limit) {
  for (int class = CLASSES - 1; class >= 0; class--)
    for (free_block *block; (block = take_beyond(limit, class));) release(block, class_size(class));
}

void ck_set_kept_limit(size_t bytes) {
  pthread_mutex_lock(&lock);
  kept_limit = bytes;
  pthread_mutex_unlock(&lock);
  trim(bytes);
}

void ck_trim(void) { trim(0); }
