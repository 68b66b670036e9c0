// Sorting. Short lines go through sorting networks, whose steps do not depend on the data; longer ones are cut into
// blocks that networks sort and vectors merge. Floating point is sorted as integers that have the same order.

#if LANE_COUNT == LANE_COUNT_1  // The one-byte types are counted.

static void NAME(line_sort)(void *result, const void *input, ptrdiff_t count) {
  const element *values = input;
  ptrdiff_t counts[LARGEST_VALUE + 1] = {};
  for (ptrdiff_t i = 0; i < count; i++) counts[values[i]]++;
  char *next = result;
  for (int value = 0; value <= LARGEST_VALUE; next += counts[value++])
    if (counts[value]) memset(next, value, (size_t)counts[value]);
}

static void NAME(line_argument_sort)(void *result, const void *input, ptrdiff_t count) {
  const element *values = input;
  int64_t *indices = result;
  ptrdiff_t counts[LARGEST_VALUE + 2] = {}, *starts = counts;
  for (ptrdiff_t i = 0; i < count; i++) counts[values[i] + 1]++;
  for (int value = 0; value < LARGEST_VALUE; value++) starts[value + 1] += starts[value];
  for (ptrdiff_t i = 0; i < count; i++) indices[starts[values[i]]++] = i;
}

#else

// A row is a vector, a column one lane of all rows.
#define GROUP (BYTES == 64 ? 16 : 8)          // rows that fit in registers and leave some free
#define FEW (2 * GROUP)                       // the most rows that one unrolled network sorts
#define BLOCK (32768 / (ptrdiff_t)sizeof(element))  // the most keys that networks sort: they stay in the first cache
#define LARGEST_KEY ((LANE)(~(UNSIGNED)0 >> 1))
#define EACH _Pragma("clang loop unroll(full)") for
#define KEY NAME(key)
#define KEYS(pointer) (*(NAME(unaligned_keys) *)(pointer))
typedef LANE KEY __attribute__((may_alias));
typedef LANE NAME(unaligned_keys) __attribute__((vector_size(BYTES), aligned(sizeof(LANE)), may_alias));

#if IS_REAL  // The part that sees only keys, once for each width of them.

INLINE void exchange(integers *low, integers *high) {
  integers x = *low, y = *high;
  *low = __builtin_elementwise_min(x, y);
  *high = __builtin_elementwise_max(x, y);
}

// Powers of two below a limit, for steps with constants: of nested loops the compiler unrolls only some.
#define WITH(d, power, limit, ...) { enum { d = power }; if (d < limit) __VA_ARGS__ }
#define RISING(d, limit, ...) \
  WITH(d, 1, limit, __VA_ARGS__) WITH(d, 2, limit, __VA_ARGS__) WITH(d, 4, limit, __VA_ARGS__) \
  WITH(d, 8, limit, __VA_ARGS__) WITH(d, 16, limit, __VA_ARGS__)
#define FALLING(d, limit, ...) \
  WITH(d, 16, limit, __VA_ARGS__) WITH(d, 8, limit, __VA_ARGS__) WITH(d, 4, limit, __VA_ARGS__) \
  WITH(d, 2, limit, __VA_ARGS__) WITH(d, 1, limit, __VA_ARGS__)

// Batcher's odd-even merge of every column's runs of `half` rows.
INLINE void merge_columns(integers *v, int rows, int half) {
  FALLING(d, 2 * half,
    EACH(int r = 0; r < rows - d; r++)
      if (r >= d % half && (r - d % half) % (2 * d) < d && r / (2 * half) == (r + d) / (2 * half))
        exchange(v + r, v + r + d);)
}
INLINE void sort_columns(integers *v, int rows) { RISING(half, rows, merge_columns(v, rows, half);) }

// Sorts every column that is bitonic: rising and then falling, or a rotation of that.
INLINE void settle_columns(integers *v, int rows) {
  FALLING(d, rows,
    EACH(int r = 0; r < rows; r++)
      if (!(r & d)) exchange(v + r, v + r + d);)
}

