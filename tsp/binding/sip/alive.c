/* The way back to us is kept open through NATs, and a server that has died is noticed. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

enum { ALIVE_S = 15 };

static uint32_t interval_ms(const struct sip_account *acc)
{
    return (acc->conf->alive_s ? acc->conf->alive_s : ALIVE_S) * 1000;
}

static bool wanted(const struct sip_account *acc)
{
    return acc->conf->alive == SIP_ALIVE_AUTO ? acc->behind_nat : acc->conf->alive != SIP_ALIVE_OFF;
}

/* RFC 5626, 3.5.1; nobody answers over UDP. */
static void send_lines(struct sip_account *acc)
{
    pjsip_regc_info info;

    if (pjsip_regc_get_info(acc->regc, &info) == PJ_SUCCESS && info.transport) {
        pjsip_tpselector sel = {.type = PJSIP_TPSELECTOR_TRANSPORT, .u.transport = info.transport};

        (void)pjsip_tpmgr_send_raw(pjsip_endpt_get_tpmgr(acc->x->ua->endpt), info.transport->key.type, &sel, NULL,
                                   "\r\n\r\n", 4, &acc->server_addr, acc->server_addr_len, NULL, NULL);
    }
}

static void on_answer(void *token, pjsip_event *e)
{
    struct sip_ua *ua = sip_the();
    struct sip_account *acc = ua && !ua->leaving ? sip_account_of_index(ua, (uint32_t)(uintptr_t)token) : NULL;

    if (!acc) {
        return;
    }
    /* any answer of its own is good enough */
    if (acc->registered && e->body.tsx_state.type != PJSIP_EVENT_RX_MSG) {
        platform_log(PLATFORM_LOG_INFO, "sip: the server of %s@%s does not answer any more", acc->conf->user,
                     acc->conf->domain);
        sip_account_again(acc); /* which finds out what is wrong, or another server */
    }
}

static void send_options(struct sip_account *acc)
{
    struct sip_ua *ua = acc->x->ua;
    pjsip_tx_data *tdata = NULL;
    pjsip_regc_info info;

    if (pjsip_regc_get_info(acc->regc, &info) != PJ_SUCCESS ||
        pjsip_endpt_create_request(ua->endpt, &pjsip_options_method, &info.server_uri, &acc->id, &acc->id,
                                   &acc->contact, NULL, -1, NULL, &tdata) != PJ_SUCCESS) {
        return;
    }
    for (pjsip_route_hdr *r = acc->routes.next; r != &acc->routes; r = r->next) {
        pjsip_msg_add_hdr(tdata->msg, pjsip_hdr_shallow_clone(tdata->pool, r));
    }
    (void)pjsip_endpt_send_request(ua->endpt, tdata, -1, (void *)(uintptr_t)acc->index, on_answer);
}

void sip_alive_timer(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_account *acc = entry->user_data;

    (void)heap;
    entry->id = 0;
    if (!acc->registered || !acc->regc || !wanted(acc)) {
        return;
    }
    sip_roam_look(acc->x->ua);
    if (acc->conf->alive == SIP_ALIVE_OPTIONS) {
        send_options(acc);
    } else {
        send_lines(acc);
    }
    sip_schedule(acc->x->ua, entry, interval_ms(acc));
}

void sip_alive_start(struct sip_account *acc)
{
    if (wanted(acc) && !acc->alive.id) {
        sip_schedule(acc->x->ua, &acc->alive, interval_ms(acc));
    }
}
