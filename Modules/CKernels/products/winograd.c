// Convolutions by 3 x 3 taps as Winograd does them. Every four windows are computed from their places alone: neither other windows nor
// the number of threads changes a result.
#include "winograd.h"
#include "../core/nest.h"
#include "../core/threads.h"

enum {
  SQUARES_BYTES = 256 << 10,  // of the sums of places that are computed at once
  CHANNELS_AT_ONCE = 64,
  BLOCKS_PER_THREAD = 16,
  PADDING = 16,               // elements: planes do not all meet in the same places of the caches
  MULTIPLICATIONS_PER_NANOSECOND = 64,
};

// MARK: Kernels

size_t ck_transformed_bytes(const ck_kernels *kernels, ck_type type, ptrdiff_t channels, ptrdiff_t columns) {
  return WINOGRAD_PLANES * ck_packed_bytes(kernels, type, channels, columns);
}

typedef struct {
  const product_kernels *tiles;
  const winograd_kernels *winograd;
  char *transformed;
  ck_matrix right;
  const ptrdiff_t *taps;
  ptrdiff_t channels, columns, width;
  ptrdiff_t plane;  // elements
} kernel_transform;

static void transform_panels(ptrdiff_t first, ptrdiff_t end, void *context) {
  const kernel_transform *k = context;
  ptrdiff_t each = k->tiles->columns, most = k->channels * each;
  size_t bytes = (size_t)(WINOGRAD_TAPS * WINOGRAD_TAPS * most * k->width);
  char *panels = ck_allocate(bytes);
  if (!panels) __builtin_trap();
  for (ptrdiff_t panel = first; panel < end; panel++) {
    ptrdiff_t column = panel * each, left = k->columns - column, columns = panel_columns(k->tiles, left);
    for (ptrdiff_t tap = 0; tap < WINOGRAD_TAPS * WINOGRAD_TAPS; tap++) {
      ptrdiff_t offset = tap / WINOGRAD_TAPS * k->taps[0] + tap % WINOGRAD_TAPS * k->taps[1] + column * k->right.column;
      k->tiles->pack_panel(panels + tap * most * k->width, columns, (const char *)k->right.data + offset * k->width,
                           k->right.row, k->right.column, k->channels, smaller(left, each));
    }
    k->winograd->transform_taps(k->transformed + column * k->channels * k->width, k->plane, panels, most,
                                k->channels * columns);
  }
  ck_free(panels, bytes);
}

void ck_transform_kernel(const ck_kernels *kernels, ck_type type, void *transformed, ck_matrix right,
                         const ptrdiff_t *taps, ptrdiff_t channels, ptrdiff_t columns) {
  kernel_transform k = {kernels->product[type], kernels->winograd[type], transformed, right, taps, channels, columns,
                        type_width(type)};
  k.plane = (ptrdiff_t)ck_packed_bytes(kernels, type, channels, columns) / k.width;
  ptrdiff_t panels = quotient_up(columns, k.tiles->columns);
  if (part_count(WINOGRAD_PLANES * channels * columns) > 1) run_ranges(panels, transform_panels, &k);
  else transform_panels(0, panels, &k);
}

// MARK: Convolutions

typedef struct {
  const ck_kernels *kernels;
  const product_kernels *tiles;
  const winograd_kernels *winograd;
  const ck_matrix_product *product;
  ck_type type;
  ptrdiff_t width;  // bytes of an element
  ptrdiff_t samples, square_rows, square_columns;
  ptrdiff_t blocks, panel_parts, panels;
  ptrdiff_t kernel_plane;  // elements
  const void *zeros;
  ck_kernel activation;  // that follows, or NULL
} winograd_call;

/// 4 x 4 places, and the 2 x 2 windows that read them.
typedef struct {
  ptrdiff_t sample, y, x;  // the first window
} square;

static char *element(const winograd_call *call, const void *data, ptrdiff_t offset) {
  return (char *)data + offset * call->width;
}

static square square_at(const winograd_call *call, ptrdiff_t number) {
  ptrdiff_t line = number / call->square_columns, x = number % call->square_columns;
  return (square){line / call->square_rows, line % call->square_rows * WINOGRAD_WINDOWS, x * WINOGRAD_WINDOWS};
}

static void list_places(const winograd_call *call, square at, const void **places) {
  const ck_windows *w = call->product->windows;
  for (ptrdiff_t i = 0; i < WINOGRAD_PLANES; i++) {
    ptrdiff_t y = at.y + i / WINOGRAD_PLACES - w->before[1], x = at.x + i % WINOGRAD_PLACES - w->before[2];
    bool is_inside = y >= 0 && y < w->input[1] && x >= 0 && x < w->input[2];
    places[i] = is_inside ? element(call, call->product->left.data, at.sample * w->sample + y * w->step[1] + x * w->step[2])
                          : call->zeros;
  }
}