#define FLIPPED(i, bits) (((i) ^ (bits)) & (LANE_COUNT - 1))
#define FLIPPED_1(i) FLIPPED(i, 1)
#define FLIPPED_2(i) FLIPPED(i, 2)
#define FLIPPED_3(i) FLIPPED(i, 3)
#define FLIPPED_4(i) FLIPPED(i, 4)
#define FLIPPED_7(i) FLIPPED(i, 7)
#define FLIPPED_8(i) FLIPPED(i, 8)
#define FLIPPED_15(i) FLIPPED(i, 15)
#define FLIP(bits) case bits: return __builtin_shufflevector(v, v, LANES(FLIPPED_##bits));
// The vector whose lane i is lane i ^ bits of v.
INLINE integers flip(integers v, int bits) {
  switch (bits) { FLIP(1) FLIP(2) FLIP(3) FLIP(4) FLIP(7) FLIP(8) FLIP(15) }
  return v;
}

#define PICKED(i, bit) ((i) & (bit) ? LANE_COUNT + (i) : (i))
#define PICKED_1(i) PICKED(i, 1)
#define PICKED_2(i) PICKED(i, 2)
#define PICKED_4(i) PICKED(i, 4)
#define PICKED_8(i) PICKED(i, 8)
#define PICK(bit) case bit: return __builtin_shufflevector(low, high, LANES(PICKED_##bit));
// Lane by lane the smaller one, or the larger one where the lane's number has the bit.
INLINE integers meet(integers x, integers y, int bit) {
  integers low = __builtin_elementwise_min(x, y), high = __builtin_elementwise_max(x, y);
  switch (bit) { PICK(1) PICK(2) PICK(4) PICK(8) }
  return low;
}

// Sorts every bitonic run of `lanes` lanes.
INLINE integers settle_lanes(integers x, int lanes) {
  FALLING(bit, lanes, x = meet(x, flip(x, bit), bit);)
  return x;
}

// One row and its mirror image, of columns that are sorted in runs of `lanes`: merges two runs each into one, after
// which every column is bitonic and no larger than the next.
INLINE void merge_lanes(integers *v, integers *mirrored, int lanes) {
  integers x = *v, y = *mirrored;
  *v = settle_lanes(meet(x, flip(y, 2 * lanes - 1), lanes), lanes);
  *mirrored = settle_lanes(meet(y, flip(x, 2 * lanes - 1), lanes), lanes);
}

// Sorts into the order of columns: lane 0 of every row, then lane 1 of every row, … Most steps are between rows then,
// and need no shuffle.
INLINE void sort_registers(integers *v, int rows) {
  sort_columns(v, rows);
  RISING(lanes, LANE_COUNT, {
    EACH(int r = 0; r < (rows + 1) / 2; r++) merge_lanes(v + r, v + rows - 1 - r, lanes);
    settle_columns(v, rows);
  })
}

#define ZIPPED_LOW(i) ((i) / 2 + ((i) & 1) * LANE_COUNT)
#define ZIPPED_HIGH(i) (((i) + LANE_COUNT) / 2 + ((i) & 1) * LANE_COUNT)
// Rotates the bits of every element's position by one.
INLINE void zip_halves(integers *v, int rows) {
  integers zipped[FEW];
  EACH(int r = 0; r < rows; r++)
    zipped[r] = r & 1 ? __builtin_shufflevector(v[r / 2], v[(r + rows) / 2], LANES(ZIPPED_HIGH))
                      : __builtin_shufflevector(v[r / 2], v[(r + rows) / 2], LANES(ZIPPED_LOW));
  EACH(int r = 0; r < rows; r++) v[r] = zipped[r];
}

// From the order of columns to that of rows.
INLINE void zip_rows(integers *v, int rows) { RISING(pass, rows, zip_halves(v, rows);) }

// Rows in memory, `stride` apart, go through a step in registers.
#define IN_REGISTERS(rows, stride, step, v)                        \
  {                                                                \
    integers *memory = v, copy[GROUP];                             \
    EACH(int k = 0; k < rows; k++) copy[k] = memory[k * (stride)]; \
    step(copy, rows);                                              \
    EACH(int k = 0; k < rows; k++) memory[k * (stride)] = copy[k]; \
  }

// The same steps on a power of two of rows in memory, which is what takes the time: it is passed through as seldom as
// possible. `width`: rows that are sorted together.
INLINE void settle_rows(integers *v, ptrdiff_t rows, ptrdiff_t width) {
  for (; width >= 4 * GROUP; width /= 4)
    for (ptrdiff_t first = 0, d = width / 4; first < rows; first += width)
      for (ptrdiff_t r = first; r < first + d; r++) IN_REGISTERS(4, d, settle_columns, v + r)
  for (ptrdiff_t first = 0; width > GROUP && first < rows; first += width)
    for (ptrdiff_t r = first; r < first + GROUP; r++) exchange(v + r, v + r + GROUP);
  for (ptrdiff_t r = 0; r < rows; r += GROUP) IN_REGISTERS(GROUP, 1, settle_columns, v + r)
}

