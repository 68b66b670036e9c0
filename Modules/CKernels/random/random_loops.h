// Bulk random numbers for one instruction set. Every instruction set gives the same bits: only additions,
// multiplications, quotients and roots are used, which IEEE 754 rounds correctly, and none of them is fused.
//
// Sixteen blocks of Philox make a group of 64 words, word by word: word j of block l is the group's word 16 j + l. A
// block also is two numbers of 64 bits, the words (0, 1) and (2, 3) with the lower half first, in the same order.

typedef uint32_t words32 __attribute__((vector_size(64)));
typedef int32_t integers32 __attribute__((vector_size(64)));
typedef float floats32 __attribute__((vector_size(64)));
typedef uint64_t words64 __attribute__((vector_size(64)));
typedef int64_t integers64 __attribute__((vector_size(64)));
typedef double floats64 __attribute__((vector_size(64)));
typedef uint8_t bools16 __attribute__((vector_size(16), aligned(1)));

enum { GROUP_BLOCKS = 16, GROUP_WORDS = 64, GROUP_NUMBERS = 32 };

// The blocks start … start + 7 (of the stream): words[j] holds word j of each in the lower halves of its lanes.
INLINE void eight_blocks(words64 words[4], ck_random_position at, uint64_t offset) {
  words64 block = (words64){0, 1, 2, 3, 4, 5, 6, 7} + (at.block + offset);
  words64 c0 = block, c1 = block >> 32, c2 = (words64){} + at.stream, c3 = c2 >> 32;
  uint32_t k0 = (uint32_t)at.key, k1 = (uint32_t)(at.key >> 32);
  _Pragma("clang loop unroll(full)") for (int round = 0; round < 10; round++) {
    words64 first = (c0 & 0xFFFFFFFF) * 0xD2511F53u, second = (c2 & 0xFFFFFFFF) * 0xCD9E8D57u;
    c0 = (second >> 32) ^ c1 ^ (uint64_t)k0;
    c2 = (first >> 32) ^ c3 ^ (uint64_t)k1;
    c1 = second;
    c3 = first;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  words[0] = c0, words[1] = c1, words[2] = c2, words[3] = c3;
}

INLINE void group_of_words(words32 result[4], ck_random_position at, uint64_t offset) {
  words64 low[4], high[4];
  eight_blocks(low, at, offset);
  eight_blocks(high, at, offset + 8);
  for (int j = 0; j < 4; j++)
    result[j] = __builtin_shufflevector((words32)low[j], (words32)high[j], 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22,
                                        24, 26, 28, 30);
}

// result[2 j], result[2 j + 1]: the first and the last eight lanes of number j.
INLINE void group_of_numbers(words64 result[4], ck_random_position at, uint64_t offset) {
  for (int half = 0; half < 2; half++) {
    words64 words[4];
    eight_blocks(words, at, offset + 8 * (uint64_t)half);
    result[half] = (words[0] & 0xFFFFFFFF) | words[1] << 32;
    result[2 + half] = (words[2] & 0xFFFFFFFF) | words[3] << 32;
  }
}

INLINE floats32 choose32(integers32 condition, floats32 yes, floats32 no) {
  return (floats32)(((integers32)yes & condition) | ((integers32)no & ~condition));
}
INLINE floats64 choose64(integers64 condition, floats64 yes, floats64 no) {
  return (floats64)(((integers64)yes & condition) | ((integers64)no & ~condition));
}

// Uniform in [0, 1): the multiples of 2^-24 and of 2^-53.
INLINE floats32 unit32(words32 x) {
  return __builtin_convertvector((integers32)(x >> 8), floats32) * 0x1p-24f;
}
INLINE floats64 unit64(words64 x) {
  words64 one = (words64)((floats64){} + 1.0);
  floats64 last = (floats64)((words64)((integers64)(x & 0x800) != 0) & (words64)((floats64){} + 0x1p-53));
  return ((floats64)(x >> 12 | one) - 1.0) + last;
}

// The polynomials of the logarithm, and of sine and cosine up to π/4.
// (log(1 + t) - t + t^2 / 2) / t^3 for 1 + t in [√½, √2]: log(1 + t) to 2.0e-8 of itself.
INLINE floats32 logarithm_polynomial(floats32 t) {
  floats32 p = -0.07902743772f * t + 0.1262231985f;
  p = p * t - 0.1299818376f;
  p = p * t + 0.1421449592f;
  p = p * t - 0.1664128146f;
  p = p * t + 0.2000104509f;
  p = p * t - 0.2500030642f;
  return p * t + 0.3333333073f;
}
// In z = x^2: sin x to 1.2e-8 of x, cos x to 6.0e-10.
INLINE floats32 sine_polynomial(floats32 z) { return (-1.958789088e-4f * z + 8.332748271e-3f) * z - 0.1666666466f; }
INLINE floats32 cosine_polynomial(floats32 z) { return (2.454794209e-5f * z - 1.388830304e-3f) * z + 0.04166666466f; }

// (2 artanh s - 2 s) / s^3 in z = s^2, |s| <= 0.1716: 2 artanh s to 1.1e-18 of 2 s.
INLINE floats64 inverse_tangent_polynomial(floats64 z) {
  floats64 p = 0.1308662614784010214 * z + 0.1326877313865688518;
  p = p * z + 0.1538623970281465819;
  p = p * z + 0.1818179564013290628;
  p = p * z + 0.2222222239171391744;
  p = p * z + 0.2857142857080361181;
  p = p * z + 0.4000000000000087698;
  return p * z + 0.6666666666666666646;
}
// In z = x^2: sin x to 1.9e-17 of x, cos x to 8.9e-19.
INLINE floats64 sine_polynomial(floats64 z) {
  floats64 s = 1.591812929486660867e-10 * z - 2.505113184500362442e-8;
  s = s * z + 2.755731610255244012e-6;
  s = s * z - 1.984126983675857432e-4;
  s = s * z + 8.333333333330948486e-3;
  return s * z - 0.1666666666666666462;
}
INLINE floats64 cosine_polynomial(floats64 z) {
  floats64 c = -1.138263242552171801e-11 * z + 2.087614626840319789e-9;
  c = c * z - 2.755731727172979288e-7;
  c = c * z + 2.480158729876568793e-5;
  c = c * z - 1.388888888888739724e-3;
  return c * z + 0.04166666666666666539;
}

// Two independent normals by Box and Muller's method: √(-2 log u) is their distance from the origin, where u is uniform
// in (0, 1), and their direction is uniform. The largest magnitude is 6.6 for Float and 8.6 for Double.
INLINE void normals32(words32 distance, words32 direction, floats32 *x, floats32 *y) {
  // u = (k + 1/2) / 2^31. Near 1 its distance from 1 counts, which is converted by itself.
  integers32 k = (integers32)(distance >> 1);
  floats32 u = (__builtin_convertvector(k, floats32) + 0.5f) * 0x1p-31f;
  floats32 below_one = (__builtin_convertvector(0x7FFFFFFF - k, floats32) + 0.5f) * 0x1p-31f;
  integers32 exponent = ((integers32)u - 0x3F3504F3) >> 23;  // u = 2^exponent m with m in [√½, √2)
  floats32 m = (floats32)((integers32)u - (exponent << 23));
  floats32 t = choose32(k >= 0x5A827999, -below_one, m - 1.0f);
  floats32 e = __builtin_convertvector(exponent & ~(k >= 0x5A827999), floats32);
  floats32 logarithm = t * t * (logarithm_polynomial(t) * t - 0.5f) + t + e * 0.693147181f;
  floats32 radius = __builtin_elementwise_sqrt(-2.0f * logarithm);
  // The direction is a quarter turn's number and an angle in (-π/4, π/4).
  words32 quarter = (direction + 0x20000000) >> 30;
  integers32 steps = (integers32)(direction - (quarter << 30));
  floats32 angle = (__builtin_convertvector(steps, floats32) + 0.5f) * 1.462918079e-9f;
  floats32 z = angle * angle;
  floats32 s = sine_polynomial(z) * (z * angle) + angle, c = cosine_polynomial(z) * (z * z) + (1.0f - 0.5f * z);
  integers32 odd = -(integers32)(quarter & 1);
  floats32 cosine = choose32(odd, s, c), sine = choose32(odd, c, s);
  *x = (floats32)((words32)(cosine * radius) ^ ((quarter + 1) & 2) << 30);
  *y = (floats32)((words32)(sine * radius) ^ (quarter & 2) << 30);
}

INLINE void normals64(words64 distance, words64 direction, floats64 *x, floats64 *y) {
  words64 one = (words64)((floats64){} + 1.0);
  floats64 u = ((floats64)(distance >> 12 | one) - 1.0) + 0x1p-53;  // exact
  // Exponents are shifted by 1024 to be positive; 2^52 + 2^51 turns small integers into doubles and back.
  words64 magic = (words64)((floats64){} + 0x1.8p52);
  words64 biased = ((words64)u - 0x3FE6A09E667F3BCD + ((uint64_t)1024 << 52)) >> 52;
  floats64 e = (floats64)(biased + (magic - 1024)) - 0x1.8p52;
  floats64 t = (floats64)((words64)u - ((biased - 1024) << 52)) - 1.0;
  floats64 ratio = t / (t + 2.0), z = ratio * ratio;
  floats64 half_square = 0.5 * t * t;
  floats64 tail = half_square - ratio * (half_square + inverse_tangent_polynomial(z) * z);
  floats64 logarithm = e * 0.69314718055994530942 + (t - tail);
  floats64 radius = __builtin_elementwise_sqrt(-2.0 * logarithm);
  words64 turn = direction >> 10, quarter = (turn + ((uint64_t)1 << 51)) >> 52;
  floats64 angle = ((floats64)(turn - (quarter << 52) + magic) - 0x1.8p52 + 0.5) * 3.4878684980086318995e-16;
  z = angle * angle;
  floats64 s = sine_polynomial(z) * (z * angle) + angle, c = cosine_polynomial(z) * (z * z) + (1.0 - 0.5 * z);
  quarter &= 3;
  integers64 odd = -(integers64)(quarter & 1);
  floats64 cosine = choose64(odd, s, c), sine = choose64(odd, c, s);
  *x = (floats64)((words64)(cosine * radius) ^ ((quarter + 1) & 2) << 62);
  *y = (floats64)((words64)(sine * radius) ^ (quarter & 2) << 62);
}

// Writes whole groups to the result, and the first part of the last one.
#define BULK(name, element, group_count, ...)                                                                 \
  static void random_##name(void *result, ptrdiff_t count, ck_random_position at, const ck_parameters *p) {   \
    element *next = result;                                                                                   \
    uint64_t offset = 0;                                                                                      \
    for (; count > 0; count -= group_count, next += group_count, offset += GROUP_BLOCKS) {                    \
      element last[group_count], *target = count < group_count ? last : next;                                 \
      __VA_ARGS__                                                                                             \
      if (count < group_count) memcpy(next, last, (size_t)count * sizeof(element));                           \
    }                                                                                                         \
    (void)p;                                                                                                  \
  }
