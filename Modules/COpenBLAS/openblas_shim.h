#pragma once

#if __has_include(<cblas.h>)
#include <cblas.h>
#else
#error "cblas.h not found: install OpenBLAS (Debian and Ubuntu: sudo apt-get install libopenblas-dev)"
#endif
