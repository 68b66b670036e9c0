// Activations of whole lines: along rows that lie contiguous, and along columns, many of them side by side.
//
// Softmax is shifted by a power of two instead of by the largest element: e^x 2^-N costs an addition to the exponent, and
// no difference is rounded. The terms are kept 2^OCTAVES larger than they need be, so that all that count for the result
// are normal numbers; the division rounds what becomes subnormal, once.

#undef OCTAVES
#undef REACH
#undef HEADROOM
#undef SHIFT_LIMIT
#if IS_FLOAT
#define OCTAVES 60
#define REACH 128      // e^-128 of the largest element is nothing beside it
#define HEADROOM 44    // e^44 of it does not overflow
#define SHIFT_LIMIT (FUSED ? 10000 : 200)  // up to here x is reduced exactly
#else
#define OCTAVES 120
#define REACH 780
#define HEADROOM 600
#define SHIFT_LIMIT (FUSED ? 10000 : 600)
#endif

// Where the terms of a line are placed.
typedef struct {
  V least, most;  // elements beyond them count as these
  M shift;        // added to the exponents
#if STEPS == 16
  T powers[16];   // with the first lane's shift added
#endif
} NAME(window);

INLINE NAME(window) NAME(window_at)(V center) {
  V octave = ROUND(center * K(LOG2_E_HIGH));
  NAME(window) w = {.least = octave * K(LOG2_HIGH) - K(REACH), .most = octave * K(LOG2_HIGH) + K(HEADROOM)};
  w.shift = (OCTAVES - __builtin_convertvector(octave, M)) << MANTISSA;
#if STEPS == 16
  for (int i = 0; i < 16; i += W) STORE(w.powers + i, (V)((M)LOAD(powers + i) + (w.shift[0] + (M){})));
#endif
  return w;
}

// e^x 2^(OCTAVES - N) = scale + scale * rest; `is_shared` where all lanes have one window.
INLINE V NAME(window_parts)(V x, const NAME(window) *w, _Bool is_shared, V *rest) {
  V whole = FMA(x, K(STEPS * LOG2_E_HIGH), K(WHOLE)), n = whole - WHOLE;
  V r = FMA(n, K(-LOG2_LOW / STEPS), FMA(n, K(-LOG2_HIGH / STEPS), x));
#if STEPS == 16
  *rest = power_tail(r);
  M power = is_shared ? (M)lookup(w->powers, (M)whole) : (M)lookup(powers, (M)whole) + w->shift;
  return (V)(power + ((M)whole << (MANTISSA - 4)));
#else
  *rest = FMA(r * r, exponential_tail(r), r);
  return (V)((M)K(1) + w->shift + ((M)whole << MANTISSA));
#endif
}

INLINE V NAME(window_exponential)(V x, const NAME(window) *w, _Bool is_shared) {
  V rest, scale = NAME(window_parts)(x, w, is_shared, &rest);
  return FMA(scale, rest, scale);
}

// The first elements of a vector, where memory may end behind them. Through a copy the processor would wait for it to be stored.
#undef LOAD_MASKED
#undef STORE_MASKED
#undef MASK
#if BYTES == 64 && defined(__x86_64__)
#define MASK(count) ((1u << (count)) - 1)
#if IS_FLOAT
#define LOAD_MASKED(x, mask, filling) __builtin_ia32_loadups512_mask(x, filling, mask)
#define STORE_MASKED(y, mask, value) __builtin_ia32_storeups512_mask(y, value, mask)
#else
#define LOAD_MASKED(x, mask, filling) __builtin_ia32_loadupd512_mask(x, filling, mask)
#define STORE_MASKED(y, mask, value) __builtin_ia32_storeupd512_mask(y, value, mask)
#endif
#elif BYTES == 32 && defined(__x86_64__)
#define MASK(count) ((M){LANES(LANE_NUMBER)} < (LANE)(count))
#if IS_FLOAT
#define LOAD_MASKED(x, mask, filling) SELECT(mask, __builtin_ia32_maskloadps256((const V *)(x), mask), filling)
#define STORE_MASKED(y, mask, value) __builtin_ia32_maskstoreps256((V *)(y), mask, value)
#else
#define LOAD_MASKED(x, mask, filling) SELECT(mask, __builtin_ia32_maskloadpd256((const V *)(x), mask), filling)
#define STORE_MASKED(y, mask, value) __builtin_ia32_maskstorepd256((V *)(y), mask, value)
#endif
#endif

INLINE V NAME(load_part)(const T *x, ptrdiff_t count, V filling) {
  if (count >= W) return LOAD(x);
#ifdef MASK
  return LOAD_MASKED(x, MASK(count), filling);
#else
  memcpy(&filling, x, (size_t)count * sizeof(T));
  return filling;
#endif
}

INLINE void NAME(store_part)(T *y, ptrdiff_t count, V value) {
  if (count >= W) {
    STORE(y, value);
    return;
  }
#ifdef MASK
  STORE_MASKED(y, MASK(count), value);
#else
  T elements[LANE_COUNT];
  STORE(elements, value);
  const T *from = elements;
  for (ptrdiff_t part = LANE_COUNT / 2; part > 0; part /= 2)
    if (count & part) {
      memcpy(y, from, (size_t)part * sizeof(T));
      y += part;
      from += part;
    }
#endif
}

#undef ACROSS_LANES
#if LANE_COUNT == 16
#define ACROSS_LANES(step) step(8) step(4) step(2) step(1)
#elif LANE_COUNT == 8
#define ACROSS_LANES(step) step(4) step(2) step(1)
#elif LANE_COUNT == 4
#define ACROSS_LANES(step) step(2) step(1)
#else
#define ACROSS_LANES(step) step(1)
#endif

