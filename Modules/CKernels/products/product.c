// Matrix products in blocks: of the steps, so that what is read again is still in the nearest caches, and of rows and
// columns, which the threads share. The chunks of steps depend on their number alone.
#include "../core/nest.h"
#include "../core/threads.h"
#include "windows.h"
#include "winograd.h"
#include <pthread.h>
#include <stdlib.h>

enum {
  CHUNK = PRODUCT_CHUNK,     // steps
  PADDED_CHUNK = CHUNK + 16,
  PANELS_AT_ONCE = 8,        // of a chunk, all rows go over them: they stay in the second cache
  PANELS_FOR_PACKED_ROWS = 16,
  STEPS_PACKED_AT_ONCE = 16,
  NEAR_BYTES = 512 << 10,    // what is larger does not stay in the second cache
  SUM_BYTES = 128 << 10,
  LINE_BYTES = 256 << 10,    // of lines of samples, with the zeros around them
  // Measured (Zen 4): up to so many tiles read rows of up to so many bytes as fast from where they are as from panels.
  DIRECT_TILES = 16,
  DIRECT_ROW_BYTES = 2048,
  SMALLEST_BLOCK = 1 << 17,  // multiplications
  MULTIPLICATIONS_THAT_PAY = 4,  // of an outer or inner product, as much as an element elsewhere
  BLOCKS_PER_THREAD = 16,
  BLOCKS_THAT_PACK_BOTH = 4,  // per thread
  COST_OF_READING = 3,       // in multiplications, of an element of the right operand
  MULTIPLICATIONS_PER_NANOSECOND = 64,  // as fast as one core may be
};

// MARK: Scratch

typedef struct {
  window_run runs[CHUNK];  // of the steps that are computed, or of rows that are copied
  ptrdiff_t run_count;
  window_run all;          // steps one behind the other
  ck_windows windows;      // of what lies in `lines`
  _Alignas(64) char rows[MOST_TILE_ROWS * PADDED_CHUNK * sizeof(double)];
  _Alignas(64) char lines[LINE_BYTES];
  _Alignas(64) char panels[PANELS_FOR_PACKED_ROWS][CHUNK * VECTORS_PER_PANEL * 64];
} scratch;

static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;
static void make_scratch_key(void) { pthread_key_create(&scratch_key, free); }

// One for each thread, made with its first product and freed with the thread.
static scratch *own_scratch(void) {
  static _Thread_local scratch *own = NULL;
  if (own) return own;
  pthread_once(&scratch_once, make_scratch_key);
  own = aligned_alloc(64, sizeof(scratch));
  if (!own) abort();
  pthread_setspecific(scratch_key, own);
  return own;
}

// MARK: Packed right operands

size_t ck_packed_bytes(const ck_kernels *kernels, ck_type type, ptrdiff_t steps, ptrdiff_t columns) {
  const product_kernels *tiles = kernels->product[type];
  ptrdiff_t whole = columns / tiles->columns * tiles->columns, rest = columns - whole;
  return (size_t)((whole + (rest > 0 ? panel_columns(tiles, rest) : 0)) * steps * type_width(type));
}

typedef struct {
  const product_kernels *tiles;
  char *packed;
  ck_matrix right;
  ptrdiff_t steps, columns, width;
} packing;

static void pack_panels(ptrdiff_t first, ptrdiff_t end, void *context) {
  const packing *p = context;
  for (ptrdiff_t panel = first; panel < end; panel++) {
    ptrdiff_t column = panel * p->tiles->columns, left = p->columns - column;
    p->tiles->pack_panel(p->packed + column * p->steps * p->width, panel_columns(p->tiles, left),
                         (const char *)p->right.data + column * p->right.column * p->width, p->right.row,
                         p->right.column, p->steps, smaller(left, p->tiles->columns));
  }
}

void ck_pack_matrix(const ck_kernels *kernels, ck_type type, void *packed, ck_matrix right, ptrdiff_t steps,
             ptrdiff_t columns) {
  packing p = {kernels->product[type], packed, right, steps, columns, type_width(type)};
  ptrdiff_t panels = quotient_up(columns, p.tiles->columns);
  if (part_count(steps * columns) > 1) run_ranges(panels, pack_panels, &p);
  else pack_panels(0, panels, &p);
}

