// Searching, selecting and counting over contiguous memory, one element type after another: memory and comparisons that
// cannot be foreseen set the pace here, not vectors.
#include "../core/table.h"

// Integers in the order of the elements: NaN above everything, -0 and 0 alike. A key turned over reverses the order.
static inline int32_t key_float32(float x) {
  if (x != x) return INT32_MAX;
  int32_t bits;
  x += 0.0f;
  memcpy(&bits, &x, sizeof bits);
  return bits ^ ((bits >> 31) & INT32_MAX);
}
static inline int64_t key_float64(double x) {
  if (x != x) return INT64_MAX;
  int64_t bits;
  x += 0.0;
  memcpy(&bits, &x, sizeof bits);
  return bits ^ ((bits >> 63) & INT64_MAX);
}
static inline int32_t key_int32(int32_t x) { return x; }
static inline int64_t key_int64(int64_t x) { return x; }
static inline int32_t key_uint8(uint8_t x) { return x; }

enum { CHUNK = 64 };

#define FOR_TYPE(suffix, type, key_type)                                                                               \
  /* The number of elements that are smaller (from the right: not larger) than each value. */                          \
  static void search_##suffix(const type *sorted, ptrdiff_t count, const type *values, ptrdiff_t value_count, \
                              bool right, \
                              int64_t *result) {                                                                       \
    for (ptrdiff_t i = 0; i < value_count; i++) {                                                                      \
      key_type key = key_##suffix(values[i]);                                                                          \
      ptrdiff_t first = 0;                                                                                             \
      for (ptrdiff_t left = count; left > 0;) {                                                                        \
        ptrdiff_t half = left / 2;                                                                                     \
        key_type middle = key_##suffix(sorted[first + half]);                                                          \
        bool above = right ? middle <= key : middle < key;                                                             \
        first = above ? first + half + 1 : first;                                                                      \
        left = above ? left - half - 1 : half;                                                                         \
      }                                                                                                                \
      result[i] = first;                                                                                               \
    }                                                                                                                  \
  }                                                                                                                    \
  static ptrdiff_t unique_##suffix(const type *x, const int64_t *order, ptrdiff_t count, type *values,                 \
                                   int64_t *inverse, int64_t *counts) {                                                \
    ptrdiff_t found = 0;                                                                                               \
    for (ptrdiff_t i = 0; i < count; i++) {                                                                            \
      type value = x[order[i]];                                                                                        \
      if (found == 0 || key_##suffix(value) != key_##suffix(values[found - 1])) {                                      \
        values[found] = value;                                                                                         \
        counts[found++] = 0;                                                                                           \
      }                                                                                                                \
      counts[found - 1]++;                                                                                             \
      inverse[order[i]] = found - 1;                                                                                   \
    }                                                                                                                  \
    return found;                                                                                                      \
  }                                                                                                                    \
  /* Moves the entry at `place` of a heap down; its root is the entry to be given up first. */                         \
  static void sink_##suffix(key_type *keys, int64_t *indices, ptrdiff_t count, ptrdiff_t place) {                      \
    key_type key = keys[place];                                                                                        \
    int64_t index = indices[place];                                                                                    \
    while (1) {                                                                                                        \
      ptrdiff_t child = 2 * place + 1;                                                                                 \
      if (child >= count) break;                                                                                       \
      if (child + 1 < count && (keys[child + 1] < keys[child] ||                                                       \
                                (keys[child + 1] == keys[child] && indices[child + 1] > indices[child])))              \
        child++;                                                                                                       \
      if (keys[child] > key || (keys[child] == key && indices[child] < index)) break;                                  \
      keys[place] = keys[child];                                                                                       \
      indices[place] = indices[child];                                                                                 \
      place = child;                                                                                                   \
    }                                                                                                                  \
    keys[place] = key;                                                                                                 \
    indices[place] = index;                                                                                            \
  }                                                                                                                    \
  static void top_##suffix(const type *x, ptrdiff_t length, ptrdiff_t count, bool largest, int64_t *indices,           \
                           void *scratch) {                                                                            \
    key_type *keys = scratch, turn = largest ? 0 : ~(key_type)0;                                                       \
    if (count == 0) return;                                                                                            \
    for (ptrdiff_t i = 0; i < count; i++) {                                                                            \
      keys[i] = key_##suffix(x[i]) ^ turn;                                                                             \
      indices[i] = i;                                                                                                  \
    }                                                                                                                  \
    for (ptrdiff_t place = count / 2; place-- > 0;) sink_##suffix(keys, indices, count, place);                        \
    for (ptrdiff_t start = count; start < length; start += CHUNK) {                                                    \
      ptrdiff_t end = start + CHUNK < length ? start + CHUNK : length;                                                 \
      key_type best = sizeof(key_type) == 8 ? (key_type)INT64_MIN : (key_type)INT32_MIN;                               \
      for (ptrdiff_t i = start; i < end; i++) {                                                                        \
        key_type key = key_##suffix(x[i]) ^ turn;                                                                      \
        best = key > best ? key : best;                                                                                \
      }                                                                                                                \
      if (best <= keys[0]) continue;                                                                                   \
      for (ptrdiff_t i = start; i < end; i++) {                                                                        \
        key_type key = key_##suffix(x[i]) ^ turn;                                                                      \
        if (key <= keys[0]) continue;                                                                                  \
        keys[0] = key;                                                                                                 \
        indices[0] = i;                                                                                                \
        sink_##suffix(keys, indices, count, 0);                                                                        \
      }                                                                                                                \
    }                                                                                                                  \
    for (ptrdiff_t last = count - 1; last > 0; last--) {                                                               \
      key_type key = keys[0];                                                                                          \
      int64_t index = indices[0];                                                                                      \
      keys[0] = keys[last];                                                                                            \
      indices[0] = indices[last];                                                                                      \
      keys[last] = key;                                                                                                \
      indices[last] = index;                                                                                           \
      sink_##suffix(keys, indices, last, 0);                                                                           \
    }                                                                                                                  \
  }
