// Elementary functions on vectors of float and of double.
// A function's ordinary path has no special cases: when any lane of a vector needs one, the whole vector takes the
// careful path. Error bounds are the largest distance from the exact result in units of the result's last place.

INLINE _Bool any(M lanes) { return __builtin_reduce_or(lanes) != 0; }
#define RARE(lanes) __builtin_expect(any(lanes), 0)
#define SIGN ((M){} + ((LANE)1 << (8 * sizeof(T) - 1)))

INLINE V unsigned_(V x) { return (V)((M)x & ~SIGN); }
INLINE V signed_(V x, V sign) { return (V)(((M)x & ~SIGN) | ((M)sign & SIGN)); }

// The rounding error of product = x * y.
INLINE V product_error(V x, V y, V product) {
#if FUSED
  return FMA(x, y, -product);
#else
  const LANE half = IS_FLOAT ? (LANE)~0xFFF : (LANE)~0x7FFFFFFLL;
  V x_high = (V)((M)x & half), y_high = (V)((M)y & half), x_low = x - x_high, y_low = y - y_high;
  return x_low * y_low - (((product - x_high * y_high) - x_low * y_high) - x_high * y_low);
#endif
}

// Element `index & 15` of a table, in each lane.
INLINE V lookup(const T *table, M index) {
#if LANE_COUNT == 16
  return __builtin_shufflevector(LOAD(table), index);
#elif LANE_COUNT == 8
  V low = __builtin_shufflevector(LOAD(table), index), high = __builtin_shufflevector(LOAD(table + 8), index);
  return SELECT((index & 8) != 0, high, low);
#else
  V found;
  for (int lane = 0; lane < W; lane++) found[lane] = table[index[lane] & 15];
  return found;
#endif
}

#if IS_FLOAT
#include "elementary_float.h"
#else
#include "elementary_double.h"
#endif

INLINE V exponential2(V x) { return LIBM(exp2, x); }
INLINE V logarithm2(V x) { return LIBM(log2, x); }
INLINE V logarithm10(V x) { return LIBM(log10, x); }
INLINE V logarithm_one_plus(V x) { return LIBM(log1p, x); }
INLINE V sine(V x) { return LIBM(sin, x); }
INLINE V cosine(V x) { return LIBM(cos, x); }
