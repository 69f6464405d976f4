// The floor of what a mail costs: sends one for every identity of a file, and keeps nothing.
//
//     smtp-loop URL ROSTER CONNECTIONS
//
// libcurl connects (CURLOPT_CONNECT_ONLY), and the dialogue over each connection is latchstring's: MAIL and RCPT
// together, DATA alone, then the message. One thread, one poll(2). The relay has to announce PIPELINING and take
// every mail; anything else ends the program. Prints how many mails it took.

#define _GNU_SOURCE
#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UUID_LENGTH 36

// What the next reply is to.
enum step { MAIL, RECIPIENT, DATA, MESSAGE };

struct connection {
    CURL *easy;
    curl_socket_t socket;
    enum step step;
    char identity[UUID_LENGTH + 1];
    char output[4096];
    size_t length, sent;
    char input[4096];
    size_t received;
};

static FILE *roster;
static unsigned long taken;

static void give_up(const char *what) {
    fprintf(stderr, "smtp-loop: %s\n", what);
    exit(1);
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

static void say(struct connection *connection) {
    while (connection->sent < connection->length) {
        size_t count = 0;
        CURLcode code = curl_easy_send(connection->easy, connection->output + connection->sent,
                                       connection->length - connection->sent, &count);
        if (code == CURLE_AGAIN) return;
        if (code != CURLE_OK) give_up("a connection broke");
        connection->sent += count;
    }
}

static void put(struct connection *connection, int length) {
    if (length < 0 || (size_t)length >= sizeof connection->output) give_up("a message is too long");
    connection->length = (size_t)length;
    connection->sent = 0;
    say(connection);
}

// 0 at the end of the roster.
static int begin(struct connection *connection) {
    if (!next_identity(connection->identity)) return 0;
    connection->step = MAIL;
    put(connection, snprintf(connection->output, sizeof connection->output,
                             "MAIL FROM:<it@example.com> SIZE=1400\r\nRCPT TO:<%s@example.org>\r\n",
                             connection->identity));
    return 1;
}

static void put_message(struct connection *connection) {
    const char *id = connection->identity;
    put(connection,
        snprintf(connection->output, sizeof connection->output,
                 "Date: Fri, 20 Nov 2026 23:46:57 +0000\r\nFrom: \"Team\" <it@example.com>\r\n"
                 "To: <%s@example.org>\r\nSubject: Your recovery code\r\nMessage-ID: <%s@example.com>\r\n"
                 "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n"
                 "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n--=_%s\r\n"
                 "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                 "Hello,\r\n\r\nyour code is 123456.\r\n\r\n"
                 "https://id.example.org/self-service/recovery?flow=3D%s\r\n\r\n--=_%s\r\n"
                 "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                 "<p>Hello,</p><p>your code is <b>123456</b>.</p><p><a\r\n"
                 "href=3D\"https://id.example.org/self-service/recovery?flow=3D%s\">Open</a></p>\r\n\r\n"
                 "--=_%s--\r\n.\r\n",
                 id, id, id, id, id, id, id, id));
}

// A whole reply has come; 0 when the connection has nothing more to do.
static int answer(struct connection *connection, int code) {
    switch (connection->step) {
    case MAIL:
        if (code != 250) give_up("the relay refuses MAIL");
        connection->step = RECIPIENT;
        return 1;
    case RECIPIENT:
        if (code != 250) give_up("the relay refuses RCPT");
        connection->step = DATA;
        put(connection, snprintf(connection->output, sizeof connection->output, "DATA\r\n"));
        return 1;
    case DATA:
        if (code != 354) give_up("the relay refuses DATA");
        connection->step = MESSAGE;
        put_message(connection);
        return 1;
    case MESSAGE:
        if (code != 250) give_up("the relay refuses a message");
        taken++;
        return begin(connection);
    }
    return 0;
}

// Reads what has come; 0 when the connection has nothing more to do.
static int hear(struct connection *connection) {
    size_t count = 0;
    CURLcode code = curl_easy_recv(connection->easy, connection->input + connection->received,
                                   sizeof connection->input - connection->received, &count);
    if (code == CURLE_AGAIN) return 1;
    if (code != CURLE_OK || count == 0) give_up("the relay closed a connection");
    connection->received += count;
    for (char *end; (end = memchr(connection->input, '\n', connection->received)) != NULL;) {
        int number = end - connection->input >= 3 && connection->input[3] != '-' ? atoi(connection->input) : 0;
        size_t length = (size_t)(end - connection->input) + 1;
        connection->received -= length;
        memmove(connection->input, end + 1, connection->received);
        if (number != 0 && !answer(connection, number)) return 0;
    }
    return 1;
}

static void open_connection(struct connection *connection, const char *url) {
    connection->easy = curl_easy_init();
    if (!connection->easy) give_up("libcurl could not be set up");
    curl_easy_setopt(connection->easy, CURLOPT_URL, url);
    curl_easy_setopt(connection->easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(connection->easy, CURLOPT_PROXY, "");
    if (curl_easy_perform(connection->easy) != CURLE_OK) give_up("there is no connection");
    curl_easy_getinfo(connection->easy, CURLINFO_ACTIVESOCKET, &connection->socket);
}

int main(int argc, char **argv) {
    if (argc != 4) give_up("usage: smtp-loop URL ROSTER CONNECTIONS");
    int count = atoi(argv[3]);
    roster = fopen(argv[2], "r");
    if (!roster || count < 1) give_up("no roster, or no connections");
    if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK) give_up("libcurl could not be set up");
    struct connection *connections = calloc((size_t)count, sizeof *connections);
    struct pollfd *watched = calloc((size_t)count, sizeof *watched);
    if (!connections || !watched) give_up("no memory");
    int busy = 0;
    for (int i = 0; i < count; i++) {
        open_connection(&connections[i], argv[1]);
        watched[i].fd = begin(&connections[i]) ? connections[i].socket : -1;
        busy += watched[i].fd >= 0;
    }
    while (busy > 0) {
        for (int i = 0; i < count; i++) {
            int has_more = connections[i].sent < connections[i].length;
            watched[i].events = (short)(POLLIN | (has_more ? POLLOUT : 0));
        }
        if (poll(watched, (nfds_t)count, 60000) <= 0) give_up("the relay says nothing");
        for (int i = 0; i < count; i++) {
            if (watched[i].fd < 0 || watched[i].revents == 0) continue;
            say(&connections[i]);
            if ((watched[i].revents & ~POLLOUT) == 0 || hear(&connections[i])) continue;
            watched[i].fd = -1;
            busy--;
        }
    }
    printf("%lu\n", taken);
    return 0;
}