static ptrdiff_t row_length(const winograd_call *call) {
  return quotient_up(call->product->windows->channels, PADDING) * PADDING;
}

static ptrdiff_t plane_length(ptrdiff_t squares, ptrdiff_t row) { return squares * row + PADDING; }

// The product of each plane and the panel from a column on. Sums of fewer channels that are added up have smaller errors.
static void multiply_planes(const winograd_call *call, const char *sums, ptrdiff_t row, char *products, ptrdiff_t squares,
                            ptrdiff_t column) {
  ptrdiff_t steps = call->product->windows->channels, most = call->tiles->rows, parts = quotient_up(squares, most);
  ptrdiff_t each = call->tiles->columns, columns = panel_columns(call->tiles, call->product->columns - column);
  const product_kernel *kernels = columns < each ? call->tiles->half : call->tiles->whole;
  window_run chunk = {};
  product_tile t = {.runs = &chunk, .run_count = 1, .left_row = row, .left_step = 1, .right_step = columns,
                    .sum_row = each, .columns = columns, .alpha = 1};
  for (ptrdiff_t plane = 0; plane < WINOGRAD_PLANES; plane++) {
    for (ptrdiff_t step = 0; step < steps; step += chunk.count) {
      chunk.count = smaller(CHANNELS_AT_ONCE, steps - step);
      t.beta = step > 0;
      t.right = element(call, call->product->transformed, plane * call->kernel_plane + column * steps + step * columns);
      for (ptrdiff_t part = 0; part < parts; part++) {
        ptrdiff_t first = part * squares / parts, count = (part + 1) * squares / parts - first;
        t.left = element(call, sums, plane * plane_length(squares, row) + first * row + step);
        t.sum = element(call, products, plane * plane_length(squares, each) + first * each);
        kernels[count](&t);
      }
    }
  }
}

// Where the results of a window lie, -1 where there is none.
static ptrdiff_t place_of_window(const winograd_call *call, square at, ptrdiff_t y, ptrdiff_t x) {
  const ck_windows *w = call->product->windows;
  if (at.y + y >= w->output[1] || at.x + x >= w->output[2]) return -1;
  return (at.sample * w->output[1] + at.y + y) * w->output[2] + at.x + x;
}

// Some columns of the windows of a square by their taps, because a number is not finite: then it reaches only the windows that
// read it.
static void multiply_by_taps(const winograd_call *call, square at, ptrdiff_t column, ptrdiff_t columns) {
  ck_windows windows = *call->product->windows;
  windows.output[1] = 1;
  windows.before[1] -= at.y;
  windows.before[2] -= at.x;
  windows.output[2] = smaller(WINOGRAD_WINDOWS, windows.output[2] - at.x);
  ck_matrix_product p = *call->product;
  p.left.data = element(call, p.left.data, at.sample * windows.sample);
  p.right.data = element(call, p.right.data, column * p.right.column);
  p.columns = columns;
  p.rows = windows.output[2];
  p.windows = &windows;
  p.packed = NULL;
  p.transformed = NULL;
  if (p.bias) p.bias = element(call, p.bias, column);
  for (ptrdiff_t y = 0; y < WINOGRAD_WINDOWS; y++, windows.before[1]--) {
    ptrdiff_t window = place_of_window(call, at, y, 0);
    if (window < 0) continue;
    p.result = element(call, call->product->result, window * p.result_row + column);
    if (p.preactivation)
      p.preactivation = element(call, call->product->preactivation, window * p.preactivation_row + column);
    ck_multiply_matrices(call->kernels, call->type, &p);
  }
}

static void finish_square(const winograd_call *call, square at, const char *products, ptrdiff_t plane, ptrdiff_t column) {
  const ck_matrix_product *p = call->product;
  winograd_results r = {.planes = products, .plane = plane, .beta = p->beta};
  r.columns = smaller(p->columns - column, call->tiles->columns);
  r.bias = p->bias ? element(call, p->bias, column) : NULL;
  r.rectifies = p->activates && !call->activation;
  for (ptrdiff_t i = 0; i < WINOGRAD_WINDOWS * WINOGRAD_WINDOWS; i++) {
    ptrdiff_t window = place_of_window(call, at, i / WINOGRAD_WINDOWS, i % WINOGRAD_WINDOWS);
    if (window < 0) continue;
    r.results[i] = element(call, p->result, window * p->result_row + column);
    if (p->preactivation) r.preactivations[i] = element(call, p->preactivation, window * p->preactivation_row + column);
  }
  if (!call->winograd->finish(&r)) return multiply_by_taps(call, at, column, r.columns);
  for (ptrdiff_t i = 0; call->activation && i < WINOGRAD_WINDOWS * WINOGRAD_WINDOWS; i++) {
    const void *input = r.results[i];
    if (input) call->activation(r.results[i], &input, r.columns, 0, &p->parameters);
  }
}

