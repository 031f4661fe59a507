/* What tests of bad messages and bad ways have in common. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SIP_FAULTS_H
#define TESTS_UNIT_SIP_FAULTS_H

#include "tests/unit/sip/net.h"

/* All that has come to the peer is forgotten, as are calls that are over: there may be no others. */
void faults_calm(struct fixture *f, struct peer *p);
/* A call to "u0" as it should be: it is offered, taken, and ended by who called. */
void faults_as_ever(struct fixture *f, struct peer *p);
/* Dialogs that there still are, after as much time as all that is under way may take. */
unsigned faults_left(struct fixture *f);

Suite *torture_suite(void);
Suite *faults_suite(void);
Suite *endings_suite(void);
Suite *faults_tapi_suite(void);

#endif
