/* Calls of the channel, each to its function. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

typedef int32_t(op_h)(struct channel *c, struct channel_call *call);

static op_h *const ops[CHANNEL_OP_COUNT] = {
    [CHANNEL_APP_OPEN] = app_op_open,
    [CHANNEL_APP_CLOSE] = app_op_close,
    [CHANNEL_DEV_NEGOTIATE] = device_op_negotiate,
    [CHANNEL_DEV_EXT_NEGOTIATE] = device_op_ext_negotiate,
    [CHANNEL_DEV_CAPS] = device_op_caps,
    [CHANNEL_ADDRESS_CAPS] = device_op_address_caps,
    [CHANNEL_DEV_CONFIG_GET] = device_op_config_get,
    [CHANNEL_DEV_CONFIG_SET] = device_op_config_set,
    [CHANNEL_LINE_OPEN] = line_op_open,
    [CHANNEL_LINE_CLOSE] = line_op_close,
    [CHANNEL_LINE_STATUS] = line_op_status,
    [CHANNEL_ADDRESS_STATUS] = line_op_address_status,
    [CHANNEL_ADDRESS_ID] = line_op_address_id,
    [CHANNEL_STATUS_SET] = line_op_status_set,
    [CHANNEL_STATUS_GET] = line_op_status_get,
    [CHANNEL_NEW_CALLS] = line_op_new_calls,
    [CHANNEL_CALL_MAKE] = call_op_make,
    [CHANNEL_CALL_DIAL] = call_op_request,
    [CHANNEL_CALL_ACCEPT] = call_op_request,
    [CHANNEL_CALL_ANSWER] = call_op_request,
    [CHANNEL_CALL_DROP] = call_op_request,
    [CHANNEL_CALL_FREE] = call_op_free,
    [CHANNEL_CALL_INFO] = call_op_info,
    [CHANNEL_CALL_STATUS] = call_op_status,
    [CHANNEL_CALL_PRIVILEGE] = call_op_privilege,
    [CHANNEL_CALL_APPSPECIFIC] = call_op_appspecific,
    [CHANNEL_PROVIDER_LIST] = provider_op_list,
    [CHANNEL_UI_LIBRARY] = ui_op_library,
    [CHANNEL_UI_DATA] = ui_op_data,
    [CHANNEL_PROVIDER_ADD] = provider_op_add,
    [CHANNEL_PROVIDER_REMOVE] = provider_op_remove,
    [CHANNEL_CALL_HANDOFF] = call_op_handoff,
    [CHANNEL_PRIORITY_SET] = priority_op_set,
    [CHANNEL_PRIORITY_GET] = priority_op_get,
    [CHANNEL_RECIPIENT_SET] = recipient_op_set,
    [CHANNEL_REQUEST_GET] = recipient_op_get,
    [CHANNEL_REQUEST_MAKE_CALL] = recipient_op_make_call,
    [CHANNEL_COUNTRIES] = dialop_countries,
    [CHANNEL_TRANSLATE] = dialop_translate,
    [CHANNEL_TRANSLATE_CAPS] = dialop_caps,
    [CHANNEL_LOCATION_HERE] = dialop_here,
    [CHANNEL_LOCATION_SELECT] = dialop_select,
    [CHANNEL_LOCATION_TOLL] = dialop_toll,
    [CHANNEL_LOCATION_RELOAD] = dialop_reload,
    [CHANNEL_SERVICE_STATUS] = status_op_get,
    [CHANNEL_CALL_HOLD] = callreq_op,
    [CHANNEL_CALL_UNHOLD] = callreq_op,
    [CHANNEL_CALL_SWAP_HOLD] = callreq_op,
    [CHANNEL_CALL_REDIRECT] = callreq_op,
    [CHANNEL_CALL_BLIND_TRANSFER] = callreq_op,
    [CHANNEL_CALL_SECURE] = callreq_op,
    [CHANNEL_CALL_SEND_UUI] = callreq_op,
    [CHANNEL_CALL_RELEASE_UUI] = callreq_op,
    [CHANNEL_CALL_DATA_SET] = callreq_op,
    [CHANNEL_CALL_PARAMS_SET] = callreq_op,
    [CHANNEL_CALL_TREATMENT_SET] = callreq_op,
    [CHANNEL_CALL_QOS_SET] = callreq_op,
    [CHANNEL_CALL_PARK] = callreq_op,
    [CHANNEL_CALL_COMPLETE] = callreq_op,
    [CHANNEL_CONF_ADD] = callreq_op,
    [CHANNEL_CONF_REMOVE] = callreq_op,
    [CHANNEL_TRANSFER_COMPLETE] = callreq_op,
    [CHANNEL_TRANSFER_SETUP] = makereq_op,
    [CHANNEL_CONF_SETUP] = makereq_op,
    [CHANNEL_CONF_PREPARE] = makereq_op,
    [CHANNEL_CALL_UNPARK] = makereq_op,
    [CHANNEL_CALL_PICKUP] = makereq_op,
    [CHANNEL_LINE_FORWARD] = makereq_op,
    [CHANNEL_LINE_UNCOMPLETE] = linereq_op,
    [CHANNEL_LINE_DEVSTATUS_SET] = linereq_op,
    [CHANNEL_LINE_TERMINAL_SET] = linereq_op,
    [CHANNEL_LINE_DEVSPECIFIC] = linereq_op,
    [CHANNEL_LINE_DEVSPECIFIC_FEATURE] = linereq_op,
    [CHANNEL_CONF_CALLS] = extra_op_conference,
    [CHANNEL_RINGS_SET] = extra_op_rings_set,
    [CHANNEL_RINGS_GET] = extra_op_rings_get,
    [CHANNEL_CALL_MEDIA_MODE_SET] = media_op,
    [CHANNEL_CALL_DIGITS_GENERATE] = media_op,
    [CHANNEL_CALL_TONE_GENERATE] = media_op,
    [CHANNEL_CALL_DIGITS_MONITOR] = media_op_monitor,
    [CHANNEL_CALL_MEDIA_MONITOR] = media_op_monitor,
    [CHANNEL_CALL_TONES_MONITOR] = media_op,
    [CHANNEL_CALL_DIGITS_GATHER] = media_op,
    [CHANNEL_LINE_MEDIA_CONTROL] = media_op_control,
    [CHANNEL_LINE_ID] = extra_op_id,
    [CHANNEL_DEV_ICON] = extra_op_icon,
    [CHANNEL_PROXY_ASK] = proxy_op_ask,
    [CHANNEL_PROXY_ANSWER] = proxy_op_answer,
    [CHANNEL_PROXY_MESSAGE] = proxy_op_message,
    [CHANNEL_PROXY_STATUS] = proxy_op_status,
    [CHANNEL_PHONE_APP_OPEN] = app_op_phone_open,
    [CHANNEL_PHONE_NEGOTIATE] = phone_op_negotiate,
    [CHANNEL_PHONE_EXT_NEGOTIATE] = phone_op_ext_negotiate,
    [CHANNEL_PHONE_CAPS] = phone_op_caps,
    [CHANNEL_PHONE_ICON] = phone_op_icon,
    [CHANNEL_PHONE_OPEN] = phone_op_open,
    [CHANNEL_PHONE_CLOSE] = phone_op_close,
    [CHANNEL_PHONE_STATUS] = phone_op_status,
    [CHANNEL_PHONE_STATUS_SET] = phone_op_status_set,
    [CHANNEL_PHONE_STATUS_GET] = phone_op_status_get,
    [CHANNEL_PHONE_GET] = phone_op_get,
    [CHANNEL_PHONE_SET] = phone_op_set,
    [CHANNEL_PHONE_DISPLAY_GET] = phone_op_display_get,
    [CHANNEL_PHONE_DISPLAY_SET] = phone_op_display_set,
    [CHANNEL_PHONE_DATA_GET] = phone_op_data_get,
    [CHANNEL_PHONE_DATA_SET] = phone_op_data_set,
    [CHANNEL_PHONE_BUTTON_GET] = phone_op_button_get,
    [CHANNEL_PHONE_BUTTON_SET] = phone_op_button_set,
    [CHANNEL_PHONE_ID] = phone_op_id,
    [CHANNEL_PHONE_DEVSPECIFIC] = phone_op_devspecific,
};

int32_t channel_call(struct channel *c, struct channel_call *call)
{
    int32_t rc;

    if (!c || !call)
        return (int32_t)LINEERR_INVALPOINTER;
    memset(call->ret, 0, sizeof(call->ret));
    call->out = NULL;
    call->out_len = 0;
    if (call->op >= CHANNEL_OP_COUNT || !ops[call->op])
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    engine_lock();
    rc = ops[call->op](c, call);
    engine_unlock();
    if (call->op >= CHANNEL_PHONE_APP_OPEN && call->op <= CHANNEL_PHONE_DEVSPECIFIC)
        rc = phone_error(rc);
    if (rc < 0 && call->out) {
        free(call->out);
        call->out = NULL;
        call->out_len = 0;
    }
    return rc;
}
