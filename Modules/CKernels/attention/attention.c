// Attention in blocks of queries and keys: of the scores, only those of a block are in memory. The blocks of keys begin at multiples
// of their length, and a query's results depend on no other query: neither the batch nor the threads change a bit.
#include "../core/smaller.h"
#include "../core/table.h"
#include "../core/threads.h"

enum {
  KEY_BLOCK = 256,
  QUERY_BLOCK = 56,                   // four tiles of a product
  FEWEST_QUERIES = 2 * QUERY_BLOCK,   // that a thread gets
  PARTS_PER_THREAD = 4,
  SMALLEST_SHARED = 1 << 17,          // multiplications
  MULTIPLICATIONS_PER_NANOSECOND = 64,
};

typedef struct {
  const ck_kernels *kernels;
  const attention_kernels *rows;
  const ck_attention *a;
  ck_type type;
  ptrdiff_t width, parts, group;
  // Of the pullback.
  const ck_attention_gradients *gradients;
} attention_call;

// One sample's head, and the memory in which a thread computes it.
typedef struct {
  const attention_call *call;
  ptrdiff_t sample, head, key_head;
  char *scores, *slopes;            // of a block
  char *keys, *values, *key_rows;   // packed, of a block of keys
  char *states;                     // of the queries: the largest score, and the sum of the terms
  uint8_t allowed[KEY_BLOCK];
} attention_head;

static char *place(const attention_call *call, const ck_heads *heads, ptrdiff_t sample, ptrdiff_t step, ptrdiff_t head) {
  return (char *)heads->data + (sample * heads->sample + step * heads->step + head * heads->head) * call->width;
}

static void multiply(const attention_call *call, ptrdiff_t rows, ptrdiff_t steps, ptrdiff_t columns, ck_matrix left,
                     ck_matrix right, const void *packed, double alpha, double beta, void *result, ptrdiff_t result_row) {
  ck_matrix_product product = {.rows = rows, .steps = steps, .columns = columns, .left = left, .right = right,
                               .packed = packed, .alpha = alpha, .beta = beta, .result = result,
                               .result_row = result_row};
  multiply_alone(call->kernels, call->type, &product);
}

static size_t packed_bytes(const attention_call *call, ptrdiff_t steps, ptrdiff_t columns) {
  return (ck_packed_bytes(call->kernels, call->type, steps, columns) + 63) / 64 * 64;
}

// MARK: Masks

// Masks the scores of a query, of the keys from `first` on.
static void mask_row(attention_head *h, void *scores, ptrdiff_t query, ptrdiff_t first, ptrdiff_t count) {
  const attention_call *call = h->call;
  const ck_attention *a = call->a;
  ptrdiff_t begin = a->window > 0 ? larger(query - a->window + 1 - first, 0) : 0;
  ptrdiff_t end = a->window > 0 ? smaller(query + a->window - first, count) : count;
  if (a->is_causal) end = smaller(end, query + 1 - first);
  begin = smaller(begin, count);
  end = larger(end, begin);
  if (a->query_mask && !a->query_mask[h->sample * a->queries + query]) end = begin;
  const uint8_t *keys = a->key_mask ? a->key_mask + h->sample * a->keys + first : NULL;
  const uint8_t *pairs = NULL;
  if (a->mask) pairs = a->mask + h->sample * a->mask_sample + h->head * a->mask_head + query * a->keys + first;
  call->rows->mask(scores, 0, begin, NULL, a->lowers_masked, a->masked);
  call->rows->mask(scores, end, count, NULL, a->lowers_masked, a->masked);
  if (keys && pairs) {
    for (ptrdiff_t i = begin; i < end; i++) h->allowed[i] = keys[i] & pairs[i];
    keys = h->allowed;
  } else if (pairs) keys = pairs;
  if (keys) call->rows->mask(scores, begin, end, keys, a->lowers_masked, a->masked);
}

static bool has_masks(const ck_attention *a) {
  return a->is_causal || a->window > 0 || a->query_mask || a->key_mask || a->mask;
}

