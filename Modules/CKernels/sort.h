// Sorting. Short lines go through sorting networks, whose steps do not depend on the data; longer ones are cut into
// blocks that networks sort and vectors merge. Floating point is sorted as integers that have the same order.

#if LANE_COUNT == LANE_COUNT_1  // The one-byte types are counted.

static void NAME(line_sort)(void *result, const void *input, ptrdiff_t count) {
  const T *values = input;
  ptrdiff_t counts[LARGEST_VALUE + 1] = {};
  for (ptrdiff_t i = 0; i < count; i++) counts[values[i]]++;
  char *next = result;
  for (int value = 0; value <= LARGEST_VALUE; next += counts[value++]) memset(next, value, (size_t)counts[value]);
}

static void NAME(line_argument_sort)(void *result, const void *input, ptrdiff_t count) {
  const T *values = input;
  int64_t *indices = result;
  ptrdiff_t counts[LARGEST_VALUE + 2] = {}, *starts = counts;
  for (ptrdiff_t i = 0; i < count; i++) counts[values[i] + 1]++;
  for (int value = 0; value < LARGEST_VALUE; value++) starts[value + 1] += starts[value];
  for (ptrdiff_t i = 0; i < count; i++) indices[starts[values[i]]++] = i;
}

#else

#define GROUP (BYTES == 64 ? 16 : 8)  // the most rows that are sorted in registers
#define BLOCK (16384 / (ptrdiff_t)sizeof(T))
#define LARGEST_KEY ((LANE)(~(UNSIGNED)0 >> 1))
#define SMALLER(x, y) __builtin_elementwise_min((ptrdiff_t)(x), (ptrdiff_t)(y))
#define EACH _Pragma("clang loop unroll(full)") for
#define KEY NAME(key)
#define KEYS(pointer) (*(NAME(unaligned_keys) *)(pointer))
typedef LANE KEY __attribute__((may_alias));
typedef LANE NAME(unaligned_keys) __attribute__((vector_size(BYTES), aligned(sizeof(LANE)), may_alias));

#if IS_REAL  // The part that sees only keys, once for each width of them.


INLINE void exchange(M *low, M *high) {
  M x = *low, y = *high;
  *low = __builtin_elementwise_min(x, y);
  *high = __builtin_elementwise_max(x, y);
}

// Steps are written out with a FOR over the powers of two, because the compiler unrolls nested loops only in part.
#define FOR_FALLING(d, limit, step) \
  { enum { d = 8 }; if (d < limit) step }  \
  { enum { d = 4 }; if (d < limit) step }  \
  { enum { d = 2 }; if (d < limit) step }  \
  { enum { d = 1 }; if (d < limit) step }
#define FOR_RISING(d, limit, step) \
  { enum { d = 1 }; if (d < limit) step }  \
  { enum { d = 2 }; if (d < limit) step }  \
  { enum { d = 4 }; if (d < limit) step }  \
  { enum { d = 8 }; if (d < limit) step }

// Batcher's odd-even merge of every column's runs of `half` rows.
INLINE void merge_columns(M *v, int rows, int half) {
  FOR_FALLING(d, 2 * half,
    EACH(int r = 0; r < rows - d; r++)
      if (r >= d % half && (r - d % half) % (2 * d) < d && r / (2 * half) == (r + d) / (2 * half))
        exchange(v + r, v + r + d);)
}
INLINE void sort_columns(M *v, int rows) { FOR_RISING(half, rows, merge_columns(v, rows, half);) }

