internal import CKernels

/// What attention computes besides its operands.
package struct AttentionRule: Hashable, Sendable {
  /// What becomes of the scores that a mask excludes.
  package enum Masked: Hashable, Sendable {
    /// They become one number, far below all others: a query without any other has the mean of all values.
    case replaced
    /// They are lowered by 1e9.
    case lowered
  }

  /// The factor of the scores.
  package let scale: Double
  /// Whether a query sees the keys up to its own place alone.
  package let isCausal: Bool
  /// If given, a query sees the keys at smaller distances alone.
  package let window: Int?
  package let masked: Masked

  package init(scale: Double, isCausal: Bool = false, window: Int? = nil, masked: Masked = .replaced) {
    (self.scale, self.isCausal, self.window, self.masked) = (scale, isCausal, window, masked)
  }

  /// What becomes of a masked score, or is added to it.
  package func maskedScore<Scalar: RealScalar>(as: Scalar.Type) -> Scalar {
    masked == .lowered ? -1e9 : -0.7 * Scalar.greatestFiniteMagnitude
  }
}

/// Operands of attention: the queries [batch, queries, heads, size], the keys [batch, keys, key heads, size] and the
/// values [batch, keys, key heads, value size], where heads one behind the other share a head of keys; and the masks
/// that there are.
package struct AttentionOperands<Scalar: RealScalar>: Sendable {
  package let query, key, value: Tensor<Scalar>
  /// The queries that count, [batch, queries].
  package let queryMask: Tensor<Bool>?
  /// The keys that count, [batch, keys].
  package let keyMask: Tensor<Bool>?
  /// The keys that a query sees: [batch, 1 or heads, queries, keys].
  package let mask: Tensor<Bool>?

  package init(
    query: Tensor<Scalar>, key: Tensor<Scalar>, value: Tensor<Scalar>, queryMask: Tensor<Bool>? = nil,
    keyMask: Tensor<Bool>? = nil, mask: Tensor<Bool>? = nil
  ) {
    self.query = query.withContiguousHeads
    self.key = key.withContiguousHeads
    self.value = value.withContiguousHeads
    self.queryMask = queryMask?.contiguous
    self.keyMask = keyMask?.contiguous
    self.mask = mask?.contiguous
    let (q, k, v) = (query.shape, key.shape, value.shape)
    require(
      q.count == 4 && k.count == 4 && v.count == 4 && q[0] == k[0] && k[0] == v[0] && k[1] == v[1] && k[2] == v[2]
        && q[3] == k[3] && q[2].isMultiple(of: Swift.max(k[2], 1)),
      "attention of queries \(q), keys \(k) and values \(v)")
    require(
      (queryMask?.shape ?? [q[0], q[1]]) == [q[0], q[1]] && (keyMask?.shape ?? [k[0], k[1]]) == [k[0], k[1]],
      "attention of queries \(q) and keys \(k) with masks of \(queryMask?.shape ?? []) and \(keyMask?.shape ?? [])")
    let heads = mask?.shape.count == 4 ? mask!.shape[1] : 1
    require(
      mask == nil || (mask!.shape == [q[0], heads, q[1], k[1]] && (heads == 1 || heads == q[2])),
      "attention of queries \(q) and keys \(k) with a mask of \(mask?.shape ?? [])")
  }

  /// The shape of the output: [batch, queries, heads, value size].
  package var outputShape: [Int] { query.shape.dropLast() + [value.shape[3]] }
  /// The shape of the states that the pullback reads.
  package var stateShape: [Int] { [query.shape[0], query.shape[2], query.shape[1], 2] }

  fileprivate func call(
    _ rule: AttentionRule, output: UnsafeMutablePointer<Scalar>, _ layout: Layout, states: UnsafeMutablePointer<Scalar>?
  ) -> ck_attention {
    func address(_ mask: Tensor<Bool>?) -> UnsafePointer<UInt8>? {
      mask.map { UnsafeRawPointer($0.start).assumingMemoryBound(to: UInt8.self) }
    }
    let (shape, keyShape) = (query.layout.shape, key.layout.shape)
    let maskHeads = mask?.layout.shape[1] ?? 1
    return ck_attention(
      samples: shape[0], heads: shape[2], key_heads: keyShape[2], queries: shape[1], keys: keyShape[1], size: shape[3],
      value_size: value.layout.shape[3], query: query.heads, key: key.heads, value: value.heads,
      output: ck_heads(output, layout), scale: rule.scale, lowers_masked: rule.masked == .lowered,
      masked: Double(rule.maskedScore(as: Scalar.self)), query_mask: address(queryMask), key_mask: address(keyMask),
      mask: address(mask), mask_sample: maskHeads * shape[1] * keyShape[1],
      mask_head: maskHeads == 1 ? 0 : shape[1] * keyShape[1], is_causal: rule.isCausal, window: rule.window ?? 0,
      states: states)
  }
}

