// What Foundation's `localizedDescription` tells of errors.

public import FoundationEssentials

extension NumPyFileError: LocalizedError {
  public var errorDescription: String? { description }
}

extension LinearAlgebraError: LocalizedError {
  public var errorDescription: String? { description }
}

extension TensorElementError: LocalizedError {
  public var errorDescription: String? { description }
}
