// Activations made of pieces of lines and parabolas.

// A slope, or x where that is NaN.
INLINE vector kept(vector x, vector slope) { return SELECT(x == x, slope, x); }
INLINE vector step(vector x, integers rising) { return kept(x, SELECT(rising, SPLAT(1), SPLAT(0))); }

// As clamp, but that the largest value counts where it is below the smallest.
INLINE vector limited(vector x, vector least, vector largest) {
  vector raised = SELECT(x < least, least, x);
  return SELECT(raised > largest, largest, raised);
}

// With the slope 0 the limit at -infinity is 0, which the product with it is not.
INLINE vector leaky(vector x, vector slope) { return SELECT(x < 0, SELECT(slope == 0, SPLAT(0), slope * x), x); }

// The identity above the threshold, a line of the given slope through the threshold below it; with a largest value,
// nothing from above the threshold is negative.
INLINE vector relu(vector x, vector slope, vector largest, vector threshold) {
  vector least = SELECT(largest < INFINITY, SPLAT(0), SPLAT(-INFINITY));
  PAIR distance = exact_sum(x, -threshold);
  vector below = FMA(slope, distance.high, slope * distance.low);
  below = SELECT(x == -INFINITY, slope * x, below);
  below = SELECT((slope == 0) & (x <= threshold), SPLAT(0), below);
  return SELECT(x > threshold, clamp(x, least, largest), below);
}
INLINE vector relu_slope(vector x, vector slope, vector largest, vector threshold) {
  integers passes = (x > threshold) & (((x > 0) & (x < largest)) | ~(largest < INFINITY));
  return kept(x, SELECT(passes, SPLAT(1), SELECT(x < threshold, slope, SPLAT(0))));
}

#define SIXTH CONSTANT(0.16666666666666666, 0x1.5555555555555p-57)
#define FIFTH CONSTANT(0.2, -0x1.999999999999ap-57)

// factor (x + shift) for |x| <= shift.
INLINE vector line(vector x, vector shift, PAIR factor) {
  PAIR sum = ordered_sum(shift, x);
  return FMA(sum.high, factor.high, FMA(sum.high, factor.low, sum.low * factor.high));
}

// slope x; with the slope 0 also at the infinities.
INLINE PAIR multiple(vector x, vector slope) { return exact_product(slope, SELECT(slope == 0, kept(x, SPLAT(0)), x)); }
// slope x + offset between 0 and 1, rounded once.
INLINE vector ramp(vector x, vector slope, vector offset) {
  PAIR value = plus(multiple(x, slope), offset);
  vector near = SELECT(absolute(value.high) < 2, rounded(value), value.high);
  return SELECT(near <= 0, SPLAT(0), SELECT(near > 1, SPLAT(1), near));
}
INLINE vector ramp_slope(vector x, vector slope, vector offset) {
  PAIR product = multiple(x, slope);
  // Where the product underflows, its sign still says on which side of a kink at zero x lies.
  vector least = SPLAT(IS_FLOAT ? FLT_MIN : DBL_MIN);
  integers small = (absolute(product.high) < least) & (x != 0);
  product = select_pair(small, single(copy_sign(least, copy_sign(SPLAT(1), slope) * x)), product);
  PAIR value = plus(product, offset);
  return kept(x, SELECT((rounded(value) > 0) & (rounded(plus(value, SPLAT(-1))) < 0), slope, SPLAT(0)));
}

INLINE vector hard_silu(vector x) {
  PAIR product = times(ordered_sum(SPLAT(3), x), x), sixth = SIXTH;
  vector inner = FMA(product.high, sixth.high, FMA(product.high, sixth.low, product.low * sixth.high));
  return SELECT(x <= -3, SPLAT(-0.0), SELECT(absolute(x) < 3, copy_sign(inner, x), x));
}
INLINE vector hard_silu_slope(vector x) {
  vector t = x + x + 3;
  PAIR sixth = SIXTH;
  return kept(x, SELECT(x <= -3, SPLAT(0), SELECT(x >= 3, SPLAT(1), FMA(t, sixth.high, t * sixth.low))));
}

INLINE vector soft_shrink(vector x, vector a) { return SELECT(absolute(x) <= a, SPLAT(0), x - copy_sign(a, x)); }

INLINE vector sparse_plus(vector x) {
  PAIR sum = ordered_sum(SPLAT(1), x);
  vector half = SPLAT(0.5) * sum.high, square = FMA(half, half, half * sum.low);
  return SELECT(x <= -1, SPLAT(0), SELECT(x < 1, square, x));
}
INLINE vector sparse_plus_slope(vector x) {
  return kept(x, SELECT(x <= -1, SPLAT(0), SELECT(x >= 1, SPLAT(1), FMA(x, SPLAT(0.5), SPLAT(0.5)))));
}
