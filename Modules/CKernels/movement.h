// Copies between two-dimensional patterns of one element width. Strides are in bytes.

// Squares of at most 16 rows: more would not stay in registers.
#if LANE_COUNT > 16
#define SQUARE 16
#else
#define SQUARE LANE_COUNT
#endif
typedef T NAME(tile_row) __attribute__((vector_size(SQUARE * sizeof(T))));
typedef T NAME(unaligned_tile_row) __attribute__((vector_size(SQUARE * sizeof(T)), aligned(__alignof__(T)), may_alias));

// result[r][c] = source[c][r]: rows of the result and of the source are contiguous.
static void NAME(transpose)(char *result, ptrdiff_t result_row, const char *source, ptrdiff_t source_row, ptrdiff_t rows,
                            ptrdiff_t columns) {
  ptrdiff_t c = 0, width = sizeof(T);
  for (; c + SQUARE <= columns; c += SQUARE) {
    ptrdiff_t r = 0;
    for (; r + SQUARE <= rows; r += SQUARE) {
      NAME(tile_row) rows[SQUARE];
      _Pragma("clang loop unroll(full)") for (int k = 0; k < SQUARE; k++)
        rows[k] = *(const NAME(unaligned_tile_row) *)(source + (c + k) * source_row + r * width);
#if SQUARE > 8
      STAGE(8)
#endif
#if SQUARE > 4
      STAGE(4)
#endif
#if SQUARE > 2
      STAGE(2)
#endif
      STAGE(1)
      _Pragma("clang loop unroll(full)") for (int k = 0; k < SQUARE; k++)
        *(NAME(unaligned_tile_row) *)(result + (r + k) * result_row + c * width) = rows[k];
    }
    for (; r < rows; r++)
      for (ptrdiff_t k = c; k < c + SQUARE; k++)
        *(T *)(result + r * result_row + k * width) = *(const T *)(source + k * source_row + r * width);
  }
  for (; c < columns; c++)
    for (ptrdiff_t r = 0; r < rows; r++)
      *(T *)(result + r * result_row + c * width) = *(const T *)(source + c * source_row + r * width);
}
#undef SQUARE

static void NAME(copy_row)(char *result, ptrdiff_t result_step, const char *source, ptrdiff_t source_step, ptrdiff_t count) {
  ptrdiff_t i = 0, width = sizeof(T);
  if (result_step == width && source_step == width) {
    memcpy(result, source, (size_t)(count * width));
    return;
  }
  if (result_step == width && source_step == 0) {
    T value = *(const T *)source;
    for (; i + W <= count; i += W) STORE(result + i * width, K(value));
  } else if (result_step == width && source_step == 2 * width)
    for (; i + W < count; i += W) {
      const T *pairs = (const T *)(source + i * source_step);
      STORE(result + i * width, __builtin_shufflevector(LOAD(pairs), LOAD(pairs + W), LANES(EVEN)));
    }
  for (; i < count; i++) *(T *)(result + i * result_step) = *(const T *)(source + i * source_step);
}

static void NAME(copy_block)(char *result, ptrdiff_t result_row, ptrdiff_t result_step, const char *source,
                             ptrdiff_t source_row, ptrdiff_t source_step, ptrdiff_t rows, ptrdiff_t columns) {
  ptrdiff_t width = sizeof(T);
  if (result_step == width && source_row == width && rows > 1 && columns > 1)
    return NAME(transpose)(result, result_row, source, source_step, rows, columns);
  if (source_step == width && result_row == width && rows > 1 && columns > 1)
    return NAME(transpose)(result, result_step, source, source_row, columns, rows);
  for (ptrdiff_t r = 0; r < rows; r++)
    NAME(copy_row)(result + r * result_row, result_step, source + r * source_row, source_step, columns);
}
