// Vectors of one element type on one instruction set, and the operations that rows are written with.
//   T element   V vector of T   M mask (and the bits) of V   A vector of accumulators, as many as V has elements
//   W elements in a vector      C T's ck_type   NAME(f) f's name for this element type

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(name) JOIN(name, SUFFIX)
#define W ((ptrdiff_t)(BYTES / sizeof(T)))
#define V NAME(vector)
#define U NAME(unaligned)
#define M NAME(mask)
#define B NAME(bools)
#define A NAME(accumulators)

typedef T V __attribute__((vector_size(BYTES)));
typedef T U __attribute__((vector_size(BYTES), aligned(__alignof__(T)), may_alias));
typedef LANE M __attribute__((vector_size(BYTES)));
typedef UNSIGNED NAME(magnitudes) __attribute__((vector_size(BYTES)));
typedef uint8_t B __attribute__((vector_size(BYTES / sizeof(T)), aligned(1), may_alias));
typedef ACCUMULATOR A __attribute__((vector_size(BYTES / sizeof(T) * sizeof(ACCUMULATOR))));

// One number in every lane. Subtracting zero keeps -0, adding it would not.
#define K(constant) ((T)(constant) - (V){})
#define LOAD(pointer) (*(const U *)(pointer))
#define STORE(pointer, value) (*(U *)(pointer) = (value))
#define SELECT(condition, yes, no) select_((M)(condition), (V)(yes), (V)(no))
#define SQRT(x) __builtin_elementwise_sqrt(x)
#define FLOOR(x) __builtin_elementwise_floor(x)
#define CEILING(x) __builtin_elementwise_ceil(x)
#define TRUNCATE(x) __builtin_elementwise_trunc(x)
#define ROUND(x) __builtin_elementwise_roundeven(x)
#if FUSED
#define FMA(x, y, z) __builtin_elementwise_fma((V)(x), (V)(y), (V)(z))
#else
#define FMA(x, y, z) ((x) * (y) + (z))
#endif

// The C library's function, element by element, in double: for Float that is the correctly rounded result but for
// one case in many millions.
#define LIBM(function, x)                                        \
  ({                                                             \
    V each_;                                                     \
    for (int lane_ = 0; lane_ < W; lane_++) each_[lane_] = (T)function((double)(x)[lane_]); \
    each_;                                                       \
  })
#define LIBM2(function, x, y)                                    \
  ({                                                             \
    V each_;                                                     \
    for (int lane_ = 0; lane_ < W; lane_++) each_[lane_] = (T)function((double)(x)[lane_], (double)(y)[lane_]); \
    each_;                                                       \
  })

#if !IS_BOOL  // Bool shares the vectors of UInt8.
INLINE V select_(M condition, V yes, V no) { return (V)(((M)yes & condition) | ((M)no & ~condition)); }

#if IS_REAL
INLINE V absolute(V x) { return (V)((M)x & ~(M)K(-0.0)); }
INLINE V copy_sign(V magnitude, V sign) { return (V)(((M)magnitude & ~(M)K(-0.0)) | ((M)sign & (M)K(-0.0))); }
// NaN stays; the sum makes -0 a 0.
INLINE V sign(V x) { return SELECT(x > 0, K(1), SELECT(x < 0, K(-1), x + 0)); }
INLINE V clamp(V x, V low, V high) { return SELECT(x < low, low, SELECT(x > high, high, x)); }

// Quotient rounded down and remainder with the divisor's sign, from C's exact fmod.
INLINE V floor_remainder(V x, V y) {
  V rest = LIBM2(fmod, x, y);
  rest = SELECT((rest != 0) & ((rest < 0) ^ (y < 0)), rest + y, rest);
  return SELECT(rest == 0, copy_sign(rest, y), rest);
}
INLINE V floor_quotient(V x, V y) {
  V rest = LIBM2(fmod, x, y);
  V exact = (x - rest) / y - SELECT((rest != 0) & ((rest < 0) ^ (y < 0)), K(1), K(0));
  V whole = FLOOR(exact);
  whole = SELECT(exact - whole > K(0.5), whole + 1, whole);
  whole = SELECT(exact == 0, copy_sign(K(0), x / y), whole);
  return SELECT(y == 0, x / y, whole);
}
INLINE V power(V x, V y) { return LIBM2(pow, x, y); }
#else
#if IS_SIGNED
INLINE V absolute(V x) { return SELECT(x < 0, -x, x); }
INLINE V sign(V x) { return (V)((x < 0) | ((V)(x > 0) & K(1))); }
#else
INLINE V absolute(V x) { return x; }
INLINE V sign(V x) { return (V)(x > 0) & K(1); }
#endif

// Division rounds to minus infinity; by zero gives 0, as NumPy does.
INLINE V floor_quotient(V x, V y) {
  V result;
  for (int lane = 0; lane < W; lane++) {
    T n = x[lane], d = y[lane];
    if (d == 0) result[lane] = 0;
    else if (IS_SIGNED && d == (T)-1) result[lane] = (T)(0 - (UNSIGNED)n);
    else result[lane] = (T)(n / d - (n % d != 0 && (n < 0) != (d < 0)));
  }
  return result;
}
INLINE V floor_remainder(V x, V y) {
  V result;
  for (int lane = 0; lane < W; lane++) {
    T n = x[lane], d = y[lane];
    if (d == 0 || (IS_SIGNED && d == (T)-1)) result[lane] = 0;
    else result[lane] = (T)(n % d + (n % d != 0 && (n < 0) != (d < 0) ? d : 0));
  }
  return result;
}
INLINE V power(V base, V exponent) {
  V result = K(1);
  M left = (M)exponent;
  while (1) {
    M odd = -(left & 1);
    result = SELECT(odd, result * base, result);
    left = (M)((NAME(magnitudes))left >> 1);
    _Bool done = 1;
    for (int lane = 0; lane < W; lane++) done &= left[lane] == 0;
    if (done) return result;
    base *= base;
  }
}
#endif
#endif
