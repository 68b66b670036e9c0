// Tiles of a matrix product, and the packing of its operands. Each element is a sum in the order of the steps, whatever
// tile it lies in: so a row's result depends neither on the other rows nor on how they are dealt out.

#if BYTES == 64  // 32 registers
#define TILE_ROWS 14
#define EACH_TILE_ROWS(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12) F(13) F(14)
#elif defined(__aarch64__)  // as many, but the operands of each multiplication take one more
#define TILE_ROWS 12
#define EACH_TILE_ROWS(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9) F(10) F(11) F(12)
#else
#define TILE_ROWS 6
#define EACH_TILE_ROWS(F) F(1) F(2) F(3) F(4) F(5) F(6)
#endif

#define UNROLLED _Pragma("clang loop unroll(full)") for

// What follows the sum, vector by vector, where a row ends within one.
static void NAME(finish_narrow)(const product_tile *t, const element *sums, ptrdiff_t rows, ptrdiff_t vectors) {
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t v = 0; v < vectors && v * LANE_COUNT < t->columns; v++) {
      ptrdiff_t count = t->columns - v * LANE_COUNT < LANE_COUNT ? t->columns - v * LANE_COUNT : LANE_COUNT;
      element *sum = (element *)t->sum + r * t->sum_row + v * LANE_COUNT;
      vector value = LOAD(sums + (r * vectors + v) * LANE_COUNT) * SPLAT(t->alpha), zero = {};
      if (t->beta != 0) value = FMA(SPLAT(t->beta), NAME(load_part)(sum, count, zero), value);
      if (t->bias) value += NAME(load_part)((const element *)t->bias + v * LANE_COUNT, count, zero);
      vector result = t->rectifies ? NAME(value_rectifier)(value, zero, zero, zero) : value;
      NAME(store_part)(sum, count, t->result ? value : result);
      if (t->result) NAME(store_part)((element *)t->result + r * t->result_row + v * LANE_COUNT, count, result);
    }
}

#define EACH_SUM(...) \
  UNROLLED(int r = 0; r < rows; r++) UNROLLED(int v = 0; v < vectors; v++) { __VA_ARGS__; }
#define AT(matrix) ((element *)t->matrix + r * t->matrix##_row + v * LANE_COUNT)

#define TILE(name, row_count, vector_count)                                                                        \
  static void NAME(name)(const product_tile *t) {                                                                  \
    enum { rows = row_count, vectors = vector_count };                                                             \
    vector sums[rows][vectors] = {};                                                                               \
    const element *right = t->right;                                                                               \
    ptrdiff_t left_row = t->left_row, left_step = t->left_step;                                                    \
    ptrdiff_t right_step = t->right_step, right_panel = t->right_panel;                                            \
    for (const window_run *run = t->runs; run < t->runs + t->run_count; run++) {                                   \
      const element *left = (const element *)t->left + run->offset;                                                \
      for (ptrdiff_t step = 0; step < run->count; step++) {                                                        \
        vector row[vectors];                                                                                       \
        UNROLLED(int v = 0; v < vectors; v++)                                                                      \
          row[v] = LOAD(right + v / VECTORS_PER_PANEL * right_panel + v % VECTORS_PER_PANEL * LANE_COUNT);         \
        UNROLLED(int r = 0; r < rows; r++) {                                                                       \
          vector factor = SPLAT(left[r * left_row]);                                                               \
          UNROLLED(int v = 0; v < vectors; v++) sums[r][v] = FMA(factor, row[v], sums[r][v]);                      \
        }                                                                                                          \
        left += left_step;                                                                                         \
        right += right_step;                                                                                       \
      }                                                                                                            \
    }                                                                                                              \
    if (t->columns < vectors * LANE_COUNT) {                                                                       \
      element elements[rows * vectors * LANE_COUNT];                                                               \
      EACH_SUM(STORE(elements + (r * vectors + v) * LANE_COUNT, sums[r][v]))                                       \
      NAME(finish_narrow)(t, elements, rows, vectors);                                                             \
      return;                                                                                                      \
    }                                                                                                              \
    if (t->alpha != 1) EACH_SUM(sums[r][v] *= SPLAT(t->alpha))                                                     \
    if (t->beta != 0) EACH_SUM(sums[r][v] = FMA(SPLAT(t->beta), LOAD(AT(sum)), sums[r][v]))                        \
    if (t->bias) EACH_SUM(sums[r][v] += LOAD((const element *)t->bias + v * LANE_COUNT))                           \
    if (t->result || !t->rectifies) EACH_SUM(STORE(AT(sum), sums[r][v]))                                           \
    if (t->rectifies) EACH_SUM(sums[r][v] = NAME(value_rectifier)(sums[r][v], (vector){}, (vector){}, (vector){})) \
    if (t->result) EACH_SUM(STORE(AT(result), sums[r][v]))                                                         \
    else if (t->rectifies) EACH_SUM(STORE(AT(sum), sums[r][v]))                                                    \
  }

