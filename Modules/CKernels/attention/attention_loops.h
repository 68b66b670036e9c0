// Rows of a block of attention's scores.

static void NAME(attention_mask)(void *row, ptrdiff_t first, ptrdiff_t end, const uint8_t *allowed, bool adds, double base) {
  element *scores = row;
  for (ptrdiff_t i = first; i < end; i++)
    if (!allowed || !allowed[i]) scores[i] = adds ? scores[i] + (element)base : (element)base;
}

// e^x for x <= 0; below the normal numbers it is 0.
INLINE vector NAME(attention_term)(vector x) {
  vector least = SPLAT(-NORMAL_EXPONENT);
  integers is_less = (integers)(x < least);
  vector y = SELECT(is_less, least, x), whole = FMA(y, SPLAT(STEPS * LOG2_E_HIGH), SPLAT(WHOLE)), n = whole - WHOLE;
  vector r = FMA(n, SPLAT(-LOG2_LOW / STEPS), FMA(n, SPLAT(-LOG2_HIGH / STEPS), y));
  return SELECT(is_less, SPLAT(0), exponential_of_parts(r, whole, (integers){}));
}

static void NAME(attention_start)(void *row_state) {
  element *state = row_state;
  state[0] = -INFINITY;
  state[1] = 0;
}

static double NAME(attention_terms)(void *row, ptrdiff_t count, void *row_state) {
  element *scores = row, *state = row_state;
  element largest = NAME(line_largest)(scores, count);
  if (largest < state[0]) largest = state[0];
  vector m = SPLAT(largest), sums[4] = {};
  ptrdiff_t i = 0;
  for (; i + 4 * LANE_COUNT <= count; i += 4 * LANE_COUNT)
    _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++) {
      vector term = NAME(attention_term)(LOAD(scores + i + k * LANE_COUNT) - m);
      STORE(scores + i + k * LANE_COUNT, term);
      sums[k] += term;
    }
  _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++) {
    ptrdiff_t left = count - i - k * LANE_COUNT;
    if (left <= 0) break;
    vector term = NAME(attention_term)(NAME(load_part)(scores + i + k * LANE_COUNT, left, m) - m);
    term = left < LANE_COUNT ? NAME(first_lanes)(term, left, 0) : term;
    NAME(store_part)(scores + i + k * LANE_COUNT, left, term);
    sums[k] += term;
  }
  vector sum = (sums[0] + sums[1]) + (sums[2] + sums[3]), factor = NAME(attention_term)(SPLAT(state[0]) - m);
  ACROSS_LANES(ADD_ACROSS, sum)
  state[0] = largest;
  state[1] = state[1] * factor[0] + sum[0];
  return (double)factor[0];
}

static void NAME(attention_scale)(void *values, ptrdiff_t count, double number) {
  element *row = values;
  vector factor = SPLAT(number), zero = {};
  for (ptrdiff_t i = 0; i < count; i += LANE_COUNT)
    NAME(store_part)(row + i, count - i, NAME(load_part)(row + i, count - i, zero) * factor);
}

static void NAME(attention_finish)(void *row, ptrdiff_t count, const void *state) {
  NAME(attention_scale)(row, count, 1 / (double)((const element *)state)[1]);
}

static double NAME(attention_inner_product)(const void *first, const void *second, ptrdiff_t count) {
  const element *x = first, *y = second;
  vector sum = {}, zero = {};
  for (ptrdiff_t i = 0; i < count; i += LANE_COUNT)
    sum = FMA(NAME(load_part)(x + i, count - i, zero), NAME(load_part)(y + i, count - i, zero), sum);
  ACROSS_LANES(ADD_ACROSS, sum)
  return (double)sum[0];
}

static void NAME(attention_slopes)(void *row, void *row_gradients, ptrdiff_t count, const void *row_state, double mean,
                                   double constant) {
  element *scores = row, *gradients = row_gradients;
  const element *state = row_state;
  vector m = SPLAT(state[0]), factor = SPLAT(1 / state[1]), slope = SPLAT(state[0] == (element)constant ? 0 : 1), middle = SPLAT(mean), zero = {};
  for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
    ptrdiff_t left = count - i;
    vector p = NAME(attention_term)(NAME(load_part)(scores + i, left, m) - m) * factor;
    NAME(store_part)(scores + i, left, p);
    NAME(store_part)(gradients + i, left, slope * p * (NAME(load_part)(gradients + i, left, zero) - middle));
  }
}

static const attention_kernels NAME(attention) = {
    .mask = NAME(attention_mask),
    .start = NAME(attention_start),
    .terms = NAME(attention_terms),
    .scale = NAME(attention_scale),
    .finish = NAME(attention_finish),
    .inner_product = NAME(attention_inner_product),
    .slopes = NAME(attention_slopes),
};
