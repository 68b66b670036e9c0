// An import of this module also imports those that it builds upon.

@_exported public import Layers
