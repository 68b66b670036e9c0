// Pullbacks of softmax and of its logarithm: from the gradient g, the output y and a sum s per line, that of g y for softmax
// and that of g for its logarithm.
INLINE vector NAME(softmax_gradient)(_Bool of_logarithm, vector g, vector y, vector s) {
  return of_logarithm ? FMA(-exponential(y), s, g) : y * (g - s);
}

INLINE void NAME(pull_line)(_Bool of_logarithm, element *result, const element *gradient, const element *output,
                            ptrdiff_t count, vector s) {
  if (count < LANE_COUNT) {
    vector g = NAME(load_part)(gradient, count, (vector){}), y = NAME(load_part)(output, count, (vector){});
    NAME(store_part)(result, count, NAME(softmax_gradient)(of_logarithm, g, y, s));
    return;
  }
  vector last_g = LOAD(gradient + count - LANE_COUNT), last_y = LOAD(output + count - LANE_COUNT);
  _Pragma("clang loop unroll_count(2)") for (ptrdiff_t i = 0; i + LANE_COUNT < count; i += LANE_COUNT)
    STORE(result + i, NAME(softmax_gradient)(of_logarithm, LOAD(gradient + i), LOAD(output + i), s));
  STORE(result + count - LANE_COUNT, NAME(softmax_gradient)(of_logarithm, last_g, last_y, s));
}

INLINE void NAME(pull_block)(_Bool of_logarithm, element *result, const element *g, const element *y, ptrdiff_t count,
                             const integers *numbers) {
  vector sums = NAME(sums_of_lines)(g, of_logarithm ? NULL : y, count);
  if (count <= NAME(NUMBERED))
    for (ptrdiff_t i = 0; i < count; i++) {
      vector s = NAME(permuted)(sums, numbers[i]);
      STORE(result + i * LANE_COUNT, NAME(softmax_gradient)(of_logarithm, LOAD(g + i * LANE_COUNT), LOAD(y + i * LANE_COUNT), s));
    }
  else
    for (int i = 0; i < LANE_COUNT; i++)
      NAME(pull_line)(of_logarithm, result + i * count, g + i * count, y + i * count, count, SPLAT(sums[i]));
}

INLINE void NAME(pull_rows)(_Bool of_logarithm, NAME(block) block, char *const *data, const ptrdiff_t *strides,
                            ptrdiff_t lines, ptrdiff_t count) {
  if (count < BLAS_LENGTH) {
    integers numbers[NAME(NUMBERED)];
    if (count <= NAME(NUMBERED)) NAME(number_lines)(numbers, count);
    NAME(short_rows)(data, strides, lines, count, 2, block, numbers);
    return;
  }
  for (ptrdiff_t line = 0; line < lines; line++) {
    element *result = (element *)(data[0] + line * strides[0]);
    const element *g = (const element *)(data[1] + line * strides[1]), *y = (const element *)(data[2] + line * strides[2]);
    double sum = of_logarithm ? JOIN(blas_sum, SUFFIX)(g, count) : JOIN(blas_dot, SUFFIX)(g, y, count);
    NAME(pull_line)(of_logarithm, result, g, y, count, SPLAT((element)sum));
  }
}

enum {
  NAME(ROWS_TOGETHER) = 8,     // that are added in the elements' own precision
  NAME(VECTORS_TOGETHER) = 4,  // side by side
};

// n columns, as many as these vectors have elements or fewer.
INLINE void NAME(pull_side_by_side)(_Bool of_logarithm, char *const *data, const ptrdiff_t *strides, ptrdiff_t at,
                                    ptrdiff_t n, ptrdiff_t count) {
  enum { VECTORS = NAME(VECTORS_TOGETHER) };
  wide_vector sums[VECTORS] = {};
  for (ptrdiff_t first = 0; first < count; first += NAME(ROWS_TOGETHER)) {
    vector sum[VECTORS] = {};
    for (ptrdiff_t r = first; r < count && r < first + NAME(ROWS_TOGETHER); r++) EACH_VECTOR {
        vector g = NAME(load_column)(data[1] + r * strides[1] + at, n, k);
        vector y = of_logarithm ? SPLAT(1) : NAME(load_column)(data[2] + r * strides[2] + at, n, k);
        sum[k] = FMA(g, y, sum[k]);
      }
    EACH_VECTOR sums[k] += __builtin_convertvector(sum[k], wide_vector);
  }
  vector s[VECTORS];
  EACH_VECTOR s[k] = __builtin_convertvector(sums[k], vector);
  for (ptrdiff_t r = 0; r < count; r++) EACH_VECTOR {
      vector g = NAME(load_column)(data[1] + r * strides[1] + at, n, k);
      vector y = NAME(load_column)(data[2] + r * strides[2] + at, n, k);
      NAME(store_column)(data[0] + r * strides[0] + at, n, k, NAME(softmax_gradient)(of_logarithm, g, y, s[k]));
    }
}

INLINE void NAME(pull_columns)(_Bool of_logarithm, char *const *data, const ptrdiff_t *strides, ptrdiff_t lines,
                               ptrdiff_t count) {
  enum { COLUMNS = NAME(VECTORS_TOGETHER) * LANE_COUNT };
  ptrdiff_t c = 0, size = sizeof(element);
  for (; c + COLUMNS <= lines; c += COLUMNS)
    NAME(pull_side_by_side)(of_logarithm, data, strides, c * size, COLUMNS, count);
  if (c < lines) NAME(pull_side_by_side)(of_logarithm, data, strides, c * size, lines - c, count);
}

#define SOFTMAX_PULLBACK(name, of_logarithm)                                                                            \
  static void NAME(block_##name)(element *result, const element *g, const element *y, ptrdiff_t count, void *numbers) { \
    NAME(pull_block)(of_logarithm, result, g, y, count, numbers);                                                       \
  }                                                                                                                     \
  static void NAME(rows_##name)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {        \
    NAME(pull_rows)(of_logarithm, NAME(block_##name), data, strides, lines, count);                                     \
  }                                                                                                                     \
  static void NAME(columns_##name)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines,                        \
                                   ptrdiff_t count) {                                                                   \
    NAME(pull_columns)(of_logarithm, data, strides, lines, count);                                                      \
  }
SOFTMAX_PULLBACK(softmax_pullback, 0)
SOFTMAX_PULLBACK(log_softmax_pullback, 1)
