#pragma once

#if __has_include(<turbojpeg.h>)
#include <turbojpeg.h>
#else
#error "turbojpeg.h not found: install libjpeg-turbo (Debian and Ubuntu: sudo apt-get install libturbojpeg0-dev)"
#endif
