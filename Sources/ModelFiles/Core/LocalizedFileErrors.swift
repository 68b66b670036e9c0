// The text that Foundation's `localizedDescription` returns for errors.

public import FoundationEssentials

extension ModelFileError: LocalizedError {
  public var errorDescription: String? { description }
}
