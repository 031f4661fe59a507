/* tapictl translate, location, card: how numbers are dialled. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/tool.h"

#include "tapi_shim/channel/remote.h"
#include "tapi_shim/client/error_name.h"
#include "tapi_shim/engine/country.h"
#include "tapi_shim/engine/dialling.h"
#include "tapi_shim/platform/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char translate_help[] =
    "usage: tapictl translate ADDRESS [OPTION...]\n"
    "\n"
    "Shows what is dialled for an address from the current location: '+43 (1) 234-5678', 'tel:+43-1-234-5678', or\n"
    "anything else, which is dialled as it is. The number of a calling card is not shown.\n"
    "\n"
    "options:\n"
    "  --line N      line that is to be dialled on, 0 unless said otherwise\n"
    "  --card ID     this calling card, in place of the location's own\n"
    "  --local       as a local call\n"
    "  --long        as a long distance call\n"
    "  --no-waiting  with call waiting disabled, if the location has a code for that\n"
    "  --dialable    only the string to be dialled, with everything in it\n"
    "\n"
    "The exit status is 0, 1 if it cannot be translated, 2 for a command line that makes no sense.\n";

const char location_help[] =
    "usage: tapictl location list\n"
    "       tapictl location countries\n"
    "       tapictl location add NAME Country=AT [FIELD=VALUE...]\n"
    "       tapictl location change ID FIELD=VALUE...\n"
    "       tapictl location select ID\n"
    "       tapictl location remove ID\n"
    "\n"
    "The places that the machine dials from. All programs of the user share them, and are told of changes.\n"
    "\n"
    "fields:\n"
    "  Name           its name\n"
    "  Country        two letters, or the id that 'location countries' shows\n"
    "  Area           area code, digits\n"
    "  LocalAccess    dialled before local calls, such as 0 or 9,\n"
    "  LongAccess     the same before long distance and international ones\n"
    "  LongCarrier    code of a long distance carrier, IntlCarrier of an international one, where the rules have them\n"
    "  CancelWaiting  what disables call waiting, such as *70,\n"
    "  Card           id of the calling card that is used, 0 none\n"
    "  Pulse          1: pulse dialling\n"
    "  Toll           prefixes in the own area that are long distance, with commas between; '': none (North America)\n"
    "  Rule           'AREA NUMBER yes|no [PREFIX ...]', several: numbers of AREA, or those that begin with a PREFIX,\n"
    "                 are dialled with NUMBER (-: nothing, the call is local) and then with or without area code; '':\n"
    "                 none\n"
    "\n"
    "The exit status is 0, 1 if it failed, 2 for a command line that makes no sense.\n";

const char card_help[] =
    "usage: tapictl card list\n"
    "       tapictl card add NAME FIELD=VALUE...\n"
    "       tapictl card change ID FIELD=VALUE...\n"
    "       tapictl card remove ID\n"
    "\n"
    "Calling cards: a location names the one that is used from there.\n"
    "\n"
    "fields:\n"
    "  Name, Number, Pin         its name, its number, its PIN\n"
    "  LocalAccess, LongAccess, IntlAccess\n"
    "                            its access numbers for the three kinds of call\n"
    "  SameArea, LongDistance, International\n"
    "                            rules of dialling; without one such calls are dialled without the card\n"
    "  Hidden                    1: programs do not list it\n"
    "\n"
    "A rule has digits, * # A B C D, signs (',' pause, '!' flash, W dial tone, T tone, P pulse, @ quiet, $ billing\n"
    "signal, ? ask, ':' voice) and letters: E calling code, F area code, G number, H card number, K PIN, J access\n"
    "number, L N long distance carrier, M S international carrier.\n"
    "\n"
    "The exit status is 0, 1 if it failed, 2 for a command line that makes no sense.\n";

/* ---- translate --------------------------------------------------------------------------------------------------- */

struct request {
    const char *address;
    uint32_t line, card, options;
};

static LONG fetch_translation(void *block, const void *arg)
{
    const struct request *r = arg;

    return lineTranslateAddressA(0, r->line, TAPI_CURRENT_VERSION, r->address, r->card, r->options, block);
}

