// Pooling of tensors [samples, planes, rows, columns, channels] whose elements lie contiguous. A window's elements are combined first
// down its planes and rows, then along its columns, whatever the number of channels.

// With few channels, as many elements of a row are combined down the windows' planes and rows before the windows are looked at.
#define POOLED_LINE (8192 / (ptrdiff_t)sizeof(element))
// The vectors of channels that are in registers at once.
#define POOLED_VECTORS 4
// So many are pulled back one by one.
#define FEW_CHANNELS 4

// The elements so far and the next. Of the largest, the first of equal ones. The careful kind is NaN where there is one, which takes a
// second comparison: others look for NaN beside, and begin again where there is one.
enum { NAME(MEAN), NAME(LARGEST), NAME(CAREFUL) };
INLINE vector NAME(pooled)(const int kind, vector total, vector x) {
  if (kind == NAME(MEAN)) return total + x;
  return SELECT(kind == NAME(CAREFUL) ? (integers)(x > total) | (integers)(x != x) : (integers)(x > total), x, total);
}

// So many vectors of a window's channels, the last one of `count` elements. False where a NaN may have been passed over.
INLINE bool NAME(pool_block)(const pooling_call *call, const pool_window *window, ptrdiff_t number, ptrdiff_t channel,
                             const int vectors, ptrdiff_t count, const int kind) {
  const ck_range planes = window->along[0], rows = window->along[1];
  ptrdiff_t channels = call->windows->channels, row = call->windows->input[2] * channels;
  const element *column = (const element *)call->x + row_start(call, window, planes.first, rows.first) * channels + channel;
  vector start = SPLAT(kind == NAME(MEAN) ? -0.0 : -INFINITY), total[POOLED_VECTORS];
  integers unordered = {};
  for (int v = 0; v < vectors; v++) total[v] = start;
  for (ptrdiff_t t = range_length(window->along[2]); t > 0; t--, column += channels) {
    vector sum[POOLED_VECTORS];
    for (int v = 0; v < vectors; v++) sum[v] = start;
    for (ptrdiff_t p = 0; p < range_length(planes); p++) {
      const element *from = column + p * call->windows->input[1] * row;
      for (ptrdiff_t r = range_length(rows); r > 0; r--, from += row) {
        vector x[POOLED_VECTORS];
        for (int v = 0; v < vectors; v++) {
          x[v] = NAME(load_part)(from + v * LANE_COUNT, count - v * LANE_COUNT, start);
          sum[v] = NAME(pooled)(kind, sum[v], x[v]);
        }
        // One comparison for two vectors.
        if (kind == NAME(LARGEST))
          for (int v = 0; v < vectors; v += 2) {
            int other = v + 1 < vectors ? v + 1 : v;
            unordered |= (integers)(x[v] != x[v]) | (integers)(x[other] != x[other]);
          }
      }
    }
    for (int v = 0; v < vectors; v++) total[v] = NAME(pooled)(kind, total[v], sum[v]);
  }
  if (kind == NAME(LARGEST) && RARE(unordered)) return false;
  element *y = (element *)call->result + number * channels + channel;
  for (int v = 0; v < vectors; v++)
    NAME(store_part)(y + v * LANE_COUNT, count - v * LANE_COUNT,
                     kind == NAME(MEAN) ? total[v] / (element)place_count(window) : total[v]);
  return true;
}

static __attribute__((noinline)) void NAME(pool_carefully)(const pooling_call *call, const pool_window *window,
                                                           ptrdiff_t number) {
  ptrdiff_t channels = call->windows->channels;
  for (ptrdiff_t c = 0; c < channels; c += LANE_COUNT)
    NAME(pool_block)(call, window, number, c, 1, smaller(channels - c, LANE_COUNT), NAME(CAREFUL));
}