extension Tensor where Scalar: RealScalar {
  /// output = softmax(scale · query · keyᵀ) · value for each head, in blocks: the scores are never there all at once.
  /// - Parameters:
  ///   - output: of the operands' `outputShape`, contiguous.
  ///   - states: of their `stateShape`, contiguous, for the pullback; `nil` if there is none.
  /// - Complexity: O(batch · heads · queries · keys · (size + value size)); memory for a block of scores per thread.
  package static func attend(
    _ operands: AttentionOperands<Scalar>, _ rule: AttentionRule, into output: inout Tensor, states: inout Tensor?
  ) {
    require(
      output.shape == operands.outputShape && output.isContiguous,
      "attention's output has the shape \(operands.outputShape), not \(output.shape)")
    let kernels = Kernels.best.table
    output.replace { output in
      func run(_ states: UnsafeMutablePointer<Scalar>?) {
        var call = operands.call(rule, output: output.start, output.layout, states: states)
        ck_attend(kernels, Scalar.elementType.kernelType, &call)
      }
      if states != nil { states!.replace { run($0.start) } } else { run(nil) }
    }
    withExtendedLifetime(operands) {}
  }

  /// The gradients with respect to the queries, keys and values, each in its operand's shape, contiguous.
  package static func attendPullback(
    _ upstream: Tensor, _ operands: AttentionOperands<Scalar>, _ rule: AttentionRule, output: Tensor, states: Tensor,
    query: inout Tensor, key: inout Tensor, value: inout Tensor
  ) {
    let upstream = upstream.withContiguousHeads
    require(
      query.shape == operands.query.shape && key.shape == operands.key.shape && value.shape == operands.value.shape
        && upstream.shape == operands.outputShape && query.isContiguous && key.isContiguous && value.isContiguous,
      "attention's gradients of \(query.shape), \(key.shape) and \(value.shape)")
    query.replace { query in
      key.replace { key in
        value.replace { value in
          var call = operands.call(
            rule, output: output.firstElement, output.layout, states: states.firstElement)
          var gradients = ck_attention_gradients(
            upstream: upstream.heads, query: ck_heads(query.start, query.layout), key: ck_heads(key.start, key.layout),
            value: ck_heads(value.start, value.layout))
          ck_attend_pullback(Kernels.best.table, Scalar.elementType.kernelType, &call, &gradients)
        }
      }
    }
    withExtendedLifetime((operands, upstream, output, states)) {}
  }

  fileprivate var withContiguousHeads: Tensor {
    rank == 4 && (layout.shape[3] == 1 || layout.strides[3] == 1) ? self : contiguous
  }

  fileprivate var heads: ck_heads { ck_heads(firstElement, layout) }
}

extension ck_heads {
  fileprivate init(_ start: UnsafeMutableRawPointer, _ layout: Layout) {
    self.init(data: start, sample: layout.strides[0], step: layout.strides[1], head: layout.strides[2])
  }
}
