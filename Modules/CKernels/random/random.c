// Philox 4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11.
// The loops over blocks are in random_loops.h; here is what takes a number of words that depends on their values.
#include "../core/nest.h"
#include "../core/threads.h"
#pragma STDC FP_CONTRACT OFF

void ck_philox(uint32_t block[4], const uint32_t counter[4], const uint32_t key[2]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    uint64_t first = (uint64_t)0xD2511F53u * c0, second = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(second >> 32) ^ c1 ^ k0;
    c2 = (uint32_t)(first >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)second;
    c3 = (uint32_t)first;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  block[0] = c0;
  block[1] = c1;
  block[2] = c2;
  block[3] = c3;
}

void ck_random_block(ck_random_position at, uint64_t *first, uint64_t *second) {
  uint32_t words[4];
  ck_philox(words, (uint32_t[]){(uint32_t)at.block, at.block >> 32, (uint32_t)at.stream, at.stream >> 32},
            (uint32_t[]){(uint32_t)at.key, at.key >> 32});
  *first = words[0] | (uint64_t)words[1] << 32;
  *second = words[2] | (uint64_t)words[3] << 32;
}

enum { GROUP_BLOCKS = 16, GROUP_BYTES = 256, CANDIDATES = 512 };

static uint64_t blocks_for(ptrdiff_t count, ptrdiff_t width) {
  return (uint64_t)((count * width + GROUP_BYTES - 1) / GROUP_BYTES * GROUP_BLOCKS);
}

typedef struct {
  ck_random_loop fill;
  char *result;
  ptrdiff_t count, step, width, drawn_width;  // the width of a result, and of what is drawn for it
  ck_random_position at;
  const ck_parameters *parameters;
} shared_random;

static void fill_pieces(ptrdiff_t begin, ptrdiff_t end, void *context) {
  const shared_random *shared = context;
  ptrdiff_t first = begin * shared->step, last = end * shared->step;
  if (last > shared->count) last = shared->count;
  ck_random_position at = shared->at;
  at.block += blocks_for(first, shared->drawn_width);
  shared->fill(shared->result + first * shared->width, last - first, at, shared->parameters);
}

uint64_t ck_random(const ck_kernels *kernels, ck_distribution distribution, ck_type type, void *result, ptrdiff_t count,
                   ck_random_position at, ck_parameters parameters) {
  ptrdiff_t width = type_width(type), drawn_width = type == ck_bool ? 4 : width;
  shared_random shared = {.fill = kernels->random[distribution][type], .result = result, .count = count, .width = width,
                          .drawn_width = drawn_width, .at = at, .parameters = &parameters};
  ptrdiff_t pieces = part_count(count);
  shared.step = (count + pieces * GROUP_BYTES - 1) / (pieces * GROUP_BYTES) * GROUP_BYTES;  // elements: whole groups
  if (count > 0) run_ranges((count + shared.step - 1) / shared.step, fill_pieces, &shared);
  return blocks_for(count, drawn_width);
}

// Candidates come in passes of whole groups, about as many as results are missing; what is accepted moves up.
#define ACCEPTING(distribution, type, candidate_type, candidate, accepted, ...)                         \
  candidate results[CANDIDATES];                                                                        \
  uint64_t used = 0;                                                                                    \
  for (ptrdiff_t done = 0; done < count;) {                                                             \
    const ptrdiff_t group = GROUP_BYTES / sizeof(candidate);                                            \
    ptrdiff_t missing = (count - done + group - 1) / group * group;                                     \
    ptrdiff_t candidates = missing < CANDIDATES ? missing : CANDIDATES, found = 0;                      \
    kernels->random[distribution][candidate_type](results, candidates, at, &parameters);                \
    for (ptrdiff_t i = 0; i < candidates; i++) {                                                        \
      candidate x = results[i];                                                                         \
      __VA_ARGS__                                                                                       \
      found += accepted;                                                                                \
    }                                                                                                   \
    if (found > count - done) found = count - done;                                                     \
    for (ptrdiff_t i = 0; i < found; i++) ((type *)result)[done + i] = (type)FINISHED(results[i]);      \
    done += found;                                                                                      \
    at.block += blocks_for(candidates, sizeof(candidate));                                              \
    used += blocks_for(candidates, sizeof(candidate));                                                  \
  }                                                                                                     \
  return used;

