import Testing

@testable import KerasFormat
@testable import Layers

/// Pooling, padding, cropping and upsampling in the forms of all versions of Keras.
@Suite struct SpatialLayerConfigurationTests {
  private func layer(
    _ className: String, _ config: Configuration, _ dialect: KerasDialect = .keras2
  ) throws -> String {
    do {
      return "\(try readStage(["class_name": .string(className), "config": config], dialect).layer)"
    } catch let error as ModelConfigurationError {
      return "\(error)".replacing("layers[0] (\(className)): ", with: "")
    }
  }

  @Test func `missing parameters have Keras's defaults`() throws {
    for name in ["MaxPooling1D", "MaxPooling3D", "GlobalMaxPooling2D", "ZeroPadding3D", "Cropping2D", "UpSampling2D"] {
      #expect(try layer(name, [:]) == "\(name)()")
    }
    #expect(try layer("AveragePooling2D", [:]) == "AveragePooling2D(poolSize: 2)")
  }

  @Test func `Keras 2 writes single integers`() throws {
    #expect(
      try layer("MaxPooling1D", ["pool_size": 3, "strides": 2, "padding": "same"])
        == "MaxPooling1D(poolSize: 3, strides: 2, padding: same)")
    #expect(
      try layer("AveragePooling2D", ["pool_size": [2, 2], "strides": nil, "data_format": "channels_first"])
        == "AveragePooling2D(poolSize: 2, dataFormat: channelsFirst)")
    #expect(
      try layer("GlobalMaxPooling1D", ["data_format": "channels_last", "keepdims": true])
        == "GlobalMaxPooling1D(keepdims: true)")
    #expect(try layer("ZeroPadding1D", ["padding": [0, 2]]) == "ZeroPadding1D(padding: [(0, 2)])")
    #expect(try layer("ZeroPadding2D", ["padding": [[1, 1], [0, 2]]]) == "ZeroPadding2D(padding: [(1, 1), (0, 2)])")
    #expect(try layer("Cropping1D", ["cropping": 2]) == "Cropping1D(cropping: 2)")
    #expect(try layer("UpSampling2D", ["size": [2, 3]]) == "UpSampling2D(size: [2, 3])")
  }

  @Test func `Keras 1 has other names for the parameters`() throws {
    #expect(
      try layer("MaxPooling1D", ["pool_length": 3, "stride": 1, "border_mode": "same", "input_dtype": "float32"])
        == "MaxPooling1D(poolSize: 3, strides: 1, padding: same)")
    #expect(
      try layer(
        "MaxPooling2D", ["pool_size": [2, 2], "strides": [1, 1], "border_mode": "valid", "dim_ordering": "th"])
        == "MaxPooling2D(strides: 1, dataFormat: channelsFirst)")
    #expect(try layer("GlobalAveragePooling2D", ["dim_ordering": "tf"]) == "GlobalAveragePooling2D()")
    #expect(try layer("ZeroPadding2D", ["padding": [1, 2], "dim_ordering": "tf"]) == "ZeroPadding2D(padding: [1, 2])")
    #expect(try layer("UpSampling1D", ["length": 4]) == "UpSampling1D(size: 4)")
    #expect(
      try layer("UpSampling2D", ["size": [2, 2], "dim_ordering": "sideways"])
        == "UpSampling2D: data_format is \"sideways\"; allowed: channels_last, channels_first")
  }

  @Test func `values outside their range are refused`() throws {
    #expect(
      try layer("MaxPooling2D", ["pool_size": [2, 2, 2]])
        == "MaxPooling2D: pool_size is [2, 2, 2]; allowed: integers and lists of 2 integers of at least 1")
    #expect(
      try layer("MaxPooling1D", ["pool_size": 0]) == "MaxPooling1D: pool_size is [0]; allowed: integers of at least 1")
    #expect(
      try layer("MaxPooling1D", ["strides": "2"])
        == "MaxPooling1D: strides is \"2\"; allowed: integers and lists of integers")
    #expect(try layer("MaxPooling1D", ["padding": "causal"]) == "MaxPooling1D: padding is causal; allowed: valid, same")
    #expect(
      try layer("AdaptiveMaxPooling1D", [:], .keras3)
        == "AdaptiveMaxPooling1D: output_size is missing; allowed: integers of at least 1")
    #expect(
      try layer("ZeroPadding1D", ["padding": [1, -1]])
        == "ZeroPadding1D: padding is [1, -1]; allowed: integers and pairs, all of at least 0")
    for wrong in [[1, 2, 3], [[1, 2]], [[1, 2], [3, 4, 5]], "1", [nil, 1]] as [Configuration] {
      #expect(
        try layer("Cropping2D", ["cropping": wrong]).hasSuffix(
          "allowed: integers, lists of 2 integers and lists of 2 pairs, all of at least 0"))
    }
    #expect(
      try layer("UpSampling2D", ["interpolation": "area"])
        == "UpSampling2D: interpolation is \"area\"; allowed: nearest, bilinear, bicubic, lanczos3, lanczos5")
  }
}