// Without other masks, each query sees the first key: what follows its own has the terms 0.
static bool is_all_later(const ck_attention *a, ptrdiff_t last_query, ptrdiff_t key) {
  return a->is_causal && a->window == 0 && !a->query_mask && !a->key_mask && !a->mask && key > last_query;
}

// The scores of some queries and keys, masked.
static void compute_scores(attention_head *h, ptrdiff_t query, ptrdiff_t queries, ptrdiff_t key, ptrdiff_t keys) {
  const attention_call *call = h->call;
  const ck_attention *a = call->a;
  ck_matrix left = {place(call, &a->query, h->sample, query, h->head), a->query.step, 1};
  multiply(call, queries, a->size, keys, left, (ck_matrix){left.data, 0, 0}, h->keys, a->scale, 0, h->scores, KEY_BLOCK);
  if (!has_masks(a)) return;
  for (ptrdiff_t i = 0; i < queries; i++)
    mask_row(h, h->scores + i * KEY_BLOCK * call->width, query + i, key, keys);
}

// MARK: Forwards

static void *state_of(const attention_head *h, ptrdiff_t query) { return h->states + 2 * query * h->call->width; }

static void pack_keys(attention_head *h, ptrdiff_t key, ptrdiff_t keys) {
  const attention_call *call = h->call;
  const ck_attention *a = call->a;
  const void *first = place(call, &a->key, h->sample, key, h->key_head);
  ck_pack_matrix(call->kernels, call->type, h->keys, (ck_matrix){first, 1, a->key.step}, a->size, keys);
}

// Adds a block's part to the results of some queries.
static void attend_block(attention_head *h, ptrdiff_t query, ptrdiff_t queries, ptrdiff_t key, ptrdiff_t keys) {
  const attention_call *call = h->call;
  const ck_attention *a = call->a;
  compute_scores(h, query, queries, key, keys);
  for (ptrdiff_t i = 0; i < queries; i++) {
    double factor = call->rows->terms(h->scores + i * KEY_BLOCK * call->width, keys, state_of(h, query + i));
    if (key > 0 && factor != 1)
      call->rows->scale(place(call, &a->output, h->sample, query + i, h->head), a->value_size, factor);
  }
  multiply(call, queries, keys, a->value_size, (ck_matrix){h->scores, KEY_BLOCK, 1}, (ck_matrix){h->scores, 0, 0},
           h->values, 1, key > 0, place(call, &a->output, h->sample, query, h->head), a->output.step);
}

static void attend(attention_head *h, ptrdiff_t first, ptrdiff_t end) {
  const attention_call *call = h->call;
  const ck_attention *a = call->a;
  for (ptrdiff_t query = first; query < end; query++) call->rows->start(state_of(h, query));
  for (ptrdiff_t key = 0; key < a->keys; key += KEY_BLOCK) {
    ptrdiff_t keys = smaller(KEY_BLOCK, a->keys - key);
    if (is_all_later(a, end - 1, key)) break;
    pack_keys(h, key, keys);
    const void *values = place(call, &a->value, h->sample, key, h->key_head);
    ck_pack_matrix(call->kernels, call->type, h->values, (ck_matrix){values, a->value.step, 1}, keys, a->value_size);
    for (ptrdiff_t query = first; query < end; query += QUERY_BLOCK) {
      ptrdiff_t queries = smaller(QUERY_BLOCK, end - query);
      if (!is_all_later(a, query + queries - 1, key)) attend_block(h, query, queries, key, keys);
    }
  }
  for (ptrdiff_t query = first; query < end; query++)
    call->rows->finish(place(call, &a->output, h->sample, query, h->head), a->value_size, state_of(h, query));
}

