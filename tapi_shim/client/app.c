/* Applications: initialised, found, shut down. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"

#include <errno.h>
#include <stdlib.h>

struct client_app *client_app_find(uint32_t handle)
{
    return client_map_find(&client.apps, handle);
}

void client_app_put(struct client_app *app)
{
    if (--app->refs)
        return;
    platform_cond_destroy(&app->arrived);
    platform_event_free(app->event);
    free(app->queue);
    free(app);
}

uint32_t client_app_version(uint32_t handle)
{
    const struct client_app *app;
    uint32_t version;

    platform_mutex_lock(&client.lock);
    app = client_app_find(handle);
    version = app ? app->version : 0;
    platform_mutex_unlock(&client.lock);
    return version;
}

LONG client_app_check(HLINEAPP handle)
{
    if (client_app_version(handle))
        return 0;
    return client_err(client_connected() ? LINEERR_INVALAPPHANDLE : LINEERR_UNINITIALIZED);
}

/* ---- initialise ---- */

static void conf_entry(const struct platform_conf_entry *entry, void *arg)
{
    (void)entry;
    (void)arg;
}

static void conf_error(const char *where, const char *text, void *arg)
{
    (void)where;
    (void)text;
    (void)arg;
}

/* A configuration that was asked for has to be there; what is in it is for those who use it to judge. */
static LONG config_check(void)
{
    char place[PLATFORM_PATH_MAX];
    int err;

    if (client_connected())
        return 0;
    err = platform_conf_read(NULL, conf_entry, conf_error, NULL);
    if (err != ENOENT && err != EACCES)
        return 0;
    platform_conf_place(NULL, place, sizeof(place));
    platform_log(PLATFORM_LOG_ERROR, "%s: the configuration %s", place,
                 err == ENOENT ? "does not exist" : "may not be read");
    return client_err(LINEERR_INIFILECORRUPT);
}

/* Registers with the engine; the application's own things are all there. */
static LONG register_app(struct client_app *app, const uint16_t *name, uint32_t *devicesp)
{
    struct client_text module = {NULL, 0};
    struct channel_call call = {.op = app->phone ? CHANNEL_PHONE_APP_OPEN : CHANNEL_APP_OPEN};
    char program[256];
    LONG rc;

    platform_process_name(program, sizeof(program));
    module.bytes = (uint32_t)(sizeof(uint16_t) * platform_utf8_to_utf16(program, SIZE_MAX, NULL, 0));
    module.text = malloc(module.bytes);
    if (!module.text)
        return client_err(LINEERR_NOMEM);
    (void)platform_utf8_to_utf16(program, SIZE_MAX, module.text, module.bytes / sizeof(uint16_t));

    call.arg[0] = app->version;
    call.in0 = name && name[0] ? name : module.text;
    call.in0_len = call.in0 == name ? (uint32_t)(sizeof(*name) * (platform_utf16_len(name) + 1)) : module.bytes;
    call.in1 = module.text;
    call.in1_len = module.bytes;
    rc = client_conn_call(app->conn, &call);
    client_text_free(&module);
    if (!rc) {
        app->handle = call.ret[0];
        *devicesp = call.ret[1];
    }
    return rc;
}

static bool handle_taken(uint32_t handle)
{
    bool taken;

    platform_mutex_lock(&client.lock);
    taken = client_app_find(handle) || client_map_find(&client.phones, handle);
    platform_mutex_unlock(&client.lock);
    return taken;
}

/* Another service than that of an application which has not shut down yet may give the same handle once more. */
static LONG register_new(struct client_app *app, const uint16_t *name, uint32_t *devicesp)
{
    LONG rc = register_app(app, name, devicesp);

    if (!rc && handle_taken(app->handle)) {
        struct channel_call call = {.op = CHANNEL_APP_CLOSE, .arg = {app->handle}};

        rc = register_app(app, name, devicesp);
        (void)client_conn_call(app->conn, &call);
        if (!rc && handle_taken(app->handle)) {
            call.arg[0] = app->handle;
            (void)client_conn_call(app->conn, &call);
            app->handle = 0;
            rc = client_err(LINEERR_RESOURCEUNAVAIL);
        }
    }
    return rc;
}