INLINE V NAME(larger)(V x, V y) { return SELECT(x > y, x, y); }  // y where x is NaN

// The largest element but for NaN.
static T NAME(line_largest)(const T *x, ptrdiff_t count) {
  V m = K(-INFINITY);
  ptrdiff_t i = 0;
  if (count >= W) {
    V m1 = m, m2 = m, m3 = m;
    for (; i + 4 * W <= count; i += 4 * W) {
      m = NAME(larger)(LOAD(x + i), m);
      m1 = NAME(larger)(LOAD(x + i + W), m1);
      m2 = NAME(larger)(LOAD(x + i + 2 * W), m2);
      m3 = NAME(larger)(LOAD(x + i + 3 * W), m3);
    }
    for (; i + W <= count; i += W) m = NAME(larger)(LOAD(x + i), m);
    m = NAME(larger)(NAME(larger)(m1, m), NAME(larger)(m2, m3));
    m = NAME(larger)(LOAD(x + count - W), m);
  } else m = NAME(larger)(NAME(load_part)(x, count, m), m);
#define LARGER_ACROSS(h) m = NAME(larger)(ROTATE(m, h), m);
  ACROSS_LANES(LARGER_ACROSS)
#undef LARGER_ACROSS
  return m[0];
}

// y = f(x) along a line, in place too.
#define ALONG_LINE(y, x, count, ...)                                               \
  do {                                                                             \
    ptrdiff_t i_ = 0;                                                              \
    if ((count) < W) {                                                             \
      V v = NAME(load_part)(x, count, (V){});                                      \
      NAME(store_part)(y, count, __VA_ARGS__);                                     \
      break;                                                                       \
    }                                                                              \
    V last_ = LOAD((x) + (count) - W);                                             \
    _Pragma("clang loop unroll_count(2)") for (; i_ + W < (count); i_ += W) {      \
      V v = LOAD((x) + i_);                                                        \
      STORE((y) + i_, __VA_ARGS__);                                                \
    }                                                                              \
    V v = last_;                                                                   \
    STORE((y) + (count) - W, __VA_ARGS__);                                         \
  } while (0)

INLINE V NAME(first_lanes)(V x, ptrdiff_t count, T filling) {
  M number = {LANES(LANE_NUMBER)};
  return SELECT(number < (LANE)count, x, K(filling));
}

// high + low += x, with what rounding takes from high kept in low.
INLINE void NAME(add_exactly)(V *high, V *low, V x) {
  V sum = *high + x, part = sum - *high;
  *low += (*high - (sum - part)) + (x - part);
  *high = sum;
}

// Sums of positive terms, to half a unit in the last place: Float's in double, Double's in two parts. (OpenBLAS's dsdot adds
// a few hundred terms in float before it goes on in double: softmax would be up to 4.5 ulp off.)
#if IS_FLOAT
typedef A NAME(exact_sum);
INLINE void NAME(add_term)(NAME(exact_sum) *sum, V x) { *sum += __builtin_convertvector(x, A); }
// Conversions cost more than additions; two roundings of the sum are within what softmax may lose.
INLINE void NAME(add_terms)(NAME(exact_sum) *sum, V a, V b, V c, V d) { NAME(add_term)(sum, (a + b) + (c + d)); }
INLINE double NAME(total)(NAME(exact_sum) sum) {
#define ADD_ACROSS(h) sum += ROTATE(sum, h);
  ACROSS_LANES(ADD_ACROSS)
#undef ADD_ACROSS
  return sum[0];
}
#else
typedef struct { V high, low; } NAME(exact_sum);
INLINE void NAME(add_term)(NAME(exact_sum) *sum, V x) { NAME(add_exactly)(&sum->high, &sum->low, x); }
INLINE void NAME(add_terms)(NAME(exact_sum) *sum, V a, V b, V c, V d) {
  NAME(add_term)(sum, a);
  NAME(add_term)(sum, b);
  NAME(add_term)(sum, c);
  NAME(add_term)(sum, d);
}
INLINE double NAME(total)(NAME(exact_sum) sum) {
#define ADD_ACROSS(h)                       \
  {                                         \
    V other = ROTATE(sum.high, h);          \
    sum.low += ROTATE(sum.low, h);          \
    NAME(add_term)(&sum, other);            \
  }
  ACROSS_LANES(ADD_ACROSS)
#undef ADD_ACROSS
  return sum.high[0] + sum.low[0];
}
#endif

// y = f(x) along a line, and the sum of what is stored; y may be x.
#define SUM_ALONG_LINE(sum, y, x, count, ...)                                      \
  do {                                                                             \
    ptrdiff_t i_ = 0;                                                              \
    for (; i_ + 4 * W <= (count); i_ += 4 * W) {                                   \
      V values_[4];                                                                \
      _Pragma("clang loop unroll(full)") for (int k_ = 0; k_ < 4; k_++) {          \
        V v = LOAD((x) + i_ + k_ * W);                                             \
        values_[k_] = __VA_ARGS__;                                                 \
        STORE((y) + i_ + k_ * W, values_[k_]);                                     \
      }                                                                            \
      NAME(add_terms)(sum, values_[0], values_[1], values_[2], values_[3]);        \
    }                                                                              \
    for (; i_ < (count); i_ += W) {                                                \
      V v = NAME(load_part)((x) + i_, (count) - i_, (V){});                        \
      V value = NAME(first_lanes)(__VA_ARGS__, (count) - i_, 0);                   \
      NAME(add_term)(sum, value);                                                  \
      NAME(store_part)((y) + i_, (count) - i_, value);                             \
    }                                                                              \
  } while (0)

// Softmax of a line of any kind; y may be x.
static void NAME(softmax_line)(T *y, const T *x, ptrdiff_t count) {
  T largest = NAME(line_largest)(x, count);
  V m = K(largest);
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
  V single = K((T)factor);
  ALONG_LINE(y, y, count, v * single);
}

