// Convolutions of each channel by itself. Each sum is added up in the order of the taps, and each gradient line by line, so that
// neither depends on how lines or channels are dealt out to the threads.
#include "../core/smaller.h"
#include "../core/table.h"
#include "../core/nest.h"
#include "../core/threads.h"

enum {
  MOST_TAPS = 210,  // at once, with whole runs of 3, 5 and 7: those of larger kernels are added to the sums later
  CHANNELS_AT_ONCE = 16,
};

typedef struct {
  const ck_kernels *kernels;
  const depthwise_kernels *loops;
  const ck_depthwise *convolution;
  ptrdiff_t width;
  ck_kernel activation;
  ptrdiff_t first_channel, channels;
} depthwise_call;

typedef struct {
  ptrdiff_t first, end;
} taps_along;

static char *element(const depthwise_call *call, const void *data, ptrdiff_t offset) {
  return (char *)data + offset * call->width;
}

// A line of windows along the last axis.
typedef struct {
  ptrdiff_t x, result;            // where its first window and result lie
  taps_along taps[WINDOW_AXES];   // those inside the tensor; along the last axis, all
} window_line;

static taps_along taps_inside(const ck_windows *w, int axis, ptrdiff_t place) {
  ptrdiff_t dilation = w->dilation[axis];
  ptrdiff_t before = place < 0 ? (-place + dilation - 1) / dilation : 0;
  ptrdiff_t room = w->input[axis] - 1 - place;
  return (taps_along){before, smaller(w->kernel[axis], room < 0 ? 0 : room / dilation + 1)};
}

static window_line line_at(const ck_depthwise *d, ptrdiff_t number) {
  const ck_windows *w = &d->windows;
  const int last = WINDOW_AXES - 1;
  window_line line = {.x = -w->before[last] * w->step[last], .taps[last] = {0, w->kernel[last]}};
  for (int axis = last - 1; axis >= 0; axis--) {
    ptrdiff_t window = number % w->output[axis], place = window * w->stride[axis] - w->before[axis];
    number /= w->output[axis];
    line.taps[axis] = taps_inside(w, axis, place);
    line.x += place * w->step[axis];
    line.result += window * d->result_step[axis];
  }
  line.x += number * w->sample;
  line.result += number * d->result_sample;
  return line;
}

// Lists the taps from `first` on, at most as many as there is room for, and returns where the next ones begin.
static ptrdiff_t list_taps(const ck_depthwise *d, const window_line *line, taps_along last, ptrdiff_t first,
                           depthwise_tap *taps, ptrdiff_t *count) {
  const ck_windows *w = &d->windows;
  ptrdiff_t rows = line->taps[1].end - line->taps[1].first, columns = last.end - last.first;
  ptrdiff_t all = larger(line->taps[0].end - line->taps[0].first, 0) * larger(rows, 0) * larger(columns, 0);
  ptrdiff_t end = smaller(all, first + MOST_TAPS);
  for (ptrdiff_t i = first; i < end; i++) {
    ptrdiff_t tap[WINDOW_AXES] = {line->taps[0].first + i / columns / rows, line->taps[1].first + i / columns % rows,
                                  last.first + i % columns};
    depthwise_tap found = {0, 0};
    for (int axis = 0; axis < WINDOW_AXES; axis++) {
      found.place += tap[axis] * w->dilation[axis] * w->step[axis];
      found.weight += tap[axis] * w->tap[axis];
    }
    taps[i - first] = found;
  }
  *count = larger(end - first, 0);
  return end < all ? end : 0;
}

// The windows of a line, those that read the same taps together: first and last ones may reach beyond the tensor.
static void each_part(const depthwise_call *call, const window_line *line,
                      void (*body)(const depthwise_call *, const window_line *, ptrdiff_t first, ptrdiff_t end,
                                   taps_along)) {
  const ck_windows *w = &call->convolution->windows;
  const int last = WINDOW_AXES - 1;
  ptrdiff_t windows = w->output[last], extent = (w->kernel[last] - 1) * w->dilation[last];
  ptrdiff_t inner = smaller(quotient_up(w->before[last], w->stride[last]), windows);
  ptrdiff_t room = w->input[last] - 1 - extent + w->before[last];
  ptrdiff_t outer = larger(inner, smaller(room < 0 ? 0 : room / w->stride[last] + 1, windows));
  for (ptrdiff_t window = 0; window < windows;) {
    ptrdiff_t end = window == inner && inner < outer ? outer : window + 1;
    body(call, line, window, end, taps_inside(w, last, window * w->stride[last] - w->before[last]));
    window = end;
  }
}