static const char *kind_of(DWORD results)
{
    return results & LINETRANSLATERESULT_LOCAL           ? "local"
           : results & LINETRANSLATERESULT_LONGDISTANCE  ? "long distance"
           : results & LINETRANSLATERESULT_INTERNATIONAL ? "international"
                                                         : "not translated";
}

/* False: it makes no sense, which was said. */
static bool translate_options(struct request *r, bool *bare, int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        bool line = strcmp(argv[i], "--line") == 0, card = strcmp(argv[i], "--card") == 0;

        if (line || card) {
            if (i + 1 >= argc || !tool_number(argv[i + 1], UINT32_MAX, line ? &r->line : &r->card)) {
                tool_error("translate: %s needs a number", argv[i]);
                return false;
            }
            r->options |= card ? LINETRANSLATEOPTION_CARDOVERRIDE : 0;
            i++;
        } else if (strcmp(argv[i], "--local") == 0) {
            r->options |= LINETRANSLATEOPTION_FORCELOCAL;
        } else if (strcmp(argv[i], "--long") == 0) {
            r->options |= LINETRANSLATEOPTION_FORCELD;
        } else if (strcmp(argv[i], "--no-waiting") == 0) {
            r->options |= LINETRANSLATEOPTION_CANCELCALLWAITING;
        } else if (strcmp(argv[i], "--dialable") == 0) {
            *bare = true;
        } else {
            tool_error("translate: '%.64s'? (tapictl translate --help)", argv[i]);
            return false;
        }
    }
    return true;
}

