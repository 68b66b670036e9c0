// Calls that need more stack than the calling thread may have.
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

typedef struct {
  void (*body)(void *);
  void *context;
} call;

static void *run(void *argument) {
  const call *c = argument;
  c->body(c->context);
  return NULL;
}

bool ck_call_on_stack(size_t size, void (*body)(void *), void *context) {
  call c = {body, context};
  pthread_attr_t attributes;
  pthread_t thread;
  if (pthread_attr_init(&attributes) != 0) return false;
  bool exists = pthread_attr_setstacksize(&attributes, size) == 0 && pthread_create(&thread, &attributes, run, &c) == 0;
  pthread_attr_destroy(&attributes);
  return exists && pthread_join(thread, NULL) == 0;
}
