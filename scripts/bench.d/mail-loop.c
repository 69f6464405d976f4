// The floor of what sending mails costs: a thread for each connection, libcurl's CONNECT_ONLY, and the dialogue of RFC 5321
// with MAIL and RCPT in one piece. Nothing is kept, tried again or rendered from templates.
//
//     mail-loop URL CSV CONNECTIONS [MAILS_PER_CONNECTION]
//
// The CSV is an invitations.csv without quotes: identity_id, code, link, …, and the address in the column `email`.
// Each mail is multipart/alternative with a text and an HTML part. Prints how many mails the relay has taken.

#define _GNU_SOURCE
#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMNS_MAX 64
#define LINE_MAX_BYTES 4096

struct connection {
    CURL *easy;
    curl_socket_t socket;
    char replies[8192];
    size_t received;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *csv;
static int email_column = -1;
static const char *url;
static long mails_per_connection = 100;
static unsigned long taken;

static void give_up(const char *what) {
    fprintf(stderr, "mail-loop: %s\n", what);
    exit(1);
}

// Splits a line at its commas, in place.
static int split(char *line, char *columns[COLUMNS_MAX]) {
    int count = 0;
    line[strcspn(line, "\r\n")] = 0;
    for (char *part; count < COLUMNS_MAX && (part = strsep(&line, ",")); count++) columns[count] = part;
    return count;
}

// The next row that has an address; 0 at the end.
static int next_row(char line[LINE_MAX_BYTES], char *columns[COLUMNS_MAX]) {
    pthread_mutex_lock(&lock);
    int count = 0;
    while (fgets(line, LINE_MAX_BYTES, csv)) {
        count = split(line, columns);
        if (count > email_column && columns[email_column][0]) break;
        count = 0;
    }
    pthread_mutex_unlock(&lock);
    return count > 0;
}

// Quoted-printable (RFC 2045), as mails with links want it: lines of 76 bytes at most, no dot at the beginning of one.
static char *encode(char *to, const char *text) {
    static const char hexadecimal[] = "0123456789ABCDEF";
    int column = 0;
    for (const char *from = text; *from; from++) {
        unsigned char byte = (unsigned char)*from;
        if (byte == '\n') {
            *to++ = '\r', *to++ = '\n', column = 0;
            continue;
        }
        int is_blank_at_end = (byte == ' ' || byte == '\t') && (from[1] == '\n' || !from[1]);
        int is_coded = byte < 0x20 || byte > 0x7e || byte == '=' || is_blank_at_end || (column == 0 && byte == '.');
        if (column + (is_coded ? 3 : 1) > 75) *to++ = '=', *to++ = '\r', *to++ = '\n', column = 0;
        if (is_coded) {
            *to++ = '=', *to++ = hexadecimal[byte >> 4], *to++ = hexadecimal[byte & 15], column += 3;
        } else *to++ = (char)byte, column++;
    }
    return to;
}

static int message(char *text, size_t size, char *columns[COLUMNS_MAX], unsigned long number) {
    static const char part[] = "Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    char date[64], body[3 * LINE_MAX_BYTES], *end = text;
    time_t now = time(NULL);
    struct tm utc;
    // What a body and its code take at most.
    if (size < 8 * sizeof body) give_up("there is no room for a mail");
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&now, &utc));
    end += sprintf(
        end,
        "Date: %s\r\nFrom: Team <it@example.com>\r\nTo: <%s>\r\nSubject: Your account\r\n"
        "Message-ID: <%s.%lu@example.com>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=\"=_latchstring\"\r\n\r\n--=_latchstring\r\n",
        date, columns[email_column], columns[0], number);
    end += sprintf(end, part, "plain");
    snprintf(body, sizeof body, "Hello,\n\nyour code is %s.\n\nOpen %s\n", columns[1], columns[2]);
    end = encode(end, body);
    end += sprintf(end, "\r\n--=_latchstring\r\n");
    end += sprintf(end, part, "html");
    snprintf(
        body, sizeof body,
        "<!doctype html><html lang=\"en\"><body><p>Hello,</p><p>your code is <b>%s</b>.</p>\n"
        "<p><a href=\"%s\">Open</a></p></body></html>\n",
        columns[1], columns[2]);
    end = encode(end, body);
    end += sprintf(end, "\r\n--=_latchstring--\r\n.\r\n");
    return (int)(end - text);
}

static void wait_for(struct connection *connection, short events) {
    struct pollfd watched = {.fd = connection->socket, .events = events};
    if (poll(&watched, 1, 60000) <= 0) give_up("the relay says nothing");
}

