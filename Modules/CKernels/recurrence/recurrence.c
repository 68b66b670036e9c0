// Recurrent layers. Every sample's steps follow one another whatever the other samples do, so the threads share the samples;
// each sum is added up in the order of its terms: a sample's results are the same among any others and on any number of threads.
#include "../core/smaller.h"
#include "../core/nest.h"
#include "../core/table.h"
#include "../core/threads.h"

enum {
  MOST_GATES = 4,
  PADDING = 16,             // elements behind a row: rows a page apart would meet in the same few places of the nearest cache
  BLOCK_BYTES = 384 << 10,  // of a block's rows, which stay in the second cache together with what they are multiplied by
  MULTIPLICATIONS_PER_NANOSECOND = 32,
};

// How many gates a product makes at once, how many arrays of units are recorded of a step, and how many of the recorded ones are the
// left operand of the first product of a pullback.
static const struct { int gates, recorded, returned; } rules[CK_RECURRENCE_COUNT] = {
    [ck_simple_recurrence] = {1, 1, 1},
    [ck_lstm_recurrence] = {4, 4, 4},
    [ck_gru_recurrence] = {3, 4, 2},
    [ck_early_reset_recurrence] = {2, 4, 2},
};

typedef struct {
  const ck_kernels *kernels;
  const recurrence_kernels *loops;
  const product_kernels *tiles;
  const ck_recurrence *recurrence;
  ck_type type;
  ptrdiff_t width, gates, recorded, blocks;
} recurrence_call;

// A block of samples with memory for their step: rows of a few arrays of units, and of gates.
typedef struct {
  ptrdiff_t first, count, row, gate_row;
  char *state, *carry, *spare, *dropped, *gates, *raw;
} rows_of_samples;

static ptrdiff_t padded(ptrdiff_t units) { return units + PADDING; }

ptrdiff_t ck_recurrence_scratch(ptrdiff_t units) { return 4 * padded(units) + 2 * padded(MOST_GATES * units); }

int ck_recorded_gates(ck_recurrence_rule rule) { return rules[rule].recorded; }

static char *element(const recurrence_call *call, const void *data, ptrdiff_t offset) {
  return (char *)data + offset * call->width;
}

static rows_of_samples rows_for(const recurrence_call *call, ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t units = call->recurrence->units, count = end - first;
  rows_of_samples rows = {.first = first, .count = count, .row = padded(units), .gate_row = padded(MOST_GATES * units)};
  char *next = element(call, call->recurrence->scratch, first * ck_recurrence_scratch(units));
  char **arrays[] = {&rows.state, &rows.carry, &rows.spare, &rows.dropped};
  for (int i = 0; i < 4; i++, next += count * rows.row * call->width) *arrays[i] = next;
  rows.gates = next;
  rows.raw = next + count * rows.gate_row * call->width;
  return rows;
}

static char *row_of(const recurrence_call *call, const rows_of_samples *rows, char *array, ptrdiff_t index) {
  bool are_gates = array == rows->gates || array == rows->raw;
  return element(call, array, index * (are_gates ? rows->gate_row : rows->row));
}

// Where the elements of a sample's step lie in [batch, steps, count], if there is such an array.
static char *step_of(const recurrence_call *call, const void *data, ptrdiff_t sample, ptrdiff_t step, ptrdiff_t count) {
  return data ? element(call, data, (sample * call->recurrence->steps + step) * count) : NULL;
}

static bool counts(const ck_recurrence *r, ptrdiff_t sample, ptrdiff_t time) {
  return !r->mask || r->mask[sample * r->steps + time];
}

static ptrdiff_t time_of(const ck_recurrence *r, ptrdiff_t step) { return r->goes_backwards ? r->steps - 1 - step : step; }

static char *output_of(const recurrence_call *call, ptrdiff_t sample, ptrdiff_t step) {
  const ck_recurrence *r = call->recurrence;
  if (r->sequence) return step_of(call, r->sequence, sample, r->keeps_order ? time_of(r, step) : step, r->units);
  return r->last && step == r->steps - 1 ? element(call, r->last, sample * r->units) : NULL;
}

