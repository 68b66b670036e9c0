// Winograd's transforms of places and of products, vector by vector of channels.

// Four places in a line to the sums that stand for them.
#define SUMS_OF_PLACES(to, from)      \
  do {                                \
    to(0) = from(0) - from(2);        \
    to(1) = from(1) + from(2);        \
    to(2) = from(2) - from(1);        \
    to(3) = from(1) - from(3);        \
  } while (0)

INLINE void NAME(winograd_transform_vector)(element *row, ptrdiff_t plane, const void *const *places, ptrdiff_t channel,
                                            ptrdiff_t count) {
  vector sums[WINOGRAD_PLACES][WINOGRAD_PLACES], zero = {};
  UNROLLED(int x = 0; x < WINOGRAD_PLACES; x++) {
    vector line[WINOGRAD_PLACES];
    UNROLLED(int y = 0; y < WINOGRAD_PLACES; y++)
      line[y] = NAME(load_part)((const element *)places[y * WINOGRAD_PLACES + x] + channel, count, zero);
#define FROM(i) line[i]
#define TO(i) sums[i][x]
    SUMS_OF_PLACES(TO, FROM);
#undef FROM
#undef TO
  }
  UNROLLED(int y = 0; y < WINOGRAD_PLACES; y++) {
    vector line[WINOGRAD_PLACES];
#define FROM(i) sums[y][i]
#define TO(i) line[i]
    SUMS_OF_PLACES(TO, FROM);
#undef FROM
#undef TO
    UNROLLED(int x = 0; x < WINOGRAD_PLACES; x++) STORE(row + (y * WINOGRAD_PLACES + x) * plane + channel, line[x]);
  }
}

static void NAME(winograd_transform)(void *row, ptrdiff_t plane, const void *const *places, ptrdiff_t channels) {
  ptrdiff_t channel = 0;
  for (; channel + LANE_COUNT <= channels; channel += LANE_COUNT)
    NAME(winograd_transform_vector)(row, plane, places, channel, LANE_COUNT);
  if (channel < channels) NAME(winograd_transform_vector)(row, plane, places, channel, channels - channel);
}

// Three taps in a line to the sums that stand for them.
#define SUMS_OF_TAPS(to, from)                        \
  do {                                                \
    vector outer = SPLAT(0.5) * (from(0) + from(2)), inner = SPLAT(0.5) * from(1); \
    to(0) = from(0);                                  \
    to(1) = outer + inner;                            \
    to(2) = outer - inner;                            \
    to(3) = from(2);                                  \
  } while (0)

// All vectors are whole: panels are.
static void NAME(winograd_transform_taps)(void *transformed, ptrdiff_t plane, const void *taps, ptrdiff_t tap,
                                          ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
    const element *from = (const element *)taps + i;
    element *to = (element *)transformed + i;
    vector sums[WINOGRAD_PLACES][WINOGRAD_TAPS];
    UNROLLED(int x = 0; x < WINOGRAD_TAPS; x++) {
      vector line[WINOGRAD_TAPS];
      UNROLLED(int y = 0; y < WINOGRAD_TAPS; y++) line[y] = LOAD(from + (y * WINOGRAD_TAPS + x) * tap);
#define FROM(i) line[i]
#define TO(i) sums[i][x]
      SUMS_OF_TAPS(TO, FROM);
#undef FROM
#undef TO
    }
    UNROLLED(int y = 0; y < WINOGRAD_PLACES; y++) {
      vector line[WINOGRAD_PLACES];
#define FROM(i) sums[y][i]
#define TO(i) line[i]
      SUMS_OF_TAPS(TO, FROM);
#undef FROM
#undef TO
      UNROLLED(int x = 0; x < WINOGRAD_PLACES; x++) STORE(to + (y * WINOGRAD_PLACES + x) * plane, line[x]);
    }
  }
}

// A vector of columns of the four windows.
INLINE void NAME(winograd_sums)(const winograd_results *r, ptrdiff_t column, vector sums[4]) {
  const element *products = (const element *)r->planes + column;
  vector first[WINOGRAD_PLACES], second[WINOGRAD_PLACES];
  UNROLLED(int x = 0; x < WINOGRAD_PLACES; x++) {
    vector line[WINOGRAD_PLACES];
    UNROLLED(int y = 0; y < WINOGRAD_PLACES; y++) line[y] = LOAD(products + (y * WINOGRAD_PLACES + x) * r->plane);
    first[x] = line[0] + line[1] + line[2];
    second[x] = line[1] - line[2] - line[3];
  }
  sums[0] = first[0] + first[1] + first[2];
  sums[1] = first[1] - first[2] - first[3];
  sums[2] = second[0] + second[1] + second[2];
  sums[3] = second[1] - second[2] - second[3];
}

INLINE bool NAME(winograd_finish_columns)(const winograd_results *r, const int vectors) {
  enum { windows = WINOGRAD_WINDOWS * WINOGRAD_WINDOWS };
  vector sums[VECTORS_PER_PANEL][windows], zero = {}, check = {};
  for (int v = 0; v < vectors; v++) {
    NAME(winograd_sums)(r, v * LANE_COUNT, sums[v]);
    UNROLLED(int w = 0; w < windows; w++) check += sums[v][w] - sums[v][w];  // NaN where one is not finite
  }
  ACROSS_LANES(ADD_ACROSS, check)
  if (!(check[0] == 0)) return false;
  for (int v = 0; v < vectors; v++) {
    ptrdiff_t column = v * LANE_COUNT, count = smaller(r->columns - column, LANE_COUNT);
    vector bias = r->bias ? NAME(load_part)((const element *)r->bias + column, count, zero) : zero;
    UNROLLED(int w = 0; w < windows; w++) {
      if (!r->results[w]) continue;
      element *result = (element *)r->results[w] + column;
      element *preactivation = r->preactivations[w] ? (element *)r->preactivations[w] + column : NULL;
      element *sum = preactivation ? preactivation : result;
      vector value = sums[v][w];
      if (r->beta != 0) value = FMA(SPLAT(r->beta), NAME(load_part)(sum, count, zero), value);
      if (r->bias) value += bias;
      if (preactivation) NAME(store_part)(preactivation, count, value);
      NAME(store_part)(result, count, r->rectifies ? NAME(value_rectifier)(value, zero, zero, zero) : value);
    }
  }
  return true;
}

static bool NAME(winograd_finish)(const winograd_results *r) {
  return r->columns > LANE_COUNT ? NAME(winograd_finish_columns)(r, 2) : NAME(winograd_finish_columns)(r, 1);
}

static const winograd_kernels NAME(winograd) = {NAME(winograd_transform), NAME(winograd_transform_taps), NAME(winograd_finish)};

#undef SUMS_OF_PLACES
#undef SUMS_OF_TAPS