// MARK: Products

typedef struct {
  const ck_kernels *kernels;
  const product_kernels *tiles;
  const ck_matrix_product *product;
  ptrdiff_t width;  // bytes of an element
  ptrdiff_t panels, chunks, row_blocks, column_blocks;
  bool packs_rows, reads_ahead, result_is_far;
  ck_kernel activation;  // that follows a tile, or NULL
} product_call;

static ptrdiff_t length(range r) { return r.end - r.first; }

static char *element(const product_call *call, const void *data, ptrdiff_t offset) {
  return (char *)data + offset * call->width;
}

// How many panels from this one on are read side by side by so few rows.
static ptrdiff_t side_by_side(const product_call *call, ptrdiff_t rows, range panels) {
  const ck_matrix_product *p = call->product;
  if (rows > FEW_ROWS || (!p->packed && (p->right.column != 1 || p->right_has_taps))) return 1;
  ptrdiff_t count = call->tiles->panels[rows], each = call->tiles->columns;
  ptrdiff_t last = p->columns - (panels.first + count - 1) * each;  // columns from the last of them on
  bool are_whole = p->packed ? panel_columns(call->tiles, last) == each : last >= each;
  return length(panels) >= count && are_whole ? count : 1;
}

// A group of panels, `count` of them side by side, and where a chunk of their steps lies.
typedef struct {
  range panels, steps;
  ptrdiff_t count;
  const void *right[PANELS_FOR_PACKED_ROWS];
  ptrdiff_t right_step[PANELS_FOR_PACKED_ROWS], right_panel;
} group;

// The right operand's rows from a step on, and how many of `steps` lie at equal distances.
static const char *right_rows(const product_call *call, ptrdiff_t step, ptrdiff_t *steps) {
  const ck_matrix_product *p = call->product;
  if (!p->right_has_taps) return element(call, p->right.data, step * p->right.row);
  const ck_windows *w = p->windows;
  ptrdiff_t tap = step / w->channels, channel = step % w->channels, offset = channel * p->right.row;
  *steps = smaller(*steps, w->channels - channel);
  for (int axis = WINDOW_AXES - 1; axis >= 0; axis--) {
    offset += tap % w->kernel[axis] * w->tap[axis];
    tap /= w->kernel[axis];
  }
  return element(call, p->right.data, offset);
}

// Whole panels are read where they are, if that is not too slow; else the group is packed, its panels side by side so
// that rows are read as far as they are contiguous.
static void place_right(const product_call *call, scratch *s, group *g, ptrdiff_t tiles) {
  const ck_matrix_product *p = call->product;
  ptrdiff_t each = call->tiles->columns, packed = 0, row_bytes = p->right.row * call->width;
  bool is_direct = p->right.column == 1 && !p->right_has_taps && (tiles == 1 || (tiles <= DIRECT_TILES && row_bytes <= DIRECT_ROW_BYTES));
  g->right_panel = p->packed ? each * p->steps : each;
  for (ptrdiff_t panel = g->panels.first, i = 0; panel < g->panels.end; panel += g->count, i++) {
    ptrdiff_t column = panel * each, left = p->columns - column;
    g->right_step[i] = panel_columns(call->tiles, left);
    if (p->packed) {
      g->right[i] = element(call, p->packed, column * p->steps + g->steps.first * g->right_step[i]);
    } else if (is_direct && left >= g->right_step[i]) {
      g->right[i] = element(call, p->right.data, g->steps.first * p->right.row + column);
      g->right_step[i] = p->right.row;
    } else {
      g->right[i] = s->panels[i];
      packed = i + 1;
    }
  }
  ptrdiff_t at_once = p->right.column == 1 ? STEPS_PACKED_AT_ONCE : CHUNK, steps;
  for (ptrdiff_t first = 0; packed > 0 && first < length(g->steps); first += steps) {
    steps = smaller(at_once, length(g->steps) - first);
    const char *rows = right_rows(call, g->steps.first + first, &steps);
    for (ptrdiff_t i = 0; i < packed; i++) {
      if (g->right[i] != s->panels[i]) continue;
      ptrdiff_t column = (g->panels.first + i) * each;
      call->tiles->pack_panel(element(call, s->panels[i], first * g->right_step[i]), g->right_step[i],
                              element(call, rows, column * p->right.column), p->right.row, p->right.column, steps,
                              smaller(p->columns - column, each));
    }
  }
}

