#include "streaming.h"

size_t streaming_threshold = 32 << 20;

size_t ck_streaming_threshold(void) { return __atomic_load_n(&streaming_threshold, __ATOMIC_RELAXED); }

void ck_set_streaming_threshold(size_t bytes) { __atomic_store_n(&streaming_threshold, bytes, __ATOMIC_RELAXED); }
