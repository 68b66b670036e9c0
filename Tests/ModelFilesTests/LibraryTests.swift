import ModelFiles
import Testing

@Suite struct LibraryTests {
  @Test func `The versions of the libraries are told`() {
    #expect(FileLibraries.hdf5.split(separator: ".").count == 3)
    #expect(FileLibraries.zip.contains("."))
  }
}
