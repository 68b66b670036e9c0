// One step towards the sums of LANE_COUNT vectors in the lanes of one: vectors r and r + d are added, halves crosswise.
#define HALVE(d)                                                              \
  _Pragma("clang loop unroll(full)") for (int r = 0; r < d; r++)              \
    rows[r] = __builtin_shufflevector(rows[r], rows[r + d], LANES(LOW_##d)) + \
              __builtin_shufflevector(rows[r], rows[r + d], LANES(HIGH_##d));

// The sums of LANE_COUNT vectors, in the order of the vectors.
INLINE vector NAME(sums_of_vectors)(vector *rows) {
  ACROSS_LANES(HALVE)
  return rows[0];
}

// The sums of LANE_COUNT lines behind one another, which can be read a vector beyond their end; of products where y is given.
INLINE vector NAME(sums_of_lines)(const element *x, const element *y, ptrdiff_t count) {
  vector rows[LANE_COUNT];
  if (count <= LANE_COUNT) {
    _Pragma("clang loop unroll(full)") for (int line = 0; line < LANE_COUNT; line++) {
      vector v = LOAD(x + line * count);
      if (y) v *= LOAD(y + line * count);
      rows[line] = NAME(first_lanes)(v, count, 0);
    }
  } else {
    ptrdiff_t whole = count / LANE_COUNT * LANE_COUNT;
    for (int line = 0; line < LANE_COUNT; line++) {
      const element *start = x + line * count, *other = y ? y + line * count : NULL;
      vector v = LOAD(start + whole);
      if (y) v *= LOAD(other + whole);
      vector sum = NAME(first_lanes)(v, count - whole, 0);
      for (ptrdiff_t i = 0; i < whole; i += LANE_COUNT) {
        if (y) sum = FMA(LOAD(start + i), LOAD(other + i), sum);
        else sum += LOAD(start + i);
      }
      rows[line] = sum;
    }
  }
  return NAME(sums_of_vectors)(rows);
}

// The sums of LANE_COUNT lines of positive terms, to half a unit in the last place.
#if IS_FLOAT
// No longer than a vector: two additions in float, the others in double.
INLINE NAME(exact_sum) NAME(exact_sums_of_short_lines)(const element *x, ptrdiff_t count) {
  vector rows[LANE_COUNT];
  wide_vector wide[4];
  _Pragma("clang loop unroll(full)") for (int line = 0; line < LANE_COUNT; line++)
    rows[line] = NAME(first_lanes)(LOAD(x + line * count), count, 0);
#define HALVE_TO_FOUR(d) if (d >= 4) HALVE(d)
  ACROSS_LANES(HALVE_TO_FOUR)
  for (int r = 0; r < 4; r++) wide[r] = __builtin_convertvector(rows[r], wide_vector);
  {
    wide_vector *rows = wide;
    HALVE(2)
    HALVE(1)
  }
  return wide[0];
}
INLINE NAME(exact_sum) NAME(exact_sums_of_lines)(const element *x, ptrdiff_t count) {
  if (count <= LANE_COUNT) return NAME(exact_sums_of_short_lines)(x, count);
  ptrdiff_t whole = count / LANE_COUNT * LANE_COUNT;
  wide_vector rows[LANE_COUNT];
  for (int line = 0; line < LANE_COUNT; line++) {
    const element *start = x + line * count;
    wide_vector sum = __builtin_convertvector(NAME(first_lanes)(LOAD(start + whole), count - whole, 0), wide_vector);
    ptrdiff_t i = 0;
    for (; i + 4 * LANE_COUNT <= whole; i += 4 * LANE_COUNT)
      NAME(add_terms)(&sum, LOAD(start + i), LOAD(start + i + LANE_COUNT), LOAD(start + i + 2 * LANE_COUNT),
                      LOAD(start + i + 3 * LANE_COUNT));
    for (; i < whole; i += LANE_COUNT) NAME(add_term)(&sum, LOAD(start + i));
    rows[line] = sum;
  }
  ACROSS_LANES(HALVE)
  return rows[0];
}
#else
// One step as above, of which no more than the last rounding is lost.
#define HALVE_EXACTLY(d)                                                                          \
  _Pragma("clang loop unroll(full)") for (int r = 0; r < d; r++) {                                \
    vector more = __builtin_shufflevector(low[r], low[r + d], LANES(LOW_##d)) +                   \
             __builtin_shufflevector(low[r], low[r + d], LANES(HIGH_##d));                        \
    vector a = __builtin_shufflevector(rows[r], rows[r + d], LANES(LOW_##d));                     \
    NAME(add_exactly)(&a, &more, __builtin_shufflevector(rows[r], rows[r + d], LANES(HIGH_##d))); \
    rows[r] = a;                                                                                  \
    low[r] = more;                                                                                \
  }
INLINE NAME(exact_sum) NAME(exact_sums_of_lines)(const element *x, ptrdiff_t count) {
  ptrdiff_t whole = count / LANE_COUNT * LANE_COUNT;
  vector rows[LANE_COUNT], low[LANE_COUNT];
  for (int line = 0; line < LANE_COUNT; line++) {
    const element *start = x + line * count;
    rows[line] = NAME(first_lanes)(LOAD(start + whole), count - whole, 0);
    low[line] = (vector){};
    for (ptrdiff_t i = 0; i < whole; i += LANE_COUNT) NAME(add_exactly)(&rows[line], &low[line], LOAD(start + i));
  }
  ACROSS_LANES(HALVE_EXACTLY)
  return (NAME(exact_sum)){rows[0], low[0]};
}
#endif

// 1 / the sums of LANE_COUNT lines of positive terms; false where a sum is not in a window's range.
INLINE _Bool NAME(factors_of_lines)(const element *x, ptrdiff_t count, vector *factors) {
  NAME(exact_sum) sums = NAME(exact_sums_of_lines)(x, count);
  vector sum = NAME(rounded_sum)(sums);
  *factors = NAME(inverse_of_sum)(sums);
  const element tiniest = IS_FLOAT ? 0x1p30 : 0x1p90, largest = IS_FLOAT ? 0x1p120 : 0x1p900;
  return !RARE(~((sum > tiniest) & (sum < largest)));
}
