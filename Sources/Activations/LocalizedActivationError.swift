// What Foundation's `localizedDescription` tells of errors.

public import FoundationEssentials

extension ActivationError: LocalizedError {
  public var errorDescription: String? { description }
}