// Sorts every column that is bitonic: rising and then falling, or a rotation of that.
INLINE void settle_columns(M *v, int rows) {
  FOR_FALLING(d, rows,
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
INLINE M flip(M v, int bits) {
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
INLINE M meet(M x, M y, int bit) {
  M low = __builtin_elementwise_min(x, y), high = __builtin_elementwise_max(x, y);
  switch (bit) { PICK(1) PICK(2) PICK(4) PICK(8) }
  return low;
}

// Sorts every bitonic run of `lanes` lanes.
INLINE M settle_lanes(M x, int lanes) {
  FOR_FALLING(bit, lanes, x = meet(x, flip(x, bit), bit);)
  return x;
}

// Columns that are sorted in runs of `lanes` columns: merges neighbouring runs, but for sorting the bitonic columns.
INLINE void merge_lanes(M *v, M *mirrored, int lanes) {
  M x = *v, y = *mirrored;
  *v = settle_lanes(meet(x, flip(y, 2 * lanes - 1), lanes), lanes);
  *mirrored = settle_lanes(meet(y, flip(x, 2 * lanes - 1), lanes), lanes);
}

// Sorts `rows` rows into the order of columns: lane 0 of every row, lane 1 of every row, …
INLINE void sort_registers(M *v, int rows) {
  sort_columns(v, rows);
  FOR_RISING(lanes, W, {
    EACH(int r = 0; r < (rows + 1) / 2; r++) merge_lanes(v + r, v + rows - 1 - r, lanes);
    settle_columns(v, rows);
  })
}

#define ZIPPED_LOW(i) ((i) / 2 + ((i) & 1) * LANE_COUNT)
#define ZIPPED_HIGH(i) (((i) + LANE_COUNT) / 2 + ((i) & 1) * LANE_COUNT)
// Rotates the bits of every element's position by one.
INLINE void zip_halves(M *v, int rows) {
  M zipped[GROUP];
  EACH(int r = 0; r < rows; r++)
    zipped[r] = r & 1 ? __builtin_shufflevector(v[r / 2], v[(r + rows) / 2], LANES(ZIPPED_HIGH))
                      : __builtin_shufflevector(v[r / 2], v[(r + rows) / 2], LANES(ZIPPED_LOW));
  EACH(int r = 0; r < rows; r++) v[r] = zipped[r];
}
// From the order of columns to that of rows.
INLINE void zip_rows(M *v, int rows) { FOR_RISING(pass, rows, zip_halves(v, rows);) }

// The same steps on more rows than there are registers, a power of two.
INLINE void settle_rows(M *v, ptrdiff_t rows, ptrdiff_t width) {
  for (ptrdiff_t d = width / 2; d >= GROUP; d /= 2)
    for (ptrdiff_t first = 0; first < rows; first += 2 * d)
      for (ptrdiff_t r = first; r < first + d; r++) exchange(v + r, v + r + d);
  for (ptrdiff_t r = 0; r < rows; r += GROUP) settle_columns(v + r, GROUP);
}

INLINE void sort_rows(M *v, ptrdiff_t rows) {
  for (ptrdiff_t r = 0; r < rows; r += GROUP) sort_columns(v + r, GROUP);
  for (ptrdiff_t width = 2 * GROUP; width <= rows; width *= 2) {
    for (ptrdiff_t first = 0; first < rows; first += width)
      for (ptrdiff_t r = 0; r < width / 2; r++) exchange(v + first + r, v + first + width - 1 - r);
    settle_rows(v, rows, width / 2);
  }
  FOR_RISING(lanes, W, {
    for (ptrdiff_t r = 0; r < rows / 2; r++) merge_lanes(v + r, v + rows - 1 - r, lanes);
    settle_rows(v, rows, rows);
  })
}

#define ONCE static __attribute__((overloadable)) void

ONCE sort_block(KEY *result, const KEY *keys, ptrdiff_t count) {
  M v[BLOCK / W], sorted[BLOCK / W];
  ptrdiff_t rows = GROUP, last = count / W;
  while (rows * W < count) rows *= 2;
  for (ptrdiff_t r = 0; r < last; r++) v[r] = KEYS(keys + r * W);
  for (ptrdiff_t r = last; r < rows; r++) v[r] = (M){} + LARGEST_KEY;
  memcpy(v + last, keys + last * W, (size_t)(count - last * W) * sizeof(KEY));
  sort_rows(v, rows);
  char *target = count == rows * W ? (char *)result : (char *)sorted;
  NAME(transpose)(target, rows * (ptrdiff_t)sizeof(KEY), (char *)v, BYTES, W, rows);
  if (count < rows * W) memcpy(result, sorted, (size_t)count * sizeof(KEY));
}

// Takes the next vector from the run whose head is smaller: what leaves is then smaller than all that is to come.
ONCE merge_runs(KEY *result, const KEY *a, const KEY *a_end, const KEY *b, const KEY *b_end) {
  M held = KEYS(a);
  a += W;
  while (a < a_end || b < b_end) {
    _Bool left = b == b_end || (a < a_end && *a <= *b);
    M taken = flip(KEYS(left ? a : b), W - 1);
    a += left ? W : 0;
    b += left ? 0 : W;
    M low = held;
    exchange(&low, &taken);
    KEYS(result) = settle_lanes(low, W);
    held = settle_lanes(taken, W);
    result += W;
  }
  KEYS(result) = held;
}

// Moves fewer than a vector's sorted keys into the sorted ones before them.
ONCE insert_keys(KEY *keys, ptrdiff_t count, const KEY *added, ptrdiff_t added_count) {
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

ONCE sort_keys(KEY *keys, ptrdiff_t count) {
  if (count <= BLOCK) return sort_block(keys, keys, count);
  ptrdiff_t whole = count / W * W, bytes = count * (ptrdiff_t)sizeof(KEY);
  KEY *scratch = ck_allocate((size_t)bytes), *from = keys, *to = scratch;
  if (!scratch) __builtin_trap();
#define SWAP { KEY *other = from; from = to; to = other; }
  for (ptrdiff_t run = BLOCK; run < whole; run *= 2) SWAP  // so that the last merge ends in `keys`
  for (ptrdiff_t i = 0; i < whole; i += BLOCK) sort_block(from + i, keys + i, SMALLER(BLOCK, whole - i));
  for (ptrdiff_t run = BLOCK; run < whole; run *= 2) {
    for (ptrdiff_t start = 0; start < whole; start += 2 * run) {
      ptrdiff_t middle = SMALLER(start + run, whole), end = SMALLER(middle + run, whole);
      merge_runs(to + start, from + start, from + middle, from + middle, from + end);
    }
    SWAP
  }
  sort_block(scratch, keys + whole, count - whole);
  insert_keys(keys, whole, scratch, count - whole);
  ck_free(scratch, (size_t)bytes);
}
#undef SWAP
#endif

#if IS_REAL
#define LAST_VALUE NAN
// Negative numbers have their magnitude's bits turned over; which is its own inverse.
INLINE M NAME(reordered)(M bits) { return bits ^ ((bits >> (8 * (int)sizeof(T) - 1)) & LARGEST_KEY); }
INLINE M NAME(keys_of)(V x) { return NAME(reordered)((M)SELECT(x != x, K(NAN), x)); }
INLINE V NAME(values_of)(M keys) { return (V)NAME(reordered)(keys); }
#else
#define LAST_VALUE LARGEST_VALUE
INLINE M NAME(keys_of)(V x) { return x; }
INLINE V NAME(values_of)(M keys) { return keys; }
#endif

INLINE void NAME(sort_few)(T *result, const T *values, ptrdiff_t count, int rows) {
  V padded[GROUP];
  M v[GROUP];
  if (count < rows * W) {
    EACH(int r = 0; r < rows; r++) padded[r] = K(LAST_VALUE);
    memcpy(padded, values, (size_t)count * sizeof(T));
    values = (T *)padded;
  }
  EACH(int r = 0; r < rows; r++) v[r] = NAME(keys_of)(LOAD(values + r * W));
  sort_registers(v, rows);
  zip_rows(v, rows);
  T *target = count < rows * W ? (T *)padded : result;
  EACH(int r = 0; r < rows; r++) STORE(target + r * W, NAME(values_of)(v[r]));
  if (count < rows * W) memcpy(result, padded, (size_t)count * sizeof(T));
}

INLINE V NAME(at_most_a_vector)(const T *values, ptrdiff_t count) {
  if (count >= W) return LOAD(values);
  V x = K(values[0]);
  memcpy(&x, values, (size_t)count * sizeof(T));
  return x;
}
INLINE void NAME(put_at_most_a_vector)(T *result, V x, ptrdiff_t count) {
  if (count >= W) STORE(result, x);
  else memcpy(result, &x, (size_t)count * sizeof(T));
}

// Ascending; NaN comes last, and -0.0 before 0.0.
static void NAME(line_sort)(void *result, const void *input, ptrdiff_t count) {
  const T *values = input;
  T *sorted = result;
#define FEW(rows) \
  if (rows <= GROUP && count <= rows * W) return NAME(sort_few)(sorted, values, count, rows <= GROUP ? rows : GROUP);
  FEW(1) FEW(2) FEW(4) FEW(8) FEW(16)
#undef FEW
  for (ptrdiff_t i = 0; i < count; i += W) {
    V x = NAME(at_most_a_vector)(values + i, count - i);
    NAME(put_at_most_a_vector)(sorted + i, (V)NAME(keys_of)(x), count - i);
  }
  sort_keys((KEY *)result, count);
  for (ptrdiff_t i = 0; IS_REAL && i < count; i += W) {
    V x = NAME(at_most_a_vector)(sorted + i, count - i);
    NAME(put_at_most_a_vector)(sorted + i, NAME(values_of)((M)x), count - i);
  }
}

#define IN_FRONT(x, y) (x < y || (y != y && x == x))
// Stable merge sort of indices, which takes care of what the keys cut to fewer bits leave undecided.
static void NAME(sort_indices)(int64_t *indices, int64_t *scratch, ptrdiff_t count, const T *values) {
  if (count < 2) return;
  ptrdiff_t half = count / 2, a = 0, b = half, i = 0;
  NAME(sort_indices)(indices, scratch, half, values);
  NAME(sort_indices)(indices + half, scratch, count - half, values);
  memcpy(scratch, indices, (size_t)half * sizeof(int64_t));
  while (a < half && b < count) {
    T x = values[scratch[a]], y = values[indices[b]];
    indices[i++] = IN_FRONT(y, x) ? indices[b++] : scratch[a++];
  }
  memcpy(indices + i, scratch + a, (size_t)(half - a) * sizeof(int64_t));
}

// Takes the sorted keys away from above the indices, and sorts the indices of equal keys by their values.
static void NAME(order_short_keys)(int64_t *indices, ptrdiff_t count, const T *values, int index_bits) {
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
#undef IN_FRONT

static void line_sort_int64(void *, const void *, ptrdiff_t);

// Sorts integers of a key, less the smallest key, and below it the index. Where both together are too long the key is
// cut short, and the indices that then have the same key are put in order afterwards. Stable.
static void NAME(line_argument_sort)(void *result, const void *input, ptrdiff_t count) {
  typedef uint64_t wide __attribute__((vector_size(BYTES / sizeof(T) * 8), aligned(8), may_alias));
  const T *values = input;
  int64_t *indices = result;
  if (count <= 0) return;
#define KEYS_AT(i) NAME(keys_of)(NAME(at_most_a_vector)(values + i, count - i) + K(0))  // -0.0 + 0 is 0.0
  M low = (M){} + LARGEST_KEY, high = ~low;
  for (ptrdiff_t i = 0; i < count; i += W) {
    M keys = KEYS_AT(i);
    low = __builtin_elementwise_min(low, keys);
    high = __builtin_elementwise_max(high, keys);
  }
  UNSIGNED smallest = (UNSIGNED)__builtin_reduce_min(low), range = (UNSIGNED)__builtin_reduce_max(high) - smallest;
  int index_bits = 64 - __builtin_clzll((uint64_t)count), key_bits = range ? 64 - __builtin_clzll(range) : 0;
  int cut = index_bits + key_bits > 63 ? index_bits + key_bits - 63 : 0;
#define ITSELF(i) (i)
  for (ptrdiff_t i = 0; i < count; i += W) {
    wide keys = __builtin_convertvector((NAME(magnitudes))KEYS_AT(i) - smallest, wide);
    wide packed = (keys >> cut) << index_bits | ((wide){LANES(ITSELF)} + (uint64_t)i);
    if (i + W <= count) *(wide *)(indices + i) = packed;
    else memcpy(indices + i, &packed, (size_t)(count - i) * sizeof(int64_t));
  }
#undef KEYS_AT
  line_sort_int64(indices, indices, count);
  if (cut) return NAME(order_short_keys)(indices, count, values, index_bits);
  for (ptrdiff_t i = 0; i < count; i++) indices[i] &= ((int64_t)1 << index_bits) - 1;
}

#undef LAST_VALUE
#undef EACH
#undef KEY
#undef KEYS
#endif
