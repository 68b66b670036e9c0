// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "FirstNetwork",
  dependencies: [
    // Elsewhere: .package(url: "https://…/swift-activations", from: "1.0.0")
    .package(name: "swift-activations", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "FirstNetwork", dependencies: [.product(name: "Layers", package: "swift-activations")])
  ]
)
