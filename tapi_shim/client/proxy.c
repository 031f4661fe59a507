/* Proxies: applications that answer what others ask about agents and queues. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <stdlib.h>
#include <string.h>

/* A request on its way to the application, or there. */
struct client_proxy {
    struct client_proxy *next; /* once it is there */
    uint64_t cookie;           /* of the line that takes it */
    uint32_t app, request;     /* HLINEAPP; the engine's number */
    uint32_t len;              /* bytes of the block */
    uint32_t unused;           /* the block begins at a multiple of 8 */
    unsigned char block[];     /* LINEPROXYREQUEST */
};

void *client_proxy_block(const struct channel_event *event)
{
    struct client_proxy *p;

    /* What is no whole request never reaches the application. */
    if (!event->data || event->data_len < offsetof(LINEPROXYREQUEST, SetAgentGroup))
        return NULL;
    p = calloc(1, sizeof(*p) + event->data_len);
    if (!p)
        return NULL;
    p->cookie = event->instance;
    p->app = event->app;
    p->request = (uint32_t)event->p1;
    p->len = event->data_len;
    memcpy(p->block, event->data, event->data_len);
    return p;
}

void *client_proxy_take(void *block)
{
    struct client_proxy *p = block;

    p->next = client.proxies;
    client.proxies = p;
    return p->block;
}

void client_proxy_forget(uint32_t app)
{
    struct client_proxy **link = &client.proxies, *p;

    while ((p = *link) != NULL) {
        if (p->app == app) {
            *link = p->next;
            free(p);
        } else {
            link = &p->next;
        }
    }
}

/**
 * Answers a request, once. From then on its block is not the application's any more.
 * @param hLine           the line that was opened for it
 * @param lpProxyRequest  as it came with LINE_PROXYREQUEST, filled in
 * @param dwResult        0, or the LINEERR_ that whoever asked gets
 * @return 0, INVALLINEHANDLE (if the request came by a line that was closed meanwhile, the block is freed all the
 *     same), INVALPOINTER, INVALPARAM (not such a request of the line, answered already, or a result above 0),
 *     NOTREGISTERED, UNINITIALIZED.
 * Thread: any. Source: lineProxyResponse, LINE_PROXYREQUEST.
 */
LONG WINAPI lineProxyResponse(HLINE hLine, LPLINEPROXYREQUEST lpProxyRequest, DWORD dwResult)
{
    struct channel_call call = {.op = CHANNEL_PROXY_ANSWER};
    struct client_proxy **link, *p;
    const struct client_line *line;
    LONG rc = 0;

    if (!lpProxyRequest)
        return client_err(LINEERR_INVALPOINTER);
    platform_mutex_lock(&client.lock);
    line = client_line_find(hLine);
    for (link = &client.proxies; *link && (void *)(*link)->block != (void *)lpProxyRequest; link = &(*link)->next)
        ;
    p = *link;
    if (!client.conn)
        rc = client_err(LINEERR_UNINITIALIZED);
    else if (!line)
        rc = client_err(LINEERR_INVALLINEHANDLE);
    else if (!p || p->cookie != line->cookie || (LONG)dwResult > 0)
        rc = client_err(LINEERR_INVALPARAM);
    /* It may be given back where nobody can answer it any more. */
    if (p && (!rc || !client_line_by_cookie(p->cookie)))
        *link = p->next;
    else
        p = NULL;
    platform_mutex_unlock(&client.lock);
    if (!rc) {
        call.arg[0] = hLine;
        call.arg[1] = p->request;
        call.arg[2] = dwResult;
        call.in0 = p->block;
        call.in0_len = p->len;
        rc = client_call(&call);
    }
    free(p);
    return rc;
}

/**
 * Tells all others that have the line open: LINE_AGENTSTATUS, LINE_AGENTSPECIFIC, and from 2.2 on LINE_AGENTSTATUSEX,
 * LINE_AGENTSESSIONSTATUS, LINE_QUEUESTATUS, LINE_GROUPSTATUS; those of an older version only what it has.
 * @param hLine  the line that was opened for requests; by it nothing comes
 * @param hCall  0: the message is about the line; else those hear it who have a handle of the call
 * @return 0, NOTREGISTERED (the line takes no requests), INVALPARAM (another message), INVALLINEHANDLE,
 *     INVALCALLHANDLE, UNINITIALIZED.
 * Thread: any. Source: lineProxyMessage.
 */
LONG WINAPI lineProxyMessage(HLINE hLine, HCALL hCall, DWORD dwMsg, DWORD dwParam1, DWORD dwParam2, DWORD dwParam3)
{
    struct channel_call call = {.op = CHANNEL_PROXY_MESSAGE,
                                .arg = {hLine, hCall, dwMsg, dwParam1, dwParam2, dwParam3}};

    return client_call(&call);
}

/**
 * Which requests are taken on a line now.
 * @param lpLineProxyReqestList  gets an array of LINEPROXYREQUEST_
 * @return 0, STRUCTURETOOSMALL, BADDEVICEID, NODEVICE, NODRIVER, INCOMPATIBLEAPIVERSION, INVALPOINTER,
 *     INVALAPPHANDLE, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetProxyStatus.
 */
LONG WINAPI lineGetProxyStatus(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAppAPIVersion,
                               LPLINEPROXYREQUESTLIST lpLineProxyReqestList)
{
    struct channel_call call = {.op = CHANNEL_PROXY_STATUS, .arg = {hLineApp, dwDeviceID, dwAppAPIVersion}};
    LONG rc;

    if (!lpLineProxyReqestList)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_app_check(hLineApp);
    if (!rc && !client_version_known(dwAppAPIVersion))
        rc = client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    if (rc)
        return rc;
    return client_structure(&call, LAYOUT_LINEPROXYREQUESTLIST, lpLineProxyReqestList, dwAppAPIVersion, false, NULL);
}
