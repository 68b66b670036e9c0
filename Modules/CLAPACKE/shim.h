#pragma once

#if __has_include(<lapacke.h>)
#include <lapacke.h>
#else
#error "lapacke.h not found: install LAPACKE (Debian and Ubuntu: sudo apt-get install liblapacke-dev)"
#endif
