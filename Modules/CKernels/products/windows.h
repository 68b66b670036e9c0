// Windows of a tensor as the left operand of a product: a row for each window, and a step for each of its taps and
// channels, or the transpose of that. Rows are copied tile by tile, zeros where a window reaches beyond the tensor, so
// that there is never a whole copy.
#ifndef CKERNELS_WINDOWS_H
#define CKERNELS_WINDOWS_H

#include "../core/smaller.h"
#include "product.h"

/// Where a window begins: it may be before the tensor.
typedef struct {
  ptrdiff_t number[WINDOW_AXES];  // which of the windows along each axis
  ptrdiff_t place[WINDOW_AXES];
  bool is_inside[WINDOW_AXES];
  ptrdiff_t offset;
} window_start;

// The runs of the steps from `first` up to `end`, at most as many as steps.
static ptrdiff_t list_runs(const ck_windows *w, ptrdiff_t first, ptrdiff_t end, window_run *runs) {
  const int last = WINDOW_AXES - 1;
  bool joins = w->dilation[last] == 1 && w->step[last] == w->channels;
  ptrdiff_t count = 0;
  for (ptrdiff_t step = first; step < end;) {
    ptrdiff_t tap = step / w->channels;
    window_run run = {.skipped = step % w->channels, .offset = step % w->channels};
    ptrdiff_t taps = joins ? w->kernel[last] - tap % w->kernel[last] : 1;
    run.count = smaller(taps * w->channels - run.skipped, end - step);
    for (int axis = last; axis >= 0; axis--) {
      run.place[axis] = tap % w->kernel[axis] * w->dilation[axis];
      run.offset += run.place[axis] * w->step[axis];
      tap /= w->kernel[axis];
    }
    step += run.count;
    runs[count++] = run;
  }
  return count;
}

static void set_place(const ck_windows *w, window_start *start, int axis, ptrdiff_t number) {
  ptrdiff_t place = number * w->stride[axis] - w->before[axis];
  start->number[axis] = number;
  start->offset += (place - start->place[axis]) * w->step[axis];
  start->place[axis] = place;
  ptrdiff_t end = place + (w->kernel[axis] - 1) * w->dilation[axis];
  start->is_inside[axis] = place >= 0 && end < w->input[axis];
}

static window_start start_of_window(const ck_windows *w, ptrdiff_t row) {
  window_start start = {};
  for (int axis = WINDOW_AXES - 1; axis >= 0; axis--) {
    set_place(w, &start, axis, row % w->output[axis]);
    row /= w->output[axis];
  }
  start.offset += row * w->sample;
  return start;
}

// To the window after so many, which lie on one line.
static void advance(const ck_windows *w, window_start *start, ptrdiff_t windows) {
  for (int axis = WINDOW_AXES - 1; axis >= 0; axis--, windows = 1) {
    if (start->number[axis] + windows < w->output[axis])
      return set_place(w, start, axis, start->number[axis] + windows);
    set_place(w, start, axis, 0);
  }
  start->offset += w->sample;
}

// How many windows from this one on, along the last axis, lie inside the tensor.
static ptrdiff_t windows_inside(const ck_windows *w, const window_start *start) {
  const int last = WINDOW_AXES - 1;
  for (int axis = 0; axis <= last; axis++)
    if (!start->is_inside[axis]) return 0;
  ptrdiff_t room = w->input[last] - 1 - start->place[last] - (w->kernel[last] - 1) * w->dilation[last];
  return smaller(room / w->stride[last] + 1, w->output[last] - start->number[last]);
}

// The part of a run that lies inside the tensor, from its element `first` up to `end`; false where there is none.
static bool part_inside(const ck_windows *w, const window_start *start, const window_run *run, ptrdiff_t *first,
                        ptrdiff_t *end, ptrdiff_t *offset) {
  const int last = WINDOW_AXES - 1;
  *first = 0;
  *end = run->count;
  *offset = start->offset + run->offset;
  for (int axis = 0; axis < last; axis++) {
    ptrdiff_t place = start->place[axis] + run->place[axis];
    if (place < 0 || place >= w->input[axis]) return false;
  }
  ptrdiff_t place = start->place[last] + run->place[last];
  *first = larger(0, -place * w->channels - run->skipped);
  *end = smaller(run->count, (w->input[last] - place) * w->channels - run->skipped);
  return *first < *end;
}

#endif
