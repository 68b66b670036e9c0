// Matrix products in blocks: of the steps, so that what is read again is still in the nearest caches, and of rows and
// columns, which the threads share. The chunks of steps depend on their number alone.
#include "nest.h"
#include "threads.h"
#include <pthread.h>
#include <stdlib.h>

enum {
  CHUNK = 256,             // steps
  BLOCK_BYTES = 256 << 10,  // of the left operand: they stay in the second cache
  PANELS_AT_ONCE = 16,     // before the activation follows
  PANEL_BYTES = CHUNK * VECTORS_PER_PANEL * 64,
  DIRECT_ROWS = 4,          // up to so many are not worth packing a right operand for
  SMALLEST_PART = 1 << 17,  // multiplications
  PARTS_PER_THREAD = 4,
  FEWEST_ROWS_PER_PART = 2,  // tiles
  COST_OF_READING = 3,       // in multiplications, of an element of the right operand
};

static ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static ptrdiff_t larger(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }
static ptrdiff_t quotient_up(ptrdiff_t a, ptrdiff_t b) { return (a + b - 1) / b; }

// MARK: Scratch

typedef struct {
  _Alignas(64) char left[BLOCK_BYTES], right[PANEL_BYTES];
} scratch;

static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;
static void make_scratch_key(void) { pthread_key_create(&scratch_key, free); }

// One for each thread, made with its first product that packs and freed with the thread.
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

// Panels one behind the other, each with all its steps. The last one is half as wide where that suffices.
static ptrdiff_t panel_columns(const product_kernels *tiles, ptrdiff_t columns_left) {
  return columns_left <= tiles->columns / 2 ? tiles->columns / 2 : tiles->columns;
}

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
  ck_type type;
  ptrdiff_t width;  // bytes of an element
  ptrdiff_t panels, chunks;
  ptrdiff_t row_blocks, column_blocks;
  bool packs_left;
  ck_kernel activation;  // that follows a block, or NULL
} product_call;

typedef struct {
  ptrdiff_t first, end;
} range;

// One of `parts` nearly equal pieces of 0 ..< count.
static range piece(ptrdiff_t count, ptrdiff_t parts, ptrdiff_t index) {
  ptrdiff_t each = count / parts, rest = count % parts;
  return (range){index * each + smaller(index, rest), (index + 1) * each + smaller(index + 1, rest)};
}

static char *element(const product_call *call, const void *data, ptrdiff_t offset) {
  return (char *)data + offset * call->width;
}

// The rows of a block of which a tile is made: at a time as many as possible, all nearly the same.
static ptrdiff_t tile_count(const product_call *call, range rows) {
  return quotient_up(rows.end - rows.first, call->tiles->rows);
}

static void pack_left(const product_call *call, scratch *s, range rows, range steps) {
  const ck_matrix *left = &call->product->left;
  ptrdiff_t tiles = tile_count(call, rows), count = steps.end - steps.first;
  for (ptrdiff_t i = 0; i < tiles; i++) {
    range tile = piece(rows.end - rows.first, tiles, i);
    call->tiles->pack_rows(element(call, s->left, i * call->tiles->rows * count), call->tiles->rows,
                           element(call, left->data, rows.first + tile.first + steps.first * left->column),
                           left->column, count, tile.end - tile.first);
  }
}

