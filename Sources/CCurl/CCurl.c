// The bodies of the shims: nothing here decides anything, except how a thread and a socket are set up.

#define _GNU_SOURCE
#include "CCurl.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *text) {
    return curl_easy_setopt(handle, option, text);
}

CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *pointer) {
    return curl_easy_setopt(handle, option, pointer);
}

CURLcode ccurl_set_headers(CURL *handle, struct curl_slist *headers) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

CURLcode ccurl_set_body_receiver(CURL *handle, ccurl_receive receive, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

CURLcode ccurl_set_header_receiver(CURL *handle, ccurl_receive receive, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, receive);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

CURLcode ccurl_set_prerequest(CURL *handle, ccurl_prerequest prerequest, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, prerequest);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
}

CURLcode ccurl_set_remark_receiver(CURL *handle, ccurl_remark receive, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, receive);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_DEBUGDATA, context);
}

static int set_up_socket(void *context, curl_socket_t socket, curlsocktype purpose) {
    (void)purpose;
    // A command that is started for a credential gets no connections along with it.
    (void)fcntl(socket, F_SETFD, FD_CLOEXEC);
#ifdef TCP_USER_TIMEOUT
    unsigned int milliseconds = (unsigned int)(uintptr_t)context;
    // Refused for a socket that is not TCP: then there is nothing to limit.
    (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
#else
    (void)context;
    (void)socket;
#endif
    return CURL_SOCKOPT_OK;
}

CURLcode ccurl_set_socket_setup(CURL *handle, unsigned int unacknowledged_ms) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, set_up_socket);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, (void *)(uintptr_t)unacknowledged_ms);
}

long ccurl_get_long(CURL *handle, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

void *ccurl_get_private(CURL *handle) {
    void *pointer = NULL;
    return curl_easy_getinfo(handle, CURLINFO_PRIVATE, &pointer) == CURLE_OK ? pointer : NULL;
}

curl_off_t ccurl_get_number(CURL *handle, CURLINFO info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

curl_socket_t ccurl_get_socket(CURL *handle) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK ? socket : CURL_SOCKET_BAD;
}

const char *ccurl_get_text(CURL *handle, CURLINFO info) {
    const char *text = NULL;
    return curl_easy_getinfo(handle, info, &text) == CURLE_OK ? text : NULL;
}

struct curl_certinfo *ccurl_get_certificates(CURL *handle) {
    struct curl_certinfo *certificates = NULL;
    return curl_easy_getinfo(handle, CURLINFO_CERTINFO, &certificates) == CURLE_OK ? certificates : NULL;
}

CURLSH *ccurl_share_cookies(void) {
    CURLSH *share = curl_share_init();
    if (share == NULL) return NULL;
    if (curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) == CURLSHE_OK) return share;
    curl_share_cleanup(share);
    return NULL;
}

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

CURL *ccurl_multi_next_finished(CURLM *multi, CURLcode *result) {
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

bool ccurl_has_gzip(void) {
    return (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_LIBZ) != 0;
}

struct ccurl_thread {
    pthread_t id;
};

struct start {
    void (*body)(void *context);
    void *context;
};

static void *run_thread(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

ccurl_thread *ccurl_thread_start(void (*body)(void *context), void *context) {
    ccurl_thread *thread = malloc(sizeof *thread);
    struct start *start = malloc(sizeof *start);
    if (thread == NULL || start == NULL) {
        free(thread);
        free(start);
        return NULL;
    }
    *start = (struct start){.body = body, .context = context};

    // A new thread inherits the mask of its maker, so it has no moment without it. What a thread brings upon itself
    // by a fault stays unblocked, for the runtime's crash reports.
    sigset_t blocked, before;
    sigfillset(&blocked);
    const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&blocked, faults[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    int failure = pthread_create(&thread->id, NULL, run_thread, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure != 0) {
        free(thread);
        free(start);
        return NULL;
    }
    return thread;
}

uintptr_t ccurl_thread_current(void) {
    static _Thread_local char mark;
    return (uintptr_t)&mark;
}

void ccurl_thread_yield(void) {
    sched_yield();
}

bool ccurl_thread_is_current(ccurl_thread *thread) {
    return pthread_equal(thread->id, pthread_self()) != 0;
}

void ccurl_thread_join(ccurl_thread *thread) {
    pthread_join(thread->id, NULL);
    free(thread);
}

void ccurl_thread_detach(ccurl_thread *thread) {
    pthread_detach(thread->id);
    free(thread);
}
