import Testing

@testable import KerasFormat
@testable import Layers

/// Layers of images in the forms of all versions of Keras.
@Suite struct ImageConfigurationTests {
  private func layer(
    _ className: String, _ config: Configuration, _ dialect: KerasDialect = .keras3
  ) throws -> String {
    do {
      return "\(try readStage(["class_name": .string(className), "config": config], dialect).layer)"
    } catch let error as ModelConfigurationError {
      return "\(error)".replacing("layers[0] (\(className)): ", with: "")
    }
  }

  @Test func `a factor is a number or two in any order`() throws {
    #expect(try layer("RandomRotation", ["factor": 0.25]) == "RandomRotation(factor: 0.25)")
    #expect(try layer("RandomRotation", ["factor": [0.5, -0.25]]) == "RandomRotation(factor: -0.25...0.5)")
    #expect(try layer("RandomBrightness", ["factor": [-0.25, 0.25]]) == "RandomBrightness(factor: 0.25)")
    #expect(try layer("RandomZoom", ["height_factor": 0.25]) == "RandomZoom(heightFactor: 0.25)")
    #expect(
      try layer("RandomErasing", ["scale": 0.5, "fill_value": 1]) == "RandomErasing(scale: 0.0...0.5, fillValue: [1.0])"
    )
  }

  @Test func `a contrast of Keras 2 weakens too`() throws {
    #expect(try layer("RandomContrast", ["factor": 0.25]) == "RandomContrast(factor: 0.25)")
    #expect(try layer("RandomContrast", ["factor": 0.25], .keras2) == "RandomContrast(factor: 0.25...0.25)")
  }

  @Test func `a symmetric shear is written as a number, which Keras can read`() throws {
    let layer = RandomShear<Float>(xFactor: 0.25, yFactor: 0.0...0.5)
    #expect(layer.layerParameters["x_factor"] == 0.25)
    #expect(layer.layerParameters["y_factor"] == [0, 0.5])
  }

  @Test func `values outside their range are refused`() throws {
    #expect(try layer("RandomRotation", [:]) == "RandomRotation: factor is missing; allowed: numbers from -1 to 1")
    #expect(
      try layer("RandomRotation", ["factor": 2]) == "RandomRotation: factor is 2; allowed: numbers from -1 to 1")
    #expect(
      try layer("RandomRotation", ["factor": [0.1]])
        == "RandomRotation: factor is [0.1]; allowed: two numbers from -1 to 1")
    #expect(
      try layer("RandomTranslation", ["height_factor": 0, "width_factor": 0, "interpolation": "bicubic"])
        == "RandomTranslation: interpolation is bicubic; allowed: nearest, bilinear")
    #expect(
      try layer("RandomContrast", ["factor": 0.5, "value_range": [1, 1]])
        == "RandomContrast: value_range is [1.0, 1.0]; allowed: lists of two different numbers")
    #expect(
      try layer("RandomContrast", ["factor": 0.5, "value_range": 255])
        == "RandomContrast: value_range is 255; allowed: lists of two numbers")
    #expect(
      try layer("RandomGaussianBlur", ["kernel_size": [3, 4]])
        == "RandomGaussianBlur: kernel_size is [3, 4]; allowed: odd integers")
    #expect(
      try layer("RandomErasing", ["fill_value": [1, 2]])
        == "RandomErasing: fill_value is [1, 2]; allowed: numbers and lists of three")
    #expect(
      try layer("Resizing", ["height": 2, "width": 2, "crop_to_aspect_ratio": true, "pad_to_aspect_ratio": true])
        == "Resizing: pad_to_aspect_ratio is true; allowed: false if crop_to_aspect_ratio is true")
    #expect(
      try layer("Resizing", ["height": 2, "width": 2, "interpolation": "area"])
        == "Resizing: interpolation is \"area\"; allowed: nearest, bilinear, bicubic, lanczos3, lanczos5")
  }
}
