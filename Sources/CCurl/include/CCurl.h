// libcurl as Swift can call it: its own header, and one plain function per kind of argument of its variadic calls.

#ifndef LATCHSTRING_CCURL_H
#define LATCHSTRING_CCURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Receives a piece of an answer's body, or one line of its header; returns how much it took (less stops the transfer).
typedef size_t (*ccurl_receive)(char *bytes, size_t size, size_t count, void *context);
// Called on an established connection, just before a request is written to it.
typedef int (*ccurl_prerequest)(void *_Nullable context, char *_Nullable remote_ip, char *_Nullable local_ip,
                                int remote_port, int local_port);
// Receives what passes, by its kind: of CURLINFO_TEXT libcurl's own words; returns 0.
typedef int (*ccurl_remark)(CURL *handle, curl_infotype type, char *bytes, size_t count, void *_Nullable context);

// curl_easy_setopt, one per kind of argument.
CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *_Nullable text);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *_Nullable pointer);
CURLcode ccurl_set_headers(CURL *handle, struct curl_slist *_Nullable headers);
CURLcode ccurl_set_body_receiver(CURL *handle, ccurl_receive receive, void *context);
CURLcode ccurl_set_header_receiver(CURL *handle, ccurl_receive receive, void *context);
CURLcode ccurl_set_prerequest(CURL *handle, ccurl_prerequest prerequest, void *context);
// Called where CURLOPT_VERBOSE is on; without it libcurl would write to stderr.
CURLcode ccurl_set_remark_receiver(CURL *handle, ccurl_remark receive, void *context);
// How each new socket is set up: closed on exec, and given up by the kernel once the peer has not acknowledged sent
// data for so many milliseconds (TCP_USER_TIMEOUT; 0 leaves the kernel's own patience, a quarter of an hour).
CURLcode ccurl_set_socket_setup(CURL *handle, unsigned int unacknowledged_ms);

// curl_easy_getinfo, one per kind of result; 0 or NULL where libcurl refuses.
long ccurl_get_long(CURL *handle, CURLINFO info);
void *_Nullable ccurl_get_private(CURL *handle);
curl_off_t ccurl_get_number(CURL *handle, CURLINFO info);
// The socket of the handle's last connection; -1 where there is none.
curl_socket_t ccurl_get_socket(CURL *handle);
// Both belong to the handle, and live no longer than its next transfer.
const char *_Nullable ccurl_get_text(CURL *handle, CURLINFO info);
struct curl_certinfo *_Nullable ccurl_get_certificates(CURL *handle);

// A share handle for cookies alone, to be used by one thread; NULL where there is no memory.
CURLSH *_Nullable ccurl_share_cookies(void);

// curl_multi_setopt for numbers.
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
// The next finished transfer of a multi handle: its easy handle and result; NULL when there is none.
CURL *_Nullable ccurl_multi_next_finished(CURLM *multi, CURLcode *result);

// Whether libcurl can decode gzip.
bool ccurl_has_gzip(void);

// A thread that runs body(context) with every signal blocked that is not the thread's own fault.
//
// So signals meant for the process go to the threads that expect them, and a SIGPIPE, which goes to the thread that
// wrote (OpenSSL writes without MSG_NOSIGNAL), never kills the process: nothing else has to ignore it.
typedef struct ccurl_thread ccurl_thread;
ccurl_thread *_Nullable ccurl_thread_start(void (*body)(void *context), void *context);
// A number that no two living threads share, and none has that is 0.
uintptr_t ccurl_thread_current(void);
// Lets other threads run.
void ccurl_thread_yield(void);
bool ccurl_thread_is_current(ccurl_thread *thread);
// Each thread is either joined or detached, once; both free the handle.
void ccurl_thread_join(ccurl_thread *thread);
void ccurl_thread_detach(ccurl_thread *thread);

#pragma clang assume_nonnull end

#endif