static depthwise_line part_of_line(const depthwise_call *call, const window_line *line, ptrdiff_t first, ptrdiff_t end) {
  const ck_depthwise *d = call->convolution;
  const int last = WINDOW_AXES - 1;
  return (depthwise_line){
      .distance = d->windows.stride[last] * d->windows.step[last],
      .x = element(call, d->x,
                   line->x + first * d->windows.stride[last] * d->windows.step[last] + call->first_channel),
      .windows = end - first,
      .channels = call->channels,
      .weights = element(call, d->weights, call->first_channel),
      .result_distance = d->result_step[last],
  };
}

static void sum_part(const depthwise_call *call, const window_line *line, ptrdiff_t first, ptrdiff_t end, taps_along taps) {
  const ck_depthwise *d = call->convolution;
  const int last = WINDOW_AXES - 1;
  depthwise_tap listed[MOST_TAPS];
  depthwise_line part = part_of_line(call, line, first, end);
  part.result = element(call, d->result, line->result + first * d->result_step[last]);
  part.start = d->bias;
  part.run = end - first > 1 && d->windows.dilation[last] == d->windows.stride[last] ? taps.end - taps.first : 1;
  part.taps = listed;
  ptrdiff_t next = 0;
  do {
    next = list_taps(d, line, taps, next, listed, &part.tap_count);
    call->loops->sum(&part);
    part.start = part.result;
    part.start_distance = part.result_distance;
  } while (next > 0);
}

static void activate(const depthwise_call *call, const window_line *line) {
  const ck_depthwise *d = call->convolution;
  const int last = WINDOW_AXES - 1;
  bool is_gapless = d->result_step[last] == call->channels;
  ptrdiff_t windows = is_gapless ? 1 : d->windows.output[last];
  for (ptrdiff_t window = 0; window < windows; window++) {
    ptrdiff_t offset = line->result + window * d->result_step[last];
    void *result = element(call, d->result, offset);
    const void *input = result;
    call->activation(result, &input, call->channels * (is_gapless ? d->windows.output[last] : 1), 0, &d->parameters);
  }
}

static void sum_lines(ptrdiff_t first, ptrdiff_t end, void *context) {
  const depthwise_call *call = context;
  for (ptrdiff_t number = first; number < end; number++) {
    window_line line = line_at(call->convolution, number);
    each_part(call, &line, sum_part);
    if (call->activation) activate(call, &line);
  }
}

static ptrdiff_t line_count(const ck_depthwise *d) { return d->samples * d->windows.output[0] * d->windows.output[1]; }

static ptrdiff_t multiplications(const ck_depthwise *d) {
  const ck_windows *w = &d->windows;
  return line_count(d) * w->output[2] * w->kernel[0] * w->kernel[1] * w->kernel[2] * w->channels;
}

static depthwise_call call_of(const ck_kernels *kernels, ck_type type, const ck_depthwise *d) {
  return (depthwise_call){.kernels = kernels,
                          .loops = kernels->depthwise[type],
                          .convolution = d,
                          .width = type_width(type),
                          .channels = d->windows.channels};
}

void ck_convolve_depthwise(const ck_kernels *kernels, ck_type type, const ck_depthwise *d) {
  depthwise_call call = call_of(kernels, type, d);
  if (d->activates) call.activation = kernels->elementwise[d->activation][type];
  ptrdiff_t lines = line_count(d);
  if (part_count(multiplications(d) / 8) > 1) run_ranges(lines, sum_lines, &call);
  else sum_lines(0, lines, &call);
}

static void add_part(const depthwise_call *call, const window_line *line, ptrdiff_t first, ptrdiff_t end, taps_along taps) {
  const ck_depthwise *d = call->convolution;
  depthwise_tap listed[MOST_TAPS];
  depthwise_line part = part_of_line(call, line, first, end);
  part.result = element(call, d->result, line->result + first * d->result_step[WINDOW_AXES - 1] + call->first_channel);
  part.taps = listed;
  ptrdiff_t next = 0;
  do {
    next = list_taps(d, line, taps, next, listed, &part.tap_count);
    call->loops->gradient(&part);
  } while (next > 0);
}

static void add_channels(ptrdiff_t first, ptrdiff_t end, void *context) {
  depthwise_call call = *(const depthwise_call *)context;
  call.first_channel = first * CHANNELS_AT_ONCE;
  call.channels = smaller(end * CHANNELS_AT_ONCE, call.channels) - call.first_channel;
  for (ptrdiff_t number = 0; number < line_count(call.convolution); number++) {
    window_line line = line_at(call.convolution, number);
    each_part(&call, &line, add_part);
  }
}

void ck_add_depthwise_gradient(const ck_kernels *kernels, ck_type type, const ck_depthwise *d) {
  depthwise_call call = call_of(kernels, type, d);
  ptrdiff_t parts = quotient_up(d->windows.channels, CHANNELS_AT_ONCE);
  if (part_count(multiplications(d) / 8) > 1) run_ranges(parts, add_channels, &call);
  else add_channels(0, parts, &call);
}