static void put(struct connection *connection, const char *bytes, size_t count) {
    while (count > 0) {
        size_t written = 0;
        CURLcode code = curl_easy_send(connection->easy, bytes, count, &written);
        if (code == CURLE_AGAIN) wait_for(connection, POLLOUT);
        else if (code != CURLE_OK) give_up("the connection broke");
        bytes += written;
        count -= written;
    }
}

// Awaits one reply, and takes it away; its first digit.
static char reply(struct connection *connection) {
    for (;;) {
        char *start = connection->replies, *end;
        while ((end = memmem(start, connection->replies + connection->received - start, "\r\n", 2))) {
            int is_last = end - start < 4 || start[3] != '-';
            char digit = start[0];
            start = end + 2;
            if (!is_last) continue;
            connection->received -= (size_t)(start - connection->replies);
            memmove(connection->replies, start, connection->received);
            return digit;
        }
        size_t room = sizeof connection->replies - connection->received, count = 0;
        CURLcode code =
            curl_easy_recv(connection->easy, connection->replies + connection->received, room, &count);
        if (code == CURLE_AGAIN) wait_for(connection, POLLIN);
        else if (code != CURLE_OK || count == 0) give_up("the relay closed the connection");
        connection->received += count;
    }
}

static void expect(struct connection *connection, char digit) {
    if (reply(connection) != digit) give_up("the relay has refused something");
}

static void open_connection(struct connection *connection) {
    connection->easy = curl_easy_init();
    connection->received = 0;
    if (!connection->easy) give_up("libcurl could not be set up");
    curl_easy_setopt(connection->easy, CURLOPT_URL, url);
    curl_easy_setopt(connection->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(connection->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(connection->easy, CURLOPT_CONNECT_ONLY, 1L);
    if (curl_easy_perform(connection->easy) != CURLE_OK) give_up("the relay cannot be reached");
    curl_easy_getinfo(connection->easy, CURLINFO_ACTIVESOCKET, &connection->socket);
}

static void close_connection(struct connection *connection) {
    put(connection, "QUIT\r\n", 6);
    expect(connection, '2');
    curl_easy_cleanup(connection->easy);
    connection->easy = NULL;
}

static void *send_mails(void *unused) {
    (void)unused;
    static const char sender[] = "MAIL FROM:<it@example.com>";
    struct connection connection = {0};
    char line[LINE_MAX_BYTES], envelope[1024], text[24 * LINE_MAX_BYTES];
    char *columns[COLUMNS_MAX];
    unsigned long sent = 0;
    while (next_row(line, columns)) {
        if (!connection.easy) open_connection(&connection);
        int length = message(text, sizeof text, columns, sent);
        int count = snprintf(
            envelope, sizeof envelope, "%s SIZE=%d\r\nRCPT TO:<%s>\r\n", sender, length, columns[email_column]);
        put(&connection, envelope, (size_t)count);
        expect(&connection, '2');
        expect(&connection, '2');
        put(&connection, "DATA\r\n", 6);
        expect(&connection, '3');
        put(&connection, text, (size_t)length);
        expect(&connection, '2');
        if (++sent % (unsigned long)mails_per_connection == 0) close_connection(&connection);
    }
    if (connection.easy) close_connection(&connection);
    pthread_mutex_lock(&lock);
    taken += sent;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc < 4 || argc > 5) give_up("usage: mail-loop URL CSV CONNECTIONS [MAILS_PER_CONNECTION]");
    url = argv[1];
    csv = fopen(argv[2], "r");
    if (!csv) give_up("the CSV cannot be opened");
    long connections = strtol(argv[3], NULL, 10);
    if (connections < 1 || connections > 256) give_up("CONNECTIONS is from 1 to 256");
    if (argc == 5) mails_per_connection = strtol(argv[4], NULL, 10);
    if (mails_per_connection < 1) give_up("MAILS_PER_CONNECTION is at least 1");
    char line[LINE_MAX_BYTES], *columns[COLUMNS_MAX];
    int count = fgets(line, sizeof line, csv) ? split(line, columns) : 0;
    for (int index = 0; index < count; index++)
        if (strcmp(columns[index], "email") == 0) email_column = index;
    if (email_column < 3) give_up("the CSV has no column email behind its code and its link");
    if (curl_global_init(CURL_GLOBAL_ALL) != 0) give_up("libcurl could not be set up");
    pthread_t threads[256];
    for (long index = 0; index < connections; index++)
        if (pthread_create(&threads[index], NULL, send_mails, NULL) != 0) give_up("no thread could be made");
    for (long index = 0; index < connections; index++) pthread_join(threads[index], NULL);
    printf("%lu\n", taken);
    return 0;
}
