// A relay that takes every mail and throws it away, at next to no cost: one thread, epoll.
//
//     mail-sink PORT [DOT_MILLISECONDS]
//
// DOT_MILLISECONDS is how long it takes to reply to the final dot of each mail, as a relay does that syncs it to its disk;
// 0 by default. It offers PIPELINING, SIZE, 8BITMIME and SMTPUTF8 on 127.0.0.1, until it is killed. SIGUSR1 makes it print
// how many mails it has taken.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024

struct connection {
    int in_message;
    // Of the end of a message, "\r\n.\r\n", so many bytes have come.
    int matched;
    char line[1024];
    size_t length;
};

// A reply to a dot that is not due yet.
struct due {
    int socket;
    double at;
};

static struct connection connections[CONNECTIONS_MAX];
static struct due waiting[CONNECTIONS_MAX];
static size_t waiting_first, waiting_count;
static double delay;
static unsigned long taken;
static volatile sig_atomic_t wants_count;

static void give_up(const char *what) {
    fprintf(stderr, "mail-sink: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void tell(int signal) { (void)signal, wants_count = 1; }

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void answer(int socket, const char *text) {
    if (send(socket, text, strlen(text), MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET && errno != EBADF)
        give_up("a reply could not be sent");
}

static void accept_message(int socket) {
    char text[64];
    snprintf(text, sizeof text, "250 2.0.0 Ok: queued as %lX\r\n", ++taken);
    answer(socket, text);
}

static void command(int socket, struct connection *connection) {
    const char *line = connection->line;
    if (strncasecmp(line, "EHLO", 4) == 0)
        answer(socket, "250-sink\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n");
    else if (strncasecmp(line, "DATA", 4) == 0) {
        connection->in_message = 1;
        connection->matched = 2;
        answer(socket, "354 go on\r\n");
    } else if (strncasecmp(line, "QUIT", 4) == 0) {
        answer(socket, "221 bye\r\n");
        shutdown(socket, SHUT_WR);
    } else answer(socket, "250 ok\r\n");
}

// Takes what has come.
static void take(int socket, struct connection *connection, const char *bytes, size_t count) {
    static const char end[] = "\r\n.\r\n";
    for (size_t index = 0; index < count; index++) {
        char byte = bytes[index];
        if (connection->in_message) {
            if (byte == end[connection->matched]) connection->matched++;
            else connection->matched = byte == '\r';
            if (connection->matched < 5) continue;
            connection->in_message = 0;
            connection->length = 0;
            if (delay <= 0) {
                accept_message(socket);
            } else {
                if (waiting_count == CONNECTIONS_MAX) give_up("more replies are due than there are connections");
                waiting[(waiting_first + waiting_count++) % CONNECTIONS_MAX] = (struct due){socket, now() + delay};
            }
        } else if (byte == '\n') {
            connection->line[connection->length] = 0;
            connection->length = 0;
            command(socket, connection);
        } else if (connection->length < sizeof connection->line - 1) connection->line[connection->length++] = byte;
    }
}

// Replies to the dots that are due; how many milliseconds the next one has, or -1.
static int reply_to_dots(void) {
    while (waiting_count > 0) {
        double left = waiting[waiting_first].at - now();
        if (left > 0) return (int)(left * 1000) + 1;
        accept_message(waiting[waiting_first].socket);
        waiting_first = (waiting_first + 1) % CONNECTIONS_MAX;
        waiting_count--;
    }
    return -1;
}

static int listening(int port) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 256) < 0)
        give_up("it cannot listen");
    return listener;
}

static void greet(int events, int listener) {
    int one = 1, socket;
    while ((socket = accept(listener, NULL, NULL)) >= 0) {
        if (socket >= CONNECTIONS_MAX) {
            close(socket);
            continue;
        }
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connections[socket] = (struct connection){0};
        struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
        if (epoll_ctl(events, EPOLL_CTL_ADD, socket, &event) < 0) give_up("a connection cannot be watched");
        answer(socket, "220 sink ESMTP\r\n");
    }
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: mail-sink PORT [DOT_MILLISECONDS]\n");
        return 64;
    }
    if (argc == 3) delay = strtod(argv[2], NULL) / 1000;
    struct sigaction action = {.sa_handler = tell};
    sigaction(SIGUSR1, &action, NULL);
    int listener = listening(atoi(argv[1])), events = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    if (events < 0 || epoll_ctl(events, EPOLL_CTL_ADD, listener, &event) < 0) give_up("epoll cannot be used");
    for (;;) {
        struct epoll_event ready[64];
        int count = epoll_wait(events, ready, 64, reply_to_dots());
        if (count < 0 && errno != EINTR) give_up("epoll cannot be used");
        if (wants_count) {
            wants_count = 0;
            printf("%lu\n", taken);
            fflush(stdout);
        }
        for (int index = 0; index < count; index++) {
            int socket = ready[index].data.fd;
            if (socket == listener) {
                greet(events, listener);
                continue;
            }
            char bytes[65536];
            ssize_t received = recv(socket, bytes, sizeof bytes, 0);
            if (received > 0) take(socket, &connections[socket], bytes, (size_t)received);
            else close(socket);
        }
    }
}