// MARK: Loops over units

static void multiply(const recurrence_call *call, void *result, const void *x, const void *y) {
  const void *operands[] = {x, y};
  call->kernels->elementwise[ck_multiply][call->type](result, operands, call->recurrence->units, 0, NULL);
}

static void add(const recurrence_call *call, void *result, const void *x, const void *y, ptrdiff_t count) {
  const void *operands[] = {x, y};
  call->kernels->elementwise[ck_add][call->type](result, operands, count, 0, NULL);
}

// gate(x + y)
static void activate_sum(const recurrence_call *call, const ck_gate *gate, void *result, const void *x, const void *y,
                         ptrdiff_t count) {
  const void *operands[] = {x, y};
  if (gate->activates) call->kernels->biased[gate->function][call->type](result, operands, count, 0, &gate->parameters);
  else add(call, result, x, y, count);
}

static void activate(const recurrence_call *call, const ck_gate *gate, void *result, const void *x) {
  if (gate->activates)
    call->kernels->elementwise[gate->function][call->type](result, &x, call->recurrence->units, 0, &gate->parameters);
  else if (result != x) memcpy(result, x, (size_t)(call->recurrence->units * call->width));
}

// How the slope follows from the value; SLOPE_COUNT where it is that of the activation at its value.
static gate_slope slope_of(const ck_gate *gate) {
  if (!gate->activates) return slope_is_one;
  switch (gate->function) {
    case ck_exponential: return slope_is_value;
    case ck_sigmoid: return slope_of_sigmoid;
    case ck_hyperbolic_tangent: return slope_of_tanh;
    case ck_hard_sigmoid: return slope_of_hard_sigmoid;
    case ck_hard_sigmoid_keras2: return slope_of_hard_sigmoid_keras2;
    default: return SLOPE_COUNT;
  }
}

// upstream times the slope where the gate has the value
static void pull_back_gate(const recurrence_call *call, const ck_gate *gate, void *result, const void *upstream,
                           const void *value, ptrdiff_t count) {
  gate_slope slope = slope_of(gate);
  if (slope < SLOPE_COUNT) return call->loops->slope[slope](result, upstream, value, count);
  const void *operands[] = {value, upstream};
  call->kernels->pullback[gate->function][call->type](result, operands, count, 0, &gate->parameters);
}

// sum = left times a packed matrix, plus bias, or added to what is there. Steps are cut into the chunks of all products, so that a
// single step gives the bits of a sequence.
static void multiply_rows(const recurrence_call *call, ptrdiff_t rows, const void *left, ptrdiff_t left_row, ptrdiff_t steps,
                          const void *packed, ptrdiff_t columns, const void *bias, bool adds, void *sum,
                          ptrdiff_t sum_row) {
  const product_kernels *tiles = call->tiles;
  ptrdiff_t each = tiles->columns, pieces = quotient_up(rows, tiles->rows), count = 1;
  ptrdiff_t chunks = larger(quotient_up(steps, PRODUCT_CHUNK), 1);
  for (ptrdiff_t column = 0; column < columns; column += count * each) {
    ptrdiff_t rest = columns - column, panel = panel_columns(tiles, rest);
    const product_kernel *kernels = panel < each ? tiles->half : tiles->whole;
    count = 1;
    if (rows <= FEW_ROWS && rest >= tiles->panels[rows] * each) {
      kernels = tiles->several;
      count = tiles->panels[rows];
    }
    for (ptrdiff_t chunk = 0; chunk < chunks; chunk++) {
      range part = piece((range){0, steps}, chunks, chunk);
      const window_run run = {.count = part.end - part.first};
      product_tile tile = {.runs = &run, .run_count = 1, .left_row = left_row, .left_step = 1, .alpha = 1};
      tile.beta = adds || chunk > 0;
      tile.right = element(call, packed, column * steps + part.first * panel);
      tile.right_step = panel;
      tile.right_panel = each * steps;
      tile.sum_row = sum_row;
      tile.columns = smaller(rest, count * each);
      tile.bias = bias && chunk == chunks - 1 ? element(call, bias, column) : NULL;
      for (ptrdiff_t i = 0; i < pieces; i++) {
        ptrdiff_t first = i * rows / pieces, end = (i + 1) * rows / pieces;
        tile.left = element(call, left, first * left_row + part.first);
        tile.sum = element(call, sum, first * sum_row + column);
        kernels[end - first](&tile);
      }
    }
  }
}