INLINE void NAME(pool_window)(const pooling_call *call, const pool_window *window, ptrdiff_t number, const int kind) {
  ptrdiff_t channels = call->windows->channels, c = 0;
  bool done = true;
  for (; c + POOLED_VECTORS * LANE_COUNT <= channels; c += POOLED_VECTORS * LANE_COUNT)
    done &= NAME(pool_block)(call, window, number, c, POOLED_VECTORS, POOLED_VECTORS * LANE_COUNT, kind);
  for (; c + 2 * LANE_COUNT <= channels; c += 2 * LANE_COUNT)
    done &= NAME(pool_block)(call, window, number, c, 2, 2 * LANE_COUNT, kind);
  for (; c < channels; c += LANE_COUNT)
    done &= NAME(pool_block)(call, window, number, c, 1, channels - c, kind);
  if (!done) NAME(pool_carefully)(call, window, number);
}

// Combines so many elements of a row down the planes and rows of a window, from its first column on.
INLINE void NAME(pool_down)(const pooling_call *call, const pool_window *window, element *line, ptrdiff_t count,
                            const int kind) {
  const ck_range planes = window->along[0], rows = window->along[1];
  ptrdiff_t channels = call->windows->channels;
  vector start = SPLAT(kind == NAME(MEAN) ? -0.0 : -INFINITY);
  for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
    vector sum = start;
    for (ptrdiff_t p = planes.first; p < planes.end; p++)
      for (ptrdiff_t r = rows.first; r < rows.end; r++) {
        const element *x = (const element *)call->x + row_start(call, window, p, r) * channels + i;
        sum = NAME(pooled)(kind, sum, NAME(load_part)(x, count - i, start));
      }
    STORE(line + i, sum);
  }
}

// Windows of one length at equal distances, of elements that have been combined down planes and rows. Windows at every place are
// combined first, so that whole vectors are.
INLINE void NAME(pool_along)(element *result, const element *line, ptrdiff_t windows, ptrdiff_t length, ptrdiff_t distance,
                             ptrdiff_t channels, element places, const int kind) {
  element every[POOLED_LINE + LANE_COUNT];
  ptrdiff_t count = windows * channels, i = 0;
  for (; i < ((windows - 1) * distance + 1) * channels; i += LANE_COUNT) {
    vector total = LOAD(line + i);
    for (ptrdiff_t t = 1; t < length; t++) total = NAME(pooled)(kind, total, LOAD(line + i + t * channels));
    STORE(every + i, total);
  }
  NAME(copy_block)((char *)result, channels * (ptrdiff_t)sizeof(element), sizeof(element), (const char *)every,
                   distance * channels * (ptrdiff_t)sizeof(element), sizeof(element), windows, channels);
  if (kind != NAME(MEAN)) return;
  for (i = 0; i < count; i += LANE_COUNT)
    NAME(store_part)(result + i, count - i, NAME(load_part)(result + i, count - i, (vector){}) / places);
}

// The windows of a part of a row, whose columns have no more elements than a line.
INLINE void NAME(pool_row)(const pooling_call *call, const pool_window *window, ptrdiff_t number, ptrdiff_t windows,
                           const int kind) {
  element line[POOLED_LINE + LANE_COUNT];
  const ck_range *columns = call->ranges[2] + number % call->windows->output[2];
  ptrdiff_t channels = call->windows->channels;
  NAME(pool_down)(call, window, line, (columns[windows - 1].end - columns[0].first) * channels, kind);
  for (ptrdiff_t i = 0, run; i < windows; i += run) {
    ptrdiff_t length = range_length(columns[i]), distance = 1;
    for (run = 1; i + run < windows && range_length(columns[i + run]) == length; run++) {
      ptrdiff_t next = columns[i + run].first - columns[i + run - 1].first;
      if (run > 1 && next != distance) break;
      distance = next;
    }
    NAME(pool_along)((element *)call->result + (number + i) * channels, line + (columns[i].first - columns[0].first) * channels, run,
                     length, distance, channels, (element)(place_count(window) / range_length(columns[0]) * length), kind);
  }
}

