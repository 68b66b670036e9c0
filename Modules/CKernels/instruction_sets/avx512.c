#include "../core/table.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,f16c,bmi,bmi2"))), apply_to = function)
#define ISA avx512
#define BYTES 64
#define FUSED 1
#include "instruction_set.h"
#pragma clang attribute pop
#endif
