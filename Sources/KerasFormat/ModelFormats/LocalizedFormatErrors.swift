// What Foundation's `localizedDescription` tells of errors.

public import FoundationEssentials

extension ModelConfigurationError: LocalizedError {
  public var errorDescription: String? { description }
}

extension ModelConfigurationError.Reason: LocalizedError {
  public var errorDescription: String? { description }
}
