// What Foundation's `localizedDescription` tells of errors.

public import FoundationEssentials

extension ModelFileError: LocalizedError {
  public var errorDescription: String? { description }
}