#define TILES(rows) TILE(whole_##rows, rows, VECTORS_PER_PANEL) TILE(half_##rows, rows, 1)
EACH_TILE_ROWS(TILES)
TILE(several_1, 1, 4 * VECTORS_PER_PANEL)
TILE(several_2, 2, 2 * VECTORS_PER_PANEL)
TILE(several_3, 3, 2 * VECTORS_PER_PANEL)

enum { NAME(outer_ends) = 8 };

// The last columns, fewer than a vector, of a few rows. All are loaded before one is stored: a row's end may lie in the vector that
// begins with the next one's, and a load waits for a store that overlaps with it.
INLINE void NAME(outer_few)(element *sum, ptrdiff_t result_row, const element *left, ptrdiff_t left_row, vector right,
                            ptrdiff_t columns, vector alpha, vector beta, bool adds, int count) {
  vector values[NAME(outer_ends)], zero = {};
  UNROLLED(int i = 0; i < count; i++) {
    values[i] = FMA(SPLAT(left[i * left_row]), right, zero) * alpha;
    if (adds) values[i] = FMA(beta, NAME(load_part)(sum + i * result_row, columns, zero), values[i]);
  }
  UNROLLED(int i = 0; i < count; i++) NAME(store_part)(sum + i * result_row, columns, values[i]);
}

// What the product says is read once: a store might change it, for all that the compiler knows.
INLINE void NAME(outer_rows)(const ck_matrix_product *p, ptrdiff_t first, ptrdiff_t end, bool adds) {
  const element *left = p->left.data, *right = p->right.data;
  element *result = p->result;
  ptrdiff_t columns = p->columns, left_row = p->left.row, result_row = p->result_row, whole = columns / LANE_COUNT * LANE_COUNT;
  vector alpha = SPLAT(p->alpha), beta = SPLAT(p->beta), zero = {};
  for (ptrdiff_t r = first; whole > 0 && r < end; r++) {
    vector factor = SPLAT(left[r * left_row]);
    element *sum = result + r * result_row;
    for (ptrdiff_t j = 0; j < whole; j += LANE_COUNT) {
      vector value = FMA(factor, LOAD(right + j), zero) * alpha;
      STORE(sum + j, adds ? FMA(beta, LOAD(sum + j), value) : value);
    }
  }
  ptrdiff_t rest = columns - whole, r = first;
  if (rest == 0) return;
  vector last = NAME(load_part)(right + whole, rest, zero);
#define ENDS(count) \
  NAME(outer_few)(result + r * result_row + whole, result_row, left + r * left_row, left_row, last, rest, alpha, beta, \
                  adds, count)
  for (; r + NAME(outer_ends) <= end; r += NAME(outer_ends)) ENDS(NAME(outer_ends));
  for (; r < end; r++) ENDS(1);
}

static void NAME(outer)(const ck_matrix_product *p, ptrdiff_t first, ptrdiff_t end) {
  if (p->beta == 0) NAME(outer_rows)(p, first, end, false);
  else NAME(outer_rows)(p, first, end, true);
}

enum { NAME(inner_columns) = 8 };

// The inner products of a row of the left operand with a few columns of the right one.
INLINE void NAME(inner_few)(const ck_matrix_product *p, const element *left, ptrdiff_t row, ptrdiff_t column, int count) {
  const element *right = (const element *)p->right.data + column * p->right.column;
  vector sums[NAME(inner_columns)] = {}, zero = {};
  ptrdiff_t k = 0;
  for (; k + LANE_COUNT <= p->steps; k += LANE_COUNT) {
    vector x = LOAD(left + k);
    UNROLLED(int i = 0; i < count; i++) sums[i] = FMA(x, LOAD(right + i * p->right.column + k), sums[i]);
  }
  if (k < p->steps) {
    vector x = NAME(load_part)(left + k, p->steps - k, zero);
    UNROLLED(int i = 0; i < count; i++)
      sums[i] = FMA(x, NAME(load_part)(right + i * p->right.column + k, p->steps - k, zero), sums[i]);
  }
  UNROLLED(int i = 0; i < count; i++) {
    vector sum = sums[i];
    ACROSS_LANES(ADD_ACROSS, sum)
    element *result = (element *)p->result + row * p->result_row + column + i, value = (element)p->alpha * sum[0];
    *result = p->beta == 0 ? value : (element)p->beta * *result + value;
  }
}