// MARK: Forwards

static void start_rows(const recurrence_call *call, const rows_of_samples *rows, char *array, const void *initial) {
  size_t bytes = (size_t)(call->recurrence->units * call->width);
  for (ptrdiff_t i = 0; i < rows->count; i++) {
    char *row = row_of(call, rows, array, i);
    if (initial) memcpy(row, element(call, initial, (rows->first + i) * call->recurrence->units), bytes);
    else memset(row, 0, bytes);
  }
}

static void end_rows(const recurrence_call *call, const rows_of_samples *rows, char *array, void *result) {
  for (ptrdiff_t i = 0; result && i < rows->count; i++)
    memcpy(element(call, result, (rows->first + i) * call->recurrence->units), row_of(call, rows, array, i),
           (size_t)(call->recurrence->units * call->width));
}

static void record(const recurrence_call *call, const rows_of_samples *rows, char *array, void *record, ptrdiff_t time) {
  ptrdiff_t units = call->recurrence->units;
  for (ptrdiff_t i = 0; record && i < rows->count; i++)
    memcpy(step_of(call, record, rows->first + i, time, units), row_of(call, rows, array, i),
           (size_t)(units * call->width));
}

// What is multiplied by the recurrent kernel: the state, or what dropout leaves of it.
static char *factors_of_state(const recurrence_call *call, const rows_of_samples *rows) {
  const ck_recurrence *r = call->recurrence;
  if (!r->kept) return rows->state;
  for (ptrdiff_t i = 0; i < rows->count; i++)
    multiply(call, row_of(call, rows, rows->dropped, i), row_of(call, rows, rows->state, i),
             element(call, r->kept, (rows->first + i) * r->units));
  return rows->dropped;
}

// The places of a sample's arrays in a step.
typedef struct {
  char *state, *carry, *spare, *product;
  char *gates;        // where they go: the record, or over the product
  const char *input;  // the step's own part of what the gates are applied to
} unit_arrays;

static char *gate_of(const recurrence_call *call, const char *gates, int index) {
  return element(call, gates, index * call->recurrence->units);
}

static void finish_lstm(const recurrence_call *call, const unit_arrays *a) {
  const ck_recurrence *r = call->recurrence;
  ptrdiff_t units = r->units;
  activate_sum(call, &r->gate, a->gates, a->product, a->input, 2 * units);
  activate_sum(call, &r->candidate, gate_of(call, a->gates, 2), gate_of(call, a->product, 2), gate_of(call, a->input, 2),
               units);
  activate_sum(call, &r->gate, gate_of(call, a->gates, 3), gate_of(call, a->product, 3), gate_of(call, a->input, 3),
               units);
  call->loops->lstm_carry(a->carry, a->gates, units);
  activate(call, &r->candidate, a->spare, a->carry);
  multiply(call, a->state, a->spare, gate_of(call, a->gates, 3));
}

static void finish_gru(const recurrence_call *call, const unit_arrays *a) {
  const ck_recurrence *r = call->recurrence;
  ptrdiff_t units = r->units;
  char *candidate = gate_of(call, a->product, 2);
  activate_sum(call, &r->gate, a->gates, a->product, a->input, 2 * units);
  char *reset = gate_of(call, a->gates, 1);
  if (r->candidate_bias) call->loops->add_product(a->spare, r->candidate_bias, reset, candidate, units);
  else multiply(call, a->spare, reset, candidate);
  if (r->record) memcpy(gate_of(call, a->gates, 3), candidate, (size_t)(units * call->width));
  activate_sum(call, &r->candidate, gate_of(call, a->gates, 2), a->spare, gate_of(call, a->input, 2), units);
  call->loops->gru_state(a->state, a->gates, units);
}

