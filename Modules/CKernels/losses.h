// One row per loss that is a sum over single elements: name, parameters, and statements that set `value`, the loss of a prediction
// p beside the target y, and `slope`, its derivative by p.

// Regression.
LOSS(squared_error, (), V e = p - y; value = e * e; slope = e + e;)
LOSS(absolute_error, (), V e = p - y; value = absolute(e); slope = sign(e);)
LOSS(absolute_percentage_error, (),
     V e = p - y, unit = K(100) / NAME(at_least)(absolute(y), K(FUZZ)); value = absolute(e) * unit; slope = sign(e) * unit;)
LOSS(squared_logarithmic_error, (),
     V e = logarithm_one_plus(NAME(at_least)(p, K(FUZZ))) - logarithm_one_plus(NAME(at_least)(y, K(FUZZ)));
     value = e * e; slope = SELECT(p < K(FUZZ), K(0), (e + e) / (p + 1));)
// Up to delta it is a parabola.
LOSS(huber, (delta),
     V e = p - y, size = absolute(e); value = SELECT(size > delta, delta * (size - K(0.5) * delta), K(0.5) * e * e);
     slope = clamp(e, -delta, delta);)
// Small errors: cosh e - 1 = t^2 / (2 (1 + t)) with t = e^-|e| - 1 keeps their digits.
LOSS(log_cosh, (),
     V e = p - y, size = absolute(e), t = exponential_minus_one(-size), u = K(1) + t;
     value = SELECT(size < 1, logarithm_one_plus(K(0.5) * t * t / u), size + (logarithm_one_plus(u * u) - K(LOG_2)));
     slope = hyperbolic_tangent(e);)

// Margins; factor y + offset is the target in {-1, 1}.
LOSS(hinge, (factor, offset),
     V t = factor * y + offset, m = K(1) - t * p; value = NAME(at_least)(m, K(0)); slope = SELECT(m > 0, -t, NAME(nothing)(m));)
LOSS(squared_hinge, (factor, offset),
     V t = factor * y + offset, m = NAME(at_least)(K(1) - t * p, K(0)); value = m * m; slope = -t * (m + m);)

// Distributions.
LOSS(poisson, (), V q = p + K(FUZZ); value = p - y * logarithm(q); slope = K(1) - y / q;)
LOSS(kl_divergence, (),
     V q = clamp(p, K(FUZZ), K(1)), t = clamp(y, K(FUZZ), K(1)); value = t * logarithm(t / q);
     slope = SELECT((p < K(FUZZ)) | (p > 1), K(0), -t / q);)

LOSS(binary_crossentropy, (smoothing),
     V t = NAME(smoothed)(y, smoothing, smoothing * K(0.5)), q = clamp(p, K(FUZZ), K(1) - K(FUZZ));
     value = NAME(binary_surprise)(t, q); slope = SELECT(q != p, NAME(nothing)(p), (q - t) / (q * (K(1) - q)));)
LOSS(binary_crossentropy_of_logits, (smoothing),
     V t = NAME(smoothed)(y, smoothing, smoothing * K(0.5)), other = K(1) - t, e = exponential(-absolute(p)), large = K(1) / (K(1) + e);
     V small = e * large, wrong = SELECT(p > 0, other, t);
     value = SELECT(wrong == 0, K(0), wrong * absolute(p)) + logarithm_one_plus(e);
     slope = other * SELECT(p < 0, small, large) - t * SELECT(p < 0, large, small);)
LOSS(binary_focal_crossentropy, (smoothing, gamma, weight_of_ones, weight_of_zeros),
     V t = NAME(smoothed)(y, smoothing, smoothing * K(0.5)), q = clamp(p, K(FUZZ), K(1) - K(FUZZ)), other = K(1) - t;
     V miss = t * (K(1) - p) + other * p, rate, focus = NAME(focal_power)(miss, gamma, &rate);
     V surprise = NAME(binary_surprise)(t, q), weight = t * weight_of_ones + other * weight_of_zeros; value = weight * focus * surprise;
     V by_surprise = SELECT(q != p, K(0), focus * (q - t) / (q * (K(1) - q)));
     slope = weight * (rate * (other - t) * surprise + by_surprise);)

// Losses of a row that is divided by its sum first, and then clipped. Of smoothed labels every class has a share.
NORMALISED_LOSS(crossentropy, (smoothing, share),
     V t = NAME(smoothed)(y, smoothing, share); value = -t * logarithm(p); slope = -t / p;)
NORMALISED_LOSS(focal_crossentropy, (smoothing, share, alpha, gamma),
     V t = alpha * NAME(smoothed)(y, smoothing, share), rate, focus = NAME(focal_power)(K(1) - p, gamma, &rate), surprise = -logarithm(p);
     value = t * focus * surprise; slope = -t * (rate * surprise + focus / p);)

// Losses that look at a whole row: see loss_loops.h. The last three take class numbers.
ROW_LOSS(crossentropy_of_logits, (smoothing, share))
ROW_LOSS(class_crossentropy_of_logits, ())
ROW_LOSS(class_crossentropy, ())
ROW_LOSS(generalized_class_crossentropy, (q))
