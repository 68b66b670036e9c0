// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "ModelServer",
  dependencies: [
    // Elsewhere: .package(url: "https://…/swift-activations", from: "1.0.0", traits: [])
    .package(name: "swift-activations", path: "../..", traits: [])
  ],
  targets: [
    .executableTarget(
      name: "ModelServer", dependencies: [.product(name: "ModelFiles", package: "swift-activations")])
  ]
)