static void NAME(inner)(const ck_matrix_product *p, ptrdiff_t first, ptrdiff_t end) {
  for (ptrdiff_t column = first; column < end;) {
    int count = end - column >= NAME(inner_columns) ? NAME(inner_columns) : end - column >= 4 ? 4 : 1;
    for (ptrdiff_t row = 0; row < p->rows; row++) {
      const element *left = (const element *)p->left.data + row * p->left.row;
      if (count == NAME(inner_columns)) NAME(inner_few)(p, left, row, column, NAME(inner_columns));
      else if (count == 4) NAME(inner_few)(p, left, row, column, 4);
      else NAME(inner_few)(p, left, row, column, 1);
    }
    column += count;
  }
}

static void NAME(pack_panel)(void *panel, ptrdiff_t panel_columns, const void *right, ptrdiff_t step, ptrdiff_t column,
                             ptrdiff_t steps, ptrdiff_t columns) {
  element *to = panel;
  const element *from = right;
  if (column == 1) {
    for (ptrdiff_t p = 0; p < steps; p++, to += panel_columns, from += step)
      for (ptrdiff_t j = 0; j < panel_columns; j += LANE_COUNT) {
        vector row = {};
        if (j + LANE_COUNT <= columns) row = LOAD(from + j);
        else if (j < columns && (steps - 1 - p) * step + columns >= j + LANE_COUNT)  // the next rows are there to be read
          row = NAME(first_lanes)(LOAD(from + j), columns - j, 0);
        else if (j < columns) row = NAME(load_part)(from + j, columns - j, row);
        STORE(to + j, row);
      }
    return;
  }
  if (columns < panel_columns) memset(to, 0, (size_t)(steps * panel_columns) * sizeof(element));
  ptrdiff_t width = sizeof(element);
  NAME(copy_block)((char *)to, panel_columns * width, width, (const char *)from, step * width, column * width, steps,
                   columns);
}

// A vector may reach beyond a step's rows, into the next step or into a vector that there is room for behind the last.
static void NAME(pack_rows)(void *packed, ptrdiff_t packed_step, const void *left, ptrdiff_t step, ptrdiff_t steps,
                            ptrdiff_t rows) {
  element *to = packed;
  const element *from = left;
  vector zero = {};
  for (ptrdiff_t p = 0; p < steps; p++, to += packed_step, from += step)
    for (ptrdiff_t r = 0; r < rows; r += LANE_COUNT) STORE(to + r, NAME(load_part)(from + r, rows - r, zero));
}

INLINE void NAME(copy_run)(element *to, ptrdiff_t packed_window, const element *from, ptrdiff_t distance,
                           ptrdiff_t windows, const window_run *run) {
  vector zero = {};
  for (ptrdiff_t i = 0; i < run->count; i += LANE_COUNT)
    for (ptrdiff_t window = 0; window < windows; window++)
      STORE(to + window * packed_window + i,
            NAME(load_part)(from + window * distance + run->offset + i, run->count - i, zero));
}

// A vector may reach beyond its window: then the next window is copied later, and all runs of a window before it.
static void NAME(copy_runs)(void *packed, ptrdiff_t packed_window, const void *windows, ptrdiff_t distance,
                            ptrdiff_t count, const window_run *runs, ptrdiff_t run_count) {
  const element *from = windows;
  const window_run *end = runs + run_count;
  bool is_tight = packed_window <= TILE_ROWS;
  ptrdiff_t at_once = is_tight ? 1 : count;
  for (ptrdiff_t window = 0; window < count; window += at_once, from += distance) {
    element *to = (element *)packed + window * packed_window;
    for (const window_run *run = runs; run < end; to += run->count, run++) {
      if (is_tight) NAME(copy_run)(to, 0, from, 0, 1, run);
      else NAME(copy_run)(to, packed_window, from, distance, count, run);
    }
  }
}

static void NAME(add_runs)(void *sums, ptrdiff_t to_distance, const void *terms, ptrdiff_t from_distance, ptrdiff_t runs,
                           ptrdiff_t count) {
  element *to = sums;
  const element *from = terms;
  vector zero = {};
  for (ptrdiff_t run = 0; run < runs; run++, to += to_distance, from += from_distance)
    for (ptrdiff_t i = 0; i < count; i += LANE_COUNT)
      NAME(store_part)(to + i, count - i,
                       NAME(load_part)(to + i, count - i, zero) + NAME(load_part)(from + i, count - i, zero));
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
    .outer = NAME(outer),
    .inner = NAME(inner),
    .pack_panel = NAME(pack_panel),
    .pack_rows = NAME(pack_rows),
    .copy_runs = NAME(copy_runs),
    .add_runs = NAME(add_runs),
};
