#pragma once

#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#error "hdf5.h not found: install HDF5 (Debian and Ubuntu: sudo apt-get install libhdf5-dev)"
#endif
