// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "FirstNetwork",
  dependencies: [
    // Elsewhere: .package(url: "https://…/swift-activations", from: "1.0.0", traits: [])
    .package(name: "swift-activations", path: "../..", traits: [])
  ],
  targets: [
    .executableTarget(
      name: "FirstNetwork", dependencies: [.product(name: "Layers", package: "swift-activations")])
  ]
)