static void finish_early_reset(const recurrence_call *call, const unit_arrays *a) {
  const ck_recurrence *r = call->recurrence;
  activate_sum(call, &r->candidate, gate_of(call, a->gates, 2), gate_of(call, a->product, 2), gate_of(call, a->input, 2),
               r->units);
  if (r->record) memcpy(gate_of(call, a->gates, 3), a->spare, (size_t)(r->units * call->width));
  call->loops->gru_state(a->state, a->gates, r->units);
}

static void finish_simple(const recurrence_call *call, const unit_arrays *a) {
  const ck_recurrence *r = call->recurrence;
  activate_sum(call, &r->candidate, a->state, a->product, a->input, r->units);
  if (r->record) memcpy(a->gates, a->state, (size_t)(r->units * call->width));
}

static unit_arrays arrays_of(const recurrence_call *call, const rows_of_samples *rows, ptrdiff_t index, ptrdiff_t time) {
  const ck_recurrence *r = call->recurrence;
  ptrdiff_t sample = rows->first + index, inputs = r->rule == ck_early_reset_recurrence ? 3 : call->gates;
  unit_arrays arrays = {
      .state = row_of(call, rows, rows->state, index),
      .carry = row_of(call, rows, rows->carry, index),
      .spare = row_of(call, rows, rows->spare, index),
      .product = row_of(call, rows, rows->gates, index),
      .input = r->input ? step_of(call, r->input, sample, time, inputs * r->units) : row_of(call, rows, rows->raw, index),
  };
  arrays.gates = r->record ? step_of(call, r->record, sample, time, call->recorded * r->units) : arrays.product;
  return arrays;
}

// The reset gate comes before the second product.
static void reset_early(const recurrence_call *call, const rows_of_samples *rows, const char *factors, ptrdiff_t time) {
  const ck_recurrence *r = call->recurrence;
  for (ptrdiff_t i = 0; i < rows->count; i++) {
    unit_arrays a = arrays_of(call, rows, i, time);
    activate_sum(call, &r->gate, a.gates, a.product, a.input, 2 * r->units);
    multiply(call, a.spare, gate_of(call, a.gates, 1), element(call, factors, i * rows->row));
  }
  multiply_rows(call, rows->count, rows->spare, rows->row, r->units, r->candidate_kernel, r->units, NULL, false,
                gate_of(call, rows->gates, 2), rows->gate_row);
}

static void run_step(const recurrence_call *call, const rows_of_samples *rows, ptrdiff_t step) {
  static void (*const finish[CK_RECURRENCE_COUNT])(const recurrence_call *, const unit_arrays *) = {
      [ck_simple_recurrence] = finish_simple,
      [ck_lstm_recurrence] = finish_lstm,
      [ck_gru_recurrence] = finish_gru,
      [ck_early_reset_recurrence] = finish_early_reset,
  };
  const ck_recurrence *r = call->recurrence;
  ptrdiff_t time = time_of(r, step), units = r->units;
  record(call, rows, rows->state, r->states, time);
  record(call, rows, rows->carry, r->carries, time);
  if (!r->input)
    multiply_rows(call, rows->count, element(call, r->x, rows->first * r->x_length), r->x_length, r->x_length, r->x_kernel,
                  r->x_columns, r->x_bias, false, rows->raw, rows->gate_row);
  char *factors = factors_of_state(call, rows);
  multiply_rows(call, rows->count, factors, rows->row, units, r->kernel, call->gates * units, r->bias, false, rows->gates,
                rows->gate_row);
  if (r->rule == ck_early_reset_recurrence) reset_early(call, rows, factors, time);
  for (ptrdiff_t i = 0; i < rows->count; i++) {
    unit_arrays arrays = arrays_of(call, rows, i, time);
    bool is_counted = counts(r, rows->first + i, time);
    if (is_counted) finish[r->rule](call, &arrays);
    char *output = output_of(call, rows->first + i, step);
    if (!output) continue;
    if (is_counted || !r->zeroes_masked) memcpy(output, arrays.state, (size_t)(units * call->width));
    else memset(output, 0, (size_t)(units * call->width));
  }
}

