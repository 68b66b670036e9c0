// Copies between two-dimensional patterns of one element width. Strides are in bytes.

typedef element NAME(tile_row) __attribute__((vector_size(SQUARE * sizeof(element))));
typedef element NAME(unaligned_tile_row)
    __attribute__((vector_size(SQUARE * sizeof(element)), aligned(__alignof__(element)), may_alias));

// result[r][c] = source[c][r]: rows of the result and of the source are contiguous.
static void NAME(transpose)(char *result, ptrdiff_t result_row, const char *source, ptrdiff_t source_row, ptrdiff_t rows,
                            ptrdiff_t columns) {
  ptrdiff_t c = 0, width = sizeof(element);
  for (; c + SQUARE <= columns; c += SQUARE) {
    ptrdiff_t r = 0;
    for (; r + SQUARE <= rows; r += SQUARE) {
      NAME(tile_row) rows[SQUARE];
      _Pragma("clang loop unroll(full)") for (int k = 0; k < SQUARE; k++)
        rows[k] = *(const NAME(unaligned_tile_row) *)(source + (c + k) * source_row + r * width);
      ACROSS(SQUARE, STAGE)
      _Pragma("clang loop unroll(full)") for (int k = 0; k < SQUARE; k++)
        *(NAME(unaligned_tile_row) *)(result + (r + k) * result_row + c * width) = rows[k];
    }
    for (; r < rows; r++)
      for (ptrdiff_t k = c; k < c + SQUARE; k++)
        *(element *)(result + r * result_row + k * width) = *(const element *)(source + k * source_row + r * width);
  }
  for (; c < columns; c++)
    for (ptrdiff_t r = 0; r < rows; r++)
      *(element *)(result + r * result_row + c * width) = *(const element *)(source + c * source_row + r * width);
}

static void NAME(copy_row)(char *result, ptrdiff_t result_step, const char *source, ptrdiff_t source_step, ptrdiff_t count) {
  ptrdiff_t i = 0, width = sizeof(element);
  if (result_step == width && source_step == width) {
    memcpy(result, source, (size_t)(count * width));
    return;
  }
  if (result_step == width && source_step == 0) {
    element value = *(const element *)source;
    for (; i + LANE_COUNT <= count; i += LANE_COUNT) STORE(result + i * width, SPLAT(value));
  } else if (result_step == width && source_step == 2 * width)
    for (; i + LANE_COUNT < count; i += LANE_COUNT) {
      const element *pairs = (const element *)(source + i * source_step);
      STORE(result + i * width, __builtin_shufflevector(LOAD(pairs), LOAD(pairs + LANE_COUNT), LANES(EVEN)));
    }
  for (; i < count; i++) *(element *)(result + i * result_step) = *(const element *)(source + i * source_step);
}

static void NAME(copy_block)(char *result, ptrdiff_t result_row, ptrdiff_t result_step, const char *source,
                             ptrdiff_t source_row, ptrdiff_t source_step, ptrdiff_t rows, ptrdiff_t columns) {
  ptrdiff_t width = sizeof(element);
  if (result_step == width && source_row == width && rows > 1 && columns > 1)
    return NAME(transpose)(result, result_row, source, source_step, rows, columns);
  if (source_step == width && result_row == width && rows > 1 && columns > 1)
    return NAME(transpose)(result, result_step, source, source_row, columns, rows);
  for (ptrdiff_t r = 0; r < rows; r++)
    NAME(copy_row)(result + r * result_row, result_step, source + r * source_row, source_step, columns);
}
