// swift-tools-version: 6.3
import PackageDescription

// The plugin that makes the documentation is for Scripts/documentation only: users of the package do not resolve it.
let documentation: [Package.Dependency] =
  Context.environment["ACTIVATIONS_DOCUMENTATION"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")]

let package = Package(
  name: "swift-activations",
  products: [
    .library(name: "Tensor", targets: ["Tensor"]),
    .library(name: "Activations", targets: ["Activations"]),
    .library(name: "Layers", targets: ["Layers"]),
    .library(name: "KerasFormat", targets: ["KerasFormat"]),
    .library(name: "ModelFiles", targets: ["ModelFiles"]),
    .executable(name: "activations", targets: ["ActivationsTool"]),
  ],
  // What the command-line tool alone needs is resolved only where this trait is enabled.
  traits: [
    .default(enabledTraits: ["Tool"]),
    .trait(name: "Tool", description: "The command-line tool `activations`."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ] + documentation,
  targets: [
    .systemLibrary(
      name: "COpenBLAS", path: "Modules/COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CLAPACKE", path: "Modules/CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(
      name: "CZip", path: "Modules/CZip", pkgConfig: "libzip",
      providers: [.apt(["libzip-dev"])]),
    .systemLibrary(
      name: "CPNG", path: "Modules/CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", path: "Modules/CTurboJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"])]),
    .target(
      name: "CKernels", dependencies: ["COpenBLAS"], path: "Modules/CKernels",
      linkerSettings: [.linkedLibrary("m"), .linkedLibrary("pthread")]),
    .target(name: "Tensor", dependencies: ["COpenBLAS", "CLAPACKE", "CKernels"]),
    .target(name: "Activations", dependencies: ["Tensor", "CKernels"]),
    .target(name: "Layers", dependencies: ["Tensor", "Activations", "CKernels"]),
    .target(name: "KerasFormat", dependencies: ["Tensor", "Activations", "Layers"]),
    .target(name: "ModelFiles", dependencies: ["Tensor", "Activations", "Layers", "KerasFormat", "CZip"]),
    .executableTarget(
      name: "ActivationsTool",
      dependencies: [
        "Tensor", "Activations", "Layers", "KerasFormat", "ModelFiles",
        .target(name: "CPNG", condition: .when(traits: ["Tool"])),
        .target(name: "CTurboJPEG", condition: .when(traits: ["Tool"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["Tool"])),
      ],
      resources: [.copy("Fixtures")]),
    .target(name: "TestSupport", dependencies: ["CKernels"], path: "Tests/Support"),
    .testTarget(
      name: "TensorTests", dependencies: ["Tensor", "CKernels", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ActivationsTests", dependencies: ["Activations", "CKernels", "TestSupport"], resources: [.copy("Fixtures")]
    ),
    .testTarget(
      name: "LayersTests", dependencies: ["Layers", "KerasFormat", "CKernels", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "KerasFormatTests", dependencies: ["KerasFormat", "TestSupport"], resources: [.copy("Fixtures")]),
    .target(
      name: "Readers", dependencies: ["Tensor", "Activations", "Layers", "KerasFormat", "ModelFiles"],
      path: "Scripts/fuzzing/Sources/Readers"),
    .testTarget(
      name: "ModelFilesTests", dependencies: ["ModelFiles", "Readers", "TestSupport"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ActivationsToolTests", dependencies: ["ActivationsTool", "TestSupport"], resources: [.copy("Fixtures")]),
    .executableTarget(name: "SampleExtractor", path: "Tests/Samples/Extractor"),
    .plugin(
      name: "CompileSamples", capability: .buildTool(), dependencies: ["SampleExtractor"], path: "Tests/Samples/Plugin"),
    .testTarget(
      name: "DocumentationTests", dependencies: ["ModelFiles", "ActivationsTool"], plugins: ["CompileSamples"]),
  ]
)
