// swift-tools-version: 6.3
import PackageDescription

// The readers of files on what no writer writes: Scripts/fuzz builds and runs Fuzz, Scripts/mutate builds and runs Mutate. The tests of
// ModelFiles build Readers too.
let package = Package(
  name: "fuzzing",
  dependencies: [.package(name: "swift-activations", path: "../..")],
  targets: [
    .target(
      name: "Readers",
      dependencies: [
        .product(name: "ModelFiles", package: "swift-activations"),
        .product(name: "Layers", package: "swift-activations"),
        .product(name: "KerasFormat", package: "swift-activations"),
        .product(name: "Activations", package: "swift-activations"),
        .product(name: "Tensor", package: "swift-activations"),
      ]),
    .executableTarget(name: "Fuzz", dependencies: ["Readers"], linkerSettings: [.linkedLibrary("stdc++")]),
    .executableTarget(name: "Mutate", dependencies: ["Readers"]),
  ]
)
