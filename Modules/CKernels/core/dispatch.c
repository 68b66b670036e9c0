// Which kernels this machine runs. The builtins ask the processor and the operating system.
#include "table.h"

const ck_kernels *ck_kernels_supported(int index) {
  const ck_kernels *supported[4];
  int count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
      supported[count++] = &ck_kernels_avx512;
    supported[count++] = &ck_kernels_avx2;
  }
  supported[count++] = &ck_kernels_baseline;
#elif defined(__aarch64__)
  supported[count++] = &ck_kernels_neon;
#else
#error "the kernels are compiled for x86-64 and AArch64"
#endif
  return index < count ? supported[index] : NULL;
}

const char *ck_kernels_name(const ck_kernels *kernels) { return kernels->name; }

#define UNARY(name, types, value) [ck_##name] = #name,
static const char *const function_names[] = {
#include "../elementwise/elementwise.h"
};

const char *ck_function_name(ck_function function) { return function_names[function]; }

#define UNARY(name, types, value) [ck_##name] = false,
#define PREDICATE(name, types, value) [ck_##name] = true,
#define COMPARISON PREDICATE
static const bool gives_bool[] = {
#include "../elementwise/elementwise.h"
};

ck_type ck_function_result(ck_function function, ck_type type) { return gives_bool[function] ? ck_bool : type; }

#define UNARY(name, types, value) [ck_##name] = 1,
#define BINARY(name, types, value) [ck_##name] = 2,
static const int operand_counts[] = {
#include "../elementwise/elementwise.h"
};

int ck_function_operands(ck_function function) { return operand_counts[function]; }

bool ck_function_is_activation(ck_function function) {
  return ck_kernels_supported(0)->pullback[function][ck_float32] != NULL;
}

bool ck_function_is_defined(ck_function function, ck_type type) {
  return ck_kernels_supported(0)->elementwise[function][type] != NULL;
}
