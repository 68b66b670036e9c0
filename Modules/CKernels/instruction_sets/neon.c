#if defined(__aarch64__)
#define ISA neon
#define BYTES 16
#define FUSED 1
#include "instruction_set.h"
#endif
