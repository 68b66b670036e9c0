// The sum of a line's terms but for those of its largest element, which are counted: what is left of the logarithm of the
// sum when the largest element is taken off keeps its digits, however small it is. High and low part, so that the terms
// are added as if they had not been rounded.
typedef struct {
  vector high, low;
  integers ties;
} NAME(others);

INLINE void NAME(add_other)(NAME(others) *sum, vector x, vector largest, const NAME(window) *w, _Bool is_shared) {
  integers tie = x == largest;
  vector rest, scale = NAME(window_parts)(SELECT(x < w->least, w->least, x), w, is_shared, &rest);
  scale = (vector)((integers)scale & ~tie);
  sum->ties -= tie;
#if STEPS == 16
  sum->low = FMA(scale, rest, sum->low);  // small enough to be added by itself
  NAME(add_exactly)(&sum->high, &sum->low, scale);
#else
  vector term = FMA(scale, rest, scale);
  sum->low += FMA(scale, rest, scale - term);
  NAME(add_exactly)(&sum->high, &sum->low, term);
#endif
}

#if IS_FLOAT
#define WIDE double
#define WIDE_FUNCTION(f) f
#else
#define WIDE long double
#define WIDE_FUNCTION(f) f##l
#endif

static WIDE NAME(total_of_others)(NAME(others) a, NAME(others) b) {
#if IS_FLOAT
  return NAME(total)((__builtin_convertvector(a.high, wide_vector) + __builtin_convertvector(b.high, wide_vector)) +
                     (__builtin_convertvector(a.low, wide_vector) + __builtin_convertvector(b.low, wide_vector)));
#else
  WIDE total = 0;
  for (int lane = 0; lane < LANE_COUNT; lane++)
    total += ((WIDE)a.high[lane] + (WIDE)b.high[lane]) + (WIDE)(a.low[lane] + b.low[lane]);
  return total;
#endif
}

// log of (the sum of the terms / the largest term).
static double NAME(logarithm_of_sum)(WIDE others, double ties) {
  return (double)(ties == 1 ? WIDE_FUNCTION(log1p)(others) : WIDE_FUNCTION(log)((WIDE)ties + others));
}

// e^largest where the window has placed it.
static WIDE NAME(placed)(element largest) {
#if IS_FLOAT
  double octave = (double)ROUND(SPLAT(largest) * SPLAT(LOG2_E_HIGH))[0];
  return exp((double)largest - octave * 0.69314718055994531) * 0x1p60;
#else
  NAME(window) w = NAME(window_at)(SPLAT(largest));
  vector rest, scale = NAME(window_parts)(SPLAT(largest), &w, 1, &rest);
  return (WIDE)scale[0] * (1 + (WIDE)rest[0]);
#endif
}

// (x - largest) - logarithm, rounded once.
INLINE vector NAME(log_difference)(vector x, vector largest, wide_vector logarithm) {
#if IS_FLOAT
  wide_vector difference = __builtin_convertvector(x, wide_vector) - __builtin_convertvector(largest, wide_vector);
  return __builtin_convertvector(difference - logarithm, vector);
#else
  vector difference = x - largest, back = difference - x;
  vector error = (x - (difference - back)) - (largest + back);
  vector exact = difference - (logarithm - error);
  return SELECT(exact == exact, exact, difference);
#endif
}

// The same for a line of any kind.
static double NAME(distant_logarithm)(const char *x, ptrdiff_t step, ptrdiff_t count, element largest) {
  if (!(largest > -INFINITY && largest < INFINITY)) return NAN;
  WIDE others = 0;
  double ties = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    element value = *(const element *)(x + i * step);
    if (value == largest) ties++;
    else others += WIDE_FUNCTION(exp)((WIDE)value - largest);
  }
  return NAME(logarithm_of_sum)(others, ties);
}

static void NAME(log_softmax_line)(element *y, const element *x, ptrdiff_t count) {
  element largest = NAME(line_largest)(x, count);
  vector m = SPLAT(largest);
  double logarithm;
  if (largest >= -SHIFT_LIMIT && largest <= SHIFT_LIMIT) {
    NAME(window) w = NAME(window_at)(m);
    NAME(others) sum = {}, second = {};
    ptrdiff_t i = 0;
    for (; i + 2 * LANE_COUNT <= count; i += 2 * LANE_COUNT) {
      NAME(add_other)(&sum, LOAD(x + i), m, &w, 1);
      NAME(add_other)(&second, LOAD(x + i + LANE_COUNT), m, &w, 1);
    }
    if (i + LANE_COUNT <= count) {
      NAME(add_other)(&second, LOAD(x + i), m, &w, 1);
      i += LANE_COUNT;
    }
    if (i < count) NAME(add_other)(&sum, NAME(load_part)(x + i, count - i, SPLAT(-INFINITY)), m, &w, 1);
    sum.ties += second.ties;
    double ties = (double)__builtin_reduce_add(sum.ties);
    logarithm = NAME(logarithm_of_sum)(NAME(total_of_others)(sum, second) / NAME(placed)(largest), ties);
  } else logarithm = NAME(distant_logarithm)((const char *)x, sizeof(element), count, largest);
  wide_vector offset = logarithm - (wide_vector){};
  ALONG_LINE(y, x, count, NAME(log_difference)(v, m, offset));
}

static void NAME(rows_log_softmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t line = 0; line < lines; line++)
    NAME(log_softmax_line)((element *)(data[0] + line * strides[0]), (const element *)(data[1] + line * strides[1]), count);
}

static void NAME(columns_log_softmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t c = 0; c < lines; c += LANE_COUNT) {
    ptrdiff_t n = lines - c < LANE_COUNT ? lines - c : LANE_COUNT, at = c * (ptrdiff_t)sizeof(element);
    const char *x = data[1] + at;
    vector m = SPLAT(-INFINITY);
    for (ptrdiff_t r = 0; r < count; r++)
      m = NAME(larger)(NAME(load_part)((const element *)(x + r * strides[1]), n, (vector){}), m);
    NAME(window) w = NAME(window_at)(m);
    NAME(others) sum = {};
    for (ptrdiff_t r = 0; r < count; r++)
      NAME(add_other)(&sum, NAME(load_part)((const element *)(x + r * strides[1]), n, (vector){}), m, &w, 0);
    wide_vector logarithms = {};
    for (ptrdiff_t lane = 0; lane < n; lane++)
      if (m[lane] >= -SHIFT_LIMIT && m[lane] <= SHIFT_LIMIT) {
        WIDE others = (WIDE)sum.high[lane] + (WIDE)sum.low[lane];
        logarithms[lane] = NAME(logarithm_of_sum)(others / NAME(placed)(m[lane]), (double)sum.ties[lane]);
      } else logarithms[lane] = NAME(distant_logarithm)(x + lane * (ptrdiff_t)sizeof(element), strides[1], count, m[lane]);
    for (ptrdiff_t r = 0; r < count; r++)
      NAME(store_part)((element *)(data[0] + r * strides[0] + at), n,
                       NAME(log_difference)(NAME(load_part)((const element *)(x + r * strides[1]), n, (vector){}), m, logarithms));
  }
}
