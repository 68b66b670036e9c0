#include "../core/table.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi,bmi2"))), apply_to = function)
#define ISA avx2
#define BYTES 32
#define FUSED 1
#include "instruction_set.h"
#pragma clang attribute pop
#endif
