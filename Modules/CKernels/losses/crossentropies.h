// Crossentropy of the softmax of logits. Probabilities above a half are known by what is left of 1, the sum of the others:
// neither their logarithms nor p - 1 lose digits. An argument with the sign bit is such a rest.
INLINE void NAME(add_surprises)(double *values, const element *arguments, const double *weights, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i += LANE_COUNT) {
    ptrdiff_t n = count - i < LANE_COUNT ? count - i : LANE_COUNT;
    vector x = NAME(load_part)(arguments + i, n, SPLAT(1));
    integers is_rest = (integers)x < 0;
    vector of_rest = logarithm_one_plus(SELECT(is_rest, x, SPLAT(0))), of_other = logarithm(SELECT(is_rest, SPLAT(1), x));
    vector surprise = -SELECT(is_rest, of_rest, of_other);
    for (ptrdiff_t k = 0; k < n; k++) values[i + k] += (weights ? weights[i + k] : 1) * (double)surprise[k];
  }
}

// How many rows are worked on at a time; short ones as many together as a vector has lanes, which start at multiples of 16.
INLINE ptrdiff_t NAME(rows_together)(ptrdiff_t columns) {
  if (columns >= BLAS_LENGTH) return 4096 / columns > 1 ? 4096 / columns : 1;
  ptrdiff_t rows = 4096 / columns / 16 * 16;
  return rows < 16 ? 16 : rows > NAME(LOSS_ROWS) ? NAME(LOSS_ROWS) : rows;
}

INLINE void NAME(softmax_of_rows)(element *y, const element *x, ptrdiff_t rows, ptrdiff_t columns) {
  ptrdiff_t width = columns * (ptrdiff_t)sizeof(element);
  NAME(rows_softmax)((char *const[]){(char *)y, (char *)x}, (ptrdiff_t[]){width, width}, rows, columns);
}

// The surprise at a label of hardly any probability: (largest - x) - log p(largest).
static double NAME(distant_surprise)(const element *x, const element *p, ptrdiff_t columns, ptrdiff_t label) {
  return ((double)NAME(line_largest)(x, columns) - (double)x[label]) - log((double)NAME(line_largest)(p, columns));
}

static void NAME(loss_class_crossentropy_of_logits)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t columns = call->columns, together = NAME(rows_together)(columns);
  const int64_t *labels = call->target;
  const element least = IS_FLOAT ? (element)1e-30 : (element)1e-280;
  element *room = call->gradient ? NULL : ck_allocate((size_t)(together * columns) * sizeof(element));
  for (ptrdiff_t row = first; row < end; row += together) {
    ptrdiff_t rows = end - row < together ? end - row : together;
    const element *x = (const element *)call->prediction + row * columns;
    element *y = room ? room : (element *)call->gradient + row * columns;
    element arguments[NAME(LOSS_ROWS)];
    NAME(softmax_of_rows)(y, x, rows, columns);
    for (ptrdiff_t i = 0; i < rows; i++) {
      element *p = y + i * columns;
      int64_t label = labels[row + i];
      call->values[row + i] = 0;
      arguments[i] = 1;
      if (label == call->ignored) {
        memset(p, 0, (size_t)columns * sizeof(element));
        continue;
      }
      element own = p[label];
      if (own > (element)0.5) {
        p[label] = 0;
        element rest = (element)NAME(sum_of_line)(p, columns);
        arguments[i] = p[label] = -rest;
      } else {
        if (own < least) call->values[row + i] = NAME(distant_surprise)(x + i * columns, p, columns, label);
        else arguments[i] = own;
        p[label] = own - 1;
      }
    }
    NAME(add_surprises)(call->values + row, arguments, NULL, rows);
    if (!room) NAME(scale_rows)(call, y, row, rows);
  }
  if (room) ck_free(room, (size_t)(together * columns) * sizeof(element));
}

