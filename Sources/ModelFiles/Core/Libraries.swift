internal import CZip

/// The versions of the libraries with which files are read.
public enum FileLibraries {
  /// libzip's, such as `1.7.3`.
  public static let zip: String = String(cString: zip_libzip_version())
}
