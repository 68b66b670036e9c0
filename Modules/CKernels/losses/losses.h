// One row per loss that is a sum over single elements: name, parameters, and statements that set `value`, the loss of a prediction
// p beside the target y, and `slope`, its derivative by p. Before: LOSS, and what else is to differ from it; afterwards none of
// them is defined.

#ifndef NORMALISED_LOSS
#define NORMALISED_LOSS LOSS
#endif
#ifndef ROW_LOSS
#define ROW_LOSS LOSS
#endif

// Regression.
LOSS(squared_error, (), vector e = p - y; value = e * e; slope = e + e;)
LOSS(absolute_error, (), vector e = p - y; value = absolute(e); slope = sign(e);)
LOSS(absolute_percentage_error, (),
     vector e = p - y, unit = SPLAT(100) / NAME(at_least)(absolute(y), SPLAT(FUZZ));
     value = absolute(e) * unit; slope = sign(e) * unit;)
LOSS(squared_logarithmic_error, (),
     vector e = logarithm_one_plus(NAME(at_least)(p, SPLAT(FUZZ))) - logarithm_one_plus(NAME(at_least)(y, SPLAT(FUZZ)));
     value = e * e; slope = SELECT(p < SPLAT(FUZZ), SPLAT(0), (e + e) / (p + 1));)
// Up to delta it is a parabola.
LOSS(huber, (delta),
     vector e = p - y, size = absolute(e); value = SELECT(size > delta, delta * (size - SPLAT(0.5) * delta), SPLAT(0.5) * e * e);
     slope = clamp(e, -delta, delta);)
// Small errors: cosh e - 1 = t^2 / (2 (1 + t)) with t = e^-|e| - 1 keeps their digits.
LOSS(log_cosh, (),
     vector e = p - y, size = absolute(e), t = exponential_minus_one(-size), u = SPLAT(1) + t;
     value = SELECT(size < 1, logarithm_one_plus(SPLAT(0.5) * t * t / u), size + (logarithm_one_plus(u * u) - SPLAT(LOG_2)));
     slope = hyperbolic_tangent(e);)

// Margins; factor y + offset is the target in {-1, 1}.
LOSS(hinge, (factor, offset),
     vector t = factor * y + offset, m = SPLAT(1) - t * p;
     value = NAME(at_least)(m, SPLAT(0)); slope = SELECT(m > 0, -t, NAME(nothing)(m));)
LOSS(squared_hinge, (factor, offset),
     vector t = factor * y + offset, m = NAME(at_least)(SPLAT(1) - t * p, SPLAT(0)); value = m * m; slope = -t * (m + m);)

// Distributions.
LOSS(poisson, (), vector q = p + SPLAT(FUZZ); value = p - y * logarithm(q); slope = SPLAT(1) - y / q;)
LOSS(kl_divergence, (),
     vector q = clamp(p, SPLAT(FUZZ), SPLAT(1)), t = clamp(y, SPLAT(FUZZ), SPLAT(1)); value = t * logarithm(t / q);
     slope = SELECT((p < SPLAT(FUZZ)) | (p > 1), SPLAT(0), -t / q);)

LOSS(binary_crossentropy, (smoothing),
     vector t = NAME(smoothed)(y, smoothing, smoothing * SPLAT(0.5)), q = clamp(p, SPLAT(FUZZ), SPLAT(1) - SPLAT(FUZZ));
     value = NAME(binary_surprise)(t, q); slope = SELECT(q != p, NAME(nothing)(p), (q - t) / (q * (SPLAT(1) - q)));)
LOSS(binary_crossentropy_of_logits, (smoothing),
     vector t = NAME(smoothed)(y, smoothing, smoothing * SPLAT(0.5)), other = SPLAT(1) - t;
     vector e = exponential(-absolute(p)), large = SPLAT(1) / (SPLAT(1) + e);
     vector small = e * large, wrong = SELECT(p > 0, other, t);
     value = SELECT(wrong == 0, SPLAT(0), wrong * absolute(p)) + logarithm_one_plus(e);
     slope = other * SELECT(p < 0, small, large) - t * SELECT(p < 0, large, small);)
LOSS(binary_focal_crossentropy, (smoothing, gamma, weight_of_ones, weight_of_zeros),
     vector t = NAME(smoothed)(y, smoothing, smoothing * SPLAT(0.5)), other = SPLAT(1) - t;
     vector q = clamp(p, SPLAT(FUZZ), SPLAT(1) - SPLAT(FUZZ));
     vector miss = t * (SPLAT(1) - p) + other * p, rate, focus = NAME(focal_power)(miss, gamma, &rate);
     vector surprise = NAME(binary_surprise)(t, q), weight = t * weight_of_ones + other * weight_of_zeros;
     value = weight * focus * surprise;
     vector by_surprise = SELECT(q != p, SPLAT(0), focus * (q - t) / (q * (SPLAT(1) - q)));
     slope = weight * (rate * (other - t) * surprise + by_surprise);)

// Losses of a row that is divided by its sum first, and then clipped. Of smoothed labels every class has a share.
NORMALISED_LOSS(crossentropy, (smoothing, share),
     vector t = NAME(smoothed)(y, smoothing, share); value = -t * logarithm(p); slope = -t / p;)
NORMALISED_LOSS(focal_crossentropy, (smoothing, share, alpha, gamma),
     vector t = alpha * NAME(smoothed)(y, smoothing, share), rate, focus = NAME(focal_power)(SPLAT(1) - p, gamma, &rate);
     vector surprise = -logarithm(p);
     value = t * focus * surprise; slope = -t * (rate * surprise + focus / p);)

// Losses that look at a whole row: see crossentropies.h. The last three take class numbers.
ROW_LOSS(crossentropy_of_logits, (smoothing, share))
ROW_LOSS(class_crossentropy_of_logits, ())
ROW_LOSS(class_crossentropy, ())
ROW_LOSS(generalized_class_crossentropy, (q))

#undef LOSS
#undef NORMALISED_LOSS
#undef ROW_LOSS
