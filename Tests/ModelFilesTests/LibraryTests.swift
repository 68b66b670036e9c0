import ModelFiles
import Testing

@Suite struct LibraryTests {
  @Test func `The versions of the libraries are told`() {
    #expect(FileLibraries.zip.contains("."))
  }
}
