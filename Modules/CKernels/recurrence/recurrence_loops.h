// Recurrent layers: what happens to the gates of a step, vector by vector of units.

#define UNIT(array, index) NAME(load_part)((const element *)(array) + (index) * units + i, units - i, (vector){})
#define EACH_UNIT for (ptrdiff_t i = 0; i < units; i += LANE_COUNT)
#define SET(array, index, value) NAME(store_part)((element *)(array) + (index) * units + i, units - i, value)

static void NAME(lstm_carry)(void *carry, const void *gates, ptrdiff_t units) {
  EACH_UNIT SET(carry, 0, FMA(UNIT(gates, 1), UNIT(carry, 0), UNIT(gates, 0) * UNIT(gates, 2)));
}

static void NAME(gru_state)(void *state, const void *gates, ptrdiff_t units) {
  EACH_UNIT {
    vector update = UNIT(gates, 0);
    SET(state, 0, FMA(update, UNIT(state, 0), (SPLAT(1) - update) * UNIT(gates, 2)));
  }
}

static void NAME(add_product)(void *result, const void *value, const void *x, const void *y, ptrdiff_t units) {
  EACH_UNIT SET(result, 0, FMA(UNIT(x, 0), UNIT(y, 0), UNIT(value, 0)));
}

static void NAME(lstm_gates)(void *gradients, void *carry, const void *gates, const void *before, ptrdiff_t units) {
  EACH_UNIT {
    vector upstream = UNIT(carry, 0);
    SET(gradients, 0, upstream * UNIT(gates, 2));
    SET(gradients, 1, upstream * UNIT(before, 0));
    SET(gradients, 2, upstream * UNIT(gates, 0));
    SET(carry, 0, upstream * UNIT(gates, 1));
  }
}

static void NAME(gru_gates)(void *gradients, void *state, const void *gates, const void *before, ptrdiff_t units) {
  EACH_UNIT {
    vector upstream = UNIT(state, 0), update = UNIT(gates, 0);
    SET(gradients, 0, upstream * (UNIT(before, 0) - UNIT(gates, 2)));
    SET(gradients, 2, upstream * (SPLAT(1) - update));
    SET(state, 0, upstream * update);
  }
}

#define SLOPE(name, expression)                                                                              \
  static void NAME(name)(void *result, const void *upstream, const void *value, ptrdiff_t units) {           \
    EACH_UNIT {                                                                                              \
      vector y = UNIT(value, 0);                                                                             \
      SET(result, 0, UNIT(upstream, 0) * (expression));                                                      \
    }                                                                                                        \
  }
SLOPE(slope_is_one, ((void)y, SPLAT(1)))
SLOPE(slope_is_value, y)
SLOPE(slope_of_sigmoid, y * (SPLAT(1) - y))
SLOPE(slope_of_tanh, (SPLAT(1) - y) * (SPLAT(1) + y))
// NaN stays.
SLOPE(slope_of_hard_sigmoid, SELECT((y > 0) & (y < 1), SPLAT(1.0 / 6), y - y))
SLOPE(slope_of_hard_sigmoid_keras2, SELECT((y > 0) & (y < 1), SPLAT(0.2), y - y))

static const recurrence_kernels NAME(recurrence) = {
    .lstm_carry = NAME(lstm_carry),
    .gru_state = NAME(gru_state),
    .add_product = NAME(add_product),
    .lstm_gates = NAME(lstm_gates),
    .gru_gates = NAME(gru_gates),
    .slope = {[slope_is_one] = NAME(slope_is_one),
              [slope_is_value] = NAME(slope_is_value),
              [slope_of_sigmoid] = NAME(slope_of_sigmoid),
              [slope_of_tanh] = NAME(slope_of_tanh),
              [slope_of_hard_sigmoid] = NAME(slope_of_hard_sigmoid),
              [slope_of_hard_sigmoid_keras2] = NAME(slope_of_hard_sigmoid_keras2)},
};

#undef UNIT
#undef EACH_UNIT
#undef SET
#undef SLOPE
