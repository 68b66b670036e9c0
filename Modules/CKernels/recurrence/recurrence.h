// Recurrent layers: the loops over the units of one sample's step.
#ifndef CKERNELS_RECURRENCE_H
#define CKERNELS_RECURRENCE_H

#include <stddef.h>

/// The slope of a gate that follows from its value.
typedef enum {
  slope_is_one,
  slope_is_value,
  slope_of_sigmoid,
  slope_of_tanh,
  slope_of_hard_sigmoid,
  slope_of_hard_sigmoid_keras2,
  SLOPE_COUNT
} gate_slope;

/// All arrays are contiguous, an element per unit. Gates of a step lie one behind the other, in Keras's order.
typedef struct {
  /// carry = forget * carry + input * candidate
  void (*lstm_carry)(void *carry, const void *gates, ptrdiff_t units);
  /// state = update * state + (1 - update) * candidate
  void (*gru_state)(void *state, const void *gates, ptrdiff_t units);
  /// result = value + x * y
  void (*add_product)(void *result, const void *value, const void *x, const void *y, ptrdiff_t units);
  /// gradients of an LSTM's gates, and the carry's, from the carry's own: carry *= forget at last
  void (*lstm_gates)(void *gradients, void *carry, const void *gates, const void *before, ptrdiff_t units);
  /// gradients of a GRU's update gate and candidate, and the state's: state *= update at last
  void (*gru_gates)(void *gradients, void *state, const void *gates, const void *before, ptrdiff_t units);
  /// result = upstream * slope, which follows from the value
  void (*slope[SLOPE_COUNT])(void *result, const void *upstream, const void *value, ptrdiff_t count);
} recurrence_kernels;

#endif
