#pragma once

#if __has_include(<lapacke.h>)
#include <lapacke.h>
#elif __has_include(<lapacke/lapacke.h>)
#include <lapacke/lapacke.h>
#else
#error "lapacke.h not found: install LAPACKE (Debian and Ubuntu: sudo apt-get install liblapacke-dev)"
#endif