// Where the right operand of some steps of a panel lies.
static void place_right(const product_call *call, scratch *s, product_tile *t, ptrdiff_t rows, ptrdiff_t panel,
                        ptrdiff_t count, range steps) {
  const ck_matrix_product *p = call->product;
  ptrdiff_t column = panel * call->tiles->columns, left = p->columns - column;
  ptrdiff_t packed_columns = panel_columns(call->tiles, left);
  if (p->packed) {
    t->right = element(call, p->packed, column * p->steps + steps.first * packed_columns);
    t->right_step = packed_columns;
    t->right_panel = call->tiles->columns * p->steps;
    return;
  }
  const void *right = element(call, p->right.data, steps.first * p->right.row + column * p->right.column);
  bool is_whole = left >= count * call->tiles->columns;
  if (rows <= DIRECT_ROWS && p->right.column == 1 && is_whole) {
    t->right = right;
    t->right_step = p->right.row;
    t->right_panel = call->tiles->columns;
    return;
  }
  call->tiles->pack_panel(s->right, packed_columns, right, p->right.row, p->right.column, steps.end - steps.first,
                          smaller(left, call->tiles->columns));
  t->right = s->right;
  t->right_step = packed_columns;
}

// The tiles of `count` panels, from all rows of a block, over one chunk of the steps.
static void run_panels(const product_call *call, scratch *s, range rows, ptrdiff_t panel, ptrdiff_t count,
                       ptrdiff_t chunk) {
  const ck_matrix_product *p = call->product;
  range steps = piece(p->steps, call->chunks, chunk);
  bool is_last = chunk == call->chunks - 1;
  ptrdiff_t column = panel * call->tiles->columns, columns_left = p->columns - column;
  bool is_half = panel_columns(call->tiles, columns_left) < call->tiles->columns;
  const product_kernel *kernels = count > 1 ? call->tiles->several : is_half ? call->tiles->half : call->tiles->whole;
  product_tile t = {.steps = steps.end - steps.first, .alpha = p->alpha, .beta = chunk == 0 ? p->beta : 1};
  t.columns = smaller(columns_left, count * call->tiles->columns);
  t.rectifies = is_last && p->activates && p->activation == ck_rectifier;
  if (is_last && p->bias) t.bias = element(call, p->bias, column);
  place_right(call, s, &t, p->rows, panel, count, steps);
  ptrdiff_t tiles = tile_count(call, rows);
  for (ptrdiff_t i = 0; i < tiles; i++) {
    range tile = piece(rows.end - rows.first, tiles, i);
    ptrdiff_t row = rows.first + tile.first;
    if (call->packs_left) {
      t.left = element(call, s->left, i * call->tiles->rows * t.steps);
      t.left_row = 1;
      t.left_step = call->tiles->rows;
    } else {
      t.left = element(call, p->left.data, row * p->left.row + steps.first * p->left.column);
      t.left_row = p->left.row;
      t.left_step = p->left.column;
    }
    void *result = element(call, p->result, row * p->result_row + column);
    if (p->preactivation) {
      t.sum = element(call, p->preactivation, row * p->preactivation_row + column);
      t.sum_row = p->preactivation_row;
      t.result = is_last && !call->activation ? result : NULL;
      t.result_row = p->result_row;
    } else {
      t.sum = result;
      t.sum_row = p->result_row;
    }
    kernels[tile.end - tile.first](&t);
  }
}

static void activate(const product_call *call, range rows, ptrdiff_t column, ptrdiff_t columns) {
  const ck_matrix_product *p = call->product;
  for (ptrdiff_t row = rows.first; row < rows.end; row++) {
    void *result = element(call, p->result, row * p->result_row + column);
    const void *input = result;
    if (p->preactivation) input = element(call, p->preactivation, row * p->preactivation_row + column);
    call->activation(result, &input, columns, 0, &p->parameters);
  }
}

// How many panels from this one on are read side by side by so many rows.
static ptrdiff_t side_by_side(const product_call *call, ptrdiff_t rows, range panels) {
  const ck_matrix_product *p = call->product;
  if (rows > FEW_ROWS || (!p->packed && p->right.column != 1)) return 1;
  ptrdiff_t count = call->tiles->panels[rows], each = call->tiles->columns;
  ptrdiff_t last = p->columns - (panels.first + count - 1) * each;  // columns from the last of them on
  bool are_whole = p->packed ? panel_columns(call->tiles, last) == each : last >= each;
  return panels.first + count <= panels.end && are_whole ? count : 1;
}

