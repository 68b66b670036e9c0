// What the loops of pooling are told.
#ifndef CKERNELS_POOLING_H
#define CKERNELS_POOLING_H

#include "CKernels.h"

typedef struct {
  const ck_pooling_windows *windows;
  const ck_range *ranges[WINDOW_AXES];  // of the windows along each axis
  void *result;
  const void *x;         // what is pooled; a mean's pullback does not read it
  const void *output;    // read by the pullback of the largest
  const void *upstream;  // read by pullbacks
  bool overlaps;         // whether a place may be in several windows
  bool covers;           // whether every place is in a window
} pooling_call;

/// The windows, or for a pullback the places, from `first` up to `end`.
typedef void (*pooling_kernel)(const pooling_call *, ptrdiff_t first, ptrdiff_t end);

/// A window: the places that it covers along each axis.
typedef struct {
  ptrdiff_t sample;
  ck_range along[WINDOW_AXES];
} pool_window;

static inline ptrdiff_t range_length(ck_range range) { return range.end - range.first; }

static inline ptrdiff_t place_count(const pool_window *window) {
  return range_length(window->along[0]) * range_length(window->along[1]) * range_length(window->along[2]);
}

// The window of this number, in row-major order.
static inline pool_window window_at(const pooling_call *call, ptrdiff_t number) {
  pool_window window;
  for (int axis = WINDOW_AXES - 1; axis >= 0; axis--) {
    ptrdiff_t count = call->windows->output[axis];
    window.along[axis] = call->ranges[axis][number % count];
    number /= count;
  }
  window.sample = number;
  return window;
}

// The place, in row-major order, where a row of the window begins.
static inline ptrdiff_t row_start(const pooling_call *call, const pool_window *window, ptrdiff_t plane, ptrdiff_t row) {
  const ptrdiff_t *input = call->windows->input;
  return ((window->sample * input[0] + plane) * input[1] + row) * input[2] + window->along[2].first;
}

// Along each axis, the windows that may contain places of a sample from `first` to `last`.
static inline void windows_of_places(const pooling_call *call, ptrdiff_t first, ptrdiff_t last, ck_range *windows) {
  bool is_line = true;
  for (int axis = 0; axis < WINDOW_AXES; axis++) {
    ptrdiff_t behind = 1;
    for (int inner = axis + 1; inner < WINDOW_AXES; inner++) behind *= call->windows->input[inner];
    ptrdiff_t length = call->windows->input[axis], lowest = first / behind % length, highest = last / behind % length;
    if (!is_line) lowest = 0, highest = length - 1;
    is_line = is_line && lowest == highest;
    const ck_range *ranges = call->ranges[axis];
    ck_range found = {0, call->windows->output[axis]};
    while (found.first < found.end && ranges[found.first].end <= lowest) found.first++;
    while (found.end > found.first && ranges[found.end - 1].first > highest) found.end--;
    windows[axis] = found;
  }
}

#endif
