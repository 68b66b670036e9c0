// The Gaussian error linear unit.

// x Phi(x), with Phi(-a) = e^(-a^2 / 2) times a ratio that falls slowly, and Phi(a) = 1 - Phi(-a).
INLINE V gelu(V x) {
  V a = absolute(x);
  PAIR square = exact_product(a, K(-0.5) * a), ratio = times(mills_ratio(a), a);
  PAIR g = times_exponential(ratio, square);
  V base = SELECT(x > 0, x, K(0)), high = base - g.high;
  V value = high + (((base - high) - g.high) - g.low);
  M far = ~(a <= K(FARTHEST_NORMAL));
  if (RARE(far)) {
    V near = SELECT(a > K(LARGEST_NORMAL), K(LARGEST_NORMAL), a);
    V below = -times_distant_exponential(times(mills_ratio(near), near), exact_product(near, K(-0.5) * near));
    value = SELECT(far, SELECT(x < 0, below, x), value);
  }
  return copy_sign(value, x);
}
#define DENSITY_AT_ZERO CONSTANT(0.3989422804014327, -0x1.cbc0d30ebfd16p-56)
// (Phi(-a) - a phi(a)) / e^(-a^2 / 2)
INLINE PAIR gelu_slope_ratio(V a) { return plus(mills_ratio(a), times(DENSITY_AT_ZERO, -a)); }
INLINE V gelu_slope(V x) {
  V a = absolute(x);
  PAIR square = exact_product(a, K(-0.5) * a), g = times_exponential(gelu_slope_ratio(a), square);
  M below_zero = (M)(x < 0), far = ~(a <= K(FARTHEST_NORMAL));
  PAIR above = ordered_sum(SELECT(below_zero, K(0), K(1)), SELECT(below_zero, g.high, -g.high));  // |g| is at most 1/2
  V value = above.high + (above.low + SELECT(below_zero, g.low, -g.low));
  if (RARE(far)) {
    V near = SELECT(a > K(LARGEST_NORMAL), K(LARGEST_NORMAL), a);
    V below = times_distant_exponential(gelu_slope_ratio(near), exact_product(near, K(-0.5) * near));
    value = SELECT(far, SELECT(below_zero, below, kept(x, K(1))), value);
  }
  return value;
}
