// Convolutions of each channel by itself: vectors of channels, of several windows or of several taps at once.

#if BYTES == 64
#define WINDOWS_AT_ONCE 12
#define TAPS_AT_ONCE 12
#else
#define WINDOWS_AT_ONCE 6
#define TAPS_AT_ONCE 6
#endif
#define LONGEST_RUN 7

INLINE void NAME(depthwise_block)(const depthwise_line *l, ptrdiff_t window, ptrdiff_t channel, ptrdiff_t count,
                                  const int windows, const int run) {
  const element *x = (const element *)l->x + window * l->distance + channel;
  const element *weights = (const element *)l->weights + channel;
  vector sums[WINDOWS_AT_ONCE], zero = {};
  for (int w = 0; w < windows; w++) {
    sums[w] = zero;
    if (l->start)
      sums[w] = NAME(load_part)((const element *)l->start + (window + w) * l->start_distance + channel, count, zero);
  }
  for (const depthwise_tap *tap = l->taps; tap < l->taps + l->tap_count; tap += run) {
    vector factors[LONGEST_RUN];
    UNROLLED(int t = 0; t < run; t++) factors[t] = NAME(load_part)(weights + tap[t].weight, count, zero);
    UNROLLED(int i = 0; i < windows + run - 1; i++) {
      vector place = NAME(load_part)(x + tap->place + i * l->distance, count, zero);
      UNROLLED(int t = 0; t < run; t++)
        if (i >= t && i - t < windows) sums[i - t] = FMA(place, factors[t], sums[i - t]);
    }
  }
  element *result = (element *)l->result + window * l->result_distance + channel;
  for (int w = 0; w < windows; w++) NAME(store_part)(result + w * l->result_distance, count, sums[w]);
}

INLINE void NAME(depthwise_channels)(const depthwise_line *l, ptrdiff_t channel, ptrdiff_t count, const int run) {
  ptrdiff_t window = 0;
  for (; window + WINDOWS_AT_ONCE <= l->windows; window += WINDOWS_AT_ONCE)
    NAME(depthwise_block)(l, window, channel, count, WINDOWS_AT_ONCE, run);
  for (; window + 4 <= l->windows; window += 4) NAME(depthwise_block)(l, window, channel, count, 4, run);
  for (; window < l->windows; window++) NAME(depthwise_block)(l, window, channel, count, 1, run);
}

INLINE void NAME(depthwise_runs)(const depthwise_line *l, const int run) {
  ptrdiff_t channel = 0;
  for (; channel + LANE_COUNT <= l->channels; channel += LANE_COUNT)
    NAME(depthwise_channels)(l, channel, LANE_COUNT, run);
  if (channel < l->channels) NAME(depthwise_channels)(l, channel, l->channels - channel, run);
}

static void NAME(depthwise_sum)(const depthwise_line *l) {
  if (l->run == 3) NAME(depthwise_runs)(l, 3);
  else if (l->run == 5) NAME(depthwise_runs)(l, 5);
  else if (l->run == 7) NAME(depthwise_runs)(l, 7);
  else NAME(depthwise_runs)(l, 1);
}

INLINE void NAME(depthwise_slopes)(const depthwise_line *l, const depthwise_tap *taps, ptrdiff_t channel,
                                   ptrdiff_t count, const int tap_count) {
  vector sums[TAPS_AT_ONCE] = {}, zero = {};
  const element *x = (const element *)l->x + channel, *upstream = (const element *)l->result + channel;
  for (ptrdiff_t window = 0; window < l->windows; window++, x += l->distance, upstream += l->result_distance) {
    vector slope = NAME(load_part)(upstream, count, zero);
    for (int t = 0; t < tap_count; t++)
      sums[t] = FMA(NAME(load_part)(x + taps[t].place, count, zero), slope, sums[t]);
  }
  for (int t = 0; t < tap_count; t++) {
    element *total = (element *)l->weights + taps[t].weight + channel;
    NAME(store_part)(total, count, NAME(load_part)(total, count, zero) + sums[t]);
  }
}

INLINE void NAME(depthwise_gradients)(const depthwise_line *l, ptrdiff_t channel, ptrdiff_t count) {
  const depthwise_tap *tap = l->taps, *end = tap + l->tap_count;
  for (; end - tap >= TAPS_AT_ONCE; tap += TAPS_AT_ONCE) NAME(depthwise_slopes)(l, tap, channel, count, TAPS_AT_ONCE);
  for (; end - tap >= 3; tap += 3) NAME(depthwise_slopes)(l, tap, channel, count, 3);
  for (; tap < end; tap++) NAME(depthwise_slopes)(l, tap, channel, count, 1);
}

static void NAME(depthwise_gradient)(const depthwise_line *l) {
  ptrdiff_t channel = 0;
  for (; channel + LANE_COUNT <= l->channels; channel += LANE_COUNT) NAME(depthwise_gradients)(l, channel, LANE_COUNT);
  if (channel < l->channels) NAME(depthwise_gradients)(l, channel, l->channels - channel);
}

static const depthwise_kernels NAME(depthwise) = {NAME(depthwise_sum), NAME(depthwise_gradient)};

#undef WINDOWS_AT_ONCE
#undef TAPS_AT_ONCE
#undef LONGEST_RUN
