import Foundation
import PackagePlugin

/// Makes Swift sources of the samples in the README, the articles and the doc comments, for the target that compiles them.
@main struct CompileSamples: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let root = context.package.directoryURL
    let extractor = try context.tool(named: "SampleExtractor").url
    var documents = ["Guide": [root.appending(path: "README.md")]]
    for module in context.package.targets(ofType: SwiftSourceModuleTarget.self) where module.kind != .test {
      guard module.directoryURL.deletingLastPathComponent().lastPathComponent == "Sources" else { continue }
      documents[module.name] = files(in: module.directoryURL)
    }
    // The compiler wants places to differ in the names of their files.
    let names = Dictionary(grouping: documents.values.joined(), by: \.lastPathComponent)
    let ambiguous = names.filter { $0.value.count > 1 }.keys.sorted().joined(separator: "/")
    return documents.sorted { $0.key < $1.key }.map { group, documents in
      let output = context.pluginWorkDirectoryURL.appending(path: "SamplesOf\(group).swift")
      return .buildCommand(
        displayName: "Extracting the samples of \(group)", executable: extractor,
        arguments: [group, output.path, root.path, ambiguous] + documents.map(\.path), inputFiles: documents,
        outputFiles: [output])
    }
  }

  /// Swift sources and Markdown, in a fixed order.
  private func files(in folder: URL) -> [URL] {
    let all =
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    return all.filter { ["swift", "md"].contains($0.pathExtension) }.sorted { $0.path < $1.path }
  }
}
