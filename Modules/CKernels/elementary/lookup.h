// Element `index & 15` of a table, in each lane.
INLINE vector lookup(const element *table, integers index) {
#if LANE_COUNT == 16 && defined(__x86_64__)
  return __builtin_ia32_permvarsf512(LOAD(table), index);  // which looks at the last four bits only
#elif LANE_COUNT == 16
  return __builtin_shufflevector(LOAD(table), index);
#elif LANE_COUNT == 8
  vector low = __builtin_shufflevector(LOAD(table), index), high = __builtin_shufflevector(LOAD(table + 8), index);
  return SELECT((index & 8) != 0, high, low);
#else
  vector found;
  for (int lane = 0; lane < LANE_COUNT; lane++) found[lane] = table[index[lane] & 15];
  return found;
#endif
}