// A window that reaches beyond the tensor.
static void copy_border(const product_call *call, const scratch *s, char *to, const window_start *start) {
  const void *data = call->product->left.data;
  for (const window_run *run = s->runs; run < s->runs + s->run_count; to += run->count * call->width, run++) {
    ptrdiff_t first, end, offset;
    if (!part_inside(call->product->windows, start, run, &first, &end, &offset)) first = end = run->count;
    memset(to, 0, (size_t)(first * call->width));
    memcpy(to + first * call->width, element(call, data, offset + first), (size_t)((end - first) * call->width));
    memset(to + end * call->width, 0, (size_t)((run->count - end) * call->width));
  }
}

// Windows one behind the other, so many elements from the first of one to that of the next.
static void copy_windows(const product_call *call, const scratch *s, char *to, ptrdiff_t distance, range windows) {
  const ck_windows *w = call->product->windows;
  window_start start = start_of_window(w, windows.first);
  while (length(windows) > 0) {
    ptrdiff_t count = smaller(windows_inside(w, &start), length(windows));
    if (count > 0)
      call->tiles->copy_runs(to, distance, element(call, call->product->left.data, start.offset),
                             w->stride[WINDOW_AXES - 1] * w->step[WINDOW_AXES - 1], count, s->runs, s->run_count);
    else copy_border(call, s, to, &start);
    count = larger(count, 1);
    advance(w, &start, count);
    windows.first += count;
    to += count * distance * call->width;
  }
}

// Rows that are computed one after another, over the same panels.
typedef struct {
  range rows;
  ptrdiff_t lines;  // equal parts of them, which no tile crosses
  bool are_copied;  // the lines of samples that they read lie in the scratch memory
} row_block;

static void place_lines(const product_call *call, const scratch *s, product_tile *t, const row_block *block, range rows) {
  const ck_windows *w = &s->windows;
  ptrdiff_t each = length(block->rows) / block->lines, row = rows.first - block->rows.first;
  ptrdiff_t offset = row / each * w->stride[1] * w->step[1] + row % each * w->stride[2] * w->step[2];
  t->left = element(call, s->lines, offset);
  t->left_row = w->stride[2] * w->step[2];
  t->left_step = 1;
  t->runs = s->runs;
  t->run_count = s->run_count;
}

static void place_left(const product_call *call, scratch *s, product_tile *t, const row_block *block, range rows,
                       range steps) {
  const ck_matrix *left = &call->product->left;
  if (block->are_copied) return place_lines(call, s, t, block, rows);
  if (call->product->windows) {
    bool transposes = call->product->transposes_windows;
    if (transposes) s->run_count = list_runs(call->product->windows, rows.first, rows.end, s->runs);
    t->left = s->rows;
    t->left_row = transposes ? 1 : PADDED_CHUNK;
    t->left_step = transposes ? call->tiles->rows : 1;
    return copy_windows(call, s, s->rows, larger(t->left_row, t->left_step), transposes ? steps : rows);
  }
  t->left = element(call, left->data, rows.first * left->row + steps.first * left->column);
  t->left_row = left->row;
  t->left_step = left->column;
  if (!call->packs_rows) return;
  if (left->column == 1) {
    for (ptrdiff_t r = 0; r < length(rows); r++)
      memcpy(element(call, s->rows, r * PADDED_CHUNK), element(call, t->left, r * left->row),
             (size_t)(length(steps) * call->width));
    t->left_row = PADDED_CHUNK;
  } else {
    call->tiles->pack_rows(s->rows, call->tiles->rows, t->left, left->column, length(steps), length(rows));
    t->left_step = call->tiles->rows;
  }
  t->left = s->rows;
}

static void prefetch(const product_call *call, const void *data, ptrdiff_t row, range rows, range columns) {
  for (ptrdiff_t r = rows.first; r < rows.end; r++) {
    const char *line = element(call, data, r * row + columns.first);
    for (ptrdiff_t offset = 0; offset < length(columns) * call->width; offset += 64) __builtin_prefetch(line + offset);
  }
}

