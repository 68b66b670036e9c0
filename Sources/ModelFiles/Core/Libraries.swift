internal import CHDF5
internal import CZip

/// The versions of the libraries that files are read with.
public enum FileLibraries {
  /// HDF5's, such as `1.10.8`.
  public static let hdf5: String = {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }()

  /// libzip's, such as `1.7.3`.
  public static let zip: String = String(cString: zip_libzip_version())
}
