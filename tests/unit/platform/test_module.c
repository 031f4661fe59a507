/* A module to be loaded by the tests. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/platform.h"

#if defined(__ELF__)
#define EXPORTED __attribute__((visibility("default")))
#else
#define EXPORTED __attribute__((dllexport))
#endif

EXPORTED int test_module_answer(void);
EXPORTED void test_module_self(char *path, size_t size);
int test_module_hidden(void);

int test_module_hidden(void)
{
    return 41;
}

int test_module_answer(void)
{
    return test_module_hidden() + 1;
}

void test_module_self(char *path, size_t size)
{
    platform_module_self(path, size);
}
