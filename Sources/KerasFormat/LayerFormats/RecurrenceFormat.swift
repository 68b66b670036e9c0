public import Activations
public import Layers
import Tensor

extension SimpleRNNCell: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { core.parameters }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let given = try GatedParameters(from: &reader, hasGates: false)
    self.init(
      given.units, activation: given.activation, useBias: given.useBias, dropout: given.dropout,
      recurrentDropout: given.recurrentDropout)
    try reader.read(into: &core)
  }
}

extension LSTMCell: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    core.parameters.merging(["unit_forget_bias": .flag(unitForgetBias)]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let given = try GatedParameters(from: &reader)
    self.init(
      given.units, activation: given.activation, recurrentActivation: given.recurrentActivation,
      useBias: given.useBias, unitForgetBias: try reader.flag("unit_forget_bias", default: true),
      dropout: given.dropout, recurrentDropout: given.recurrentDropout)
    try reader.read(into: &core)
  }
}

extension GRUCell: ConfigurableLayer {
  public var layerParameters: [String: Configuration] {
    core.parameters.merging(["reset_after": .flag(resetAfter)]) { $1 }
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let given = try GatedParameters(from: &reader)
    // Before TensorFlow 2, the reset gate came first, and files did not tell.
    self.init(
      given.units, activation: given.activation, recurrentActivation: given.recurrentActivation,
      useBias: given.useBias, dropout: given.dropout, recurrentDropout: given.recurrentDropout,
      resetAfter: try reader.flag("reset_after", default: reader.dialect != .keras2))
    try reader.read(into: &core)
  }
}

extension StackedRNNCells: LayerOfLayers {
  public var layerParameters: [String: Configuration] { [:] }
  var layersInParameters: [String: LayersInParameter<Scalar>] {
    ["cells": .list(cells.map { Stage($0.cell, isTrainable: $0.isTrainable) })]
  }

  public init(from reader: inout LayerReader<Scalar>) throws {
    guard let given = reader.configuration("cells")?.asList, !given.isEmpty else {
      throw ConfigurationError.missingParameter(owner: reader.owner, parameter: "cells", allowed: "lists of cells")
    }
    self.init(try given.enumerated().map { try reader.cell($1, at: "cells[\($0)]") })
  }
}

extension SimpleRNN: CallConfigurable {
  public var layerParameters: [String: Configuration] { parametersOfGatedLayer }
  public static var inputNames: [String] { ["sequences", "initial_state"] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(try SimpleRNNCell(from: &reader), options: try RecurrentOptions(from: &reader))
  }
}

extension LSTM: CallConfigurable {
  public var layerParameters: [String: Configuration] { parametersOfGatedLayer }
  public static var inputNames: [String] { ["sequences", "initial_state"] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(try LSTMCell(from: &reader), options: try RecurrentOptions(from: &reader))
  }
}

extension GRU: CallConfigurable {
  public var layerParameters: [String: Configuration] { parametersOfGatedLayer }
  public static var inputNames: [String] { ["sequences", "initial_state"] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(try GRUCell(from: &reader), options: try RecurrentOptions(from: &reader))
  }
}

extension ConvLSTM: CallConfigurable {
  public var layerParameters: [String: Configuration] {
    options.parameters.merging([
      "filters": .integer(cell.filters), "kernel_size": Configuration(cell.kernelSize),
      "strides": Configuration(cell.strides), "padding": .string(cell.padding.rawValue),
      "data_format": .string(cell.dataFormat.rawValue), "dilation_rate": Configuration(cell.dilationRate),
      "activation": cell.activation.configuration, "recurrent_activation": cell.recurrentActivation.configuration,
      "use_bias": .flag(cell.biasWeight != nil), "unit_forget_bias": .flag(cell.unitForgetBias),
      "dropout": .number(cell.dropout), "recurrent_dropout": .number(cell.recurrentDropout),
    ]) { $1 }.merging(cell.kernelWeight.configurations) { $1 }
      .merging(cell.recurrentWeight.configurations(as: "recurrent")) { $1 }
      .merging((cell.biasWeight ?? .unusedBias).configurations) { $1 }
  }
  public static var inputNames: [String] { ["sequences", "initial_state"] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let windows = try reader.windows(Rank.axisCount)
    var cell = ConvLSTMCell<Scalar, Rank>(
      try reader.integer("filters", from: 1), kernelSize: windows.lengths, strides: windows.strides,
      padding: windows.padding, dataFormat: windows.dataFormat, dilationRate: windows.dilation,
      activation: try reader.elementwise("activation", default: .tanh),
      recurrentActivation: try reader.elementwise("recurrent_activation", default: .sigmoid),
      useBias: try reader.flag("use_bias", default: true),
      unitForgetBias: try reader.flag("unit_forget_bias", default: true),
      dropout: try reader.number("dropout", .closedUnit, default: 0),
      recurrentDropout: try reader.number("recurrent_dropout", .closedUnit, default: 0))
    try reader.read(into: &cell.kernelWeight)
    try reader.read(into: &cell.recurrentWeight, as: "recurrent")
    try reader.read(into: &cell.biasWeight, named: "bias")
    self.init(cell, options: try RecurrentOptions(from: &reader))
  }
}