INLINE void NAME(pool)(const pooling_call *call, ptrdiff_t first, ptrdiff_t end, const int kind) {
  ptrdiff_t channels = call->windows->channels;
  while (first < end) {
    pool_window window = window_at(call, first);
    ptrdiff_t column = first % call->windows->output[2], windows = smaller(end - first, call->windows->output[2] - column);
    const ck_range *columns = call->ranges[2] + column;
    if (channels >= LANE_COUNT || range_length(columns[0]) * channels > POOLED_LINE) windows = 1;
    while (windows > 1 && (columns[windows - 1].end - columns[0].first) * channels > POOLED_LINE) windows = windows / 2;
    if (windows > 1) NAME(pool_row)(call, &window, first, windows, kind);
    else NAME(pool_window)(call, &window, first, kind == NAME(MEAN) ? kind : NAME(LARGEST));
    first += windows;
  }
}

static void NAME(pool_largest)(const pooling_call *call, ptrdiff_t first, ptrdiff_t end) {
  NAME(pool)(call, first, end, NAME(CAREFUL));
}
static void NAME(pool_mean)(const pooling_call *call, ptrdiff_t first, ptrdiff_t end) {
  NAME(pool)(call, first, end, NAME(MEAN));
}

// Adds what so many vectors of a window's channels have for its places to those of a part: each its share of a mean, or all to the
// first of the largest elements. The careful kind also finds NaN.
INLINE void NAME(pull_back_block)(const pooling_call *call, const pool_window *window, ptrdiff_t number, ptrdiff_t channel,
                                  const int vectors, ptrdiff_t count, ck_range part, const int kind, const bool overlaps) {
  ptrdiff_t channels = call->windows->channels, at = number * channels + channel;
  vector upstream[POOLED_VECTORS], y[POOLED_VECTORS];
  integers left[POOLED_VECTORS];
  for (int v = 0; v < vectors; v++) {
    upstream[v] = NAME(load_part)((const element *)call->upstream + at + v * LANE_COUNT, count - v * LANE_COUNT, (vector){});
    if (kind == NAME(MEAN)) upstream[v] /= (element)place_count(window);
    else y[v] = NAME(load_part)((const element *)call->output + at + v * LANE_COUNT, count - v * LANE_COUNT, (vector){});
    left[v] = (integers){} - 1;
  }
  for (ptrdiff_t p = window->along[0].first; p < window->along[0].end; p++)
    for (ptrdiff_t r = window->along[1].first; r < window->along[1].end; r++) {
      ptrdiff_t place = row_start(call, window, p, r), end = place + range_length(window->along[2]);
      const element *x = (const element *)call->x + place * channels + channel;
      element *result = (element *)call->result + place * channels + channel;
      for (; place < end; place++, x += channels, result += channels) {
        vector gradient[POOLED_VECTORS];
        for (int v = 0; v < vectors; v++) {
          gradient[v] = upstream[v];
          if (kind == NAME(MEAN)) continue;
          vector value = NAME(load_part)(x + v * LANE_COUNT, count - v * LANE_COUNT, (vector){});
          integers found = (integers)(value == y[v]);
          if (kind == NAME(CAREFUL)) found |= (integers)(value != value);
          gradient[v] = SELECT(found & left[v], upstream[v], SPLAT(0));
          left[v] &= ~found;
        }
        if (place < part.first || place >= part.end) continue;
        for (int v = 0; v < vectors; v++) {
          element *to = result + v * LANE_COUNT;
          if (overlaps) gradient[v] += NAME(load_part)(to, count - v * LANE_COUNT, (vector){});
          NAME(store_part)(to, count - v * LANE_COUNT, gradient[v]);
        }
      }
    }
}

