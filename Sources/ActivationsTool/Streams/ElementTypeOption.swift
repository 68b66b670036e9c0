import ArgumentParser
import Tensor

/// `--dtype` takes the types of files by NumPy's names.
extension StoredType: ExpressibleByArgument {}