INLINE void sort_rows(integers *v, ptrdiff_t rows) {
  for (ptrdiff_t r = 0; r < rows; r += GROUP) IN_REGISTERS(GROUP, 1, sort_columns, v + r)
  for (ptrdiff_t width = 2 * GROUP; width <= rows; width *= 2) {
    for (ptrdiff_t first = 0; first < rows; first += width)
      for (ptrdiff_t r = 0; r < width / 2; r++) exchange(v + first + r, v + first + width - 1 - r);
    settle_rows(v, rows, width / 2);
  }
  ptrdiff_t half = rows / 2;
  RISING(lanes, LANE_COUNT, {
    for (ptrdiff_t r = 0; r < half / 2; r++) {
      integers four[4] = {v[r], v[half - 1 - r], v[half + r], v[rows - 1 - r]};
      merge_lanes(four, four + 3, lanes);
      merge_lanes(four + 1, four + 2, lanes);
      exchange(four, four + 2);
      exchange(four + 1, four + 3);
      v[r] = four[0], v[half - 1 - r] = four[1], v[half + r] = four[2], v[rows - 1 - r] = four[3];
    }
    settle_rows(v, rows, half);
  })
}

#define OVERLOADED static __attribute__((overloadable)) void

// At most BLOCK keys; the result may be the same memory.
OVERLOADED sort_block(KEY *result, const KEY *keys, ptrdiff_t count) {
  integers v[BLOCK / LANE_COUNT], sorted[BLOCK / LANE_COUNT];
  ptrdiff_t rows = GROUP, last = count / LANE_COUNT;
  while (rows * LANE_COUNT < count) rows *= 2;
  for (ptrdiff_t r = 0; r < last; r++) v[r] = KEYS(keys + r * LANE_COUNT);
  for (ptrdiff_t r = last; r < rows; r++) v[r] = (integers){} + LARGEST_KEY;
  memcpy(v + last, keys + last * LANE_COUNT, (size_t)(count - last * LANE_COUNT) * sizeof(KEY));
  sort_rows(v, rows);
  char *target = count == rows * LANE_COUNT ? (char *)result : (char *)sorted;
  NAME(transpose)(target, rows * (ptrdiff_t)sizeof(KEY), (char *)v, BYTES, LANE_COUNT, rows);
  if (count < rows * LANE_COUNT) memcpy(result, sorted, (size_t)count * sizeof(KEY));
}

// Merges runs of whole vectors. The next one is taken from the run with the smaller head: the smaller half of what is
// held and what was taken then comes before everything else.
OVERLOADED merge_runs(KEY *result, const KEY *a, const KEY *a_end, const KEY *b, const KEY *b_end) {
  integers held = KEYS(a);
  a += LANE_COUNT;
  while (a < a_end || b < b_end) {
    _Bool left = b == b_end || (a < a_end && *a <= *b);
    integers taken = flip(KEYS(left ? a : b), LANE_COUNT - 1);
    a += left ? LANE_COUNT : 0;
    b += left ? 0 : LANE_COUNT;
    integers low = held;
    exchange(&low, &taken);
    KEYS(result) = settle_lanes(low, LANE_COUNT);
    held = settle_lanes(taken, LANE_COUNT);
    result += LANE_COUNT;
  }
  KEYS(result) = held;
}

// Moves fewer than a vector's sorted keys into the sorted ones before them.
OVERLOADED insert_keys(KEY *keys, ptrdiff_t count, const KEY *added, ptrdiff_t added_count) {
  for (ptrdiff_t i = added_count - 1; i >= 0; i--) {
    ptrdiff_t place = 0;
    for (ptrdiff_t end = count; place < end;) {
      ptrdiff_t middle = place + (end - place) / 2;
      if (keys[middle] <= added[i]) place = middle + 1;
      else end = middle;
    }
    memmove(keys + place + i + 1, keys + place, (size_t)(count - place) * sizeof(KEY));
    keys[place + i] = added[i];
    count = place;
  }
}