// Parts of heads, from `first` up to `end`.
static void attend_parts(ptrdiff_t first, ptrdiff_t end, void *context) {
  const attention_call *call = context;
  const ck_attention *a = call->a;
  size_t score_bytes = (size_t)(QUERY_BLOCK * KEY_BLOCK * call->width);
  size_t key_bytes = packed_bytes(call, a->size, KEY_BLOCK), value_bytes = packed_bytes(call, KEY_BLOCK, a->value_size);
  size_t state_bytes = a->states ? 0 : (size_t)(2 * a->queries * call->width);
  size_t bytes = score_bytes + key_bytes + value_bytes + state_bytes;
  char *memory = ck_allocate(bytes);
  attention_head h = {.call = call, .scores = memory, .keys = memory + score_bytes};
  h.values = h.keys + key_bytes;
  for (ptrdiff_t part = first; part < end; part++) {
    ptrdiff_t number = part / call->parts, piece = part % call->parts;
    h.sample = number / a->heads;
    h.head = number % a->heads;
    h.key_head = h.head / call->group;
    h.states = a->states ? (char *)a->states + 2 * number * a->queries * call->width : h.values + value_bytes;
    attend(&h, a->queries * piece / call->parts, a->queries * (piece + 1) / call->parts);
  }
  ck_free(memory, bytes);
}

static attention_call call_of(const ck_kernels *kernels, ck_type type, const ck_attention *a) {
  return (attention_call){.kernels = kernels, .rows = kernels->attention[type], .a = a, .type = type,
                          .width = type == ck_float32 ? sizeof(float) : sizeof(double), .parts = 1,
                          .group = a->heads / a->key_heads};
}

static void share(attention_call *call, ptrdiff_t parts, double products, void (*body)(ptrdiff_t, ptrdiff_t, void *)) {
  const ck_attention *a = call->a;
  double work = products * (double)(a->samples * a->heads) * (double)a->queries * (double)a->keys;
  if (parts <= 1 || work < SMALLEST_SHARED) body(0, parts, call);
  else run_long_ranges(parts, (uint64_t)(work / MULTIPLICATIONS_PER_NANOSECOND), body, call);
}

void ck_attend(const ck_kernels *kernels, ck_type type, const ck_attention *a) {
  attention_call call = call_of(kernels, type, a);
  ptrdiff_t heads = a->samples * a->heads;
  if (heads == 0 || a->queries == 0 || a->keys == 0) return;
  ptrdiff_t wanted = quotient_up((ptrdiff_t)ck_threads() * PARTS_PER_THREAD, heads);
  call.parts = ck_threads() == 1 ? 1 : larger(smaller(wanted, a->queries / FEWEST_QUERIES), 1);
  share(&call, heads * call.parts, (double)(a->size + a->value_size), attend_parts);
}

// MARK: Backwards

// The gradients from a block of queries of a head and of keys. The scores are computed again from the queries' states.
static void pull_back_block(attention_head *h, ptrdiff_t query, ptrdiff_t queries, ptrdiff_t key, ptrdiff_t keys,
                            bool is_first, const double *means) {
  const attention_call *call = h->call;
  const ck_attention *a = call->a;
  const ck_attention_gradients *g = call->gradients;
  ptrdiff_t width = call->width;
  compute_scores(h, query, queries, key, keys);
  const char *upstream = place(call, &g->upstream, h->sample, query, h->head);
  ck_matrix rows = {upstream, g->upstream.step, 1}, none = {upstream, 0, 0};
  multiply(call, queries, a->value_size, keys, rows, none, h->values, 1, 0, h->slopes, KEY_BLOCK);
  double constant = has_masks(a) && !a->lowers_masked ? a->masked : NAN;
  for (ptrdiff_t i = 0; i < queries; i++)
    call->rows->slopes(h->scores + i * KEY_BLOCK * width, h->slopes + i * KEY_BLOCK * width, keys,
                       state_of(h, query + i), means[i], constant);
  // By the values: the probabilities' transpose times the upstream gradient.
  double beta = is_first ? 0 : 1;
  multiply(call, keys, queries, a->value_size, (ck_matrix){h->scores, 1, KEY_BLOCK}, rows, NULL, 1, beta,
           place(call, &g->value, h->sample, key, h->key_head), g->value.step);
  ck_matrix own = {place(call, &a->query, h->sample, query, h->head), a->query.step, 1};
  multiply(call, keys, queries, a->size, (ck_matrix){h->slopes, 1, KEY_BLOCK}, own, NULL, a->scale, beta,
           place(call, &g->key, h->sample, key, h->key_head), g->key.step);
  multiply(call, queries, keys, a->size, (ck_matrix){h->slopes, KEY_BLOCK, 1}, none, h->key_rows, a->scale, key > 0,
           place(call, &g->query, h->sample, query, h->head), g->query.step);
}

