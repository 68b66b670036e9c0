// Results that no cache holds are stored past the caches: reading each line before it is overwritten would cost a third of
// the memory traffic.
#ifndef CKERNELS_STREAMING_H
#define CKERNELS_STREAMING_H

#include "nest.h"

extern size_t streaming_threshold;  // bytes

/// Whether the result is that large, and contiguous along the innermost axis.
static inline bool nest_is_streamed(const nest *n) {
  size_t bytes = (size_t)n->width[0];
  for (int i = 0; i < n->rank; i++) bytes *= (size_t)n->axes[i].count;
  return bytes >= __atomic_load_n(&streaming_threshold, __ATOMIC_RELAXED) && n->rank > 0 &&
         n->axes[n->rank - 1].strides[0] == n->width[0];
}

/// Stores past the caches are not ordered with others: whoever sees the result announced must see its elements too.
static inline void finish_streams(bool streamed) {
  if (streamed) __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