// The next tile's rows; where a step is a line of its own they lie in places of the nearest cache that others need too.
static void prefetch_left(const product_call *call, range rows, range steps) {
  const ck_matrix *left = &call->product->left;
  if (left->column == 1) return prefetch(call, left->data, left->row, rows, steps);
  if (length(rows) == 0) return;
  for (ptrdiff_t step = steps.first; step < steps.end; step++) {
    const char *first = element(call, left->data, step * left->column + rows.first);
    __builtin_prefetch(first, 0, 2);
    __builtin_prefetch(first + (length(rows) - 1) * call->width, 0, 2);
  }
}

// While a tile is computed, the next one's rows are read ahead.
static void run_tile(const product_call *call, product_tile *t, const group *g, range rows, range next, bool is_last) {
  const ck_matrix_product *p = call->product;
  ptrdiff_t each = call->tiles->columns;
  for (ptrdiff_t panel = g->panels.first, i = 0; panel < g->panels.end; panel += g->count, i++) {
    ptrdiff_t column = panel * each, left = p->columns - column;
    t->right = g->right[i];
    t->right_step = g->right_step[i];
    t->columns = smaller(left, g->count * each);
    if (is_last && p->bias) t->bias = element(call, p->bias, column);
    void *result = element(call, p->result, rows.first * p->result_row + column);
    t->sum = result;
    t->sum_row = p->result_row;
    if (p->preactivation) {
      t->sum = element(call, p->preactivation, rows.first * p->preactivation_row + column);
      t->sum_row = p->preactivation_row;
      t->result = is_last && !call->activation ? result : NULL;
      t->result_row = p->result_row;
    }
    bool is_half = panel_columns(call->tiles, left) < each;
    const product_kernel *kernels =
        g->count > 1 ? call->tiles->several : is_half ? call->tiles->half : call->tiles->whole;
    if (call->reads_ahead) prefetch_left(call, next, piece(g->steps, length(g->panels), i));
    if (call->result_is_far) prefetch(call, t->sum, t->sum_row, (range){0, length(rows)}, (range){0, t->columns});
    kernels[length(rows)](t);
  }
}

static void activate(const product_call *call, range rows, range panels) {
  const ck_matrix_product *p = call->product;
  ptrdiff_t column = panels.first * call->tiles->columns;
  ptrdiff_t columns = smaller(p->columns, panels.end * call->tiles->columns) - column;
  for (ptrdiff_t row = rows.first; row < rows.end; row++) {
    void *result = element(call, p->result, row * p->result_row + column);
    const void *input = result;
    if (p->preactivation) input = element(call, p->preactivation, row * p->preactivation_row + column);
    call->activation(result, &input, columns, 0, &p->parameters);
  }
}

static range tile_of(const row_block *block, ptrdiff_t tiles, ptrdiff_t index) {
  if (block->lines == 1) return piece(block->rows, tiles, index);
  return piece(piece(block->rows, block->lines, index / tiles), tiles, index % tiles);
}