// All gradients of a head of keys: those of the heads of queries that share it are added up in their order.
static void pull_back_head(attention_head *h) {
  const attention_call *call = h->call;
  const ck_attention *a = call->a;
  const ck_attention_gradients *g = call->gradients;
  for (ptrdiff_t key = 0; key < a->keys; key += KEY_BLOCK) {
    ptrdiff_t keys = smaller(KEY_BLOCK, a->keys - key);
    pack_keys(h, key, keys);
    const void *key_rows = place(call, &a->key, h->sample, key, h->key_head);
    const void *values = place(call, &a->value, h->sample, key, h->key_head);
    ck_pack_matrix(call->kernels, call->type, h->key_rows, (ck_matrix){key_rows, a->key.step, 1}, keys, a->size);
    ck_pack_matrix(call->kernels, call->type, h->values, (ck_matrix){values, 1, a->value.step}, a->value_size, keys);
    bool is_first = true;
    for (ptrdiff_t i = 0; i < call->group; i++) {
      h->head = h->key_head * call->group + i;
      h->states = (char *)a->states + 2 * (h->sample * a->heads + h->head) * a->queries * call->width;
      for (ptrdiff_t query = 0; query < a->queries; query += QUERY_BLOCK) {
        ptrdiff_t queries = smaller(QUERY_BLOCK, a->queries - query);
        if (is_all_later(a, query + queries - 1, key)) continue;
        double means[QUERY_BLOCK];
        for (ptrdiff_t row = 0; row < queries; row++)
          means[row] = call->rows->inner_product(place(call, &g->upstream, h->sample, query + row, h->head),
                                                 place(call, &a->output, h->sample, query + row, h->head), a->value_size);
        pull_back_block(h, query, queries, key, keys, is_first, means);
        is_first = false;
      }
    }
    if (!is_first) continue;
    // No query sees these keys.
    for (ptrdiff_t i = key; i < key + keys; i++) {
      memset(place(call, &g->value, h->sample, i, h->key_head), 0, (size_t)(a->value_size * call->width));
      memset(place(call, &g->key, h->sample, i, h->key_head), 0, (size_t)(a->size * call->width));
    }
  }
}

static void pull_back_heads(ptrdiff_t first, ptrdiff_t end, void *context) {
  const attention_call *call = context;
  const ck_attention *a = call->a;
  size_t score_bytes = (size_t)(QUERY_BLOCK * KEY_BLOCK * call->width);
  size_t key_bytes = packed_bytes(call, a->size, KEY_BLOCK), row_bytes = packed_bytes(call, KEY_BLOCK, a->size);
  size_t bytes = 2 * score_bytes + key_bytes + row_bytes + packed_bytes(call, a->value_size, KEY_BLOCK);
  char *memory = ck_allocate(bytes);
  attention_head h = {.call = call, .scores = memory, .slopes = memory + score_bytes, .keys = memory + 2 * score_bytes};
  h.key_rows = h.keys + key_bytes;
  h.values = h.key_rows + row_bytes;
  for (ptrdiff_t number = first; number < end; number++) {
    h.sample = number / a->key_heads;
    h.key_head = number % a->key_heads;
    pull_back_head(&h);
  }
  ck_free(memory, bytes);
}

void ck_attend_pullback(const ck_kernels *kernels, ck_type type, const ck_attention *a,
                        const ck_attention_gradients *gradients) {
  attention_call call = call_of(kernels, type, a);
  call.gradients = gradients;
  if (a->samples == 0 || a->heads == 0 || a->queries == 0 || a->keys == 0) return;
  share(&call, a->samples * a->key_heads, (double)(3 * a->size + 2 * a->value_size), pull_back_heads);
}
