import Tensor

/// Images of digits with their labels, checked.
struct LabelledImages {
  let images: Tensor<Float>
  let labels: Tensor<Int64>

  /// x_train.npy and y_train.npy for the part `train`.
  init(folder: String, part: String) throws {
    images = try finiteTensor(folder + "/x_\(part).npy")
    guard images.rank == 2, images.shape[1] == 64, images.shape[0] > 0 else {
      throw FileError(
        file: folder + "/x_\(part).npy", expected: "images of the shape [n, 64], n at least 1", found: images.shape)
    }
    labels = try digitLabels(folder + "/y_\(part).npy", count: images.shape[0])
  }
}