#define SWAP(x, y) { KEY *other = x; x = y; y = other; }
OVERLOADED sort_keys(KEY *keys, ptrdiff_t count) {
  if (count <= BLOCK) return sort_block(keys, keys, count);
  ptrdiff_t whole = count / LANE_COUNT * LANE_COUNT, bytes = count * (ptrdiff_t)sizeof(KEY);
  KEY *scratch = ck_allocate((size_t)bytes), *from = keys, *to = scratch;
  if (!scratch) __builtin_trap();
  for (ptrdiff_t run = BLOCK; run < whole; run *= 2) SWAP(from, to)  // so that the last merge ends in `keys`
  for (ptrdiff_t i = 0; i < whole; i += BLOCK) sort_block(from + i, keys + i, smaller(BLOCK, whole - i));
  for (ptrdiff_t run = BLOCK; run < whole; run *= 2) {
    for (ptrdiff_t start = 0; start < whole; start += 2 * run) {
      ptrdiff_t middle = smaller(start + run, whole), end = smaller(middle + run, whole);
      merge_runs(to + start, from + start, from + middle, from + middle, from + end);
    }
    SWAP(from, to)
  }
  sort_block(scratch, keys + whole, count - whole);
  insert_keys(keys, whole, scratch, count - whole);
  ck_free(scratch, (size_t)bytes);
}
#endif

#if IS_REAL
#define LAST_VALUE NAN
// Turns over the magnitude's bits of negative numbers; its own inverse.
INLINE integers NAME(reordered)(integers bits) { return bits ^ ((bits >> (8 * (int)sizeof(element) - 1)) & LARGEST_KEY); }
INLINE integers NAME(keys_of)(vector x) { return NAME(reordered)((integers)SELECT(x != x, SPLAT(NAN), x)); }
INLINE vector NAME(values_of)(integers keys) { return (vector)NAME(reordered)(keys); }
#else
#define LAST_VALUE LARGEST_VALUE
INLINE integers NAME(keys_of)(vector x) { return x; }
INLINE vector NAME(values_of)(integers keys) { return keys; }
#endif

// The first of `count` values as a vector; filled up lane by lane, because loading a vector just after storing parts of
// it waits for all of them.
INLINE vector NAME(first_vector)(const element *values, ptrdiff_t count, element filler) {
  if (count >= LANE_COUNT) return LOAD(values);
  vector x = SPLAT(filler);
  EACH(int k = 0; k < LANE_COUNT; k++)
    if (k < count) x[k] = values[k];
  return x;
}
INLINE void NAME(put_first_vector)(element *result, vector x, ptrdiff_t count) {
  if (count >= LANE_COUNT) STORE(result, x);
  else memcpy(result, &x, (size_t)count * sizeof(element));
}

#define ITSELF(i) (i)
// More than half of `rows` rows, all full but the last, which is loaded where the input ends; what it shares with the
// row before it is taken out.
INLINE void NAME(sort_few)(element *result, const element *values, ptrdiff_t count, int rows) {
  vector padded[FEW];
  integers v[FEW];
  if (rows == 1 && count < LANE_COUNT) {
    v[0] = NAME(keys_of)(NAME(first_vector)(values, count, LAST_VALUE));
  } else {
    EACH(int r = 0; r < rows; r++) {
      ptrdiff_t start = r < rows / 2 ? r * LANE_COUNT : smaller(r * LANE_COUNT, count - LANE_COUNT);
      vector x = LOAD(values + start);
      if (r >= rows / 2) x = SELECT((integers){LANES(ITSELF)} < (LANE)(r * LANE_COUNT - start), SPLAT(LAST_VALUE), x);
      v[r] = NAME(keys_of)(x);
    }
  }
  sort_registers(v, rows);
  zip_rows(v, rows);
  ptrdiff_t half = rows / 2, start = half * LANE_COUNT;
  element *rest = count < rows * LANE_COUNT ? (element *)padded : result + start;
  EACH(int r = 0; r < half; r++) STORE(result + r * LANE_COUNT, NAME(values_of)(v[r]));
  EACH(int r = 0; r < rows - half; r++) STORE(rest + r * LANE_COUNT, NAME(values_of)(v[half + r]));
  if (count < rows * LANE_COUNT) memcpy(result + start, padded, (size_t)(count - start) * sizeof(element));
}

