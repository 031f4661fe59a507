/* Ends of processes that nothing prepares. SPDX-License-Identifier: MIT */
#ifndef TESTS_SERVICE_DIE_H
#define TESTS_SERVICE_DIE_H

#include <stdbool.h>

/* This process ends here: nothing is flushed, closed or told to anybody. */
_Noreturn void die_here(void);
/* The same for another one, by the number that the system knows it by. False: there is none, or it may not. */
bool die_other(unsigned long pid);

#endif