static LONG app_prepare(struct client_app *app, const struct client_app_config *config)
{
    int err = platform_cond_init(&app->arrived);

    if (err)
        return client_err(LINEERR_NOMEM);
    if (config->delivery == CLIENT_EVENT)
        err = platform_event_alloc(&app->event);
    else if (config->delivery == CLIENT_WINDOW)
        err = platform_runner_alloc(&app->runner, client_run, app);
    else if (platform_port_message(0, 0, "", 1) == ENOTSUP)
        return client_err(LINEERR_INVALPARAM); /* there are no completion ports here */
    return err ? client_err(err == ENOMEM ? LINEERR_NOMEM : LINEERR_OPERATIONFAILED) : 0;
}

LONG client_app_open(const struct client_app_config *config, uint32_t *handlep, uint32_t *devicesp, HANDLE *eventp)
{
    struct client_app *app = calloc(1, sizeof(*app));
    LONG rc;

    if (!app)
        return client_err(LINEERR_NOMEM);
    app->refs = 1;
    app->phone = config->phone;
    app->delivery = config->delivery;
    app->callback = config->callback;
    app->version = config->version;
    app->port = config->port;
    app->key = config->key;
    rc = app_prepare(app, config);
    if (!rc)
        rc = config_check();
    if (!rc)
        rc = client_conn_open(&app->conn, config->mode);
    if (rc)
        goto out;

    platform_mutex_lock(&client.lock);
    client.starting++;
    platform_mutex_unlock(&client.lock);
    rc = register_new(app, config->name, devicesp);
    platform_mutex_lock(&client.lock);
    client.starting--;
    if (!rc && !client_map_add(app->phone ? &client.phones : &client.apps, app->handle, app))
        rc = client_err(LINEERR_NOMEM);
    if (!rc) {
        *handlep = app->handle;
        if (eventp)
            *eventp = app->event ? (HANDLE)platform_event_native(app->event) : NULL;
        client_early_take(app);
    }
    client_early_end();
    platform_mutex_unlock(&client.lock);
    if (rc && app->handle) {
        struct channel_call call = {.op = CHANNEL_APP_CLOSE, .arg = {app->handle}};

        (void)client_conn_call(app->conn, &call);
    }
out:
    if (rc) {
        platform_runner_free(app->runner);
        client_conn_put(app->conn);
        platform_mutex_lock(&client.lock);
        client_app_put(app);
        platform_mutex_unlock(&client.lock);
    }
    return rc;
}

/* ---- shut down ---- */

/* Lock held. Whether the thread is inside a callback of some application. */
static bool inside_callback(uint64_t thread)
{
    const struct client_run_mark *mark = client.runs;

    while (mark && mark->thread != thread)
        mark = mark->next;
    return mark != NULL;
}

LONG client_app_close(struct client_map *map, uint32_t handle)
{
    struct platform_runner *runner;
    struct client_app *app;
    uint64_t self = platform_thread_id();

    platform_mutex_lock(&client.lock);
    app = client_map_remove(map, handle);
    if (!app) {
        bool connected = map == &client.phones ? client.phones.count > 0 : client.conn != NULL;

        platform_mutex_unlock(&client.lock);
        return client_err(connected ? LINEERR_INVALAPPHANDLE : LINEERR_UNINITIALIZED);
    }
    app->closing = true;
    platform_cond_broadcast(&app->arrived);
    platform_mutex_unlock(&client.lock);

    if (app->conn) {
        struct channel_call call = {.op = CHANNEL_APP_CLOSE, .arg = {handle}};

        (void)client_conn_call(app->conn, &call);
    }

    platform_mutex_lock(&client.lock);
    while (app->lines)
        client_line_remove(app->lines);
    client_request_forget(0, app);
    client_queue_clear(app);
    client_proxy_forget(app->handle);
    runner = app->runner;
    /* Two callbacks that shut down each other's application must not wait for each other. */
    if (runner && app->runs && app->run_thread != self && inside_callback(self)) {
        app->free_in_run = true;
        runner = NULL;
    }
    if (!client.apps.count && !client.phones.count && !client.starting) {
        client_map_trim(&client.apps);
        client_map_trim(&client.phones);
        client_map_trim(&client.lines);
        client_map_trim(&client.handles);
        client_map_trim(&client.requests);
    }
    platform_mutex_unlock(&client.lock);

    /* After this no callback runs, unless this is one. */
    platform_runner_free(runner);
    client_conn_put(app->conn);
    platform_mutex_lock(&client.lock);
    if (runner)
        app->runner = NULL;
    client_app_put(app);
    platform_mutex_unlock(&client.lock);
    return 0;
}
