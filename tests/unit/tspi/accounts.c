/* Accounts entered in the configuration, struck out of it and tried, by the provider. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tests/support/support.h"
#include "tests/unit/tspi/host.h"
#include "tsp/binding/sip/sip.h"

#include <stdio.h>

static struct sessiontsp_provider_account block;
static char text[1200];

static void begin(DWORD command, DWORD account, const char *keys)
{
    memset(&block, 0, sizeof block);
    block.Result.dwCommand = command;
    block.dwAccount = account;
    (void)platform_utf8_to_utf16(keys, SIZE_MAX, (uint16_t *)block.szKeys, SESSIONTSP_ACCOUNT_KEYS_MAX);
}

static LONG say(void)
{
    LONG result = TSPI_providerGenericDialogData(1, TUISPIDLL_OBJECT_PROVIDERID, &block, sizeof block);

    (void)platform_utf16_to_utf8((const uint16_t *)block.szText, SIZE_MAX, text, sizeof text);
    return result;
}

static void does(DWORD command, DWORD account, const char *keys, DWORD outcome, const char *answer)
{
    begin(command, account, keys);
    ck_assert_int_eq(say(), 0);
    /* where configurations are files, others could read this one until now */
    if (!strncmp(text, "account 5 is added; only", 24))
        text[strlen(answer)] = 0;
    ck_assert_str_eq(text, answer);
    ck_assert_uint_eq(block.dwOutcome, outcome);
    for (size_t i = 0; i < SESSIONTSP_ACCOUNT_KEYS_MAX; i++)
        ck_assert_uint_eq(block.szKeys[i], 0);
}

#define ADD SESSIONTSP_PROVIDER_ACCOUNT_ADD
#define REMOVE SESSIONTSP_PROVIDER_ACCOUNT_REMOVE
#define TEST SESSIONTSP_PROVIDER_ACCOUNT_TEST

struct found {
    char password[50];
    int count;
};

static void look(const struct platform_conf_entry *e, void *arg)
{
    struct found *f = arg;

    f->count++;
    if (!strcmp(e->key, "password"))
        (void)snprintf(f->password, sizeof f->password, "%s/%s", e->section, e->value);
}

static struct found found(void)
{
    struct found f = {"", 0};

    ck_assert_int_eq(platform_conf_read(NULL, look, NULL, &f), 0);
    return f;
}

START_TEST(entered_and_struck_out)
{
    const DWORD none = SESSIONTSP_ACCOUNT_NEW;

    support_conf_begin();
    support_conf_put("Account 4", "user", "u");
    support_conf_put("line 1", "number", "100");
    if (!sip_available()) {
        does(ADD, none, "user=a\ndomain=b", 1, "this program was built without SIP");
        support_conf_end();
        return;
    }
    does(ADD, none, "user=a\ndomain=b\npassword=geheim", 0, "account 5 is added");
    ck_assert_uint_eq(block.dwAccount, 5);
    ck_assert_uint_eq(block.Result.dwRunning, 0);
    ck_assert_str_eq(found().password, "account 5/geheim");
    ck_assert_int_eq(found().count, 5);
    does(ADD, 2, "user=a\ndomain=b", 1, "another account has this user and domain");
    does(ADD, 4, "user=c\ndomain=b", 1, "there is an account 4 already");
    does(ADD, 2, "user=c", 1, "command line: [account 2] domain: it is missing");
    does(ADD, 2, "user=c\ndomain=b\nport=1", 1, "command line: [account 2] port: there is no such key");
    does(ADD, 2, "user=c\ndomain=b\nsip.port=1", 1, "sip.port is not of an account");
    does(ADD, 2, "user=c\ndomain=b\nmwi=2", 1, "command line: [account 2] mwi: \"2\" is not a number from 0 to 1");
    does(ADD, 0, "user=c\ndomain=b", 0, "account 0 is added");
    does(REMOVE, 4, "", 0, "account 4 is removed");
    does(REMOVE, 4, "", 1, "there is no account 4");
    does(REMOVE, 5, "", 0, "account 5 is removed");
    does(REMOVE, 0, "", 0, "account 0 is removed");
    ck_assert_int_eq(found().count, 1);
    does(ADD, none, "user=a\ndomain=b", 0, "account 1 is added");
    does(ADD, none, "user=c\ndomain=b", 0, "account 2 is added");
    does(TEST, 4, "", 1, "there is no account 4");
    does(TEST, none, "user=c", 1, "command line: [account 4294967295] domain: it is missing");
    does(TEST, 4, "user=c\ndomain=b\nsip.port=x", 1, "command line: [sip] port: \"x\" is not a number from 0 to 65535");
    support_conf_end();
    support_env_set("TAPI_SHIM_CONFIG", support_conf_nowhere());
    does(ADD, none, "user=a\ndomain=b", 1, "the configuration cannot be read");
    does(REMOVE, 1, "", 1, "the configuration cannot be written");
    support_env_set("TAPI_SHIM_CONFIG", NULL);
}
END_TEST

START_TEST(not_such_a_block)
{
    static const char *const bad[] = {"user", "=x", "sip.=x", "a=b\nc", "a_name_of_32_bytes_is_one_too_long=x"};

    support_conf_begin();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        begin(ADD, 1, bad[i]);
        ck_assert_int_eq(say(), ERR(INVALPARAM));
    }
    begin(ADD, 1, "");
    for (size_t i = 0; i < SESSIONTSP_ACCOUNT_KEYS_MAX; i++)
        block.szKeys[i] = 'x';
    ck_assert_int_eq(say(), ERR(INVALPARAM)); /* no end */
    begin(ADD, 1, "");
    for (int i = 0; i < 33; i++)
        memcpy(&block.szKeys[4 * i], u"a=b\n", 8);
    ck_assert_int_eq(say(), ERR(INVALPARAM)); /* too many */
    begin(TEST, 1, "");
    block.dwSeconds = 3601;
    ck_assert_int_eq(say(), ERR(INVALPARAM));
    begin(ADD, 1, "user=u");
    ck_assert_int_eq(TSPI_providerGenericDialogData(1, TUISPIDLL_OBJECT_PROVIDERID, &block, sizeof block - 1),
                     ERR(INVALPARAM));
    /* the configuration of a provider that a test started is nowhere */
    host_start("[line 1]\nnumber=100\n");
    begin(ADD, 1, "user=u\ndomain=d");
    ck_assert_int_eq(say(), ERR(OPERATIONUNAVAIL));
    host_stop();
    support_conf_end();
}
END_TEST

Suite *suite_accounts(void)
{
    Suite *s = suite_create("accounts");
    TCase *t = tcase_create("accounts");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, entered_and_struck_out);
    tcase_add_test(t, not_such_a_block);
    suite_add_tcase(s, t);
    return s;
}
