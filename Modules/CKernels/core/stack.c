// How much stack the calling thread has left.
#define _GNU_SOURCE
#include "CKernels.h"
#include <pthread.h>

static _Thread_local const char *lowest;  // of this thread's stack, NULL until it is asked for

size_t ck_free_stack(void) {
  if (!lowest) {
    pthread_attr_t attributes;
    void *start;
    size_t size, guard = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return SIZE_MAX;
    pthread_attr_getstack(&attributes, &start, &size);
    pthread_attr_getguardsize(&attributes, &guard);
    pthread_attr_destroy(&attributes);
    lowest = (const char *)start + guard;
  }
  const char *here = __builtin_frame_address(0);
  return here > lowest ? (size_t)(here - lowest) : 0;
}
