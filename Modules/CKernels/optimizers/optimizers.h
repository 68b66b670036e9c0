// One row per rule that optimizers change weights by: name; slots, which are kept from step to step; numbers of the step; and
// statements, in which p is the weight and g its gradient. Before: OPTIMIZER; afterwards it is not defined.

OPTIMIZER(descent, (), (rate), p = FMA(-rate, g, p);)
OPTIMIZER(momentum, (velocity), (rate, kept), velocity = FMA(kept, velocity, -(rate * g)); p += velocity;)
OPTIMIZER(nesterov, (velocity), (rate, kept),
          vector change = rate * g; velocity = FMA(kept, velocity, -change); p += FMA(kept, velocity, -change);)

// Of the mean of squares `rho` is kept, and the gradient's has the share 1 - rho.
OPTIMIZER(rms, (square), (rate, rho, share, epsilon),
          square = FMA(rho, square, share * (g * g)); p -= rate * g / SQRT(square + epsilon);)
OPTIMIZER(rms_momentum, (square, change), (rate, rho, share, kept, epsilon),
          square = FMA(rho, square, share * (g * g)); change = FMA(kept, change, rate * g / SQRT(square + epsilon));
          p -= change;)
OPTIMIZER(rms_centered, (square, mean), (rate, rho, share, epsilon),
          square = FMA(rho, square, share * (g * g)); mean = FMA(rho, mean, share * g);
          p -= rate * g / SQRT(FMA(-mean, mean, square) + epsilon);)
OPTIMIZER(rms_centered_momentum, (square, change, mean), (rate, rho, share, kept, epsilon),
          square = FMA(rho, square, share * (g * g)); mean = FMA(rho, mean, share * g);
          change = FMA(kept, change, rate * g / SQRT(FMA(-mean, mean, square) + epsilon)); p -= change;)
// As Keras 2 had it: epsilon beside the root, of what rounding may leave below 0.
OPTIMIZER(rms_keras2, (square), (rate, rho, share, epsilon),
          square = FMA(rho, square, share * (g * g)); p -= rate * g / (SQRT(square) + epsilon);)
OPTIMIZER(rms_centered_keras2, (square, mean), (rate, rho, share, epsilon),
          square = FMA(rho, square, share * (g * g)); mean = FMA(rho, mean, share * g);
          vector spread = FMA(-mean, mean, square); p -= rate * g / (SQRT(SELECT(spread < 0, SPLAT(0), spread)) + epsilon);)

OPTIMIZER(adagrad, (squares), (rate, epsilon), squares = FMA(g, g, squares); p -= rate * g / SQRT(squares + epsilon);)
OPTIMIZER(adagrad_keras2, (squares), (rate, epsilon),
          squares = FMA(g, g, squares); p -= rate * g / (SQRT(squares) + epsilon);)
OPTIMIZER(adadelta, (square, changes), (rate, rho, share, epsilon),
          square = FMA(rho, square, share * (g * g)); vector change = SQRT(changes + epsilon) * g / SQRT(square + epsilon);
          changes = FMA(rho, changes, share * (change * change)); p = FMA(-rate, change, p);)

// The means move towards gradient and square by the shares 1 - beta 1 and 1 - beta 2.
OPTIMIZER(adam, (mean, square), (rate, first_share, second_share, epsilon),
          mean = FMA(first_share, g - mean, mean); square = FMA(second_share, FMA(g, g, -square), square);
          p -= rate * mean / (SQRT(square) + epsilon);)
OPTIMIZER(adam_amsgrad, (mean, square, largest), (rate, first_share, second_share, epsilon),
          mean = FMA(first_share, g - mean, mean); square = FMA(second_share, FMA(g, g, -square), square);
          largest = SELECT((square > largest) | (square != square), square, largest);
          p -= rate * mean / (SQRT(largest) + epsilon);)
OPTIMIZER(adamax, (mean, largest), (rate, first_share, beta2, epsilon),
          mean = FMA(first_share, g - mean, mean); vector decayed = beta2 * largest; vector size = absolute(g);
          largest = SELECT((decayed > size) | (decayed != decayed), decayed, size);
          p -= rate * mean / (largest + epsilon);)
// What the mean and the gradient count, and what the square is corrected by.
OPTIMIZER(nadam, (mean, square), (mean_rate, first_share, second_share, gradient_rate, epsilon, correction),
          mean = FMA(first_share, g - mean, mean); square = FMA(second_share, FMA(g, g, -square), square);
          p -= FMA(mean_rate, mean, gradient_rate * g) / (SQRT(square * correction) + epsilon);)
// The direction alone, into p.
OPTIMIZER(lamb_direction, (mean, square), (mean_correction, first_share, second_share, epsilon, correction),
          mean = FMA(first_share, g - mean, mean); square = FMA(second_share, FMA(g, g, -square), square);
          p = mean_correction * mean / (SQRT(square * correction) + epsilon);)
OPTIMIZER(lion, (mean), (rate, beta1, beta2, first_share, second_share),
          p = FMA(-rate, sign(FMA(beta1, mean, first_share * g)), p); mean = FMA(beta2, mean, second_share * g);)

// The weight lies between the base, which gradients move, and the mean of all bases.
OPTIMIZER(schedule_free, (base, square), (rate, second_share, correction, epsilon, kept, old_share, new_share),
          square = FMA(second_share, FMA(g, g, -square), square); vector old = base;
          base -= rate * g / (SQRT(square * correction) + epsilon); p = FMA(kept, p, FMA(new_share, base, -(old_share * old)));)
// The direction alone, into p, of a weight whose squares are not factored.
OPTIMIZER(adafactor_direction, (square), (kept, share, epsilon),
          square = FMA(kept, square, share * FMA(g, g, epsilon)); p = g / SQRT(square);)

// Shrinkage and ridge are twice those of the losses.
OPTIMIZER(ftrl, (squares, linear), (inverse_rate, shrinkage, ridge, lasso),
          vector sum = FMA(g, g, squares); vector root = SQRT(sum);
          linear += FMA(shrinkage, p, g) - (root - SQRT(squares)) * inverse_rate * p;
          p = (clamp(linear, -lasso, lasso) - linear) / FMA(root, inverse_rate, ridge); squares = sum;)
OPTIMIZER(ftrl_power, (squares, linear), (inverse_rate, shrinkage, ridge, lasso, exponent),
          vector sum = FMA(g, g, squares); vector root = power(sum, exponent);
          linear += FMA(shrinkage, p, g) - (root - power(squares, exponent)) * inverse_rate * p;
          p = (clamp(linear, -lasso, lasso) - linear) / FMA(root, inverse_rate, ridge); squares = sum;)

// p = the average of p and g; and what l1 and l2 penalties of g add to a gradient p.
OPTIMIZER(average, (), (kept, taken), p = FMA(kept, p, taken * g);)
OPTIMIZER(penalty, (), (magnitude, square), p += FMA(square, g, magnitude * sign(g));)

#undef OPTIMIZER
