// The text that Foundation's `localizedDescription` returns for errors.

public import FoundationEssentials

extension ConfigurationError: LocalizedError {
  public var errorDescription: String? { description }
}

extension OptimizerStateError: LocalizedError {
  public var errorDescription: String? { description }
}

extension ModelConfigurationError: LocalizedError {
  public var errorDescription: String? { description }
}

extension ModelConfigurationError.Reason: LocalizedError {
  public var errorDescription: String? { description }
}

extension UnknownLayers: LocalizedError {
  public var errorDescription: String? { description }
}
