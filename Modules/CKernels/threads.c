#define _GNU_SOURCE
#include "CKernels.h"
#include <sched.h>

bool ck_bind_to_processor(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}
