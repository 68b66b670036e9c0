// Vectors of one element type on one instruction set, and the operations that rows are written with.
//   element   vector, of LANE_COUNT elements   integers, as wide: masks, and the bits of a vector
//   bools, wide_vector: Bools and accumulators, as many as a vector has elements   NAME(f): f's name for this element type

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(name) JOIN(name, SUFFIX)
#define vector NAME(vector)
#define unaligned_vector NAME(unaligned_vector)
#define integers NAME(integers)
#define bools NAME(bools)
#define wide_vector NAME(wide_vector)

typedef element vector __attribute__((vector_size(BYTES)));
typedef element unaligned_vector __attribute__((vector_size(BYTES), aligned(__alignof__(element)), may_alias));
typedef LANE integers __attribute__((vector_size(BYTES)));
typedef UNSIGNED NAME(magnitudes) __attribute__((vector_size(BYTES)));
typedef uint8_t bools __attribute__((vector_size(BYTES / sizeof(element)), aligned(1), may_alias));
typedef ACCUMULATOR wide_vector __attribute__((vector_size(BYTES / sizeof(element) * sizeof(ACCUMULATOR))));

// One number in every lane. Subtracting zero keeps -0, adding it would not.
#define SPLAT(constant) ((element)(constant) - (vector){})
#define LOAD(pointer) (*(const unaligned_vector *)(pointer))
#define STORE(pointer, value) (*(unaligned_vector *)(pointer) = (value))
#define SELECT(condition, yes, no) select_((integers)(condition), (vector)(yes), (vector)(no))
#define SQRT(x) __builtin_elementwise_sqrt(x)
#define FLOOR(x) __builtin_elementwise_floor(x)
#define CEILING(x) __builtin_elementwise_ceil(x)
#define TRUNCATE(x) __builtin_elementwise_trunc(x)
#define ROUND(x) __builtin_elementwise_roundeven(x)
#if FUSED
#define FMA(x, y, z) __builtin_elementwise_fma((vector)(x), (vector)(y), (vector)(z))
#else
#define FMA(x, y, z) ((x) * (y) + (z))
#endif

// The C library's function, element by element, in double: for Float that is the correctly rounded result but for
// one case in many millions.
#define LIBM(function, x)                                        \
  ({                                                             \
    vector each_;                                                \
    for (int lane_ = 0; lane_ < LANE_COUNT; lane_++)             \
      each_[lane_] = (element)function((double)(x)[lane_]);      \
    each_;                                                       \
  })
#define LIBM2(function, x, y)                                                      \
  ({                                                                               \
    vector each_;                                                                  \
    for (int lane_ = 0; lane_ < LANE_COUNT; lane_++)                               \
      each_[lane_] = (element)function((double)(x)[lane_], (double)(y)[lane_]);    \
    each_;                                                                         \
  })

#if !IS_BOOL  // Bool shares the vectors of UInt8.
INLINE vector select_(integers condition, vector yes, vector no) {
  return (vector)(((integers)yes & condition) | ((integers)no & ~condition));
}

#if IS_REAL
INLINE vector absolute(vector x) { return (vector)((integers)x & ~(integers)SPLAT(-0.0)); }
// The sign is given last: Swift 6.3's clang compiles SELECT(condition, x, copy_sign(value, x)) wrongly for AVX-512, to a masked
// vpternlog with another table (llvm #157929).
INLINE vector copy_sign(vector magnitude, vector sign) {
  integers sign_bit = (integers)SPLAT(-0.0);
  return (vector)(((integers)magnitude & ~sign_bit) | ((integers)sign & sign_bit));
}
// NaN stays; the sum makes -0 a 0.
INLINE vector sign(vector x) { return SELECT(x > 0, SPLAT(1), SELECT(x < 0, SPLAT(-1), x + 0)); }
INLINE vector clamp(vector x, vector low, vector high) { return SELECT(x < low, low, SELECT(x > high, high, x)); }
INLINE _Bool any(integers lanes) { return __builtin_reduce_or(lanes) != 0; }
#define RARE(lanes) __builtin_expect(any((integers)(lanes)), 0)

// Quotient rounded down and remainder with the divisor's sign, from C's exact fmod.
INLINE vector floor_remainder(vector x, vector y) {
  vector rest = LIBM2(fmod, x, y);
  rest = SELECT((rest != 0) & ((rest < 0) ^ (y < 0)), rest + y, rest);
  return SELECT(rest == 0, copy_sign(rest, y), rest);
}
INLINE vector floor_quotient(vector x, vector y) {
  vector rest = LIBM2(fmod, x, y);
  vector exact = (x - rest) / y - SELECT((rest != 0) & ((rest < 0) ^ (y < 0)), SPLAT(1), SPLAT(0));
  vector whole = FLOOR(exact);
  whole = SELECT(exact - whole > SPLAT(0.5), whole + 1, whole);
  whole = SELECT(exact == 0, copy_sign(SPLAT(0), x / y), whole);
  return SELECT(y == 0, x / y, whole);
}
INLINE vector power(vector x, vector y) { return LIBM2(pow, x, y); }
#else
#if IS_SIGNED
INLINE vector absolute(vector x) { return SELECT(x < 0, -x, x); }
INLINE vector sign(vector x) { return (vector)((x < 0) | ((vector)(x > 0) & SPLAT(1))); }
#else
INLINE vector absolute(vector x) { return x; }
INLINE vector sign(vector x) { return (vector)(x > 0) & SPLAT(1); }
#endif

// Division rounds to minus infinity; by zero gives 0, as NumPy does.
INLINE vector floor_quotient(vector x, vector y) {
  vector result;
  for (int lane = 0; lane < LANE_COUNT; lane++) {
    element n = x[lane], d = y[lane];
    if (d == 0) result[lane] = 0;
    else if (IS_SIGNED && d == (element)-1) result[lane] = (element)(0 - (UNSIGNED)n);
    else result[lane] = (element)(n / d - (n % d != 0 && (n < 0) != (d < 0)));
  }
  return result;
}
INLINE vector floor_remainder(vector x, vector y) {
  vector result;
  for (int lane = 0; lane < LANE_COUNT; lane++) {
    element n = x[lane], d = y[lane];
    if (d == 0 || (IS_SIGNED && d == (element)-1)) result[lane] = 0;
    else result[lane] = (element)(n % d + (n % d != 0 && (n < 0) != (d < 0) ? d : 0));
  }
  return result;
}
INLINE vector power(vector base, vector exponent) {
  vector result = SPLAT(1);
  integers left = (integers)exponent;
  while (1) {
    integers odd = -(left & 1);
    result = SELECT(odd, result * base, result);
    left = (integers)((NAME(magnitudes))left >> 1);
    _Bool done = 1;
    for (int lane = 0; lane < LANE_COUNT; lane++) done &= left[lane] == 0;
    if (done) return result;
    base *= base;
  }
}
#endif
#endif
