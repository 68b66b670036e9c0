// The text that Foundation's `localizedDescription` returns for errors.

public import FoundationEssentials

extension EvaluationError: LocalizedError {
  public var errorDescription: String? { description }
}

extension LayerError: LocalizedError {
  public var errorDescription: String? { description }
}

extension TrainingError: LocalizedError {
  public var errorDescription: String? { description }
}