// Chunk by chunk, all rows over a group of panels.
static void run_rows(const product_call *call, scratch *s, const row_block *block, range panels) {
  const ck_matrix_product *p = call->product;
  ptrdiff_t rows = length(block->rows);
  ptrdiff_t each = block->lines == 1 ? rows : rows / block->lines;
  ptrdiff_t tiles = each <= call->tiles->rows ? 1 : quotient_up(each, call->tiles->rows), all = tiles * block->lines;
  ptrdiff_t most = call->packs_rows ? PANELS_FOR_PACKED_ROWS : PANELS_AT_ONCE;
  const ck_windows *windows = block->are_copied ? &s->windows : p->transposes_windows ? NULL : p->windows;
  while (length(panels) > 0) {
    group g = {.count = side_by_side(call, rows, panels)};
    g.panels.first = panels.first;
    g.panels.end = panels.first = smaller(panels.first + (rows > FEW_ROWS ? most : g.count), panels.end);
    for (ptrdiff_t chunk = 0; chunk < call->chunks; chunk++) {
      bool is_last = chunk == call->chunks - 1;
      g.steps = piece((range){0, p->steps}, call->chunks, chunk);
      if (windows) s->run_count = list_runs(windows, g.steps.first, g.steps.end, s->runs);
      place_right(call, s, &g, all);
      s->all = (window_run){.count = length(g.steps)};
      product_tile t = {.runs = &s->all, .run_count = 1, .right_panel = g.right_panel, .alpha = p->alpha};
      t.beta = chunk == 0 ? p->beta : 1;
      t.rectifies = is_last && p->activates && p->activation == ck_rectifier;
      for (ptrdiff_t i = 0; i < all; i++) {
        range tile = tile_of(block, tiles, i);
        place_left(call, s, &t, block, tile, g.steps);
        range next = i + 1 < all ? tile_of(block, tiles, i + 1) : (range){0, 0};
        run_tile(call, &t, &g, tile, next, is_last);
        if (is_last && call->activation) activate(call, tile, g.panels);
      }
    }
  }
}

// MARK: Lines of samples

// Copies the places of a sample from one on, so many along a line, with zeros where there are none.
static void copy_line(const product_call *call, char *to, ptrdiff_t sample, ptrdiff_t row, range columns) {
  const ck_windows *w = call->product->windows;
  ptrdiff_t bytes = w->channels * call->width, first = larger(columns.first, 0);
  ptrdiff_t end = row < 0 || row >= w->input[1] ? first : larger(smaller(columns.end, w->input[2]), first);
  memset(to, 0, (size_t)(smaller(first - columns.first, length(columns)) * bytes));
  if (end > first) {
    const char *from = element(call, call->product->left.data, sample * w->sample + row * w->step[1] + first * w->step[2]);
    char *inner = to + (first - columns.first) * bytes;
    if (w->step[2] == w->channels) memcpy(inner, from, (size_t)((end - first) * bytes));
    else
      for (ptrdiff_t place = first; place < end; place++, inner += bytes, from += w->step[2] * call->width)
        memcpy(inner, from, (size_t)bytes);
  }
  if (columns.end > end && end >= columns.first)
    memset(to + (end - columns.first) * bytes, 0, (size_t)((columns.end - end) * bytes));
}

// The places that so many windows side by side cover.
static ptrdiff_t places_covered(const ck_windows *w, int axis, ptrdiff_t windows) {
  return (windows - 1) * w->stride[axis] + (w->kernel[axis] - 1) * w->dilation[axis] + 1;
}

static ptrdiff_t bytes_of_lines(const product_call *call, ptrdiff_t lines, ptrdiff_t windows) {
  const ck_windows *w = call->product->windows;
  return places_covered(w, 1, lines) * places_covered(w, 2, windows) * w->channels * call->width;
}

// Whether tiles read lines of samples, with the zeros around them, instead of windows one by one: where they fill lines well.
static bool copies_lines(const product_call *call) {
  const ck_windows *w = call->product->windows;
  if (!w || call->product->transposes_windows || w->kernel[0] > 1 || w->input[0] > 1 || w->output[0] > 1) return false;
  ptrdiff_t windows = w->output[2], tiles = quotient_up(windows, call->tiles->rows);
  bool fill_lines = windows * 4 >= tiles * call->tiles->rows * 3;
  return fill_lines && bytes_of_lines(call, 1, smaller(windows, 4 * call->tiles->rows)) <= LINE_BYTES;
}

// The next rows of those that are left: some whole lines of a sample, or a part of a line; and copies what they read.
static row_block copy_lines(const product_call *call, scratch *s, range rows) {
  const ck_windows *w = call->product->windows;
  ptrdiff_t each = w->output[2], line = rows.first / each, first = rows.first % each, count = smaller(each - first, length(rows));
  ptrdiff_t number = line % w->output[1], lines = 1;
  while (bytes_of_lines(call, 1, count) > LINE_BYTES) count = quotient_up(count, 2);
  if (count == each) {
    ptrdiff_t most = smaller(length(rows) / each, w->output[1] - number);
    while (lines < most && bytes_of_lines(call, lines + 1, each) <= LINE_BYTES) lines++;
  }
  row_block block = {.rows = {rows.first, rows.first + lines * count}, .lines = lines, .are_copied = true};
  s->windows = *w;
  ptrdiff_t row = number * w->stride[1] - w->before[1], column = first * w->stride[2] - w->before[2];
  range columns = {column, column + places_covered(w, 2, count)};
  s->windows.step[2] = w->channels;
  s->windows.step[1] = length(columns) * w->channels;
  for (ptrdiff_t i = 0; i < places_covered(w, 1, lines); i++)
    copy_line(call, s->lines + i * s->windows.step[1] * call->width, line / w->output[1], row + i, columns);
  return block;
}