// Squares from `first` up to `end`, for some panels.
static void run_block(const winograd_call *call, ptrdiff_t first, ptrdiff_t end, ptrdiff_t first_panel, ptrdiff_t end_panel) {
  ptrdiff_t squares = end - first, row = row_length(call), each = call->tiles->columns;
  ptrdiff_t plane = plane_length(squares, row), product_plane = plane_length(squares, each);
  size_t bytes = (size_t)(WINOGRAD_PLANES * (plane + product_plane) * call->width);
  char *sums = ck_allocate(bytes), *products = element(call, sums, WINOGRAD_PLANES * plane);
  if (!sums) __builtin_trap();
  const void *places[WINOGRAD_PLANES];
  for (ptrdiff_t i = 0; i < squares; i++) {
    list_places(call, square_at(call, first + i), places);
    call->winograd->transform(element(call, sums, i * row), plane, places, call->product->windows->channels);
  }
  for (ptrdiff_t panel = first_panel; panel < end_panel; panel++) {
    multiply_planes(call, sums, row, products, squares, panel * each);
    for (ptrdiff_t i = 0; i < squares; i++)
      finish_square(call, square_at(call, first + i), element(call, products, i * each), product_plane, panel * each);
  }
  ck_free(sums, bytes);
}

static void run_blocks(ptrdiff_t first, ptrdiff_t end, void *context) {
  const winograd_call *call = context;
  ptrdiff_t squares = call->samples * call->square_rows * call->square_columns;
  for (ptrdiff_t i = first; i < end; i++) {
    ptrdiff_t block = i / call->panel_parts, part = i % call->panel_parts;
    run_block(call, block * squares / call->blocks, (block + 1) * squares / call->blocks,
              part * call->panels / call->panel_parts, (part + 1) * call->panels / call->panel_parts);
  }
}

// Large blocks read weights less often; each thread has several, where there are so many.
static void divide(winograd_call *call) {
  ptrdiff_t squares = call->samples * call->square_rows * call->square_columns, threads = ck_threads();
  ptrdiff_t least = 2 * call->tiles->rows;
  ptrdiff_t most = larger(least, SQUARES_BYTES / (WINOGRAD_PLANES * row_length(call) * call->width));
  if (threads > 1) most = larger(least, smaller(most, squares / (threads * BLOCKS_PER_THREAD)));
  call->blocks = quotient_up(squares, most);
  call->panel_parts = threads > 1 ? smaller(call->panels, quotient_up(2 * threads, call->blocks)) : 1;
}

void multiply_transformed(const ck_kernels *kernels, ck_type type, const ck_matrix_product *p) {
  const ck_windows *w = p->windows;
  winograd_call call = {.kernels = kernels, .tiles = kernels->product[type], .winograd = kernels->winograd[type],
                        .product = p, .type = type, .width = type_width(type)};
  call.square_rows = quotient_up(w->output[1], WINOGRAD_WINDOWS);
  call.square_columns = quotient_up(w->output[2], WINOGRAD_WINDOWS);
  call.samples = p->rows / (w->output[1] * w->output[2]);
  call.panels = quotient_up(p->columns, call.tiles->columns);
  if (p->activates && p->activation != ck_rectifier) call.activation = kernels->elementwise[p->activation][type];
  size_t bytes = (size_t)(w->channels * call.width);
  call.kernel_plane = (ptrdiff_t)ck_packed_bytes(kernels, type, w->channels, p->columns) / call.width;
  void *zeros = ck_allocate(bytes);
  if (!zeros) __builtin_trap();
  memset(zeros, 0, bytes);
  call.zeros = zeros;
  divide(&call);
  ptrdiff_t blocks = call.blocks * call.panel_parts;
  double work = (double)p->rows * (double)p->columns * (double)w->channels * 4;
  if (blocks == 1) run_blocks(0, 1, &call);
  else run_long_ranges(blocks, (uint64_t)(work / MULTIPLICATIONS_PER_NANOSECOND), run_blocks, &call);
  ck_free(zeros, bytes);
}
