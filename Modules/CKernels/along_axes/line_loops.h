// Loops along lines and over vectors side by side.

INLINE vector NAME(larger)(vector x, vector y) { return SELECT(x > y, x, y); }  // y where x is NaN

// The largest element but for NaN.
static element NAME(line_largest)(const element *x, ptrdiff_t count) {
  vector m = SPLAT(-INFINITY);
  ptrdiff_t i = 0;
  if (count >= LANE_COUNT) {
    vector m1 = m, m2 = m, m3 = m;
    for (; i + 4 * LANE_COUNT <= count; i += 4 * LANE_COUNT) {
      m = NAME(larger)(LOAD(x + i), m);
      m1 = NAME(larger)(LOAD(x + i + LANE_COUNT), m1);
      m2 = NAME(larger)(LOAD(x + i + 2 * LANE_COUNT), m2);
      m3 = NAME(larger)(LOAD(x + i + 3 * LANE_COUNT), m3);
    }
    for (; i + LANE_COUNT <= count; i += LANE_COUNT) m = NAME(larger)(LOAD(x + i), m);
    m = NAME(larger)(NAME(larger)(m1, m), NAME(larger)(m2, m3));
    m = NAME(larger)(LOAD(x + count - LANE_COUNT), m);
  } else m = NAME(larger)(NAME(load_part)(x, count, m), m);
#define LARGER_ACROSS(h) m = NAME(larger)(ROTATE(m, h), m);
  ACROSS_LANES(LARGER_ACROSS)
  return m[0];
}

// y = f(x) along a line, in place too.
#define ALONG_LINE(y, x, count, ...)                                                            \
  do {                                                                                          \
    ptrdiff_t i_ = 0;                                                                           \
    if ((count) < LANE_COUNT) {                                                                 \
      vector v = NAME(load_part)(x, count, (vector){});                                         \
      NAME(store_part)(y, count, __VA_ARGS__);                                                  \
      break;                                                                                    \
    }                                                                                           \
    vector last_ = LOAD((x) + (count) - LANE_COUNT);                                            \
    _Pragma("clang loop unroll_count(2)") for (; i_ + LANE_COUNT < (count); i_ += LANE_COUNT) { \
      vector v = LOAD((x) + i_);                                                                \
      STORE((y) + i_, __VA_ARGS__);                                                             \
    }                                                                                           \
    vector v = last_;                                                                           \
    STORE((y) + (count) - LANE_COUNT, __VA_ARGS__);                                             \
  } while (0)

INLINE vector NAME(first_lanes)(vector x, ptrdiff_t count, element filling) {
  integers number = {LANES(LANE_NUMBER)};
  return SELECT(number < (LANE)count, x, SPLAT(filling));
}

// Some vectors side by side, of which the first n elements are there.
#define EACH_VECTOR _Pragma("clang loop unroll(full)") for (int k = 0; k < VECTORS; k++)
INLINE ptrdiff_t NAME(lanes_left)(ptrdiff_t n, int k) {
  ptrdiff_t left = n - k * LANE_COUNT;
  return left < 0 ? 0 : left < LANE_COUNT ? left : LANE_COUNT;
}
INLINE vector NAME(load_column)(const char *row, ptrdiff_t n, int k) {
  return NAME(load_part)((const element *)row + k * LANE_COUNT, NAME(lanes_left)(n, k), (vector){});
}
INLINE void NAME(store_column)(char *row, ptrdiff_t n, int k, vector value) {
  NAME(store_part)((element *)row + k * LANE_COUNT, NAME(lanes_left)(n, k), value);
}
