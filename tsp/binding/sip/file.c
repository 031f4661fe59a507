/* WAV files: played to the other end of a call, and what is heard from it recorded. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 8000, FRAME = 160, LOOK_AGAIN_MS = 50 };

/* A file that is played: PJSIP's own knows where it is only while more of it is left to be read. */
struct player {
    pjmedia_port port;
    pjmedia_port *file;
    atomic_bool over;
};

static pj_status_t get_frame(pjmedia_port *port, pjmedia_frame *frame)
{
    struct player *p = (struct player *)port;
    pj_status_t status = pjmedia_port_get_frame(p->file, frame);

    if (status != PJ_SUCCESS) {
        atomic_store(&p->over, true);
        frame->type = PJMEDIA_FRAME_TYPE_NONE;
        frame->size = 0;
    }
    return PJ_SUCCESS;
}

static pj_status_t on_destroy(pjmedia_port *port)
{
    return pjmedia_port_destroy(((struct player *)port)->file);
}

static pj_status_t open_player(pj_pool_t *pool, const char *path, pjmedia_port **out)
{
    struct player *p = pj_pool_zalloc(pool, sizeof(*p));
    pj_status_t status =
        p ? pjmedia_wav_player_port_create(pool, path, 1000 * FRAME / RATE, PJMEDIA_FILE_NO_LOOP, 0, &p->file)
          : PJ_ENOMEM;

    if (status == PJ_SUCCESS) {
        p->port.info = p->file->info;
        p->port.get_frame = get_frame;
        p->port.on_destroy = on_destroy;
        atomic_init(&p->over, false);
        *out = &p->port;
    }
    return status;
}

static void close_file(struct sip_ua *ua, struct sip_file *f)
{
    if (f->slot > 0) {
        (void)pjmedia_conf_remove_port(ua->bridge, (unsigned)f->slot);
    }
    if (f->port) {
        pjmedia_port_destroy(f->port); /* a record is complete only now */
    }
    if (f->pool) {
        pj_pool_release(f->pool);
    }
    memset(f, 0, sizeof(*f));
}

/* Whether it is a pipe or device: who opens one to write, or writes, may wait for its reader for ever. */
static bool waits(const char *path)
{
    char *data = NULL;
    size_t len = 0;
    int err = platform_file_read(&data, &len, path, 0);

    free(data);
    return err == EINVAL;
}

/* Opens a file as a port of the bridge; its slot is never 0, which is the clock's. */
static bool open_file(struct sip_ua *ua, struct sip_file *f, const char *path, bool record)
{
    char buf[PJ_ERR_MSG_SIZE];
    pj_status_t status = PJ_ENOMEM;
    unsigned slot = 0;

    f->pool = pjsip_endpt_create_pool(ua->endpt, "file", 4000, 4000);
    if (f->pool) {
        status = !record       ? open_player(f->pool, path, &f->port)
                 : waits(path) ? PJ_EINVAL
                               : pjmedia_wav_writer_port_create(f->pool, path, RATE, 1, FRAME, 16, 0, 0, &f->port);
    }
    if (status == PJ_SUCCESS) {
        status = pjmedia_conf_add_port(ua->bridge, f->pool, f->port, NULL, &slot);
        f->slot = (int)slot;
    } else {
        f->port = NULL;
    }
    if (status == PJ_SUCCESS) {
        return true;
    }
    platform_log(PLATFORM_LOG_WARNING, "sip: \"%s\" cannot be %s: %s", path, record ? "recorded to" : "played",
                 sip_error_text(status, buf, sizeof(buf)));
    close_file(ua, f);
    return false;
}

void sip_files_link(struct sip_call *call)
{
    pjmedia_conf *bridge = call->x->ua->bridge;
    int slot = call->side ? call->side->media.slot : -1;

    if (slot >= 0 && call->record.slot) {
        (void)pjmedia_conf_connect_port(bridge, (unsigned)slot, (unsigned)call->record.slot, 0);
    }
    if (slot >= 0 && call->played.slot) {
        (void)(call->paused ? pjmedia_conf_disconnect_port(bridge, (unsigned)call->played.slot, (unsigned)slot)
                            : pjmedia_conf_connect_port(bridge, (unsigned)call->played.slot, (unsigned)slot, 0));
    }
}

bool sip_file_play(struct sip_call *call, const char *path)
{
    if (!open_file(call->x->ua, &call->played, path, false)) {
        return false;
    }
    sip_stream_apply(call);
    return true;
}

uint32_t sip_file_rest_ms(const struct sip_call *call)
{
    const struct player *p = (const struct player *)call->played.port;

    return !p || atomic_load(&p->over) ? 0 : LOOK_AGAIN_MS;
}

void sip_file_play_end(struct sip_call *call)
{
    close_file(call->x->ua, &call->played);
}

void sip_record_end(struct sip_call *call)
{
    close_file(call->x->ua, &call->record);
}

void sip_record(struct sip_call *call, struct sip_command *c)
{
    bool ok = true;

    sip_record_end(call);
    if (c->play.digitc) {
        ok = call->phase == CALL_UP && open_file(call->x->ua, &call->record, c->play.digits, true);
    }
    sip_files_link(call);
    sip_done(call->x, c, ok ? SESSION_E_OK : SESSION_E_FAILED, 0, NULL);
}

/* ---- what is played, and how ------------------------------------------------------------------------------------- */

void sip_stream_apply(struct sip_call *call)
{
    struct sip_ua *ua = call->x->ua;
    int adjust = ((int)call->volume - SESSION_VOLUME_NORMAL) * 128 / SESSION_VOLUME_NORMAL;
    const struct sip_media *m = call->side ? &call->side->media : NULL;

    if (m && m->tone_slot >= 0) {
        (void)pjmedia_conf_adjust_rx_level(ua->bridge, (unsigned)m->tone_slot, adjust);
        if (m->slot >= 0) {
            (void)(call->paused ? pjmedia_conf_disconnect_port(ua->bridge, (unsigned)m->tone_slot, (unsigned)m->slot)
                                : pjmedia_conf_connect_port(ua->bridge, (unsigned)m->tone_slot, (unsigned)m->slot, 0));
        }
    }
    if (call->played.slot) {
        (void)pjmedia_conf_adjust_rx_level(ua->bridge, (unsigned)call->played.slot, adjust);
    }
    sip_files_link(call);
}

void sip_stream(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call = sip_call_of(ua->x, c->cmd.leg);

    if (call && call->phase != CALL_BRIDGE) {
        call->paused = c->cmd.stream.state == SESSION_STREAM_PAUSED;
        call->volume = c->cmd.stream.volume;
        sip_stream_apply(call);
    }
    sip_command_free(ua->x, c);
}
