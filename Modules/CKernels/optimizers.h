// One row per rule that optimizers change weights by: name, number of slots, statements. For constants see the caller.
//   p weight   g gradient   s, t, u slots, which are kept from step to step   a, b, c, d, e, f constants of the step
// a stands for the learning rate, or what it has become.

OPTIMIZER(descent, 0, p = FMA(-a, g, p);)
OPTIMIZER(momentum, 1, s = FMA(b, s, -(a * g)); p += s;)
OPTIMIZER(nesterov, 1, V change = a * g; s = FMA(b, s, -change); p += FMA(b, s, -change);)

// b = rho, c = 1 - rho, d = momentum, e = epsilon
OPTIMIZER(rms, 1, s = FMA(b, s, c * (g * g)); p -= a * g / SQRT(s + e);)
OPTIMIZER(rms_momentum, 2, s = FMA(b, s, c * (g * g)); t = FMA(d, t, a * g / SQRT(s + e)); p -= t;)
OPTIMIZER(rms_centered, 2,
          s = FMA(b, s, c * (g * g)); t = FMA(b, t, c * g); p -= a * g / SQRT(FMA(-t, t, s) + e);)
OPTIMIZER(rms_centered_momentum, 3,
          s = FMA(b, s, c * (g * g)); u = FMA(b, u, c * g); t = FMA(d, t, a * g / SQRT(FMA(-u, u, s) + e)); p -= t;)
// As Keras 2 had it: epsilon beside the root, of what rounding may leave below 0.
OPTIMIZER(rms_keras2, 1, s = FMA(b, s, c * (g * g)); p -= a * g / (SQRT(s) + e);)
OPTIMIZER(rms_centered_keras2, 2,
          s = FMA(b, s, c * (g * g)); t = FMA(b, t, c * g); V spread = FMA(-t, t, s);
          p -= a * g / (SQRT(SELECT(spread < 0, K(0), spread)) + e);)

OPTIMIZER(adagrad, 1, s = FMA(g, g, s); p -= a * g / SQRT(s + e);)
OPTIMIZER(adagrad_keras2, 1, s = FMA(g, g, s); p -= a * g / (SQRT(s) + e);)
OPTIMIZER(adadelta, 2,
          s = FMA(b, s, c * (g * g)); V change = SQRT(t + e) * g / SQRT(s + e); t = FMA(b, t, c * (change * change));
          p = FMA(-a, change, p);)

// b = 1 - beta 1, c = 1 - beta 2, e = epsilon
OPTIMIZER(adam, 2, s = FMA(b, g - s, s); t = FMA(c, FMA(g, g, -t), t); p -= a * s / (SQRT(t) + e);)
OPTIMIZER(adam_amsgrad, 3,
          s = FMA(b, g - s, s); t = FMA(c, FMA(g, g, -t), t); u = SELECT((t > u) | (t != t), t, u);
          p -= a * s / (SQRT(u) + e);)
// c = beta 2
OPTIMIZER(adamax, 2,
          s = FMA(b, g - s, s); V decayed = c * t; V size = absolute(g);
          t = SELECT((decayed > size) | (decayed != decayed), decayed, size); p -= a * s / (t + e);)
// a, d = what the first slot and the gradient count, f = what the second slot does
OPTIMIZER(nadam, 2,
          s = FMA(b, g - s, s); t = FMA(c, FMA(g, g, -t), t); p -= FMA(a, s, d * g) / (SQRT(t * f) + e);)
// The direction alone, into p. a, f = what the slots count
OPTIMIZER(lamb_direction, 2, s = FMA(b, g - s, s); t = FMA(c, FMA(g, g, -t), t); p = a * s / (SQRT(t * f) + e);)
// b, c = beta 1, beta 2; d, e = 1 - beta 1, 1 - beta 2
OPTIMIZER(lion, 1, p = FMA(-a, sign(FMA(b, s, d * g)), p); s = FMA(c, s, e * g);)

// a = 1 / learning rate, b = 2 l2 shrinkage, c = 2 l2, d = l1, e = -learning rate power
OPTIMIZER(ftrl, 2,
          V sum = FMA(g, g, s); V root = SQRT(sum); t += FMA(b, p, g) - (root - SQRT(s)) * a * p;
          p = (clamp(t, -d, d) - t) / FMA(root, a, c); s = sum;)
OPTIMIZER(ftrl_power, 2,
          V sum = FMA(g, g, s); V root = power(sum, e); t += FMA(b, p, g) - (root - power(s, e)) * a * p;
          p = (clamp(t, -d, d) - t) / FMA(root, a, c); s = sum;)

// p = the average of p and g; and what l1 and l2 penalties of g add to a gradient p.
OPTIMIZER(average, 0, p = FMA(a, p, b * g);)
OPTIMIZER(penalty, 0, p += FMA(b, g, a * sign(g));)