static void run_rows(const recurrence_call *call, const rows_of_samples *rows) {
  const ck_recurrence *r = call->recurrence;
  start_rows(call, rows, rows->state, r->first_states[0]);
  if (r->rule == ck_lstm_recurrence) start_rows(call, rows, rows->carry, r->first_states[1]);
  for (ptrdiff_t step = 0; step < r->steps; step++) run_step(call, rows, step);
  end_rows(call, rows, rows->state, r->last_states[0]);
  end_rows(call, rows, rows->carry, r->last_states[1]);
}

// MARK: Backwards

static void pull_back_lstm(const recurrence_call *call, const unit_arrays *a, char *raw, const void *before,
                           const void *carry_before) {
  (void)before;
  const ck_recurrence *r = call->recurrence;
  ptrdiff_t units = r->units;
  size_t bytes = (size_t)(units * call->width);
  memcpy(a->spare, carry_before, bytes);
  call->loops->lstm_carry(a->spare, a->gates, units);
  activate(call, &r->candidate, a->spare, a->spare);
  multiply(call, gate_of(call, raw, 3), a->state, a->spare);
  multiply(call, raw, a->state, gate_of(call, a->gates, 3));
  pull_back_gate(call, &r->candidate, raw, raw, a->spare, units);
  add(call, a->carry, a->carry, raw, units);
  call->loops->lstm_gates(raw, a->carry, a->gates, carry_before, units);
  pull_back_gate(call, &r->gate, a->product, raw, a->gates, 2 * units);
  pull_back_gate(call, &r->candidate, gate_of(call, a->product, 2), gate_of(call, raw, 2), gate_of(call, a->gates, 2),
                 units);
  pull_back_gate(call, &r->gate, gate_of(call, a->product, 3), gate_of(call, raw, 3), gate_of(call, a->gates, 3), units);
  memset(a->state, 0, bytes);
}

static void pull_back_update(const recurrence_call *call, const unit_arrays *a, char *raw, const void *before) {
  const ck_recurrence *r = call->recurrence;
  call->loops->gru_gates(raw, a->state, a->gates, before, r->units);
  pull_back_gate(call, &r->gate, a->product, raw, a->gates, r->units);
  pull_back_gate(call, &r->candidate, gate_of(call, a->product, 2), gate_of(call, raw, 2), gate_of(call, a->gates, 2),
                 r->units);
}

static void pull_back_gru(const recurrence_call *call, const unit_arrays *a, char *raw, const void *before,
                          const void *carry_before) {
  (void)carry_before;
  pull_back_update(call, a, raw, before);
  char *candidate = gate_of(call, a->product, 2), *reset = gate_of(call, a->gates, 1);
  multiply(call, gate_of(call, raw, 1), candidate, gate_of(call, a->gates, 3));
  pull_back_gate(call, &call->recurrence->gate, gate_of(call, a->product, 1), gate_of(call, raw, 1), reset,
                 call->recurrence->units);
  multiply(call, gate_of(call, a->product, 3), candidate, reset);
}

static void pull_back_early_reset(const recurrence_call *call, const unit_arrays *a, char *raw, const void *before,
                                  const void *carry_before) {
  (void)carry_before;
  pull_back_update(call, a, raw, before);
}

