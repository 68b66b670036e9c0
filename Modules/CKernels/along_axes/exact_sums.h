// Sums of positive terms, to half a unit in the last place: Float's in double, Double's in two parts. (OpenBLAS's dsdot adds
// a few hundred terms in float before it goes on in double: softmax would be up to 4.5 ulp off.)

// high + low += x, with what rounding takes from high kept in low.
INLINE void NAME(add_exactly)(vector *high, vector *low, vector x) {
  vector sum = *high + x, part = sum - *high;
  *low += (*high - (sum - part)) + (x - part);
  *high = sum;
}

#if IS_FLOAT
typedef wide_vector NAME(exact_sum);
INLINE void NAME(add_term)(NAME(exact_sum) *sum, vector x) { *sum += __builtin_convertvector(x, wide_vector); }
// Conversions cost more than additions; two roundings of the sum are within what softmax may lose.
INLINE void NAME(add_terms)(NAME(exact_sum) *sum, vector a, vector b, vector c, vector d) {
  NAME(add_term)(sum, (a + b) + (c + d));
}
INLINE double NAME(total)(NAME(exact_sum) sum) {
  ACROSS_LANES(ADD_ACROSS, sum)
  return sum[0];
}
INLINE vector NAME(rounded_sum)(NAME(exact_sum) sum) { return __builtin_convertvector(sum, vector); }
INLINE vector NAME(inverse_of_sum)(NAME(exact_sum) sum) { return __builtin_convertvector(1 / sum, vector); }
#else
typedef struct { vector high, low; } NAME(exact_sum);
INLINE void NAME(add_term)(NAME(exact_sum) *sum, vector x) { NAME(add_exactly)(&sum->high, &sum->low, x); }
INLINE void NAME(add_terms)(NAME(exact_sum) *sum, vector a, vector b, vector c, vector d) {
  NAME(add_term)(sum, a);
  NAME(add_term)(sum, b);
  NAME(add_term)(sum, c);
  NAME(add_term)(sum, d);
}
INLINE double NAME(total)(NAME(exact_sum) sum) {
#define ADD_EXACTLY_ACROSS(h)           \
  {                                     \
    vector other = ROTATE(sum.high, h); \
    sum.low += ROTATE(sum.low, h);      \
    NAME(add_term)(&sum, other);        \
  }
  ACROSS_LANES(ADD_EXACTLY_ACROSS)
  return sum.high[0] + sum.low[0];
}
INLINE vector NAME(rounded_sum)(NAME(exact_sum) sum) { return sum.high + sum.low; }
INLINE vector NAME(inverse_of_sum)(NAME(exact_sum) sum) { return 1 / NAME(rounded_sum)(sum); }
#endif

// y = f(x) along a line, and the sum of what is stored; y may be x.
#define SUM_ALONG_LINE(sum, y, x, count, ...)                               \
  do {                                                                      \
    ptrdiff_t i_ = 0;                                                       \
    for (; i_ + 4 * LANE_COUNT <= (count); i_ += 4 * LANE_COUNT) {          \
      vector values_[4];                                                    \
      _Pragma("clang loop unroll(full)") for (int k_ = 0; k_ < 4; k_++) {   \
        vector v = LOAD((x) + i_ + k_ * LANE_COUNT);                        \
        values_[k_] = __VA_ARGS__;                                          \
        STORE((y) + i_ + k_ * LANE_COUNT, values_[k_]);                     \
      }                                                                     \
      NAME(add_terms)(sum, values_[0], values_[1], values_[2], values_[3]); \
    }                                                                       \
    for (; i_ < (count); i_ += LANE_COUNT) {                                \
      vector v = NAME(load_part)((x) + i_, (count) - i_, (vector){});       \
      vector value = NAME(first_lanes)(__VA_ARGS__, (count) - i_, 0);       \
      NAME(add_term)(sum, value);                                           \
      NAME(store_part)((y) + i_, (count) - i_, value);                      \
    }                                                                       \
  } while (0)
