// One row per activation function: name, value, slope; x, a, b and c as in elementwise.h, which ends with these rows.
// Slopes at kinks are those that most frameworks take; NaN gives NaN in both.
// From each row come three kernels: f(x), f(x + bias) and upstream * f'(x).

// Of pieces of lines.
ACTIVATION(rectifier, SELECT(x <= 0, SPLAT(0), x), step(x, x > 0))
ACTIVATION(relu, relu(x, a, b, c), relu_slope(x, a, b, c))  // slope below the threshold, largest value, threshold
ACTIVATION(leaky_relu, leaky(x, a), kept(x, SELECT(x > 0, SPLAT(1), a)))  // slope below zero
ACTIVATION(relu6, clamp(x, SPLAT(0), SPLAT(6)), step(x, (x > 0) & (x < 6)))
ACTIVATION(hard_tanh, limited(x, a, b), step(x, (x >= a) & (x <= b)))  // smallest, largest value
ACTIVATION(hard_sigmoid, line(clamp(x, SPLAT(-3), SPLAT(3)), SPLAT(3), SIXTH),
           kept(x, SELECT(absolute(x) < 3, SPLAT(1.0 / 6), SPLAT(0))))
ACTIVATION(hard_sigmoid_keras2, line(clamp(x, SPLAT(-2.5), SPLAT(2.5)), SPLAT(2.5), FIFTH),
           kept(x, SELECT(absolute(x) < 2.5, SPLAT(0.2), SPLAT(0))))
ACTIVATION(ramp, ramp(x, a, b), ramp_slope(x, a, b))  // slope, value at zero
ACTIVATION(hard_silu, hard_silu(x), hard_silu_slope(x))
ACTIVATION(hard_shrink, SELECT(absolute(x) <= a, SPLAT(0), x), step(x, absolute(x) > a))  // threshold
ACTIVATION(soft_shrink, soft_shrink(x, a), step(x, absolute(x) > a))  // threshold
ACTIVATION(threshold, SELECT(x <= a, b, x), step(x, x > a))  // threshold, value up to there
ACTIVATION(sparse_plus, sparse_plus(x), sparse_plus_slope(x))
ACTIVATION(sparse_sigmoid, clamp(FMA(x, SPLAT(0.5), SPLAT(0.5)), SPLAT(0), SPLAT(1)),
           kept(x, SELECT(absolute(x) < 1, SPLAT(0.5), SPLAT(0))))

// Of roots and quotients.
ACTIVATION(softsign, softsign(x), softsign_slope(x))
ACTIVATION(squareplus, squareplus(x, a), squareplus_slope(x, a))  // twice the value at zero, squared

// Of exponentials.
ACTIVATION(exponential, exponential(x), exponential(x))
ACTIVATION(elu, elu(x, a), elu_slope(x, a))  // depth
ACTIVATION(selu, selu(x), selu_slope(x))
ACTIVATION(scaled_elu, scaled_elu(x, a, b), scaled_elu_slope(x, a, b))  // depth beside the scale, scale
ACTIVATION(celu, celu(x, a), celu_slope(x, a))  // depth and width
ACTIVATION(sigmoid, sigmoid(x), sigmoid_slope(x))
ACTIVATION(silu, silu(x), silu_slope(x))
ACTIVATION(log_sigmoid, -softplus(-x), sigmoid(-x))
ACTIVATION(softplus, softplus(x), sigmoid(x))
ACTIVATION(softplus_of_multiple, softplus_of_multiple(x, a), sigmoid_of_multiple(x, a))  // factor
ACTIVATION(mish, mish(x), mish_slope(x))
ACTIVATION(hyperbolic_tangent, hyperbolic_tangent(x), hyperbolic_tangent_slope(x))
ACTIVATION(tanh_shrink, tanh_shrink(x), tanh_shrink_slope(x))
ACTIVATION(gelu, gelu(x), gelu_slope(x))
ACTIVATION(gelu_tanh, gelu_tanh(x), gelu_tanh_slope(x))
