// Activations with roots and quotients.

INLINE V softsign(V x) {
  V a = absolute(x), near = SELECT(a > K(0x1p60), K(0x1p60), a);
  return copy_sign(divided(single(near), ordered_sum(K(1), near)), x);
}
INLINE V softsign_slope(V x) {
  V a = absolute(x);
  PAIR sum = exact_sum(K(1), SELECT(a > K(0x1p60), K(0x1p60), a));
  V root = K(1) / sum.high, rest = multiply_add(-root, sum.high, K(1)) - root * sum.low;
  V square = root * root, value = FMA(square, rest + rest, square);
  // Far out, the sum is |x|, and the square of its reciprocal may be subnormal or 0.
  return SELECT(a > K(0x1p60), (1 / a) * (1 / a), value);
}

// 1 / x to two digits, for normal positive x.
INLINE V rough_reciprocal(V x) {
  V guess = (V)((M){} + (IS_FLOAT ? (LANE)0x7EF311C7 : (LANE)0x7FDE6238DA3C2118) - (M)x);
  return guess * FMA(-x, guess, K(2));
}

// sqrt(a^2 + b)
INLINE PAIR distance(V a, V b) {
  PAIR sum = plus(exact_product(a, a), b);
  V root = SQRT(rounded(sum)), rest = multiply_add(-root, root, sum.high) + sum.low;
  return (PAIR){root, rest * rough_reciprocal(root + root)};
}
#define OUTWARD K(0x1p40)  // from here on the square of x leaves nothing of b

// (x + sqrt(x^2 + b)) / 2, for negative x by its conjugate.
INLINE V squareplus(V x, V b) {
  V a = absolute(x), quarter = K(0.25) * b;
  PAIR root = distance(a, b), half = ordered_sum(K(0.5) * root.high, K(0.5) * a);
  half.low = FMA(K(0.5), root.low, half.low);
  M below = (M)(x < 0), far = ~(a <= OUTWARD);
  V value = SELECT(below, divided(single(quarter), half), rounded(half));
  if (RARE(far)) value = SELECT(far, SELECT(below, quarter / a, x), value);
  return value;
}
INLINE V squareplus_slope(V x, V b) {
  V a = absolute(x);
  PAIR root = distance(a, b), sum = ordered_sum(root.high, a), twice = {root.high + root.high, root.low + root.low};
  sum.low += root.low;
  M below = (M)(x < 0), far = ~(a <= OUTWARD);
  // (r + a) / 2 r and, for negative x, b / (2 r (r + a))
  V value = divided(select_pair(below, single(b), sum), select_pair(below, times(sum, twice), twice));
  M wide = ~((root.high >= K(0x1p-50)) & (root.high <= K(0x1p50)));
  if (RARE(far | wide)) {
    V conjugate = divided(quotient(single(b), sum), twice);  // no product that may overflow
    value = SELECT(wide & below, conjugate, value);
    value = SELECT(far, SELECT(below, (K(0.25) * b / a) / a, kept(x, K(1))), value);
    value = SELECT(root.high == 0, K(0.5), value);
  }
  return value;
}