// Targets t of any kind: Σ t (log Σ e^x - x) = Σ t (largest - x) - log p(largest) Σ t, of which no term cancels another;
// the gradient is p Σ t - t.
static void NAME(loss_crossentropy_of_logits)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t columns = call->columns, together = NAME(rows_together)(columns);
  const ck_crossentropy_of_logits_parameters *given = &call->rule.parameters.crossentropy_of_logits;
  vector smoothing = SPLAT((element)given->smoothing), share = SPLAT((element)given->share);
  element *room = call->gradient ? NULL : ck_allocate((size_t)(together * columns) * sizeof(element));
  for (ptrdiff_t row = first; row < end; row += together) {
    ptrdiff_t rows = end - row < together ? end - row : together;
    element *y = room ? room : (element *)call->gradient + row * columns;
    element arguments[NAME(LOSS_ROWS)];
    double weights[NAME(LOSS_ROWS)];
    NAME(softmax_of_rows)(y, (const element *)call->prediction + row * columns, rows, columns);
    for (ptrdiff_t i = 0; i < rows; i++) {
      const element *x = (const element *)call->prediction + (row + i) * columns;
      const element *target = (const element *)call->target + (row + i) * columns;
      element *p = y + i * columns;
      ptrdiff_t left = (end - row - i) * columns;
      vector largest_x = SPLAT(NAME(line_largest)(x, columns)), largest = SPLAT(NAME(line_largest)(p, columns));
      NAME(exact_sum) distance = {}, weight = {}, rest = {};
#define TERMS                                                                                                                \
  vector t = NAME(smoothed)(NAME(load_within)(target + j, left - j), smoothing, share);                                      \
  vector d = largest_x - NAME(load_within)(x + j, left - j), q = NAME(load_within)(p + j, rows * columns - i * columns - j); \
  vector e = SELECT(t == 0, SPLAT(0), t * d), other = SELECT(q == largest, SPLAT(0), q);
      ptrdiff_t j = 0;
      for (; j + 4 * LANE_COUNT <= columns; j += 4 * LANE_COUNT) {
        vector sums[3] = {};
        _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++, j += LANE_COUNT) {
          TERMS
          sums[0] += e;
          sums[1] += t;
          sums[2] += other;
        }
        j -= 4 * LANE_COUNT;
        NAME(add_term)(&distance, sums[0]);
        NAME(add_term)(&weight, sums[1]);
        NAME(add_term)(&rest, sums[2]);
      }
      for (; j < columns; j += LANE_COUNT) {
        TERMS
        NAME(add_term)(&distance, NAME(first_lanes)(e, columns - j, 0));
        NAME(add_term)(&weight, NAME(first_lanes)(t, columns - j, 0));
        NAME(add_term)(&rest, NAME(first_lanes)(other, columns - j, 0));
      }
      weights[i] = NAME(total)(weight);
      call->values[row + i] = NAME(total)(distance);
      _Bool is_sure = largest[0] > (element)0.5;
      element others = (element)NAME(total)(rest);
      arguments[i] = is_sure ? -others : largest[0];
      if (room) continue;
      vector total = SPLAT((element)weights[i]), factor = SPLAT((element)NAME(factor_of_row)(call, row + i));
      vector high = is_sure ? largest : SPLAT(2), remainder = SPLAT(others);
      for (j = 0; j < columns; j += LANE_COUNT) {
        TERMS
        (void)e, (void)other;
        vector slope = SELECT(q == high, q * (total - t) - t * remainder, q * total - t) * factor;
        NAME(store_within)(p + j, columns - j, rows * columns - i * columns - j, slope, q);
      }
    }
    NAME(add_surprises)(call->values + row, arguments, weights, rows);
  }
  if (room) ck_free(room, (size_t)(together * columns) * sizeof(element));
}

// -log q, q = p(label) / Σ p, clipped.
static void NAME(loss_class_crossentropy)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t columns = call->columns;
  for (ptrdiff_t row = first; row < end; row++) {
    const element *p = (const element *)call->prediction + row * columns;
    element *gradient = call->gradient ? (element *)call->gradient + row * columns : NULL;
    int64_t label = ((const int64_t *)call->target)[row];
    call->values[row] = 0;
    if (label == call->ignored) {
      if (gradient) memset(gradient, 0, (size_t)columns * sizeof(element));
      continue;
    }
    double sum = NAME(sum_of_line)(p, columns);
    element q = sum == 0 ? 0 : (element)((double)p[label] / sum), low = FUZZ, high = 1 - FUZZ;
    call->values[row] = -log((double)(q < low ? low : q > high ? high : q));
    if (!gradient) continue;
    _Bool is_clipped = q < low || q > high;
    double every = is_clipped ? 0 : NAME(factor_of_row)(call, row) / sum;
    for (ptrdiff_t i = 0; i < columns; i++) gradient[i] = NAME(finite)(every);
    if (!is_clipped) gradient[label] = NAME(finite)(every * (((double)p[label] - sum) / (double)p[label]));
  }
}

// (1 - p(label)^q) / q, whose slope is infinite at 0 and stops at FUZZ.
static void NAME(loss_generalized_class_crossentropy)(const ck_loss_call *call, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t columns = call->columns;
  double q = call->rule.parameters.generalized_class_crossentropy.q;
  for (ptrdiff_t row = first; row < end; row++) {
    int64_t label = ((const int64_t *)call->target)[row];
    double p = (double)((const element *)call->prediction)[row * columns + label];
    call->values[row] = (1 - pow(p, q)) / q;
    if (!call->gradient) continue;
    element *gradient = (element *)call->gradient + row * columns;
    memset(gradient, 0, (size_t)columns * sizeof(element));
    gradient[label] = (element)(-NAME(factor_of_row)(call, row) * pow(p >= 0 && p < FUZZ ? FUZZ : p, q - 1));
  }
}