static void pull_back_simple(const recurrence_call *call, const unit_arrays *a, char *raw, const void *before,
                             const void *carry_before) {
  (void)raw, (void)before, (void)carry_before;
  const ck_recurrence *r = call->recurrence;
  pull_back_gate(call, &r->candidate, a->product, a->state, a->gates, r->units);
  memset(a->state, 0, (size_t)(r->units * call->width));
}

// Adds what flows back through a product to the gradient of the state.
static void return_product(const recurrence_call *call, const rows_of_samples *rows, const char *left, ptrdiff_t left_row,
                           ptrdiff_t steps, const void *kernel) {
  const ck_recurrence *r = call->recurrence;
  if (!r->kept)
    return multiply_rows(call, rows->count, left, left_row, steps, kernel, r->units, NULL, true, rows->state, rows->row);
  multiply_rows(call, rows->count, left, left_row, steps, kernel, r->units, NULL, false, rows->dropped, rows->row);
  for (ptrdiff_t i = 0; i < rows->count; i++) {
    char *state = row_of(call, rows, rows->state, i);
    call->loops->add_product(state, state, row_of(call, rows, rows->dropped, i),
                             element(call, r->kept, (rows->first + i) * r->units), r->units);
  }
}

static void return_early_reset(const recurrence_call *call, const rows_of_samples *rows, ptrdiff_t time) {
  const ck_recurrence *r = call->recurrence;
  ptrdiff_t units = r->units;
  multiply_rows(call, rows->count, gate_of(call, rows->gates, 2), rows->gate_row, units, r->candidate_kernel, units, NULL,
                false, rows->spare, rows->row);
  for (ptrdiff_t i = 0; i < rows->count; i++) {
    ptrdiff_t sample = rows->first + i;
    if (!counts(r, sample, time)) continue;
    unit_arrays a = arrays_of(call, rows, i, time);
    char *reset = gate_of(call, a.gates, 1), *raw = row_of(call, rows, rows->raw, i);
    if (r->kept) multiply(call, a.spare, a.spare, element(call, r->kept, sample * units));
    multiply(call, raw, a.spare, step_of(call, r->states, sample, time, units));
    pull_back_gate(call, &r->gate, gate_of(call, a.product, 1), raw, reset, units);
    call->loops->add_product(a.state, a.state, a.spare, reset, units);
  }
}

static void pull_back_step(const recurrence_call *call, const rows_of_samples *rows, ptrdiff_t step) {
  static void (*const pull_back[CK_RECURRENCE_COUNT])(const recurrence_call *, const unit_arrays *, char *, const void *,
                                                      const void *) = {
      [ck_simple_recurrence] = pull_back_simple,
      [ck_lstm_recurrence] = pull_back_lstm,
      [ck_gru_recurrence] = pull_back_gru,
      [ck_early_reset_recurrence] = pull_back_early_reset,
  };
  const ck_recurrence *r = call->recurrence;
  ptrdiff_t time = time_of(r, step), units = r->units, recorded = call->recorded * units;
  for (ptrdiff_t i = 0; i < rows->count; i++) {
    ptrdiff_t sample = rows->first + i;
    unit_arrays a = arrays_of(call, rows, i, time);
    const char *upstream = output_of(call, sample, step);
    bool is_counted = counts(r, sample, time);
    if (upstream && (is_counted || !r->zeroes_masked)) add(call, a.state, a.state, upstream, units);
    if (is_counted)
      pull_back[r->rule](call, &a, row_of(call, rows, rows->raw, i), step_of(call, r->states, sample, time, units),
                         step_of(call, r->carries, sample, time, units));
    else {
      memset(a.product, 0, (size_t)(recorded * call->width));
      memset(a.gates, 0, (size_t)(recorded * call->width));
    }
  }
  if (r->rule == ck_early_reset_recurrence) return_early_reset(call, rows, time);
  ptrdiff_t returned = rules[r->rule].returned * units;
  return_product(call, rows, rows->gates, rows->gate_row, returned, r->kernel);
  if (r->rule == ck_gru_recurrence)
    return_product(call, rows, gate_of(call, rows->gates, 3), rows->gate_row, units, r->candidate_kernel);
  // What the reset gate has left of the state is kept: the candidate's kernel has been multiplied by it.
  ptrdiff_t replaced = r->rule == ck_early_reset_recurrence ? 3 * units : recorded;
  for (ptrdiff_t i = 0; i < rows->count; i++)
    memcpy(step_of(call, r->record, rows->first + i, time, recorded), row_of(call, rows, rows->gates, i),
           (size_t)(replaced * call->width));
}

