// Numbers as unevaluated sums of two: `high` is the sum rounded, or nearly, and `low` what is left. What is computed with
// pairs and rounded once at the end is right to little more than half a unit in the last place.
// Sources: Dekker, Numerische Mathematik 18 (1971); Knuth, The Art of Computer Programming 2, 4.2.2.

// The rounding error of product = x * y.
INLINE vector product_error(vector x, vector y, vector product) {
#if FUSED
  return FMA(x, y, -product);
#else
  const LANE half = IS_FLOAT ? (LANE)~0xFFF : (LANE)~0x7FFFFFFLL;
  vector x_high = (vector)((integers)x & half), y_high = (vector)((integers)y & half), x_low = x - x_high, y_low = y - y_high;
  vector error = x_low * y_low - (((product - x_high * y_high) - x_low * y_high) - x_high * y_low);
  return SELECT(absolute(product) < (IS_FLOAT ? 0x1p-121 : 0x1p-1018), SPLAT(0), error);  // below, parts of it underflow
#endif
}

#define PAIR NAME(pair)
typedef struct { vector high, low; } PAIR;

// Whether the compiler sees that x is zero: what is added is then left out.
#define IS_NOTHING(x) (__builtin_constant_p((x)[0]) && (x)[0] == 0)
INLINE vector add_product(vector x, vector y, vector z) { return IS_NOTHING(x) || IS_NOTHING(y) ? z : FMA(x, y, z); }
INLINE vector add(vector x, vector y) { return IS_NOTHING(x) ? y : IS_NOTHING(y) ? x : x + y; }

INLINE PAIR single(vector x) { return (PAIR){x, SPLAT(0)}; }
// A number as a pair: `value` to a double's precision, `rest` what that lacks.
#define CONSTANT(value, rest) ((PAIR){SPLAT(value), SPLAT((value) - (element)(value) + (rest))})
INLINE vector rounded(PAIR x) { return x.high + x.low; }
INLINE PAIR negative(PAIR x) { return (PAIR){-x.high, -x.low}; }
INLINE PAIR select_pair(integers condition, PAIR yes, PAIR no) {
  return (PAIR){SELECT(condition, yes.high, no.high), SELECT(condition, yes.low, no.low)};
}

// x + y exactly, where x is not the smaller one, or 0.
INLINE PAIR ordered_sum(vector x, vector y) {
  vector sum = x + y;
  return (PAIR){sum, (x - sum) + y};
}
// x + y exactly.
INLINE PAIR exact_sum(vector x, vector y) {
  vector sum = x + y, back = sum - x;
  return (PAIR){sum, (x - (sum - back)) + (y - back)};
}
// x y exactly.
INLINE PAIR exact_product(vector x, vector y) {
  vector product = x * y;
  return (PAIR){product, product_error(x, y, product)};
}
// x y + z, rounded once or nearly so where z cancels most of the product.
INLINE vector multiply_add(vector x, vector y, vector z) {
#if FUSED
  return FMA(x, y, z);
#else
  vector product = x * y;
  return (product + z) + product_error(x, y, product);
#endif
}
// x + y z for an exact x that is not the smaller term: what FMA's rounding takes off is kept.
INLINE PAIR extended(vector x, vector y, vector z) {
#if FUSED
  vector sum = FMA(y, z, x);
  return (PAIR){sum, FMA(y, z, x - sum)};
#else
  PAIR product = exact_product(y, z), sum = ordered_sum(x, product.high);
  return (PAIR){sum.high, sum.low + product.low};
#endif
}

INLINE PAIR plus(PAIR x, vector y) {
  PAIR sum = exact_sum(x.high, y);
  return (PAIR){sum.high, add(sum.low, x.low)};
}
INLINE PAIR plus(PAIR x, PAIR y) {
  PAIR sum = exact_sum(x.high, y.high);
  return (PAIR){sum.high, add(sum.low, add(x.low, y.low))};
}
INLINE PAIR times(PAIR x, PAIR y) {
  PAIR product = exact_product(x.high, y.high);
  return (PAIR){product.high, add_product(x.low, y.high, add_product(x.high, y.low, product.low))};
}
INLINE PAIR times(PAIR x, vector y) { return times(x, single(y)); }
// x / y as a pair, and rounded; given the reciprocal of y's high part.
INLINE PAIR quotient(PAIR x, PAIR y, vector reciprocal) {
  vector quotient = x.high * reciprocal, rest = add(multiply_add(-quotient, y.high, x.high), x.low);
  return (PAIR){quotient, add_product(-quotient, y.low, rest) * reciprocal};
}
INLINE PAIR quotient(PAIR x, PAIR y) { return quotient(x, y, SPLAT(1) / y.high); }
INLINE vector divided(PAIR x, PAIR y) {
  vector reciprocal = SPLAT(1) / y.high, quotient = x.high * reciprocal;
  vector rest = add(multiply_add(-quotient, y.high, x.high), x.low);
  return FMA(add_product(-quotient, y.low, rest), reciprocal, quotient);
}
