internal import CZip

/// The versions of the libraries that files are read with.
public enum FileLibraries {
  /// libzip's, such as `1.7.3`.
  public static let zip: String = String(cString: zip_libzip_version())
}
