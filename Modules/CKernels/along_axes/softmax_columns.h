// Softmax of columns, two vectors side by side. The terms of up to KEPT_ROWS rows stay in `kept`, those of more pass through
// the result.
enum { NAME(SIDE_BY_SIDE) = 2, NAME(KEPT_ROWS) = 256 };

INLINE void NAME(softmax_columns)(char *result, ptrdiff_t result_row, const char *x, ptrdiff_t x_row, ptrdiff_t count,
                                  ptrdiff_t n, element *kept) {
  enum { VECTORS = NAME(SIDE_BY_SIDE) };
  vector m[VECTORS], factors[VECTORS];
  NAME(window) w[VECTORS];
  integers outside = {};
  EACH_VECTOR m[k] = SPLAT(-INFINITY);
  for (ptrdiff_t r = 0; r < count; r++) EACH_VECTOR {
      vector v = NAME(load_column)(x + r * x_row, n, k);
      m[k] = NAME(larger)(v, m[k]);
      if (kept) STORE(kept + (r * VECTORS + k) * LANE_COUNT, v);
    }
  EACH_VECTOR {
    w[k] = NAME(window_at)(m[k]);
    outside |= ~(absolute(m[k]) <= SHIFT_LIMIT);
  }
  _Bool is_outside = any(outside);
  enum { TOGETHER = IS_FLOAT ? 2 : 1 };  // terms that are added before they are widened
  NAME(exact_sum) sums[VECTORS] = {};
  for (ptrdiff_t first = 0; first < count; first += TOGETHER) {
    vector sum[VECTORS] = {};
    for (ptrdiff_t r = first; r < count && r < first + TOGETHER; r++) EACH_VECTOR {
        vector v = kept ? LOAD(kept + (r * VECTORS + k) * LANE_COUNT) : NAME(load_column)(x + r * x_row, n, k);
        vector e = RARE((integers){} - is_outside) ? exponential_of_difference(v, m[k])
                                       : NAME(window_exponential)(SELECT(v < w[k].least, w[k].least, v), &w[k], 0);
        sum[k] += e;
        if (kept) STORE(kept + (r * VECTORS + k) * LANE_COUNT, e);
        else NAME(store_column)(result + r * result_row, n, k, e);
      }
    EACH_VECTOR NAME(add_term)(&sums[k], sum[k]);
  }
  EACH_VECTOR factors[k] = NAME(inverse_of_sum)(sums[k]);
  for (ptrdiff_t r = 0; r < count; r++) EACH_VECTOR {
      vector e = kept ? LOAD(kept + (r * VECTORS + k) * LANE_COUNT) : NAME(load_column)(result + r * result_row, n, k);
      NAME(store_column)(result + r * result_row, n, k, e * factors[k]);
    }
}

static void NAME(columns_softmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  enum { COLUMNS = NAME(SIDE_BY_SIDE) * LANE_COUNT };
  _Alignas(64) element kept[NAME(KEPT_ROWS) * COLUMNS];
  element *terms = count <= NAME(KEPT_ROWS) ? kept : NULL;
  ptrdiff_t c = 0, size = sizeof(element);
  for (; c + COLUMNS <= lines; c += COLUMNS)
    NAME(softmax_columns)(data[0] + c * size, strides[0], data[1] + c * size, strides[1], count, COLUMNS, terms);
  if (c < lines)
    NAME(softmax_columns)(data[0] + c * size, strides[0], data[1] + c * size, strides[1], count, lines - c, terms);
}
