// Blocks of elements at places that are looked up: read, written, added to.
#include "../core/nest.h"
#include "../core/threads.h"

// A move of a single element is one instruction where its size is known.
#define MOVE_BLOCKS(RESULT, SOURCE, BYTES)                                            \
  for (ptrdiff_t i = 0, block = 0; i < at->offset_count; i++)                         \
    for (ptrdiff_t j = 0; j < at->part_count; j++, block += at->run) {                \
      ptrdiff_t place = at->offsets[i] + at->parts[j];                                \
      memcpy((char *)result + (RESULT) * width, (const char *)source + (SOURCE) * width, (size_t)(BYTES)); \
    }
#define MOVE(RESULT, SOURCE)                                             \
  if (at->run == 1 && width == 8) MOVE_BLOCKS(RESULT, SOURCE, 8)         \
  else if (at->run == 1 && width == 4) MOVE_BLOCKS(RESULT, SOURCE, 4)    \
  else if (at->run == 1 && width == 1) MOVE_BLOCKS(RESULT, SOURCE, 1)    \
  else MOVE_BLOCKS(RESULT, SOURCE, at->run * width)

void ck_read_places(ptrdiff_t width, void *result, const void *source, const ck_places *at) { MOVE(block, place) }

void ck_write_places(ptrdiff_t width, void *result, const void *source, const ck_places *at) { MOVE(place, block) }

static const ptrdiff_t one_part[] = {0};

void ck_gather(void *result, const void *source, ptrdiff_t width, ptrdiff_t length, const ptrdiff_t *offsets,
               ptrdiff_t count) {
  ck_read_places(width, result, source, &(ck_places){length, one_part, 1, offsets, count});
}

void ck_scatter(void *result, const void *source, ptrdiff_t width, ptrdiff_t length, const ptrdiff_t *offsets,
                ptrdiff_t count) {
  ck_write_places(width, result, source, &(ck_places){length, one_part, 1, offsets, count});
}

void ck_add_at_places(const ck_kernels *kernels, ck_type type, void *result, const void *source, const ck_places *at) {
  ck_kernel add = kernels->elementwise[ck_add][type];
  ptrdiff_t width = type_width(type);
  const char *next = source;
  for (ptrdiff_t i = 0; i < at->offset_count; i++)
    for (ptrdiff_t j = 0; j < at->part_count; j++, next += at->run * width) {
      char *place = (char *)result + (at->offsets[i] + at->parts[j]) * width;
      add(place, (const void *[]){place, next}, at->run, 0, NULL);
    }
}

// Each thread has columns of its own: a sum is added up in the order of the rows.
typedef struct {
  ck_kernel add;
  char *sums;
  const char *rows;
  const int64_t *positions;
  ptrdiff_t count, row_bytes, step_bytes, width;
} row_sums;

static void add_columns(ptrdiff_t first_part, ptrdiff_t end_part, void *context) {
  const row_sums *s = context;
  ptrdiff_t first = first_part * s->step_bytes, bytes = smaller(end_part * s->step_bytes, s->row_bytes) - first;
  for (ptrdiff_t i = 0; i < s->count; i++) {
    char *sum = s->sums + s->positions[i] * s->row_bytes + first;
    s->add(sum, (const void *[]){sum, s->rows + i * s->row_bytes + first}, bytes / s->width, 0, NULL);
  }
}

ptrdiff_t ck_add_rows(const ck_kernels *kernels, ck_type type, void *result, ptrdiff_t length, const void *rows,
                      ptrdiff_t columns, const int64_t *positions, ptrdiff_t count) {
  enum { LINE_BYTES = 64 };
  for (ptrdiff_t i = 0; i < count; i++)
    if (positions[i] < 0 || positions[i] >= length) return i;
  if (columns == 0 || count == 0) return -1;
  ptrdiff_t width = type_width(type), bytes = columns * width;
  row_sums s = {kernels->elementwise[ck_add][type], result, rows, positions, count, bytes, bytes, width};
  ptrdiff_t parts = smaller(smaller(part_count(columns * count), ck_threads()), quotient_up(bytes, LINE_BYTES));
  s.step_bytes = quotient_up(quotient_up(bytes, parts), LINE_BYTES) * LINE_BYTES;
  run_ranges(quotient_up(bytes, s.step_bytes), add_columns, &s);
  return -1;
}

ptrdiff_t ck_true_positions(int64_t *positions, const void *mask, ptrdiff_t count) {
  const uint8_t *values = mask;
  ptrdiff_t found = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    positions[found] = i;  // overwritten where the element is false: no branch to predict
    found += values[i] != 0;
  }
  return found;
}
