// Activations made of pieces of lines and parabolas.

// A slope, or x where that is NaN.
INLINE V kept(V x, V slope) { return SELECT(x == x, slope, x); }
INLINE V step(V x, M rising) { return kept(x, SELECT(rising, K(1), K(0))); }

// As clamp, but that the largest value counts where it is below the smallest.
INLINE V limited(V x, V least, V largest) {
  V raised = SELECT(x < least, least, x);
  return SELECT(raised > largest, largest, raised);
}

// With the slope 0 the limit at -infinity is 0, which the product with it is not.
INLINE V leaky(V x, V slope) { return SELECT(x < 0, SELECT(slope == 0, K(0), slope * x), x); }

// The identity above the threshold, a line of the given slope through the threshold below it; with a largest value,
// nothing from above the threshold is negative.
INLINE V relu(V x, V slope, V largest, V threshold) {
  V least = SELECT(largest < INFINITY, K(0), K(-INFINITY));
  PAIR distance = exact_sum(x, -threshold);
  V below = FMA(slope, distance.high, slope * distance.low);
  below = SELECT(x == -INFINITY, slope * x, below);
  below = SELECT((slope == 0) & (x <= threshold), K(0), below);
  return SELECT(x > threshold, clamp(x, least, largest), below);
}
INLINE V relu_slope(V x, V slope, V largest, V threshold) {
  M passes = (x > threshold) & (((x > 0) & (x < largest)) | ~(largest < INFINITY));
  return kept(x, SELECT(passes, K(1), SELECT(x < threshold, slope, K(0))));
}

#define SIXTH CONSTANT(1.0 / 6, 0x1.5555555555555p-57)
#define FIFTH CONSTANT(1.0 / 5, -0x1.999999999999ap-57)

// factor (x + shift) for |x| <= shift.
INLINE V line(V x, V shift, PAIR factor) {
  PAIR sum = ordered_sum(shift, x);
  return FMA(sum.high, factor.high, FMA(sum.high, factor.low, sum.low * factor.high));
}

// slope x; with the slope 0 also at the infinities.
INLINE PAIR multiple(V x, V slope) { return exact_product(slope, SELECT(slope == 0, kept(x, K(0)), x)); }
// slope x + offset between 0 and 1, rounded once.
INLINE V ramp(V x, V slope, V offset) {
  PAIR value = plus(multiple(x, slope), offset);
  V near = SELECT(absolute(value.high) < 2, rounded(value), value.high);
  return SELECT(near <= 0, K(0), SELECT(near > 1, K(1), near));
}
INLINE V ramp_slope(V x, V slope, V offset) {
  PAIR product = multiple(x, slope);
  // Where the product underflows, its sign still says on which side of a kink at zero x lies.
  V least = K(IS_FLOAT ? FLT_MIN : DBL_MIN);
  M small = (absolute(product.high) < least) & (x != 0);
  product = select_pair(small, single(copy_sign(least, copy_sign(K(1), slope) * x)), product);
  PAIR value = plus(product, offset);
  return kept(x, SELECT((rounded(value) > 0) & (rounded(plus(value, K(-1))) < 0), slope, K(0)));
}

INLINE V hard_silu(V x) {
  PAIR product = times(ordered_sum(K(3), x), x), sixth = SIXTH;
  V inner = FMA(product.high, sixth.high, FMA(product.high, sixth.low, product.low * sixth.high));
  return SELECT(x <= -3, K(-0.0), SELECT(absolute(x) < 3, copy_sign(inner, x), x));
}
INLINE V hard_silu_slope(V x) {
  V t = x + x + 3;
  PAIR sixth = SIXTH;
  return kept(x, SELECT(x <= -3, K(0), SELECT(x >= 3, K(1), FMA(t, sixth.high, t * sixth.low))));
}

INLINE V soft_shrink(V x, V a) { return SELECT(absolute(x) <= a, K(0), x - copy_sign(a, x)); }

INLINE V sparse_plus(V x) {
  PAIR sum = ordered_sum(K(1), x);
  V half = K(0.5) * sum.high, square = FMA(half, half, half * sum.low);
  return SELECT(x <= -1, K(0), SELECT(x < 1, square, x));
}
INLINE V sparse_plus_slope(V x) {
  return kept(x, SELECT(x <= -1, K(0), SELECT(x >= 1, K(1), FMA(x, K(0.5), K(0.5)))));
}
