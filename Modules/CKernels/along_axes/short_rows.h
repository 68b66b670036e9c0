// Which of LANE_COUNT lines of `count` elements behind one another each element belongs to.
static void NAME(number_lines)(integers *lines, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count * LANE_COUNT; i++) ((LANE *)lines)[i] = (LANE)(i / count);
}

INLINE vector NAME(permuted)(vector x, integers index) {
#if LANE_COUNT == 16 && defined(__x86_64__)
  return __builtin_ia32_permvarsf512(x, index);
#elif LANE_COUNT >= 4 && BYTES >= 32
  return __builtin_shufflevector(x, index);
#else
  vector result;
  for (int lane = 0; lane < LANE_COUNT; lane++) result[lane] = x[index[lane] & (LANE_COUNT - 1)];
  return result;
#endif
}

enum { NAME(NUMBERED) = 2 * LANE_COUNT };  // lines up to this length are scaled vector by vector, longer ones line by line

// What a block does with as many lines behind one another as a vector has lanes; y may be a. The operands can be read a vector
// beyond their end.
typedef void (*NAME(block))(element *y, const element *a, const element *b, ptrdiff_t count, void *context);

// Short lines, as many at a time. Where they lie apart, are fewer or end too near the end of the memory they are copied, so that
// every line meets the same arithmetic.
static void NAME(short_rows)(char *const *data, const ptrdiff_t *strides, ptrdiff_t lines, ptrdiff_t count, int operands,
                             NAME(block) block, void *context) {
  ptrdiff_t width = count * (ptrdiff_t)sizeof(element);
  _Bool packed = 1;
  for (int k = 0; k <= operands; k++) packed &= strides[k] == width;
  for (ptrdiff_t line = 0; line < lines; line += LANE_COUNT) {
    if (packed && (lines - line - LANE_COUNT) * count >= LANE_COUNT) {
      block((element *)(data[0] + line * width), (const element *)(data[1] + line * width),
            operands > 1 ? (const element *)(data[2] + line * width) : NULL, count, context);
      continue;
    }
    _Alignas(64) element padded[2][BLAS_LENGTH * LANE_COUNT + LANE_COUNT];
    ptrdiff_t n = lines - line < LANE_COUNT ? lines - line : LANE_COUNT;
    for (int k = 0; k < operands; k++) {
      for (ptrdiff_t i = 0; i < LANE_COUNT; i++)
        memcpy(padded[k] + i * count, data[k + 1] + (line + (i < n ? i : 0)) * strides[k + 1], (size_t)width);
      STORE(padded[k] + LANE_COUNT * count, (vector){});
    }
    block(padded[0], padded[0], padded[1], count, context);
    for (ptrdiff_t i = 0; i < n; i++) memcpy(data[0] + (line + i) * strides[0], padded[0] + i * count, (size_t)width);
  }
}