static void run_block(const product_call *call, range rows, range panels) {
  const ck_matrix_product *p = call->product;
  scratch *s = own_scratch();
  ptrdiff_t row_count = rows.end - rows.first, each = call->tiles->columns;
  while (panels.first < panels.end) {
    ptrdiff_t count = side_by_side(call, row_count, panels), at_once = row_count > FEW_ROWS ? PANELS_AT_ONCE : count;
    ptrdiff_t end = smaller(panels.first + at_once, panels.end);
    for (ptrdiff_t chunk = 0; chunk < call->chunks; chunk++) {
      if (call->packs_left) pack_left(call, s, rows, piece(p->steps, call->chunks, chunk));
      for (ptrdiff_t panel = panels.first; panel < end; panel += count)
        run_panels(call, s, rows, panel, count, chunk);
    }
    ptrdiff_t column = panels.first * each;
    if (call->activation) activate(call, rows, column, smaller(p->columns, end * each) - column);
    panels.first = end;
  }
}

static void run_blocks(ptrdiff_t first, ptrdiff_t end, void *context) {
  const product_call *call = context;
  for (ptrdiff_t block = first; block < end; block++)
    run_block(call, piece(call->product->rows, call->row_blocks, block / call->column_blocks),
              piece(call->panels, call->column_blocks, block % call->column_blocks));
}

// How many parts are worth having.
static ptrdiff_t parts_wanted(const ck_matrix_product *p) {
  int threads = ck_threads();
  if (threads == 1) return 1;
  double work = (double)larger(p->rows, COST_OF_READING) * (double)p->steps * (double)p->columns / SMALLEST_PART;
  ptrdiff_t most = (ptrdiff_t)threads * PARTS_PER_THREAD;
  return work < 2 ? 1 : work < (double)most ? (ptrdiff_t)work : most;
}

// A packed operand is divided by rows first, one that is packed on the way by columns: then nothing is done twice.
static void divide(product_call *call) {
  const ck_matrix_product *p = call->product;
  ptrdiff_t block_rows = BLOCK_BYTES / (CHUNK * call->width) / call->tiles->rows * call->tiles->rows;
  ptrdiff_t wanted = parts_wanted(p);
  ptrdiff_t least = quotient_up(p->rows, block_rows);
  ptrdiff_t most_rows = larger(p->rows / (FEWEST_ROWS_PER_PART * call->tiles->rows), 1);
  ptrdiff_t at_once = p->rows <= FEW_ROWS ? call->tiles->panels[p->rows] : 1;
  ptrdiff_t most_columns = quotient_up(call->panels, at_once);
  if (p->packed) {
    call->row_blocks = larger(least, smaller(most_rows, wanted));
    call->column_blocks = smaller(most_columns, quotient_up(wanted, call->row_blocks));
  } else {
    call->column_blocks = smaller(most_columns, wanted);
    call->row_blocks = larger(least, smaller(most_rows, quotient_up(wanted, call->column_blocks)));
  }
}

void ck_multiply_matrices(const ck_kernels *kernels, ck_type type, const ck_matrix_product *product) {
  if (product->rows <= 0 || product->columns <= 0) return;
  product_call call = {.kernels = kernels, .tiles = kernels->product[type], .product = product, .type = type,
                       .width = type_width(type)};
  call.panels = quotient_up(product->columns, call.tiles->columns);
  call.chunks = larger(quotient_up(product->steps, CHUNK), 1);
  call.packs_left = product->left.column != 1 && product->left.row == 1 && product->rows > 1 && call.panels > 2;
  if (product->activates && product->activation != ck_rectifier)
    call.activation = kernels->elementwise[product->activation][type];
  divide(&call);
  ptrdiff_t blocks = call.row_blocks * call.column_blocks;
  if (blocks == 1) run_blocks(0, 1, &call);
  else run_ranges(blocks, run_blocks, &call);
}
