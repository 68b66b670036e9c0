// The Gaussian error linear unit.

// x Phi(x), with Phi(-a) = e^(-a^2 / 2) times a ratio that falls slowly, and Phi(a) = 1 - Phi(-a).
INLINE vector gelu(vector x) {
  vector a = absolute(x);
  PAIR square = exact_product(a, SPLAT(-0.5) * a), ratio = times(mills_ratio(a), a);
  PAIR g = times_exponential(ratio, square);
  vector base = SELECT(x > 0, x, SPLAT(0)), high = base - g.high;
  vector value = high + (((base - high) - g.high) - g.low);
  integers far = ~(a <= SPLAT(FARTHEST_NORMAL));
  if (RARE(far)) {
    vector near = SELECT(a > SPLAT(LARGEST_NORMAL), SPLAT(LARGEST_NORMAL), a);
    vector below = -times_distant_exponential(times(mills_ratio(near), near), exact_product(near, SPLAT(-0.5) * near));
    value = SELECT(far, SELECT(x < 0, below, x), value);
  }
  return copy_sign(value, x);
}
#define DENSITY_AT_ZERO CONSTANT(0.3989422804014327, -0x1.cbc0d30ebfd15p-56)
// (Phi(-a) - a phi(a)) / e^(-a^2 / 2)
INLINE PAIR gelu_slope_ratio(vector a) { return plus(mills_ratio(a), times(DENSITY_AT_ZERO, -a)); }
INLINE vector gelu_slope(vector x) {
  vector a = absolute(x);
  PAIR square = exact_product(a, SPLAT(-0.5) * a), g = times_exponential(gelu_slope_ratio(a), square);
  integers below_zero = (integers)(x < 0), far = ~(a <= SPLAT(FARTHEST_NORMAL));
  PAIR above = ordered_sum(SELECT(below_zero, SPLAT(0), SPLAT(1)), SELECT(below_zero, g.high, -g.high));  // |g| is at most 1/2
  vector value = above.high + (above.low + SELECT(below_zero, g.low, -g.low));
  if (RARE(far)) {
    vector near = SELECT(a > SPLAT(LARGEST_NORMAL), SPLAT(LARGEST_NORMAL), a);
    vector below = times_distant_exponential(gelu_slope_ratio(near), exact_product(near, SPLAT(-0.5) * near));
    value = SELECT(far, SELECT(below_zero, below, kept(x, SPLAT(1))), value);
  }
  return value;
}
