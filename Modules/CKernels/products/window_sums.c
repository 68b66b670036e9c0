// The transpose of reading windows: what stands in their rows is added to the places that they read. Each place adds up in the
// order of the windows' taps, whatever the number of threads.
#include "../core/nest.h"
#include "../core/smaller.h"
#include "../core/table.h"
#include "../core/threads.h"

typedef struct {
  const product_kernels *kernels;
  const ck_windows *windows;
  char *sums;
  const char *rows;
  ptrdiff_t first, end;  // lines of windows
  ptrdiff_t first_place_line;
  ptrdiff_t width;
} window_sums;

// The windows along an axis whose tap lies at a place: one or, beside the stride, none.
static ptrdiff_t window_reading(const ck_windows *w, int axis, ptrdiff_t place, ptrdiff_t tap) {
  ptrdiff_t distance = place + w->before[axis] - tap * w->dilation[axis];
  if (distance < 0 || distance % w->stride[axis] != 0) return -1;
  ptrdiff_t window = distance / w->stride[axis];
  return window < w->output[axis] ? window : -1;
}

// Adds a run of taps side by side of all windows of a line, as far as it lies inside the tensor.
static void add_run(const window_sums *s, char *line, const char *rows, ptrdiff_t tap, ptrdiff_t taps) {
  const ck_windows *w = s->windows;
  ptrdiff_t row = w->kernel[0] * w->kernel[1] * w->kernel[2] * w->channels;
  ptrdiff_t place = tap * w->dilation[2] - w->before[2];
  for (ptrdiff_t window = 0; window < w->output[2];) {
    ptrdiff_t start = place + window * w->stride[2], room = w->input[2] - taps - start;
    ptrdiff_t runs = start < 0 || room < 0 ? 1 : smaller(room / w->stride[2] + 1, w->output[2] - window);
    ptrdiff_t first = start < 0 ? smaller(-start, taps) : 0, end = room < 0 ? larger(taps + room, first) : taps;
    if (end > first)
      s->kernels->add_runs(line + (start + first) * w->step[2] * s->width, w->stride[2] * w->step[2],
                           rows + (window * row + first * w->channels) * s->width, row, runs, (end - first) * w->channels);
    window += runs;
  }
}

static void add_to_lines(ptrdiff_t first, ptrdiff_t end, void *context) {
  const window_sums *s = context;
  const ck_windows *w = s->windows;
  ptrdiff_t row = w->kernel[2] * w->channels, lines = w->output[0] * w->output[1];
  bool joins = w->dilation[2] == 1 && w->step[2] == w->channels;
  for (ptrdiff_t number = s->first_place_line + first; number < s->first_place_line + end; number++) {
    ptrdiff_t y = number % w->input[1], z = number / w->input[1] % w->input[0], sample = number / w->input[1] / w->input[0];
    char *line = s->sums + (sample * w->sample + z * w->step[0] + y * w->step[1]) * s->width;
    for (ptrdiff_t tz = 0; tz < w->kernel[0]; tz++)
      for (ptrdiff_t ty = 0; ty < w->kernel[1]; ty++) {
        ptrdiff_t plane = window_reading(w, 0, z, tz), column = window_reading(w, 1, y, ty);
        ptrdiff_t windows = sample * lines + plane * w->output[1] + column;
        if (plane < 0 || column < 0 || windows < s->first || windows >= s->end) continue;
        const char *rows = s->rows + ((windows - s->first) * w->output[2] * w->kernel[0] * w->kernel[1] +
                                      tz * w->kernel[1] + ty) * row * s->width;
        if (joins) add_run(s, line, rows, 0, w->kernel[2]);
        else
          for (ptrdiff_t tx = 0; tx < w->kernel[2]; tx++) add_run(s, line, rows + tx * w->channels * s->width, tx, 1);
      }
  }
}

void ck_add_windows(const ck_kernels *kernels, ck_type type, const ck_windows *windows, void *sums, const void *rows,
                    ptrdiff_t first_line, ptrdiff_t end_line) {
  if (end_line <= first_line) return;
  ptrdiff_t lines = windows->output[0] * windows->output[1], place_lines = windows->input[0] * windows->input[1];
  window_sums s = {.kernels = kernels->product[type],
                   .windows = windows,
                   .sums = sums,
                   .rows = rows,
                   .first = first_line,
                   .end = end_line,
                   .first_place_line = first_line / lines * place_lines,
                   .width = type_width(type)};
  ptrdiff_t count = ((end_line - 1) / lines + 1) * place_lines - s.first_place_line;
  ptrdiff_t elements = (end_line - first_line) * windows->output[2] * windows->kernel[0] * windows->kernel[1] *
                       windows->kernel[2] * windows->channels;
  if (part_count(elements) > 1) run_ranges(count, add_to_lines, &s);
  else add_to_lines(0, count, &s);
}
