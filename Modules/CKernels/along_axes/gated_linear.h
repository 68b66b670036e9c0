// x e^-|y| in two steps, of which only the second can lose digits to the subnormal numbers.
INLINE vector NAME(twice_damped)(vector x, vector y) {
  vector root = exponential(absolute(y) * SPLAT(-0.5));
  return (x * root) * root;
}

// Gated linear units, of the halves a and b of lines: elements side by side, whatever lines they belong to.
INLINE vector NAME(gated)(vector a, vector b) {
  vector value = a * sigmoid(b);
  integers distant = b < -NORMAL_EXPONENT;
  if (RARE(distant)) value = SELECT(distant, NAME(twice_damped)(a, b), value);
  return value;
}

static void NAME(rows_gated_linear)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  (void)strides;
  element *y = (element *)data[0];
  const element *a = (const element *)data[1], *b = (const element *)data[2];
  for (ptrdiff_t i = 0; i < lines * count; i += LANE_COUNT) {
    ptrdiff_t n = lines * count - i;
    NAME(store_part)(y + i, n, NAME(gated)(NAME(load_part)(a + i, n, (vector){}), NAME(load_part)(b + i, n, (vector){})));
  }
}

// Two results, the gradients by a and by b: g sigmoid(b) and g a sigmoid'(b), from one exponential.
static void NAME(rows_gated_linear_pullback)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines,
                                             ptrdiff_t count) {
  (void)strides;
  element *a_gradient = (element *)data[0], *b_gradient = (element *)data[1];
  const element *gradient = (const element *)data[2], *left = (const element *)data[3], *right = (const element *)data[4];
  for (ptrdiff_t i = 0; i < lines * count; i += LANE_COUNT) {
    ptrdiff_t n = lines * count - i;
    vector g = NAME(load_part)(gradient + i, n, (vector){}), a = NAME(load_part)(left + i, n, (vector){});
    vector b = NAME(load_part)(right + i, n, (vector){}), product = g * a;
    integers distant = absolute(b) > NORMAL_EXPONENT;
    vector e = exponential(-SELECT(distant, SPLAT(0), absolute(b))), large = 1 / (1 + e), small = e * large;
    vector by_a = g * SELECT(b < 0, small, large), by_b = product * (large * small);
    if (RARE(distant)) {
      by_a = SELECT(distant, SELECT(b < 0, NAME(twice_damped)(g, b), g), by_a);
      by_b = SELECT(distant, NAME(twice_damped)(product, b), by_b);
    }
    NAME(store_part)(a_gradient + i, n, by_a);
    NAME(store_part)(b_gradient + i, n, by_b);
  }
}