// Where the right operand stays in the second cache, chunk after chunk of a few rows, so that sums stay there too.
static void run_block(const product_call *call, range rows, range panels) {
  const ck_matrix_product *p = call->product;
  scratch *s = own_scratch();
  if (copies_lines(call)) {
    while (length(rows) > 0) {
      row_block block = copy_lines(call, s, rows);
      run_rows(call, s, &block, panels);
      rows.first = block.rows.end;
    }
    return;
  }
  ptrdiff_t columns = length(panels) * call->tiles->columns;
  bool is_near = call->chunks > 1 && p->steps * columns * call->width <= NEAR_BYTES;
  ptrdiff_t parts = is_near ? quotient_up(length(rows) * columns * call->width, SUM_BYTES) : 1;
  for (ptrdiff_t part = 0; part < parts; part++) {
    row_block block = {.rows = piece(rows, parts, part), .lines = 1};
    run_rows(call, s, &block, panels);
  }
}

// The blocks from `first` up to `end`; those side by side as a single one.
static void run_blocks(ptrdiff_t first, ptrdiff_t end, void *context) {
  const product_call *call = context;
  range rows = {0, call->product->rows}, panels = {0, call->panels};
  if (call->column_blocks == 1 && first < end) {
    rows = (range){piece(rows, call->row_blocks, first).first, piece(rows, call->row_blocks, end - 1).end};
    return run_block(call, rows, panels);
  }
  while (first < end) {
    ptrdiff_t row = first / call->column_blocks, column = first % call->column_blocks;
    ptrdiff_t last = smaller(column + end - first, call->column_blocks) - 1;
    range some = {piece(panels, call->column_blocks, column).first, piece(panels, call->column_blocks, last).end};
    run_block(call, piece(rows, call->row_blocks, row), some);
    first += last + 1 - column;
  }
}

// In multiplications.
static double work(const ck_matrix_product *p) {
  return (double)larger(p->rows, COST_OF_READING) * (double)p->steps * (double)p->columns;
}

// How many blocks are worth having.
static ptrdiff_t blocks_wanted(const ck_matrix_product *p) {
  int threads = ck_threads();
  if (threads == 1) return 1;
  double blocks = work(p) / SMALLEST_BLOCK;
  ptrdiff_t most = (ptrdiff_t)threads * BLOCKS_PER_THREAD;
  return blocks < 2 ? 1 : blocks < (double)most ? (ptrdiff_t)blocks : most;
}

// As many blocks, so that the least is packed on the way: each of them packs its part of both operands.
static void divide_both(product_call *call, ptrdiff_t tiles, ptrdiff_t wanted) {
  const ck_matrix_product *p = call->product;
  double least = INFINITY;
  for (ptrdiff_t by_rows = 1; by_rows <= smaller(tiles, wanted); by_rows++) {
    ptrdiff_t by_columns = smaller(call->panels, quotient_up(wanted, by_rows));
    double packed = (double)by_rows * (double)p->columns + (double)by_columns * (double)p->rows;
    if (by_rows * by_columns < wanted || packed >= least) continue;
    least = packed;
    call->row_blocks = by_rows;
    call->column_blocks = by_columns;
  }
}

