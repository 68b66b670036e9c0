import ArgumentParser
import Layers
import Tensor

/// Pictures as samples of a model, decoded when they are asked for.
struct PictureSamples<Scalar: RealScalar>: Sendable {
  let paths: [String]
  let input: PictureInput
  private let resizing: Resizing<Scalar>?
  private let values: PictureValues

  /// - Parameter name: the model's file, for errors.
  /// - Throws: ``FileError`` if the model takes no pictures, or a folder has none.
  init(_ paths: [String], _ model: Model<Scalar>, name: String, _ options: PictureOptions) throws {
    input = try PictureInput(model, file: name)
    values = options.values ?? .bytes
    if values.areOfColours && input.channels != .rgb {
      throw ValidationError(
        "--values is \(values.rawValue); allowed for \(input.channels.rawValue) channels: 0...255, 0...1, -1...1")
    }
    resizing = input.size.map { size in
      Resizing(
        height: size.height, width: size.width, interpolation: options.interpolation?.interpolation ?? .bilinear,
        fitting: options.cropToAspectRatio ? .crop : .stretch)
    }
    self.paths = try PictureList.paths(paths)
  }

  func sample(_ path: String) throws -> Tensor<Scalar> {
    let picture: Tensor<Scalar> = try Picture(contentsOf: path).tensor(input.channels)
    let resized = try resizing.map { try $0(picture.reshaped([1] + picture.shape))[0] } ?? picture
    return input.sample(values(resized))
  }

  /// - Precondition: the samples have one shape.
  func batch(_ range: Range<Int>) throws -> Tensor<Scalar> {
    let first = try sample(paths[range.lowerBound])
    var batch = Tensor<Scalar>(uninitialized: [range.count] + first.shape)
    batch[0] = first
    for index in range.dropFirst() { batch[index - range.lowerBound] = try sample(paths[index]) }
    return batch
  }
}

extension RowSource {
  /// Pictures; where they keep their sizes, one at a time.
  init(_ pictures: PictureSamples<Scalar>) throws {
    let shape = try pictures.input.shape ?? pictures.sample(pictures.paths[0]).shape
    self.init(
      name: pictures.paths[0], shape: [pictures.paths.count] + shape, rowNames: pictures.paths,
      batchLimit: pictures.input.size == nil ? 1 : .max, rows: pictures.batch)
  }
}
