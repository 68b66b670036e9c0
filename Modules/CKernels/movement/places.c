// Blocks of elements at places that are looked up: read, written, added to.
#include "../core/nest.h"

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

ptrdiff_t ck_true_positions(int64_t *positions, const void *mask, ptrdiff_t count) {
  const uint8_t *values = mask;
  ptrdiff_t found = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    positions[found] = i;  // overwritten where the element is false: no branch to predict
    found += values[i] != 0;
  }
  return found;
}