#define FINISHED(z) (z * standard_deviation + mean)
#define TRUNCATED(name, type, type_name)                                                                       \
  static uint64_t name(const ck_kernels *kernels, type *result, ptrdiff_t count, ck_random_position at,       \
                       type mean, type standard_deviation) {                                                  \
    ck_parameters parameters = {.a = 0, .b = 1};                                                              \
    ACCEPTING(ck_normal, type, type_name, type, (x >= -2 && x <= 2), results[found] = x;)                     \
  }
TRUNCATED(truncated_float32, float, ck_float32)
TRUNCATED(truncated_float64, double, ck_float64)
#undef FINISHED

uint64_t ck_random_truncated_normal(const ck_kernels *kernels, ck_type type, void *result, ptrdiff_t count,
                                    ck_random_position at, double mean, double standard_deviation) {
  if (type == ck_float32)
    return truncated_float32(kernels, result, count, at, (float)mean, (float)standard_deviation);
  return truncated_float64(kernels, result, count, at, mean, standard_deviation);
}

// Lemire, "Fast random integer generation in an interval", 2019: the upper half of word * span, without the few words
// that would give some integers one chance more than others.
#define FINISHED(x) (low + x)
#define INTEGERS(type)                                                                                         \
  static uint64_t integers_##type(const ck_kernels *kernels, type *result, ptrdiff_t count,                   \
                                  ck_random_position at, uint64_t low, uint32_t span) {                       \
    ck_parameters parameters = {};                                                                            \
    uint32_t refused = (0 - span) % span;                                                                     \
    ACCEPTING(ck_random_words, type, ck_int32, uint32_t, ((uint32_t)product >= refused),                      \
              uint64_t product = (uint64_t)x * span; results[found] = (uint32_t)(product >> 32);)             \
  }
INTEGERS(uint8_t)
INTEGERS(int32_t)
INTEGERS(int64_t)

static uint64_t integers_wide(const ck_kernels *kernels, int64_t *result, ptrdiff_t count, ck_random_position at,
                              uint64_t low, uint64_t span) {
  ck_parameters parameters = {};
  if (span == 0) {
    kernels->random[ck_random_words][ck_int64](result, count, at, &parameters);
    return blocks_for(count, 8);  // every integer: the lowest one does not matter
  }
  uint64_t refused = (0 - span) % span;
  ACCEPTING(ck_random_words, int64_t, ck_int64, uint64_t, ((uint64_t)product >= refused),
            unsigned __int128 product = (unsigned __int128)x * span; results[found] = (uint64_t)(product >> 64);)
}

uint64_t ck_random_integers(const ck_kernels *kernels, ck_type type, void *result, ptrdiff_t count,
                            ck_random_position at, int64_t low, uint64_t span) {
  if (type == ck_int32 && span == (uint64_t)1 << 32)
    return ck_random(kernels, ck_random_words, ck_int32, result, count, at, (ck_parameters){});
  if (type == ck_uint8) return integers_uint8_t(kernels, result, count, at, (uint64_t)low, (uint32_t)span);
  if (type == ck_int32) return integers_int32_t(kernels, result, count, at, (uint64_t)low, (uint32_t)span);
  if (span - 1 < UINT32_MAX) return integers_int64_t(kernels, result, count, at, (uint64_t)low, (uint32_t)span);
  return integers_wide(kernels, result, count, at, (uint64_t)low, span);
}

// Fisher and Yates: each place, from the last on, exchanges its number with one that is not yet placed.
uint64_t ck_random_permutation(const ck_kernels *kernels, int64_t *result, ptrdiff_t count, ck_random_position at) {
  ck_parameters parameters = {};
  uint64_t words[CANDIDATES], used = 0;
  ptrdiff_t next = 0, available = 0;
  for (ptrdiff_t i = 0; i < count; i++) result[i] = i;
  for (ptrdiff_t i = count - 1; i > 0;) {
    if (next == available) {
      const ptrdiff_t group = GROUP_BYTES / sizeof(uint64_t);
      ptrdiff_t missing = (i + group - 1) / group * group;
      available = missing < CANDIDATES ? missing : CANDIDATES;
      kernels->random[ck_random_words][ck_int64](words, available, at, &parameters);
      at.block += blocks_for(available, 8);
      used += blocks_for(available, 8);
      next = 0;
    }
    uint64_t span = (uint64_t)i + 1;
    unsigned __int128 product = (unsigned __int128)words[next++] * span;
    if ((uint64_t)product < span && (uint64_t)product < (0 - span) % span) continue;
    ptrdiff_t chosen = (ptrdiff_t)(product >> 64);
    int64_t number = result[i];
    result[i] = result[chosen];
    result[chosen] = number;
    i--;
  }
  return used;
}