static void pull_back_rows(const recurrence_call *call, const rows_of_samples *rows) {
  const ck_recurrence *r = call->recurrence;
  start_rows(call, rows, rows->state, r->last_states[0]);
  if (r->rule == ck_lstm_recurrence) start_rows(call, rows, rows->carry, r->last_states[1]);
  for (ptrdiff_t step = r->steps - 1; step >= 0; step--) pull_back_step(call, rows, step);
  end_rows(call, rows, rows->state, r->first_states[0]);
  end_rows(call, rows, rows->carry, r->first_states[1]);
}

// MARK: Threads

static recurrence_call call_of(const ck_kernels *kernels, ck_type type, const ck_recurrence *r) {
  return (recurrence_call){.kernels = kernels,
                           .loops = kernels->recurrence[type],
                           .tiles = kernels->product[type],
                           .recurrence = r,
                           .type = type,
                           .width = type_width(type),
                           .gates = rules[r->rule].gates,
                           .recorded = rules[r->rule].recorded};
}

static void each_block(const recurrence_call *call, ptrdiff_t first, ptrdiff_t end,
                       void (*body)(const recurrence_call *, const rows_of_samples *)) {
  ptrdiff_t batch = call->recurrence->batch;
  for (ptrdiff_t block = first; block < end; block++) {
    rows_of_samples rows = rows_for(call, block * batch / call->blocks, (block + 1) * batch / call->blocks);
    body(call, &rows);
  }
}

static void run_blocks(ptrdiff_t first, ptrdiff_t end, void *context) { each_block(context, first, end, run_rows); }
static void pull_back_blocks(ptrdiff_t first, ptrdiff_t end, void *context) {
  each_block(context, first, end, pull_back_rows);
}

static void share(recurrence_call *call, void (*body)(ptrdiff_t, ptrdiff_t, void *)) {
  const ck_recurrence *r = call->recurrence;
  ptrdiff_t row_bytes = ck_recurrence_scratch(r->units) * call->width;
  ptrdiff_t most = larger(BLOCK_BYTES / row_bytes / call->tiles->rows, 1) * call->tiles->rows;
  call->blocks = quotient_up(r->batch, most);
  double work = (double)r->batch * (double)r->steps * (double)(call->gates * r->units) * (double)r->units;
  ptrdiff_t threads = part_count((ptrdiff_t)(work / MULTIPLICATIONS_PER_NANOSECOND)) > 1 ? ck_threads() : 1;
  if (call->blocks < threads) call->blocks = smaller(threads, r->batch);
  if (call->blocks == 1 || threads == 1) body(0, call->blocks, call);
  else run_long_ranges(call->blocks, (uint64_t)(work / MULTIPLICATIONS_PER_NANOSECOND), body, call);
}

void ck_run_recurrence(const ck_kernels *kernels, ck_type type, const ck_recurrence *r) {
  recurrence_call call = call_of(kernels, type, r);
  share(&call, run_blocks);
}

void ck_pull_back_recurrence(const ck_kernels *kernels, ck_type type, const ck_recurrence *r) {
  recurrence_call call = call_of(kernels, type, r);
  share(&call, pull_back_blocks);
}

void ck_step_recurrence(const ck_kernels *kernels, ck_type type, const ck_recurrence *r) {
  recurrence_call call = call_of(kernels, type, r);
  call.blocks = 1;
  run_blocks(0, 1, &call);
}
