// Tiles of a matrix product, and the packing of its operands. Each element is a sum in the order of the steps, whatever
// tile it lies in: so a row's result depends neither on the other rows nor on how they are dealt out.

#undef TILE_ROWS
#undef EACH_TILE_ROWS
#if BYTES == 64 || defined(__aarch64__)  // 32 registers
#define TILE_ROWS 14
#define EACH_TILE_ROWS(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14)
#else
#define TILE_ROWS 6
#define EACH_TILE_ROWS(F) F(1) F(2) F(3) F(4) F(5) F(6)
#endif

#define UNROLLED _Pragma("clang loop unroll(full)") for

// The first elements of a vector, fewer than it has.
INLINE void NAME(store_first)(T *y, ptrdiff_t count, V value) {
  T elements[LANE_COUNT];
  STORE(elements, value);
  const T *from = elements;
  for (ptrdiff_t part = LANE_COUNT / 2; part > 0; part /= 2)
    if (count & part) {
      memcpy(y, from, (size_t)part * sizeof(T));
      y += part;
      from += part;
    }
}

INLINE void NAME(finish_vector)(const product_tile *t, V value, ptrdiff_t row, ptrdiff_t column) {
  ptrdiff_t count = t->columns - column;
  if (count <= 0) return;
  bool whole = count >= W;
  T *sum = (T *)t->sum + row * t->sum_row + column;
  V before = {}, bias = {};
  if (t->beta != 0) before = whole ? LOAD(sum) : NAME(load_part)(sum, count, before);
  if (t->alpha != 1) value *= K(t->alpha);
  if (t->beta != 0) value = FMA(K(t->beta), before, value);
  if (t->bias) {
    const T *b = (const T *)t->bias + column;
    value += whole ? LOAD(b) : NAME(load_part)(b, count, bias);
  }
  V rectified = t->rectifies ? NAME(value_rectifier)(value, K(0), K(0), K(0)) : value;
  if (!t->result) value = rectified;
  if (whole) STORE(sum, value);
  else NAME(store_first)(sum, count, value);
  if (!t->result) return;
  T *result = (T *)t->result + row * t->result_row + column;
  if (whole) STORE(result, rectified);
  else NAME(store_first)(result, count, rectified);
}

#define TILE(name, ROWS, VECTORS)                                                                        \
  static void NAME(name)(const product_tile *t) {                                                        \
    V sums[ROWS][VECTORS] = {};                                                                          \
    const T *left = t->left, *right = t->right;                                                          \
    ptrdiff_t left_row = t->left_row, left_step = t->left_step;                                          \
    ptrdiff_t right_step = t->right_step, right_panel = t->right_panel;                                  \
    for (ptrdiff_t step = 0; step < t->steps; step++) {                                                  \
      V row[VECTORS];                                                                                    \
      UNROLLED(int v = 0; v < VECTORS; v++)                                                              \
        row[v] = LOAD(right + v / VECTORS_PER_PANEL * right_panel + v % VECTORS_PER_PANEL * W);          \
      UNROLLED(int r = 0; r < ROWS; r++) {                                                               \
        V factor = K(left[r * left_row]);                                                                \
        UNROLLED(int v = 0; v < VECTORS; v++) sums[r][v] = FMA(factor, row[v], sums[r][v]);              \
      }                                                                                                  \
      left += left_step;                                                                                 \
      right += right_step;                                                                               \
    }                                                                                                    \
    UNROLLED(int r = 0; r < ROWS; r++)                                                                   \
      UNROLLED(int v = 0; v < VECTORS; v++) NAME(finish_vector)(t, sums[r][v], r, v * W);                \
  }

#define TILES(rows) TILE(whole_##rows, rows, VECTORS_PER_PANEL) TILE(half_##rows, rows, 1)
EACH_TILE_ROWS(TILES)
#undef TILES
TILE(several_1, 1, 4 * VECTORS_PER_PANEL)
TILE(several_2, 2, 2 * VECTORS_PER_PANEL)
TILE(several_3, 3, 2 * VECTORS_PER_PANEL)
#undef TILE

static void NAME(pack_panel)(void *panel, ptrdiff_t panel_columns, const void *right, ptrdiff_t step, ptrdiff_t column,
                             ptrdiff_t steps, ptrdiff_t columns) {
  T *to = panel;
  const T *from = right;
  if (column == 1) {
    for (ptrdiff_t p = 0; p < steps; p++, to += panel_columns, from += step)
      for (ptrdiff_t j = 0; j < panel_columns; j += W) {
        V row = {};
        if (j + W <= columns) row = LOAD(from + j);
        else if (j < columns) row = NAME(load_part)(from + j, columns - j, row);
        STORE(to + j, row);
      }
    return;
  }
  if (columns < panel_columns) memset(to, 0, (size_t)(steps * panel_columns) * sizeof(T));
  ptrdiff_t width = sizeof(T);
  NAME(copy_block)((char *)to, panel_columns * width, width, (const char *)from, step * width, column * width, steps,
                   columns);
}

static void NAME(pack_rows)(void *packed, ptrdiff_t packed_step, const void *left, ptrdiff_t step, ptrdiff_t steps,
                            ptrdiff_t rows) {
  T *to = packed;
  const T *from = left;
  for (ptrdiff_t p = 0; p < steps; p++, to += packed_step, from += step) {
    ptrdiff_t r = 0;
    for (; r + W <= rows; r += W) STORE(to + r, LOAD(from + r));
    for (; r < rows; r++) to[r] = from[r];
  }
}

#define WHOLE_TILE(rows) [rows] = NAME(whole_##rows),
#define HALF_TILE(rows) [rows] = NAME(half_##rows),
static const product_kernels NAME(product) = {
    .rows = TILE_ROWS,
    .columns = VECTORS_PER_PANEL * LANE_COUNT,
    .whole = {EACH_TILE_ROWS(WHOLE_TILE)},
    .half = {EACH_TILE_ROWS(HALF_TILE)},
    .several = {[1] = NAME(several_1), [2] = NAME(several_2), [3] = NAME(several_3)},
    .panels = {[1] = 4, [2] = 2, [3] = 2},
    .pack_panel = NAME(pack_panel),
    .pack_rows = NAME(pack_rows),
};
#undef WHOLE_TILE
#undef HALF_TILE
#undef UNROLLED
