// The nearest point of the simplex: what exceeds a threshold. The threshold is raised until the elements above it are
// those that it was computed from (Michelot), from 1 below the largest element, which it never is beneath.
static void NAME(sparsemax_line)(element *y, const element *x, ptrdiff_t count) {
  element largest = NAME(line_largest)(x, count);
  vector m = SPLAT(largest);
  double threshold = -1;
  ptrdiff_t members = count + 1;
  while (1) {
    wide_vector sums = {};
    integers counts = {}, unknown = {};
    vector limit = SPLAT((element)threshold);
    for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
      vector v = NAME(load_part)(x + i, count - i, SPLAT(-INFINITY)) - m;
      integers above = v > limit;
      unknown |= v != v;
      sums += __builtin_convertvector((vector)((integers)v & above), wide_vector);
      counts -= above;
    }
    double sum = 0;
    ptrdiff_t number = 0;
    for (int lane = 0; lane < LANE_COUNT; lane++) {
      sum += (double)sums[lane];
      number += (ptrdiff_t)counts[lane];
    }
    if (any(unknown)) {
      threshold = NAN;
      break;
    }
    if (number == 0 || number >= members) break;
    members = number;
    threshold = (sum - 1) / (double)number;
  }
  vector limit = SPLAT((element)threshold);
  ALONG_LINE(y, x, count, SELECT(v - m <= limit, SPLAT(0), (v - m) - limit));
}

static void NAME(rows_sparsemax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t line = 0; line < lines; line++)
    NAME(sparsemax_line)((element *)(data[0] + line * strides[0]), (const element *)(data[1] + line * strides[1]), count);
}

// The gradient less its mean over the support.
static void NAME(rows_sparsemax_pullback)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  vector zero = {};
  for (ptrdiff_t line = 0; line < lines; line++) {
    element *result = (element *)(data[0] + line * strides[0]);
    const element *g = (const element *)(data[1] + line * strides[1]), *y = (const element *)(data[2] + line * strides[2]);
    wide_vector sums = {};
    integers counts = {};
    for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
      integers members = NAME(load_part)(y + i, count - i, zero) > zero;
      vector slopes = NAME(load_part)(g + i, count - i, zero);
      sums += __builtin_convertvector((vector)((integers)slopes & members), wide_vector);
      counts -= members;
    }
    double sum = 0, number = 0;
    for (int lane = 0; lane < LANE_COUNT; lane++) {
      sum += (double)sums[lane];
      number += (double)counts[lane];
    }
    vector mean = SPLAT((element)(sum / number));
    for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
      vector value = NAME(load_part)(y + i, count - i, zero), slope = NAME(load_part)(g + i, count - i, zero);
      vector others = SELECT(value == value, zero, value);  // NaN stays
      NAME(store_part)(result + i, count - i, SELECT(value > zero, slope - mean, others));
    }
  }
}