INLINE void NAME(pull_back_window)(const pooling_call *call, const pool_window *window, ptrdiff_t number, ck_range part,
                                   const int kind, const bool overlaps) {
  ptrdiff_t channels = call->windows->channels, c = 0;
  for (; c + 2 * LANE_COUNT <= channels; c += 2 * LANE_COUNT)
    NAME(pull_back_block)(call, window, number, c, 2, 2 * LANE_COUNT, part, kind, overlaps);
  for (; c < channels; c += LANE_COUNT)
    NAME(pull_back_block)(call, window, number, c, 1, channels - c, part, kind, overlaps);
}

// The same for few channels, where places are in several windows: what has been stored to a part of a vector would be waited for.
INLINE void NAME(pull_back_few)(const pooling_call *call, const pool_window *window, ptrdiff_t number, ck_range part,
                                const bool largest) {
  ptrdiff_t channels = call->windows->channels;
  const element *x = call->x, *y = (const element *)call->output + number * channels,
                *upstream = (const element *)call->upstream + number * channels;
  element *result = call->result;
  for (ptrdiff_t c = 0; c < channels; c++) {
    element gradient = largest ? upstream[c] : upstream[c] / (element)place_count(window);
    bool found = false;
    for (ptrdiff_t p = window->along[0].first; p < window->along[0].end && !found; p++)
      for (ptrdiff_t r = window->along[1].first; r < window->along[1].end && !found; r++) {
        ptrdiff_t place = row_start(call, window, p, r), end = place + range_length(window->along[2]);
        for (; place < end && !found; place++) {
          ptrdiff_t at = place * channels + c;
          found = largest && (x[at] == y[c] || x[at] != x[at]);
          if (found == largest && place >= part.first && place < part.end) result[at] += gradient;
        }
      }
  }
}

INLINE void NAME(pull_back)(const pooling_call *call, ptrdiff_t first, ptrdiff_t end, const bool largest, const bool overlaps) {
  const ck_pooling_windows *in = call->windows;
  ptrdiff_t channels = in->channels, places = in->input[0] * in->input[1] * in->input[2];
  const int kind = largest ? NAME(CAREFUL) : NAME(MEAN);
  if (overlaps || !call->covers)
    memset((element *)call->result + first * channels, 0, (size_t)((end - first) * channels) * sizeof(element));
  for (ptrdiff_t sample = first / places; sample * places < end; sample++) {
    ck_range part = {larger(first, sample * places), smaller(end, (sample + 1) * places)}, windows[WINDOW_AXES];
    windows_of_places(call, part.first - sample * places, part.end - 1 - sample * places, windows);
    for (ptrdiff_t i = windows[0].first; i < windows[0].end; i++)
      for (ptrdiff_t j = windows[1].first; j < windows[1].end; j++)
        for (ptrdiff_t k = windows[2].first; k < windows[2].end; k++) {
          pool_window window = {sample, {call->ranges[0][i], call->ranges[1][j], call->ranges[2][k]}};
          ptrdiff_t number = ((sample * in->output[0] + i) * in->output[1] + j) * in->output[2] + k;
          if (overlaps && channels <= FEW_CHANNELS) NAME(pull_back_few)(call, &window, number, part, largest);
          else NAME(pull_back_window)(call, &window, number, part, kind, overlaps);
        }
  }
}

static void NAME(pull_back_largest)(const pooling_call *call, ptrdiff_t first, ptrdiff_t end) {
  if (call->overlaps) NAME(pull_back)(call, first, end, true, true);
  else NAME(pull_back)(call, first, end, true, false);
}
static void NAME(pull_back_mean)(const pooling_call *call, ptrdiff_t first, ptrdiff_t end) {
  if (call->overlaps) NAME(pull_back)(call, first, end, false, true);
  else NAME(pull_back)(call, first, end, false, false);
}

#undef POOLED_LINE
#undef POOLED_VECTORS
#undef FEW_CHANNELS
