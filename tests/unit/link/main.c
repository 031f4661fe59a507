/* Links between processes. SPDX-License-Identifier: MIT */
#include "tests/unit/link/suite.h"

#include <stdlib.h>
#include <string.h>

const char *program;

int main(int argc, char **argv)
{
    static char self[PLATFORM_PATH_MAX];
    Suite *s;
    SRunner *runner;
    int failed;

    if (argc > 1 && strcmp(argv[1], "--spawned") == 0)
        return spawned_main(argc, argv);
    platform_module_self(self, sizeof(self));
    program = self[0] ? self : argv[0];
    s = suite_create("link");
    basic_tests(s);
    flow_tests(s);
    spawn_tests(s);
    system_tests(s);
    runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