int translate_command(int argc, char **argv)
{
    struct request r = {NULL, 0, 0, 0};
    LINETRANSLATEOUTPUT *out;
    struct tool_app app;
    bool bare = false;

    if (argc < 1) {
        tool_error("translate: what address? (tapictl translate --help)");
        return TOOL_USAGE;
    }
    r.address = argv[0];
    if (!translate_options(&r, &bare, argc, argv))
        return TOOL_USAGE;
    /* Only then it is known what lines there are. */
    if (!tool_open(&app))
        return TOOL_FAILED;
    out = tool_fetch("the translation", sizeof(*out), fetch_translation, &r);
    if (out && bare)
        printf("%s\n", tool_text(out, out->dwDialableStringSize, out->dwDialableStringOffset));
    else if (out)
        printf("%s\n  %s%s, from country code %lu to %lu\n",
               tool_text(out, out->dwDisplayableStringSize, out->dwDisplayableStringOffset),
               kind_of(out->dwTranslateResults),
               out->dwTranslateResults & LINETRANSLATERESULT_INTOLLLIST ? " (toll list)" : "",
               (unsigned long)out->dwCurrentCountry, (unsigned long)out->dwDestCountry);
    tool_close(&app);
    free(out);
    return out ? TOOL_OK : TOOL_FAILED;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

static LONG fetch_caps(void *block, const void *arg)
{
    (void)arg;
    return lineGetTranslateCapsA(0, TAPI_CURRENT_VERSION, block);
}

static int list_locations(void)
{
    LINETRANSLATECAPS *caps = tool_fetch("the locations", sizeof(*caps), fetch_caps, NULL);
    LINELOCATIONENTRY l;
    DWORD i;

    if (!caps)
        return TOOL_FAILED;
    printf("    ID  COUNTRY  AREA    CARD  NAME\n");
    for (i = 0; i < caps->dwNumLocations; i++) {
        memcpy(&l, (const char *)caps + caps->dwLocationListOffset + i * sizeof(l), sizeof(l));
        printf("%c %4lu  %7lu  %-6s  %4lu  %s\n", l.dwPermanentLocationID == caps->dwCurrentLocationID ? '*' : ' ',
               (unsigned long)l.dwPermanentLocationID, (unsigned long)l.dwCountryCode,
               tool_text(caps, l.dwCityCodeSize, l.dwCityCodeOffset), (unsigned long)l.dwPreferredCardID,
               tool_text(caps, l.dwLocationNameSize, l.dwLocationNameOffset));
    }
    free(caps);
    return TOOL_OK;
}

static int list_cards(void)
{
    LINETRANSLATECAPS *caps = tool_fetch("the cards", sizeof(*caps), fetch_caps, NULL);
    LINECARDENTRY c;
    DWORD i;

    if (!caps)
        return TOOL_FAILED;
    printf("  ID  NAME\n");
    for (i = 0; i < caps->dwNumCards; i++) {
        memcpy(&c, (const char *)caps + caps->dwCardListOffset + i * sizeof(c), sizeof(c));
        printf("%4lu  %s\n", (unsigned long)c.dwPermanentCardID, tool_text(caps, c.dwCardNameSize, c.dwCardNameOffset));
    }
    free(caps);
    return TOOL_OK;
}

static LONG fetch_countries(void *block, const void *arg)
{
    (void)arg;
    return lineGetCountryA(0, TAPI_CURRENT_VERSION, block);
}

static int list_countries(void)
{
    LINECOUNTRYLIST *list = tool_fetch("the countries", sizeof(*list), fetch_countries, NULL);
    LINECOUNTRYENTRY e;
    DWORD i;

    if (!list)
        return TOOL_FAILED;
    printf("    ID  CODE  INTERNATIONAL  LONG DISTANCE  SAME AREA  NAME\n");
    for (i = 0; i < list->dwNumCountries; i++) {
        memcpy(&e, (const char *)list + list->dwCountryListOffset + i * sizeof(e), sizeof(e));
        printf("%6lu  %4lu  %-13s", (unsigned long)e.dwCountryID, (unsigned long)e.dwCountryCode,
               tool_text(list, e.dwInternationalRuleSize, e.dwInternationalRuleOffset));
        printf("  %-13s", tool_text(list, e.dwLongDistanceRuleSize, e.dwLongDistanceRuleOffset));
        printf("  %-9s", tool_text(list, e.dwSameAreaRuleSize, e.dwSameAreaRuleOffset));
        printf("  %s\n", tool_text(list, e.dwCountryNameSize, e.dwCountryNameOffset));
    }
    free(list);
    return TOOL_OK;
}

/* ---- changes ----------------------------------------------------------------------------------------------------- */

static void no_event(const struct channel_event *event, void *arg)
{
    (void)event;
    (void)arg;
}

static void no_loss(void *arg)
{
    (void)arg;
}

/* The service, if there is one, tells all programs. */
static void announce(void)
{
    struct channel_call call = {.op = CHANNEL_LOCATION_RELOAD};
    char place[PLATFORM_PATH_MAX];
    struct remote *remote = NULL;

    platform_service_place(place, sizeof(place));
    if (remote_open(&remote, place, no_event, no_loss, NULL, NULL))
        return;
    (void)remote_call(remote, &call);
    free(call.out);
    remote_close(remote);
}

struct edit {
    bool card, add, drop;
    uint32_t id; /* of what is changed or was added */
    const char *name;
    char **fields;
    int fieldc;
    bool usage; /* what is wrong is in the command line */
};

static const char *entry_set(const struct edit *e, void *entry, const char *field, const char *ansi)
{
    struct location *l = entry;
    uint16_t wide[PLATFORM_PATH_MAX];
    char text[PLATFORM_PATH_MAX];

    /* What the command line is written in is not always UTF-8. */
    if (platform_ansi_to_utf16(ansi, SIZE_MAX, wide, PLATFORM_PATH_MAX) > PLATFORM_PATH_MAX ||
        platform_utf16_to_utf8(wide, SIZE_MAX, text, sizeof(text)) > sizeof(text))
        return "too long";
    if (e->card)
        return card_set(entry, field, text);
    if (dialling_name_equal(field, "Toll"))
        l->toll[0] = 0;
    if (dialling_name_equal(field, "Rule") && !*text) {
        l->rulec = 0;
        return NULL;
    }
    return location_set(l, field, text);
}

/* Sets the fields of the command line. False: one is wrong, which was said. */
static bool entry_edit(struct edit *e, void *entry)
{
    const char *wrong = e->name ? entry_set(e, entry, "Name", e->name) : NULL, *at = "Name";
    char field[32];
    int i;

    e->usage = true;
    for (i = 0; i < e->fieldc && !wrong; i++) {
        const char *text = strchr(e->fields[i], '=');
        size_t n = text ? (size_t)(text - e->fields[i]) : 0;

        at = e->fields[i];
        if (!n || n >= sizeof(field)) {
            wrong = "FIELD=VALUE is needed";
            break;
        }
        memcpy(field, at, n);
        field[n] = 0;
        at = field;
        wrong = entry_set(e, entry, field, text + 1);
    }
    if (wrong) {
        tool_error("%.40s: %s", at, wrong);
        return false;
    }
    wrong = e->card ? card_check(entry) : location_check(entry);
    if (wrong)
        tool_error("%s", wrong);
    e->usage = wrong != NULL;
    return !wrong;
}

static int entry_change(struct dialling *d, void *arg)
{
    struct edit *e = arg;
    const void *old = e->card ? (const void *)card_find(d, e->id) : (const void *)location_find(d, e->id);
    union {
        struct location location;
        struct card card;
    } entry;

    if (e->drop)
        return e->card ? card_remove(d, e->id) : location_remove(d, e->id);
    memset(&entry, 0, sizeof(entry));
    if (!e->add) {
        if (!e->id || !old)
            return ENOENT;
        memcpy(&entry, old, e->card ? sizeof(entry.card) : sizeof(entry.location));
    }
    if (!entry_edit(e, &entry))
        return EINVAL;
    if (!e->card && !card_find(d, entry.location.card)) {
        tool_error("there is no card %lu", (unsigned long)entry.location.card);
        return EINVAL;
    }
    if (e->add)
        return e->card ? card_add(d, &entry.card, &e->id) : location_add(d, &entry.location, &e->id);
    memcpy((void *)(uintptr_t)old, &entry, e->card ? sizeof(entry.card) : sizeof(entry.location));
    return 0;
}

static int edit(struct edit *e)
{
    const char *what = e->card ? "card" : "location";
    struct dialling d;
    int err;

    memset(&d, 0, sizeof(d));
    err = dialling_change(&d, entry_change, e);
    dialling_clear(&d);
    if (e->usage)
        return TOOL_USAGE;
    if (err == ENOENT) {
        tool_error("there is no %s %lu that can be %s", what, (unsigned long)e->id, e->drop ? "removed" : "changed");
        return TOOL_FAILED;
    }
    if (err) {
        if (err != EINVAL)
            tool_error("the %s cannot be kept: %s", what, strerror(err));
        return TOOL_FAILED;
    }
    announce();
    printf("%s %lu is %s\n", what, (unsigned long)e->id, e->add ? "added" : e->drop ? "removed" : "changed");
    return TOOL_OK;
}

static int select_location(uint32_t id)
{
    LONG rc = lineSetCurrentLocation(0, id);

    if (rc)
        tool_error("location %lu: %s", (unsigned long)id, error_name(rc));
    return rc ? TOOL_FAILED : TOOL_OK;
}

/* ---- the commands ------------------------------------------------------------------------------------------------ */

static int entry_command(bool card, int argc, char **argv)
{
    struct edit e = {.card = card};
    const char *verb = argc > 0 ? argv[0] : "";
    const bool by_id = argc > 1 && tool_number(argv[1], UINT32_MAX, &e.id);

    if (argc == 1 && strcmp(verb, "list") == 0)
        return card ? list_cards() : list_locations();
    if (argc == 1 && !card && strcmp(verb, "countries") == 0)
        return list_countries();
    if (argc == 2 && !card && by_id && strcmp(verb, "select") == 0)
        return select_location(e.id);
    e.add = argc > 1 && strcmp(verb, "add") == 0;
    e.drop = argc == 2 && by_id && strcmp(verb, "remove") == 0;
    if (e.add || e.drop || (argc > 2 && by_id && strcmp(verb, "change") == 0)) {
        e.name = e.add ? argv[1] : NULL;
        e.fields = argv + 2;
        e.fieldc = argc - 2;
        return edit(&e);
    }
    tool_error("%s: list, add, change or remove? (tapictl %s --help)", card ? "card" : "location",
               card ? "card" : "location");
    return TOOL_USAGE;
}

int location_command(int argc, char **argv)
{
    return entry_command(false, argc, argv);
}

int card_command(int argc, char **argv)
{
    return entry_command(true, argc, argv);
}