extension RNN: CallConfigurable, LayerOfLayers {
  public var layerParameters: [String: Configuration] { options.parameters }
  var layersInParameters: [String: LayersInParameter<Scalar>] {
    ["cell": .one(Stage(cell.cell, isTrainable: cell.isTrainable))]
  }
  public static var inputNames: [String] { ["sequences", "initial_state"] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    guard let given = reader.configuration("cell") else {
      throw ConfigurationError.missingParameter(owner: reader.owner, parameter: "cell", allowed: "cells")
    }
    let cells = try given.asList?.enumerated().map { try reader.cell($1, at: "cell[\($0)]") }
    let cell: any RecurrentCell<Scalar> =
      if let cells, !cells.isEmpty { StackedRNNCells(cells) } else { try reader.cell(given, at: "cell") }
    self.init(cell, options: try RecurrentOptions(from: &reader))
  }
}

extension Bidirectional: CallConfigurable, LayerOfLayers {
  public var layerParameters: [String: Configuration] {
    ["merge_mode": mergeMode.map { .string($0.rawValue) } ?? .null]
  }
  var layersInParameters: [String: LayersInParameter<Scalar>] {
    func part(_ layer: any RecurrentLayer<Scalar>, _ side: String, _ details: PartDetails<Scalar>) -> Stage<Scalar> {
      Stage(
        layer, name: "\(side)_\(snakeCase(layer.className))", isTrainable: details.isTrainable,
        activityRegularizer: details.activityRegularizer)
    }
    return [
      "layer": .one(part(forward, "forward", details.forward)),
      "backward_layer": .one(part(backward, "backward", details.backward)),
    ]
  }
  public static var inputNames: [String] { ["sequences", "initial_state"] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    let ahead = try reader.layer("layer")
    guard let forward = ahead.layer as? any RecurrentLayer<Scalar> else {
      throw reader.outOfRange("layer", ahead.layer.className, "recurrent layers")
    }
    var back: Stage<Scalar>?
    if reader.isGiven("backward_layer") {
      let given = try reader.layer("backward_layer")
      let options = (given.layer as? any RecurrentLayer<Scalar>)?.options
      guard let options, options.goBackwards != forward.options.goBackwards,
        options.returnSequences == forward.options.returnSequences,
        options.returnState == forward.options.returnState
      else {
        throw reader.outOfRange(
          "backward_layer", given.layer.description,
          "recurrent layers with another go_backwards and the same return_sequences and return_state as the first one")
      }
      back = given
    }
    let isGiven = reader.isGiven("merge_mode")
    let mode: MergeMode? = try reader.optionalChoice("merge_mode")
    self.init(
      forward, mergeMode: isGiven ? mode : .concatenate, backward: back?.layer as? any RecurrentLayer<Scalar>)
    let (first, second) = (ahead, back ?? ahead)
    details.forward = PartDetails(isTrainable: first.isTrainable, activityRegularizer: first.activityRegularizer)
    details.backward = PartDetails(isTrainable: second.isTrainable, activityRegularizer: second.activityRegularizer)
  }
}

extension TimeDistributed: LayerOfLayers {
  public var layerParameters: [String: Configuration] { [:] }
  var layersInParameters: [String: LayersInParameter<Scalar>] { ["layer": .one(stage)] }

  public init(from reader: inout LayerReader<Scalar>) throws { self.init(try reader.layer("layer")) }
}

// MARK: Parts

/// A layer whose parameters contain other layers.
protocol LayerOfLayers<Scalar>: ConfigurableLayer {
  /// The layers by Keras's names of the parameters.
  var layersInParameters: [String: LayersInParameter<Scalar>] { get }
}