FOR_TYPE(float32, float, int32_t)
FOR_TYPE(float64, double, int64_t)
FOR_TYPE(int32, int32_t, int32_t)
FOR_TYPE(int64, int64_t, int64_t)
FOR_TYPE(uint8, uint8_t, int32_t)

#define FOR_EACH_TYPE(call)                                                                                            \
  switch (type) {                                                                                                      \
    case ck_float32: call(float32, float)                                                                              \
    case ck_float64: call(float64, double)                                                                             \
    case ck_int32: call(int32, int32_t)                                                                                \
    case ck_int64: call(int64, int64_t)                                                                                \
    default: call(uint8, uint8_t)                                                                                      \
  }

void ck_search_sorted(ck_type type, const void *sorted, ptrdiff_t count, const void *values, ptrdiff_t value_count,
                      bool right, int64_t *result) {
#define SEARCH(suffix, type) return search_##suffix(sorted, count, values, value_count, right, result);
  FOR_EACH_TYPE(SEARCH)
}

ptrdiff_t ck_unique(ck_type type, const void *x, const int64_t *order, ptrdiff_t count, void *values, int64_t *inverse,
                    int64_t *counts) {
#define UNIQUE(suffix, type) return unique_##suffix(x, order, count, values, inverse, counts);
  FOR_EACH_TYPE(UNIQUE)
}

void ck_top(ck_type type, const void *x, ptrdiff_t lines, ptrdiff_t length, ptrdiff_t count, bool largest,
            int64_t *indices) {
  void *scratch = ck_allocate((size_t)count * 8);
  if (!scratch) __builtin_trap();
#define TOP(suffix, type)                                                                                              \
  for (ptrdiff_t i = 0; i < lines; i++)                                                                                \
    top_##suffix((const type *)x + i * length, length, count, largest, indices + i * count, scratch);                  \
  break;
  FOR_EACH_TYPE(TOP)
  ck_free(scratch, (size_t)count * 8);
}

void ck_take_along(ck_type type, const void *x, ptrdiff_t lines, ptrdiff_t length, const int64_t *indices,
                   ptrdiff_t count, void *result) {
#define TAKE(suffix, type)                                                                                             \
  for (ptrdiff_t i = 0; i < lines; i++)                                                                                \
    for (ptrdiff_t j = 0; j < count; j++)                                                                              \
      ((type *)result)[i * count + j] = ((const type *)x)[i * length + indices[i * count + j]];                        \
  break;
  FOR_EACH_TYPE(TAKE)
}

ptrdiff_t ck_count_integers(const int64_t *x, ptrdiff_t count, int64_t *counts, int64_t bins) {
  for (ptrdiff_t i = 0; i < count; i++) {
    if (x[i] < 0 || x[i] >= bins) return i;
    counts[x[i]]++;
  }
  return count;
}

#define WITHIN(name, type)                                                                                 \
  static bool name(const type *x, ptrdiff_t count, type low, type high) {                                  \
    int outside = 0;                                                                                       \
    for (ptrdiff_t i = 0; i < count; i++) outside |= !(x[i] >= low) | !(x[i] <= high);                     \
    return !outside;                                                                                       \
  }
WITHIN(within_float32, float)
WITHIN(within_float64, double)

bool ck_lie_within(ck_type type, const void *x, ptrdiff_t count, double low, double high) {
  return type == ck_float32 ? within_float32(x, count, (float)low, (float)high) : within_float64(x, count, low, high);
}

// A bin is guessed from the equal distances and put right by the edges.
#define HISTOGRAM(name, type)                                                                              \
  static void name(const type *x, ptrdiff_t count, const type *edges, ptrdiff_t bins, int64_t *counts) {  \
    double low = edges[0], high = edges[bins], half_width = high / 2 - low / 2;                            \
    for (ptrdiff_t i = 0; i < count; i++) {                                                                \
      if (!(x[i] >= edges[0] && x[i] <= edges[bins])) continue;                                            \
      double guess = ((double)x[i] / 2 - low / 2) / half_width * (double)bins;                             \
      ptrdiff_t bin = guess >= (double)bins ? bins - 1 : (ptrdiff_t)guess;                                 \
      while (bin > 0 && x[i] < edges[bin]) bin--;                                                          \
      while (bin < bins - 1 && x[i] >= edges[bin + 1]) bin++;                                              \
      counts[bin]++;                                                                                       \
    }                                                                                                      \
  }
HISTOGRAM(histogram_float32, float)
HISTOGRAM(histogram_float64, double)

void ck_histogram(ck_type type, const void *x, ptrdiff_t count, const void *edges, ptrdiff_t bins, int64_t *counts) {
  if (type == ck_float32) histogram_float32(x, count, edges, bins, counts);
  else histogram_float64(x, count, edges, bins, counts);
}
