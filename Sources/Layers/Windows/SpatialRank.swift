/// The number of spatial axes of a layer's samples: ``Spatial1D``, ``Spatial2D`` or ``Spatial3D``.
public protocol SpatialRank: Sendable {
  /// The number of axes.
  static var axisCount: Int { get }
}

/// Sequences: [batch, steps, channels].
public enum Spatial1D: SpatialRank {
  public static var axisCount: Int { 1 }
}

/// Images: [batch, rows, columns, channels].
public enum Spatial2D: SpatialRank {
  public static var axisCount: Int { 2 }
}

/// Volumes: [batch, planes, rows, columns, channels].
public enum Spatial3D: SpatialRank {
  public static var axisCount: Int { 3 }
}

/// A layer for any number of spatial axes, which Keras names by that number.
protocol RankedLayer {
  /// Keras's name: `Conv2D`.
  static var kerasName: String { get }
}