/// What a parameter contains.
enum LayersInParameter<Scalar: RealScalar> {
  /// A layer; without a name, it has that of its class.
  case one(Stage<Scalar>)
  case list([Stage<Scalar>])
}

extension RecurrentLayer {
  /// The parameters of a layer that has those of its cell, too.
  fileprivate var parametersOfGatedLayer: [String: Configuration] {
    options.parameters.merging((cell as? any ConfigurableLayer<Scalar>)?.layerParameters ?? [:]) { $1 }
  }
}

extension RecurrentOptions {
  fileprivate var parameters: [String: Configuration] {
    [
      "return_sequences": .flag(returnSequences), "return_state": .flag(returnState),
      "go_backwards": .flag(goBackwards), "stateful": .flag(stateful), "unroll": .flag(unroll),
      "zero_output_for_mask": .flag(zeroOutputForMask),
    ]
  }

  fileprivate init<Scalar: RealScalar>(from reader: inout LayerReader<Scalar>) throws {
    // What chose among ways to compute the same.
    reader.passOver("implementation", "use_cudnn", "input_dim", "input_length")
    guard try !reader.flag("time_major", default: false) else {
      throw reader.outOfRange("time_major", "true", "false: the batch is the first axis")
    }
    self.init(
      returnSequences: try reader.flag("return_sequences", default: false),
      returnState: try reader.flag("return_state", default: false),
      goBackwards: try reader.flag("go_backwards", default: false),
      stateful: try reader.flag("stateful", default: false), unroll: try reader.flag("unroll", default: false),
      zeroOutputForMask: try reader.flag("zero_output_for_mask", default: false))
  }
}

/// The parameters of cells, without those of their weights.
private struct GatedParameters<Scalar: RealScalar> {
  let units: Int
  let activation: Activation<Scalar>
  let recurrentActivation: Activation<Scalar>
  let useBias: Bool
  let dropout: Double
  let recurrentDropout: Double

  init(from reader: inout LayerReader<Scalar>, hasGates: Bool = true) throws {
    reader.passOver("implementation")
    units = try reader.integer("units", from: 1)
    activation = try reader.elementwise("activation", default: .tanh)
    recurrentActivation = hasGates ? try reader.elementwise("recurrent_activation", default: .sigmoid) : .linear
    useBias = try reader.flag("use_bias", default: true)
    dropout = try reader.number("dropout", .closedUnit, default: 0)
    recurrentDropout = try reader.number("recurrent_dropout", .closedUnit, default: 0)
  }
}

extension GatedCellCore {
  fileprivate var parameters: [String: Configuration] {
    let gates = recurrentActivation.map { ["recurrent_activation": $0.configuration] } ?? [:]
    return [
      "units": .integer(units), "activation": activation.configuration, "use_bias": .flag(biasWeight != nil),
      "dropout": .number(dropout), "recurrent_dropout": .number(recurrentDropout),
    ].merging(gates) { $1 }.merging(kernelWeight.configurations) { $1 }
      .merging(recurrentWeight.configurations(as: "recurrent")) { $1 }
      .merging((biasWeight ?? .unusedBias).configurations) { $1 }
  }
}

extension LayerReader {
  fileprivate mutating func read(into core: inout GatedCellCore<Scalar>) throws {
    try read(into: &core.kernelWeight)
    try read(into: &core.recurrentWeight, as: "recurrent")
    try read(into: &core.biasWeight, named: "bias")
  }

  /// An activation in the middle of a layer: it has no weights.
  fileprivate mutating func elementwise(
    _ parameter: String, default defaultActivation: Activation<Scalar>
  ) throws -> Activation<Scalar> {
    guard isGiven(parameter) else { return defaultActivation }
    let activation = try activation(parameter)
    guard activationLayer == nil else {
      throw outOfRange(parameter, "a layer with weights or random numbers", "activations")
    }
    return activation
  }

  fileprivate func cell(_ given: Configuration, at place: String) throws -> AnyRecurrentCell<Scalar> {
    let stage = try context.stage(given, at: place)
    guard let cell = stage.layer as? any RecurrentCell<Scalar> else {
      throw outOfRange(place, given["class_name"]?.asString ?? "another object", "recurrent cells")
    }
    return AnyRecurrentCell(cell, isTrainable: stage.isTrainable)
  }
}
