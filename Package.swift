// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "swift-activations",
  products: [
    .library(name: "Tensor", targets: ["Tensor"]),
    .library(name: "Activations", targets: ["Activations"]),
    .library(name: "Layers", targets: ["Layers"]),
    .executable(name: "activations", targets: ["ActivationsTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", path: "Modules/COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CLAPACKE", path: "Modules/CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["liblapacke-dev"])]),
    .target(
      name: "CKernels", dependencies: ["COpenBLAS"], path: "Modules/CKernels",
      linkerSettings: [.linkedLibrary("m"), .linkedLibrary("pthread")]),
    .target(name: "Tensor", dependencies: ["COpenBLAS", "CLAPACKE", "CKernels"]),
    .target(name: "Activations", dependencies: ["Tensor", "CKernels"]),
    .target(name: "Layers", dependencies: ["Tensor", "Activations", "CKernels"]),
    .executableTarget(
      name: "ActivationsTool",
      dependencies: [
        "Tensor", "Activations", "Layers",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "TensorTests", dependencies: ["Tensor", "CKernels"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ActivationsTests", dependencies: ["Activations", "CKernels"], resources: [.copy("Fixtures")]),
    .testTarget(name: "LayersTests", dependencies: ["Layers", "CKernels"], resources: [.copy("Fixtures")]),
    .testTarget(name: "ActivationsToolTests", dependencies: ["ActivationsTool"]),
  ]
)