// By columns first: what is packed on the way is not packed twice then; by rows where there are more of them.
static void divide(product_call *call) {
  const ck_matrix_product *p = call->product;
  ptrdiff_t wanted = blocks_wanted(p), tiles = quotient_up(p->rows, call->tiles->rows);
  call->row_blocks = 0;
  if (call->packs_rows) divide_both(call, tiles, smaller(wanted, (ptrdiff_t)ck_threads() * BLOCKS_THAT_PACK_BOTH));
  if (call->row_blocks > 0) return;
  if (p->packed && tiles > call->panels) {
    call->row_blocks = smaller(tiles, wanted);
    call->column_blocks = smaller(call->panels, quotient_up(wanted, call->row_blocks));
  } else {
    call->column_blocks = smaller(call->panels, wanted);
    call->row_blocks = smaller(tiles, quotient_up(wanted, call->column_blocks));
  }
}

// Of a transposed operand each step is a line of its own; rows whose distance is a multiple of a page's length meet in
// the same few places of the nearest cache.
static bool left_lies_badly(const ck_matrix *left, ptrdiff_t width) {
  ptrdiff_t beyond_page = left->row * width % 4096;
  return left->column == 1 ? beyond_page < 128 || beyond_page > 4096 - 128 : left->row == 1;
}

static void run_outer(ptrdiff_t first, ptrdiff_t end, void *context) {
  const product_call *call = context;
  call->tiles->outer(call->product, first, end);
}

static void run_inner(ptrdiff_t first, ptrdiff_t end, void *context) {
  const product_call *call = context;
  call->tiles->inner(call->product, first, end);
}

static bool ends_with_sum(const ck_matrix_product *p) {
  return !p->packed && !p->bias && !p->activates && !p->preactivation;
}

// Products of a column and a row.
static bool is_outer(const ck_matrix_product *p) {
  return p->steps == 1 && p->right.column == 1 && ends_with_sum(p);
}

// Few rows do not pay for turning the right operand's rows into panels.
static bool is_inner(const ck_matrix_product *p) {
  return p->sums_in_any_order && p->rows <= FEW_ROWS && p->right.row == 1 && p->left.column == 1 && ends_with_sum(p);
}

// An operand that one processor has made in its caches, others read more slowly than they multiply.
static void share(product_call *call, ptrdiff_t elements, ptrdiff_t count, void (*body)(ptrdiff_t, ptrdiff_t, void *)) {
  if (count > 1 && part_count(elements / MULTIPLICATIONS_THAT_PAY) > 1) run_ranges(count, body, call);
  else body(0, count, call);
}

static void multiply(const ck_kernels *kernels, ck_type type, const ck_matrix_product *product, bool is_alone) {
  if (product->rows <= 0 || product->columns <= 0) return;
  if (product->transformed) return multiply_transformed(kernels, type, product);
  product_call call = {.kernels = kernels, .tiles = kernels->product[type], .product = product};
  call.width = type_width(type);
  if (product->windows) call.packs_rows = true;
  else if (is_outer(product)) return share(&call, product->rows * product->columns, product->rows, run_outer);
  else if (is_inner(product)) return share(&call, product->steps * product->columns, product->columns, run_inner);
  call.panels = quotient_up(product->columns, call.tiles->columns);
  call.chunks = larger(quotient_up(product->steps, CHUNK), 1);
  if (!product->windows)
    call.packs_rows = product->rows > FEW_ROWS && call.panels > 2 && left_lies_badly(&product->left, call.width);
  call.reads_ahead = !product->windows && (product->left.column == 1 || product->left.row == 1) &&
                     product->rows * product->steps * call.width > NEAR_BYTES;
  call.result_is_far = product->rows * product->columns * call.width > NEAR_BYTES;
  if (product->activates && product->activation != ck_rectifier)
    call.activation = kernels->elementwise[product->activation][type];
  if (is_alone) call.row_blocks = call.column_blocks = 1;
  else divide(&call);
  ptrdiff_t blocks = call.row_blocks * call.column_blocks;
  if (blocks == 1) run_blocks(0, 1, &call);
  else run_long_ranges(blocks, (uint64_t)(work(product) / MULTIPLICATIONS_PER_NANOSECOND), run_blocks, &call);
}

void ck_multiply_matrices(const ck_kernels *kernels, ck_type type, const ck_matrix_product *product) {
  multiply(kernels, type, product, false);
}

void multiply_alone(const ck_kernels *kernels, ck_type type, const ck_matrix_product *product) {
  multiply(kernels, type, product, true);
}
