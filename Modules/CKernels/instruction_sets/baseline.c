// What every x86-64 processor runs.
#if defined(__x86_64__)
#define ISA baseline
#define BYTES 16
#define FUSED 0
#include "instruction_set.h"
#endif
