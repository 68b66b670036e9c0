#pragma once

#if __has_include(<zip.h>)
#include <zip.h>
#else
#error "zip.h not found: install libzip (Debian and Ubuntu: sudo apt-get install libzip-dev)"
#endif

// A dependency of libzip's own package.
#include <zlib.h>
