// Who imports this module has those that it builds upon too.

@_exported public import Tensor