#define PUT(type, position, value) memcpy(target + (position), &(type){value}, sizeof(type))

BULK(words, uint32_t, GROUP_WORDS, {
  words32 words[4];
  group_of_words(words, at, offset);
  memcpy(target, words, sizeof words);
})

BULK(numbers, uint64_t, GROUP_NUMBERS, {
  words64 numbers[4];
  group_of_numbers(numbers, at, offset);
  memcpy(target, numbers, sizeof numbers);
})

// a + b u, but at most c: a rounded result must not reach the end of the range.
BULK(uniform_float32, float, GROUP_WORDS, {
  words32 words[4];
  group_of_words(words, at, offset);
  float largest = (float)p->c;
  for (int j = 0; j < 4; j++) {
    floats32 x = unit32(words[j]) * (float)p->b + (float)p->a;
    PUT(floats32, 16 * j, choose32(x > largest, (floats32){} + largest, x));
  }
})

BULK(uniform_float64, double, GROUP_NUMBERS, {
  words64 numbers[4];
  group_of_numbers(numbers, at, offset);
  for (int j = 0; j < 4; j++) {
    floats64 x = unit64(numbers[j]) * p->b + p->a;
    PUT(floats64, 8 * j, choose64(x > p->c, (floats64){} + p->c, x));
  }
})

