// The floor of what libcurl costs: asks for a code for every identity of a file, and does nothing else with the answers.
//
//     curl-loop URL ROSTER CONCURRENCY
//
// One thread, one curl_multi, as many easy handles as requests may be in flight, each used again and again. Headers
// and body are those of latchstring; nothing is kept, retried or parsed. Prints how many identities got a 201.

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UUID_LENGTH 36

struct transfer {
    CURL *easy;
    struct curl_slist *headers;
    char request_id[80];
    char body[128];
    char answer[4096];
    size_t answered;
};

static FILE *roster;
static unsigned long issued;

static void give_up(const char *what) {
    fprintf(stderr, "curl-loop: %s\n", what);
    exit(1);
}

static size_t keep(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    size_t room = sizeof transfer->answer - transfer->answered;
    size_t kept = size * count < room ? size * count : room;
    memcpy(transfer->answer + transfer->answered, bytes, kept);
    transfer->answered += kept;
    return size * count;
}

// The next line that begins with an identity ID; the header of the roster does not.
static int next_identity(char identity[UUID_LENGTH + 1]) {
    char line[512];
    while (fgets(line, sizeof line, roster)) {
        if (strlen(line) < UUID_LENGTH || line[8] != '-' || line[23] != '-') continue;
        memcpy(identity, line, UUID_LENGTH);
        identity[UUID_LENGTH] = 0;
        return 1;
    }
    return 0;
}

// Puts the next identity on its way; 0 at the end of the roster.
static int start(CURLM *multi, struct transfer *transfer) {
    char identity[UUID_LENGTH + 1];
    if (!next_identity(identity)) return 0;
    int length = snprintf(
        transfer->body, sizeof transfer->body, "{\"identity_id\":\"%s\",\"expires_in\":\"24h\"}", identity);
    // The list holds a pointer to the text, so the header changes with it.
    snprintf(transfer->request_id, sizeof transfer->request_id, "X-Request-ID: %s", identity);
    transfer->answered = 0;
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE, (long)length);
    if (curl_multi_add_handle(multi, transfer->easy) != CURLM_OK) give_up("a request could not be started");
    return 1;
}

static void prepare(struct transfer *transfer, const char *url) {
    transfer->easy = curl_easy_init();
    if (!transfer->easy) give_up("libcurl could not be set up");
    transfer->headers = curl_slist_append(NULL, "Content-Type: application/json");
    transfer->headers = curl_slist_append(transfer->headers, "Accept: application/json");
    transfer->headers = curl_slist_append(transfer->headers, "Expect:");
    transfer->headers = curl_slist_append(transfer->headers, "X-Request-ID: 0");
    struct curl_slist *last = transfer->headers;
    while (last->next) last = last->next;
    free(last->data);
    last->data = transfer->request_id;
    curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
    curl_easy_setopt(transfer->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(transfer->easy, CURLOPT_USERAGENT, "latchstring/floor");
    curl_easy_setopt(transfer->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, transfer->body);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
}

int main(int argc, char **argv) {
    if (argc != 4) give_up("usage: curl-loop URL ROSTER CONCURRENCY");
    long concurrency = strtol(argv[3], NULL, 10);
    if (concurrency < 1 || concurrency > 4096) give_up("CONCURRENCY is from 1 to 4096");
    roster = fopen(argv[2], "r");
    if (!roster) give_up("the roster cannot be opened");
    if (curl_global_init(CURL_GLOBAL_ALL) != 0) give_up("libcurl could not be set up");

    CURLM *multi = curl_multi_init();
    struct transfer *transfers = calloc((size_t)concurrency, sizeof *transfers);
    if (!multi || !transfers) give_up("out of memory");
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, concurrency);
    int running = 0;
    for (long index = 0; index < concurrency; index++) {
        prepare(&transfers[index], argv[1]);
        start(multi, &transfers[index]);
    }
    do {
        if (curl_multi_perform(multi, &running) != CURLM_OK) give_up("libcurl gave up");
        CURLMsg *message;
        int left;
        while ((message = curl_multi_info_read(multi, &left))) {
            struct transfer *transfer;
            long status = 0;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            if (message->data.result != CURLE_OK || status != 201) give_up("an answer was not a 201");
            issued++;
            curl_multi_remove_handle(multi, transfer->easy);
            running += start(multi, transfer);
        }
        if (running) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    } while (running);
    printf("%lu\n", issued);
    return 0;
}