// One step towards the sums of LANE_COUNT vectors in the lanes of one: vectors r and r + d are added, halves crosswise.
#undef HALVE
#undef HALVE_EXACTLY
#define SQUARE LANE_COUNT
#define HALVE(d)                                                                        \
  _Pragma("clang loop unroll(full)") for (int r = 0; r < d; r++)                        \
    rows[r] = __builtin_shufflevector(rows[r], rows[r + d], LANES(LOW_##d)) +           \
              __builtin_shufflevector(rows[r], rows[r + d], LANES(HIGH_##d));

// The sums of W vectors, in the order of the vectors.
INLINE V NAME(sums_of_vectors)(V *rows) {
#if LANE_COUNT > 8
  HALVE(8)
#endif
#if LANE_COUNT > 4
  HALVE(4)
#endif
#if LANE_COUNT > 2
  HALVE(2)
#endif
  HALVE(1)
  return rows[0];
}
#undef SQUARE

// The sums of W lines behind one another, which can be read W elements beyond their end; of products where y is given.
INLINE V NAME(sums_of_lines)(const T *x, const T *y, ptrdiff_t count) {
  V rows[W];
  if (count <= W) {
    _Pragma("clang loop unroll(full)") for (int line = 0; line < W; line++) {
      V v = LOAD(x + line * count);
      if (y) v *= LOAD(y + line * count);
      rows[line] = NAME(first_lanes)(v, count, 0);
    }
  } else {
    ptrdiff_t whole = count / W * W;
    for (int line = 0; line < W; line++) {
      const T *start = x + line * count, *other = y ? y + line * count : NULL;
      V v = LOAD(start + whole);
      if (y) v *= LOAD(other + whole);
      V sum = NAME(first_lanes)(v, count - whole, 0);
      for (ptrdiff_t i = 0; i < whole; i += W) {
        if (y) sum = FMA(LOAD(start + i), LOAD(other + i), sum);
        else sum += LOAD(start + i);
      }
      rows[line] = sum;
    }
  }
  return NAME(sums_of_vectors)(rows);
}

// One step as above, of which no more than the last rounding is lost.
#define HALVE_EXACTLY(d)                                                                                        \
  _Pragma("clang loop unroll(full)") for (int r = 0; r < d; r++) {                                              \
    V more = __builtin_shufflevector(low[r], low[r + d], LANES(LOW_##d)) +                                      \
             __builtin_shufflevector(low[r], low[r + d], LANES(HIGH_##d));                                      \
    V a = __builtin_shufflevector(rows[r], rows[r + d], LANES(LOW_##d));                                        \
    NAME(add_exactly)(&a, &more, __builtin_shufflevector(rows[r], rows[r + d], LANES(HIGH_##d)));               \
    rows[r] = a;                                                                                                \
    low[r] = more;                                                                                              \
  }

// 1 / the sums of W lines of positive terms, as accurate as above; false where a sum is not in a window's range.
INLINE _Bool NAME(factors_of_lines)(const T *x, ptrdiff_t count, V *factors) {
  ptrdiff_t whole = count / W * W;
#define SQUARE LANE_COUNT
#if IS_FLOAT
  A sums;
  if (count <= W) {  // two additions in float, the others in double
    V rows[W];
    _Pragma("clang loop unroll(full)") for (int line = 0; line < W; line++)
      rows[line] = NAME(first_lanes)(LOAD(x + line * count), count, 0);
#if LANE_COUNT > 8
    HALVE(8)
#endif
#if LANE_COUNT > 4
    HALVE(4)
#endif
    A wide[4];
    for (int r = 0; r < 4; r++) wide[r] = __builtin_convertvector(rows[r], A);
    {
      A *rows = wide;
      HALVE(2)
      HALVE(1)
    }
    sums = wide[0];
  } else {
    A rows[W];
    for (int line = 0; line < W; line++) {
      const T *start = x + line * count;
      A sum = __builtin_convertvector(NAME(first_lanes)(LOAD(start + whole), count - whole, 0), A);
      ptrdiff_t i = 0;
      for (; i + 4 * W <= whole; i += 4 * W)
        NAME(add_terms)(&sum, LOAD(start + i), LOAD(start + i + W), LOAD(start + i + 2 * W), LOAD(start + i + 3 * W));
      for (; i < whole; i += W) NAME(add_term)(&sum, LOAD(start + i));
      rows[line] = sum;
    }
#if LANE_COUNT > 8
    HALVE(8)
#endif
#if LANE_COUNT > 4
    HALVE(4)
#endif
    HALVE(2)
    HALVE(1)
    sums = rows[0];
  }
  V sum = __builtin_convertvector(sums, V);
  *factors = __builtin_convertvector(1 / sums, V);
#else
  V rows[W], low[W];
  for (int line = 0; line < W; line++) {
    const T *start = x + line * count;
    rows[line] = NAME(first_lanes)(LOAD(start + whole), count - whole, 0);
    low[line] = (V){};
    for (ptrdiff_t i = 0; i < whole; i += W) NAME(add_exactly)(&rows[line], &low[line], LOAD(start + i));
  }
#if LANE_COUNT > 4
  HALVE_EXACTLY(4)
#endif
#if LANE_COUNT > 2
  HALVE_EXACTLY(2)
#endif
  HALVE_EXACTLY(1)
  V sum = rows[0] + low[0];
  *factors = 1 / sum;
#endif
#undef SQUARE
  const T tiniest = IS_FLOAT ? 0x1p30 : 0x1p90, largest = IS_FLOAT ? 0x1p120 : 0x1p900;
  return !RARE(~((sum > tiniest) & (sum < largest)));
}

// Which of W lines of `count` elements behind one another each element belongs to.
static void NAME(number_lines)(M *lines, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count * W; i++) ((LANE *)lines)[i] = (LANE)(i / count);
}

INLINE V NAME(permuted)(V x, M index) {
#if LANE_COUNT == 16 && defined(__x86_64__)
  return __builtin_ia32_permvarsf512(x, index);
#elif LANE_COUNT >= 4 && BYTES >= 32
  return __builtin_shufflevector(x, index);
#else
  V result;
  for (int lane = 0; lane < W; lane++) result[lane] = x[index[lane] & (LANE_COUNT - 1)];
  return result;
#endif
}

// Softmax of W lines behind one another, all placed in the same window: false, with nothing stored, where one does not
// fit. The terms go through `scratch`.
static _Bool NAME(softmax_block)(T *y, const T *x, ptrdiff_t count, const NAME(window) *window, T *scratch,
                                 const M *numbers) {
  NAME(window) w = *window;
  _Pragma("clang loop unroll_count(2)") for (ptrdiff_t i = 0; i < count; i++)
    STORE(scratch + i * W, NAME(window_exponential)(clamp(LOAD(x + i * W), w.least, w.most), &w, 1));
  V factors;
  if (!NAME(factors_of_lines)(scratch, count, &factors)) return 0;
  if (numbers)
    _Pragma("clang loop unroll_count(2)") for (ptrdiff_t i = 0; i < count; i++)
      STORE(y + i * W, LOAD(scratch + i * W) * NAME(permuted)(factors, numbers[i]));
  else
    for (int line = 0; line < W; line++) {
      V factor = K(factors[line]);
      const T *from = scratch + line * count;
      T *to = y + line * count;
      for (ptrdiff_t i = 0; i + W <= count; i += W) STORE(to + i, LOAD(from + i) * factor);
      STORE(to + count - W, LOAD(from + count - W) * factor);
    }
  return 1;
}

enum { NAME(NUMBERED) = 2 * W };  // lines up to this length are scaled vector by vector, longer ones line by line

// What a block does with W lines behind one another; y may be a. The operands can be read W elements beyond their end.
typedef void (*NAME(block))(T *y, const T *a, const T *b, ptrdiff_t count, void *context);

// Short lines, W at a time. Where they lie apart, are fewer or end too near the end of the memory they are copied, so that
// every line meets the same arithmetic.
static void NAME(short_rows)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count, int operands,
                             NAME(block) block, void *context) {
  ptrdiff_t width = count * (ptrdiff_t)sizeof(T);
  _Bool packed = 1;
  for (int k = 0; k <= operands; k++) packed &= strides[k] == width;
  for (ptrdiff_t line = 0; line < lines; line += W) {
    if (packed && (lines - line - W) * count >= W) {
      block((T *)(data[0] + line * width), (const T *)(data[1] + line * width),
            operands > 1 ? (const T *)(data[2] + line * width) : NULL, count, context);
      continue;
    }
    _Alignas(64) T padded[2][BLAS_LENGTH * W + W];
    ptrdiff_t n = lines - line < W ? lines - line : W;
    for (int k = 0; k < operands; k++) {
      for (ptrdiff_t i = 0; i < W; i++)
        memcpy(padded[k] + i * count, data[k + 1] + (line + (i < n ? i : 0)) * strides[k + 1], (size_t)width);
      STORE(padded[k] + W * count, (V){});
    }
    block(padded[0], padded[0], padded[1], count, context);
    for (ptrdiff_t i = 0; i < n; i++) memcpy(data[0] + (line + i) * strides[0], padded[0] + i * count, (size_t)width);
  }
}

typedef struct {
  NAME(window) window;  // that the last block fitted into
  M numbers[NAME(NUMBERED)];
  T terms[BLAS_LENGTH * W + W];
} NAME(softmax_context);

static void NAME(block_softmax)(T *y, const T *x, const T *none, ptrdiff_t count, void *context) {
  NAME(softmax_context) *c = context;
  (void)none;
  const M *numbers = count <= NAME(NUMBERED) ? c->numbers : NULL;
  if (NAME(softmax_block)(y, x, count, &c->window, c->terms, numbers)) return;
  T largest = NAME(line_largest)(x, count * W);
  if (largest >= -SHIFT_LIMIT && largest <= SHIFT_LIMIT) {
    c->window = NAME(window_at)(K(largest));
    if (NAME(softmax_block)(y, x, count, &c->window, c->terms, numbers)) return;
  }
  for (int i = 0; i < W; i++) NAME(softmax_line)(y + i * count, x + i * count, count);
}

static void NAME(rows_softmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  if (count < BLAS_LENGTH) {
    NAME(softmax_context) context;
    context.window = NAME(window_at)(K(0));
    if (count <= NAME(NUMBERED)) NAME(number_lines)(context.numbers, count);
    NAME(short_rows)(data, strides, lines, count, 1, NAME(block_softmax), &context);
    return;
  }
  for (ptrdiff_t line = 0; line < lines; line++)
    NAME(softmax_line)((T *)(data[0] + line * strides[0]), (const T *)(data[1] + line * strides[1]), count);
}

// A pullback: from g and the output y a sum s per line, then a value. DOT: the sum is that of g y, else of g.
#define PULLBACK(name, LINE_SUM, DOT, ...)                                                                       \
  INLINE V NAME(value_##name)(V g, V y, V s) { return __VA_ARGS__; }                                             \
  static void NAME(line_##name)(T *result, const T *gradient, const T *output, ptrdiff_t count, V s) {           \
    if (count < W) {                                                                                             \
      V g = NAME(load_part)(gradient, count, (V){}), y = NAME(load_part)(output, count, (V){});                  \
      NAME(store_part)(result, count, NAME(value_##name)(g, y, s));                                              \
      return;                                                                                                    \
    }                                                                                                            \
    V last_g = LOAD(gradient + count - W), last_y = LOAD(output + count - W);                                    \
    _Pragma("clang loop unroll_count(2)") for (ptrdiff_t i = 0; i + W < count; i += W)                           \
      STORE(result + i, NAME(value_##name)(LOAD(gradient + i), LOAD(output + i), s));                            \
    STORE(result + count - W, NAME(value_##name)(last_g, last_y, s));                                            \
  }                                                                                                              \
  static void NAME(block_##name)(T *result, const T *g, const T *y, ptrdiff_t count, void *context) {            \
    const M *numbers = context;                                                                                  \
    V sums = NAME(sums_of_lines)(g, DOT ? y : NULL, count);                                                      \
    if (count <= NAME(NUMBERED))                                                                                 \
      for (ptrdiff_t i = 0; i < count; i++)                                                                      \
        STORE(result + i * W,                                                                                    \
              NAME(value_##name)(LOAD(g + i * W), LOAD(y + i * W), NAME(permuted)(sums, numbers[i])));           \
    else                                                                                                         \
      for (int i = 0; i < W; i++)                                                                                \
        NAME(line_##name)(result + i * count, g + i * count, y + i * count, count, K(sums[i]));                  \
  }                                                                                                              \
  static void NAME(rows_##name)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) { \
    if (count < BLAS_LENGTH) {                                                                                   \
      M numbers[NAME(NUMBERED)];                                                                                 \
      if (count <= NAME(NUMBERED)) NAME(number_lines)(numbers, count);                                           \
      NAME(short_rows)(data, strides, lines, count, 2, NAME(block_##name), numbers);                             \
      return;                                                                                                    \
    }                                                                                                            \
    for (ptrdiff_t line = 0; line < lines; line++) {                                                             \
      T *result = (T *)(data[0] + line * strides[0]);                                                            \
      const T *g = (const T *)(data[1] + line * strides[1]), *y = (const T *)(data[2] + line * strides[2]);      \
      NAME(line_##name)(result, g, y, count, K((T)(LINE_SUM)));                                                  \
    }                                                                                                            \
  }                                                                                                              \
  INLINE void NAME(side_##name)(char *const *data, const ptrdiff_t *strides, ptrdiff_t at, ptrdiff_t n,          \
                                ptrdiff_t count) {                                                               \
    enum { VECTORS = NAME(VECTORS_TOGETHER) };                                                                   \
    A sums[VECTORS] = {};                                                                                        \
    for (ptrdiff_t first = 0; first < count; first += NAME(ROWS_TOGETHER)) {                                     \
      V sum[VECTORS] = {};                                                                                       \
      for (ptrdiff_t r = first; r < count && r < first + NAME(ROWS_TOGETHER); r++) EACH_VECTOR {                 \
          ptrdiff_t lanes = NAME(lanes_left)(n, k);                                                              \
          V g = NAME(load_part)((const T *)(data[1] + r * strides[1] + at) + k * W, lanes, (V){});               \
          V y = DOT ? NAME(load_part)((const T *)(data[2] + r * strides[2] + at) + k * W, lanes, (V){}) : K(1);  \
          sum[k] = FMA(g, y, sum[k]);                                                                            \
        }                                                                                                        \
      EACH_VECTOR sums[k] += __builtin_convertvector(sum[k], A);                                                 \
    }                                                                                                            \
    V s[VECTORS];                                                                                                \
    EACH_VECTOR s[k] = __builtin_convertvector(sums[k], V);                                                      \
    for (ptrdiff_t r = 0; r < count; r++) EACH_VECTOR {                                                          \
        ptrdiff_t lanes = NAME(lanes_left)(n, k);                                                                \
        V g = NAME(load_part)((const T *)(data[1] + r * strides[1] + at) + k * W, lanes, (V){});                 \
        V y = NAME(load_part)((const T *)(data[2] + r * strides[2] + at) + k * W, lanes, (V){});                 \
        NAME(store_part)((T *)(data[0] + r * strides[0] + at) + k * W, lanes, NAME(value_##name)(g, y, s[k]));   \
      }                                                                                                          \
  }                                                                                                              \
  static void NAME(columns_##name)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines,                 \
                                   ptrdiff_t count) {                                                            \
    enum { WIDTH = NAME(VECTORS_TOGETHER) * LANE_COUNT };                                                        \
    ptrdiff_t c = 0, size = sizeof(T);                                                                           \
    for (; c + WIDTH <= lines; c += WIDTH) NAME(side_##name)(data, strides, c * size, WIDTH, count);             \
    if (c < lines) NAME(side_##name)(data, strides, c * size, lines - c, count);                                 \
  }

enum {
  NAME(ROWS_TOGETHER) = 8,     // that are added in the elements' own precision
  NAME(VECTORS_TOGETHER) = 4,  // side by side
};
#undef EACH_VECTOR
#define EACH_VECTOR _Pragma("clang loop unroll(full)") for (int k = 0; k < VECTORS; k++)
INLINE ptrdiff_t NAME(lanes_left)(ptrdiff_t n, int k) { return n - k * W < 0 ? 0 : n - k * W < W ? n - k * W : W; }

PULLBACK(softmax_pullback, JOIN(blas_dot, SUFFIX)(g, y, count), 1, y * (g - s))
PULLBACK(log_softmax_pullback, JOIN(blas_sum, SUFFIX)(g, count), 0, FMA(-exponential(y), s, g))

// Softmax of columns, two vectors side by side. The terms of up to KEPT_ROWS rows stay in `kept`, those of more pass through
// the result.
enum { NAME(SIDE_BY_SIDE) = 2, NAME(KEPT_ROWS) = 256 };

INLINE void NAME(softmax_columns)(char *result, ptrdiff_t result_row, const char *x, ptrdiff_t x_row, ptrdiff_t count,
                                  ptrdiff_t n, T *kept) {
  enum { VECTORS = NAME(SIDE_BY_SIDE) };
  V m[VECTORS], factors[VECTORS];
  NAME(window) w[VECTORS];
  M outside = {};
  EACH_VECTOR m[k] = K(-INFINITY);
  for (ptrdiff_t r = 0; r < count; r++) EACH_VECTOR {
      V v = NAME(load_part)((const T *)(x + r * x_row) + k * W, NAME(lanes_left)(n, k), (V){});
      m[k] = NAME(larger)(v, m[k]);
      if (kept) STORE(kept + (r * VECTORS + k) * W, v);
    }
  EACH_VECTOR {
    w[k] = NAME(window_at)(m[k]);
    outside |= ~(absolute(m[k]) <= SHIFT_LIMIT);
  }
  _Bool is_outside = any(outside);
#if IS_FLOAT
  enum { TOGETHER = 2 };
  A sums[VECTORS] = {};
#else
  enum { TOGETHER = 1 };
  V sums[VECTORS] = {}, low[VECTORS] = {};
#endif
  for (ptrdiff_t first = 0; first < count; first += TOGETHER) {
    V sum[VECTORS] = {};
    for (ptrdiff_t r = first; r < count && r < first + TOGETHER; r++) EACH_VECTOR {
        ptrdiff_t lanes = NAME(lanes_left)(n, k);
        V v = kept ? LOAD(kept + (r * VECTORS + k) * W) : NAME(load_part)((const T *)(x + r * x_row) + k * W, lanes, (V){});
        V e = RARE((M){} - is_outside) ? exponential_of_difference(v, m[k])
                                       : NAME(window_exponential)(SELECT(v < w[k].least, w[k].least, v), &w[k], 0);
        sum[k] += e;
        if (kept) STORE(kept + (r * VECTORS + k) * W, e);
        else NAME(store_part)((T *)(result + r * result_row) + k * W, lanes, e);
      }
#if IS_FLOAT
    EACH_VECTOR sums[k] += __builtin_convertvector(sum[k], A);
  }
  EACH_VECTOR factors[k] = __builtin_convertvector(1 / sums[k], V);
#else
    EACH_VECTOR NAME(add_exactly)(&sums[k], &low[k], sum[k]);
  }
  EACH_VECTOR factors[k] = 1 / (sums[k] + low[k]);
#endif
  for (ptrdiff_t r = 0; r < count; r++) EACH_VECTOR {
      ptrdiff_t lanes = NAME(lanes_left)(n, k);
      T *y = (T *)(result + r * result_row) + k * W;
      V e = kept ? LOAD(kept + (r * VECTORS + k) * W) : NAME(load_part)(y, lanes, (V){});
      NAME(store_part)(y, lanes, e * factors[k]);
    }
}

static void NAME(columns_softmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  enum { WIDTH = NAME(SIDE_BY_SIDE) * LANE_COUNT };
  _Alignas(64) T kept[NAME(KEPT_ROWS) * WIDTH];
  T *terms = count <= NAME(KEPT_ROWS) ? kept : NULL;
  ptrdiff_t c = 0;
  for (; c + WIDTH <= lines; c += WIDTH)
    NAME(softmax_columns)(data[0] + c * (ptrdiff_t)sizeof(T), strides[0], data[1] + c * (ptrdiff_t)sizeof(T), strides[1],
                          count, WIDTH, terms);
  if (c < lines)
    NAME(softmax_columns)(data[0] + c * (ptrdiff_t)sizeof(T), strides[0], data[1] + c * (ptrdiff_t)sizeof(T), strides[1],
                          count, lines - c, terms);
}

// The sum of a line's terms but for those of its largest element, which are counted: what is left of the logarithm of the
// sum when the largest element is taken off keeps its digits, however small it is. High and low part, so that the terms
// are added as if they had not been rounded.
typedef struct {
  V high, low;
  M ties;
} NAME(others);

INLINE void NAME(add_other)(NAME(others) *sum, V x, V largest, const NAME(window) *w, _Bool is_shared) {
  M tie = x == largest;
  V rest, scale = NAME(window_parts)(SELECT(x < w->least, w->least, x), w, is_shared, &rest);
  scale = (V)((M)scale & ~tie);
  sum->ties -= tie;
#if STEPS == 16
  sum->low = FMA(scale, rest, sum->low);  // small enough to be added by itself
  NAME(add_exactly)(&sum->high, &sum->low, scale);
#else
  V term = FMA(scale, rest, scale);
  sum->low += FMA(scale, rest, scale - term);
  NAME(add_exactly)(&sum->high, &sum->low, term);
#endif
}

#undef WIDE
#undef WIDE_FUNCTION
#if IS_FLOAT
#define WIDE double
#define WIDE_FUNCTION(f) f
#else
#define WIDE long double
#define WIDE_FUNCTION(f) f##l
#endif

// log of (the sum of the terms / the largest term).
static double NAME(logarithm_of_sum)(WIDE others, double ties) {
  return (double)(ties == 1 ? WIDE_FUNCTION(log1p)(others) : WIDE_FUNCTION(log)((WIDE)ties + others));
}

// e^largest where the window has placed it.
static WIDE NAME(placed)(T largest) {
#if IS_FLOAT
  double octave = (double)ROUND(K(largest) * K(LOG2_E_HIGH))[0];
  return exp((double)largest - octave * 0.69314718055994531) * 0x1p60;
#else
  NAME(window) w = NAME(window_at)(K(largest));
  V rest, scale = NAME(window_parts)(K(largest), &w, 1, &rest);
  return (WIDE)scale[0] * (1 + (WIDE)rest[0]);
#endif
}

// (x - largest) - logarithm, rounded once.
INLINE V NAME(log_difference)(V x, V largest, A logarithm) {
#if IS_FLOAT
  A difference = __builtin_convertvector(x, A) - __builtin_convertvector(largest, A);
  return __builtin_convertvector(difference - logarithm, V);
#else
  V difference = x - largest, back = difference - x;
  V error = (x - (difference - back)) - (largest + back);
  V exact = difference - (logarithm - error);
  return SELECT(exact == exact, exact, difference);
#endif
}

// The same for a line of any kind.
static double NAME(distant_logarithm)(const char *x, ptrdiff_t step, ptrdiff_t count, T largest) {
  if (!(largest > -INFINITY && largest < INFINITY)) return NAN;
  WIDE others = 0;
  double ties = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    T value = *(const T *)(x + i * step);
    if (value == largest) ties++;
    else others += WIDE_FUNCTION(exp)((WIDE)value - largest);
  }
  return NAME(logarithm_of_sum)(others, ties);
}

static void NAME(log_softmax_line)(T *y, const T *x, ptrdiff_t count) {
  T largest = NAME(line_largest)(x, count);
  V m = K(largest);
  double logarithm;
  if (largest >= -SHIFT_LIMIT && largest <= SHIFT_LIMIT) {
    NAME(window) w = NAME(window_at)(m);
    NAME(others) sum = {}, second = {};
    ptrdiff_t i = 0;
    for (; i + 2 * W <= count; i += 2 * W) {
      NAME(add_other)(&sum, LOAD(x + i), m, &w, 1);
      NAME(add_other)(&second, LOAD(x + i + W), m, &w, 1);
    }
    if (i + W <= count) {
      NAME(add_other)(&second, LOAD(x + i), m, &w, 1);
      i += W;
    }
    if (i < count) NAME(add_other)(&sum, NAME(load_part)(x + i, count - i, K(-INFINITY)), m, &w, 1);
    sum.ties += second.ties;
    double ties = (double)__builtin_reduce_add(sum.ties);
#if IS_FLOAT
    A all = (__builtin_convertvector(sum.high, A) + __builtin_convertvector(second.high, A)) +
            (__builtin_convertvector(sum.low, A) + __builtin_convertvector(second.low, A));
    double others = NAME(total)(all);
#else
    WIDE others = 0;
    for (int lane = 0; lane < W; lane++)
      others += ((WIDE)sum.high[lane] + (WIDE)second.high[lane]) + (WIDE)(sum.low[lane] + second.low[lane]);
#endif
    logarithm = NAME(logarithm_of_sum)(others / NAME(placed)(largest), ties);
  } else logarithm = NAME(distant_logarithm)((const char *)x, sizeof(T), count, largest);
  A offset = logarithm - (A){};
  ALONG_LINE(y, x, count, NAME(log_difference)(v, m, offset));
}

static void NAME(rows_log_softmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t line = 0; line < lines; line++)
    NAME(log_softmax_line)((T *)(data[0] + line * strides[0]), (const T *)(data[1] + line * strides[1]), count);
}

static void NAME(columns_log_softmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t c = 0; c < lines; c += W) {
    ptrdiff_t n = lines - c < W ? lines - c : W, at = c * (ptrdiff_t)sizeof(T);
    const char *x = data[1] + at;
    V m = K(-INFINITY);
    for (ptrdiff_t r = 0; r < count; r++)
      m = NAME(larger)(NAME(load_part)((const T *)(x + r * strides[1]), n, (V){}), m);
    NAME(window) w = NAME(window_at)(m);
    NAME(others) sum = {};
    for (ptrdiff_t r = 0; r < count; r++)
      NAME(add_other)(&sum, NAME(load_part)((const T *)(x + r * strides[1]), n, (V){}), m, &w, 0);
    A logarithms = {};
    for (ptrdiff_t lane = 0; lane < n; lane++)
      if (m[lane] >= -SHIFT_LIMIT && m[lane] <= SHIFT_LIMIT) {
        WIDE others = (WIDE)sum.high[lane] + (WIDE)sum.low[lane];
        logarithms[lane] = NAME(logarithm_of_sum)(others / NAME(placed)(m[lane]), (double)sum.ties[lane]);
      } else logarithms[lane] = NAME(distant_logarithm)(x + lane * (ptrdiff_t)sizeof(T), strides[1], count, m[lane]);
    for (ptrdiff_t r = 0; r < count; r++)
      NAME(store_part)((T *)(data[0] + r * strides[0] + at), n,
                       NAME(log_difference)(NAME(load_part)((const T *)(x + r * strides[1]), n, (V){}), m, logarithms));
  }
}

// The nearest point of the simplex: what exceeds a threshold. The threshold is raised until the elements above it are
// those that it was computed from (Michelot), from 1 below the largest element, which it never is beneath.
static void NAME(sparsemax_line)(T *y, const T *x, ptrdiff_t count) {
  T largest = NAME(line_largest)(x, count);
  V m = K(largest);
  double threshold = -1;
  ptrdiff_t members = count + 1;
  while (1) {
    A sums = {};
    M counts = {}, unknown = {};
    V limit = K((T)threshold);
    for (ptrdiff_t i = 0; i < count; i += W) {
      V v = NAME(load_part)(x + i, count - i, K(-INFINITY)) - m;
      M above = v > limit;
      unknown |= v != v;
      sums += __builtin_convertvector((V)((M)v & above), A);
      counts -= above;
    }
    double sum = 0;
    ptrdiff_t number = 0;
    for (int lane = 0; lane < W; lane++) {
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
  V limit = K((T)threshold);
  ALONG_LINE(y, x, count, SELECT(v - m <= limit, K(0), (v - m) - limit));
}

static void NAME(rows_sparsemax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t line = 0; line < lines; line++)
    NAME(sparsemax_line)((T *)(data[0] + line * strides[0]), (const T *)(data[1] + line * strides[1]), count);
}

// The gradient less its mean over the support.
static void NAME(rows_sparsemax_pullback)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t line = 0; line < lines; line++) {
    T *result = (T *)(data[0] + line * strides[0]);
    const T *g = (const T *)(data[1] + line * strides[1]), *y = (const T *)(data[2] + line * strides[2]);
    double sum = 0;
    ptrdiff_t members = 0;
    for (ptrdiff_t i = 0; i < count; i++)
      if (y[i] > 0) {
        sum += (double)g[i];
        members++;
      }
    T mean = (T)(sum / (double)members);
    for (ptrdiff_t i = 0; i < count; i++) result[i] = y[i] > 0 ? g[i] - mean : y[i] == y[i] ? 0 : y[i];
  }
}

// 1 for the first of the largest elements, 0 for the others; NaN makes the whole line NaN.
static void NAME(rows_hardmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t line = 0; line < lines; line++) {
    T *y = (T *)(data[0] + line * strides[0]);
    const T *x = (const T *)(data[1] + line * strides[1]);
    int64_t place;
    NAME(line_argument_maximum)(&place, x, count);
    T largest = x[place], other = largest == largest ? 0 : largest;
    for (ptrdiff_t i = 0; i < count; i++) y[i] = other;
    if (largest == largest) y[place] = 1;
  }
}

static void NAME(columns_hardmax)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  for (ptrdiff_t c = 0; c < lines; c += W) {
    ptrdiff_t n = lines - c < W ? lines - c : W, at = c * (ptrdiff_t)sizeof(T);
    V largest = K(-INFINITY);
    M place = {}, unknown = {};
    for (ptrdiff_t r = 0; r < count; r++) {
      V x = NAME(load_part)((const T *)(data[1] + r * strides[1] + at), n, (V){});
      M above = x > largest;
      largest = SELECT(above, x, largest);
      place = (place & ~above) | (above & (LANE)r);
      unknown |= x != x;
    }
    for (ptrdiff_t r = 0; r < count; r++) {
      V y = SELECT(unknown, K(NAN), SELECT(place == (LANE)r, K(1), K(0)));
      NAME(store_part)((T *)(data[0] + r * strides[0] + at), n, y);
    }
  }
}

// x e^-|y| in two steps, of which only the second can lose digits to the subnormal numbers.
INLINE V NAME(twice_damped)(V x, V y) {
  V root = exponential(absolute(y) * K(-0.5));
  return (x * root) * root;
}

// Gated linear units, of the halves a and b of lines: elements side by side, whatever lines they belong to.
INLINE V NAME(gated)(V a, V b) {
  V value = a * sigmoid(b);
  M distant = b < -NORMAL_EXPONENT;
  if (RARE(distant)) value = SELECT(distant, NAME(twice_damped)(a, b), value);
  return value;
}
INLINE V NAME(gated_slope)(V a, V b) {
  V value = a * sigmoid_slope(b);
  M distant = absolute(b) > NORMAL_EXPONENT;
  if (RARE(distant)) value = SELECT(distant, NAME(twice_damped)(a, b), value);
  return value;
}

static void NAME(rows_gated_linear)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  (void)strides;
  T *y = (T *)data[0];
  const T *a = (const T *)data[1], *b = (const T *)data[2];
  for (ptrdiff_t i = 0; i < lines * count; i += W) {
    ptrdiff_t n = lines * count - i;
    NAME(store_part)(y + i, n, NAME(gated)(NAME(load_part)(a + i, n, (V){}), NAME(load_part)(b + i, n, (V){})));
  }
}

// g a sigmoid'(b), the gradient by b.
static void NAME(rows_gated_linear_slope)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count) {
  (void)strides;
  T *y = (T *)data[0];
  const T *g = (const T *)data[1], *a = (const T *)data[2], *b = (const T *)data[3];
  for (ptrdiff_t i = 0; i < lines * count; i += W) {
    ptrdiff_t n = lines * count - i;
    V product = NAME(load_part)(g + i, n, (V){}) * NAME(load_part)(a + i, n, (V){});
    NAME(store_part)(y + i, n, NAME(gated_slope)(product, NAME(load_part)(b + i, n, (V){})));
  }
}

// Both gradients of a gated linear unit, g sigmoid(b) and g a sigmoid'(b), from one exponential; the second lies as far
// behind the first as b behind a.
static void NAME(rows_gated_linear_pullback)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines,
                                             ptrdiff_t count) {
  (void)strides;
  T *y = (T *)data[0], *other = (T *)(data[0] + (data[3] - data[2]));
  const T *gradient = (const T *)data[1], *left = (const T *)data[2], *right = (const T *)data[3];
  for (ptrdiff_t i = 0; i < lines * count; i += W) {
    ptrdiff_t n = lines * count - i;
    V g = NAME(load_part)(gradient + i, n, (V){}), a = NAME(load_part)(left + i, n, (V){});
    V b = NAME(load_part)(right + i, n, (V){}), product = g * a;
    M distant = absolute(b) > NORMAL_EXPONENT;
    V e = exponential(-SELECT(distant, K(0), absolute(b))), large = 1 / (1 + e), small = e * large;
    V by_a = g * SELECT(b < 0, small, large), by_b = product * (large * small);
    if (RARE(distant)) {
      by_a = SELECT(distant, SELECT(b < 0, NAME(twice_damped)(g, b), g), by_a);
      by_b = SELECT(distant, NAME(twice_damped)(product, b), by_b);
    }
    NAME(store_part)(y + i, n, by_a);
    NAME(store_part)(other + i, n, by_b);
  }
}