// Mean a, standard deviation b.
BULK(normal_float32, float, GROUP_WORDS, {
  words32 words[4];
  group_of_words(words, at, offset);
  for (int j = 0; j < 4; j += 2) {
    floats32 x, y;
    normals32(words[j], words[j + 1], &x, &y);
    PUT(floats32, 16 * j, x * (float)p->b + (float)p->a);
    PUT(floats32, 16 * j + 16, y * (float)p->b + (float)p->a);
  }
})

BULK(normal_float64, double, GROUP_NUMBERS, {
  words64 numbers[4];
  group_of_numbers(numbers, at, offset);
  for (int half = 0; half < 2; half++) {
    floats64 x, y;
    normals64(numbers[half], numbers[2 + half], &x, &y);
    PUT(floats64, 8 * half, x * p->b + p->a);
    PUT(floats64, 16 + 8 * half, y * p->b + p->a);
  }
})

// True with the probability a, rounded to a multiple of 2^-32.
BULK(bernoulli, uint8_t, GROUP_WORDS, {
  words32 words[4];
  group_of_words(words, at, offset);
  uint64_t below = (uint64_t)(p->a * 0x1p32 + 0.5);
  for (int j = 0; j < 4; j++) {
    integers32 is_true = below ? (integers32)(words[j] <= (uint32_t)(below - 1)) : (integers32){};
    PUT(bools16, 16 * j, __builtin_convertvector(is_true & 1, bools16));
  }
})