// Ascending; NaN comes last, and -0.0 before 0.0.
static void NAME(line_sort)(void *result, const void *input, ptrdiff_t count) {
  const element *values = input;
  element *sorted = result;
#define UP_TO(rows) \
  if (rows <= FEW && count <= rows * LANE_COUNT) return NAME(sort_few)(sorted, values, count, rows <= FEW ? rows : FEW);
  UP_TO(1) UP_TO(2) UP_TO(4) UP_TO(8) UP_TO(16) UP_TO(32)
  for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
    vector x = NAME(first_vector)(values + i, count - i, 0);
    NAME(put_first_vector)(sorted + i, (vector)NAME(keys_of)(x), count - i);
  }
  sort_keys((KEY *)result, count);
  for (ptrdiff_t i = 0; IS_REAL && i < count; i += LANE_COUNT) {
    vector x = NAME(first_vector)(sorted + i, count - i, 0);
    NAME(put_first_vector)(sorted + i, NAME(values_of)((integers)x), count - i);
  }
}

#define IN_FRONT(x, y) (x < y || (y != y && x == x))
// Stable merge sort of indices by their values.
static void NAME(sort_indices)(int64_t *indices, int64_t *scratch, ptrdiff_t count, const element *values) {
  if (count < 2) return;
  ptrdiff_t half = count / 2, a = 0, b = half, i = 0;
  NAME(sort_indices)(indices, scratch, half, values);
  NAME(sort_indices)(indices + half, scratch, count - half, values);
  memcpy(scratch, indices, (size_t)half * sizeof(int64_t));
  while (a < half && b < count) {
    element x = values[scratch[a]], y = values[indices[b]];
    indices[i++] = IN_FRONT(y, x) ? indices[b++] : scratch[a++];
  }
  memcpy(indices + i, scratch + a, (size_t)(half - a) * sizeof(int64_t));
}

// Takes the sorted, shortened keys away from above the indices, and sorts the indices of equal keys by their values.
static void NAME(order_short_keys)(int64_t *indices, ptrdiff_t count, const element *values, int index_bits) {
  int64_t *scratch = NULL;
  size_t bytes = (size_t)(count / 2) * sizeof(int64_t);
  for (ptrdiff_t first = 0, i = 0; first < count; first = i) {
    _Bool sorted = 1;
    int64_t key = indices[first] >> index_bits;
    for (; i < count && indices[i] >> index_bits == key; i++) {
      indices[i] &= ((int64_t)1 << index_bits) - 1;
      sorted &= i == first || !IN_FRONT(values[indices[i]], values[indices[i - 1]]);
    }
    if (sorted) continue;
    if (!scratch && !(scratch = ck_allocate(bytes))) __builtin_trap();
    NAME(sort_indices)(indices + first, scratch, i - first, values);
  }
  if (scratch) ck_free(scratch, bytes);
}

static void line_sort_int64(void *, const void *, ptrdiff_t);

// Sorts integers that hold a key, less the smallest key, and below it the index, which makes the sort stable. Where
// that does not fit the key is cut short, and indices whose keys became equal are put in order afterwards. The result
// must not overlap the input.
static void NAME(line_argument_sort)(void *result, const void *input, ptrdiff_t count) {
  typedef uint64_t wide __attribute__((vector_size(BYTES / sizeof(element) * 8), aligned(8), may_alias));
  const element *values = input;
  int64_t *indices = result;
  if (count <= 0) return;
#define KEYS_AT(i) NAME(keys_of)(NAME(first_vector)(values + i, count - i, values[0]) + SPLAT(0))  // -0.0 + 0 is 0.0
  integers low = (integers){} + LARGEST_KEY, high = ~low;
  for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
    integers keys = KEYS_AT(i);
    low = __builtin_elementwise_min(low, keys);
    high = __builtin_elementwise_max(high, keys);
  }
  UNSIGNED smallest = (UNSIGNED)__builtin_reduce_min(low), range = (UNSIGNED)__builtin_reduce_max(high) - smallest;
  int index_bits = 64 - __builtin_clzll((uint64_t)count), key_bits = range ? 64 - __builtin_clzll(range) : 0;
  int cut = index_bits + key_bits > 63 ? index_bits + key_bits - 63 : 0;
  for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
    wide keys = __builtin_convertvector((NAME(magnitudes))KEYS_AT(i) - smallest, wide);
    wide packed = (keys >> cut) << index_bits | ((wide){LANES(ITSELF)} + (uint64_t)i);
    if (i + LANE_COUNT <= count) *(wide *)(indices + i) = packed;
    else memcpy(indices + i, &packed, (size_t)(count - i) * sizeof(int64_t));
  }
  line_sort_int64(indices, indices, count);
  if (cut) return NAME(order_short_keys)(indices, count, values, index_bits);
  for (ptrdiff_t i = 0; i < count; i++) indices[i] &= ((int64_t)1 << index_bits) - 1;
}

#endif
