// swift-tools-version: 6.2
import PackageDescription

// The readers of files under libFuzzer and AddressSanitizer: Scripts/fuzz builds and runs this.
let package = Package(
  name: "fuzzing",
  dependencies: [.package(name: "swift-activations", path: "../..")],
  targets: [
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        .product(name: "ModelFiles", package: "swift-activations"),
        .product(name: "Layers", package: "swift-activations"),
        .product(name: "Activations", package: "swift-activations"),
        .product(name: "Tensor", package: "swift-activations"),
      ],
      linkerSettings: [.linkedLibrary("stdc++")])
  ]
)
