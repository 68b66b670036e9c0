// Softmax of a line of any kind; y may be x.
static void NAME(softmax_line)(element *y, const element *x, ptrdiff_t count) {
  element largest = NAME(line_largest)(x, count);
  vector m = SPLAT(largest);
  NAME(exact_sum) sum = {};
  if (largest >= -SHIFT_LIMIT && largest <= SHIFT_LIMIT) {
    NAME(window) w = NAME(window_at)(m);
    SUM_ALONG_LINE(&sum, y, x, count, NAME(window_exponential)(SELECT(v < w.least, w.least, v), &w, 1));
  } else SUM_ALONG_LINE(&sum, y, x, count, exponential_of_difference(v, m));
  double factor = 1 / NAME(total)(sum);
  if (count >= BLAS_LENGTH && factor == factor) {
    JOIN(blas_scale, SUFFIX)(y, count, factor);
    return;
  }
  vector single = SPLAT((element)factor);
  ALONG_LINE(y, y, count, v * single);
}

// Softmax of LANE_COUNT lines behind one another, all placed in the same window: false, with nothing stored, where one does not
// fit. The terms go through `scratch`.
static _Bool NAME(softmax_block)(element *y, const element *x, ptrdiff_t count, const NAME(window) *window, element *scratch,
                                 const integers *numbers) {
  NAME(window) w = *window;
  _Pragma("clang loop unroll_count(2)") for (ptrdiff_t i = 0; i < count; i++)
    STORE(scratch + i * LANE_COUNT, NAME(window_exponential)(clamp(LOAD(x + i * LANE_COUNT), w.least, w.most), &w, 1));
  vector factors;
  if (!NAME(factors_of_lines)(scratch, count, &factors)) return 0;
  if (numbers)
    _Pragma("clang loop unroll_count(2)") for (ptrdiff_t i = 0; i < count; i++)
      STORE(y + i * LANE_COUNT, LOAD(scratch + i * LANE_COUNT) * NAME(permuted)(factors, numbers[i]));
  else
    for (int line = 0; line < LANE_COUNT; line++) {
      vector factor = SPLAT(factors[line]);
      const element *from = scratch + line * count;
      element *to = y + line * count;
      for (ptrdiff_t i = 0; i + LANE_COUNT <= count; i += LANE_COUNT) STORE(to + i, LOAD(from + i) * factor);
      STORE(to + count - LANE_COUNT, LOAD(from + count - LANE_COUNT) * factor);
    }
  return 1;
}

typedef struct {
  NAME(window) window;  // that the last block fitted into
  integers numbers[NAME(NUMBERED)];
  element terms[BLAS_LENGTH * LANE_COUNT + LANE_COUNT];
} NAME(softmax_context);

static void NAME(block_softmax)(element *y, const element *x, const element *none, ptrdiff_t count, void *context) {
  NAME(softmax_context) *c = context;
  (void)none;
  const integers *numbers = count <= NAME(NUMBERED) ? c->numbers : NULL;
  if (NAME(softmax_block)(y, x, count, &c->window, c->terms, numbers)) return;
  element largest = NAME(line_largest)(x, count * LANE_COUNT);
  if (largest >= -SHIFT_LIMIT && largest <= SHIFT_LIMIT) {
    c->window = NAME(window_at)(SPLAT(largest));
    if (NAME(softmax_block)(y, x, count, &c->window, c->terms, numbers)) return;
  }
  for (int i = 0; i < LANE_COUNT; i++) NAME(softmax_line)(y + i * count, x + i * count, count);
}

static void NAME(rows_softmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  if (count < BLAS_LENGTH) {
    NAME(softmax_context) context;
    context.window = NAME(window_at)(SPLAT(0));
    if (count <= NAME(NUMBERED)) NAME(number_lines)(context.numbers, count);
    NAME(short_rows)(data, strides, lines, count, 1, NAME(block_softmax), &context);
    return;
  }
  for (ptrdiff_t line = 0; line < lines; line++)
    NAME(softmax_line)((element *)(data[0] + line * strides[0]), (const element *)(data[1] + line * strides[1]), count);
}
