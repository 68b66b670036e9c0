#pragma once

#if __has_include(<png.h>)
#include <png.h>
#else
#error "png.h not found: install libpng (Debian and Ubuntu: sudo apt-get install libpng-dev)"
#endif
