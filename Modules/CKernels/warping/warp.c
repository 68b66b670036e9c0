// Images read at other places: each place of a result is mapped to one of the image, between whose neighbours is interpolated.
#include <math.h>
#include <string.h>

#include "../core/nest.h"
#include "../core/threads.h"

#pragma STDC FP_CONTRACT OFF

enum { NEIGHBOURS = 4 };

/// The neighbours that a place is read from: elements from the image's first, or -1 beyond its border, with their weights.
typedef struct {
  int count;
  ptrdiff_t place[NEIGHBOURS];
  double weight[NEIGHBOURS];
} neighbours;

// The place of an axis that stands for one beyond its ends; -1 where none does.
static ptrdiff_t inside(ptrdiff_t index, ptrdiff_t length, ck_border border) {
  if (index >= 0 && index < length) return index;
  ptrdiff_t period = border == ck_border_reflected ? 2 * length : length;
  ptrdiff_t rest = index % period;
  if (rest < 0) rest += period;
  switch (border) {
    case ck_border_nearest: return index < 0 ? 0 : length - 1;
    case ck_border_wrapped: return rest;
    case ck_border_reflected: return rest < length ? rest : period - 1 - rest;
    default: return -1;
  }
}

// One or two places along an axis; their weights add up to 1. No place has the weight 0, so that NaN stays where it is.
static int along_axis(double at, ptrdiff_t length, const ck_warp *warp, ptrdiff_t place[2], double weight[2]) {
  // Also for NaN; so far away, places are not integers.
  if (!(fabs(at) < 0x1p52)) {
    place[0] = -1;
    weight[0] = 1;
    return 1;
  }
  double first = warp->is_nearest ? round(at) : floor(at);
  place[0] = inside((ptrdiff_t)first, length, warp->border);
  double rest = warp->is_nearest ? 0 : at - first;
  weight[0] = 1 - rest;
  if (rest == 0) return 1;
  place[1] = inside((ptrdiff_t)first + 1, length, warp->border);
  weight[1] = rest;
  return 2;
}

static neighbours neighbours_of(const ck_warp *warp, const double *map, ptrdiff_t row, ptrdiff_t column) {
  double x = (double)column, y = (double)row;
  double divisor = map[6] * x + map[7] * y + 1;
  ptrdiff_t rows[2], columns[2];
  double row_weights[2], column_weights[2];
  int row_count = along_axis((map[3] * x + map[4] * y + map[5]) / divisor, warp->height, warp, rows, row_weights);
  int column_count = along_axis((map[0] * x + map[1] * y + map[2]) / divisor, warp->width, warp, columns, column_weights);
  neighbours all = {0};
  for (int i = 0; i < row_count; i++)
    for (int j = 0; j < column_count; j++) {
      bool is_inside = rows[i] >= 0 && columns[j] >= 0;
      all.place[all.count] = is_inside ? (rows[i] * warp->width + columns[j]) * warp->channels : -1;
      all.weight[all.count++] = row_weights[i] * column_weights[j];
    }
  return all;
}

#define element float
#define NAME(name) name##_float
#include "warp_loops.h"
#undef element
#undef NAME

#define element double
#define NAME(name) name##_double
#include "warp_loops.h"
#undef element
#undef NAME

typedef struct {
  const ck_warp *warp;
  void *result;
  const void *x;
  void (*body)(const ck_warp *, void *result, const void *x, ptrdiff_t begin, ptrdiff_t end);
  ptrdiff_t count, step;
} shared_warp;

static void warp_pieces(ptrdiff_t begin, ptrdiff_t end, void *context) {
  const shared_warp *shared = context;
  shared->body(shared->warp, shared->result, shared->x, begin * shared->step, smaller(end * shared->step, shared->count));
}

// Deals `count` pieces out.
static void share(shared_warp shared, ptrdiff_t elements) {
  if (elements == 0) return;
  ptrdiff_t parts = smaller(part_count(elements), shared.count);
  shared.step = (shared.count + parts - 1) / parts;
  run_ranges((shared.count + shared.step - 1) / shared.step, warp_pieces, &shared);
}

static ptrdiff_t element_count(const ck_warp *warp) {
  return warp->samples * warp->height * warp->width * warp->channels;
}

void ck_warp_images(ck_type type, const ck_warp *warp, void *result, const void *x) {
  share((shared_warp){.warp = warp, .result = result, .x = x, .body = type == ck_float32 ? warp_float : warp_double,
                      .count = warp->samples * warp->height},
        element_count(warp));
}

// A sample's gradient is written by one thread: the order of its sums does not depend on how many there are.
void ck_pull_back_warp(ck_type type, const ck_warp *warp, void *gradient, const void *upstream) {
  share((shared_warp){.warp = warp, .result = gradient, .x = upstream,
                      .body = type == ck_float32 ? pull_back_float : pull_back_double, .count = warp->samples},
        element_count(warp));
}
